"""Searching all cases: by number, name, pinyin, item or identity number, narrowed by filters, newest first, paged by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Private,
    Read,
    Request,
    UserError,
    Work,
    func,
    hall,
    in_language,
    operation,
    or_,
    query,
    select,
    union_all,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import search_ask, search_index
from yichuang_acceptance.operations.lists import CaseRow, case_row, received_between
from yichuang_acceptance.operations.search_ask import Branch, Seen
from yichuang_acceptance.rules.machine import OPEN, State, state_name
from yichuang_acceptance.rules.search_lights import LightName, light_conditions
from yichuang_acceptance.words import words

L = words.lazy
MOST_COUNTED = 1000
MOST_FILTERS = 50
FEW_DAYS = 93
LATE = frozenset({"overdue", "due_today"})
_c = t.case.c


class AskSearch(Request):
    """What to look for; every field narrows it.

    Attributes:
        text: Parts separated by blanks, all of which must be found: numbers or their last digits, names and items by any
            characters of theirs, by pinyin or initials, whole identity numbers.
        state: A state, "open" for every case that has not ended, or "".
        first: Received on this day or later.
        last: Received on this day or earlier.
        after: `next` of the page before.
    """

    text: Private = Field("", max_length=100)
    agency: str = Field("", max_length=40)
    item: str = Field("", max_length=80)
    state: str = Field("", max_length=20)
    light: LightName | Literal[""] = ""
    first: date | None = None
    last: date | None = None
    after: str = Field("", max_length=80)
    limit: int = Field(200, ge=1, le=1000)


@dataclass(frozen=True)
class Found:
    """A page of what was found; `next` gives the page behind it, "" where there is none."""

    rows: list[CaseRow]
    next: str


@query("acceptance.search", permission="acceptance.view", title="Search cases")
def search(read: Read, request: AskSearch) -> Found:
    """Cases that the actor may see, newest first. Errors: BAD_PAGE, UNKNOWN_STATE."""
    rows = _rows(read, request, list(t.case.columns), request.limit)
    last = rows[-1] if len(rows) == request.limit else None
    key = f"{last.received_at.isoformat()}|{last.id}" if last is not None else ""
    return Found([case_row(read, row) for row in rows], key)


@query("acceptance.search_count", permission="acceptance.view", title="How many cases are found")
def search_count(read: Read, request: AskSearch) -> int:
    """How many cases there are, counted no further than 1,001. Errors: UNKNOWN_STATE."""
    counted = request.model_copy(update={"after": ""})
    return len(_rows(read, counted, [_c.id], MOST_COUNTED + 1, in_order=False))


# ---- how it is asked ----


def _rows(
    read: Read, request: AskSearch, columns: list[Any], limit: int, *, in_order: bool = True
) -> list[Any]:
    """A page: by the index of terms where something was typed, else along the newest cases."""
    after, scope = position_of(request.after), scope_of(read)
    filters, states = _filters(read, request), sorted(_states(request.state))
    parts = search_ask.parts_of(read, request.text)
    seen = scope.seen if scope else None
    if request.text.strip() and not parts:
        return []  # nothing but punctuation
    if parts and not (read.reader.dialect.name == "sqlite" and _of_few_cases(request, parts)):
        if request.agency and (seen is None or seen.agency == request.agency):
            seen = Seen(request.agency)  # one of the terms finds the agency's, instead of a look at each case
        elif request.agency:
            filters.append(_c.agency == request.agency)
        branches = search_ask.branches_of(read, parts, seen)
        looked_for = _LookedFor(branches, columns, filters, states, after[1] if after else None, limit)
        return _by_text(
            read,
            looked_for,
            scope,
            running=_is_running(request, states),
            late=seen is not None and request.light in LATE,
            in_order=in_order,
        )
    order: tuple[Any, ...] = ()
    if parts:
        filters.append(search_ask.told_by_row(parts, seen))
        if request.light:
            # What is worked out is in no index: else the newest are walked, for the few with a light.
            order = (func.coalesce(_c.received_at, _c.received_at).desc(), _c.id.desc())
    if request.agency:
        filters.append(_c.agency == request.agency)
    if after is not None:
        same = (_c.received_at == after[0]) & (_c.id < after[1])
        filters.append((_c.received_at <= after[0]) & or_(_c.received_at < after[0], same))
    return read.all(_newest(columns, filters, scope, states, limit, *order))


def _of_few_cases(request: AskSearch, parts: Sequence[search_ask.Part]) -> bool:
    """Whether a text that means items is looked for among few cases: each of them tells its item, which is quicker on SQLite."""
    days = request.last - request.first if request.first and request.last else None
    few = bool(request.light) or (days is not None and days.days < FEW_DAYS)
    return few and any(part.items for part in parts)


def _is_running(request: AskSearch, states: list[str]) -> bool:
    """Whether only cases are wanted that are still going on: few of those of all times."""
    return bool(request.light or states) and {State(each) for each in states} <= OPEN


@dataclass(frozen=True)
class _LookedFor:
    """What the index of terms is asked for: cases in one of `states` with keys below `before`, where all `narrowed` hold."""

    branches: list[Branch]
    columns: list[Any]
    narrowed: list[Any]
    states: list[str]
    before: int | None
    limit: int

    @property
    def filters(self) -> list[Any]:
        """Conditions of the cases themselves."""
        return [*self.narrowed, *([_c.state.in_(self.states)] if self.states else [])]

    def with_cases(self, table: Any, key: Any) -> Any:
        """What the keys are selected from; cases themselves are looked at for the filters only."""
        return table.join(t.case, _c.id == key) if self.filters else table

    def rows(self, keys: Any) -> Any:
        """The cases of a selection of keys, newest first."""
        return select(*self.columns).where(_c.id.in_(keys)).order_by(_c.id.desc()).limit(self.limit)


def _by_text(
    read: Read, wanted: _LookedFor, scope: Scope | None, *, running: bool, late: bool, in_order: bool
) -> list[Any]:
    """What a text finds, the newest cases first.

    PostgreSQL cannot read its index from the newest on: of a common name it would fetch all cases before the first is
    shown. So the newest are read one after the other first, and the index is asked only where that is not enough.
    """
    if read.reader.dialect.name == "sqlite":
        return read.all(_by_index(read, wanted, in_order=True))
    first = search_ask.newest(read, wanted.before) - search_ask.LOOK_FIRST
    keys = search_ask.among_newest(wanted.branches, first, wanted.before, wanted.limit, cases=wanted.filters)
    rows = read.all(wanted.rows(keys))
    if len(rows) == wanted.limit or first <= 0:
        return rows
    # Those that are still going on are looked up, not the many that are found; of the late ones an agency never has many.
    if late or (running and search_ask.is_common(read, wanted.branches)):
        older = [_c.id < wanted.before] if wanted.before is not None else []
        filters = [*wanted.narrowed, search_ask.looked_up(wanted.branches), *older]
        return read.all(
            _newest(wanted.columns, filters, scope, wanted.states, wanted.limit, (_c.id + 0).desc())
        )
    return read.all(_by_index(read, wanted, in_order=in_order))


def _by_index(read: Read, wanted: _LookedFor, *, in_order: bool) -> Any:
    """All that the index finds; without an order the first that come are enough, for counting."""
    pages = []
    for each in wanted.branches:
        # Adding nought keeps SQLite from starting with the cases and asking the index for each of them, and PostgreSQL
        # from reading them all backwards, in hope of a page that it never fills.
        on_sqlite = read.reader.dialect.name == "sqlite"
        page = select(each.key).select_from(
            wanted.with_cases(each.table, each.key + 0 if on_sqlite else each.key)
        )
        page = page.where(*each.conditions, *each.before(wanted.before), *wanted.filters)
        if in_order:
            page = page.order_by((each.key if on_sqlite else each.key + 0).desc())
        pages.append(page.limit(wanted.limit).subquery())
    ids = union_all(*[select(*page.c) for page in pages]).subquery()
    return wanted.rows(select(*ids.c))


def _newest(
    columns: list[Any], filters: list[Any], scope: Scope | None, states: list[str], limit: int, *order: Any
) -> Any:
    """The newest cases. One branch for each agency or person and each state: each runs along an index and stops early."""
    order = order or (_c.received_at.desc(), _c.id.desc())
    by_state: list[list[Any]] = [[_c.state == state] for state in states] or [[]]
    branches = [[*filters, *what] for what in by_state]
    if scope is not None:
        # Among one person's cases the state is looked at row by row: SQLite would otherwise take the index of all cases
        # in that state, of which there may be a million.
        own = [func.coalesce(_c.state, "").in_(states)] if states else []
        of_agency = [[scope.agency, *each] for each in branches] if scope.agency is not None else []
        branches = [*of_agency, [*filters, scope.person, *own]]
    # What is put in order are keys: where no index has the order, whole rows take twice as long.
    pages = [select(_c.id).where(*each).order_by(*order).limit(limit).subquery() for each in branches]
    ids = union_all(*[select(page.c.id) for page in pages]).subquery()
    return select(*columns).where(_c.id.in_(select(ids.c.id))).order_by(*order).limit(limit)


@dataclass(frozen=True)
class Scope:
    """Whose cases the actor may see, for both ways to search: those of an agency, and those taken in by a person.

    Attributes:
        seen: For the index of terms.
        agency, person: Conditions; one of them is enough. Somebody without an agency has only the second.
    """

    seen: Seen
    agency: Any
    person: Any


def scope_of(read: Read) -> Scope | None:
    """None for people who see all; for others their agency's cases and those they took in themselves."""
    if read.actor.hall_wide or read.may("acceptance.see_all"):
        return None
    agency, staff = read.actor.agency, read.actor.staff_id
    return Scope(Seen(agency, staff), _c.agency == agency if agency else None, _c.acceptor_id == staff)


