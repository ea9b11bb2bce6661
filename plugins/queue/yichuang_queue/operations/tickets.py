"""Issuing and calling tickets: each act one transaction, one event row, and no ticket at two desks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import (
    IntegrityError,
    Request,
    UserError,
    Work,
    bindparam,
    hall,
    identifiers,
    insert,
    operation,
    prepare,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.desks import own_desk
from yichuang_queue.rules import Act, Priority, Series, State, after, rank_moment
from yichuang_queue.words import words

L = words.lazy
MOST_RECALLS = 3
CREDIT_MINUTES = 15
UNDO_SECONDS = 10


@dataclass(frozen=True)
class Ticket:
    """A ticket as desks and boards see it."""

    id: int
    number: str
    line: str
    state: str
    priority: str
    business: str
    item: str
    person: str
    issued_at: datetime
    desk: str | None
    called_at: datetime | None
    arrived_at: datetime | None
    calls: int
    came_from: str


_TICKET = prepare(select(t.ticket).where(t.ticket.c.id == bindparam("id")))
_AT_DESK = prepare(select(t.ticket).where(t.ticket.c.desk == bindparam("desk"), t.at_desk))
_LINE = prepare(select(t.line).where(t.line.c.code == bindparam("code")))
_HEAD = prepare(
    select(t.ticket.c.id, t.ticket.c.rank_at)
    .where(t.ticket.c.state == "waiting", t.ticket.c.line == bindparam("line"))
    .order_by(t.ticket.c.rank_at, t.ticket.c.id)
    .limit(1)
)
_CALL = prepare(
    update(t.ticket)
    .where(t.ticket.c.id == bindparam("ticket_id"), (t.ticket.c.state == "waiting") | (t.ticket.c.state == "held"))
    .values(
        state="called", desk=bindparam("at_desk"), staff_id=bindparam("by"), called_at=bindparam("now"),
        calls=t.ticket.c.calls + 1,
    )
)  # fmt: skip
_EVENT_COLUMNS = ("ticket_id", "at", "act", "line", "desk", "staff_id", "detail")
_EVENT = prepare(insert(t.event).values({name: bindparam(name) for name in _EVENT_COLUMNS}))


def ticket_of(row: Any) -> Ticket:
    """A table row as callers see it."""
    return Ticket(
        row.id, row.number, row.line, row.state, row.priority, row.business, row.item, row.person, row.issued_at,
        row.desk, row.called_at, row.arrived_at, row.calls, row.came_from,
    )  # fmt: skip


class Issue(Request):
    """A ticket for a line, or for an item (its agency's line is found)."""

    line: str = ""
    item: str = ""
    business: str = Field("", max_length=200)
    person: str = Field("", max_length=100, json_schema_extra={"journal": False})
    priority: Priority = Priority.NONE


@operation("queue.issue", permission="queue.issue", title="Issue a ticket")
def issue(work: Work, request: Issue) -> Ticket:
    """Issue the next number of a line. Errors: UNKNOWN_LINE, UNKNOWN_ITEM, SERIES_ENDED."""
    line, business = _line_for(work, request)
    today = work.today
    count = work.number("ticket", f"{line.prefix}.{today.isoformat()}")
    number = Series(line.prefix, line.first, line.last).number(count)
    credit = int(work.setting("queue.credit_minutes", CREDIT_MINUTES))
    ticket_id = work.insert(
        t.ticket, day=today, line=line.code, number=number, state=State.WAITING, priority=request.priority,
        business=business, item=request.item, person=identifiers.mask_name(request.person) if request.person else "",
        issued_at=work.now, rank_at=rank_moment(work.now, request.priority, credit),
    )  # fmt: skip
    _tell(work, ticket_id, "issue", line.code, "", {"priority": request.priority})
    return _answer(work, ticket_id)


def _line_for(work: Work, request: Issue) -> tuple[Any, str]:
    if request.line:
        line = work.one(_LINE, code=request.line)
        if line is None:
            raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line=request.line))
        return line, request.business or line.name
    item = work.one(select(hall.item.c.name, hall.item.c.agency).where(hall.item.c.code == request.item))
    if item is None:
        raise UserError("UNKNOWN_ITEM", L("There is no service item {code}.", code=request.item))
    lines = work.all(select(t.line).order_by(t.line.c.position).limit(200))
    own = [line for line in lines if item.agency in line.agencies]
    general = [line for line in lines if not line.agencies]
    if not own + general:
        raise UserError(
            "UNKNOWN_LINE", L("No line takes {item}.", item=item.name), do=L("Ask the queue manager.")
        )
    return (own + general)[0], request.business or item.name


