"""Calling: whose turn it is at a desk, by its policy; calling a chosen ticket; calling again."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from yichuang.api import (
    IntegrityError,
    Request,
    UserError,
    Work,
    bindparam,
    func,
    literal,
    operation,
    prepare,
    select,
    text,
    union_all,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.desks import AT_DESK, DESK, own_desk, require_free, ticket_open
from yichuang_queue.operations.lines import line_of, pass_rule
from yichuang_queue.operations.policies import policy_of
from yichuang_queue.operations.tickets import (
    Ticket,
    changed_meanwhile,
    row_at_desk,
    row_of,
    step,
    tell,
    ticket_of,
)
from yichuang_queue.rules.policy import Chosen, Head, Policy, choose
from yichuang_queue.rules.tickets import DOUBLE_PRESS_SECONDS, Act, State, after
from yichuang_queue.words import words

L = words.lazy
MOST_DUE = 20
MOST_STRANDED = 100
_c = t.ticket.c
_SHOWN = (_c.id, _c.line, _c.rank_at, _c.due_at)


def _heads() -> Any:
    """The first of every line, due appointments, the first directed to the desk or its person, the stranded; one statement."""
    here = t.ticket.alias()
    first = (
        select(here.c.id)
        .where(
            here.c.day == bindparam("day"), here.c.line == t.line.c.code, here.c.state == text("'waiting'"),
            here.c.for_desk == text("''"), here.c.for_staff.is_(None),
        )
        .order_by(here.c.rank_at, here.c.id)
        .limit(1)
        .correlate(t.line)
        .scalar_subquery()
    )  # fmt: skip
    head = select(first.label("id")).select_from(t.line).subquery()
    due = (
        select(*_SHOWN, literal("").label("kind"))
        .where(_c.day == bindparam("day"), t.in_line, _c.due_at <= bindparam("due"))
        .order_by(_c.due_at)
        .limit(MOST_DUE)
        .subquery()
    )
    mine = (
        select(*_SHOWN, literal("mine").label("kind"))
        .where(
            _c.day == bindparam("day"), t.waiting, t.directed,
            (_c.for_desk == bindparam("desk")) | (_c.for_staff == bindparam("staff")),
        )
        .order_by(_c.rank_at, _c.id)
        .limit(1)
        .subquery()
    )  # fmt: skip
    stranded = (
        select(*_SHOWN, literal("").label("kind"))
        .where(_c.day == bindparam("day"), t.stranded)
        .order_by(_c.rank_at, _c.id)
        .limit(MOST_STRANDED)
        .subquery()
    )
    return union_all(
        select(*_SHOWN, literal("").label("kind")).select_from(t.ticket).join(head, head.c.id == _c.id),
        select(due),
        select(mine),
        select(stranded),
    )


_HEADS = prepare(_heads())
_COUNTS = prepare(
    select(_c.line, func.count().label("n")).where(_c.day == bindparam("day"), t.in_line).group_by(_c.line)
)
_LOCK = prepare(
    select(_c.id).where(_c.id == bindparam("id"), _c.state == "waiting").with_for_update(skip_locked=True)
)
_NEXT_FREE = prepare(
    select(*_SHOWN)
    .where(_c.day == bindparam("day"), _c.line == bindparam("line"), t.in_line)
    .order_by(_c.rank_at, _c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CALL = prepare(
    update(t.ticket)
    .where(_c.id == bindparam("ticket_id"), (_c.state == "waiting") | (_c.state == "held"))
    .values(
        state="called", desk=bindparam("at_desk"), staff_id=bindparam("by"), called_at=bindparam("now"),
        last_call_at=bindparam("now"), arrived_at=None, for_desk="", for_staff=None, calls=_c.calls + 1,
    )
    .returning(t.ticket)
)  # fmt: skip


class AtDesk(Request):
    """A desk."""

    desk: str


@operation("queue.call_next", permission="queue.call", title="Call the next ticket")
def call_next(work: Work, request: AtDesk) -> Ticket | None:
    """Call whose turn it is by the desk's policy; None when nobody waits. A double press answers with the same ticket.

    Errors: DESK_CLOSED, DESK_PAUSED, DESK_TAKEN, TICKET_OPEN when the one before is not finished.
    """
    desk = own_desk(work, request.desk)
    work.subject = f"desk:{desk.code}"
    standing = work.one(AT_DESK, desk=desk.code)
    if standing is not None:
        pressed = (work.now - standing.last_call_at).total_seconds()
        if standing.state == State.CALLED and standing.calls == 1 and pressed < DOUBLE_PRESS_SECONDS:
            return ticket_of(standing)
        raise ticket_open(standing.number, desk.code)
    policy = policy_of(work, desk.code)
    chosen = _whose_turn(work, desk, policy)
    if chosen is None:
        return None
    head = chosen.head
    detail: dict[str, Any] = {"rule": chosen.rule, "rank": head.rank_at.isoformat(timespec="milliseconds")}
    if not head.own:
        detail["helped"] = head.line
    return _call(work, head.ticket_id, desk.code, detail)


def _whose_turn(work: Work, desk: Any, policy: Policy) -> Chosen | None:
    """The ticket that the policy chooses among those that no other desk is calling at this moment, locked for us."""
    heads = _heads_for(work, desk, policy)
    held: set[int] = set()
    while (chosen := choose(policy, list(heads.values()), work.now)) is not None:
        head = chosen.head
        if work.writer.dialect.name == "sqlite" or head.ticket_id in held:
            return chosen  # on SQLite there is one writer: whoever was first when we looked still is
        if work.one(_LOCK, id=head.ticket_id) is not None:
            return chosen
        del heads[head.ticket_id]
        row = work.one(_NEXT_FREE, day=work.today, line=head.line)
        if row is not None:
            held.add(row.id)
            heads[row.id] = Head(row.id, row.line, row.rank_at, head.own, row.due_at, head.waiting)
    return None


def _heads_for(work: Work, desk: Any, policy: Policy) -> dict[int, Head]:
    counts = {row.line: row.n for row in work.all(_COUNTS, day=work.today)} if policy.counts_waiting else {}
    rows = work.all(
        _HEADS, day=work.today, due=work.now + policy.due_within, desk=desk.code, staff=work.actor.staff_id
    )
    return {
        row.id: Head(
            row.id, row.line, row.rank_at, row.kind == "mine" or row.line in desk.lines, row.due_at,
            counts.get(row.line, 1),
        )
        for row in rows
        if row.kind == "mine" or row.line in desk.lines or row.line in policy.helped
    }  # fmt: skip


def _call(work: Work, ticket_id: int, desk: str, detail: dict[str, Any]) -> Ticket:
    """Bring a ticket to a desk.

    Raises:
        UserError: TICKET_OPEN when another press of the same desk was faster, CHANGED_MEANWHILE when another desk was.
    """
    try:
        row = work.one(_CALL, ticket_id=ticket_id, at_desk=desk, by=work.actor.staff_id, now=work.now)
    except IntegrityError as error:
        raise UserError("TICKET_OPEN", L("Desk {desk} has called somebody already.", desk=desk)) from error
    if row is None:
        raise changed_meanwhile(row_of(work, ticket_id).number)
    tell(work, ticket_id, Act.CALL, row.line, desk, detail)
    work.subject = f"ticket:{ticket_id}"
    return ticket_of(row)


class CallChosen(AtDesk):
    """A desk and the ticket it wants out of turn."""

    ticket_id: int
    reason: str = Field("", max_length=200)


@operation("queue.call_chosen", permission="queue.call_chosen", title="Call a chosen ticket")
def call_chosen(work: Work, request: CallChosen) -> Ticket:
    """Call a waiting or held ticket out of turn; who did so, and why, stands in the journal and the event.

    Errors: as call_next, UNKNOWN_TICKET, ILLEGAL_ACT, NOT_TODAY.
    """
    desk = own_desk(work, request.desk)
    require_free(work, desk.code)
    row = row_of(work, request.ticket_id)
    after(State(row.state), Act.CALL)
    if row.day != work.today:
        raise UserError("NOT_TODAY", L("Ticket {number} is of another day.", number=row.number))
    return _call(work, row.id, desk.code, {"chosen": True, "reason": request.reason})


class CallHeld(AtDesk):
    """A desk and a ticket on hold at it, or at one that has closed."""

    ticket_id: int


@operation("queue.call_held", permission="queue.call", title="Call a ticket on hold")
def call_held(work: Work, request: CallHeld) -> Ticket:
    """Call back a ticket that this desk put on hold, or one of its lines whose desk has closed since.

    Errors: as call_next, NOT_AT_DESK, ILLEGAL_ACT.
    """
    desk = own_desk(work, request.desk)
    row = row_of(work, request.ticket_id)
    require_held_here(work, row, desk)
    require_free(work, desk.code)
    return _call(work, row.id, desk.code, {"held": True})


def require_held_here(work: Work, row: Any, desk: Any) -> None:
    """Let a desk have only what it put on hold itself, or what a desk that has closed left of its lines.

    Raises:
        UserError: NOT_AT_DESK.
    """
    held = State(row.state) is State.HELD
    if held and row.desk != desk.code:
        held = row.line in desk.lines and work.one(DESK, code=row.desk).state == "closed"
    if not held:
        raise UserError(
            "NOT_AT_DESK",
            L("Ticket {number} was not put on hold at desk {desk}.", number=row.number, desk=desk.code),
        )


class OneTicket(AtDesk):
    """The ticket at a desk."""

    ticket_id: int


@operation("queue.recall", permission="queue.call", title="Call again")
def recall(work: Work, request: OneTicket) -> Ticket:
    """Announce the called ticket again. Errors: RECALL_LIMIT, TOO_SOON, ILLEGAL_ACT, NOT_AT_DESK."""
    row = row_at_desk(work, request.desk, request.ticket_id, Act.RECALL)
    rule = pass_rule(line_of(work, row.line))
    if row.calls >= rule.calls:
        raise UserError(
            "RECALL_LIMIT",
            L("Ticket {number} was called {n} times.", number=row.number, n=row.calls),
            do=L("Pass it; its holder can come back."),
        )
    waited = (work.now - row.last_call_at).total_seconds()
    if waited < rule.gap_seconds:
        raise UserError(
            "TOO_SOON", L("Ticket {number} was called a moment ago.", number=row.number),
            do=L("Wait {n} seconds.", n=max(1, round(rule.gap_seconds - waited))),
        )  # fmt: skip
    return step(work, row, Act.RECALL, calls=row.calls + 1, last_call_at=work.now)
