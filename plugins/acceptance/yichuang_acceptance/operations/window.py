"""The window, after an application was received: accept it, tell once what is missing, take corrections in, refuse to accept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import HALL_ZONE, UserError, Work, operation, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import accepting, cases, figures, reuse
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.intake import (
    TELLING,
    Accepted,
    Hand,
    OneCase,
    claim_licences,
    handed_of,
    outcome,
)
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.clocks import (
    CORRECTION_DAYS,
    CORRECTION_SETTING,
    correction_due,
    telling_due,
    warn_moment,
)
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.timers import TOLD_TWICE
from yichuang_acceptance.words import words

L = words.lazy


class Correction(OneCase):
    """Everything that is missing or wrong, told at once."""

    defects: tuple[str, ...] = Field(min_length=1, max_length=60)
    deadline: date | None = None


@operation("acceptance.request_correction", permission="acceptance.accept", title="Request a correction")
def request_correction(work: Work, request: Correction) -> Accepted:
    """Tell the applicant once everything that is missing (art. 32 (4)). Errors: CORRECTED_ALREADY, DEADLINE_PAST."""
    return _first_notice(work, cases.at_window(work, request.case_id), request)


@operation(
    "acceptance.correct_as_agency",
    permission="acceptance.decide",
    title="Request a correction, as the agency",
)
def correct_as_agency(work: Work, request: Correction) -> Accepted:
    """The same notice from an approver's desk. Errors: CORRECTED_ALREADY, DEADLINE_PAST, NOT_YOUR_AGENCY, ILLEGAL_STEP."""
    return _first_notice(work, cases.in_agency(work, request.case_id), request)


def _first_notice(work: Work, row: Any, request: Correction) -> Accepted:
    if row.corrected:
        raise UserError(
            "CORRECTED_ALREADY",
            L("The applicant of case {number} was told once already.", number=row.case_no),
            do=L(
                "Accept the application, or refuse to accept it with reasons; a supervisor may let it be told again."
            ),
        )
    tell(work, row, request)
    return outcome(work, row.id)


class SecondCorrection(Correction):
    """Another notice, and why the first one did not name everything."""

    reason: str = Field(min_length=1, max_length=1000)


@operation("acceptance.correct_again", permission="acceptance.supervise", title="Request a second correction")
def correct_again(work: Work, request: SecondCorrection) -> Accepted:
    """A second notice, which only a supervisor gives; it is recorded as a violation (V03). Errors: NOT_TOLD_YET, ILLEGAL_STEP."""
    row = cases.at_window(work, request.case_id)
    if not row.corrected:
        raise UserError(
            "NOT_TOLD_YET",
            L("The applicant of case {number} was not told yet.", number=row.case_no),
            do=L("Let the window give the notice."),
        )
    tell(work, row, request)
    raise_alert(work, row, TOLD_TWICE, key=str(row.row_version), detail=request.reason,
                staff=(work.actor.staff_id, work.actor.name))  # fmt: skip
    return outcome(work, row.id)


def tell(work: Work, row: Any, request: Correction) -> None:
    """Send the notice. Raises DEADLINE_PAST, ILLEGAL_STEP."""
    if request.deadline is not None and request.deadline < work.today:
        raise UserError(
            "DEADLINE_PAST", L("The day for the correction lies in the past."), do=L("Enter a later day.")
        )
    until = request.deadline or work.today + timedelta(
        days=int(work.setting(CORRECTION_SETTING, CORRECTION_DAYS))
    )
    due = correction_due(work.now, until, days_of(work))
    cases.move(
        work, row, Event.CORRECT, opinion="；".join(request.defects), corrected=True, correction_due_at=due,
        telling_due_at=None, warn_at=None, payload={"due": due.isoformat(), "until": until.isoformat()},
    )  # fmt: skip
    facts = {
        "defects": list(request.defects),
        "deadline": due.astimezone(HALL_ZONE).date().isoformat(),
    }
    draft_paper(work, row, "D2", facts)


class Resubmission(OneCase):
    """What the applicant brought after the notice; positions replace those handed in before."""

    materials: tuple[Hand, ...]


@operation("acceptance.resubmit", permission="acceptance.accept", title="Take in the corrected materials")
def resubmit(work: Work, request: Resubmission) -> Accepted:
    """Take in what was corrected; the case is received again and the five days begin anew. Errors: ILLEGAL_STEP, TIME_IS_UP."""
    row = cases.at_window(work, request.case_id)
    telling = telling_due(work.now, days_of(work))
    cases.move(
        work,
        row,
        Event.RESUBMIT,
        telling_due_at=telling,
        correction_due_at=None,
        warn_at=warn_moment(work.now, telling, TELLING, days_of(work)),
        **figures.at_visit(work, row),
    )
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    handed = {hand.position: handed_of(hand) for hand in request.materials}
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
    claim_licences(work, fresh, handed)
    reuse.claim(work, fresh, item, handed)
    if any(hand.given is not Given.NOT_GIVEN for hand in handed.values()):
        draft_paper(work, fresh, "D1", {"corrected": True})
    return outcome(work, row.id)


@operation("acceptance.accept_case", permission="acceptance.accept", title="Accept a received case")
def accept_case(work: Work, request: OneCase) -> Accepted:
    """Accept a case that was received before. Errors: MATERIAL_MISSING, ILLEGAL_STEP, TIME_IS_UP."""
    row = cases.at_window(work, request.case_id)
    next_state(State(row.state), Event.ACCEPT)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    accepting.require_complete(work, row, item)
    accepting.accept(work, row, item)
    return outcome(work, row.id)


class Refusal(OneCase):
    """Why an application is not accepted."""

    kind: Literal["not_needed", "not_our_remit", "not_in_form"]
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field("", max_length=400)
    proper_agency: str = Field("", max_length=200)


@operation("acceptance.refuse_to_accept", permission="acceptance.accept", title="Refuse to accept")
def refuse_to_accept(work: Work, request: Refusal) -> Accepted:
    """Refuse to accept, or say that nothing is needed, in writing (art. 32). Errors: PROPER_AGENCY_MISSING, ILLEGAL_STEP."""
    return _refuse(work, cases.at_window(work, request.case_id), request)


@operation(
    "acceptance.refuse_as_agency", permission="acceptance.decide", title="Refuse to accept, as the agency"
)
def refuse_as_agency(work: Work, request: Refusal) -> Accepted:
    """The same refusal from an approver's desk. Errors: PROPER_AGENCY_MISSING, NOT_YOUR_AGENCY, ILLEGAL_STEP."""
    return _refuse(work, cases.in_agency(work, request.case_id), request)


def _refuse(work: Work, row: Any, request: Refusal) -> Accepted:
    if request.kind == "not_our_remit" and not request.proper_agency:
        raise UserError("PROPER_AGENCY_MISSING", L("Name the authority that is responsible instead."))
    event = Event.NOT_NEEDED if request.kind == "not_needed" else Event.REFUSE_ACCEPTANCE
    cases.move(work, row, event, opinion=request.reason, payload={"kind": request.kind})
    facts = {
        "kind": request.kind,
        "reason": request.reason,
        "law": request.law,
        "proper_agency": request.proper_agency,
    }
    draft_paper(work, row, "D4", facts)
    return outcome(work, row.id)
