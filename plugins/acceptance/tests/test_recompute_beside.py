"""A changed calendar moves what waits beside the clocks of cases: tasks, checks, ratings, complaints, notices, matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yichuang.api import entries_about, select
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import promise_tables as p
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.clock_tables import later
from yichuang_acceptance.operations import recompute

from . import slow_clock
from .applicant_steps import rated
from .conftest import CLERK, accepted, hands
from .life import contents, day, extend, grant, resume, rules, see, set_clock, suspend, tick
from .matter_hall import case_of, decide, fill_theme, matter, taken
from .review import ONE_REVIEW, set_graph, staff
from .test_promises import promised
from .test_recompute import change, settle

WINDOW = replace(CLERK, permissions=CLERK.permissions | {"acceptance.voices"})
START = date(2026, 3, 17)


def enter_everything(suite: Any) -> dict[str, Any]:
    """One thing of each kind that waits for somebody, all of them begun on the same day."""
    granted = promised(suite)
    suite.run(CLERK, "acceptance.accept_case", {"case_id": granted.case_id})
    grant(suite, granted)
    said = accepted(suite)
    rated(suite, said, 5)
    suite.run(WINDOW, "acceptance.complain", {"case_id": said.case_id, "content": "太慢"})
    twice = accepted(suite)
    suspend(suite, twice)
    resume(suite, twice)
    suspend(suite, twice)
    longer = accepted(suite)
    extend(suite, longer)
    fill_theme(suite)
    taken(suite)
    staff(suite)
    set_graph(suite, ONE_REVIEW)
    reviewed = accepted(suite)
    return {
        "granted": granted,
        "said": said,
        "twice": twice,
        "longer": longer,
        "reviewed": reviewed,
        "matter": matter,
    }


def only(suite: Any, table: Any, *where: Any) -> Any:
    with suite.database.read() as reader:
        return reader.one(select(table).where(*where))


def stored(suite: Any) -> dict[str, Any]:
    """Every stored due time of these things."""
    check, fix = only(suite, p.promise), only(suite, a.rating_fix)
    complaint, notice, matter = only(suite, s.complaint), only(suite, s.notice), only(suite, mt.matter)
    task, longer = only(suite, rt.task, rt.task.c.node == "n1"), only(suite, t.extension)
    reminder, late = (only(suite, later, later.c.case_id == check.case_id, later.c.rule == rule)
                      for rule in ("R-postcheck", "V09"))  # fmt: skip
    return {
        "check": check.check_due_at, "reminder": reminder.at, "check late": late.at, "contact": fix.contact_due_at,
        "fix": fix.due_at, "alert": fix.next_alert_at, "complaint": complaint.due_at,
        "complaint late": only(suite, later, later.c.key == f"complaint:{complaint.id}").at,
        "notice": notice.due_at, "promise": matter.promise_due_at, "legal": matter.legal_due_at, "task": task.due_at,
        "timer": task.timer_at, "before": longer.old_due_at, "extended": longer.new_due_at,
    }  # fmt: skip


def expected(suite: Any, works: Any) -> dict[str, Any]:
    """The same by the slow reference."""
    began = suite.executor.clock.now  # everything began on this day

    def working(n: int) -> Any:
        return slow_clock.working_days_after(began, n, works)

    granted = only(suite, t.case, t.case.c.id == only(suite, p.promise).case_id).decided_at
    check = slow_clock.due(granted, 30, "D", (), works)
    return {
        "check": check, "reminder": max(granted, check - timedelta(days=10)), "check late": check, "contact": working(1),
        "fix": working(5), "alert": working(1), "complaint": working(13), "complaint late": working(13),
        "notice": working(2), "promise": working(10), "legal": working(10), "task": working(2), "timer": working(2),
        "before": working(10), "extended": working(20),
    }  # fmt: skip


@pytest.mark.parametrize("on_sqlite", [True])
def test_what_waits_beside_a_case_equals_the_slow_reference(suite, on_sqlite):
    enter_everything(suite)
    normal = {START + timedelta(n): (START + timedelta(n)).weekday() < 5 for n in range(80)}

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rest=st.sets(st.integers(1, 40), max_size=15))
    def follow(rest: set[int]) -> None:
        days = {day_: works and (day_ - START).days not in rest for day_, works in normal.items()}
        change(suite, days)
        settle(suite)
        assert stored(suite) == expected(suite, lambda day_: days.get(day_, day_.weekday() < 5))

    follow()


def test_each_change_is_kept_with_its_case_and_in_the_journal_once(suite, monkeypatch):
    monkeypatch.setattr(recompute, "AT_ONCE", 1)  # every kind in steps of its own
    made = enter_everything(suite)
    settle(suite)
    change(suite, {date(2026, 3, 18): False, date(2026, 4, 16): False})
    assert settle(suite) > 0
    said = see(suite, made["said"]).events
    assert [e.event for e in said][-2:] == ["recompute", "recompute"], "the rating and the complaint"
    with suite.database.read() as reader:
        journalled = entries_about(reader, f"case:{made['said'].case_no}")
        of_matter = entries_about(reader, f"matter:{only(suite, mt.matter).case_no}")
    moved = [e.detail["of"].split(":")[0] for e in journalled if "of" in (e.detail or {})]
    assert sorted(moved) == ["complaint", "rating"]
    assert [e.event for e in of_matter].count("acceptance.recomputed") == 1
    for name in ("said", "reviewed", "longer", "granted"):
        assert suite.query(CLERK, "acceptance.verify_case", {"case_id": made[name].case_id}).broken_at is None
    before = contents(suite)["acceptance_event"]
    assert settle(suite) == 0
    assert contents(suite)["acceptance_event"] == before


def test_a_notice_that_moves_is_late_only_after_its_new_day(suite, clock):
    case = accepted(suite)
    rated(suite, case, 5)
    settle(suite)
    change(suite, {date(2026, 3, 18): False})
    settle(suite)
    set_clock(clock, "2026-03-19", 23)
    tick(suite)
    assert rules(suite, case) == [], "the applicant may be called back until the end of the 19th"
    set_clock(clock, "2026-03-20", 0)
    tick(suite)
    assert rules(suite, case) == ["V14"]


def test_an_item_of_a_matter_counts_from_its_opening(suite, clock):
    fill_theme(suite)
    of = suite.run(CLERK, "acceptance.receive_matter", matter("YJS-91", materials=hands(1, 2, 3)))
    set_clock(clock, "2026-03-19")
    decide(suite, of, 1)
    assert day(case_of(suite, of, 2).telling_due_at) == "2026-03-26"
    settle(suite)
    change(suite, {date(2026, 3, 20): False})
    settle(suite)
    assert day(case_of(suite, of, 2).telling_due_at) == "2026-03-27", "not from its receipt"
