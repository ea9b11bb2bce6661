"""Commands of the queue plugin."""
