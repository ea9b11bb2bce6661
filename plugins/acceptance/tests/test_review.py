"""The review of cases by graphs, on both databases: nodes side by side, sending back, officers, deputies, limits, decisions."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from yichuang.api import UserError

from .conftest import APPROVER, BARE, CHIEF, CLERK, COMMITTED, OWN, accepted, decision, hands
from .life import at_once, refused, render, rules, see, set_clock
from .review import (
    ASSIGN,
    FIREMAN,
    GRAPH,
    HANDLER,
    KEEPER,
    LEADER_OF_SECTION,
    ONE_REVIEW,
    PARTNER,
    REVIEW,
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


# ---- the exchange ----


def test_the_exchange_tells_each_opinion_with_its_node(hall, clock):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    say(hall, PARTNER, case, "n2a", "return", opinion="图纸不符", return_to="n1")
    exporter = replace(KEEPER, permissions=frozenset({"acceptance.exchange"}))
    set_clock(clock, "2026-03-18")
    batch = hall.run(exporter, "acceptance.begin_exchange", {})
    page = hall.run(exporter, "acceptance.exchange_rows", {"batch": batch.id})
    told = [tuple(row[1:4]) for row in page.tables["up_pro_process"] if row[2] in ("初审", "现场核查")]
    assert told == [("通过", "初审", HANDLER.name), ("退回", "现场核查", PARTNER.name)]
