"""Acts at several desks: through the suite, and the same statements through the driver, in turns; issuing and calling."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from _hall import LINES, WorkingDay, clerk, fill, halls, name_of, suite_on
from _replay import RawPostgresql, RawSqlite, Steps, recording, storm
from sqlalchemy import text

from yichuang.host.suite import Suite

MOST_DESKS = 32
Acts = list[list[tuple[bool, Callable[[], Any]]]]


def issues(suite: Suite, desks: int, acts: int) -> Acts:
    """Each desk gives out its share of tickets."""
    return [
        [
            (True, partial(suite.run, clerk(desk), "queue.issue", {"line": LINES[desk % len(LINES)]}))
            for _ in range(acts // desks)
        ]
        for desk in range(desks)
    ]


def calls(suite: Suite, desks: int, acts: int) -> Acts:
    """Each desk calls and finishes its share."""
    found: Acts = []
    for desk in range(desks):
        here = _Desk(suite, desk)
        found.append([(True, here.call), (False, here.finish)] * (acts // desks // 2))
    return found


class _Desk:
    """A desk and the ticket that stands there."""

    def __init__(self, suite: Suite, desk: int) -> None:
        self._run, self._clerk, self._name = suite.run, clerk(desk), name_of(desk)
        self._ticket: Any = None

    def call(self) -> None:
        """Call whoever is next; somebody must be there."""
        self._ticket = self._run(self._clerk, "queue.call_next", {"desk": self._name})
        if self._ticket is None:
            raise RuntimeError("nobody was waiting: the benchmark made too few tickets")

    def finish(self) -> None:
        """Finish; without a rating, whose row names the event by a key that the replay could not know."""
        request = {"desk": self._name, "ticket_id": self._ticket.id, "ask_rating": False}
        self._run(self._clerk, "queue.finish", request)


def measure(
    kind: str, acts: int, rounds: int, *, slow: bool = False, desks: tuple[int, ...] = (1, 8, 32),
    what: dict[str, Callable[[Suite, int, int], Acts]] | None = None,
) -> Any:  # fmt: skip
    """Figures of each act at each number of desks."""
    clock = WorkingDay()
    with halls(kind, slow) as databases, tempfile.TemporaryDirectory() as name:
        if databases is None:
            return "no PostgreSQL server on this machine"
        with suite_on(databases.base, Path(name), clock) as suite:
            fill(suite, MOST_DESKS, acts)
        one = OneKind(databases, Path(name), clock, acts, rounds)
        chosen = what or {"issue": issues, "call": calls}
        return {act: {f"{n}_desks": one.compare(make, n) for n in desks} for act, make in chosen.items()}


def journal_rows(suite: Suite) -> int:
    """How much was done in a hall."""
    with suite.database.read() as reader:
        return int(reader.scalar(text("SELECT count(*) FROM core_journal")))


class OneKind:
    """Measurements on one kind of database, whose base is filled already."""

    def __init__(
        self, databases: Any, folder: Path, clock: WorkingDay, acts: int, rounds: int, plugin: str = "queue"
    ) -> None:
        self._databases, self._acts, self._rounds = databases, acts, rounds
        self._open = partial(suite_on, folder=folder, clock=clock, plugin=plugin)

    def compare(self, make: Callable[[Suite, int, int], Acts], desks: int) -> dict[str, Any]:
        """The best rounds of the suite and of the driver, and their ratio."""
        recorded = self._record(make, desks)
        ours, driver = [], []
        for _ in range(self._rounds):
            with self._databases.copy() as url, self._open(url) as suite:
                ours.append(storm(make(suite, desks, self._acts)))
                done = journal_rows(suite)
            with self._databases.copy() as url:
                driver.append(self._replayed(url, recorded))
                with self._open(url) as suite:
                    if journal_rows(suite) != done:
                        raise RuntimeError("the driver's side did not do the same work")
        best = [max(rounds, key=lambda found: found["per_s"]) for rounds in (ours, driver)]
        return {
            "suite": best[0],
            "driver": best[1],
            "ratio": round(best[0]["per_s"] / best[1]["per_s"], 2),
        }

    def _record(self, make: Callable[[Suite, int, int], Acts], desks: int) -> list[list[tuple[bool, Steps]]]:
        """The statements of each act of each desk, the desks one after the other."""
        found: list[list[tuple[bool, Steps]]] = [[] for _ in range(desks)]
        with self._databases.copy() as url, self._open(url) as suite:
            plan = make(suite, desks, self._acts)
            with recording() as steps:
                for turn in range(len(plan[0])):
                    for desk, acts in enumerate(plan):
                        counts, act = acts[turn]
                        act()
                        found[desk].append((counts, steps.copy()))
                        steps.clear()
        return found

    def _replayed(self, url: str, recorded: list[list[tuple[bool, Steps]]]) -> dict[str, float]:
        on_file = self._databases.kind == "sqlite"
        raw = RawSqlite(url.removeprefix("sqlite:///")) if on_file else RawPostgresql(url, len(recorded))
        try:
            return storm([
                [(counts, partial(raw.act, desk, steps)) for counts, steps in acts]
                for desk, acts in enumerate(recorded)
            ])  # fmt: skip
        finally:
            raw.close()
