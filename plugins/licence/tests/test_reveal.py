"""Hidden fields, the papers of a look, and the reach of the record: nothing is read that was not recorded before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from yichuang.api import UserError

from .conftest import CLERK, KEEPER, OTHER, citizen, draft

GROUND = {"purpose": "办理食品经营许可"}


@pytest.fixture
def opened(suite, issued):
    suite.run(KEEPER, "licence.view", {"code": issued.code, **GROUND})
    return issued.code


def refused(ask, *arguments):
    with pytest.raises(UserError) as error:
        ask(*arguments)
    return error.value.code


@pytest.mark.parametrize("name", ["licence.face", "licence.slip"])
def test_papers_need_a_look_for_the_same_purpose(suite, opened, name):
    assert suite.query(KEEPER, name, {"code": opened, **GROUND}).startswith(b"%PDF")
    assert refused(suite.query, KEEPER, name, {"code": opened, "purpose": "别的事由"}) == "NOT_OPENED"
    assert refused(suite.query, CLERK, name, {"code": opened, **GROUND}) == "NOT_OPENED", (
        "others look themselves"
    )
    assert refused(suite.query, KEEPER, name, {"code": opened, "purpose": ""}) == "PURPOSE_MISSING"


@pytest.mark.parametrize(("field", "plain"), [("holder_name", "苏日娜"), ("holder_code", citizen())])
def test_a_field_is_shown_after_it_was_recorded(suite, opened, field, plain):
    asked = {"code": opened, "field": field, **GROUND}
    assert refused(suite.query, KEEPER, "licence.revealed", asked) == "NOT_OPENED"
    suite.run(KEEPER, "licence.reveal", asked)
    assert suite.query(KEEPER, "licence.revealed", asked) == plain
    with suite.database.read() as reader:
        journal = str([tuple(row) for row in reader.all(text("SELECT * FROM core_journal"))])
    assert citizen() not in journal


def test_a_field_is_revealed_only_to_whom_it_may_be(suite, opened):
    asked = {"code": opened, "field": "holder_name", **GROUND}
    suite.run(CLERK, "licence.view", {"code": opened, **GROUND})
    assert refused(suite.run, CLERK, "licence.reveal", asked) == "NOT_PERMITTED"
    assert refused(suite.run, CLERK, "licence.reveal", {**asked, "field": "holder_code"}) == "NOT_PERMITTED"
    assert refused(suite.run, KEEPER, "licence.reveal", {**asked, "field": "没有"}) == "UNKNOWN_FIELD"


def test_yesterdays_look_shows_nothing_today(suite, opened, monkeypatch):
    tomorrow = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
    ticks = iter(range(1000))
    monkeypatch.setattr(suite.executor, "clock", lambda: tomorrow + timedelta(milliseconds=next(ticks)))
    assert refused(suite.query, KEEPER, "licence.face", {"code": opened, **GROUND}) == "NOT_OPENED"


def test_people_see_their_own_uses_and_the_halls_people_all(suite, opened):
    suite.run(CLERK, "licence.view", {"code": opened, **GROUND})
    everybody = replace(KEEPER, staff_id=9, agency=OTHER, hall_wide=True)
    assert [use.staff for use in suite.query(CLERK, "licence.uses", {})] == ["Clerk"]
    assert [use.staff for use in suite.query(everybody, "licence.uses", {})] == ["Clerk", "Keeper"]
    assert suite.query(everybody, "licence.uses", {"text": "100%"}) == []
    assert len(suite.query(everybody, "licence.uses", {"text": "食品经营许可证"})) == 2


def test_personal_data_in_fields_is_masked_on_the_way_out(suite):
    made = suite.run(KEEPER, "licence.issue", draft(fields={"法定代表人": "刘成", "住所": "天山大街 28 号"}))
    detail = suite.run(KEEPER, "licence.view", {"code": made.code, **GROUND})
    shown = {fact.key: (fact.value, fact.hidden) for fact in detail.facts}
    assert shown["法定代表人"] == ("刘*", True)
    assert shown["住所"] == ("天山大街 *** 号", True)
