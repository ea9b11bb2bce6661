"""The queue manager's console."""
