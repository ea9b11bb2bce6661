"""The append-only record of everything done, and its sealing."""
