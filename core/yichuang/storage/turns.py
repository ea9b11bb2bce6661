"""SQLite writers of one process: they take turns on one connection and share transactions, so that one commit serves many."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

# Whoever is done waits for the commit. It comes when nobody else waits for a turn; if somebody does, it comes before
# that one's turn as soon as the transaction is this old or holds so many. So a writer that is done waits no longer than
# this, plus one other writer's block, plus the commit.
OLDEST_SECONDS = 0.02
MOST_WRITERS = 64


class _Place:
    """One writer's place in line, and then among those that wait for the commit."""

    __slots__ = ("_signal", "alone", "error")

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.error: BaseException | None = None
        self._signal = threading.Lock()
        self._signal.acquire()

    def wait(self) -> None:
        self._signal.acquire()

    def wake(self) -> None:
        self._signal.release()


class SharedTransactions:
    """Turns on one connection in the order of asking. Thread-safe.

    The first writer opens a transaction. When its block has ended and another writer waits, that one goes on in the same
    transaction behind a savepoint of its own, and the last one commits for all. A block that raises takes back its own
    work only. If the commit fails, or SQLite drops the transaction (full disk), everybody in it gets the error.

    Args:
        connect: Opens the connection; SQLAlchemy must be told to leave its transactions to us.
        begin: Opens a transaction on the driver, waiting for other processes.
        end: Called when the transaction is over.
    """

    def __init__(
        self, connect: Callable[[], Connection], begin: Callable[[Any], None], end: Callable[[], None]
    ) -> None:
        self._connect, self._begin, self._end = connect, begin, end
        self._guard = threading.Lock()  # over _line and _taken; the rest belongs to whoever has the turn
        self._line: deque[_Place] = deque()
        self._taken = False
        self._done: list[_Place] = []  # in the open transaction, waiting for its commit
        self._opened = 0.0
        self._connection: Connection | None = None
        self._driver: Any = None

    @contextmanager
    def turn(self, alone: bool = False) -> Iterator[Connection]:
        """A writer's turn; when the block is left without an error, its work is on the disk.

        Args:
            alone: It may take long: nobody's commit waits for it.
        """
        place = _Place(alone)
        self._take(place)
        try:
            connection = self._connection or self._connected()
            joined = bool(self._done)
            try:
                self._enter(joined)
                yield connection
                self._leave(joined)
            except BaseException as error:
                self._take_back(joined, error)
                raise
            self._done.append(place)
        finally:
            self._pass_on()
        place.wait()
        if place.error is not None:
            raise _storage_error("COMMIT", place.error) from place.error

    def close(self) -> None:
        """Give the connection back; the next turn opens another one."""
        place = _Place(alone=True)
        self._take(place)
        try:
            if self._done:
                self._settle()
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        finally:
            self._pass_on()

    def _take(self, place: _Place) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._line.append(place)
        try:
            place.wait()
        except BaseException:  # Ctrl-C: leave the line, or pass on what was given in the same moment
            with self._guard:
                given = place not in self._line
                if not given:
                    self._line.remove(place)
            if given:
                self._pass_on()
            raise

    def _connected(self) -> Connection:
        self._connection = self._connect()
        self._connection.begin()  # for SQLAlchemy one that never ends
        self._driver = self._connection.connection.driver_connection
        return self._connection

    def _enter(self, joined: bool) -> None:
        """Into the open transaction if there is one, so that what a block writes is kept or taken back by itself."""
        if joined:
            self._run("SAVEPOINT turn")
        else:
            self._open()

    def _leave(self, joined: bool) -> None:
        if joined:
            self._run("RELEASE turn")
        elif not self._driver.in_transaction:
            raise _storage_error("COMMIT", sqlite3.OperationalError("SQLite dropped the transaction"))

    def _take_back(self, joined: bool, error: BaseException) -> None:
        if not joined or not self._driver.in_transaction:
            self._drop(error)
            return
        try:
            self._run("ROLLBACK TO turn")
            self._run("RELEASE turn")
        except DBAPIError as failed:
            self._drop(failed)

    def _open(self) -> None:
        try:
            self._begin(self._driver)
        except sqlite3.Error as error:
            raise _storage_error("BEGIN", error) from error
        self._opened = time.monotonic()

    def _pass_on(self) -> None:
        """Commit if it is time, then give the turn to the next in line."""
        while True:
            with self._guard:
                next_one = self._line[0] if self._line else None
                if not self._done or (next_one is not None and not self._due(next_one)):
                    self._taken = next_one is not None
                    if next_one is not None:
                        self._line.popleft().wake()
                    return
            try:
                self._settle()
            except BaseException:  # Ctrl-C: nobody is left waiting for a commit now
                self._pass_on()
                raise

    def _due(self, next_one: _Place) -> bool:
        return (
            next_one.alone
            or self._done[-1].alone
            or len(self._done) >= MOST_WRITERS
            or time.monotonic() - self._opened > OLDEST_SECONDS
        )

    def _settle(self) -> None:
        """Commit and tell everybody who waits for it."""
        try:
            self._driver.execute("COMMIT")
        except BaseException as error:
            if self._driver.in_transaction or isinstance(error, sqlite3.Error):
                self._drop(error)
            else:  # Ctrl-C behind the commit
                self._tell(None)
            if not isinstance(error, sqlite3.Error):
                raise
        else:
            self._tell(None)

    def _drop(self, error: BaseException) -> None:
        """Take the whole transaction back."""
        with suppress(sqlite3.Error):
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        self._end()
        done, self._done = self._done, []
        for place in done:
            place.error = error
            place.wake()

    def _run(self, sql: str) -> None:
        try:
            self._driver.execute(sql)
        except sqlite3.Error as error:
            raise _storage_error(sql, error) from error


def _storage_error(sql: str, error: BaseException) -> Exception:
    """The error as callers know it: SQLAlchemy's, a new one for every thread that gets it."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, sqlite3.Error):
        cause = sqlite3.OperationalError(f"another writer's failure ended the transaction: {cause}")
    return DBAPIError.instance(sql, None, cause, sqlite3.Error)
