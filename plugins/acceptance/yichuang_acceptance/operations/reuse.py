"""Earlier materials and open cases of an applicant: offered instead of paper with consent, warned of before a duplicate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from yichuang.api import (
    Private,
    Read,
    Request,
    UserError,
    Work,
    delete,
    find_applicant,
    in_language,
    query,
    select,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, forms
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.rules.intake import Given, Handed
from yichuang_acceptance.rules.machine import OPEN, State, state_name
from yichuang_acceptance.words import words

L = words.lazy
DAYS_KEY, DAYS = "acceptance.reuse_days", 365
"""For how long a kept material may be used again, in days from its receipt; 0 for never."""
MOST = 200


class AskReusable(Request):
    """An item, and whose materials."""

    item: str
    item_version: int | None = None
    code_kind: Literal["111", "553", "001"]
    code: Private


@dataclass(frozen=True)
class Reusable:
    """A material that was handed in before and may stand for a paper now.

    Attributes:
        position: Of the item that is asked about.
        material_id: Names the earlier material.
        valid_until: After that moment it may not be used again.
    """

    position: int
    material_id: int
    name: str
    case_id: int
    case_no: str
    item_name: str
    position_there: int
    pages: tuple[str, ...]
    received_at: datetime
    valid_until: datetime


@query("acceptance.reusable", permission="acceptance.accept", title="Earlier materials of an applicant")
def reusable(read: Read, request: AskReusable) -> list[Reusable]:
    """The newest kept material of the same applicant for each material of an item, as far as one may see its case.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC.
    """
    item = read.query("hall.item", {"code": request.item, "version": request.item_version})
    person = find_applicant(read, request.code_kind, request.code)
    codes = {m.code: m.position for m in materials_of(item) if m.code}
    if person is None or not codes:
        return []
    found: dict[int, Reusable] = {}
    for row in read.all(_earlier(read, person.id, codes).limit(MOST)):
        if row.pages and codes[row.code] not in found:
            found[codes[row.code]] = _view(read, row, codes[row.code])
    return [found[position] for position in sorted(found)]


def _earlier(read: Read, applicant_id: int, codes: Any) -> Any:
    """Papers of these kinds that the applicant handed in, newest first, while they are valid."""
    return (
        select(t.material, t.case.c.case_no, t.case.c.item_name, t.case.c.received_at)
        .join(t.case, t.case.c.id == t.material.c.case_id)
        .where(
            t.case.c.applicant_id == applicant_id, t.material.c.code.in_(list(codes)),
            t.material.c.given == Given.PAPER, t.case.c.received_at > read.now - timedelta(days=_days(read)),
            *cases.seen_by(read),
        )
        .order_by(t.case.c.received_at.desc(), t.material.c.id.desc())
    )  # fmt: skip


def _days(read: Read) -> int:
    return int(read.setting(DAYS_KEY, DAYS))


def _view(read: Read, row: Any, position: int) -> Reusable:
    return Reusable(
        position, row.id, row.name, row.case_id, row.case_no, row.item_name, row.position, tuple(row.pages),
        row.received_at, row.received_at + timedelta(days=_days(read)),
    )  # fmt: skip


def claim(work: Work, row: Any, item: Any, handed: dict[int, Handed]) -> None:
    """Check every earlier material that stands for a paper, and log from which case it came.

    Raises:
        UserError: REUSE_NOT_AGREED without the applicant's consent; REUSE_REFUSED where it is another's, another material,
            too old, or its pages are not those that were kept.
    """
    codes = {m.position: m.code for m in materials_of(item)}
    for hand in (hand for hand in handed.values() if hand.reused):
        if not hand.consent:
            raise UserError(
                "REUSE_NOT_AGREED",
                L("Earlier materials are used again only with the applicant's consent."),
                do=L("Ask the applicant, then tick the consent."),
            )
        code = codes.get(hand.position, "")
        wanted = _earlier(work, row.applicant_id, [code]).where(
            t.material.c.id == hand.reused, t.case.c.id != row.id
        )
        source = work.one(wanted) if code else None
        if source is None or tuple(source.pages) != hand.pages or not hand.pages:
            raise UserError(
                "REUSE_REFUSED",
                L("The earlier material cannot stand for material {n}.", n=hand.position),
                do=L("Take the paper instead."),
            )
        here = (a.reuse.c.case_id == row.id) & (a.reuse.c.position == hand.position)
        work.execute(delete(a.reuse).where(here))  # another one stood for it before a correction
        work.insert(
            a.reuse, case_id=row.id, position=hand.position, source_case_id=source.case_id,
            source_material_id=source.id, at=work.now,
        )  # fmt: skip
        work.record("acceptance.reuse", cases.subject(row.case_no), source=source.case_no, material=code)


class AskOpenCases(Request):
    """An item, and who applies for it."""

    item: str
    code_kind: Literal["111", "553", "001"]
    code: Private


@dataclass(frozen=True)
class OpenCase:
    """An open case of the same applicant for the same item, with the facts that tell two applications apart."""

    case_id: int
    case_no: str
    state: str
    state_name: str
    received_at: datetime
    due_at: datetime | None
    acceptor: str
    desk: str
    agent: str
    project: str
    materials: int
    form: dict[str, str]


@query(
    "acceptance.open_cases", permission="acceptance.accept", title="Open cases of an applicant for an item"
)
def open_cases(read: Read, request: AskOpenCases) -> list[OpenCase]:
    """Cases that would be doubled, newest first, as far as one may see them. Errors: BAD_CITIZEN_ID, BAD_USCC."""
    person = find_applicant(read, request.code_kind, request.code)
    if person is None:
        return []
    rows = read.all(
        select(t.case)
        .where(
            t.case.c.applicant_id == person.id, t.case.c.item == request.item,
            t.case.c.state.in_([str(state) for state in OPEN]), *cases.seen_by(read),
        )
        .order_by(t.case.c.received_at.desc(), t.case.c.id.desc())
        .limit(20)
    )  # fmt: skip
    return [
        OpenCase(
            r.id, r.case_no, r.state, in_language(state_name(State(r.state))), r.received_at,
            r.promise_due_at or r.legal_due_at, r.acceptor_name, r.desk, r.agent_name, r.project,
            sum(m.given != Given.NOT_GIVEN for m in cases.materials(read, r.id)), forms.of_case(read, r),
        )
        for r in rows
    ]  # fmt: skip
