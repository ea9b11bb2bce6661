"""Giving out tickets: at the kiosk and the guide desk, and for appointments."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Private,
    Request,
    UserError,
    Work,
    bindparam,
    func,
    holder_digest,
    identifiers,
    operation,
    prepare,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.estimates import in_seconds, promise
from yichuang_queue.operations.lines import business_of, line_for_item, line_of
from yichuang_queue.operations.policies import hall_policy
from yichuang_queue.operations.tickets import Ticket, tell, ticket_of
from yichuang_queue.rules.appointments import Booking, CheckIn
from yichuang_queue.rules.quota import Quota
from yichuang_queue.rules.tickets import Act, Priority, Series, State, rank_moment
from yichuang_queue.words import words

L = words.lazy
TOKEN_BYTES = 12
MOST_FURTHER = 5
QUOTA_SERIES = "queue.quota"
QUOTA_NAMES = {"day": L("today"), "half_day": L("this half day"), "slot": L("this hour")}
_BUSINESS_IN = prepare(
    select(t.business).where(t.business.c.code == bindparam("code"), t.business.c.line == bindparam("line"))
)
_OF_HOLDER = prepare(
    select(func.count()).where(t.ticket.c.day == bindparam("day"), t.ticket.c.holder == bindparam("holder"))
)


@dataclass(frozen=True)
class Issued:
    """A ticket that was given out, with what is printed on it.

    Attributes:
        ahead: How many wait before it.
        token: In the QR code; whoever has it may see how the ticket stands.
    """

    ticket: Ticket
    line_name: str
    ahead: int
    token: str


class Issue(Request):
    """A ticket for a business of the kiosk, for a line, or for an item (its agency's line is found).

    Attributes:
        business: Code of a leaf of the kiosk's tree, or the wording of what somebody came for where there is none.
        further: Codes of further businesses on the same ticket, in their order.
        person: Full name from the card; only its masked form is kept.
        code_kind, code: Identity number; only a keyed digest is kept, for quotas and to find the ticket again.
    """

    line: str = ""
    item: str = ""
    business: str = Field("", max_length=200)
    further: tuple[str, ...] = Field((), max_length=MOST_FURTHER)
    person: Private = Field("", max_length=100)
    code_kind: str = "111"
    code: Private = ""
    priority: Priority = Priority.NONE
    kiosk: str = Field("", max_length=20)


@operation("queue.issue", permission="queue.issue", title="Issue a ticket")
def issue(work: Work, request: Issue) -> Ticket:
    """Issue the next number of a line.

    Errors: UNKNOWN_LINE, UNKNOWN_ITEM, UNKNOWN_BUSINESS, BUSINESS_CLOSED, QUOTA_FULL, ENOUGH_TICKETS, SERIES_ENDED.
    """
    return enter(work, request).ticket


@operation("queue.take", permission="queue.issue", title="Take a ticket at a kiosk")
def take(work: Work, request: Issue) -> Issued:
    """Issue the next number with what is printed on the ticket. Errors: as queue.issue."""
    return enter(work, request)


def enter(work: Work, request: Issue, due_at: datetime | None = None) -> Issued:
    """Give out the next number; see `issue`."""
    where = _where(work, request)
    further = [where_of(work, "", code) for code in request.further]
    holder = holder_digest(work, request.code_kind, request.code) if request.code else ""
    _within_quotas(work, [where, *further], holder)
    count = work.number("ticket", f"{where.line.prefix}.{work.today.isoformat()}")
    number = Series(where.line.prefix, where.line.first, where.line.last).number(count)
    return place(work, where.line, number, due_at=due_at, values={
        "priority": request.priority, "business": where.name, "item": where.item or request.item, "holder": holder,
        "person": identifiers.mask_name(request.person) if request.person else "", "kiosk": request.kiosk,
        "further": [[each.line.code, each.name] for each in further],
    })  # fmt: skip


def place(
    work: Work,
    line: Any,
    number: str,
    *,
    values: dict[str, Any],
    due_at: datetime | None = None,
    issued: datetime | None = None,
    token: str = "",
) -> Issued:
    """Put a ticket with its number in a line, with the wait that is promised on it.

    Args:
        work: The transaction.
        line: The line's row.
        number: Taken from the line's series.
        values: Further columns of the ticket.
        due_at: When its appointment begins.
        issued: When it was given out, if that was not now.
        token: What is printed in its QR code already, if it is printed.
    """
    at = issued or work.now
    rank = rank_moment(at, hall_policy(work).credit(values["priority"]))
    said = promise(work, line.code, rank, priority=values["priority"] is not Priority.NONE)
    seconds, low, high = in_seconds(said.wait)
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    row = work.insert_row(
        t.ticket, day=at.astimezone(HALL_ZONE).date(), line=line.code, number=number, state=State.WAITING, token=token,
        issued_at=at, queued_at=at, rank_at=rank, due_at=due_at,
        promised_seconds=seconds, promised_low=low, promised_high=high, **values,
    )  # fmt: skip
    detail = {
        "priority": values["priority"], "business": values["business"], "ahead": said.ahead, "promised": seconds,
        "situation": said.situation.to_json(),
    }  # fmt: skip
    tell(work, row.id, Act.ISSUE, line.code, "", detail, at=at)
    work.subject = f"ticket:{row.id}"
    return Issued(ticket_of(row), line.name, said.ahead, token)


@dataclass(frozen=True)
class Where:
    """The line that a request leads to, what the business is called, and its quotas."""

    line: Any
    name: str
    item: str = ""
    code: str = ""
    quota: Quota = field(default_factory=Quota)


def _where(work: Work, request: Issue) -> Where:
    if request.item and not request.line:
        line, name = line_for_item(work, request.item)
        return Where(line, request.business or name)
    return where_of(work, request.line, request.business)


def where_of(work: Work, line: str, business: str) -> Where:
    """Where a business leads.

    Args:
        work: The transaction.
        line: Code of a line; without it the business says where.
        business: Code of a business, or with a line also the wording of what somebody came for.

    Raises:
        UserError: UNKNOWN_LINE, UNKNOWN_BUSINESS, BUSINESS_CLOSED.
    """
    row = None
    if not line:
        row = business_of(work, business)
    elif business:
        row = work.one(_BUSINESS_IN, code=business, line=line)
    if row is None:
        there = line_of(work, line)
        return Where(there, business or there.name)
    return where_from(work, row)


def where_from(work: Work, row: Any) -> Where:
    """Where the leaf of the kiosk's tree leads that this row is."""
    quota = Quota(row.quota_day, row.quota_half_day, row.quota_slot, row.slot_minutes)
    return Where(line_of(work, row.line), row.name, row.item, row.code, quota)


def count_quotas(work: Work, where: Where, at: datetime) -> list[tuple[int, str]]:
    """Count a ticket towards the quotas of its business; returns limit and kind of those that are exceeded."""
    counters = where.quota.counters(at.astimezone(HALL_ZONE).time())
    day = at.astimezone(HALL_ZONE).date().isoformat()
    return [
        (limit, kind)
        for name, limit, kind in counters
        if work.number(QUOTA_SERIES, f"{where.code}.{day}.{name}") > limit
    ]


def _within_quotas(work: Work, wheres: list[Where], holder: str) -> None:
    """Count the ticket towards the quotas of all its businesses; a refusal takes all of it back with the transaction.

    Raises:
        UserError: QUOTA_FULL, ENOUGH_TICKETS.
    """
    # In one order, so that two kiosks never wait for each other.
    for where in sorted(wheres, key=lambda each: each.code):
        for limit, kind in count_quotas(work, where, work.now):
            raise UserError(
                "QUOTA_FULL", L("The {n} numbers of {business} for {when} are taken.", n=limit, business=where.name,
                                when=QUOTA_NAMES[kind]),
                do=L("Come later or make an appointment."),
            )  # fmt: skip
    most = int(work.setting("queue.tickets_of_person", 0)) if holder else 0
    if most and work.scalar(_OF_HOLDER, day=work.today, holder=holder) >= most:
        raise UserError(
            "ENOUGH_TICKETS",
            L("This person has taken {n} tickets today.", n=most),
            do=L("Ask at the guide desk."),
        )


class CheckInRequest(Request):
    """An appointment by its code, or by the identity number it was made for."""

    appointment: str = ""
    code_kind: str = "111"
    code: Private = ""
    kiosk: str = Field("", max_length=20)


@operation("queue.check_in", permission="queue.issue", title="Check in for an appointment")
def check_in(work: Work, request: CheckInRequest) -> Issued:
    """Give the ticket of an appointment; it is called when the appointment begins.

    Errors: NO_APPOINTMENT, TOO_EARLY, TOO_LATE, SERIES_ENDED.
    """
    row = _appointment(work, request)
    window = check_in_window(work)
    opens, closes = window.window(row.begins_at, row.ends_at)
    if work.now < opens:
        raise UserError(
            "TOO_EARLY", L("This appointment is at {time}.", time=f"{row.begins_at.astimezone(HALL_ZONE):%m-%d %H:%M}"),
            do=L("Check in from {time} on.", time=f"{opens.astimezone(HALL_ZONE):%H:%M}"),
        )  # fmt: skip
    if work.now > closes:
        raise UserError(
            "TOO_LATE", L("The time to check in ended at {time}.", time=f"{closes.astimezone(HALL_ZONE):%H:%M}"),
            do=L("Take an ordinary ticket."),
        )  # fmt: skip
    business = business_of(work, row.business)
    line = line_of(work, business.line)
    if not work.execute(
        update(t.appointment)
        .where(t.appointment.c.id == row.id, t.appointment.c.state == Booking.BOOKED)
        .values(state=Booking.ARRIVED)
    ):
        raise UserError("NO_APPOINTMENT", L("Another kiosk has just given the number of this appointment."))
    count = work.number("ticket", f"{line.prefix}.{work.today.isoformat()}")
    return place(work, line, Series(line.prefix, line.first, line.last).number(count), due_at=row.begins_at, values={
        "priority": Priority(row.priority), "business": business.name, "item": business.item, "holder": row.holder,
        "person": row.person, "kiosk": request.kiosk, "further": [],
    })  # fmt: skip


def check_in_window(work: Any) -> CheckIn:
    """How early and how late one may come to an appointment, as the hall has set it."""
    usual = CheckIn()
    return CheckIn(
        int(work.setting("queue.check_in_before", usual.before)),
        int(work.setting("queue.check_in_after", usual.after)),
    )


def _appointment(work: Work, request: CheckInRequest) -> Any:
    a = t.appointment.c
    statement = select(t.appointment).where(a.day == work.today, a.state == Booking.BOOKED)
    if request.appointment:
        statement = statement.where(a.code == request.appointment)
    else:
        statement = statement.where(a.holder == holder_digest(work, request.code_kind, request.code))
    rows = work.all(statement.order_by(a.begins_at).limit(20))
    if not rows:
        raise UserError(
            "NO_APPOINTMENT",
            L("There is no appointment for today."),
            do=L("Check the code, or take an ordinary ticket."),
        )
    window = check_in_window(work)
    return next((row for row in rows if not window.missed(row.ends_at, work.now)), rows[-1])
