"""Transactions on PostgreSQL: from a pool, in as many round trips as the bare driver needs, no row locked over a flush."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError

from yichuang.storage.fair_semaphore import FairSemaphore

BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
BEGIN_WRITING = "BEGIN; SET LOCAL synchronous_commit = off"
# A commit keeps its row locks until the disk has answered: at 15 ms a flush, a row that all desks touch (the counter of a
# line) lets 66 of them through in a second. So the commit itself does not wait; the next statement, in the same message,
# writes to the log and commits as durably as the server is set to. The log is flushed in order: when that has answered, the
# transaction before it is on the disk (and on the standby). Others may see the work earlier; but whatever they
# write and are told is kept stands behind it in the log.
COMMIT = "COMMIT; SELECT pg_logical_emit_message(true, 'yichuang', '')"
KEPT_CONNECTIONS = 40  # by a process that needs so many at once; a desk needs two or three
MORE_CONNECTIONS = 24
# Of one process's threads, between BEGIN and the commit. One interpreter runs them anyway: more of them only hold rows for
# longer while they wait for each other, and who waits for a row is not served in the order of asking.
MOST_WRITERS = 4


class PostgresqlPool:
    """Connections to one database. Thread-safe."""

    def __init__(self, url: URL) -> None:
        # AUTOCOMMIT: SQLAlchemy and psycopg leave BEGIN and COMMIT to us.
        self.engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=KEPT_CONNECTIONS, max_overflow=MORE_CONNECTIONS, isolation_level="AUTOCOMMIT",
        )  # fmt: skip
        self._writers = FairSemaphore(MOST_WRITERS)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot."""
        with self._begun(BEGIN_READING) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, alone: bool) -> Iterator[Connection]:
        """One transaction: durable when the block has ended, nothing when it raises.

        Args:
            alone: It may take long: it takes no place that others wait for.
        """
        with (
            nullcontext() if alone else self._writers.place() as place,
            self._begun(BEGIN_WRITING) as connection,
            connection.begin(),
        ):
            yield connection
            if place is not None:
                place.leave()  # the next one writes while this one waits for the disk
            _run(connection, COMMIT)

    @contextmanager
    def watching(self) -> Iterator[Any]:
        """A driver connection outside any transaction; it is closed in the end."""
        with self.engine.connect() as connection:
            try:
                yield connection.connection.driver_connection
            finally:
                connection.invalidate()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _begun(self, begin: str) -> Connection:
        """A connection in a transaction. The server may have been restarted since its last use: BEGIN shows that."""
        connection = self.engine.connect()
        try:
            _run(connection, begin)
        except DBAPIError as error:
            connection.invalidate()
            connection.close()
            if not isinstance(error.orig, self.engine.dialect.loaded_dbapi.OperationalError):
                raise
        else:
            return connection
        self.engine.dispose()
        connection = self.engine.connect()
        _run(connection, begin)
        return connection


def _run(connection: Connection, sql: str) -> None:
    driver: Any = connection.connection.driver_connection
    psycopg: Any = connection.dialect.loaded_dbapi
    try:
        if sql is COMMIT and driver.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            # The block hid an error; PostgreSQL would answer COMMIT with a silent rollback.
            raise psycopg.errors.InFailedSqlTransaction("an error in the transaction was passed over")
        driver.execute(sql)
    except psycopg.Error as error:
        raise DBAPIError.instance(sql, None, error, psycopg.Error, dialect=connection.dialect) from error
