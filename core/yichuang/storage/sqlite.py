"""Transactions on one SQLite file: readers side by side, writers of all threads and processes in turn."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
KEPT_READERS = 8


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
        self._ours = _engine(url)  # its transactions are begun and ended here, not by SQLAlchemy
        self._line = ProcessLine(path)
        self._turns = SharedTransactions(self._ours.connect, self._begin_writing, self._line.leave)
        self._readers: deque[Connection] = deque()  # those that nobody uses now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot. Connections are kept between them: to take one from the pool costs ten times a snapshot."""
        kept = self._readers
        try:
            connection = kept.pop()
        except IndexError:
            connection = self._ours.connect()
            connection.begin()  # for SQLAlchemy one that never ends
        driver: Any = connection.connection.driver_connection
        try:
            _patiently(lambda: driver.execute("BEGIN"))
            yield connection
            driver.execute("ROLLBACK")
        except BaseException:
            connection.invalidate()  # a statement left half read in the error's frames would hold on to its snapshot
            connection.close()
            raise
        if kept is self._readers and len(kept) < KEPT_READERS:
            kept.append(connection)
        else:
            connection.close()

    def writing(self, alone: bool) -> AbstractContextManager[Connection]:
        """A turn to write: on the disk when the block has ended, nothing when it raises."""
        return self._turns.turn(alone)

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
        kept, self._readers = self._readers, deque()
        for connection in kept:
            connection.close()
        self._ours.dispose()
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
