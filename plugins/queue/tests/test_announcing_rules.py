"""Boards lose no call and show none twice, whatever order the answers come in; see rules/announcing.py."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yichuang_queue.rules import announcing as rules
from yichuang_queue.rules.announcing import Announcing, blinks, wait_minutes

START = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Call:
    event_id: int
    number: str
    desk: str
    at: datetime
    coming: bool = True


@dataclass(frozen=True)
class Board:
    last_event: int
    now: datetime
    calls: list[Call]


def call(event_id: int, number: str = "", seconds: float = 0, desk: str = "A01") -> Call:
    return Call(event_id, number or f"A{event_id:03}", desk, moment(seconds))


def started(*calls: Call, last: int = 10, seconds: float = 0) -> Announcing:
    board = Announcing()
    board.hear_snapshot(Board(last, moment(seconds), list(calls)), seconds)
    return board


def test_a_starting_board_announces_nothing_that_was_called_before():
    board = started(call(7, seconds=-60), last=9)
    board.hear_calls([call(5, seconds=-90), call(7, seconds=-60)], 0)
    assert not board.tick(0)
    assert [each.number for each in board.recent()] == ["A007"]


def test_simultaneous_calls_have_the_panel_five_seconds_each():
    board = started()
    board.hear_calls([call(11), call(12), call(13)], 0)
    shown = []
    for second in range(20):
        if board.tick(second):
            shown.append((second, board.shown.number))
    assert shown == [(0, "A011"), (5, "A012"), (10, "A013")]
    assert board.shown.number == "A013", "the last one rests on the panel"
    assert board.fresh(12) == {"A013"}
    assert board.fresh(16) == set()
    assert board.tick(10 + rules.REST_SECONDS)
    assert board.shown is None


def test_a_repeated_call_is_shown_anew_but_not_twice_while_it_waits():
    board = started()
    board.hear_calls([call(11, "A001"), call(12, "A002")], 0)
    board.tick(0)
    board.hear_calls([call(13, "A001"), call(14, "A002")], 1)
    order = [board.shown.event_id]
    for second in range(1, 30):
        if board.tick(second):
            order.append(board.shown.event_id)
    assert order == [11, 14, 13]


def test_whoever_has_come_is_not_called_any_more():
    board = started()
    board.hear_calls([call(11), call(12)], 0)
    board.tick(0)
    come = replace(call(12), coming=False)
    board.hear_snapshot(Board(15, moment(5), [come]), 5)
    assert board.waiting, "the snapshot may be older than the call"
    board.hear_snapshot(Board(15, moment(11), [come]), 11)
    assert not board.waiting


def test_a_call_that_is_committed_late_is_shown():
    board = started(last=20)
    board.hear_calls([call(25)], 1)
    assert board.after < 24
    board.hear_calls([call(24), call(25)], 2)
    board.tick(3)
    board.tick(9)
    assert board.shown.number == "A024"


def test_a_restored_database_is_followed_from_anew():
    board = started(last=5000)
    board.hear_calls([], 11)
    assert board.after == 5000
    board.hear_snapshot(Board(40, moment(60), []), 60)
    assert board.after < 41
    board.hear_calls([call(41, seconds=61)], 61)
    assert board.tick(61)


def test_the_panel_changes_twice_and_rests():
    assert [blinks(at) for at in (0, 0.39, 0.41, 0.81, 1.19, 1.21, 1.7, 60)] == [
        True,
        True,
        False,
        True,
        True,
    ] + [False] * 3


@pytest.mark.parametrize(
    ("wait", "shown"),
    [
        ((None, None, None), None), ((240, 180, 300), (4, 4)), ((10, 5, 20), (1, 1)), ((1500, 1260, 1740), (25, 25)),
        ((1500, 1230, 1830), (20, 35)), ((1620, 1200, 1800), (20, 30)), ((600, 0, 600), (0, 10)),
    ],
)  # fmt: skip
def test_a_wait_is_an_interval_where_it_is_wide(wait, shown):
    assert wait_minutes(*wait) == shown


# ---- any interleaving ----


@dataclass
class Hall:
    """A database whose events are numbered at once and committed up to some seconds later, and boards' questions to it."""

    rng: random.Random
    events: list[tuple[float, Call]] = field(default_factory=list)  # when committed
    gone: dict[str, float] = field(default_factory=dict)  # since when the person is no longer awaited

    def standing(self, each: Call, now: float) -> Call:
        return replace(each, coming=self.gone.get(each.number, 1e9) > now)

    def committed(self, now: float) -> list[Call]:
        return [self.standing(each, now) for at, each in self.events if at <= now]

    def board(self, now: float) -> Board:
        newest: dict[str, Call] = {}
        for each in sorted(self.committed(now), key=lambda c: -c.event_id):
            newest.setdefault(each.number, each)
        calls = [each for each in newest.values() if each.coming][: rules.MOST_STANDING]
        last = max((each.event_id for each in self.committed(now)), default=0)
        return Board(last, moment(now), calls)

    def calls(self, after: int, now: float) -> list[Call]:
        found = [each for each in self.committed(now) if each.event_id > after]
        return sorted(found, key=lambda each: each.event_id)[: rules.PAGE]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), tickets=st.integers(1, 120), cut=st.booleans())
@example(seed=6090, tickets=104, cut=False)  # pages of two questions that cross
def test_no_call_is_lost_or_shown_twice(seed, tickets, cut):
    rng = random.Random(seed)
    hall = Hall(rng)
    at = 0.0
    for event_id in range(1, tickets + 1):
        at += rng.choice((0, 0.01, 0.5, 3))
        number = f"A{rng.randint(1, max(2, tickets // 2)):03}"
        hall.events.append((at + rng.choice((0, 0, 0.2, 8)), Call(event_id, number, "A01", moment(at))))
        if rng.random() < 0.2:
            hall.gone.setdefault(number, at + rng.uniform(5, 60))
    begin = rng.uniform(0, at)
    away = (begin + 3, begin + 3 + rng.choice((4, 40))) if cut else (0, 0)
    board, shown, pending = Announcing(), [], []
    now, end = begin, at + 40 + rules.SHOW_SECONDS * (tickets + 4)
    board.hear_snapshot(hall.board(now), now)
    while now < end:
        now += rng.choice((0.1, 1, 2))
        if not away[0] <= now < away[1]:  # otherwise the question is never answered
            after = board.after
            wants = hall.board(now) if rng.random() < 0.3 else hall.calls(after, now)
            pending.append((now + rng.choice((0, 0.1, 3)), now, wants, after))
        for each in sorted(pending, key=lambda p: (p[0], rng.random())):
            if each[0] <= now:
                pending.remove(each)
                if isinstance(each[2], Board):
                    board.hear_snapshot(each[2], each[1])
                else:
                    board.hear_calls(each[2], each[1], each[3])
        if board.tick(now) and board.shown is not None:
            shown.append(board.shown)
    assert len({each.event_id for each in shown}) == len(shown), "shown twice"
    for committed_at, each in hall.events:
        if committed_at > begin and each.number not in hall.gone:
            later = [s for s in shown if s.number == each.number and s.event_id >= each.event_id]
            assert later, f"{each} was lost"
