"""The life of a case beyond the straight way, on both databases: what time does, clocks that stop, ends without a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from yichuang.api import Actor, IntegrityError
from yichuang.hall.calendar_seed import seed_rows
from yichuang_acceptance import tables as t

from .conftest import (
    APPROVER,
    BARE,
    CHIEF,
    CLERK,
    COMMITTED,
    INSTANT,
    LEADER,
    OWN,
    SECOND,
    accepted,
    decision,
    hands,
    intake,
)
from .life import (
    at_once,
    contents,
    day,
    extend,
    grant,
    refused,
    render,
    resume,
    rules,
    see,
    set_clock,
    suspend,
    tick,
)


@pytest.fixture
def hall(suite):
    """The small hall with the national calendar of 2026, make-up days and all."""
    days = {row.day: row.working for row in seed_rows(2026, 2026)}
    suite.run(Actor.system(), "hall.set_days", {"days": days})
    return suite


def received(suite, **changes):
    return suite.run(CLERK, "acceptance.receive", intake(**changes))


def legal_20(suite):
    """An item whose statutory limit is the law's twenty days and which nothing shorter was promised for."""
    with suite.database.write() as writer:
        writer.execute(text("UPDATE core_item_version SET promise_amount = NULL, legal_amount = 20"))


# ---- acceptance tests 2 to 5 of the field ----


def test_what_is_not_told_in_five_days_is_deemed_accepted(hall, clock):
    set_clock(clock, "2026-09-18", 9)
    case = received(hall, materials=hands(1))
    assert day(see(hall, case).telling_due_at) == "2026-09-24", "Sunday 20 September is a working day"
    set_clock(clock, "2026-09-24", 23)
    assert tick(hall).deemed == 0
    assert hall.query(CLERK, "acceptance.is_due") is False
    set_clock(clock, "2026-09-25", 0)
    assert hall.query(CLERK, "acceptance.is_due") is True
    told = {"case_id": case.case_id, "defects": ["营业执照：未提交"]}
    assert refused(hall, CLERK, "acceptance.request_correction", told) == "TIME_IS_UP"
    assert tick(hall).deemed == 1
    before = contents(hall)["acceptance_event"]
    assert tick(hall).deemed == 0, "any desk may run it, any number of times"
    assert contents(hall)["acceptance_event"] == before
    seen = see(hall, case)
    assert (seen.row.state, day(seen.accepted_at)) == ("review", "2026-09-18")
    assert day(seen.promise_due_at) == "2026-09-24", "the clocks began on the day of receipt"
    assert [(e.event, e.staff) for e in seen.events][1:] == [("deemed_accept", ""), ("dispatch", CLERK.name)]
    assert rules(hall, case).count("V10") == 1
    assert [p.kind for p in render(hall, case)] == ["D1", "D3"]


def test_the_applicant_is_told_once_and_again_only_by_a_supervisor(suite, clock):
    case = received(suite, materials=hands(1))
    told = {"case_id": case.case_id, "defects": ["营业执照：未提交"]}
    suite.run(CLERK, "acceptance.request_correction", told)
    assert see(suite, case).row.light == "paused"
    set_clock(clock, "2026-03-20")
    suite.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(2)})
    assert day(see(suite, case).telling_due_at) == "2026-03-27", "five days, fresh"
    assert refused(suite, CLERK, "acceptance.request_correction", told) == "CORRECTED_ALREADY"
    again = {**told, "reason": "首次告知遗漏健康证"}
    assert refused(suite, CLERK, "acceptance.correct_again", again) == "NOT_PERMITTED"
    assert suite.run(CHIEF, "acceptance.correct_again", again).state == "correcting"
    assert rules(suite, case) == ["V03"]
    other = received(suite, materials=hands(1))
    assert (
        refused(suite, CHIEF, "acceptance.correct_again", {**again, "case_id": other.case_id})
        == "NOT_TOLD_YET"
    )


