"""The plugin's own chain of migrations, one module a revision."""
