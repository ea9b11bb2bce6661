"""A ticket as everybody sees it, and the one way to change it: one step of its states, one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import UserError, Work, bindparam, insert, prepare, select
from yichuang_queue import tables as t
from yichuang_queue.operations.desks import own_desk
from yichuang_queue.rules.tickets import Act, State, after
from yichuang_queue.words import words

L = words.lazy


@dataclass(frozen=True)
class Ticket:
    """A ticket as desks see it.

    Attributes:
        person: Masked name, where a card was read.
        queued_at: When it joined the line it is in.
        due_at: When its appointment begins.
        for_desk, for_staff: The desk or the person that it is directed to.
        return_to: The desk that it goes back to when the other one has finished.
        further: What follows on the same ticket: line and name of each business.
        came_from: The desk that transferred it.
    """

    id: int
    number: str
    line: str
    state: str
    priority: str
    business: str
    item: str
    person: str
    issued_at: datetime
    queued_at: datetime
    due_at: datetime | None
    desk: str | None
    for_desk: str
    for_staff: int | None
    return_to: str
    further: list[list[str]]
    called_at: datetime | None
    last_call_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    calls: int
    came_from: str
    hold_reason: str
    promised_seconds: int | None
    promised_low: int | None
    promised_high: int | None


def ticket_of(row: Any) -> Ticket:
    """A table row as callers see it."""
    return Ticket(
        row.id, row.number, row.line, row.state, row.priority, row.business, row.item, row.person, row.issued_at,
        row.queued_at, row.due_at, row.desk, row.for_desk, row.for_staff, row.return_to, row.further, row.called_at,
        row.last_call_at, row.arrived_at, row.ended_at, row.calls, row.came_from, row.hold_reason, row.promised_seconds,
        row.promised_low, row.promised_high,
    )  # fmt: skip


_TICKET = prepare(select(t.ticket).where(t.ticket.c.id == bindparam("id")))
_EVENT_COLUMNS = ("ticket_id", "at", "act", "line", "desk", "staff_id", "detail")
_EVENT = prepare(
    insert(t.event).values({name: bindparam(name) for name in _EVENT_COLUMNS}).returning(t.event.c.id)
)


def row_of(work: Work, ticket_id: int) -> Any:
    """The row of a ticket.

    Raises:
        UserError: UNKNOWN_TICKET.
    """
    row = work.one(_TICKET, id=ticket_id)
    if row is None:
        raise UserError("UNKNOWN_TICKET", L("There is no such ticket."))
    return row


def row_at_desk(work: Work, desk: str, ticket_id: int, act: Act) -> Any:
    """The row of the ticket at the actor's own desk, if it may take this step.

    Raises:
        UserError: DESK_CLOSED, DESK_TAKEN, UNKNOWN_TICKET, ILLEGAL_ACT, NOT_AT_DESK.
    """
    own_desk(work, desk, any_state=True)
    row = row_of(work, ticket_id)
    after(State(row.state), act)
    if row.desk != desk:
        raise UserError(
            "NOT_AT_DESK", L("Ticket {number} is not at desk {desk}.", number=row.number, desk=desk)
        )
    return row


def step(work: Work, row: Any, act: Act, detail: dict[str, Any] | None = None, **values: Any) -> Ticket:
    """Take a ticket one step on: its row, the event, the journal's subject.

    Args:
        work: The transaction.
        row: The ticket as it was read in it.
        act: The step.
        detail: What the event tells beside who, where and when.
        **values: Columns that change with the step.

    Raises:
        UserError: ILLEGAL_ACT, CHANGED_MEANWHILE.
    """
    return ticket_of(stepped(work, row, act, detail, **values)[0])


def stepped(
    work: Work, row: Any, act: Act, detail: dict[str, Any] | None = None, **values: Any
) -> tuple[Any, int]:
    """As `step`; the ticket's row as it is now and the id of the event."""
    target = after(State(row.state), act)
    changed = work.update(t.ticket, {"id": row.id, "state": row.state}, state=target, **values)
    if changed is None:
        raise changed_meanwhile(row.number)
    work.subject = f"ticket:{row.id}"
    return changed, tell(work, row.id, act, changed.line, row.desk or "", detail or {})


def tell(
    work: Work,
    ticket_id: int,
    act: Act,
    line: str,
    desk: str,
    detail: dict[str, Any],
    at: datetime | None = None,
) -> int:
    """Enter an event, of now unless it happened before; returns its id."""
    return int(work.scalar(
        _EVENT, ticket_id=ticket_id, at=at or work.now, act=act, line=line, desk=desk, staff_id=work.actor.staff_id,
        detail=detail,
    ))  # fmt: skip


def changed_meanwhile(number: str) -> UserError:
    """The refusal of a step that another desk was faster with."""
    return UserError("CHANGED_MEANWHILE", L("Another desk has just changed ticket {number}.", number=number))
