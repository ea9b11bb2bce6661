"""The index of terms: written in the transaction of the case, asked by the search, made anew by a command.

SQLite keeps it in an FTS5 table whose rowid is the case's id, PostgreSQL in a tsvector with a GIN index. Beside the names
it holds who may see the case (its agency and who accepted it), so that the index alone answers "which of mine". An item
is one term on SQLite and a column on PostgreSQL: a text may mean hundreds of items, which is more than a tsquery bears.
There the agency is a column too, so that one index knows which items an agency has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yichuang.api import (
    IntegrityError,
    Work,
    bindparam,
    hall,
    pinyin,
    prepare,
    select,
    text,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules import search_terms as rules

Spelled = Mapping[str, pinyin.PinyinForm]

_INSERT = {
    "sqlite": text("INSERT INTO acceptance_search (rowid, words, scope) VALUES (:id, :words, :scope)"),
    "postgresql": text(
        "INSERT INTO acceptance_search (case_id, agency, item_name_id, words) "
        "VALUES (:id, :agency, :item_name, array_to_tsvector(CAST(:words AS text[])))"
    ),
}
_INSERTED = {dialect: prepare(statement) for dialect, statement in _INSERT.items()}
_FORGET = {
    "sqlite": text(
        "INSERT INTO acceptance_search (acceptance_search, rowid, words, scope) VALUES ('delete', :id, :words, :scope)"
    ),
    "postgresql": text("DELETE FROM acceptance_search WHERE case_id = :id"),
}
_EMPTY = {
    "sqlite": text("INSERT INTO acceptance_search (acceptance_search) VALUES ('delete-all')"),
    "postgresql": text("TRUNCATE acceptance_search"),
}
_ITEM_NAME = prepare(
    select(t.item_name.c.id).where(
        t.item_name.c.item == bindparam("item"), t.item_name.c.name == bindparam("name")
    )
)
_ITEM_SPELLED = prepare(
    select(hall.item.c.initials, hall.item.c.pinyin).where(
        hall.item.c.code == bindparam("item"), hall.item.c.name == bindparam("name")
    )
)


def spell(names: Iterable[str]) -> dict[str, pinyin.PinyinForm]:
    """The pinyin of names. The first call reads the dictionary, a third of a second: never inside a transaction."""
    return {name: pinyin.pinyin_of(name) for name in names if name}


def names_of(row: Any) -> set[str]:
    """The names of a case that are found by their pinyin."""
    return {name for name in (row.applicant_name, row.agent_name, row.project) if name}


def enter(work: Work, row: Any, spelled: Spelled) -> None:
    """Let a new case be found."""
    work.execute(_INSERTED[work.writer.dialect.name], **parameters(work, row, spelled))


def forget(work: Work, row: Any, spelled: Spelled) -> None:
    """Let a case not be found any more. `row` must hold what it held when it was entered."""
    work.execute(_FORGET[work.writer.dialect.name], **parameters(work, row, spelled))


def parameters(work: Work, row: Any, spelled: Spelled) -> dict[str, Any]:
    """What the index keeps of a case, as its database takes it."""
    words = rules.number_terms(row.case_no)
    for name in names_of(row):
        form = spelled[name] if name in spelled else pinyin.pinyin_of(name)
        words |= rules.name_terms(name, form.initials, form.pinyin)
    item_name = item_name_id(work, row.item, row.item_name)
    scope = {
        rules.AGENCY + rules.fold(row.agency),
        f"{rules.ACCEPTOR}{row.acceptor_id}",
        f"{rules.PERSON}{row.applicant_id}",
        *([f"{rules.PERSON}{row.agent_id}"] if row.agent_id else []),
    }
    if work.writer.dialect.name == "sqlite":
        scope.add(f"{rules.ITEM}{item_name}")
        return {"id": row.id, "words": " ".join(sorted(words)), "scope": " ".join(sorted(scope))}
    return {"id": row.id, "words": sorted(words | scope), "item_name": item_name, "agency": row.agency}


def item_name_id(work: Work, item: str, name: str) -> int:
    """The key of an item's name, entered when a case first bears it."""
    known = work.scalar(_ITEM_NAME, item=item, name=name)
    if known is not None:
        return int(known)
    form = work.one(_ITEM_SPELLED, item=item, name=name)
    if form is None or not form.initials:
        form = pinyin.pinyin_of(name)
    terms = rules.name_terms(name, form.initials, form.pinyin) | {rules.fold(item)}
    try:
        with work.savepoint():
            return int(work.insert(t.item_name, item=item, name=name, terms=" " + " ".join(sorted(terms))))
    except IntegrityError:  # another desk entered it in this very moment
        return int(work.scalar(_ITEM_NAME, item=item, name=name))


def rebuild(work: Work, batch: int = 5000) -> int:
    """Make the whole index anew; returns how many cases it holds."""
    name = work.writer.dialect.name
    work.execute(_EMPTY[name])
    work.execute(t.item_name.delete())
    last, count = 0, 0
    spelled: dict[str, pinyin.PinyinForm] = {}
    while True:
        rows = work.all(select(*COLUMNS).where(t.case.c.id > last).order_by(t.case.c.id).limit(batch))
        if not rows:
            return count
        if len(spelled) > 100 * batch:
            spelled.clear()
        for row in rows:
            spelled.update(spell(names_of(row) - spelled.keys()))
        work.execute_many(_INSERT[name], [parameters(work, row, spelled) for row in rows])
        last, count = rows[-1].id, count + len(rows)


COLUMNS = [
    t.case.c[name]
    for name in (
        "id", "case_no", "item", "item_name", "agency", "acceptor_id", "applicant_id", "applicant_name", "agent_id",
        "agent_name", "project",
    )
]  # fmt: skip
