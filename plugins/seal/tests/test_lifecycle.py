"""The life of a seal: every change from every state, and four eyes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError
from yichuang_seal.rules.lifecycle import CHANGES, STATE_NAMES, State, next_state

ALLOWED = {
    ("apply", None): State.APPLIED,
    ("approve", State.APPLIED): State.APPROVED,
    ("decline", State.APPLIED): State.DECLINED,
    ("make", State.APPROVED): State.MADE,
    ("file", State.MADE): State.FILED,
    ("enable", State.FILED): State.IN_USE,
    ("stop", State.IN_USE): State.STOPPED,
    ("resume", State.STOPPED): State.IN_USE,
    ("lose", State.IN_USE): State.LOST,
    ("lose", State.STOPPED): State.LOST,
    ("replace", State.STOPPED): State.REPLACED,
    ("revoke", State.STOPPED): State.REVOKED,
    ("cancel", State.STOPPED): State.CANCELLED,
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("state", [None, *State])
def test_every_change_from_every_state(name: str, state: State | None):
    if (name, state) in ALLOWED:
        assert next_state(name, state, 1, {}, "reason") == ALLOWED[name, state]
    else:
        with pytest.raises(UserError) as caught:
            next_state(name, state, 1, {}, "reason")
        assert caught.value.code == "SEAL_STATE"


@pytest.mark.parametrize(
    ("name", "state", "earlier"),
    [
        ("approve", State.APPLIED, "apply"),
        ("decline", State.APPLIED, "apply"),
        ("make", State.APPROVED, "apply"),
        ("make", State.APPROVED, "approve"),
        ("resume", State.STOPPED, "stop"),
        ("replace", State.STOPPED, "stop"),
        ("revoke", State.STOPPED, "stop"),
        ("cancel", State.STOPPED, "stop"),
    ],
)
def test_four_eyes(name: str, state: State, earlier: str):
    with pytest.raises(UserError) as caught:
        next_state(name, state, 7, {earlier: 7}, "reason")
    assert caught.value.code == "FOUR_EYES"
    next_state(name, state, 8, {earlier: 7}, "reason")


@pytest.mark.parametrize("reason", ["", "  "])
def test_stopping_needs_a_reason(reason: str):
    with pytest.raises(UserError) as caught:
        next_state("stop", State.IN_USE, 1, {}, reason)
    assert caught.value.code == "REASON_MISSING"


@given(st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(1, 3)), max_size=40))
def test_no_path_puts_a_seal_into_use_with_fewer_than_three_people(steps: list[tuple[str, int]]):
    state: State | None = None
    authors: dict[str, int] = {}
    for name, actor in steps:
        try:
            state = next_state(name, state, actor, authors, "reason")
        except UserError:
            continue
        authors[name] = actor
    if state == State.IN_USE:
        assert len({authors["apply"], authors["approve"], authors["make"]}) == 3


def test_every_state_has_a_name():
    assert set(STATE_NAMES) == set(State)
