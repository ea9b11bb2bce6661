"""Test plugin raises_on_import."""
