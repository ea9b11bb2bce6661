"""One hall's database: readers side by side, writers one transaction each, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Table, bindparam, insert, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.storage.postgresql import PostgresqlPool
from yichuang.storage.prepared import Prepared, prepare
from yichuang.storage.sqlite import SqliteFile

L = words.lazy

Statement = Executable | Prepared
T = TypeVar("T")


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
            if compiled.converters is None:
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

    def insert_many(self, table: Table, rows: list[dict[str, Any]]) -> list[Any]:
        """Insert rows that name the same columns; returns their keys in the same order, of a primary key of one column."""
        if not rows:
            return []
        statement = insert(table).returning(*table.primary_key.columns, sort_by_parameter_order=True)
        return [key for (key,) in self.connection.execute(statement, rows)]

    def insert(self, table: Table, /, **values: Any) -> Any:
        """Insert one row and return its primary key (a tuple's only part, or the tuple)."""
        key = self._insert(table, False, values)
        return key[0] if len(key) == 1 else tuple(key)

    def insert_row(self, table: Table, /, **values: Any) -> Any:
        """Insert one row and return it whole."""
        return self._insert(table, True, values)

    def _insert(self, table: Table, whole: bool, values: dict[str, Any]) -> Any:
        defaults = _DEFAULTS.get(table)
        if defaults is None:
            defaults = _DEFAULTS[table] = [
                (c.name, c.default) for c in table.columns if c.default is not None
            ]
        for name, default in defaults:
            if name not in values:
                values[name] = _default(default)
        names = (table, whole, *values)
        statement = _INSERTS.get(names)
        if statement is None:
            given: dict[str, Any] = {name: bindparam(name) for name in values}
            answer = (table,) if whole else (*table.primary_key.columns,)
            statement = _INSERTS[names] = prepare(insert(table).values(given).returning(*answer))
        return self.one(statement, **values)

    def update(self, table: Table, where: Mapping[str, Any], /, **values: Any) -> Any:
        """Change the one row whose columns are so; returns it as it is now, or None where there is none.

        Args:
            table: Its table.
            where: Column to value, none of them NULL; they must name one row at most.
            **values: What changes.
        """
        names = (table, *where, None, *values)
        statement = _UPDATES.get(names)
        if statement is None:
            same = [table.c[name] == bindparam(f"same_{name}") for name in where]
            given: dict[str, Any] = {name: bindparam(name) for name in values}
            statement = _UPDATES[names] = prepare(update(table).where(*same).values(given).returning(table))
        return self.one(statement, **{f"same_{name}": value for name, value in where.items()}, **values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside vanishes if it raises; the rest of the transaction goes on."""
        with self.connection.begin_nested():
            yield


_DEFAULTS: dict[Table, list[tuple[str, Any]]] = {}
_INSERTS: dict[tuple[object, ...], Prepared] = {}
_UPDATES: dict[tuple[object, ...], Prepared] = {}


def _default(default: Any) -> Any:
    """A column's default as a value: the scalar itself, or what its function makes."""
    return default.arg if default.is_scalar else default.arg(None)


class _Part(AbstractContextManager[T]):
    """A block of work on a connection, as a reader or writer; a class, because every operation and query passes here."""

    __slots__ = ("_block", "_of")

    def __init__(self, block: AbstractContextManager[Connection], of: Callable[[Connection], T]) -> None:
        self._block, self._of = block, of

    def __enter__(self) -> T:
        return self._of(self._block.__enter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._block.__exit__(kind, error, trace)


class Database:
    """A hall's database. Thread-safe.

    What a transaction is and who waits for whom differs: see `sqlite` and `postgresql`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect_name = self.url.get_backend_name()
        self._server: SqliteFile | PostgresqlPool
        if self.dialect_name == "sqlite":
            self._server = SqliteFile(self.url)
        elif self.dialect_name == "postgresql":
            self._server = PostgresqlPool(self.url)
        else:
            raise UserError("UNKNOWN_DATABASE", L("{name} is not supported.", name=self.dialect_name),
                            do=L("Use a sqlite: or postgresql: address."))  # fmt: skip
        self.engine = self._server.engine

    @classmethod
    def open(cls, url: str) -> Database:
        """Open a database address such as `sqlite:///hall.db` or `postgresql://host/hall`."""
        return cls(url)

    def read(self) -> AbstractContextManager[Reader]:
        """A consistent snapshot; it never waits for writers."""
        return _Part(self._server.reading(), Reader)

    def write(self, *, alone: bool = False) -> AbstractContextManager[Writer]:
        """One transaction: on the disk when the block has ended, taken back whole when it raises.

        Args:
            alone: It may take long. On SQLite, where writers share commits, nobody's commit then waits for it.
        """
        return _Part(self._server.writing(alone), Writer)

    def watching(self) -> AbstractContextManager[Any]:
        """A driver connection of its own, outside any transaction, for the change feed."""
        return self._server.watching()

    def close(self) -> None:
        """Give every connection back; the database may be opened again."""
        self._server.close()
