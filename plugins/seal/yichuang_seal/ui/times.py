"""Moments as the screens show them, in the hall's own time."""

from __future__ import annotations

from datetime import datetime

from yichuang.api import calendar


def clock_time(moment: datetime | None) -> str:
    """Hour and minute."""
    return "" if moment is None else f"{moment.astimezone(calendar.HALL_ZONE):%H:%M}"


def day(moment: datetime | None) -> str:
    """The date."""
    return "" if moment is None else f"{moment.astimezone(calendar.HALL_ZONE):%Y-%m-%d}"


def day_time(moment: datetime | None) -> str:
    """Date, hour and minute."""
    return "" if moment is None else f"{moment.astimezone(calendar.HALL_ZONE):%Y-%m-%d %H:%M}"
