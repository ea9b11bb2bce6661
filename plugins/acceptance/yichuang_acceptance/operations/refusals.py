"""A "no" at the window, put on record (无法办理登记, 否定答复报告): what was said and where else to go, for the supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Private,
    Read,
    Request,
    UserError,
    Work,
    identifiers,
    operation,
    query,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance.operations import findings
from yichuang_acceptance.operations.alerts import NoCase
from yichuang_acceptance.rules.findings import REFUSED_LAWFUL
from yichuang_acceptance.rules.refusals import NEEDS_PLACE, REASONS
from yichuang_acceptance.words import words

L = words.lazy
_c = a.cannot_do.c


class CannotDo(Request):
    """What could not be done, and what the applicant was told.

    Attributes:
        person: Who asked; kept masked.
        proper_place: Where to go instead; needed where another organ does it.
    """

    item: str
    person: CleanText = Field(min_length=1, max_length=200, json_schema_extra={"journal": False})
    phone: Private = ""
    reason: Literal["materials", "policy", "elsewhere", "several", "system", "other"]
    said: str = Field(min_length=1, max_length=1000)
    proper_place: str = Field("", max_length=300)
    ticket: str = Field("", max_length=40)


@operation("acceptance.cannot_do", permission="acceptance.accept", title="Record that it cannot be done")
def cannot_do(work: Work, request: CannotDo) -> int:
    """Put a refusal at the window on record; returns its number. Errors: UNKNOWN_ITEM, PROPER_PLACE_MISSING."""
    item = work.query("hall.item", {"code": request.item})
    if request.reason in NEEDS_PLACE and not request.proper_place:
        raise UserError("PROPER_PLACE_MISSING", L("Write where the applicant should go instead."))
    if request.phone:
        identifiers.check_phone(request.phone)
    number = int(work.insert(
        a.cannot_do, agency=item.agency, item=item.code, item_name=item.name,
        person=identifiers.mask_name(request.person), phone=request.phone, reason=request.reason, said=request.said,
        proper_place=request.proper_place, ticket=request.ticket, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name, desk=work.actor.desk or "",
    ))  # fmt: skip
    work.subject = f"refusal:{number}"
    return number


@dataclass(frozen=True)
class CannotDoRow:
    """A refusal on record."""

    id: int
    agency: str
    item_name: str
    person: str
    phone: str
    reason: str
    reason_text: str
    said: str
    proper_place: str
    at: datetime
    staff: str
    desk: str
    reviewed_at: datetime | None
    reviewed_by: str
    review: str


class AskCannotDo(Request):
    """Refusals before a number, newest first; only those that nobody has looked at, if wanted."""

    open_only: bool = True
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.refusals", permission="acceptance.supervise", title="Refusals at the window")
def refusals(read: Read, request: AskCannotDo) -> list[CannotDoRow]:
    """What could not be done, of the actor's agency, of all for hall-wide people."""
    statement = select(a.cannot_do)
    if not read.actor.hall_wide:
        statement = statement.where(_c.agency == read.actor.agency)
    if request.open_only:
        statement = statement.where(_c.reviewed_at.is_(None))
    if request.before_id is not None:
        statement = statement.where(_c.id < request.before_id)
    return [_row(r) for r in read.all(statement.order_by(_c.id.desc()).limit(request.limit))]


def _row(r: Any) -> CannotDoRow:
    return CannotDoRow(
        r.id, r.agency, r.item_name, r.person, r.phone, r.reason, str(REASONS[r.reason]), r.said, r.proper_place, r.at,
        r.staff_name, r.desk, r.reviewed_at, r.reviewed_by, r.review,
    )  # fmt: skip


class Review(Request):
    """What the supervisor finds.

    Attributes:
        unjustified: It was lawful to ask: the application should have been accepted (V01).
    """

    refusal_id: int
    text: str = Field(min_length=1, max_length=1000)
    unjustified: bool = False


@operation("acceptance.review_refusal", permission="acceptance.supervise", title="Look into a refusal")
def review_refusal(work: Work, request: Review) -> bool:
    """Enter what came of a refusal; an unjustified one becomes a finding, which a second person looks at.

    Errors: UNKNOWN_REFUSAL, NOT_YOUR_AGENCY, OWN_REFUSAL, REVIEWED_ALREADY.
    """
    row = work.one(select(a.cannot_do).where(_c.id == request.refusal_id))
    if row is None:
        raise UserError("UNKNOWN_REFUSAL", L("There is no such record."))
    work.require_agency(row.agency)
    if row.staff_id == work.actor.staff_id:
        raise UserError("OWN_REFUSAL", L("Somebody else must look into this."))
    still = (_c.id == row.id) & _c.reviewed_at.is_(None)
    values = {"reviewed_at": work.now, "reviewed_by": work.actor.name, "review": request.text}
    if not work.execute(update(a.cannot_do).where(still).values(**values)):
        raise UserError("REVIEWED_ALREADY", L("{name} has looked into this.", name=row.reviewed_by))
    if request.unjustified:
        about = NoCase("", row.item_name, row.agency)
        findings.enter(work, about, REFUSED_LAWFUL, f"refusal:{row.id}", request.text, row.said,
                       (row.staff_id, row.staff_name))  # fmt: skip
    work.subject = f"refusal:{row.id}"
    return True
