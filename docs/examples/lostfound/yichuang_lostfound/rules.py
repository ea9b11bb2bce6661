"""The rules of the field: no database, no window, so that a table of examples can test them."""

from __future__ import annotations

from datetime import date, timedelta


def leaves_on(found: date, keep_days: int) -> date:
    """The day on which a thing that nobody came for goes to the police."""
    return found + timedelta(days=keep_days)
