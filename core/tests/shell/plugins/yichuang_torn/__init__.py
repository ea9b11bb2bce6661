"""A plugin whose start fails."""
