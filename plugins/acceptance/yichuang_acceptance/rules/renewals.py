"""Renewals of licences (延续, art. 50): until when an application binds the organ, and what its silence grants. Pure.

Whoever asks for a renewal thirty days before the licence ends, and hears nothing by then, has it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from yichuang.api import HALL_ZONE

EXPIRY = "expiry"
"""The kind of field in which an application to renew says when the licence ends: what marks an item, or a situation of it."""
NOTICE = timedelta(days=30)
WARNING = timedelta(days=10)
END_OF_DAY = time(23, 59, 59)
_YEARS = re.compile(r"(?:有效期限?[为：:]?)? ?([0-9]{1,2}|[一二三四五六七八九十]) ?年")
_NUMBERS = "一二三四五六七八九十"


def is_timely(received: date, until: date) -> bool:
    """Whether a renewal was asked for early enough that silence grants it."""
    return until - received >= NOTICE


def silence_ends(received: datetime, until: date) -> datetime | None:
    """The moment after which a renewal counts as granted; None where it was asked for too late."""
    if not is_timely(received.astimezone(HALL_ZONE).date(), until):
        return None
    return datetime.combine(until, END_OF_DAY, HALL_ZONE)


def warned_at(end: datetime) -> datetime:
    """From when on the organ is warned."""
    return end - WARNING


def renewed_to(until: date, validity: str) -> date | None:
    """The last day of a renewed licence.

    Args:
        until: Its last day so far.
        validity: How long such licences last, as the guide says; only a number of years is understood.

    Returns:
        None where the guide does not say it so: nobody but the organ knows it then.
    """
    said = _YEARS.fullmatch(validity.strip())
    if said is None:
        return None
    years = int(said[1]) if said[1].isdecimal() else _NUMBERS.index(said[1]) + 1
    try:
        return until.replace(year=until.year + years)
    except ValueError:  # the 29th of February
        return until.replace(year=until.year + years, day=28)
