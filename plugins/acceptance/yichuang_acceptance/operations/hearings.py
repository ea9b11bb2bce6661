"""Hearings while a case waits for one: asking for it, and time and place, of which a new notice (D9) replaces the earlier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, CleanText, Read, UserError, Work, operation, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import days_of, suspensions
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.papers import draft_paper, replace_paper
from yichuang_acceptance.operations.pauses import (
    Clocked,
    SeenCase,
    clocked_as,
    last_day_to_ask,
    notice_of,
    told_of_hearing,
)
from yichuang_acceptance.rules.clocks import HEARING_NOTICE_WORKING_DAYS
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.pauses import HEARING, HOLD_WORKING_DAYS, KINDS, check_pause
from yichuang_acceptance.rules.timers import PAUSE_ABUSED
from yichuang_acceptance.words import words

L = words.lazy
NOTICE = "D9"


@dataclass(frozen=True)
class Hearing:
    """The hearing that a case waits for.

    Attributes:
        at: None while only the right to it is told.
        number: Of the notice that said so last.
        asked_on: When it was asked for, and by whom; None while nobody has.
        ask_by: The last day on which it may be asked for.
        hold_by: The last day on which one that was asked for is held.
    """

    at: datetime | None
    place: str
    presider: str
    number: str
    planned_end: date | None
    asked_on: date | None
    asked_by: str
    ask_by: date
    hold_by: date | None


@query("acceptance.hearing", permission="acceptance.view", title="The hearing that a case waits for")
def hearing(read: Read, request: OneCase) -> Hearing:
    """Time, place and presider as they were told last. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, NO_HEARING."""
    row = cases.at_window(read, request.case_id)
    pause, notice = _waits_for(read, row)
    told = notice.facts if notice is not None else {"at": "", "place": "", "presider": ""}
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    number = notice.number if notice is not None else ""
    hold_by = _hold_by(read, pause.asked_on) if pause.asked_on is not None else None
    return Hearing(
        at, told["place"], told["presider"], number, pause.planned_end, pause.asked_on, pause.asked_by,
        last_day_to_ask(read, pause), hold_by,
    )  # fmt: skip


class AskedHearing(SeenCase):
    """Who asked for a hearing, the applicant or somebody concerned, and on which day the request came."""

    asked_by: CleanText = Field(min_length=1, max_length=200)
    asked_on: date


@operation("acceptance.ask_hearing", permission="acceptance.decide", title="Record a request for a hearing")
def ask_hearing(work: Work, request: AskedHearing) -> Clocked:
    """Record that a hearing was asked for: within five working days of being told, to be held within twenty (art. 47).

    Errors: NO_HEARING, HEARING_ASKED_ALREADY, HEARING_ASKED_LATE, BAD_DAY, ILLEGAL_STEP, CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.ASK_HEARING)
    pause, _notice = _waits_for(work, row)
    if pause.asked_on is not None:
        raise UserError(
            "HEARING_ASKED_ALREADY", L("{name} asked for this hearing already.", name=pause.asked_by)
        )
    _check_day(work, pause, request.asked_on)
    hold_by = _hold_by(work, request.asked_on)
    work.update(
        t.suspension,
        {"id": pause.id},
        asked_on=request.asked_on,
        asked_by=request.asked_by,
        planned_end=hold_by,
    )
    moved = cases.move(
        work, row, Event.ASK_HEARING, opinion=request.asked_by,
        pause_due_at=datetime.combine(hold_by, time(23, 59, 59), HALL_ZONE),
        payload={"asked_by": request.asked_by, "asked_on": request.asked_on.isoformat(), "hold_by": hold_by.isoformat()},
    )  # fmt: skip
    return clocked_as(moved.row)


def _check_day(work: Work, pause: Any, asked_on: date) -> None:
    """Raises BAD_DAY, HEARING_ASKED_LATE."""
    told, last = pause.began_at.astimezone(HALL_ZONE).date(), last_day_to_ask(work, pause)
    if not told <= asked_on <= work.today:
        raise UserError(
            "BAD_DAY", L("The request came between {first} and today.", first=told), do=L("Correct the day.")
        )
    if asked_on > last:
        raise UserError(
            "HEARING_ASKED_LATE",
            L("A hearing could be asked for until {day}.", day=last),
            do=L("Tell the applicant so; the organ may still hold one of its own accord: fix its time."),
        )


def _hold_by(read: Read, asked_on: date) -> date:
    return days_of(read).add_workdays(asked_on, HOLD_WORKING_DAYS)


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
    """Fix or change time and place of a hearing, told seven working days before (art. 48); the earlier notice no longer holds.

    One that was asked for is held within twenty working days; where no such day is left, it is recorded that this was missed.

    Errors: NO_HEARING, HEARING_TOO_SOON, HEARING_TOO_LATE, HEARING_INCOMPLETE, HEARING_AFTER_END, PLANNED_END_PAST,
    ILLEGAL_STEP, CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.MOVE_HEARING)
    pause, earlier = _waits_for(work, row)
    told = told_of_hearing(work, request.hearing_at, request.place, request.presider)
    late = _too_late(work, pause, told["at"])
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
    if late:
        raise_alert(work, row, PAUSE_ABUSED, key=f"hearing:{row.row_version}", detail=request.reason,
                    staff=(work.actor.staff_id, work.actor.name))  # fmt: skip
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
    return pauses[-1], notice_of(read, pauses[-1])


def _too_late(work: Work, pause: Any, at: str) -> bool:
    """Whether a hearing that was asked for comes late because no day in time is left. Raises HEARING_TOO_LATE if one is."""
    if pause.asked_on is None:
        return False
    hold_by = _hold_by(work, pause.asked_on)
    if datetime.fromisoformat(at).astimezone(HALL_ZONE).date() <= hold_by:
        return False
    if days_of(work).add_workdays(work.today, HEARING_NOTICE_WORKING_DAYS) <= hold_by:
        raise UserError(
            "HEARING_TOO_LATE",
            L("A hearing that was asked for is held within {n} working days.", n=HOLD_WORKING_DAYS),
            do=L("Choose {day} or an earlier day.", day=hold_by),
        )
    return True


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
