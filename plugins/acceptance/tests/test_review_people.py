"""Reviews on both databases: whose task it is, who stands in, what another agency sees, and what time does to nodes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from yichuang.api import UserError
from yichuang_acceptance import review_tables as rt

from .conftest import BARE, CLERK, OTHER, OWN, hands
from .life import at_once, contents, day, refused, resume, rules, see, set_clock, suspend, tick
from .review import (
    FIREMAN,
    FOREIGNER,
    GRAPH,
    HANDLER,
    LEADER_OF_SECTION,
    PARTNER,
    THIRD,
    begun,
    events,
    say,
    seen,
    set_graph,
    staff,
    waiting,
)


@pytest.fixture
def hall(suite):
    staff(suite)
    set_graph(suite)
    return suite


# ---- whose task it is ----


def test_a_task_is_taken_given_passed_on_and_given_back(hall):
    case = begun(hall)
    hall.run(HANDLER, "acceptance.claim", seen(hall, case, "n1"))
    assert refused(hall, HANDLER, "acceptance.claim", seen(hall, case, "n1")) == "TASK_YOURS"
    assert refused(hall, PARTNER, "acceptance.claim", seen(hall, case, "n1")) == "TASK_TAKEN"
    taken = seen(hall, case, "n1", outcome="refuse", opinion="x")
    assert refused(hall, PARTNER, "acceptance.give_opinion", taken) == "TASK_TAKEN"
    assert [t.id for t in hall.query(PARTNER, "acceptance.my_tasks", {})] == []
    to = {"staff_id": PARTNER.staff_id}
    assert refused(hall, HANDLER, "acceptance.assign", seen(hall, case, "n1", **to)) == "NOT_PERMITTED"
    away = seen(hall, case, "n1", staff_id=FIREMAN.staff_id)
    assert refused(hall, LEADER_OF_SECTION, "acceptance.assign", away) == "UNKNOWN_COLLEAGUE"
    hall.run(LEADER_OF_SECTION, "acceptance.assign", seen(hall, case, "n1", **to))
    assert waiting(hall, case)["n1"].assignee == PARTNER.name
    assert (
        refused(hall, HANDLER, "acceptance.transfer", seen(hall, case, "n1", reason="忙", **to))
        == "TASK_TAKEN"
    )
    hall.run(PARTNER, "acceptance.transfer", seen(hall, case, "n1", staff_id=THIRD.staff_id, reason="出差"))
    assert [t.node for t in hall.query(THIRD, "acceptance.my_tasks", {})] == ["n1"]
    hall.run(THIRD, "acceptance.transfer", seen(hall, case, "n1", reason="不熟悉"))
    assert (waiting(hall, case)["n1"].assignee, len(hall.query(HANDLER, "acceptance.my_tasks", {}))) == (
        "",
        1,
    )
    assert events(hall, case) == ["dispatch", "claim", "assign", "transfer", "transfer"]


def test_a_deputy_acts_for_the_absent_and_both_can_be_told_apart(hall, clock):
    case = begun(hall)
    hall.run(HANDLER, "acceptance.claim", seen(hall, case, "n1"))
    days = {"first_day": "2026-03-18", "last_day": "2026-03-20"}
    away = {"deputy_id": THIRD.staff_id, **days}
    assert (
        refused(hall, HANDLER, "acceptance.set_absence", {**away, "deputy_id": HANDLER.staff_id})
        == "UNKNOWN_COLLEAGUE"
    )
    assert (
        refused(hall, HANDLER, "acceptance.set_absence", {**away, "deputy_id": FIREMAN.staff_id})
        == "UNKNOWN_COLLEAGUE"
    )
    assert (
        refused(hall, HANDLER, "acceptance.set_absence", {**away, "last_day": "2026-03-17"}) == "DAYS_WRONG"
    )
    assert (
        refused(hall, PARTNER, "acceptance.set_absence", {**away, "staff_id": HANDLER.staff_id})
        == "NOT_PERMITTED_HERE"
    )
    entered = hall.run(HANDLER, "acceptance.set_absence", away)
    assert (
        refused(hall, HANDLER, "acceptance.set_absence", {**away, "deputy_id": PARTNER.staff_id})
        == "ABSENT_ALREADY"
    )
    assert hall.query(THIRD, "acceptance.my_tasks", {}) == [], "not yet"
    set_clock(clock, "2026-03-19")
    (task,) = hall.query(THIRD, "acceptance.my_tasks", {})
    assert (task.absent, task.mine) == (HANDLER.name, True)
    say(hall, THIRD, case, "n1")
    (opinion,) = [e for e in see(hall, case).events if e.event == "opinion"]
    assert opinion.staff == THIRD.name
    with hall.database.read() as reader:
        row = reader.one(rt.task.select().where(rt.task.c.node == "n1"))
        payload = reader.all(text("SELECT payload FROM acceptance_event WHERE event = 'opinion'"))[0].payload
    assert (row.staff_id, row.for_id) == (THIRD.staff_id, HANDLER.staff_id)
    assert HANDLER.name in str(payload) or HANDLER.name.encode("unicode_escape").decode() in str(payload)
    assert [a.deputy for a in hall.query(PARTNER, "acceptance.absences", {})] == [THIRD.name]
    hall.run(LEADER_OF_SECTION, "acceptance.end_absence", {"absence_id": entered.id})
    assert hall.query(PARTNER, "acceptance.absences", {}) == []
    assert refused(hall, HANDLER, "acceptance.end_absence", {"absence_id": entered.id}) == "UNKNOWN_ABSENCE"


# ---- another agency ----


def test_an_agency_that_was_asked_sees_its_task_and_nothing_else(hall):
    page = hall.run(CLERK, "acceptance.keep_page", {"data": b"%PDF-1.4 x", "media_type": "application/pdf"})
    case = begun(hall, materials=hands(1, pages=[page]) + hands(2, 3))
    say(hall, HANDLER, case, "n1")
    (task,) = hall.query(FIREMAN, "acceptance.my_tasks", {})
    assert (task.node, task.own) == ("n2b", False)
    detail = hall.query(FIREMAN, "acceptance.task", {"task_id": task.id})
    assert (detail.opinions, detail.returns, len(detail.materials), detail.form) == (
        [],
        [],
        3,
        {"area": "80"},
    )
    assert (
        hall.query(FIREMAN, "acceptance.task_file", {"task_id": task.id, "position": 1})[0].pdf
        == b"%PDF-1.4 x"
    )
    for name, request in (("case", {}), ("review_course", {}), ("material_file", {"position": 1})):
        with pytest.raises(UserError) as error:
            hall.query(FIREMAN, f"acceptance.{name}", {"case_id": case.case_id, **request})
        assert error.value.code == "NOT_YOUR_AGENCY", name
    visit = waiting(hall, case)["n2a"]
    with pytest.raises(UserError) as error:
        hall.query(FIREMAN, "acceptance.task", {"task_id": visit.id})
    assert error.value.code == "NOT_YOUR_AGENCY"
    say(hall, FIREMAN, case, "n2b")
    with pytest.raises(UserError) as error:
        hall.query(FIREMAN, "acceptance.task_file", {"task_id": task.id, "position": 1})
    assert error.value.code == "TASK_DONE"
    assert hall.query(FIREMAN, "acceptance.task", {"task_id": task.id}).materials == []


def test_a_question_beside_the_graph_is_waited_for(hall):
    case = begun(hall)
    question = {"agency": OTHER, "question": "是否在林地范围内？", "days": 2}
    own = seen(hall, case, "n1", **{**question, "agency": OWN})
    assert refused(hall, HANDLER, "acceptance.consult", own) == "OWN_AGENCY"
    unknown = {**own, "agency": "x"}
    assert refused(hall, HANDLER, "acceptance.consult", unknown) == "UNKNOWN_AGENCY"
    hall.run(HANDLER, "acceptance.consult", seen(hall, case, "n1", **question))
    assert refused(hall, HANDLER, "acceptance.consult", seen(hall, case, "n1", **question)) == "ASKED_ALREADY"
    early = seen(hall, case, "n1", outcome="pass", opinion="x", checked=GRAPH["nodes"][0]["points"])
    assert refused(hall, HANDLER, "acceptance.give_opinion", early) == "ANSWERS_OUTSTANDING"
    (asked,) = hall.query(FIREMAN, "acceptance.my_tasks", {})
    assert hall.query(FIREMAN, "acceptance.task", {"task_id": asked.id}).question == question["question"]
    say(hall, FIREMAN, case, "n1.1", opinion="不在林地范围内")
    answers = hall.query(HANDLER, "acceptance.task", {"task_id": waiting(hall, case)["n1"].id}).answers
    assert [a.opinion for a in answers] == ["不在林地范围内"]
    say(hall, HANDLER, case, "n1")
    assert set(waiting(hall, case)) == {"n2a", "n2b"}


def test_foreigners_can_do_nothing_with_a_task(hall):
    """Every operation that names a task, taken from the registry."""
    case = begun(hall)
    task = waiting(hall, case)["n1"]
    foreigner = replace(FOREIGNER, permissions=FOREIGNER.permissions | {"*"})
    asked = {
        "task_id": task.id, "row_version": task.row_version, "staff_id": 2, "reason": "x", "outcome": "pass", "opinion": "x",
        "agency": OTHER, "question": "x", "position": 1,
    }  # fmt: skip
    before = contents(hall)
    tried = 0
    for operation in hall.registry.all():
        fields = operation.request.model_fields
        named = "task_id" in fields and fields["task_id"].is_required()
        if not named or not operation.name.startswith("acceptance."):
            continue
        act = hall.run if operation.kind == "operation" else hall.query
        with pytest.raises(UserError) as error:
            act(
                foreigner,
                operation.name,
                {name: asked[name] for name, f in fields.items() if f.is_required()},
            )
        assert error.value.code == "NOT_YOUR_AGENCY", operation.name
        tried += 1
    assert tried >= 7
    assert contents(hall) == before
    assert hall.query(foreigner, "acceptance.my_tasks", {"tab": "agency"}) == []


# ---- time ----


def test_a_node_over_its_limit_is_reported_once_and_silence_is_consent_where_that_was_said(hall, clock):
    case = begun(hall)
    task = waiting(hall, case)["n1"]
    assert day(task.due_at) == "2026-03-19", "two working days"
    hall.run(HANDLER, "acceptance.claim", seen(hall, case, "n1"))
    set_clock(clock, "2026-03-20", 0)
    assert hall.query(CLERK, "acceptance.is_due") is True
    assert tick(hall).alerts == 1
    assert (tick(hall).alerts, hall.query(CLERK, "acceptance.is_due")) == (0, False), "any number of times"
    (alert,) = hall.query(CLERK, "acceptance.alerts", {"case_id": case.case_id})
    assert (alert.rule, alert.key, alert.staff, day(alert.at)) == ("V04", "n1:1", HANDLER.name, "2026-03-19")
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a")
    say(hall, PARTNER, case, "n2a")
    set_clock(clock, "2026-03-25", 23)
    assert tick(hall).silent == 0
    set_clock(clock, "2026-03-26", 0)
    assert tick(hall).silent == 1
    assert tick(hall).silent == 0
    assert set(waiting(hall, case)) == {"n3"}
    silence = see(hall, case).events[-1]
    assert (silence.event, silence.staff) == ("silence", ""), "nobody sent it"
    assert "V04" not in rules(hall, case)[1:], "an agency that may be silent is not late"


def test_two_desks_tick_at_once(hall, clock):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    set_clock(clock, "2026-03-30", 0)
    at_once(*(lambda: tick(hall),) * 3)
    assert events(hall, case).count("silence") == 1


def test_a_suspension_stops_the_clocks_of_the_nodes(hall, clock):
    case = begun(hall)
    suspend(hall, case, "2026-04-20")
    task = waiting(hall, case)["n1"]
    assert (task.due_at, task.light) == (None, "paused")
    asked = seen(hall, case, "n1", outcome="refuse", opinion="x")
    assert refused(hall, HANDLER, "acceptance.give_opinion", asked) == "ILLEGAL_STEP"
    set_clock(clock, "2026-03-30")
    assert tick(hall).alerts == 0
    resume(hall, case)
    assert day(waiting(hall, case)["n1"].due_at) == "2026-04-01", "two days from the resumption on"
    set_clock(clock, "2026-04-02", 0)
    tick(hall)
    assert "V04" in rules(hall, case)
    suspend(hall, case, "2026-04-20")
    assert "V11" in rules(hall, case), "the same node for a second time"


def test_nodes_without_a_limit_have_the_cases_where_nothing_is_promised(hall):
    set_graph(hall, item=BARE)
    case = begun(hall, item=BARE, materials=hands(1))
    say(hall, HANDLER, case, "n1")
    task = waiting(hall, case)["n2a"]
    assert task.due_at is see(hall, case).promise_due_at is None


def test_a_case_that_ends_takes_its_tasks_with_it(hall):
    case = begun(hall)
    hall.run(CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不再办理", "signed": True})
    assert waiting(hall, case) == {}
    with hall.database.read() as reader:
        assert [r.state for r in reader.all(rt.task.select())] == ["dropped"]
