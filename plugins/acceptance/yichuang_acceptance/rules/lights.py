"""Time-limit lights: a comparison of stored moments, never a batch job."""

from __future__ import annotations

from datetime import datetime

from yichuang.api import HALL_ZONE, LazyText
from yichuang.api import calendar as working_days
from yichuang_acceptance.rules.machine import CLOCK_RUNS, ENDED, State
from yichuang_acceptance.words import words

L = words.lazy
STOPPED = frozenset({State.CORRECTING, State.SUSPENDED})
SEVERITY = ("double_red", "overdue", "due_today", "warning", "normal")
"""Running lights, worst first."""


def light(
    state: State,
    now: datetime,
    warn_at: datetime | None,
    due_at: datetime | None,
    alarm_at: datetime | None = None,
) -> str:
    """The light of a case.

    Args:
        state: Where it stands.
        now: The moment.
        warn_at: From then on it is yellow.
        due_at: End of the promise, or of the statutory limit where nothing was promised.
        alarm_at: After it a red light is double: the statutory limit is over, or the light has long been red.

    Returns:
        normal (green), warning (yellow), due_today (orange), overdue (red), double_red, paused, done, or pending where no
        limit was entered.
    """
    if state in ENDED:
        return "done"
    if state in STOPPED:
        return "paused"
    if due_at is None:
        return "done" if state in (State.READY, State.REFUSED) else "pending"
    if alarm_at is not None and now > alarm_at:
        return "double_red"
    if now > due_at:
        return "overdue"
    if now.astimezone(HALL_ZONE).date() == due_at.astimezone(HALL_ZONE).date():
        return "due_today"
    return "warning" if warn_at is not None and now >= warn_at else "normal"


def shown_due(
    state: State, promise: datetime | None, legal: datetime | None, telling: datetime | None
) -> datetime | None:
    """The moment that a light looks at: before acceptance the end of the time to tell, then the promise or the law's limit."""
    if state is State.RECEIVED:
        return telling
    if state is State.GRANTED or state is State.MAKING:
        return promise  # the statutory clock ended with the decision, the promise lasts until the result is there
    return promise or legal if state in CLOCK_RUNS else None


def time_left(
    state: State, now: datetime, due_at: datetime | None, days: working_days.WorkingCalendar
) -> LazyText:
    """What stands beside the light: working time left, or over."""
    if state in ENDED:
        return L("ended")
    if state in STOPPED:
        return L("clock stopped")
    if due_at is None:
        return L("no limit entered")
    overdue = now > due_at
    # Hours are only counted on the last day: a list asks this for each of its rows.
    whole_days = abs(
        days.workdays_between(now.astimezone(HALL_ZONE).date(), due_at.astimezone(HALL_ZONE).date())
    )
    if whole_days == 1:
        return L("1 day over") if overdue else L("1 day left")
    if whole_days > 1:
        return L("{n} days over", n=whole_days) if overdue else L("{n} days left", n=whole_days)
    hours = abs(days.remaining(now, due_at).hours)
    n = _whole(max(hours, 1) if overdue else hours)
    if n == "1":
        return L("1 hour over") if overdue else L("1 hour left")
    return L("{n} hours over", n=n) if overdue else L("{n} hours left", n=n)


def used_share(start: datetime | None, now: datetime, due_at: datetime | None) -> float:
    """How much of the limit is used up, 0 to 1, for the bar."""
    if start is None or due_at is None or due_at <= start:
        return 0.0
    return min(1.0, max(0.0, (now - start) / (due_at - start)))


def _whole(hours: object) -> str:
    return f"{float(str(hours)):.0f}"
