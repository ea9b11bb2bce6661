"""The window: taking an application in, with or without accepting it at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from pydantic import Field

from yichuang.api import (
    CleanText,
    KnownApplicant,
    MaterialClaim,
    Private,
    Read,
    Request,
    UserError,
    Work,
    applicant_of,
    identifiers,
    keep_applicant,
    operation,
    reveal_applicant_code,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import (
    accepting,
    cases,
    catalogue_rules,
    delegation,
    drafts,
    forms,
    points,
    reuse,
    search_index,
    shown,
)
from yichuang_acceptance.operations.accepting import asked_as
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.pages import as_pdf
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.situations import asked_in, require_in_force
from yichuang_acceptance.rules import intake as rules
from yichuang_acceptance.rules.clocks import TELLING_WORKING_DAYS, Limit, telling_due, warn_moment
from yichuang_acceptance.rules.form_values import FormValue
from yichuang_acceptance.rules.intake import Asked, Given, Handed
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.offline import REGION
from yichuang_acceptance.rules.pages import MOST_FILES, OFD, check_page
from yichuang_acceptance.rules.reach import MOST_ADDRESS, MOST_LEGAL, of_person
from yichuang_acceptance.words import words

L = words.lazy
TELLING = Limit(Decimal(TELLING_WORKING_DAYS), "W")
UNREADABLE = "0O1IL"  # left out of query codes
Source: TypeAlias = Literal["idcard", "applicant", "licence", "earlier"]
"""From where a value of a form was brought in."""


class Person(Request):
    """Who applies, or who comes for the applicant."""

    name: CleanText = Field(min_length=1, max_length=200)
    code_kind: Literal["111", "553", "001"]  # citizen id, foreigner's card, unified social credit code
    code: Private
    phone: Private = ""


class Applying(Person):
    """Who applies, and what only an applicant has.

    Attributes:
        legal: Who represents an organisation by law (法定代表人).
        address: Where post reaches the applicant (通讯地址).
        zip: Its postcode.
    """

    legal: Private = Field("", max_length=MOST_LEGAL)
    address: Private = Field("", max_length=MOST_ADDRESS)
    zip: Private = Field("", pattern=r"^([0-9]{6})?$")


class Hand(Request):
    """What was given for one material of the item."""

    position: int = Field(ge=1, le=200)
    given: Given
    originals: int = Field(0, ge=0, le=999)
    copies: int = Field(0, ge=0, le=999)
    pages: tuple[str, ...] = Field((), max_length=MOST_FILES)  # digests of kept files
    licence: str = ""
    reused: int | None = None  # the earlier material that stands for it
    consent: bool = False  # the applicant agrees to that


class Intake(Request):
    """An application as it lies on the window's desk."""

    item: str
    item_version: int | None = None
    applicant: Applying
    agent: Person | None = None
    materials: tuple[Hand, ...] = ()
    form: dict[str, FormValue] = Field(default_factory=dict, json_schema_extra={"journal": False})
    sources: dict[str, Source] = Field(default_factory=dict)
    """From where values of the form were brought in, by key; what is not named was typed."""
    project: str = Field("", max_length=200)
    ticket: str = ""
    draft_id: int | None = None
    answers: dict[str, str] = Field(default_factory=dict)  # to the item's questions (情形), by question code
    showing_id: int | None = None  # what the applicant confirmed on the second screen


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
    media_type: Literal["image/png", "image/jpeg", "application/pdf", "application/ofd"]


def _shown(read: Read, request: KeepPage) -> None:
    """Let only what can be looked at be kept: nobody decides on a file that no desk of the hall can open."""
    check_page(request.data, request.media_type)
    if request.media_type == OFD:
        as_pdf(read, request.data, request.media_type)


@operation("acceptance.keep_page", permission="acceptance.accept", title="Keep a page", prepare=_shown)
def keep_page(work: Work, request: KeepPage) -> str:
    """Keep a captured page; returns its digest for the intake.

    Errors: FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_READABLE, FILE_NOT_SHOWN, and those of the plugin that shows the file.
    """
    digest = work.put_blob(request.data, request.media_type, confidential=True)
    work.detail = {"digest": digest, "size": len(request.data)}
    return digest


