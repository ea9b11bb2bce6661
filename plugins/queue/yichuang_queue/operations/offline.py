"""Numbers in hand: a kiosk leases them while the database is there, and enters what it gave out when it is back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Private, Request, UserError, Work, hall, identifiers, operation, select
from yichuang_queue import tables as t
from yichuang_queue.operations.issuing import MOST_FURTHER, Where, count_quotas, place, where_from, where_of
from yichuang_queue.operations.lines import line_of
from yichuang_queue.operations.tickets import Ticket, row_of, step, ticket_of
from yichuang_queue.rules.tickets import Act, Priority, Series, State
from yichuang_queue.words import words

L = words.lazy
LEASE_NUMBERS = 20
OFFLINE_HOURS = 24


class AskLease(Request):
    """A kiosk and the line it wants numbers of in hand."""

    kiosk: str = Field(min_length=1, max_length=20)
    line: str
    count: int = Field(LEASE_NUMBERS, ge=1, le=200)


@dataclass(frozen=True)
class Lease:
    """Numbers that only this kiosk gives out, and only while the database is away."""

    line: str
    day: str
    numbers: list[str]


@operation("queue.lease", permission="queue.issue", title="Take numbers in hand")
def lease(work: Work, request: AskLease) -> Lease:
    """Set numbers of a series aside for a kiosk. Errors: UNKNOWN_LINE, SERIES_ENDED."""
    line = line_of(work, request.line)
    series = Series(line.prefix, line.first, line.last)
    scope = f"{line.prefix}.{work.today.isoformat()}"
    numbers = [series.number(work.number("ticket", scope)) for _ in range(request.count)]
    work.insert(
        t.lease, kiosk=request.kiosk, line=line.code, day=work.today, numbers=numbers, leased_at=work.now
    )
    work.subject = f"kiosk:{request.kiosk}"
    return Lease(line.code, work.today.isoformat(), numbers)


class Offline(Request):
    """A ticket that a kiosk gave out from its lease while the database was away.

    Attributes:
        business: Code of a business, or the wording of what somebody came for.
        person: Name from the card; a masked one stays as it is.
        token: What is printed in its QR code; one is made without it.
        press: Key of the press of the button that `queue.take` did not answer, if there was one: a ticket that was given
            for it all the same is taken back, because its number was never shown.
    """

    number: str = Field(min_length=2, max_length=10)
    issued_at: datetime
    business: str = Field("", max_length=200)
    further: tuple[str, ...] = Field((), max_length=MOST_FURTHER)
    person: Private = Field("", max_length=100)
    priority: Priority = Priority.NONE
    token: Private = Field("", max_length=40)
    press: str = Field("", max_length=80)


class Merge(Request):
    """What a kiosk gave out while the database was away, in the order in which it did."""

    kiosk: str = Field(min_length=1, max_length=20)
    line: str
    tickets: tuple[Offline, ...] = Field(min_length=1, max_length=200)


@operation("queue.merge", permission="queue.issue", title="Enter tickets given out offline")
def merge(work: Work, request: Merge) -> list[Ticket]:
    """Enter tickets under the numbers that are printed on them; those entered before are only answered.

    They count towards the quotas, but none is refused: its holder has it in hand.

    Errors: NOT_LEASED, BAD_TIME, UNKNOWN_LINE.
    """
    line = line_of(work, request.line)
    found = []
    for each in request.tickets:
        day = each.issued_at.astimezone(HALL_ZONE).date()
        there = work.one(select(t.ticket).where(t.ticket.c.day == day, t.ticket.c.number == each.number))
        _require_leased(work, request, each, day)
        if there is None:
            found.append(_enter(work, request, each, line))
        else:
            found.append(ticket_of(there))
    work.subject = f"kiosk:{request.kiosk}"
    return found


def _enter(work: Work, request: Merge, each: Offline, line: Any) -> Ticket:
    if each.press:
        _take_back(work, each)
    where = where_of(work, line.code, each.business)
    further = _further(work, each)
    for business in (where, *further):
        count_quotas(work, business, each.issued_at)
    person = each.person if "*" in each.person else identifiers.mask_name(each.person)
    issued = place(work, line, each.number, issued=each.issued_at, token=each.token, values={
        "priority": each.priority, "business": where.name, "item": where.item, "kiosk": request.kiosk,
        "further": [[business.line.code, business.name] for business in further], "person": person,
    })  # fmt: skip
    return issued.ticket


def _further(work: Work, each: Offline) -> list[Where]:
    """What follows on the same ticket; what the hall no longer has is left out."""
    b = t.business.c
    rows = work.all(select(t.business).where(b.code.in_(each.further), b.line.is_not(None)))
    found = {row.code: where_from(work, row) for row in rows}
    return [found[code] for code in each.further if code in found]


def _take_back(work: Work, each: Offline) -> None:
    """End the ticket of a press whose answer was lost; one that was called meanwhile is passed by its desk."""
    row = work.one(select(hall.operation_key).where(hall.operation_key.c.key == each.press))
    if row is None or row.operation not in ("queue.take", "queue.check_in"):
        return
    ticket = row_of(work, json.loads(row.result)["ticket"]["id"])
    if ticket.state == State.WAITING:
        step(work, ticket, Act.END, {"given_again_as": each.number}, ended_at=work.now)


def _require_leased(work: Work, request: Merge, each: Offline, day: Any) -> None:
    if not work.now - timedelta(hours=OFFLINE_HOURS) <= each.issued_at <= work.now + timedelta(minutes=5):
        raise UserError(
            "BAD_TIME", L("Ticket {number} was given out at an impossible time.", number=each.number),
            do=L("Set the kiosk's clock right."),
        )  # fmt: skip
    rows = work.all(
        select(t.lease.c.numbers)
        .where(t.lease.c.kiosk == request.kiosk, t.lease.c.line == request.line, t.lease.c.day == day)
        .limit(1000)
    )
    if not any(each.number in row.numbers for row in rows):
        raise UserError(
            "NOT_LEASED",
            L(
                "Number {number} was not set aside for kiosk {kiosk}.",
                number=each.number,
                kiosk=request.kiosk,
            ),
        )
