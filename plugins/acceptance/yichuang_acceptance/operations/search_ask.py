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
    UserError,
    and_,
    find_applicant,
    identifiers,
    metadata,
    or_,
    select,
    text,
    union_all,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules import search_terms as rules
from yichuang_acceptance.rules.search_terms import Alternatives, Wanted

MOST_ITEMS = 2000
KINDS = (
    ("111", identifiers.check_citizen_id), ("553", identifiers.check_foreign_id), ("001", identifiers.check_uscc),
)  # fmt: skip
CODE_LENGTH, CODE_DIGITS = 18, 8
# The index as each database names it; not among the declared tables, for it is made by hand.
_FTS = Table("acceptance_search", metadata("acceptance"), Column("rowid", Id))
_TSVECTOR = Table("acceptance_search", metadata("acceptance"), Column("case_id", Id))


@dataclass(frozen=True)
class Part:
    """What a part of the text may mean: terms of a case, or one of the items whose names it finds."""

    ways: Alternatives
    items: list[int]


@dataclass(frozen=True)
class Branch:
    """One way to find cases: from this table of the index, whose `key` is the case's id, where all conditions hold."""

    table: Any
    key: Any
    conditions: list[Any]

    def between(self, from_id: int | None, before: int | None) -> list[Any]:
        """Conditions on the case's id; they stand in the statement itself, for the same reason as the terms."""
        name = f"acceptance_search.{self.key.name}"
        low = [text(f"{name} >= {int(from_id)}")] if from_id is not None else []
        return low + ([text(f"{name} < {int(before)}")] if before is not None else [])


def parts_of(read: Read, typed: str) -> list[Part]:
    """What was typed, part by part, all of which must be found; nothing where nothing was typed."""
    return [Part(_ways(read, part), _items(read, part)) for part in rules.parts_of(typed)]


def branches_of(read: Read, parts: Sequence[Part], scope: Sequence[str]) -> list[Branch]:
    """How cases are found; a case may be found by several branches.

    Args:
        read: The snapshot.
        parts: At least one.
        scope: Terms of which a case must have one, so that the actor may see it; none for people who see all.
    """
    seen = [[[Wanted(term)] for term in scope]] if scope else []
    if read.reader.dialect.name == "sqlite":
        wanted = [part.ways + [[Wanted(f"{rules.ITEM}{key}")] for key in part.items] for part in parts]
        found = text("acceptance_search MATCH :terms").bindparams(terms=rules.sqlite_match(wanted + seen))
        return [Branch(_FTS, _FTS.c.rowid, [found])]
    choices = [(None, part) if part.items else (None,) for part in parts]
    return [_postgresql_branch(parts, chosen, seen) for chosen in product(*choices)]


def _postgresql_branch(
    parts: Sequence[Part], by_item: Sequence[Part | None], seen: list[Alternatives]
) -> Branch:
    """Some parts found by the item, the others by terms.

    What is looked for stands in the statement itself, not beside it: PostgreSQL would otherwise plan for a text that it
    does not know, and read a million cases for a rare one. Terms hold letters and digits only, items are numbers.
    """
    wanted = [part.ways for part, chosen in zip(parts, by_item, strict=True) if chosen is None] + seen
    conditions: list[Any] = []
    if wanted:
        terms = rules.postgresql_match(wanted)
        conditions.append(text(f"acceptance_search.words @@ CAST($terms${terms}$terms$ AS tsquery)"))
    items = [set(chosen.items) for chosen in by_item if chosen is not None]
    if items:
        keys = ", ".join(str(int(key)) for key in sorted(set.intersection(*items))) or "NULL"
        conditions.append(text(f"acceptance_search.item_name_id IN ({keys})"))
    return Branch(_TSVECTOR, _TSVECTOR.c.case_id, conditions)


def ids_of(read: Read, typed: str) -> Any:
    """The ids of the cases that a text finds, for lists of the work; whoever asks narrows them to what may be seen."""
    parts = parts_of(read, typed)
    if not parts:
        return select(t.case.c.id).where(t.case.c.id < 0)
    branches = branches_of(read, parts, ())
    return union_all(*[select(each.key).select_from(each.table).where(*each.conditions) for each in branches])


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
