"""Notice and commitment: only where the item allows it, granted at once, checked afterwards, credit records; renewals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from .conftest import (
    APPROVER,
    CHIEF,
    CLERK,
    COMMITTED,
    INSTANT,
    ISSUER,
    LEADER,
    OWN,
    RECEIVER,
    STRANGER,
    accepted,
    citizen,
    decision,
    hands,
    intake,
)
from .life import day, grant, refused, render, rules, see, set_clock, tick
from .test_life_papers import letters, the_paper

KEEPER = replace(CHIEF, permissions=CHIEF.permissions | {"acceptance.promises"})
CONDITIONS = "有与经营规模相适应的场所和设备"


def allowed(suite: Any, **more: Any) -> None:
    asked = {"item": COMMITTED, "positions": [2], "conditions": CONDITIONS, "days": 30, **more}
    suite.run(KEEPER, "acceptance.allow_promise", asked)


def received(suite: Any, **more: Any) -> Any:
    return suite.run(CLERK, "acceptance.receive", intake(materials=hands(1), **more))


def promised(suite: Any, **more: Any) -> Any:
    allowed(suite, **more)
    case = received(suite)
    suite.run(CLERK, "acceptance.take_promise", {"case_id": case.case_id, "positions": [2], "signed": True})
    return case


def test_a_promise_stands_for_a_proof_and_says_what_it_must(suite):
    case = promised(suite)
    seen = letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": the_paper(suite, case, "D6").id}))
    for words in ("告知承诺书", "法律依据", CONDITIONS, "以承诺代替的证明材料：营业执照", "30日内", "核查", "第六十九条",
                  "申请人承诺", "接受行政机关的核查", "申请人（签名）", case.case_no):  # fmt: skip
        assert "".join(words.split()) in seen, (words, seen)
    assert [m.given for m in see(suite, case).materials] == ["paper", "promised", "not_given"]
    assert suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id}).state == "review"
    notice = letters(
        suite.query(CLERK, "acceptance.paper_file", {"paper_id": the_paper(suite, case, "D3").id})
    )
    assert "告知承诺" in notice
    assert [e.event for e in see(suite, case).events] == ["receive", "commit", "accept", "dispatch"]


def test_a_promise_is_taken_only_as_the_item_allows(suite):
    case = received(suite)
    asked = {"case_id": case.case_id, "positions": [2], "signed": True}
    assert refused(suite, CLERK, "acceptance.take_promise", asked) == "NO_PROMISE_ALLOWED"
    assert refused(
        suite, KEEPER, "acceptance.allow_promise", {"item": COMMITTED, "positions": [9], "conditions": "x"}
    ) == ("UNKNOWN_MATERIAL")
    allowed(suite)
    assert (
        refused(suite, CLERK, "acceptance.take_promise", {**asked, "positions": [1, 2]})
        == "NO_PROMISE_ALLOWED"
    )
    assert (
        refused(suite, CLERK, "acceptance.take_promise", {**asked, "signed": False}) == "PROMISE_NOT_SIGNED"
    )
    offered = suite.query(CLERK, "acceptance.promise", {"case_id": case.case_id})
    assert (offered.positions, offered.made) == ([2], False)
    suite.run(CLERK, "acceptance.take_promise", asked)
    assert refused(suite, CLERK, "acceptance.take_promise", asked) == "PROMISED_ALREADY"
    sly = intake(materials=[*hands(1), {"position": 2, "given": "promised"}])
    assert refused(suite, CLERK, "acceptance.accept", sly) == "MATERIAL_MISSING", (
        "no promise without its paper"
    )
    accepted_one = accepted(suite)
    assert (
        refused(suite, CLERK, "acceptance.take_promise", {**asked, "case_id": accepted_one.case_id})
        == "ILLEGAL_STEP"
    )


def test_a_promised_case_is_granted_at_once_where_the_item_says_so(suite):
    slow = promised(suite)
    at_once = decision(suite, slow, CHIEF, opinion="同意")
    assert refused(suite, CHIEF, "acceptance.grant_at_once", at_once) == "NOT_IMMEDIATE"
    quick = promised(suite, at_once=True)
    suite.run(CHIEF, "acceptance.grant_at_once", decision(suite, quick, CHIEF, opinion="同意"))
    assert see(suite, quick).row.state == "granted"
    assert (
        day(suite.query(CLERK, "acceptance.promise", {"case_id": quick.case_id}).check_due_at) == "2026-04-16"
    )


def test_a_promise_is_checked_after_the_grant_with_a_reminder_and_a_violation_once_each(suite, clock):
    cases = [promised(suite) for _ in range(2)]
    for case in cases:
        suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    check = {"case_id": cases[0].case_id, "outcome": "kept", "findings": "现场核查属实"}
    assert refused(suite, APPROVER, "acceptance.check_promise", check) == "NOTHING_TO_CHECK"
    for case in cases:
        grant(suite, case)
    set_clock(clock, "2026-04-07")
    tick(suite)
    assert [rules(suite, case).count("R-postcheck") for case in cases] == [1, 1]
    assert suite.run(APPROVER, "acceptance.check_promise", check).outcome == "kept"
    assert refused(suite, APPROVER, "acceptance.check_promise", check) == "NOTHING_TO_CHECK"
    set_clock(clock, "2026-04-17")
    tick(suite)
    tick(suite)
    assert [rules(suite, case).count("V09") for case in cases] == [0, 1]
    assert [e.event for e in see(suite, cases[0]).events][-1] == "check"
    assert suite.query(CLERK, "acceptance.is_due") is False


def test_thirty_days_before_a_licence_ends_its_renewal_is_remembered(suite, clock):
    case, revoked, endless = accepted(suite), accepted(suite), accepted(suite)
    for each, until in ((case, "2026-06-30"), (revoked, "2026-06-30"), (endless, None)):
        more = {"valid_to": until} if until else {}
        suite.run(APPROVER, "acceptance.grant", decision(suite, each, opinion="同意", **more))
        render(suite, each)
    suite.run(ISSUER, "acceptance.deliver", {"case_id": revoked.case_id, **RECEIVER})
    gone = decision(suite, revoked, CHIEF, kind="cancel", reason="被许可人申请注销")
    suite.run(CHIEF, "acceptance.revoke", gone)
    set_clock(clock, "2026-05-30", 23)
    tick(suite)
    assert "R-renewal" not in rules(suite, case)
    set_clock(clock, "2026-05-31", 1)
    tick(suite)
    tick(suite)
    assert [rules(suite, each).count("R-renewal") for each in (case, revoked, endless)] == [1, 0, 0]


def test_whoever_keeps_promises_sees_changes_and_ends_what_an_item_allows(suite):
    assert suite.query(KEEPER, "acceptance.promise_item", {"item": COMMITTED}) is None
    assert refused(suite, KEEPER, "acceptance.forbid_promise", {"item": COMMITTED}) == "NO_PROMISE_ALLOWED"
    given = promised(suite)
    allowed(suite, days=45, at_once=True)
    now = suite.query(KEEPER, "acceptance.promise_item", {"item": COMMITTED})
    assert (now.positions, now.conditions, now.days, now.at_once, now.staff) == (
        [2],
        CONDITIONS,
        45,
        True,
        KEEPER.name,
    )
    assert refused(suite, CLERK, "acceptance.forbid_promise", {"item": COMMITTED}) == "NOT_PERMITTED"
    suite.run(KEEPER, "acceptance.forbid_promise", {"item": COMMITTED})
    assert suite.query(KEEPER, "acceptance.promise_item", {"item": COMMITTED}) is None
    asked = {"case_id": received(suite).case_id, "positions": [2], "signed": True}
    assert refused(suite, CLERK, "acceptance.take_promise", asked) == "NO_PROMISE_ALLOWED"
    assert suite.query(CLERK, "acceptance.promise", {"case_id": given.case_id}).days == 30, "as it was given"


# ---- what did not hold ----


def broken(suite: Any, **more: Any) -> Any:
    """A case granted on a promise that did not hold."""
    case = promised(suite, **more)
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    grant(suite, case)
    found = {"case_id": case.case_id, "outcome": "broken", "findings": "现场没有固定场所"}
    suite.run(APPROVER, "acceptance.check_promise", found)
    return case


def records(suite: Any, actor: Any = APPROVER, **more: Any) -> list[Any]:
    return list(suite.query(actor, "acceptance.credit_records", more))


def take(suite: Any, case: Any) -> dict[str, Any]:
    return {"case_id": case.case_id, "positions": [2], "signed": True}


def test_a_promise_that_did_not_hold_is_kept_with_finding_and_decision(suite, clock):
    case = broken(suite)
    (row,) = records(suite)
    assert (row.case_no, row.holder, row.code) == (case.case_no, "苏*娜", ""), (
        "a person's number is never listed"
    )
    assert (row.promised, row.replaced, row.finding) == (CONDITIONS, ["营业执照"], "现场没有固定场所")
    assert (row.found_by, day(row.found_at)) == (APPROVER.name, "2026-03-17")
    assert (row.decision, row.decided_on, row.repaired_at) == ("", None, None)
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    set_clock(clock, "2026-03-20")
    gone = decision(suite, case, CHIEF, kind="revoke", reason="承诺不实")
    suite.run(CHIEF, "acceptance.revoke", gone)
    (row,) = records(suite)
    assert (row.decision, row.decided_on) == (the_paper(suite, case, "D18").number, date(2026, 3, 20))


def test_a_promise_that_holds_leaves_no_record(suite):
    case = promised(suite)
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    grant(suite, case)
    kept = {"case_id": case.case_id, "outcome": "kept", "findings": "属实"}
    suite.run(APPROVER, "acceptance.check_promise", kept)
    assert records(suite) == []
    suite.run(CLERK, "acceptance.take_promise", take(suite, received(suite)))


def test_no_promise_is_taken_of_them_until_the_record_is_repaired(suite):
    broken(suite)
    case = received(suite)
    assert refused(suite, CLERK, "acceptance.take_promise", take(suite, case)) == "PROMISE_BROKEN_BEFORE"
    offered = suite.query(CLERK, "acceptance.promise", {"case_id": case.case_id})
    assert (offered.made, day(offered.barred.at), offered.barred.agency_name) == (
        False,
        "2026-03-17",
        "市场监督管理局",
    )
    (row,) = records(suite, CHIEF)
    assert row.mine
    assert not records(suite)[0].mine, "an approver does not repair it"
    asked = {"credit_id": row.id, "reason": "已整改，满一年"}
    assert refused(suite, APPROVER, "acceptance.repair_credit", asked) == "NOT_PERMITTED"
    assert refused(suite, CHIEF, "acceptance.repair_credit", {**asked, "credit_id": 99}) == "UNKNOWN_CREDIT"
    assert refused(suite, CHIEF, "acceptance.repair_credit", {**asked, "reason": " "}) == "BAD_REQUEST"
    assert not suite.run(CHIEF, "acceptance.repair_credit", asked).mine
    assert refused(suite, CHIEF, "acceptance.repair_credit", asked) == "REPAIRED_ALREADY"
    assert records(suite) == []
    (row,) = records(suite, open_only=False)
    assert (row.repaired_by, row.repair) == (CHIEF.name, "已整改，满一年")
    assert suite.query(CLERK, "acceptance.promise", {"case_id": case.case_id}).barred is None
    suite.run(CLERK, "acceptance.take_promise", take(suite, case))


def test_somebody_else_promises_as_ever(suite):
    broken(suite)
    other = {"name": "巴特尔", "code_kind": "111", "code": citizen("15042119850101123"), "phone": ""}
    case = received(suite, applicant=other)
    suite.run(CLERK, "acceptance.take_promise", take(suite, case))


def test_the_window_is_told_before_for_items_that_allow_a_promise(suite):
    whoever = {"item": COMMITTED, "code_kind": "111", "code": citizen()}
    assert suite.query(CLERK, "acceptance.broken_promise", whoever) is None
    broken(suite)
    assert day(suite.query(CLERK, "acceptance.broken_promise", whoever).at) == "2026-03-17"
    assert suite.query(CLERK, "acceptance.broken_promise", {**whoever, "item": INSTANT}) is None, (
        "nothing can be promised for it"
    )
    unknown = {**whoever, "code": citizen("15042119850101123")}
    assert suite.query(CLERK, "acceptance.broken_promise", unknown) is None


def test_records_are_listed_and_repaired_by_their_own_agency(suite):
    broken(suite)
    (row,) = records(suite)
    foreign = replace(STRANGER, permissions=STRANGER.permissions | {"acceptance.promises"})
    assert records(suite, foreign) == []
    asked = {"credit_id": row.id, "reason": "x"}
    assert refused(suite, foreign, "acceptance.repair_credit", asked) == "NOT_YOUR_AGENCY"
    assert [r.id for r in records(suite, LEADER)] == [row.id], "the whole hall's supervision sees it"
    assert records(suite, before_id=row.id) == []


def test_of_an_organisation_the_code_is_listed(suite):
    firm = {"name": "阿旗罕山食品有限公司", "code_kind": "001", "code": OWN, "phone": ""}
    allowed(suite)
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1), applicant=firm))
    suite.run(CLERK, "acceptance.take_promise", take(suite, case))
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    grant(suite, case)
    found = {"case_id": case.case_id, "outcome": "broken", "findings": "没有设备"}
    suite.run(APPROVER, "acceptance.check_promise", found)
    (row,) = records(suite)
    assert (row.holder, row.code) == (firm["name"], OWN)
