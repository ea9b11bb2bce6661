"""Test plugin missing_operation."""
