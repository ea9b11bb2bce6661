"""The one path: permission, request, one transaction, journal row, keys, clock; an error changes nothing."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from yichuang.hall.errors import UserError
from yichuang.identity.actor import Actor
from yichuang.journal.entries import all_entries, entries_about
from yichuang.operations.model import Private, Request

from .conftest import READER, WRITER

TABLES = ("core_counter", "core_blob", "core_journal", "core_operation_key")


def contents(database):
    with database.read() as reader:
        return {
            table: [tuple(row) for row in reader.all(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
            for table in TABLES
        }


def test_an_operation_writes_its_row_with_who_where_what(executor, database):
    assert executor.run(WRITER, "test.add", {"name": "a", "secret": "hidden"}) == 1
    with database.read() as reader:
        extra, own = entries_about(reader, "thing:1")
    assert (extra.event, own.event) == ("test.extra", "test.add")
    assert (own.account, own.agency, own.desk) == ("writer", "A", "A01")
    assert own.detail == {"name": "a", "amount": None, "tags": [], "form": {}}


def test_many_journal_rows_are_like_single_ones_and_in_order(executor, database):
    executor.run(WRITER, "test.tell_many")
    with database.read() as reader:
        *told, own = all_entries(reader)
    assert [(each.subject, each.detail) for each in told] == [(f"thing:{n}", {"n": n}) for n in range(4)]
    assert {(each.event, each.account, each.agency, each.desk, each.at, each.turn) for each in told} == {
        ("test.told", own.account, own.agency, own.desk, own.at, own.turn)
    }
    assert own.subject == "thing:all"


def test_private_fields_stay_out_of_the_journal_at_any_depth():
    class Inner(Request):
        code: Private
        name: str

    class Outer(Request):
        one: Inner
        more: tuple[Inner, ...]

    inner = {"code": "150421199003072415", "name": "n"}
    detail = Outer(one=Inner(**inner), more=(Inner(**inner),)).journal_detail()
    assert detail == {"one": {"name": "n"}, "more": [{"name": "n"}]}


@pytest.mark.parametrize("name", ["refuse", "break"])
def test_an_error_changes_nothing(executor, database, name):
    executor.run(WRITER, "test.add", {"name": "a"}, key="first")
    before = contents(database)
    with pytest.raises((UserError, RuntimeError)):
        executor.run(WRITER, "test.add", {"name": name}, key="second")
    assert contents(database) == before


def test_a_nested_operation_shares_the_transaction(executor, database):
    assert executor.run(WRITER, "test.add_twice", {"name": "b"}) == [1, 2]
    before = contents(database)
    with pytest.raises(UserError, match="refused"):
        executor.run(WRITER, "test.add_twice", {"name": "refuse"})
    assert contents(database) == before


def test_what_follows_a_query_is_done_before_its_answer_and_by_whoever_may_only_read(executor, database):
    assert executor.query(READER, "test.watched", {"name": "seen"}) == "seen"
    with database.read() as reader:
        (row,) = [e for e in all_entries(reader) if e.event == "test.add"]
    assert (row.account, row.detail["name"]) == ("reader", "seen")
    before = contents(database)
    for name, error in (("refuse", UserError), ("break", RuntimeError)):
        with pytest.raises(error):  # no answer without its row
            executor.query(READER, "test.watched", {"name": name})
        with pytest.raises(error):
            executor.run(WRITER, "test.ask_watched", {"name": name})
    assert contents(database) == before
    assert executor.run(WRITER, "test.ask_watched", {"name": "inside"}) == "inside"
    with database.read() as reader:
        told = [e.event for e in all_entries(reader)][-3:]
    assert told == ["test.extra", "test.add", "test.ask_watched"], "in the transaction that asked"


@pytest.mark.parametrize(("actor", "code"), [(READER, "NOT_PERMITTED"), (Actor.nobody(), "NOT_SIGNED_IN")])
def test_permission_is_checked_in_the_operation(executor, database, actor, code):
    before = contents(database)
    with pytest.raises(UserError) as refused:
        executor.run(actor, "test.add", {"name": "a"})
    assert refused.value.code == code
    assert contents(database) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, "BAD_REQUEST"),
        ({"name": 5}, "BAD_REQUEST"),
        ({"name": "a", "unknown": 1}, "BAD_REQUEST"),
        ({"name": "x" * 5000}, "BAD_REQUEST"),
        ({"name": "a\x00b"}, "BAD_TEXT"),
        ({"name": "a\x1b[31m"}, "BAD_TEXT"),
        ({"name": "\x85"}, "BAD_TEXT"),
        ({"name": "a", "amount": 10**30}, "BAD_REQUEST"),
        ({"name": "a", "tags": ["fine", "\x07"]}, "BAD_TEXT"),
        ({"name": "a", "form": {"k": "\x07"}}, "BAD_TEXT"),
    ],
)
def test_a_bad_request_is_refused_in_two_languages(executor, database, request_, code):
    before = contents(database)
    with pytest.raises(UserError) as refused:
        executor.run(WRITER, "test.add", request_)
    assert refused.value.code == code
    chinese, english = refused.value.as_dict("zh_CN"), refused.value.as_dict("en")
    assert chinese["sentence"] != english["sentence"]
    assert any("\u4e00" <= c <= "\u9fff" for c in str(chinese["sentence"]))
    assert contents(database) == before


def test_the_same_key_gives_the_same_answer_once(executor, database):
    assert executor.run(WRITER, "test.add", {"name": "a"}, key="k") == 1
    before = contents(database)
    assert executor.run(WRITER, "test.add", {"name": "a"}, key="k") == 1
    assert contents(database) == before


def test_a_key_belongs_to_one_operation_and_person(executor):
    executor.run(WRITER, "test.add", {"name": "a"}, key="k")
    other = Actor(3, "other", "Other", "A", permissions=WRITER.permissions)
    for actor, name in ((other, "test.add"), (WRITER, "test.add_twice")):
        with pytest.raises(UserError) as refused:
            executor.run(actor, name, {"name": "a"}, key="k")
        assert refused.value.code == "KEY_REUSED"


def test_a_clock_behind_the_journal_is_refused(executor, database, clock):
    executor.run(WRITER, "test.add", {"name": "a"})
    before = contents(database)
    clock.now = clock.now.replace(hour=0)
    with pytest.raises(UserError) as refused:
        executor.run(WRITER, "test.add", {"name": "a"})
    assert refused.value.code == "CLOCK_BEHIND"
    assert contents(database) == before


def test_a_query_only_reads_and_an_operation_is_no_query(executor):
    executor.run(WRITER, "test.add", {"name": "a"})
    assert executor.query(READER, "test.last") == 1
    for ask, name in ((executor.run, "test.last"), (executor.query, "test.add")):
        with pytest.raises(UserError) as refused:
            ask(WRITER, name, {})
        assert refused.value.code in {"WRONG_KIND", "BAD_REQUEST"}


def test_threads_lose_nothing_and_repeat_nothing(executor, database):
    numbers: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(25):
            number = executor.run(WRITER, "test.add", {"name": "t"})
            with lock:
                numbers.append(number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 201))
    with database.read() as reader:
        assert sum(entry.event == "test.add" for entry in all_entries(reader)) == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    request_=st.dictionaries(
        st.sampled_from(["name", "secret", "other"]),
        st.one_of(st.text(max_size=20), st.integers(), st.none()),
    )
)
def test_whatever_is_asked_an_error_leaves_the_database_as_it_was(executor, database, request_):
    before = contents(database)
    try:
        executor.run(WRITER, "test.add", request_)
    except (UserError, RuntimeError):
        assert contents(database) == before


def test_the_feed_tells_rows_in_commit_order_also_of_others(executor, database):
    told: list[str] = []
    executor.feed.subscribe(lambda entries: told.extend(e.event for e in entries))
    executor.run(WRITER, "test.add", {"name": "a"})
    executor.feed.drain()
    assert told == ["test.extra", "test.add"]
    executor.feed.drain()
    assert len(told) == 2


def test_the_feed_wakes_by_itself(executor, database_url, clock):
    from yichuang.operations.executor import Executor
    from yichuang.storage.database import Database

    heard = threading.Event()
    executor.feed.subscribe(lambda entries: heard.set())
    executor.feed.start()
    other_database = Database.open(database_url)
    other = Executor(other_database, executor.registry, None, clock)  # type: ignore[arg-type]  # nothing here asks a hook
    other.run(WRITER, "test.add", {"name": "a"})
    assert heard.wait(5)
    other.close()
    other_database.close()


def test_an_operation_that_was_slow_gets_a_transaction_of_its_own_until_it_is_fast(executor, monkeypatch):
    from yichuang.operations import executor as module

    asked = []
    write = executor.database.write
    monkeypatch.setattr(
        executor.database, "write", lambda *, alone: asked.append(alone) or write(alone=alone)
    )
    for limit in (-1.0, -1.0, 60.0, 60.0):
        monkeypatch.setattr(module, "SLOW_SECONDS", limit)
        executor.run(WRITER, "test.add", {"name": "a"})
    assert asked == [False, True, True, False]
