"""Test plugin half_registered."""
