"""Spoilt blanks: taken out of use by whoever makes certificates, void once a second person of the stock has seen them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, operation, query, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.words import words

L = words.lazy
_b = t.blank.c


class Blank(Request):
    """A blank by its number."""

    agency: str
    kind: str = Field(min_length=1, max_length=100)
    number: str = Field(min_length=1, max_length=40)


class Spoiling(Blank):
    """A blank that cannot be used, and why."""

    reason: str = Field(min_length=1, max_length=400)


@operation("acceptance.void_blank", permission="acceptance.make", title="Report a spoilt blank")
def void_blank(work: Work, request: Spoiling) -> None:
    """Take a spoilt blank out of use at once, with the reason; a second person confirms that it is void.

    Errors: BLANK_GONE, NOT_YOUR_AGENCY.
    """
    work.require_agency(request.agency)
    mine = {
        "spoilt_by_id": work.actor.staff_id,
        "spoilt_by": work.actor.name,
        "reason": request.reason,
        "at": work.now,
    }
    if not work.execute(update(t.blank).where(*_of(request), _b.spoilt_by_id.is_(None)).values(**mine)):
        raise gone(request.number)
    work.subject = f"blanks:{request.kind}"


@operation("acceptance.confirm_void", permission="acceptance.stock", title="Void a spoilt blank")
def confirm_void(work: Work, request: Blank) -> None:
    """Confirm that a blank is spoilt: its number is void for ever. Errors: NOT_SPOILT, OWN_REPORT, NOT_YOUR_AGENCY."""
    _settle(
        work, request, state="void", staff_id=work.actor.staff_id, staff_name=work.actor.name, at=work.now
    )


@operation("acceptance.keep_blank", permission="acceptance.stock", title="Put a blank back into the stock")
def keep_blank(work: Work, request: Blank) -> None:
    """The blank is in order after all. Errors: NOT_SPOILT, OWN_REPORT, NOT_YOUR_AGENCY."""
    _settle(work, request, spoilt_by_id=None, spoilt_by="", reason="")


def _settle(work: Work, request: Blank, **values: Any) -> None:
    """What a second person says to a spoilt blank."""
    work.require_agency(request.agency)
    row = work.one(select(t.blank).where(*_of(request), _b.spoilt_by_id.is_not(None)))
    if row is None:
        raise UserError("NOT_SPOILT", L("Blank {number} was not reported as spoilt.", number=request.number),
                        do=L("Refresh: somebody else may have dealt with it."))  # fmt: skip
    if row.spoilt_by_id == work.actor.staff_id:
        raise UserError("OWN_REPORT", L("You reported this blank yourself; a second person looks at it."),
                        do=L("Show it to a colleague who keeps the stock."))  # fmt: skip
    work.execute(update(t.blank).where(_b.id == row.id, _b.state == "stock").values(**values))
    work.subject = f"blanks:{request.kind}"
    work.detail = {**request.model_dump(), "reason": row.reason, "reported_by": row.spoilt_by}


def _of(request: Blank) -> tuple[Any, ...]:
    return (
        _b.agency == request.agency,
        _b.kind == request.kind,
        _b.number == request.number,
        _b.state == "stock",
    )


def gone(number: str) -> UserError:
    """There is no such blank to take."""
    return UserError(
        "BLANK_GONE",
        L("Blank {number} is not in the stock.", number=number),
        do=L("Take another one, and look where this one went."),
    )


@dataclass(frozen=True)
class SpoiltBlank:
    """A blank that waits for a second person; `mine`: the actor reported it."""

    agency: str
    kind: str
    number: str
    reason: str
    reported_by: str
    at: datetime
    mine: bool


@query("acceptance.spoilt_blanks", permission="acceptance.stock", title="Spoilt blanks to confirm")
def spoilt_blanks(read: Read) -> list[SpoiltBlank]:
    """Spoilt blanks of the actor's agency that nobody has confirmed, of all agencies for hall-wide people; oldest first."""
    own = [] if read.actor.hall_wide else [_b.agency == read.actor.agency]
    rows = read.all(
        select(t.blank)
        .where(_b.spoilt_by_id.is_not(None), _b.state == "stock", *own)
        .order_by(_b.at)
        .limit(200)
    )
    me = read.actor.staff_id
    return [
        SpoiltBlank(r.agency, r.kind, r.number, r.reason, r.spoilt_by, r.at, r.spoilt_by_id == me)
        for r in rows
    ]
