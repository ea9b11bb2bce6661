"""The application form on paper: what it says of a case and before there is one, who gets it, and that it is made once."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import CLERK, COMMITTED, STRANGER, citizen, hands, intake
from .forms import GOOD, load
from .life import at_once, refused, render
from .test_life_papers import letters, read, received, the_paper, withdrawn

SOURCES = {"place": "licence", "boss": "idcard", "nothing": "earlier"}
FILLED = {**GOOD, "boss": "苏日娜"}


def with_form(suite: Any, **more: Any) -> Any:
    load(suite)
    return received(suite, item=COMMITTED, materials=hands(1, 2), form=FILLED, sources=SOURCES, **more)


def made(suite: Any, case: Any) -> Any:
    return suite.run(CLERK, "acceptance.make_form", {"case_id": case.case_id})


def test_it_says_every_field_its_value_and_where_that_came_from(suite):
    agent = {
        "name": "巴特尔",
        "code_kind": "111",
        "code": citizen("15042119880101123"),
        "phone": "13900000001",
    }
    case = with_form(suite, agent=agent)
    paper = made(suite, case)
    assert (paper.kind, paper.title, paper.number, paper.state) == ("A1", "申请表", "", "drafted")
    seen = read(suite, the_paper(suite, case, "A1"))
    for words in (
        "罕山饭馆",
        "80.5",
        "天山镇罕山路1号",
        "电子证照",
        "苏日娜",
        "身份证",
        "申请人填写",
        "备注",
        "巴特尔",
    ):
        assert words in seen, words
    for words in ("申请书", "营业执照", "申请人声明", "代理人（签名）", case.case_no):
        assert words in seen, words
    assert citizen() not in seen, "the identity number is masked"


def test_a_form_that_was_typed_has_no_column_of_sources(suite):
    load(suite)
    case = received(suite, item=COMMITTED, materials=hands(1), form=FILLED)
    made(suite, case)
    seen = read(suite, the_paper(suite, case, "A1"))
    assert "罕山饭馆" in seen
    assert "来源" not in seen


def test_it_is_made_once_and_the_second_print_is_marked(suite):
    case = with_form(suite)
    first = made(suite, case)
    assert made(suite, case).id == first.id
    render(suite, case)
    asked = {"paper_id": first.id}
    sheet = suite.query(CLERK, "acceptance.print_file", asked)
    assert "补打" not in letters(sheet)
    assert suite.run(CLERK, "acceptance.count_print", asked) == 1
    assert "补打" in letters(suite.query(CLERK, "acceptance.print_file", asked))


def test_what_is_brought_later_does_not_change_what_was_signed(suite):
    load(suite)
    case = received(suite, item=COMMITTED, materials=hands(1), form=FILLED)
    asked = {"paper_id": made(suite, case).id}
    render(suite, case)
    suite.run(CLERK, "acceptance.count_print", asked)
    told = {"case_id": case.case_id, "defects": ["营业执照：未提交"], "deadline": "2026-04-16"}
    suite.run(CLERK, "acceptance.request_correction", told)
    suite.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(2, 3)})
    again = letters(suite.query(CLERK, "acceptance.print_file", asked))
    assert "补打" in again
    assert "营业执照" not in again


def test_two_desks_that_make_it_at_once_make_one(suite):
    case = with_form(suite)
    papers = at_once(*[lambda: made(suite, case).id] * 4)
    assert len(set(papers)) == 1
    assert [p.kind for p in suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})].count(
        "A1"
    ) == 1


def test_a_preview_is_a_draft_and_writes_nothing(suite):
    case = with_form(suite)
    seen = letters(suite.query(CLERK, "acceptance.form_preview", {"case_id": case.case_id}))
    assert "预览稿" in seen
    assert "罕山饭馆" in seen
    papers = suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})
    assert [p.kind for p in papers] == ["D1"]


def test_before_intake_it_is_a_draft_until_it_is_printed_to_sign(suite):
    load(suite)
    asked = {**intake(item=COMMITTED, materials=hands(1), form=FILLED), "sources": {"place": "licence"}}
    draft = letters(suite.query(CLERK, "acceptance.application_form", asked))
    sheet = letters(suite.query(CLERK, "acceptance.application_form", {**asked, "to_sign": True}))
    assert "预览稿" in draft
    assert "预览稿" not in sheet
    for words in ("罕山饭馆", "电子证照", "尚未收件", "申请书"):
        assert words in sheet, words
    assert citizen() not in sheet
    assert suite.query(CLERK, "acceptance.cases", {"tab": "all"}) == []


def test_an_incomplete_form_can_be_looked_at_before_intake(suite):
    load(suite)
    asked = intake(item=COMMITTED, materials=[], form={"shop": "罕山饭馆"})
    seen = letters(suite.query(CLERK, "acceptance.application_form", asked))
    assert "经营场所" in seen
    assert "尚未提交材料" in seen


def test_whoever_must_not_see_the_case_gets_no_form(suite):
    case = with_form(suite)
    stranger = STRANGER
    assert refused(suite, stranger, "acceptance.make_form", {"case_id": case.case_id}) == "NOT_YOUR_AGENCY"
    with pytest.raises(UserError) as error:
        suite.query(stranger, "acceptance.form_preview", {"case_id": case.case_id})
    assert error.value.code == "NOT_YOUR_AGENCY"


def test_an_ended_case_is_signed_by_nobody(suite, clock):
    case = withdrawn(suite, clock)
    assert refused(suite, CLERK, "acceptance.make_form", {"case_id": case.case_id}) == "CASE_ENDED"


def test_a_source_that_does_not_exist_is_refused(suite):
    load(suite)
    request = {
        **intake(item=COMMITTED, materials=hands(1), form=FILLED),
        "sources": {"place": "the neighbour"},
    }
    assert refused(suite, CLERK, "acceptance.receive", request) == "BAD_REQUEST"
