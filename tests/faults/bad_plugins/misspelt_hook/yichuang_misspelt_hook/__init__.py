"""Test plugin misspelt_hook."""
