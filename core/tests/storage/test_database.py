"""Databases: one transaction or nothing, patience with other writers, clear words for what is the machine's fault."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import Column, Integer, Table, Text, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from yichuang.hall.errors import UserError
from yichuang.storage import blobs, migrate
from yichuang.storage.database import Database
from yichuang.storage.prepared import prepare
from yichuang.storage.schema import Json, UtcDateTime, canonical_json, metadata

meta = metadata("thing")
thing = Table(
    "thing_thing", meta, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False, unique=True),
    Column("body", Json, default=dict), Column("at", UtcDateTime),
)  # fmt: skip


@pytest.fixture
def database(database_url):
    opened = Database.open(database_url)
    migrate.migrate(opened, migrate.CORE)
    with opened.write() as writer:
        meta.create_all(writer.connection)
    yield opened
    opened.close()


def test_many_rows_have_their_keys_in_the_order_in_which_they_were_given(database):
    names = [f"{n * 7919 % 1000:03d}" for n in range(1000)]
    with database.write() as writer:
        keys = writer.insert_many(thing, [{"name": name} for name in names])
        assert writer.insert_many(thing, []) == []
    with database.read() as reader:
        found = {row.id: (row.name, row.body) for row in reader.all(select(thing).limit(2000))}
    assert [found[key] for key in keys] == [(name, {}) for name in names]
    with pytest.raises(IntegrityError), database.write() as writer:
        writer.insert_many(thing, [{"name": "new"}, {"name": "000"}])
    with database.read() as reader:
        assert len(reader.all(select(thing).limit(2000))) == 1000


def test_what_is_written_is_read_as_the_same_value(database):
    from datetime import UTC, datetime, timedelta, timezone

    moment = datetime(2026, 3, 17, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.write() as writer:
        key = writer.insert(thing, name="甲", body={"b": [1, "二"]}, at=moment)
    by_id = prepare(select(thing).where(thing.c.id == bindparam("id")))
    with database.read() as reader:
        row = reader.one(by_id, id=key)
        slow = reader.one(select(thing).where(thing.c.id == key))
    assert (row.name, row.body, row.at) == ("甲", {"b": [1, "二"]}, moment)
    assert tuple(row) == tuple(slow)
    assert row.at.tzinfo == UTC


def test_an_insert_fills_defaults_in(database):
    with database.write() as writer:
        key = writer.insert(thing, name="a")
        assert writer.scalar(select(thing.c.body).where(thing.c.id == key)) == {}
        whole = writer.insert_row(thing, name="b")
        assert (whole.id, whole.name, whole.body, whole.at) == (key + 1, "b", {}, None)


def test_a_moment_without_a_zone_is_a_bug(database):
    from datetime import datetime

    with pytest.raises(ValueError, match="time zone"), database.write() as writer:
        writer.insert(thing, name="a", at=datetime(2026, 1, 1))


def test_a_block_that_raises_leaves_nothing(database):
    with pytest.raises(IntegrityError), database.write() as writer:
        for name in ("a", "b", "a"):
            writer.insert(thing, name=name)
    with database.read() as reader:
        assert reader.all(select(thing)) == []


def test_a_savepoint_takes_back_only_itself(database):
    with database.write() as writer:
        writer.insert(thing, name="kept")
        with pytest.raises(IntegrityError), writer.savepoint():
            for name in ("gone", "kept"):
                writer.insert(thing, name=name)
    with database.read() as reader:
        assert [row.name for row in reader.all(select(thing))] == ["kept"]


def test_read_then_write_from_many_threads_loses_no_update(database):
    with database.write() as writer:
        writer.insert(thing, name="count", body={"n": 0})
    errors = []

    def work() -> None:
        for _ in range(20):
            try:
                with database.write() as writer:
                    row = writer.one(select(thing).where(thing.c.name == "count").with_for_update())
                    writer.execute(
                        thing.update().where(thing.c.id == row.id).values(body={"n": row.body["n"] + 1})
                    )
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.read() as reader:
        assert reader.scalar(select(thing.c.body)) == {"n": 160}


def test_a_reader_sees_one_moment(database):
    with database.write() as writer:
        writer.insert(thing, name="a")
    with database.read() as reader:
        before = len(reader.all(select(thing)))
        with database.write() as writer:
            writer.insert(thing, name="b")
        assert len(reader.all(select(thing))) == before


def test_a_snapshot_is_a_new_one_also_after_one_that_failed_or_was_left_half_read(database):
    def known() -> int:
        with database.read() as reader:
            return reader.scalar(select(func.count()).select_from(thing))

    for text in ("a", "b", "c"):
        with database.write() as writer:
            writer.insert(thing, name=text)
    with pytest.raises(RuntimeError), database.read() as reader:
        rows = reader.connection.execute(select(thing))
        assert rows.fetchone() is not None
        raise RuntimeError("the reader changed its mind")
    with database.write() as writer:
        writer.insert(thing, name="d")
    assert known() == 4


def test_more_readers_than_are_kept_and_one_that_outlives_the_closing(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'hall.db'}")
    with database.write() as writer:
        meta.create_all(writer.connection)
    count = select(func.count()).select_from(thing)
    with ExitStack() as many:
        readers = [many.enter_context(database.read()) for _ in range(20)]
        assert [reader.scalar(count) for reader in readers] == [0] * 20
    with database.read() as reader:
        database.close()
        assert reader.scalar(count) == 0
    with database.write() as writer:
        writer.insert(thing, name="a")
    with database.read() as reader:
        assert reader.scalar(count) == 1
    database.close()


def test_a_list_in_a_prepared_statement_is_refused(database):
    statement = prepare(select(thing).where(thing.c.name.in_(["a", "b"])))
    with pytest.raises(TypeError, match="or_"), database.read() as reader:
        reader.one(statement)


def test_another_program_holding_the_file_is_waited_for_and_then_named(tmp_path, monkeypatch):
    from yichuang.storage import sqlite as module

    path = tmp_path / "hall.sqlite"
    database = Database.open(f"sqlite:///{path}")
    migrate.migrate(database, migrate.CORE)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
    start = time.monotonic()
    with database.write():
        assert time.monotonic() - start >= 0.2
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(module, "BUSY_LIMIT_SECONDS", 0.2)
    with pytest.raises(UserError) as refused, database.write():
        pass
    assert refused.value.code == "DATABASE_BUSY"
    other.close()
    database.close()


def test_blobs_are_kept_once_and_checked(database):
    with database.write() as writer:
        digest = blobs.put_blob(writer, b"paper", "text/plain")
        assert blobs.put_blob(writer, b"paper", "text/plain") == digest
        assert blobs.get_blob(writer, digest) == b"paper"
        writer.execute(blobs.blob.update().where(blobs.blob.c.digest == digest).values(data=b"other"))
        with pytest.raises(UserError) as refused:
            blobs.get_blob(writer, digest)
    assert refused.value.code == "FILE_DAMAGED"


def test_a_sealed_blob_has_the_name_of_what_it_holds(database):
    def turned(data: bytes, digest: str) -> bytes:
        return bytes(byte ^ int(digest[:2], 16) for byte in data)

    with database.write() as writer:
        digest = blobs.put_blob(writer, b"scan", "image/png", turned)
        assert blobs.put_blob(writer, b"scan", "image/png") == digest, "it is kept once, as it was kept first"
        assert blobs.get_blob(writer, digest, turned) == b"scan"
        with pytest.raises(UserError) as refused:
            blobs.get_blob(writer, digest)
    assert refused.value.code == "FILE_DAMAGED"


@pytest.mark.parametrize(("data", "code"), [(b"", "FILE_EMPTY"), (b"x" * (64 * 2**20 + 1), "FILE_TOO_LARGE")])
def test_a_bad_file_is_refused(database, data, code):
    with pytest.raises(UserError) as refused, database.write() as writer:
        blobs.put_blob(writer, data, "text/plain")
    assert refused.value.code == code


def test_migrating_twice_does_nothing_and_a_newer_database_is_refused(database):
    assert migrate.migrate(database, migrate.CORE) == []
    older = migrate.Chain("core", "yichuang.storage", "0000")
    with pytest.raises(UserError) as refused:
        migrate.migrate(database, older)
    assert refused.value.code == "DATABASE_NEWER"


def test_an_unknown_address_is_refused():
    with pytest.raises(UserError) as refused:
        Database.open("mysql://localhost/hall")
    assert refused.value.code == "UNKNOWN_DATABASE"


def test_canonical_json_does_not_depend_on_order():
    assert canonical_json({"b": 1, "a": {"d": None, "c": "蒙"}}) == '{"a":{"c":"蒙","d":null},"b":1}'


def test_one_row_is_updated_and_answered_as_it_is_now(database):
    with database.write() as writer:
        key = writer.insert(thing, name="a", body={"n": 1})
        assert writer.update(thing, {"id": key}, body={"n": 2}).body == {"n": 2}
        assert writer.update(thing, {"id": key, "name": "b"}, body={"n": 3}) is None
        assert writer.update(thing, {"id": key}, name="b", at=None).name == "b"
    with database.read() as reader:
        assert [(row.name, row.body, row.at) for row in reader.all(select(thing))] == [("b", {"n": 2}, None)]
