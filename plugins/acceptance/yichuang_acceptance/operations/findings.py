"""Findings of supervision: what no machine sees is written down with its evidence, and counts once a second person agrees."""

from __future__ import annotations

import re
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
    and_,
    hall,
    identifiers,
    operation,
    query,
    select,
    update,
)
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.finding_tables import finding as table
from yichuang_acceptance.operations import cases, later
from yichuang_acceptance.operations.alerts import RULES, NoCase, raise_alert
from yichuang_acceptance.operations.containing import containing
from yichuang_acceptance.rules.findings import BY_DECIDER, require_fit
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.words import words

L = words.lazy
_f = table.c
Rule = Literal["V01", "V05", "V06", "V07", "V08", "V13", "V15", "V09"]


class Found(Request):
    """What was found.

    Attributes:
        case_no: The case that it is about; empty where there is none.
        complaint_id: The complaint that led to it; then the case is that one's.
        agency: Whose it is; needed where there is no case.
        item_name: What it was about where there is no case.
        staff: Name of the responsible person, by default whoever accepted or decided.
        evidence: What proves it, and where it lies.
    """

    rule: Rule
    case_no: str = Field("", max_length=40)
    complaint_id: int | None = None
    agency: str = Field("", max_length=18)
    item_name: str = Field("", max_length=200)
    staff: str = Field("", max_length=100)
    facts: CleanText = Field(min_length=1, max_length=2000)
    evidence: CleanText = Field(min_length=1, max_length=2000)


@dataclass(frozen=True)
class FindingRow:
    """A finding as the list shows it.

    Attributes:
        state: proposed, confirmed or dismissed.
        mine: The actor may agree or disagree.
    """

    id: int
    rule: str
    text: str
    case_no: str
    short_no: str
    item_name: str
    agency: str
    agency_name: str
    facts: str
    evidence: str
    staff: str
    state: str
    at: datetime
    found_by: str
    looked_at: datetime | None
    looked_by: str
    remark: str
    mine: bool


@operation("acceptance.record_finding", permission="acceptance.oversee", title="Record a finding")
def record_finding(work: Work, request: Found) -> FindingRow:
    """Write a finding down; it becomes a violation when another supervisor agrees.

    Errors: UNKNOWN_CASE, UNKNOWN_COMPLAINT, UNKNOWN_AGENCY, NOT_YOUR_AGENCY, CASE_MISSING, FINDING_DOES_NOT_FIT, OWN_CASE,
    FOUND_BEFORE.
    """
    row, source = _about(work, request)
    happened = _happened(work, row.id) if row.id is not None else frozenset()
    require_fit(request.rule, happened, has_case=row.id is not None, complained=bool(source))
    return enter(
        work, row, request.rule, source, request.facts, request.evidence, _responsible(work, row, request)
    )


def _about(work: Work, request: Found) -> tuple[Any, str]:
    """The case, or what stands for one, and the complaint that led to it."""
    if request.complaint_id is not None:
        found = work.one(select(s.complaint).where(s.complaint.c.id == request.complaint_id))
        if found is None:
            raise UserError("UNKNOWN_COMPLAINT", L("There is no such complaint."))
        return cases.at_window(work, found.case_id), f"complaint:{found.id}"
    if request.case_no.strip():
        case_id = work.scalar(select(t.case.c.id).where(t.case.c.case_no == request.case_no.strip()))
        return cases.at_window(work, case_id or 0), ""
    if work.scalar(select(hall.agency.c.code).where(hall.agency.c.code == request.agency)) is None:
        raise UserError("UNKNOWN_AGENCY", L("Name the case, or the agency that it is about."))
    if not work.may("acceptance.see_all"):
        work.require_agency(request.agency)
    return NoCase("", request.item_name, request.agency), ""


def _happened(read: Read, case_id: int) -> frozenset[Event]:
    rows = read.all(select(t.event.c.event).where(t.event.c.case_id == case_id).distinct().limit(100))
    return frozenset(Event(row.event) for row in rows)


def _responsible(read: Read, row: Any, request: Found) -> tuple[int, str]:
    """Whose it is: who was named, of the agency's staff if known there; else who decided or accepted."""
    if request.staff.strip():
        name = request.staff.strip()
        known = (hall.staff.c.name == name, hall.staff.c.agency == row.agency)
        return int(read.scalar(select(hall.staff.c.id).where(*known).limit(1)) or 0), name
    if row.id is None:
        return 0, ""
    if request.rule in BY_DECIDER and row.decider_id:
        return row.decider_id, row.decider_name
    return row.acceptor_id, row.acceptor_name


def enter(
    work: Work, row: Any, rule: str, source: str, facts: str, evidence: str, staff: tuple[int, str]
) -> FindingRow:
    """Write down a finding that fits. Raises OWN_CASE, FOUND_BEFORE."""
    _not_own(work, row, staff)
    if row.id is not None:
        later.lock(work, row.id)
        again = (_f.case_id == row.id, _f.rule == rule, _f.state != "dismissed", _f.staff_name == staff[1])
    else:
        again = (_f.source == source, _f.source != "", _f.rule == rule, _f.state != "dismissed")
    if work.one(select(_f.id).where(*again).limit(1)) is not None:
        raise UserError(
            "FOUND_BEFORE", L("This was found before."), do=L("Look at it in the list of findings.")
        )
    key = work.insert(
        table, rule=rule, case_id=row.id, source=source, agency=row.agency, item_name=row.item_name, facts=facts,
        evidence=evidence, staff_id=staff[0], staff_name=staff[1], state="proposed", at=work.now,
        found_by_id=work.actor.staff_id, found_by=work.actor.name,
    )  # fmt: skip
    work.subject = f"finding:{key}"
    return _one(work, key)


