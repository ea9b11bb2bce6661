"""Revisions of the tables of core."""
