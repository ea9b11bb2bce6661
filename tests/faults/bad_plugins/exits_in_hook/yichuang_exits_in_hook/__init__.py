"""Test plugin exits_in_hook."""
