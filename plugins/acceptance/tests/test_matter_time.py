"""The promise of one matter at once: over it, the whole is reported under its own number, once, to the agency that leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from .conftest import OWN
from .life import day, set_clock, tick
from .matter_hall import (
    FIRE_AT,
    FOOD_AT,
    SIGN_AT,
    THEME,
    decide,
    detail,
    fill_theme,
    pick_up,
    taken,
    verified,
)
from .test_recompute import change, settle
from .test_supervision import HANDLER, INSPECTOR, answer

LEADING = replace(HANDLER, staff_id=40, account="leading", name="牵头单位")


@pytest.fixture
def themed(suite: Any) -> Any:
    fill_theme(suite)
    return suite


def of_whole(suite: Any, of: Any, actor: Any = LEADING) -> list[Any]:
    rows = suite.query(actor, "acceptance.supervision", {"kind": "violations", "limit": 1000})
    return [row for row in rows if row.case_no == of.case_no]


def test_a_matter_over_its_promise_is_reported_once_and_goes_the_way_of_violations(themed, clock):
    of = taken(themed)
    assert day(detail(themed, of).promise_due_at) == "2026-03-31"
    set_clock(clock, "2026-03-31", 23)
    tick(themed)
    assert of_whole(themed, of) == []
    set_clock(clock, "2026-04-01", 0)
    tick(themed)
    tick(themed)
    (row,) = of_whole(themed, of)
    assert (row.rule, row.item_name, row.agency, row.state, day(row.at)) == (
        "V02",
        "开办餐饮店",
        OWN,
        "notified",
        "2026-03-31",
    )
    assert row.mine
    answer(themed, row, LEADING)
    ordered = themed.run(INSPECTOR, "acceptance.order_notice", {"alert_id": row.id, "text": "请抓紧联办"})
    assert (ordered.state, ordered.case_no) == ("ordered", of.case_no)
    own = [
        r
        for r in themed.query(INSPECTOR, "acceptance.supervision", {"kind": "violations"})
        if r.case_no != of.case_no
    ]
    assert {r.rule for r in own} <= {"V02", "V02L"}, "the items are reported for themselves"


def test_a_matter_that_can_be_picked_up_is_in_time(themed, clock):
    of = taken(themed)
    verified(themed, of)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(themed, of, position)
    assert detail(themed, of).row.state == "ready"
    collected = taken(themed)
    verified(themed, collected)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(themed, collected, position)
    pick_up(themed, collected)
    set_clock(clock, "2026-04-02")
    tick(themed)
    assert of_whole(themed, of) == of_whole(themed, collected) == []


def test_its_promise_follows_the_calendar_and_an_open_one_without_a_promise_is_never_late(themed, clock):
    of, other = taken(themed), taken(themed, theme="YJS-91")
    settle(themed)
    change(themed, {date(2026, 3, 20): False})
    settle(themed)
    set_clock(clock, "2026-04-01", 12)
    tick(themed)
    assert of_whole(themed, of) == []
    set_clock(clock, "2026-04-02", 0)
    tick(themed)
    assert [row.rule for row in of_whole(themed, of)] == ["V02"]
    assert THEME not in of_whole(themed, of)[0].case_no
    assert detail(themed, other).promise_due_at is not None