def test_what_is_not_corrected_in_time_is_given_up(suite, clock):
    case = received(suite, materials=hands(1))
    until = {"case_id": case.case_id, "defects": ["营业执照：未提交"], "deadline": "2026-04-11"}
    assert (
        refused(suite, CLERK, "acceptance.request_correction", {**until, "deadline": "2026-03-16"})
        == "DEADLINE_PAST"
    )
    suite.run(CLERK, "acceptance.request_correction", until)
    assert day(see(suite, case).correction_due_at) == "2026-04-13", "a Saturday rolls to Monday"
    set_clock(clock, "2026-04-14", 0)
    late = {"case_id": case.case_id, "materials": hands(2)}
    assert refused(suite, CLERK, "acceptance.resubmit", late) == "TIME_IS_UP"
    assert tick(suite).lapsed == 1
    assert see(suite, case).row.state == "terminated"
    assert [p.kind for p in render(suite, case)] == ["D1", "D2", "D12"]


def test_a_suspension_moves_both_clocks(hall, clock):
    legal_20(hall)
    set_clock(clock, "2026-04-01")
    case = accepted(hall)
    assert day(case.legal_due_at) == "2026-04-30"
    set_clock(clock, "2026-04-09")
    stopped = suspend(hall, case)
    assert (stopped.state, stopped.legal_due_at) == ("suspended", None)
    seen = see(hall, case)
    assert (seen.row.light, seen.legal_used, seen.pauses[0].kind) == ("paused", 5, "expert_review")
    assert refused(hall, APPROVER, "acceptance.grant", decision(hall, case, opinion="同意")) == "ILLEGAL_STEP"
    set_clock(clock, "2026-04-20")
    assert day(resume(hall, case).legal_due_at) == "2026-05-13"
    assert rules(hall, case) == []
    suspend(hall, case, "2026-04-21")
    assert rules(hall, case) == ["V11"], "the same node is suspended again"
    set_clock(clock, "2026-04-23")
    assert tick(hall).alerts == 1
    assert tick(hall).alerts == 0
    assert rules(hall, case) == ["V11", "V11"], "the planned end is over"
    assert [p.kind for p in render(hall, case)] == ["D3", "D7", "D16", "D7"]


def test_a_promise_is_moved_like_the_statutory_limit(suite, clock):
    case = accepted(suite)
    assert (day(case.promise_due_at), day(case.legal_due_at)) == ("2026-03-24", "2026-03-31")
    set_clock(clock, "2026-03-19")
    suspend(suite, case, None, kind="dispute", basis="《行政诉讼法》第六十一条")
    set_clock(clock, "2026-03-30")
    again = resume(suite, case)
    assert (day(again.promise_due_at), day(again.legal_due_at)) == ("2026-04-02", "2026-04-09")
    assert see(suite, case).promise_used == 2


def test_an_extension_is_given_once_in_time_and_by_whom_the_law_names(hall, clock):
    legal_20(hall)
    set_clock(clock, "2026-04-01")
    case, late, joint = accepted(hall), accepted(hall), accepted(hall)
    with hall.database.write() as writer:
        writer.execute(t.case.update().where(t.case.c.id == joint.case_id).values(joint=True))
    because = {"reason": "案情复杂"}
    assert refused(hall, APPROVER, "acceptance.extend", decision(hall, case, **because)) == "NOT_PERMITTED"
    set_clock(clock, "2026-04-30", 23)
    assert day(extend(hall, case).legal_due_at) == "2026-05-18"
    assert see(hall, case).row.light == "warning", "amber from now on"
    assert (
        refused(hall, CHIEF, "acceptance.extend", decision(hall, case, CHIEF, **because))
        == "EXTENDED_ALREADY"
    )
    request = decision(hall, joint, CHIEF, **because)
    assert refused(hall, CHIEF, "acceptance.extend", request) == "GOVERNMENT_APPROVES"
    assert (
        refused(hall, LEADER, "acceptance.extend_joint", decision(hall, late, CHIEF, **because))
        == "NOT_JOINT"
    )
    assert day(hall.run(LEADER, "acceptance.extend_joint", request).legal_due_at) == "2026-05-25"
    set_clock(clock, "2026-05-06", 0)
    assert (
        refused(hall, CHIEF, "acceptance.extend", decision(hall, late, CHIEF, **because))
        == "EXTENSION_TOO_LATE"
    )
    with pytest.raises(IntegrityError), hall.database.write() as writer:
        columns = [c.name for c in t.extension.columns if c.name != "id"]
        again = select(*(t.extension.c[each] for each in columns)).where(
            t.extension.c.case_id == case.case_id
        )
        writer.execute(t.extension.insert().from_select(columns, again))


