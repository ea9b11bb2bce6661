"""Looking licences up for a purpose. Every look is recorded with its purpose before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yichuang.api import (
    HALL_ZONE,
    Private,
    Read,
    Request,
    UserError,
    Work,
    find_applicant,
    identifiers,
    operation,
    or_,
    query,
    reveal_applicant_code,
    select,
)
from yichuang_licence import tables as t
from yichuang_licence.operations.checks import Check, verify
from yichuang_licence.operations.records import (
    MOST_FOUND,
    UseRow,
    by_code,
    last_change,
    record_use,
    shown_holder,
    use_of_today,
    uses_of,
    validity_of,
)
from yichuang_licence.rules import check_asked, check_purpose, holder_code_kind, masked, verdict
from yichuang_licence.words import words

_ = words.text
L = words.lazy
Basis = Literal["present", "written", "statutory"]
HOLDER_NAME, HOLDER_CODE = "holder_name", "holder_code"


@dataclass(frozen=True)
class LicenceRow:
    """A licence as the list shows it, its holder masked.

    Attributes:
        issuer: Code of the agency that issued it and may change its status.
        changed_on: When it was suspended, cancelled, revoked or annulled; None while it is in force.
    """

    id: int
    code: str
    number: str
    type: str
    name: str
    issuer: str
    issuer_name: str
    holder: str
    holder_masked: str
    status: str
    validity: str
    valid_from: date
    valid_to: date | None
    changed_on: date | None


@dataclass(frozen=True)
class Fact:
    """A field of a licence.

    Attributes:
        key: What `licence.reveal` calls it.
        hidden: Whether something of it is masked.
    """

    key: str
    label: str
    value: str
    hidden: bool


@dataclass(frozen=True)
class LicenceDetail:
    """A licence with the checks made on it and the uses made of it.

    Attributes:
        document: Digest of the sealed decision behind it; empty for one that was entered by hand.
        case: Number of the case it came from.
        verdict: ok, unknown (a source did not answer) or fail.
        record: Number of the entry that this look made in the record of uses.
    """

    row: LicenceRow
    facts: list[Fact]
    document: str
    case: str
    checks: list[Check]
    verdict: str
    record: int
    uses: list[UseRow]


def licence_row(read: Read, row: Any) -> LicenceRow:
    """A table row as lists show it."""
    change = None if row.status == "in_force" else last_change(read, row)
    return LicenceRow(
        row.id, row.code, row.number, row.type, row.name, row.issuer, row.issuer_name, shown_holder(row),
        row.holder_masked, row.status, validity_of(read, row), row.valid_from, row.valid_to,
        None if change is None else change.at.astimezone(HALL_ZONE).date(),
    )  # fmt: skip


def facts_of(row: Any) -> list[Fact]:
    """The holder and the fields of a licence, masked."""
    shown = shown_holder(row)
    return [
        Fact(HOLDER_NAME, _("Holder"), shown, shown != row.holder_name),
        Fact(HOLDER_CODE, _("Identity number of the holder"), row.holder_masked, True),
        *(
            Fact(label, label, masked(label, str(value)), masked(label, str(value)) != str(value))
            for label, value in row.fields.items()
        ),
    ]


class Search(Request):
    """Whose licences, or which one, and why.

    Attributes:
        by: holder (identity number), code (identifier), number (printed number) or name (of the holder).
        code_kind: Kind of the identity number; worked out from the number itself when empty.
        basis: The holder's authorisation: present at the window, in writing, or the law's.
    """

    by: Literal["holder", "code", "number", "name"]
    text: Private
    code_kind: Literal["", "111", "001"] = ""
    purpose: str
    basis: Basis = "present"
    case: str = ""


@operation("licence.search", permission="licence.view", title="Look licences up")
def search(work: Work, request: Search) -> list[LicenceRow]:
    """Look licences up; the search itself is recorded, also when it finds nothing.

    Errors: PURPOSE_MISSING, TEXT_MISSING, BAD_CITIZEN_ID, BAD_USCC, BAD_LICENCE_IDENTIFIER, NAME_TOO_SHORT,
        NOT_PERMITTED for names.
    """
    check_purpose(request.purpose)
    if request.by == "name" and not work.may("licence.search_names"):
        raise UserError(
            "NOT_PERMITTED",
            L("Searching by name needs a permission of its own."),
            do=L("Use the identity number."),
        )
    check_asked(request.by, request.text)
    rows = work.all(
        select(t.licence).where(_condition(work, request)).order_by(t.licence.c.id.desc()).limit(MOST_FOUND)
    )
    for row in rows or [None]:
        record_use(
            work,
            row,
            "search",
            request.purpose,
            basis=request.basis,
            case=request.case,
            result=str(len(rows)),
        )
    work.subject = f"case:{request.case}" if request.case else "licence:search"
    work.detail = {
        "by": request.by, "purpose": request.purpose, "basis": request.basis, "found": len(rows),
    }  # fmt: skip
    return [licence_row(work, row) for row in rows]


def _condition(work: Work, request: Search) -> Any:
    licence = t.licence.c
    if request.by == "holder":
        holder = find_applicant(work, request.code_kind or holder_code_kind(request.text), request.text)
        return licence.holder_id == (holder.id if holder is not None else -1)
    if request.by == "code":
        return licence.code == identifiers.check_licence_identifier(request.text)
    if request.by == "number":
        return licence.number == request.text
    return or_(licence.holder_name == request.text, licence.holder_name.startswith(request.text, autoescape=True))  # fmt: skip


class View(Request):
    """A licence to be opened, and why."""

    code: str
    purpose: str
    basis: Basis = "present"
    case: str = ""


@operation("licence.view", permission="licence.view", title="Open a licence")
def view(work: Work, request: View) -> LicenceDetail:
    """Open a licence with its verification; the view is recorded. Errors: PURPOSE_MISSING, UNKNOWN_LICENCE."""
    check_purpose(request.purpose)
    row = by_code(work, request.code)
    checks = verify(work, row)
    found = verdict(check.state for check in checks)
    record = record_use(
        work, row, "view", request.purpose, basis=request.basis, case=request.case, result=found
    )
    work.subject = f"licence:{row.code}"
    return LicenceDetail(
        licence_row(work, row), facts_of(row), row.document, row.subject.removeprefix("case:"), checks, found, record,
        uses_of(work, row),
    )  # fmt: skip


class Reveal(Request):
    """A hidden field of a licence that is to be shown, and why."""

    code: str
    field: str
    purpose: str
    basis: Basis = "present"
    case: str = ""


@operation("licence.reveal", permission="licence.view", title="Show a hidden field of a licence")
def reveal(work: Work, request: Reveal) -> int:
    """Record that a hidden field is looked at; `licence.revealed` then shows it. Gives the number of the entry.

    The field is no result of this operation: results are kept with the keys that make retries harmless.

    Errors: PURPOSE_MISSING, UNKNOWN_LICENCE, UNKNOWN_FIELD, NOT_OPENED; NOT_PERMITTED without `people.reveal`.
    """
    check_purpose(request.purpose)
    row = by_code(work, request.code)
    use_of_today(work, row, "view", request.purpose)
    if (
        request.field == HOLDER_CODE
    ):  # the core's own operation asks for the permission and has its journal row
        work.call("people.reveal", {"applicant_id": row.holder_id, "purpose": request.purpose})
    elif not work.may("people.reveal"):
        raise UserError("NOT_PERMITTED", L("Showing personal data in full needs a permission of its own."))
    _plain(work, row, request.field)
    work.subject = f"licence:{row.code}"
    return record_use(
        work, row, "reveal", request.purpose, basis=request.basis, case=request.case, result=request.field
    )


class AskField(Request):
    """A field that was revealed for this purpose."""

    code: str
    field: str
    purpose: str


@query("licence.revealed", permission="licence.view", title="A field of a licence in full")
def revealed(read: Read, request: AskField) -> str:
    """A field in full, after `licence.reveal` recorded it today. Errors: UNKNOWN_LICENCE, UNKNOWN_FIELD, NOT_OPENED."""
    row = by_code(read, request.code)
    use_of_today(read, row, "reveal", request.purpose, request.field)
    return _plain(read, row, request.field)


def _plain(read: Read, row: Any, field: str) -> str:
    if field == HOLDER_NAME:
        return str(row.holder_name)
    if field == HOLDER_CODE:
        return reveal_applicant_code(read, row.holder_id)
    if field not in row.fields:
        raise UserError("UNKNOWN_FIELD", L("The licence has no field {field}.", field=field))
    return str(row.fields[field])
