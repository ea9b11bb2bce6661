"""What the hall sees and hears: the boards' snapshot, the calls since, what is to be said. For everybody; never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, func, hall, prepare, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import pass_rule
from yichuang_queue.operations.messages import notices, recent_messages
from yichuang_queue.operations.views import LineState, line_states

MOST_CALLS = 24
MOST_AT_ONCE = 50
BROADCAST_SECONDS = 60
"""How long a broadcast stays on the boards."""
_c = t.ticket.c
_EVENT_END = prepare(select(func.max(t.event.c.id)))


@dataclass(frozen=True)
class Call:
    """A call as a board shows it; no name and no identity number.

    Attributes:
        event_id: Which event it was; a board that has shown up to one asks for what came after.
        again: A repeated call.
        business: What the ticket was taken for.
        coming: The ticket is still called to this desk: its holder has not come, and has not been passed.
    """

    event_id: int
    number: str
    desk: str
    line: str
    zone: str
    at: datetime
    again: bool
    business: str
    coming: bool


@dataclass(frozen=True)
class ShownDesk:
    """A desk on its own board: open, paused (with the reason) or closed."""

    code: str
    state: str
    reason: str


@dataclass(frozen=True)
class Board:
    """Everything a board shows, to be built from nothing.

    Attributes:
        last_event: The newest event that is in it.
        calls: The newest calls whose tickets are still at their desks, newest first, each number once.
        passed: Numbers that were passed and can still come back.
        notices: Texts of the broadcasts of the last minute and of the notices that stand now.
        zones: Code to name of every zone, for the desks' places.
        hall_mn, zone_mn: Mongolian names; empty where none is given.
        zone: Name of the board's zone; empty for the whole hall, and where there is no such zone.
        desk: The desk of a desk's board, None where there is no such desk.
    """

    last_event: int
    now: datetime
    hall: str
    calls: list[Call]
    lines: list[LineState]
    passed: list[str]
    notices: list[str]
    zones: dict[str, str]
    hall_mn: str
    zone: str
    zone_mn: str
    desk: ShownDesk | None


class AskBoard(Request):
    """Whose board: a zone's or a desk's; the whole hall's with neither."""

    zone: str = Field("", max_length=40)
    desk: str = Field("", max_length=40)


@query("queue.board", permission=None, title="The board")
def board(read: Read, request: AskBoard) -> Board:
    """What a board shows now; for everybody to see."""
    lines = [each for each in line_states(read) if request.zone in ("", each.zone)]
    shown = {each.code for each in lines}
    passed = (
        select(_c.number, _c.ended_at, t.line)
        .join(t.line, t.line.c.code == _c.line)
        .where(_c.day == read.today, _c.state == "passed", _c.line.in_(shown))
        .order_by(_c.ended_at.desc())
        .limit(MOST_AT_ONCE)
    )
    zones = {row.code: row for row in read.all(select(hall.zone).order_by(hall.zone.c.position).limit(200))}
    own = zones.get(request.zone)
    broadcasts = [
        each.text
        for each in recent_messages(read)
        if each.kind == "broadcast"
        and each.zone in ("", request.zone)
        and (read.now - each.at).total_seconds() < BROADCAST_SECONDS
    ]
    return Board(
        int(read.scalar(_EVENT_END) or 0), read.now, str(read.setting("hall.name", "")),
        _standing(_calls(read, 0, request, at_desk=True)), lines,
        [row.number for row in read.all(passed) if pass_rule(row).may_return(row.ended_at, read.now)],
        broadcasts + [each.text for each in notices(read, request.zone)],
        {code: row.name for code, row in zones.items()}, str(read.setting("hall.name_mn", "")),
        own.name if own else "", own.name_mn if own else "", _shown_desk(read, request.desk),
    )  # fmt: skip


def _standing(newest_first: list[Call]) -> list[Call]:
    """Each number once, with its newest call."""
    found: dict[str, Call] = {}
    for each in newest_first:
        found.setdefault(each.number, each)
    return list(found.values())[:MOST_CALLS]


def _shown_desk(read: Read, code: str) -> ShownDesk | None:
    if not code or read.one(select(hall.desk.c.code).where(hall.desk.c.code == code)) is None:
        return None
    row = read.one(select(t.desk.c.state, t.desk.c.reason).where(t.desk.c.code == code))
    return ShownDesk(code, row.state, row.reason) if row is not None else ShownDesk(code, "closed", "")


class AskCalls(AskBoard):
    """A board and the last event that it has shown."""

    after: int = Field(ge=0)


@query("queue.calls", permission=None, title="Calls since")
def calls(read: Read, request: AskCalls) -> list[Call]:
    """The calls after an event, oldest first, at most 50; for boards and voices. Everybody may see them."""
    return _calls(read, request.after, request, at_desk=False)


def _calls(read: Read, after: int, request: AskBoard, *, at_desk: bool) -> list[Call]:
    """Calls of today after an event, oldest first; with `at_desk` those that still stand, newest first."""
    e = t.event.c
    statement = (
        select(e.id, e.act, e.desk, e.at, e.line, _c.number, _c.business, _c.state, _c.desk.label("now_at"), hall.desk.c.zone)
        .select_from(
            t.event.join(t.ticket, _c.id == e.ticket_id).outerjoin(hall.desk, hall.desk.c.code == e.desk)
        )
        .where(e.id > after, e.act.in_(("call", "recall")), e.desk != "", _c.day == read.today)
    )  # fmt: skip
    if request.zone:
        statement = statement.where(hall.desk.c.zone == request.zone)
    if request.desk:
        statement = statement.where(e.desk == request.desk)
    standing = t.at_desk & (_c.desk == e.desk)
    ordered = statement.where(standing).order_by(e.id.desc()) if at_desk else statement.order_by(e.id)
    return [_call_of(row) for row in read.all(ordered.limit(MOST_AT_ONCE))]


def _call_of(row: Any) -> Call:
    coming = row.state == "called" and row.now_at == row.desk
    return Call(
        row.id,
        row.number,
        row.desk,
        row.line,
        row.zone or "",
        row.at,
        row.act == "recall",
        row.business,
        coming,
    )


@dataclass(frozen=True)
class Said:
    """Something besides calls that a zone's voice says.

    Attributes:
        kind: broadcast (its text is said) or emergency (only the desk is said: the text is for the staff).
    """

    message_id: int
    kind: str
    desk: str
    text: str
    at: datetime


class AskSaid(Request):
    """A zone (the whole hall without one) and the last message that was said there."""

    zone: str = Field("", max_length=40)
    after: int = Field(ge=0)


@query("queue.said", permission=None, title="Said since")
def said(read: Read, request: AskSaid) -> list[Said]:
    """Broadcasts and unanswered calls for help of the last ten minutes, oldest first, at most 50; for voices."""
    m = t.message.c
    desk = hall.desk.c
    statement = (
        select(m.id, m.kind, m.desk, m.text, m.at, m.zone, desk.zone.label("of_desk"))
        .select_from(t.message.outerjoin(hall.desk, desk.code == m.desk))
        .where(m.id > request.after, m.at > read.now - timedelta(minutes=10))
        .where((m.kind == "broadcast") | ((m.kind == "emergency") & (m.desk != "") & m.answered_at.is_(None)))
    )
    if request.zone:
        here = ((m.kind == "broadcast") & m.zone.in_(("", request.zone))) | (desk.zone == request.zone)
        statement = statement.where(here)
    return [
        Said(row.id, row.kind, row.desk, row.text if row.kind == "broadcast" else "", row.at)
        for row in read.all(statement.order_by(m.id).limit(MOST_AT_ONCE))
    ]
