"""Test plugin raises_in_hook."""
