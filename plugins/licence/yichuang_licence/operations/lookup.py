"""Looking licences up for a purpose, and using one instead of a paper. Every look is recorded with its purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    LicenceQuery,
    LicenceSummary,
    MaterialClaim,
    MaterialFinding,
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
    select,
)
from yichuang_licence import tables as t
from yichuang_licence.operations.register import by_code, validity_of
from yichuang_licence.rules import USABLE, VALIDITY_NAMES, check_purpose
from yichuang_licence.words import words

L = words.lazy
MOST_FOUND = 50
SHORTEST_NAME = 2
SIGNATURE_WORDS = {True: L("valid, the file was not changed"), False: L("could not be confirmed")}
Basis = Literal["present", "written", "statutory"]


@dataclass(frozen=True)
class LicenceRow:
    """A licence as the list shows it, its holder masked."""

    id: int
    code: str
    number: str
    type: str
    name: str
    issuer_name: str
    holder: str
    holder_masked: str
    validity: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class UseRow:
    """One use of a licence."""

    at: datetime
    staff: str
    desk: str
    act: str
    purpose: str
    result: str


@dataclass(frozen=True)
class Check:
    """One line of a verification."""

    name: str
    state: str  # ok | warn | fail
    detail: str


@dataclass(frozen=True)
class LicenceDetail:
    """A licence with the checks made on it and the uses made of it."""

    row: LicenceRow
    fields: dict[str, str]
    document: str
    case: str
    checks: list[Check]
    uses: list[UseRow]


def licence_row(read: Read, row: Any) -> LicenceRow:
    """A table row as lists show it."""
    holder = identifiers.mask_name(row.holder_name) if row.holder_kind == "person" else row.holder_name
    return LicenceRow(
        row.id, row.code, row.number, row.type, row.name, row.issuer_name, holder, row.holder_masked,
        validity_of(read, row), row.valid_from, row.valid_to,
    )  # fmt: skip


class Search(Request):
    """Whose licences, or which one, and why.

    Attributes:
        by: holder (identity number), code (identifier), number (printed number) or name (of the holder).
        basis: The holder's authorisation: present at the window, in writing, or the law's.
    """

    by: Literal["holder", "code", "number", "name"]
    text: Private
    code_kind: Literal["111", "001"] = "111"
    purpose: str
    basis: Basis = "present"
    case: str = ""


@operation("licence.search", permission="licence.view", title="Look licences up")
def search(work: Work, request: Search) -> list[LicenceRow]:
    """Look licences up; the search itself is recorded, also when it finds nothing.

    Errors: PURPOSE_MISSING, BAD_CITIZEN_ID, BAD_USCC, BAD_LICENCE_IDENTIFIER, NAME_TOO_SHORT, NOT_PERMITTED for names.
    """
    check_purpose(request.purpose)
    rows = work.all(
        select(t.licence).where(_condition(work, request)).order_by(t.licence.c.id.desc()).limit(MOST_FOUND)
    )
    for row in rows or [None]:
        _record(work, row, "search", request.purpose, request.basis, request.case, f"{len(rows)}")
    work.subject = f"case:{request.case}" if request.case else "licence:search"
    work.detail = {"by": request.by, "purpose": request.purpose, "basis": request.basis, "found": len(rows)}
    return [licence_row(work, row) for row in rows]


def _condition(work: Work, request: Search) -> Any:
    if request.by == "holder":
        holder = find_applicant(work, request.code_kind, request.text)
        return t.licence.c.holder_id == (holder.id if holder is not None else -1)
    if request.by == "code":
        return t.licence.c.code == identifiers.check_licence_identifier(request.text)
    if request.by == "number":
        return t.licence.c.number == request.text
    if not work.may("licence.search_names"):
        raise UserError(
            "NOT_PERMITTED",
            L("Searching by name needs a permission of its own."),
            do=L("Use the identity number."),
        )
    if len(request.text) < SHORTEST_NAME:
        raise UserError("NAME_TOO_SHORT", L("Type at least {n} characters of the name.", n=SHORTEST_NAME))
    escaped = request.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        t.licence.c.holder_name == request.text, t.licence.c.holder_name.like(f"{escaped}%", escape="\\")
    )


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
    _record(work, row, "view", request.purpose, request.basis, request.case, _verdict(checks))
    work.subject = f"licence:{row.code}"
    uses = work.all(select(t.use).where(t.use.c.licence_id == row.id).order_by(t.use.c.id.desc()).limit(20))
    return LicenceDetail(
        licence_row(work, row), row.fields, row.document, row.subject, checks,
        [UseRow(u.at, u.staff_name, u.desk, u.act, u.purpose, u.result) for u in uses],
    )  # fmt: skip


def verify(read: Read, row: Any) -> list[Check]:
    """The checks of a licence: identifier, issuer, state today, the sealed decision behind it."""
    found = validity_of(read, row)
    checks = [
        Check(str(L("Identifier")), "ok", str(L("check character right"))),
        Check(str(L("Issuing authority")), "ok", row.issuer_name),
        Check(
            str(L("State")),
            "ok" if found == "valid" else "warn" if found in USABLE else "fail",
            str(VALIDITY_NAMES[found]),
        ),
    ]
    if not row.document:
        return [*checks, Check(str(L("Sealed decision")), "warn", str(L("entered by hand, no sealed file")))]
    try:
        read.get_blob(row.document)
    except UserError as error:
        return [*checks, Check(str(L("Sealed decision")), "fail", str(error))]
    checks.append(Check(str(L("Sealed decision")), "ok", str(L("file unchanged since it was sealed"))))
    if read.has("seal.verify") and read.may("seal.verify"):
        verdict = read.query("seal.verify", {"digest": row.document})
        good = getattr(verdict, "verdict", "") == "valid"
        checks.append(
            Check(str(L("Digital signature")), "ok" if good else "fail", str(SIGNATURE_WORDS[good]))
        )
    return checks


def _verdict(checks: list[Check]) -> str:
    return "fail" if any(c.state == "fail" for c in checks) else "ok"


class AskFile(Request):
    """A licence whose face is to be shown, stamped with the purpose."""

    code: str
    purpose: str
    case: str = ""


@query("licence.face", permission="licence.view", title="The face of a licence")
def face(read: Read, request: AskFile) -> bytes:
    """The licence's face as PDF, with a watermark that says for what, by whom and when it was looked at."""
    from yichuang.api.documents import LicenceFace, chinese_date, chinese_moment, render_licence

    check_purpose(request.purpose)
    row = by_code(read, request.code)
    valid = (
        f"{chinese_date(row.valid_from)} 至 {chinese_date(row.valid_to)}"
        if row.valid_to
        else f"{chinese_date(row.valid_from)} 起，长期"
    )
    fields = (
        ("持证主体", row.holder_name),
        ("证件号码", row.holder_masked),
        *((k, str(v)) for k, v in row.fields.items()),
    )
    watermark = f"仅用于{request.purpose} {read.actor.name} {chinese_moment(read.now)}"
    return render_licence(
        LicenceFace(
            title=row.name, number_label="证照编号", number=row.number, fields=fields, organ=row.issuer_name,
            date=row.valid_from, valid=valid, qr=row.code, subtitle="（电子证照）",
        ),
        watermark=watermark,
    )  # fmt: skip


