"""How long somebody will wait: a point and an 80 % interval from what a hall knows when the ticket is issued.

The base is the queue-length form QL, (people ahead + 1) × service time ÷ desks (Ibrahim and Whitt, M&SOM 11:397, 2009),
with three things measured instead of assumed: the service time of late, the desks that are present now (a desk of
several lines counts by where its work is), and how many desks are usually there in the half hours to come (lunch, end
of the day). The point is a sum of non-negative terms, so it never falls when more people are ahead; the weights of the
terms and the width of the interval are learned from finished days (`calibration.calibrate`). Weights make the mean
absolute error small, that is, the point is a median: half of the people wait less.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

DEFAULT_SERVICE_SECONDS = 480.0
# How many services of earlier days weigh as much as those of today; few while nothing is known but the default.
USUAL_WEIGHT, DEFAULT_WEIGHT = 100.0, 3.0
RECENT_SERVICES = 200
SLOT_MINUTES = 30
SLOTS = 24 * 60 // SLOT_MINUTES
SHARING_ROUNDS = 8
# Staff of a coming half hour against now: never trusted beyond this.
LEAST_STAFF, MOST_STAFF = 0.3, 3.0
MINIMUM_DESKS = 0.3


@dataclass(frozen=True)
class Situation:
    """What is known about a line when a ticket is issued in it. Times in seconds.

    Attributes:
        line: The line's code.
        ahead: People who wait in the line and rank before the ticket (its time credit included).
        desks: Open, non-paused desks that serve the line, as `effective_desks` counts them.
        present: The same desks, each counted whole.
        free: How many of them serve nobody now.
        service: Service time, as `service_time` gives it.
        elapsed: Mean time for which the tickets at these desks are being served already; 0 where none is.
        head_wait: How long the first in turn of the line has waited (HOL); 0 where nobody waits.
        last_wait: How long the one called last had waited (LES); None before the first call of the day.
        priority: Whether the ticket has a time credit (then few overtake it).
        minute: Minute of the day in the hall's time, 0 to 1439.
    """

    line: str
    ahead: int
    desks: float
    present: int
    free: int
    service: float
    elapsed: float
    head_wait: float
    last_wait: float | None
    priority: bool
    minute: int

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values, to be kept with the event of issue."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}  # `asdict` copies deeply

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Situation:
        """The reverse of `to_json`; keys that are not known are left out."""
        return cls(**{key.name: data[key.name] for key in fields(cls)})


@dataclass(frozen=True)
class Observation:
    """A ticket that was called: what was known when it was issued, and what came of it (seconds).

    Attributes:
        served: Its service time; None where it has none (not finished, passed).
    """

    situation: Situation
    waited: float
    served: float | None = None


@dataclass(frozen=True)
class Estimate:
    """Seconds until the call, 0 <= low <= seconds <= high; four of five people wait between low and high."""

    seconds: float
    low: float
    high: float


@dataclass(frozen=True)
class Weights:
    """How much each term of the point counts; all >= 0. The terms are explained in `terms`."""

    whole: float = 0.45
    spread: float = 0.1
    head: float = 0.06
    last: float = 0.08
    overtaken: float = 0.16
    busy: float = 0.02
    elapsed: float = 0.08
    service: float = 0.3

    def values(self) -> tuple[float, ...]:
        """In the order of `terms`."""
        return (
            self.whole, self.spread, self.head, self.last, self.overtaken, self.busy, self.elapsed, self.service,
        )  # fmt: skip


# Upper bounds of people ahead per desk: crowds of one bound share their interval.
CROWDS = (0.25, 0.75, 1.5, 3.0, 6.0, math.inf)
# Error ÷ spread below which one in ten, and above which one in ten lies; per crowd. From simulated halls.
DEFAULT_ERRORS = ((-1.1, 1.0), (-1.0, 1.4), (-0.9, 1.6), (-0.9, 1.8), (-1.1, 1.6), (-1.4, 1.4))


@dataclass(frozen=True)
class Calibration:
    """What finished days taught; the default serves the first day.

    Attributes:
        weights: Of the terms.
        errors: For each of `CROWDS`: the lower and the upper decile of (waited - point) ÷ spread.
        staff: Line -> mean number of desks present in each half hour of the day; 0 where unknown.
        usual_service: Line -> mean service time in seconds.
        tickets: How many tickets it was learned from.
    """

    weights: Weights = Weights()
    errors: tuple[tuple[float, float], ...] = DEFAULT_ERRORS
    staff: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    usual_service: Mapping[str, float] = field(default_factory=dict)
    tickets: int = 0

    def to_json(self) -> dict[str, Any]:
        """As JSON-able values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        """The reverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError: It is not one.
        """
        errors = tuple((float(low), float(high)) for low, high in data["errors"])
        if len(errors) != len(CROWDS):
            raise ValueError("errors: one pair for each crowd")
        return cls(
            weights=Weights(**data["weights"]),
            errors=errors,
            staff={line: tuple(map(float, desks)) for line, desks in data["staff"].items()},
            usual_service={line: float(mean) for line, mean in data["usual_service"].items()},
            tickets=int(data["tickets"]),
        )


DEFAULT = Calibration()


