"""Revisions of the tables of the seal plugin."""
