"""The two clocks of a case, statutory and promise: when they end, what suspensions take out, what an extension adds.

Working days and their counting come from the hall's calendar; this file knows what the law says about them: telling within
five working days (行政许可法 art. 32), twenty to decide and ten or fifteen more once (art. 42), time of special procedures
that does not count (art. 45), ten to deliver (art. 44). Everything is worked out when something changes and stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from yichuang.api import HALL_ZONE, UserError, calendar
from yichuang_acceptance.words import words

L = words.lazy

TELLING_WORKING_DAYS = 5  # art. 32 (4): accept, or tell everything that is missing
CORRECTION_DAYS = (
    30  # natural days to correct, where neither hall nor notice says otherwise; one hall gives 90
)
CORRECTION_SETTING = "acceptance.correction_days"
MOST_CORRECTION_DAYS = 365
LEGAL_WORKING_DAYS = 20  # art. 42, where no special law says otherwise
PREREVIEW_WORKING_DAYS = 20  # art. 43: a lower organ examines first and sends its opinion up
EXTENSION_WORKING_DAYS = {
    "organ": 10,
    "joint": 15,
}  # art. 42: by the organ's head; joint handling by the government's
HEARING_NOTICE_WORKING_DAYS = 7  # art. 48 (1) and 82: time and place are told seven working days before
DELIVERY_WORKING_DAYS = 10  # art. 44
TOLERANCE_WORKING_DAYS = 5
WARNING_SHARE = Decimal("0.2")
ALARM_WORKING_DAYS = 3  # a red light that stands longer becomes a double red one
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Limit:
    """A time limit.

    Attributes:
        amount: In the unit; 0 working days is the day itself (即办件).
        unit: W working days, D natural days, H clock hours.
    """

    amount: Decimal
    unit: str

    def longer(self, days: int) -> Limit:
        """The limit with so many days more."""
        return Limit(self.amount + days * (24 if self.unit == "H" else 1), self.unit)


@dataclass(frozen=True)
class Stop:
    """A suspension: the day on which it begins counts, the day of resumption does not."""

    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Running:
    """A clock: what of its limit is used (in the limit's unit) and when it ends; None while it is stopped."""

    used: Decimal
    due: datetime | None


def run_clock(
    start: datetime, limit: Limit, stops: Sequence[Stop], days: calendar.WorkingCalendar
) -> Running:
    """A clock that began at `start`, with the time of its suspensions taken out.

    Args:
        start: Aware moment of acceptance; of receipt, where acceptance is deemed.
        limit: How long it runs.
        stops: In order, each after the one before; only the last may still last.
        days: The hall's calendar.

    Raises:
        UserError: CALENDAR_ENDS.
    """
    used, since = Decimal(0), start
    for stop in stops:
        due = days.due_moment(since, limit.amount - used, limit.unit)
        if due < stop.began:  # it was over before this suspension, which saves nothing
            return Running(limit.amount, due)
        used = min(limit.amount, used + _passed(since, stop.began, limit.unit, days))
        if stop.ended is None:
            return Running(used, None)
        since = stop.ended
    return Running(used, days.due_moment(since, limit.amount - used, limit.unit))


def _passed(since: datetime, until: datetime, unit: str, days: calendar.WorkingCalendar) -> Decimal:
    """What of a limit goes by between two moments, in its unit."""
    if unit == "H":
        return Decimal(int((until - since).total_seconds())) / 3600
    first, last = _day(since), _day(until)
    return Decimal(days.workdays_between(first, last) if unit == "W" else (last - first).days)


def spent(limit: Limit, due: datetime, now: datetime, days: calendar.WorkingCalendar) -> Decimal:
    """How much of a limit that ends at `due` is used at a moment, in its unit to a tenth; more than the limit once it is over.

    Raises:
        UserError: CALENDAR_ENDS.
    """
    if limit.unit == "W":
        left = days.worked(now, due)
    else:
        seconds = Decimal(int((due - now).total_seconds()))
        left = seconds / (3600 if limit.unit == "H" else 86_400)
    return max(Decimal(0), limit.amount - left).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Clocks:
    """What is stored of both clocks; None where no limit was entered, or while they are stopped.

    Attributes:
        warn_at: From then on the light is amber.
        alarm_at: After it the red light is a double one.
    """

    legal_due_at: datetime | None
    promise_due_at: datetime | None
    warn_at: datetime | None
    alarm_at: datetime | None
    legal_used: Decimal
    promise_used: Decimal


def both(
    start: datetime,
    legal: Limit | None,
    promise: Limit | None,
    stops: Sequence[Stop],
    extension: int,
    days: calendar.WorkingCalendar,
) -> Clocks:
    """Both clocks of a case after its suspensions and its extension.

    Args:
        start: When both began.
        legal: Statutory limit, if the item has one.
        promise: Promised limit, if the item has one.
        stops: The suspensions, in order.
        days: The hall's calendar.
        extension: Days by which the statutory limit was extended; the promise stays as it was given.

    Raises:
        UserError: CALENDAR_ENDS.
    """
    none = Running(Decimal(0), None)
    statutory = run_clock(start, legal.longer(extension), stops, days) if legal else none
    promised = run_clock(start, promise, stops, days) if promise else none
    due, limit = (promised.due, promise) if promise else (statutory.due, legal)
    warn = None if due is None or limit is None else warn_moment(start, due, limit, days)
    return Clocks(
        statutory.due, promised.due, warn, alarm_moment(promised.due, statutory.due, days), statutory.used,
        promised.used,
    )  # fmt: skip


def warn_moment(start: datetime, due: datetime, limit: Limit, days: calendar.WorkingCalendar) -> datetime:
    """The first moment of the amber light: 20 % of the limit, or one working day, is left; never before the start."""
    local = due.astimezone(HALL_ZONE)
    if limit.unit == "H":
        return max(start, due - timedelta(hours=float(limit.amount * WARNING_SHARE)))
    if limit.unit == "D":
        early = min(
            local.date() - timedelta(days=int(limit.amount * WARNING_SHARE)), days.back(local.date(), 1)
        )
    else:
        early = days.warn_day(local.date(), limit.amount)
    return _morning(max(early, _day(start)))


def alarm_moment(
    promise_due: datetime | None, legal_due: datetime | None, days: calendar.WorkingCalendar
) -> datetime | None:
    """After it the light is double red: the statutory limit is over, or the promise three working days ago."""
    found = [legal_due] if legal_due is not None else []
    if promise_due is not None:
        found.append(days.due_moment(promise_due, ALARM_WORKING_DAYS, "W"))
    return min(found, default=None)


def telling_due(received: datetime, days: calendar.WorkingCalendar) -> datetime:
    """T1: until then the case is accepted or the applicant is told; after it, it is deemed accepted (art. 32 (4))."""
    return days.due_moment(received, TELLING_WORKING_DAYS, "W")


def check_correction_days(value: object) -> None:
    """Refuse a usual time to correct that is none. Raises CORRECTION_DAYS_BAD."""
    if not isinstance(value, int) or not 1 <= value <= MOST_CORRECTION_DAYS:
        raise UserError(
            "CORRECTION_DAYS_BAD",
            L("The time to correct is 1 to {n} days.", n=MOST_CORRECTION_DAYS),
            do=L("Enter another number."),
        )


def correction_due(told: datetime, until: date | None, days: calendar.WorkingCalendar) -> datetime:
    """T2: until then the applicant corrects; a day that the notice names, or 30 days on, never a rest day's end."""
    if until is None:
        return days.due_moment(told, CORRECTION_DAYS, "D")
    return days.due_moment(datetime.combine(until, time(12), HALL_ZONE), 0, "W")


def tolerance_due(accepted: datetime, days: calendar.WorkingCalendar) -> datetime:
    """T9: until then materials that were promised at acceptance are brought."""
    return days.due_moment(accepted, TOLERANCE_WORKING_DAYS, "W")


def delivery_due(decided: datetime, days: calendar.WorkingCalendar) -> datetime:
    """T8: until then the certificate is issued and delivered (art. 44)."""
    return days.due_moment(decided, DELIVERY_WORKING_DAYS, "W")


def _day(moment: datetime) -> date:
    return moment.astimezone(HALL_ZONE).date()


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), HALL_ZONE)
