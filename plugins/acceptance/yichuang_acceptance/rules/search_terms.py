"""What cases are found by: the terms of a case, and what somebody who types a part of one means.

A case has terms; a part of the typed text finds it where one of its terms begins with that part. The terms of a name are
all its endings, so that any two neighbouring characters find it: of 苏日娜 these are 苏日娜, 日娜, 娜, in pinyin
surina, rina, na, and in initials srn, rn, n. Both databases keep terms in an inverted index that answers "begins with".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LONGEST = 16  # characters of a term; a longer part is looked for by its first and its last sixteen
MOST_PARTS = 6
MOST_NAME = 80  # characters of a name that count
REGION = 6  # digits before the day in a case number
NUMBER = 19
SHORTEST_DAY, SHORTEST_FULL = 6, 12  # digits from the day on, digits from the beginning
TAILS = (4, 5, 6, 7)  # how many last digits of a number are enough

# Kinds of terms that nobody can type: their first character is one of Unicode's private ones.
AGENCY, ACCEPTOR, ITEM, PERSON, FULL, DAY, TAIL = (chr(0xE000 + n) for n in range(7))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One way to find a case: a term of it, whole or by its beginning."""

    term: str
    begins: bool = False


def fold(text: str) -> str:
    """Letters, digits and characters only, in their plain form: full width, case and punctuation make no difference."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in plain if c.isalnum())


def parts_of(text: str) -> list[str]:
    """What was typed, part by part; a number may be typed in groups with dashes."""
    parts = (fold(part) for part in text.split())
    return [part for part in parts if part][:MOST_PARTS]


def endings(folded: str) -> set[str]:
    """All endings of a text, each cut to `LONGEST` characters."""
    text = folded[:MOST_NAME]
    return {text[i : i + LONGEST] for i in range(len(text))}


def name_terms(name: str, initials: str = "", pinyin: str = "") -> set[str]:
    """The terms of a name.

    Args:
        name: As it is written.
        initials: Its initials, one letter a character; several readings separated by `|`.
        pinyin: Its syllables separated by blanks; several readings separated by `|`.
    """
    terms = endings(fold(name))
    for reading in initials.split("|"):
        terms |= endings(fold(reading))
    for reading in pinyin.split("|"):
        syllables = [fold(syllable) for syllable in reading.split()][:MOST_NAME]
        terms |= {"".join(syllables[i : i + LONGEST])[:LONGEST] for i in range(len(syllables))}
    return terms - {""}


def number_terms(case_no: str) -> set[str]:
    """The terms of a case number: from its beginning, from its day on, as lists show it, and its last digits."""
    digits = fold(case_no.partition("-")[0])
    terms = {FULL + digits} | {TAIL + digits[-n:] for n in TAILS if len(digits) >= n}
    if len(digits) == NUMBER and digits.isdecimal():
        serial = digits[12:18]
        shown = f"{digits[REGION:12]}{int(serial):04d}"
        terms |= {DAY + digits[REGION:], DAY + shown, TAIL + serial, TAIL + shown[6:]}
    return terms


def wanted_of(part: str) -> list[Wanted]:
    """How a folded part of the typed text may be meant, besides items and identity numbers, which the tables know."""
    ways = [] if len(part) > LONGEST else [Wanted(part, begins=True)]
    if part.isdecimal():
        if len(part) >= SHORTEST_FULL:
            ways.append(Wanted(FULL + part, begins=True))
        if len(part) >= SHORTEST_DAY:
            ways.append(Wanted(DAY + part, begins=True))
        if len(part) in TAILS:
            ways.append(Wanted(TAIL + part))
    elif len(part) >= SHORTEST_FULL:
        ways.append(Wanted(FULL + part, begins=True))
    return ways


def long_halves(part: str) -> tuple[str, str] | None:
    """The beginning and the end by which a part longer than a term is looked for; None where it is not longer."""
    return None if len(part) <= LONGEST else (part[:LONGEST], part[-LONGEST:])


Alternatives = list[list[Wanted]]
"""Ways to find a part; of each way all terms must be there."""


def ways_of(part: str) -> Alternatives:
    """All ways in which a folded part may be meant, as alternatives of terms that must be there together."""
    ways = [[way] for way in wanted_of(part)]
    halves = long_halves(part)
    if halves is not None:
        ways.append([Wanted(half, begins=True) for half in halves])
    return ways


def sqlite_match(parts: Iterable[Alternatives]) -> str:
    """The parts, all of which must be found, in the words of SQLite's FTS5."""
    return " AND ".join(f"({_joined(part, _fts, ' OR ', ' AND ')})" for part in parts)


def postgresql_match(parts: Iterable[Alternatives]) -> str:
    """The parts, all of which must be found, as a tsquery of PostgreSQL."""
    return " & ".join(f"({_joined(part, _tsquery, ' | ', ' & ')})" for part in parts)


def _joined(part: Alternatives, write: Callable[[Wanted], str], either: str, both: str) -> str:
    return either.join(
        write(way[0]) if len(way) == 1 else f"({both.join(write(each) for each in way)})" for way in part
    )


def _fts(wanted: Wanted) -> str:
    return f'"{wanted.term}"*' if wanted.begins else f'"{wanted.term}"'


def _tsquery(wanted: Wanted) -> str:
    return f"'{wanted.term}':*" if wanted.begins else f"'{wanted.term}'"
