"""Test plugin needs_missing."""
