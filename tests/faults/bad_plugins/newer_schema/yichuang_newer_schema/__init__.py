"""Test plugin newer_schema."""
