"""How long somebody will wait: what the estimator needs, read from the tables; what finished days taught it.

Counting who waits is exact at every question. What changes slowly (open desks, times of services, the calibration) is
read once in a few seconds in each process, so that giving out a number stays cheap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from yichuang.api import HALL_ZONE, Read, Work, bindparam, func, prepare, select
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import MOST_LINES
from yichuang_queue.operations.statistics import events_of
from yichuang_queue.rules.calibration import calibrate
from yichuang_queue.rules.estimate import (
    DEFAULT,
    DEFAULT_SERVICE_SECONDS,
    Calibration,
    Estimate,
    Observation,
    Situation,
    effective_desks,
    estimate,
    kinds_of,
    service_time,
)
from yichuang_queue.rules.statistics import read as services_of
from yichuang_queue.rules.tickets import Act

FRESH_SECONDS = 3.0
MOST_RECENT = 1000
RECENT_OF_LINE = 200
LEARNED_DAYS = 20
WHOLE_HALL = ""  # the calibration's line: one is learned for all lines together
_c = t.ticket.c
# Counted line by line from the index of those who wait; the rows themselves are not read.
_BEFORE = (
    select(func.count())
    .where(_c.day == bindparam("day"), _c.line == t.line.c.code, t.in_line, _c.rank_at <= bindparam("rank"))
    .correlate(t.line)
    .scalar_subquery()
)
_WAITING = prepare(select(t.line.c.code.label("line"), _BEFORE.label("n")))
_FIRST = prepare(
    select(_c.queued_at)
    .where(_c.day == bindparam("day"), _c.line == bindparam("line"), t.in_line)
    .order_by(_c.rank_at, _c.id)
    .limit(1)
)
_OPEN = prepare(select(t.desk.c.code, t.desk.c.lines).where(t.desk.c.state == "open"))
_CALLED = prepare(
    select(_c.line, _c.state, _c.desk, _c.queued_at, _c.called_at, _c.ended_at)
    .where(_c.day == bindparam("day"), _c.called_at.is_not(None), t.at_desk | (_c.state == "done"))
    .order_by(_c.called_at.desc())
    .limit(MOST_RECENT)
)
_MEAN = prepare(
    select(_c.arrived_at, _c.ended_at)
    .where(_c.day == bindparam("day"), _c.line == bindparam("line"), _c.state == "done")
    .order_by(_c.id.desc())
    .limit(50)
)
_NEWEST = prepare(select(t.calibration.c.data).order_by(t.calibration.c.day.desc()).limit(1))
FEWEST_SERVICES = 5
Seconds = tuple[int | None, int | None, int | None]


def in_seconds(wait: Estimate | None) -> Seconds:
    """A wait and the two ends of its interval in whole seconds; three times None where nothing can be said."""
    return (None, None, None) if wait is None else (round(wait.seconds), round(wait.low), round(wait.high))


@dataclass(frozen=True)
class Promise:
    """What can be said of a ticket's wait.

    Attributes:
        ahead: How many rank before it in its line.
        wait: None where no desk serves the line.
        situation: What it was worked out from, to be learned from later.
    """

    ahead: int
    wait: Estimate | None
    situation: Situation


@dataclass
class _Hall:
    """What changes slowly: read every few seconds."""

    at: datetime
    kinds: Counter[frozenset[str]]
    present: dict[str, list[str]]  # line -> codes of the open desks that serve it
    busy: dict[str, datetime] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    last_wait: dict[str, float] = field(default_factory=dict)
    calibration: Calibration = DEFAULT

    def service(self, line: str) -> float:
        """Seconds for which a ticket of a line keeps a desk."""
        return service_time(self.count[line], self.total[line], self.calibration.usual_service.get(line))


_HALLS: WeakKeyDictionary[Any, _Hall] = WeakKeyDictionary()


def _hall(read: Read) -> _Hall:
    kept = _HALLS.get(read.executor)
    if kept is not None and timedelta() <= read.now - kept.at < timedelta(seconds=FRESH_SECONDS):
        return kept
    kept = _HALLS[read.executor] = _look(read)
    return kept


def _look(read: Read) -> _Hall:
    data = read.scalar(_NEWEST)
    desks = read.all(_OPEN)
    present: dict[str, list[str]] = defaultdict(list)
    for row in desks:
        for line in row.lines:
            present[line].append(row.code)
    calibration = DEFAULT if data is None else Calibration.from_json(data)
    hall = _Hall(read.now, kinds_of(row.lines for row in desks), present, calibration=calibration)
    for row in read.all(_CALLED, day=read.today):
        hall.last_wait.setdefault(row.line, max(0.0, (row.called_at - row.queued_at).total_seconds()))
        if row.ended_at is None:
            hall.busy[row.desk] = row.called_at
        elif hall.count[row.line] < RECENT_OF_LINE:
            hall.count[row.line] += 1
            hall.total[row.line] += (row.ended_at - row.called_at).total_seconds()
    return hall


def forget(read: Read) -> None:
    """Read everything anew at the next question: a desk has opened or closed here."""
    _HALLS.pop(read.executor, None)


def promise(read: Read, line: str, rank: datetime, *, priority: bool = False, but: bool = False) -> Promise:
    """The wait of a ticket with a rank in a line.

    Args:
        read: Where to look.
        line: Its code.
        rank: The ticket's.
        priority: Whether it has a time credit.
        but: Whether the ticket is itself in the line already.
    """
    waiting = {row.line: row.n for row in read.all(_WAITING, day=read.today, rank=rank) if row.n}
    hall = _hall(read)
    ahead = waiting.get(line, 0) - but
    work = {code: n * hall.service(code) for code, n in waiting.items()}
    work[line] = (ahead + 1) * hall.service(line)
    present = hall.present.get(line, [])
    serving = [(read.now - hall.busy[code]).total_seconds() for code in present if code in hall.busy]
    oldest = read.scalar(_FIRST, day=read.today, line=line) if ahead else None
    local = read.now.astimezone(HALL_ZONE)
    situation = Situation(
        line, ahead, effective_desks(line, work, hall.kinds), len(present), len(present) - len(serving),
        hall.service(line), sum(serving) / len(serving) if serving else 0.0,
        0.0 if oldest is None else (read.now - oldest).total_seconds(), hall.last_wait.get(line), priority,
        local.hour * 60 + local.minute,
    )  # fmt: skip
    return Promise(ahead, _wait(situation, hall.calibration), situation)


def _wait(situation: Situation, calibration: Calibration) -> Estimate | None:
    """The estimate; nobody waits while more desks are free than people are ahead."""
    wait = estimate(situation, calibration)
    if wait is not None and situation.free > situation.ahead:
        return Estimate(0.0, 0.0, min(wait.high, situation.service))
    return wait


def waits(read: Read) -> list[tuple[Any, int, float, Estimate | None]]:
    """For every line: its row, the open desks that serve it, its service time in seconds, the wait of a new ticket."""
    hall = _hall(read)
    found = []
    for line in read.all(select(t.line).order_by(t.line.c.position).limit(MOST_LINES)):
        said = promise(read, line.code, read.now)
        found.append((line, said.situation.present, hall.service(line.code), said.wait))
    return found


def mean_service(read: Read, line: str) -> float:
    """Seconds from a person's coming to the end, the mean of today's last ones; the usual time where there are few."""
    rows = read.all(_MEAN, day=read.today, line=line)
    times = [
        (row.ended_at - row.arrived_at).total_seconds() for row in rows if row.arrived_at and row.ended_at
    ]
    return sum(times) / len(times) if len(times) >= FEWEST_SERVICES else DEFAULT_SERVICE_SECONDS


# ---- learning from finished days ----


def due_day(read: Read) -> date | None:
    """The newest finished day with calls that has not been learned from, None where there is none."""
    day: date | None = read.scalar(select(func.max(_c.day)).where(_c.day < read.today))
    learned: date | None = read.scalar(select(func.max(t.calibration.c.day)))
    return None if day is None or (learned is not None and learned >= day) else day


def learn(read: Read, day: date) -> Calibration:
    """What the last days up to this one teach; heavy, to be run before a transaction."""
    history: list[Observation] = []
    for n in range(LEARNED_DAYS - 1, -1, -1):
        events = list(events_of(read, day - timedelta(days=n)))
        situations = {
            event.ticket_id: event.detail["situation"]
            for event in events
            if event.act == Act.ISSUE and "situation" in event.detail
        }
        for service in services_of(events)[1]:
            data = situations.pop(service.ticket_id, None)  # only the first call answers what was promised
            if data is not None:
                served = None
                if service.ended is not None and service.outcome != Act.PASS:
                    served = (service.ended - service.called).total_seconds()
                history.append(Observation(Situation.from_json(data), service.waited, served))
    return calibrate(history)


def keep(work: Work, day: date, calibration: Calibration) -> None:
    """Keep what a day taught, unless another desk has done so meanwhile."""
    if due_day(work) == day:
        work.insert(t.calibration, line=WHOLE_HALL, day=day, data=calibration.to_json())
        forget(work)
