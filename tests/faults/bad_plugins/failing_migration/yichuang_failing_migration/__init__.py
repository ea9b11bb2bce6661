"""Test plugin failing_migration."""
