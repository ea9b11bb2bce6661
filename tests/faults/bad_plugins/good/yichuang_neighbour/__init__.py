"""Test plugin neighbour."""