def test_a_suspended_case_keeps_its_extension_and_its_place_in_the_schema(suite):
    case = accepted(suite)
    extend(suite, case)
    suspend(suite, case)
    resume(suite, case)
    seen = see(suite, case)
    assert seen.extended
    assert seen.row.light == "warning"
    assert day(seen.legal_due_at) == "2026-04-14"
    suspend(suite, case)
    with pytest.raises(IntegrityError), suite.database.write() as writer:
        columns = [c.name for c in t.suspension.columns if c.name != "id"]
        again = select(*(t.suspension.c[each] for each in columns)).where(t.suspension.c.ended_at.is_(None))
        writer.execute(t.suspension.insert().from_select(columns, again))


def test_a_hearing_is_told_a_week_before(suite):
    case = accepted(suite)
    asked = {"kind": "hearing", "reason": "涉及重大利益关系", "planned_end": "2026-04-10"}
    fixed = {
        **asked,
        "hearing_at": "2026-03-20T09:00:00+08:00",
        "place": "大厅三楼会议室",
        "presider": "巴特尔",
    }
    assert (
        refused(suite, CHIEF, "acceptance.suspend", decision(suite, case, CHIEF, **fixed))
        == "HEARING_TOO_SOON"
    )
    later = {**fixed, "hearing_at": "2026-03-26T09:00:00+08:00"}
    bare = {**later, "presider": ""}
    assert (
        refused(suite, CHIEF, "acceptance.suspend", decision(suite, case, CHIEF, **bare))
        == "HEARING_INCOMPLETE"
    )
    suite.run(CHIEF, "acceptance.suspend", decision(suite, case, CHIEF, **later))
    assert [p.kind for p in render(suite, case)] == ["D3", "D7", "D9"]


# ---- ends without a decision ----


def test_an_application_is_withdrawn_only_by_a_signed_request(suite):
    case = accepted(suite)
    asked = {"case_id": case.case_id, "reason": "申请人不再需要"}
    assert refused(suite, CLERK, "acceptance.withdraw", asked) == "REQUEST_NOT_SIGNED"
    assert refused(suite, CLERK, "acceptance.withdraw", {**asked, "page": "0" * 64}) == "FILE_MISSING"
    suspend(suite, case)
    assert suite.run(CLERK, "acceptance.withdraw", {**asked, "signed": True}).state == "withdrawn"
    assert see(suite, case).pauses[0].ended_at is not None
    assert [p.kind for p in render(suite, case)] == ["D3", "D7", "D12"]
    decided = accepted(suite)
    grant(suite, decided)
    late = {"case_id": decided.case_id, "reason": "x", "signed": True}
    assert refused(suite, CLERK, "acceptance.withdraw", late) == "ILLEGAL_STEP", "only before the decision"


def test_only_what_is_no_licence_goes_back_after_acceptance(suite):
    licence, other, new = accepted(suite), accepted(suite, item=BARE, materials=hands(1)), received(suite)
    why = {"reason": "申请人要求重新准备材料"}
    assert refused(suite, APPROVER, "acceptance.return", decision(suite, other, **why)) == "NOT_PERMITTED"
    assert (
        refused(suite, CHIEF, "acceptance.return", decision(suite, licence, CHIEF, **why))
        == "LICENCE_NEEDS_DECISION"
    )
    for case in (other, new):
        assert suite.run(CHIEF, "acceptance.return", decision(suite, case, CHIEF, **why)).state == "returned"
    assert "return" not in see(suite, licence).possible
    assert [p.title for p in render(suite, new)] == ["申请材料接收凭证", "退件通知书"]


