"""A policy tried on a day that has been: the same people, desks and service times, called by other rules.

The day is played again event by event. Everybody comes when they came, takes as long as they took, and every desk is open
when it was; only who is called next follows the policy. So two policies differ by their rules alone.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import fmean

from yichuang_queue.rules.policy import Head, Policy, choose
from yichuang_queue.rules.statistics import Service, quantile
from yichuang_queue.rules.tickets import Priority, rank_moment

NO_SHOW_SECONDS = 60.0
"""How long a desk waits for somebody who does not come, where the day does not tell."""


@dataclass(frozen=True)
class Arrival:
    """Somebody who joined a line.

    Attributes:
        due: When an appointment begins.
        seconds: How long a desk was busy with it.
    """

    ticket_id: int
    at: datetime
    line: str
    priority: Priority
    seconds: float
    due: datetime | None = None


@dataclass(frozen=True)
class Shift:
    """A desk that was open from then till then for these lines."""

    desk: str
    lines: tuple[str, ...]
    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Waited:
    """How long somebody waited in the play; None for whoever was never called."""

    arrival: Arrival
    seconds: float | None
    desk: str = ""
    helped: bool = False


def arrivals(services: Iterable[Service], due: Mapping[int, datetime]) -> list[Arrival]:
    """The people of a day out of its services; each joining of a line counts for itself.

    Args:
        services: See `rules.statistics.read`; calls that are still open are left out.
        due: Begin of the appointment of those tickets that had one.
    """
    found = []
    for service in services:
        if service.ended is None:
            continue
        busy = (service.ended - service.called).total_seconds() or NO_SHOW_SECONDS
        found.append(
            Arrival(
                service.ticket_id,
                service.queued,
                service.line,
                Priority(service.priority),
                busy,
                due.get(service.ticket_id),
            )
        )
    return sorted(found, key=lambda each: (each.at, each.ticket_id))


def shifts(desk_events: Iterable[tuple[datetime, str, str, Sequence[str]]], until: datetime) -> list[Shift]:
    """When desks were open, out of their events (moment, desk, state, lines) in order.

    Args:
        desk_events: Of one day.
        until: The end of whatever is still open.
    """
    opened: dict[str, tuple[datetime, tuple[str, ...]]] = {}
    found = []
    for at, desk, state, lines in desk_events:
        if desk in opened:
            begin, served = opened.pop(desk)
            found.append(Shift(desk, served, begin, at))
        if state == "open":
            opened[desk] = (at, tuple(lines))
    found += [Shift(desk, lines, begin, until) for desk, (begin, lines) in opened.items()]
    return [shift for shift in found if shift.end > shift.begin]


def play(
    people: Sequence[Arrival], open_: Sequence[Shift], policy_of: Callable[[str], Policy], hall: Policy
) -> list[Waited]:
    """Play a day.

    Args:
        people: Who came, in the order of their coming.
        open_: When which desk was open.
        policy_of: The policy of a desk.
        hall: The hall's policy, whose credits order the lines.
    """
    day = _Day(hall, policy_of)
    for each in people:
        day.at(each.at, partial(day.join, each))
    for shift in open_:
        day.at(shift.begin, partial(day.open, shift))
        day.at(shift.end, partial(day.close, shift))
    day.run()
    return day.result()


class _Day:
    """The play: a heap of moments, lines as heaps of ranks, desks that are free."""

    def __init__(self, hall: Policy, policy_of: Callable[[str], Policy]) -> None:
        self.hall = hall
        self.policy_of = policy_of
        self.now = datetime.min.replace(tzinfo=UTC)
        self.lines: dict[str, list[tuple[datetime, int, Arrival]]] = defaultdict(list)
        self.due: list[tuple[datetime, int, Arrival]] = []
        self.free: dict[str, Shift] = {}
        self.open_now: dict[str, Shift] = {}
        self.busy: set[str] = set()
        self.called: set[int] = set()
        self.waited: list[Waited] = []
        self._key = itertools.count()
        self._moments: list[tuple[datetime, int, Callable[[], None]]] = []
        self._of: dict[int, Arrival] = {}

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._moments, (moment, next(self._key), act))

    def run(self) -> None:
        while self._moments:
            self.now, _key, act = heapq.heappop(self._moments)
            act()
            if not self._moments or self._moments[0][0] > self.now:
                self.call_all()

    def join(self, each: Arrival) -> None:
        key = next(self._key)
        self._of[key] = each
        rank = rank_moment(each.at, self.hall.credit(each.priority))
        heapq.heappush(self.lines[each.line], (rank, key, each))
        if each.due is not None:
            heapq.heappush(self.due, (each.due, key, each))
            self.at(max(self.now, each.due - timedelta(minutes=30)), lambda: None)

    def open(self, shift: Shift) -> None:
        self.open_now[shift.desk] = shift
        if shift.desk not in self.busy:
            self.free[shift.desk] = shift

    def close(self, shift: Shift) -> None:
        if self.open_now.get(shift.desk) is shift:
            del self.open_now[shift.desk]
            self.free.pop(shift.desk, None)

    def call_all(self) -> None:
        for desk in sorted(self.free):
            self._call(self.free[desk])

    def _call(self, shift: Shift) -> None:
        policy = self.policy_of(shift.desk)
        heads = self._heads(shift, policy)
        chosen = choose(policy, heads, self.now)
        if chosen is None:
            if policy.helped:
                self._look_again(policy)
            return
        each = self._of[chosen.head.ticket_id]
        self.called.add(chosen.head.ticket_id)
        seconds = (self.now - each.at).total_seconds()
        self.waited.append(Waited(each, seconds, shift.desk, not chosen.head.own))
        del self.free[shift.desk]
        self.busy.add(shift.desk)
        self.at(self.now + timedelta(seconds=each.seconds), lambda: self._freed(shift))

    def _freed(self, shift: Shift) -> None:
        """A desk that was closed meanwhile finished whoever stood there and stays closed."""
        self.busy.discard(shift.desk)
        now = self.open_now.get(shift.desk)
        if now is not None:
            self.free[shift.desk] = now

    def _look_again(self, policy: Policy) -> None:
        """Somebody in a helped line will have waited long enough some time: come back then."""
        for rule in policy.rules:
            for line in rule.lines if rule.minutes else ():
                head = self._head(line)
                when = head and head[0] + timedelta(minutes=rule.minutes, microseconds=1)
                if when and when > self.now:
                    self.at(when, lambda: None)

    def _head(self, line: str) -> tuple[datetime, int, Arrival] | None:
        heap = self.lines[line]
        while heap and heap[0][1] in self.called:
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _heads(self, shift: Shift, policy: Policy) -> list[Head]:
        found = {}
        for line in {*shift.lines, *policy.helped}:
            head = self._head(line)
            if head is not None:
                rank, key, each = head
                found[key] = Head(key, line, rank, line in shift.lines, each.due, self._waiting(line, policy))
        while self.due and self.due[0][1] in self.called:
            heapq.heappop(self.due)
        limit = self.now + policy.due_within
        for due, key, each in self.due:
            if due <= limit and key not in self.called and each.line in shift.lines:
                rank = rank_moment(each.at, self.hall.credit(each.priority))
                found[key] = Head(key, each.line, rank, True, due, self._waiting(each.line, policy))
        return list(found.values())

    def _waiting(self, line: str, policy: Policy) -> int:
        """How many wait in a line; some of its heap may have been called for their appointments."""
        return sum(key not in self.called for _, key, _ in self.lines[line]) if policy.counts_waiting else 1

    def result(self) -> list[Waited]:
        never = [Waited(each, None) for key, each in self._of.items() if key not in self.called]
        return [*self.waited, *never]


@dataclass(frozen=True)
class Effect:
    """The waits of a group of people under one policy, in seconds.

    Attributes:
        never: How many were never called.
        helped: How many were called by desks that do not serve their line.
    """

    people: int
    mean: float
    p90: float
    longest: float
    never: int
    helped: int


def effect(waited: Sequence[Waited]) -> Effect:
    """The waits of a group of people."""
    times = sorted(each.seconds for each in waited if each.seconds is not None)
    return Effect(
        len(waited), fmean(times) if times else 0.0, quantile(times, 0.9) or 0.0, times[-1] if times else 0.0,
        len(waited) - len(times), sum(each.helped for each in waited),
    )  # fmt: skip


def by_line(waited: Sequence[Waited]) -> dict[str, Effect]:
    """The effect in each line."""
    lines = sorted({each.arrival.line for each in waited})
    return {line: effect([each for each in waited if each.arrival.line == line]) for line in lines}


def by_priority(waited: Sequence[Waited]) -> dict[str, Effect]:
    """The effect on each kind of people."""
    kinds = sorted({str(each.arrival.priority) for each in waited})
    return {kind: effect([each for each in waited if each.arrival.priority == kind]) for kind in kinds}
