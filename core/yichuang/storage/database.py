"""One hall's database: readers side by side, writers one transaction each, on SQLite or PostgreSQL."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Table, bindparam, create_engine, event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.storage.prepared import Prepared, prepare

L = words.lazy

BUSY_LIMIT_SECONDS = 15.0
Statement = Executable | Prepared


class Reader:
    """Reads in one consistent snapshot."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self._driver: Any = connection.connection.driver_connection
        self._driver_error: Any = self.dialect.loaded_dbapi.Error

    def _run(self, statement: Statement, params: dict[str, Any]) -> Any:
        if isinstance(statement, Prepared):
            compiled = statement.on(self.dialect)
            values = compiled.parameters(params)
            try:
                cursor = self._driver.execute(compiled.sql, values)
            except self._driver_error as error:  # callers know SQLAlchemy's errors only
                raise DBAPIError.instance(
                    compiled.sql, values, error, self._driver_error, dialect=self.dialect
                ) from error
            compiled.learn(cursor)
            return compiled, cursor
        return None, self.connection.execute(statement, params)

    def one(self, statement: Statement, /, **params: Any) -> Any:
        """The first row, with the columns as attributes, or None."""
        compiled, cursor = self._run(statement, params)
        row = cursor.fetchone()
        if compiled is None:
            cursor.close()
            return row
        return None if row is None else compiled.make(row)

    def all(self, statement: Statement, /, **params: Any) -> list[Any]:
        """All rows, with the columns as attributes. Queries must bound their own length."""
        compiled, cursor = self._run(statement, params)
        rows = cursor.fetchall()
        return list(rows) if compiled is None else [compiled.make(row) for row in rows]

    def scalar(self, statement: Statement, /, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(statement, **params)
        return None if row is None else row[0]


class Writer(Reader):
    """Reads and writes in one transaction."""

    def execute(self, statement: Statement, /, **params: Any) -> int:
        """Run a statement and return how many rows it touched."""
        _, cursor = self._run(statement, params)
        return int(cursor.rowcount)

    def execute_many(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Run one statement for many rows, for importers."""
        if rows:
            self.connection.execute(statement, rows)

    def insert(self, table: Table, /, **values: Any) -> Any:
        """Insert one row and return its primary key (a tuple's only part, or the tuple)."""
        for column in table.columns:
            if column.default is not None and column.name not in values:
                values[column.name] = _default(column.default)
        names = (table, *values)
        statement = _INSERTS.get(names)
        if statement is None:
            given: dict[str, Any] = {name: bindparam(name) for name in values}
            statement = _INSERTS[names] = prepare(
                insert(table).values(given).returning(*table.primary_key.columns)
            )
        key = self.one(statement, **values)
        return key[0] if len(key) == 1 else tuple(key)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside vanishes if it raises; the rest of the transaction goes on."""
        with self.connection.begin_nested():
            yield


_INSERTS: dict[tuple[object, ...], Prepared] = {}


def _default(default: Any) -> Any:
    """A column's default as a value: the scalar itself, or what its function makes."""
    return default.arg if default.is_scalar else default.arg(None)


class _FairLock:
    """A lock that is given in the order in which it was asked for, so that no thread starves."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class Database:
    """A hall's database. Thread-safe.

    SQLite: one writer connection per process behind a fair lock, every write `BEGIN IMMEDIATE`, readers on their own
    connections. PostgreSQL: a pool; row locks and unique indexes arrange the desks.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect_name = self.url.get_backend_name()
        if self.dialect_name == "sqlite":
            self._check_local_file()
            self.engine = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1)
            self._readers: Engine = _sqlite_engine(url, "BEGIN", pool_size=8)
        elif self.dialect_name == "postgresql":
            url = self.url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            self.engine = create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True)
            self._readers = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            raise UserError("UNKNOWN_DATABASE", L("{name} is not supported.", name=self.dialect_name),
                            do=L("Use a sqlite: or postgresql: address."))  # fmt: skip
        self._turn = _FairLock()
        self._writer: Connection | None = None

    @classmethod
    def open(cls, url: str) -> Database:
        """Open a database address such as `sqlite:///hall.db` or `postgresql://host/hall`."""
        return cls(url)

    def _check_local_file(self) -> None:
        if not self.url.database or self.url.database == ":memory:":
            raise UserError("UNKNOWN_DATABASE", L("A hall needs a database file."),
                            do=L("Use an address such as sqlite:///hall.db."))  # fmt: skip
        Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent snapshot; it never waits for writers."""
        with self._readers.connect() as connection, connection.begin():
            yield Reader(connection)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """One transaction: committed when the block ends, rolled back whole when it raises."""
        if self.dialect_name == "sqlite":
            with self._turn:
                if self._writer is None:
                    self._writer = self.engine.connect()
                with self._writer.begin():
                    yield Writer(self._writer)
        else:
            with self.engine.connect() as connection, connection.begin():
                yield Writer(connection)

    @contextmanager
    def watching(self) -> Iterator[Any]:
        """A driver connection of its own, outside any transaction, for the change feed."""
        if self.dialect_name == "sqlite":
            driver = sqlite3.connect(
                str(self.url.database), timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                yield driver
            finally:
                driver.close()
            return
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.autocommit = True
            try:
                yield raw
            finally:
                connection.invalidate()

    def close(self) -> None:
        """Give every connection back; the database may be opened again."""
        with self._turn:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self.engine.dispose()
        self._readers.dispose()


def _sqlite_engine(url: str, begin: str, pool_size: int) -> Engine:
    """An engine that leaves transactions to us: pysqlite opens none for SELECT, and two desks then read one number."""
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=pool_size, max_overflow=64, connect_args={"timeout": 0, "check_same_thread": False}
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(driver: sqlite3.Connection, _: object) -> None:
        driver.isolation_level = None
        _patiently(lambda: driver.execute("PRAGMA journal_mode=WAL").close())
        driver.execute("PRAGMA synchronous=FULL").close()
        driver.execute("PRAGMA foreign_keys=ON").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        _patiently(lambda: driver.execute(begin).close())

    return engine


def _patiently(act: Any) -> None:
    """Retry while another process writes. SQLite's own waiting lets one process starve the others; short random waits do not."""
    deadline = time.monotonic() + BUSY_LIMIT_SECONDS
    while True:
        try:
            return act()  # type: ignore[no-any-return]  # the result is never used
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if time.monotonic() > deadline:
                raise UserError(
                    "DATABASE_BUSY",
                    L("Another program has been writing to the hall's database for too long."),
                    do=L("Try again; if it stays so, close other copies of the program."),
                ) from error
        time.sleep(random.uniform(0.0002, 0.001))  # noqa: S311 - spreads the retries, no secret
