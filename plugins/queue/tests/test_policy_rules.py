"""Policies as data: which head of which line a desk calls, and that nobody starves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_queue.rules.policy import DEFAULT, Choice, Head, Policy, Rule, choose, from_data, to_data
from yichuang_queue.rules.tickets import Priority, rank_moment

NOW = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)


def head(number, line, waited, *, own=True, due=None, waiting=1):
    return Head(
        number,
        line,
        NOW - timedelta(minutes=waited),
        own,
        None if due is None else NOW + timedelta(minutes=due),
        waiting,
    )


A, B, C = head(1, "A", 10), head(2, "B", 25), head(3, "C", 5)


@pytest.mark.parametrize(
    ("rules", "heads", "wanted"),
    [
        ((), [A, B, C], 2),
        ([Rule(Choice.LONGEST_WAIT, lines=("A", "C"))], [A, B, C], 1),
        ([Rule(Choice.ORDERED, lines=("C", "A"))], [A, B, C], 3),
        ([Rule(Choice.WEIGHTED, weights={"A": 3.0})], [A, B, C], 1),
        ([Rule(Choice.RESCUE, lines=("C",), minutes=4), Rule(Choice.LONGEST_WAIT)], [A, B, C], 3),
        ([Rule(Choice.RESCUE, lines=("C",), minutes=6), Rule(Choice.LONGEST_WAIT)], [A, B, C], 2),
        ([Rule(Choice.APPOINTMENT, minutes=10)], [B, head(4, "A", 1, due=9)], 4),
        ([Rule(Choice.APPOINTMENT, minutes=10)], [B, head(4, "A", 1, due=11)], 2),
        ([Rule(Choice.HELP, lines=("X",), minutes=30)], [A, head(9, "X", 31, own=False)], 9),
        ([Rule(Choice.HELP, lines=("X",), minutes=30)], [A, head(9, "X", 29, own=False)], 1),
        ([Rule(Choice.LONGEST_WAIT, lines=("A",), least_waiting=3)], [A, B], 2),
        ([Rule(Choice.LONGEST_WAIT, lines=("A",), least_waiting=3)], [head(1, "A", 10, waiting=3), B], 1),
    ],
)
def test_the_first_rule_that_finds_somebody_decides(rules, heads, wanted):
    assert choose(Policy({}, tuple(rules)), heads, NOW).head.ticket_id == wanted


def test_nobody_is_called_from_a_line_that_is_only_helped_before_its_time():
    policy = Policy({}, (Rule(Choice.HELP, lines=("X",), minutes=30),))
    assert choose(policy, [head(9, "X", 5, own=False)], NOW) is None
    assert choose(policy, [], NOW) is None


def test_the_rule_that_chose_is_named():
    policy = Policy({}, (Rule(Choice.APPOINTMENT, minutes=10), Rule(Choice.ORDERED, lines=("A",))))
    assert choose(policy, [A], NOW).rule == 2
    assert choose(Policy(), [A], NOW).rule == 0


@given(
    st.lists(st.tuples(st.integers(0, 240), st.sampled_from(list(Priority))), min_size=2, max_size=40),
    st.dictionaries(st.sampled_from([p for p in Priority if p is not Priority.NONE]), st.integers(0, 60)),
)
def test_nobody_who_came_before_all_credits_waits_for_priority_people(people, credits_):
    """Served one by one from a line, nobody is overtaken by somebody who came later by more than the greatest credit."""
    policy = Policy(credits_)
    most = timedelta(minutes=max(credits_.values(), default=0))
    came = [NOW - timedelta(minutes=minutes) for minutes, _ in people]
    ranks = [rank_moment(at, policy.credit(priority)) for at, (_, priority) in zip(came, people, strict=True)]
    order = sorted(range(len(people)), key=lambda n: (ranks[n], n))
    for place, late in enumerate(order):
        for early in order[place + 1 :]:
            assert came[late] - came[early] <= most


@given(st.integers(1, 200), st.integers(1, 10))
def test_a_weight_never_starves_a_line(minutes, weight):
    """However much a line weighs, another line's head is called once it has waited so many times longer."""
    policy = Policy({}, (Rule(Choice.WEIGHTED, weights={"A": float(weight)}),))
    old = head(2, "B", minutes * weight + 1)
    assert choose(policy, [head(1, "A", minutes), old], NOW).head.line == "B"


def test_data_and_back():
    assert from_data(to_data(DEFAULT)) == DEFAULT


@pytest.mark.parametrize(
    "data",
    [
        {"rules": [{"choose": "dice"}]},
        {"rules": [{}]},
        {"rules": 7},
        {"credits": {"elderly": -1}},
        {"credits": {"none": 5}},
        {"credits": {"tall": 5}},
        {"rules": [{"choose": "help", "minutes": 5}]},
        {"rules": [{"choose": "help", "lines": ["A"]}]},
        {"rules": [{"choose": "rescue"}]},
        {"rules": [{"choose": "weighted", "weights": {"A": 0}}]},
        {"rules": [{"choose": "ordered", "lines": ["Z"]}]},
        {"rules": [{"choose": "longest_wait"}] * 21},
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(data):
    with pytest.raises(UserError) as refused:
        from_data(data, {"A", "B"})
    assert refused.value.code == "BAD_POLICY"
