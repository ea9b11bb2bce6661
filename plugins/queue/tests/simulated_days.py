"""Simulated days of a hall (discrete events, seeded): the ground truth that the wait estimator is tested against.

People come by a Poisson process with a morning and an afternoon peak; service times are log-normal and differ by line
and by clerk; desks open, close, go for lunch and take breaks; a desk serves one or several lines and takes whoever has
waited longest with the time credit of priority people; some leave before they are called.
"""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

FIRST_DAY = datetime(2026, 3, 2)


@dataclass(frozen=True)
class Line:
    """A line: people a day, service time (seconds, standard deviation of its logarithm)."""

    name: str
    people: float
    service: float
    spread: float = 0.8


@dataclass(frozen=True)
class Desk:
    """A desk: its lines, the hours it is open, and how fast its clerk is (1 = the line's mean)."""

    name: str
    lines: str
    hours: tuple[tuple[float, float], ...]
    speed: float = 1.0


@dataclass(frozen=True)
class Hall:
    """What a simulated day is made of: patience in mean seconds, credit in seconds.

    With `leaving_seen` the log says when somebody left (in `finished`), as telephone queues do.
    """

    lines: tuple[Line, ...]
    desks: tuple[Desk, ...]
    patience: float = 5400.0
    priority_share: float = 0.08
    credit: float = 900.0
    leaving_seen: bool = False
    opens: float = 9.0
    closes: float = 17.0


WHOLE = ((9.0, 17.5),)
LUNCH_EARLY = ((9.0, 11.6), (12.4, 17.5))
LUNCH_LATE = ((9.0, 12.4), (13.2, 17.5))
MORNING = ((9.0, 12.0),)
PEAK = ((9.5, 11.8), (14.0, 16.5))

# Three lines, nine desks, of which four serve two lines or all.
HALL = Hall(
    lines=(Line("A", 300, 280, 0.75), Line("B", 120, 620, 0.9), Line("C", 90, 420, 0.6)),
    desks=(
        Desk("1", "A", LUNCH_EARLY, 0.9),
        Desk("2", "A", LUNCH_LATE, 1.1),
        Desk("3", "A", PEAK),
        Desk("4", "B", LUNCH_EARLY, 1.05),
        Desk("5", "B", LUNCH_LATE, 0.95),
        Desk("6", "BC", WHOLE),
        Desk("7", "AC", LUNCH_LATE, 1.15),
        Desk("8", "ABC", PEAK, 0.9),
        Desk("9", "C", MORNING),
    ),
)
# One line before a pool of equal desks, as in a bank: the case for which the simple formula was made.
POOL = Hall(
    lines=(Line("A", 800, 200, 1.0),),
    desks=tuple(
        Desk(str(n), "A", hours)
        for n, hours in enumerate(
            (LUNCH_EARLY, LUNCH_LATE, WHOLE, LUNCH_EARLY, LUNCH_LATE, PEAK, PEAK, MORNING)
        )
    ),
    patience=1200.0,
    credit=90.0,
    priority_share=0.25,
    leaving_seen=True,
)

# People in each half hour from 9:00, relative: morning peak, lunch dip, smaller afternoon peak.
_LOAD = (0.9, 1.3, 1.6, 1.7, 1.4, 1.0, 0.7, 0.5, 0.6, 0.9, 1.2, 1.4, 1.2, 0.9, 0.6, 0.3)


@dataclass
class _Ticket:
    line: Line
    priority: bool
    arrived: float
    rank: float
    leaves: float
    started: float | None = None
    finished: float | None = None
    desk: str = ""


def simulate(hall: Hall, days: int, seed: int) -> list[dict[str, str]]:
    """The log of some working days, in the columns that `evaluate` reads."""
    dice = random.Random(seed)
    rows: list[dict[str, str]] = []
    for day in range(days):
        midnight = FIRST_DAY + timedelta(days=day)
        rows += [_row(ticket, midnight, hall.leaving_seen) for ticket in _day(hall, dice)]
    return rows