def test_a_case_is_terminated_for_a_cause_that_the_law_names(suite):
    case = accepted(suite)
    cause = {"cause": "death", "reason": "申请人已死亡", "law": "《行政许可法》第七十条"}
    assert refused(suite, APPROVER, "acceptance.terminate", decision(suite, case, **cause)) == "NOT_PERMITTED"
    bare = decision(suite, case, CHIEF, **{**cause, "law": ""})
    assert refused(suite, CHIEF, "acceptance.terminate", bare) == "BAD_REQUEST"
    assert (
        suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **cause)).state == "terminated"
    )
    assert (
        refused(suite, CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **cause)) == "ILLEGAL_STEP"
    )


def test_nothing_needed_ends_a_case_too(suite):
    case = received(suite, materials=hands(1))
    no = {"case_id": case.case_id, "kind": "not_needed", "reason": "该活动不需要许可"}
    assert suite.run(CLERK, "acceptance.refuse_to_accept", no).state == "terminated"
    assert [p.kind for p in render(suite, case)] == ["D1", "D4"]


# ---- deciding ----


def test_an_immediate_item_is_accepted_and_granted_in_one_by_somebody_else(suite):
    case, committed = received(suite, item=INSTANT), received(suite)
    own = Actor(1, "clerk", "受理员", OWN, permissions=CHIEF.permissions)
    assert (
        refused(suite, own, "acceptance.grant_at_once", decision(suite, case, own, opinion="同意"))
        == "OWN_ACCEPTANCE"
    )
    request = decision(suite, committed, CHIEF, opinion="同意")
    assert refused(suite, CHIEF, "acceptance.grant_at_once", request) == "NOT_IMMEDIATE"
    half = received(suite, item=INSTANT, materials=hands(1))
    request = decision(suite, half, CHIEF, opinion="同意")
    assert refused(suite, CHIEF, "acceptance.grant_at_once", request) == "MATERIAL_MISSING"
    suite.run(CHIEF, "acceptance.grant_at_once", decision(suite, case, CHIEF, opinion="同意"))
    assert [p.kind for p in render(suite, case)] == ["D1", "D3", "D10", "D13"]
    assert [e.event for e in see(suite, case).events] == ["receive", "instant", "make", "finish"]


def test_the_second_of_two_is_told_whatever_it_was(suite):
    case = accepted(suite)
    old = decision(suite, case)
    suspend(suite, case)
    resume(suite, case)
    for actor, name, more in (
        (SECOND, "grant", {"opinion": "同意"}),
        (SECOND, "refuse", {"reason": "不符合条件"}),
        (CHIEF, "suspend", {"kind": "testing", "reason": "x", "planned_end": "2026-04-20"}),
        (CHIEF, "extend", {"reason": "x"}),
        (CHIEF, "terminate", {"cause": "death", "reason": "x", "law": "x"}),
        (CHIEF, "return", {"reason": "x"}),
    ):
        assert refused(suite, actor, f"acceptance.{name}", {**old, **more}) == "CHANGED_MEANWHILE", name


def test_a_calendar_that_ends_keeps_one_case_back_and_not_the_others(suite, clock):
    case = received(suite, materials=hands(1))
    with suite.database.write() as writer:
        writer.execute(text(f"UPDATE core_item_version SET legal_amount = 3000 WHERE item = '{COMMITTED}'"))
    other = received(suite, item=INSTANT)
    clock.now += timedelta(days=10)
    assert tick(suite).deemed == 1
    assert (see(suite, case).row.state, see(suite, other).row.state) == ("received", "review")
    assert suite.query(CLERK, "acceptance.is_due") is False
    assert date(2026, 3, 27) <= clock.now.date()


def test_desks_that_tick_at_once_do_everything_once(suite, clock):
    waiting = [received(suite, materials=hands(1)) for _ in range(5)]
    set_clock(clock, "2026-04-10")
    assert sum(ticked.deemed for ticked in at_once(*[lambda: tick(suite)] * 4)) == 5
    for case in waiting:
        assert [e.event for e in see(suite, case).events] == ["receive", "deemed_accept", "dispatch"]
        assert sorted(rules(suite, case)) == ["V02", "V02L", "V10"], "long over when it was found"
