"""What else the queue manager's page shows: the day's tickets, one desk's day, a past day to be replayed, who can serve what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, and_, func, hall, or_, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk
from yichuang_queue.operations.console import day_begins, hall_desks
from yichuang_queue.operations.estimates import waits
from yichuang_queue.operations.lines import MOST_LINES
from yichuang_queue.rules.estimate import DEFAULT_SERVICE_SECONDS
from yichuang_queue.rules.floor import DeskNow, LineNow
from yichuang_queue.rules.past_day import DeskEvent, TicketEvent
from yichuang_queue.rules.tickets import Act, State

MOST_EVENTS = 20_000
MOST_TICKETS = 1000
MOST_OF_DESK = 200
MOST_STAFF = 2000
_c, _e, _x = t.ticket.c, t.event.c, t.desk_event.c


class AskStream(Request):
    """Which tickets of a day; today's by default.

    Attributes:
        state, line, desk: Only these; empty for all.
        text: The beginning of a number, or a part of the business.
        before: Only tickets older than the one of this id: the next page.
    """

    day: date | None = None
    state: State | None = None
    line: str = ""
    desk: str = ""
    text: str = Field("", max_length=60)
    before: int | None = None
    count: int = Field(200, ge=1, le=MOST_TICKETS)


@dataclass(frozen=True)
class StreamRow:
    """A ticket with its moments."""

    id: int
    number: str
    business: str
    line: str
    state: str
    priority: str
    person: str
    desk: str
    staff_name: str
    issued_at: datetime
    called_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    calls: int


@dataclass(frozen=True)
class Stream:
    """A page of tickets, the newest first.

    Attributes:
        total: How many there are in all pages.
        lines: Code to name of every line, for the filter.
    """

    rows: list[StreamRow]
    total: int
    lines: dict[str, str]


@query("queue.stream", permission="queue.balance", title="Tickets of a day")
def stream(read: Read, request: AskStream) -> Stream:
    """The tickets of a day, the newest first, by pages."""
    where = [_c.day == (request.day or read.today)]
    if request.state is not None:
        where.append(_c.state == request.state)
    if request.line:
        where.append(_c.line == request.line)
    if request.desk:
        where.append(_c.desk == request.desk)
    if request.text:
        number = _c.number.startswith(request.text.upper(), autoescape=True)
        where.append(or_(number, _c.business.contains(request.text, autoescape=True)))
    total = int(read.scalar(select(func.count()).select_from(t.ticket).where(*where)))
    if request.before is not None:
        where.append(_c.id < request.before)
    names = {row.code: row.name for row in read.all(select(t.line.c.code, t.line.c.name).limit(MOST_LINES))}
    return Stream(_rows(read, and_(*where), request.count), total, names)


def _rows(read: Read, where: Any, count: int) -> list[StreamRow]:
    statement = (
        select(t.ticket, hall.staff.c.name.label("staff_name"))
        .select_from(t.ticket.outerjoin(hall.staff, hall.staff.c.id == _c.staff_id))
        .where(where)
        .order_by(_c.id.desc())
        .limit(count)
    )
    return [
        StreamRow(
            row.id, row.number, row.business, row.line, row.state, row.priority, row.person, row.desk or "",
            row.staff_name or "", row.issued_at, row.called_at, row.arrived_at, row.ended_at, row.calls,
        )
        for row in read.all(statement)
    ]  # fmt: skip


@dataclass(frozen=True)
class DeskDay:
    """What a desk did today.

    Attributes:
        served: Finished services.
        mean_seconds: Of those services; 0 without any.
        tickets: The newest first, at most 200.
        changes: Opened, paused, moved to other lines; in order.
        lines: Code to name of every line.
    """

    desk: str
    served: int
    mean_seconds: int
    tickets: list[StreamRow]
    changes: list[DeskEvent]
    lines: dict[str, str]


@query("queue.desk_day", permission="queue.balance", title="A desk's day")
def desk_day(read: Read, request: AtDesk) -> DeskDay:
    """The tickets and changes of one desk today."""
    tickets = _rows(read, and_(_c.day == read.today, _c.desk == request.desk), MOST_OF_DESK)
    times = [
        (row.ended_at - row.arrived_at).total_seconds()
        for row in tickets
        if row.state == State.DONE and row.arrived_at and row.ended_at
    ]
    since = _x.at >= day_begins(read.today)
    rows = read.all(
        select(t.desk_event).where(_x.desk == request.desk, since).order_by(_x.id).limit(MOST_OF_DESK)
    )
    names = {row.code: row.name for row in read.all(select(t.line.c.code, t.line.c.name).limit(MOST_LINES))}
    mean = int(sum(times) / len(times)) if times else 0
    return DeskDay(request.desk, len(times), mean, tickets, [_change(row) for row in rows], names)


def _change(row: Any) -> DeskEvent:
    return DeskEvent(row.desk, row.at, row.state, row.staff_id, row.staff_name, tuple(row.lines), row.reason)


class AskPastDay(Request):
    """A day, and behind which event to go on: at most 20,000 come at once."""

    day: date
    after: int = Field(0, ge=0)


@dataclass(frozen=True)
class PastDayPart:
    """What happened on a day, to be wound through by `rules.past_day.PastDay`.

    Attributes:
        desks, lines: The hall as it is laid out, before anything happens.
        means: Line -> usual service time in seconds.
        changes: Of desks; the last one of each from before the day first. Only in the first part.
        more: The last event of this part where others follow, else None.
    """

    day: date
    desks: list[DeskNow]
    lines: list[LineNow]
    means: dict[str, int]
    tickets: list[TicketEvent]
    changes: list[DeskEvent]
    more: int | None


@query("queue.past_day", permission="queue.balance", title="A day to replay")
def past_day(read: Read, request: AskPastDay) -> PastDayPart:
    """The events of a day, in order and by parts."""
    begins = day_begins(request.day)
    ends = begins + timedelta(days=1)
    statement = (
        select(_e.id, _e.ticket_id, _e.at, _e.act, _e.line, _e.desk, _e.detail, _c.number, _c.business, _c.issued_at)
        .select_from(t.event.join(t.ticket, _c.id == _e.ticket_id))
        .where(_e.at >= begins, _e.at < ends, _e.id > request.after)
        .order_by(_e.id)
        .limit(MOST_EVENTS)
    )  # fmt: skip
    rows = read.all(statement)
    lines = read.all(select(t.line).order_by(t.line.c.position).limit(MOST_LINES))
    plan = [DeskNow(desk.code, desk.zone, desk.group) for desk in hall_desks(read)]
    empty = [LineNow(line.code, line.name, line.zone, line.target_minutes) for line in lines]
    if request.day == read.today:
        means = {line.code: round(mean) for line, _, mean, _ in waits(read)}
    else:
        means = {line.code: round(DEFAULT_SERVICE_SECONDS) for line in lines} | _means(rows)
    changes = [] if request.after else _changes(read, begins, ends)
    more = rows[-1].id if len(rows) == MOST_EVENTS else None
    return PastDayPart(request.day, plan, empty, means, _ticket_events(rows), changes, more)


def _ticket_events(rows: list[Any]) -> list[TicketEvent]:
    """A ticket that went on to a further business was first for what its first finished service was for."""
    first: dict[int, str] = {}
    for row in rows:
        if row.act == Act.FINISH:
            first.setdefault(row.ticket_id, row.detail.get("business", ""))
    seen: set[int] = set()
    found = []
    for row in rows:
        named = row.act in (Act.ISSUE, Act.TRANSFER)
        business = str(row.detail.get("business") or "") if named else ""
        if row.ticket_id not in seen:
            seen.add(row.ticket_id)
            business = business or first.get(row.ticket_id) or row.business
        joined = row.issued_at if row.act == Act.ISSUE else None
        found.append(
            TicketEvent(row.ticket_id, row.at, Act(row.act), row.line, row.desk, row.number, business, joined)
        )
    return found


def _means(rows: list[Any]) -> dict[str, int]:
    """Line -> mean seconds from coming to finishing, over the day."""
    begun: dict[int, datetime] = {}
    times: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.act == Act.ARRIVE:
            begun[row.ticket_id] = row.at
        elif row.act == Act.FINISH and row.ticket_id in begun:
            times[row.line].append((row.at - begun.pop(row.ticket_id)).total_seconds())
    return {line: round(sum(each) / len(each)) for line, each in times.items()}


def _changes(read: Read, begins: datetime, ends: datetime) -> list[DeskEvent]:
    last = select(func.max(_x.id)).where(_x.at < begins).group_by(_x.desk).limit(MOST_TICKETS)
    before = read.all(select(t.desk_event).where(_x.id.in_(last)).order_by(_x.id))
    rows = read.all(
        select(t.desk_event).where(_x.at >= begins, _x.at < ends).order_by(_x.id).limit(MOST_EVENTS)
    )
    return [_change(row) for row in [*before, *rows]]


@dataclass(frozen=True)
class StaffLines:
    """A member of staff and what the person can serve; no lines: everything."""

    staff_id: int
    name: str
    agency: str
    desk: str
    lines: list[str]


@query("queue.staff_lines", permission="queue.balance", title="Who can serve what")
def staff_lines(read: Read) -> list[StaffLines]:
    """Active staff with a desk or with skills, by desk."""
    s, k = hall.staff.c, t.skill.c
    rows = read.all(
        select(s.id, s.name, s.desk, k.lines, hall.agency.c.short_name)
        .select_from(hall.staff.join(hall.agency).outerjoin(t.skill, k.staff_id == s.id))
        .where(s.active.is_(True), or_(s.desk.is_not(None), k.staff_id.is_not(None)))
        .order_by(s.desk, s.id)
        .limit(MOST_STAFF)
    )
    return [StaffLines(row.id, row.name, row.short_name, row.desk or "", row.lines or []) for row in rows]
