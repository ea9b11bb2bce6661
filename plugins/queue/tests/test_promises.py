"""Waits promised at issue: what they are worked out from, what is printed, and what finished days teach overnight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yichuang_queue import tables as t
from yichuang_queue.operations.estimates import FRESH_SECONDS

from .conftest import MANAGER, clerk
from .test_operations import issue

ONE, TWO = clerk(1, "A01"), clerk(2, "A02")


@pytest.fixture
def desks(suite):
    suite.run(ONE, "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    suite.run(TWO, "queue.open_desk", {"desk": "A02", "lines": ["A", "B"]})
    return suite


def serve(suite, actor, clock, minutes):
    ticket = suite.run(actor, "queue.call_next", {"desk": actor.desk})
    clock.move(minutes=minutes)
    suite.run(actor, "queue.finish", {"desk": actor.desk, "ticket_id": ticket.id})
    return ticket


def test_nobody_waits_while_a_desk_is_free(desks):
    assert issue(desks).promised_seconds == 0


def test_without_an_open_desk_nothing_is_promised(suite):
    ticket = issue(suite)
    assert (ticket.promised_seconds, ticket.promised_low, ticket.promised_high) == (None, None, None)
    assert suite.query(ONE, "queue.line_states")[0].predicted_seconds is None


def test_the_more_wait_the_longer_is_promised(desks):
    promised = [issue(desks) for _ in range(8)]
    seconds = [ticket.promised_seconds for ticket in promised]
    assert seconds == sorted(seconds)
    assert seconds[-1] > seconds[2] > 0
    assert all(each.promised_low <= each.promised_seconds <= each.promised_high for each in promised)


def test_shorter_services_of_today_shorten_what_is_promised(desks, clock):
    for _ in range(12):
        issue(desks)
        serve(desks, ONE, clock, 2)
    for _ in range(2):
        issue(desks)
    desks.run(ONE, "queue.call_next", {"desk": "A01"})
    desks.run(TWO, "queue.call_next", {"desk": "A02"})
    clock.move(seconds=FRESH_SECONDS + 1)
    quick = issue(desks, "A").promised_seconds
    slow = issue(desks, "B").promised_seconds
    assert 0 < quick < slow


def test_a_desk_that_opens_is_counted_at_once(desks, clock):
    for _ in range(6):
        issue(desks)
    before = issue(desks).promised_seconds
    for number in (3, 4):
        desks.run(clerk(number, f"A0{number}"), "queue.open_desk", {"desk": f"A0{number}", "lines": ["A"]})
    assert issue(desks).promised_seconds < before


def test_what_was_known_is_kept_with_the_issue(desks):
    ticket = issue(desks, priority="elderly")
    with desks.database.read() as reader:
        row = reader.one(t.event.select().where(t.event.c.ticket_id == ticket.id, t.event.c.act == "issue"))
    known = row.detail["situation"]
    assert (known["line"], known["ahead"], known["present"], known["priority"]) == ("A", 0, 2, True)
    assert known["minute"] == 9 * 60


def test_finished_days_are_learned_from_once(desks, clock):
    for _ in range(40):
        issue(desks)
        issue(desks)
        serve(desks, ONE, clock, 3)
        serve(desks, TWO, clock, 3)
    assert not desks.query(ONE, "queue.is_due")
    clock.move(days=1)
    assert desks.query(ONE, "queue.is_due")
    assert desks.run(MANAGER, "queue.tick").learned
    assert not desks.run(MANAGER, "queue.tick").learned
    assert not desks.query(ONE, "queue.is_due")
    with desks.database.read() as reader:
        (row,) = reader.all(t.calibration.select())
    assert row.day == (clock.now - timedelta(days=1)).date()
    assert row.data["tickets"] > 0
    assert row.data["usual_service"]["A"] == pytest.approx(180, abs=5)


def test_a_person_sees_the_wait_shrink(desks, clock):
    for _ in range(3):
        issue(desks)
    mine = desks.run(MANAGER, "queue.take", {"line": "A"})
    first = desks.query(ONE, "queue.my_ticket", {"token": mine.token})
    assert (first.ahead, first.wait_seconds) == (3, mine.ticket.promised_seconds)
    serve(desks, ONE, clock, 1)
    serve(desks, ONE, clock, 1)
    desks.run(TWO, "queue.call_next", {"desk": "A02"})
    clock.move(seconds=FRESH_SECONDS + 1)
    assert desks.query(ONE, "queue.my_ticket", {"token": mine.token}).ahead == 0


def test_nobody_is_before_whoever_a_desk_was_told_to_call_next(desks):
    mine = desks.run(MANAGER, "queue.take", {"line": "A"})
    at = {"desk": "A01", "ticket_id": mine.ticket.id}
    desks.run(ONE, "queue.call_next", {"desk": "A01"})
    desks.run(ONE, "queue.transfer", {**at, "to_desk": "A02"})
    assert desks.query(ONE, "queue.my_ticket", {"token": mine.token}).ahead == 0