def _filters(read: Read, request: AskSearch) -> list[Any]:
    found: list[Any] = []
    if request.item:
        found.append(_c.item == request.item)
    if request.light:
        found.append(or_(*light_conditions(_c, request.light, read.now)))
    return found + received_between(_c.received_at, request.first, request.last)


def _states(state: str) -> set[str]:
    if state == "open":
        return {str(each) for each in OPEN}
    if state and state not in {str(each) for each in State}:
        raise UserError("UNKNOWN_STATE", L("There is no state {state}.", state=state))
    return {state} if state else set()


def position_of(after: str) -> tuple[datetime, int] | None:
    """The moment and id that a page begins behind; None for the first one. Errors: BAD_PAGE."""
    if not after:
        return None
    moment, _, key = after.partition("|")
    try:
        return datetime.fromisoformat(moment).astimezone(HALL_ZONE), int(key)
    except ValueError:
        raise UserError(
            "BAD_PAGE", L("This page of the list cannot be found."), do=L("Search again.")
        ) from None


# ---- what the page offers ----


@dataclass(frozen=True)
class Choices:
    """What one may narrow a search to: (code, name)."""

    agencies: list[tuple[str, str]]
    states: list[tuple[str, str]]
    whole_hall: bool


@query("acceptance.search_choices", permission="acceptance.view", title="What cases can be narrowed to")
def search_choices(read: Read) -> Choices:
    """Agencies that the actor may see cases of, and all states."""
    whole = scope_of(read) is None
    known = select(hall.agency.c.code, hall.agency.c.name).order_by(
        hall.agency.c.position, hall.agency.c.code
    )
    if not whole:
        known = known.where(hall.agency.c.code == read.actor.agency)
    agencies = [(row.code, row.name) for row in read.all(known.limit(500))]
    states = [(str(s), in_language(state_name(s))) for s in State if s != "draft"]
    return Choices(agencies, states, whole)


