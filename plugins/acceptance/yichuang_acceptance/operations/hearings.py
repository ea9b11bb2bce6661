"""Changing time and place of a hearing while its case waits: the clocks stay stopped, a new notice (D9) replaces the earlier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, UserError, Work, operation, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.clocks import suspensions
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.papers import draft_paper, replace_paper
from yichuang_acceptance.operations.pauses import Clocked, SeenCase, clocked_as, told_of_hearing
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.pauses import HEARING, KINDS, check_pause
from yichuang_acceptance.words import words

L = words.lazy
NOTICE = "D9"


@dataclass(frozen=True)
class Hearing:
    """The hearing that a case waits for.

    Attributes:
        at: None while only the right to it is told.
        number: Of the notice that said so last.
    """

    at: datetime | None
    place: str
    presider: str
    number: str
    planned_end: date | None


@query("acceptance.hearing", permission="acceptance.view", title="The hearing that a case waits for")
def hearing(read: Read, request: OneCase) -> Hearing:
    """Time, place and presider as they were told last. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, NO_HEARING."""
    row = cases.at_window(read, request.case_id)
    pause, notice = _waits_for(read, row)
    told = notice.facts if notice is not None else {"at": "", "place": "", "presider": ""}
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    number = notice.number if notice is not None else ""
    return Hearing(at, told["place"], told["presider"], number, pause.planned_end)


class NewHearing(SeenCase):
    """When and where the hearing is held instead.

    Attributes:
        reason: Why, as the applicant reads it.
        planned_end: New planned end of the special procedure; None leaves it as it was.
    """

    hearing_at: datetime
    place: str = Field(max_length=200)
    presider: str = Field(max_length=100)
    reason: str = Field(min_length=1, max_length=2000)
    planned_end: date | None = None


@operation("acceptance.move_hearing", permission="acceptance.suspend", title="Change the hearing")
def move_hearing(work: Work, request: NewHearing) -> Clocked:
    """Fix or change time and place of a hearing, told seven days before (art. 48); the earlier notice no longer holds.

    Errors: NO_HEARING, HEARING_TOO_SOON, HEARING_INCOMPLETE, HEARING_AFTER_END, PLANNED_END_PAST, ILLEGAL_STEP,
    CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.MOVE_HEARING)
    pause, earlier = _waits_for(work, row)
    told = told_of_hearing(work, request.hearing_at, request.place, request.presider)
    end = request.planned_end or pause.planned_end
    if request.planned_end is not None:
        check_pause(KINDS[HEARING], pause.basis, request.planned_end, work.today)
        work.update(t.suspension, {"id": pause.id}, planned_end=end)
    _within(told["at"], end)
    until = datetime.combine(end, time(23, 59, 59), HALL_ZONE) if end else None
    replaces = earlier if earlier is not None and earlier.facts["at"] else None
    moved = cases.move(
        work, row, Event.MOVE_HEARING, opinion=request.reason, pause_due_at=until,
        payload={**told, "planned_end": end and end.isoformat(), "before": _said(replaces)},
    )  # fmt: skip
    facts = {"reason": request.reason, **told, "replaces": replaces.number if replaces is not None else ""}
    paper_id = draft_paper(work, row, NOTICE, facts)
    if replaces is not None:
        number = work.scalar(select(t.paper.c.number).where(t.paper.c.id == paper_id))
        replace_paper(work, row, replaces, number)
    return clocked_as(moved.row)


def _waits_for(read: Read, row: Any) -> tuple[Any, Any]:
    """The open suspension for a hearing and its last notice. Raises NO_HEARING."""
    pauses = suspensions(read, row.id)
    if not pauses or pauses[-1].kind != HEARING or pauses[-1].ended_at is not None:
        raise UserError("NO_HEARING", L("Case {number} does not wait for a hearing.", number=row.case_no))
    same = t.paper.c.case_id == row.id, t.paper.c.kind == NOTICE, t.paper.c.at >= pauses[-1].began_at
    return pauses[-1], read.one(select(t.paper).where(*same).order_by(t.paper.c.id.desc()).limit(1))


def _within(at: str, end: date | None) -> None:
    if end is not None and datetime.fromisoformat(at).astimezone(HALL_ZONE).date() > end:
        raise UserError(
            "HEARING_AFTER_END",
            L("The hearing lies after the planned end of the special procedure."),
            do=L("Enter a later planned end as well."),
        )


def _said(notice: Any) -> dict[str, str]:
    if notice is None:
        return {}
    return {"number": notice.number, **{name: notice.facts[name] for name in ("at", "place", "presider")}}