def spell_names(_read: Read, request: Intake) -> search_index.Spelled:
    """The names that the case will be found by, in pinyin; worked out before the transaction."""
    agent = request.agent.name if request.agent else ""
    return search_index.spell((request.applicant.name, agent, request.project))


@operation(
    "acceptance.accept", permission="acceptance.accept", title="Accept an application", prepare=spell_names
)
def accept(work: Work, request: Intake) -> Accepted:
    """Receive and accept an application that is complete (art. 32 (5)): case, clocks, acceptance notice.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC, FORM_INCOMPLETE, MATERIAL_MISSING, LICENCE_REFUSED,
    NOT_CONFIRMED, SHOWN_DATA_CHANGED, REUSE_NOT_AGREED, REUSE_REFUSED, NOT_DELEGATED.
    """
    row, item, asked, handed = enter(work, request)
    rules.require_complete(asked, handed)
    claim_licences(work, row, handed)
    accepted = accepting.accept(work, row, item)
    return outcome_of(accepted, [hand.given for hand in handed.values()])


@operation(
    "acceptance.receive", permission="acceptance.accept", title="Receive an application", prepare=spell_names
)
def receive(work: Work, request: Intake) -> Accepted:
    """Take an application in without accepting it yet; what is missing is told by `acceptance.request_correction`.

    Errors: UNKNOWN_ITEM, BAD_CITIZEN_ID, BAD_USCC, FORM_INCOMPLETE, NOT_DELEGATED, NOTHING_HANDED.
    """
    row, _, asked, handed = enter(work, request)
    rules.require_something(asked, handed)
    give_receipt(work, row, handed)
    return outcome(work, row.id)


def give_receipt(work: Work, row: Any, handed: dict[int, Handed]) -> None:
    """Check the licences that stand for papers, then draft the receipt (收件凭证) if there is something to list."""
    claim_licences(work, row, handed)
    if any(hand.given in (Given.PAPER, Given.LICENCE) for hand in handed.values()):
        draft_paper(work, row, "D1", {})


class OneCase(Request):
    """A case, as the caller last saw it."""

    case_id: int


def handed_of(hand: Hand) -> Handed:
    """A hand of a request as the rules take it."""
    return Handed(hand.position, hand.given, hand.originals, hand.copies, hand.pages, hand.licence,
                  hand.reused, hand.consent)  # fmt: skip


@dataclass(frozen=True)
class Child:
    """A case as an item of one matter at once.

    Attributes:
        waits: Something before it is not granted yet; the five days to tell begin when it is opened.
        joint: Handled jointly (art. 26).
        first_contact: Who was asked first, as `drafts.first_contact` has it.
    """

    case_no: str
    query_code: str
    waits: bool
    joint: bool
    first_contact: dict[str, Any]


@dataclass(frozen=True)
class Offline:
    """A case as a desk received it while the database was away: its number is printed, the law's days began then."""

    case_no: str
    query_code: str
    received_at: datetime
    desk: str


def keep_person(work: Work, person: Person) -> KnownApplicant:
    """The applicant or agent as the hall knows them."""
    return keep_applicant(
        work, name=person.name, code_kind=person.code_kind, code=person.code, phone=person.phone
    )


def new_number(work: Work) -> str:
    """The next case number of the day."""
    serial = work.number("case", f"{REGION}{work.today:%y%m%d}")
    return identifiers.case_number(REGION, work.today, serial)


