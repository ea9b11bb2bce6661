"""Windows of the test plugin."""
