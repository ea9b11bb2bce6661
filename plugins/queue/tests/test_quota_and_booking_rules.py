"""Quotas of a business, slots of a day, the check-in window, the bar for those who did not come."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang_queue.rules.appointments import Bar, CheckIn, Timetable
from yichuang_queue.rules.quota import Quota

DAY = date(2026, 3, 17)


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (time(8, 31), ["day", "am", "08:30"]),
        (time(12, 59), ["day", "am", "12:30"]),
        (time(13, 0), ["day", "pm", "13:00"]),
        (time(23, 59), ["day", "pm", "23:30"]),
    ],
)
def test_a_ticket_counts_towards_its_day_half_day_and_slot(at, names):
    assert [name for name, _, _ in Quota(100, 50, 10, 30).counters(at)] == names


def test_without_limits_nothing_is_counted():
    assert Quota().counters(time(9, 0)) == []


def test_the_slots_of_a_day():
    slots = Timetable(minutes=60).slots(DAY)
    assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in slots] == [
        "08:30-09:30", "09:30-10:30", "10:30-11:30", "11:30-12:00", "14:00-15:00", "15:00-16:00", "16:00-17:00",
    ]  # fmt: skip
    assert f"{Timetable(((time(9), time(10, 10)),)).slots(DAY)[-1][1]:%H:%M}" == "10:10", "a short rest joins"


@given(st.integers(10, 480))
def test_slots_cover_the_opening_hours_without_overlap(minutes):
    table = Timetable(minutes=minutes)
    slots = table.slots(DAY)
    assert all(a < b for a, b in slots)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(slots))
    open_ = sum((datetime.combine(DAY, b) - datetime.combine(DAY, a) for a, b in table.hours), timedelta())
    assert sum((b - a for a, b in slots), timedelta()) == open_


def test_the_check_in_window():
    begin, end = datetime(2026, 3, 17, 9), datetime(2026, 3, 17, 10)
    opens, closes = CheckIn(30, 15).window(begin, end)
    assert (f"{opens:%H:%M}", f"{closes:%H:%M}") == ("08:30", "10:15")


@pytest.mark.parametrize(
    ("missed", "until"),
    [
        ([], None),
        ([0, 10], None),
        ([0, 10, 20], 50),
        ([0, 10, 100], None),
        ([0, 50, 90], 120),
        ([0, 10, 20, 25], 55),
    ],
)
def test_three_missed_within_ninety_days_bar_for_thirty(missed, until):
    day = Bar(3, 90, 30).until([DAY + timedelta(days=n) for n in missed])
    assert day == (None if until is None else DAY + timedelta(days=until))
