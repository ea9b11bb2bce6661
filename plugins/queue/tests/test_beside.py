"""What a desk asks beside its own view, on both databases."""

from __future__ import annotations

from .conftest import MANAGER, citizen, clerk


def _take(suite):
    return suite.run(MANAGER, "queue.issue", {"line": "A", "person": "王军", "code": citizen()}).id


def _seen(suite, ticket_id):
    return suite.query(MANAGER, "queue.seen_before", {"ticket_id": ticket_id})


def test_a_holder_is_known_by_an_earlier_ticket(tree, clock):
    suite = tree
    first = _take(suite)
    assert _seen(suite, first) is False
    clock.move(days=60)
    second = _take(suite)
    assert _seen(suite, second) is True
    assert _seen(suite, first) is False


def test_a_visit_long_ago_does_not_count(tree, clock):
    suite = tree
    _take(suite)
    clock.move(days=91)
    assert _seen(suite, _take(suite)) is False


def test_without_a_card_nothing_is_said(suite):
    ticket = suite.run(MANAGER, "queue.issue", {"line": "A"})
    assert _seen(suite, ticket.id) is None
    assert _seen(suite, 999) is None


def test_a_ticket_can_be_sent_to_the_other_desks_that_are_not_closed(suite):
    for number, desk in ((1, "A01"), (2, "A02"), (3, "A03"), (4, "A04")):
        suite.run(clerk(number), "queue.open_desk", {"desk": desk})
    suite.run(clerk(3), "queue.set_desk", {"desk": "A03", "state": "paused", "reason": "就餐"})
    suite.run(clerk(4), "queue.set_desk", {"desk": "A04", "state": "closed"})
    found = suite.query(MANAGER, "queue.targets", {"desk": "A01"})
    assert [(each.desk, each.staff_id, each.paused) for each in found] == [
        ("A02", 2, False),
        ("A03", 3, True),
    ]
    assert found[0].lines == ["A", "B"]
