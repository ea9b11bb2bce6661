"""The papers of a case's life: every kind with its fields and its own title; without a reason there is none (test 13)."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from yichuang.api import UserError
from yichuang_acceptance.operations.paper_texts import TITLES

from .conftest import (
    APPROVER,
    BARE,
    CHIEF,
    CLERK,
    INSTANT,
    ISSUER,
    RECEIVER,
    accepted,
    decision,
    hands,
    intake,
)
from .life import extend, grant, render, resume, set_clock, suspend, tick

HEARING = {
    "kind": "hearing", "reason": "涉及申请人与他人之间重大利益关系", "hearing_at": "2026-03-26T09:00:00+08:00",
    "place": "大厅三楼会议室", "presider": "巴特尔",
}  # fmt: skip


def letters(pdf: bytes) -> str:
    """What can be read on a PDF, without spaces."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def read(suite: Any, paper: Any) -> str:
    return letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))


def the_paper(suite: Any, case: Any, kind: str) -> Any:
    render(suite, case)
    found = suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})
    return next(paper for paper in reversed(found) if paper.kind == kind)


def received(suite: Any, **changes: Any) -> Any:
    return suite.run(CLERK, "acceptance.receive", intake(**changes))


def ended(suite: Any, name: str, case: Any = None, **more: Any) -> Any:
    case = case or accepted(suite)
    suite.run(CHIEF, f"acceptance.{name}", decision(suite, case, CHIEF, **more))
    return case


def withdrawn(suite: Any, _clock: Any) -> Any:
    case = accepted(suite)
    request = {"case_id": case.case_id, "reason": "不再经营", "signed": True}
    suite.run(CLERK, "acceptance.withdraw", request)
    return case


def corrected(suite: Any, _clock: Any) -> Any:
    case = received(suite, materials=hands(1))
    told = {"case_id": case.case_id, "defects": ["营业执照：已过期"], "deadline": "2026-04-16"}
    suite.run(CLERK, "acceptance.request_correction", told)
    suite.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(2)})
    return case


def deemed(suite: Any, clock: Any) -> Any:
    case = received(suite, materials=hands(1))
    set_clock(clock, "2026-03-25")
    tick(suite)
    return case


def paused(suite: Any, _clock: Any, **more: Any) -> Any:
    case = accepted(suite)
    suspend(suite, case, **more)
    return case


def restarted(suite: Any, clock: Any) -> Any:
    case = paused(suite, clock)
    set_clock(clock, "2026-03-19")
    resume(suite, case)
    return case


def extended(suite: Any, _clock: Any) -> Any:
    case = accepted(suite)
    extend(suite, case)
    return case


def delivered(suite: Any, _clock: Any, **more: Any) -> Any:
    case = accepted(suite)
    grant(suite, case)
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER, **more})
    return case


def mailed(suite: Any, clock: Any) -> Any:
    return delivered(suite, clock, mode="mail", mail_no="EA123456789CN", address="天山镇汉林街1号")


def revoked(suite: Any, clock: Any) -> Any:
    case = delivered(suite, clock)
    return ended(suite, "revoke", case, kind="cancel", reason="被许可人申请注销")