def _record(work: Work, row: Any, act: str, purpose: str, basis: str, case: str, result: str) -> None:
    work.insert(
        t.use, licence_id=None if row is None else row.id, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name, desk=work.actor.desk or "", act=act, purpose=purpose, basis=basis,
        subject=f"case:{case}" if case else "", result=result,
    )  # fmt: skip


def summaries(read: Read, asked: LicenceQuery) -> list[LicenceSummary]:
    """A holder's licences for another plugin's question."""
    holder = find_applicant(read, asked.holder_code_kind, asked.holder_code)
    if holder is None:
        return []
    statement = (
        select(t.licence)
        .where(t.licence.c.holder_id == holder.id)
        .order_by(t.licence.c.id.desc())
        .limit(MOST_FOUND)
    )
    if asked.types:
        statement = statement.where(t.licence.c.type.in_(asked.types))
    return [
        LicenceSummary(
            row.code,
            row.number,
            row.name,
            row.type,
            row.holder_name,
            row.issuer_name,
            validity_of(read, row),
            row.valid_to,
        )
        for row in read.all(statement)
    ]


def stand_in(work: Work, claim: MaterialClaim) -> MaterialFinding:
    """Whether a licence may stand for a paper; the use is recorded with the case."""
    row = by_code(work, claim.licence_code)
    holder = find_applicant(work, claim.holder_code_kind, claim.holder_code)
    found = validity_of(work, row)
    if holder is None or row.holder_id != holder.id:
        finding = MaterialFinding(False, str(L("it belongs to somebody else")))
    elif claim.licence_type and row.type != claim.licence_type:
        finding = MaterialFinding(False, str(L("it is of another type")))
    elif found not in USABLE:
        finding = MaterialFinding(False, str(L("it is {state}", state=VALIDITY_NAMES[found])))
    else:
        finding = MaterialFinding(True, str(VALIDITY_NAMES[found]), row.document)
    case = claim.subject.removeprefix("case:")
    if finding.accepted:
        _record(work, row, "stand_in", claim.purpose[:200], "present", case, "ok")
    return finding


class AskUses(Request):
    """The newest uses before an id."""

    before: int = Field(2**62, ge=1)
    limit: int = Field(100, ge=1, le=500)


@query("licence.uses", permission="licence.view", title="Record of uses")
def uses(read: Read, request: AskUses) -> list[UseRow]:
    """Who looked at what and why, newest first; hall-wide people see all, others their own uses."""
    statement = (
        select(t.use).where(t.use.c.id < request.before).order_by(t.use.c.id.desc()).limit(request.limit)
    )
    if not read.actor.hall_wide:
        statement = statement.where(t.use.c.staff_id == read.actor.staff_id)
    return [UseRow(u.at, u.staff_name, u.desk, u.act, u.purpose, u.result) for u in read.all(statement)]
