"""What a desk does with the person who was called: has come, hold, pass, transfer, the next business, finish."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from yichuang.api import Request, UserError, Work, operation, select
from yichuang_queue import tables as t
from yichuang_queue.operations.calling import AtDesk, OneTicket, require_held_here
from yichuang_queue.operations.desks import DESK, own_desk, require_free
from yichuang_queue.operations.issuing import Issue, enter
from yichuang_queue.operations.lines import line_of, pass_rule
from yichuang_queue.operations.policies import hall_policy
from yichuang_queue.operations.ratings import ask_rating
from yichuang_queue.operations.tickets import Ticket, row_at_desk, row_of, step, stepped, tell, ticket_of
from yichuang_queue.rules.tickets import UNDO_SECONDS, Act, Priority, State, after, rank_moment
from yichuang_queue.words import words

L = words.lazy
_c = t.ticket.c


@operation("queue.arrive", permission="queue.call", title="The person has come")
def arrive(work: Work, request: OneTicket) -> Ticket:
    """Service begins. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = row_at_desk(work, request.desk, request.ticket_id, Act.ARRIVE)
    return step(work, row, Act.ARRIVE, arrived_at=work.now)


class ServeDirectly(AtDesk):
    """Somebody who stands at the desk without a ticket."""

    line: str
    business: str = Field("", max_length=200)


@operation("queue.serve_directly", permission="queue.call", title="Serve without a ticket")
def serve_directly(work: Work, request: ServeDirectly) -> Ticket:
    """Begin a service for somebody without a ticket, so that the desk's work is counted.

    Errors: DESK_CLOSED, DESK_PAUSED, TICKET_OPEN, UNKNOWN_LINE, SERIES_ENDED.
    """
    desk = own_desk(work, request.desk)
    require_free(work, desk.code)
    issued = enter(work, Issue(line=request.line, business=request.business, kiosk=desk.code))
    row = row_of(work, issued.ticket.id)
    values = {
        "desk": desk.code,
        "staff_id": work.actor.staff_id,
        "called_at": work.now,
        "last_call_at": work.now,
    }
    step(work, row, Act.CALL, {"direct": True}, **values)
    return step(work, row_of(work, row.id), Act.ARRIVE, {"direct": True}, arrived_at=work.now)


class Finish(OneTicket):
    """What came of the service.

    Attributes:
        ask_rating: Whether the applicant is asked to rate it.
    """

    result: str = Field("", max_length=200)
    ask_rating: bool = True


@operation("queue.finish", permission="queue.call", title="Finish")
def finish(work: Work, request: Finish) -> Ticket:
    """End the service at the desk; a ticket with a further business, or one to be returned, joins its next line.

    Errors: ILLEGAL_ACT, NOT_AT_DESK.
    """
    row = row_at_desk(work, request.desk, request.ticket_id, Act.FINISH)
    begun = row.arrived_at or row.called_at
    done, event_id = stepped(
        work, row, Act.FINISH, {"result": request.result, "business": row.business}, ended_at=work.now, arrived_at=begun,
        result=request.result,
    )  # fmt: skip
    if request.ask_rating:
        ask_rating(work, row, event_id)
    if row.return_to:
        return _go_on(work, row, row.line, row.business, row.further, for_desk=row.return_to)
    if row.further:
        (line, business), *rest = row.further
        return _go_on(work, row, line, business, rest)
    return ticket_of(done)


def _go_on(work: Work, row: Any, line: str, business: str, further: list[Any], for_desk: str = "") -> Ticket:
    """The same ticket in its next line, by the moment of its issue: nobody waits twice for one number."""
    rank = rank_moment(row.issued_at, hall_policy(work).credit(Priority(row.priority)))
    onward = work.update(
        t.ticket, {"id": row.id}, state=State.WAITING, line=line, business=business, further=further, return_to="",
        for_desk=for_desk, queued_at=work.now, rank_at=rank, came_from=row.desk, desk=None, called_at=None,
        last_call_at=None, arrived_at=None, ended_at=None, calls=0,
    )  # fmt: skip
    detail = {"from": row.line, "to_desk": for_desk, "business": business}
    tell(work, row.id, Act.TRANSFER, line, row.desk, detail)
    return ticket_of(onward)


class Hold(OneTicket):
    """Why the ticket is put aside."""

    reason: str = Field(min_length=1, max_length=200)


