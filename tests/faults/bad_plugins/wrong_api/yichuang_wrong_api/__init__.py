"""Test plugin wrong_api."""
