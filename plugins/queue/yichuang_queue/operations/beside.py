"""What a desk asks beside its own view: where a ticket can be sent, and whether its holder was here lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from yichuang.api import Read, Request, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk

LOOK_BACK_DAYS = 90
MOST_TARGETS = 200
_c = t.ticket.c


@dataclass(frozen=True)
class Target:
    """A desk that a ticket can be sent to, with the person who sits there.

    Attributes:
        lines: Codes of the lines that it serves.
    """

    desk: str
    staff_id: int
    staff_name: str
    paused: bool
    lines: list[str]


@query("queue.targets", permission="queue.view", title="Where a ticket can be sent")
def targets(read: Read, request: AtDesk) -> list[Target]:
    """The other desks that are open or have a break, by their codes; at most 200."""
    d = t.desk.c
    rows = read.all(
        select(t.desk)
        .where(d.state != "closed", d.code != request.desk, d.staff_id.is_not(None))
        .order_by(d.code)
        .limit(MOST_TARGETS)
    )
    return [Target(r.code, r.staff_id, r.staff_name, r.state == "paused", r.lines) for r in rows]


class AskSeen(Request):
    """A ticket."""

    ticket_id: int


@query("queue.seen_before", permission="queue.view", title="Whether the holder was here lately")
def seen_before(read: Read, request: AskSeen) -> bool | None:
    """Whether the holder of a ticket took an earlier one in the last 90 days; None where no card was read.

    By single days, because the index of holders begins with the day.
    """
    row = read.one(select(_c.holder, _c.day).where(_c.id == request.ticket_id))
    if row is None or not row.holder:
        return None
    days = [row.day - timedelta(days=back) for back in range(LOOK_BACK_DAYS)]
    earlier = select(_c.id).where(_c.day.in_(days), _c.holder == row.holder, _c.id < request.ticket_id)
    return read.one(earlier.limit(1)) is not None
