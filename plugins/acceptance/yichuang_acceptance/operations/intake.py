"""The window: taking an application in, accepting it, telling once what is missing, refusing to accept, taking it back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    CleanText,
    MaterialClaim,
    MaterialRow,
    Private,
    Request,
    UserError,
    Work,
    applicant_of,
    identifiers,
    insert,
    keep_applicant,
    operation,
    reveal_applicant_code,
    update,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules import intake as rules
from yichuang_acceptance.rules.intake import Asked, Given, Handed
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.words import words

L = words.lazy
REGION = "150421"
TOLERANCE_WORKING_DAYS = 5
APPLICATION_FORM = "申请书"
LEGAL_WORKING_DAYS = 20  # 行政许可法 art. 42, where no special law says otherwise
LICENCE_TYPE = "01"  # administrative licence, GB/T 39046 code set A.1
MOST_FILES = 60  # pages of one material
UNREADABLE = "0O1IL"  # left out of query codes


class Person(Request):
    """Who applies, or who comes for the applicant."""

    name: CleanText = Field(min_length=1, max_length=200)
    code_kind: Literal["111", "001"]  # citizen id, unified social credit code
    code: Private
    phone: Private = ""


class Hand(Request):
    """What was given for one material of the item."""

    position: int = Field(ge=1, le=200)
    given: Given
    originals: int = Field(0, ge=0, le=999)
    copies: int = Field(0, ge=0, le=999)
    pages: tuple[str, ...] = Field((), max_length=MOST_FILES)  # digests of kept files
    licence: str = ""


class Intake(Request):
    """An application as it lies on the window's desk."""

    item: str
    item_version: int | None = None
    applicant: Person
    agent: Person | None = None
    materials: tuple[Hand, ...] = ()
    form: dict[str, str] = Field(default_factory=dict, json_schema_extra={"journal": False})
    project: str = Field("", max_length=200)
    ticket: str = ""
    draft_id: int | None = None


@dataclass(frozen=True)
class Accepted:
    """The case that came out of an intake."""

    case_id: int
    case_no: str
    query_code: str
    state: str
    promise_due_at: datetime | None
    legal_due_at: datetime | None
    tolerated: int


class KeepPage(Request):
    """A scanned page or a file of a material."""

    data: bytes = Field(json_schema_extra={"journal": False})
    media_type: Literal["image/png", "image/jpeg", "application/pdf"]


@operation("acceptance.keep_page", permission="acceptance.accept", title="Keep a page")
def keep_page(work: Work, request: KeepPage) -> str:
    """Keep a captured page; returns its digest for the intake. Errors: FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_READABLE."""
    starts = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "application/pdf": b"%PDF-"}
    if request.data and not request.data.startswith(starts[request.media_type]):
        raise UserError(
            "FILE_NOT_READABLE",
            L("The file is not what its name says ({kind}).", kind=request.media_type),
            do=L("Scan the page again."),
        )
    digest = work.put_blob(request.data, request.media_type)
    work.detail = {"digest": digest, "size": len(request.data)}
    return digest


@operation("acceptance.accept", permission="acceptance.accept", title="Accept an application")
def accept(work: Work, request: Intake) -> Accepted:
    """Receive and accept an application that is complete (art. 32 (5)): case, clocks, acceptance notice.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC, MATERIAL_MISSING, LICENCE_REFUSED, CALENDAR_ENDS.
    """
    row, item, asked, handed = _receive(work, request)
    rules.require_complete(asked, handed)
    _claim_licences(work, row, handed)
    return _accept(work, row, item)


@operation("acceptance.receive", permission="acceptance.accept", title="Receive an application")
def receive(work: Work, request: Intake) -> Accepted:
    """Take an application in without accepting it yet; what is missing is told by `acceptance.request_correction`.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC.
    """
    row, _, _, handed = _receive(work, request)
    _claim_licences(work, row, handed)
    draft_paper(work, row, "D1", {})
    return _outcome(work, row.id)


class OneCase(Request):
    """A case, as the caller last saw it."""

    case_id: int


class Correction(OneCase):
    """Everything that is missing or wrong, told at once."""

    defects: tuple[str, ...] = Field(min_length=1, max_length=60)
    deadline: date | None = None


@operation("acceptance.request_correction", permission="acceptance.accept", title="Request a correction")
def request_correction(work: Work, request: Correction) -> Accepted:
    """Tell the applicant once everything that is missing (art. 32 (4)). Errors: CORRECTED_ALREADY, ILLEGAL_STEP."""
    row = _case_at_window(work, request.case_id)
    if row.corrected:
        raise UserError(
            "CORRECTED_ALREADY",
            L("The applicant of case {number} was told once already.", number=row.case_no),
            do=L("Accept the application, or refuse to accept it with reasons."),
        )
    cases.move(work, row, Event.CORRECT, opinion="；".join(request.defects), corrected=True)
    deadline = request.deadline or work.today + timedelta(days=30)
    draft_paper(work, row, "D2", {"defects": list(request.defects), "deadline": deadline.isoformat()})
    return _outcome(work, row.id)