class AtDesk(Request):
    """A desk."""

    desk: str


@operation("queue.call_next", permission="queue.call", title="Call the next ticket")
def call_next(work: Work, request: AtDesk) -> Ticket | None:
    """Call whoever has waited longest (with credit) in the desk's lines; None when nobody waits.

    Errors: DESK_CLOSED, DESK_PAUSED, DESK_TAKEN, TICKET_OPEN when the one before is not finished.
    """
    row = own_desk(work, request.desk)
    _require_free(work, row.code)
    work.subject = f"desk:{row.code}"
    while True:
        heads = [head for code in row.lines if (head := work.one(_HEAD, line=code)) is not None]
        if not heads:
            return None
        head = min(heads, key=lambda h: (h.rank_at, h.id))
        called = _try_call(work, head.id, row.code, {"waited_from": head.rank_at})
        if called is not None:  # otherwise another desk took that one; the next in turn is ours
            return called


class CallChosen(AtDesk):
    """A desk and the ticket it wants."""

    ticket_id: int


@operation("queue.call_chosen", permission="queue.call_chosen", title="Call a chosen ticket")
def call_chosen(work: Work, request: CallChosen) -> Ticket:
    """Call a waiting or held ticket out of turn; who did so stands in the journal. Errors: as call_next, ILLEGAL_ACT."""
    row = own_desk(work, request.desk)
    _require_free(work, row.code)
    ticket = _ticket(work, request.ticket_id)
    after(State(ticket.state), Act.CALL)
    called = _try_call(work, ticket.id, row.code, {"chosen": True})
    if called is None:
        raise UserError(
            "CHANGED_MEANWHILE", L("Another desk has just changed ticket {number}.", number=ticket.number)
        )
    return called


def _require_free(work: Work, desk: str) -> None:
    standing = work.one(_AT_DESK, desk=desk)
    if standing is not None:
        raise UserError(
            "TICKET_OPEN",
            L("Ticket {number} is still at desk {desk}.", number=standing.number, desk=desk),
            do=L("Finish, hold or transfer it first."),
        )


def _try_call(work: Work, ticket_id: int, desk: str, detail: dict[str, Any]) -> Ticket | None:
    """Take a ticket to a desk; None when another desk was faster."""
    try:
        called = work.execute(_CALL, ticket_id=ticket_id, at_desk=desk, by=work.actor.staff_id, now=work.now)
    except IntegrityError as error:  # another press of the same desk was faster
        raise UserError("TICKET_OPEN", L("Desk {desk} has called somebody already.", desk=desk)) from error
    if not called:
        return None
    row = _ticket(work, ticket_id)
    _tell(work, ticket_id, Act.CALL, row.line, desk, detail)
    work.subject = f"ticket:{ticket_id}"
    return ticket_of(row)


class OneTicket(AtDesk):
    """The ticket at a desk."""

    ticket_id: int


@operation("queue.recall", permission="queue.call", title="Call again")
def recall(work: Work, request: OneTicket) -> Ticket:
    """Announce the called ticket again. Errors: RECALL_LIMIT, ILLEGAL_ACT, NOT_AT_DESK."""
    row = _at_desk(work, request, Act.RECALL)
    most = int(work.setting("queue.max_recalls", MOST_RECALLS))
    if row.calls > most:
        raise UserError(
            "RECALL_LIMIT",
            L("Ticket {number} was called {n} times.", number=row.number, n=row.calls),
            do=L("Pass it; its holder can come back."),
        )
    return _do(work, row, Act.RECALL, calls=row.calls + 1)


@operation("queue.arrive", permission="queue.call", title="The person has come")
def arrive(work: Work, request: OneTicket) -> Ticket:
    """Service begins. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = _at_desk(work, request, Act.ARRIVE)
    return _do(work, row, Act.ARRIVE, arrived_at=work.now)


class Finish(OneTicket):
    """What came of the service."""

    result: str = Field("", max_length=200)


@operation("queue.finish", permission="queue.call", title="Finish")
def finish(work: Work, request: Finish) -> Ticket:
    """End the service at the desk. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = _at_desk(work, request, Act.FINISH)
    values = {"ended_at": work.now} | ({} if row.arrived_at else {"arrived_at": row.called_at})
    return _do(work, row, Act.FINISH, {"result": request.result}, **values)


class Hold(OneTicket):
    """Why the ticket is put aside."""

    reason: str = Field("", max_length=200)


