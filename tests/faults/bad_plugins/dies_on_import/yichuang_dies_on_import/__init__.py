"""Test plugin dies_on_import."""
