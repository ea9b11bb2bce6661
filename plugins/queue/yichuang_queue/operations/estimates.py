"""How long somebody will wait: what the estimator needs, read from the tables; what finished days taught it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import Read, bindparam, func, prepare, select
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import MOST_LINES

_c = t.ticket.c
_AHEAD = prepare(
    select(func.count()).where(
        _c.day == bindparam("day"), _c.line == bindparam("line"), t.in_line, _c.rank_at <= bindparam("rank")
    )
)
_OPEN = prepare(select(t.desk.c.code, t.desk.c.lines).where(t.desk.c.state == "open"))
_RECENT = prepare(
    select(_c.arrived_at, _c.ended_at)
    .where(_c.day == bindparam("day"), _c.line == bindparam("line"), _c.state == "done")
    .order_by(_c.id.desc())
    .limit(50)
)
DEFAULT_SERVICE_SECONDS = 480.0
FEWEST_SERVICES = 5


@dataclass(frozen=True)
class Estimate:
    """A wait in seconds with its 80 % interval."""

    seconds: float
    low: float
    high: float


Seconds = tuple[int | None, int | None, int | None]


def in_seconds(wait: Estimate | None) -> Seconds:
    """A wait and the two ends of its interval in whole seconds; three times None where nothing can be said."""
    return (None, None, None) if wait is None else (round(wait.seconds), round(wait.low), round(wait.high))


def promise(read: Read, line: str, rank: datetime, but: int | None = None) -> tuple[int, Estimate | None]:
    """How many stand before a rank in a line, and the wait to be promised (None where no desk serves the line).

    Args:
        read: Where to look.
        line: Its code.
        rank: The ticket's.
        but: A ticket that is itself in the line already.
    """
    ahead = int(read.scalar(_AHEAD, day=read.today, line=line, rank=rank)) - (but is not None)
    desks = sum(line in row.lines for row in read.all(_OPEN))
    return ahead, _estimate(ahead, mean_service(read, line), desks)


def _estimate(ahead: int, mean: float, desks: int) -> Estimate | None:
    seconds = (ahead + 1) * mean / desks if desks else 0.0
    return Estimate(seconds, 0.5 * seconds, 1.6 * seconds) if desks else None


def waits(read: Read) -> list[tuple[Any, int, float, Estimate | None]]:
    """For every line: its row, the open desks that serve it, its mean service time in seconds, the wait of a new ticket."""
    lines = read.all(select(t.line).order_by(t.line.c.position).limit(MOST_LINES))
    serving = [row.lines for row in read.all(_OPEN)]
    found = []
    for line in lines:
        desks = sum(line.code in each for each in serving)
        mean = mean_service(read, line.code)
        ahead = int(read.scalar(_AHEAD, day=read.today, line=line.code, rank=read.now))
        found.append((line, desks, mean, _estimate(ahead, mean, desks)))
    return found


def mean_service(read: Read, line: str) -> float:
    """Seconds of a service in a line: the mean of today's last ones, or the hall's usual time where there are few."""
    rows = read.all(_RECENT, day=read.today, line=line)
    times = [
        (row.ended_at - row.arrived_at).total_seconds() for row in rows if row.arrived_at and row.ended_at
    ]
    return sum(times) / len(times) if len(times) >= FEWEST_SERVICES else DEFAULT_SERVICE_SECONDS
