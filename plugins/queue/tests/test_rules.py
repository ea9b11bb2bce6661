"""The rules of calling: states, numbers, whose turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_queue.rules import Act, Priority, Series, State, after, predicted_wait, rank_moment

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
        assert state is not State.DONE
        state = following


@pytest.mark.parametrize(("count", "number"), [(1, "A001"), (42, "A042"), (999, "A999")])
def test_numbers_have_prefix_and_digits(count, number):
    assert Series("A").number(count) == number


def test_a_series_ends():
    with pytest.raises(UserError) as refused:
        Series("A", last=3).number(4)
    assert refused.value.code == "SERIES_ENDED"


minutes = st.integers(0, 600)


@given(minutes, st.sampled_from(Priority), minutes, st.sampled_from(Priority), st.integers(0, 60))
def test_credit_moves_forward_by_no_more_than_itself(first, one, second, other, credit):
    """Priority never starves: whoever came more than the credit earlier is called earlier, whatever the class."""
    a = rank_moment(NOON + timedelta(minutes=first), one, credit)
    b = rank_moment(NOON + timedelta(minutes=second), other, credit)
    if second - first > credit:
        assert a < b


def test_the_predicted_wait_needs_a_desk():
    assert predicted_wait(4, 300, 2) == 750
    assert predicted_wait(4, 300, 0) is None
