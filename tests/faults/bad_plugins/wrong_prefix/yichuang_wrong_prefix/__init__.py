"""Test plugin wrong_prefix."""
