"""What the caller window, the manager and the home page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, Request, bindparam, func, prepare, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.desks import DeskState, desk_state
from yichuang_queue.operations.tickets import AtDesk, Ticket, ticket_of
from yichuang_queue.rules import predicted_wait
from yichuang_queue.words import words

L = words.lazy
DEFAULT_SERVICE_SECONDS = 480.0
RECENT_SERVICES = 50

_CURRENT = prepare(select(t.ticket).where(t.ticket.c.desk == bindparam("desk"), t.at_desk))
_RECENT = prepare(
    select(t.ticket.c.arrived_at, t.ticket.c.ended_at)
    .where(
        t.ticket.c.line == bindparam("line"), t.ticket.c.state == "done", t.ticket.c.day == bindparam("day")
    )
    .order_by(t.ticket.c.id.desc())
    .limit(RECENT_SERVICES)
)


@dataclass(frozen=True)
class CallerView:
    """Everything the caller window shows about a desk.

    Attributes:
        mean_seconds: Mean service time of the lines served here today, for the bar beside the clock.
        longest_seconds: How long the first in turn has waited.
    """

    desk: DeskState | None
    current: Ticket | None
    waiting: list[Ticket]
    waiting_count: int
    held: list[Ticket]
    passed: list[Ticket]
    longest_seconds: int
    mean_seconds: int
    lines: dict[str, str]


@query("queue.caller", permission="queue.view", title="The caller window of a desk")
def caller(read: Read, request: AtDesk) -> CallerView:
    """The desk, its ticket, who waits for it in the order of calling (at most 50), who is on hold or passed."""
    row = read.one(select(t.desk).where(t.desk.c.code == request.desk))
    current = read.one(_CURRENT, desk=request.desk)
    codes = row.lines if row is not None else []
    waiting = _waiting(read, codes, 50)
    count = read.scalar(
        select(func.count())
        .select_from(t.ticket)
        .where(t.ticket.c.state == "waiting", t.ticket.c.line.in_(codes))
    )
    means = [_mean_service(read, code) for code in codes]
    longest = min((ticket.issued_at for ticket in waiting), default=None)
    names = {line.code: line.name for line in read.all(select(t.line.c.code, t.line.c.name).limit(200))}
    return CallerView(
        desk_state(row) if row is not None else None,
        ticket_of(current) if current is not None else None,
        waiting, int(count), _in_state(read, codes, "held"), _in_state(read, codes, "passed"),
        int((read.now - longest).total_seconds()) if longest else 0,
        int(sum(means) / len(means)) if means else int(DEFAULT_SERVICE_SECONDS),
        names,
    )  # fmt: skip


def _waiting(read: Read, codes: list[str], limit: int) -> list[Ticket]:
    statement = (
        select(t.ticket)
        .where(t.ticket.c.state == "waiting", t.ticket.c.line.in_(codes))
        .order_by(t.ticket.c.rank_at, t.ticket.c.id)
        .limit(limit)
    )
    return [ticket_of(row) for row in read.all(statement)]


def _in_state(read: Read, codes: list[str], state: str) -> list[Ticket]:
    statement = (
        select(t.ticket)
        .where(t.ticket.c.day == read.today, t.ticket.c.state == state, t.ticket.c.line.in_(codes))
        .order_by(t.ticket.c.id.desc())
        .limit(50)
    )
    return [ticket_of(row) for row in read.all(statement)]


def _mean_service(read: Read, line: str) -> float:
    rows = read.all(_RECENT, line=line, day=read.today)
    times = [(r.ended_at - r.arrived_at).total_seconds() for r in rows if r.arrived_at and r.ended_at]
    return sum(times) / len(times) if len(times) >= 5 else DEFAULT_SERVICE_SECONDS


@dataclass(frozen=True)
class LineState:
    """A line as the manager and the kiosk see it."""

    code: str
    name: str
    waiting: int
    longest_seconds: int
    desks: int
    predicted_seconds: int | None


@query("queue.line_states", permission="queue.view", title="The lines now")
def line_states(read: Read) -> list[LineState]:
    """How many wait in each line, how long, and how long a new ticket would."""
    open_desks = [
        d.lines for d in read.all(select(t.desk.c.lines).where(t.desk.c.state == "open").limit(500))
    ]
    waiting = {
        row.line: row
        for row in read.all(
            select(t.ticket.c.line, func.count().label("n"), func.min(t.ticket.c.issued_at).label("oldest"))
            .where(t.ticket.c.state == "waiting")
            .group_by(t.ticket.c.line)
        )
    }
    found = []
    for line in read.all(select(t.line).order_by(t.line.c.position).limit(200)):
        row = waiting.get(line.code)
        desks = sum(line.code in lines for lines in open_desks)
        ahead = row.n if row else 0
        wait = predicted_wait(ahead, _mean_service(read, line.code), desks)
        longest = int((read.now - row.oldest).total_seconds()) if row else 0
        found.append(
            LineState(line.code, line.name, ahead, longest, desks, None if wait is None else int(wait))
        )
    return found


class AskTicket(Request):
    """A ticket by its number today."""

    number: str = Field(min_length=1, max_length=10)


@query("queue.ticket", permission="queue.view", title="A ticket of today")
def ticket(read: Read, request: AskTicket) -> Ticket | None:
    """Today's ticket with a number, if there is one."""
    statement = select(t.ticket).where(
        t.ticket.c.day == read.today, t.ticket.c.number == request.number.upper()
    )
    row = read.one(statement)
    return None if row is None else ticket_of(row)


