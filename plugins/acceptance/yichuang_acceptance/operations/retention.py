"""How long the files of closed cases are kept: by the item's guide, else by the hall; and which are due for appraisal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, Request, and_, identifiers, or_, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.catalogue_rules import said_of
from yichuang_acceptance.rules.machine import ENDED, State
from yichuang_acceptance.rules.retention import (
    DEFAULTS,
    GRANTED_SETTING,
    OTHER_SETTING,
    TERMS,
    YEARS,
    code_of,
    due_before,
    last_day,
)

_a = t.archive.c
BY_ITEM, BY_HALL = "item", "hall"


@dataclass(frozen=True)
class Kept:
    """How long the file of a closed case is kept.

    Attributes:
        code: Y, D30 or D10; D and the years of what was archived by an earlier version.
        years: None for ever.
        source: item (its guide says so) or hall; empty for what was archived by an earlier version.
        until: The last day of it; None for ever. Before archiving: if it were archived today.
        archived: Whether it is settled.
    """

    code: str
    years: int | None
    source: str
    until: date | None
    archived: bool = False


def term_of(read: Read, row: Any) -> tuple[str, str]:
    """Code of the term of a case that has ended, and who says so.

    An item's term is for its decisions; applications that ended without one (withdrawn, not accepted) have the hall's.
    """
    if row.decided_at is not None:
        said = said_of(read, row.item, row.item_version).get("keep_term")
        if said:
            return said, BY_ITEM
    setting = GRANTED_SETTING if row.ready_at is not None else OTHER_SETTING
    return code_of(read.setting(setting, DEFAULTS[setting])), BY_HALL


def kept_of(read: Read, row: Any) -> Kept | None:
    """How long the file of a case is kept, or will be; None while the case is open."""
    state = State(row.state)
    if state not in ENDED:
        return None
    if state is State.ARCHIVED:
        archive = read.one(select(_a.at, _a.years, _a.contents).where(_a.case_id == row.id))
        if archive is not None:
            source = archive.contents.get("retention", {}).get("source", "")
            until = last_day(_hall_day(archive.at), archive.years)
            return Kept(code_of(archive.years), archive.years, source, until, archived=True)
    code, source = term_of(read, row)
    return Kept(code, YEARS[code], source, last_day(read.today, YEARS[code]))


def _hall_day(at: datetime) -> date:
    return at.astimezone(HALL_ZONE).date()


class AskDue(Request):
    """Archived files whose term is over, the longest archived first.

    Attributes:
        by: Over before this day; by default today. The last day of a year shows what is due at its end.
        after_at, after_id: `archived_at` and id of the last row of the page before.
    """

    by: date | None = None
    after_at: datetime | None = None
    after_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@dataclass(frozen=True)
class DueFile:
    """An archived file that is due for appraisal."""

    id: int
    case_id: int
    case_no: str
    item_name: str
    applicant: str
    agency_name: str
    archived_at: datetime
    archived_by: str
    term: str
    until: date | None


@query("acceptance.due_files", permission="acceptance.deliver", title="Archived files due for appraisal")
def due_files(read: Read, request: AskDue) -> list[DueFile]:
    """Archived files whose term of keeping is over, the longest archived first; only those that the actor may see."""
    today = request.by or read.today
    rows: list[Any] = []
    for years in (each for each in YEARS.values() if each is not None):
        first = datetime.combine(due_before(today, years), time.min, HALL_ZONE)
        rows += read.all(_page(read, request, _a.years == years, _a.at < first))
    rows.sort(key=lambda row: (row.at, row.archive_id))
    return [_due_file(row) for row in rows[: request.limit]]


def _page(read: Read, request: AskDue, *wanted: Any) -> Any:
    """The next files of one term, along their index."""
    behind = []
    if request.after_at is not None and request.after_id is not None:
        same = and_(_a.at == request.after_at, _a.id > request.after_id)
        behind = [_a.at >= request.after_at, or_(_a.at > request.after_at, same)]
    columns = (
        _a.id.label("archive_id"), _a.at, _a.years, _a.staff_name, t.case.c.id, t.case.c.case_no, t.case.c.item_name,
        t.case.c.applicant_name, t.case.c.applicant_kind, t.case.c.agency_name,
    )  # fmt: skip
    found = select(*columns).select_from(t.archive.join(t.case, t.case.c.id == _a.case_id))
    return found.where(*wanted, *behind, *cases.seen_by(read)).order_by(_a.at, _a.id).limit(request.limit)


def _due_file(row: Any) -> DueFile:
    person = row.applicant_kind == "person"
    code = code_of(row.years)
    return DueFile(
        row.archive_id, row.id, row.case_no, row.item_name,
        identifiers.mask_name(row.applicant_name) if person else row.applicant_name, row.agency_name, row.at, row.staff_name,
        str(TERMS[code]), last_day(_hall_day(row.at), row.years),
    )  # fmt: skip
