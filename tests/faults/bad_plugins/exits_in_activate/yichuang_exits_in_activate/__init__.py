"""Test plugin exits_in_activate."""
