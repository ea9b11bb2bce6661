"""Test plugin raises_in_activate."""
