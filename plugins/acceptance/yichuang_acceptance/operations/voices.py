"""What citizens say about a case while it is open or after: urging it, complaining; and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    func,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, later
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.containing import containing
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.rules.machine import OPEN, Event, State
from yichuang_acceptance.rules.violations import COMPLAINT_WORKING_DAYS, OTHER, URGED
from yichuang_acceptance.words import words

L = words.lazy
_c = s.complaint.c


class Urge(OneCase):
    """Who urges a case, and what they say."""

    text: str = Field("", max_length=500)
    person: str = Field("", max_length=100)


@operation("acceptance.urge", permission="acceptance.voices", title="Urge a case")
def urge(work: Work, request: Urge) -> int:
    """Enter that an open case is urged, and remind its handler; returns how often it was. Errors: CASE_ENDED, NOT_YOUR_AGENCY."""
    row = cases.at_window(work, request.case_id)
    state = State(row.state)
    if state not in OPEN:
        raise UserError("CASE_ENDED", L("Case {number} has ended.", number=row.case_no),
                        do=L("Enter a complaint, if there is one."))  # fmt: skip
    later.lock(work, row.id)
    said = {"person": request.person}
    seq = cases.record(work, row.id, Event.URGE, state, state, request.text, said)
    raise_alert(work, row, URGED, key=str(seq), detail=request.text)
    work.subject = cases.subject(row.case_no)
    return times_urged(work, row.id)


def times_urged(read: Read, case_id: int) -> int:
    """How often a case was urged."""
    c = t.event.c
    return int(
        read.scalar(
            select(func.count()).select_from(t.event).where(c.case_id == case_id, c.event == Event.URGE)
        )
    )


class Complaint(OneCase):
    """A complaint about a case."""

    content: CleanText = Field(min_length=1, max_length=2000)
    source: Literal["window", "phone", "letter", "hotline"] = "window"
    person: str = Field("", max_length=100)


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint as the ledger shows it."""

    id: int
    case_id: int
    case_no: str
    item_name: str
    agency: str
    agency_name: str
    source: str
    person: str
    content: str
    at: datetime
    due_at: datetime
    staff: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    late: bool


@operation("acceptance.complain", permission="acceptance.voices", title="Enter a complaint")
def complain(work: Work, request: Complaint) -> ComplaintRow:
    """Enter a complaint about a case; its answer is due in 13 working days. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    row = cases.at_window(work, request.case_id)
    due = answer_due(work, work.now)
    key = work.insert(
        s.complaint, case_id=row.id, agency=row.agency, source=request.source, person=request.person,
        content=request.content, at=work.now, due_at=due, staff_id=work.actor.staff_id, staff_name=work.actor.name,
    )  # fmt: skip
    later.lock(work, row.id)
    state = State(row.state)
    payload = {"complaint": key, "source": request.source, "due": due.isoformat()}
    cases.record(work, row.id, Event.COMPLAIN, state, state, request.content, payload)
    later.remind_at(work, row.id, OTHER, due, key=complaint_key(key))
    work.subject = cases.subject(row.case_no)
    return _complaint(work, key)


def answer_due(read: Read, entered: datetime) -> datetime:
    """By when a complaint is answered."""
    return days_of(read).due_moment(entered, COMPLAINT_WORKING_DAYS, "W")


def complaint_key(complaint_id: int) -> str:
    """What tells the answers that are waited for apart."""
    return f"complaint:{complaint_id}"


class AnswerComplaint(Request):
    """The answer to a complaint."""

    complaint_id: int
    answer: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.answer_complaint", permission="acceptance.answer", title="Answer a complaint")
def answer_complaint(work: Work, request: AnswerComplaint) -> ComplaintRow:
    """Answer a complaint, by the agency it is about. Errors: UNKNOWN_COMPLAINT, ANSWERED_ALREADY, NOT_YOUR_AGENCY."""
    found = work.one(select(s.complaint).where(_c.id == request.complaint_id))
    if found is None:
        raise UserError("UNKNOWN_COMPLAINT", L("There is no such complaint."))
    row = cases.load(work, found.case_id)
    if row.acceptor_id != work.actor.staff_id:
        work.require_agency(found.agency)
    same = _c.id == found.id, _c.answered_at.is_(None)
    values = {"answer": request.answer, "answered_at": work.now, "answered_by": work.actor.name}
    if not work.execute(update(s.complaint).where(*same).values(**values)):
        raise UserError(
            "ANSWERED_ALREADY", L("This complaint was answered already."), do=L("Refresh the list.")
        )
    later.forget(work, row.id, OTHER, key=complaint_key(found.id))
    work.subject = cases.subject(row.case_no)
    return _complaint(work, found.id)


class AskComplaints(Request):
    """The ledger of complaints: those that wait for an answer, or all; those in which a text stands (case, item, words, who)."""

    waiting: bool = False
    text: str = Field("", max_length=60)
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.complaints", permission="acceptance.view", title="Complaints")
def complaints(read: Read, request: AskComplaints) -> list[ComplaintRow]:
    """Complaints about the cases that one may see, newest first."""
    wanted: list[Any] = []
    if not (read.actor.hall_wide or read.may("acceptance.see_all")):
        wanted.append(or_(_c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id))
    if request.waiting:
        wanted.append(_c.answered_at.is_(None))
    wanted += containing(request.text, t.case.c.case_no, t.case.c.item_name, _c.content, _c.person)
    if request.before_id is not None:
        wanted.append(_c.id < request.before_id)
    return [
        _row(read, row)
        for row in read.all(_ledger().where(*wanted).order_by(_c.id.desc()).limit(request.limit))
    ]


def _ledger() -> Any:
    columns = s.complaint, t.case.c.case_no, t.case.c.item_name, t.case.c.agency_name
    return select(*columns).join(t.case, t.case.c.id == _c.case_id)


def _complaint(read: Read, key: int) -> ComplaintRow:
    return _row(read, read.one(_ledger().where(_c.id == key)))


def _row(read: Read, row: Any) -> ComplaintRow:
    return ComplaintRow(
        row.id, row.case_id, row.case_no, row.item_name, row.agency, row.agency_name, row.source, row.person, row.content,
        row.at, row.due_at, row.staff_name, row.answer, row.answered_at, row.answered_by,
        (row.answered_at or read.now) > row.due_at,
    )  # fmt: skip