def service_time(count: int, total: float, usual: float | None) -> float:
    """Service time of a line now, in seconds: that of today, drawn towards the usual one while few were served.

    Args:
        count: How many services of the line ended today; of a long day the latest 200 (`RECENT_SERVICES`).
        total: Their seconds.
        usual: Mean of earlier days (`Calibration.usual_service`), None where there are none.
    """
    if usual is None:
        return (DEFAULT_WEIGHT * DEFAULT_SERVICE_SECONDS + total) / (DEFAULT_WEIGHT + count)
    return (USUAL_WEIGHT * usual + total) / (USUAL_WEIGHT + count)


def kinds_of(desks: Iterable[Collection[str]]) -> Counter[frozenset[str]]:
    """How many desks serve the same lines; desks of the same lines share alike."""
    return Counter(map(frozenset, desks))


def effective_desks(line: str, work: Mapping[str, float], desks: Mapping[frozenset[str], int]) -> float:
    """How many desks work for a line, a desk of several lines counted by its share.

    Desks that take whoever has waited longest empty their lines at about the same time. So each desk's share goes to
    its lines by their work, again and again in proportion to the time in which each line would be empty.

    Args:
        line: The line asked for.
        work: Line -> seconds of service that rank before the ticket, its own included; lines without work may lack.
        desks: The present desks, counted by `kinds_of`.

    Returns:
        From 0 (no desk serves the line) to the number of desks that serve it.
    """
    rivals = {code: seconds for code, seconds in work.items() if seconds > 0 or code == line}
    kinds: Counter[frozenset[str]] = Counter()
    for lines, count in desks.items():
        if found := lines & rivals.keys():
            kinds[frozenset(found)] += count
    if all(kind == {line} for kind in kinds if line in kind):
        return float(kinds[frozenset({line})])
    if len(kinds) == 1:  # desks that are all alike: their first shares are their last
        ((kind, count),) = kinds.items()
        wanted = {code: max(rivals[code], 1.0) for code in kind}
        return count * wanted[line] / sum(wanted.values())
    shares = [(count, dict.fromkeys(kind, 1.0 / len(kind))) for kind, count in kinds.items()]
    for _ in range(SHARING_ROUNDS):
        working = dict.fromkeys(rivals, 0.0)
        for count, share in shares:
            for code in share:
                working[code] += count * share[code]
        for _count, share in shares:
            for code in share:
                share[code] *= max(rivals[code], 1.0) / max(working[code], 1e-9)
            total = sum(share.values())
            for code in share:
                share[code] /= total
    return sum(count * share.get(line, 0.0) for count, share in shares)


def through_staff(seconds: float, minute: int, staff: Sequence[float]) -> float:
    """How long work of so many seconds at today's strength takes, with the staff of the half hours to come.

    Grows with `seconds`. Half hours without a figure count like now.
    """
    now = staff[minute // SLOT_MINUTES] if staff else 0.0
    if now <= 0:
        return seconds
    passed, left = 0.0, seconds
    for slot in range(minute // SLOT_MINUTES, SLOTS):
        usual = staff[slot]
        strength = min(MOST_STAFF, max(LEAST_STAFF, usual / now)) if usual > 0 else 1.0
        span = 60.0 * (SLOT_MINUTES - minute % SLOT_MINUTES if passed == 0 else SLOT_MINUTES)
        if left <= span * strength:
            return passed + left / strength
        left -= span * strength
        passed += span
    return passed + left


def terms(situation: Situation, calibration: Calibration) -> tuple[float, ...]:
    """The terms of the point in seconds, each >= 0 and none falling with people ahead, in the order of `Weights`."""
    staff = calibration.staff.get(situation.line, ())
    pace = situation.service / max(MINIMUM_DESKS, situation.desks)
    places = max(0, situation.ahead) + 1
    whole = through_staff(places * pace, situation.minute, staff)
    last = whole if situation.last_wait is None else situation.last_wait
    return (
        whole,  # QL
        through_staff(
            math.sqrt(places) * pace, situation.minute, staff
        ),  # grows slower: some of a long line leave
        max(0.0, situation.head_wait),  # HOL
        max(0.0, last),  # LES
        0.0 if situation.priority else whole,  # people with a credit who come later go before
        0.0 if situation.free else whole,
        pace * min(2.0, max(0.0, situation.elapsed) / situation.service),  # long services tend to last on
        situation.service / 10,
    )


def estimate(situation: Situation, calibration: Calibration = DEFAULT) -> Estimate | None:
    """The predicted wait; None where no desk serves the line or its service time is not known."""
    if not (situation.desks > 0 and situation.service > 0):
        return None
    parts = terms(situation, calibration)
    point = point_of(parts, calibration.weights)
    low, high = calibration.errors[crowd(situation)]
    return Estimate(point, max(0.0, point + min(0.0, low) * parts[1]), point + max(0.0, high) * parts[1])


def point_of(parts: Sequence[float], weights: Weights) -> float:
    """The weighted sum of the `terms`."""
    return float(sum(map(operator.mul, weights.values(), parts)))


def crowd(situation: Situation) -> int:
    """Which of `CROWDS`: the people ahead for each desk."""
    load = situation.ahead / max(MINIMUM_DESKS, situation.desks)
    return next(index for index, bound in enumerate(CROWDS) if load <= bound)
