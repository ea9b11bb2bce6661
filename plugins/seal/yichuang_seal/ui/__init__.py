"""Windows of the seal plugin."""
