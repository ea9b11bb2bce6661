"""Looking at the item catalogue: the list by agency, one guide, its versions, how two differ, what drafts may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import Field

from yichuang.api import (
    Read,
    Request,
    and_,
    bindparam,
    func,
    hall,
    item_terms,
    or_,
    prepare,
    query,
    select,
)
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance.operations import guide_rows as rows
from yichuang_acceptance.operations.guides import PUBLISHED
from yichuang_acceptance.rules import guide as rules
from yichuang_acceptance.rules.guide_diff import Change, differences
from yichuang_acceptance.words import words

L = words.lazy
VIEW = "acceptance.view_items"


@dataclass(frozen=True)
class CatalogueRow:
    """An item as the catalogue lists it.

    Attributes:
        version: The newest published version; 0 for an item whose first version is not published yet.
        open_version: The version that is being made, 0 for none.
        open_state: draft or submitted; empty for none.
        state: 1 in use, 2 suspended, 3 cancelled.
    """

    code: str
    name: str
    type: str
    agency: str
    agency_name: str
    initials: str
    pinyin: str
    aliases: list[str]
    version: int
    open_version: int
    open_state: str
    state: str


class ListGuides(Request):
    """A page of the catalogue: the items behind a code."""

    after: str = ""
    limit: int = Field(500, ge=1, le=2000)


_STATE = (
    select(hall.item_state.c.state)
    .where(hall.item_state.c.item == hall.item.c.code, hall.item_state.c.first_day <= bindparam("today"))
    .order_by(hall.item_state.c.first_day.desc(), hall.item_state.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_PUBLISHED = (
    select(func.max(hall.item_version.c.version))
    .where(hall.item_version.c.item == hall.item.c.code)
    .scalar_subquery()
)
_ROWS = prepare(
    select(
        hall.item.c.code, hall.item.c.name, hall.item.c.type, hall.item.c.agency,
        hall.agency.c.short_name.label("agency_name"), hall.item.c.initials, hall.item.c.pinyin, hall.item.c.aliases,
        func.coalesce(_PUBLISHED, 0).label("version"), func.coalesce(g.guide.c.version, 0).label("open_version"),
        func.coalesce(g.guide.c.state, "").label("open_state"), func.coalesce(_STATE, "1").label("state"),
    )
    .join(hall.agency, hall.agency.c.code == hall.item.c.agency)
    .outerjoin(g.guide, and_(g.guide.c.item == hall.item.c.code, g.guide.c.state != PUBLISHED))
    .where(hall.item.c.code > bindparam("after"), or_(bindparam("agency") == "", hall.item.c.agency == bindparam("agency")))
    .order_by(hall.item.c.code)
    .limit(bindparam("limit"))
)  # fmt: skip


@query("acceptance.guides", permission=VIEW, title="The item catalogue")
def guides(read: Read, request: ListGuides) -> list[CatalogueRow]:
    """Items of one's own agency (of all, for people of the whole hall) by code, with what is being changed."""
    agency = "" if read.actor.hall_wide else read.actor.agency or "-"
    found = read.all(_ROWS, after=request.after, limit=request.limit, agency=agency, today=read.today)
    return [CatalogueRow(*row) for row in found]


@dataclass(frozen=True)
class FoundProblem:
    """Something that keeps a draft from being submitted; see `rules.guide.Problem`."""

    code: str
    place: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class GuideDetail:
    """A version of an item with everything it says.

    Attributes:
        elements: Elements by the national column names.
        lists: Name of a list to its rows.
        state: draft, submitted or published.
        first_day: Of its term; None for one that holds since ever, or is not published.
        item_state: 1 in use, 2 suspended, 3 cancelled, today.
        holds: Whether it is the version of today.
        open_version: The version that is being made, 0 for none.
        published: The newest published version, 0 for none.
        problems: What a draft still lacks.
        own: Whether the reader worked on it, and so cannot publish it.
    """

    item: str
    version: int
    name: str
    type: str
    agency: str
    agency_name: str
    basic_code: str
    elements: dict[str, str]
    lists: dict[str, list[dict[str, str]]]
    state: str
    row_version: int
    first_day: date | None
    last_day: date | None
    item_state: str
    holds: bool
    open_version: int
    published: int
    note: str
    author_name: str
    returned_name: str
    returned_reason: str
    problems: list[FoundProblem]
    own: bool


class AskGuide(Request):
    """A version of an item: the open one, else the one of today, unless another is named."""

    item: str
    version: int | None = None


