"""Certificates on numbered blanks: the stock, taking a blank for a case. A number is used once; see `blank_voids`.

Where an agency keeps blanks of a kind of certificate, a granted case waits until somebody has printed it on one; everything
else is ready as soon as its decision is sealed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, func, insert, operation, query, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, review
from yichuang_acceptance.operations.blank_voids import gone
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.pauses import Clocked, SeenCase, clocked
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.words import words

L = words.lazy
_NUMBER = re.compile(r"(?P<head>.*?)(?P<digits>\d{1,12})")
_b = t.blank.c


class Blanks(Request):
    """Numbered blanks that came from the printer's: so many, from the first number on."""

    agency: str
    kind: str = Field(min_length=1, max_length=100)  # as the item's result is called
    first: str = Field(min_length=1, max_length=40)
    count: int = Field(ge=1, le=10_000)


@operation("acceptance.add_blanks", permission="acceptance.stock", title="Enter blank certificates")
def add_blanks(work: Work, request: Blanks) -> int:
    """Enter blanks into the stock; returns how many. Errors: BAD_NUMBER, BLANK_KNOWN, NOT_YOUR_AGENCY."""
    work.require_agency(request.agency)
    numbers = _series(request.first, request.count)
    known = work.scalar(
        select(_b.number).where(
            _b.agency == request.agency, _b.kind == request.kind, _b.number.in_(numbers)
        ).limit(1)
    )  # fmt: skip
    if known is not None:
        raise UserError("BLANK_KNOWN", L("Blank {number} was entered before.", number=known))
    base = {
        "agency": request.agency, "kind": request.kind, "state": "stock", "at": work.now,
        "staff_id": work.actor.staff_id, "staff_name": work.actor.name, "reason": "",
    }  # fmt: skip
    work.execute_many(insert(t.blank), [{**base, "number": number} for number in numbers])
    work.subject = f"blanks:{request.kind}"
    return len(numbers)


def _series(first: str, count: int) -> list[str]:
    """`JY000998`, 3: JY000998, JY000999, JY001000."""
    found = _NUMBER.fullmatch(first)
    if found is None or int(found["digits"]) + count > 10 ** len(found["digits"]):
        raise UserError(
            "BAD_NUMBER",
            L("{first} does not begin a series of {count} numbers.", first=first, count=count),
            do=L("Write the first number as it is printed, its digits last."),
        )
    start, width = int(found["digits"]), len(found["digits"])
    return [f"{found['head']}{start + n:0{width}d}" for n in range(count)]


@dataclass(frozen=True)
class Stock:
    """Blanks of one kind.

    Attributes:
        left: In order; those that were reported as spoilt are not among them.
        spoilt: Reported, not yet confirmed by a second person.
        next: The lowest number in stock, empty where there is none.
    """

    agency: str
    kind: str
    left: int
    used: int
    void: int
    next: str
    spoilt: int = 0


class AskStock(Request):
    """The stock of one agency, by default one's own."""

    agency: str = ""


@query("acceptance.blanks", permission="acceptance.view", title="Blank certificates")
def blanks(read: Read, request: AskStock) -> list[Stock]:
    """The stock of blanks of an agency by kind. Errors: NOT_YOUR_AGENCY."""
    agency = request.agency or read.actor.agency
    read.require_agency(agency)
    counted = read.all(
        select(_b.kind, _b.state, func.count().label("n"), func.count(_b.spoilt_by_id).label("spoilt"))
        .where(_b.agency == agency)
        .group_by(_b.kind, _b.state)
    )
    kinds = sorted({row.kind for row in counted})
    numbers = {(row.kind, row.state): (row.n, row.spoilt) for row in counted}

    def stock(kind: str) -> Stock:
        there, spoilt = numbers.get((kind, "stock"), (0, 0))
        used, void = (numbers.get((kind, state), (0, 0))[0] for state in ("used", "void"))
        return Stock(agency, kind, there - spoilt, used, void, lowest(read, agency, kind), spoilt)

    return [stock(kind) for kind in kinds]


def lowest(read: Read, agency: str, kind: str) -> str:
    """The blank that comes next, empty where none is left."""
    found = read.scalar(
        select(_b.number)
        .where(_b.agency == agency, _b.kind == kind, _b.state == "stock", _b.spoilt_by_id.is_(None))
        .order_by(_b.id)
        .limit(1)
    )
    return str(found or "")


def is_kept(read: Read, agency: str, kind: str) -> bool:
    """Whether certificates of this kind are made on numbered blanks."""
    return read.scalar(select(_b.id).where(_b.agency == agency, _b.kind == kind).limit(1)) is not None


class Making(SeenCase):
    """The certificate of a case, printed on a blank; the next of the stock unless its number is said."""

    number: str = Field("", max_length=40)


@operation("acceptance.make_certificate", permission="acceptance.make", title="Make the certificate")
def make_certificate(work: Work, request: Making) -> Clocked:
    """Use up a blank for a granted case, which is then ready to collect. Whoever decided does not make it.

    Errors: OWN_DECISION, NO_BLANKS, BLANK_GONE, ILLEGAL_STEP, CHANGED_MEANWHILE.
    """
    row = cases.at_window(work, request.case_id)
    next_state(State(row.state), Event.FINISH)
    if row.row_version != request.row_version:
        raise cases.changed(row)
    if row.decider_id == work.actor.staff_id:
        raise UserError(
            "OWN_DECISION",
            L("Whoever decided may not take the certificate from the stock."),
            do=L("Let a colleague make it."),
        )
    kind = work.query("hall.item", {"code": row.item, "version": row.item_version}).result
    number = request.number or lowest(work, row.agency, kind)
    if not number:
        raise UserError(
            "NO_BLANKS", L("No blank of {kind} is left.", kind=kind), do=L("Enter new blanks first.")
        )
    if not _take(work, row.agency, kind, number, state="used", case_id=row.id):
        raise gone(number)
    finish(work, row, certificate_no=number, maker_id=work.actor.staff_id)
    return clocked(work, row.id)


def finish(work: Work, row: Any, **values: Any) -> None:
    """The result is there: the promise clock stops, the applicant is told where to collect it (D13)."""
    cases.move(
        work,
        row,
        Event.FINISH,
        ready_at=work.now,
        payload={"certificate": values.get("certificate_no", "")},
        **values,
    )
    review.made(work, row)
    draft_paper(work, cases.load(work, row.id), "D13", {})


def _take(work: Work, agency: str, kind: str, number: str, **values: Any) -> int:
    """Take one blank out of the stock; 0 where somebody else has it."""
    return work.execute(
        update(t.blank)
        .where(
            _b.agency == agency,
            _b.kind == kind,
            _b.number == number,
            _b.state == "stock",
            _b.spoilt_by_id.is_(None),
        )
        .values(at=work.now, staff_id=work.actor.staff_id, staff_name=work.actor.name, **values)
    )