def _row(ticket: _Ticket, midnight: datetime, leaving_seen: bool) -> dict[str, str]:
    def moment(seconds: float | None) -> str:
        return "" if seconds is None else (midnight + timedelta(seconds=int(seconds))).isoformat()

    ended = ticket.leaves if leaving_seen and ticket.started is None else ticket.finished
    return {
        "line": ticket.line.name,
        "priority": "elderly" if ticket.priority else "none",
        "arrived": moment(ticket.arrived),
        "started": moment(ticket.started),
        "finished": moment(ended),
        "desk": ticket.desk,
    }


def _arrivals(hall: Hall, dice: random.Random) -> list[_Ticket]:
    busy_day = dice.uniform(0.85, 1.15)
    tickets = []
    for line in hall.lines:
        rate = line.people * busy_day / (len(_LOAD) * 1800)
        at = hall.opens * 3600
        while (at := at + dice.expovariate(rate * max(_LOAD))) < hall.closes * 3600:
            if dice.random() * max(_LOAD) > _LOAD[min(int((at - hall.opens * 3600) // 1800), len(_LOAD) - 1)]:
                continue
            priority = dice.random() < hall.priority_share
            leaves = at + dice.expovariate(1 / hall.patience)
            tickets.append(_Ticket(line, priority, at, at - hall.credit * priority, leaves))
    return sorted(tickets, key=lambda ticket: ticket.arrived)


def _day(hall: Hall, dice: random.Random) -> list[_Ticket]:
    tickets = _arrivals(hall, dice)
    pace = {line.name: dice.uniform(0.9, 1.1) for line in hall.lines}
    order = count()
    events: list[tuple[float, int, str, object]] = []
    for ticket in tickets:
        heapq.heappush(events, (ticket.arrived, next(order), "arrive", ticket))
    shift = {}
    for desk in hall.desks:
        shift[desk.name] = _presence(desk, dice)
        for begin, _ in shift[desk.name]:
            heapq.heappush(events, (begin, next(order), "free", desk))
    waiting: dict[str, list[tuple[float, int, _Ticket]]] = {line.name: [] for line in hall.lines}
    idle: dict[str, Desk] = {}
    while events:
        now, _, what, subject = heapq.heappop(events)
        if isinstance(subject, _Ticket):
            heapq.heappush(waiting[subject.line.name], (subject.rank, next(order), subject))
            able = [desk for desk in idle.values() if subject.line.name in desk.lines]
            able = [desk for desk in able if _open(shift[desk.name], now)]
            desks = able[:1]
        else:
            assert isinstance(subject, Desk), what
            idle.pop(subject.name, None)
            desks = [subject] if _open(shift[subject.name], now) else []
        for desk in desks:
            ticket = _next(desk, waiting, now)
            if ticket is None:
                idle[desk.name] = desk
                continue
            idle.pop(desk.name, None)
            ticket.started, ticket.desk = now, desk.name
            mean = ticket.line.service * pace[ticket.line.name] * desk.speed
            spread = ticket.line.spread
            ticket.finished = now + dice.lognormvariate(math.log(mean) - spread * spread / 2, spread)
            heapq.heappush(events, (ticket.finished + dice.uniform(3, 15), next(order), "free", desk))
    return tickets


def _presence(desk: Desk, dice: random.Random) -> list[tuple[float, float]]:
    """When a desk is open today: its hours, some minutes more or less, less two short breaks; sometimes not at all."""
    spans = []
    for first, last in desk.hours:
        if dice.random() < 0.06:
            continue
        begin, end = first * 3600 + dice.uniform(-300, 600), last * 3600 + dice.uniform(-900, 900)
        if end - begin > 7200:
            pause = dice.uniform(begin + 1800, end - 2700)
            spans += [(begin, pause), (pause + dice.uniform(300, 900), end)]
        else:
            spans.append((begin, end))
    return spans


def _open(spans: list[tuple[float, float]], now: float) -> bool:
    return any(begin <= now < end for begin, end in spans)


def _next(desk: Desk, waiting: dict[str, list[tuple[float, int, _Ticket]]], now: float) -> _Ticket | None:
    for name in desk.lines:
        while waiting[name] and waiting[name][0][2].leaves < now:
            heapq.heappop(waiting[name])
    heads = [waiting[name] for name in desk.lines if waiting[name]]
    return heapq.heappop(min(heads))[2] if heads else None