class Resubmission(OneCase):
    """What the applicant brought after the notice; positions replace those handed in before."""

    materials: tuple[Hand, ...]


@operation("acceptance.resubmit", permission="acceptance.accept", title="Take in the corrected materials")
def resubmit(work: Work, request: Resubmission) -> Accepted:
    """Take in what was corrected; the case is received again. Errors: ILLEGAL_STEP."""
    row = _case_at_window(work, request.case_id)
    cases.move(work, row, Event.RESUBMIT)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    handed = {hand.position: _handed(hand) for hand in request.materials}
    for material in materials_of(item):
        if material.position in handed:
            given = handed[material.position]
            work.execute(
                update(t.material)
                .where(t.material.c.case_id == row.id, t.material.c.position == material.position)
                .values(given=given.given, originals=given.originals, copies=given.copies, pages=list(given.pages),
                        licence=given.licence)
            )  # fmt: skip
    fresh = cases.load(work, row.id)
    _claim_licences(work, fresh, handed)
    return _outcome(work, row.id)


@operation("acceptance.accept_case", permission="acceptance.accept", title="Accept a received case")
def accept_case(work: Work, request: OneCase) -> Accepted:
    """Accept a case that was received before. Errors: MATERIAL_MISSING, ILLEGAL_STEP, CALENDAR_ENDS."""
    row = _case_at_window(work, request.case_id)
    next_state(State(row.state), Event.ACCEPT)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    asked = _asked(item)
    handed = {
        m.position: Handed(m.position, Given(m.given), m.originals, m.copies, tuple(m.pages), m.licence)
        for m in cases.materials(work, row.id)
    }
    rules.require_complete(asked, handed)
    return _accept(work, row, item)


class Refusal(OneCase):
    """Why an application is not accepted."""

    kind: Literal["not_needed", "not_our_remit", "not_in_form"]
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field("", max_length=400)
    proper_agency: str = Field("", max_length=200)


@operation("acceptance.refuse_to_accept", permission="acceptance.accept", title="Refuse to accept")
def refuse_to_accept(work: Work, request: Refusal) -> Accepted:
    """Refuse to accept, in writing and with the reason (art. 32 last paragraph). Errors: PROPER_AGENCY_MISSING, ILLEGAL_STEP."""
    row = _case_at_window(work, request.case_id)
    if request.kind == "not_our_remit" and not request.proper_agency:
        raise UserError("PROPER_AGENCY_MISSING", L("Name the authority that is responsible instead."))
    cases.move(work, row, Event.REFUSE_ACCEPTANCE, opinion=request.reason)
    facts = {
        "kind": request.kind,
        "reason": request.reason,
        "law": request.law,
        "proper_agency": request.proper_agency,
    }
    draft_paper(work, row, "D4", facts)
    return _outcome(work, row.id)


class Withdrawal(OneCase):
    """The applicant's wish to take the application back."""

    reason: str = Field(min_length=1, max_length=500)


@operation("acceptance.withdraw", permission="acceptance.accept", title="Withdraw an application")
def withdraw(work: Work, request: Withdrawal) -> Accepted:
    """End a case at the applicant's signed request, before the decision. Errors: ILLEGAL_STEP."""
    row = _case_at_window(work, request.case_id)
    cases.move(work, row, Event.WITHDRAW, opinion=request.reason)
    return _outcome(work, row.id)


def _case_at_window(work: Work, case_id: int) -> Any:
    row = cases.load(work, case_id)
    cases.require_sight(work, row)
    return row


def _handed(hand: Hand) -> Handed:
    return Handed(hand.position, hand.given, hand.originals, hand.copies, hand.pages, hand.licence)


def materials_of(item: Any) -> list[MaterialRow]:
    """What the item asks for; where the catalogue lists nothing yet, the written application itself (art. 29)."""
    return item.materials or [MaterialRow(1, "", APPLICATION_FORM, "required", True, False, [])]


def _asked(item: Any) -> list[Asked]:
    return [Asked(m.position, m.name, m.need, m.replaceable) for m in materials_of(item)]


def _receive(work: Work, request: Intake) -> tuple[Any, Any, list[Asked], dict[int, Handed]]:
    """Enter the case as received, with its materials; returns its row, the item, what it asks and what was given."""
    item = work.query("hall.item", {"code": request.item, "version": request.item_version})
    person = keep_applicant(work, **request.applicant.model_dump())
    agent = keep_applicant(work, **request.agent.model_dump()) if request.agent else None
    asked = _asked(item)
    handed = {hand.position: _handed(hand) for hand in request.materials}
    today = work.today
    serial = work.number("case", f"{REGION}{today:%y%m%d}")
    case_no = identifiers.case_number(REGION, today, serial)
    case_id = work.insert(
        t.case, case_no=case_no, query_code=_query_code(), state=State.RECEIVED, row_version=1,
        item=item.code, item_version=item.version, item_name=item.name, item_type=item.type, item_kind=item.kind,
        agency=item.agency, agency_name=item.agency_name, applicant_id=person.id, applicant_kind=person.kind,
        applicant_name=person.name, applicant_masked=person.code_masked, agent_id=agent.id if agent else None,
        agent_name=agent.name if agent else "", phone=person.phone or (agent.phone if agent else ""),
        project=request.project, form=request.form, ticket=request.ticket, desk=work.actor.desk or "",
        received_at=work.now, acceptor_id=work.actor.staff_id, acceptor_name=work.actor.name,
    )  # fmt: skip
    work.execute_many(
        insert(t.material), [_material_row(case_id, m, handed.get(m.position)) for m in materials_of(item)]
    )
    cases.record(work, case_id, Event.RECEIVE, None, State.RECEIVED)
    if request.draft_id is not None:
        work.execute(
            t.draft.delete().where(
                t.draft.c.id == request.draft_id, t.draft.c.staff_id == work.actor.staff_id
            )
        )
    work.subject = cases.subject(case_no)
    work.detail = {
        "item": item.code,
        "version": item.version,
        "ticket": request.ticket,
        "materials": len(request.materials),
    }
    return cases.load(work, case_id), item, asked, handed


