"""A span of days: usual ones by a button, any by typing, wrong ones said and never handed out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.widgets import DaySpan
from yichuang.widgets.days import BACK

TODAY = date(2026, 3, 17)


class Clock:
    today = TODAY

    def __call__(self) -> date:
        return self.today


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def days(window, clock) -> DaySpan:
    days = DaySpan(tuple(BACK), "week", clock)
    window(days)
    return days


@pytest.fixture
def told(days) -> list:
    told: list = []
    days.changed.connect(lambda: told.append(days.value()))
    return told


def write(edit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def test_usual_spans_end_today_even_after_midnight(days, told, clock):
    assert days.value() == (date(2026, 3, 11), TODAY)
    clock.today = TODAY + timedelta(1)
    for span, expected in {
        "today": (date(2026, 3, 18), date(2026, 3, 18)),
        "yesterday": (TODAY, TODAY),
        "month": (date(2026, 2, 17), date(2026, 3, 18)),
        "year": (date(2025, 3, 19), date(2026, 3, 18)),
    }.items():
        days.span.changed.emit(span)
        assert told[-1] == expected
    assert len(told) == 4


def test_a_typed_day_makes_the_span_one_s_own(days, told):
    write(days.first, "3-2")
    assert told == [(date(2026, 3, 2), TODAY)]
    assert days.span.current() == "own"


def test_passing_through_with_tab_changes_nothing(days, told):
    days.first.setFocus()
    QTest.keyClick(days.first, Qt.Key.Key_Tab)
    QTest.keyClick(days.last, Qt.Key.Key_Tab)
    assert told == []
    assert days.span.current() == "week"


@pytest.mark.parametrize("text", ["2026-02-30", "3-18"])
def test_what_is_no_span_is_said(days, told, text):
    write(days.first, text)
    assert told == [None]
    assert days.wrong()
    days.set_days(TODAY, TODAY)
    assert (told[-1], days.wrong()) == ((TODAY, TODAY), "")
