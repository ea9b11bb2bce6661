"""What operations cost beside their own SQL: record the statements they run, replay them straight through the driver.

Nothing is copied by hand. While an operation runs, `Recorder` notes every statement and its parameters as the driver gets
them; `replay` runs the same list on an equal copy of the database, one transaction for each operation, with nothing
around it: no request, no permission, no row objects.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from sqlalchemy import Engine, event

from yichuang.storage.database import Reader, Writer
from yichuang.storage.prepared import Prepared

Steps = list["Step"]
WARM_PART = 10  # of a desk's acts, one in so many
KEYED = tuple(
    f"INSERT INTO {table} (" for table in ("queue_ticket", "acceptance_case", "acceptance_suspension")
)
"""Rows that later statements name by their keys."""


@dataclass
class Step:
    """One statement as the driver got it, and the key that an INSERT returned; `many`: values of one row after the other."""

    sql: str
    values: Any
    key: int | None = None
    many: bool = False


@contextmanager
def recording() -> Iterator[Steps]:
    """Note what the writers of this process run; for one operation after another, not for threads."""
    steps: Steps = []
    run, one = Reader._run, Reader.one

    def noting_run(self: Reader, statement: Any, params: dict[str, Any]) -> Any:
        if isinstance(self, Writer) and isinstance(statement, Prepared):
            compiled = statement.on(self.dialect)
            steps.append(Step(compiled.sql, compiled.parameters(params)))
        return run(self, statement, params)

    def noting_one(self: Reader, statement: Any, /, **params: Any) -> Any:
        row = one(self, statement, **params)
        if isinstance(self, Writer) and row is not None and steps[-1].sql.startswith(KEYED):
            steps[-1].key = row[0]
        return row

    def noting_sqlalchemy(_c: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if not sql.startswith("PRAGMA"):
            steps.append(Step(sql, values, many=many))

    event.listen(Engine, "before_cursor_execute", noting_sqlalchemy)
    try:
        with mock.patch.object(Reader, "_run", noting_run), mock.patch.object(Reader, "one", noting_one):
            yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", noting_sqlalchemy)


def replay(execute: Callable[[str, Any], Any], steps: Steps, names: dict[Any, Any]) -> None:
    """Run the statements of one operation.

    Args:
        execute: The driver's.
        steps: What was recorded.
        names: For rows that got another key than when recorded: the recorded one to the new one. Grows, and stands for
            all operations of one desk. Keys are numbers that nothing else in the statements has.
    """
    for step in steps:
        if step.many:
            for row in step.values:
                execute(step.sql, _renamed(row, names))
            continue
        values = _renamed(step.values, names) if names else step.values
        cursor = execute(step.sql, values)
        if cursor.description is not None:
            rows = cursor.fetchall()
            if step.key is not None and step.key != rows[0][0]:
                names[step.key] = rows[0][0]
                names[f"ticket:{step.key}"] = f"ticket:{rows[0][0]}"


def _renamed(values: Any, names: dict[Any, Any]) -> Any:
    if isinstance(values, dict):
        return {name: _new(value, names) for name, value in values.items()}
    return [_new(value, names) for value in values]


def _new(value: Any, names: dict[Any, Any]) -> Any:
    return names.get(value, value) if isinstance(value, int | str) else value


class RawSqlite:
    """One connection that threads lock, as a careful program without the suite would."""

    def __init__(self, path: str) -> None:
        self._driver = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            self._driver.execute(f"PRAGMA {pragma}")
        self._lock = threading.Lock()
        self._names: dict[int, dict[Any, Any]] = defaultdict(dict)

    def act(self, desk: int, steps: Steps) -> None:
        """One transaction."""
        with self._lock:
            self._driver.execute("BEGIN IMMEDIATE")
            with self._driver:  # commits
                replay(self._driver.execute, steps, self._names[desk])

    def close(self) -> None:
        """Close the file."""
        self._driver.close()


class RawPostgresql:
    """A connection for each thread."""

    def __init__(self, url: str, desks: int) -> None:
        import psycopg

        self._drivers = [psycopg.connect(url) for _ in range(desks)]
        self._names: dict[int, dict[Any, Any]] = defaultdict(dict)

    def act(self, desk: int, steps: Steps) -> None:
        """One transaction."""
        driver: Any = self._drivers[desk]
        try:
            replay(driver.execute, steps, self._names[desk])
            driver.commit()
        except BaseException:
            driver.rollback()  # the other desks must not wait for its locks for ever
            raise

    def close(self) -> None:
        """Close the connections."""
        for driver in self._drivers:
            driver.close()


def storm(acts: Sequence[Sequence[tuple[bool, Callable[[], Any]]]]) -> dict[str, float]:
    """Every desk does its list of acts, all desks at once.

    The first tenth of each list comes before the clock starts: connections are opened and first statements compiled, as on
    every desk after the first minute of its day. It is left out on both sides alike.

    Args:
        acts: For each desk its acts; with each, whether its time counts for the percentiles.

    Returns:
        Acts a second, percentiles in ms, and by how much the fastest desk was ahead of the slowest (1.0: not at all).
    """
    times: list[float] = []
    spent = [0.0] * len(acts)
    failed: list[Exception] = []
    warm = [len(own) // WARM_PART // 2 * 2 for own in acts]  # a call stays with its finish
    together = threading.Barrier(len(acts) + 1)

    def work(desk: int) -> None:
        try:
            for _counts, act in acts[desk][: warm[desk]]:
                act()
        except Exception as error:  # noqa: BLE001 - raised again below, on the thread that measures
            failed.append(error)
        together.wait()
        start = before = time.perf_counter()
        if failed:
            return
        try:
            for counts, act in acts[desk][warm[desk] :]:
                act()
                now = time.perf_counter()
                if counts:
                    times.append(now - before)
                before = now
        except Exception as error:  # noqa: BLE001 - raised again below, on the thread that measures
            failed.append(error)
        spent[desk] = before - start

    threads = [threading.Thread(target=work, args=(desk,)) for desk in range(len(acts))]
    for thread in threads:
        thread.start()
    together.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failed:
        raise failed[0]
    times.sort()
    return {
        "per_s": round((sum(map(len, acts)) - sum(warm)) / seconds),
        "p50_ms": round(times[len(times) // 2] * 1e3, 2),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1e3, 2),
        "shares": round(max(spent) / max(min(spent), 1e-9), 2),
    }
