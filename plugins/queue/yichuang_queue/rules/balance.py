"""Which desk should help which line, for how long, and what it would do to the waits of both.

The wait of a new ticket is proportional to (people waiting + 1) × service time ÷ desks that work for the line, the form
under the estimator (`estimate`, Ibrahim and Whitt, M&SOM 11:397, 2009); a desk of several lines counts by its share
(`effective_desks`). The predicted wait on the screen is changed as that form changes. Desks keep their own lines and get
one more, so nothing is taken away from anybody who is served now.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from yichuang_queue.rules.estimate import effective_desks, kinds_of

GIVING_MARGIN = 0.9
"""A line that gives stays below this share of its target."""
MOST_TROUBLED = 3
"""So many lines are tried, the worst first; a hall with more in trouble has no desks to move."""


@dataclass(frozen=True, slots=True)
class LineLoad:
    """A line and its work.

    Attributes:
        waiting: People.
        service: Seconds of one service.
        predicted: Wait of a new ticket in seconds; None where no desk serves the line.
        target: The wait that the hall promises, in seconds.
    """

    code: str
    waiting: int
    service: float
    predicted: float | None
    target: float


@dataclass(frozen=True, slots=True)
class DeskLoad:
    """An open desk.

    Attributes:
        lines: What it serves now.
        skills: What its person can serve; None for everything.
        free: Whether it serves nobody at this moment.
        settled: Whether it may be moved: it was not moved lately and is not lent.
    """

    code: str
    lines: tuple[str, ...]
    skills: frozenset[str] | None = None
    free: bool = False
    settled: bool = True

    def could_serve(self, line: str) -> bool:
        """Whether its person can serve a line that the desk does not serve."""
        return line not in self.lines and (self.skills is None or line in self.skills)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a suggestion goes.

    Attributes:
        desks: Most desks that are moved at once.
        gain_seconds: Least improvement that is worth a person's trouble.
        least_minutes, most_minutes: For how long.
    """

    desks: int = 2
    gain_seconds: float = 120.0
    least_minutes: int = 20
    most_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """The predicted wait of a line in seconds; before is None where no desk serves it yet."""

    line: str
    before: float | None
    after: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Let these desks serve this line too, for so many minutes.

    Attributes:
        helped: What it does to the line.
        giving: What it does to every other line whose wait grows.
        able: All desks that could help, the best first, for who wants to choose otherwise.
    """

    line: str
    desks: tuple[str, ...]
    minutes: int
    helped: Effect
    giving: tuple[Effect, ...]
    able: tuple[str, ...] = ()


def suggest(
    lines: Sequence[LineLoad],
    desks: Sequence[DeskLoad],
    limits: Limits = Limits(),
    ignored: Collection[str] = (),
) -> Suggestion | None:
    """The one move that helps most, None where none is needed or possible.

    The line is the one furthest beyond its target. Desks join it one at a time, each time the one that helps most, until
    the line is within its target or the limit of desks is reached. A desk joins only where its person has the skill, no
    other line comes to more than nine tenths of its target by it, and the sum of all waits (by people) falls.
    """
    model = Model(lines, desks)
    troubled = [
        line
        for line in lines
        if line.waiting
        and line.code not in ignored
        and (line.predicted is None or line.predicted > line.target)
    ]
    for line in sorted(troubled, key=_trouble, reverse=True)[:MOST_TROUBLED]:
        found = _help(model, line, desks, limits)
        if found is not None:
            return found
    return None


def _trouble(line: LineLoad) -> tuple[float, int]:
    return (math.inf if line.predicted is None else line.predicted / line.target, line.waiting)


class Model:
    """What the waits of all lines would be with other desks than now."""

    def __init__(self, lines: Sequence[LineLoad], desks: Sequence[DeskLoad]) -> None:
        self.lines = lines
        self._forms = self.forms(desks)
        self.now = self.waits(self._forms)

    def forms(self, desks: Sequence[DeskLoad]) -> dict[str, float]:
        """Of every line, (people waiting + 1) × service time ÷ desks that work for it; infinite without one."""
        work = {line.code: line.waiting * line.service for line in self.lines}
        served = kinds_of(desk.lines for desk in desks)
        found = {}
        for line in self.lines:
            seconds = (line.waiting + 1) * line.service
            working = effective_desks(line.code, {**work, line.code: seconds}, served)
            found[line.code] = seconds / working if working > 0 else math.inf
        return found

    def waits(self, forms: Mapping[str, float]) -> dict[str, float]:
        """The predicted wait of every line in seconds, by its form then and now; infinite where no desk serves it.

        A wait that shrinks does so in proportion; one that grows does so by as much as its form, for a line where nobody
        waits now may be predicted no wait at all.
        """
        found = {}
        for line in self.lines:
            then, now = forms[line.code], self._forms[line.code]
            if line.predicted is None or math.isinf(now) or math.isinf(then):
                found[line.code] = then
            elif then > now:
                found[line.code] = line.predicted + then - now
            else:
                found[line.code] = line.predicted * then / now
        return found

    def total(self, waits: Mapping[str, float]) -> tuple[int, float]:
        """Lines whose people nobody serves, and the seconds of waiting of all others, each at the wait of their line."""
        counted = [line.waiting * waits[line.code] for line in self.lines if line.waiting]
        return sum(map(math.isinf, counted)), sum(filter(math.isfinite, counted))

    def bearable(self, helped: str, waits: Mapping[str, float]) -> bool:
        """Whether no line but the one that is helped comes near its target by it."""
        return all(
            line.code == helped
            or waits[line.code] <= self.now[line.code] + 1
            or waits[line.code] <= GIVING_MARGIN * line.target
            for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class _Option:
    """A desk that could join, and the waits of all lines then."""

    desk: DeskLoad
    waits: dict[str, float]


def _options(
    model: Model, line: str, desks: Sequence[DeskLoad], before: Mapping[str, float]
) -> list[_Option]:
    """The desks whose joining a line is bearable and lessens all waiting; the best first, a free one before a busy one."""
    alike: dict[tuple[str, ...], dict[str, float] | None] = {}  # desks of the same lines have the same effect
    found = []
    for at, desk in enumerate(desks):
        if not (desk.settled and desk.could_serve(line)):
            continue
        if desk.lines not in alike:
            then = [*desks[:at], _with(desk, line), *desks[at + 1 :]]
            waits = model.waits(model.forms(then))
            good = model.bearable(line, waits) and model.total(waits) < model.total(before)
            alike[desk.lines] = waits if good else None
        known = alike[desk.lines]
        if known is not None:
            found.append(_Option(desk, known))
    return sorted(found, key=lambda each: (round(each.waits[line]), not each.desk.free, each.desk.code))


def _with(desk: DeskLoad, line: str) -> DeskLoad:
    return replace(desk, lines=(*desk.lines, line), settled=False)


def _help(model: Model, line: LineLoad, desks: Sequence[DeskLoad], limits: Limits) -> Suggestion | None:
    now, waits = list(desks), model.now
    chosen: list[str] = []
    able: tuple[str, ...] = ()
    while len(chosen) < limits.desks and (not chosen or waits[line.code] > line.target):
        options = _options(model, line.code, now, waits)
        if not options:
            break
        best = options[0]
        able = able or tuple(each.desk.code for each in options)
        now[now.index(best.desk)] = _with(best.desk, line.code)
        chosen.append(best.desk.code)
        waits = best.waits
    after = waits[line.code]
    if not chosen or (line.predicted is not None and line.predicted - after < limits.gain_seconds):
        return None
    worse = tuple(
        Effect(each.code, each.predicted, waits[each.code])
        for each in model.lines
        if each.code != line.code and waits[each.code] > model.now[each.code] + 1
    )
    minutes = min(limits.most_minutes, max(limits.least_minutes, math.ceil(after / 600) * 10))
    return Suggestion(
        line.code, tuple(chosen), minutes, Effect(line.code, line.predicted, after), worse, able
    )
