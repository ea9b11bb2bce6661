"""Days beyond the end of the hall's calendar: limits that reach into them are counted provisionally, and marked as such."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from yichuang.api import HALL_ZONE, calendar

BEYOND_DAYS = 800
"""How far the calendar is continued: the longest limits of the catalogue, and a year that nobody has entered yet."""
_SATURDAY = 5


@lru_cache(maxsize=2)
def reaching(days: calendar.WorkingCalendar) -> calendar.WorkingCalendar:
    """The calendar, continued by weeks of five working days without holidays.

    The State Council publishes the holidays of a year only in the autumn before; until they are entered, a limit that ends
    in that year is a guess. It is worked out all the same, because an application must not be turned away for it, and
    `is_provisional` says so wherever it is shown.
    """
    first, span = days.first, (days.last - days.first).days + 1
    known = {first + timedelta(n): days.is_workday(first + timedelta(n)) for n in range(span)}
    beyond = [days.last + timedelta(n) for n in range(1, BEYOND_DAYS + 1)]
    return calendar.WorkingCalendar(known | {day: day.weekday() < _SATURDAY for day in beyond}, days.hours)


def is_provisional(due: datetime | date | None, days: calendar.WorkingCalendar) -> bool:
    """Whether a limit ends on a day that the hall's calendar does not know yet."""
    if due is None:
        return False
    day = due.astimezone(HALL_ZONE).date() if isinstance(due, datetime) else due
    return day > days.last
