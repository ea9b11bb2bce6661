"""Both clocks and the lights: the vectors of the field by the national calendar of 2026, and a slow reference."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.api import HALL_ZONE, UserError
from yichuang.api import calendar as working_days
from yichuang.hall.calendar_seed import seed_rows
from yichuang_acceptance.rules import clocks, timers
from yichuang_acceptance.rules.clocks import Limit, Stop
from yichuang_acceptance.rules.lights import light
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.pauses import KINDS, check_pause
from yichuang_acceptance.rules.timers import Moments

from . import slow_clock

DAYS = {row.day: row.working for row in seed_rows(2025, 2026)}
CALENDAR = working_days.WorkingCalendar(DAYS)


def at(text: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(hour), HALL_ZONE)


def workdays(n: int) -> Limit:
    return Limit(Decimal(n), "W")


def due_day(start: str, limit: Limit, *stops: Stop) -> str | None:
    due = clocks.run_clock(at(start), limit, stops, CALENDAR).due
    return None if due is None else due.astimezone(HALL_ZONE).isoformat()


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-28", 10, "2026-10-16"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2026-04-01", 20, "2026-04-30"),
        ("2026-01-05", 45, "2026-03-13"),
        ("2026-01-05", 60, "2026-04-03"),
    ],
)
def test_the_vectors_of_the_national_calendar(start, limit, due):
    assert due_day(start, workdays(limit)) == f"{due}T23:59:59+08:00"


def test_a_suspension_and_an_extension_move_the_due_day_as_the_vectors_say():
    stop = Stop(at("2026-04-09"), at("2026-04-20"))
    whole = clocks.run_clock(at("2026-04-01"), workdays(20), (stop,), CALENDAR)
    assert whole.used == 5
    assert due_day("2026-04-01", workdays(20), stop) == "2026-05-13T23:59:59+08:00"
    assert due_day("2026-04-01", workdays(20), Stop(at("2026-04-09"))) is None, "no end while it is suspended"
    assert due_day("2026-04-01", workdays(20).longer(10)) == "2026-05-18T23:59:59+08:00"
    assert sum(DAYS[day] for day in DAYS if day.year == 2026) == 248


def test_natural_days_roll_and_hours_do_not():
    assert due_day("2026-04-01", Limit(Decimal(3), "D")) == "2026-04-07T23:59:59+08:00", (
        "4 to 6 April is a holiday"
    )
    assert due_day("2026-04-07", Limit(Decimal(36), "H")) == "2026-04-08T22:00:00+08:00"
    paused = Stop(at("2026-04-07", 12), at("2026-04-07", 16))
    assert due_day("2026-04-07", Limit(Decimal(36), "H"), paused) == "2026-04-09T02:00:00+08:00"
    two_days = Stop(at("2026-04-08"), at("2026-04-13"))
    assert due_day("2026-04-07", Limit(Decimal(10), "D"), two_days) == "2026-04-22T23:59:59+08:00"


def test_the_light_turns_by_stored_moments():
    """Acceptance test 15: limit 20 from 13 February is yellow from day 16, due on 19 March, red from 20 March 00:00."""
    fixed = clocks.both(at("2026-02-13"), None, workdays(20), (), 0, CALENDAR)

    def shown(text: str, hour: int = 0) -> str:
        return light(State.REVIEW, at(text, hour), fixed.warn_at, fixed.promise_due_at, fixed.alarm_at)

    assert shown("2026-03-12", 23) == "normal"
    assert shown("2026-03-13") == "warning"
    assert shown("2026-03-18", 23) == "warning"
    assert shown("2026-03-19") == "due_today"
    assert shown("2026-03-20") == "overdue"
    assert shown("2026-03-24", 23) == "overdue"
    assert shown("2026-03-25") == "double_red", "red for more than three working days"
    legal = clocks.both(at("2026-02-13"), workdays(21), workdays(20), (), 0, CALENDAR)
    assert (
        light(State.REVIEW, at("2026-03-21"), legal.warn_at, legal.promise_due_at, legal.alarm_at)
        == "double_red"
    )


def test_a_short_limit_is_yellow_one_working_day_before():
    fixed = clocks.both(at("2026-03-16"), None, workdays(3), (), 0, CALENDAR)
    assert fixed.warn_at == datetime(2026, 3, 18, tzinfo=HALL_ZONE)
    today = clocks.both(at("2026-03-16"), None, workdays(0), (), 0, CALENDAR)
    assert today.promise_due_at == slow_clock.end_of(date(2026, 3, 16))
    assert today.warn_at is not None
    assert today.warn_at >= datetime(2026, 3, 16, tzinfo=HALL_ZONE), "not before it was accepted"


MOMENTS = st.integers(0, 250 * 24).map(lambda h: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=h))


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 40), st.sampled_from("WD"), st.lists(MOMENTS, min_size=1, max_size=7), st.booleans())
def test_clocks_equal_a_slow_reference(amount, unit, moments, still_open):
    start, *rest = sorted(moments)
    if not still_open and len(rest) % 2:
        rest.pop()
    ends = [*rest[1::2], None] if len(rest) % 2 else rest[1::2]
    stops = [Stop(began, ended) for began, ended in zip(rest[::2], ends, strict=True)]
    ran = clocks.run_clock(start, Limit(Decimal(amount), unit), stops, CALENDAR)
    expected = slow_clock.due(start, amount, unit, [(s.began, s.ended) for s in stops], DAYS.__getitem__)
    assert ran.due == expected
    assert 0 <= ran.used <= amount


def test_a_special_procedure_needs_its_law_and_its_end():
    today = date(2026, 3, 17)
    assert check_pause(KINDS["expert_review"], "", today, today) == "《中华人民共和国行政许可法》第四十五条"
    for kind, basis, end, code in (
        ("publicity", "", today, "LEGAL_BASIS_MISSING"),
        ("testing", "", None, "PLANNED_END_MISSING"),
        ("testing", "", today - timedelta(days=1), "PLANNED_END_PAST"),
    ):
        with pytest.raises(UserError) as error:
            check_pause(KINDS[kind], basis, end, today)
        assert error.value.code == code
    assert (
        check_pause(KINDS["dispute"], "《行政诉讼法》第六十一条", None, today) == "《行政诉讼法》第六十一条"
    )


def test_timers_are_done_once_they_are_past_and_the_next_one_is_known():
    told = at("2026-09-24")
    waiting = Moments(State.RECEIVED, telling_due_at=told)
    assert timers.due(waiting, told) == [], "the last moment still counts"
    later = told + timedelta(seconds=1)
    assert [timer.event for timer in timers.due(waiting, later)] == [Event.DEEMED_ACCEPT]
    assert timers.next_at(waiting, told) == told
    assert timers.next_at(waiting, later) is None
    ready = Moments(State.READY, ready_at=told, deliver_due_at=told + timedelta(days=12))
    assert [t.alert for t in timers.timers(ready)] == ["R-collect", "R-collect", "V12", "R-collect"]
    paused = Moments(State.SUSPENDED, pause_due_at=told, promise_due_at=None)
    assert [t.alert for t in timers.due(paused, later)] == ["V11"]
    assert timers.timers(Moments(State.DELIVERED, telling_due_at=told, promise_due_at=told)) == []
