"""Pages of the licence plugin."""
