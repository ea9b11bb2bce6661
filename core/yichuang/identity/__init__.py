"""Accounts, roles, sign-in and secrets."""
