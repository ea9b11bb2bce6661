"""Cases that an organ outside the hall decides (转报): sent up with a letter, its decision entered as the outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yichuang.api import UserError
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.review_parse import read_graph
from yichuang_acceptance.rules.review_shares import node_limit

from .conftest import (
    CHIEF,
    CLERK,
    COMMITTED,
    INSTANT,
    ISSUER,
    RECEIVER,
    SECOND,
    STRANGER,
    decision,
    hands,
    intake,
)
from .life import day, refused, rules, see, set_clock, tick
from .review import HANDLER, KEEPER, LEADER_OF_SECTION, ONE_REVIEW, seen, set_graph, staff, waiting
from .test_guides import DAY, published
from .test_life_papers import letters, the_paper

ORGAN = "赤峰市市场监督管理局"
UPPER = {"number": "赤市监许〔2026〕12号", "on": "2026-03-24"}


def graph_of(suite: Any, version: int) -> Any:
    return suite.query(KEEPER, "acceptance.review_graph", {"item": COMMITTED, "version": version}).graph


def waits_here(suite: Any) -> Any:
    """A case that is to be sent up."""
    staff(suite)
    published(suite, handle_mode="4")
    return suite.run(CLERK, "acceptance.accept", intake(answers={"Q1": "是"}, materials=hands(1, 2, 3)))


def send(suite: Any, case: Any, **sent: Any) -> Any:
    asked = {"outcome": "pass", "opinion": "申请材料属实，拟同意", "sent_to": {"organ": ORGAN, **sent}}
    return suite.run(HANDLER, "acceptance.give_opinion", seen(suite, case, "forward", **asked))


def sent_up(suite: Any, **sent: Any) -> Any:
    case = waits_here(suite)
    send(suite, case, **sent)
    return case


def no(suite: Any, name: str, case: Any, **more: Any) -> str:
    words = {"opinion": "同意"} if name == "grant" else {"reason": "不符合条件"}
    return refused(suite, SECOND, f"acceptance.{name}", decision(suite, case, **words, **more))


def test_an_item_that_is_passed_on_has_a_node_that_sends_up(suite):
    published(suite, handle_mode="4")
    graph = read_graph(graph_of(suite, 2))
    assert graph.in_order == ["forward", "decide"]
    assert graph.decided_above
    asks = {"item": COMMITTED, "version": 2, "seen": 1, "graph": ONE_REVIEW}
    assert refused(suite, KEEPER, "acceptance.set_review_graph", asks) == "BAD_GRAPH"


def test_it_is_added_to_the_graph_of_the_version_before(suite):
    set_graph(suite, ONE_REVIEW)
    published(suite, handle_mode="4", plan_effective_date=DAY)
    assert read_graph(graph_of(suite, 2)).in_order == ["n1", "forward", "d"]
    published(suite, handle_mode="4", plan_effective_date="2026-05-06")
    assert graph_of(suite, 3) == graph_of(suite, 2)


@pytest.mark.parametrize("more", [{"forward": 1}, {"agency": "林业和草原局"}, {"limit": {"n": 30, "u": "W"}}])
def test_only_the_own_agency_sends_up_within_the_days_of_the_law(more):
    raw = {
        "nodes": [
            {"id": "f", "kind": "review", "name": "转报", "forward": True, **more},
            {"id": "d", "kind": "decide", "name": "决定"},
        ],
        "edges": [["f", "d"]],
    }
    with pytest.raises(UserError) as error:
        read_graph(raw)
    assert error.value.code == "BAD_GRAPH"


def test_no_node_but_the_own_one_has_a_limit_while_the_organ_above_decides(suite):
    published(suite, handle_mode="4")
    graph = read_graph(graph_of(suite, 2))
    assert node_limit(graph, "forward", Limit(5, "W"), Limit(10, "W")) == Limit(10, "W")
    assert node_limit(graph, "decide", Limit(5, "W"), Limit(10, "W")) is None


def test_a_case_is_sent_up_with_a_letter_and_comes_back_with_a_decision(suite, clock):
    case = waits_here(suite)
    due = see(suite, case).promise_due_at
    said = {"outcome": "pass", "opinion": "属实"}
    for wrong, code in (
        ({}, "ORGAN_MISSING"),
        ({"sent_to": {"organ": " "}}, "BAD_REQUEST"),
        ({"sent_to": {"organ": ORGAN, "on": "2026-03-18"}}, "DAY_WRONG"),
        ({"sent_to": {"organ": ORGAN, "on": "2026-03-16"}}, "DAY_WRONG"),
    ):
        asked = seen(suite, case, "forward", **said, **wrong)
        assert refused(suite, HANDLER, "acceptance.give_opinion", asked) == code
    assert no(suite, "grant", case) == "REVIEW_OPEN"
    send(suite, case)
    there = see(suite, case).forwarded
    assert (there.organ, there.sent_on, there.staff, there.decided_on) == (
        ORGAN,
        date(2026, 3, 17),
        HANDLER.name,
        None,
    )
    letter = the_paper(suite, case, "D19")
    assert letter.number == there.number
    read = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": letter.id}))
    for words in (
        "行政许可申请材料转报函",
        ORGAN,
        "申请材料属实，拟同意",
        "第三十五条",
        "申请书",
        letter.number,
    ):
        assert words in read, (words, read)
    for name in ("grant", "refuse"):
        assert no(suite, name, case) == "UPPER_DECISION_MISSING"
        assert no(suite, name, case, upper={**UPPER, "on": "2026-03-16"}) == "DAY_WRONG", "before it was sent"
        assert no(suite, name, case, upper=UPPER) == "DAY_WRONG", "to come"
    set_clock(clock, "2026-03-25")
    assert see(suite, case).promise_due_at == due, "no clock stands still meanwhile"
    suite.run(SECOND, "acceptance.grant", decision(suite, case, opinion="予以登记", upper=UPPER))
    there = see(suite, case).forwarded
    assert (there.decided_on, there.decision_number) == (date(2026, 3, 24), UPPER["number"])
    paper = the_paper(suite, case, "D10")
    read = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    assert f"{ORGAN}于2026年3月24日以{UPPER['number']}决定准予。予以登记" in read, read


def test_the_preview_of_the_decision_says_what_will_be_issued(suite, clock):
    case = sent_up(suite)
    set_clock(clock, "2026-03-25")
    granted = {
        "kind": "D10",
        "facts": {
            "opinion": "予以登记",
            "conditions": "限店内经营",
            "public": "no",
            "public_note": "涉及商业秘密",
        },
    }
    refusal = {"kind": "D11", "facts": {"reason": "不符合布点规划", "law": "办法第八条"}}

    def look(asked: dict[str, Any], upper: Any = UPPER) -> str:
        preview = {"case_id": case.case_id, **asked, "upper": upper}
        return letters(suite.query(SECOND, "acceptance.paper_preview", preview))

    for wrong, code in ((None, "UPPER_DECISION_MISSING"), ({**UPPER, "on": "2026-03-26"}, "DAY_WRONG")):
        for asked in (granted, refusal):
            with pytest.raises(UserError) as error:
                look(asked, wrong)
            assert error.value.code == code
    assert f"{ORGAN}于2026年3月24日以{UPPER['number']}决定不予。不符合布点规划" in look(refusal)
    draft = look(granted)
    assert see(suite, case).forwarded.decided_on is None, "nothing is written"
    terms = {"conditions": ["限店内经营"], "public": False, "public_note": "涉及商业秘密"}
    suite.run(SECOND, "acceptance.grant", decision(suite, case, opinion="予以登记", upper=UPPER, **terms))
    paper = the_paper(suite, case, "D10")
    issued = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    for words in (
        f"{ORGAN}于2026年3月24日以{UPPER['number']}决定准予。予以登记",
        "限店内经营",
        "不予公开：涉及商业秘密",
    ):
        assert words in issued
        assert words in draft


def test_what_the_organ_above_refused_is_refused_with_its_decision(suite, clock):
    case = sent_up(suite, number="阿市监〔2026〕7号", on="2026-03-17")
    assert see(suite, case).forwarded.number == "阿市监〔2026〕7号", "the letter was written elsewhere"
    assert "D19" not in {paper.kind for paper in see(suite, case).papers}
    set_clock(clock, "2026-03-24")
    asked = decision(suite, case, reason="不符合布点规划", law="办法第八条", upper=UPPER)
    suite.run(SECOND, "acceptance.refuse", asked)
    paper = the_paper(suite, case, "D11")
    read = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    assert f"{ORGAN}于2026年3月24日以{UPPER['number']}决定不予。不符合布点规划" in read, read
    assert suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER}).state == "delivered"


def test_whoever_sent_it_up_alone_does_not_enter_the_decision(suite):
    case = sent_up(suite)
    asked = decision(suite, case, HANDLER, opinion="同意", upper={**UPPER, "on": "2026-03-17"})
    assert refused(suite, HANDLER, "acceptance.grant", asked) == "SOLE_REVIEWER"


def test_what_is_sent_back_is_sent_up_anew(suite):
    case = sent_up(suite)
    back = seen(suite, case, "decide", outcome="return", opinion="材料不全，重报", return_to="forward")
    suite.run(LEADER_OF_SECTION, "acceptance.give_opinion", back)
    assert see(suite, case).forwarded is None
    send(suite, case, number="二〇二六年第8号")
    assert see(suite, case).forwarded.number == "二〇二六年第8号"


def test_sending_up_late_is_v05(suite, clock):
    case = waits_here(suite)
    task = waiting(suite, case)["forward"]
    assert day(task.due_at) == "2026-03-31", "the statutory limit is shorter than twenty days"
    set_clock(clock, "2026-04-01", 1)
    tick(suite)
    assert "V05" in rules(suite, case)


def test_nothing_is_sent_up_where_the_graph_says_nothing_of_it(suite):
    staff(suite)
    set_graph(suite, ONE_REVIEW)
    case = suite.run(CLERK, "acceptance.accept", intake())
    asked = seen(suite, case, "n1", outcome="pass", opinion="属实", sent_to={"organ": ORGAN})
    assert refused(suite, HANDLER, "acceptance.give_opinion", asked) == "NOT_SENT_UP_HERE"
    suite.run(HANDLER, "acceptance.give_opinion", {**asked, "sent_to": None})
    assert no(suite, "grant", case, upper={**UPPER, "on": "2026-03-17"}) == "NOT_SENT_UP"


@pytest.mark.parametrize("mode", [{"handle_mode": "4"}, {"handle_mode": "3", "other_dept": "林业和草原局"}])
def test_nobody_decides_on_the_spot_what_others_decide_as_well(suite, mode):
    published(suite, item=INSTANT, project_type="1", **mode)
    case = suite.run(CLERK, "acceptance.receive", intake(item=INSTANT, answers={"Q1": "是"}))
    asked = decision(suite, case, CHIEF, opinion="同意")
    assert refused(suite, CHIEF, "acceptance.grant_at_once", asked) == "NOT_IMMEDIATE"


def waits(suite: Any, actor: Any, **more: Any) -> list[Any]:
    return list(suite.query(actor, "acceptance.cases", {"tab": "forwarded", **more}))


def sent_on(suite: Any, number: str) -> Any:
    """Another case of the item, sent up today by a letter written elsewhere."""
    case = suite.run(CLERK, "acceptance.accept", intake(answers={"Q1": "是"}, materials=hands(1, 2, 3)))
    send(suite, case, number=number)
    return case


def test_cases_that_wait_for_the_organ_above_are_a_list_by_days_waited(suite, clock):
    first = sent_up(suite, number="1号")
    set_clock(clock, "2026-03-20")
    second, third = sent_on(suite, "2号"), sent_on(suite, "3号")
    before = suite.run(CLERK, "acceptance.accept", intake(answers={"Q1": "是"}, materials=hands(1, 2, 3)))
    set_clock(clock, "2026-03-24")
    rows = waits(suite, SECOND)
    assert [row.id for row in rows] == [first.case_id, second.case_id, third.case_id]
    assert before.case_id not in [row.id for row in rows], "it was not sent up yet"
    assert [(row.sent.organ, row.sent.number, row.sent.days) for row in rows] == [
        (ORGAN, "1号", 7), (ORGAN, "2号", 4), (ORGAN, "3号", 4),
    ]  # fmt: skip
    assert suite.query(SECOND, "acceptance.counts").forwarded == 3
    assert [row.id for row in waits(suite, SECOND, waited=5)] == [first.case_id]
    assert [row.id for row in waits(suite, SECOND, waited=4)] == [row.id for row in rows]
    assert waits(suite, SECOND, waited=8) == []
    found: list[int] = []
    behind: dict[str, Any] = {}
    while page := waits(suite, SECOND, limit=1, **behind):
        found += [row.id for row in page]
        behind = {"after_id": page[0].id, "after_due": page[0].listed_by}
    assert found == [row.id for row in rows]
    items = suite.query(SECOND, "acceptance.case_items", {"tab": "forwarded"})
    assert [(row.item, row.count) for row in items] == [(COMMITTED, 3)]
    assert waits(suite, STRANGER) == [], "another agency waits for its own cases"
    assert suite.query(STRANGER, "acceptance.counts").forwarded == 0
    for order in ("newest", "item"):
        asked = {"tab": "forwarded", "order": order}
        assert refused_query(suite, SECOND, asked) == "NO_SUCH_ORDER"


def refused_query(suite: Any, actor: Any, asked: dict[str, Any]) -> str:
    with pytest.raises(UserError) as error:
        suite.query(actor, "acceptance.cases", asked)
    return error.value.code


def test_a_case_leaves_that_list_when_it_is_decided_ended_or_sent_back(suite, clock):
    decided, ended = sent_up(suite, number="1号"), sent_on(suite, "2号")
    back, paused = sent_on(suite, "3号"), sent_on(suite, "4号")
    set_clock(clock, "2026-03-25")
    suite.run(SECOND, "acceptance.grant", decision(suite, decided, opinion="同意", upper=UPPER))
    suite.run(CLERK, "acceptance.withdraw", {"case_id": ended.case_id, "reason": "不办了", "signed": True})
    again = seen(suite, back, "decide", outcome="return", opinion="重报", return_to="forward")
    suite.run(LEADER_OF_SECTION, "acceptance.give_opinion", again)
    assert [row.id for row in waits(suite, SECOND)] == [paused.case_id]
    send(suite, back, number="5号")
    rows = waits(suite, SECOND)
    assert [(row.id, row.sent.number) for row in rows] == [(paused.case_id, "4号"), (back.case_id, "5号")]
    assert suite.query(SECOND, "acceptance.counts").forwarded == 2
