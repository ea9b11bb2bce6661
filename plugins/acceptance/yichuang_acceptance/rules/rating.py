"""The five official levels of 好差评, what may be said with each, and what a bad one asks for.

国办发〔2019〕51号; GB/T 39734-2020, appendix A. Level 1 is the best one, so stars run the other way: the level is kept, the
stars are shown. A rating is voluntary, nothing is preselected, and one that time set by default says nothing about
satisfaction: it is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from yichuang.api import LazyText
from yichuang_acceptance.words import words

L = words.lazy
CONTACT_DAYS, FIX_DAYS, LONGEST_FIX_DAYS, DEFAULT_DAYS = 1, 5, 15, 5
"""Working days: to call the applicant back, to put it right, the same with the one extension, to a default rating."""


class Level(IntEnum):
    """How satisfied, by the national code."""

    VERY_GOOD = 1
    GOOD = 2
    FAIR = 3
    BAD = 4
    VERY_BAD = 5

    @property
    def is_bad(self) -> bool:
        """Whether it must be followed up (差评)."""
        return self >= Level.BAD

    @property
    def stars(self) -> int:
        """Stars as citizens know them, five for the best."""
        return 6 - self


LEVEL_NAMES: dict[Level, LazyText] = {
    Level.VERY_GOOD: L("very satisfied"),
    Level.GOOD: L("satisfied"),
    Level.FAIR: L("basically satisfied"),
    Level.BAD: L("dissatisfied"),
    Level.VERY_BAD: L("very dissatisfied"),
}
PRAISE: dict[str, LazyText] = {
    "told_once": L("everything told at once"),
    "few_materials": L("few materials"),
    "quick": L("quick"),
    "friendly": L("friendly service"),
    "easy": L("easy steps"),
    "place": L("place and guidance"),
}
FAULTS: dict[str, LazyText] = {
    "not_told": L("not told everything at once"),
    "many_materials": L("too many materials"),
    "slow": L("slow"),
    "unfriendly": L("unfriendly service"),
    "complicated": L("complicated steps"),
    "many_trips": L("came too many times"),
}


def tags_of(level: Level) -> dict[str, LazyText]:
    """What may be ticked with a level, by code: what was good with the good ones, what was not with the bad ones."""
    return FAULTS if level.is_bad else PRAISE


@dataclass(frozen=True)
class Rated:
    """Ratings of one kind, counted.

    Attributes:
        level: None where nobody rated although it was asked.
        is_default: Set by time.
        not_counted: Found to be malicious or mistaken, so that it counts for nothing.
        called_back: The applicant was called back about it.
        put_right: It was put right, or explained where the wish has no ground in law.
    """

    level: Level | None
    number: int
    is_default: bool = False
    not_counted: bool = False
    called_back: bool = False
    put_right: bool = False


@dataclass(frozen=True)
class Repeated:
    """Somebody who was rated badly more than once.

    Attributes:
        staff: The name.
        number: Of bad ratings that count.
    """

    staff: str
    number: int


@dataclass(frozen=True)
class RatingFigures:
    """What ratings say (domain 1.10).

    Attributes:
        asked: Services that could be rated.
        rated: Of them, by people and counted.
        levels: Those, by level.
        good: Share of levels 1 to 3 (好评率); None where nobody rated.
        active: Share of people who rated by themselves (主动评价率); None where nobody was asked.
        defaults: Ratings that time set.
        bad: Bad ratings that count.
        put_right: Share of them that was put right or explained (差评整改率); None where there is none.
        called_back: Share of them whose applicants were called back (回访率); likewise.
        repeated: Whom several of them concern, for those who see to it; the most first.
    """

    asked: int
    rated: int
    levels: dict[int, int]
    good: float | None
    active: float | None
    defaults: int
    bad: int = 0
    put_right: float | None = None
    called_back: float | None = None
    repeated: tuple[Repeated, ...] = ()


def figures(ratings: Iterable[Rated]) -> RatingFigures:
    """The figures of counted ratings; defaults and what does not count are in no share of satisfaction."""
    levels = dict.fromkeys((int(level) for level in Level), 0)
    asked = defaults = active = put_right = called_back = 0
    for each in ratings:
        asked += each.number
        if each.level is None:
            continue
        if each.is_default:
            defaults += each.number
            continue
        active += each.number
        if not each.not_counted:
            levels[int(each.level)] += each.number
            put_right += each.number * (each.level.is_bad and each.put_right)
            called_back += each.number * (each.level.is_bad and each.called_back)
    rated = sum(levels.values())
    bad = sum(levels[level] for level in Level if level.is_bad)
    return RatingFigures(
        asked, rated, levels, _share(rated - bad, rated), _share(active, asked), defaults,
        bad, _share(put_right, bad), _share(called_back, bad),
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
