"""What the catalogue says acts at the counter: agents, promises, limits of number, modes of handling, fees on papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yichuang.api import Actor, UserError, hall
from yichuang.hall.identifiers import uscc_check
from yichuang_acceptance.rules.guide import Guide, Known, problems_of
from yichuang_acceptance.rules.quota import Quota, quota_of, require_room
from yichuang_acceptance.rules.review_parse import read_graph

from .conftest import APPROVER, CLERK, COMMITTED, OTHER, OWN, accepted, citizen, decision, hands, intake
from .guides import whole
from .life import at_once, day, refused, see, set_clock
from .review import FIREMAN, HANDLER, ONE_REVIEW, say, set_graph, staff, waiting
from .review import KEEPER as GRAPHS
from .test_guides import DAY, WRITER, item, published, submitted
from .test_life_papers import letters, the_paper
from .test_promises import KEEPER as PROMISES

AGENT = {"name": "代办人", "code_kind": "111", "code": citizen("15042119850101001")}
WATER = "11150421YC0000044X"
FIRM = {"name": "某某公司", "code_kind": "001", "code": OWN[:17] + uscc_check(OWN[:17])}


def asked(**more: Any) -> dict[str, Any]:
    return intake(answers={"Q1": "是"}, materials=hands(1, 2, 3), **more)


def take(suite: Any, **more: Any) -> Any:
    return suite.run(CLERK, "acceptance.accept", asked(**more))


def grant(suite: Any, case: Any) -> Any:
    return suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))


def no(suite: Any, case: Any) -> str:
    return refused(suite, APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))


def notes(suite: Any) -> list[str]:
    return suite.query(CLERK, "acceptance.situations", {"item": COMMITTED}).notes


def test_no_agent_comes_for_a_person_where_the_guide_wants_the_person(suite):
    published(suite, allow_agent="0")
    for name in ("accept", "receive"):
        assert refused(suite, CLERK, f"acceptance.{name}", asked(agent=AGENT)) == "AGENT_NOT_ALLOWED"
    assert notes(suite) == ["须申请人本人到场办理。"]
    assert take(suite).state == "review"
    assert take(suite, applicant=FIRM, agent=AGENT).state == "review", "somebody always comes for a firm"


def test_no_promise_stands_for_proofs_where_the_guide_says_so(suite):
    rule = {"item": COMMITTED, "positions": [2], "conditions": "有营业执照", "days": 30}
    suite.run(PROMISES, "acceptance.allow_promise", rule)
    published(suite, allow_promise="0")
    assert refused(suite, PROMISES, "acceptance.allow_promise", rule) == "NO_PROMISE_ALLOWED"
    case = suite.run(CLERK, "acceptance.receive", asked())
    promise = {"case_id": case.case_id, "positions": [2], "signed": True}
    assert refused(suite, CLERK, "acceptance.take_promise", promise) == "NO_PROMISE_ALLOWED"


def test_no_more_are_granted_than_the_guide_says(suite, clock):
    published(suite, quota="1", quota_period="Y")
    first, second = take(suite), take(suite)
    assert notes(suite) == ["有数量限制：名额1个，已批准0个。"]
    assert no(suite, second) == "EARLIER_FIRST", "in the order of acceptance (art. 57)"
    grant(suite, first)
    assert notes(suite) == ["有数量限制：名额1个，已批准1个。"]
    assert no(suite, second) == "QUOTA_USED"
    suite.run(APPROVER, "acceptance.refuse", decision(suite, second, reason="本年度名额已用完"))
    assert see(suite, second).row.state == "refused"


def test_what_was_refused_leaves_room(suite):
    published(suite, quota="1", quota_period="E")
    first, second = take(suite), take(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, first, reason="不符合条件"))
    assert grant(suite, second).state == "granted"


def test_the_last_one_is_granted_once(suite):
    published(suite, quota="2", quota_period="M")
    grant(suite, take(suite))
    left, right = take(suite), take(suite)
    got = at_once(lambda: grant(suite, left), lambda: grant(suite, right))
    codes = sorted(each if isinstance(each, str) else each.state for each in got)
    assert codes in (["QUOTA_USED", "granted"], ["EARLIER_FIRST", "granted"])


def test_the_time_that_a_limit_counts():
    day = date(2026, 3, 17)
    assert [Quota(1, period).begins(day) for period in "YME"] == [date(2026, 1, 1), date(2026, 3, 1), None]
    assert quota_of(Guide({"quota": "3"})) is None
    require_room(Quota(3, "Y"), 1, 1)
    for granted, earlier, code in ((3, 0, "QUOTA_USED"), (1, 2, "EARLIER_FIRST")):
        with pytest.raises(UserError) as error:
            require_room(Quota(3, "Y"), granted, earlier)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("elements", "code", "place"),
    [
        ({"quota": "3"}, "QUOTA_HALF", "quota_period"),
        ({"quota_period": "Y"}, "QUOTA_HALF", "quota_period"),
        ({"handle_mode": "3"}, "JOINT_ORGANS_MISSING", "other_dept"),
        ({"handle_mode": "3", "other_dept": "林业和草原局、水务局"}, "JOINT_ORGAN_UNKNOWN", "other_dept"),
        ({"allow_tolerance": "0"}, "TOLERANCE_CONTRADICTS", "is_need"),
    ],
)
def test_a_guide_that_contradicts_itself_is_not_submitted(elements, code, place):
    body = whole(**elements)
    guide = Guide(body["elements"], {name: tuple(rows) for name, rows in body["lists"].items()})
    known = Known({"M1", "M2", "M3"}, (), {"item-instant"}, {"林业和草原局"})
    assert [(p.code, p.column) for p in problems_of(guide, "01", known)] == [(code, place)]


def graph_of(suite: Any, version: int) -> Any:
    return suite.query(GRAPHS, "acceptance.review_graph", {"item": COMMITTED, "version": version})


def test_an_item_of_first_examination_is_examined_first(suite):
    published(suite, handle_mode="2")
    graph = read_graph(graph_of(suite, 2).graph)
    assert [(n.kind, n.prereview) for n in graph.nodes.values()] == [("review", True), ("decide", False)]
    case = take(suite)
    assert no(suite, case) == "REVIEW_OPEN"


def test_a_new_version_keeps_the_review_graph_of_the_one_before(suite, clock):
    set_graph(suite, ONE_REVIEW)
    published(suite, plan_effective_date=DAY)
    assert graph_of(suite, 2).graph == ONE_REVIEW
    set_clock(clock, DAY)
    assert no(suite, take(suite)) == "REVIEW_OPEN"
    published(suite, handle_mode="2", plan_effective_date="2026-05-06")
    graph = read_graph(graph_of(suite, 3).graph)
    assert graph.in_order == ["prereview", "n1", "d"]


def test_a_graph_must_do_what_the_mode_of_handling_says(suite):
    published(suite, handle_mode="2")
    asks = {"item": COMMITTED, "version": 2, "seen": 1, "graph": ONE_REVIEW}
    assert refused(suite, GRAPHS, "acceptance.set_review_graph", asks) == "BAD_GRAPH"
    published(suite, handle_mode="3", other_dept="林业和草原局", plan_effective_date=DAY)
    asks = {"item": COMMITTED, "version": 3, "seen": 1, "graph": ONE_REVIEW}
    assert refused(suite, GRAPHS, "acceptance.set_review_graph", asks) == "BAD_GRAPH"


def test_joint_organs_are_agencies_of_the_hall(suite):
    for named in ("自治区林业和草原局", OWN):
        with pytest.raises(UserError) as error:
            submitted(suite, handle_mode="3", other_dept=named)
        assert error.value.code == "JOINT_ORGAN_UNKNOWN", named
        draft = suite.query(WRITER, "acceptance.guide", {"item": COMMITTED})
        assert [p.column for p in draft.problems] == ["other_dept"]
        suite.run(WRITER, "acceptance.drop_guide", {"item": COMMITTED, "row_version": draft.row_version})


def test_every_joint_organ_is_asked_before_the_decision(suite):
    with suite.database.write() as writer:
        writer.insert(hall.agency, code=WATER, name="水务局", short_name="水务", kind="agency")
    published(suite, handle_mode="3", other_dept="林业和草原局、水务；林业和草原局")
    graph = read_graph(graph_of(suite, 2).graph)
    assert graph.in_order == ["review", "joint", "joint2", "joined", "decide"]
    assert [graph.nodes[name].agency for name in ("joint", "joint2")] == [OTHER, WATER]
    assert graph.before["joint2"] == ["review"], "side by side"
    staff(suite)
    case = take(suite)
    say(suite, HANDLER, case, "review")
    say(suite, FIREMAN, case, "joint", opinion="林业和草原局同意")
    assert no(suite, case) == "REVIEW_OPEN", "the water authority has not answered"
    water = replace(FIREMAN, staff_id=19, agency=WATER)
    task = waiting(suite, case, water)["joint2"]
    answer = {"task_id": task.id, "row_version": task.row_version, "outcome": "pass", "opinion": "同意"}
    suite.run(water, "acceptance.give_opinion", answer)
    assert grant(suite, case).state == "granted"


def test_a_joint_organ_is_added_to_the_graph_of_the_version_before(suite):
    set_graph(suite, ONE_REVIEW)
    published(suite, handle_mode="3", other_dept=OTHER, plan_effective_date=DAY)
    graph = read_graph(graph_of(suite, 2).graph)
    assert graph.in_order == ["n1", "joint", "d"]
    published(suite, handle_mode="3", other_dept="林业和草原局", plan_effective_date="2026-05-06")
    assert graph_of(suite, 3).graph == graph_of(suite, 2).graph, "asked already"


def test_a_graph_of_a_jointly_handled_item_asks_every_joint_organ(suite):
    with suite.database.write() as writer:
        writer.insert(hall.agency, code=WATER, name="水务局", short_name="水务", kind="agency")
    published(suite, handle_mode="3", other_dept="林业和草原局、水务局")
    graph = graph_of(suite, 2).graph
    kept = [node for node in graph["nodes"] if node["id"] not in ("joint2", "joined")]
    fewer = {"nodes": kept, "edges": [["review", "joint"], ["joint", "decide"]]}
    asks = {"item": COMMITTED, "version": 2, "seen": 1, "graph": fewer}
    with pytest.raises(UserError) as error:
        suite.run(GRAPHS, "acceptance.set_review_graph", asks)
    assert error.value.code == "BAD_GRAPH"
    assert "水务" in str(error.value.sentence)
    named = {"id": "joint2", "kind": "consult", "name": "征求水务意见", "agency": "水务"}
    more = {
        "nodes": [*kept, named],
        "edges": [["review", "joint"], ["joint", "joint2"], ["joint2", "decide"]],
    }
    assert suite.run(GRAPHS, "acceptance.set_review_graph", {**asks, "graph": more}).revision == 2


def test_the_notices_tell_fees_procedures_and_who_has_to_come(suite):
    published(
        suite, allow_agent="0", quota="5", quota_period="Y", limit_scene_num="1", limit_scene_explain="需当面核验身份",
        transact_time="工作日 8:30-12:00",
    )  # fmt: skip
    draft = letters(suite.query(CLERK, "acceptance.preview", asked()))
    paper = the_paper(suite, take(suite), "D3")
    notice = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    for read in (draft, notice):
        for told in ("工本费", "10元/证", "现场核查", "5个工作日"):
            assert told in read, (told, read)
    slip = letters(suite.query(CLERK, "acceptance.notice", {"item": COMMITTED}))
    for told in (
        "工本费",
        "10元/证",
        "不接受代理",
        "每年5个",
        "需当面核验身份",
        "1次",
        "有固定的经营场所",
        "工作日8:30-12:00",
    ):
        assert told in slip, told


def test_a_version_of_the_halls_files_says_nothing_and_stops_nobody(suite):
    assert notes(suite) == []
    case = accepted(suite, agent=AGENT)
    assert grant(suite, case).state == "granted"


def test_a_promise_stands_for_the_same_material_in_another_version(suite, clock):
    rule = {"item": COMMITTED, "positions": [2], "conditions": "有营业执照", "days": 30}
    suite.run(PROMISES, "acceptance.allow_promise", rule)
    body = whole(plan_effective_date=DAY)
    body["lists"]["materials"].reverse()
    body["lists"]["materials"].insert(0, body["lists"]["materials"].pop(1))
    published(suite, body=body)
    set_clock(clock, DAY)
    assert [m.name for m in item(suite).materials] == ["营业执照", "健康证", "申请书"]
    seen = suite.query(PROMISES, "acceptance.promise_item", {"item": COMMITTED})
    assert seen.positions == [1]
    case = suite.run(CLERK, "acceptance.receive", intake(answers={"Q1": "是"}, materials=hands(3)))
    promise = {"case_id": case.case_id, "signed": True}
    wrong = {**promise, "positions": [2]}
    assert refused(suite, CLERK, "acceptance.take_promise", wrong) == "NO_PROMISE_ALLOWED"
    assert suite.run(CLERK, "acceptance.take_promise", {**promise, "positions": [1]}).positions == [1]


def test_the_correction_notice_tells_basis_and_standard_of_each_material(suite):
    body = whole()
    body["lists"]["materials"][0] |= {"by_law": "办法第十二条", "accept_stand": "申请人签名"}
    published(suite, body=body)
    case = suite.run(CLERK, "acceptance.receive", asked())
    told = {"case_id": case.case_id, "defects": ["申请书：未签名", "健康证"]}
    suite.run(CLERK, "acceptance.request_correction", told)
    paper = the_paper(suite, case, "D2")
    seen = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    for words in ("办法第十二条", "申请人签名", "未签名"):
        assert words in seen, (words, seen)


def test_the_promise_of_missing_papers_tells_what_each_must_be_like(suite):
    body = whole()
    body["lists"]["materials"][2] |= {"accept_stand": "一年内的体检合格证明"}
    published(suite, body=body)
    case = suite.run(
        CLERK,
        "acceptance.accept",
        {**asked(), "materials": [*hands(1, 2), {"position": 3, "given": "tolerated"}]},
    )
    paper = the_paper(suite, case, "D5")
    seen = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    assert "一年内的体检合格证明" in seen


def test_the_hall_says_how_long_applicants_have_to_correct(suite):
    admin = Actor.system()
    for wrong in (0, 366):
        with pytest.raises(UserError) as error:
            suite.run(admin, "hall.set", {"key": "acceptance.correction_days", "value": wrong})
        assert error.value.code == "CORRECTION_DAYS_BAD"
    suite.run(admin, "hall.set", {"key": "acceptance.correction_days", "value": 90})
    case = suite.run(CLERK, "acceptance.receive", intake())
    told = {"case_id": case.case_id, "defects": ["申请书：未签名"]}
    suite.run(CLERK, "acceptance.request_correction", told)
    assert day(see(suite, case).correction_due_at) == "2026-06-15"
