"""Violations from the notice to their end, complaints and urges: who may say what, once, in which order, by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yichuang.api import UserError
from yichuang_acceptance.operations.alerts import RULES
from yichuang_acceptance.rules.violations import STEPS, next_state

from .conftest import APPROVER, CHIEF, CLERK, OTHER, OWN, STRANGER, accepted, decision
from .life import at_once, contents, day, refused, rules, see, set_clock, tick
from .test_life_papers import letters, the_paper

ANSWER, OVERSEE, VOICES = (frozenset({f"acceptance.{name}"}) for name in ("answer", "oversee", "voices"))
HANDLER = replace(APPROVER, permissions=APPROVER.permissions | ANSWER)
INSPECTOR = replace(
    STRANGER, staff_id=20, account="inspector", name="监察员",
    permissions=frozenset({"acceptance.view", "acceptance.see_all", "acceptance.print"}) | OVERSEE,
)  # fmt: skip
WINDOW = replace(CLERK, permissions=CLERK.permissions | VOICES)


def late(suite: Any, clock: Any) -> tuple[Any, Any]:
    """A case over its promise, and its violation."""
    case = accepted(suite)
    set_clock(clock, "2026-03-25")
    tick(suite)
    (row,) = listed(suite, case)
    return case, row


def listed(suite: Any, case: Any, actor: Any = HANDLER, **asked: Any) -> list[Any]:
    request = {"kind": "all", "case_id": case.case_id, **asked}
    return [r for r in suite.query(actor, "acceptance.supervision", request) if r.rule.startswith("V")]


def answer(suite: Any, row: Any, actor: Any = HANDLER, **more: Any) -> Any:
    asked = {"alert_id": row.id, "kind": "feedback", "text": "已于当日办结", **more}
    return suite.run(actor, "acceptance.answer_notice", asked)


def test_a_violation_is_notified_answered_ordered_answered_and_closed(suite, clock):
    case, row = late(suite, clock)
    assert (row.rule, row.state, row.late, row.mine, day(row.due_at)) == (
        "V02",
        "notified",
        False,
        True,
        "2026-03-27",
    )
    assert refused(
        suite, INSPECTOR, "acceptance.close_notice", {"alert_id": row.id, "outcome": "mended", "text": "x"}
    ) == ("NOTICE_STATE")
    set_clock(clock, "2026-03-30")
    assert listed(suite, case)[0].late, "two working days have gone by"
    answered = answer(suite, row, kind="appeal", text="申请人要求推迟")
    assert (answered.state, answered.late, answered.mine) == ("answered", False, False)
    assert refused(
        suite, HANDLER, "acceptance.answer_notice", {"alert_id": row.id, "kind": "appeal", "text": "x"}
    ) == ("NOTICE_STATE")
    ordered = suite.run(
        INSPECTOR, "acceptance.order_notice", {"alert_id": row.id, "text": "请于两日内办结并说明原因"}
    )
    assert (ordered.state, ordered.order_no, day(ordered.due_at)) == ("ordered", "JC202600001", "2026-04-01")
    seen = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": the_paper(suite, case, "S1").id}))
    for words in ("监察督办单", "JC202600001", case.case_no, "行政许可", "市场监督管理局", "V02", str(RULES["V02"]),
                  "2026年3月24日", "申请人要求推迟", "请于两日内办结并说明原因", "发出人：监察员"):  # fmt: skip
        assert words in seen, (words, seen)
    answer(suite, row)
    closed = suite.run(
        INSPECTOR, "acceptance.close_notice", {"alert_id": row.id, "outcome": "excused", "text": "情况属实"}
    )
    assert (closed.state, closed.outcome) == ("closed", "excused")
    assert [step.kind for step in closed.steps] == ["appeal", "order", "feedback", "close"]
    assert suite.query(INSPECTOR, "acceptance.supervision", {"kind": "open"}) == []
    counted = suite.query(INSPECTOR, "acceptance.supervision_counts")
    assert (counted.open, counted.answered, counted.ordered, counted.late) == (0, 0, 0, 0)


def test_each_violation_is_notified_once_and_a_reminder_never(suite, clock):
    case, _row = late(suite, clock)
    tick(suite)
    suite.run(WINDOW, "acceptance.urge", {"case_id": case.case_id})
    found = suite.query(HANDLER, "acceptance.supervision", {"kind": "all", "case_id": case.case_id})
    assert [(r.rule, r.state) for r in found] == [("R-urge", ""), ("V02", "notified")]
    assert refused(
        suite, HANDLER, "acceptance.answer_notice", {"alert_id": found[0].id, "kind": "appeal", "text": "x"}
    ) == ("UNKNOWN_NOTICE")


def test_only_whom_it_concerns_answers_and_nobody_supervises_oneself(suite, clock):
    case, row = late(suite, clock)
    elsewhere = replace(INSPECTOR, permissions=INSPECTOR.permissions | ANSWER)
    said = {"alert_id": row.id, "kind": "feedback", "text": "x"}
    assert refused(suite, elsewhere, "acceptance.answer_notice", said) == "NOT_YOUR_AGENCY", (
        "seeing is not answering"
    )
    assert refused(suite, APPROVER, "acceptance.answer_notice", said) == "NOT_PERMITTED"
    answer(suite, row)
    acceptor = replace(CLERK, permissions=CLERK.permissions | OVERSEE)
    for name, rest in (("order_notice", {"text": "x"}), ("close_notice", {"outcome": "mended", "text": "x"})):
        assert refused(suite, acceptor, f"acceptance.{name}", {"alert_id": row.id, **rest}) == "OWN_CASE"
        assert refused(suite, HANDLER, f"acceptance.{name}", {"alert_id": row.id, **rest}) == "NOT_PERMITTED"
    stranger = replace(STRANGER, permissions=frozenset({"acceptance.view"}) | ANSWER | OVERSEE)
    for name, rest in (("answer_notice", {"kind": "appeal", "text": "x"}), ("order_notice", {"text": "x"}),
                       ("close_notice", {"outcome": "mended", "text": "x"})):  # fmt: skip
        assert (
            refused(suite, stranger, f"acceptance.{name}", {"alert_id": row.id, **rest}) == "NOT_YOUR_AGENCY"
        )
    assert case.case_no not in str(suite.query(stranger, "acceptance.supervision", {"kind": "all"}))


def test_two_who_answer_at_once(suite, clock):
    _case, row = late(suite, clock)
    got = at_once(*[lambda: answer(suite, row)] * 2)
    assert max(str(g) if isinstance(g, str) else g.state for g in got) == "answered"
    assert {g for g in got if isinstance(g, str)} <= {"NOTICE_STATE", "CHANGED_MEANWHILE"}
    assert len(contents(suite)["acceptance_notice_step"]) == 1


def test_the_list_is_narrowed(suite, clock):
    case, row = late(suite, clock)
    for asked, there in (({"rule": "V02"}, 1), ({"rule": "V10"}, 0), ({"agency": OWN}, 1), ({"agency": OTHER}, 0),
                         ({"kind": "reminders"}, 0), ({"kind": "violations"}, 1), ({"before_id": row.id}, 0)):  # fmt: skip
        assert len(suite.query(INSPECTOR, "acceptance.supervision", {"kind": "all", **asked})) == there, asked
    assert suite.query(HANDLER, "acceptance.badge_supervision") == 1
    assert suite.query(APPROVER, "acceptance.badge_supervision") == 0
    assert case.case_no == row.case_no


@pytest.mark.parametrize("state", ["notified", "answered", "ordered", "closed"])
def test_every_other_step_is_refused_in_words(state):
    for step in ("feedback", "appeal", "order", "close"):
        if (state, step) in STEPS:
            assert next_state(state, step) == STEPS[state, step]
            continue
        with pytest.raises(UserError) as error:
            next_state(state, step)
        assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]


def test_an_urge_is_counted_kept_with_the_case_and_reminds_its_handler(suite, clock):
    case = accepted(suite)
    asked = {"case_id": case.case_id, "text": "等着开业", "person": "苏日娜"}
    assert suite.run(WINDOW, "acceptance.urge", asked) == 1
    assert suite.run(WINDOW, "acceptance.urge", asked) == 2
    seen = see(suite, case)
    assert [(e.event, e.opinion) for e in seen.events][-1] == ("urge", "等着开业")
    assert seen.row.state == "review"
    assert rules(suite, case) == ["R-urge", "R-urge"]
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    got = at_once(*[lambda: suite.run(WINDOW, "acceptance.urge", asked)] * 3)
    assert sorted(got) == [3, 4, 5], "desks at the same moment do not collide"
    suite.run(CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不办了", "signed": True})
    assert refused(suite, WINDOW, "acceptance.urge", asked) == "CASE_ENDED"
    assert refused(suite, CLERK, "acceptance.urge", asked) == "NOT_PERMITTED"


def test_a_complaint_is_answered_in_time_or_becomes_a_violation(suite, clock):
    one, other = accepted(suite), accepted(suite)
    said = {"content": "窗口让我跑了三趟", "source": "phone", "person": "苏日娜"}
    first, second = (
        suite.run(WINDOW, "acceptance.complain", {"case_id": c.case_id, **said}) for c in (one, other)
    )
    assert day(first.due_at) == "2026-04-03"
    assert [e.event for e in see(suite, one).events][-1] == "complain"
    (waiting, _same) = suite.query(HANDLER, "acceptance.complaints", {"waiting": True})
    assert (waiting.content, waiting.late) == (said["content"], False)
    reply = {"complaint_id": first.id, "answer": "已向申请人致歉并说明"}
    assert refused(suite, APPROVER, "acceptance.answer_complaint", reply) == "NOT_PERMITTED"
    stranger = replace(STRANGER, permissions=frozenset({"acceptance.view"}) | ANSWER)
    assert refused(suite, stranger, "acceptance.answer_complaint", reply) == "NOT_YOUR_AGENCY"
    assert suite.query(stranger, "acceptance.complaints", {}) == []
    assert suite.run(HANDLER, "acceptance.answer_complaint", reply).answered_by == HANDLER.name
    assert refused(suite, HANDLER, "acceptance.answer_complaint", reply) == "ANSWERED_ALREADY"
    assert (
        refused(suite, HANDLER, "acceptance.answer_complaint", {**reply, "complaint_id": 99})
        == "UNKNOWN_COMPLAINT"
    )
    set_clock(clock, "2026-04-06", 0)
    assert suite.query(CLERK, "acceptance.is_due") is True
    tick(suite)
    tick(suite)
    assert "V09" not in rules(suite, one)
    assert rules(suite, other).count("V09") == 1
    assert suite.query(HANDLER, "acceptance.complaints", {"waiting": True})[0].id == second.id
    assert suite.query(HANDLER, "acceptance.complaints", {"waiting": True})[0].late


def test_a_decider_does_not_supervise_the_own_decision(suite, clock):
    case, row = late(suite, clock)
    suite.run(CHIEF, "acceptance.grant", decision(suite, case, CHIEF, opinion="同意"))
    chief = replace(CHIEF, permissions=CHIEF.permissions | OVERSEE)
    assert refused(suite, chief, "acceptance.order_notice", {"alert_id": row.id, "text": "x"}) == "OWN_CASE"
    assert clock.now - row.at >= timedelta(0)
