"""What the caller window, the kiosk, phones and the home page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, Request, UserError, func, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk
from yichuang_queue.operations.desks import AT_DESK, DESK, DeskState, desk_state
from yichuang_queue.operations.estimates import in_seconds, mean_service, promise, waits
from yichuang_queue.operations.lines import MOST_LINES
from yichuang_queue.operations.tickets import Ticket, ticket_of
from yichuang_queue.rules.tickets import State
from yichuang_queue.words import words

L = words.lazy
MOST_SHOWN = 50
_c = t.ticket.c


@dataclass(frozen=True)
class CallerView:
    """Everything the caller window shows about a desk.

    Attributes:
        waiting: Who waits in the desk's lines or is directed to it, in the lines' order; at most 50.
        mean_seconds: Mean service time of the lines served here today, for the bar beside the clock.
        longest_seconds: How long the first of them has waited.
        lines: Code to name of every line.
        open_help: The desk's call for help that nobody has answered yet.
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
    open_help: bool


@query("queue.caller", permission="queue.view", title="The caller window of a desk")
def caller(read: Read, request: AtDesk) -> CallerView:
    """The desk, its ticket, who waits for it, who is on hold or passed."""
    row = read.one(DESK, code=request.desk)
    current_ = read.one(AT_DESK, desk=request.desk)
    codes = row.lines if row is not None else []
    here = _waits_for(read, request.desk, codes)
    waiting = read.all(select(t.ticket).where(here).order_by(_c.rank_at, _c.id).limit(MOST_SHOWN))
    count = read.scalar(select(func.count()).select_from(t.ticket).where(here))
    means = [mean_service(read, code) for code in codes]
    longest = min((each.queued_at for each in waiting), default=None)
    names = {
        line.code: line.name for line in read.all(select(t.line.c.code, t.line.c.name).limit(MOST_LINES))
    }
    help_ = select(t.message.c.id).where(
        t.message.c.kind == "emergency", t.message.c.desk == request.desk, t.message.c.answered_at.is_(None)
    )
    return CallerView(
        desk_state(row) if row is not None else None,
        ticket_of(current_) if current_ is not None else None,
        [ticket_of(each) for each in waiting], int(count),
        _in_state(read, "held", _held_for(request.desk, codes)), _in_state(read, "passed", _c.line.in_(codes)),
        int((read.now - longest).total_seconds()) if longest else 0,
        int(sum(means) / len(means)) if means else 0, names, read.one(help_.limit(1)) is not None,
    )  # fmt: skip


def _waits_for(read: Read, desk: str, lines: list[str]) -> Any:
    """Who waits in a desk's lines for nobody else, or is directed to it or to the actor."""
    mine = (_c.for_desk == desk) | (_c.for_staff == read.actor.staff_id)
    return (_c.day == read.today) & t.waiting & (((t.in_line | t.stranded) & _c.line.in_(lines)) | mine)


def _held_for(desk: str, lines: list[str]) -> Any:
    """What a desk put on hold, and what desks that have closed since left on hold in its lines."""
    closed = select(t.desk.c.code).where(t.desk.c.state == "closed")
    return (_c.desk == desk) | (_c.line.in_(lines) & _c.desk.in_(closed))


def _in_state(read: Read, state: str, where: Any) -> list[Ticket]:
    statement = select(t.ticket).where(_c.day == read.today, _c.state == state, where)
    return [ticket_of(row) for row in read.all(statement.order_by(_c.id.desc()).limit(MOST_SHOWN))]


@dataclass(frozen=True)
class LineState:
    """A line as the manager, the kiosk and the boards see it.

    Attributes:
        longest_seconds: How long the one waiting longest has waited in this line.
        desks: Open desks that serve it.
        predicted_seconds, predicted_low, predicted_high: The wait of a ticket taken now, with its 80 % interval; None
            where no desk is open.
    """

    code: str
    name: str
    name_mn: str
    zone: str
    waiting: int
    longest_seconds: int
    target_minutes: int
    desks: int
    mean_seconds: int
    predicted_seconds: int | None
    predicted_low: int | None
    predicted_high: int | None


@query("queue.line_states", permission=None, title="The lines now")
def line_states(read: Read) -> list[LineState]:
    """How many wait in each line, how long, and how long a new ticket would; no names, for everybody to see."""
    waiting = {
        row.line: row
        for row in read.all(
            select(_c.line, func.count().label("n"), func.min(_c.queued_at).label("oldest"))
            .where(_c.day == read.today, _c.state == "waiting")
            .group_by(_c.line)
        )
    }
    found = []
    for line, desks, mean, wait in waits(read):
        row = waiting.get(line.code)
        longest = int((read.now - row.oldest).total_seconds()) if row else 0
        found.append(
            LineState(
                line.code, line.name, line.name_mn, line.zone, row.n if row else 0, longest, line.target_minutes, desks,
                round(mean), *in_seconds(wait),
            )
        )  # fmt: skip
    return found


