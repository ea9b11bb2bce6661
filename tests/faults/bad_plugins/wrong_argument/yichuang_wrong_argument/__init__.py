"""Test plugin wrong_argument."""
