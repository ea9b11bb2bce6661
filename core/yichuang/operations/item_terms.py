"""Versions of service items in the tables: publishing one from a day on, and what became of an item.

For operations of whoever keeps the catalogue; they check permission and agency themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from yichuang.hall.errors import UserError
from yichuang.hall.terms import Term, entered, holding
from yichuang.hall.words import core as words
from yichuang.operations.work import Read, Work
from yichuang.storage import hall_tables as t
from yichuang.storage.prepared import prepare

if TYPE_CHECKING:
    from yichuang.hall.model import ItemVersion
    from yichuang.hall.pinyin import PinyinForm

L = words.lazy
IN_USE, SUSPENDED, CANCELLED = "1", "2", "3"
_TERMS = prepare(
    select(t.item_term).where(t.item_term.c.item == bindparam("item")).order_by(t.item_term.c.version)
)
_STATE = prepare(
    select(t.item_state.c.state)
    .where(t.item_state.c.item == bindparam("item"), t.item_state.c.first_day <= bindparam("day"))
    .order_by(t.item_state.c.first_day.desc(), t.item_state.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Names:
    """What a version is called and found by."""

    name: str
    aliases: Sequence[str]
    spelled: PinyinForm

    def columns(self) -> dict[str, Any]:
        """As the tables keep them."""
        spelled = {"initials": self.spelled.initials, "pinyin": self.spelled.pinyin}
        return {"name": self.name, "aliases": list(self.aliases), **spelled}


def terms_of(read: Read, item: str) -> list[Term]:
    """The terms of an item's published versions; none for an item with the one version it was loaded with."""
    return [Term(row.version, row.first_day, row.last_day) for row in read.all(_TERMS, item=item)]


def version_on(read: Read, row: Any, day: date) -> int | None:
    """The version of an item (a row of the table) that holds on a day, None where none does."""
    terms = terms_of(read, row.code)
    return holding(terms, day) if terms else int(row.current_version)


def state_on(read: Read, item: str, day: date) -> str:
    """What an item is on a day: 1 in use, 2 suspended, 3 cancelled."""
    return str(read.scalar(_STATE, item=item, day=day) or IN_USE)


def lock_item(work: Work, code: str) -> Any:
    """The row of an item, kept from everybody else until the transaction ends; None where there is none."""
    work.execute(update(t.item).where(t.item.c.code == code).values(current_version=t.item.c.current_version))
    return work.one(select(t.item).where(t.item.c.code == code))


def enter_term(work: Work, row: Any, new: Term, names: Names) -> None:
    """Let a version hold; the one before it ends the day before. `row` is the item's, locked.

    Raises:
        UserError: TERM_BACKWARDS, VERSIONS_OVERLAP.
    """
    there = terms_of(work, row.code)
    before = there or _loaded_term(work, row, new.version)
    kept = {term.version for term in there}
    for term in entered(before, new):
        if term.version in kept:
            work.execute(
                update(t.item_term)
                .where(t.item_term.c.item == row.code, t.item_term.c.version == term.version)
                .values(first_day=term.first, last_day=term.last)
            )
            continue
        values = (
            names.columns()
            if term.version == new.version
            else {"name": row.name, "aliases": row.aliases, "initials": row.initials, "pinyin": row.pinyin}
        )  # fmt: skip
        work.execute(
            insert(t.item_term).values(
                item=row.code, version=term.version, first_day=term.first, last_day=term.last, **values
            )
        )


def _loaded_term(work: Work, row: Any, new: int) -> list[Term]:
    """The term of the version that the hall's files brought, if there is one besides the new one."""
    newest = work.scalar(
        select(func.max(t.item_version.c.version)).where(
            t.item_version.c.item == row.code, t.item_version.c.version != new
        )
    )
    return [] if newest is None else [Term(int(newest))]


def publish_version(work: Work, version: ItemVersion, first: date, last: date | None, names: Names) -> None:
    """Enter a version that can never be changed again, from a day on.

    Args:
        work: The transaction; permission and agency are checked already.
        version: What the hall's desks read; its materials stand in the dictionary.
        first: Its first day.
        last: Its last day, None until another version follows.
        names: What it is called and found by.

    Raises:
        UserError: UNKNOWN_ITEM, VERSION_TAKEN, TERM_BACKWARDS, VERSIONS_OVERLAP.
    """
    from yichuang.operations.hall_data import material_rows, unknown_item, version_row

    row = lock_item(work, version.item)
    if row is None:
        raise unknown_item(version.item)
    taken = select(t.item_version.c.id).where(
        t.item_version.c.item == version.item, t.item_version.c.version == version.version
    )
    if work.one(taken) is not None:
        raise UserError(
            "VERSION_TAKEN",
            L("A file has brought a version {n} of this item in the meantime.", n=version.version),
            do=L("Drop this draft and begin a new one from that version."),
        )
    work.execute(insert(t.item_version).values(**version_row(version)))
    work.execute_many(insert(t.item_material), material_rows(version))
    enter_term(work, row, Term(version.version, first, last), names)
    changes: dict[str, Any] = {"current_version": version.version, "active": True}
    if first <= work.today:  # lists that read the item itself show its name of today
        changes |= names.columns()
    work.execute(update(t.item).where(t.item.c.code == version.item).values(**changes))


def set_item_state(work: Work, code: str, state: str, first: date, reason: str) -> None:
    """Suspend, cancel or take up an item from a day on; a cancelled one stays so.

    Raises:
        UserError: UNKNOWN_ITEM, ITEM_CANCELLED, STATE_SAME, STATE_LATER.
    """
    from yichuang.operations.hall_data import unknown_item

    if lock_item(work, code) is None:
        raise unknown_item(code)
    newest = work.one(
        select(t.item_state)
        .where(t.item_state.c.item == code)
        .order_by(t.item_state.c.first_day.desc(), t.item_state.c.id.desc())
        .limit(1)
    )
    now = newest.state if newest is not None else IN_USE
    if now == CANCELLED:
        raise UserError(
            "ITEM_CANCELLED", L("The item is cancelled for good."), do=L("Enter a new item instead.")
        )
    if now == state:
        raise UserError("STATE_SAME", L("The item is in this state already."))
    if newest is not None and first < newest.first_day:
        raise UserError(
            "STATE_LATER",
            L("Its state changes on {day} already.", day=newest.first_day),
            do=L("Choose that day or a later one."),
        )
    work.insert(
        t.item_state, item=code, first_day=first, state=state, reason=reason, staff_name=work.actor.name, at=work.now,
    )  # fmt: skip


def on_day(day: Any) -> Any:
    """The condition that a term holds on a day."""
    first, last = t.item_term.c.first_day, t.item_term.c.last_day
    return or_(first.is_(None), first <= day) & or_(last.is_(None), last >= day)
