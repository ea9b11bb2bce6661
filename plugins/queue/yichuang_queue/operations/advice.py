"""Lending desks to a line for a while, as the console suggests it: applied, undone, given back when the time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, bindparam, operation, prepare, select, update
from yichuang_queue import tables as t
from yichuang_queue.operations.desks import DESK, Assign
from yichuang_queue.operations.lines import line_of
from yichuang_queue.words import words

L = words.lazy
IGNORED_MINUTES = 15
"""A suggestion that was put aside does not come again for so long."""
MOST_LENT = 200
_a = t.advice.c
_LENT = (_a.answer == "lent") & _a.ended_at.is_(None)
_PUT_ASIDE = (_a.answer == "ignored") & (_a.until > bindparam("now"))
# Who gives desks back early does not want to hear the same again at once.
_UNDONE = (_a.answer == "lent") & (_a.ended_at > bindparam("lately")) & (_a.ended_at < _a.until)
_STANDING = prepare(
    select(t.advice).where(_LENT | _PUT_ASIDE | _UNDONE).order_by(_a.id.desc()).limit(MOST_LENT)
)


@dataclass(frozen=True)
class Loan:
    """Desks that serve one more line for a while."""

    id: int
    line: str
    desks: list[str]
    said_by: str
    until: datetime


def _loan(row: Any) -> Loan:
    return Loan(row.id, row.line, row.desks, row.said_by, row.until)


class Lend(Request):
    """Desks and the line that they are to serve beside their own.

    Attributes:
        minutes: For how long.
    """

    line: str
    desks: tuple[str, ...] = Field(min_length=1, max_length=20)
    minutes: int = Field(30, ge=5, le=480)


@operation("queue.lend", permission="queue.balance", title="Let desks help a line")
def lend(work: Work, request: Lend) -> Loan:
    """Let desks serve another line too for a while. Errors: DESK_CLOSED, UNKNOWN_LINE, NO_SKILL, SERVES_ALREADY."""
    line = line_of(work, request.line)
    for code in dict.fromkeys(request.desks):
        row = work.one(DESK, code=code)
        if row is None or row.state == "closed":
            raise UserError("DESK_CLOSED", L("Desk {desk} is closed.", desk=code))
        if line.code in row.lines:
            raise UserError(
                "SERVES_ALREADY", L("Desk {desk} serves {line} already.", desk=code, line=line.name)
            )
        _require_skill(work, row, line)
        work.call("queue.assign", Assign(desk=code, lines=(*row.lines, line.code)))
    desks = list(dict.fromkeys(request.desks))
    until = work.now + timedelta(minutes=request.minutes)
    key = work.insert(
        t.advice,
        line=line.code,
        desks=desks,
        answer="lent",
        said_by=work.actor.name,
        at=work.now,
        until=until,
    )
    work.subject = f"queue:{line.code}"
    return Loan(key, line.code, desks, work.actor.name, until)


def _require_skill(work: Work, desk: Any, line: Any) -> None:
    can = work.scalar(select(t.skill.c.lines).where(t.skill.c.staff_id == desk.staff_id))
    if can and line.code not in can:
        raise UserError(
            "NO_SKILL",
            L(
                "{name} at desk {desk} cannot serve {line}.",
                name=desk.staff_name,
                desk=desk.code,
                line=line.name,
            ),
            do=L("Choose another desk."),
        )


class OneLoan(Request):
    """A loan."""

    loan_id: int


@operation("queue.end_loan", permission="queue.balance", title="Give desks back")
def end_loan(work: Work, request: OneLoan) -> Loan:
    """Take the line off the lent desks again; what was changed at them meanwhile stays. Errors: UNKNOWN_LOAN, LOAN_ENDED."""
    row = work.one(select(t.advice).where(_a.id == request.loan_id, _a.answer == "lent"))
    if row is None:
        raise UserError("UNKNOWN_LOAN", L("There is no such loan of desks."))
    if row.ended_at is not None:
        raise UserError("LOAN_ENDED", L("The desks were given back already."))
    _give_back(work, row)
    return _loan(row)


def overdue(read: Read) -> Any:
    """The loans whose time is over, as a statement."""
    return select(t.advice).where(_a.answer == "lent", _a.ended_at.is_(None), _a.until <= read.now)


def end_overdue(work: Work) -> int:
    """Give back the desks whose time is over; harmless to repeat. How many loans ended."""
    rows = work.all(overdue(work).limit(MOST_LENT))
    for row in rows:
        _give_back(work, row)
    return len(rows)


def _give_back(work: Work, row: Any) -> None:
    for code in row.desks:
        desk = work.one(DESK, code=code)
        kept = tuple(line for line in desk.lines if line != row.line) if desk is not None else ()
        if desk is not None and desk.state != "closed" and kept and len(kept) < len(desk.lines):
            work.call("queue.assign", Assign(desk=code, lines=kept), trusted=True)
    work.execute(update(t.advice).where(_a.id == row.id).values(ended_at=work.now))
    work.subject = f"queue:{row.line}"


class IgnoreAdvice(Request):
    """The line that is not to be helped for now."""

    line: str


@operation("queue.ignore_advice", permission="queue.balance", title="Put a suggestion aside")
def ignore_advice(work: Work, request: IgnoreAdvice) -> datetime:
    """Have no help suggested for a line for 15 minutes; gives back until when. Errors: UNKNOWN_LINE."""
    line = line_of(work, request.line)
    until = work.now + timedelta(minutes=IGNORED_MINUTES)
    work.insert(
        t.advice,
        line=line.code,
        desks=[],
        answer="ignored",
        said_by=work.actor.name,
        at=work.now,
        until=until,
    )
    work.subject = f"queue:{line.code}"
    return until


def standing(read: Read) -> tuple[Sequence[Loan], frozenset[str]]:
    """The loans that run, and the lines for which nothing is suggested just now."""
    lately = read.now - timedelta(minutes=IGNORED_MINUTES)
    rows = read.all(_STANDING, now=read.now, lately=lately)
    lent = [row for row in rows if row.answer == "lent" and row.ended_at is None]
    aside = frozenset(row.line for row in rows if row.answer == "ignored" or row.ended_at is not None)
    return [_loan(row) for row in reversed(lent)], aside
