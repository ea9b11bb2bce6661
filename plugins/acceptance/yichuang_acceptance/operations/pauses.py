"""Suspending a case for a special procedure, going on with it, extending its statutory limit once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import Field

from yichuang.api import HALL_ZONE, CleanText, Read, Request, UserError, Work, operation, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, review
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import clock_values_of, days_of, suspensions
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.clocks import EXTENSION_WORKING_DAYS, HEARING_NOTICE_WORKING_DAYS
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.pauses import (
    ASK_WORKING_DAYS,
    ASSIGN_WORKING_DAYS,
    HEARING,
    KINDS,
    check_inspectors,
    check_pause,
)
from yichuang_acceptance.rules.timers import PAUSE_ABUSED
from yichuang_acceptance.rules.violations import OTHER
from yichuang_acceptance.words import words

L = words.lazy


class SeenCase(Request):
    """A case, in the version that the caller looked at."""

    case_id: int
    row_version: int


class Suspension(SeenCase):
    """Why a case waits, by which law, and how long.

    Attributes:
        kind: One of `rules.pauses.KINDS`.
        basis: Law and article; by default that of the kind.
        planned_end: None only for kinds whose end nobody can know.
        officers: Who inspects, tests or quarantines; two or more where a licence hangs on it (art. 55).
        hearing_at: When the hearing is held, if it is fixed already; then `place` and `presider` are needed too.
    """

    kind: str = Field(max_length=40)
    reason: str = Field(min_length=1, max_length=2000)
    basis: str = Field("", max_length=400)
    planned_end: date | None = None
    officers: tuple[Annotated[CleanText, Field(min_length=1, max_length=40)], ...] = Field((), max_length=10)
    hearing_at: datetime | None = None
    place: str = Field("", max_length=200)
    presider: str = Field("", max_length=100)


@dataclass(frozen=True)
class Clocked:
    """A case whose clocks were moved."""

    case_id: int
    case_no: str
    state: str
    row_version: int
    legal_due_at: datetime | None
    promise_due_at: datetime | None


@operation("acceptance.suspend", permission="acceptance.suspend", title="Begin a special procedure")
def suspend(work: Work, request: Suspension) -> Clocked:
    """Stop both clocks for a procedure whose time does not count (art. 45); the applicant is told how long it takes.

    Errors: UNKNOWN_PROCEDURE, LEGAL_BASIS_MISSING, PLANNED_END_MISSING, PLANNED_END_PAST, OFFICERS_MISSING, HEARING_TOO_SOON,
    ILLEGAL_STEP, CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.SUSPEND)
    kind = KINDS.get(request.kind)
    if kind is None:
        raise UserError("UNKNOWN_PROCEDURE", L("There is no such special procedure."))
    planned = request.planned_end
    if planned is None and kind.id == HEARING and request.hearing_at is None:
        # only the right to it is told: nobody can go on before the days to ask for it are over
        planned = days_of(work).add_workdays(work.today, ASK_WORKING_DAYS + 1)
    law = check_pause(kind, request.basis, planned, work.today)
    officers = check_inspectors(kind, request.officers, licence=cases.is_licence(row))
    hearing = told_of_hearing(work, request.hearing_at, request.place, request.presider)
    node = review.node_of(work, row)
    before = suspensions(work, row.id)
    repeated = any(earlier.node == node for earlier in before)
    work.insert(
        t.suspension, case_id=row.id, node=node, kind=kind.id, basis=law, reason=request.reason, began_at=work.now,
        planned_end=planned, staff_id=work.actor.staff_id, staff_name=work.actor.name, officers=officers,
    )  # fmt: skip
    until = datetime.combine(planned, time(23, 59, 59), HALL_ZONE) if planned else None
    moved = cases.move(
        work, row, Event.SUSPEND, opinion=request.reason, pause_due_at=until, **clock_values_of(work, row),
        payload={"kind": kind.id, "basis": law, "planned_end": planned and planned.isoformat(), "officers": officers},
    )  # fmt: skip
    if officers and not any(earlier.officers for earlier in before):
        _report_late_officers(work, row, officers)
    if repeated:
        raise_alert(work, row, PAUSE_ABUSED, key=f"repeated:{row.row_version}", detail=request.reason,
                    staff=(work.actor.staff_id, work.actor.name))  # fmt: skip
    facts = {
        "kind": kind.title, "law": law, "reason": request.reason, "began": work.today.isoformat(),
        "planned_end": planned.isoformat() if planned else "", "officers": officers,
    }  # fmt: skip
    draft_paper(work, row, "D7", facts)
    if kind.id == HEARING:
        draft_paper(work, row, "D9", {"reason": request.reason, **hearing})
    return clocked_as(moved.row)


