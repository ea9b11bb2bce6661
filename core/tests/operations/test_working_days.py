"""Entering working days: no gap that would stop all counting, a whole year at once, how far they reach. Both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yichuang.hall.errors import UserError
from yichuang.identity.actor import Actor
from yichuang.operations import working_days
from yichuang.operations.executor import Executor
from yichuang.operations.registry import Registry

from .conftest import READER

SYSTEM = Actor.system()
YEAR = {
    "year": 2027,
    "rests": [{"first": "2027-01-01", "last": "2027-01-03", "name": "元旦"}],
    "workdays": ["2027-02-20"],
    "source": "国办发明电〔2026〕7号",
}


@pytest.fixture
def hall(database, clock):
    registry = Registry()
    registry.add(working_days, "core")
    made = Executor(database, registry, None, clock)  # type: ignore[arg-type]  # nothing here asks a hook
    days = {date(2026, 1, 1) + timedelta(n): n % 7 < 5 for n in range(365)}
    made.run(SYSTEM, "hall.set_days", {"days": days})
    yield made
    made.close()


def last(hall):
    return hall.query(SYSTEM, "hall.calendar").last


def refused(hall, name, request, actor=SYSTEM):
    before = last(hall)
    with pytest.raises(UserError) as error:
        hall.run(actor, name, request)
    assert last(hall) == before
    return error.value.code


def test_days_that_leave_a_gap_are_refused_because_nothing_could_be_counted(hall):
    assert refused(hall, "hall.set_days", {"days": {"2027-01-04": True}}) == "CALENDAR_GAP"
    assert refused(hall, "hall.set_year", {**YEAR, "year": 2028, "rests": [
        {"first": "2028-01-01", "last": "2028-01-03", "name": "元旦"}], "workdays": []}) == "CALENDAR_GAP"  # fmt: skip
    assert hall.run(SYSTEM, "hall.set_days", {"days": {"2026-07-13": False}, "name": "那达慕"}) == 1
    assert not hall.read(SYSTEM, lambda read: read.calendar.is_workday(date(2026, 7, 13)))


def test_a_year_is_entered_whole_and_read_at_once(hall):
    assert hall.query(SYSTEM, "hall.calendar").enough is False, "of 2026 nine months are left"
    assert hall.run(SYSTEM, "hall.set_year", YEAR) == 261
    reach = hall.query(SYSTEM, "hall.calendar")
    assert (reach.first, reach.last, reach.enough) == (date(2026, 1, 1), date(2027, 12, 31), True)
    asked = [date(2027, 1, 1), date(2027, 1, 4), date(2027, 2, 20), date(2027, 2, 27)]
    works = hall.read(SYSTEM, lambda read: [read.calendar.is_workday(day) for day in asked])
    assert works == [False, True, True, False]


def test_a_year_that_has_begun_or_is_wrong_is_refused(hall):
    begun = {"year": 2026, "rests": [{"first": "2026-01-01", "last": "2026-01-03", "name": "元旦"}]}
    assert refused(hall, "hall.set_year", begun) == "YEAR_BEGAN"
    assert refused(hall, "hall.set_year", {**YEAR, "workdays": ["2027-01-02"]}) == "BAD_DAYS"
    assert refused(hall, "hall.set_year", {**YEAR, "rests": []}) == "BAD_REQUEST"
    assert refused(hall, "hall.set_year", YEAR, READER) == "NOT_PERMITTED"
    hall.run(SYSTEM, "hall.set_year", YEAR)
    assert hall.run(SYSTEM, "hall.set_year", {**YEAR, "workdays": []}) == 260, (
        "until it begins it can be put right"
    )


def test_a_year_that_nobody_entered_in_time_can_still_be_entered(hall, clock):
    clock.now = clock.now.replace(year=2027)
    assert hall.run(SYSTEM, "hall.set_year", YEAR) == 261
