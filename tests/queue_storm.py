"""A hall at its worst: kiosks and desks as processes of their own on one database, killed while they work; and the check of it.

Run as a program it is one kiosk or one desk: `python queue_storm.py kiosk|desk NAME FOLDER URL COUNT`. Every act has a key
made of the name and the step, and is noted in `FOLDER/NAME.acks` once it was answered. A worker that is started again
goes on behind its last answered step: what was cut off is asked again under the same key, or found standing at the desk.
"""

from __future__ import annotations

import bisect
import importlib
import os
import pkgutil
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LINES = ("A", "B", "C")
IDLE_SECONDS = (0.02, 1.0)  # the first pause of a desk that finds nobody, and the longest
DONE = "all-issued"
AWAY = ("DATABASE_AWAY", "DATABASE_BUSY")
AWAY_SECONDS = 120  # how long a worker asks again while the database is away


@dataclass(frozen=True)
class Storm:
    """How it is played.

    Attributes:
        tickets: How many the kiosks give out in all.
        ahead: The share of them that is out before the desks start, so that somebody waits whenever a desk is free.
        kills: How often a desk is killed with SIGKILL and started again.
        restart: Takes the database away under everybody's hands and brings it back.
        restarts: How often, spread over the kills.
    """

    url: str
    folder: Path
    kiosks: int
    desks: int
    tickets: int
    ahead: float = 0.0
    kills: int = 0
    restart: Callable[[], None] | None = None
    restarts: int = 0
    seed: int = 1
    limit_seconds: float = 600


@dataclass
class Outcome:
    """What came of it; every list names what must not have happened and is empty when all is well."""

    issued: int = 0
    called: int = 0
    acts: int = 0
    seconds: float = 0.0
    kills: int = 0
    restarts: int = 0
    numbers_twice: list[str] = field(default_factory=list)
    called_twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    answered_but_lost: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    killed: set[str] = field(default_factory=set)
    shares: dict[str, int] = field(default_factory=dict)
    steady_shares: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, list[str]]:
        """What must not have happened and did."""
        names = ("numbers_twice", "called_twice", "lost", "answered_but_lost", "out_of_order")
        return {name: getattr(self, name)[:5] for name in names if getattr(self, name)}

    @property
    def fairness(self) -> float:
        """Most calls of a desk over fewest, among those that were never killed, while all of them worked."""
        return max(self.steady_shares.values()) / max(1, min(self.steady_shares.values()))


# ---- one worker ----


def open_hall(url: str, folder: Path) -> Any:
    """The suite with the queue alone, on a data folder of its own.

    The plugin is read beforehand: many processes that start at once on two processors take longer than a plugin may.
    """
    for module in pkgutil.iter_modules(importlib.import_module("yichuang_queue.operations").__path__):
        importlib.import_module(f"yichuang_queue.operations.{module.name}")
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets

    return Suite.open(
        url, folder, plugins=["queue"], secrets=open_secrets(folder, store="file"), retry_crashed=True
    )


def person(number: int, desk: str = "") -> Any:
    """Somebody who may do everything at the queue."""
    from yichuang.identity.actor import Actor

    rights = frozenset(f"queue.{each}" for each in ("view", "issue", "call", "manage"))
    return Actor(number, f"worker{number}", f"worker{number}", "", permissions=rights, desk=desk or None)


