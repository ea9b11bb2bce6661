"""Revisions of the acceptance plugin's tables."""
