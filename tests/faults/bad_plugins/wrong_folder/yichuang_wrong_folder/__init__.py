"""Test plugin wrong_folder."""
