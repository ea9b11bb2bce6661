"""Appointments: the slots of a day, when one may check in, who is barred for not having come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from yichuang_queue.words import words

L = words.lazy


class Booking(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    MISSED = "missed"
    CANCELLED = "cancelled"


BOOKING_NAMES = {
    Booking.BOOKED: L("booked"),
    Booking.ARRIVED: L("arrived"),
    Booking.MISSED: L("missed"),
    Booking.CANCELLED: L("cancelled"),
}


@dataclass(frozen=True)
class Timetable:
    """When a business takes appointments.

    Attributes:
        hours: Opening hours as pairs of begin and end.
        minutes: Length of a slot.
        seats: Appointments in one slot.
        days_ahead: How far ahead one may book.
    """

    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 0)))
    minutes: int = 60
    seats: int = 4
    days_ahead: int = 7

    def slots(self, day: date) -> list[tuple[datetime, datetime]]:
        """The slots of a day, without zone; a rest shorter than half a slot joins the one before."""
        found: list[tuple[datetime, datetime]] = []
        step = timedelta(minutes=self.minutes)
        for begin, end in self.hours:
            at, close = datetime.combine(day, begin), datetime.combine(day, end)
            while at < close:
                until = min(at + step, close)
                if close - until < step / 2:
                    until = close
                found.append((at, until))
                at = until
        return found


@dataclass(frozen=True)
class CheckIn:
    """How early and how late one may come: minutes before the slot begins and after it ended."""

    before: int = 30
    after: int = 15

    def window(self, begin: datetime, end: datetime) -> tuple[datetime, datetime]:
        """From when until when one can check in."""
        return begin - timedelta(minutes=self.before), end + timedelta(minutes=self.after)

    def missed(self, end: datetime, now: datetime) -> bool:
        """Whether it is too late."""
        return now > end + timedelta(minutes=self.after)


@dataclass(frozen=True)
class Bar:
    """Who may not book: so many missed appointments within so many days bar for so many days from the last one."""

    missed: int = 3
    within_days: int = 90
    for_days: int = 30

    def until(self, missed: Sequence[date]) -> date | None:
        """The last day of the bar that these missed days earned, None where they earned none.

        Args:
            missed: Days of missed appointments that nobody excused.
        """
        days = sorted(missed)
        until = None
        for first, last in zip(days, days[self.missed - 1 :], strict=False):
            if (last - first).days <= self.within_days:
                until = last + timedelta(days=self.for_days)
        return until
