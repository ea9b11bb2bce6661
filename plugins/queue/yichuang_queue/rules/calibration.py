"""Learns from finished days how long waits really were: weights of the terms, interval, staff by half hour."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from operator import mul

from yichuang_queue.rules.estimate import (
    CROWDS,
    DEFAULT,
    SLOT_MINUTES,
    SLOTS,
    Calibration,
    Observation,
    Weights,
    crowd,
    point_of,
    terms,
)

# Below this the default stays: a handful of tickets teaches nothing.
FEWEST = 50
# The fit looks at so many tickets at most: enough for eight weights, and a fraction of a second.
FITTED = 2000
LATEST = 2500  # the interval looks at the latest so many
FEWEST_OF_A_CROWD = 60
FEWEST_OF_A_SLOT = 3
ROUNDS = 10
SWEEPS = 30
# Errors below this many seconds count alike: nobody notices them, and the fit needs a floor.
FLOOR_SECONDS = 5.0
STAY = 0.05  # how strongly the weights stay at the default: a little, for the first days and for terms that say the same
INTERVAL = 0.8


def calibrate(history: Sequence[Observation]) -> Calibration:
    """What finished days teach; the default where there are fewer than 50 usable tickets.

    Give it the tickets of about the last twenty days, oldest first. Those called in the same second are left out: the
    estimate is for people who have to wait. The answer depends on the history alone.
    """
    usable = [
        seen for seen in history
        if seen.waited > 0 and seen.situation.desks > 0 and seen.situation.service > 0
    ]  # fmt: skip
    if len(usable) < FEWEST:
        return DEFAULT
    half = len(usable) // 2
    halves = usable[:half], usable[half:]
    unseen = [(seen, _fit(other)) for other, seen in (halves, halves[::-1])]
    return replace(_fit(usable), errors=_errors(unseen))


def _fit(history: Sequence[Observation]) -> Calibration:
    """All but the interval."""
    about = Calibration(staff=_staff(history), usual_service=_usual_service(history), tickets=len(history))
    sample = history if len(history) <= FITTED else random.Random(FITTED).sample(history, FITTED)  # noqa: S311 - a sample, no secret
    rows = [terms(seen.situation, about) for seen in sample]
    weights = least_absolute(rows, [seen.waited for seen in sample], DEFAULT.weights.values())
    return replace(about, weights=Weights(*weights))


def least_absolute(
    rows: Sequence[Sequence[float]], targets: Sequence[float], start: Sequence[float]
) -> list[float]:
    """Non-negative weights w that make the sum of |target - row·w| small.

    Iteratively reweighted least squares (Schlossmacher, JASA 68:857, 1973), each step solved by coordinate descent.
    """
    size = len(start)
    columns = [list(map(float, column)) for column in zip(*rows, strict=True)]
    weights = list(start)
    for _ in range(ROUNDS):
        trust = [
            1.0 / max(FLOOR_SECONDS, abs(target - sum(map(mul, row, weights))))
            for row, target in zip(rows, targets, strict=True)
        ]
        square = [[0.0] * size for _ in range(size)]
        right = [0.0] * size
        for i in range(size):
            scaled = list(map(mul, trust, columns[i]))
            for j in range(i, size):
                square[i][j] = square[j][i] = sum(map(mul, scaled, columns[j]))
            right[i] = sum(map(mul, scaled, targets)) + STAY * square[i][i] * start[i]
            square[i][i] = square[i][i] * (1 + STAY) + 1e-9
        for _ in range(SWEEPS):
            for i in range(size):
                others = sum(map(mul, square[i], weights)) - square[i][i] * weights[i]
                weights[i] = max(0.0, (right[i] - others) / square[i][i])
    return weights


def _staff(history: Sequence[Observation]) -> dict[str, tuple[float, ...]]:
    """Line -> mean desks present in each half hour, 0 where fewer than three tickets tell."""
    seen: dict[str, list[list[int]]] = {}
    for observation in history:
        situation = observation.situation
        slots = seen.setdefault(situation.line, [[] for _ in range(SLOTS)])
        slots[situation.minute // SLOT_MINUTES].append(situation.present)
    return {
        line: tuple(sum(slot) / len(slot) if len(slot) >= FEWEST_OF_A_SLOT else 0.0 for slot in slots)
        for line, slots in seen.items()
    }


def _usual_service(history: Sequence[Observation]) -> dict[str, float]:
    times: dict[str, list[float]] = defaultdict(list)
    for observation in history:
        if observation.served is not None:
            times[observation.situation.line].append(observation.served)
    return {line: sum(seconds) / len(seconds) for line, seconds in times.items()}


def _errors(parts: Sequence[tuple[Sequence[Observation], Calibration]]) -> tuple[tuple[float, float], ...]:
    """Deciles of (waited - point) ÷ spread for each crowd, of tickets that the fit beside them has not seen.

    A fit knows its own tickets too well, their interval would be too narrow. A small crowd borrows from its neighbours.
    """
    by_crowd: list[list[float]] = [[] for _ in CROWDS]
    for history, fitted in parts:
        for observation in history[-LATEST:]:
            values = terms(observation.situation, fitted)
            error = observation.waited - point_of(values, fitted.weights)
            by_crowd[crowd(observation.situation)].append(error / values[1])
    return tuple(_deciles(_with_neighbours(by_crowd, index)) for index in range(len(CROWDS)))


def _with_neighbours(by_crowd: Sequence[Sequence[float]], index: int) -> list[float]:
    """The errors of a crowd, sorted; where they are few, with those of the crowds next to it, and so on."""
    for reach in range(len(by_crowd)):
        found = [error for errors in by_crowd[max(0, index - reach) : index + reach + 1] for error in errors]
        if len(found) >= FEWEST_OF_A_CROWD:
            break
    return sorted(found)


def _deciles(errors: Sequence[float]) -> tuple[float, float]:
    """The split-conformal pair of order statistics: outside it lies a tenth on either side (n + 1 in place of n)."""
    tail = (1 - INTERVAL) / 2
    count = len(errors)
    low = max(0, int(tail * (count + 1)) - 1)
    return errors[low], errors[count - 1 - low]
