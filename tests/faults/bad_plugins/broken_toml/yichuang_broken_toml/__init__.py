"""Test plugin broken_toml."""
