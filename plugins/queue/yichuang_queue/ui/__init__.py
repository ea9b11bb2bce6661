"""Pages of the queue plugin."""
