"""The record of uses, and the uses that other plugins make: a holder's licences, a licence instead of a paper."""

from __future__ import annotations

from pydantic import Field

from yichuang.api import (
    Fact,
    FactQuery,
    LicenceQuery,
    LicenceSummary,
    MaterialClaim,
    MaterialFinding,
    Read,
    Request,
    UserError,
    Work,
    find_applicant,
    in_language,
    or_,
    query,
    select,
)
from yichuang_licence import tables as t
from yichuang_licence.operations.records import (
    MOST_FOUND,
    UseRow,
    all_uses,
    by_code,
    record_use,
    use_rows,
    validity_of,
)
from yichuang_licence.rules import LONGEST_PURPOSE, USABLE, VALIDITY_NAMES, Validity
from yichuang_licence.words import words

L = words.lazy


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
            row.code, row.number, row.name, row.type, row.holder_name, row.issuer_name, validity_of(read, row),
            row.valid_to, {label: str(row.fields[label]) for label in asked.contents if label in row.fields},
        )
        for row in read.all(statement)
    ]  # fmt: skip


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
    if finding.accepted:
        case = claim.subject.removeprefix("case:")
        record_use(work, row, "stand_in", claim.purpose[:LONGEST_PURPOSE], basis="present", case=case, result="ok")  # fmt: skip
    return finding


def facts(read: Read, asked: FactQuery) -> list[Fact]:
    """Whether the licences of a case stand as they stood when they were taken for papers; their contents are not read."""
    return [_fact(read, code, asked.applicant_id) for code in dict.fromkeys(asked.licences)]


def _fact(read: Read, code: str, holder: int) -> Fact:
    source = str(L("licence register"))
    try:
        row = by_code(read, code)
    except UserError as error:
        return Fact(code, "fail", in_language(error.sentence), source)
    found = validity_of(read, row)
    name, state = row.name, str(VALIDITY_NAMES[found])
    if row.holder_id != holder:
        return Fact(name, "fail", str(L("it belongs to somebody else")), source)
    if found not in USABLE:
        return Fact(name, "fail", str(L("it is {state}", state=state)), source)
    if found is Validity.EXPIRING:
        return Fact(name, "warn", str(L("{state}, until {day}", state=state, day=row.valid_to)), source)
    return Fact(name, "ok", state, source)


class AskUses(Request):
    """The newest uses before an id.

    Attributes:
        text: Part of a purpose, of a person's name, or of a licence's name or number.
    """

    text: str = Field("", max_length=100)
    before: int = Field(2**62, ge=1)
    limit: int = Field(100, ge=1, le=500)


@query("licence.uses", permission="licence.view", title="Record of uses")
def uses(read: Read, request: AskUses) -> list[UseRow]:
    """Who looked at what and why, newest first; hall-wide people see all, others their own uses."""
    statement = all_uses().where(t.use.c.id < request.before).limit(request.limit)
    if not read.actor.hall_wide:
        statement = statement.where(t.use.c.staff_id == read.actor.staff_id)
    if request.text:
        wanted = (t.use.c.purpose, t.use.c.staff_name, t.licence.c.name, t.licence.c.number)
        statement = statement.where(or_(*(c.contains(request.text, autoescape=True) for c in wanted)))
    return use_rows(read, statement)