def while_away(act: Callable[[], Any]) -> Any:
    """The answer to an act, asked again as long as the database is away."""
    from yichuang.hall.errors import UserError

    deadline = time.monotonic() + AWAY_SECONDS
    while True:
        try:
            return act()
        except UserError as error:
            if error.code not in AWAY or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Worker:
    """A kiosk or a desk; see the module."""

    def __init__(self, name: str, folder: Path, url: str) -> None:
        self.name = name
        self.folder = folder
        self.path = folder / f"{name}.acks"
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        self.step = 1 + max((int(line.split("\t")[0]) for line in lines), default=-1)
        self.acks = self.path.open("a", encoding="utf-8")
        self.who = person(int(name[1:]) + 1000 * (name[0] == "K"), name)
        self.suite = while_away(lambda: self.open(url))

    def open(self, url: str) -> Any:
        """The suite with the queue in it: a plugin whose start met a dead database is left out."""
        from yichuang.hall.errors import UserError

        suite = open_hall(url, self.folder / self.name)
        try:
            suite.query(self.who, "queue.lines")
        except UserError as error:
            suite.close()
            raise UserError("DATABASE_AWAY", "the queue did not start") from error
        return suite

    def do(self, name: str, **request: Any) -> Any:
        """The next act under its key, noted once it is answered; asked again under the same key while the database is away."""
        key = f"{self.name}:{self.step}:{name}"
        answer = while_away(lambda: self.suite.run(self.who, name, request, key))
        what = getattr(answer, "number", "") or ""
        self.acks.write(f"{self.step}\t{name}\t{what}\t{getattr(answer, 'id', '')}\n")
        self.acks.flush()
        self.step += 1
        return answer

    def issue(self, count: int) -> None:
        """Give out tickets until so many are given."""
        while self.step < count:
            self.do("queue.issue", line=LINES[self.step % len(LINES)], kiosk=self.name)

    def serve(self) -> None:
        """Call, serve and finish until everything was given out and nobody waits."""
        if self.step == 0:
            self.do("queue.open_desk", desk=self.name)
        called, pause = self.standing(), IDLE_SECONDS[0]
        while True:
            if called is None:
                over = (self.folder / DONE).exists()
                called = self.do("queue.call_next", desk=self.name)
                if called is None:
                    if over:
                        return
                    time.sleep(pause)
                    pause = min(2 * pause, IDLE_SECONDS[1])
                    continue
                pause = IDLE_SECONDS[0]
            if called.state == "called":
                called = self.do("queue.arrive", desk=self.name, ticket_id=called.id)
            self.do("queue.finish", desk=self.name, ticket_id=called.id, ask_rating=False)
            called = None

    def standing(self) -> Any:
        """Whoever stands here since the worker was killed. An act that was cut off is asked again under its key first."""
        return while_away(lambda: self.suite.query(self.who, "queue.current", {"desk": self.name}))


def main() -> None:
    """Be one worker."""
    role, name, folder, url, count = sys.argv[1:]
    worker = Worker(name, Path(folder), url)
    try:
        worker.issue(int(count)) if role == "kiosk" else worker.serve()
    finally:
        worker.suite.close()


# ---- the whole storm ----


def play(storm: Storm) -> Outcome:
    """Start everybody, kill some, wait for the end, look at what the tables say."""
    storm.folder.mkdir(parents=True, exist_ok=True)
    with open_hall(storm.url, storm.folder / "manager") as suite:
        _furnish(suite, storm)
        begun = time.monotonic()
        chance = random.Random(storm.seed)
        kiosks = [_start(storm, "kiosk", f"K{n}") for n in range(storm.kiosks)]
        desks: dict[str, subprocess.Popen[bytes]] = {}
        outcome = Outcome()
        try:
            _wait_for_tickets(storm, round(storm.ahead * storm.tickets), begun + storm.limit_seconds)
            desks |= {f"D{n}": _start(storm, "desk", f"D{n}") for n in range(storm.desks)}
            _wait_and_kill(storm, kiosks, desks, chance, outcome)
        finally:
            for worker in (*kiosks, *desks.values()):
                worker.kill()
                worker.wait()
        outcome.seconds = time.monotonic() - begun
        _check(suite, storm, outcome)
    return outcome


def _furnish(suite: Any, storm: Storm) -> None:
    from yichuang.storage import hall_tables as hall

    with suite.database.write() as writer:
        writer.insert(hall.zone, code="z", name="z")
        for n in range(storm.desks):
            writer.insert(hall.desk, code=f"D{n}", zone="z", kind="integrated", business="z")
    lines = [{"code": code, "name": code, "prefix": code, "first": 0, "last": 9999} for code in LINES]
    lines = [{**line, "prefix": prefix} for line, prefix in zip(lines, LINES, strict=True)]
    suite.run(person(9999), "queue.set_lines", {"lines": lines})


