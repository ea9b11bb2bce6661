"""A "no" at the window is put on record, by agency, and looked into by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yichuang.api import Actor, UserError, entries_about, select
from yichuang_acceptance import tables as t

from .conftest import CHIEF, CLERK, COMMITTED, OTHER, OWN, STRANGER, accepted
from .life import contents, day, refused, set_clock, tick
from .test_recompute import change, settle
from .test_supervision import INSPECTOR

NO = {
    "item": COMMITTED, "person": "苏日娜", "phone": "13804760000", "reason": "elsewhere",
    "said": "该事项由林草局办理", "proper_place": "二楼 B05 窗口",
}  # fmt: skip


def listed(suite, actor=CHIEF, **more):
    return suite.query(actor, "acceptance.refusals", more)


def test_a_refusal_is_on_record_with_reason_words_and_place(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    (row,) = listed(suite)
    assert (row.id, row.reason, row.said, row.proper_place) == (
        number,
        "elsewhere",
        NO["said"],
        NO["proper_place"],
    )
    assert (row.person, row.staff, row.desk) == ("苏*娜", CLERK.name, "A01")
    with suite.database.read() as reader:
        told = str([e.detail for e in entries_about(reader, f"refusal:{number}")])
    assert "13804760000" not in told
    assert "苏日娜" not in told


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proper_place": ""}, "PROPER_PLACE_MISSING"),
        ({"item": "no-item"}, "UNKNOWN_ITEM"),
        ({"reason": "laziness"}, "BAD_REQUEST"),
        ({"said": " "}, "BAD_REQUEST"),
        ({"agency": "nobody"}, "UNKNOWN_AGENCY"),
        ({"case_no": "1504212603170000017"}, "UNKNOWN_CASE"),
        ({"grade": "hard"}, "BAD_REQUEST"),
    ],
)
def test_what_does_not_help_anybody_is_refused(suite, change, code):
    before = contents(suite)
    with pytest.raises(UserError) as caught:
        suite.run(CLERK, "acceptance.cannot_do", {**NO, **change})
    assert caught.value.code == code
    assert contents(suite) == before


def test_the_clerk_does_not_look_into_the_own_refusal_and_no_one_does_so_twice(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    review = {"refusal_id": number, "text": "告知正确"}
    own = replace(CHIEF, staff_id=CLERK.staff_id)
    assert refused(suite, own, "acceptance.review_refusal", review) == "OWN_REFUSAL"
    suite.run(CHIEF, "acceptance.review_refusal", review)
    assert listed(suite) == []
    assert listed(suite, open_only=False)[0].review == "告知正确"
    assert refused(suite, CHIEF, "acceptance.review_refusal", review) == "REVIEWED_ALREADY"
    assert (
        refused(suite, CHIEF, "acceptance.review_refusal", {**review, "refusal_id": 99}) == "UNKNOWN_REFUSAL"
    )


def test_another_agency_sees_and_does_nothing(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", NO)
    assert STRANGER.agency == OTHER
    assert listed(suite, STRANGER) == []
    review = {"refusal_id": number, "text": "x"}
    assert refused(suite, STRANGER, "acceptance.review_refusal", review) == "NOT_YOUR_AGENCY"
    with pytest.raises(UserError):
        listed(suite, CLERK)


REPORT = {**NO, "reported": True, "reason": "several", "proper_place": ""}
FOREMAN = replace(CHIEF, staff_id=31, name="值班长", hall_wide=True)


def review(suite, number, **more):
    asked = {"refusal_id": number, "text": "已协调办结", **more}
    return suite.run(CHIEF, "acceptance.review_refusal", asked)


def call(suite, number, **more):
    asked = {"refusal_id": number, "text": "问题已解决", "satisfied": True, **more}
    return suite.run(CHIEF, "acceptance.call_back_refusal", asked)


def test_a_record_holds_its_case_what_was_tried_and_who_answers_for_it(suite):
    case = accepted(suite)
    more = {"case_no": case.case_no, "attempts": "3月2日来过一次", "agency": OTHER, "receiver": "宝音"}
    suite.run(CLERK, "acceptance.cannot_do", {**REPORT, **more})
    assert listed(suite) == [], "another agency answers for it"
    (row,) = listed(suite, FOREMAN)
    assert (row.case_no, row.attempts, row.agency, row.agency_name, row.receiver, row.reported) == (
        case.case_no, "3月2日来过一次", OTHER, "林业和草原局", "宝音", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "due"), [("simple", "2026-03-17"), ("complex", "2026-03-24"), ("special", "2026-03-31")]
)
def test_each_grade_has_its_limit(suite, grade, due):
    suite.run(CLERK, "acceptance.cannot_do", {**REPORT, "grade": grade})
    assert day(listed(suite)[0].due_at) == due


def test_the_hall_says_how_long_special_problems_take(suite):
    for wrong in (5, 31):
        with pytest.raises(UserError) as error:
            suite.run(Actor.system(), "hall.set", {"key": "acceptance.refusal_special_days", "value": wrong})
        assert error.value.code == "SPECIAL_DAYS_BAD"
    suite.run(Actor.system(), "hall.set", {"key": "acceptance.refusal_special_days", "value": 15})
    suite.run(CLERK, "acceptance.cannot_do", {**REPORT, "grade": "special"})
    assert day(listed(suite)[0].due_at) == "2026-04-07"


def late(suite):
    with suite.database.read() as reader:
        return [(a.rule, a.number, a.agency) for a in reader.all(select(t.alert).order_by(t.alert.c.id))]


def test_what_nobody_looks_into_in_time_is_reported_once(suite, clock):
    suite.run(CLERK, "acceptance.cannot_do", REPORT)
    done = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    review(suite, done)
    set_clock(clock, "2026-03-24", 20)
    tick(suite)
    assert late(suite) == []
    set_clock(clock, "2026-03-25")
    assert suite.query(CLERK, "acceptance.is_due") is True
    assert listed(suite)[-1].overdue
    for _n in range(2):
        tick(suite)
    assert late(suite) == [("V09", "WB000001", OWN)]
    (notice,) = suite.query(INSPECTOR, "acceptance.supervision", {"kind": "open", "rule": "V09"})
    assert notice.agency == OWN


def test_looking_into_it_late_does_not_hide_that_it_was_late(suite, clock):
    number = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    set_clock(clock, "2026-03-25")
    review(suite, number)
    tick(suite)
    assert late(suite) == [("V09", "WB000001", OWN)]
    assert listed(suite)[0].overdue


def test_a_changed_calendar_moves_the_limit(suite):
    accepted(suite)
    suite.run(CLERK, "acceptance.cannot_do", REPORT)
    change(suite, {date(2026, 3, 23): False})
    settle(suite)
    assert day(listed(suite)[0].due_at) == "2026-03-25"


def test_like_problems_are_tied_to_the_first_of_them(suite):
    first, second, third = (suite.run(CLERK, "acceptance.cannot_do", REPORT) for _n in range(3))
    review(suite, first, root_cause="两部门未共享数据")
    review(suite, second, like_id=first)
    review(suite, third, like_id=second)
    rows = {row.id: row for row in listed(suite, open_only=False)}
    assert [(rows[n].like_id, rows[n].like) for n in (first, second, third)] == [
        (None, 2),
        (first, 2),
        (first, 2),
    ]
    assert rows[first].root_cause == "两部门未共享数据"
    last = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    for wrong in (last, 99):
        asked = {"refusal_id": last, "text": "x", "like_id": wrong}
        assert refused(suite, CHIEF, "acceptance.review_refusal", asked) == "UNKNOWN_LIKE"
    elsewhere = suite.run(CLERK, "acceptance.cannot_do", {**REPORT, "agency": OTHER})
    again = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    asked = {"refusal_id": again, "text": "x", "like_id": elsewhere}
    assert refused(suite, CHIEF, "acceptance.review_refusal", asked) == "UNKNOWN_LIKE", (
        "of an agency that one does not see"
    )


def test_whoever_reported_it_is_called_back(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    asked = {"refusal_id": number, "text": "x", "satisfied": True}
    assert refused(suite, CHIEF, "acceptance.call_back_refusal", asked) == "NOT_REVIEWED"
    assert [row.stage for row in listed(suite)] == ["review"]
    review(suite, number)
    assert [row.stage for row in listed(suite)] == ["call"]
    own = replace(CHIEF, staff_id=CLERK.staff_id)
    assert refused(suite, own, "acceptance.call_back_refusal", asked) == "OWN_REFUSAL"
    assert refused(suite, STRANGER, "acceptance.call_back_refusal", asked) == "NOT_YOUR_AGENCY"
    call(suite, number, satisfied=False, text="还没有拿到证")
    assert listed(suite) == []
    call(suite, number)
    (row,) = listed(suite, open_only=False)
    assert (row.satisfied, row.call_back, row.called_by, row.stage) == (True, "问题已解决", CHIEF.name, "")
    assert refused(suite, CHIEF, "acceptance.call_back_refusal", asked) == "CALLED_ALREADY"


def test_nobody_at_the_window_is_blamed_for_what_was_only_reported_to_them(suite):
    number = suite.run(CLERK, "acceptance.cannot_do", REPORT)
    review(suite, number, unjustified=True)
    (found,) = suite.query(INSPECTOR, "acceptance.findings", {})
    assert (found.rule, found.staff) == ("V01", "")
