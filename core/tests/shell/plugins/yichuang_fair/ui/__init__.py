"""Pages of the test plugin."""
