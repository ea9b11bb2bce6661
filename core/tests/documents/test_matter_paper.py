"""The notice of one matter at once (D17): items, one list, one form, joint dues; and what it cannot be made without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import documents as d
from yichuang.hall.errors import UserError

from .test_case_papers import DAY, SUBJECT

ITEMS = (
    d.MatterItem("执照核验", "其他单位"),
    d.MatterItem(
        "食品经营许可", "市场监督管理局", "1504212603170000017-01", ("执照核验",), "5个工作日", "待前序"
    ),
)
MATERIALS = (d.MatterMaterial("营业执照", 1, 2, "必要", (2,), "已收"),)


@pytest.fixture
def facts(office: d.Office) -> d.MatterFacts:
    return d.MatterFacts(
        office=office, subject=replace(SUBJECT, item="开办餐饮店", licence=False), date=DAY, number="阿市监告字〔2026〕第00001号",
        items=ITEMS, materials=MATERIALS, answers=(("店名", "罕山饭馆"),), promise_limit="10个工作日", promise_due=DAY,
        legal_due=DAY, joint=True,
    )  # fmt: skip


def test_it_tells_items_papers_form_and_dues_once(facts: d.MatterFacts, see: Any) -> None:
    paper = d.matter_notice(facts)
    assert (paper.kind, paper.sealed) == ("D17", False)
    letters = see(d.render(paper)).letters
    for words in (
        "开办餐饮店",
        "1504212603170000017-01",
        "须待“执照核验”准予后受理",
        "营业执照",
        "罕山饭馆",
        "四十五个工作日",
    ):
        assert words in letters, words
    assert not d.seal_places(d.render(paper))


def test_before_it_is_filled_in_it_names_what_the_form_asks(facts: d.MatterFacts, see: Any) -> None:
    asked = (d.AskedField("店名", required=True), d.AskedField("住所", source="电子证照“住所”带入"))
    empty = replace(facts, answers=(("店名", ""),), asked=asked)
    letters = see(d.render(d.matter_notice(empty))).letters
    for text in ("一张表单", "店名必填申请人填写", "住所选填", "电子证照“住所”带入"):
        assert text in letters, text


@pytest.mark.parametrize("without", ["items", "materials"])
def test_without_items_or_papers_there_is_no_notice(facts: d.MatterFacts, without: str) -> None:
    with pytest.raises(UserError) as error:
        d.matter_notice(replace(facts, **{without: ()}))
    assert error.value.code == "MISSING_FIELD"
