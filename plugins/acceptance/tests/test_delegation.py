"""Townships and villages accept what a published guide delegates to them, and tell where everything else is accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import CLERK, COMMITTED, INSTANT, accepted, hands, intake
from .life import contents, refused
from .matter_hall import fill_theme, matter
from .test_handovers import AREA, IN_HALL, TIANSHAN, TOWN, delegate, enter_points

VILLAGE = replace(TOWN, staff_id=32, account="village", desk="T02")


@pytest.fixture
def points(suite: Any) -> Any:
    enter_points(suite)
    village = {"code": "GC01", "name": "巴彦嘎查", "kind": "village", "desks": ["T02"], "area": f"{AREA}201"}
    suite.run(IN_HALL, "acceptance.set_point", village)
    return suite


def test_a_township_accepts_what_its_guide_names_and_tells_where_else_to_go(points):
    suite = points
    assert suite.run(TOWN, "acceptance.accept", intake()).state == "review"
    assert suite.query(TOWN, "acceptance.accepted_here") == [COMMITTED]
    before = contents(suite)
    with pytest.raises(UserError) as error:
        suite.run(TOWN, "acceptance.accept", intake(INSTANT))
    assert contents(suite) == before
    told = error.value.as_dict("zh_CN")
    assert error.value.code == "NOT_DELEGATED"
    assert all(words in told["sentence"] for words in ("个体工商户登记", "天山镇"))
    assert "市场监督管理局" in told["do"]
    assert error.value.as_dict("en")["sentence"] != told["sentence"]
    assert refused(suite, TOWN, "acceptance.receive", intake(INSTANT, materials=hands(1))) == "NOT_DELEGATED"
    assert accepted(suite, item=INSTANT).state == "review", "the hall accepts everything"
    assert suite.query(CLERK, "acceptance.accepted_here") is None


def test_a_village_needs_its_own_code_and_another_town_is_named(points):
    suite = points
    assert refused(suite, VILLAGE, "acceptance.accept", intake()) == "NOT_DELEGATED"
    with pytest.raises(UserError) as error:
        suite.run(VILLAGE, "acceptance.accept", intake())
    assert f"镇{AREA}" in error.value.as_dict("zh_CN")["do"]
    assert suite.query(VILLAGE, "acceptance.accepted_here") == []
    delegate(suite, INSTANT, f"{AREA}201", AREA)
    assert suite.run(VILLAGE, "acceptance.accept", intake(INSTANT)).state == "review"
    assert suite.query(TOWN, "acceptance.accepted_here") == sorted([COMMITTED, INSTANT])


def test_a_point_without_an_area_accepts_nothing_and_an_area_is_nine_or_twelve_figures(points):
    suite = points
    assert refused(suite, IN_HALL, "acceptance.set_point", {**TIANSHAN, "area": "15042110"}) == "BAD_REQUEST"
    suite.run(IN_HALL, "acceptance.set_point", {**TIANSHAN, "area": ""})
    assert refused(suite, TOWN, "acceptance.accept", intake()) == "NOT_DELEGATED"
    assert suite.query(TOWN, "acceptance.accepted_here") == []


def test_a_matter_is_taken_in_only_where_every_item_of_it_may_be(points):
    fill_theme(points)
    assert refused(points, TOWN, "acceptance.accept_matter", matter()) == "NOT_DELEGATED"