def enter(
    work: Work, request: Intake, child: Child | None = None, offline: Offline | None = None
) -> tuple[Any, Any, list[Asked], dict[int, Handed]]:
    """Enter the case as received, with its materials; returns its row, the item, what it asks and what was given."""
    item = work.query("hall.item", {"code": request.item, "version": request.item_version})
    require_in_force(item)
    delegation.require_here(work, item)
    materials = asked_in(work, item, request.answers)
    form = forms.taken(work, item, request.form)
    person = keep_person(work, request.applicant)
    if request.agent is not None:
        catalogue_rules.require_in_person(work, item, request.applicant.code_kind)
    agent = keep_person(work, request.agent) if request.agent else None
    asked = asked_as(materials)
    handed = {hand.position: handed_of(hand) for hand in request.materials}
    at = offline.received_at if offline is not None else work.now
    telling = None if child is not None and child.waits else telling_due(at, days_of(work))
    known = child or offline
    first = child.first_contact if child is not None else drafts.first_contact(work, request.draft_id)
    case_no = new_number(work) if known is None else known.case_no
    row = work.insert_row(
        t.case, case_no=case_no, query_code=known.query_code if known else new_query_code(), state=State.RECEIVED, row_version=1,
        item=item.code, item_version=item.version, item_name=item.name, item_type=item.type, item_kind=item.kind,
        agency=item.agency, agency_name=item.agency_name, applicant_id=person.id, applicant_kind=person.kind,
        applicant_name=person.name, applicant_masked=person.code_masked, agent_id=agent.id if agent else None,
        agent_name=agent.name if agent else "", phone=person.phone or (agent.phone if agent else ""),
        project=request.project, form=form, ticket=request.ticket, **asdict(of_person(request.applicant)),
        desk=offline.desk if offline else work.actor.desk or "", received_at=at, telling_due_at=telling, timer_at=telling,
        warn_at=telling and warn_moment(at, telling, TELLING, days_of(work)),
        acceptor_id=work.actor.staff_id, acceptor_name=work.actor.name, joint=child is not None and child.joint, **first,
    )  # fmt: skip
    case_id = row.id
    for material in materials:
        work.insert(t.material, **_material_row(case_id, material, handed.get(material.position)))
    points.came_in(work, case_id)
    away = {"received_at": at.isoformat(), "desk": offline.desk} if offline is not None else {}
    brought = {key: source for key, source in request.sources.items() if key in form}
    payload = {**away, **_told_of(work, first), **({"sources": brought} if brought else {})}
    cases.record(work, case_id, Event.RECEIVE, State.DRAFT, State.RECEIVED, payload=payload)
    forget_draft(work, request.draft_id)
    work.subject = cases.subject(case_no)
    work.detail = {
        "item": item.code,
        "version": item.version,
        "ticket": request.ticket,
        "materials": len(request.materials),
        "answers": request.answers,
    }
    shown.attach(work, request, item, case_id)
    reuse.claim(work, row, item, handed)
    search_index.enter(work, row, work.prepared or {})
    return row, item, asked, handed


def _told_of(work: Work, first: dict[str, Any]) -> dict[str, Any]:
    """What the event says of who was asked first, where that was somebody else."""
    return first if first["first_contact_id"] != work.actor.staff_id else {}


def forget_draft(work: Work, draft_id: int | None) -> None:
    """The application was entered: its draft is not needed any more."""
    if draft_id is not None:
        work.execute(
            t.draft.delete().where(t.draft.c.id == draft_id, t.draft.c.staff_id == work.actor.staff_id)
        )


def _material_row(case_id: int, material: Any, handed: Handed | None) -> dict[str, Any]:
    given = handed or Handed(material.position, Given.NOT_GIVEN)
    return {
        "case_id": case_id, "position": material.position, "code": material.code, "name": material.name,
        "need": material.need, "given": given.given, "originals": given.originals, "copies": given.copies,
        "pages": list(given.pages), "licence": given.licence, "due": None,
    }  # fmt: skip


def claim_licences(work: Work, row: Any, handed: dict[int, Handed]) -> None:
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


def new_query_code() -> str:
    """Six characters that a person can read off a receipt; they keep strangers from guessing at case numbers."""
    letters = [c for c in "ABCDEFGHJKMNPQRSTUVWXYZ23456789" if c not in UNREADABLE]
    return "".join(secrets.choice(letters) for _ in range(6))


def outcome(work: Work, case_id: int) -> Accepted:
    """What the window is told about a case."""
    given = [material.given for material in cases.materials(work, case_id)]
    return outcome_of(cases.load(work, case_id), given)


def outcome_of(row: Any, given: Sequence[str]) -> Accepted:
    """What the window is told about a case, from its row and how its materials were given."""
    tolerated = sum(1 for each in given if each == Given.TOLERATED)
    return Accepted(
        row.id, row.case_no, row.query_code, row.state, row.promise_due_at, row.legal_due_at, tolerated
    )  # fmt: skip
