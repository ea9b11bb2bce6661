"""Test 13 of the domain: every kind of paper prints with its fields; without a reason there is no D4 and no D11."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import UserError
from yichuang_acceptance.operations.paper_texts import TITLES

from .conftest import APPROVER, CLERK, INSTANT, accepted, decision, hands, intake
from .life import grant, refused, see
from .test_forwarding import ORGAN, sent_up
from .test_handovers import TOWN, enter_points, taken_in
from .test_life_papers import PAPERS, read, received, the_paper
from .test_promises import promised

COMMON = ("办件编号", "查询码", "监督电话：12345", "市场监督管理局", "苏日娜")


def not_accepted(suite: Any, _clock: Any) -> Any:
    case = received(suite, materials=hands(1))
    refusal = {
        "kind": "not_our_remit",
        "reason": "属于林业部门职权",
        "law": "《行政许可法》第三十二条",
        "proper_agency": "林业和草原局",
    }
    suite.run(CLERK, "acceptance.refuse_to_accept", {"case_id": case.case_id, **refusal})
    return case


def tolerated(suite: Any, _clock: Any) -> Any:
    return accepted(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}])


def granted(suite: Any, _clock: Any) -> Any:
    case = accepted(suite)
    asked = {"opinion": "符合法定条件", "content": "热食类食品制售", "valid_to": "2031-03-16"}
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, **asked))
    return case


def turned_down(suite: Any, _clock: Any) -> Any:
    case = accepted(suite)
    suite.run(
        APPROVER,
        "acceptance.refuse",
        decision(suite, case, reason="场所不符合条件", law="《食品安全法》第三十三条"),
    )
    return case


def filled_in(suite: Any, _clock: Any) -> Any:
    case = received(suite, materials=hands(1), form={"联系地址": "天山镇汉林街1号"})
    suite.run(CLERK, "acceptance.make_form", {"case_id": case.case_id})
    return case


REST = {
    "A1": (filled_in, ("申请表", "联系地址", "天山镇汉林街1号", "申请人声明", "申请人（签名）")),
    "D4": (not_accepted, ("属于林业部门职权", "第三十二条", "林业和草原局", "行政复议", "六十日", "六个月")),
    "D5": (tolerated, ("健康证", "按办事指南的要求", "2026年3月24日", "终止办理", "申请人承诺")),
    "D6": (
        lambda s, c: promised(s),
        ("法律依据", "办理条件", "以承诺代替的证明材料", "监督", "责任", "申请人承诺"),
    ),
    "D10": (granted, ("符合法定条件", "热食类食品制售", "2026年3月17日", "2031年3月16日", "公众有权查阅")),
    "D19": (
        lambda s, c: sent_up(s),
        ("转报函", ORGAN, "审查意见", "申请材料属实", "第三十五条", "材料名称", "原件"),
    ),
    "D11": (turned_down, ("场所不符合条件", "第三十三条", "行政复议", "六十日", "六个月")),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "D1": ("材料名称", "原件", "复印件", "页数", "电子证照", "备注", "居民身份证"),
    "D3": (
        "办件类型",
        "承诺期限",
        "预计办结",
        "收费",
        "领取方式",
        "短信号码",
        "联系人",
        "申请人声明",
        "存根联",
        "回执联",
    ),
    "D12": ("原因", "材料名称", "原件"),
    "D13": ("领取窗口", "携带"),
    "D14": (
        "受送达人",
        "送达文书",
        "送达时间",
        "送达地点",
        "送达方式",
        "直接送达",
        "留置送达",
        "送达人（一）",
        "送达人（二）",
        "备注",
    ),
    "D15": ("结果名称", "编号", "份数", "与申请人关系", "领取时间"),
}
"""Labels that the domain names for a kind, beyond what the other tests read."""
KINDS = ["A1", *(f"D{n}" for n in range(1, 17)), "D19"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_prints_with_its_fields(suite, clock, kind):
    make, wanted = {**PAPERS, **REST}[kind]
    case = make(suite, clock)
    seen = read(suite, the_paper(suite, case, kind))
    for words in (*wanted, *FIELDS.get(kind, ()), *COMMON):
        assert "".join(words.split()) in seen, (words, seen)
    assert "规定的规定" not in seen, "where the catalogue names no article for the item"


def test_every_kind_has_a_title_and_a_test():
    assert set(KINDS) <= set(TITLES)
    # S1 and D17 belong to no single case: test_supervision and test_matters print them
    assert set(PAPERS) | set(REST) | {"S1", "D17"} == set(TITLES)


def test_without_a_reason_there_is_no_refusal(suite):
    new, case = received(suite, materials=hands(1)), accepted(suite, item=INSTANT)
    refusal = {"case_id": new.case_id, "kind": "not_in_form", "reason": ""}
    assert refused(suite, CLERK, "acceptance.refuse_to_accept", refusal) == "BAD_REQUEST"
    assert refused(suite, APPROVER, "acceptance.refuse", decision(suite, case, reason="")) == "BAD_REQUEST"
    for kind, of in (("D4", new), ("D11", case)):
        with pytest.raises(UserError) as error:
            suite.query(CLERK, "acceptance.paper_preview", {"case_id": of.case_id, "kind": kind})
        assert error.value.code == "MISSING_REASON", kind
    assert [p.kind for p in see(suite, new).papers + see(suite, case).papers] == ["D1", "D3"]
    assert intake()["item"] == "item-committed"


def test_papers_name_the_point_outside_the_hall_where_the_result_is_handed_out(suite):
    enter_points(suite)
    case = taken_in(suite)
    assert "天山镇领取" in read(suite, the_paper(suite, case, "D3"))
    grant(suite, case)
    assert "天山镇便民服务中心" in read(suite, the_paper(suite, case, "D13"))
    assert TOWN.desk == "T01"