def _start(storm: Storm, role: str, name: str) -> subprocess.Popen[bytes]:
    count = str(storm.tickets // storm.kiosks)
    command = [sys.executable, __file__, role, name, str(storm.folder), storm.url, count]
    with (storm.folder / f"{name}.err").open("ab") as errors:
        return subprocess.Popen(
            command, stderr=errors, env={**os.environ, "YICHUANG_DATA": str(storm.folder / name)}
        )


def _wait_for_tickets(storm: Storm, count: int, deadline: float) -> None:
    while sum(path.read_bytes().count(b"\n") for path in storm.folder.glob("K*.acks")) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the kiosks did not give out {count} tickets in {storm.limit_seconds} s")
        time.sleep(0.1)


def _wait_and_kill(storm: Storm, kiosks: Any, desks: Any, chance: random.Random, outcome: Outcome) -> None:
    deadline = time.monotonic() + storm.limit_seconds
    while time.monotonic() < deadline:
        if all(kiosk.poll() is not None for kiosk in kiosks):
            (storm.folder / DONE).touch()
            if all(desk.poll() is not None for desk in desks.values()):
                bad = [w.args[3] for w in (*kiosks, *desks.values()) if w.returncode]
                if bad:
                    raise RuntimeError(
                        f"{bad[0]} failed: {(storm.folder / f'{bad[0]}.err').read_text()[-2000:]}"
                    )
                return
        if outcome.kills < storm.kills:
            time.sleep(chance.uniform(0.05, 0.4))
            name = chance.choice(list(desks))
            if desks[name].poll() is None:
                desks[name].send_signal(signal.SIGKILL)
                desks[name].wait()
                outcome.kills += 1
                outcome.killed.add(name)
                if storm.restart and outcome.restarts * storm.kills < storm.restarts * outcome.kills:
                    storm.restart()
                    outcome.restarts += 1
                desks[name] = _start(storm, "desk", name)
        else:
            time.sleep(0.1)
    raise TimeoutError(f"the storm was not over after {storm.limit_seconds} s")


def _check(suite: Any, storm: Storm, outcome: Outcome) -> None:
    from sqlalchemy import text

    with suite.database.read() as reader:
        tickets = reader.all(
            text("SELECT id, day, number, line, state, rank_at FROM queue_ticket ORDER BY id")
        )
        events = reader.all(text("SELECT id, ticket_id, act, desk FROM queue_event ORDER BY id"))
    by_id = {row.id: row for row in tickets}
    outcome.issued = len(tickets)
    outcome.numbers_twice = [
        f"{k}" for k, n in Counter((str(t.day), t.number) for t in tickets).items() if n > 1
    ]
    outcome.lost = [t.number for t in tickets if t.state != "done"]
    calls = [event for event in events if event.act == "call"]
    outcome.called = len(calls)
    outcome.called_twice = [by_id[k].number for k, n in Counter(e.ticket_id for e in calls).items() if n > 1]
    outcome.shares = dict(Counter(event.desk for event in calls))
    outcome.steady_shares = _steady_shares(
        [event.desk for event in calls if event.desk not in outcome.killed]
    )
    acknowledged: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in storm.folder.glob("*.acks"):
        for line in path.read_text(encoding="utf-8").splitlines():
            _step, name, _number, ticket_id = line.split("\t")
            outcome.acts += 1
            if ticket_id:
                acknowledged[name, path.stem].add(ticket_id)
    acts = {
        "queue.issue": "issue",
        "queue.call_next": "call",
        "queue.arrive": "arrive",
        "queue.finish": "finish",
    }
    there = {(event.act, event.ticket_id) for event in events}
    for (name, worker), ids in acknowledged.items():
        outcome.answered_but_lost += [
            f"{worker} {name} {i}" for i in ids if (acts[name], int(i)) not in there
        ]
    outcome.out_of_order = _out_of_order(
        by_id, events, slack=0 if storm.url.startswith("sqlite") else 8 * storm.desks
    )


def _steady_shares(calls: list[str]) -> dict[str, int]:
    """How often each desk called, from when the last desk had begun until the first one's last call."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, desk in enumerate(calls):
        places[desk].append(place)
    begun = max((own[0] for own in places.values()), default=0)
    over = min((own[-1] for own in places.values()), default=0)
    return {desk: sum(begun <= place <= over for place in own) for desk, own in places.items()}


def _out_of_order(tickets: dict[int, Any], events: list[Any], slack: int) -> list[str]:
    """Calls that passed somebody over who had joined the same line before.

    On PostgreSQL desks that call at the same moment are not ordered among one another: a ticket that another desk is
    calling is skipped, and its event comes a little later. Each desk has a few events under way at once, hence the slack.
    """
    waiting: dict[str, list[tuple[Any, int]]] = defaultdict(list)
    skipped: dict[int, int] = {}
    found: list[str] = []
    for place, event in enumerate(events):
        ticket = tickets[event.ticket_id]
        line, mine = waiting[ticket.line], (ticket.rank_at, ticket.id)
        if event.act == "issue":
            bisect.insort(line, mine)
        elif event.act == "call":
            at = bisect.bisect_left(line, mine)
            for _rank, earlier in line[:at]:
                skipped.setdefault(earlier, place)
            del line[at : at + 1]
            since = skipped.get(ticket.id)
            if since is not None and place - since > slack:
                found.append(f"{ticket.number} was passed over {place - since} events ago")
    return found


if __name__ == "__main__":
    main()
