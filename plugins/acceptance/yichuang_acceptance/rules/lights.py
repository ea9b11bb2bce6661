"""Time-limit lights: a comparison of stored moments, never a batch job."""

from __future__ import annotations

from datetime import datetime

from yichuang.api import LazyText
from yichuang.api import calendar as working_days
from yichuang_acceptance.rules.machine import DECIDED, ENDED, State
from yichuang_acceptance.words import words

L = words.lazy
WARNING_SHARE = 0.2  # amber from 20 % of the limit left, or one working day


def light(state: State, now: datetime, warn_at: datetime | None, due_at: datetime | None) -> str:
    """The light of a case: normal, warning, overdue, paused, done or pending (no limit was entered)."""
    if state in ENDED:
        return "done"
    if state is State.CORRECTING:
        return "paused"
    if due_at is None:
        return "done" if state in DECIDED else "pending"
    if now > due_at:
        return "overdue"
    return "warning" if warn_at is not None and now >= warn_at else "normal"


def time_left(
    state: State, now: datetime, due_at: datetime | None, days: working_days.WorkingCalendar
) -> LazyText:
    """What stands beside the light: working time left, or over."""
    if state in ENDED:
        return L("ended")
    if state is State.CORRECTING:
        return L("clock stopped")
    if due_at is None:
        return L("no limit entered")
    left = days.remaining(now, due_at)
    whole_days, hours = abs(left.days), abs(left.hours)  # both count downwards past the due moment
    if left.overdue:
        return L("{n} days over", n=whole_days) if whole_days >= 1 else L("{n} hours over", n=_whole(hours))
    return L("{n} days left", n=whole_days) if whole_days >= 1 else L("{n} hours left", n=_whole(hours))


def used_share(start: datetime | None, now: datetime, due_at: datetime | None) -> float:
    """How much of the limit is used up, 0 to 1, for the bar."""
    if start is None or due_at is None or due_at <= start:
        return 0.0
    return min(1.0, max(0.0, (now - start) / (due_at - start)))


def _whole(hours: object) -> str:
    return f"{float(str(hours)):.0f}"
