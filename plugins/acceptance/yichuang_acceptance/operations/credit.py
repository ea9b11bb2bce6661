"""Credit records of broken promises (失信记录): kept with finding and decision, listed, repaired; they bar further promises.

国办发〔2020〕42号: whoever has made a false promise gets no notice and commitment until the record is repaired.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Private,
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    find_applicant,
    hall,
    identifiers,
    operation,
    or_,
    prepare,
    query,
    reveal_applicant_code,
    select,
    update,
)
from yichuang_acceptance import promise_tables as p
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.words import words

L = words.lazy
_k, _c = p.credit.c, t.case.c
_BARS = prepare(
    select(_k.found_at, hall.agency.c.name.label("agency_name"))
    .outerjoin(hall.agency, hall.agency.c.code == _k.agency)
    .where(_k.applicant_id == bindparam("applicant_id"), _k.repaired_at.is_(None))
    .order_by(_k.id.desc())
    .limit(1)
)
_ALLOWED = prepare(select(p.promise_item.c.id).where(p.promise_item.c.item == bindparam("item")))


@dataclass(frozen=True)
class Broken:
    """The last promise of an applicant that did not hold, unless it was repaired; no more than a window has to know.

    Attributes:
        at: When its check found it.
    """

    at: datetime
    agency_name: str


def bars(read: Read, applicant_id: int) -> Broken | None:
    """What keeps an applicant from promising anything; None where nothing does."""
    row = read.one(_BARS, applicant_id=applicant_id)
    return None if row is None else Broken(row.found_at, row.agency_name or "")


def require_clean(read: Read, row: Any) -> None:
    """Let only an applicant promise who has not broken a promise before. Raises PROMISE_BROKEN_BEFORE."""
    if bars(read, row.applicant_id) is not None:
        raise UserError(
            "PROMISE_BROKEN_BEFORE",
            L("The applicant has a record of a promise that did not hold."),
            do=L("Take the materials; a promise is possible again once the record is repaired."),
        )


def enter(work: Work, row: Any, finding: str) -> None:
    """The check of a promise found that it does not hold."""
    work.insert(
        p.credit, case_id=row.id, applicant_id=row.applicant_id, agency=row.agency, finding=finding, found_at=work.now,
        found_by_id=work.actor.staff_id, found_by=work.actor.name,
    )  # fmt: skip


def decided(work: Work, row: Any, number: str) -> None:
    """What was granted on a promise that did not hold was revoked."""
    of_case = _k.case_id == row.id, _k.decided_on.is_(None)
    work.execute(update(p.credit).where(*of_case).values(decision=number, decided_on=work.today))


class AskBroken(Request):
    """Whoever applies for an item."""

    item: str
    code_kind: Literal["111", "553", "001"]
    code: Private


@query("acceptance.broken_promise", permission="acceptance.accept", title="Broken promise of an applicant")
def broken_promise(read: Read, request: AskBroken) -> Broken | None:
    """A record that keeps an applicant from promising for an item; None where there is none, or nothing may be promised for it.

    Errors: BAD_CITIZEN_ID, BAD_USCC.
    """
    if read.one(_ALLOWED, item=request.item) is None:
        return None
    person = find_applicant(read, request.code_kind, request.code)
    return None if person is None else bars(read, person.id)


@dataclass(frozen=True)
class CreditRow:
    """A record as the list and its spreadsheet show it.

    Attributes:
        holder: Of a natural person the name is masked.
        code: Of an organisation its 统一社会信用代码; a person's number is never listed.
        promised: What was promised; `replaced` are the proofs that it stood for.
        decision: Number of the decision that revoked the grant; empty while there is none.
        mine: The actor may repair it.
    """

    id: int
    case_id: int
    case_no: str
    short_no: str
    item_name: str
    agency: str
    agency_name: str
    holder: str
    code: str
    promised: str
    replaced: list[str]
    finding: str
    found_at: datetime
    found_by: str
    decision: str
    decided_on: date | None
    repaired_at: datetime | None
    repaired_by: str
    repair: str
    mine: bool


class AskCredit(Request):
    """Records: those that are not repaired, or all."""

    open_only: bool = True
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.credit_records", permission="acceptance.view", title="Records of broken promises")
def credit_records(read: Read, request: AskCredit) -> list[CreditRow]:
    """Records of cases that one may see, newest first."""
    wanted: list[Any] = []
    if not (read.actor.hall_wide or read.may("acceptance.see_all")):
        wanted.append(or_(_k.agency == read.actor.agency, _c.acceptor_id == read.actor.staff_id))
    if request.open_only:
        wanted.append(_k.repaired_at.is_(None))
    if request.before_id is not None:
        wanted.append(_k.id < request.before_id)
    rows = read.all(_list().where(*wanted).order_by(_k.id.desc()).limit(request.limit))
    names = _replaced(read, [row.case_id for row in rows])
    return [_row(read, row, names.get(row.case_id, [])) for row in rows]


def _list() -> Any:
    columns = (
        p.credit, p.promise.c.conditions, _c.case_no, _c.item_name, _c.agency_name, _c.applicant_kind, _c.applicant_name,
    )  # fmt: skip
    found = p.credit.join(t.case, _c.id == _k.case_id).join(p.promise, p.promise.c.case_id == _k.case_id)
    return select(*columns).select_from(found)


def _replaced(read: Read, ids: list[int]) -> dict[int, list[str]]:
    """The proofs that the promises of cases stood for."""
    found: dict[int, list[str]] = {}
    m = t.material.c
    promised = m.case_id.in_(ids), m.given == "promised"
    for row in read.all(select(m.case_id, m.name).where(*promised).order_by(m.case_id, m.position)):
        found.setdefault(row.case_id, []).append(row.name)
    return found


def _row(read: Read, r: Any, replaced: list[str]) -> CreditRow:
    person = r.applicant_kind == "person"
    own = read.actor.hall_wide or read.actor.agency == r.agency
    return CreditRow(
        r.id, r.case_id, r.case_no, identifiers.short_case_number(r.case_no), r.item_name, r.agency, r.agency_name,
        identifiers.mask_name(r.applicant_name) if person else r.applicant_name,
        "" if person else reveal_applicant_code(read, r.applicant_id), r.conditions, replaced, r.finding, r.found_at, r.found_by,
        r.decision, r.decided_on, r.repaired_at, r.repaired_by, r.repair,
        own and r.repaired_at is None and read.may("acceptance.terminate"),
    )  # fmt: skip


class Repair(Request):
    """Why a record no longer counts."""

    credit_id: int
    reason: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.repair_credit", permission="acceptance.terminate", title="Repair a credit record")
def repair_credit(work: Work, request: Repair) -> CreditRow:
    """Decide that a record no longer bars the applicant (信用修复); it stays on record.

    Errors: UNKNOWN_CREDIT, NOT_YOUR_AGENCY, REPAIRED_ALREADY.
    """
    found = work.one(_list().where(_k.id == request.credit_id))
    if found is None:
        raise UserError("UNKNOWN_CREDIT", L("There is no such record."), do=L("Refresh the list."))
    work.require_agency(found.agency)
    values = {"repaired_at": work.now, "repaired_by_id": work.actor.staff_id, "repaired_by": work.actor.name,
              "repair": request.reason}  # fmt: skip
    if not work.execute(update(p.credit).where(_k.id == found.id, _k.repaired_at.is_(None)).values(**values)):
        raise UserError("REPAIRED_ALREADY", L("This record was repaired already."), do=L("Refresh the list."))
    work.subject = cases.subject(found.case_no)
    work.detail = {"credit": found.id, "reason": request.reason}
    fresh = work.one(_list().where(_k.id == found.id))
    return _row(work, fresh, _replaced(work, [found.case_id]).get(found.case_id, []))
