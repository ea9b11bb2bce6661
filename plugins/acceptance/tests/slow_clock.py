"""A reference for the clocks that walks day by day and knows nothing of sorted lists: slow, and easy to check by eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from yichuang.api import HALL_ZONE

Works = Callable[[date], bool]
DAY = timedelta(days=1)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), HALL_ZONE)


def day_of(moment: datetime) -> date:
    return moment.astimezone(HALL_ZONE).date()


def next_workday(day: date, works: Works) -> date:
    while not works(day):
        day += DAY
    return day


def due(
    start: datetime,
    limit: int,
    unit: str,
    pauses: Sequence[tuple[datetime, datetime | None]],
    works: Works,
) -> datetime | None:
    """When a limit in whole days ends; None while it is paused.

    The day of the starting event does not count. The day on which a pause begins counts, the day on which it ends does not.
    """
    day, left = day_of(start), limit
    while True:
        for began, ended in pauses:
            if day_of(began) == day:
                if ended is None:
                    return None
                day = max(day, day_of(ended))
        if left == 0:
            last = next_workday(day, works)
            between = [day_of(began) for began, _ in pauses if day < day_of(began) <= last]
            if not between:
                return end_of(last)
            day = between[0]
            continue
        day += DAY
        if unit == "D" or works(day):
            left -= 1


def working_days_after(start: datetime, n: int, works: Works) -> datetime:
    """The end of working day n after the day of `start`."""
    found = due(start, n, "W", (), works)
    assert found is not None
    return found
