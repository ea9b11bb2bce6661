"""Helped and delegated applications: who may be entrusted with what, what came of it, and helpers who make a trade of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .conftest import CLERK, ISSUER, RECEIVER, STRANGER, accepted, citizen
from .life import day, grant, refused, rules, set_clock
from .test_life_papers import letters

HELP = frozenset({"acceptance.help"})
WINDOW = replace(CLERK, permissions=CLERK.permissions | HELP)


def mandate(case: Any, **more: Any) -> dict[str, Any]:
    return {
        "case_id": case.case_id, "helper": "高娃", "helper_code": citizen("15042119880101242"), "scope": "代为提交材料、领取结果",
        "valid_to": "2026-06-30", "signed": True, "received": "申请书、营业执照", "fees": "12.50", **more,
    }  # fmt: skip


def entrust(suite: Any, case: Any, **more: Any) -> Any:
    return suite.run(WINDOW, "acceptance.entrust", mandate(case, **more))


def test_a_mandate_is_kept_from_the_letter_to_the_call_afterwards(suite, clock):
    case = accepted(suite)
    row = entrust(suite, case)
    assert (row.helper, row.open, str(row.fees), day(row.accepted_at)) == (
        "高娃",
        True,
        "12.50",
        "2026-03-17",
    )
    assert "19880101" not in str(row), "the helper's number is never shown"
    asked = {"mandate_id": row.id, "satisfaction": 1}
    assert refused(suite, WINDOW, "acceptance.follow_mandate", asked) == "STILL_OPEN"
    grant(suite, case)
    set_clock(clock, "2026-03-19")
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    after = suite.run(
        WINDOW, "acceptance.follow_mandate",
        {**asked, "returned": "营业执照原件", "result": "已领取许可证", "reported": True, "fees": "20"},
    )  # fmt: skip
    assert (after.open, after.returned, after.satisfaction, str(after.fees)) == (
        False,
        "营业执照原件",
        1,
        "20.00",
    )
    assert [day(at) for at in (after.delivered_at, after.reported_at, after.visited_at)] == ["2026-03-19"] * 3
    assert suite.query(WINDOW, "acceptance.mandates", {"kind": "open"}) == []
    seen = letters(suite.query(WINDOW, "acceptance.mandates_file", {"kind": "all"}))
    for words in ("帮办代办台账", "高娃", "委托03-17", "回访03-19", "20.00", "满意度1"):
        assert words in seen, (words, seen)


def test_only_a_signed_valid_mandate_of_an_open_case_is_entered_once(suite, clock):
    case = accepted(suite)
    for changes, code in (
        ({"signed": False}, "MANDATE_NOT_SIGNED"), ({"valid_to": "2026-03-16"}, "MANDATE_OVER"),
        ({"helper_code": "150421198801012420"}, "BAD_CITIZEN_ID"), ({"fees": "-1"}, "BAD_REQUEST"),
    ):  # fmt: skip
        assert refused(suite, WINDOW, "acceptance.entrust", mandate(case, **changes)) == code
    assert refused(suite, CLERK, "acceptance.entrust", mandate(case)) == "NOT_PERMITTED"
    row = entrust(suite, case)
    assert refused(suite, WINDOW, "acceptance.entrust", mandate(case)) == "ENTRUSTED_ALREADY"
    stranger = replace(STRANGER, permissions=STRANGER.permissions | HELP)
    assert refused(suite, stranger, "acceptance.follow_mandate", {"mandate_id": row.id}) == "NOT_YOUR_AGENCY"
    assert refused(suite, WINDOW, "acceptance.follow_mandate", {"mandate_id": 99}) == "UNKNOWN_MANDATE"
    assert suite.query(stranger, "acceptance.mandates", {"kind": "all"}) == []
    set_clock(clock, "2026-07-01")
    assert suite.query(WINDOW, "acceptance.mandates", {"kind": "open"})[0].late
    suite.run(WINDOW, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不办了", "signed": True})
    assert refused(suite, WINDOW, "acceptance.entrust", mandate(case)) == "CASE_ENDED"


def test_a_helper_with_many_open_mandates_is_reported_once_a_month(suite, clock):
    from yichuang.api import Actor

    suite.run(Actor.system(), "hall.set", {"key": "acceptance.agent_cases", "value": 2})
    made = [accepted(suite) for _ in range(5)]
    for case in made:
        entrust(suite, case)
    assert [rules(suite, case) for case in made] == [[], [], ["R-agent"], [], []]
    other = accepted(suite)
    entrust(suite, other, helper="王芳", helper_code=citizen())
    assert rules(suite, other) == [], "another helper"
    set_clock(clock, "2026-04-01")
    fresh = [accepted(suite) for _ in range(3)]
    for case in fresh:
        entrust(suite, case)
    assert [rules(suite, case) for case in fresh] == [[], [], ["R-agent"]]
