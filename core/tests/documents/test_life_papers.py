"""Papers of a case on its way: what each must say, and that without it there is no paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import documents as d
from yichuang.hall.errors import UserError

from .test_case_papers import DAY, MATERIALS, MOMENT, REMEDIES, SUBJECT

LAW = "《中华人民共和国行政许可法》第四十五条"
CASES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "D7": (d.suspension_notice, d.SuspensionFacts, {
        "applied_on": DAY, "kind": "专家评审", "law": LAW, "reason": "需要评审", "began": DAY, "planned_end": DAY}),
    "D8": (d.extension_notice, d.ExtensionFacts, {
        "applied_on": DAY, "old_due": DAY, "new_due": DAY, "days": 15, "reason": "案情复杂", "approved_by": "乌力吉",
        "joint": True}),
    "D9": (d.hearing_notice, d.HearingFacts, {
        "applied_on": DAY, "reason": "涉及重大利益关系", "held_at": MOMENT, "place": "三楼", "presider": "苏和"}),
    "D12": (d.ending_notice, d.EndingFacts, {
        "applied_on": DAY, "ending": d.Ending.TERMINATE, "reason": "申请人已死亡", "cause": "申请人死亡", "law": LAW,
        "handed_back": MATERIALS, "remedies": REMEDIES}),
    "D13": (d.pick_up_notice, d.PickUpFacts, {"result": "食品经营许可证", "ready_on": DAY}),
    "D16": (d.restart_notice, d.RestartFacts, {"kind": "检测", "began": DAY, "ended": DAY, "result": "合格"}),
    "D18": (d.revocation_decision, d.RevocationFacts, {
        "reason": "材料虚假", "law": "", "decision": "阿市监许字〔2026〕第00001号", "remedies": REMEDIES}),
    "D19": (d.transmittal_letter, d.TransmittalFacts, {
        "organ": "赤峰市林业和草原局", "accepted_on": DAY, "opinion": "符合条件", "materials": MATERIALS}),
}  # fmt: skip


@pytest.fixture
def common(office: d.Office) -> dict[str, Any]:
    return {"office": office, "subject": SUBJECT, "date": DAY, "number": "阿政服字〔2026〕第00001号"}


@pytest.mark.parametrize("kind", CASES)
def test_a_paper_is_laid_out_with_its_title_and_seal(kind, common, see):
    build, facts, more = CASES[kind]
    paper = build(facts(**common, **more))
    seen = see(d.render(paper))
    assert paper.kind == kind
    for words in (paper.title, SUBJECT.applicant, SUBJECT.item):
        assert words in seen.letters
    assert len(d.seal_places(d.render(paper))) == (0 if kind == "D13" else 1)


@pytest.mark.parametrize(("kind", "without", "code"), [
    ("D7", {"reason": " "}, "MISSING_REASON"),
    ("D7", {"law": ""}, "MISSING_FIELD"),
    ("D7", {"number": ""}, "MISSING_FIELD"),
    ("D8", {"reason": ""}, "MISSING_REASON"),
    ("D8", {"approved_by": ""}, "MISSING_FIELD"),
    ("D9", {"reason": ""}, "MISSING_REASON"),
    ("D9", {"place": ""}, "MISSING_FIELD"),
    ("D9", {"presider": ""}, "MISSING_FIELD"),
    ("D12", {"reason": ""}, "MISSING_REASON"),
    ("D12", {"cause": ""}, "MISSING_FIELD"),
    ("D12", {"law": ""}, "MISSING_FIELD"),
    ("D12", {"remedies": None}, "MISSING_REMEDY"),
    ("D13", {"result": ""}, "MISSING_FIELD"),
    ("D16", {"result": ""}, "MISSING_FIELD"),
    ("D19", {"organ": ""}, "MISSING_FIELD"),
    ("D19", {"opinion": ""}, "MISSING_FIELD"),
    ("D19", {"number": ""}, "MISSING_FIELD"),
    ("D18", {"reason": ""}, "MISSING_REASON"),
    ("D18", {"remedies": None}, "MISSING_REMEDY"),
    ("D18", {"decision": ""}, "MISSING_FIELD"),
    ("D18", {"subject": replace(SUBJECT, licence=False)}, "MISSING_FIELD"),
])  # fmt: skip
def test_without_it_there_is_no_paper(kind, without, code, common):
    build, facts, more = CASES[kind]
    with pytest.raises(UserError) as caught:
        build(facts(**{**common, **more, **without}))
    assert caught.value.code == code


def test_words_fit_the_case(common, see):
    build, facts, more = CASES["D8"]
    assert "本级人民政府负责人批准" in see(d.render(build(facts(**common, **more)))).letters
    assert "本行政机关负责人" in see(d.render(build(facts(**common, **{**more, "joint": False})))).letters
    build, facts, more = CASES["D9"]
    assert build(facts(**common, **{**more, "held_at": None})).title == "听证告知书"
    build, facts, more = CASES["D7"]
    letters = see(d.render(build(facts(**common, **{**more, "planned_end": None})))).letters
    assert "结束时间另行书面告知" in letters
    build, facts, more = CASES["D12"]
    goes = {**more, "ending": d.Ending.WITHDRAW, "remedies": None}
    assert "行政复议" not in see(d.render(build(facts(**common, **goes)))).letters, (
        "who withdraws contests nothing"
    )
    build, facts, more = CASES["D18"]
    assert "第七十条" in see(d.render(build(facts(**common, **{**more, "cancel": True})))).letters
