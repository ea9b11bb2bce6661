"""What is special about transactions on PostgreSQL: locks given up before the flush, dead connections, hidden errors."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from yichuang.storage.database import Database
from yichuang.storage.postgresql import MOST_WRITERS
from yichuang.testing.postgres import PostgresServer, server_programs

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(
        server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server on this machine"
    ),
]
# Nothing reaches the disk by itself for ten seconds.
LAZY = ("wal_writer_delay=10000ms", "checkpoint_timeout=1h", "autovacuum=off")
SLOW_FLUSH_SECONDS = 0.1
SLOW = (f"commit_delay={int(SLOW_FLUSH_SECONDS * 1e6)}", "commit_siblings=0")


def opened(server):
    return opened_at(server.url())


def opened_at(url):
    database = Database.open(url)
    with database.write() as writer:
        writer.execute(text("CREATE TABLE IF NOT EXISTS act (desk INTEGER, number INTEGER)"))
    return database


def act(database, desk, number):
    with database.write() as writer:
        writer.execute(text("INSERT INTO act VALUES (:desk, :number)"), desk=desk, number=number)


def counted(database):
    with database.read() as reader:
        return reader.scalar(text("SELECT count(*) FROM act"))


def in_threads(work, count):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_was_acknowledged_survives_a_power_cut_and_the_pool_finds_the_server_again():
    with PostgresServer(durable=True, options=LAZY) as server:
        database = opened(server)
        for run in range(3):
            act(database, 0, run)  # alone
            told: list[int] = []

            def work(desk, told=told):
                for number in range(10):
                    act(database, desk, number)
                    told.append(number)

            in_threads(work, 6)
            server.crash()
            server.start()
            assert len(told) == 60
            assert counted(database) == 61 * (run + 1)
        database.close()


def test_a_row_that_all_desks_touch_is_not_locked_while_the_disk_is_waited_for():
    desks = 12
    with PostgresServer(durable=True, options=SLOW) as server:
        database = opened(server)
        act(database, 0, 0)
        together = threading.Barrier(desks)

        def work(_):
            together.wait()
            with database.write() as writer:
                writer.execute(text("UPDATE act SET number = number + 1"))

        start = time.monotonic()
        act(database, 1, 0)
        assert time.monotonic() - start >= SLOW_FLUSH_SECONDS, "the flush is slow"
        start = time.monotonic()
        in_threads(work, desks)
        assert time.monotonic() - start < desks * SLOW_FLUSH_SECONDS / 2
        with database.read() as reader:
            assert reader.scalar(text("SELECT max(number) FROM act")) == desks
        database.close()


def test_a_block_that_hides_an_error_is_no_success(postgres_server):
    with postgres_server.database() as url:
        database = Database.open(url)
        with pytest.raises(DBAPIError, match="passed over"), database.write() as writer:
            writer.execute(text("CREATE TABLE act (desk INTEGER)"))
            with pytest.raises(DBAPIError):
                writer.scalar(text("SELECT 1 / 0"))
        with database.read() as reader:
            assert reader.scalar(text("SELECT to_regclass('act')")) is None
        database.close()


def test_many_threads_keep_their_connections(postgres_server):
    with postgres_server.database() as url:
        database = Database.open(url)
        made: set[int] = set()
        together = threading.Barrier(32)

        def work(_):
            for _ in range(5):
                with database.write(alone=True) as writer:
                    made.add(writer.scalar(text("SELECT pg_backend_pid()")))
                    together.wait()

        in_threads(work, 32)
        database.close()
    assert 32 <= len(made) <= 40, "connections were closed and opened again"


def test_few_write_at_once_in_the_order_of_asking_and_a_long_one_holds_up_nobody(postgres_server):
    with postgres_server.database() as url:
        database = opened_at(url)
        order: list[int] = []
        go_on = threading.Event()

        def work(number):
            with database.write():
                order.append(number)
                go_on.wait(30)

        def ask(number):
            thread = threading.Thread(target=work, args=(number,))
            thread.start()
            until = time.monotonic() + 30
            semaphore = database._server._writers
            while len(order) + len(semaphore._line) <= number and time.monotonic() < until:
                time.sleep(0.001)
            return thread

        threads = [ask(number) for number in range(MOST_WRITERS + 3)]
        assert sorted(order) == list(range(MOST_WRITERS))
        with database.write(alone=True) as writer:
            writer.execute(text("INSERT INTO act VALUES (1, 1)"))
        assert len(order) == MOST_WRITERS
        go_on.set()
        for thread in threads:
            thread.join(30)
        assert sorted(order[MOST_WRITERS:]) == list(range(MOST_WRITERS, MOST_WRITERS + 3))
        database.close()


def test_a_reader_cannot_write(postgres_server):
    with postgres_server.database() as url:
        database = Database.open(url)
        with pytest.raises(DBAPIError, match="read-only"), database.read() as reader:
            reader.connection.execute(text("CREATE TABLE act (desk INTEGER)"))
        database.close()
