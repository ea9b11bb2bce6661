"""What time does by itself: missed appointments, tickets and desks of a day that has ended; harmless to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from yichuang.api import HALL_ZONE, Work, operation, select, update
from yichuang_queue import tables as t
from yichuang_queue.operations.advice import end_overdue
from yichuang_queue.operations.issuing import check_in_window
from yichuang_queue.operations.tickets import tell
from yichuang_queue.rules.appointments import Booking
from yichuang_queue.rules.tickets import Act, State
from yichuang_queue.words import words

L = words.lazy
AT_ONCE = 500
_c, _a = t.ticket.c, t.appointment.c


@dataclass(frozen=True)
class Ticked:
    """How many appointments were found missed, tickets ended, desks closed, and loans of desks given back."""

    missed: int
    ended: int
    closed: int
    returned: int


@operation("queue.tick", permission="queue.call", title="Let time pass")
def tick(work: Work) -> Ticked:
    """Mark missed appointments, end the tickets of days before, close the desks left open overnight. Harmless to repeat."""
    ticked = Ticked(_miss(work), _end(work), _close(work), end_overdue(work))
    work.subject = "queue:tick"
    return ticked


def _miss(work: Work) -> int:
    late = work.now - timedelta(minutes=check_in_window(work).after)
    missed = (
        update(t.appointment)
        .where(_a.state == Booking.BOOKED, _a.ends_at < late)
        .values(state=Booking.MISSED)
    )
    return work.execute(missed)


def _end(work: Work) -> int:
    over = (State.WAITING, State.HELD, State.PASSED, State.CALLED, State.SERVING)
    rows = work.all(
        select(_c.id, _c.line, _c.state, _c.desk)
        .where(_c.day < work.today, _c.state.in_(over))
        .order_by(_c.id)
        .limit(AT_ONCE)
    )
    for row in rows:
        work.execute(update(t.ticket).where(_c.id == row.id, _c.state == row.state).values(state=State.ENDED))
        tell(work, row.id, Act.END, row.line, row.desk or "", {"from": row.state})
    return len(rows)


def _close(work: Work) -> int:
    """A desk that nobody signed out yesterday would be counted as open today."""
    midnight = work.now.astimezone(HALL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = work.all(
        select(t.desk).where(t.desk.c.state != "closed", t.desk.c.since < midnight).limit(AT_ONCE)
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