@query("queue.current", permission="queue.view", title="The ticket at a desk")
def current(read: Read, request: AtDesk) -> Ticket | None:
    """The ticket that a desk has called or serves; acceptance shows it beside the intake."""
    row = read.one(_CURRENT, desk=request.desk)
    return None if row is None else ticket_of(row)


@query("queue.badge", permission="queue.view", title="People waiting for my desk")
def badge(read: Read) -> int:
    """How many wait in the lines of the actor's desk."""
    row = read.one(select(t.desk).where(t.desk.c.code == read.actor.desk)) if read.actor.desk else None
    if row is None:
        return 0
    waiting = (t.ticket.c.state == "waiting") & t.ticket.c.line.in_(row.lines)
    return int(read.scalar(select(func.count()).select_from(t.ticket).where(waiting)))


@dataclass(frozen=True)
class DayFigures:
    """Numbers of the day for the home page."""

    waiting: int
    finished_by_me: int
    half_hours: list[str]
    issued: list[int]


def day_figures(read: Read) -> DayFigures:
    """How many wait in the hall, what the actor finished, tickets in each half hour so far."""
    rows = read.all(
        select(t.ticket.c.issued_at, t.ticket.c.state, t.ticket.c.staff_id)
        .where(t.ticket.c.day == read.today)
        .limit(20000)
    )
    start = datetime(read.today.year, read.today.month, read.today.day, 8, 30, tzinfo=HALL_ZONE)
    now = read.now.astimezone(HALL_ZONE)
    slots = max(1, min(18, int((now - start) / timedelta(minutes=30)) + 1))
    issued = [0] * slots
    for row in rows:
        slot = int((row.issued_at.astimezone(HALL_ZONE) - start) / timedelta(minutes=30))
        issued[min(max(slot, 0), slots - 1)] += 1
    labels = [f"{start + timedelta(minutes=30 * i):%H:%M}" for i in range(slots)]
    return DayFigures(
        sum(r.state == "waiting" for r in rows),
        sum(r.state == "done" and r.staff_id == read.actor.staff_id for r in rows),
        labels,
        issued,
    )


def find(read: Read, text: str, limit: int) -> list[Any]:
    """Today's tickets whose number begins with a text, for the palette."""
    pattern = text.upper().replace("%", "").replace("_", "") + "%"
    return read.all(
        select(t.ticket)
        .where(t.ticket.c.day == read.today, t.ticket.c.number.like(pattern))
        .order_by(t.ticket.c.id)
        .limit(limit)
    )
