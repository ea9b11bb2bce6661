"""下一步 on both databases: what opens behind a task, who may do it, and giving it on with the opinion."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import hall as hall_tables
from yichuang.operations.accounts import SIGNED_IN

from .life import refused
from .review import (
    FIREMAN,
    HANDLER,
    LEADER_OF_SECTION,
    ONE_REVIEW,
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
def hall(suite: Any) -> Any:
    staff(suite)
    set_graph(suite)
    return suite


def after(hall: Any, case: Any, node: str, actor: Any = HANDLER) -> Any:
    return hall.query(actor, "acceptance.next_nodes", {"task_id": waiting(hall, case)[node].id})


def test_the_nodes_behind_a_task_are_told_with_who_may_do_them(hall):
    case = begun(hall)
    found = after(hall, case, "n1")
    assert set(found.names) == {"现场核查", "征求意见"}
    assert found.node == "现场核查", "the other one is another agency's"
    assert {p.name for p in found.people} == {HANDLER.name, PARTNER.name, THIRD.name, LEADER_OF_SECTION.name}
    say(hall, HANDLER, case, "n1")
    found = after(hall, case, "n2a")
    assert (found.names, found.node, found.waits_for) == ((), "", ("征求意见",)), (
        "the join waits for the others"
    )
    say(hall, FIREMAN, case, "n2b")
    found = after(hall, case, "n2a")
    assert (found.names, found.node) == (("决定",), "决定")
    assert [p.name for p in found.people] == [LEADER_OF_SECTION.name], "who examined at n1 may not decide"


def test_people_who_are_at_work_stand_first_and_absent_ones_last(hall, clock):
    case = begun(hall)
    with hall.database.write() as writer:
        writer.insert(hall_tables.account, name="third", staff_id=THIRD.staff_id, password_hash="x")
        writer.insert(
            hall_tables.journal, at=clock(), account="", agency="", desk="", event=SIGNED_IN, subject="account:third",
            detail="{}",
        )  # fmt: skip
    away = {"staff_id": PARTNER.staff_id, "deputy_id": HANDLER.staff_id, "first_day": "2026-03-17",
            "last_day": "2026-03-18"}  # fmt: skip
    hall.run(LEADER_OF_SECTION, "acceptance.set_absence", away)
    people = after(hall, case, "n1").people
    assert people[0].name == THIRD.name
    assert people[0].present_at is not None
    assert (people[-1].name, people[-1].deputy) == (PARTNER.name, HANDLER.name)


def test_an_opinion_gives_the_next_task_to_a_colleague(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1", next_id=THIRD.staff_id)
    tasks = waiting(hall, case)
    assert tasks["n2a"].assignee == THIRD.name
    assert tasks["n2b"].assignee == "", "what another agency does is theirs to give"
    assert events(hall, case)[-2:] == ["opinion", "transfer"]
    assert hall.query(PARTNER, "acceptance.my_tasks", {}) == []


def test_only_who_may_do_it_gets_it_and_nothing_is_submitted_otherwise(hall):
    case = begun(hall)
    opinion = seen(
        hall, case, "n1", outcome="pass", opinion="符合", checked=["申请表签章", "场所面积与图纸一致"]
    )
    there = {**opinion, "next_id": FIREMAN.staff_id}
    assert refused(hall, HANDLER, "acceptance.give_opinion", there) == "UNKNOWN_COLLEAGUE"
    assert set(waiting(hall, case)) == {"n1"}, "the opinion was not given either"
    say(hall, HANDLER, case, "n1")
    say(hall, FIREMAN, case, "n2b")
    say(hall, HANDLER, case, "n2a")
    last = seen(hall, case, "n2a", outcome="pass", opinion="符合")
    to = {**last, "next_id": HANDLER.staff_id}
    assert refused(hall, PARTNER, "acceptance.give_opinion", to) in ("SAME_PERSON", "UNKNOWN_COLLEAGUE")
    say(hall, PARTNER, case, "n2a", next_id=LEADER_OF_SECTION.staff_id)
    assert waiting(hall, case)["n3"].assignee == LEADER_OF_SECTION.name


def test_where_nothing_opens_nothing_can_be_given(hall):
    case = begun(hall)
    say(hall, HANDLER, case, "n1")
    say(hall, HANDLER, case, "n2a", next_id=THIRD.staff_id)  # another officer signs last: that one chooses
    last = seen(hall, case, "n2a", outcome="pass", opinion="符合", next_id=THIRD.staff_id)
    assert refused(hall, PARTNER, "acceptance.give_opinion", last) == "NEXT_NODE_CHANGED"


def test_whoever_examines_does_not_stand_among_those_who_may_not_do_both(suite):
    staff(suite)
    graph = {**ONE_REVIEW, "nodes": [ONE_REVIEW["nodes"][0], {"id": "d", "kind": "decide", "name": "决定",
             "not_same_as": ["n1"]}]}  # fmt: skip
    set_graph(suite, graph)
    found = after(suite, begun(suite), "n1")
    assert found.node == "决定"
    assert HANDLER.name not in {p.name for p in found.people}
