"""The kiosk's rules: its tree, how waits and desks are worded, what a card and a typed code tell."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yichuang.api import in_language
from yichuang.hall.identifiers import uscc_check
from yichuang_queue.rules import kiosk
from yichuang_queue.rules.kiosk import Line, Node, Slip, Tree, Wait
from yichuang_queue.rules.tickets import Priority

TREE = Tree(
    [
        Node("g", "", "社保医保"),
        Node("g.a", "g", "养老", line="A"),
        Node("g.b", "g", "医保"),
        Node("g.b.1", "g.b", "异地就医", line="B", left=0, limit="half_day"),
        Node("g.b.2", "g.b", "参保", line="A"),
        Node("t", "", "税务", line="T", open=False),
    ],
    [
        Line("A", "综合", 4, Wait(300, 900)),
        Line("B", "医保", 2, Wait(120, 700)),
        Line("T", "税务", 1, None),
    ],
)


def test_a_tree_of_any_depth():
    assert [node.code for node in TREE.below()] == ["g", "t"]
    assert [node.code for node in TREE.leaves("g")] == ["g.a", "g.b.1", "g.b.2"]
    assert [node.code for node in TREE.path("g.b.2")] == ["g", "g.b", "g.b.2"]
    assert TREE.path("nowhere") == []
    assert TREE.summary(TREE.nodes["g"]) == "养老、医保"
    assert TREE.used_lines == ["A", "B", "T"]


def test_a_group_counts_each_line_once_and_promises_the_widest_wait():
    load = TREE.load(TREE.nodes["g"])
    assert load.waiting == 6, "养老 and 参保 share line A"
    assert load.wait == Wait(120, 900)
    assert TREE.load(TREE.nodes["t"]).wait is None


def test_why_no_number_is_given():
    assert TREE.nodes["g.a"].refusal is None
    assert in_language(TREE.nodes["g.b.1"].refusal, "zh_CN") == "本半天号已取完"
    assert in_language(TREE.nodes["t"].refusal, "zh_CN") == "今日不受理"


def test_what_is_asked_for():
    assert TREE.nodes["g.a"].request == {"business": "g.a"}
    assert Node("@A", "", "综合", line="A", listed=False).request == {"line": "A"}


@pytest.mark.parametrize(
    ("wait", "waiting", "text"),
    [
        (None, 3, "暂无窗口办理"),
        (Wait(0, 900), 0, "无需等候"),
        (Wait(10, 50), 1, "不到 1 分钟"),
        (Wait(20, 61), 1, "2 分钟内"),
        (Wait(480, 960), 1, "8–16 分钟"),
        (Wait(540, 541), 1, "9–10 分钟"),
    ],
)
def test_a_wait_in_words(wait, waiting, text):
    assert in_language(kiosk.wait_text(wait, waiting), "zh_CN") == text


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ([], ""),
        (["A02"], "A02"),
        (["A02", "A01"], "A01、A02"),
        (["A03", "A01", "A02"], "A01 至 A03"),
        (["A01", "A02", "B03", "C01"], "A01、A02、B03等"),
        (["A08", "A09", "A10", "A12"], "A08、A09、A10等"),
    ],
)
def test_desks_as_on_a_sign(codes, text):
    assert kiosk.desks_text(codes) == text


@pytest.mark.parametrize(
    ("birth", "today", "priority"),
    [
        (date(1966, 3, 17), date(2026, 3, 17), Priority.ELDERLY),
        (date(1966, 3, 18), date(2026, 3, 17), Priority.NONE),
        (date(1964, 2, 29), date(2024, 2, 28), Priority.NONE),
        (date(1964, 2, 29), date(2024, 3, 1), Priority.ELDERLY),
    ],
)
def test_the_age_at_which_a_card_gives_priority(birth, today, priority):
    assert kiosk.priority_of(birth, today) is priority
    assert kiosk.priority_of(birth, today, 120) is Priority.NONE


def test_the_rule_of_priority_is_stated_with_the_policys_minutes():
    same = kiosk.credit_rule({"elderly": 15, "soldier": 15})
    assert in_language(same, "zh_CN") == "优先人群相当于提前 15 分钟取号，窗口核验证件"
    assert "最多提前 20 分钟" in in_language(kiosk.credit_rule({"elderly": 5, "soldier": 20}), "zh_CN")
    assert kiosk.credit_rule({"elderly": 0}) is None


def test_a_credit_code_is_checked_while_it_is_typed():
    body = "91150421MA0ABCDE2"
    good = body + uscc_check(body)
    assert all(kiosk.code_problem(good[:n]) is None for n in range(19))
    assert in_language(kiosk.code_problem("91I"), "zh_CN") == "统一社会信用代码中没有“I”"
    wrong = body + ("0" if good[-1] != "0" else "1")
    assert kiosk.code_problem(wrong) is not None


def test_what_the_qr_code_holds():
    assert kiosk.code_text("", "abc") == "yichuang:t/abc"
    assert kiosk.code_text("https://hall.example/", "abc") == "https://hall.example/t/abc"


def test_the_serial_tells_day_number_and_token():
    slip = Slip("A052", "x", "A", datetime(2026, 3, 17, tzinfo=UTC), "ab_c-7c")
    assert kiosk.serial(slip, date(2026, 3, 17)) == "260317-A052-7C"
