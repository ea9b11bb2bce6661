"""Test plugin missing_field."""