@query("acceptance.guide", permission=VIEW, title="The guide of an item")
def guide(read: Read, request: AskGuide) -> GuideDetail:
    """Everything that a version of an item says. Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, UNKNOWN_VERSION."""
    item = rows.item_row(read, request.item)
    made = rows.open_row(read, item.code)
    today = item_terms.version_on(read, item, read.today)
    newest = rows.newest_published(read, item.code)
    version = request.version or (made.version if made is not None else today or newest)
    row = rows.row_of(read, item.code, version)
    said = rows.guide_of(read, item, version)
    term = next((each for each in item_terms.terms_of(read, item.code) if each.version == version), None)
    is_open = row is not None and row.state != PUBLISHED
    problems = rules.problems_of(said, item.type, rows.known(read, item.agency)) if is_open else []
    body = said.body()
    return GuideDetail(
        item.code, version, said.get("task_name") or item.name, item.type, item.agency,
        read.scalar(select(hall.agency.c.name).where(hall.agency.c.code == item.agency)), item.basic_code,
        body["elements"], body["lists"], row.state if row is not None else PUBLISHED,
        row.row_version if row is not None else 0, term.first if term else None, term.last if term else None,
        item_terms.state_on(read, item.code, read.today), version == today, made.version if made is not None else 0, newest,
        row.note if row is not None else "", row.author_name if row is not None else "",
        row.returned_name if row is not None else "", row.returned_reason if row is not None else "",
        [FoundProblem(p.code, p.place, p.row, p.column, str(p.reason)) for p in problems],
        row is not None and read.actor.staff_id in row.authors,
    )  # fmt: skip


@dataclass(frozen=True)
class VersionRow:
    """A version in an item's history."""

    version: int
    state: str
    first_day: date | None
    last_day: date | None
    holds: bool
    author_name: str
    changed_at: datetime | None
    published_name: str
    published_at: datetime | None
    note: str


@dataclass(frozen=True)
class StateRow:
    """What became of an item from a day on."""

    state: str
    first_day: date
    reason: str
    staff_name: str
    at: datetime


@dataclass(frozen=True)
class GuideHistory:
    """An item's versions, newest first, and its suspensions."""

    versions: list[VersionRow]
    states: list[StateRow]


class AboutItem(Request):
    """A service item."""

    item: str


@query("acceptance.guide_history", permission=VIEW, title="Versions of an item")
def guide_history(read: Read, request: AboutItem) -> GuideHistory:
    """Every version with its days and who made it. Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY."""
    item = rows.item_row(read, request.item)
    terms = {term.version: term for term in item_terms.terms_of(read, item.code)}
    today = item_terms.version_on(read, item, read.today)
    made = {row.version: row for row in read.all(select(g.guide).where(g.guide.c.item == item.code))}
    loaded = read.all(select(hall.item_version.c.version).where(hall.item_version.c.item == item.code))
    numbers = sorted({*made, *(row.version for row in loaded)}, reverse=True)
    states = read.all(
        select(hall.item_state)
        .where(hall.item_state.c.item == item.code)
        .order_by(hall.item_state.c.id.desc())
        .limit(200)
    )
    return GuideHistory(
        [_version_row(n, made.get(n), terms.get(n), n == today) for n in numbers],
        [StateRow(s.state, s.first_day, s.reason, s.staff_name, s.at) for s in states],
    )


def _version_row(number: int, row: Any, term: Any, holds: bool) -> VersionRow:
    first, last = (term.first, term.last) if term is not None else (None, None)
    if row is None:
        return VersionRow(number, PUBLISHED, first, last, holds, "", None, "", None, "")
    return VersionRow(
        number, row.state, first, last, holds, row.author_name, row.changed_at, row.published_name, row.published_at, row.note
    )  # fmt: skip


class TwoVersions(Request):
    """Two versions of an item; 0 stands for nothing at all."""

    item: str
    old: int = Field(ge=0)
    new: int = Field(ge=1)


@query("acceptance.guide_diff", permission=VIEW, title="How two versions differ")
def guide_diff(read: Read, request: TwoVersions) -> list[Change]:
    """What was added, removed and changed from one version to another.

    Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, UNKNOWN_VERSION.
    """
    item = rows.item_row(read, request.item)
    old = rows.guide_of(read, item, request.old) if request.old else rules.Guide()
    return differences(old, rows.guide_of(read, item, request.new))


@dataclass(frozen=True)
class DictionaryRow:
    """A material of the hall's dictionary."""

    code: str
    name: str
    licence_types: list[str]


class FindMaterials(Request):
    """Words that a material's name or code contains."""

    words: str = ""
    limit: int = Field(50, ge=1, le=200)


@query("acceptance.find_materials", permission=VIEW, title="The material dictionary")
def find_materials(read: Read, request: FindMaterials) -> list[DictionaryRow]:
    """Materials of the dictionary by name or code; any of it where nothing is asked."""
    statement = select(hall.material).order_by(hall.material.c.code).limit(request.limit)
    if request.words:
        statement = statement.where(
            or_(
                hall.material.c.name.contains(request.words, autoescape=True),
                hall.material.c.code.contains(request.words, autoescape=True),
            )
        )
    return [DictionaryRow(row.code, row.name, row.licence_types) for row in read.all(statement)]
