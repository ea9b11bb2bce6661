"""What could not be done at the window (无法办理登记, 办不成事): what was said, where else to go, its limit, cause and call-back.

A clerk records the own "no"; the desk for what could not be done records what applicants report. A supervisor looks into
both within the limit of the grade, and calls back whoever reported it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    CleanText,
    Private,
    Read,
    Request,
    UserError,
    Work,
    and_,
    func,
    hall,
    identifiers,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, findings
from yichuang_acceptance.operations.alerts import NOBODY, NoCase, raise_alert
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.rules.findings import REFUSED_LAWFUL
from yichuang_acceptance.rules.refusals import (
    COMPLEX_DAYS,
    GRADES,
    NEEDS_PLACE,
    REASONS,
    SPECIAL_DAYS,
    SPECIAL_SETTING,
)
from yichuang_acceptance.rules.violations import OTHER
from yichuang_acceptance.words import words

L = words.lazy
AT_ONCE = 200
_c = a.cannot_do.c


class CannotDo(Request):
    """What could not be done, and what the applicant was told.

    Attributes:
        person: Who asked; kept masked.
        proper_place: Where to go instead; needed where another organ does it.
        receiver: Who takes over there, by name (首问负责).
        reported: The applicant reports it at the desk for what could not be done; otherwise it is the own "no".
        grade: How hard it is to settle, which says how long it may take.
        agency: The organ that answers for it; the item's own where empty.
        case_no: The case that it is about, if there is one.
        attempts: What was tried before.
    """

    item: str
    person: CleanText = Field(min_length=1, max_length=200, json_schema_extra={"journal": False})
    phone: Private = ""
    reason: Literal["materials", "policy", "elsewhere", "several", "conduct", "system", "other"]
    said: str = Field(min_length=1, max_length=1000)
    proper_place: str = Field("", max_length=300)
    receiver: str = Field("", max_length=100)
    ticket: str = Field("", max_length=40)
    reported: bool = False
    grade: Literal["simple", "complex", "special"] = "complex"
    agency: str = Field("", max_length=18)
    case_no: str = Field("", max_length=40)
    attempts: str = Field("", max_length=500)


@operation("acceptance.cannot_do", permission="acceptance.accept", title="Record that it cannot be done")
def cannot_do(work: Work, request: CannotDo) -> int:
    """Put a refusal at the window, or what an applicant reports, on record; returns its number.

    Errors: UNKNOWN_ITEM, PROPER_PLACE_MISSING, UNKNOWN_AGENCY, UNKNOWN_CASE, NOT_YOUR_AGENCY.
    """
    item = work.query("hall.item", {"code": request.item})
    if request.reason in NEEDS_PLACE and not request.proper_place:
        raise UserError("PROPER_PLACE_MISSING", L("Write where the applicant should go instead."))
    if request.phone:
        identifiers.check_phone(request.phone)
    due = due_of(work, work.now, request.grade)
    number = int(work.insert(
        a.cannot_do, agency=_responsible(work, request, item.agency), item=item.code, item_name=item.name,
        person=identifiers.mask_name(request.person), phone=request.phone, reason=request.reason, said=request.said,
        proper_place=request.proper_place, receiver=request.receiver, ticket=request.ticket, at=work.now,
        staff_id=work.actor.staff_id, staff_name=work.actor.name, desk=work.actor.desk or "", reported=request.reported,
        grade=request.grade, due_at=due, next_alert_at=due, case_no=_case_no(work, request.case_no),
        attempts=request.attempts,
    ))  # fmt: skip
    work.subject = f"refusal:{number}"
    return number


def _responsible(read: Read, request: CannotDo, own: str) -> str:
    if not request.agency:
        return own
    if read.one(select(hall.agency.c.code).where(hall.agency.c.code == request.agency)) is None:
        raise UserError("UNKNOWN_AGENCY", L("There is no such agency in the hall."))
    return request.agency


def _case_no(read: Read, number: str) -> str:
    """The number of a case that is there and that the actor may see."""
    if not number:
        return ""
    case_id = read.scalar(select(t.case.c.id).where(t.case.c.case_no == number))
    return str(cases.at_window(read, case_id or 0).case_no)


def due_of(read: Read, began: datetime, grade: str) -> datetime:
    """By when it is looked into: the same working day, or so many working days on."""
    days = days_of(read)
    if grade == "simple":
        return days.instant_due(began.astimezone(HALL_ZONE))
    number = COMPLEX_DAYS if grade == "complex" else int(read.setting(SPECIAL_SETTING, SPECIAL_DAYS))
    return days.due_moment(began, number, "W")


def dues_of(read: Read, row: Any) -> dict[str, Any]:
    """The moments of an open record as they follow from when it was made."""
    due = due_of(read, row.at, row.grade)
    return {"due_at": due, "next_alert_at": row.next_alert_at and due}


@dataclass(frozen=True)
class CannotDoRow:
    """A refusal on record.

    Attributes:
        stage: What is to be done: review, call (back), or empty.
        like_id: The first record of the same problem; None where it is the first, or the only one.
        like: How many others are of the same problem.
        satisfied: What whoever reported it says to what came of it; None while nobody has called back.
    """

    id: int
    agency: str
    agency_name: str
    item: str
    item_name: str
    person: str
    phone: str
    reason: str
    reason_text: str
    said: str
    proper_place: str
    receiver: str
    at: datetime
    staff: str
    desk: str
    reviewed_at: datetime | None
    reviewed_by: str
    review: str
    reported: bool
    grade: str
    grade_text: str
    case_no: str
    attempts: str
    due_at: datetime | None
    overdue: bool
    root_cause: str
    like_id: int | None
    like: int
    called_at: datetime | None
    called_by: str
    call_back: str
    satisfied: bool | None
    stage: str


class AskCannotDo(Request):
    """Refusals before a number, newest first.

    Attributes:
        open_only: Only those that nobody has looked into, or whose reporter nobody has called back.
        item: Only of this item, such as to find like ones.
    """

    open_only: bool = True
    item: str = Field("", max_length=80)
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


_CALLS = and_(_c.reported, _c.phone != "", _c.called_at.is_(None))


@query("acceptance.refusals", permission="acceptance.supervise", title="Refusals at the window")
def refusals(read: Read, request: AskCannotDo) -> list[CannotDoRow]:
    """What could not be done, of the actor's agency, of all for hall-wide people."""
    statement = select(a.cannot_do, hall.agency.c.short_name).outerjoin(
        hall.agency, hall.agency.c.code == _c.agency
    )
    if not read.actor.hall_wide:
        statement = statement.where(_c.agency == read.actor.agency)
    if request.open_only:
        statement = statement.where(or_(_c.reviewed_at.is_(None), _CALLS))
    if request.item:
        statement = statement.where(_c.item == request.item)
    if request.before_id is not None:
        statement = statement.where(_c.id < request.before_id)
    rows = read.all(statement.order_by(_c.id.desc()).limit(request.limit))
    alike = _alike(read, rows)
    return [_row(read, row, alike.get(row.like_id or row.id, 0)) for row in rows]


