"""Revisions of the queue plugin's tables."""
