"""Searching in the ledgers, which no index of words covers: every word stands in one of their columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yichuang.api import and_, func, or_

_SHORT = re.compile(r"(\d{6})-(\d{1,6})(-\d{2})?")
"""How lists show a case number: day and serial, of an item of a matter with its own number."""


def containing(
    text: str, number: Any, *columns: Any, also: Callable[[str], list[Any]] = lambda _word: []
) -> list[Any]:
    """The conditions of rows in which each word of a text stands; none for an empty one.

    Args:
        text: Words that a person typed, divided by blanks; taken as they are written, with no wildcards.
        number: The column of case numbers, whose short form is found as well.
        columns: Other columns of text.
        also: Other conditions under which a word counts as found.
    """
    return [
        or_(
            *_numbered(word, number), *(each.contains(word, autoescape=True) for each in columns), *also(word)
        )
        for word in text.split()
    ]


def _numbered(word: str, number: Any) -> list[Any]:
    found = [number.contains(word, autoescape=True)]
    short = _SHORT.fullmatch(word)
    if short is not None:
        day, serial, part = short.groups()
        same = func.substr(number, 7, 12) == f"{day}{int(serial):06d}"
        found.append(and_(same, number.endswith(part)) if part else same)
    return found
