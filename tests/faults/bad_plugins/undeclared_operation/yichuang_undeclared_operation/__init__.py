"""Test plugin undeclared_operation."""
