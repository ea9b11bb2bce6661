"""The test kit itself: databases of both kinds, and a guard that really fails tests that leave something behind."""

import os
import time

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect, select

from yichuang.hall import words
from yichuang.host.suite import Suite
from yichuang.storage import hall_tables
from yichuang.storage.database import Database
from yichuang.storage.migrate import CORE
from yichuang.testing import schema_differences
from yichuang.testing.postgres import PostgresServer, server_programs

LEAKS = {
    "threading.Timer(4, print).start()": "running thread Thread-",
    "timer = QTimer(qapp); timer.setObjectName('tick'); timer.start(10_000)": "running timer tick",
    "timer = QTimer(qapp); timer.timeout.connect(print); timer.start(10_000); qapp.kept = timer": "running timer",
    "window = QLabel('x'); window.setWindowTitle('lost'); window.show(); qapp.kept = window": "open window lost",
    "thread = QThread(qapp); thread.setObjectName('worker'); thread.start(); qapp.kept = thread": "running thread worker",
}
CLEAN = (
    "thread = threading.Thread(target=time.sleep, args=(0.05,)); thread.start()",
    "timer = QTimer(qapp); timer.start(10_000); timer.stop()",
    "timer = QTimer(); timer.start(10_000)",
    "window = QLabel('x'); qtbot.addWidget(window); window.show()",
    "window = QLabel('x'); window.show(); window.deleteLater(); qapp.processEvents(); window.close()",
    "thread = QThread(qapp); thread.start(); thread.quit(); thread.wait()",
)
HEAD = "import threading, time\nfrom PyQt6.QtCore import *\nfrom PyQt6.QtWidgets import *\n"


def test_every_database_is_fresh_and_empty(database_url):
    database = Database.open(database_url)
    try:
        with database.write() as writer:
            writer.connection.exec_driver_sql("CREATE TABLE only_here (id INTEGER)")
    finally:
        database.close()


test_no_trace_of_the_test_before = test_every_database_is_fresh_and_empty


def test_the_data_folder_is_the_tests_own(data_dir, tmp_path):
    assert os.environ["YICHUANG_DATA"] == str(data_dir)
    assert data_dir.is_relative_to(tmp_path)


def test_core_migrations_make_the_declared_tables(database_url):
    assert schema_differences(CORE, database_url, hall_tables.meta) == []


def test_a_missing_migration_is_named(database_url):
    declared = MetaData(info={"chain": "core"})
    for table in hall_tables.meta.sorted_tables:
        table.to_metadata(declared)
    Table("core_forgotten", declared, Column("id", Integer))
    [difference] = schema_differences(CORE, database_url, declared)
    assert "add_table" in difference
    assert "core_forgotten" in difference


