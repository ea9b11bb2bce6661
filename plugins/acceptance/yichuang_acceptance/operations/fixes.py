"""Putting bad ratings right (差评整改): called back within a working day, closed within five, by somebody it does not concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    UserError,
    Work,
    and_,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.rules import timers
from yichuang_acceptance.rules.rating import CONTACT_DAYS, FIX_DAYS, LONGEST_FIX_DAYS
from yichuang_acceptance.words import words

L = words.lazy
AT_ONCE = 200
_f = a.rating_fix.c


def _end_of_workday(read: Read, begin: datetime, days: int) -> datetime:
    """The last second of a working day, counted from the day after `begin`."""
    day = days_of(read).add_workdays(begin.astimezone(HALL_ZONE).date(), days)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=HALL_ZONE)


def open_fix(work: Work, row: Any, rating: Any) -> None:
    """A case was rated badly: whoever is in charge calls back within one working day and is done within five."""
    contact = _end_of_workday(work, work.now, CONTACT_DAYS)
    work.insert(
        a.rating_fix, rating_id=rating.id, case_id=row.id, agency=row.agency, staff_id=rating.staff_id,
        opened_at=work.now, contact_due_at=contact, due_at=_end_of_workday(work, work.now, FIX_DAYS),
        next_alert_at=contact,
    )  # fmt: skip


def dues_of(read: Read, row: Any) -> dict[str, Any]:
    """The moments of an open repair as they follow from when it began."""
    contact = _end_of_workday(read, row.opened_at, CONTACT_DAYS)
    due = _end_of_workday(read, row.opened_at, LONGEST_FIX_DAYS if row.extended else FIX_DAYS)
    moved = {row.contact_due_at: contact, row.due_at: due}
    return {
        "contact_due_at": contact,
        "due_at": due,
        "next_alert_at": moved.get(row.next_alert_at, row.next_alert_at),
    }


@dataclass(frozen=True)
class FixRow:
    """A bad rating and what became of it."""

    id: int
    case_id: int
    case_no: str
    item_name: str
    applicant: str
    phone: str
    agency: str
    staff: str
    level: int
    tags: list[str]
    comment: str
    added: list[str]
    rated_at: datetime
    contact_due_at: datetime
    due_at: datetime
    contacted_at: datetime | None
    contact: str
    extended: bool
    outcome: str
    result: str
    call_back: str
    closed_at: datetime | None
    closed_by: str
    overdue: bool


class AskFixes(Request):
    """Which repairs: those that are open, or all, the nearest due first.

    Attributes:
        after_id, after_due, after_closed: Of the last row of the page before: its id, its `due_at`, whether it is closed.
    """

    open_only: bool = True
    after_id: int | None = None
    after_due: datetime | None = None
    after_closed: bool = False
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.fixes", permission="acceptance.supervise", title="Bad ratings to put right")
def fixes(read: Read, request: AskFixes) -> list[FixRow]:
    """Bad ratings of the actor's agency, of all for hall-wide people; never those that concern the actor."""
    statement = (
        select(a.rating_fix, a.rating.c.level, a.rating.c.tags, a.rating.c.comment, a.rating.c.rated_at,
               a.rating.c.staff_name, t.case.c.case_no, t.case.c.item_name, t.case.c.applicant_name, t.case.c.phone)
        .join(a.rating, a.rating.c.id == _f.rating_id)
        .join(t.case, t.case.c.id == _f.case_id)
        .where(_f.staff_id != read.actor.staff_id, *_of_agency(read))
    )  # fmt: skip
    rows: list[Any] = []
    for closed in (False,) if request.open_only else (False, True):
        if request.after_closed <= closed:
            part = statement.where(_f.closed_at.is_not(None) if closed else _f.closed_at.is_(None))
            if request.after_id is not None and request.after_closed == closed:
                same = and_(_f.due_at == request.after_due, request.after_id < _f.id)
                part = part.where(or_(_f.due_at > request.after_due, same))
            rows += read.all(part.order_by(_f.due_at, _f.id).limit(request.limit - len(rows)))
    added = _additions(read, [row.rating_id for row in rows])
    return [
        FixRow(
            r.id, r.case_id, r.case_no, r.item_name, r.applicant_name, r.phone, r.agency, r.staff_name, r.level,
            list(r.tags), r.comment, added.get(r.rating_id, []), r.rated_at, r.contact_due_at, r.due_at, r.contacted_at,
            r.contact, r.extended, r.outcome, r.result, r.call_back, r.closed_at, r.closed_by, _is_late(r, read.now),
        )
        for r in rows
    ]  # fmt: skip


def _of_agency(read: Read) -> list[Any]:
    return [] if read.actor.hall_wide else [_f.agency == read.actor.agency]