@operation("queue.hold", permission="queue.call", title="Hold")
def hold(work: Work, request: Hold) -> Ticket:
    """Put the ticket aside; its holder stays in the hall and is called back by the desk. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = row_at_desk(work, request.desk, request.ticket_id, Act.HOLD)
    return step(work, row, Act.HOLD, {"reason": request.reason}, hold_reason=request.reason)


@operation("queue.resume", permission="queue.call", title="Back in line")
def resume(work: Work, request: OneTicket) -> Ticket:
    """Put a ticket on hold back in its line, by the moment of its issue, for any desk; see queue.call_held whose.

    Errors: ILLEGAL_ACT, NOT_AT_DESK.
    """
    desk = own_desk(work, request.desk, any_state=True)
    row = row_of(work, request.ticket_id)
    after(State(row.state), Act.RESUME)
    require_held_here(work, row, desk)
    return step(
        work,
        row,
        Act.RESUME,
        desk=None,
        hold_reason="",
        called_at=None,
        last_call_at=None,
        arrived_at=None,
        calls=0,
    )


@operation("queue.pass", permission="queue.call", title="Pass")
def pass_over(work: Work, request: OneTicket) -> Ticket:
    """Nobody came. It can be undone for ten seconds. Errors: ILLEGAL_ACT, NOT_AT_DESK."""
    row = row_at_desk(work, request.desk, request.ticket_id, Act.PASS)
    return step(work, row, Act.PASS, {"calls": row.calls}, ended_at=work.now)


@operation("queue.undo_pass", permission="queue.call", title="Undo passing")
def undo_pass(work: Work, request: OneTicket) -> Ticket:
    """Take a pass back within ten seconds. Errors: TOO_LATE, TICKET_OPEN, ILLEGAL_ACT, NOT_AT_DESK."""
    row = row_at_desk(work, request.desk, request.ticket_id, Act.UNDO_PASS)
    if (work.now - row.ended_at).total_seconds() > UNDO_SECONDS:
        raise UserError(
            "TOO_LATE", L("Passing can be undone for {n} seconds.", n=UNDO_SECONDS),
            do=L("Restore the ticket to the queue instead."),
        )  # fmt: skip
    require_free(work, request.desk)
    return step(work, row, Act.UNDO_PASS, ended_at=None)


class Restore(Request):
    """A passed ticket whose holder has come back."""

    ticket_id: int


@operation("queue.restore", permission="queue.issue", title="Restore a passed ticket")
def restore(work: Work, request: Restore) -> Ticket:
    """Put a passed ticket back in its line, where the line's rule says. Errors: ILLEGAL_ACT, UNKNOWN_TICKET, TOO_LATE."""
    row = row_of(work, request.ticket_id)
    after(State(row.state), Act.RESTORE)
    rule = pass_rule(line_of(work, row.line))
    if row.day != work.today or not rule.may_return(row.ended_at, work.now):
        raise UserError(
            "TOO_LATE",
            L("Ticket {number} was passed too long ago.", number=row.number),
            do=L("Take a new ticket."),
        )
    ranks = work.all(
        select(_c.rank_at)
        .where(_c.day == row.day, _c.line == row.line, t.in_line)
        .order_by(_c.rank_at, _c.id)
        .limit(max(1, rule.after))
    )
    rank = rule.rank(work.now, [each.rank_at for each in ranks])
    return step(
        work, row, Act.RESTORE, {"reentry": rule.reentry}, desk=None, queued_at=work.now, rank_at=rank, ended_at=None,
        calls=0, called_at=None, last_call_at=None,
    )  # fmt: skip


class Transfer(OneTicket):
    """Where the ticket goes: to another line, a desk, or a person; the line it is in when only a desk or person is named.

    Attributes:
        come_back: Whether it comes back to this desk when the other one has finished.
    """

    line: str = ""
    to_desk: str = ""
    to_staff: int | None = None
    come_back: bool = False
    reason: str = Field("", max_length=200)


@operation("queue.transfer", permission="queue.call", title="Transfer")
def transfer(work: Work, request: Transfer) -> Ticket:
    """Send the ticket on; it keeps the moment of its issue.

    Errors: TARGET_MISSING, UNKNOWN_LINE, NOBODY_SERVES, DESK_CLOSED, NOT_SIGNED_IN_ANYWHERE, SAME_DESK, ILLEGAL_ACT, NOT_AT_DESK.
    """
    row = row_at_desk(work, request.desk, request.ticket_id, Act.TRANSFER)
    line = line_of(work, request.line or row.line)
    _require_target(work, request, line)
    detail = {
        "from": row.line, "reason": request.reason, "to_desk": request.to_desk, "to_staff": request.to_staff,
        "come_back": request.come_back,
    }  # fmt: skip
    return step(
        work, row, Act.TRANSFER, detail, line=line.code, desk=None, calls=0, came_from=request.desk,
        for_desk=request.to_desk, for_staff=request.to_staff, queued_at=work.now, called_at=None, last_call_at=None,
        arrived_at=None, return_to=request.desk if request.come_back else row.return_to,
    )  # fmt: skip


def _require_target(work: Work, request: Transfer, line: Any) -> None:
    if request.to_desk == request.desk or not (request.line or request.to_desk or request.to_staff):
        code = "SAME_DESK" if request.to_desk else "TARGET_MISSING"
        raise UserError(code, L("Say where the ticket is to go."))
    if request.to_desk:
        row = work.one(DESK, code=request.to_desk)
        if row is None or row.state == "closed":
            raise UserError(
                "DESK_CLOSED", L("Desk {desk} is closed.", desk=request.to_desk), do=L("Choose another desk.")
            )
    elif request.to_staff is not None:
        signed_in = select(t.desk.c.code).where(
            t.desk.c.staff_id == request.to_staff, t.desk.c.state != "closed"
        )
        if work.scalar(signed_in) is None:
            raise UserError(
                "NOT_SIGNED_IN_ANYWHERE",
                L("This person is at no desk now."),
                do=L("Choose a line or another person."),
            )
    else:
        desks = work.all(select(t.desk.c.lines).where(t.desk.c.state != "closed").limit(500))
        if not any(line.code in desk.lines for desk in desks):
            raise UserError(
                "NOBODY_SERVES",
                L("No open desk serves {line}.", line=line.name),
                do=L("Ask the queue manager to open one."),
            )
