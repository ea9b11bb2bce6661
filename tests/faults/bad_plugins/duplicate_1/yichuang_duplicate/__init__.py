"""Test plugin duplicate."""
