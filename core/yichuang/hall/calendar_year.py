"""One year of the working-day calendar, as the State Council's notice has it: holidays, and days worked in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

__all__ = ["Rest", "days_of_year", "read_days", "read_rests"]

L = words.lazy
MADE_UP = "调休上班"
_SATURDAY = 5
_DAY = r"(?:\d{4}[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?"
_REST = re.compile(
    rf"{_DAY}(?:\s*[~～至到]\s*(?:\d{{4}}[-/.年])?(?:(\d{{1,2}})[-/.月])?(\d{{1,2}})日?)?\s*(.*)"
)
_ONE = re.compile(_DAY)
_APART = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class Rest:
    """Days off in a row; the same day twice for one day."""

    first: date
    last: date
    name: str


def read_rests(year: int, text: str) -> list[Rest]:
    """Holidays as an administrator types them off the notice, one a line: “1月1日至3日 元旦”, “02-05~02-11 春节”.

    Raises:
        UserError: BAD_DAYS.
    """
    return [_rest(year, line.strip()) for line in text.splitlines() if line.strip()]


def read_days(year: int, text: str) -> list[date]:
    """Single days, apart by commas or blanks: “2月14日、2月28日”.

    Raises:
        UserError: BAD_DAYS.
    """
    found = []
    for part in filter(None, _APART.split(text)):
        match = _ONE.fullmatch(part)
        if match is None:
            raise _bad(part)
        found.append(_date(year, part, match[1], match[2]))
    return found


def days_of_year(year: int, rests: Iterable[Rest], workdays: Iterable[date]) -> dict[date, tuple[bool, str]]:
    """Every day of a year: whether it is worked, and its name.

    Raises:
        UserError: BAD_DAYS for a day of another year, days off that end before they begin, or one that is also worked.
    """
    day, days = date(year, 1, 1), {}
    while day.year == year:
        days[day] = day.weekday() < _SATURDAY, ""
        day += timedelta(days=1)
    off: set[date] = set()
    for rest in rests:
        if rest.last < rest.first:
            raise _bad(f"{rest.first}~{rest.last}")
        for each in _each(rest):
            _within(each, days)
            off.add(each)
            days[each] = False, rest.name
    for worked in workdays:
        _within(worked, days)
        if worked in off:
            raise _bad(worked.isoformat())
        days[worked] = True, MADE_UP
    return days


def _rest(year: int, line: str) -> Rest:
    match = _REST.fullmatch(line)
    if match is None or not match[5]:
        raise _bad(line)
    first = _date(year, line, match[1], match[2])
    last = _date(year, line, match[3] or match[1], match[4]) if match[4] else first
    return Rest(first, last, match[5].strip())


def _each(rest: Rest) -> Iterator[date]:
    for offset in range((rest.last - rest.first).days + 1):
        yield rest.first + timedelta(days=offset)


def _date(year: int, text: str, month: str, day: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise _bad(text) from None


def _within(day: date, days: dict[date, tuple[bool, str]]) -> None:
    if day not in days:
        raise _bad(day.isoformat())


def _bad(text: str) -> UserError:
    return UserError(
        "BAD_DAYS",
        L("“{text}” is no day of this year, or stands there twice.", text=text[:60]),
        do=L("Write holidays one a line with their name, days worked instead apart by commas."),
    )
