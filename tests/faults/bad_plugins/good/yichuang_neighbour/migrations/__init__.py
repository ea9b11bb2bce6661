"""Migrations of the good neighbour."""
