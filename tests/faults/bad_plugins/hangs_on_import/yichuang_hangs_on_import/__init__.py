"""Test plugin hangs_on_import."""
