"""Adapters of the devices; each is imported in its own child process only."""
