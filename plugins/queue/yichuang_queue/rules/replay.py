"""Runs a log of visits as events in the order of time, and says what a hall knew at each arrival. It never looks ahead.

A log has no desk states, so presence is inferred: a desk is *present* while it serves and for ten minutes after its
last act (clerks on a short break come back), and it serves the lines that it has served that day. A person who left
without the log saying when counts as gone once three who rank later were called.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from yichuang_queue.rules.estimate import RECENT_SERVICES, Situation, effective_desks, kinds_of, service_time
from yichuang_queue.rules.visits import Visit

ACTIVE_SECONDS = 600.0
OVERTAKEN = 3
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  # the log's times are without a zone

# Events of one second happen in this order.
_END, _CALL, _ARRIVE, _CALL_AT_ONCE, _END_AT_ONCE = range(5)


@dataclass
class LineTrace:
    """A line today, as the log has shown it so far. Times in seconds; `waiting` holds (rank, row), first in turn first."""

    waiting: list[tuple[float, int]] = field(default_factory=list)
    overtaken: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    services: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT_SERVICES))
    recent_sum: float = 0.0
    service_sum: float = 0.0
    service_count: int = 0
    waits: deque[tuple[float, float]] = field(
        default_factory=deque
    )  # (called at, waited), of the last half hour
    last_ten: deque[float] = field(default_factory=lambda: deque(maxlen=10))


@dataclass
class DeskTrace:
    """A desk today: the row it serves, since when (or its last act), the lines it has served."""

    row: int | None = None
    since: float = 0.0
    lines: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Arrival:
    """What was known when a row arrived.

    Attributes:
        row: Index of the visit.
        at: Seconds since the epoch of the log.
        situation: For our estimator; None where no desk is seen to serve the line.
        trace: The line, for the baselines; to be read before the replay goes on.
    """

    row: int
    at: float
    situation: Situation | None
    trace: LineTrace


@dataclass(frozen=True)
class Called:
    """A row was called, after so many seconds."""

    row: int
    waited: float


@dataclass(frozen=True)
class NewDay:
    """A day begins; whatever was learned may be used from here."""

    day: date


class Replay:
    """One pass through a log. `usual_service` may be set between days: line -> mean service of earlier days."""

    def __init__(self, visits: Sequence[Visit], credit_seconds: float) -> None:
        self.visits = visits
        self.credit = credit_seconds
        self.usual_service: dict[str, float] = {}
        self._seconds = [
            tuple(
                None if moment is None else (moment - _EPOCH).total_seconds()
                for moment in (visit.arrived, visit.started, visit.finished)
            )
            for visit in visits
        ]
        self._lines: dict[str, LineTrace] = {}
        self._desks: dict[str, DeskTrace] = {}

    def run(self) -> Iterator[NewDay | Arrival | Called]:
        """The happenings in the order of time."""
        today = None
        for at, kind, row in self._events():
            day = int(at // 86400)
            if day != today:
                today = day
                self._lines, self._desks = defaultdict(LineTrace), {}
                yield NewDay(date.fromordinal(_EPOCH.toordinal() + day))
            if kind == _ARRIVE:
                yield self._arrive(at, row)
                insort(self._lines[self.visits[row].line].waiting, (self._rank(row), row))
            elif kind in (_CALL, _CALL_AT_ONCE):
                yield self._call(at, row)
            else:
                self._end(at, row)

    def _events(self) -> list[tuple[float, int, int]]:
        events = []
        for row, (arrived, started, finished) in enumerate(self._seconds):
            assert arrived is not None
            events.append((arrived, _ARRIVE, row))
            if started is not None:
                events.append((started, _CALL_AT_ONCE if started == arrived else _CALL, row))
            if finished is not None:
                begun = arrived if started is None else started
                events.append((finished, _END_AT_ONCE if finished == begun else _END, row))
        return sorted(events)

    def _rank(self, row: int) -> float:
        return float(self._seconds[row][0] or 0.0) - self.credit * self.visits[row].priority

    def _end(self, at: float, row: int) -> None:
        visit = self.visits[row]
        line = self._lines[visit.line]
        started = self._seconds[row][1]
        if started is None:  # left without service
            _remove(line.waiting, (self._rank(row), row))
            return
        if len(line.services) == RECENT_SERVICES:
            line.recent_sum -= line.services[0]
        line.services.append(at - started)
        line.recent_sum += at - started
        line.service_sum += at - started
        line.service_count += 1
        desk = self._desks.setdefault(visit.desk, DeskTrace())
        desk.since = at
        if desk.row == row:
            desk.row = None

    def _call(self, at: float, row: int) -> Called:
        visit = self.visits[row]
        line = self._lines[visit.line]
        place = (self._rank(row), row)
        _remove(line.waiting, place)
        passed_over = bisect_left(line.waiting, place)
        for other in line.waiting[:passed_over]:
            line.overtaken[other[1]] += 1
        if passed_over:
            line.waiting = [other for other in line.waiting if line.overtaken.get(other[1], 0) < OVERTAKEN]
        desk = self._desks.setdefault(visit.desk, DeskTrace())
        desk.row, desk.since = row, at
        desk.lines.add(visit.line)
        waited = at - float(self._seconds[row][0] or 0.0)
        line.waits.append((at, waited))
        line.last_ten.append(waited)
        return Called(row, waited)

    def _arrive(self, at: float, row: int) -> Arrival:
        code = self.visits[row].line
        line = self._lines[code]
        rank = self._rank(row)
        ahead = bisect_left(line.waiting, (rank, row))
        while len(line.waits) > 1 and line.waits[0][0] < at - 1800:
            line.waits.popleft()
        head_wait = at - float(self._seconds[line.waiting[0][1]][0] or at) if line.waiting else 0.0
        situation = self._situation(at, row, ahead, head_wait)
        return Arrival(row, at, situation, line)

    def _situation(self, at: float, row: int, ahead: int, head_wait: float) -> Situation | None:
        code = self.visits[row].line
        line = self._lines[code]
        present = [desk for desk in self._desks.values() if self._is_present(at, desk)]
        able = [desk for desk in present if code in desk.lines]
        if not able:
            return None
        service = max(1.0, self._service(code))
        rank = (self._rank(row), row)
        work = {other: bisect_left(self._lines[other].waiting, rank) * self._service(other)
                for other in list(self._lines)}  # fmt: skip
        work[code] = (ahead + 1) * service
        serving = [at - desk.since for desk in able if desk.row is not None]
        return Situation(
            line=code,
            ahead=ahead,
            desks=effective_desks(code, work, kinds_of(desk.lines for desk in present)),
            present=len(able),
            free=len(able) - len(serving),
            service=service,
            elapsed=sum(serving) / len(serving) if serving else 0.0,
            head_wait=head_wait,
            last_wait=line.last_ten[-1] if line.last_ten else None,
            priority=self.visits[row].priority,
            minute=int(at % 86400 // 60),
        )

    def _service(self, code: str) -> float:
        line = self._lines[code]
        return service_time(len(line.services), line.recent_sum, self.usual_service.get(code))

    def _is_present(self, at: float, desk: DeskTrace) -> bool:
        since = desk.since
        if desk.row is not None:
            if self._seconds[desk.row][2] is not None:
                return True
            since += self._service(self.visits[desk.row].line)  # no end in the log: the usual time
        return at - since < ACTIVE_SECONDS


def _remove(waiting: list[tuple[float, int]], place: tuple[float, int]) -> None:
    index = bisect_left(waiting, place)
    if index < len(waiting) and waiting[index] == place:
        del waiting[index]
