"""Trying a policy on a past day: the play keeps people, desks and times; the query compares now and then."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang_queue.rules.policy import Choice, Policy, Rule
from yichuang_queue.rules.preview import Arrival, Shift, by_line, by_priority, effect, play, shifts
from yichuang_queue.rules.tickets import Priority

from .conftest import MANAGER, clerk
from .test_operations import issue, refused

NINE = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
FIRST_COME = Policy({}, (Rule(Choice.LONGEST_WAIT),))


def at(minute):
    return NINE + timedelta(minutes=minute)


def came(number, minute, line="A", seconds=300.0, priority=Priority.NONE, due=None):
    return Arrival(number, at(minute), line, priority, seconds, None if due is None else at(due))


def shift(desk, lines, begin=0, end=600):
    return Shift(desk, tuple(lines), at(begin), at(end))


def waits(people, open_, policy=FIRST_COME):
    return {
        each.arrival.ticket_id: each.seconds for each in play(people, open_, lambda _desk: policy, policy)
    }


def test_one_desk_serves_one_after_the_other():
    assert waits([came(1, 0), came(2, 1), came(3, 2)], [shift("x", "A")]) == {1: 0, 2: 240, 3: 480}


def test_a_desk_that_opens_later_and_one_that_closes():
    assert waits([came(1, 0)], [shift("x", "A", 10)]) == {1: 600}
    assert waits([came(1, 0), came(2, 0)], [shift("x", "A", 0, 3)]) == {1: 0, 2: None}
    moved = [shift("x", "A", 0, 2), shift("x", "B", 2)]
    assert waits([came(1, 0), came(2, 1, "B")], moved) == {1: 0, 2: 240}, "the desk is busy till then"


def test_help_changes_the_waits_of_both_lines():
    people = [came(n, 0, "B") for n in range(3)]
    desks = [shift("a", "A"), shift("b", "B")]
    helping = Policy({}, (Rule(Choice.HELP, lines=("B",), minutes=4),))
    assert waits(people, desks) == {0: 0, 1: 300, 2: 600}
    helped = waits(people, desks, helping)
    assert helped[1] == pytest.approx(240, abs=1)
    assert effect(play(people, desks, lambda _desk: helping, helping)).helped == 1


def test_an_appointment_is_called_when_it_is_due():
    people = [came(1, 0), came(2, 0, due=20), *(came(n, n) for n in range(3, 9))]
    asks = Policy({}, (Rule(Choice.APPOINTMENT, minutes=0), Rule(Choice.ORDERED, lines=("A",))))
    assert waits(people, [shift("x", "A")], asks)[2] == 300, "in its turn as well, if that comes first"


def test_who_was_called_for_an_appointment_waits_no_more():
    """Three come, the one with an appointment is called first: two wait, too few for the rule."""
    rules = (Rule(Choice.APPOINTMENT, minutes=0), Rule(Choice.ORDERED, lines=("A",), least_waiting=3))
    people = [came(4, 0, "B"), came(1, 1), came(2, 2), came(3, 2, due=2)]
    played = play(people, [shift("x", "AB", 3)], lambda _desk: Policy({}, rules), Policy({}, rules))
    assert [each.arrival.ticket_id for each in played] == [3, 4, 1, 2]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 300), st.sampled_from("AB"), st.integers(1, 900), st.sampled_from(list(Priority))
        ),
        max_size=30,
    ),
    st.sampled_from(
        [FIRST_COME, Policy({Priority.ELDERLY: 15}), Policy({}, (Rule(Choice.WEIGHTED, weights={"A": 4.0}),))]
    ),
)
def test_everybody_is_called_once_and_a_desk_serves_one_at_a_time(rows, policy):
    people = sorted(
        (
            came(n, minute, line, float(seconds), priority)
            for n, (minute, line, seconds, priority) in enumerate(rows)
        ),
        key=lambda each: (each.at, each.ticket_id),
    )
    played = play(
        people, [shift("x", "AB", 0, 10_000), shift("y", "B", 0, 10_000)], lambda _desk: policy, policy
    )
    assert sorted(each.arrival.ticket_id for each in played) == list(range(len(people)))
    assert all(each.seconds is not None and each.seconds >= 0 for each in played)
    for desk in "xy":
        mine = sorted(
            (each.arrival.at + timedelta(seconds=each.seconds), each.arrival.seconds)
            for each in played
            if each.desk == desk
        )
        for (begin, seconds), (following, _) in itertools.pairwise(mine):
            assert begin + timedelta(seconds=seconds) <= following
    assert (
        sum(e.people for e in by_line(played).values())
        == sum(e.people for e in by_priority(played).values())
        == len(people)
    )


def test_shifts_out_of_a_desks_events():
    events = [
        (at(0), "x", "open", ["A"]),
        (at(60), "x", "paused", ["A"]),
        (at(70), "x", "open", ["A", "B"]),
        (at(90), "y", "open", ["B"]),
    ]
    found = shifts(events, at(100))
    assert [(s.desk, s.lines, s.begin, s.end) for s in found] == [
        ("x", ("A",), at(0), at(60)), ("x", ("A", "B"), at(70), at(100)), ("y", ("B",), at(90), at(100)),
    ]  # fmt: skip


def test_yesterday_is_played_again_before_a_policy_is_switched_on(suite, clock):
    one, two = clerk(1, "A01"), clerk(2, "A02")
    suite.run(one, "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    suite.run(two, "queue.open_desk", {"desk": "A02", "lines": ["B"]})
    rules = {"rules": [{"choose": "help", "lines": ["B"], "minutes": 5}]}
    assert refused_query(suite, {"data": rules}) == "NO_LOG"
    tickets = [issue(suite, "B") for _ in range(3)]
    for ticket in tickets:
        suite.run(two, "queue.call_next", {"desk": "A02"})
        clock.move(minutes=10)
        suite.run(two, "queue.finish", {"desk": "A02", "ticket_id": ticket.id})
    clock.move(days=1)
    found = suite.query(MANAGER, "queue.preview_policy", {"data": rules})
    assert (str(found.day), found.people) == ("2026-03-17", 3)
    line = next(each for each in found.compared if each.kind == "line")
    assert (line.name, line.now.people) == ("社保", 3)
    assert line.now.mean == pytest.approx(600, abs=2)
    assert line.then.mean == pytest.approx((0 + 300 + 600) / 3, abs=2)
    assert (line.now.helped, line.then.helped) == (0, 1)
    only = suite.query(MANAGER, "queue.preview_policy", {"data": rules, "desks": ["A02"]})
    assert only.compared[0].then.helped == 0, "a policy of desks that serve the line anyway"
    assert refused_query(suite, {"data": rules, "desks": ["Z99"]}) == "UNKNOWN_DESK"
    own = suite.run(MANAGER, "queue.draft_policy", {"name": "x", "data": {}, "desks": ["A01"]})
    suite.run(MANAGER, "queue.activate_policy", {"policy_id": own.id})
    hall = suite.query(MANAGER, "queue.preview_policy", {"data": rules})
    assert hall.compared[0].then.helped == 0, (
        "a desk with a policy of its own keeps it under another one of the hall"
    )
    assert refused_query(suite, {"data": {"rules": [{"choose": "help"}]}}) == "BAD_POLICY"
    assert refused(suite, MANAGER, "queue.draft_policy", {"name": "", "data": {}}) == "BAD_REQUEST"


def refused_query(suite, request):
    from yichuang.api import UserError

    with pytest.raises(UserError) as error:
        suite.query(MANAGER, "queue.preview_policy", request)
    return error.value.code
