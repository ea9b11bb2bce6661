"""Which version of a service item holds on which day: never two at once. Pure rules over days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

__all__ = ["Term", "entered", "holding"]

L = words.lazy
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """The days a version holds, both ends included.

    Attributes:
        version: From 1.
        first: Its first day; None: since ever (the version that the hall was loaded with).
        last: Its last day; None: until another version follows.
    """

    version: int
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the version holds on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def holding(terms: Iterable[Term], day: date) -> int | None:
    """The version that holds on a day, None where none does."""
    return next((term.version for term in terms if term.holds(day)), None)


def entered(terms: Iterable[Term], new: Term) -> tuple[Term, ...]:
    """The terms with a new one: an earlier term that is open ends the day before; everything else must be free.

    Raises:
        UserError: TERM_BACKWARDS where it ends before it begins; VERSIONS_OVERLAP where another version holds then.
    """
    if new.first is not None and new.last is not None and new.last < new.first:
        raise UserError(
            "TERM_BACKWARDS",
            L("The last day {last} is before the first day {first}.", first=new.first, last=new.last),
            do=L("Correct the days."),
        )
    kept = []
    for old in terms:
        if _overlap(old, new):
            if old.last is not None or new.first is None or not (old.first is None or old.first < new.first):
                raise UserError(
                    "VERSIONS_OVERLAP",
                    L("Version {version} holds already from {first} to {last}.", version=old.version,
                      first=old.first or "…", last=old.last or "…"),
                    do=L("Choose days on which no other version holds."),
                )  # fmt: skip
            kept.append(replace(old, last=new.first - DAY))
        else:
            kept.append(old)
    return tuple(sorted((*kept, new), key=lambda term: term.first or date.min))


def _overlap(one: Term, two: Term) -> bool:
    return _begins_by(one, two.last) and _begins_by(two, one.last)


def _begins_by(term: Term, day: date | None) -> bool:
    return day is None or term.first is None or term.first <= day
