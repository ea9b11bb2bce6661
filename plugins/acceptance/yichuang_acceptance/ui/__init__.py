"""Pages of the acceptance plugin."""
