"""A hall with a million cases: work lists, search and dashboard, p50 and p99, against the bare SQL in the same run.

Run: `python benchmarks/acceptance.py [--cases 1000000] [--rounds 30] [--kind sqlite]`. Each question is asked through the
suite (permission, scope, rows made for the screen) and as the statements that it ran straight through the driver, in
turns, on one database; the ratio is the driver's p50 over the suite's. Filling takes some seven minutes a million. Goals:
every list, filter and search at most 100 ms at p50; the dashboard of 30 days at most 200 ms, of a year at most a second.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from _acceptance_cases import NOW, fill
from sqlalchemy import Engine, event, text

from yichuang.api import IdentityCipher, hall
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.secrets import open_secrets
from yichuang.testing.postgres import PostgresServer, server_programs

SEE = frozenset(
    {
        "acceptance.view",
        "acceptance.statistics",
        "acceptance.decide",
        "acceptance.accept",
        "acceptance.deliver",
    }
)
YEARS = range(2022, 2028)
SERVER = ("shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=4GB", "effective_cache_size=4GB")
Question = tuple[str, str, dict[str, Any]]
SEARCH, COUNT, LIST = "acceptance.search", "acceptance.search_count", "acceptance.cases"
MONTH = {"first": "2026-02-15", "last": "2026-03-16"}
LISTS: tuple[Question, ...] = (
    ("to decide", LIST, {"tab": "review"}),
    ("to decide, newest first", LIST, {"tab": "review", "order": "newest"}),
    ("to decide, item by item", LIST, {"tab": "review", "order": "item"}),
    ("promised, item by item", LIST, {"tab": "tolerated", "order": "item"}),
    ("all of the agency, newest first", LIST, {"tab": "all", "order": "newest"}),
    ("waiting for an organ above", LIST, {"tab": "forwarded"}),
    ("corrections", LIST, {"tab": "correcting"}),
    ("to hand out", LIST, {"tab": "ready"}),
    ("mine", LIST, {"tab": "mine"}),
    ("to decide, by the name 张伟", LIST, {"tab": "review", "text": "张伟"}),
    ("to decide, by the item 登记", LIST, {"tab": "review", "text": "登记"}),
    ("to decide, by 阿鲁, as every firm begins", LIST, {"tab": "review", "text": "阿鲁"}),
    ("to hand out, by initials zw", LIST, {"tab": "ready", "text": "zw"}),
    ("counts of all lists", "acceptance.counts", {}),
)
SEARCHES: tuple[Question, ...] = (
    ("newest", SEARCH, {}),
    ("open", SEARCH, {"state": "open"}),
    ("delivered", SEARCH, {"state": "delivered"}),
    ("overdue", SEARCH, {"light": "overdue"}),
    ("a month long ago", SEARCH, {"first": "2023-01-01", "last": "2023-01-31"}),
    ("two characters 张伟", SEARCH, {"text": "张伟"}),
    ("one character 王", SEARCH, {"text": "王"}),
    ("beginning of every firm 阿鲁", SEARCH, {"text": "阿鲁"}),
    ("initials zw", SEARCH, {"text": "zw"}),
    ("pinyin zhang", SEARCH, {"text": "zhang"}),
    ("item 登记", SEARCH, {"text": "登记"}),
    ("item and name", SEARCH, {"text": "巴特尔 登记"}),
    ("item by initials spjy", SEARCH, {"text": "spjy"}),
    ("last digits", SEARCH, {"text": "0412"}),
    ("a day's numbers", SEARCH, {"text": "150421260201"}),
    ("every firm, overdue only", SEARCH, {"text": "阿鲁", "light": "overdue"}),
    ("nothing", SEARCH, {"text": "不存在的"}),
    ("count 张伟", COUNT, {"text": "张伟"}),
    ("count 登记", COUNT, {"text": "登记"}),
)
DASHBOARD: tuple[Question, ...] = (
    ("statistics of 30 days", "acceptance.statistics", MONTH),
    ("statistics of a year", "acceptance.statistics", {"first": "2025-03-17", "last": "2026-03-16"}),
)


class Bare:
    """The statements that one question ran, to be run again straight through the driver."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._kept: list[tuple[str, Any]] = []

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep what is executed in this block, also the statements that were compiled once."""
        from yichuang.storage import database

        prepared = database.Reader._run

        def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            self._kept.append((statement, parameters))

        def run(reader: Any, statement: Any, params: dict[str, Any]) -> Any:
            compiled, cursor = prepared(reader, statement, params)
            if compiled is not None:
                self._kept.append((compiled.sql, compiled.parameters(params)))
            return compiled, cursor

        event.listen(Engine, "before_cursor_execute", keep)
        database.Reader._run = run  # type: ignore[method-assign]  # counts the statements
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", keep)
            database.Reader._run = prepared  # type: ignore[method-assign]  # counts the statements

    def run(self) -> None:
        """Run them in one snapshot and fetch what they give."""
        with self._suite.database.read() as reader:
            driver: Any = reader.connection.connection.driver_connection
            for statement, parameters in self._kept:
                driver.execute(statement, parameters).fetchall()


def measure(suite: Suite, actor: Actor, question: Question, rounds: int) -> dict[str, Any]:
    """One question both ways, in turns; milliseconds."""
    title, name, request = question
    bare = Bare(suite)
    with bare.keeping():
        found = suite.query(actor, name, request)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_timed(lambda: suite.query(actor, name, request)))
        theirs.append(_timed(bare.run))
    rows = len(found.rows) if hasattr(found, "rows") else len(found) if isinstance(found, list) else None
    return {
        "question": title, "rows": rows, "p50": _p(ours, 50), "p99": _p(ours, 99), "sql_p50": _p(theirs, 50),
        "sql_p99": _p(theirs, 99), "ratio": round(statistics.median(theirs) / statistics.median(ours), 2),
    }  # fmt: skip


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _p(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def people(suite: Suite) -> dict[str, Actor]:
    """An inspector who sees the hall, and approvers of the busiest and of a middling agency."""
    with suite.database.read() as reader:
        rows = reader.all(
            text("SELECT agency, count(*) AS n FROM acceptance_case GROUP BY agency ORDER BY n DESC")
        )
    return {
        "whole hall": Actor(90_001, "inspector", "inspector", "", permissions=SEE | {"acceptance.see_all"}),
        f"busiest agency ({rows[0].n:,} cases)": Actor(90_002, "a", "a", rows[0].agency, permissions=SEE),
        f"middling agency ({rows[len(rows) // 2].n:,} cases)": Actor(
            90_003, "b", "b", rows[len(rows) // 2].agency, permissions=SEE
        ),
    }


def ask_all(url: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Fill a database and ask it everything."""
    secrets = open_secrets(folder, store="file")
    IdentityCipher.open(secrets, create=True)
    arguments: dict[str, Any] = {"plugins": ["acceptance"], "secrets": secrets, "clock": lambda: NOW}
    with Suite.open(url, folder, **arguments) as suite:
        for year in YEARS:
            first = date(year, 1, 1)
            days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
            suite.run(Actor.system(), "hall.set_days", {"days": {day: day.weekday() < 5 for day in days}})
    made = fill(url, options.cases, lambda told: print(told, file=sys.stderr, flush=True))
    found: dict[str, Any] = {}
    with Suite.open(url, folder, **arguments) as suite:
        with suite.database.write() as writer:
            for place, (code, name) in enumerate(made.agencies.items()):
                writer.insert(
                    hall.agency, code=code, name=name, short_name=name, kind="agency", position=place
                )
        for who, actor in people(suite).items():
            found[who] = [
                measure(suite, actor, question, options.rounds)
                for question in (*(LISTS if actor.agency else ()), *SEARCHES, *DASHBOARD)
            ]
            _show(who, found[who])
    return found


def _show(who: str, rows: list[dict[str, Any]]) -> None:
    print(f"  {who:34s} {'p50':>8s} {'p99':>8s} {'sql p50':>8s} {'ratio':>6s}", file=sys.stderr)
    for row in rows:
        line = f"  {row['question']:34s} {row['p50']:8.1f} {row['p99']:8.1f} {row['sql_p50']:8.1f} {row['ratio']:6.2f}"
        print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--kind", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    found: dict[str, Any] = {"cases": options.cases}
    for kind in options.kind or ["sqlite", "postgresql"]:
        print(kind, file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as name:
            folder = Path(name)
            if kind == "sqlite":
                found[kind] = ask_all(f"sqlite:///{folder / 'hall.sqlite'}", folder, options)
            elif server_programs() is None:
                found[kind] = "no PostgreSQL on this machine"
            else:
                with PostgresServer(durable=True, options=SERVER) as server:
                    server.sql("CREATE DATABASE hall")
                    found[kind] = ask_all(server.url("hall"), folder, options)
    print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
