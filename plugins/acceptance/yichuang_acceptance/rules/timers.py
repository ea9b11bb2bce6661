"""What time does to a case: which event it sends, what it reports, and when it has something to do next.

Pure: moments in, what is due out. The operation `acceptance.tick` does it; any desk may, any number of times, because an
event is guarded by the state and a report is kept once for each case and rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from yichuang_acceptance.rules.names import Event, State
from yichuang_acceptance.rules.renewals import warned_at
from yichuang_acceptance.rules.violations import OTHER

COLLECTION_REMINDERS = (3, 10, 30)  # days after READY
# Rules of electronic supervision (电子监察), §1.9 of the domain: V02 over the promise, V03 told twice, V10 deemed
# accepted, V11 suspension overdue or repeated, V12 certificate late. R are reminders, nobody's fault.
OVER_PROMISE, TOLD_TWICE, DEEMED, PAUSE_ABUSED, LATE_DELIVERY = "V02", "V03", "V10", "V11", "V12"
OVER_LEGAL = "V02L"
NODE_LATE, CROSS_APPROVAL = (
    "V04",
    "V16",
)  # a node of the review over its limit; the acceptor examined the case as well
BAD_RATING = "V14"  # not called back or not put right in time; the repair has moments of its own
PROMISED_MATERIAL, COLLECT, RENEWAL_ENDS = "R-material", "R-collect", "R-renews"
RENEWED = "renewed"  # tells deemed renewals apart from other violations
UNDER_LIMIT = frozenset({State.ACCEPTED, State.REVIEW, State.GRANTED, State.MAKING})
WAITS = frozenset({State.READY, State.REFUSED})


class Moments(NamedTuple):
    """The stored moments of a case; a tuple, because every step of a case makes two."""

    state: State
    telling_due_at: datetime | None = None
    correction_due_at: datetime | None = None
    promise_due_at: datetime | None = None
    legal_due_at: datetime | None = None
    pause_due_at: datetime | None = None
    deliver_due_at: datetime | None = None
    tolerance_due: datetime | None = None
    ready_at: datetime | None = None
    decided_at: datetime | None = None
    renewal_due_at: datetime | None = None


class Timer(NamedTuple):
    """A moment after which something is to be done.

    Attributes:
        event: Sent to the case, or None.
        alert: Rule or reminder that is reported, or empty.
        key: Tells apart several reports of one rule in one case.
    """

    at: datetime
    event: Event | None = None
    alert: str = ""
    key: str = ""


def timers(m: Moments) -> list[Timer]:
    """Everything that time will do to a case as it stands, nearest first."""
    return sorted(_timers(m), key=lambda timer: timer.at)


def _timers(m: Moments) -> Iterator[Timer]:
    if m.state is State.RECEIVED and m.telling_due_at is not None:
        yield Timer(m.telling_due_at, Event.DEEMED_ACCEPT, DEEMED)
    if m.state is State.CORRECTING and m.correction_due_at is not None:
        yield Timer(m.correction_due_at, Event.CORRECTION_LAPSE)
    if m.state in UNDER_LIMIT and m.promise_due_at is not None:
        yield Timer(m.promise_due_at, alert=OVER_PROMISE)
    if m.state in (State.ACCEPTED, State.REVIEW) and m.legal_due_at is not None:
        yield Timer(m.legal_due_at, alert=OVER_LEGAL)
    if m.state is State.SUSPENDED and m.pause_due_at is not None:
        yield Timer(m.pause_due_at, alert=PAUSE_ABUSED, key=f"overdue:{m.pause_due_at:%Y-%m-%d}")
    if m.state in (State.REVIEW, State.SUSPENDED) and m.renewal_due_at is not None:
        yield Timer(warned_at(m.renewal_due_at), alert=RENEWAL_ENDS)
        yield Timer(m.renewal_due_at, Event.DEEMED_GRANT, OTHER, RENEWED)
    if m.state in (State.GRANTED, State.MAKING, State.READY) and m.deliver_due_at is not None:
        yield Timer(m.deliver_due_at, alert=LATE_DELIVERY)
    if m.tolerance_due is not None and m.state in UNDER_LIMIT | {State.READY, State.SUSPENDED}:
        yield Timer(m.tolerance_due, alert=PROMISED_MATERIAL)
    since = m.ready_at if m.state is State.READY else m.decided_at
    if m.state in WAITS and since is not None:
        for days in COLLECTION_REMINDERS:
            yield Timer(since + timedelta(days=days), alert=COLLECT, key=str(days))


def due(m: Moments, now: datetime) -> list[Timer]:
    """What is to be done at `now`: a moment is over when it is past, not while it lasts."""
    return [timer for timer in timers(m) if timer.at < now]


def next_at(m: Moments, now: datetime) -> datetime | None:
    """When time has something to do next, after all that is due at `now` was done."""
    return min((timer.at for timer in _timers(m) if timer.at >= now), default=None)