def _not_own(work: Work, row: Any, staff: tuple[int, str]) -> None:
    """Nobody supervises what they did themselves."""
    me = work.actor
    if me.staff_id in (row.acceptor_id, row.decider_id, staff[0]) or (staff[1] == me.name and staff[1]):
        raise UserError(
            "OWN_CASE", L("You worked on this yourself."), do=L("Let a colleague of supervision see to it.")
        )


class Look(Request):
    """What a second supervisor says to a finding."""

    finding_id: int
    remark: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.confirm_finding", permission="acceptance.oversee", title="Confirm a finding")
def confirm_finding(work: Work, request: Look) -> FindingRow:
    """Agree with a colleague's finding: the violation is notified and goes its way.

    Errors: UNKNOWN_FINDING, OWN_FINDING, OWN_CASE, LOOKED_AT, NOT_YOUR_AGENCY.
    """
    found = _look(work, request, "confirmed")
    row = _subject(work, found)
    detail = f"{found.facts}\n{found.evidence}"
    raise_alert(work, row, found.rule, f"finding:{found.id}", detail=detail, at=found.at,
                staff=(found.staff_id, found.staff_name))  # fmt: skip
    return _one(work, found.id)


@operation("acceptance.dismiss_finding", permission="acceptance.oversee", title="Dismiss a finding")
def dismiss_finding(work: Work, request: Look) -> FindingRow:
    """Disagree with a colleague's finding; it stays on record and leads to nothing.

    Errors: UNKNOWN_FINDING, OWN_FINDING, OWN_CASE, LOOKED_AT, NOT_YOUR_AGENCY.
    """
    return _one(work, _look(work, request, "dismissed").id)


def _look(work: Work, request: Look, state: str) -> Any:
    """The finding, looked at by a second person, once."""
    found = work.one(select(table).where(_f.id == request.finding_id))
    if found is None:
        raise UserError("UNKNOWN_FINDING", L("There is no such finding."), do=L("Refresh the list."))
    if not work.may("acceptance.see_all"):
        work.require_agency(found.agency)
    if found.found_by_id == work.actor.staff_id:
        raise UserError(
            "OWN_FINDING",
            L("You found this yourself; somebody else looks at it."),
            do=L("Let a colleague look."),
        )
    _not_own(work, _subject(work, found), (found.staff_id, found.staff_name))
    values = {"state": state, "looked_at": work.now, "looked_by_id": work.actor.staff_id,
              "looked_by": work.actor.name, "remark": request.remark}  # fmt: skip
    if not work.execute(update(table).where(_f.id == found.id, _f.state == "proposed").values(**values)):
        raise UserError(
            "LOOKED_AT", L("Somebody has looked at this finding already."), do=L("Refresh the list.")
        )
    work.subject = f"finding:{found.id}"
    return found


def _subject(read: Read, found: Any) -> Any:
    """The case of a finding, or what stands for one."""
    return cases.load(read, found.case_id) if found.case_id is not None else NoCase(
        f"RD{found.id:06d}", found.item_name, found.agency
    )  # fmt: skip


class AskFindings(Request):
    """Findings: those that wait for a second person, or all; those in which a text stands (numbers, item, facts, people)."""

    open_only: bool = True
    text: str = Field("", max_length=60)
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.findings", permission="acceptance.oversee", title="Findings of supervision")
def findings(read: Read, request: AskFindings) -> list[FindingRow]:
    """Findings that one may see, newest first."""
    wanted = (
        [] if read.actor.hall_wide or read.may("acceptance.see_all") else [_f.agency == read.actor.agency]
    )
    if request.open_only:
        wanted.append(_f.state == "proposed")
    columns = t.case.c.case_no, _f.item_name, _f.facts, _f.staff_name, _f.found_by
    wanted += containing(request.text, *columns, also=_own_number)
    if request.before_id is not None:
        wanted.append(_f.id < request.before_id)
    return [
        _row(read, row)
        for row in read.all(_list().where(*wanted).order_by(_f.id.desc()).limit(request.limit))
    ]


def _own_number(word: str) -> list[Any]:
    """The finding without a case whose own number this is."""
    number = re.fullmatch(r"(?i)RD(\d{1,12})", word)
    return [and_(_f.case_id.is_(None), _f.id == int(number[1]))] if number is not None else []


def _list() -> Any:
    columns = (
        table,
        t.case.c.case_no,
        hall.agency.c.name.label("agency_name"),
        t.case.c.acceptor_id,
        t.case.c.decider_id,
    )
    return (
        select(*columns)
        .outerjoin(t.case, t.case.c.id == _f.case_id)
        .outerjoin(hall.agency, hall.agency.c.code == _f.agency)
    )


def _one(read: Read, key: int) -> FindingRow:
    return _row(read, read.one(_list().where(_f.id == key)))


def _row(read: Read, r: Any) -> FindingRow:
    number = r.case_no or f"RD{r.id:06d}"
    own = read.actor.staff_id in (r.found_by_id, r.staff_id, r.acceptor_id, r.decider_id)
    return FindingRow(
        r.id, r.rule, str(RULES[r.rule]), number, identifiers.short_case_number(number) if r.case_no else number,
        r.item_name, r.agency, r.agency_name or r.agency, r.facts, r.evidence, r.staff_name, r.state, r.at, r.found_by,
        r.looked_at, r.looked_by, r.remark, r.state == "proposed" and not own and read.may("acceptance.oversee"),
    )  # fmt: skip
