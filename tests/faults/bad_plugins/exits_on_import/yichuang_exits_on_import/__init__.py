"""Test plugin exits_on_import."""