@operation("queue.hold", permission="queue.call", title="Hold")
def hold(work: Work, request: Hold) -> Ticket:
    """Put the ticket aside; its holder stays in the hall and is called by number. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = _at_desk(work, request, Act.HOLD)
    return _do(work, row, Act.HOLD, {"reason": request.reason})


@operation("queue.pass", permission="queue.call", title="Pass")
def pass_over(work: Work, request: OneTicket) -> Ticket:
    """Nobody came. It can be undone for ten seconds. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = _at_desk(work, request, Act.PASS)
    return _do(work, row, Act.PASS, ended_at=work.now)


@operation("queue.undo_pass", permission="queue.call", title="Undo passing")
def undo_pass(work: Work, request: OneTicket) -> Ticket:
    """Take a pass back within ten seconds. Errors: TOO_LATE, TICKET_OPEN, ILLEGAL_ACT, NOT_AT_DESK."""
    own_desk(work, request.desk)
    row = _at_desk(work, request, Act.UNDO_PASS)
    if (work.now - row.ended_at).total_seconds() > UNDO_SECONDS:
        raise UserError("TOO_LATE", L("Passing can be undone for {n} seconds.", n=UNDO_SECONDS),
                        do=L("Restore the ticket to the queue instead."))  # fmt: skip
    _require_free(work, request.desk)
    return _do(work, row, Act.UNDO_PASS, ended_at=None)


class Restore(Request):
    """A passed ticket whose holder has come back."""

    ticket_id: int


@operation("queue.restore", permission="queue.issue", title="Restore a passed ticket")
def restore(work: Work, request: Restore) -> Ticket:
    """Put a passed ticket at the end of its line. Errors: ILLEGAL_ACT, UNKNOWN_TICKET."""
    row = _ticket(work, request.ticket_id)
    after(State(row.state), Act.RESTORE)
    return _do(work, row, Act.RESTORE, desk=None, rank_at=work.now, ended_at=None, calls=0)


class Transfer(OneTicket):
    """Where the ticket goes."""

    line: str
    reason: str = Field("", max_length=200)


@operation("queue.transfer", permission="queue.call", title="Transfer")
def transfer(work: Work, request: Transfer) -> Ticket:
    """Send the ticket to another line; it keeps its time of issue. Errors: UNKNOWN_LINE, NOBODY_SERVES, ILLEGAL_ACT."""
    row = _at_desk(work, request, Act.TRANSFER)
    line = work.one(_LINE, code=request.line)
    if line is None:
        raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line=request.line))
    serving = [
        d
        for d in work.all(select(t.desk).where(t.desk.c.state != "closed").limit(500))
        if line.code in d.lines
    ]
    if not serving:
        raise UserError("NOBODY_SERVES", L("No open desk serves {line}.", line=line.name),
                        do=L("Ask the queue manager to open one."))  # fmt: skip
    detail = {"from": row.line, "reason": request.reason}
    return _do(work, row, Act.TRANSFER, detail, line=line.code, desk=None, calls=0, came_from=request.desk)


def _ticket(work: Work, ticket_id: int) -> Any:
    row = work.one(_TICKET, id=ticket_id)
    if row is None:
        raise UserError("UNKNOWN_TICKET", L("There is no such ticket."))
    return row


def _at_desk(work: Work, request: OneTicket, act: Act) -> Any:
    own_desk(work, request.desk, any_state=True)
    row = _ticket(work, request.ticket_id)
    after(State(row.state), act)
    if row.desk != request.desk:
        raise UserError(
            "NOT_AT_DESK", L("Ticket {number} is not at desk {desk}.", number=row.number, desk=request.desk)
        )
    return row


def _do(work: Work, row: Any, act: Act, detail: dict[str, Any] | None = None, **values: Any) -> Ticket:
    target = after(State(row.state), act)
    changed = work.execute(
        update(t.ticket)
        .where(t.ticket.c.id == row.id, t.ticket.c.state == row.state)
        .values(state=target, **values)
    )
    if not changed:
        raise UserError(
            "CHANGED_MEANWHILE", L("Another desk has just changed ticket {number}.", number=row.number)
        )
    _tell(work, row.id, act, values.get("line", row.line), row.desk or "", detail or {})
    return _answer(work, row.id)


def _tell(work: Work, ticket_id: int, act: str, line: str, desk: str, detail: dict[str, Any]) -> None:
    work.execute(
        _EVENT, ticket_id=ticket_id, at=work.now, act=act, line=line, desk=desk, staff_id=work.actor.staff_id,
        detail=detail,
    )  # fmt: skip


def _answer(work: Work, ticket_id: int) -> Ticket:
    work.subject = f"ticket:{ticket_id}"
    return ticket_of(_ticket(work, ticket_id))
