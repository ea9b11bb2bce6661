"""What only a person sees: findings with evidence, looked at by a second person, then on the way of every violation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from yichuang.api import UserError
from yichuang_acceptance.rules.findings import FINDABLE, WITHOUT_CASE, require_fit
from yichuang_acceptance.rules.machine import Event

from .conftest import APPROVER, CHIEF, CLERK, COMMITTED, OWN, STRANGER, accepted, decision, hands, intake
from .life import at_once, contents, day, refused, rules, tick
from .test_life_papers import letters, the_paper
from .test_supervision import HANDLER, INSPECTOR, WINDOW, answer, listed

SECOND_INSPECTOR = replace(INSPECTOR, staff_id=21, account="second-inspector", name="监察员乙")
SAID = {"facts": "申请人两次到窗口被拒", "evidence": "监控录像 3 月 17 日 10:05，存监察室"}
REASON = {"reason": "不属于本机关", "kind": "not_our_remit", "proper_agency": "林业和草原局"}


def refused_case(suite: Any) -> Any:
    """An application that the window did not accept."""
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    suite.run(CLERK, "acceptance.refuse_to_accept", {"case_id": case.case_id, **REASON})
    return case


def record(suite: Any, actor: Any = INSPECTOR, **asked: Any) -> Any:
    return suite.run(actor, "acceptance.record_finding", {**SAID, **asked})


def look(suite: Any, found: Any, actor: Any = SECOND_INSPECTOR, name: str = "confirm_finding") -> Any:
    return suite.run(actor, f"acceptance.{name}", {"finding_id": found.id, "remark": "属实"})


def _error(suite: Any, actor: Any, asked: dict[str, Any]) -> str:
    with pytest.raises(UserError) as error:
        suite.query(actor, "acceptance.order_paper", asked)
    return str(error.value.code)


def test_a_finding_counts_when_a_second_supervisor_agrees(suite):
    case = refused_case(suite)
    found = record(suite, rule="V01", case_no=case.case_no)
    assert (found.state, found.staff, found.agency, found.mine) == ("proposed", CLERK.name, OWN, False)
    assert rules(suite, case) == [], "one person alone says nothing yet"
    (row,) = suite.query(SECOND_INSPECTOR, "acceptance.findings", {})
    assert (row.id, row.mine, row.case_no) == (found.id, True, case.case_no)
    assert (
        refused(suite, INSPECTOR, "acceptance.confirm_finding", {"finding_id": found.id, "remark": "x"})
        == "OWN_FINDING"
    )
    assert look(suite, found).state == "confirmed"
    (violation,) = listed(suite, case)
    assert (violation.rule, violation.state, day(violation.due_at), violation.staff) == (
        "V01", "notified", "2026-03-19", CLERK.name,
    )  # fmt: skip
    assert SAID["evidence"] in violation.detail
    answer(suite, violation)
    ordered = suite.run(
        INSPECTOR, "acceptance.order_notice", {"alert_id": violation.id, "text": "请立即受理"}
    )
    assert ordered.order_no
    asked = {"alert_id": violation.id}
    assert suite.query(INSPECTOR, "acceptance.order_paper", asked).state == "drafted"
    paper = the_paper(suite, case, "S1")
    assert suite.query(INSPECTOR, "acceptance.order_paper", asked) == paper
    assert suite.query(INSPECTOR, "acceptance.findings", {}) == []
    assert [r.state for r in suite.query(INSPECTOR, "acceptance.findings", {"open_only": False})] == [
        "confirmed"
    ]


def test_a_finding_that_is_dismissed_leads_to_nothing_and_may_come_again(suite):
    case = refused_case(suite)
    found = record(suite, rule="V01", case_no=case.case_no)
    again = {"rule": "V01", "case_no": case.case_no, **SAID}
    assert refused(suite, INSPECTOR, "acceptance.record_finding", again) == "FOUND_BEFORE"
    assert look(suite, found, name="dismiss_finding").state == "dismissed"
    asked = {"finding_id": found.id, "remark": "x"}
    for name in ("confirm_finding", "dismiss_finding"):
        assert refused(suite, SECOND_INSPECTOR, f"acceptance.{name}", asked) == "LOOKED_AT"
        assert (
            refused(suite, SECOND_INSPECTOR, f"acceptance.{name}", {**asked, "finding_id": 99})
            == "UNKNOWN_FINDING"
        )
    assert rules(suite, case) == []
    assert record(suite, rule="V01", case_no=case.case_no).id != found.id


def test_nobody_finds_or_confirms_what_is_their_own(suite):
    case = refused_case(suite)
    clerk = replace(CLERK, permissions=CLERK.permissions | INSPECTOR.permissions)
    asked = {"rule": "V01", "case_no": case.case_no, **SAID}
    assert refused(suite, clerk, "acceptance.record_finding", asked) == "OWN_CASE"
    assert refused(suite, APPROVER, "acceptance.record_finding", asked) == "NOT_PERMITTED"
    named = {**asked, "staff": INSPECTOR.name}
    assert refused(suite, INSPECTOR, "acceptance.record_finding", named) == "OWN_CASE"
    found = record(suite, rule="V01", case_no=case.case_no)
    assert (
        refused(suite, clerk, "acceptance.confirm_finding", {"finding_id": found.id, "remark": "x"})
        == "OWN_CASE"
    )
    with pytest.raises(DBAPIError), suite.database.write() as writer:
        writer.execute(text("UPDATE acceptance_finding SET state = 'confirmed', looked_by_id = found_by_id"))


def test_two_who_look_at_once(suite):
    found = record(suite, rule="V01", case_no=refused_case(suite).case_no)
    third = replace(SECOND_INSPECTOR, staff_id=22, account="third", name="监察员丙")
    got = at_once(lambda: look(suite, found), lambda: look(suite, found, third))
    assert sorted(g if isinstance(g, str) else g.state for g in got) == ["LOOKED_AT", "confirmed"]
    assert len(contents(suite)["acceptance_alert"]) == 1


def test_a_complaint_shows_that_a_lawful_application_was_refused(suite):
    case = accepted(suite)
    said = suite.run(
        WINDOW, "acceptance.complain", {"case_id": case.case_id, "content": "第一次来时不收材料"}
    )
    assert refused(
        suite, INSPECTOR, "acceptance.record_finding", {"rule": "V01", "complaint_id": 99, **SAID}
    ) == ("UNKNOWN_COMPLAINT")
    found = record(suite, rule="V01", complaint_id=said.id)
    assert found.case_no == case.case_no
    look(suite, found)
    assert "V01" in rules(suite, case)


def wrongly_refused(suite: Any) -> Any:
    """A finding that no case came of."""
    asked = {"item": COMMITTED, "person": "苏日娜", "reason": "materials", "said": "缺房产证，不收"}
    number = suite.run(CLERK, "acceptance.cannot_do", asked)
    review = {"refusal_id": number, "text": "材料目录中没有房产证，应予受理", "unjustified": True}
    assert suite.run(CHIEF, "acceptance.review_refusal", review) is True
    (found,) = suite.query(INSPECTOR, "acceptance.findings", {})
    assert (found.rule, found.staff, found.found_by, found.item_name) == (
        "V01",
        CLERK.name,
        CHIEF.name,
        "食品经营许可",
    )
    assert found.evidence == asked["said"]
    look(suite, found, INSPECTOR)
    return found


def test_a_no_at_the_window_that_was_wrong_becomes_a_violation_without_a_case(suite):
    found = wrongly_refused(suite)
    (row,) = suite.query(HANDLER, "acceptance.supervision", {"kind": "open"})
    assert (row.case_id, row.case_no, row.item_name, row.agency_name, row.mine) == (
        None, found.case_no, "食品经营许可", "市场监督管理局", True,
    )  # fmt: skip
    assert answer(suite, row).state == "answered"
    asked = {"alert_id": row.id}
    suite.run(INSPECTOR, "acceptance.order_notice", {**asked, "text": "请受理该申请"})
    answer(suite, row, text="后来又说的话")
    closed = {**asked, "outcome": "mended", "text": "已受理"}
    assert suite.run(INSPECTOR, "acceptance.close_notice", closed).state == "closed"
    counted = suite.query(INSPECTOR, "acceptance.supervision_counts")
    assert (counted.open, counted.answered, counted.ordered) == (0, 0, 0)
    stranger = replace(INSPECTOR, permissions=frozenset({"acceptance.view", "acceptance.oversee"}))
    assert suite.query(stranger, "acceptance.findings", {"open_only": False}) == []
    assert refused(suite, stranger, "acceptance.close_notice", closed) == "NOT_YOUR_AGENCY"
    hooked = suite.executor.read(HANDLER, lambda read: suite.hooks.todos(read=read))
    assert hooked is not None
    assert tick(suite).alerts == 0


def test_the_order_on_a_violation_without_a_case_is_a_paper_like_all_others(suite):
    found = wrongly_refused(suite)
    (row,) = suite.query(HANDLER, "acceptance.supervision", {"kind": "open"})
    answer(suite, row)
    asked = {"alert_id": row.id}
    assert _error(suite, INSPECTOR, asked) == "NOT_ORDERED"
    ordered = suite.run(INSPECTOR, "acceptance.order_notice", {**asked, "text": "请受理该申请"})
    assert (ordered.state, bool(ordered.order_no)) == ("ordered", True)
    paper = suite.query(INSPECTOR, "acceptance.order_paper", asked)
    assert (paper.case_id, paper.kind, paper.state, paper.number) == (
        None, "S1", "drafted", "阿市场监督管理局督字〔2026〕第00001号",
    )  # fmt: skip
    assert refused(suite, STRANGER, "acceptance.render", asked) == "NOT_YOUR_AGENCY"
    assert suite.run(STRANGER, "acceptance.render", {}) == [], "it is not theirs to see"
    (made,) = suite.run(INSPECTOR, "acceptance.render", asked)
    assert (made.id, made.state) == (paper.id, "rendered")
    assert suite.run(INSPECTOR, "acceptance.render", asked) == []
    by_id = {"paper_id": paper.id}
    sheet = suite.query(INSPECTOR, "acceptance.paper_file", by_id)
    seen = letters(sheet)
    for words in ("监察督办单", ordered.order_no, f"{found.case_no}（监察发现，未形成办件）", "食品经营许可", "行政许可",
                  "V01", "市场监督管理局", CLERK.name, "已于当日办结", "请受理该申请", "2026年3月17日",
                  f"发出人：{INSPECTOR.name}"):  # fmt: skip
        assert words in seen, (words, seen)
    answer(suite, row, text="后来又说的话")
    assert suite.query(HANDLER, "acceptance.paper_file", by_id) == sheet, (
        "the order says what was said before it"
    )
    assert refused(suite, STRANGER, "acceptance.count_print", by_id) == "NOT_YOUR_AGENCY"
    assert suite.query(INSPECTOR, "acceptance.print_file", by_id) == sheet
    assert suite.run(INSPECTOR, "acceptance.count_print", by_id) == 1
    assert "补打" in letters(suite.query(INSPECTOR, "acceptance.print_file", by_id))
    journal = str(contents(suite)["core_journal"])
    assert f"finding:{found.case_no}" in journal
    assert f"paper:{paper.id}" in journal
    assert _error(suite, STRANGER, asked) == "NOT_YOUR_AGENCY"
    assert _error(suite, INSPECTOR, {"alert_id": 99}) == "UNKNOWN_NOTICE"


def test_a_paper_belongs_to_a_case_or_to_a_violation_without_one(suite):
    case = accepted(suite)
    look(suite, record(suite, rule="V07", agency=OWN, item_name="食品经营许可"))
    (alert,) = suite.query(INSPECTOR, "acceptance.supervision", {"kind": "open"})
    row = "INSERT INTO acceptance_paper (case_id, alert_id, kind, title, number, at, facts, state, document, sealed, prints)"
    for case_id, alert_id in (("NULL", "NULL"), (case.case_id, alert.id), ("NULL", 99)):
        values = f"VALUES ({case_id}, {alert_id}, 'S1', 'x', 'x', '2026-03-17', '{{}}', 'drafted', '', '', 0)"
        with pytest.raises(DBAPIError), suite.database.write() as writer:
            writer.execute(text(f"{row} {values}"))


def test_two_orders_on_one_violation_are_two_papers(suite):
    look(suite, record(suite, rule="V07", agency=OWN, item_name="食品经营许可"))
    (alert,) = suite.query(INSPECTOR, "acceptance.supervision", {"kind": "open"})
    asked = {"alert_id": alert.id}
    suite.run(INSPECTOR, "acceptance.order_notice", {**asked, "text": "一"})
    first = suite.query(INSPECTOR, "acceptance.order_paper", asked)
    answer(suite, alert)
    suite.run(INSPECTOR, "acceptance.order_notice", {**asked, "text": "二"})
    second = suite.query(INSPECTOR, "acceptance.order_paper", asked)
    assert (first.id, first.number) < (second.id, second.number)
    made = suite.run(INSPECTOR, "acceptance.render", {})
    assert [p.id for p in made] == [first.id, second.id]
    assert "二" in letters(suite.query(INSPECTOR, "acceptance.paper_file", {"paper_id": second.id}))


def test_a_refusal_without_reasons_is_the_deciders(suite):
    case = accepted(suite)
    asked = {"rule": "V06", "case_no": case.case_no, **SAID}
    assert refused(suite, INSPECTOR, "acceptance.record_finding", asked) == "FINDING_DOES_NOT_FIT"
    suite.run(APPROVER, "acceptance.refuse", decision(suite, case, reason="不符合条件"))
    found = record(suite, rule="V06", case_no=case.case_no)
    assert found.staff == APPROVER.name
    decider = replace(APPROVER, permissions=APPROVER.permissions | INSPECTOR.permissions)
    assert (
        refused(suite, decider, "acceptance.confirm_finding", {"finding_id": found.id, "remark": "x"})
        == "OWN_CASE"
    )
    look(suite, found)
    assert "V06" in rules(suite, case)


def test_what_was_done_outside_the_system_needs_an_agency(suite):
    assert refused(suite, INSPECTOR, "acceptance.record_finding", {"rule": "V07", **SAID}) == "UNKNOWN_AGENCY"
    assert (
        refused(suite, INSPECTOR, "acceptance.record_finding", {"rule": "V04", "agency": OWN, **SAID})
        == "BAD_REQUEST"
    )
    assert (
        refused(suite, INSPECTOR, "acceptance.record_finding", {"rule": "V13", "agency": OWN, **SAID})
        == "CASE_MISSING"
    )
    assert (
        refused(suite, INSPECTOR, "acceptance.record_finding", {"rule": "V07", "case_no": "1", **SAID})
        == "UNKNOWN_CASE"
    )
    found = record(suite, rule="V07", agency=OWN, item_name="食品经营许可", staff="某某")
    assert (found.staff, found.item_name) == ("某某", "食品经营许可")
    look(suite, found)
    (row,) = suite.query(INSPECTOR, "acceptance.supervision", {"kind": "open", "agency": OWN})
    assert (row.rule, row.staff) == ("V07", "某某")


@pytest.mark.parametrize("rule", FINDABLE)
def test_which_findings_need_a_case(rule):
    happened = frozenset({Event.REFUSE, Event.REFUSE_ACCEPTANCE})
    require_fit(rule, happened, has_case=True, complained=False)
    if rule in WITHOUT_CASE:
        require_fit(rule, frozenset(), has_case=False, complained=False)
        return
    with pytest.raises(UserError) as error:
        require_fit(rule, frozenset(), has_case=False, complained=False)
    assert error.value.code == "CASE_MISSING"