PAPERS = {
    "D1": (corrected, ("补正材料接收凭证", "收件不等于受理", "申请书", "五个工作日")),
    "D2": (corrected, ("补正材料一次性告知书", "已过期", "2026年4月16日", "视为放弃申请")),
    "D3": (deemed, ("受理通知书", "自收到申请材料之日起即为受理", "承诺期限5个工作日", "法定期限10个工作日")),
    "D7": (paused, ("特别程序告知书", "专家评审", "第四十五条", "2026年3月17日", "2026年4月20日", "不计入办理期限")),
    "D8": (extended, ("延期通知书", "案情复杂", "延长10个工作日", "2026年3月31日前", "2026年4月14日前", "本行政机关负责人",
                      "第四十二条")),
    "D9": (lambda s, c: paused(s, c, **HEARING), ("听证通知书", "2026年3月26日9时", "大厅三楼会议室", "巴特尔", "重大利益关系")),
    "D12": (withdrawn, ("撤回申请终止办理通知书", "不再经营", "退还的申请材料", "申请书", "营业执照")),
    "D13": (delivered, ("领取通知", "可以领取", "统一出件窗口", "居民身份证原件")),
    "D14": (mailed, ("送达回证", "■邮寄送达", "EA123456789CN", "天山镇汉林街1号", "《准予行政许可决定书》")),
    "D15": (delivered, ("领取凭证", "苏日娜", "150421********2411", "本人")),
    "D16": (restarted, ("办件重新启动通知单", "专家评审", "2026年3月26日前", "2026年4月2日前", "专家评审通过")),
    "D18": (revoked, ("注销行政许可决定书", "被许可人申请注销", "第七十条", "行政复议", "六个月")),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_says_what_it_must(suite, clock, kind):
    make, wanted = PAPERS[kind]
    case = make(suite, clock)
    paper = the_paper(suite, case, kind)
    seen = read(suite, paper)
    for words in (*wanted, paper.title, paper.number, case.case_no, "苏日娜", "食品经营许可"):
        assert "".join(words.split()) in seen, (words, seen)


def test_other_ends_have_their_own_titles(suite, clock):
    back = ended(suite, "return", accepted(suite, item=BARE, materials=hands(1)), reason="申请人要求退回")
    dead = ended(suite, "terminate", cause="death", reason="申请人已死亡", law="《行政许可法》第七十条")
    late = received(suite, materials=hands(1))
    told = {"case_id": late.case_id, "defects": ["营业执照：未提交"], "deadline": "2026-03-20"}
    suite.run(CLERK, "acceptance.request_correction", told)
    set_clock(clock, "2026-03-23")
    tick(suite)
    for case, wanted in (
        (back, ("退件通知书", "予以退回", "申请人要求退回", "行政复议")),
        (dead, ("终止办理通知书", "申请人死亡或者丧失行为能力", "第七十条", "行政诉讼")),
        (late, ("终止办理通知书", "逾期未补正", "视为放弃申请")),
    ):
        paper = the_paper(suite, case, "D12")
        seen = read(suite, paper)
        for words in wanted:
            assert words in seen
    no_licence = accepted(suite, item=BARE, materials=hands(1))
    grant(suite, no_licence)
    assert the_paper(suite, no_licence, "D10").title == "准予办理决定书"


def test_without_a_reason_nothing_is_decided_and_no_paper_is_drafted(suite):
    case, new = accepted(suite), received(suite, materials=hands(1))
    before = suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})
    refusal = {"case_id": new.case_id, "kind": "not_in_form"}
    tries = [(CLERK, "refuse_to_accept", {**refusal, "reason": " "}), (CLERK, "refuse_to_accept", refusal)]
    for actor, name, rest in (
        (APPROVER, "refuse", {}),
        (CHIEF, "suspend", {"kind": "testing", "planned_end": "2026-04-20"}),
        (CHIEF, "extend", {}),
        (CHIEF, "return", {}),
        (CHIEF, "terminate", {"cause": "death", "law": "x"}),
    ):
        tries += [(actor, name, decision(suite, case, actor, **rest, reason=text)) for text in ("", "  ")]
    for actor, name, request in tries:
        with pytest.raises(UserError) as error:
            suite.run(actor, f"acceptance.{name}", request)
        assert error.value.code == "BAD_REQUEST", name
    assert suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id}) == before


def test_a_paper_is_seen_before_it_is_given(suite):
    case = accepted(suite)
    asked = {"case_id": case.case_id, "kind": "D7"}
    facts = {
        "kind": "专家评审",
        "law": "《行政许可法》第四十五条",
        "reason": "需要评审",
        "planned_end": "2026-04-20",
    }
    seen = letters(suite.query(CHIEF, "acceptance.paper_preview", {**asked, "facts": facts}))
    assert "预览稿" in seen
    assert "特别程序告知书" in seen
    with pytest.raises(UserError) as error:
        suite.query(CHIEF, "acceptance.paper_preview", {**asked, "facts": {**facts, "reason": ""}})
    assert error.value.code == "MISSING_REASON"
    with pytest.raises(UserError) as error:
        suite.query(CHIEF, "acceptance.paper_preview", {**asked, "facts": {"colour": "red"}})
    assert error.value.code == "BAD_REQUEST"
    form = letters(suite.query(CLERK, "acceptance.withdrawal_form", {"case_id": case.case_id}))
    assert "撤回申请书" in form
    assert case.case_no in form


def test_a_second_print_is_marked_and_a_sealed_paper_is_left_alone(suite):
    case = accepted(suite, item=INSTANT)
    paper = the_paper(suite, case, "D3")
    asked = {"paper_id": paper.id}
    first = suite.query(CLERK, "acceptance.print_file", asked)
    assert first == suite.query(CLERK, "acceptance.paper_file", asked)
    suite.run(CLERK, "acceptance.count_print", asked)
    assert "补打" in letters(suite.query(CLERK, "acceptance.print_file", asked))
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    assert "补打" in letters(suite.query(CLERK, "acceptance.print_file", asked)), (
        "the case went on, the paper did not"
    )
    assert set(PAPERS) <= set(TITLES)
