"""Township and village intake: where a case came in and goes out, lists between the points, nothing received twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import UserError, hall
from yichuang_acceptance import guide_tables as g

from .conftest import APPROVER, CLERK, COMMITTED, ISSUER, RECEIVER, STRANGER, accepted, hands, intake
from .life import at_once, contents, grant, refused, render, see
from .test_life_papers import letters

AREA = "150421100"
TIANSHAN = {"code": "TS01", "name": "天山镇", "kind": "town", "desks": ["T01"], "area": AREA}
MORE = frozenset({"acceptance.hand_over", "acceptance.points"})
TOWN = replace(
    CLERK, staff_id=30, account="town", name="乡镇受理员", permissions=CLERK.permissions | MORE, desk="T01"
)
IN_HALL = replace(CLERK, permissions=CLERK.permissions | MORE)
AT_ISSUE = replace(ISSUER, permissions=ISSUER.permissions | MORE)
TOWN_ISSUER = replace(AT_ISSUE, staff_id=31, account="townissue", desk="T01")


@pytest.fixture
def points(suite: Any) -> Any:
    enter_points(suite)
    return suite


def enter_points(suite: Any) -> None:
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="Z", name="大厅")
        for desk in ("T01", "T02", "A01", "D01"):
            writer.insert(hall.desk, code=desk, zone="Z", kind="window")
    suite.run(IN_HALL, "acceptance.set_point", TIANSHAN)
    delegate(suite, COMMITTED, AREA)


def delegate(suite: Any, item: str, *areas: str) -> None:
    """A published guide that lets townships accept an item."""
    towns = [{"town_code": area, "town_name": f"镇{area}", "issue_place": "便民服务中心"} for area in areas]
    with suite.database.write() as writer:
        writer.insert(
            g.guide, item=item, version=1, state="published", body={"elements": {}, "lists": {"towns": towns}}, authors=[],
            changed_at=suite.executor.clock(),
        )  # fmt: skip


def taken_in(suite: Any, **more: Any) -> Any:
    return suite.run(TOWN, "acceptance.accept", intake(**more))


def pack(suite: Any, *cases: Any, actor: Any = TOWN, **more: Any) -> Any:
    return suite.run(actor, "acceptance.pack", {"case_ids": [c.case_id for c in cases], **more})


def test_materials_travel_while_their_rows_stay_and_nobody_asks_again(points):
    suite = points
    case, other = (
        taken_in(suite),
        taken_in(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}]),
    )
    assert vars(see(suite, case).places) == {
        "origin": "TS01",
        "issue": "TS01",
        "materials_at": "TS01",
        "result_at": "",
    }
    offered = suite.query(TOWN, "acceptance.packable", {"what": "materials"})
    assert [(o.case_id, o.target) for o in offered] == [(case.case_id, ""), (other.case_id, "")]
    before = contents(suite)["acceptance_material"]
    sent = pack(suite, case, other)
    assert (sent.number, sent.state, sent.source_name) == ("JJ2603170001", "sent", "天山镇")
    assert "申请书（原件1、复印件0）" in sent.lines[0].contents
    assert "健康证" not in sent.lines[1].contents, "what was promised does not lie in the envelope"
    assert suite.query(TOWN, "acceptance.packable", {"what": "materials"}) == []
    (coming,) = suite.query(IN_HALL, "acceptance.handovers", {"number": "jj2603170001"})
    assert coming.here
    got = suite.run(IN_HALL, "acceptance.receive_list", {"number": " jj260317 0001 "})
    assert (got.state, got.received_by, [line.arrived for line in got.lines]) == (
        "received",
        CLERK.name,
        [True, True],
    )
    assert see(suite, case).places.materials_at == ""
    assert contents(suite)["acceptance_material"] == before
    assert [m.given for m in see(suite, case).materials] == ["paper"] * 3, (
        "the agency sees what the town took in"
    )
    seen = letters(suite.query(IN_HALL, "acceptance.handover_file", {"number": sent.number}))
    for words in ("交接单", sent.number, "天山镇", case.case_no, "申请书", "移交人", "接收人", "交接单编号"):
        assert words in seen, (words, seen)


def test_differences_are_named_and_what_did_not_arrive_stays_where_it_was(points):
    suite = points
    case, lost = taken_in(suite), taken_in(suite)
    sent = pack(suite, case, lost)
    asked = {"number": sent.number}
    assert (
        refused(suite, IN_HALL, "acceptance.receive_list", {**asked, "missing": {2: " "}})
        == "DIFFERENCE_MISSING"
    )
    assert (
        refused(suite, IN_HALL, "acceptance.receive_list", {**asked, "missing": {5: "没有"}})
        == "UNKNOWN_LINE"
    )
    got = suite.run(IN_HALL, "acceptance.receive_list", {**asked, "missing": {2: "袋中无营业执照"}})
    assert [(line.arrived, line.difference) for line in got.lines] == [(True, ""), (False, "袋中无营业执照")]
    assert "未到：" in letters(suite.query(TOWN, "acceptance.handover_file", asked))
    assert see(suite, lost).places.materials_at == "TS01"
    again = pack(suite, lost)
    assert again.number == "JJ2603170002", "it goes out again"


def test_nothing_is_received_twice_nor_on_two_lists_nor_elsewhere(points):
    suite = points
    case = taken_in(suite)
    sent = pack(suite, case)
    asked = {"number": sent.number}
    assert refused(suite, TOWN, "acceptance.receive_list", asked) == "NOT_YOUR_POINT"
    assert refused(suite, IN_HALL, "acceptance.receive_list", {"number": "JJ999"}) == "UNKNOWN_LIST"
    assert refused(suite, TOWN, "acceptance.pack", {"case_ids": [case.case_id]}) == "ON_THE_WAY"
    got = at_once(*[lambda: suite.run(IN_HALL, "acceptance.receive_list", asked)] * 3)
    assert sorted(str(g) if isinstance(g, str) else g.state for g in got) == ["RECEIVED_ALREADY"] * 2 + [
        "received"
    ]
    assert refused(suite, TOWN, "acceptance.pack", {"case_ids": [case.case_id]}) == "NOT_HERE"
    here = accepted(suite)
    assert refused(suite, IN_HALL, "acceptance.pack", {"case_ids": [here.case_id]}) == "SAME_POINT"
    assert (
        refused(suite, IN_HALL, "acceptance.pack", {"case_ids": [here.case_id], "target": "XX"})
        == "UNKNOWN_POINT"
    )
    to_town = {"case_ids": [here.case_id], "target": "TS01", "what": "result"}
    assert refused(suite, IN_HALL, "acceptance.pack", to_town) == "NOTHING_TO_HAND_OVER"


def test_a_result_is_handed_out_at_its_issue_point_and_only_where_it_lies(points):
    suite = points
    case, here = taken_in(suite), accepted(suite)
    for each in (case, here):
        grant(suite, each)
    listed = {
        point: [
            r.id for r in suite.query(AT_ISSUE, "acceptance.cases", {"tab": "ready", "issue_point": point})
        ]
        for point in ("", "TS01")
    }
    assert listed == {"": [here.case_id], "TS01": [case.case_id]}
    handed = {"case_id": case.case_id, **RECEIVER}
    assert refused(suite, TOWN_ISSUER, "acceptance.deliver", handed) == "RESULT_ELSEWHERE"
    (offered,) = suite.query(AT_ISSUE, "acceptance.packable", {"what": "result"})
    assert (offered.case_id, offered.target) == (case.case_id, "TS01")
    sent = pack(suite, case, actor=AT_ISSUE, target="TS01", what="result")
    assert "准予行政许可决定书" in sent.lines[0].contents
    suite.run(TOWN_ISSUER, "acceptance.receive_list", {"number": sent.number})
    assert refused(suite, AT_ISSUE, "acceptance.deliver", handed) == "RESULT_ELSEWHERE"
    assert suite.run(TOWN_ISSUER, "acceptance.deliver", handed).state == "delivered"
    assert render(suite, case)
    assert (
        refused(suite, AT_ISSUE, "acceptance.issue_at", {"case_id": case.case_id, "point": ""})
        == "CASE_ENDED"
    )


def test_where_a_result_goes_out_can_be_chosen(points):
    suite = points
    case = accepted(suite)
    suite.run(IN_HALL, "acceptance.issue_at", {"case_id": case.case_id, "point": "TS01"})
    assert see(suite, case).places.issue == "TS01"
    assert (
        refused(suite, IN_HALL, "acceptance.issue_at", {"case_id": case.case_id, "point": "NO"})
        == "UNKNOWN_POINT"
    )


def test_points_have_desks_of_the_hall_each_at_one_point(points):
    suite = points
    point = {"code": "TS02", "name": "双胜镇", "kind": "town"}
    assert refused(suite, IN_HALL, "acceptance.set_point", {**point, "desks": ["T01"]}) == "DESK_ELSEWHERE"
    assert refused(suite, IN_HALL, "acceptance.set_point", {**point, "desks": ["X9"]}) == "UNKNOWN_DESK"
    assert refused(suite, CLERK, "acceptance.set_point", point) == "NOT_PERMITTED"
    suite.run(IN_HALL, "acceptance.set_point", {**point, "desks": ["T02"]})
    suite.run(
        IN_HALL, "acceptance.set_point", {"code": "TS01", "name": "天山镇", "kind": "town", "active": False}
    )
    found = suite.query(TOWN, "acceptance.points")
    assert [(p.code, p.here) for p in found] == [("", True), ("TS02", False)], (
        "a desk of no point is the hall's"
    )


def test_people_of_another_agency_see_and_pack_nothing(points):
    suite = points
    case = taken_in(suite)
    stranger = replace(STRANGER, desk="T01")
    assert refused(suite, stranger, "acceptance.pack", {"case_ids": [case.case_id]}) == "NOT_YOUR_AGENCY"
    sent = pack(suite, case)
    assert suite.query(stranger, "acceptance.handovers", {"kind": "all"}) == []
    with pytest.raises(UserError) as error:
        suite.query(stranger, "acceptance.handover_file", {"number": sent.number})
    assert error.value.code == "UNKNOWN_LIST"
    at_hall = replace(STRANGER, desk=None)
    assert refused(suite, at_hall, "acceptance.receive_list", {"number": sent.number}) == "UNKNOWN_LIST"
    assert APPROVER.agency == CLERK.agency
