"""A plugin for the tests: commands and windows that run as processes of their own."""
