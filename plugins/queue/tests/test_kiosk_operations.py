"""What a kiosk asks of the hall, on both databases: its tree, a visitor's day, help, and merging what it gave out offline."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from yichuang.api import HALL_ZONE, Actor, UserError, select
from yichuang_queue import tables as t

from .conftest import MANAGER, citizen, clerk

KIOSK = Actor(7, "kiosk1", "Kiosk", "1", permissions=frozenset(["queue.issue"]))


def node(view, code):
    return next(each for each in view.nodes if each.code == code)


def test_anybody_may_see_the_kiosk(tree):
    view = tree.query(Actor.nobody(), "queue.kiosk")
    assert [each.code for each in view.nodes] == ["g", "g.1", "g.2", "h"]
    assert node(view, "g.1").left == 3
    assert node(view, "h").left is None
    assert view.credits == {"elderly": 15, "disabled": 15, "soldier": 15, "pregnant": 15}
    line = view.lines[0]
    assert (line.code, line.waiting, line.wait_high, line.desks) == ("A", 0, None, [])


def test_quotas_count_down_and_desks_bring_a_wait(tree):
    tree.run(clerk(1), "queue.open_desk", {"desk": "A01"})
    tree.run(KIOSK, "queue.take", {"business": "g.1"})
    tree.run(KIOSK, "queue.take", {"business": "g.2"})
    view = tree.query(KIOSK, "queue.kiosk")
    assert (node(view, "g.1").left, node(view, "g.2").left, node(view, "g.2").limit) == (2, 0, "half_day")
    line = view.lines[0]
    assert (line.waiting, line.desks) == (2, ["A01"])
    assert 0 < line.wait_low < line.wait_high


def test_a_card_finds_the_appointment_and_the_tickets(tree, clock):
    begins = datetime(2026, 3, 17, 9, 30, tzinfo=HALL_ZONE)
    booked = {"business": "g.1", "begins_at": begins, "person": "苏日娜", "code": citizen()}
    appointment = tree.run(MANAGER, "queue.book", booked)
    found = tree.query(KIOSK, "queue.visitor", {"code": citizen()})
    assert [each.code for each in found.appointments] == [appointment.code]
    due = found.appointments[0]
    assert (due.business, due.begins_at) == ("养老保险", begins)
    assert due.opens_at == begins - timedelta(minutes=30)
    assert found.waiting == []
    issued = tree.run(KIOSK, "queue.check_in", {"code": citizen(), "kiosk": "2"})
    assert issued.ticket.due_at == begins
    found = tree.query(KIOSK, "queue.visitor", {"code": citizen()})
    assert found.appointments == []
    assert found.waiting == [(issued.ticket.number, "养老保险")]
    assert tree.query(KIOSK, "queue.visitor", {"code": citizen(2)}).waiting == []
    with pytest.raises(UserError) as error:
        tree.query(KIOSK, "queue.visitor", {"code": "1"})
    assert error.value.code == "BAD_CITIZEN_ID"


def test_a_kiosk_calls_the_staff_once_until_somebody_answers(suite):
    first = suite.run(KIOSK, "queue.call_guide", {"kiosk": "2"})
    again = suite.run(KIOSK, "queue.call_guide", {"kiosk": "2"})
    paper = suite.run(KIOSK, "queue.call_guide", {"kiosk": "2", "reason": "paper"})
    assert first.id == again.id != paper.id
    assert (paper.kind, paper.desk, paper.text) == ("emergency", "", "取号机 2 缺纸。")
    assert suite.query(MANAGER, "queue.said", {"after": 0}) == [], "no voice sends the staff to desk 2 for it"
    desk = suite.run(MANAGER, "queue.call_help", {"desk": "2"})
    assert desk.id not in (first.id, paper.id), "desk 2 has not called with it either"
    assert [each.desk for each in suite.query(MANAGER, "queue.said", {"after": 0})] == ["2"]
    suite.run(MANAGER, "queue.answer", {"message_id": first.id})
    assert suite.run(KIOSK, "queue.call_guide", {"kiosk": "2"}).id != first.id


def offline(tree, number, minutes=0, **more):
    return {"number": number, "issued_at": tree.clock() - timedelta(minutes=minutes), **more}


def merge(tree, *tickets, line="A"):
    return tree.run(KIOSK, "queue.merge", {"kiosk": "2", "line": line, "tickets": tickets})


def test_offline_tickets_keep_their_token_count_and_order(tree):
    numbers = tree.run(KIOSK, "queue.lease", {"kiosk": "2", "line": "A", "count": 3}).numbers
    late = tree.run(KIOSK, "queue.take", {"business": "g.1"}).ticket
    given = offline(
        tree, numbers[0], 5, business="g.1", further=["h", "gone"], token="t" * 16, priority="soldier", person="王*军"
    )  # fmt: skip
    entered = merge(tree, given)[0]
    assert merge(tree, given)[0].id == entered.id, "merging again changes nothing"
    assert (entered.business, entered.further, entered.person) == ("养老保险", [["B", "税务"]], "王*军")
    assert entered.issued_at < late.issued_at
    mine = tree.query(Actor.nobody(), "queue.my_ticket", {"token": "t" * 16})
    assert (mine.number, mine.ahead) == (numbers[0], 0)
    assert node(tree.query(KIOSK, "queue.kiosk"), "g.1").left == 1
    with tree.database.read() as read:
        at = read.scalar(select(t.event.c.at).where(t.event.c.ticket_id == entered.id))
    assert at == given["issued_at"], "statistics count the wait from when it was given out"


def test_a_full_quota_does_not_refuse_who_has_a_number(tree):
    numbers = tree.run(KIOSK, "queue.lease", {"kiosk": "2", "line": "A", "count": 3}).numbers
    tree.run(KIOSK, "queue.take", {"business": "g.2"})
    assert merge(tree, offline(tree, numbers[0], business="g.2"))[0].number == numbers[0]


@pytest.mark.parametrize("answered", [True, False])
def test_a_press_whose_answer_was_lost_gives_one_ticket_only(tree, answered):
    numbers = tree.run(KIOSK, "queue.lease", {"kiosk": "2", "line": "A", "count": 3}).numbers
    if answered:  # the hall gave a number, but the kiosk never heard of it and gave one of its own
        lost = tree.executor.run(KIOSK, "queue.take", {"business": "g.1"}, key="press-1").ticket
    entered = merge(tree, offline(tree, numbers[0], business="g.1", press="press-1"))[0]
    waiting = tree.query(clerk(1), "queue.line_states")[0].waiting
    assert waiting == 1
    assert entered.state == "waiting"
    if answered:
        assert tree.query(MANAGER, "queue.ticket", {"number": lost.number}).state == "ended"


def test_a_foreign_key_takes_no_ticket_back(tree):
    numbers = tree.run(KIOSK, "queue.lease", {"kiosk": "2", "line": "A", "count": 3}).numbers
    ticket = tree.executor.run(MANAGER, "queue.issue", {"line": "A"}, key="press-2")
    merge(tree, offline(tree, numbers[0], press="press-2"))
    assert tree.query(MANAGER, "queue.ticket", {"number": ticket.number}).state == "waiting"


def test_help_is_told_to_who_manages_the_queue(suite):
    suite.run(KIOSK, "queue.call_guide", {"kiosk": "2"})
    told = suite.query(MANAGER, "queue.messages")
    assert [each.text for each in told] == ["取号机 2 有群众需要帮助。"]
