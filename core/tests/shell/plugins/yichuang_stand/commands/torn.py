"""A command whose module cannot be imported."""

raise ImportError("half of it is missing")
