"""Issuing and calling on both databases: nobody twice, nobody lost, every bad state refused and nothing changed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

from yichuang.api import IntegrityError, UserError
from yichuang_queue import tables as t

from .conftest import DESKS, MANAGER, clerk


def rows(suite):
    tables = ("queue_line", "queue_desk", "queue_ticket", "queue_event", "core_journal", "core_counter")
    with suite.database.read() as reader:
        return {
            name: [tuple(r) for r in reader.all(text(f"SELECT * FROM {name} ORDER BY 1"))] for name in tables
        }


def refused(suite, actor, name, request):
    before = rows(suite)
    with pytest.raises(UserError) as error:
        suite.run(actor, name, request)
    assert rows(suite) == before
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]
    return error.value.code


@pytest.fixture
def at_desk(suite):
    person = clerk(1, "A01")
    suite.run(person, "queue.open_desk", {"desk": "A01"})
    return person


def issue(suite, line="A", **more):
    return suite.run(MANAGER, "queue.issue", {"line": line, **more})


def test_a_ticket_from_issue_to_finish(suite, at_desk, clock):
    ticket = issue(suite, person="苏日娜")
    assert (ticket.number, ticket.person, ticket.state) == ("A001", "苏*娜", "waiting")
    called = suite.run(at_desk, "queue.call_next", {"desk": "A01"})
    assert (called.id, called.state, called.desk, called.calls) == (ticket.id, "called", "A01", 1)
    one = {"desk": "A01", "ticket_id": ticket.id}
    assert suite.run(at_desk, "queue.arrive", one).state == "serving"
    clock.move(minutes=5)
    assert suite.run(at_desk, "queue.finish", one).state == "done"
    with suite.database.read() as reader:
        acts = [row.act for row in reader.all(select(t.event.c.act).order_by(t.event.c.id))]
    assert acts == ["issue", "call", "arrive", "finish"]
    assert suite.run(at_desk, "queue.call_next", {"desk": "A01"}) is None


def test_priority_is_a_credit(suite, at_desk, clock):
    first = issue(suite)
    clock.move(minutes=10)
    elder = issue(suite, priority="elderly")
    clock.move(minutes=10)
    late = issue(suite, priority="elderly")
    order = []
    for _ in range(3):
        ticket = suite.run(at_desk, "queue.call_next", {"desk": "A01"})
        order.append(ticket.id)
        suite.run(at_desk, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    assert order == [elder.id, first.id, late.id]


def test_every_bad_state_is_refused_with_a_sentence(suite, at_desk, clock):
    other = clerk(2, "A02")
    assert refused(suite, other, "queue.call_next", {"desk": "A02"}) == "DESK_CLOSED"
    assert refused(suite, other, "queue.call_next", {"desk": "A01"}) == "DESK_TAKEN"
    assert refused(suite, other, "queue.open_desk", {"desk": "A01"}) == "DESK_TAKEN"
    assert refused(suite, other, "queue.open_desk", {"desk": "Z99"}) == "UNKNOWN_DESK"
    assert refused(suite, other, "queue.open_desk", {"desk": "A02", "lines": ["X"]}) == "UNKNOWN_LINE"
    assert refused(suite, MANAGER, "queue.issue", {"line": "X"}) == "UNKNOWN_LINE"
    assert refused(suite, at_desk, "queue.set_desk", {"desk": "A01", "state": "paused"}) == "REASON_MISSING"
    first, second = issue(suite), issue(suite)
    suite.run(at_desk, "queue.call_next", {"desk": "A01"})
    one = {"desk": "A01", "ticket_id": first.id}
    assert suite.run(at_desk, "queue.call_next", {"desk": "A01"}).id == first.id, (
        "a double press is one press"
    )
    clock.move(seconds=6)
    assert refused(suite, at_desk, "queue.call_next", {"desk": "A01"}) == "TICKET_OPEN"
    assert refused(suite, at_desk, "queue.set_desk", {"desk": "A01", "state": "closed"}) == "TICKET_OPEN"
    assert refused(suite, at_desk, "queue.arrive", {"desk": "A01", "ticket_id": second.id}) == "ILLEGAL_ACT"
    for _ in range(2):
        suite.run(at_desk, "queue.recall", one)
        assert refused(suite, at_desk, "queue.recall", one) in ("TOO_SOON", "RECALL_LIMIT")
        clock.move(seconds=6)
    assert refused(suite, at_desk, "queue.recall", one) == "RECALL_LIMIT"
    suite.run(at_desk, "queue.pass", one)
    clock.move(seconds=11)
    assert refused(suite, at_desk, "queue.undo_pass", one) == "TOO_LATE"
    assert refused(suite, at_desk, "queue.finish", one) == "ILLEGAL_ACT"


def test_a_pass_is_undone_in_time_or_restored_later(suite, at_desk, clock):
    ticket = issue(suite)
    suite.run(at_desk, "queue.call_next", {"desk": "A01"})
    one = {"desk": "A01", "ticket_id": ticket.id}
    suite.run(at_desk, "queue.pass", one)
    assert suite.run(at_desk, "queue.undo_pass", one).state == "called"
    suite.run(at_desk, "queue.pass", one)
    clock.move(minutes=3)
    later = issue(suite)
    assert suite.run(MANAGER, "queue.restore", {"ticket_id": ticket.id}).state == "waiting"
    assert suite.run(at_desk, "queue.call_next", {"desk": "A01"}).id == later.id


def test_transfer_needs_a_desk_that_serves_the_line(suite, clock):
    person = clerk(1, "A01")
    suite.run(person, "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    ticket = issue(suite)
    suite.run(person, "queue.call_next", {"desk": "A01"})
    one = {"desk": "A01", "ticket_id": ticket.id, "line": "B"}
    assert refused(suite, person, "queue.transfer", one) == "NOBODY_SERVES"
    other = clerk(2, "A02")
    suite.run(other, "queue.open_desk", {"desk": "A02", "lines": ["B"]})
    moved = suite.run(person, "queue.transfer", one)
    assert (moved.line, moved.state, moved.came_from) == ("B", "waiting", "A01")
    assert suite.run(other, "queue.call_next", {"desk": "A02"}).id == ticket.id


def test_a_series_past_its_end_and_a_line_in_use(suite):
    for _ in range(3):
        issue(suite, "B")
    assert refused(suite, MANAGER, "queue.issue", {"line": "B"}) == "SERIES_ENDED"
    only = {"lines": [{"code": "A", "name": "综合", "prefix": "A"}]}
    assert refused(suite, MANAGER, "queue.set_lines", only) == "LINE_IN_USE"


def test_a_retry_answers_with_the_same_ticket(suite, at_desk):
    issue(suite)
    issue(suite)
    first = suite.run(at_desk, "queue.call_next", {"desk": "A01"}, "press-1")
    assert suite.run(at_desk, "queue.call_next", {"desk": "A01"}, "press-1") == first


def test_the_schema_refuses_a_second_open_call(suite, at_desk):
    issue(suite)
    suite.run(at_desk, "queue.call_next", {"desk": "A01"})
    second = issue(suite)
    with pytest.raises(IntegrityError), suite.database.write() as writer:
        writer.execute(t.ticket.update().where(t.ticket.c.id == second.id).values(state="called", desk="A01"))


def test_events_cannot_be_changed(suite):
    issue(suite)
    with pytest.raises(Exception, match="append-only"), suite.database.write() as writer:
        writer.execute(text("DELETE FROM queue_event"))


def test_many_desks_at_once_call_nobody_twice_and_lose_nobody(suite, clock):
    tickets = {issue(suite).id for _ in range(60)}
    called: list[int] = []
    errors: list[Exception] = []
    lock = threading.Lock()

    def work(number: int, desk: str) -> None:
        person = clerk(number, desk)
        try:
            suite.run(person, "queue.open_desk", {"desk": desk})
            while (ticket := suite.run(person, "queue.call_next", {"desk": desk})) is not None:
                with lock:
                    called.append(ticket.id)
                suite.run(person, "queue.finish", {"desk": desk, "ticket_id": ticket.id})
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i, desk)) for i, desk in enumerate(DESKS, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(called) == sorted(tickets)


def test_many_kiosks_at_once_issue_every_number_once(suite):
    numbers: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(20):
            ticket = issue(suite)
            with lock:
                numbers.append(ticket.number)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"A{n:03d}" for n in range(1, 81)]


def test_the_views_say_what_is_so(suite, at_desk, clock):
    issue(suite)
    issue(suite)
    suite.run(at_desk, "queue.call_next", {"desk": "A01"})
    view = suite.query(at_desk, "queue.caller", {"desk": "A01"})
    assert (view.current.number, view.waiting_count, [w.number for w in view.waiting]) == (
        "A001",
        1,
        ["A002"],
    )
    states = {s.code: s for s in suite.query(at_desk, "queue.line_states")}
    assert (states["A"].waiting, states["A"].desks) == (1, 1)
    assert suite.query(at_desk, "queue.ticket", {"number": "a002"}).state == "waiting"
    assert suite.query(at_desk, "queue.badge") == 1
