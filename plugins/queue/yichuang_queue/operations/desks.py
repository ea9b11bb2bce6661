"""Lines of the hall and desks signing in to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    delete,
    hall,
    insert,
    operation,
    prepare,
    query,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.words import words

L = words.lazy
_DESK = prepare(select(t.desk).where(t.desk.c.code == bindparam("code")))


class LineRow(Request):
    """A line: what people queue for.

    Attributes:
        agencies: Codes of the agencies whose items are taken here; empty for every agency.
    """

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=60)
    prefix: str = Field(pattern=r"^[A-Z]{1,2}$")
    first: int = Field(1, ge=0)
    last: int = Field(999, ge=1, le=9999)
    zone: str = ""
    agencies: tuple[str, ...] = ()


class SetLines(Request):
    """All lines of the hall, in the order of the kiosk."""

    lines: tuple[LineRow, ...] = Field(min_length=1, max_length=200)


@operation("queue.set_lines", permission="queue.manage", title="Set the lines")
def set_lines(work: Work, request: SetLines) -> int:
    """Replace the lines; one that has tickets stays. Errors: LINE_IN_USE, LINE_TWICE."""
    codes = [row.code for row in request.lines]
    if len(set(codes)) < len(codes) or len({row.prefix for row in request.lines}) < len(codes):
        raise UserError("LINE_TWICE", L("Two lines have the same code or prefix."))
    used = {row.line for row in work.all(select(t.ticket.c.line).distinct())}
    if used - set(codes):
        raise UserError(
            "LINE_IN_USE",
            L("Line {line} has tickets and must stay.", line="、".join(sorted(used - set(codes)))),
        )
    known = {row.code for row in work.all(select(t.line.c.code))}
    work.execute(delete(t.line).where(t.line.c.code.not_in(codes)))
    for position, row in enumerate(request.lines):
        values = {**row.model_dump(), "agencies": list(row.agencies), "position": position}
        if row.code in known:
            work.execute(update(t.line).where(t.line.c.code == row.code).values(**values))
        else:
            work.execute(insert(t.line).values(**values))
    work.subject = "queue:lines"
    return len(codes)


@query("queue.lines", permission="queue.view", title="Lines")
def lines(read: Read) -> list[LineRow]:
    """The lines, in the kiosk's order."""
    rows = read.all(select(t.line).order_by(t.line.c.position).limit(200))
    return [
        LineRow(
            code=r.code,
            name=r.name,
            prefix=r.prefix,
            first=r.first,
            last=r.last,
            zone=r.zone,
            agencies=tuple(r.agencies),
        )
        for r in rows
    ]


@dataclass(frozen=True)
class DeskState:
    """A desk and what it does."""

    code: str
    state: str
    reason: str
    staff_name: str
    lines: list[str]
    since: datetime


def desk_state(row: Any) -> DeskState:
    """A table row as callers see it."""
    return DeskState(row.code, row.state, row.reason, row.staff_name, row.lines, row.since)


class OpenDesk(Request):
    """A desk and the lines it serves; none named means all."""

    desk: str
    lines: tuple[str, ...] = ()


@operation("queue.open_desk", permission="queue.call", title="Open a desk")
def open_desk(work: Work, request: OpenDesk) -> DeskState:
    """Sign in to a desk and serve its lines. Errors: UNKNOWN_DESK, DESK_TAKEN, UNKNOWN_LINE."""
    if work.scalar(select(hall.desk.c.code).where(hall.desk.c.code == request.desk)) is None:
        raise UserError("UNKNOWN_DESK", L("There is no desk {desk}.", desk=request.desk))
    known = [row.code for row in work.all(select(t.line.c.code).order_by(t.line.c.position))]
    unknown = set(request.lines) - set(known)
    if unknown or not known:
        raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line="、".join(sorted(unknown)) or "–"))
    row = work.one(_DESK, code=request.desk)
    if row is not None and row.state != "closed" and row.staff_id != work.actor.staff_id:
        raise UserError(
            "DESK_TAKEN",
            L("{name} is signed in at desk {desk}.", name=row.staff_name, desk=request.desk),
            do=L("Choose another desk, or ask the queue manager to close this one."),
        )
    values = {
        "staff_id": work.actor.staff_id, "staff_name": work.actor.name, "state": "open", "reason": "",
        "lines": list(request.lines) or known, "since": work.now,
    }  # fmt: skip
    if row is None:
        work.execute(insert(t.desk).values(code=request.desk, **values))
    else:
        work.execute(update(t.desk).where(t.desk.c.code == request.desk).values(**values))
    work.subject = f"desk:{request.desk}"
    return desk_state(work.one(_DESK, code=request.desk))


class PauseDesk(Request):
    """A break with its reason, or leaving the desk."""

    desk: str
    state: Literal["open", "paused", "closed"]
    reason: str = Field("", max_length=100)


@operation("queue.set_desk", permission="queue.call", title="Pause, resume or leave a desk")
def set_desk(work: Work, request: PauseDesk) -> DeskState:
    """Change the state of the own desk. Errors: DESK_CLOSED, TICKET_OPEN when somebody still stands there, REASON_MISSING."""
    row = own_desk(work, request.desk, any_state=True)
    if request.state == "paused" and not request.reason:
        raise UserError("REASON_MISSING", L("Say why the desk pauses."))
    standing = work.one(
        select(t.ticket.c.number).where(
            t.ticket.c.desk == row.code, t.ticket.c.state.in_(["called", "serving"])
        )
    )
    if standing is not None and request.state != "open":
        raise UserError(
            "TICKET_OPEN",
            L("Ticket {number} is still at desk {desk}.", number=standing.number, desk=row.code),
            do=L("Finish, hold or transfer it first."),
        )
    work.execute(
        update(t.desk)
        .where(t.desk.c.code == row.code)
        .values(state=request.state, reason=request.reason, since=work.now)
    )
    work.subject = f"desk:{row.code}"
    return desk_state(work.one(_DESK, code=row.code))


def own_desk(work: Work, code: str, *, any_state: bool = False) -> Any:
    """The row of the desk that the actor is signed in to.

    Raises:
        UserError: DESK_CLOSED, DESK_TAKEN, DESK_PAUSED.
    """
    row = work.one(_DESK, code=code)
    if row is None or row.state == "closed":
        raise UserError("DESK_CLOSED", L("Desk {desk} is closed.", desk=code), do=L("Open the desk first."))
    if row.staff_id != work.actor.staff_id:
        raise UserError(
            "DESK_TAKEN", L("{name} is signed in at desk {desk}.", name=row.staff_name, desk=code)
        )
    if row.state == "paused" and not any_state:
        raise UserError("DESK_PAUSED", L("Desk {desk} has a break.", desk=code), do=L("Resume first."))
    return row
