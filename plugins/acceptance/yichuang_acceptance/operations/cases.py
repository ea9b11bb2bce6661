"""One case in a transaction: reading it, moving it by an event, seeing whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yichuang.api import Read, UserError, Work, bindparam, func, insert, prepare, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.words import words

L = words.lazy

_CASE = prepare(select(t.case).where(t.case.c.id == bindparam("id")))
_MATERIALS = prepare(
    select(t.material).where(t.material.c.case_id == bindparam("case_id")).order_by(t.material.c.position)
)
_LAST_SEQ = prepare(select(func.max(t.event.c.seq)).where(t.event.c.case_id == bindparam("case_id")))
_EVENT = prepare(
    insert(t.event).values(
        {
            name: bindparam(name)
            for name in (
                "case_id", "seq", "event", "source", "target", "staff_id", "staff_name", "desk", "at", "opinion",
            )
        }
    )
)  # fmt: skip


def subject(case_no: str) -> str:
    """The journal's name of a case."""
    return f"case:{case_no}"


def load(read: Read, case_id: int) -> Any:
    """The row of a case.

    Raises:
        UserError: UNKNOWN_CASE, NOT_YOUR_AGENCY where the actor is neither of the agency nor the one who accepted.
    """
    row = read.one(_CASE, id=case_id)
    if row is None:
        raise UserError("UNKNOWN_CASE", L("There is no such case."), do=L("Search for it by its number."))
    return row


def require_sight(read: Read, row: Any) -> None:
    """Let only people of the case's agency, its acceptor, window staff who serve every agency, or hall-wide people see a case."""
    if row.acceptor_id != read.actor.staff_id and not read.may("acceptance.see_all"):
        read.require_agency(row.agency)


def materials(read: Read, case_id: int) -> list[Any]:
    """The materials of a case, by position."""
    return read.all(_MATERIALS, case_id=case_id)


@dataclass(frozen=True)
class Moved:
    """A case after an event."""

    state: State
    seq: int


def move(work: Work, row: Any, event: Event, *, opinion: str = "", **values: Any) -> Moved:
    """Send an event to a case: new state, values and one event row, or nothing.

    Raises:
        UserError: ILLEGAL_STEP; CHANGED_MEANWHILE when somebody else changed the case since it was read.
    """
    source = State(row.state)
    target = next_state(source, event)
    changed = work.execute(
        update(t.case)
        .where(t.case.c.id == row.id, t.case.c.row_version == row.row_version)
        .values(state=target, row_version=row.row_version + 1, **values)
    )
    if changed != 1:
        raise UserError(
            "CHANGED_MEANWHILE",
            L("Somebody else has just changed case {number}.", number=row.case_no),
            do=L("Look at it again, then decide."),
        )
    seq = record(work, row.id, event, source, target, opinion)
    work.subject = subject(row.case_no)
    return Moved(target, seq)


def record(
    work: Work, case_id: int, event: Event, source: State | None, target: State, opinion: str = ""
) -> int:
    """Write an event row and return its number within the case."""
    seq = (work.scalar(_LAST_SEQ, case_id=case_id) or 0) + 1
    work.execute(
        _EVENT, case_id=case_id, seq=seq, event=event, source=source or "", target=target,
        staff_id=work.actor.staff_id, staff_name=work.actor.name, desk=work.actor.desk or "", at=work.now,
        opinion=opinion,
    )  # fmt: skip
    return seq
