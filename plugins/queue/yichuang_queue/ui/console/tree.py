"""The kiosk's tree as a list in order: a node stands behind its group, brothers in the order of the kiosk. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def depth(rows: Sequence[Any], code: str) -> int:
    """How many groups a node stands in."""
    parents = {row.code: row.parent for row in rows}
    steps = 0
    while parents.get(code) and steps < len(rows):
        code, steps = parents[code], steps + 1
    return steps


def within(rows: Sequence[Any], code: str) -> list[Any]:
    """A node and all that stands in it, in order."""
    inside, found = {code}, []
    for row in rows:
        if row.code == code or row.parent in inside:
            inside.add(row.code)
            found.append(row)
    return found


def put(rows: Sequence[Any], changed: Any, old_code: str = "") -> list[Any]:
    """The tree with a node in place of the one of `old_code`, or added as the last of its group.

    A node that changed its group moves there with all that stands in it; groups always stand before what is in them.
    """
    if not old_code:
        return ordered([*rows, changed])
    renamed = [
        row.model_copy(update={"parent": changed.code}) if row.parent == old_code else row for row in rows
    ]
    return ordered([changed if row.code == old_code else row for row in renamed])


def without(rows: Sequence[Any], code: str) -> list[Any]:
    """The tree without a node and what stands in it."""
    gone = {row.code for row in within(rows, code)}
    return [row for row in rows if row.code not in gone]


def moved(rows: Sequence[Any], code: str, step: int) -> list[Any]:
    """The tree with a node one place up (-1) or down (1) among its brothers."""
    node = next(row for row in rows if row.code == code)
    brothers = [row.code for row in rows if row.parent == node.parent]
    at = brothers.index(code)
    if not 0 <= at + step < len(brothers):
        return list(rows)
    brothers[at], brothers[at + step] = brothers[at + step], brothers[at]
    place = {each: number for number, each in enumerate(brothers)}
    family = iter(sorted((row for row in rows if row.code in place), key=lambda row: place[row.code]))
    return ordered([next(family) if row.code in place else row for row in rows])


def ordered(rows: Sequence[Any]) -> list[Any]:
    """Depth first; brothers keep their order. A node in itself, which no tree can hold, is left out."""
    children: dict[str, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)

    def walk(code: str) -> list[Any]:
        return [each for row in children.get(code, ()) for each in (row, *walk(row.code))]

    return walk("")
