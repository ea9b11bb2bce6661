"""The working-day calendar: single days, a whole year as the State Council announces it, and how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import func, select

from yichuang.hall.calendar_year import Rest, days_of_year
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.operations.executor import CALENDAR_VERSION
from yichuang.operations.hall_data import upserter
from yichuang.operations.model import Request, operation, query
from yichuang.operations.work import Read, Work
from yichuang.storage import hall_tables as t

L = words.lazy
LOOK_AHEAD = timedelta(days=365)
"""The longest limits of the catalogue, and the time in which a new year's notice is expected."""


@dataclass(frozen=True)
class CalendarReach:
    """Which days the calendar knows.

    Attributes:
        first, last: None while it is empty.
        enough: It knows the twelve months from today on; limits that end after its last day are provisional.
    """

    first: date | None
    last: date | None
    enough: bool


@query("hall.calendar", permission=None, title="How far the working days are known")
def calendar_reach(read: Read) -> CalendarReach:
    """The first and the last day that are entered, and whether that is enough."""
    first, last, _count = _extent(read)
    return CalendarReach(first, last, last is not None and last >= read.today + LOOK_AHEAD)


class CalendarDays(Request):
    """Days to change: date, whether it is a working day, its name."""

    days: dict[date, bool] = Field(min_length=1, max_length=800)
    name: str = ""
    source: str = ""


@operation("hall.set_days", permission="hall.manage", title="Change working days")
def set_days(work: Work, request: CalendarDays) -> int:
    """Enter or change days; returns how many. Open cases are computed anew by their plugin. Errors: CALENDAR_GAP."""
    return _put(work, {day: (works, request.name) for day, works in request.days.items()}, request.source)


class DaysOff(Request):
    """Days off in a row, and what they are called."""

    first: date
    last: date
    name: str = Field(min_length=1, max_length=40)


class CalendarYear(Request):
    """A year as the State Council's notice has it.

    Attributes:
        rests: Holidays with the weekends that belong to them.
        workdays: Weekend days that are worked in their place.
        source: Where it stands, such as the notice's number.
    """

    year: int = Field(ge=2000, le=2200)
    rests: tuple[DaysOff, ...] = Field(min_length=1, max_length=60)
    workdays: tuple[date, ...] = Field((), max_length=100)
    source: str = Field("", max_length=200)


@operation("hall.set_year", permission="hall.manage", title="Enter a year's working days")
def set_year(work: Work, request: CalendarYear) -> int:
    """Enter every day of a year that is unknown or has not begun; returns how many are worked. Open cases are computed anew.

    Errors: YEAR_BEGAN, BAD_DAYS, CALENDAR_GAP.
    """
    _first, last, _count = _extent(work)
    if last is not None and request.year <= min(last.year, work.today.year):
        raise UserError(
            "YEAR_BEGAN",
            L("The year {year} has begun; its days are in use.", year=request.year),
            do=L("Change single days with hall.set_days."),
        )
    rests = [Rest(rest.first, rest.last, rest.name) for rest in request.rests]
    days = days_of_year(request.year, rests, request.workdays)
    _put(work, days, request.source)
    return sum(works for works, _name in days.values())


def _put(work: Work, days: Mapping[date, tuple[bool, str]], source: str) -> int:
    put = upserter(work)
    put(t.calendar_day, [
        {"day": day, "works": works, "name": name, "source": source or work.actor.account}
        for day, (works, name) in sorted(days.items())
    ])  # fmt: skip
    _require_whole(work)
    put(t.setting, [{"key": CALENDAR_VERSION, "value": work.number("calendar")}])
    work.subject = "hall:calendar"
    return len(days)


def _extent(read: Read) -> tuple[date | None, date | None, int]:
    c = t.calendar_day.c.day
    row: Any = read.one(
        select(func.min(c).label("first"), func.max(c).label("last"), func.count().label("n"))
    )
    return row.first, row.last, row.n


def _require_whole(work: Work) -> None:
    """No day between the first and the last may be missing: nothing could be counted any more."""
    first, last, count = _extent(work)
    if first is not None and last is not None and (last - first).days + 1 != count:
        raise UserError(
            "CALENDAR_GAP",
            L("Days between {first} and {last} would be missing in the calendar.", first=first, last=last),
            do=L("Enter the whole year at once, in the settings or with hall.set_year."),
        )
