"""Examination by a lower organ first (art. 43): twenty working days unless less is said, and V05 where it is sent up late."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.review_parse import read_graph
from yichuang_acceptance.rules.review_shares import node_limit

from .conftest import CLERK, COMMITTED, OTHER, OWN, accepted
from .life import day, refused, resume, rules, set_clock, suspend, tick
from .review import FIREMAN, HANDLER, KEEPER, set_graph, staff, waiting
from .test_life_papers import letters, the_paper
from .test_supervision import INSPECTOR

GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "up", "kind": "review", "name": "苏木镇初审", "prereview": True, "points": ["现场属实"]},
        {"id": "n1", "kind": "review", "name": "审核", "limit": {"n": 2, "u": "W"}},
        {"id": "d", "kind": "decide", "name": "决定"},
    ],
    "edges": [["up", "n1"], ["n1", "d"]],
}


def graph(**changes: Any) -> dict[str, Any]:
    made = deepcopy(GRAPH)
    made["nodes"][0] |= changes
    return made


def hall_with(suite: Any, legal: int, **changes: Any) -> Any:
    with suite.database.write() as writer:
        writer.execute(
            text(f"UPDATE core_item_version SET legal_amount = {legal} WHERE item = '{COMMITTED}'")
        )
    staff(suite)
    set_graph(suite, graph(**changes))
    return suite


@pytest.mark.parametrize(
    ("own", "legal", "days"),
    [
        (None, None, "20"),
        (None, Limit(Decimal(45), "W"), "20"),
        (None, Limit(Decimal(10), "W"), "10"),
        (None, Limit(Decimal(7), "D"), "20"),
        (None, Limit(Decimal(0), "W"), "20"),
        ({"n": 8, "u": "W"}, Limit(Decimal(45), "W"), "8"),
        ({"n": 20, "u": "W"}, Limit(Decimal(10), "W"), "20"),
    ],
)
def test_it_has_the_laws_days_unless_less_is_said(own, legal, days):
    read = read_graph(graph(**({"limit": own} if own else {})))
    for promise in (None, Limit(Decimal(0), "W"), Limit(Decimal(5), "W")):
        assert node_limit(read, "up", promise, legal) == Limit(Decimal(days), "W")
    assert node_limit(read, "n1", Limit(Decimal(5), "W"), legal) == Limit(Decimal(2), "W")


def test_a_pre_review_that_is_sent_up_late_is_v05_and_no_v04(suite, clock):
    hall = hall_with(suite, 45)
    case = accepted(hall)
    task = waiting(hall, case, HANDLER)["up"]
    assert day(task.due_at) == "2026-04-14", "twenty working days, whatever is promised for the whole"
    hall.run(HANDLER, "acceptance.claim", {"task_id": task.id, "row_version": task.row_version})
    set_clock(clock, "2026-04-14", 20)
    tick(hall)
    assert "V05" not in rules(hall, case)
    set_clock(clock, "2026-04-15", 1)
    assert hall.query(CLERK, "acceptance.is_due") is True
    tick(hall)
    tick(hall)
    found = [a for a in hall.query(CLERK, "acceptance.alerts", {"case_id": case.case_id}) if a.rule == "V05"]
    assert [(a.key, a.staff, a.detail, a.agency, day(a.at)) for a in found] == [
        ("up:1", HANDLER.name, "苏木镇初审", OWN, "2026-04-14")
    ]
    assert "V04" not in rules(hall, case)
    (notice,) = hall.query(HANDLER, "acceptance.supervision", {"kind": "open", "rule": "V05"})
    assert (notice.state, notice.agency) == ("notified", OWN)


def test_what_is_sent_up_in_time_is_no_violation_and_the_next_node_is_still_v04(suite, clock):
    hall = hall_with(suite, 45)
    case = accepted(hall)
    task = waiting(hall, case, HANDLER)["up"]
    said = {"outcome": "pass", "opinion": "属实，报请决定", "checked": ["现场属实"]}
    hall.run(
        HANDLER, "acceptance.give_opinion", {"task_id": task.id, "row_version": task.row_version, **said}
    )
    set_clock(clock, "2026-04-20")
    tick(hall)
    assert "V05" not in rules(hall, case)
    assert "V04" in rules(hall, case)


def test_time_of_a_special_procedure_does_not_count(suite, clock):
    hall = hall_with(suite, 45)
    case = accepted(hall)
    suspend(hall, case, planned_end="2026-05-20")
    set_clock(clock, "2026-05-11")
    tick(hall)
    assert "V05" not in rules(hall, case)
    resume(hall, case)
    assert day(waiting(hall, case, HANDLER)["up"].due_at) > "2026-06-01"


def test_a_lower_organ_of_its_own_examines_and_answers_for_its_days(suite, clock):
    hall = hall_with(suite, 45, agency="林业和草原局", limit={"n": 3, "u": "W"})
    case = accepted(hall)
    assert set(waiting(hall, case, HANDLER)) == set(), "the organ above waits"
    task = waiting(hall, case, FIREMAN)["up"]
    assert day(task.due_at) == "2026-03-20"
    detail = hall.query(FIREMAN, "acceptance.task", {"task_id": task.id})
    assert detail.materials, "all materials lie before whoever examines first"
    set_clock(clock, "2026-03-21", 1)
    tick(hall)
    (alert,) = [
        a for a in hall.query(CLERK, "acceptance.alerts", {"case_id": case.case_id}) if a.rule == "V05"
    ]
    assert alert.agency == OTHER
    answerer = replace(FIREMAN, permissions=FIREMAN.permissions | {"acceptance.answer"})
    (notice,) = hall.query(answerer, "acceptance.supervision", {"kind": "open", "rule": "V05"})
    assert notice.mine
    answer = {"alert_id": notice.id, "kind": "feedback", "text": "道路不通，今日上报"}
    assert hall.run(answerer, "acceptance.answer_notice", answer).state == "answered"
    order = {"alert_id": notice.id}
    hall.run(INSPECTOR, "acceptance.order_notice", {**order, "text": "请按期上报"})
    the_paper(hall, case, "S1")
    paper = hall.query(answerer, "acceptance.order_paper", order)
    seen = letters(hall.query(answerer, "acceptance.paper_file", {"paper_id": paper.id}))
    assert "林业和草原局" in seen, "the order names and reaches whose delay it is"
    said = {"outcome": "pass", "opinion": "属实", "checked": ["现场属实"]}
    asked = {"task_id": task.id, "row_version": task.row_version, **said}
    assert refused(hall, HANDLER, "acceptance.give_opinion", asked) == "NOT_YOUR_AGENCY"
    hall.run(FIREMAN, "acceptance.give_opinion", asked)
    assert set(waiting(hall, case, HANDLER)) == {"n1"}


def test_the_organ_above_is_no_lower_organ(suite):
    staff(suite)
    request = {"item": COMMITTED, "version": 1, "seen": 0, "graph": graph(agency=OWN)}
    assert refused(suite, KEEPER, "acceptance.set_review_graph", request) == "BAD_GRAPH"
    request["graph"] = graph(agency="没有这个部门")
    assert refused(suite, KEEPER, "acceptance.set_review_graph", request) == "BAD_GRAPH"
