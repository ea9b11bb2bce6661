"""Statistics of cases against a slow reference; agency scope; what decisions and visits add; the printed report."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import HALL_ZONE, Actor, UserError, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.figures import at_decision, at_visit
from yichuang_acceptance.rules.statistics import durations, periods, quantile

from .case_rows import enter_cases, work_of
from .conftest import APPROVER, CLERK, OTHER, OWN, decision, hands, intake

SEE = frozenset({"acceptance.view", "acceptance.statistics"})
CHIEF = Actor(21, "chief", "首席代表", OWN, permissions=SEE)
HALL = Actor(22, "inspector", "监察员", "", permissions=SEE | {"acceptance.see_all"})
SPAN = {"first": "2026-03-01", "last": "2026-03-31"}


def slow_quantile(values, share):
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=80), st.floats(0, 1))
def test_a_histogram_has_the_figures_of_its_values(values, share):
    days = Counter(values)
    found = durations(days)
    assert found.count == len(values)
    assert found.mean == pytest.approx(fmean(values))
    assert found.median == pytest.approx(median(values))
    assert found.p90 == pytest.approx(slow_quantile(values, 0.9))
    assert quantile(days, share) == pytest.approx(slow_quantile(values, share))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_periods_are_the_span_without_gaps(first, length):
    last = first + timedelta(days=length)
    found = periods(first, last)
    assert found[0][1] == first
    assert found[-1][2] == last + timedelta(days=1)
    assert all(a[2] == b[1] for a, b in pairwise(found))
    assert len({label for label, _, _ in found}) == len(found)


def at(day, hour=10):
    return datetime(2026, 3, day, hour, tzinfo=HALL_ZONE)


CASES = [
    {"received_at": at(2 + n % 9, 0 if n % 3 else 23), "agency": OWN if n % 3 else OTHER,
     "state": ("review", "delivered", "ready", "granted")[n % 4], "decided_at": at(12 + n % 5) if n % 4 else None,
     "decided_days": n % 7 if n % 4 else None, "kept": (n % 5 != 0 if n % 6 else None) if n % 4 else None,
     "delivered_at": at(20 + n % 14 % 11) if n % 4 == 1 else None, "trips": 1 + n % 3}
    for n in range(60)
]  # fmt: skip


def expected(cases):
    decided = [c for c in cases if c["decided_at"] is not None]
    kept = [c["kept"] for c in decided if c["kept"] is not None]
    trips = [c["trips"] for c in cases if c["delivered_at"] is not None]
    return {
        **Counter(c["state"] for c in cases if c["state"] != "delivered"), "received": len(cases), "count": len(decided),
        "mean": fmean(c["decided_days"] for c in decided), "median": median(c["decided_days"] for c in decided),
        "p90": slow_quantile([c["decided_days"] for c in decided], 0.9), "kept": fmean(kept), "trips": fmean(trips),
    }  # fmt: skip


def shown(figures):
    return {
        **figures.states, "received": figures.received, "count": figures.decided.count, "mean": figures.decided.mean,
        "median": figures.decided.median, "p90": figures.decided.p90, "kept": figures.kept, "trips": figures.trips,
    }  # fmt: skip


def test_figures_are_those_of_the_cases_and_add_up(suite):
    enter_cases(suite, CASES)
    found = suite.query(HALL, "acceptance.statistics", SPAN)
    assert shown(found.total) == pytest.approx(expected(CASES))
    for each in found.agencies:
        assert shown(each.figures) == pytest.approx(expected([c for c in CASES if c["agency"] == each.code]))
    assert [each.code for each in found.agencies] == [OWN, OTHER], "the busiest first"
    assert sum(n for _, n, _ in found.course) == 60
    assert sum(n for _, _, n in found.course) == found.total.decided.count
    by_day = Counter(f"{c['received_at']:%m-%d}" for c in CASES)
    assert {label: n for label, n, _ in found.course if n} == by_day, "days are the hall's, also at 23:00"
    narrow = suite.query(HALL, "acceptance.statistics", {"first": "2026-03-13", "last": "2026-03-13"})
    assert narrow.total.received == 0
    assert narrow.total.decided.count == sum(
        1 for c in CASES if c["decided_at"] and c["decided_at"].day == 13
    )
    one = suite.query(HALL, "acceptance.statistics", {**SPAN, "agency": OTHER})
    assert [each.code for each in one.agencies] == [OTHER]


def test_an_agency_sees_only_its_own(suite):
    enter_cases(suite, CASES)
    found = suite.query(CHIEF, "acceptance.statistics", SPAN)
    assert [each.code for each in found.agencies] == [OWN]
    assert shown(found.total) == pytest.approx(expected([c for c in CASES if c["agency"] == OWN]))
    assert sum(n for _, n, _ in found.course) == found.total.received
    with pytest.raises(UserError) as error:
        suite.query(CHIEF, "acceptance.statistics", {**SPAN, "agency": OTHER})
    assert error.value.code == "NOT_YOUR_AGENCY"
    nobody = Actor(23, "x", "x", "11150421YC0000044G", permissions=SEE)
    assert suite.query(nobody, "acceptance.statistics", SPAN).total.received == 0


def test_a_span_is_bounded_and_in_order(suite):
    for span, code in (
        (("2020-01-01", "2026-01-01"), "SPAN_TOO_LONG"),
        (("2026-03-02", "2026-03-01"), "BAD_REQUEST"),
    ):
        with pytest.raises(UserError) as error:
            suite.query(HALL, "acceptance.statistics", {"first": span[0], "last": span[1]})
        assert error.value.code == code


def test_the_report_is_a_pdf_also_of_nothing(suite):
    assert suite.query(HALL, "acceptance.statistics_report", SPAN).startswith(b"%PDF")
    enter_cases(suite, CASES)
    assert suite.query(
        HALL, "acceptance.statistics_report", {"first": "2025-01-01", "last": "2026-03-31"}
    ).startswith(b"%PDF")


def test_a_decision_counts_working_days_without_suspensions(suite):
    (key,) = enter_cases(suite, [{"accepted_at": at(2), "received_at": at(2)}])
    suite.executor.clock.now = at(17)
    with suite.database.write() as writer:
        work = work_of(suite, writer)
        assert at_decision(work, key, at(2), at(17, 23)) == {"decided_days": 11, "kept": True}
        assert at_decision(work, key, at(2), at(16)) == {"decided_days": 11, "kept": False}
        assert at_decision(work, key, None, at(16)) == {}
        writer.insert(
            t.suspension, case_id=key, node="", kind="INSPECTION", basis="x", reason="x", began_at=at(4), ended_at=at(11),
            staff_id=1, staff_name="x",
        )  # fmt: skip
        assert at_decision(work, key, at(2), None) == {"decided_days": 6, "kept": None}


def test_a_visit_is_a_trip_once_a_day(suite):
    (key,) = enter_cases(suite, [{"received_at": at(2)}])
    suite.executor.clock.now = at(2, 16)
    with suite.database.write() as writer:
        row = writer.one(select(t.case).where(t.case.c.id == key))
        assert at_visit(work_of(suite, writer), row) == {}
        suite.executor.clock.now = at(3, 9)
        added = at_visit(work_of(suite, writer), row)
        assert added["trips"] == 2
        assert added["came_at"].astimezone(HALL_ZONE).date() == date(2026, 3, 3)


def test_decisions_and_visits_count_as_they_happen(suite, clock):
    """From the window to delivery: the operations themselves keep the figures."""
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    one = {"case_id": case.case_id}
    suite.run(CLERK, "acceptance.request_correction", {**one, "defects": ["营业执照：未提交"]})
    clock.now += timedelta(days=1)
    suite.run(CLERK, "acceptance.resubmit", {**one, "materials": hands(1, 2, 3)})
    suite.run(CLERK, "acceptance.accept_case", one)
    clock.now += timedelta(days=2)
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    with suite.database.read() as reader:
        row = reader.one(select(t.case).where(t.case.c.id == case.case_id))
    assert (row.decided_days, row.kept, row.trips) == (2, True, 2)
