"""Asking the index of terms: what a typed text may mean, and the conditions by which each database finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from yichuang.api import (
    Column,
    Id,
    Read,
    Table,
    Text,
    UserError,
    and_,
    bindparam,
    exists,
    find_applicant,
    func,
    identifiers,
    metadata,
    or_,
    select,
    text,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules import search_terms as rules
from yichuang_acceptance.rules.search_terms import Alternatives, Wanted

MOST_ITEMS = 2000
LOOK_FIRST = 20_000
COMMON = LOOK_FIRST // 100
MOST_GATHERED = 10_000
KINDS = (
    ("111", identifiers.check_citizen_id), ("553", identifiers.check_foreign_id), ("001", identifiers.check_uscc),
)  # fmt: skip
CODE_LENGTH, CODE_DIGITS = 18, 8
# The index as each database names it; not among the declared tables, for it is made by hand.
_FTS = Table("acceptance_search", metadata("acceptance"), Column("rowid", Id))
_TSVECTOR = Table("acceptance_search", metadata("acceptance"), Column("case_id", Id), Column("agency", Text))


@dataclass(frozen=True)
class Part:
    """What a part of the text may mean: terms of a case, or one of the items whose names it finds."""

    ways: Alternatives
    items: list[int]


@dataclass(frozen=True)
class Seen:
    """Whose cases are looked through: those of an agency ("" for none) and those that a person took in (None for nobody)."""

    agency: str
    acceptor: int | None = None

    @property
    def terms(self) -> list[str]:
        """In the index of terms; one of them is enough."""
        agency = [rules.AGENCY + rules.fold(self.agency)] if self.agency else []
        return agency + ([f"{rules.ACCEPTOR}{self.acceptor}"] if self.acceptor is not None else [])


@dataclass(frozen=True)
class Branch:
    """One way to find cases: in this table of the index, whose `key` is the case's id, where all conditions hold.

    Attributes:
        read_through: The same for rows that are read one after the other, in words that no index answers; PostgreSQL only.
    """

    table: Any
    key: Any
    conditions: list[Any]
    read_through: list[Any]

    def before(self, key: int | None) -> list[Any]:
        """Conditions for cases before this one; it stands in the statement itself, for the same reason as the terms."""
        return [] if key is None else [text(f"acceptance_search.{self.key.name} < {int(key)}")]


def parts_of(read: Read, typed: str) -> list[Part]:
    """What was typed, part by part, all of which must be found; nothing where nothing was typed."""
    return [Part(_ways(read, part), _items(read, part)) for part in rules.parts_of(typed)]


def branches_of(read: Read, parts: Sequence[Part], seen: Seen | None) -> list[Branch]:
    """How cases are found; a case may be found by several branches.

    Args:
        read: The snapshot.
        parts: At least one.
        seen: What is looked through; None for everything.
    """
    if read.reader.dialect.name == "sqlite":
        wanted = [part.ways + [[Wanted(f"{rules.ITEM}{key}")] for key in part.items] for part in parts]
        scope = [[[Wanted(term)] for term in seen.terms]] if seen else []
        found = text("acceptance_search MATCH :terms").bindparams(terms=rules.sqlite_match(wanted + scope))
        return [Branch(_FTS, _FTS.c.rowid, [found], [])]
    choices = [(None, part) if part.items else (None,) for part in parts]
    found_by = [_postgresql_branches(parts, chosen, seen) for chosen in product(*choices)]
    return [branch for each in found_by for branch in each]


def _postgresql_branches(
    parts: Sequence[Part], by_item: Sequence[Part | None], seen: Seen | None
) -> list[Branch]:
    """Some parts found by the item, the others by terms.

    What is looked for stands in the statement itself, not beside it: PostgreSQL would otherwise plan for a text that it
    does not know, and read a million cases for a rare one. Terms hold letters and digits only, items are numbers.
    """
    terms = [part.ways for part, chosen in zip(parts, by_item, strict=True) if chosen is None]
    scope = [[Wanted(term)] for term in seen.terms] if seen else []
    chosen = [set(part.items) for part in by_item if part is not None]
    if not chosen:
        return [_branch([*terms, scope] if seen else terms, [])]
    keys = ", ".join(str(int(key)) for key in sorted(set.intersection(*chosen))) or "NULL"
    items = [text(f"acceptance_search.item_name_id IN ({keys})")]
    if seen is None:
        return [_branch(terms, items)]
    # An agency has a few of the items, and PostgreSQL takes the two for independent: their index knows both.
    of_agency = [_branch(terms, [*items, _TSVECTOR.c.agency == seen.agency])] if seen.agency else []
    taken_in = [_branch([*terms, scope[-1:]], items)] if seen.acceptor is not None else []
    return of_agency + taken_in


def _branch(terms: list[Alternatives], others: list[Any]) -> Branch:
    if not terms:
        return Branch(_TSVECTOR, _TSVECTOR.c.case_id, others, others)
    words = f"acceptance_search.words @@ CAST($terms${rules.postgresql_match(terms)}$terms$ AS tsquery)"
    through = text(f"COALESCE({words}, FALSE)")
    return Branch(_TSVECTOR, _TSVECTOR.c.case_id, [text(words), *others], [through, *others])


def found_by(read: Read, typed: str, seen: Seen | None, *, few: bool) -> Any:
    """The condition of cases that a text finds, for lists of the work that run in an order of their own.

    SQLite's index takes long to put a hundred items together, which each row of a list of few cases tells at once.
    PostgreSQL does not know how many cases a text finds. The few are gathered once, before a list is walked in search of
    them; of many, each row of the list is looked up as it comes. The same rows are found in both ways.
    """
    parts = parts_of(read, typed)
    if not parts:
        return t.case.c.id < 0
    sqlite = read.reader.dialect.name == "sqlite"
    if sqlite and few:
        return told_by_row(parts, seen)
    branches = branches_of(read, parts, seen)
    pages = [select(each.key).select_from(each.table).where(*each.conditions) for each in branches]
    if sqlite:
        return t.case.c.id.in_(pages[0])
    if is_common(read, branches):
        return looked_up(branches)
    found = {row[0] for page in pages for row in read.all(page.limit(MOST_GATHERED))}
    if len(found) >= MOST_GATHERED:
        return looked_up(branches)
    return text(f"acceptance_case.id = ANY('{{{','.join(map(str, sorted(found)))}}}'::bigint[])")


def told_by_row(parts: Sequence[Part], seen: Seen | None) -> Any:
    """The condition of cases that a text finds, on SQLite, for rows that are read anyway."""
    return and_(*(_part_of_row(part, seen) for part in parts))


def _part_of_row(part: Part, seen: Seen | None) -> Any:
    scope = [[[Wanted(term)] for term in seen.terms]] if seen else []
    terms: Any = bindparam("terms", rules.sqlite_match([part.ways, *scope]), unique=True)
    found = t.case.c.id.in_(
        select(_FTS.c.rowid).where(text("acceptance_search MATCH :terms").bindparams(terms))
    )
    if not part.items:
        return found
    name = t.item_name.c
    # Adding nought keeps SQLite from looking up each of the items for each row.
    named = name.item == t.case.c.item, name.name == t.case.c.item_name, (name.id + 0).in_(part.items)
    return or_(exists().where(*named), found)


def is_common(read: Read, branches: Sequence[Branch]) -> bool:
    """Whether one in a hundred of the newest cases is found, or more; on PostgreSQL."""
    return len(read.all(among_newest(branches, newest(read, None) - LOOK_FIRST, None, COMMON))) == COMMON


def newest(read: Read, before: int | None) -> int:
    """The key behind the newest case, or `before`."""
    return before if before is not None else int(read.scalar(select(func.max(t.case.c.id))) or 0) + 1


def looked_up(branches: Sequence[Branch]) -> Any:
    """The condition of cases that are found, looked up for each of them."""
    return exists().where(
        branches[0].key == t.case.c.id, or_(*(and_(*each.read_through) for each in branches))
    )


def among_newest(
    branches: Sequence[Branch], from_id: int, before: int | None, limit: int, *, cases: Sequence[Any] = ()
) -> Any:
    """The newest keys on PostgreSQL: one pass over the last rows of its index, whatever is looked for.

    Args:
        branches: Ways to find a case.
        from_id: The first key that is looked at.
        before: No key from this one on.
        limit: How many are enough.
        cases: Conditions of the cases themselves, which are looked at only where there are some.
    """
    table, key = branches[0].table, branches[0].key
    source = table.join(t.case, t.case.c.id == key) if cases else table
    either = or_(*[and_(*each.read_through) for each in branches])
    bounds = [key >= from_id, *([key < before] if before is not None else [])]
    return select(key).select_from(source).where(either, *bounds, *cases).order_by(key.desc()).limit(limit)


def _ways(read: Read, part: str) -> Alternatives:
    ways = rules.ways_of(part)
    person = _person(read, part)
    return ways if person is None else [*ways, [Wanted(f"{rules.PERSON}{person}")]]


def _items(read: Read, part: str) -> list[int]:
    """Names of items with a term that begins so. There are some thousand at most: each is looked at."""
    terms = t.item_name.c.terms
    found = terms.contains(f" {part}")
    halves = rules.long_halves(part)
    if halves is not None:  # of names only the first characters of each ending are kept, of codes all
        found = or_(found, and_(terms.contains(f" {halves[0]}"), terms.contains(f" {halves[1]}")))
    return [row.id for row in read.all(select(t.item_name.c.id).where(found).limit(MOST_ITEMS))]


def _person(read: Read, part: str) -> int | None:
    """Whose identity number it is; the number itself is kept nowhere, only its keyed digest."""
    for kind, check in KINDS:
        try:
            code = check(part.upper())
        except UserError:
            continue  # some other word
        found = find_applicant(read, kind, code)
        if found is not None:
            return found.id
    return None


def holds_identity_number(typed: str) -> bool:
    """Whether a part of the text may be an identity number, which must be kept nowhere."""
    return any(
        len(part) == CODE_LENGTH and part.isascii() and sum(c.isdecimal() for c in part) > CODE_DIGITS
        for part in rules.parts_of(typed)
    )
