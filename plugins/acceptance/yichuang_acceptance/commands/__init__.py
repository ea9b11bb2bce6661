"""Commands of the acceptance plugin."""
