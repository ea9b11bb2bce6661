"""Test plugin hangs_in_activate."""