class AskTicket(Request):
    """A ticket by its number today."""

    number: str = Field(min_length=1, max_length=10)


@query("queue.ticket", permission="queue.view", title="A ticket of today")
def ticket(read: Read, request: AskTicket) -> Ticket | None:
    """Today's ticket with a number, if there is one."""
    row = read.one(select(t.ticket).where(_c.day == read.today, _c.number == request.number.upper()))
    return None if row is None else ticket_of(row)


class AskToken(Request):
    """What stands in a ticket's QR code."""

    token: str = Field(min_length=8, max_length=40)


@dataclass(frozen=True)
class MyTicket:
    """How a ticket stands, for whoever holds it; no name.

    Attributes:
        ahead: How many are before it in its line.
        wait_seconds, wait_low, wait_high: From now, with the 80 % interval; None where no desk serves the line.
    """

    number: str
    state: str
    business: str
    line: str
    desk: str
    ahead: int
    issued_at: datetime
    wait_seconds: int | None
    wait_low: int | None
    wait_high: int | None
    hall: str
    hall_mn: str
    line_mn: str


@query("queue.my_ticket", permission=None, title="How my ticket stands")
def my_ticket(read: Read, request: AskToken) -> MyTicket:
    """Position and predicted wait of a ticket, by the secret in its QR code. Errors: UNKNOWN_TICKET."""
    row = read.one(select(t.ticket).where(_c.token == request.token))
    if row is None:
        raise UserError("UNKNOWN_TICKET", L("There is no such ticket."))
    ahead, wait = 0, None
    if row.state == State.WAITING and row.day == read.today:
        in_line = not row.for_desk and row.for_staff is None
        said = promise(read, row.line, row.rank_at, priority=row.priority != "none", but=in_line)
        ahead, wait = said.ahead, said.wait
    line = read.one(select(t.line.c.name, t.line.c.name_mn).where(t.line.c.code == row.line))
    return MyTicket(
        row.number, row.state, row.business, line.name, row.desk or row.for_desk, ahead, row.issued_at,
        *in_seconds(wait), str(read.setting("hall.name", "")), str(read.setting("hall.name_mn", "")), line.name_mn,
    )  # fmt: skip


@query("queue.current", permission="queue.view", title="The ticket at a desk")
def current(read: Read, request: AtDesk) -> Ticket | None:
    """The ticket that a desk has called or serves; acceptance shows it beside the intake."""
    row = read.one(AT_DESK, desk=request.desk)
    return None if row is None else ticket_of(row)


@query("queue.badge", permission="queue.view", title="People waiting for my desk")
def badge(read: Read) -> int:
    """How many the caller window of the actor's desk counts."""
    row = read.one(DESK, code=read.actor.desk) if read.actor.desk else None
    if row is None:
        return 0
    here = _waits_for(read, row.code, row.lines)
    return int(read.scalar(select(func.count()).select_from(t.ticket).where(here)))


@dataclass(frozen=True)
class DayFigures:
    """Numbers of the day for the home page."""

    waiting: int
    half_hours: list[str]
    issued: list[int]


def day_figures(read: Read) -> DayFigures:
    """How many wait in the hall, tickets in each half hour so far."""
    rows = read.all(select(_c.issued_at, _c.state).where(_c.day == read.today).limit(20000))
    start = datetime(read.today.year, read.today.month, read.today.day, 8, 30, tzinfo=HALL_ZONE)
    now = read.now.astimezone(HALL_ZONE)
    slots = max(1, min(18, int((now - start) / timedelta(minutes=30)) + 1))
    issued = [0] * slots
    for row in rows:
        slot = int((row.issued_at.astimezone(HALL_ZONE) - start) / timedelta(minutes=30))
        issued[min(max(slot, 0), slots - 1)] += 1
    labels = [f"{start + timedelta(minutes=30 * i):%H:%M}" for i in range(slots)]
    return DayFigures(sum(row.state == "waiting" for row in rows), labels, issued)


def find(read: Read, text: str, limit: int) -> list[Any]:
    """Today's tickets whose number begins with a text, for the palette."""
    statement = select(t.ticket).where(
        _c.day == read.today, _c.number.startswith(text.upper(), autoescape=True)
    )
    return read.all(statement.order_by(_c.id).limit(limit))