def _report_late_officers(work: Work, row: Any, officers: str) -> None:
    """V09: inspectors of a licence were assigned more than five working days after acceptance (art. 55)."""
    last = days_of(work).add_workdays(row.accepted_at.astimezone(HALL_ZONE).date(), ASSIGN_WORKING_DAYS)
    if cases.is_licence(row) and work.today > last:
        detail = f"技术检验人员（{officers}）应在{last.isoformat()}前指派"
        raise_alert(
            work, row, OTHER, key="officers", detail=detail, staff=(work.actor.staff_id, work.actor.name)
        )


def told_of_hearing(work: Work, moment: datetime | None, place: str, presider: str) -> dict[str, str]:
    """Time, place and presider of a hearing as its notice says them; empty where its right is only told.

    Raises:
        UserError: HEARING_TOO_SOON, HEARING_INCOMPLETE.
    """
    if moment is None:
        return {"at": "", "place": "", "presider": ""}
    at = moment.replace(tzinfo=moment.tzinfo or HALL_ZONE)
    first = days_of(work).add_workdays(work.today, HEARING_NOTICE_WORKING_DAYS)
    if at.astimezone(HALL_ZONE).date() < first:
        raise UserError(
            "HEARING_TOO_SOON",
            L("A hearing is told at least {n} working days before.", n=HEARING_NOTICE_WORKING_DAYS),
            do=L("Choose {day} or a later day.", day=first),
        )
    if not place or not presider:
        raise UserError("HEARING_INCOMPLETE", L("Name the place of the hearing and who presides."))
    return {"at": at.isoformat(), "place": place, "presider": presider}


def notice_of(read: Read, pause: Any) -> Any:
    """The last notice (D9) of a hearing that a case waits for."""
    same = t.paper.c.case_id == pause.case_id, t.paper.c.kind == "D9", t.paper.c.at >= pause.began_at
    return read.one(select(t.paper).where(*same).order_by(t.paper.c.id.desc()).limit(1))


def last_day_to_ask(read: Read, pause: Any) -> date:
    """Until when a hearing may be asked for: five working days after its right was told (art. 47)."""
    told = pause.began_at.astimezone(HALL_ZONE).date()
    return days_of(read).add_workdays(told, ASK_WORKING_DAYS)


def require_heard(work: Work, pause: Any) -> None:
    """Let a case go on after its hearing, or after the days to ask for one (art. 46 to 48).

    Raises:
        UserError: HEARING_MAY_BE_ASKED, HEARING_NOT_HELD.
    """
    given_up = L("If the applicant and those concerned want no hearing, say so.")
    notice = notice_of(work, pause)
    at = notice.facts["at"] if notice is not None else ""
    if at and datetime.fromisoformat(at) <= work.now:
        return
    if at or pause.asked_on is not None:
        raise UserError("HEARING_NOT_HELD", L("The hearing was not held yet."),
                        do=L("Hold it first. {given_up}", given_up=given_up))  # fmt: skip
    last = last_day_to_ask(work, pause)
    if work.today <= last:
        raise UserError("HEARING_MAY_BE_ASKED", L("A hearing may be asked for until {day}.", day=last),
                        do=L("Go on from the next day. {given_up}", given_up=given_up))  # fmt: skip


class Resumption(SeenCase):
    """What came out of the special procedure.

    Attributes:
        evidence: Digest of the kept report, if there is one.
        given_up: Of a hearing: the applicant and those concerned said that they want none.
    """

    result: str = Field(min_length=1, max_length=2000)
    evidence: str = Field("", max_length=64)
    given_up: bool = False


def break_off(work: Work, row: Any, result: str, by: str = "") -> None:
    """End the suspension of a case that does not go on; `by` is whoever ended the case, empty where the law did."""
    still_open = t.suspension.c.case_id == row.id, t.suspension.c.ended_at.is_(None)
    ended = {"ended_at": work.now, "result": result, "ended_by": by}
    work.execute(t.suspension.update().where(*still_open).values(**ended))


