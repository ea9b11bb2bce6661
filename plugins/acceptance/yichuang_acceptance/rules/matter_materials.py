"""One matter at once: what its items ask for as one list without repetitions, and one paper fanned out to all of them.

An item asks only for what its own list names (行政许可法 art. 31), so the merged list is exactly their union: nothing that no
item asks for, each paper once. The same paper is one with the same code in the hall's dictionary of materials, or with the
same name. An item's own application form is never another item's, though the dictionary calls both 申请表: such bare names
stay apart and say for which item they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yichuang_acceptance.rules.intake import Given, Handed

STRICTNESS = {"optional": 0, "tolerant": 1, "required": 2}
_OWN_FORM = re.compile(
    r"(申请|申报|登记|备案|开户|变更|注销)*(申请|申报|登记|备案|开户)(表|书)|(告知)?承诺书"
)
_BLANKS = re.compile(r"[\s《》“”\"'·]+")


@dataclass(frozen=True)
class Wanted:
    """A material as one item asks for it."""

    position: int
    code: str
    name: str
    need: str  # required | tolerant | optional
    original: bool
    replaceable: bool
    licence_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """A material as the whole matter asks for it, once.

    Attributes:
        position: In the merged list, from 1.
        need: The strictest of any item.
        original: Some item asks for the original.
        copies: How many items are content with a copy.
        replaceable: A licence may stand for it in every item; one item that wants the paper makes it be brought.
        licence_types: Those that every item takes; empty: none is named.
        wanted_by: Which material of which item it is: position of the item to position in the item's own list.
    """

    position: int
    code: str
    name: str
    need: str
    original: bool
    copies: int
    replaceable: bool
    licence_types: tuple[str, ...]
    wanted_by: Mapping[int, int]


def same_name(name: str) -> str:
    """A name as it is compared: full and half width, brackets and blanks make no difference."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def is_own_form(wanted: Wanted) -> bool:
    """Whether a material is an item's own form under a name that says nothing of the item.

    Where the catalogue lists nothing for an item, its written application has no code; the matter's one application will do.
    """
    return bool(wanted.code) and _OWN_FORM.fullmatch(same_name(wanted.name)) is not None


def merge(lists: Mapping[int, Sequence[Wanted]], names: Mapping[int, str]) -> list[Merged]:
    """The one list of a matter, in the order in which papers are first asked for.

    An item that asks twice for what looks like one paper keeps both: its own list is the law's.

    Args:
        lists: Materials of each item, by the item's position.
        names: What the items are called.
    """
    groups: list[dict[int, Wanted]] = []
    for item, materials in lists.items():
        for wanted in materials:
            fitting = [
                group for group in groups
                if item not in group and any(_is_same(wanted, other) for other in group.values())
            ]  # fmt: skip
            if not fitting:
                groups.append({item: wanted})
                continue
            fitting[0][item] = wanted
            for other in fitting[1:]:  # this one shows that they are all the same paper
                if not fitting[0].keys() & other.keys():
                    fitting[0].update(other)
                    groups.remove(other)
    merged = [_merged(number, group) for number, group in enumerate(groups, 1)]
    often = Counter(same_name(m.name) for m in merged)
    return [
        replace(m, name=f"{m.name}（{'、'.join(names[n] for n in m.wanted_by)}）")
        if often[same_name(m.name)] > 1
        else m
        for m in merged
    ]


def _is_same(one: Wanted, other: Wanted) -> bool:
    if is_own_form(one) or is_own_form(other):
        return False
    if one.code and one.code == other.code:
        return True
    return same_name(one.name) == same_name(other.name)


def _merged(position: int, group: Mapping[int, Wanted]) -> Merged:
    wanted = list(group.values())
    named = [set(w.licence_types) for w in wanted if w.licence_types]
    common = set.intersection(*named) if named else set()
    replaceable = all(w.replaceable for w in wanted) and (not named or bool(common))
    return Merged(
        position, wanted[0].code, wanted[0].name, max((w.need for w in wanted), key=STRICTNESS.__getitem__),
        any(w.original for w in wanted), sum(not w.original for w in wanted), replaceable,
        tuple(t for t in wanted[0].licence_types if t in common) if replaceable else (),
        {item: w.position for item, w in group.items()},
    )  # fmt: skip


def fan_out(
    merged: Sequence[Merged], lists: Mapping[int, Sequence[Wanted]], handed: Mapping[int, Handed]
) -> dict[int, dict[int, Handed]]:
    """What each item gets of what was handed in once: item position to its own list's position to what was given.

    Originals go into the file of the first item that asks for the original; the others get the scanned pages and a copy that
    the window makes. A promise for later counts only where an item may wait for the paper.

    Args:
        merged: As `merge` gave it.
        lists: What it was made of.
        handed: What was given, by position in the merged list.
    """
    needs = {(item, w.position): w for item, materials in lists.items() for w in materials}
    given: dict[int, dict[int, Handed]] = {item: {} for item in lists}
    for paper in merged:
        hand = handed.get(paper.position)
        if hand is None or hand.given is Given.NOT_GIVEN:
            continue
        keeps_original = next(
            (i for i, p in paper.wanted_by.items() if needs[i, p].original), next(iter(paper.wanted_by))
        )
        for item, position in paper.wanted_by.items():
            share = _share(
                hand,
                position,
                needs[item, position],
                first=item == keeps_original,
                alone=len(paper.wanted_by) == 1,
            )
            if share is not None:
                given[item][position] = share
    return given


def _share(hand: Handed, position: int, wanted: Wanted, *, first: bool, alone: bool) -> Handed | None:
    if hand.given is Given.TOLERATED:
        return Handed(position, Given.TOLERATED) if wanted.need == "tolerant" else None
    if hand.given is Given.LICENCE:
        return Handed(position, Given.LICENCE, licence=hand.licence)
    if hand.originals + hand.copies < 1:
        return Handed(position, Given.PAPER, 0, 0, hand.pages)  # told as a defect, like in a single case
    originals = hand.originals if first else 0
    copies = hand.copies if alone else int(not originals)
    return Handed(position, Given.PAPER, originals, copies, hand.pages)