def _alike(read: Read, rows: Sequence[Any]) -> dict[int, int]:
    """How many records say that they are of the same problem as the first of each."""
    firsts = {row.like_id or row.id for row in rows}
    counted = select(_c.like_id, func.count().label("n")).where(_c.like_id.in_(firsts)).group_by(_c.like_id)
    return {row.like_id: row.n for row in read.all(counted)}


def _row(read: Read, r: Any, like: int) -> CannotDoRow:
    calls = r.reported and r.phone and r.called_at is None
    stage = "review" if r.reviewed_at is None else "call" if calls else ""
    late = r.due_at is not None and r.due_at < (r.reviewed_at or read.now)
    return CannotDoRow(
        r.id, r.agency, r.short_name or r.agency, r.item, r.item_name, r.person, r.phone, r.reason, str(REASONS[r.reason]),
        r.said, r.proper_place, r.receiver, r.at, r.staff_name, r.desk, r.reviewed_at, r.reviewed_by, r.review, r.reported,
        r.grade, str(GRADES[r.grade]), r.case_no, r.attempts, r.due_at, late, r.root_cause, r.like_id, like, r.called_at,
        r.called_by, r.call_back, r.satisfied, stage,
    )  # fmt: skip


class Review(Request):
    """What the supervisor finds.

    Attributes:
        text: What came of it.
        unjustified: It was lawful to ask: the application should have been accepted (V01).
        root_cause: Why it could happen at all, beyond this one.
        like_id: An earlier record of the same problem.
    """

    refusal_id: int
    text: str = Field(min_length=1, max_length=1000)
    unjustified: bool = False
    root_cause: str = Field("", max_length=1000)
    like_id: int | None = None