@operation("acceptance.resume", permission="acceptance.decide", title="End the special procedure")
def resume(work: Work, request: Resumption) -> Clocked:
    """Go on with a case: both clocks run again from the next working day.

    Errors: ILLEGAL_STEP, CHANGED_MEANWHILE, HEARING_MAY_BE_ASKED, HEARING_NOT_HELD.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.RESUME)
    if request.evidence:
        work.get_blob(request.evidence)
    open_one = suspensions(work, row.id)[-1]
    if open_one.kind == HEARING and not request.given_up:
        require_heard(work, open_one)
    work.update(
        t.suspension, {"id": open_one.id}, ended_at=work.now, result=request.result, evidence=request.evidence,
        ended_by=work.actor.name,
    )  # fmt: skip
    moved = cases.move(
        work, row, Event.RESUME, opinion=request.result, pause_due_at=None, **clock_values_of(work, row),
        payload={"kind": open_one.kind, "evidence": request.evidence},
    )  # fmt: skip
    after = clocked_as(moved.row)
    facts = {
        "kind": KINDS[open_one.kind].title, "began": _day(open_one.began_at), "ended": work.today.isoformat(),
        "result": request.result, "legal_due": _day(after.legal_due_at), "promise_due": _day(after.promise_due_at),
    }  # fmt: skip
    draft_paper(work, row, "D16", facts)
    return after


class Extension(SeenCase):
    """Why the statutory limit does not suffice."""

    reason: str = Field(min_length=1, max_length=2000)


@operation("acceptance.extend", permission="acceptance.extend", title="Extend the statutory limit")
def extend(work: Work, request: Extension) -> Clocked:
    """Ten days more, once, by the head of the organ (art. 42); the promise stays.

    Errors: EXTENDED_ALREADY, EXTENSION_TOO_LATE, NO_STATUTORY_LIMIT, GOVERNMENT_APPROVES, ILLEGAL_STEP, CHANGED_MEANWHILE.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    if row.joint:
        raise UserError(
            "GOVERNMENT_APPROVES",
            L("The limit of a case that is handled jointly is extended by the government's head."),
            do=L("Ask for that approval."),
        )
    return _extend(work, row, "organ", request.reason)


@operation(
    "acceptance.extend_joint", permission="acceptance.extend_joint", title="Extend the limit of a joint case"
)
def extend_joint(work: Work, request: Extension) -> Clocked:
    """Fifteen days more for a case that is handled jointly, once, by the head of the government (art. 42).

    Errors: NOT_JOINT, EXTENDED_ALREADY, EXTENSION_TOO_LATE, NO_STATUTORY_LIMIT, ILLEGAL_STEP, CHANGED_MEANWHILE.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    if not row.joint:
        raise UserError(
            "NOT_JOINT",
            L("This case is not handled jointly."),
            do=L("Its limit is extended by the head of the organ."),
        )
    return _extend(work, row, "joint", request.reason)


def _extend(work: Work, row: Any, approver: str, reason: str) -> Clocked:
    next_state(State(row.state), Event.EXTEND)
    if row.extended:
        raise UserError("EXTENDED_ALREADY", L("The limit of case {number} was extended already.", number=row.case_no),
                        do=L("It can be extended only once."))  # fmt: skip
    if row.legal_due_at is None:
        raise UserError("NO_STATUTORY_LIMIT", L("No statutory limit was entered for this item."))
    if work.now > row.legal_due_at:
        raise UserError(
            "EXTENSION_TOO_LATE", L("The statutory limit is over; it cannot be extended any more.")
        )
    days = EXTENSION_WORKING_DAYS[approver]
    extension_id = work.insert(
        t.extension, case_id=row.id, clock="legal", days=days, approver=approver, reason=reason,
        old_due_at=row.legal_due_at, new_due_at=row.legal_due_at, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name,
    )  # fmt: skip
    values = clock_values_of(work, row)
    due = values["legal_due_at"]
    work.update(t.extension, {"id": extension_id}, new_due_at=due)
    moved = cases.move(
        work, row, Event.EXTEND, opinion=reason, extended=True, **values,
        payload={"approver": approver, "days": days, "old_due": row.legal_due_at.isoformat(), "new_due": due.isoformat()},
    )  # fmt: skip
    facts = {
        "reason": reason, "approver": approver, "days": days, "old_due": _day(row.legal_due_at), "new_due": _day(due),
        "signed": work.actor.name,
    }  # fmt: skip
    draft_paper(work, row, "D8", facts)
    return clocked_as(moved.row)


def clocked(work: Work, case_id: int) -> Clocked:
    """A case with its clocks as they stand."""
    return clocked_as(cases.load(work, case_id))


def clocked_as(row: Any) -> Clocked:
    """A case as callers see it whose clocks were moved."""
    return Clocked(row.id, row.case_no, row.state, row.row_version, row.legal_due_at, row.promise_due_at)


def _day(moment: datetime | None) -> str:
    return moment.astimezone(HALL_ZONE).date().isoformat() if moment is not None else ""
