"""Test plugin no_activate."""
