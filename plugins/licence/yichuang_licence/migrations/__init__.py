"""Revisions of the licence plugin's tables."""
