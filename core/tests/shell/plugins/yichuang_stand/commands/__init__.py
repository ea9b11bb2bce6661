"""Commands of the test plugin."""