class KeptFilter(Request):
    """A search to be kept under a name; one of the same name is replaced."""

    name: str = Field(min_length=1, max_length=40)
    text: Private = Field("", max_length=100)
    agency: str = Field("", max_length=40)
    item: str = Field("", max_length=80)
    state: str = Field("", max_length=20)
    light: LightName | Literal[""] = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class FilterRow:
    """A kept search, as `acceptance.search` takes it."""

    id: int
    name: str
    wanted: dict[str, str]


@operation("acceptance.keep_filter", permission="acceptance.view", title="Keep a search")
def keep_filter(work: Work, request: KeptFilter) -> int:
    """Keep a search for oneself. Errors: FILTER_HOLDS_NUMBER for an identity number, TOO_MANY_FILTERS."""
    if search_ask.holds_identity_number(request.text):
        raise UserError(
            "FILTER_HOLDS_NUMBER",
            L("A search for an identity number is not kept."),
            do=L("Take the number out, then keep the search."),
        )
    mine = t.search_filter.c.staff_id == work.actor.staff_id
    same = work.scalar(select(t.search_filter.c.id).where(mine, t.search_filter.c.name == request.name))
    wanted = {k: v for k, v in request.model_dump(mode="json").items() if v and k != "name"}
    if same is not None:
        work.execute(t.search_filter.update().where(t.search_filter.c.id == same).values(wanted=wanted))
        return int(same)
    if work.scalar(select(func.count()).select_from(t.search_filter).where(mine)) >= MOST_FILTERS:
        raise UserError(
            "TOO_MANY_FILTERS",
            L("{n} searches are kept already.", n=MOST_FILTERS),
            do=L("Drop one that is not used."),
        )
    return int(work.insert(t.search_filter, staff_id=work.actor.staff_id, name=request.name, wanted=wanted))


class OneFilter(Request):
    """A kept search."""

    filter_id: int


@operation("acceptance.drop_filter", permission="acceptance.view", title="Drop a kept search")
def drop_filter(work: Work, request: OneFilter) -> None:
    """Drop a search of one's own. Errors: UNKNOWN_FILTER."""
    own = (t.search_filter.c.id == request.filter_id) & (t.search_filter.c.staff_id == work.actor.staff_id)
    if not work.execute(t.search_filter.delete().where(own)):
        raise UserError("UNKNOWN_FILTER", L("This search is not kept any more."))


@query("acceptance.filters", permission="acceptance.view", title="Kept searches")
def filters(read: Read) -> list[FilterRow]:
    """The searches that the actor keeps, by name."""
    mine = t.search_filter.c.staff_id == read.actor.staff_id
    rows = read.all(select(t.search_filter).where(mine).order_by(t.search_filter.c.name).limit(MOST_FILTERS))
    return [FilterRow(row.id, row.name, row.wanted) for row in rows]


@operation("acceptance.rebuild_search", permission="acceptance.maintain", title="Make the search index anew")
def rebuild_search(work: Work) -> int:
    """Make the index of all cases anew, in one transaction; returns how many cases it holds."""
    count = search_index.rebuild(work)
    work.detail = {"cases": count}
    return count