@pytest.mark.postgresql
@pytest.mark.skipif(server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server on this machine")
def test_a_durable_server_keeps_what_it_acknowledged():
    with PostgresServer(durable=True) as server:
        server.sql("CREATE TABLE kept AS SELECT 7 AS n")
        folder = server.folder
        server.crash()
        with pytest.raises(psycopg.OperationalError):
            server.sql("SELECT 1")
        server.start()
        assert server.sql("SELECT n FROM kept") == [(7,)]
        assert server.sql("SHOW fsync") == [("on",)]
    assert not folder.exists()


@pytest.mark.postgresql
@pytest.mark.skipif(server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server on this machine")
def test_a_wrong_setting_is_reported_with_the_servers_words():
    with pytest.raises(RuntimeError, match="no_such_thing"):
        PostgresServer(options=("no_such_thing=1",)).start()


def test_the_guard_names_what_is_left(pytester):
    pytester.makeconftest("from yichuang.testing.leaks import no_leaks")
    tests = [f"def test_{number}(qapp):\n    {line}\n" for number, line in enumerate(LEAKS)]
    pytester.makepyfile(HEAD + "\n".join(tests))
    begun = time.monotonic()
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-q")
    result.assert_outcomes(passed=len(LEAKS), errors=len(LEAKS))
    result.stdout.fnmatch_lines([f"*left behind: {expected}*" for expected in LEAKS.values()])
    assert time.monotonic() - begun < 60


def test_the_guard_lets_tidy_tests_pass(pytester):
    pytester.makeconftest("from yichuang.testing.leaks import no_leaks")
    tests = [f"def test_{number}(qapp, qtbot):\n    {line}\n" for number, line in enumerate(CLEAN)]
    marked = "import pytest\n@pytest.mark.leaks\ndef test_allowed(qapp):\n    QTimer(qapp).start(10_000)\n"
    pytester.makepyfile(HEAD + "\n".join(tests) + marked)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-q")
    result.assert_outcomes(passed=len(CLEAN) + 1)


def test_windows_open_on_a_real_size_screen(qapp):
    size = qapp.primaryScreen().size()
    assert (size.width(), size.height()) == (1920, 1080)


def test_core_is_imported_as_everywhere_else():
    """The rewriting of asserts is not safe in the threads that import core; see the plugin."""
    assert type(hall_tables.__loader__).__name__ == "SourceFileLoader"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_test_leaves_its_language_to_the_next(language):
    """Run twice in one process: what the first has chosen is gone when the second begins, whatever its arguments."""
    assert words.current_language() == "zh_CN"
    words.set_language(language)


def test_a_copied_database_has_the_tables_that_opening_an_empty_one_makes(open_suite, tmp_path, data_dir):
    def tables(suite):
        inspector = inspect(suite.database.engine)
        return {
            name: [str(column) for column in inspector.get_columns(name)]
            for name in inspector.get_table_names()
        }

    copied = open_suite(plugins=["queue"])
    assert "queue_ticket" in tables(copied)
    if copied.database.dialect_name == "sqlite":
        with Suite.open(f"sqlite:///{tmp_path / 'empty.sqlite'}", data_dir, plugins=["queue"]) as made:
            assert tables(copied) == tables(made)


FILLED = []


def fill(suite):
    FILLED.append(suite.database.dialect_name)
    with suite.database.write() as writer:
        writer.insert(hall_tables.zone, code="filled", name="z")


@pytest.mark.parametrize("turn", range(2))
def test_each_test_begins_with_a_copy_of_the_hall_that_was_filled_once(open_suite, turn):
    suite = open_suite(fill=fill, plugins=["queue"])
    with suite.database.write() as writer:
        zones = [row.code for row in writer.all(select(hall_tables.zone.c.code))]
        assert zones == ["filled"], "what other tests wrote is not in it"
        writer.insert(hall_tables.zone, code=f"turn {turn}", name="z")
    assert FILLED.count(suite.database.dialect_name) == 1


SMALL = (
    "CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)",
    "CREATE TABLE child (id bigint GENERATED BY DEFAULT AS IDENTITY, parent bigint REFERENCES parent, note text)",
    "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''never''; END'",
    "CREATE TRIGGER kept BEFORE DELETE ON parent FOR EACH ROW EXECUTE FUNCTION never()",
    "INSERT INTO parent (name) VALUES ('a'), ('b')",
)
WRITTEN = (
    "INSERT INTO parent (name) VALUES ('c')",
    "INSERT INTO child (parent, note) VALUES (3, 'x'), (1, 'y')",
    "UPDATE parent SET name = 'changed' WHERE id = 1",
)


@pytest.fixture
def small(postgres_server):
    """A function: runs statements in a copy of a small database, and tells which database it was and what it held."""
    name = f"small_{time.monotonic_ns()}"
    postgres_server.sql(f"CREATE DATABASE {name} TEMPLATE template0")
    with psycopg.connect(postgres_server.url(name), autocommit=True) as template:
        for statement in SMALL:
            template.execute(statement)
    postgres_server.keep_template(name)

    def use(*statements):
        with postgres_server.database(later=True) as url:
            postgres_server.create(url, lambda: name)
            left_open = psycopg.connect(url, autocommit=True)
            which = left_open.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            held = left_open.execute("TABLE parent").fetchall(), left_open.execute("TABLE child").fetchall()
            for statement in statements:
                left_open.execute(statement)
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")
        return which, held

    return use


@pytest.mark.postgresql
def test_a_database_goes_back_to_its_beginning_for_the_next_test(small):
    first = small(*WRITTEN)
    assert first[1] == ([(1, "a"), (2, "b")], [])
    assert small(*WRITTEN) == first, "the same one, with its rows and the places of its sequences"
    assert small("DELETE FROM child", "ALTER TABLE child ADD COLUMN more text") == first
    other = small()
    assert other[0] != first[0], "one whose tables were changed is not used again"
    assert other[1] == first[1]
