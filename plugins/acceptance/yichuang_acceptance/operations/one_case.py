"""One case with all its parts, as the windows show it, and whether its events are as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yichuang.api import (
    Read,
    Request,
    bindparam,
    identifiers,
    prepare,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, form_correction, forms
from yichuang_acceptance.operations.clocks import limits_of_case, spent_of, suspensions
from yichuang_acceptance.operations.forwarding import ForwardingView, forwarding_view
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.lists import CaseRow, case_row
from yichuang_acceptance.operations.papers import PaperRow, paper_row
from yichuang_acceptance.operations.points import Places, places_of
from yichuang_acceptance.operations.promises import PromiseView, promise_view
from yichuang_acceptance.operations.retention import Kept, kept_of
from yichuang_acceptance.rules.chain import first_break
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.machine import Event, State, possible
from yichuang_acceptance.rules.pauses import KINDS
from yichuang_acceptance.rules.reach import said

_E, _P = t.event.c, t.paper.c
_BY_NO = prepare(select(t.case.c.id).where(t.case.c.case_no == bindparam("case_no")))
_EVENTS = prepare(
    select(_E.seq, _E.event, _E.source, _E.target, _E.staff_name, _E.desk, _E.at, _E.opinion)
    .where(_E.case_id == bindparam("case_id"))
    .order_by(_E.seq)
    .limit(500)
)
_PAPERS = prepare(
    select(
        _P.id, _P.case_id, _P.kind, _P.title, _P.number, _P.state, _P.document, _P.sealed, _P.prints, _P.facts
    )
    .where(_P.case_id == bindparam("case_id"))
    .order_by(_P.id)
    .limit(200)
)
_DELIVERY = prepare(select(t.delivery).where(t.delivery.c.case_id == bindparam("case_id")))


@dataclass(frozen=True)
class MaterialView:
    """A material of a case."""

    position: int
    name: str
    need: str
    given: str
    originals: int
    copies: int
    pages: list[str]
    licence: str
    due: datetime | None


@dataclass(frozen=True)
class EventView:
    """Something that happened to a case."""

    seq: int
    event: str
    source: str
    target: str
    staff: str
    desk: str
    at: datetime
    opinion: str


@dataclass(frozen=True)
class PauseView:
    """A suspension of a case."""

    kind: str
    kind_name: str
    basis: str
    reason: str
    began_at: datetime
    planned_end: date | None
    ended_at: datetime | None
    result: str
    staff: str
    asked_on: date | None = None
    asked_by: str = ""
    officers: str = ""


@dataclass(frozen=True)
class DeliveryView:
    """How a result went out."""

    mode: str
    receiver: str
    relation: str
    receiver_masked: str
    mail_no: str
    at: datetime
    staff: str


@dataclass(frozen=True)
class CaseDetail:
    """A case with all its parts.

    Attributes:
        limit: Of the promise, else of the law.
        first_contact: Who was asked first; empty of old cases.
        forwarded: Where it was sent up to, for its decision.
        kept: How long its file is kept, once it has ended.
        unconfirmed: The application was corrected, and the applicant has neither confirmed nor got the new form to sign.
        renewal_due_at: When silence grants the renewal that is asked for (art. 50).
        spent: How much of it is used while the case is under review, in its unit to a tenth.
    """

    row: CaseRow
    item_version: int
    item_type: str
    agency: str
    applicant_masked: str
    applicant_id: int
    agent_name: str
    phone: str
    project: str
    form: dict[str, str]
    ticket: str
    accepted_at: datetime | None
    promise_due_at: datetime | None
    legal_due_at: datetime | None
    tolerance_due: datetime | None
    decider: str
    licence_code: str
    possible: list[str]
    may_decide: bool
    materials: list[MaterialView]
    events: list[EventView]
    papers: list[PaperRow]
    telling_due_at: datetime | None
    correction_due_at: datetime | None
    deliver_due_at: datetime | None
    legal_used: Decimal
    promise_used: Decimal
    extended: bool
    joint: bool
    certificate_no: str
    pauses: list[PauseView]
    delivery: DeliveryView | None
    urged: int = 0
    promise: PromiseView | None = None
    places: Places = Places()  # noqa: RUF009 - frozen
    limit: Limit | None = None
    spent: Decimal | None = None
    forwarded: ForwardingView | None = None
    first_contact: str = ""
    unconfirmed: bool = False
    kept: Kept | None = None
    renewal_due_at: datetime | None = None


class AskCase(Request):
    """A case by its id or number."""

    case_id: int | None = None
    case_no: str = ""


@query("acceptance.case", permission="acceptance.view", title="One case")
def one_case(read: Read, request: AskCase) -> CaseDetail:
    """One case with materials, events and papers. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    case_id = request.case_id
    if case_id is None:
        case_id = read.scalar(_BY_NO, case_no=request.case_no)
    row = cases.load(read, case_id or 0)
    cases.require_sight(read, row)
    events = read.all(_EVENTS, case_id=row.id)
    own_agency = read.actor.hall_wide or read.actor.agency == row.agency
    return CaseDetail(
        case_row(read, row), row.item_version, row.item_type, row.agency, row.applicant_masked, row.applicant_id, row.agent_name,
        identifiers.mask_phone(row.phone) if row.phone else "", row.project, said(row) | forms.of_case(read, row), row.ticket,
        row.accepted_at, row.promise_due_at, row.legal_due_at, row.tolerance_due, row.decider_name, row.licence_code,
        [str(e) for e in possible(State(row.state), licence=cases.is_licence(row))],
        own_agency and row.acceptor_id != read.actor.staff_id and row.state == State.REVIEW,
        [MaterialView(m.position, m.name, m.need, m.given, m.originals, m.copies, m.pages, m.licence, m.due)
         for m in cases.materials(read, row.id)],
        [EventView(*e) for e in events],
        [paper_row(p) for p in read.all(_PAPERS, case_id=row.id)],
        row.telling_due_at, row.correction_due_at, row.deliver_due_at, row.legal_used, row.promise_used, row.extended, row.joint,
        row.certificate_no, [_pause_view(s) for s in suspensions(read, row.id)], _delivery_view(read, row.id),
        sum(e.event == Event.URGE for e in events), promise_view(read, row), places_of(read, row.id),
        next(filter(None, reversed(limits_of_case(row))), None), spent_of(read, row), forwarding_view(read, row.id),
        row.first_contact,
        any(e.event == Event.CORRECT_FORM for e in events) and form_correction.is_unconfirmed(read, row),
        kept_of(read, row), row.renewal_due_at,
    )  # fmt: skip


def _pause_view(row: Any) -> PauseView:
    return PauseView(
        row.kind, str(KINDS[row.kind].name), row.basis, row.reason, row.began_at, row.planned_end, row.ended_at, row.result,
        row.staff_name, row.asked_on, row.asked_by, row.officers,
    )  # fmt: skip


def _delivery_view(read: Read, case_id: int) -> DeliveryView | None:
    row = read.one(_DELIVERY, case_id=case_id)
    if row is None:
        return None
    return DeliveryView(
        row.mode, row.receiver, row.relation, row.receiver_masked, row.mail_no, row.at, row.staff_name
    )


@dataclass(frozen=True)
class Verified:
    """Whether the events of a case are as they were written.

    Attributes:
        broken_at: The number of the first event that is not, None where all are.
    """

    events: int
    broken_at: int | None


@query("acceptance.verify_case", permission="acceptance.view", title="Check the events of a case")
def verify_case(read: Read, request: OneCase) -> Verified:
    """Follow the hash chain over the events of a case. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    row = cases.at_window(read, request.case_id)
    events = read.all(
        select(t.event).where(t.event.c.case_id == row.id).order_by(t.event.c.seq).limit(10_000)
    )
    return Verified(len(events), first_break(events))
