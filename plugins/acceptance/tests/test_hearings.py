"""Changing a hearing while its case waits: told a week before, a new notice in place of the earlier, clocks stopped."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import Actor, UserError, entries_about, select
from yichuang_acceptance import tables as t

from .conftest import APPROVER, CHIEF, CLERK, STRANGER, accepted, decision
from .life import refused, render, resume, rules, see, set_clock, suspend, tick
from .test_life_papers import HEARING, letters, read

NEW = {
    "hearing_at": "2026-04-02T14:30:00+08:00", "place": "旗政府二楼", "presider": "乌兰", "reason": "原定场所停电检修",
}  # fmt: skip


def waiting(suite: Any, **more: Any) -> Any:
    case = accepted(suite)
    suspend(suite, case, **{**HEARING, "planned_end": "2026-04-10", **more})
    return case


def moved(suite: Any, case: Any, actor: Actor = CHIEF, **more: Any) -> Any:
    return suite.run(actor, "acceptance.move_hearing", decision(suite, case, actor, **{**NEW, **more}))


def no(suite: Any, case: Any, actor: Actor = CHIEF, **more: Any) -> str:
    return refused(suite, actor, "acceptance.move_hearing", decision(suite, case, CHIEF, **{**NEW, **more}))


def notices(suite: Any, case: Any) -> list[Any]:
    render(suite, case)
    return [p for p in see(suite, case).papers if p.kind == "D9"]


def test_a_new_notice_replaces_the_earlier_and_the_clocks_stay_stopped(suite, clock):
    case = waiting(suite)
    before = see(suite, case)
    set_clock(clock, "2026-03-19")
    after = moved(suite, case)
    assert (after.state, after.legal_due_at, after.promise_due_at) == ("suspended", None, None)
    seen = see(suite, case)
    assert (seen.legal_used, seen.promise_used) == (before.legal_used, before.promise_used)
    assert [(e.event, e.opinion) for e in seen.events][-1] == ("move_hearing", NEW["reason"])
    old, new = notices(suite, case)
    assert (old.replaced, new.replaced) == (new.number, "")
    letter = read(suite, new)
    for words in (
        "听证通知书",
        "2026年4月2日14时30分",
        "旗政府二楼",
        "乌兰",
        "原定场所停电检修",
        f"{old.number}听证通知书同时作废",
    ):
        assert words in letter, words
    assert "大厅三楼会议室" in read(suite, old), "what was told stays as it was told"
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    assert seen.pauses[-1].planned_end.isoformat() == "2026-04-10"


def test_a_notice_that_was_replaced_before_it_was_made_is_not_sealed(suite):
    case = waiting(suite)
    moved(suite, case)
    render(suite, case)
    same = select(t.paper.c.facts).where(t.paper.c.kind == "D9").order_by(t.paper.c.id)
    papers = suite.executor.read(Actor.system(), lambda read: read.all(same))
    assert ["no_seal" in paper.facts for paper in papers] == [False, True], "nobody was asked for the first"


def test_it_can_be_changed_again_and_is_told_from_the_last_notice(suite):
    case = waiting(suite)
    told = suite.query(APPROVER, "acceptance.hearing", {"case_id": case.case_id})
    assert (told.place, told.presider) == (HEARING["place"], HEARING["presider"])
    moved(suite, case)
    moved(suite, case, place="旗政府三楼")
    told = suite.query(APPROVER, "acceptance.hearing", {"case_id": case.case_id})
    first, second, third = notices(suite, case)
    assert (told.place, told.number, told.at.isoformat()) == (
        "旗政府三楼",
        third.number,
        "2026-04-02T14:30:00+08:00",
    )
    assert [first.replaced, second.replaced, third.replaced] == [second.number, third.number, ""]


def test_a_right_that_was_told_is_not_replaced_by_the_time_that_follows(suite):
    case = accepted(suite)
    suspend(suite, case, kind="hearing", reason="涉及重大利益关系", planned_end="2026-04-10")
    told = suite.query(APPROVER, "acceptance.hearing", {"case_id": case.case_id})
    assert (told.at, told.place) == (None, "")
    moved(suite, case)
    right, notice = notices(suite, case)
    assert (right.title, right.replaced, notice.title) == ("听证告知书", "", "听证通知书")
    assert "作废" not in read(suite, notice)


def test_what_the_law_and_the_plan_do_not_allow_changes_nothing(suite):
    case = waiting(suite)
    assert no(suite, case, hearing_at="2026-03-20T09:00:00+08:00") == "HEARING_TOO_SOON"
    seven_days = {"hearing_at": "2026-03-25T18:00:00+08:00"}
    assert no(suite, case, **seven_days) == "HEARING_TOO_SOON", "working days (art. 82), not days"
    assert no(suite, case, presider="") == "HEARING_INCOMPLETE"
    assert no(suite, case, reason="") == "BAD_REQUEST"
    assert no(suite, case, hearing_at="2026-04-13T09:00:00+08:00") == "HEARING_AFTER_END"
    assert no(suite, case, planned_end="2026-03-01") == "PLANNED_END_PAST"
    assert no(suite, case, row_version=1) == "CHANGED_MEANWHILE"
    assert len(notices(suite, case)) == 1
    later = {"hearing_at": "2026-04-13T09:00:00+08:00", "planned_end": "2026-04-20"}
    moved(suite, case, **later)
    assert see(suite, case).pauses[-1].planned_end.isoformat() == "2026-04-20"


def test_only_whoever_approves_suspensions_changes_it_and_it_is_journalled(suite):
    case = waiting(suite)
    assert no(suite, case, APPROVER) == "NOT_PERMITTED"
    assert no(suite, case, STRANGER) == "NOT_YOUR_AGENCY"
    moved(suite, case)
    written = suite.executor.read(Actor.system(), lambda r: entries_about(r, f"case:{case.case_no}"))
    assert "acceptance.move_hearing" in [entry.event for entry in written]


def test_without_a_hearing_there_is_nothing_to_change(suite, clock):
    case = accepted(suite)
    assert no(suite, case) == "ILLEGAL_STEP"
    suspend(suite, case)
    assert no(suite, case) == "NO_HEARING"
    with pytest.raises(UserError) as error:
        suite.query(APPROVER, "acceptance.hearing", {"case_id": case.case_id})
    assert error.value.code == "NO_HEARING"
    set_clock(clock, "2026-03-19")
    resume(suite, case)
    assert no(suite, case) == "ILLEGAL_STEP"


def test_the_new_notice_is_seen_before_it_is_given(suite):
    case = waiting(suite)
    (old,) = notices(suite, case)
    facts = {
        "reason": "停电",
        "at": NEW["hearing_at"],
        "place": "旗政府二楼",
        "presider": "乌兰",
        "replaces": old.number,
    }
    seen = letters(
        suite.query(
            CHIEF, "acceptance.paper_preview", {"case_id": case.case_id, "kind": "D9", "facts": facts}
        )
    )
    assert "预览稿" in seen
    assert f"{old.number}听证通知书同时作废" in seen


# ---- T7: five working days to ask for it, twenty to hold it (art. 47) ----

RIGHT = {"kind": "hearing", "reason": "涉及重大利益关系"}


def right_told(suite: Any) -> Any:
    """On Tuesday 17 March only the right to a hearing is told: it may be asked for until the 24th."""
    case = accepted(suite)
    suspend(suite, case, **RIGHT, planned_end=None)
    return case


def ask(suite: Any, case: Any, actor: Actor = APPROVER, **more: Any) -> Any:
    asked = {"asked_by": "苏日娜", "asked_on": "2026-03-20", **more}
    return suite.run(actor, "acceptance.ask_hearing", decision(suite, case, actor, **asked))


def not_asked(suite: Any, case: Any, actor: Actor = APPROVER, **more: Any) -> str:
    asked = {"asked_by": "苏日娜", "asked_on": "2026-03-20", **more}
    return refused(suite, actor, "acceptance.ask_hearing", decision(suite, case, APPROVER, **asked))


def not_resumed(suite: Any, case: Any) -> str:
    return refused(suite, APPROVER, "acceptance.resume", decision(suite, case, result="继续办理"))


def test_a_right_to_a_hearing_waits_for_the_days_to_ask_and_no_longer(suite, clock):
    case = right_told(suite)
    assert see(suite, case).pauses[-1].planned_end.isoformat() == "2026-03-25", (
        "the day after the last to ask"
    )
    told = suite.query(APPROVER, "acceptance.hearing", {"case_id": case.case_id})
    assert (told.ask_by.isoformat(), told.asked_on, told.hold_by) == ("2026-03-24", None, None)
    set_clock(clock, "2026-03-24")
    assert not_resumed(suite, case) == "HEARING_MAY_BE_ASKED"
    set_clock(clock, "2026-03-25")
    tick(suite)
    assert rules(suite, case) == [], "nothing is late on the day on which one can go on"
    resume(suite, case)
    assert see(suite, case).row.state == "review"


def test_one_that_was_asked_for_is_held_within_twenty_working_days(suite, clock):
    case = right_told(suite)
    set_clock(clock, "2026-03-20")
    after = ask(suite, case)
    assert (after.state, after.promise_due_at) == ("suspended", None)
    pause = see(suite, case).pauses[-1]
    assert (pause.asked_by, pause.asked_on.isoformat(), pause.planned_end.isoformat()) == (
        "苏日娜", "2026-03-20", "2026-04-17",
    )  # fmt: skip
    assert see(suite, case).events[-1].event == "ask_hearing"
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    assert not_asked(suite, case) == "HEARING_ASKED_ALREADY"
    set_clock(clock, "2026-03-26")
    assert not_resumed(suite, case) == "HEARING_NOT_HELD", "the days to ask are over, but somebody has asked"
    late = {"hearing_at": "2026-04-20T09:00:00+08:00", "planned_end": "2026-04-24"}
    assert no(suite, case, **late) == "HEARING_TOO_LATE"
    moved(suite, case, hearing_at="2026-04-17T09:00:00+08:00")
    assert not_resumed(suite, case) == "HEARING_NOT_HELD"
    set_clock(clock, "2026-04-17")
    resume(suite, case)
    assert see(suite, case).row.state == "review"


def test_a_hearing_for_which_no_day_in_time_is_left_is_held_and_recorded_as_late(suite, clock):
    case = right_told(suite)
    set_clock(clock, "2026-03-20")
    ask(suite, case)
    set_clock(clock, "2026-04-13")
    moved(suite, case, hearing_at="2026-04-23T09:00:00+08:00", planned_end="2026-04-30")
    assert rules(suite, case) == ["V11"]


def test_whoever_wants_no_hearing_need_not_wait_for_one(suite, clock):
    case = right_told(suite)
    resume(suite, case, given_up=True)
    assert see(suite, case).row.state == "review"


def test_a_request_comes_in_time_to_its_own_agency_and_only_where_a_hearing_is(suite, clock):
    case = right_told(suite)
    set_clock(clock, "2026-03-26")
    assert not_asked(suite, case, asked_on="2026-03-25") == "HEARING_ASKED_LATE"
    assert not_asked(suite, case, asked_on="2026-03-16") == "BAD_DAY"
    assert not_asked(suite, case, asked_on="2026-03-27") == "BAD_DAY"
    assert not_asked(suite, case, asked_by=" ") == "BAD_REQUEST"
    assert not_asked(suite, case, STRANGER) == "NOT_YOUR_AGENCY"
    assert see(suite, case).pauses[-1].asked_on is None
    ask(suite, case, asked_on="2026-03-24")
    other = accepted(suite)
    assert not_asked(suite, other) == "ILLEGAL_STEP"
    suspend(suite, other)
    assert not_asked(suite, other, asked_on="2026-03-26") == "NO_HEARING"
