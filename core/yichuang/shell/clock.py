"""The hall's local time, for screens. Stored moments are UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

L = words.lazy
_ = words.text

# A fixed offset: China has one zone without summer time, and desks may lack a time zone database.
HALL_ZONE = timezone(timedelta(hours=8))
WEEKDAYS: tuple[LazyText, ...] = (
    L("Monday"),
    L("Tuesday"),
    L("Wednesday"),
    L("Thursday"),
    L("Friday"),
    L("Saturday"),
    L("Sunday"),
)


def hall_time(moment: datetime) -> datetime:
    """A moment as the clock on the hall's wall shows it."""
    return moment.astimezone(HALL_ZONE)


def long_date(moment: datetime) -> str:
    """Such as 2026年3月17日　星期二."""
    local = hall_time(moment)
    day = _("{month}/{day}/{year}", year=local.year, month=local.month, day=local.day)
    return f"{day}\u2003{WEEKDAYS[local.weekday()]}"
