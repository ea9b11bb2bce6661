"""Giving out tickets: the kiosk's tree and its quotas, numbers in hand for a kiosk, appointments checked in."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from yichuang.api import UserError, hall, select
from yichuang_queue import tables as t
from yichuang_queue.operations import issuing

from .conftest import MANAGER, TREE, citizen, clerk
from .test_operations import refused


def test_the_tree_is_kept_in_its_order(tree):
    rows = tree.query(MANAGER, "queue.businesses")
    assert [(row.code, row.parent, row.line) for row in rows] == [
        ("g", "", ""), ("g.1", "g", "A"), ("g.2", "g", "A"), ("h", "", "B"),
    ]  # fmt: skip
    tree.run(MANAGER, "queue.set_businesses", {"businesses": TREE[:2]})
    assert [row.code for row in tree.query(MANAGER, "queue.businesses")] == ["g", "g.1"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([TREE[0]], "LINE_MISSING"),
        ([TREE[1]], "UNKNOWN_PARENT"),
        ([TREE[3], TREE[3]], "BUSINESS_TWICE"),
        ([{**TREE[3], "line": "Z"}], "UNKNOWN_LINE"),
    ],
)
def test_a_wrong_tree_is_refused(suite, rows, code):
    assert refused(suite, MANAGER, "queue.set_businesses", {"businesses": rows}) == code


def test_a_leaf_is_taken_with_what_is_printed_on_the_ticket(tree):
    first = tree.run(MANAGER, "queue.take", {"business": "g.1", "kiosk": "K1", "person": "苏日娜"})
    second = tree.run(MANAGER, "queue.take", {"business": "g.1", "kiosk": "K1"})
    assert (first.ticket.number, first.ticket.business, first.ticket.person) == ("A001", "养老保险", "苏*娜")
    assert (first.ahead, second.ahead, second.line_name) == (0, 1, "综合")
    assert first.token != second.token
    assert len(first.token) >= 16
    mine = tree.query(clerk(5, permissions=frozenset()), "queue.my_ticket", {"token": second.token})
    assert (mine.number, mine.ahead, mine.state) == ("A002", 1, "waiting")
    assert refused_query(tree, "queue.my_ticket", {"token": "x" * 16}) == "UNKNOWN_TICKET"


def refused_query(suite, name, request):
    with pytest.raises(UserError) as error:
        suite.query(MANAGER, name, request)
    return error.value.code


def test_quotas_of_a_day_and_a_half_day(tree, clock):
    for _ in range(3):
        tree.run(MANAGER, "queue.issue", {"business": "g.1"})
    assert refused(tree, MANAGER, "queue.issue", {"business": "g.1"}) == "QUOTA_FULL"
    tree.run(MANAGER, "queue.issue", {"business": "g.2"})
    assert refused(tree, MANAGER, "queue.issue", {"business": "g.2"}) == "QUOTA_FULL"
    clock.move(hours=5)
    assert tree.run(MANAGER, "queue.issue", {"business": "g.2"}).number == "A005", "a refusal takes no number"
    clock.move(days=1)
    assert tree.run(MANAGER, "queue.issue", {"business": "g.1"}).number == "A001"


def test_a_quota_of_a_slot_is_free_again_in_the_next_one(tree, clock):
    tree.run(
        MANAGER, "queue.set_businesses", {"businesses": [{**TREE[3], "quota_slot": 1, "slot_minutes": 30}]}
    )
    tree.run(MANAGER, "queue.issue", {"business": "h"})
    assert refused(tree, MANAGER, "queue.issue", {"business": "h"}) == "QUOTA_FULL"
    clock.move(minutes=30)
    assert tree.run(MANAGER, "queue.issue", {"business": "h"}).number == "B002"


def test_a_further_business_counts_towards_its_quotas(tree, clock):
    first = tree.run(MANAGER, "queue.issue", {"business": "h", "further": ["g.2"]})
    assert first.further == [["A", "失业保险"]]
    assert refused(tree, MANAGER, "queue.issue", {"business": "h", "further": ["g.2"]}) == "QUOTA_FULL"
    assert refused(tree, MANAGER, "queue.issue", {"business": "g.2"}) == "QUOTA_FULL"
    clock.move(hours=5)
    lease = tree.run(MANAGER, "queue.lease", {"kiosk": "K1", "line": "B", "count": 1})
    offline = {
        "number": lease.numbers[0],
        "issued_at": clock.now.isoformat(),
        "business": "h",
        "further": ["g.2"],
    }
    tree.run(MANAGER, "queue.merge", {"kiosk": "K1", "line": "B", "tickets": [offline]})
    assert refused(tree, MANAGER, "queue.issue", {"business": "g.2"}) == "QUOTA_FULL", "offline as well"


def test_a_person_takes_so_many_tickets_a_day(tree):
    with tree.database.write() as writer:
        writer.insert(hall.setting, key="queue.tickets_of_person", value=1)
    tree.run(MANAGER, "queue.issue", {"business": "h", "code": citizen()})
    assert refused(tree, MANAGER, "queue.issue", {"line": "A", "code": citizen()}) == "ENOUGH_TICKETS"
    tree.run(MANAGER, "queue.issue", {"line": "A", "code": citizen(2)})
    assert (
        refused(tree, MANAGER, "queue.issue", {"line": "A", "code": "150421199003070000"}) == "BAD_CITIZEN_ID"
    )


def test_a_closed_or_unknown_business_gives_no_ticket(tree):
    tree.run(MANAGER, "queue.set_businesses", {"businesses": [{**TREE[3], "open": False}]})
    assert refused(tree, MANAGER, "queue.issue", {"business": "h"}) == "BUSINESS_CLOSED"
    assert refused(tree, MANAGER, "queue.issue", {"business": "nothing"}) == "UNKNOWN_BUSINESS"


# ---- numbers in hand while the database is away ----


def test_numbers_in_hand_are_merged_without_renumbering(suite, clock):
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    lease = suite.run(MANAGER, "queue.lease", {"kiosk": "K1", "line": "A", "count": 3})
    assert lease.numbers == ["A002", "A003", "A004"]
    assert suite.run(MANAGER, "queue.issue", {"line": "A"}).number == "A005"
    clock.move(minutes=10)
    given = [
        {"number": "A002", "issued_at": (clock.now - timedelta(minutes=6)).isoformat(), "business": "综合"},
        {
            "number": "A003",
            "issued_at": (clock.now - timedelta(minutes=5)).isoformat(),
            "priority": "elderly",
        },
    ]
    merge = {"kiosk": "K1", "line": "A", "tickets": given}
    merged = suite.run(MANAGER, "queue.merge", merge)
    assert [ticket.number for ticket in merged] == ["A002", "A003"]
    assert suite.run(MANAGER, "queue.merge", merge) == merged, "what was entered before is only answered"
    person = clerk(1, "A01")
    suite.run(person, "queue.open_desk", {"desk": "A01"})
    order = []
    while (ticket := suite.run(person, "queue.call_next", {"desk": "A01"})) is not None:
        order.append(ticket.number)
        suite.run(person, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    assert order == ["A003", "A001", "A005", "A002"], (
        "by the moment they were given out, priority people earlier"
    )


def test_only_leased_numbers_at_a_possible_time_are_merged(suite, clock):
    suite.run(MANAGER, "queue.lease", {"kiosk": "K1", "line": "A", "count": 2})
    now = clock.now.isoformat()

    def merge(kiosk="K1", **ticket):
        return refused(suite, MANAGER, "queue.merge", {"kiosk": kiosk, "line": "A", "tickets": [ticket]})

    assert merge(number="A009", issued_at=now) == "NOT_LEASED"
    assert merge("K2", number="A001", issued_at=now) == "NOT_LEASED"
    assert merge(number="A001", issued_at=(clock.now - timedelta(days=2)).isoformat()) == "BAD_TIME"
    assert merge(number="A001", issued_at=(clock.now + timedelta(hours=1)).isoformat()) == "BAD_TIME"
    assert refused(suite, MANAGER, "queue.lease", {"kiosk": "K1", "line": "B", "count": 4}) == "SERIES_ENDED"


# ---- appointments ----


def slot(tree, number=0, business="g.1", day="2026-03-17"):
    return tree.query(MANAGER, "queue.slots", {"business": business, "day": day})[number]


def book(tree, serial=1, number=0, **more):
    asked = {
        "business": "g.1",
        "begins_at": slot(tree, number).begins_at,
        "person": "苏日娜",
        "code": citizen(serial),
    }
    return {**asked, **more}


def test_a_seat_is_booked_checked_in_and_called_when_it_is_due(tree, clock):
    booked = tree.run(MANAGER, "queue.book", book(tree, phone="13804760000"))
    assert (booked.state, booked.person, booked.phone, len(booked.code)) == (
        "booked",
        "苏*娜",
        "138****0000",
        8,
    )
    assert slot(tree).free == 1
    assert refused(tree, MANAGER, "queue.check_in", {"code": citizen(2)}) == "NO_APPOINTMENT"
    clock.move(minutes=10)  # 09:10; the slot begins at 09:30
    for _ in range(2):
        tree.run(MANAGER, "queue.issue", {"line": "A"})
    issued = tree.run(MANAGER, "queue.check_in", {"code": citizen(1), "kiosk": "K1"})
    assert issued.ticket.due_at == booked.begins_at
    assert refused(tree, MANAGER, "queue.check_in", {"appointment": booked.code}) == "NO_APPOINTMENT", (
        "only once"
    )
    person = clerk(1, "A01")
    tree.run(person, "queue.open_desk", {"desk": "A01"})
    first = tree.run(person, "queue.call_next", {"desk": "A01"})
    assert first.number == "A001", "before its time an appointment waits like everybody"
    tree.run(person, "queue.finish", {"desk": "A01", "ticket_id": first.id})
    clock.move(minutes=11)
    assert tree.run(person, "queue.call_next", {"desk": "A01"}).number == issued.ticket.number


def test_a_missed_appointment_does_not_hide_the_next_one(tree, clock):
    tree.run(MANAGER, "queue.set_businesses", {"businesses": [*TREE[:3], {**TREE[3], "seats": 1}]})
    tree.run(MANAGER, "queue.book", book(tree))
    later = tree.run(MANAGER, "queue.book", book(tree, 1, 1, business="h"))
    clock.move(hours=1, minutes=50)  # 10:50; the first slot ended at 10:30, nothing has ticked since
    issued = tree.run(MANAGER, "queue.check_in", {"code": citizen(1)})
    assert (issued.ticket.business, issued.ticket.due_at) == ("税务", later.begins_at)
    assert refused(tree, MANAGER, "queue.check_in", {"code": citizen(1)}) == "TOO_LATE"


def test_two_kiosks_give_one_number_for_an_appointment(tree, clock, monkeypatch):
    tree.run(MANAGER, "queue.book", book(tree))
    clock.move(minutes=10)
    with tree.database.read() as read:
        seen = read.one(select(t.appointment))
    tree.run(MANAGER, "queue.check_in", {"code": citizen(1), "kiosk": "K1"})
    monkeypatch.setattr(
        issuing, "_appointment", lambda _work, _request: seen
    )  # as the other kiosk had read it
    assert refused(tree, MANAGER, "queue.check_in", {"code": citizen(1), "kiosk": "K2"}) == "NO_APPOINTMENT"
    assert tree.run(MANAGER, "queue.issue", {"line": "A"}).number == "A002", "and no number is lost"


def test_every_wrong_booking_is_refused(tree, clock):
    tree.run(MANAGER, "queue.book", book(tree, 1))
    assert refused(tree, MANAGER, "queue.book", book(tree, 1, 1)) == "BOOKED_TWICE"
    tree.run(MANAGER, "queue.book", book(tree, 2))
    assert refused(tree, MANAGER, "queue.book", book(tree, 3)) == "SLOT_FULL"
    assert refused(tree, MANAGER, "queue.book", book(tree, 3, business="h")) == "NO_APPOINTMENTS"
    assert (
        refused(tree, MANAGER, "queue.book", book(tree, 3, begins_at="2026-03-17T09:31:00")) == "NO_SUCH_SLOT"
    )
    assert (
        refused(tree, MANAGER, "queue.book", book(tree, 3, begins_at="2026-03-21T09:30:00")) == "NO_SUCH_SLOT"
    )
    assert (
        refused(tree, MANAGER, "queue.book", book(tree, 3, begins_at="2026-04-01T09:30:00"))
        == "TOO_FAR_AHEAD"
    )
    assert refused(tree, MANAGER, "queue.book", book(tree, 3, code="150421199003070000")) == "BAD_CITIZEN_ID"
    tree.run(MANAGER, "queue.book", {**book(tree, 4, 1)})
    assert refused(tree, MANAGER, "queue.check_in", {"code": citizen(4)}) == "TOO_EARLY"
    clock.move(hours=3)
    assert refused(tree, MANAGER, "queue.check_in", {"code": citizen(4)}) == "TOO_LATE"


def test_a_cancelled_seat_is_free_again(tree):
    one = tree.run(MANAGER, "queue.book", book(tree, 1))
    tree.run(MANAGER, "queue.book", book(tree, 2))
    tree.run(MANAGER, "queue.cancel_appointment", {"appointment_id": one.id})
    assert refused(tree, MANAGER, "queue.cancel_appointment", {"appointment_id": one.id}) == "ILLEGAL_ACT"
    assert tree.run(MANAGER, "queue.book", book(tree, 1)).state == "booked"


def test_who_misses_too_often_is_barred_until_excused(tree, clock):
    for hours in (2, 2, 2.5):
        tree.run(MANAGER, "queue.book", book(tree, 1))
        clock.move(hours=hours)
        assert tree.run(MANAGER, "queue.tick").missed == 1
        assert tree.run(MANAGER, "queue.tick").missed == 0
    assert refused(tree, MANAGER, "queue.book", book(tree, 1)) == "BARRED"
    missed = tree.query(MANAGER, "queue.appointments", {"day": "2026-03-17"})
    assert {row.state for row in missed} == {"missed"}
    tree.run(MANAGER, "queue.excuse", {"appointment_id": missed[0].id})
    assert tree.run(MANAGER, "queue.book", book(tree, 1)).state == "booked"


def test_a_file_of_appointments_is_imported_whole_or_not_at_all(tree):
    head = "业务\t日期\t时间\t姓名\t证件号码\t电话\t优先\n"
    good = f"g.1\t2026-03-17\t09:30\t苏日娜\t{citizen(1)}\t13804760000\telderly\n"
    bad = f"g.1\t2026-03-17\t09:31\t王海涛\t{citizen(2)}\t\t\n" + "g.1\tnever\t09:30\t刘芳\tx\t\t\n"

    def load(text):
        return {"kind": "tsv", "data": base64.b64encode(text.encode()).decode()}

    assert (
        refused(tree, MANAGER, "queue.import_appointments", json.dumps(load(head + good + bad))) == "BAD_ROWS"
    )
    assert tree.run(MANAGER, "queue.import_appointments", json.dumps(load(head + good))) == 1
    (row,) = tree.query(MANAGER, "queue.appointments", {"day": "2026-03-17"})
    assert (row.person, row.priority, row.source) == ("苏*娜", "elderly", "import")
