"""Transactions on one SQLite file: readers side by side, writers of all threads and processes in turn."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.storage.process_line import ProcessLine, short_wait
from yichuang.storage.turns import SharedTransactions

L = words.lazy
BUSY_LIMIT_SECONDS = 15.0


class SqliteFile:
    """Connections to one file. Thread-safe.

    One connection writes, each transaction `BEGIN IMMEDIATE`; threads share its transactions (see `turns`), processes
    stand in line for them (see `process_line`). Readers have connections of their own and wait for nobody.
    """

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise UserError("UNKNOWN_DATABASE", L("A hall needs a database file."),
                            do=L("Use an address such as sqlite:///hall.db."))  # fmt: skip
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = url.database
        self.engine = _engine(url)
        event.listen(self.engine, "begin", _begin_reading)
        self._writer = _engine(url)
        self._line = ProcessLine(path)
        self._turns = SharedTransactions(self._writer.connect, self._begin_writing, self._line.leave)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, alone: bool) -> Iterator[Connection]:
        """A turn to write: on the disk when the block has ended, nothing when it raises."""
        with self._turns.turn(alone) as connection:
            yield connection

    @contextmanager
    def watching(self) -> Iterator[Any]:
        """A driver connection outside any transaction."""
        driver = sqlite3.connect(self._file, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            yield driver
        finally:
            driver.close()

    def close(self) -> None:
        """Give every connection back, when the writers that came before are done."""
        self._turns.close()
        self._line.close()
        self._writer.dispose()
        self.engine.dispose()

    def _begin_writing(self, driver: sqlite3.Connection) -> None:
        self._line.enter()
        _patiently(lambda: driver.execute("BEGIN IMMEDIATE"), self._line.wait)


def _engine(url: URL) -> Engine:
    """An engine that leaves transactions to us: pysqlite opens none for SELECT, and two desks then read one number."""
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=8, max_overflow=64, connect_args={"timeout": 0, "check_same_thread": False}
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(driver: sqlite3.Connection, _: object) -> None:
        driver.isolation_level = None
        _patiently(lambda: driver.execute("PRAGMA journal_mode=WAL").close())
        driver.execute("PRAGMA synchronous=FULL").close()
        driver.execute("PRAGMA foreign_keys=ON").close()

    return engine


def _begin_reading(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    _patiently(lambda: driver.execute("BEGIN").close())


def _patiently(act: Callable[[], object], wait: Callable[[], None] = short_wait) -> object:
    """Retry while another process writes.

    Raises:
        UserError: DATABASE_BUSY after `BUSY_LIMIT_SECONDS`.
    """
    deadline = time.monotonic() + BUSY_LIMIT_SECONDS
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if time.monotonic() > deadline:
                raise UserError(
                    "DATABASE_BUSY",
                    L("Another program has been writing to the hall's database for too long."),
                    do=L("Try again; if it stays so, close other copies of the program."),
                ) from error
        wait()
