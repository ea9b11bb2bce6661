"""One hall's database: readers side by side, writers one transaction each, on SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
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
from yichuang.storage.process_line import ProcessLine, short_wait
from yichuang.storage.turns import SharedTransactions

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


class Database:
    """A hall's database. Thread-safe.

    SQLite: one writer connection per process, given to threads in turn, which share commits; processes stand in line; every
    transaction `BEGIN IMMEDIATE`; readers on their own connections. PostgreSQL: a pool; row locks and unique indexes arrange
    the desks.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect_name = self.url.get_backend_name()
        if self.dialect_name == "sqlite":
            self._check_local_file()
            self.engine = self._readers = _sqlite_engine(url)
            event.listen(self.engine, "begin", _begin_reading)
            self._writers = _sqlite_engine(url)
            self._line = ProcessLine(Path(str(self.url.database)))
            self._turns = SharedTransactions(self._writers.connect, self._begin_writing, self._line.leave)
        elif self.dialect_name == "postgresql":
            url = self.url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            self.engine = create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True)
            self._readers = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            raise UserError("UNKNOWN_DATABASE", L("{name} is not supported.", name=self.dialect_name),
                            do=L("Use a sqlite: or postgresql: address."))  # fmt: skip

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
    def write(self, *, alone: bool = False) -> Iterator[Writer]:
        """All or nothing: on the disk when the block has ended, taken back whole when it raises.

        On SQLite the writers of a process share transactions, see `turns`.

        Args:
            alone: It may take long, so that no other writer should share its transaction.
        """
        if self.dialect_name == "sqlite":
            with self._turns.turn(alone) as connection:
                yield Writer(connection)
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
        if self.dialect_name == "sqlite":
            self._turns.close()
            self._line.close()
            self._writers.dispose()
        self.engine.dispose()

    def _begin_writing(self, driver: Any) -> None:
        self._line.enter()
        _patiently(lambda: driver.execute("BEGIN IMMEDIATE"), self._line.wait)


def _sqlite_engine(url: str) -> Engine:
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
    """Retry while another process writes."""
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
