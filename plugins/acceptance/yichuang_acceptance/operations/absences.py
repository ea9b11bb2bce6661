"""Absence: for a span of days somebody's tasks also go to a colleague, who signs with their own name for the absent one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, delete, operation, query, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations.colleagues import people
from yichuang_acceptance.words import words

L = words.lazy
LONGEST_DAYS = 366


class Absence(Request):
    """Who stands in, and on which days.

    Attributes:
        deputy_id: A colleague of the same agency who may examine.
        staff_id: Who is absent; oneself, or (for a head of section) a colleague.
    """

    deputy_id: int
    first_day: date
    last_day: date
    staff_id: int | None = None


@dataclass(frozen=True)
class AbsenceRow:
    """An absence that was entered."""

    id: int
    staff_id: int
    staff: str
    deputy_id: int
    deputy: str
    first_day: date
    last_day: date


@operation("acceptance.set_absence", permission="acceptance.review", title="Let a colleague stand in")
def set_absence(work: Work, request: Absence) -> AbsenceRow:
    """Enter an absence. Errors: UNKNOWN_COLLEAGUE, DAYS_WRONG, ABSENT_ALREADY, NOT_PERMITTED_HERE."""
    staff_id = work.actor.staff_id if request.staff_id is None else request.staff_id
    if staff_id != work.actor.staff_id and not work.may("acceptance.assign"):
        raise UserError(
            "NOT_PERMITTED_HERE",
            L("Only a head of section enters the absence of somebody else."),
        )
    colleagues = {each.id: each.name for each in people(work, work.actor.agency, "acceptance.review")}
    if request.deputy_id not in colleagues or request.deputy_id == staff_id or staff_id not in colleagues:
        raise UserError(
            "UNKNOWN_COLLEAGUE",
            L("Somebody else of your agency who may examine has to stand in."),
            do=L("Choose one of the colleagues in the list."),
        )
    days = (request.last_day - request.first_day).days
    if not 0 <= days < LONGEST_DAYS or request.last_day < work.today:
        raise UserError(
            "DAYS_WRONG",
            L("The days of an absence run from a first to a last, at most a year, not over yet."),
        )
    overlap = (rt.absence.c.first_day <= request.last_day, rt.absence.c.last_day >= request.first_day)
    if work.one(select(rt.absence.c.id).where(rt.absence.c.staff_id == staff_id, *overlap)) is not None:
        raise UserError(
            "ABSENT_ALREADY",
            L("For some of these days somebody stands in already."),
            do=L("Take that absence back first."),
        )
    row = work.insert_row(
        rt.absence, agency=work.actor.agency, staff_id=staff_id, staff_name=colleagues[staff_id],
        deputy_id=request.deputy_id, deputy_name=colleagues[request.deputy_id], first_day=request.first_day,
        last_day=request.last_day, at=work.now, by_id=work.actor.staff_id,
    )  # fmt: skip
    work.subject = f"staff:{staff_id}"
    return _row(row)


class OneAbsence(Request):
    """An absence."""

    absence_id: int


@operation("acceptance.end_absence", permission="acceptance.review", title="Take an absence back")
def end_absence(work: Work, request: OneAbsence) -> AbsenceRow:
    """Take an absence back: one's own, or (as a head of section) a colleague's. Errors: UNKNOWN_ABSENCE, NOT_YOUR_AGENCY."""
    row = work.one(select(rt.absence).where(rt.absence.c.id == request.absence_id))
    if row is None:
        raise UserError("UNKNOWN_ABSENCE", L("There is no such absence."))
    work.require_agency(row.agency)
    if row.staff_id != work.actor.staff_id and not work.may("acceptance.assign"):
        raise UserError(
            "NOT_PERMITTED_HERE",
            L("Only a head of section enters the absence of somebody else."),
        )
    work.execute(delete(rt.absence).where(rt.absence.c.id == row.id))
    work.subject = f"staff:{row.staff_id}"
    return _row(row)


class AskAbsences(Request):
    """Absences of one's agency that are not over."""

    limit: int = Field(1000, ge=1, le=1000)


@query("acceptance.absences", permission="acceptance.review", title="Who stands in for whom")
def absences(read: Read, request: AskAbsences) -> list[AbsenceRow]:
    """Absences of one's agency that are not over, the nearest first."""
    rows = read.all(
        select(rt.absence)
        .where(rt.absence.c.agency == read.actor.agency, rt.absence.c.last_day >= read.today)
        .order_by(rt.absence.c.first_day, rt.absence.c.id)
        .limit(request.limit)
    )
    return [_row(row) for row in rows]


def _row(row: Any) -> AbsenceRow:
    return AbsenceRow(
        row.id, row.staff_id, row.staff_name, row.deputy_id, row.deputy_name, row.first_day, row.last_day
    )
