"""Alarms, rebalancing and forecast as rules: tables of examples, and what holds for any hall."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.api import in_language
from yichuang_queue.rules import alarms, balance
from yichuang_queue.rules.alarms import Concern
from yichuang_queue.rules.balance import DeskLoad, LineLoad, Model, suggest
from yichuang_queue.rules.floor import DeskNow, Kind, LineNow, Standing
from yichuang_queue.rules.forecast import forecast
from yichuang_queue.rules.past_day import PastDay, TicketEvent, line_trends
from yichuang_queue.rules.tickets import Act

NOW = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)


def ago(**parts):
    return NOW - timedelta(**parts)


def desk(**values):
    return DeskNow("A01", "z", "综合", state="open", staff_id=1, lines=("A",), since=ago(hours=2), **values)


def served(minutes, mean=480, arrived=True):
    began = ago(minutes=minutes)
    ticket = Standing(1, "A001", "A", "企业登记", 1, began, began if arrived else None)
    return desk(ticket=ticket, mean_seconds=mean)


LINE = LineNow("A", "综合", "z", 30, waiting=4, oldest=ago(minutes=10), desks=2, mean_seconds=480)


def found(desks=(), lines=(), calls=(), skills=None):
    return alarms.find(desks, lines, calls, skills or {}, NOW, alarms.Limits())


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        (served(5), Kind.SERVING),
        (served(9), Kind.OVER),
        (served(9, mean=0), Kind.SERVING),
        (served(9, arrived=False), Kind.CALLED),
        (desk(), Kind.IDLE),
        (replace(desk(), state="paused", since=ago(minutes=29)), Kind.PAUSED),
        (replace(desk(), state="paused", since=ago(minutes=30)), Kind.AWAY),
        (DeskNow("A01", "z", ""), Kind.CLOSED),
    ],
)
def test_what_a_desk_does(shown, kind):
    assert shown.kind(NOW, 30) is kind


def test_a_desk_is_idle_since_the_last_person_left_or_it_opened():
    assert desk(free_since=ago(minutes=4)).seconds(NOW) == 240
    assert desk().seconds(NOW) == 7200
    assert replace(desk(free_since=ago(hours=3)), since=ago(minutes=1)).seconds(NOW) == 60


@pytest.mark.parametrize(
    ("line", "concern"),
    [
        (LINE, None),
        (replace(LINE, oldest=ago(minutes=30)), None),
        (replace(LINE, oldest=ago(minutes=31)), Concern.LONG_WAIT),
        (replace(LINE, waiting=20), Concern.LONG_LINE),
        (replace(LINE, desks=0), Concern.NOBODY_SERVES),
        (replace(LINE, desks=0, waiting=0, oldest=None), None),
    ],
)
def test_alarms_of_a_line(line, concern):
    assert [each.concern for each in found(lines=[line])] == ([concern] if concern else [])


@pytest.mark.parametrize(
    ("shown", "concern"),
    [
        (served(16), None),
        (served(17), Concern.LONG_SERVICE),
        (served(40, mean=0), None),
        (served(40, arrived=False), None),
        (replace(desk(), state="paused", since=ago(minutes=31)), Concern.LONG_PAUSE),
        (replace(desk(), state="paused", since=ago(minutes=29)), None),
        (desk(), None),
        (replace(desk(), lines=("B",)), Concern.IDLE_DESK),
        (replace(desk(), lines=("B",), since=ago(minutes=2)), None),
    ],
)
def test_alarms_of_a_desk(shown, concern):
    assert [each.concern for each in found([shown], [LINE])] == ([concern] if concern else [])


def test_an_idle_desk_is_no_alarm_where_its_person_cannot_help():
    idle = replace(desk(), lines=("B",))
    assert found([idle], [LINE], skills={1: ["B"]}) == []
    assert found([idle], [LINE], skills={1: ["A", "B"]})[0].concern is Concern.IDLE_DESK


def test_the_most_urgent_alarm_comes_first_and_every_one_has_a_sentence():
    call = alarms.HelpCall(7, "A09", "有人晕倒", ago(minutes=1))
    desks = [
        served(17), replace(desk(), code="A02", lines=("B",)),
        replace(desk(), code="A03", state="paused", since=ago(minutes=80)),
        replace(desk(), code="A04", state="paused", since=ago(minutes=40)),
    ]  # fmt: skip
    lines = [
        replace(LINE, oldest=ago(hours=1)),
        replace(LINE, code="B", waiting=30),
        replace(LINE, code="C", desks=0),
    ]
    every = found(desks, lines, [call])
    assert [each.concern for each in every] == [
        Concern.HELP, Concern.NOBODY_SERVES, Concern.LONG_WAIT, Concern.LONG_LINE, Concern.LONG_SERVICE,
        Concern.LONG_PAUSE, Concern.LONG_PAUSE, Concern.IDLE_DESK,
    ]  # fmt: skip
    for alarm in every:
        sentence = alarms.sentence(alarm)
        assert in_language(sentence, "en") != in_language(sentence, "zh_CN")
        assert in_language(alarms.REMEDY_NAMES[alarm.remedy], "zh_CN")


# ---- rebalancing ----

HELPED = LineLoad("A", 12, 480, 2400, 1800)
GIVING = LineLoad("B", 0, 480, 240, 1800)
TWO = [DeskLoad("A01", ("A",)), DeskLoad("B01", ("B",)), DeskLoad("B02", ("B",), free=True)]


def test_a_free_desk_is_suggested_with_the_effect_on_both_lines():
    advice = suggest([HELPED, GIVING], TWO)
    assert (advice.line, advice.desks, advice.able) == ("A", ("B02",), ("B02", "B01"))
    assert advice.helped.before == 2400
    assert advice.helped.after == pytest.approx(1200, rel=0.05)
    (given_up,) = advice.giving
    assert (given_up.line, given_up.before) == ("B", 240)
    assert given_up.after == pytest.approx(480, rel=0.05)
    assert advice.minutes == 20


@pytest.mark.parametrize(
    ("lines", "desks"),
    [
        ([replace(HELPED, predicted=1800), GIVING], TWO),  # within its target
        ([replace(HELPED, waiting=0), GIVING], TWO),  # nobody waits
        ([HELPED, GIVING], TWO[:1]),  # no other desk
        (
            [HELPED, GIVING],
            TWO[:2],
        ),  # the only desk of the other line: who comes there would wait behind all of A
        ([HELPED, replace(GIVING, waiting=6, predicted=1500)], TWO),  # the giving line would suffer
        ([HELPED, GIVING], [TWO[0], *(replace(each, skills=frozenset("B")) for each in TWO[1:])]),
        ([HELPED, GIVING], [TWO[0], *(replace(each, settled=False) for each in TWO[1:])]),
    ],
)
def test_nothing_is_suggested_where_it_would_not_help(lines, desks):
    assert suggest(lines, desks) is None


def test_an_ignored_line_is_left_alone():
    assert suggest([HELPED, GIVING], TWO, ignored={"A"}) is None


def test_a_line_that_nobody_serves_is_helped_first():
    lines = [HELPED, GIVING, LineLoad("C", 1, 480, None, 1800)]
    advice = suggest(lines, TWO)
    assert (advice.line, advice.helped.before) == ("C", None)
    assert math.isfinite(advice.helped.after)


CODES = "ABCD"


@st.composite
def halls(draw):
    """Two to four lines, the first of them mostly in trouble, and desks of one line or several."""
    codes = CODES[: draw(st.integers(2, 4))]
    some = st.sampled_from(codes).map(lambda code: {code}) | st.sets(
        st.sampled_from(codes), min_size=1, max_size=2
    )
    can = st.none() | st.none() | st.frozensets(st.sampled_from(codes), min_size=1)
    desks = [
        DeskLoad(
            f"D{n:02d}",
            tuple(sorted(draw(some))),
            draw(can),
            draw(st.booleans()),
            draw(st.integers(0, 4)) > 0,
        )
        for n in range(draw(st.integers(3, 10)))
    ]
    lines = []
    for at, code in enumerate(codes):
        waiting, service = draw(st.integers(0, 4) if at else st.integers(5, 60)), draw(st.integers(120, 900))
        serving = sum(code in each.lines for each in desks)
        predicted = (waiting + 1) * service / serving * draw(st.floats(0.6, 1.6)) if serving else None
        lines.append(LineLoad(code, waiting, service, predicted, draw(st.sampled_from((900, 1800, 3600)))))
    return lines, desks


suggestions: list[str] = []


@settings(max_examples=400, deadline=None)
@given(halls(), st.integers(1, 3), st.sets(st.sampled_from("BCD")))
def check_suggestion(hall, most, ignored):
    lines, desks = hall
    advice = suggest(lines, desks, balance.Limits(desks=most), ignored)
    if advice is None:
        return
    suggestions.append(advice.line)
    by_code = {each.code: each for each in desks}
    assert advice.line not in ignored
    assert 1 <= len(advice.desks) <= most
    assert len(set(advice.desks)) == len(advice.desks)
    for code in advice.desks:
        assert by_code[code].settled
        assert by_code[code].could_serve(advice.line)
    then = [
        replace(each, lines=(*each.lines, advice.line)) if each.code in advice.desks else each
        for each in desks
    ]
    model = Model(lines, desks)
    after = model.waits(model.forms(then))
    assert model.total(after) < model.total(model.now), "people wait less in all"
    for line in lines:
        if line.code == advice.line:
            assert after[line.code] < model.now[line.code]
        elif after[line.code] > model.now[line.code] + 1:
            assert after[line.code] < line.target, "a line that gives stays within its promise"
            assert line.code in {each.line for each in advice.giving}
    assert suggest(lines, desks, balance.Limits(desks=most), ignored) == advice, (
        "the same hall, the same advice"
    )


def test_whatever_is_suggested_helps_and_harms_nobody():
    suggestions.clear()
    check_suggestion()
    assert len(suggestions) > 40, "the halls that were tried hardly ever needed a suggestion"


@settings(max_examples=150, deadline=None)
@given(halls())
def test_following_every_suggestion_comes_to_rest_and_takes_nothing_back(hall):
    """No flip-flop: each desk is moved once at most, and keeps the lines it had."""
    lines, desks = hall
    moved: list[str] = []
    for _ in range(len(desks) + 1):
        advice = suggest(lines, desks)
        if advice is None:
            break
        assert not set(moved) & set(advice.desks)
        moved += advice.desks
        after = Model(lines, desks)
        then = [
            replace(each, lines=(*each.lines, advice.line), settled=False)
            if each.code in advice.desks
            else each
            for each in desks
        ]
        waits = after.waits(after.forms(then))
        lines = [
            replace(each, predicted=waits[each.code] if math.isfinite(waits[each.code]) else None)
            for each in lines
        ]
        desks = then
    else:
        pytest.fail("suggestions never end")


# ---- forecast and trends ----


def test_no_history_no_forecast():
    assert forecast([], [3, 4]) is None
    assert forecast([[0, 0, 0]], [3]) is None


def test_the_forecast_is_the_mean_of_those_days_as_busy_as_today():
    history = [[10, 20, 30], [30, 40, 10], [0, 0, 0]]
    plain = forecast(history, [])
    assert (plain.values, plain.days, plain.factor) == ((20, 30, 20), 2, 1.0)
    busy = forecast(history, [30])
    assert (busy.factor, busy.values) == (1.5, (30, 45, 30))
    assert forecast(history, [400]).factor == 2.0
    assert forecast([[2, 2, 2]], [40]).factor == 1.0, "two tickets say nothing about how busy a day is"


def step(ticket_id, minutes, act, line="A"):
    return TicketEvent(ticket_id, ago(minutes=minutes), act, line, number=f"A{ticket_id:03d}")


def test_the_trend_is_counted_backwards():
    events = [
        step(1, 55, Act.ISSUE), step(2, 45, Act.ISSUE), step(1, 25, Act.CALL), step(3, 20, Act.ISSUE),
        step(2, 12, Act.CALL), step(2, 8, Act.TRANSFER, "B"),
    ]  # fmt: skip
    assert line_trends(events, NOW, {"A": 1, "B": 1}) == {
        "A": (0, 1, 2, 2, 2, 1, 1),
        "B": (0, 0, 0, 0, 0, 0, 1),
    }


def test_a_day_without_events_can_be_wound():
    day = PastDay([DeskNow("A01", "z", "")], [LINE], [], [], {})
    assert (day.first_of(NOW), day.last) == (None, None)
    assert day.at(NOW).figures.desks == 1