@operation("acceptance.review_refusal", permission="acceptance.supervise", title="Look into a refusal")
def review_refusal(work: Work, request: Review) -> bool:
    """Enter what came of a refusal; an unjustified one becomes a finding, which a second person looks at.

    Errors: UNKNOWN_REFUSAL, NOT_YOUR_AGENCY, OWN_REFUSAL, REVIEWED_ALREADY, UNKNOWN_LIKE.
    """
    row = _own(work, request.refusal_id)
    still = (_c.id == row.id) & _c.reviewed_at.is_(None)
    late = _report(work, row)  # looking into it late does not hide that it was late
    values = {
        "reviewed_at": work.now, "reviewed_by": work.actor.name, "review": request.text, "root_cause": request.root_cause,
        "like_id": _first_of(work, row, request.like_id), "next_alert_at": None,
    }  # fmt: skip
    if not work.execute(update(a.cannot_do).where(still).values(**values)):
        raise UserError("REVIEWED_ALREADY", L("{name} has looked into this.", name=row.reviewed_by))
    if request.unjustified:
        about = NoCase("", row.item_name, row.agency)
        whose = NOBODY if row.reported else (row.staff_id, row.staff_name)
        findings.enter(work, about, REFUSED_LAWFUL, f"refusal:{row.id}", request.text, row.said, whose)
    work.subject = f"refusal:{row.id}"
    work.detail = {"late": late}
    return True


def _own(work: Work, refusal_id: int) -> Any:
    """A record of the own agency's that somebody else made."""
    row = work.one(select(a.cannot_do).where(_c.id == refusal_id))
    if row is None:
        raise UserError("UNKNOWN_REFUSAL", L("There is no such record."))
    work.require_agency(row.agency)
    if row.staff_id == work.actor.staff_id:
        raise UserError("OWN_REFUSAL", L("Somebody else must look into this."))
    return row


def _first_of(work: Work, row: Any, like_id: int | None) -> int | None:
    """The first record of the problem that an earlier one belongs to. Raises UNKNOWN_LIKE."""
    if like_id is None:
        return None
    found = work.one(select(_c.id, _c.like_id, _c.agency).where(_c.id == like_id, _c.id < row.id))
    if found is None or (found.agency != work.actor.agency and not work.actor.hall_wide):
        raise UserError(
            "UNKNOWN_LIKE",
            L("There is no earlier record {n} of the same problem.", n=like_id),
            do=L("Choose one in the list."),
        )
    return int(found.like_id or found.id)


class CallBack(Request):
    """What whoever reported it says to what came of it."""

    refusal_id: int
    text: str = Field(min_length=1, max_length=1000)
    satisfied: bool


@operation(
    "acceptance.call_back_refusal", permission="acceptance.supervise", title="Call back about a refusal"
)
def call_back_refusal(work: Work, request: CallBack) -> bool:
    """Enter the call-back; whoever was not satisfied may be called again.

    Errors: UNKNOWN_REFUSAL, NOT_YOUR_AGENCY, OWN_REFUSAL, NOT_REVIEWED, CALLED_ALREADY.
    """
    row = _own(work, request.refusal_id)
    if row.reviewed_at is None:
        raise UserError(
            "NOT_REVIEWED",
            L("Nobody has looked into this yet."),
            do=L("Enter what came of it, then call back."),
        )
    again = (_c.id == row.id) & or_(_c.satisfied.is_(None), ~_c.satisfied)
    values = {
        "called_at": work.now, "called_by": work.actor.name, "call_back": request.text, "satisfied": request.satisfied,
    }  # fmt: skip
    if not work.execute(update(a.cannot_do).where(again).values(**values)):
        raise UserError("CALLED_ALREADY", L("{name} has called back already.", name=row.called_by))
    work.subject = f"refusal:{row.id}"
    return True


# ---- time ----


def pass_time(work: Work) -> int:
    """Report what nobody has looked into in time (V09). Returns how many reports."""
    rows = work.all(select(a.cannot_do).where(work.now > _c.next_alert_at).order_by(_c.id).limit(AT_ONCE))
    reported = 0
    for row in rows:
        same = (_c.id == row.id) & (_c.next_alert_at == row.next_alert_at)
        if work.execute(update(a.cannot_do).where(same).values(next_alert_at=None)):
            reported += _report(work, row)
    return reported


def _report(work: Work, row: Any) -> bool:
    """Report once that a record is late, if it is."""
    if row.due_at is None or row.reviewed_at is not None or work.now <= row.due_at:
        return False
    about = NoCase(f"WB{row.id:06d}", row.item_name, row.agency)
    return raise_alert(work, about, OTHER, f"refusal:{row.id}", detail=row.said, at=row.due_at)


def is_due(read: Read) -> bool:
    """Whether `pass_time` would do anything."""
    return read.one(select(_c.id).where(read.now > _c.next_alert_at).limit(1)) is not None
