"""Time limits: the vectors of real holidays, and a slow reference that walks day by day and minute by minute."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.hall.calendar import HALL_ZONE, WorkingCalendar
from yichuang.hall.calendar_seed import last_seed_year, seed_rows
from yichuang.hall.errors import UserError

SEED = seed_rows(2025, 2026)
DAYS = {row.day: row.working for row in SEED}
CALENDAR = WorkingCalendar(DAYS)
OFFICE_MINUTES = [m for m in range(24 * 60) if 510 <= m < 720 or 870 <= m < 1050]  # 8:30-12:00, 14:30-17:30


def d(text):
    return date.fromisoformat(f"2026-{text}")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=HALL_ZONE)


def slow_add(start, n):
    day = start
    while n:
        day += timedelta(days=1)
        n -= DAYS[day]
    return day


def slow_between(start, end):
    step = 1 if end >= start else -1
    low, high = min(start, end), max(start, end)
    return step * sum(DAYS[low + timedelta(days=i)] for i in range(1, (high - low).days + 1))


def slow_office(start, minutes):
    """The moment after so many whole office minutes that begin at or after the start."""
    moment = start.replace(second=0)
    while True:
        if DAYS[moment.date()] and moment.hour * 60 + moment.minute in OFFICE_MINUTES:
            minutes -= 1
        moment += timedelta(minutes=1)
        if minutes == 0:
            return moment


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("02-13", 20, "03-19"),
        ("09-18", 5, "09-24"),
        ("09-28", 10, "10-16"),
        ("09-19", 1, "09-20"),
        ("04-01", 20, "04-30"),
        ("04-30", 10, "05-18"),
        ("01-05", 45, "03-13"),
        ("01-05", 60, "04-03"),
        ("09-19", 0, "09-20"),
        ("09-18", 0, "09-18"),
        ("09-18", 0.5, "09-20"),
    ],
)
def test_vectors(start, n, due):
    assert CALENDAR.add_workdays(d(start), n) == d(due)


def test_weekdays_alone_would_be_wrong_by_four_days():
    weekdays = WorkingCalendar({day: day.weekday() < 5 for day in DAYS})
    assert weekdays.add_workdays(d("02-13"), 20) == d("03-13")


def test_the_year_2026_has_248_working_days():
    assert CALENDAR.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_light_of_the_design():
    due = CALENDAR.add_workdays(d("02-13"), 20)
    assert CALENDAR.warn_day(due, 20) == d("03-13")
    assert CALENDAR.workdays_between(d("02-13"), d("03-13")) == 16
    due_at = CALENDAR.due_moment(at("02-13T10:00"), 20)
    assert CALENDAR.remaining(at("03-19T09:00"), due_at).due_today
    assert not CALENDAR.remaining(at("03-19T23:59:59"), due_at).overdue
    assert CALENDAR.remaining(at("03-20T00:00"), due_at).overdue
    assert CALENDAR.warn_day(d("03-19"), 1) == d("03-18")


@pytest.mark.parametrize(
    ("start", "limit", "unit", "due"),
    [
        ("09-18T10:00", 5, "W", "09-24T23:59:59"),
        ("09-18T10:00", 0.5, "W", "09-18T16:30"),
        ("09-18T16:00", Decimal("0.5"), "W", "09-20T11:00"),
        ("09-18T07:00", 0.5, "W", "09-18T15:00"),
        ("09-19T10:00", 0.5, "W", "09-20T15:00"),
        ("09-18T10:00", 1.5, "W", "09-21T15:00"),
        ("09-18T10:00", 7, "D", "09-28T23:59:59"),  # 25 to 27 September is the Mid-autumn holiday
        ("09-18T10:00", 3, "D", "09-21T23:59:59"),
        ("09-18T10:00", 2, "H", "09-18T12:00"),
        ("09-18T23:30", 2, "H", "09-19T01:30"),
    ],
)
def test_due_moments(start, limit, unit, due):
    assert CALENDAR.due_moment(at(start), limit, unit) == at(due)


def test_moments_may_come_in_any_zone():
    assert CALENDAR.due_moment(datetime(2026, 9, 17, 17, 0, tzinfo=UTC), 1) == at(
        "09-20T23:59:59"
    )  # already the 18th
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.due_moment(datetime(2026, 9, 17), 1)


def test_immediate_items_are_due_the_same_working_day():
    assert CALENDAR.instant_due(at("09-18T17:59")) == at("09-18T23:59:59")
    assert CALENDAR.instant_due(at("09-19T09:00")) == at("09-20T23:59:59")


def test_remaining_counts_working_time_only():
    due = at("09-24T23:59:59")
    left = CALENDAR.remaining(at("09-18T16:30"), due)
    assert (left.days, left.hours, left.overdue, left.due_today) == (5, Decimal("33.5"), False, False)
    left = CALENDAR.remaining(at("09-25T10:00"), due)  # a holiday: no working time has passed since
    assert (left.days, left.hours, left.overdue) == (0, 0, True)
    left = CALENDAR.remaining(at("09-28T10:00"), due)
    assert (left.days, left.hours, left.overdue) == (-1, Decimal("-1.5"), True)


def test_work_between_two_moments_counts_in_working_days():
    assert CALENDAR.worked(at("09-18T08:30"), at("09-18T17:30")) == 1
    assert CALENDAR.worked(at("09-18T12:00"), at("09-20T12:00")) == 1, (
        "the 19th is a day of rest, the 20th is worked"
    )
    assert CALENDAR.worked(at("09-18T09:00"), at("09-18T09:05")) == 0
    assert CALENDAR.worked(at("09-20T12:00"), at("09-18T12:00")) == -1
    assert CALENDAR.worked(at("09-18T20:00"), at("09-21T10:45")) == Decimal("1.3")


START = st.dates(date(2025, 1, 10), date(2026, 6, 1))


@given(START, st.integers(1, 120))
def test_adding_is_what_walking_finds(start, n):
    due = CALENDAR.add_workdays(start, n)
    assert due == slow_add(start, n)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.workdays_between(start, due) == n == slow_between(start, due)
    assert CALENDAR.back(due, n) <= start


@given(START, START)
def test_between_is_what_counting_finds(start, end):
    assert CALENDAR.workdays_between(start, end) == slow_between(start, end)
    assert CALENDAR.workdays_between(end, start) == -CALENDAR.workdays_between(start, end)


@settings(max_examples=40)
@given(START, st.integers(0, 1439), st.integers(1, 15))
def test_parts_of_a_day_are_what_minutes_find(day, minute, sixteenths):
    begin = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=HALL_ZONE)
    amount = Decimal(sixteenths) / 16
    expected = slow_office(begin, sixteenths * 30)
    longest = CALENDAR.due_moment(begin, 1)
    assert CALENDAR.due_moment(begin, amount) == min(expected, longest)


@given(START, st.integers(0, 1439), st.integers(0, 100), st.integers(0, 100))
def test_a_longer_limit_never_ends_earlier(day, minute, a, b):
    begin = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=HALL_ZONE)
    shorter, longer = sorted((Decimal(a) / 4 + Decimal("0.25"), Decimal(b) / 4 + Decimal("0.25")))
    for unit in "WDH":
        assert begin < CALENDAR.due_moment(begin, shorter, unit) <= CALENDAR.due_moment(begin, longer, unit)


@settings(max_examples=40)
@given(START, st.integers(0, 1439), st.integers(0, 20_000))
def test_office_hours_left_are_what_minutes_find(day, minute, minutes):
    here = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=HALL_ZONE)
    due = here + timedelta(minutes=minutes)
    walked = 0
    for i in range(minutes):
        moment = here + timedelta(minutes=i)
        walked += DAYS[moment.date()] and moment.hour * 60 + moment.minute in OFFICE_MINUTES
    assert CALENDAR.remaining(here, due).hours == (Decimal(walked) / 60).quantize(
        Decimal("0.1"), "ROUND_FLOOR"
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.add_workdays(d("12-30"), 2),
        lambda: CALENDAR.add_workdays(date(2027, 1, 4), 1),
        lambda: CALENDAR.add_workdays(date(2024, 12, 31), 1),
        lambda: CALENDAR.add_workdays(d("01-05"), 10**9),
        lambda: CALENDAR.due_moment(at("12-31T10:00"), 1),
        lambda: CALENDAR.due_moment(at("12-31T15:00"), 0.5),
        lambda: CALENDAR.due_moment(at("12-25T10:00"), 7, "D"),
        lambda: CALENDAR.due_moment(at("12-25T10:00"), 99_999_999, "D"),
        lambda: CALENDAR.due_moment(at("12-31T23:00"), 2, "H"),
        lambda: CALENDAR.workdays_between(d("12-30"), date(2027, 1, 1)),
        lambda: CALENDAR.is_workday(date(2027, 1, 1)),
        lambda: CALENDAR.back(date(2025, 1, 3), 5),
        lambda: CALENDAR.remaining(at("12-31T10:00"), datetime(2027, 1, 5, tzinfo=HALL_ZONE)),
        lambda: CALENDAR.instant_due(datetime(2027, 1, 5, tzinfo=HALL_ZONE)),
    ],
)
def test_nothing_is_computed_past_the_ends(ask):
    with pytest.raises(UserError) as caught:
        ask()
    assert caught.value.code == "CALENDAR_ENDS"
    assert "2026-12-31" in caught.value.as_dict("en")["sentence"]


def test_the_last_day_itself_can_be_used():
    assert CALENDAR.add_workdays(d("12-30"), 1) == d("12-31")
    assert CALENDAR.due_moment(at("12-31T10:00"), 0.25) == at("12-31T12:00")


@pytest.mark.parametrize("n", [-1, Decimal("NaN"), float("inf")])
def test_bad_limits(n):
    with pytest.raises(UserError) as caught:
        CALENDAR.add_workdays(d("01-05"), n)
    assert caught.value.code == "BAD_LIMIT"
    with pytest.raises(UserError):
        CALENDAR.due_moment(at("01-05T09:00"), 1, "Y")


def test_a_calendar_with_a_hole_is_refused():
    with pytest.raises(UserError) as caught:
        WorkingCalendar({day: works for day, works in DAYS.items() if day != d("05-05")})
    assert caught.value.code == "CALENDAR_GAP"
    assert "2026-05-05" in str(caught.value)
    with pytest.raises(UserError):
        WorkingCalendar({})


def test_seed_names_holidays_and_make_up_days():
    named = {row.day: row.name for row in SEED}
    assert named[d("02-17")] == "春节"
    assert named[d("02-14")] == "春节调休上班"
    assert named[d("10-01")] == "国庆节"
    assert named[d("11-23")] == ""
    assert {row.source for row in SEED} == {"chinesecalendar"}


def test_seed_agrees_with_the_package():
    from chinese_calendar import is_workday

    assert all(row.working == is_workday(row.day) for row in seed_rows(2004))
    assert len(seed_rows(2024, 2024)) == 366


@pytest.mark.parametrize("years", [(2003, None), (2026, 2025), (2025, 2999)])
def test_seed_refuses_unknown_years(years):
    with pytest.raises(UserError) as caught:
        seed_rows(*years)
    assert caught.value.code == "CALENDAR_ENDS"
    assert last_seed_year() >= 2026


def test_adding_is_fast():
    start = datetime.now(UTC)
    for _ in range(20_000):
        CALENDAR.add_workdays(d("02-13"), 20)
    assert datetime.now(UTC) - start < timedelta(seconds=2)
