"""Writers of one process on SQLite: turns in order, one commit for many, each block all or nothing on its own."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from yichuang.storage import turns
from yichuang.storage.database import Database

TABLES = (
    "CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
    "CREATE TABLE late (row INTEGER REFERENCES row DEFERRABLE INITIALLY DEFERRED)",
)


@contextmanager
def hall(path, monkeypatch):
    """A database and the list of the commits, savepoints and so on that its writers ran."""
    monkeypatch.setattr(turns, "OLDEST_SECONDS", 30.0)  # a busy machine must not end a batch early
    database = Database.open(f"sqlite:///{path}")
    ran: list[str] = []
    event.listen(database._server._ours, "connect", lambda driver, _: driver.set_trace_callback(ran.append))
    try:
        with database.write() as writer:
            for table in TABLES:
                writer.execute(text(table))
        ran.clear()
        yield database, ran
    finally:
        database.close()


@pytest.fixture
def opened(tmp_path, monkeypatch):
    with hall(tmp_path / "hall.sqlite", monkeypatch) as found:
        yield found


def names(database):
    with database.read() as reader:
        return [row.name for row in reader.all(text("SELECT name FROM row ORDER BY id"))]


def add(writer, name):
    writer.execute(text("INSERT INTO row (name) VALUES (:name)"), name=name)


class Storm:
    """Blocks that stand in line in a known order, and what became of each."""

    def __init__(self, database):
        self.database = database
        self.errors: dict[int, BaseException | None] = {}
        self._threads: list[threading.Thread] = []

    def run(self, blocks, alone=()):
        """Hold the turn until all blocks stand in line, then let them go; the errors in the blocks' order."""
        with ExitStack() as stack:
            stack.enter_context(self.database.write(alone=True))
            for number, block in enumerate(blocks):
                thread = threading.Thread(target=self._one, args=(number, block, number in alone))
                self._threads.append(thread)
                thread.start()
                while len(self.database._server._turns._line) <= number:
                    time.sleep(0.0005)
        for thread in self._threads:
            thread.join(30)
        return [self.errors[number] for number in range(len(blocks))]

    def _one(self, number, block, alone):
        self.errors[number] = None
        try:
            with self.database.write(alone=alone) as writer:
                block(writer)
        except BaseException as error:
            self.errors[number] = error


def adding(name):
    return lambda writer: add(writer, name)


def failing(name):
    def block(writer):
        add(writer, name)
        raise ValueError(name)

    return block


def commits(ran):
    return ran.count("COMMIT")


def test_writers_that_wait_share_one_commit_in_the_order_of_asking(opened):
    database, ran = opened
    assert Storm(database).run([adding(f"n{i}") for i in range(12)]) == [None] * 12
    assert names(database) == [f"n{i}" for i in range(12)]
    assert commits(ran) == 2  # that of the holder, which was alone, and one for all twelve


