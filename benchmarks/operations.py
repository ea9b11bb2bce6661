"""Operations a second as a ratio to the same statements, journal row included, straight through the driver.

Run: `python benchmarks/operations.py [--seconds 5]`. Both sides work on databases of the same kind, on
the same disc, in the same run, in turns, with a full flush at every commit. The driver's side holds the statements that
`queue.issue` runs, in one transaction each, with nothing around them: no validation, no permission, no key.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.secrets import open_secrets

GUIDE = Actor(7, "guide", "guide", "", permissions=frozenset({"queue.issue", "queue.manage"}), desk="")
ROUNDS = 5

# What queue.issue runs, as the driver sees it; %s is the driver's placeholder.
STATEMENTS = (
    "SELECT at FROM core_journal ORDER BY id DESC LIMIT 1",
    "SELECT code, name, prefix, first, last, zone, agencies, position FROM queue_line WHERE code = %s",
    (
        "INSERT INTO core_counter (series, scope, value) VALUES (%s, %s, 1) "
        "ON CONFLICT (series, scope) DO UPDATE SET value = core_counter.value + 1 RETURNING value"
    ),
    "SELECT value FROM core_setting WHERE key = %s",
    (
        "INSERT INTO queue_ticket "
        "(day, line, number, state, priority, business, item, person, issued_at, rank_at, calls, came_from) "
        "VALUES (%s, %s, %s, 'waiting', 'none', %s, '', '', %s, %s, 0, '') RETURNING id"
    ),
    "INSERT INTO queue_event (ticket_id, at, act, line, desk, staff_id, detail) VALUES (%s, %s, 'issue', %s, '', 7, %s)",
    "SELECT * FROM queue_ticket WHERE id = %s",
    (
        "INSERT INTO core_journal (turn, at, account, agency, desk, event, subject, detail) "
        "VALUES ({turn}, %s, 'guide', '', '', 'queue.issue', %s, %s) RETURNING id"
    ),
)


def raw_issue(execute: Callable[..., Any], turn: str, now: Callable[[], Any], series: Iterator[int]) -> None:
    """One ticket through the driver; the caller opens and commits the transaction."""
    last, line, count, setting, ticket, event, read, journal = STATEMENTS
    n = next(series)
    execute(last).fetchone()
    execute(line, ("B",)).fetchone()
    execute(count, ("ticket", f"B.{n // 900}")).fetchone()
    execute(setting, ("queue.credit_minutes",)).fetchone()
    moment = now()
    day = date(2000, 1, 1).toordinal() + n // 900
    ticket_id = execute(
        ticket, (date.fromordinal(day).isoformat(), "B", f"B{n % 900:03d}", "bench", moment, moment)
    ).fetchone()[0]
    execute(event, (ticket_id, moment, "B", '{"priority":"none"}'))
    execute(read, (ticket_id,)).fetchone()
    detail = '{"business":"","item":"","line":"B","priority":"none"}'
    execute(journal.format(turn=turn), (moment, f"ticket:{ticket_id}", detail)).fetchone()


def sqlite_raw(path: Path) -> Callable[[], None]:
    """One transaction of the driver on SQLite."""
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("PRAGMA synchronous=FULL")
    texts = {s: s.replace("%s", "?") for s in (*STATEMENTS, STATEMENTS[-1].format(turn="0"))}
    series = itertools.count()

    def execute(sql: str, values: tuple[Any, ...] = ()) -> Any:
        return driver.execute(texts[sql], values)

    def once() -> None:
        driver.execute("BEGIN IMMEDIATE")
        raw_issue(execute, "0", lambda: datetime.now(UTC).isoformat(timespec="microseconds"), series)
        driver.execute("COMMIT")

    return once


def postgresql_raw(url: str) -> Callable[[], None]:
    """One transaction of the driver on PostgreSQL."""
    import psycopg

    driver = psycopg.connect(url, autocommit=False)
    series = itertools.count()

    def once() -> None:
        raw_issue(driver.execute, "pg_current_xact_id()::text::bigint", lambda: datetime.now(UTC), series)
        driver.commit()

    return once


@contextmanager
def hall(url: str, folder: Path, clock: Callable[[], datetime] | None = None) -> Iterator[Suite]:
    """A suite with one queue line on a database."""
    with Suite.open(
        url, folder, plugins=["queue"], secrets=open_secrets(folder, store="file"), clock=clock
    ) as suite:
        line = {"code": "B", "name": "bench", "prefix": "B", "first": 0, "last": 9999}
        suite.run(GUIDE, "queue.set_lines", {"lines": [line]})
        yield suite


def rate(once: Callable[[], Any], seconds: float) -> float:
    """How often something can be done in a second."""
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        once()
        count += 1
    return count / spent


def compare(ours: Callable[[], Any], driver: Callable[[], Any], seconds: float) -> dict[str, float]:
    """Rates in turns, so that a busy machine hurts both alike; the ratio is that of the best rounds."""
    for once in (ours, driver):
        rate(once, 0.3)
    pairs = [(rate(ours, seconds / ROUNDS), rate(driver, seconds / ROUNDS)) for _ in range(ROUNDS)]
    best = max(a for a, _ in pairs), max(b for _, b in pairs)
    return {
        "suite_per_s": round(best[0]),
        "driver_per_s": round(best[1]),
        "ratio": round(best[0] / best[1], 2),
    }


class Days:
    """A clock that starts a new day before the numbers of one run out."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> datetime:
        """The moment; a day further every 8,000 calls."""
        self.calls += 1
        return datetime.fromordinal(date(2026, 1, 5).toordinal() + self.calls // 8000).replace(
            hour=2, second=self.calls % 8000 // 200, microsecond=self.calls % 200, tzinfo=UTC
        )


def main() -> None:
    """Print the rates and ratios as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found["sqlite"] = on_sqlite(folder, options.seconds)
        found["postgresql"] = on_postgresql(folder, options.seconds)
    print(json.dumps(found, indent=2))


def on_sqlite(folder: Path, seconds: float) -> dict[str, float]:
    """Two files side by side."""
    with hall(f"sqlite:///{folder / 'driver.sqlite'}", folder / "a"):
        pass
    with hall(f"sqlite:///{folder / 'suite.sqlite'}", folder / "b", Days()) as suite:
        return compare(
            lambda: suite.run(GUIDE, "queue.issue", {"line": "B"}),
            sqlite_raw(folder / "driver.sqlite"),
            seconds,
        )


def on_postgresql(folder: Path, seconds: float) -> dict[str, float] | str:
    """Two databases of one server with every flush on."""
    from yichuang.testing.postgres import PostgresServer, server_programs

    if server_programs() is None:
        return "no PostgreSQL server on this machine"
    with PostgresServer(durable=True) as server, server.database() as one, server.database() as two:
        with hall(one, folder / "c"):
            pass
        with hall(two, folder / "d", Days()) as suite:
            driver = postgresql_raw(one.replace("+psycopg", ""))
            return compare(lambda: suite.run(GUIDE, "queue.issue", {"line": "B"}), driver, seconds)


if __name__ == "__main__":
    main()
