"""The rules of a ticket: states, numbers, its place in the line, coming back after it was passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_queue.rules.tickets import Act, PassRule, Reentry, Series, State, after, rank_moment

NOON = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "act", "target"),
    [
        (State.WAITING, Act.CALL, State.CALLED),
        (State.CALLED, Act.ARRIVE, State.SERVING),
        (State.SERVING, Act.FINISH, State.DONE),
        (State.CALLED, Act.PASS, State.PASSED),
        (State.PASSED, Act.UNDO_PASS, State.CALLED),
        (State.PASSED, Act.RESTORE, State.WAITING),
        (State.SERVING, Act.HOLD, State.HELD),
        (State.HELD, Act.CALL, State.CALLED),
        (State.HELD, Act.RESUME, State.WAITING),
        (State.WAITING, Act.END, State.ENDED),
        (State.SERVING, Act.TRANSFER, State.WAITING),
    ],
)
def test_what_follows_what(state, act, target):
    assert after(state, act) is target


@given(st.lists(st.sampled_from(Act), max_size=30))
def test_no_walk_leaves_the_states_or_comes_back_from_the_end(acts):
    state = State.WAITING
    for act in acts:
        try:
            following = after(state, act)
        except UserError as error:
            assert error.code == "ILLEGAL_ACT"  # noqa: PT017  # a walk goes on after a refusal
            continue
        assert state not in (State.DONE, State.ENDED)
        state = following


@pytest.mark.parametrize(("count", "number"), [(1, "A001"), (42, "A042"), (999, "A999")])
def test_numbers_have_prefix_and_digits(count, number):
    assert Series("A").number(count) == number


def test_a_series_ends():
    with pytest.raises(UserError) as refused:
        Series("A", last=3).number(4)
    assert refused.value.code == "SERIES_ENDED"


minutes = st.integers(0, 600)


@given(minutes, minutes, st.integers(0, 60), st.integers(0, 60))
def test_credit_moves_forward_by_no_more_than_itself(first, second, one, other):
    """Priority never starves: whoever came more than the credit earlier is called earlier, whatever the class."""
    a = rank_moment(NOON + timedelta(minutes=first), one)
    b = rank_moment(NOON + timedelta(minutes=second), other)
    if second - first > other:
        assert a < b


LINE = [NOON + timedelta(minutes=m) for m in (-50, -40, -30, -20)]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (PassRule(reentry=Reentry.HEAD), 0),
        (PassRule(reentry=Reentry.AFTER, after=1), 1),
        (PassRule(reentry=Reentry.AFTER, after=3), 3),
        (PassRule(reentry=Reentry.AFTER, after=9), 4),
        (PassRule(reentry=Reentry.AFTER, after=0), 0),
        (PassRule(reentry=Reentry.TAIL), 4),
    ],
)
def test_a_returning_person_stands_where_the_line_says(rule, place):
    rank = rule.rank(NOON, LINE)
    assert sorted([*LINE, rank]).index(rank) == place


def test_in_an_empty_line_a_returning_person_is_first():
    assert {PassRule(reentry=each).rank(NOON, []) for each in Reentry} == {NOON}


@pytest.mark.parametrize(("minutes_", "late", "may"), [(0, 400, True), (30, 30, True), (30, 31, False)])
def test_a_passed_ticket_can_come_back_for_a_while(minutes_, late, may):
    assert PassRule(minutes=minutes_).may_return(NOON, NOON + timedelta(minutes=late)) is may
