"""Desks signing in to their lines, breaks with their reasons, leaving; the manager moving desks between lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    Request,
    UserError,
    Work,
    bindparam,
    hall,
    insert,
    operation,
    prepare,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.estimates import forget
from yichuang_queue.operations.lines import MOST_LINES, line_of
from yichuang_queue.words import words

L = words.lazy
DESK = prepare(select(t.desk).where(t.desk.c.code == bindparam("code")))
AT_DESK = prepare(select(t.ticket).where(t.ticket.c.desk == bindparam("desk"), t.at_desk))
_SAY = prepare(
    insert(t.desk_event).values(
        {
            name: bindparam(name)
            for name in ("desk", "at", "state", "staff_id", "staff_name", "lines", "reason")
        }
    )
)


@dataclass(frozen=True)
class DeskState:
    """A desk and what it does: open, paused (with the reason) or closed."""

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
    """A desk and the lines it serves; none named means the person's own, or all."""

    desk: str
    lines: tuple[str, ...] = ()


@operation("queue.open_desk", permission="queue.call", title="Open a desk")
def open_desk(work: Work, request: OpenDesk) -> DeskState:
    """Sign in to a desk and serve its lines. Errors: UNKNOWN_DESK, DESK_TAKEN, ELSEWHERE, UNKNOWN_LINE."""
    if work.scalar(select(hall.desk.c.code).where(hall.desk.c.code == request.desk)) is None:
        raise UserError("UNKNOWN_DESK", L("There is no desk {desk}.", desk=request.desk))
    row = work.one(DESK, code=request.desk)
    if row is not None and row.state != "closed" and row.staff_id != work.actor.staff_id:
        raise UserError(
            "DESK_TAKEN",
            L("{name} is signed in at desk {desk}.", name=row.staff_name, desk=request.desk),
            do=L("Choose another desk, or ask the queue manager to close this one."),
        )
    elsewhere = work.scalar(
        select(t.desk.c.code).where(
            t.desk.c.staff_id == work.actor.staff_id,
            t.desk.c.state != "closed",
            t.desk.c.code != request.desk,
        )
    )
    if elsewhere is not None:
        raise UserError(
            "ELSEWHERE",
            L("You are still signed in at desk {desk}.", desk=elsewhere),
            do=L("Leave that desk first."),
        )
    values = {
        "staff_id": work.actor.staff_id, "staff_name": work.actor.name, "state": "open", "reason": "",
        "lines": _lines_to_serve(work, request),
        "since": row.since if row is not None and row.state == "open" else work.now,
    }  # fmt: skip
    if row is None:
        work.execute(insert(t.desk).values(code=request.desk, **values))
    else:
        work.execute(update(t.desk).where(t.desk.c.code == request.desk).values(**values))
    return _told(work, request.desk)


def _lines_to_serve(work: Work, request: OpenDesk) -> list[str]:
    known = [
        row.code for row in work.all(select(t.line.c.code).order_by(t.line.c.position).limit(MOST_LINES))
    ]
    own = work.scalar(select(t.skill.c.lines).where(t.skill.c.staff_id == work.actor.staff_id))
    wanted = list(request.lines) or [code for code in own or known if code in known]
    unknown = set(wanted) - set(known)
    if unknown or not wanted:
        raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line="、".join(sorted(unknown)) or "–"))
    return wanted


class SetDesk(Request):
    """A break with its reason, or leaving the desk."""

    desk: str
    state: Literal["open", "paused", "closed"]
    reason: str = Field("", max_length=100)


@operation("queue.set_desk", permission="queue.call", title="Pause, resume or leave a desk")
def set_desk(work: Work, request: SetDesk) -> DeskState:
    """Change the state of the own desk. Errors: DESK_CLOSED, TICKET_OPEN when somebody still stands there, REASON_MISSING."""
    row = own_desk(work, request.desk, any_state=True)
    if request.state == "paused" and not request.reason:
        raise UserError("REASON_MISSING", L("Say why the desk pauses."))
    if request.state != "open":
        require_free(work, row.code)
    return _change(work, row, request.state, request.reason)


class CloseDesk(Request):
    """A desk whose person has gone without signing out."""

    desk: str
    reason: str = Field(min_length=1, max_length=100)


@operation("queue.close_desk", permission="queue.balance", title="Close somebody's desk")
def close_desk(work: Work, request: CloseDesk) -> DeskState:
    """Close a desk for somebody else. Errors: DESK_CLOSED, TICKET_OPEN."""
    row = _signed_in(work, request.desk)
    require_free(work, row.code)
    return _change(work, row, "closed", request.reason)


class Assign(Request):
    """A desk and the lines it is to serve from now on."""

    desk: str
    lines: tuple[str, ...] = Field(min_length=1, max_length=MOST_LINES)


@operation("queue.assign", permission="queue.balance", title="Move a desk to other lines")
def assign(work: Work, request: Assign) -> DeskState:
    """Change which lines a desk serves, from its next call on. Errors: DESK_CLOSED, UNKNOWN_LINE."""
    row = _signed_in(work, request.desk)
    for code in request.lines:
        line_of(work, code)
    work.execute(update(t.desk).where(t.desk.c.code == row.code).values(lines=list(request.lines)))
    return _told(work, row.code)


def _signed_in(work: Work, code: str) -> Any:
    row = work.one(DESK, code=code)
    if row is None or row.state == "closed":
        raise UserError("DESK_CLOSED", L("Desk {desk} is closed.", desk=code))
    return row


def own_desk(work: Work, code: str, *, any_state: bool = False) -> Any:
    """The row of the desk that the actor is signed in to.

    Raises:
        UserError: DESK_CLOSED, DESK_TAKEN, DESK_PAUSED.
    """
    row = work.one(DESK, code=code)
    if row is None or row.state == "closed":
        raise UserError("DESK_CLOSED", L("Desk {desk} is closed.", desk=code), do=L("Open the desk first."))
    if row.staff_id != work.actor.staff_id:
        raise UserError(
            "DESK_TAKEN", L("{name} is signed in at desk {desk}.", name=row.staff_name, desk=code)
        )
    if row.state == "paused" and not any_state:
        raise UserError("DESK_PAUSED", L("Desk {desk} has a break.", desk=code), do=L("Resume first."))
    return row


def require_free(work: Work, desk: str) -> None:
    """Let only a desk with nobody standing there go on.

    Raises:
        UserError: TICKET_OPEN.
    """
    standing = work.one(AT_DESK, desk=desk)
    if standing is not None:
        raise ticket_open(standing.number, desk)


def ticket_open(number: str, desk: str) -> UserError:
    """The refusal of a desk at which somebody still stands."""
    return UserError(
        "TICKET_OPEN",
        L("Ticket {number} is still at desk {desk}.", number=number, desk=desk),
        do=L("Finish, hold or transfer it first."),
    )


def _change(work: Work, row: Any, state: str, reason: str) -> DeskState:
    """Another state; saying the same again does not begin it anew."""
    code = row.code
    since = row.since if (row.state, row.reason) == (state, reason) else work.now
    work.execute(update(t.desk).where(t.desk.c.code == code).values(since=since, state=state, reason=reason))
    return _told(work, code)


def _told(work: Work, code: str) -> DeskState:
    """The desk as it is now, entered in its events."""
    row = work.one(DESK, code=code)
    work.execute(
        _SAY, desk=code, at=work.now, state=row.state, staff_id=row.staff_id, staff_name=row.staff_name, lines=row.lines,
        reason=row.reason,
    )  # fmt: skip
    forget(work)
    work.subject = f"desk:{code}"
    return desk_state(row)
