"""A changed calendar moves the limits of open cases: exactly as if it had been so from the start, once, nothing lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from yichuang.api import HALL_ZONE, Actor, entries_about
from yichuang_acceptance.operations import recompute

from . import slow_clock
from .conftest import BARE, CLERK, COMMITTED, INSTANT, Clock, accepted, hands, intake
from .life import contents, day, extend, grant, render, resume, rules, see, set_clock, suspend, tick
from .test_life_papers import letters

NO_RUN = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def change(suite: Any, days: dict[date, bool]) -> None:
    suite.run(Actor.system(), "hall.set_days", {"days": days})


def settle(suite: Any) -> int:
    """Tick until nothing is to do; how many cases moved."""
    moved = 0
    while suite.query(CLERK, "acceptance.is_due"):
        moved += tick(suite).recomputed
    return moved


def received(suite: Any, **changes: Any) -> Any:
    return suite.run(CLERK, "acceptance.receive", intake(materials=hands(1), **changes))


def test_a_holiday_moves_both_clocks_the_light_and_the_timer(suite, clock):
    case = accepted(suite)
    before = see(suite, case)
    assert (day(before.promise_due_at), day(before.legal_due_at)) == ("2026-03-24", "2026-03-31")
    settle(suite)
    change(suite, {date(2026, 3, 19): False, date(2026, 3, 20): False, date(2026, 3, 21): True})
    assert suite.query(CLERK, "acceptance.is_due") is True
    assert settle(suite) == 1
    seen = see(suite, case)
    assert (day(seen.promise_due_at), day(seen.legal_due_at)) == ("2026-03-25", "2026-04-01")
    event = seen.events[-1]
    assert (event.event, event.staff, event.source, event.target) == ("recompute", "", "review", "review")
    with suite.database.read() as reader:
        (entry,) = [
            e for e in entries_about(reader, f"case:{case.case_no}") if e.event == "acceptance.recomputed"
        ]
    assert "2026-03-24" in str(entry.detail)
    assert "2026-03-25" in str(entry.detail)
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    set_clock(clock, "2026-03-25", 23)
    tick(suite)
    assert rules(suite, case) == [], "the old day is no limit any more"
    set_clock(clock, "2026-03-26", 0)
    tick(suite)
    assert rules(suite, case) == ["V02"]


def test_a_limit_that_moves_into_the_past_is_seen_to(suite, clock):
    change(suite, {date(2026, 3, 18) + timedelta(n): False for n in range(10)})
    case = accepted(suite)
    set_clock(clock, "2026-03-30")
    settle(suite)
    assert rules(suite, case) == []
    change(
        suite,
        {
            date(2026, 3, 18) + timedelta(n): (date(2026, 3, 18) + timedelta(n)).weekday() < 5
            for n in range(10)
        },
    )
    settle(suite)
    assert rules(suite, case) == ["V02"]


def test_every_limit_of_every_state_follows(suite, clock):
    telling, correcting = received(suite), received(suite)
    told = {"case_id": correcting.case_id, "defects": ["营业执照：未提交"], "deadline": "2026-04-10"}
    suite.run(CLERK, "acceptance.request_correction", told)
    owed = accepted(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}])
    paused = accepted(suite)
    suspend(suite, paused)
    longer = accepted(suite)
    extend(suite, longer)
    given = accepted(suite)
    grant(suite, given)
    bare = accepted(suite, item=BARE, materials=hands(1))
    settle(suite)
    change(suite, {date(2026, 3, 18): False, date(2026, 4, 10): False})
    assert settle(suite) == 5, "those without a limit, or whose clocks are stopped, stay as they are"
    assert day(see(suite, telling).telling_due_at) == "2026-03-25"
    assert day(see(suite, correcting).correction_due_at) == "2026-04-13", "a last day that is none any more"
    assert day(see(suite, owed).tolerance_due) == "2026-03-25"
    assert day(see(suite, owed).materials[2].due) == "2026-03-25"
    assert day(see(suite, longer).legal_due_at) == "2026-04-16"
    assert day(see(suite, given).deliver_due_at) == "2026-04-01"
    assert see(suite, paused).promise_due_at is None
    assert [e.event for e in see(suite, bare).events][-1] == "dispatch"
    clock.now = datetime(2026, 3, 23, 2, tzinfo=HALL_ZONE)
    resume(suite, paused)
    assert day(see(suite, paused).promise_due_at) == "2026-03-30", "nothing of the limit was used"


def test_repeating_it_changes_nothing_and_a_second_round_finds_what_came_between(suite, clock):
    case = accepted(suite)
    settle(suite)
    change(suite, {date(2026, 3, 19): False})
    assert settle(suite) == 1
    before = contents(suite)["acceptance_event"]
    assert settle(suite) == 0
    # a desk that had read the old calendar commits after the round had passed its case
    with suite.database.write() as writer:
        writer.execute(text("UPDATE acceptance_case SET promise_due_at = legal_due_at"))
    clock.now += recompute.AGAIN_AFTER + timedelta(seconds=1)
    assert settle(suite) == 1
    assert day(see(suite, case).promise_due_at) == "2026-03-25"
    assert len(contents(suite)["acceptance_event"]) == len(before) + 1
    clock.now += recompute.AGAIN_AFTER * 2
    assert suite.query(CLERK, "acceptance.is_due") is False


def test_a_round_goes_on_behind_the_last_case_done(suite, clock, monkeypatch):
    monkeypatch.setattr(recompute, "AT_ONCE", 2)
    made = [accepted(suite) for _ in range(5)]
    settle(suite)
    change(suite, {date(2026, 3, 19): False})
    first = tick(suite)
    assert (first.recomputed, first.more) == (2, True)
    assert [day(see(suite, case).promise_due_at) for case in made].count("2026-03-25") == 2
    change(suite, {date(2026, 3, 20): False})  # while the round is under way
    settle(suite)
    assert {day(see(suite, case).promise_due_at) for case in made} == {"2026-03-26"}


def test_limits_beyond_the_calendar_are_provisional_until_it_is_entered(suite, clock):
    set_clock(clock, "2026-12-28")
    case = accepted(suite)
    (row,) = [r for r in suite.query(CLERK, "acceptance.cases", {"tab": "mine"}) if r.id == case.case_id]
    assert row.provisional
    assert row.time_left.endswith("（暂定）")
    assert day(row.due_at) == "2027-01-04", "1 January is a working day as long as nobody says otherwise"
    (paper,) = render(suite, case)
    pdf = suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id})
    assert "暂定" in letters(pdf)
    settle(suite)
    year = [date(2027, 1, 1) + timedelta(n) for n in range(365)]
    change(suite, {d: d.weekday() < 5 and d > date(2027, 1, 3) for d in year})
    assert settle(suite) == 1
    (row,) = [r for r in suite.query(CLERK, "acceptance.cases", {"tab": "mine"}) if r.id == case.case_id]
    assert not row.provisional
    assert day(row.due_at) == "2027-01-05"


@pytest.mark.parametrize("on_sqlite", [True])
@settings(max_examples=8, deadline=None, suppress_health_check=NO_RUN)
@given(
    rest=st.sets(st.integers(1, 40), max_size=15),
    item=st.sampled_from([COMMITTED, INSTANT]),
    pause=st.booleans(),
)
def test_recomputed_limits_equal_those_of_the_slow_reference(suite, clock, on_sqlite, rest, item, pause):
    start = date(2026, 3, 17)
    normal = {start + timedelta(n): (start + timedelta(n)).weekday() < 5 for n in range(60)}
    change(suite, normal)
    clock.now = max(clock.now, Clock().now)
    case = accepted(suite, item=item)
    pauses: list[tuple[datetime, datetime | None]] = []
    if pause:
        began = clock.now
        suspend(suite, case)
        resume(suite, case)
        pauses = [(began, clock.now)]
    settle(suite)
    days = {day_: works and (day_ - start).days not in rest for day_, works in normal.items()}
    change(suite, days)
    settle(suite)

    def works(day_: date) -> bool:
        return days.get(day_, day_.weekday() < 5)

    seen = see(suite, case)
    limits = {COMMITTED: (5, 10), INSTANT: (0, 20)}[item]
    for due, limit in zip((seen.promise_due_at, seen.legal_due_at), limits, strict=True):
        assert due == slow_clock.due(seen.accepted_at, limit, "W", pauses, works)
