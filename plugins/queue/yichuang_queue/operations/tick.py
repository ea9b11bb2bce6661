"""What time does by itself: missed appointments, tickets and desks of a day that has ended; harmless to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yichuang.api import HALL_ZONE, Read, Work, operation, query, select, update
from yichuang_queue import tables as t
from yichuang_queue.operations.advice import end_overdue, overdue
from yichuang_queue.operations.estimates import due_day, keep, learn
from yichuang_queue.operations.issuing import check_in_window
from yichuang_queue.operations.tickets import tell
from yichuang_queue.rules.appointments import Booking
from yichuang_queue.rules.estimate import Calibration
from yichuang_queue.rules.tickets import Act, State
from yichuang_queue.words import words

L = words.lazy
AT_ONCE = 500
OVER = (State.WAITING, State.HELD, State.PASSED, State.CALLED, State.SERVING)
"""What a ticket of a day before may still be in, and is ended from."""
_c, _a = t.ticket.c, t.appointment.c


@dataclass(frozen=True)
class Ticked:
    """How many appointments were found missed, tickets ended, desks closed, loans given back; whether days were learned."""

    missed: int
    ended: int
    closed: int
    returned: int
    learned: bool


def _learn(read: Read, _request: object) -> tuple[date, Calibration] | None:
    """What finished days teach, worked out before the transaction: it takes a second or two."""
    day = due_day(read)
    return None if day is None else (day, learn(read, day))


@operation("queue.tick", permission="queue.call", title="Let time pass", prepare=_learn)
def tick(work: Work) -> Ticked:
    """Mark missed appointments, end the tickets of days before, close desks left open, learn the waits of finished days.

    Any desk may run it, any number of times.
    """
    if work.prepared is not None:
        keep(work, *work.prepared)
    ticked = Ticked(_miss(work), _end(work), _close(work), end_overdue(work), work.prepared is not None)
    work.subject = "queue:tick"
    return ticked


@query("queue.is_due", permission="queue.call", title="Whether time has something to do")
def is_due(read: Read) -> bool:
    """Whether `queue.tick` would change anything now; asked often, so that the journal does not fill with empty ticks."""
    d = t.desk.c
    asked = (
        select(_a.id).where(*_missed(read)),
        select(_c.id).where(_c.day < read.today, _c.state.in_(OVER)),
        select(d.code).where(d.state != "closed", d.since < _midnight(read)),
        overdue(read),
    )
    return any(read.one(each.limit(1)) is not None for each in asked) or due_day(read) is not None


def _missed(read: Read) -> tuple[Any, ...]:
    late = read.now - timedelta(minutes=check_in_window(read).after)
    return _a.state == Booking.BOOKED, _a.ends_at < late


def _midnight(read: Read) -> datetime:
    return read.now.astimezone(HALL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _miss(work: Work) -> int:
    return work.execute(update(t.appointment).where(*_missed(work)).values(state=Booking.MISSED))


def _end(work: Work) -> int:
    rows = work.all(
        select(_c.id, _c.line, _c.state, _c.desk)
        .where(_c.day < work.today, _c.state.in_(OVER))
        .order_by(_c.id)
        .limit(AT_ONCE)
    )
    for row in rows:
        work.execute(update(t.ticket).where(_c.id == row.id, _c.state == row.state).values(state=State.ENDED))
        tell(work, row.id, Act.END, row.line, row.desk or "", {"from": row.state})
    return len(rows)


def _close(work: Work) -> int:
    """A desk that nobody signed out yesterday would be counted as open today."""
    rows = work.all(
        select(t.desk).where(t.desk.c.state != "closed", t.desk.c.since < _midnight(work)).limit(AT_ONCE)
    )
    for row in rows:
        work.execute(
            update(t.desk).where(t.desk.c.code == row.code).values(state="closed", since=work.now, reason="")
        )
        work.insert(
            t.desk_event, desk=row.code, at=work.now, state="closed", staff_id=row.staff_id, staff_name=row.staff_name,
            lines=row.lines, reason=str(L("day ended")),
        )  # fmt: skip
    return len(rows)