def _material_row(case_id: int, material: Any, handed: Handed | None) -> dict[str, Any]:
    given = handed or Handed(material.position, Given.NOT_GIVEN)
    return {
        "case_id": case_id, "position": material.position, "code": material.code, "name": material.name,
        "need": material.need, "given": given.given, "originals": given.originals, "copies": given.copies,
        "pages": list(given.pages), "licence": given.licence, "due": None,
    }  # fmt: skip


def _claim_licences(work: Work, row: Any, handed: dict[int, Handed]) -> None:
    """Every licence that stands for a paper is checked now; a check that did not run is not a pass."""
    claims = [hand for hand in handed.values() if hand.given is Given.LICENCE]
    if not claims:
        return
    code = reveal_applicant_code(work, row.applicant_id)
    holder = applicant_of(work, row.applicant_id)
    for hand in claims:
        claim = MaterialClaim(
            cases.subject(row.case_no), hand.licence, "", holder.code_kind, code,
            purpose=f"{row.case_no} {row.item_name}",
        )  # fmt: skip
        findings = list(work.hooks.check_material(work=work, claim=claim))
        refused = next((f for f in findings if not f.accepted), None)
        if refused is not None or not findings:
            reason = refused.reason if refused is not None else L("nobody here can check it")
            raise UserError(
                "LICENCE_REFUSED",
                L("The licence cannot stand for material {n}: {reason}", n=hand.position, reason=reason),
                do=L("Take the paper instead, or another licence."),
            )


def _accept(work: Work, row: Any, item: Any) -> Accepted:
    """Start both clocks, fix the due moments, draft the acceptance notice."""
    days = work.calendar
    start = work.now.astimezone(HALL_ZONE)
    promise = _due(work, start, item.promise_amount, item.promise_unit, item.kind)
    legal = _due(work, start, item.legal_amount, item.legal_unit, "")
    if legal is None and item.type == LICENCE_TYPE:
        legal = days.due_moment(start, LEGAL_WORKING_DAYS, "W")
    due = promise or legal
    warn_at = None
    if due is not None:
        local = due.astimezone(HALL_ZONE)
        warn_on = max(
            days.warn_day(local.date(), item.promise_amount or item.legal_amount or LEGAL_WORKING_DAYS),
            start.date(),
        )
        warn_at = datetime(warn_on.year, warn_on.month, warn_on.day, tzinfo=HALL_ZONE)
    tolerated = [m for m in cases.materials(work, row.id) if m.given == Given.TOLERATED]
    tolerance_due = None
    if tolerated:
        until = days.add_workdays(start.date(), TOLERANCE_WORKING_DAYS)
        tolerance_due = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=HALL_ZONE)
        work.execute(
            update(t.material)
            .where(t.material.c.case_id == row.id, t.material.c.given == Given.TOLERATED)
            .values(due=tolerance_due)
        )
    cases.move(
        work, row, Event.ACCEPT, accepted_at=work.now, promise_due_at=promise, legal_due_at=legal, warn_at=warn_at,
        tolerance_due=tolerance_due,
    )  # fmt: skip
    draft_paper(work, row, "D3", {})
    if tolerated:
        draft_paper(work, row, "D5", {})
    return _outcome(work, row.id)


def _due(work: Work, start: datetime, amount: Any, unit: str, kind: str) -> datetime | None:
    if kind == "instant":
        return work.calendar.instant_due(start)
    return None if amount is None else work.calendar.due_moment(start, amount, unit)


def _query_code() -> str:
    """Six characters that a person can read off a receipt; they keep strangers from guessing at case numbers."""
    letters = [c for c in "ABCDEFGHJKMNPQRSTUVWXYZ23456789" if c not in UNREADABLE]
    return "".join(secrets.choice(letters) for _ in range(6))


def _outcome(work: Work, case_id: int) -> Accepted:
    row = cases.load(work, case_id)
    tolerated = sum(1 for m in cases.materials(work, case_id) if m.given == Given.TOLERATED)
    return Accepted(
        row.id, row.case_no, row.query_code, row.state, row.promise_due_at, row.legal_due_at, tolerated
    )  # fmt: skip
