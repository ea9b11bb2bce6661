"""The register: issuing a licence and changing its status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from yichuang.api import (
    LicenceDraft,
    LicenceRef,
    Private,
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    func,
    hall,
    keep_applicant,
    operation,
    prepare,
    query,
    select,
    update,
)
from yichuang_licence import tables as t
from yichuang_licence.operations.records import by_code, record_use
from yichuang_licence.rules import Status, change, identifier, usual_end
from yichuang_licence.words import words

L = words.lazy
_BY_SUBJECT = prepare(
    select(t.licence).where(
        t.licence.c.subject == bindparam("subject"), t.licence.c.type == bindparam("type")
    )
)


class Issue(Request):
    """A licence to be entered by hand, such as one that was issued on paper before."""

    licence_type: str
    issuer: str
    holder_name: str = Field(min_length=1, max_length=200)
    holder_code_kind: str
    holder_code: Private
    valid_from: date
    valid_to: date | None = None
    fields: dict[str, str] = Field(default_factory=dict, json_schema_extra={"journal": False})


@dataclass(frozen=True)
class Issued:
    """A licence that was entered."""

    code: str
    number: str
    name: str


@operation("licence.issue", permission="licence.issue", title="Issue a licence")
def issue(work: Work, request: Issue) -> Issued:
    """Enter a licence. Errors: UNKNOWN_LICENCE_TYPE, UNKNOWN_AGENCY, NOT_YOUR_AGENCY, BAD_CITIZEN_ID, DATES_REVERSED."""
    work.require_agency(request.issuer)
    kind = "person" if request.holder_code_kind == "111" else "organisation"
    draft = LicenceDraft(
        subject="", licence_type=request.licence_type, name="", agency=request.issuer, holder_kind=kind,
        holder_name=request.holder_name, holder_code_kind=request.holder_code_kind, holder_code=request.holder_code,
        valid_from=request.valid_from, valid_to=request.valid_to, fields=dict(request.fields),
    )  # fmt: skip
    found = enter(work, draft)
    if found is None:
        raise UserError(
            "UNKNOWN_LICENCE_TYPE", L("There is no licence type {code}.", code=request.licence_type)
        )
    work.subject = f"licence:{found.code}"
    return Issued(found.code, found.number, found.name)


def enter(work: Work, draft: LicenceDraft) -> LicenceRef | None:
    """Enter a drafted licence; None where its type is not kept here. The same case never gives the same licence twice."""
    kind = work.one(select(hall.licence_type).where(hall.licence_type.c.code == draft.licence_type))
    if kind is None:
        return None
    if draft.subject:
        known = work.one(_BY_SUBJECT, subject=draft.subject, type=draft.licence_type)
        if known is not None:
            return LicenceRef(known.code, known.number, known.name)
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise UserError("DATES_REVERSED", L("The licence would end before it begins."))
    issuer = work.scalar(select(hall.agency.c.name).where(hall.agency.c.code == draft.agency))
    if issuer is None:
        raise UserError("UNKNOWN_AGENCY", L("There is no agency {code}.", code=draft.agency))
    holder = keep_applicant(
        work, name=draft.holder_name, code_kind=draft.holder_code_kind, code=draft.holder_code
    )
    year = work.today.year
    serial = work.number("licence", f"{draft.licence_type}.{draft.agency}.{year}")
    code = identifier(draft.licence_type, draft.agency, year, serial)
    region = work.setting("hall.region", "150421")
    number = f"{region}{draft.licence_type[-3:]}{year}{work.number('licence.number', str(year)):06d}"
    valid_to = draft.valid_to or usual_end(draft.valid_from, kind.validity_months)
    work.insert(
        t.licence, code=code, number=number, type=kind.code, name=kind.name, status=Status.IN_FORCE, issuer=draft.agency,
        issuer_name=issuer, holder_id=holder.id, holder_kind=holder.kind, holder_name=holder.name,
        holder_masked=holder.code_masked,
        valid_from=draft.valid_from, valid_to=valid_to, fields=draft.fields, subject=draft.subject,
        document=draft.document, issued_at=work.now,
    )  # fmt: skip
    work.record("licence.issued", f"licence:{code}", number=number, type=kind.code, case=draft.subject)
    return LicenceRef(code, number, kind.name)


class ChangeStatus(Request):
    """A licence, its new status and the decision behind it."""

    code: str
    status: Status
    reason: str = Field(min_length=1, max_length=500)


@operation("licence.change_status", permission="licence.issue", title="Change a licence's status")
def change_status(work: Work, request: ChangeStatus) -> str:
    """Suspend, restore, cancel, revoke or annul; the reason stands in the record of uses.

    Errors: UNKNOWN_LICENCE, ILLEGAL_CHANGE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE.
    """
    row = by_code(work, request.code)
    work.require_agency(row.issuer)
    work.subject = f"licence:{row.code}"
    return _set(work, row, change(Status(row.status), request.status), request.reason)


def end(work: Work, code: str, status: Status, reason: str) -> None:
    """End a licence because its decision holds no more; one that has ended, or is not of this register, stays as it is."""
    row = work.one(select(t.licence).where(t.licence.c.code == code).with_for_update())
    if row is not None and row.status in (Status.IN_FORCE, Status.SUSPENDED):
        _set(work, row, status, reason)
        work.record("licence.ended", f"licence:{code}", status=status.value, reason=reason)


def _set(work: Work, row: Any, status: Status, reason: str) -> str:
    statement = update(t.licence).where(t.licence.c.id == row.id, t.licence.c.status == row.status)
    if not work.execute(statement.values(status=status)):
        raise UserError(
            "CHANGED_MEANWHILE", L("Somebody else has just changed this licence."), do=L("Open it again.")
        )
    record_use(work, row, "change", reason, result=status.value)
    return status.value


@dataclass(frozen=True)
class LicenceTypeRow:
    """A licence type of the catalogue.

    Attributes:
        issuer: Code of the agency that issues it; empty where it is not of this hall.
        holder: person, organisation or both.
    """

    code: str
    name: str
    issuer: str
    issuer_name: str
    holder: str
    validity_months: int | None
    issued: int


@query("licence.types", permission="licence.view", title="Licence catalogue")
def types(read: Read) -> list[LicenceTypeRow]:
    """The licence types and how many of each were issued here."""
    count = select(t.licence.c.type, func.count().label("n")).group_by(t.licence.c.type).subquery()
    statement = (
        select(hall.licence_type, func.coalesce(count.c.n, 0).label("issued"))
        .outerjoin(count, count.c.type == hall.licence_type.c.code)
        .order_by(hall.licence_type.c.code)
        .limit(1000)
    )
    return [
        LicenceTypeRow(r.code, r.name, r.issuer, r.issuer_name, r.holder, r.validity_months, r.issued)
        for r in read.all(statement)
    ]
