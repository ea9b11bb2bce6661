"""The hall of the queue benchmarks: eight lines, some desks that are open, people who wait; on SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from _slow_disk import slow_disk

from yichuang.api import hall
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.secrets import open_secrets

LINES = "ABCDEFGH"
PERMISSIONS = frozenset(f"queue.{each}" for each in ("view", "issue", "call", "balance", "manage"))
STAFF = 900_001  # no ticket has such a number, which the replay relies on
BEGINNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


def clerk(desk: int) -> Actor:
    """Whoever sits at a desk."""
    return Actor(
        STAFF + desk, f"clerk{desk}", f"Clerk {desk}", "", permissions=PERMISSIONS, desk=name_of(desk)
    )


def name_of(desk: int) -> str:
    """The code of a desk."""
    return f"D{desk:02d}"


class WorkingDay:
    """A clock that starts in the morning of a working day, whenever the benchmark runs."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self) -> datetime:
        """The moment."""
        return BEGINNING + timedelta(seconds=time.monotonic() - self._start)


@contextmanager
def suite_on(url: str, folder: Path, clock: WorkingDay, plugin: str = "queue") -> Iterator[Suite]:
    """The suite with one plugin only, its garbage collection as on a desk that has started."""
    secrets = open_secrets(folder, store="file")
    with Suite.open(url, folder, plugins=[plugin], secrets=secrets, clock=clock) as suite:
        gc.freeze()
        try:
            yield suite
        finally:
            gc.unfreeze()


def fill(suite: Suite, desks: int, waiting: int) -> None:
    """Make lines, open desks, and let people take tickets, on many threads."""
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="z", name="bench")
        for desk in range(desks):
            writer.insert(hall.desk, code=name_of(desk), zone="z", kind="integrated", business="bench")
    lines = [{"code": c, "name": f"line {c}", "prefix": c, "first": 0, "last": 9999} for c in LINES]
    suite.run(clerk(0), "queue.set_lines", {"lines": lines})
    for desk in range(desks):
        suite.run(clerk(desk), "queue.open_desk", {"desk": name_of(desk)})

    def issue(first: int) -> None:
        for n in range(first, waiting, 32):
            suite.run(clerk(0), "queue.issue", {"line": LINES[n % len(LINES)]})

    threads = [threading.Thread(target=issue, args=(first,)) for first in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class SqliteHalls:
    """Equal copies of one file."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.base = f"sqlite:///{folder / 'base.sqlite'}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a copy."""
        base = self._folder / "base.sqlite"
        with contextlib.closing(sqlite3.connect(base)) as driver:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._count += 1
        path = self._folder / f"{self._count}.sqlite"
        shutil.copyfile(base, path)
        yield f"sqlite:///{path}"
        for each in self._folder.glob(f"{path.name}*"):
            each.unlink()


class PostgresqlHalls:
    """Equal copies of one database of a server with every flush on."""

    kind = "postgresql"

    def __init__(self, server: Any) -> None:
        self._server = server
        self.base = server.url("base")
        server.sql("CREATE DATABASE base")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a copy."""
        with self._server.database("base") as url:
            yield url


@contextmanager
def halls(kind: str, slow: bool) -> Iterator[Any]:
    """Databases of one kind, or None where there are none; a slow SQLite must be asked for in a slowed process."""
    with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield SqliteHalls(folder)
            return
        from yichuang.testing.postgres import PostgresServer, server_programs

        if server_programs() is None:
            yield None
            return
        folder.chmod(0o755)
        variables = slow_disk(folder) if slow else {}
        server = PostgresServer(durable=True)
        with mock.patch.dict(os.environ, variables or {}):
            server.start()
        try:
            yield PostgresqlHalls(server)
        finally:
            server.stop()
