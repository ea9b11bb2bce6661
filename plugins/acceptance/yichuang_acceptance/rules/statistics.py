"""Figures of decisions: mean, middle and nine tenths of the working days they took, promises kept, trips made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_BY_DAY = 62  # longer spans are shown by months


@dataclass(frozen=True)
class Durations:
    """How long decisions took, in working days; None where nothing was decided."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


def durations(days: Mapping[int, int]) -> Durations:
    """The figures of a histogram: how many decisions took how many working days."""
    count = sum(days.values())
    if not count:
        return Durations(0, None, None, None)
    mean = sum(value * n for value, n in days.items()) / count
    return Durations(count, mean, quantile(days, 0.5), quantile(days, 0.9))


def quantile(days: Mapping[int, int], share: float) -> float | None:
    """The value below which so large a share lies, between neighbours in proportion; as of a sorted list of all values."""
    count = sum(days.values())
    if not count:
        return None
    place = share * (count - 1)
    low = int(place)
    below, above = _nth(days, low), _nth(days, min(low + 1, count - 1))
    return below + (above - below) * (place - low)


def _nth(days: Mapping[int, int], n: int) -> int:
    passed = 0
    for value in sorted(days):
        passed += days[value]
        if passed > n:
            return value
    raise IndexError(n)


@dataclass(frozen=True)
class Figures:
    """The figures of an agency, or of all.

    Attributes:
        states: How many cases are in which state now, of those that have not ended.
        received: In the span.
        decided: Of the span's decisions.
        kept: Share of the decisions that had a promised day and kept it; None where none had one.
        trips: Mean number of days on which somebody came to the window, of the cases handed out in the span.
    """

    states: dict[str, int]
    received: int
    decided: Durations
    kept: float | None
    trips: float | None


@dataclass
class Counted:
    """What the database counted for an agency; adds up."""

    states: Counter[str]
    received: int
    days: Counter[int]
    kept: Counter[bool]
    trips: Counter[int]

    @classmethod
    def nothing(cls) -> Counted:
        """Noughts."""
        return cls(Counter(), 0, Counter(), Counter(), Counter())

    def add(self, other: Counted) -> None:
        """Count another agency in."""
        self.states += other.states
        self.received += other.received
        self.days += other.days
        self.kept += other.kept
        self.trips += other.trips

    def figures(self) -> Figures:
        """The figures of what was counted."""
        promised, handed = sum(self.kept.values()), sum(self.trips.values())
        return Figures(
            dict(self.states), self.received, durations(self.days),
            self.kept[True] / promised if promised else None,
            sum(n * value for value, n in self.trips.items()) / handed if handed else None,
        )  # fmt: skip


def total_of(each: Iterable[Counted]) -> Counted:
    """All of them together."""
    total = Counted.nothing()
    for counted in each:
        total.add(counted)
    return total


def periods(first: date, last: date) -> list[tuple[str, date, date]]:
    """The days of a span, or its months where it is long: (label, first day, day after the last)."""
    if (last - first).days < LONGEST_BY_DAY:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [(f"{day:%m-%d}", day, day + timedelta(days=1)) for day in days]
    found = []
    begin = first
    while begin <= last:
        end = min((begin.replace(day=1) + timedelta(days=32)).replace(day=1), last + timedelta(days=1))
        found.append((f"{begin:%Y-%m}", begin, end))
        begin = end
    return found
