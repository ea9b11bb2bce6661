"""The review of cases by graphs, on both databases: nodes side by side, sending back, officers, deputies, limits, decisions."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from yichuang.api import UserError
from yichuang_acceptance import review_tables as rt

from .conftest import APPROVER, BARE, CHIEF, CLERK, COMMITTED, OTHER, OWN, accepted, decision, hands
from .life import at_once, contents, day, refused, render, resume, rules, see, set_clock, suspend, tick
from .review import (
    ASSIGN,
    FIREMAN,
    FOREIGNER,
    GRAPH,
    HANDLER,
    KEEPER,
    LEADER_OF_SECTION,
    ONE_REVIEW,
    PARTNER,
    REVIEW,
    THIRD,
    begun,
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


def events(suite, case):
    return [e.event for e in see(suite, case).events][2:]


def grant(suite, case, actor=LEADER_OF_SECTION):
    return suite.run(actor, "acceptance.grant", decision(suite, case, actor, opinion="同意"))


def to_decision(suite, case):
    """Everything before the decision."""
    say(suite, HANDLER, case, "n1")
    say(suite, HANDLER, case, "n2a")
    say(suite, PARTNER, case, "n2a")
    say(suite, FIREMAN, case, "n2b")


def test_a_case_goes_through_its_graph(hall):
    case = begun(hall)
    assert set(waiting(hall, case)) == {"n1"}
    assert say(hall, HANDLER, case, "n1").opened == ("现场核查", "征求意见")
    assert set(waiting(hall, case)) == {"n2a", "n2b"}
    first = say(hall, HANDLER, case, "n2a")
    assert (first.state, first.signed) == ("open", 1), "art. 34: two officers"
    again = say(hall, HANDLER, case, "n2a")
    assert (again.state, again.signed) == ("open", 1), "the same officer twice is one"
    assert say(hall, PARTNER, case, "n2a").state == "done"
    assert say(hall, FIREMAN, case, "n2b").opened == ("决定",)
    granted = decision(hall, case, LEADER_OF_SECTION, opinion="同意")
    assert hall.run(LEADER_OF_SECTION, "acceptance.grant", granted).state == "granted"
    assert waiting(hall, case) == {}
    assert events(hall, case) == ["dispatch", "opinion", "opinion", "opinion", "opinion", "opinion", "grant"]
    checked = hall.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id})
    assert checked.broken_at is None
    course = hall.query(HANDLER, "acceptance.review_course", {"case_id": case.case_id})
    assert [(n.node, n.state, n.outcome) for n in course] == [
        ("n1", "done", "pass"), ("n2a", "done", "pass"), ("n2b", "done", "pass"), ("n3", "done", "grant"),
    ]  # fmt: skip
    assert course[1].staff == "审批员、首席代表"
    render(hall, case)
    assert see(hall, case).row.state == "ready"


def test_a_condition_leaves_the_visit_out_and_a_missing_field_does_not(hall):
    small = begun(hall, area="20")
    say(hall, HANDLER, small, "n1")
    assert set(waiting(hall, small)) == {"n2b"}
    course = hall.query(HANDLER, "acceptance.review_course", {"case_id": small.case_id})
    assert [n.state for n in course] == ["done", "skipped", "open", "ahead"]
    unknown = accepted(hall)
    say(hall, HANDLER, unknown, "n1")
    assert set(waiting(hall, unknown)) == {"n2a", "n2b"}


def test_nothing_is_decided_while_nodes_are_open(hall):
    case = begun(hall)
    request = decision(hall, case, LEADER_OF_SECTION, opinion="同意")
    assert refused(hall, LEADER_OF_SECTION, "acceptance.grant", request) == "REVIEW_OPEN"
    no = decision(hall, case, LEADER_OF_SECTION, reason="不符合")
    assert refused(hall, LEADER_OF_SECTION, "acceptance.refuse", no) == "REVIEW_OPEN"
    to_decision(hall, case)
    decide = seen(hall, case, "n3", outcome="pass", opinion="同意")
    assert refused(hall, LEADER_OF_SECTION, "acceptance.give_opinion", decide) == "DECISION_NEEDED"
    assert grant(hall, case).state == "granted"


# ---- acceptance tests 6 and 7 of the field ----


def test_the_acceptor_examines_and_decides_nothing_where_the_graph_says_so(hall):
    acceptor = replace(CLERK, permissions=CLERK.permissions | {REVIEW, ASSIGN})
    graph = deepcopy(GRAPH)
    graph["nodes"][0]["not_same_as"] = ["acceptor"]
    set_graph(hall, graph, seen=1)
    case = begun(hall)
    task = seen(hall, case, "n1", outcome="pass", opinion="同意")
    assert refused(hall, acceptor, "acceptance.give_opinion", task) == "OWN_ACCEPTANCE"
    assert refused(hall, acceptor, "acceptance.claim", seen(hall, case, "n1")) == "OWN_ACCEPTANCE"
    to_decision(hall, case)
    yes = decision(hall, case, acceptor, opinion="同意")
    assert refused(hall, acceptor, "acceptance.grant", yes) == "OWN_ACCEPTANCE"
    assert rules(hall, case) == []


def test_an_acceptor_who_examines_where_nothing_forbids_it_is_reported(hall):
    acceptor = replace(CLERK, permissions=CLERK.permissions | {REVIEW})
    case = begun(hall)
    say(hall, acceptor, case, "n1")
    assert rules(hall, case) == ["V16"]


def test_two_desks_on_one_task_one_wins_and_the_other_is_told(hall):
    case = begun(hall)
    asked = seen(hall, case, "n1", outcome="refuse", opinion="面积不符")
    got = at_once(
        *(
            lambda actor=actor: hall.run(actor, "acceptance.give_opinion", asked)
            for actor in (HANDLER, PARTNER)
        )
    )
    assert sorted(type(each).__name__ for each in got) == ["Acted", "str"]
    assert "TASK_DONE" in got
    with pytest.raises(UserError) as error:
        hall.run(THIRD, "acceptance.give_opinion", asked)
    assert error.value.code == "TASK_DONE"
    assert any(name in str(error.value) for name in (HANDLER.name, PARTNER.name)), "it says who"
    assert events(hall, case).count("opinion") == 1


def test_two_desks_take_one_task(hall):
    case = begun(hall)
    asked = seen(hall, case, "n1")
    got = at_once(
        *(lambda actor=actor: hall.run(actor, "acceptance.claim", asked) for actor in (HANDLER, PARTNER))
    )
    assert sorted(type(each).__name__ for each in got) == ["Acted", "str"]
    assert events(hall, case) == ["dispatch", "claim"]


def test_branches_that_end_at_the_same_moment_are_both_seen_by_the_join(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a")
    points = {"outcome": "pass", "opinion": "同意"}
    acts = [(PARTNER, seen(hall, case, "n2a", **points)), (FIREMAN, seen(hall, case, "n2b", **points))]
    got = at_once(*(lambda a=a, r=r: hall.run(a, "acceptance.give_opinion", r) for a, r in acts))
    assert all(not isinstance(each, str) for each in got), got
    assert set(waiting(hall, case)) == {"n3"}


def test_who_examined_alone_does_not_decide(suite):
    staff(suite)
    set_graph(suite, ONE_REVIEW)
    case = begun(suite)
    say(suite, HANDLER, case, "n1")
    yes = decision(suite, case, HANDLER, opinion="同意")
    assert refused(suite, HANDLER, "acceptance.grant", yes) == "SOLE_REVIEWER"
    assert grant(suite, case, PARTNER).state == "granted"


def test_the_graph_says_who_may_not_decide(hall):
    chief_examined = begun(hall)
    say(hall, LEADER_OF_SECTION, chief_examined, "n1")
    say(hall, HANDLER, chief_examined, "n2a")
    say(hall, PARTNER, chief_examined, "n2a")
    say(hall, FIREMAN, chief_examined, "n2b")
    yes = decision(hall, chief_examined, LEADER_OF_SECTION, opinion="同意")
    assert refused(hall, LEADER_OF_SECTION, "acceptance.grant", yes) == "SAME_PERSON"
    assert refused(hall, THIRD, "acceptance.grant", {**yes}) == "NOT_AT_THIS_NODE", (
        "the chief decides, says the graph"
    )


# ---- opinions ----


def test_an_opinion_ticks_every_point_or_advises_to_refuse(hall):
    case = begun(hall)
    half = seen(hall, case, "n1", outcome="pass", opinion="同意", checked=GRAPH["nodes"][0]["points"][:1])
    assert refused(hall, HANDLER, "acceptance.give_opinion", half) == "POINTS_OPEN"
    strange = {**half, "checked": ["别的"]}
    assert refused(hall, HANDLER, "acceptance.give_opinion", strange) == "UNKNOWN_POINT"
    assert say(hall, HANDLER, case, "n1", "refuse").opened == ("现场核查", "征求意见"), "it is only advice"
    say(hall, HANDLER, case, "n2a")
    say(hall, PARTNER, case, "n2a")
    say(hall, FIREMAN, case, "n2b", "refuse")
    grant(hall, case)
    with hall.database.read() as reader:
        last = reader.all(text("SELECT payload FROM acceptance_event ORDER BY id DESC LIMIT 1"))[0].payload
    assert "against" in str(last), "a grant against advice says so"


def test_officers_on_site_who_disagree_close_nothing(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a")
    other = say(hall, PARTNER, case, "n2a", "refuse")
    assert (other.state, other.signed) == ("open", 1)
    assert [s.outcome for s in hall.query(HANDLER, "acceptance.task", {"task_id": other.task_id}).signed] == [
        "pass",
        "refuse",
    ]
    assert say(hall, HANDLER, case, "n2a", "refuse").state == "done", "they have come to the same"


def test_sending_back_opens_everything_behind_it_again_in_a_new_round(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a")
    nowhere = seen(hall, case, "n2a", outcome="return", opinion="图纸不符", return_to="n2b")
    assert refused(hall, PARTNER, "acceptance.give_opinion", nowhere) == "NO_SUCH_RETURN"
    back = say(hall, PARTNER, case, "n2a", "return", opinion="图纸不符", return_to="n1")
    assert back.opened == ("初审",)
    task = waiting(hall, case)["n1"]
    assert (task.round, task.assignee) == (2, HANDLER.name), "it goes to whoever did it"
    assert set(waiting(hall, case)) == {"n1"}, "the other agency is not asked meanwhile"
    say(hall, HANDLER, case, "n1")
    assert {n: t.round for n, t in waiting(hall, case).items()} == {"n2a": 2, "n2b": 2}
    say(hall, HANDLER, case, "n2a")
    say(hall, PARTNER, case, "n2a")
    say(hall, FIREMAN, case, "n2b")
    decider = seen(hall, case, "n3", outcome="return", opinion="再核实", return_to="n2a")
    hall.run(LEADER_OF_SECTION, "acceptance.give_opinion", decider)
    assert {n: t.round for n, t in waiting(hall, case).items()} == {"n2a": 3}, (
        "the answer of the other agency stands"
    )
    say(hall, HANDLER, case, "n2a")
    say(hall, PARTNER, case, "n2a")
    assert grant(hall, case).state == "granted"


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
    assert hall.query(FIREMAN, "acceptance.task_file", {"task_id": task.id, "position": 1}) == [b"%PDF-1.4 x"]
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
        if "task_id" not in fields or not operation.name.startswith("acceptance."):
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


def test_nodes_without_a_limit_have_the_cases(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    assert waiting(hall, case)["n2a"].due_at == see(hall, case).promise_due_at


def test_a_case_that_ends_takes_its_tasks_with_it(hall):
    case = begun(hall)
    hall.run(CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不再办理", "signed": True})
    assert waiting(hall, case) == {}
    with hall.database.read() as reader:
        assert [r.state for r in reader.all(rt.task.select())] == ["dropped"]


# ---- graphs ----


def test_a_new_revision_does_not_touch_cases_that_were_accepted_before(hall):
    before = begun(hall)
    view = set_graph(hall, ONE_REVIEW, seen=1)
    assert (
        view.revision,
        hall.query(CLERK, "acceptance.review_graph", {"item": COMMITTED, "version": 1}).revision,
    ) == (2, 2)
    after = begun(hall)
    assert say(hall, HANDLER, before, "n1").opened == ("现场核查", "征求意见")
    assert say(hall, HANDLER, after, "n1").opened == ("决定",)
    late = {"item": COMMITTED, "version": 1, "seen": 1, "graph": ONE_REVIEW}
    assert refused(hall, KEEPER, "acceptance.set_review_graph", late) == "CHANGED_MEANWHILE"
    with pytest.raises(DBAPIError), hall.database.write() as writer:
        writer.execute(text("UPDATE acceptance_flow SET revision = 9"))


def test_graphs_are_refused_by_their_node(suite):
    staff(suite)
    graph = deepcopy(GRAPH)
    graph["nodes"][2]["agency"] = "天文台"
    asked = {"item": COMMITTED, "version": 1, "graph": graph}
    assert refused(suite, KEEPER, "acceptance.set_review_graph", asked) == "BAD_GRAPH"
    graph["nodes"][2]["agency"] = OWN
    assert refused(suite, KEEPER, "acceptance.set_review_graph", asked) == "BAD_GRAPH"
    assert refused(suite, KEEPER, "acceptance.set_review_graph", {**asked, "graph": {}}) == "BAD_GRAPH"
    assert refused(suite, KEEPER, "acceptance.set_review_graph", {**asked, "item": "x"}) == "UNKNOWN_ITEM"
    assert refused(suite, HANDLER, "acceptance.set_review_graph", asked) == "NOT_PERMITTED"
    elsewhere = replace(KEEPER, hall_wide=False)
    good = {**asked, "graph": GRAPH}
    assert refused(suite, elsewhere, "acceptance.set_review_graph", good) == "NOT_YOUR_AGENCY"


def test_items_without_a_graph_wait_for_one_decision_as_ever(hall):
    case = accepted(hall, item=BARE, materials=hands(1))
    assert waiting(hall, case) == {}
    assert hall.query(APPROVER, "acceptance.review_course", {"case_id": case.case_id}) == []
    assert grant(hall, case, CHIEF).state == "granted"


# ---- lists ----


def test_tasks_run_from_the_nearest_due_moment_page_by_key_and_filter(hall, clock):
    cases = []
    for number in range(5):
        set_clock(clock, f"2026-03-{17 + number // 2}", 10 + number)
        cases.append(begun(hall))
    say(hall, HANDLER, cases[0], "n1")
    say(hall, HANDLER, cases[0], "n2a", "return", return_to="n1")  # the oldest case is due last now
    whole = hall.query(HANDLER, "acceptance.my_tasks", {})
    assert [t.due_at for t in whole] == sorted(t.due_at for t in whole)
    assert len(whole) == 5
    assert whole[-1].case_id == cases[0].case_id
    paged, request = [], {"limit": 2}
    while rows := hall.query(HANDLER, "acceptance.my_tasks", request):
        paged += rows
        request |= {"after_due": rows[-1].due_at, "after_id": rows[-1].id}
    assert [t.id for t in paged] == [t.id for t in whole]
    number = cases[0].case_no[-6:]
    assert [t.case_id for t in hall.query(HANDLER, "acceptance.my_tasks", {"text": number})] == [
        cases[0].case_id
    ]
    assert hall.query(HANDLER, "acceptance.my_tasks", {"item": COMMITTED, "node": "n2a"}) == []
    assert len(hall.query(HANDLER, "acceptance.my_tasks", {"item": COMMITTED, "node": "n1"})) == 5
    assert hall.query(HANDLER, "acceptance.task_counts").mine == 5
    say(hall, HANDLER, cases[1], "n1")
    done = hall.query(HANDLER, "acceptance.my_tasks", {"tab": "done", "limit": 2})
    assert [(t.node, t.case_id) for t in done] == [("n2a", cases[0].case_id), ("n1", cases[1].case_id)]
    (oldest,) = hall.query(HANDLER, "acceptance.my_tasks", {"tab": "done", "after_id": done[-1].id})
    assert (oldest.node, oldest.case_id) == ("n1", cases[0].case_id)
    assert [c.name for c in hall.query(HANDLER, "acceptance.colleagues")] == sorted(
        p.name for p in (HANDLER, PARTNER, THIRD, LEADER_OF_SECTION)
    )
