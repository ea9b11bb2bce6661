"""Working days and time limits: when a limit ends and how much of it is left.

Limits of a hall count working days (行政许可法 art. 82) that holidays and make-up days shift, so nothing
here guesses: the days are handed in, and an answer that needs a day beyond them is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

__all__ = ["HALL_ZONE", "OfficeHours", "TimeLeft", "WorkingCalendar"]

L = words.lazy

Number = Decimal | float | int

# China has had one zone without summer time since 1991; a fixed offset needs no zone database on the desk.
HALL_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY_END = time(23, 59, 59)
_HALF_DAY_HOURS = 4  # half a working day is four office hours, a whole one would be eight
_WARN_SHARE = Decimal("0.2")
_IMPORT = L("Have an administrator import the calendar of the missing year.")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the hall works on a working day, local time; pairs in order, not touching."""

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(14, 30), time(17, 30)))


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left of a limit, in working time.

    Attributes:
        days: Working days after today up to the due day; negative once past it.
        hours: Office hours from now to the due moment, or since it (negative).
        overdue: The due moment has passed.
        due_today: The due moment is later today.
    """

    days: int
    hours: Decimal
    overdue: bool
    due_today: bool


class WorkingCalendar:
    """The working days of a hall between two dates.

    Args:
        days: Every day from the first to the last, true where it is a working day.
        hours: Office hours for half days and for counting hours.

    Raises:
        UserError: CALENDAR_GAP if a day between the first and the last is missing, or there is no day at all.
    """

    def __init__(self, days: Mapping[date, bool], hours: OfficeHours | None = None) -> None:
        if not days:
            raise UserError("CALENDAR_GAP", L("The working-day calendar is empty."), do=_IMPORT)
        self.first = min(days)
        self.last = max(days)
        self.hours = hours or OfficeHours()
        if (self.last - self.first).days + 1 != len(days):
            missing = next(day for day in _each_day(self.first, self.last) if day not in days)
            raise UserError(
                "CALENDAR_GAP", L("The working-day calendar lacks {day}.", day=missing), do=L("Add the day.")
            )
        self._workdays = sorted(day for day, is_working in days.items() if is_working)
        self._set = frozenset(self._workdays)
        self._office_day = sum(
            int((closes - opens).total_seconds()) for opens, closes in self._spans(self.first)
        )

    def covers(self, day: date) -> bool:
        """Whether the calendar knows the day."""
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Whether the day is a working day. Raises CALENDAR_ENDS outside the calendar."""
        self._require(day)
        return day in self._set

    def next_workday(self, day: date) -> date:
        """The day itself if it is a working day, else the next one. Raises CALENDAR_ENDS."""
        self._require(day)
        return self._at(bisect_left(self._workdays, day))

    def add_workdays(self, start: date, n: Number) -> date:
        """Day n of a limit that starts by an event on `start`; day 1 is the first working day after it.

        A fraction rounds up to the whole day: without an hour there is no half day (`due_moment` has one).
        Zero gives the start itself or, where that is a rest day, the next working day.

        Raises:
            UserError: CALENDAR_ENDS; BAD_LIMIT for a negative number.
        """
        count = int(_amount(n).to_integral_value(ROUND_CEILING))
        if count == 0:
            return self.next_workday(start)
        self._require(start)
        return self._at(bisect_right(self._workdays, start) + count - 1)

    def back(self, day: date, n: int) -> date:
        """The working day that has exactly n working days after it up to `day`. Raises CALENDAR_ENDS."""
        self._require(day)
        index = bisect_right(self._workdays, day) - 1 - n
        if index < 0:
            raise self._ends()
        return self._at(index)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to `end`; negative when `end` lies before. Raises CALENDAR_ENDS."""
        self._require(start)
        self._require(end)
        return bisect_right(self._workdays, end) - bisect_right(self._workdays, start)

    def due_moment(self, start: datetime, limit: Number, unit: str = "W") -> datetime:
        """The last moment of a limit that starts by an event at `start`.

        Args:
            start: Aware moment of acceptance or the like.
            limit: Amount in the unit.
            unit: W working days, D natural days (an end on a rest day rolls to the next working day), H clock
                hours. Whole days end at 23:59:59; half a working day is four office hours.

        Returns:
            An aware moment in `HALL_ZONE`.

        Raises:
            UserError: CALENDAR_ENDS; BAD_LIMIT for a negative or broken amount or an unknown unit.
        """
        amount = _amount(limit)
        local = _local(start)
        if unit == "H":
            self._require(local.date())
            due = local + timedelta(seconds=float(amount * 3600))
            self._require(due.date())
            return due
        if unit == "D":
            whole = int(amount.to_integral_value(ROUND_CEILING))
            self._require(local.date())
            return _end_of(self.next_workday(_shift(local.date(), whole)))
        if unit != "W":
            raise UserError("BAD_LIMIT", L("Unknown unit of a limit: {unit}.", unit=unit))
        return self._due_workdays(local, amount)

    def instant_due(self, start: datetime) -> datetime:
        """When an immediate item (即办件) is due: the end of the same day, or of the next working day."""
        return _end_of(self.next_workday(_local(start).date()))

    def remaining(self, now: datetime, due: datetime) -> TimeLeft:
        """What is left at `now`, in working time only. Raises CALENDAR_ENDS."""
        here, end = _local(now), _local(due)
        overdue = here > end
        seconds = -self._office_seconds(end, here) if overdue else self._office_seconds(here, end)
        return TimeLeft(
            days=self.workdays_between(here.date(), end.date()),
            hours=(Decimal(seconds) / 3600).quantize(Decimal("0.1"), ROUND_FLOOR),
            overdue=overdue,
            due_today=not overdue and here.date() == end.date(),
        )

    def worked(self, begin: datetime, end: datetime) -> Decimal:
        """Office time between two moments in working days, to a tenth; negative backwards. Raises CALENDAR_ENDS."""
        first, last = _local(begin), _local(end)
        seconds = -self._office_seconds(last, first) if first > last else self._office_seconds(first, last)
        return (Decimal(seconds) / self._office_day).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def warn_day(self, due: date, limit: Number) -> date:
        """First working day on which the light turns amber: 20 % of the limit or one working day is left.

        Local rule of halls (one city signals one working day before the due day); national text fixes none.
        """
        left = max(1, int(_amount(limit) * _WARN_SHARE))
        return self.back(due, left)

    def _due_workdays(self, local: datetime, amount: Decimal) -> datetime:
        whole = int(amount.to_integral_value(ROUND_FLOOR))
        if amount == whole:
            return _end_of(self.add_workdays(local.date(), whole))
        begin = local if whole == 0 else _end_of(self.add_workdays(local.date(), whole))
        last = bisect_right(self._workdays, local.date()) + whole
        return self._after_office_time(begin, (amount - whole) * 2 * _HALF_DAY_HOURS, last)

    def _after_office_time(self, begin: datetime, hours: Decimal, last: int) -> datetime:
        """So many office hours after `begin`, at the latest the end of working day number `last`.

        An office day is shorter than eight hours; a part of a day must never last longer than the day.
        """
        left = timedelta(seconds=float(hours * 3600))
        for day in self._workdays[bisect_left(self._workdays, begin.date()) : last + 1]:
            for opens, closes in self._spans(day):
                begin = max(opens, begin)
                if closes - begin >= left:
                    return begin + left
                left -= max(closes - begin, timedelta())
        return _end_of(self._at(last))

    def _office_seconds(self, begin: datetime, end: datetime) -> int:
        """Office time in seconds between two local moments, begin <= end."""
        self._require(begin.date())
        self._require(end.date())
        first = bisect_left(self._workdays, begin.date())
        last = bisect_right(self._workdays, end.date())
        inside = max(0, last - first - 2)
        edges = {first, last - 1} if last > first else set()
        total = inside * self._office_day
        for index in edges:
            for opens, closes in self._spans(self._workdays[index]):
                total += max(0, int((min(closes, end) - max(opens, begin)).total_seconds()))
        return total

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for opens, closes in self.hours.spans:
            yield datetime.combine(day, opens, HALL_ZONE), datetime.combine(day, closes, HALL_ZONE)

    def _at(self, index: int) -> date:
        if index >= len(self._workdays):
            raise self._ends()
        return self._workdays[index]

    def _require(self, day: date) -> None:
        if not self.covers(day):
            raise self._ends()

    def _ends(self) -> UserError:
        return UserError(
            "CALENDAR_ENDS",
            L("The working-day calendar runs from {first} to {last} only.", first=self.first, last=self.last),
            do=_IMPORT,
            detail={"first": self.first.isoformat(), "last": self.last.isoformat()},
        )


def _amount(n: Number) -> Decimal:
    amount = Decimal(str(n))
    if not amount.is_finite() or amount < 0:
        raise UserError("BAD_LIMIT", L("A limit cannot be {n}.", n=n))
    return min(amount, Decimal(100_000))  # beyond any calendar, small enough for date arithmetic


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(HALL_ZONE)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _DAY_END, HALL_ZONE)


def _each_day(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
