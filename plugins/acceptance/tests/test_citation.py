"""Legal bases as papers cite them."""

from __future__ import annotations

import pytest

from yichuang_acceptance.rules.citation import cite, numeral


@pytest.mark.parametrize(
    ("basis", "cited"),
    [
        ("", ""),
        ("种子法", "《种子法》"),
        ("市场主体登记管理条例19条(当场;可延3日)", "《市场主体登记管理条例》第十九条"),
        ("农民专业合作社法;市场主体登记管理条例", "《农民专业合作社法》、《市场主体登记管理条例》"),
        ("国办发〔2021〕42号", "国办发〔2021〕42号"),
        ("《中华人民共和国种子法》第三十三条", "《中华人民共和国种子法》第三十三条"),
        ("食品经营许可和备案管理办法(总局令78号;10+5日)", "《食品经营许可和备案管理办法》"),
    ],
)
def test_notes_go_and_titles_are_marked(basis, cited):
    assert cite(basis) == cited


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (42, "四十二"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_articles_are_counted_in_chinese(number, text):
    assert numeral(number) == text
