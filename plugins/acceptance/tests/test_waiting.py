"""The list of cases that wait for the actor, on both databases: by node or promise, narrowed, and paged without a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yichuang.api import update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t

from .case_rows import START, enter_cases
from .conftest import APPROVER, CLERK, COMMITTED, INSTANT, accepted
from .life import set_clock
from .review import HANDLER, LEADER_OF_SECTION, begun, set_graph, staff

LIGHTS = ("overdue", "due_today", "warning", "normal")


@pytest.fixture
def hall(suite):
    staff(suite)
    set_graph(suite)
    return suite


def listed(hall, actor=HANDLER, query="cases", **request):
    tab = {"tab": "review"} if query == "cases" else {}
    return hall.query(actor, f"acceptance.{query}", {**tab, **request})


def whole(hall, actor, query, size, **request):
    """A list, page by page."""
    found, more = [], {}
    while page := listed(hall, actor, query, limit=size, **request, **more):
        found += page
        due = page[-1].listed_by if query == "cases" else page[-1].due_at
        more = {"after_due": due, "after_id": page[-1].id}
    return found


def test_the_list_runs_by_the_limit_of_the_node_where_that_ends_first(hall, clock):
    """A case whose node ends on the 19th stands before one whose promise ends on the 20th, though it was promised later."""
    later = begun(hall)  # n1 has two working days, the promise five
    promised = accepted(hall, item=INSTANT)
    with hall.database.write() as writer:
        day = timedelta(days=1)
        due = hall.query(APPROVER, "acceptance.case", {"case_id": later.case_id}).promise_due_at
        writer.update(t.case, {"id": promised.case_id}, promise_due_at=due - day)
    rows = listed(hall)
    assert [row.id for row in rows] == [later.case_id, promised.case_id]
    first, second = rows
    assert (first.node, second.node) == ("初审", "")
    assert first.due_at == first.listed_by < second.due_at
    assert first.time_left == "剩 2 天"
    set_clock(clock, "2026-03-20")
    first = listed(hall)[0]
    assert (first.light, first.id) == ("overdue", later.case_id), "the light is the node's"
    case = hall.query(HANDLER, "acceptance.case", {"case_id": later.case_id})
    assert case.row.light != "overdue", "the case itself keeps its promise"


def test_a_promise_that_ends_before_the_limit_of_the_node_counts(hall):
    case, other = begun(hall), begun(hall)
    with hall.database.write() as writer:
        task = writer.one(rt.task.select().where(rt.task.c.case_id == case.case_id))
        sooner = task.due_at - timedelta(hours=1)
        writer.update(t.case, {"id": case.case_id}, promise_due_at=sooner)
    rows = listed(hall)
    assert [row.id for row in rows] == [case.case_id, other.case_id]
    assert (rows[0].node, rows[0].due_at, rows[0].listed_by) == ("", sooner, sooner)


def test_somebody_who_may_not_act_at_the_node_does_not_have_it_in_the_list(hall):
    case = begun(hall)
    assert [row.id for row in listed(hall, LEADER_OF_SECTION)] == [case.case_id]
    assert listed(hall, APPROVER) == []


@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_follow_one_another_without_a_gap_or_a_double(hall, size):
    """Nodes, promises, the same moment many times, and cases without any moment."""
    cases = [begun(hall) if n % 2 else accepted(hall, item=INSTANT) for n in range(12)]
    bare = cases[0].case_id, cases[1].case_id
    with hall.database.write() as writer:
        writer.execute(
            update(t.case).where(t.case.c.id.in_(bare)).values(promise_due_at=None, legal_due_at=None)
        )
        writer.execute(update(rt.task).where(rt.task.c.case_id == bare[1]).values(due_at=None))
    for query, actor in (("cases", HANDLER), ("my_tasks", HANDLER)):
        ids = [row.id for row in listed(hall, actor, query)]
        assert len(ids) == (12 if query == "cases" else 6)
        assert [row.id for row in whole(hall, actor, query, size)] == ids
    assert [row.id for row in listed(hall)][-2:] == sorted(bare)


@pytest.mark.parametrize("query", ["cases", "my_tasks"])
def test_each_light_narrows_to_the_rows_that_show_it(hall, clock, query):
    for day in ("2026-03-18", "2026-03-20", "2026-03-23", "2026-03-24"):
        set_clock(clock, day)
        begun(hall)
        accepted(hall, item=INSTANT)
    rows = listed(hall, query=query)
    seen = {
        name: [row.id for row in rows if row.light.replace("double_red", "overdue") == name]
        for name in LIGHTS
    }
    assert seen["overdue"]
    assert seen["normal"] or seen["warning"]
    for name in LIGHTS:
        assert [row.id for row in listed(hall, query=query, light=name)] == seen[name], name
        assert [row.id for row in whole(hall, HANDLER, query, 1, light=name)] == seen[name], name


def test_the_list_is_narrowed_to_an_item_and_to_days(hall, clock):
    set_clock(clock, "2026-03-18")
    begun(hall)
    set_clock(clock, "2026-03-19")
    instant, committed = accepted(hall, item=INSTANT), begun(hall)
    assert [row.id for row in listed(hall, item=INSTANT)] == [instant.case_id]
    assert [row.id for row in listed(hall, item=COMMITTED, first="2026-03-19")] == [committed.case_id]
    assert [row.id for row in listed(hall, last="2026-03-18")] == [committed.case_id - 2]
    tasks = listed(hall, query="my_tasks", first="2026-03-19", item=COMMITTED)
    assert [task.case_id for task in tasks] == [committed.case_id]
    assert listed(hall, query="my_tasks", item=INSTANT) == []


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_list_of_several_states_is_one_in_its_pages(suite, size):
    """Results of both kinds stand in one order, those without a moment last."""
    moments = [START + timedelta(days=n % 4) if n % 5 else None for n in range(14)]
    ids = enter_cases(
        suite,
        [
            {"state": "ready" if n % 3 else "refused", "acceptor_id": 99, "received_at": START - timedelta(days=1),
             "promise_due_at": moment}
            for n, moment in enumerate(moments)
        ],
    )  # fmt: skip
    found, more = [], {}
    while page := suite.query(CLERK, "acceptance.cases", {"tab": "ready", "limit": size, **more}):
        found += page
        more = {"after_due": page[-1].listed_by, "after_id": page[-1].id}
    due = dict(zip(ids, moments, strict=True))
    assert [row.id for row in found] == sorted(ids, key=lambda i: (due[i] is None, due[i] or START, i))