def _additions(read: Read, ratings: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    added = a.rating_addition
    for row in read.all(select(added).where(added.c.rating_id.in_(ratings)).order_by(added.c.id)):
        found.setdefault(row.rating_id, []).append(row.comment)
    return found


def _is_late(row: Any, now: datetime) -> bool:
    return row.closed_at is None and (
        row.due_at < now or (row.contacted_at is None and row.contact_due_at < now)
    )


class OneFix(Request):
    """A repair by its number."""

    fix_id: int


class Contact(OneFix):
    """What the applicant said when called back."""

    text: str = Field(min_length=1, max_length=1000)


@operation("acceptance.contact_fix", permission="acceptance.supervise", title="Enter a call-back")
def contact_fix(work: Work, request: Contact) -> bool:
    """The applicant was called back. Errors: UNKNOWN_FIX, NOT_YOUR_AGENCY, OWN_RATING, FIX_CLOSED."""
    row = _open(work, request.fix_id)
    _change(
        work, row, contacted_at=row.contacted_at or work.now, contact=request.text, next_alert_at=row.due_at
    )
    return True


class LongerFix(OneFix):
    """Why five working days are not enough."""

    reason: str = Field(min_length=1, max_length=500)


@operation("acceptance.extend_fix", permission="acceptance.supervise", title="Extend a repair")
def extend_fix(work: Work, request: LongerFix) -> bool:
    """Once, before it is due, to fifteen working days.

    Errors: UNKNOWN_FIX, NOT_YOUR_AGENCY, OWN_RATING, FIX_CLOSED, EXTENDED_ALREADY, TOO_LATE.
    """
    row = _open(work, request.fix_id)
    if row.extended:
        raise UserError("EXTENDED_ALREADY", L("This repair was extended already."))
    if row.due_at < work.now:
        raise UserError("TOO_LATE", L("The time for this repair is over."), do=L("Close it now."))
    due = _end_of_workday(work, row.opened_at, LONGEST_FIX_DAYS)
    alert = row.contact_due_at if row.contacted_at is None and row.contact_due_at > work.now else due
    _change(work, row, due_at=due, extended=True, extension_reason=request.reason, next_alert_at=alert)
    return True


class CloseFix(OneFix):
    """What was done, and what the applicant said to it.

    Attributes:
        outcome: fixed, explained (the wish has no ground in law), or not_counted (malicious or mistaken, with evidence).
    """

    outcome: Literal["fixed", "explained", "not_counted"]
    result: str = Field(min_length=1, max_length=2000)
    call_back: str = Field(min_length=1, max_length=1000)


@operation("acceptance.close_fix", permission="acceptance.supervise", title="Close a repair")
def close_fix(work: Work, request: CloseFix) -> bool:
    """Close with result and call-back. Errors: UNKNOWN_FIX, NOT_YOUR_AGENCY, OWN_RATING, NOT_CONTACTED, FIX_CLOSED."""
    row = _open(work, request.fix_id)
    if row.contacted_at is None:
        raise UserError(
            "NOT_CONTACTED",
            L("The applicant has not been called back yet."),
            do=L("Call first and enter what was said."),
        )
    late = _alert(work, row)  # closing late does not hide that it was late
    _change(
        work, row, outcome=request.outcome, result=request.result, call_back=request.call_back, closed_at=work.now,
        closed_by=work.actor.name, next_alert_at=None,
    )  # fmt: skip
    work.detail = {"outcome": request.outcome, "late": late > 0}
    return True


def _open(work: Work, fix_id: int) -> Any:
    """A repair that is open, for somebody who may work on it."""
    row = work.one(select(a.rating_fix).where(_f.id == fix_id))
    if row is None:
        raise UserError("UNKNOWN_FIX", L("There is no such bad rating."))
    work.require_agency(row.agency)
    if row.staff_id == work.actor.staff_id:
        raise UserError("OWN_RATING", L("Somebody else must follow this up."))
    if row.closed_at is not None:
        raise _closed(row)
    return row


def _closed(row: Any) -> UserError:
    return UserError("FIX_CLOSED", L("{name} has closed this already.", name=row.closed_by))


def _change(work: Work, row: Any, **values: Any) -> None:
    still = (_f.id == row.id) & _f.closed_at.is_(None)
    if not work.execute(update(a.rating_fix).where(still).values(**values)):
        raise _closed(work.one(select(a.rating_fix).where(_f.id == row.id)))
    work.subject = f"rating:{row.rating_id}"


# ---- time ----


def pass_time(work: Work) -> int:
    """Report repairs that are late (V14): not called back within a day, not closed in time. Returns how many reports."""
    rows = work.all(
        select(a.rating_fix).where(*_is_due(work)).order_by(_f.next_alert_at, _f.id).limit(AT_ONCE)
    )
    reported = 0
    for row in rows:
        reported += _alert(work, row)
        later = row.due_at if row.due_at >= work.now else None
        same = (_f.id == row.id) & (_f.next_alert_at == row.next_alert_at)
        work.execute(update(a.rating_fix).where(same).values(next_alert_at=later))
    return reported


def _alert(work: Work, row: Any) -> int:
    """Report what is late now; each once."""
    case = cases.load(work, row.case_id)
    late = []
    if row.contact_due_at < (row.contacted_at or work.now):
        late.append(("contact", row.contact_due_at))
    if row.due_at < work.now:
        late.append(("close", row.due_at))
    return sum(raise_alert(work, case, timers.BAD_RATING, key, at=at) for key, at in late)


def _is_due(read: Read) -> tuple[Any, Any]:
    return _f.next_alert_at.is_not(None), read.now > _f.next_alert_at


def is_due(read: Read) -> bool:
    """Whether `pass_time` would do anything."""
    return read.one(select(_f.id).where(*_is_due(read)).limit(1)) is not None
