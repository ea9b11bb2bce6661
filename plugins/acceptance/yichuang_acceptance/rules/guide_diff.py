"""How two guides differ, element by element and row by row, so that the differences make one out of the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yichuang_acceptance.rules.guide import Guide, Row, key_of
from yichuang_acceptance.rules.guide_fields import BY_NAME, LISTS

What = Literal["added", "removed", "changed", "order"]


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        what: added or removed (a row, or an element's value), changed (one value), order (the rows of a list).
        place: `elements`, or the name of a list.
        key: Which row of the list; empty for an element or for the order.
        column: Which field; empty for a whole row.
        old: Value before: text, a row, or the keys in their order; None where there was none.
        new: Value after, likewise.
    """

    what: What
    place: str
    key: str
    column: str
    old: Any
    new: Any


def differences(old: Guide, new: Guide) -> list[Change]:
    """Everything that makes `new` out of `old`, in the order of the guide's parts."""
    found = list(_values("elements", "", BY_NAME, old.elements, new.elements))
    for name in LISTS:
        found += _rows(name, old.rows(name), new.rows(name))
    return found


def _values(place: str, key: str, columns: Iterable[str], old: Row, new: Row) -> Iterable[Change]:
    for column in columns:
        before, after = old.get(column), new.get(column)
        if before != after:
            what: What = (
                "changed"
                if before is not None and after is not None
                else "added"
                if before is None
                else "removed"
            )
            yield Change(what, place, key, column, before, after)


def _rows(name: str, old: Sequence[Row], new: Sequence[Row]) -> Iterable[Change]:
    before = {key_of(name, row): row for row in old}
    after = {key_of(name, row): row for row in new}
    columns = [each.name for each in LISTS[name]]
    for key, row in before.items():
        if key not in after:
            yield Change("removed", name, key, "", dict(row), None)
        else:
            yield from _values(name, key, columns, row, after[key])
    for key, row in after.items():
        if key not in before:
            yield Change("added", name, key, "", None, dict(row))
    kept = [key for key in before if key in after] + [key for key in after if key not in before]
    if kept != list(after):
        yield Change("order", name, "", "", kept, list(after))


def applied(guide: Guide, changes: Iterable[Change]) -> Guide:
    """The guide that the differences make out of this one."""
    elements = dict(guide.elements)
    lists = {name: {key_of(name, row): dict(row) for row in guide.rows(name)} for name in LISTS}
    for change in changes:
        if change.place == "elements":
            _put(elements, change)
        elif change.what == "order":
            lists[change.place] = {key: lists[change.place][key] for key in change.new}
        elif change.column:
            _put(lists[change.place][change.key], change)
        elif change.new is None:
            del lists[change.place][change.key]
        else:
            lists[change.place][change.key] = dict(change.new)
    return Guide(elements, {name: tuple(rows.values()) for name, rows in lists.items() if rows})


def _put(values: dict[str, str], change: Change) -> None:
    if change.new is None:
        del values[change.column]
    else:
        values[change.column] = change.new


def counts(changes: Iterable[Change]) -> Mapping[str, int]:
    """How many differences of each kind there are."""
    found = dict.fromkeys(("added", "removed", "changed", "order"), 0)
    for change in changes:
        found[change.what] += 1
    return found
