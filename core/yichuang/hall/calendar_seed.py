"""The first rows of a hall's calendar: national working and rest days from the package `chinesecalendar`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

__all__ = ["CalendarDay", "last_seed_year", "seed_rows"]

L = words.lazy

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One row of the calendar.

    Attributes:
        day: The date.
        working: Whether limits count it.
        name: Holiday or make-up day in Chinese, empty for an ordinary day.
        source: Where the row comes from, for the administrator who edits it.
    """

    day: date
    working: bool
    name: str
    source: str


def last_seed_year() -> int:
    """The last year the package knows; the State Council announces each next one in autumn."""
    from chinese_calendar import constants

    last: date = max(constants.holidays)
    return last.year


def seed_rows(first_year: int = 2025, last_year: int | None = None) -> tuple[CalendarDay, ...]:
    """Every day from 1 January of the first year to 31 December of the last.

    Args:
        first_year: At least 2004.
        last_year: The last year the package knows, if not given.

    Raises:
        UserError: CALENDAR_ENDS for a year the package does not know.
    """
    known = last_seed_year()
    last_year = known if last_year is None else last_year
    if not 2004 <= first_year <= last_year <= known:
        raise UserError(
            "CALENDAR_ENDS",
            L("National working days are known from {first} to {last} only.", first=2004, last=known),
            do=L("Update the package chinesecalendar, or import the calendar of the missing year."),
        )
    return tuple(_rows(date(first_year, 1, 1), date(last_year, 12, 31)))


def _rows(day: date, last: date) -> Iterator[CalendarDay]:
    from chinese_calendar import constants

    while day <= last:
        make_up = constants.workdays.get(day)
        holiday = constants.holidays.get(day)
        if make_up is not None:
            yield CalendarDay(day, working=True, name=f"{_NAMES[make_up]}调休上班", source="chinesecalendar")
        elif holiday is not None:
            yield CalendarDay(day, working=False, name=_NAMES[holiday], source="chinesecalendar")
        else:
            yield CalendarDay(day, working=day.weekday() < 5, name="", source="chinesecalendar")
        day += timedelta(days=1)
