"""Limits of nodes as shares of the promise (T10): their sum, their rounding, when they are late, how they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.review_graph import EXAMINING
from yichuang_acceptance.rules.review_parse import read_graph
from yichuang_acceptance.rules.review_shares import node_limit, share

from .conftest import CLERK, COMMITTED, ISSUER, OWN, accepted, decision
from .life import day, render, rules, see, set_clock, tick
from .review import GRAPH, LEADER_OF_SECTION, set_graph, staff, waiting
from .test_recompute import change, settle
from .test_review import to_decision

KIND = "食品经营许可证"
MAKER = "acceptance.make"


def chain(*kinds: str) -> dict:
    """Nodes one behind the other, then the decision and the certificate."""
    nodes = [
        {"id": f"n{n}", "kind": kind, "name": f"第{n}步"} for n, kind in enumerate((*kinds, "decide", "make"))
    ]
    ways = [[a["id"], b["id"]] for a, b in pairwise(nodes)]
    ways[-1].append("grant")
    return {"nodes": nodes, "edges": ways}


@pytest.mark.parametrize(
    ("amount", "unit", "steps", "limits"),
    [
        (20, "W", 1, ["12", "5", "2"]),
        (20, "W", 3, ["4", "4", "4", "5", "2"]),
        (5, "W", 2, ["1.5", "1.5", "1.5", "0.5"]),
        (1, "W", 1, ["1", "0.5", "0.5"]),
        (15, "D", 1, ["9", "4", "2"]),
        (8, "H", 1, ["4.8", "2", "0.8"]),
        (0, "W", 1, [None, None, None]),
    ],
)
def test_shares_of_a_promise(amount, unit, steps, limits):
    graph = read_graph(chain(*["review"] * steps))
    found = [node_limit(graph, name, Limit(Decimal(amount), unit)) for name in graph.nodes]
    assert [limit and limit.amount for limit in found] == [limit and Decimal(limit) for limit in limits]
    assert {limit.unit for limit in found if limit} <= {unit}


def test_an_own_limit_stays_and_nodes_side_by_side_have_their_share_each():
    graph = read_graph(
        GRAPH | {"nodes": [{**n, "agency": OWN} if n["kind"] == "consult" else n for n in GRAPH["nodes"]]}
    )
    promise = Limit(Decimal(10), "W")
    found = {name: node_limit(graph, name, promise) for name in graph.nodes}
    assert found["n1"] == Limit(Decimal(2), "W")
    assert found["n2a"] == Limit(Decimal(3), "W")
    assert found["n3"] == Limit(Decimal("2.5"), "W")
    assert found["j"] is None
    assert node_limit(graph, "n2a", None) is None


@given(kinds=st.lists(st.sampled_from(["review", "site"]), min_size=1, max_size=8), amount=st.integers(1, 90))
def test_no_way_through_a_graph_takes_more_than_ninety_five_parts(kinds, amount):
    graph = read_graph(chain(*kinds))
    parts = {name: share(graph, name) for name in graph.nodes}
    assert sum(parts.values()) <= Decimal("0.95") + Decimal("1e-20")
    assert {graph.nodes[n].kind for n, part in parts.items() if not part} == set()
    for name, part in parts.items():
        limit = node_limit(graph, name, Limit(Decimal(amount), "W"))
        assert part * amount <= limit.amount < part * amount + Decimal("0.5")
    examining = [part for name, part in parts.items() if graph.nodes[name].kind in EXAMINING]
    assert len(set(examining)) == 1, "nodes in a row divide their share evenly"


@pytest.fixture
def hall(suite):
    staff(suite)
    set_graph(suite)
    return suite


def test_a_node_without_a_limit_is_late_after_its_share(hall, clock):
    case = accepted(hall, form={"area": "80"})
    to_decision(hall, case)
    task = waiting(hall, case, LEADER_OF_SECTION)["n3"]
    assert day(task.due_at) == "2026-03-19", "a quarter of five working days, in half days"
    assert day(see(hall, case).promise_due_at) == "2026-03-24"
    settle(hall)
    change(hall, {date(2026, 3, 18): False})
    settle(hall)
    assert day(waiting(hall, case, LEADER_OF_SECTION)["n3"].due_at) == "2026-03-20"
    set_clock(clock, "2026-03-19", 20)
    tick(hall)
    assert rules(hall, case) == []
    set_clock(clock, "2026-03-20", 20)
    tick(hall)
    assert rules(hall, case) == ["V04"]


def test_a_certificate_that_is_not_made_in_its_share_is_late(hall, clock):
    with hall.database.write() as writer:
        writer.execute(text(f"UPDATE core_item_version SET result = '{KIND}' WHERE item = '{COMMITTED}'"))
    hall.run(ISSUER, "acceptance.add_blanks", {"agency": OWN, "kind": KIND, "first": "JY000001", "count": 5})
    late, made = (accepted(hall, form={"area": "80"}) for _ in range(2))
    for case in (late, made):
        to_decision(hall, case)
        hall.run(
            LEADER_OF_SECTION, "acceptance.grant", decision(hall, case, LEADER_OF_SECTION, opinion="同意")
        )
        render(hall, case)
        assert see(hall, case).row.state == "making"
    maker = replace(ISSUER, permissions=ISSUER.permissions | {MAKER})
    hall.run(maker, "acceptance.make_certificate", decision(hall, made, maker))
    settle(hall)
    change(hall, {date(2026, 3, 17): False})
    assert settle(hall) > 0
    set_clock(clock, "2026-03-17", 20)
    tick(hall)
    assert rules(hall, late) == [], "the half day lies on the next working day now"
    set_clock(clock, "2026-03-18", 20)
    tick(hall)
    assert rules(hall, late) == ["V04"]
    assert rules(hall, made) == []
    assert hall.query(CLERK, "acceptance.verify_case", {"case_id": late.case_id}).broken_at is None