def test_nobody_returns_before_the_commit(opened):
    database, _ = opened
    seen = {}

    def look(name):
        with database.write() as writer:
            add(writer, name)
        other = sqlite3.connect(str(database.url.database))
        seen[name] = other.execute("SELECT count(*) FROM row WHERE name = ?", (name,)).fetchone()[0]
        other.close()

    threads = [threading.Thread(target=look, args=(f"n{i}",)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {f"n{i}": 1 for i in range(20)}


def test_a_block_that_raises_takes_back_only_its_own(opened):
    database, ran = opened
    errors = Storm(database).run(
        [failing("first"), adding("a"), failing("mid"), adding("b"), failing("last")]
    )
    assert [type(error) for error in errors] == [ValueError, type(None), ValueError, type(None), ValueError]
    assert names(database) == ["a", "b"]
    assert commits(ran) == 2


def test_a_commit_that_fails_fails_everybody_in_it(opened):
    database, _ = opened

    def orphan(writer):
        writer.execute(text("INSERT INTO late VALUES (999)"))

    errors = Storm(database).run([adding("a"), orphan, adding("b")])
    assert [type(error) for error in errors] == [IntegrityError] * 3
    assert len({id(error) for error in errors}) == 3, "one exception raised in several threads"
    assert names(database) == []
    with database.write() as writer:
        add(writer, "afterwards")
    assert names(database) == ["afterwards"]


def test_a_transaction_that_sqlite_drops_is_nobodys_success(opened):
    database, _ = opened

    def dropping(writer):
        add(writer, "x")
        writer.execute(text("INSERT OR ROLLBACK INTO row (name) VALUES ('x')"))

    errors = Storm(database).run([adding("a"), dropping, adding("b")])
    assert isinstance(errors[0], DBAPIError)
    assert isinstance(errors[1], IntegrityError)
    assert errors[2] is None
    assert names(database) == ["b"]


def test_a_block_that_hides_a_dropped_transaction_fails(opened):
    database, _ = opened

    def hiding(writer):
        add(writer, "x")
        with pytest.raises(IntegrityError):
            writer.execute(text("INSERT OR ROLLBACK INTO row (name) VALUES ('x')"))

    with pytest.raises(DBAPIError, match="dropped"), database.write() as writer:
        hiding(writer)
    errors = Storm(database).run([adding("a"), hiding])
    assert all(isinstance(error, DBAPIError) for error in errors)
    assert names(database) == []


def test_a_slow_writer_gets_a_transaction_of_its_own(opened):
    database, ran = opened
    order: list[str] = []

    def slow(writer):
        add(writer, "slow")
        order.append(f"slow sees {commits(ran)} commits")

    assert Storm(database).run([adding("a"), slow, adding("b")], alone={1}) == [None] * 3
    assert order == ["slow sees 2 commits"]
    assert commits(ran) == 4


def test_an_old_transaction_is_committed_before_the_next_turn(opened, monkeypatch):
    database, ran = opened
    monkeypatch.setattr(turns, "OLDEST_SECONDS", 0.05)

    def tardy(writer):
        add(writer, "tardy")
        time.sleep(0.06)

    Storm(database).run([adding("a"), tardy, adding("b")])
    assert commits(ran) == 3


def test_a_transaction_holds_so_many_writers_at_most(opened, monkeypatch):
    database, ran = opened
    monkeypatch.setattr(turns, "MOST_WRITERS", 4)
    Storm(database).run([adding(f"n{i}") for i in range(10)])
    assert commits(ran) == 1 + 3


def test_an_interrupted_block_and_an_interrupted_wait_let_the_others_go_on(opened):
    database, _ = opened

    def interrupted(writer):
        add(writer, "x")
        raise KeyboardInterrupt

    errors = Storm(database).run([adding("a"), interrupted, adding("b")])
    assert isinstance(errors[1], KeyboardInterrupt)
    assert names(database) == ["a", "b"]


@pytest.mark.parametrize("given_meanwhile", [False, True])
def test_ctrl_c_in_the_line_gives_the_place_up(opened, given_meanwhile):
    database, _ = opened
    shared = database._server._turns

    class Interrupted(turns._Place):
        def wait(self):
            if given_meanwhile:  # the turn came in the moment of the interrupt
                release.set()
                while self in shared._line:
                    time.sleep(0.001)
            raise KeyboardInterrupt

    release, holding = threading.Event(), threading.Event()

    def hold():
        with database.write() as writer:
            add(writer, "held")
            holding.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    with pytest.raises(KeyboardInterrupt):
        shared._take(Interrupted(alone=False))
    release.set()
    with database.write() as writer:
        add(writer, "next")
    holder.join(10)
    assert names(database) == ["held", "next"]


def test_closing_waits_for_the_turn_and_commits_what_is_done(opened):
    database, _ = opened
    holding, closed = threading.Event(), threading.Event()
    order = []

    def write(name, pause):
        with database.write() as writer:
            add(writer, name)
            holding.set()
            time.sleep(pause)
        order.append(name)

    def close():
        database.close()
        order.append("closed")
        closed.set()

    first = threading.Thread(target=write, args=("a", 0.2))
    first.start()
    holding.wait(10)
    closing = threading.Thread(target=close)
    closing.start()
    first.join(10)
    closing.join(10)
    assert sorted(order) == ["a", "closed"]
    assert names(database) == ["a"]
    with database.write() as writer:
        add(writer, "reopened")
    assert names(database) == ["a", "reopened"]


def test_threads_get_equal_shares(opened):
    database, _ = opened
    shares = [0] * 16
    until = time.monotonic() + 1.5

    def work(number):
        while time.monotonic() < until:
            with database.write() as writer:
                add(writer, f"{number}.{shares[number]}")
            shares[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(shares))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(shares) > 5
    assert max(shares) - min(shares) <= max(2, 0.2 * min(shares)), shares


BLOCK = st.sampled_from(["keep", "fail", "inner fails", "inner kept", "twice"])


@settings(max_examples=40, deadline=None)
@given(blocks=st.lists(BLOCK, min_size=1, max_size=8), alone=st.sets(st.integers(0, 7)))
def test_any_mixture_ends_as_if_each_had_had_its_own_transaction(tmp_path_factory, blocks, alone):
    with pytest.MonkeyPatch.context() as monkeypatch:
        path = tmp_path_factory.mktemp("mixture") / "hall.sqlite"
        with hall(path, monkeypatch) as (database, _):
            errors = Storm(database).run([_block(kind, f"{i}") for i, kind in enumerate(blocks)], alone=alone)
            found = names(database)
    expected: list[str] = []
    for i, kind in enumerate(blocks):
        expected += {"keep": [f"{i}"], "inner fails": [f"{i}"], "inner kept": [f"{i}", f"{i} inner"]}.get(
            kind, []
        )
    assert found == expected
    assert [error is None for error in errors] == [
        kind in {"keep", "inner fails", "inner kept"} for kind in blocks
    ]


def _block(kind, name):
    def block(writer):
        add(writer, name)
        if kind == "fail":
            raise ValueError(name)
        if kind == "twice":
            add(writer, name)
        if kind == "inner kept":
            with writer.savepoint():
                add(writer, f"{name} inner")
        if kind == "inner fails":
            with pytest.raises(IntegrityError), writer.savepoint():
                add(writer, f"{name} inner")
                add(writer, name)

    return block
