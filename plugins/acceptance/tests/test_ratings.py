"""Ratings: one for each case, kept from the clerk; a bad one is called back in a day and closed in five, or reported (V14)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import UserError, entries_about
from yichuang_acceptance.rules.rating import FAULTS, PRAISE, Level, Rated, figures

from .applicant_steps import rated
from .conftest import CHIEF, CLERK, OTHER, OWN, STRANGER, Clock, accepted
from .life import at_once, contents, day, refused, rules, see, set_clock, tick

STATISTICS = replace(CLERK, permissions=CLERK.permissions | {"acceptance.statistics", "acceptance.supervise"})


def fixes(suite, actor=CHIEF, **more):
    return suite.query(actor, "acceptance.fixes", more)


def numbers(suite, actor=STATISTICS, **more):
    return suite.query(
        actor, "acceptance.rating_figures", {"first": "2026-01-01", "last": "2026-12-31", **more}
    )


def test_a_very_bad_rating_opens_a_fix_due_in_five_working_days(suite):
    """Acceptance test 16: code 5, five working days, contact within one."""
    case = accepted(suite)  # Tuesday 2026-03-17
    rated(suite, case, 5, tags=["slow", "many_trips"], comment="跑了三趟")
    (fix,) = fixes(suite)
    assert (fix.level, fix.tags, fix.comment) == (5, ["slow", "many_trips"], "跑了三趟")
    assert (day(fix.contact_due_at), day(fix.due_at)) == ("2026-03-18", "2026-03-24")
    assert fix.staff == CLERK.name, "whoever handled it is responsible"


@pytest.mark.parametrize(("level", "count"), [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)])
def test_only_the_two_bad_levels_open_a_fix(suite, level, count):
    rated(suite, accepted(suite), level)
    assert len(fixes(suite)) == count


def test_a_case_is_rated_once_and_something_can_be_added(suite):
    case = accepted(suite)
    asked = rated(suite, case, 4)
    again = suite.run(CLERK, "acceptance.ask_rating", {"case_id": case.case_id})
    assert (again.token, again.rated, asked.rated) == (asked.token, True, False)
    assert refused(suite, CLERK, "acceptance.rate", {"token": asked.token, "level": 1}) == "RATED_ALREADY"
    suite.run(CLERK, "acceptance.add_to_rating", {"token": asked.token, "comment": "后来解决了"})
    assert fixes(suite)[0].added == ["后来解决了"]
    other = suite.run(CLERK, "acceptance.ask_rating", {"case_id": accepted(suite).case_id})
    assert (
        refused(suite, CLERK, "acceptance.add_to_rating", {"token": other.token, "comment": "x"})
        == "NOT_RATED"
    )
    assert refused(suite, CLERK, "acceptance.rate", {"token": "not-a-token", "level": 1}) == "UNKNOWN_RATING"


def test_of_two_ratings_at_the_same_moment_one_wins(suite):
    case = accepted(suite)
    asked = suite.run(CLERK, "acceptance.ask_rating", {"case_id": case.case_id})
    got = at_once(*(
        lambda n=n: suite.run(CLERK, "acceptance.rate", {"token": asked.token, "level": n}) for n in (1, 5)
    ))  # fmt: skip
    assert sorted(map(str, got)) == ["RATED_ALREADY", "True"]


def test_tags_go_with_their_level(suite):
    case = accepted(suite)
    asked = suite.run(CLERK, "acceptance.ask_rating", {"case_id": case.case_id})
    wrong = {"token": asked.token, "level": 1, "tags": ["slow"]}
    assert refused(suite, CLERK, "acceptance.rate", wrong) == "UNKNOWN_TAG"
    assert not PRAISE.keys() & FAULTS.keys()


def test_a_rating_is_an_event_of_the_case_that_moves_nothing_and_tells_nothing(suite):
    case = accepted(suite)
    before = see(suite, case)
    asked = rated(suite, case, 5, comment="态度差")
    after = see(suite, case)
    assert [e.event for e in after.events] == [*(e.event for e in before.events), "rate"]
    assert after.row.row_version == before.row.row_version, (
        "an approver who looks at the case is not disturbed"
    )
    assert after.row.state == before.row.state
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    with suite.database.read() as reader:
        told = str([e.detail for e in entries_about(reader, f"case:{case.case_no}")])
    assert "态度差" not in told
    assert asked.token not in told
    text = str(after)
    assert "态度差" not in text
    with pytest.raises(UserError):
        suite.query(CLERK, "acceptance.fixes", {})


def test_whom_it_concerns_neither_sees_nor_closes_it(suite):
    rated(suite, accepted(suite), 5)
    own = replace(STATISTICS, name="受理员")
    assert fixes(suite, own) == []
    (fix,) = fixes(suite)
    assert refused(suite, own, "acceptance.contact_fix", {"fix_id": fix.id, "text": "x"}) == "OWN_RATING"


def test_another_agency_neither_sees_nor_touches_it(suite):
    rated(suite, accepted(suite), 5)
    (fix,) = fixes(suite)
    before = contents(suite)
    assert fixes(suite, STRANGER) == []
    for name, more in {
        "contact_fix": {"text": "x"}, "extend_fix": {"reason": "x"},
        "close_fix": {"outcome": "fixed", "result": "x", "call_back": "x"},
    }.items():  # fmt: skip
        assert refused(suite, STRANGER, f"acceptance.{name}", {"fix_id": fix.id, **more}) == "NOT_YOUR_AGENCY"
        assert refused(suite, CHIEF, f"acceptance.{name}", {"fix_id": 999, **more}) == "UNKNOWN_FIX"
    assert contents(suite) == before


def test_a_fix_is_called_back_then_closed_once(suite, clock: Clock):
    case = accepted(suite)
    rated(suite, case, 4)
    (fix,) = fixes(suite)
    close = {"fix_id": fix.id, "outcome": "fixed", "result": "已增设窗口", "call_back": "申请人表示满意"}
    assert refused(suite, CHIEF, "acceptance.close_fix", close) == "NOT_CONTACTED"
    set_clock(clock, "2026-03-18")
    suite.run(CHIEF, "acceptance.contact_fix", {"fix_id": fix.id, "text": "等待时间过长"})
    set_clock(clock, "2026-03-20")
    suite.run(CHIEF, "acceptance.close_fix", close)
    assert fixes(suite) == []
    (closed,) = fixes(suite, open_only=False)
    assert (closed.outcome, closed.closed_by, closed.call_back) == ("fixed", CHIEF.name, "申请人表示满意")
    assert refused(suite, CHIEF, "acceptance.close_fix", close) == "FIX_CLOSED"
    set_clock(clock, "2026-05-20")
    tick(suite)
    assert "V14" not in rules(suite, case)


def test_time_reports_a_late_call_back_and_a_late_fix_once_each(suite, clock: Clock):
    case = accepted(suite)
    rated(suite, case, 5)
    set_clock(clock, "2026-03-18", 23)
    tick(suite)
    assert "V14" not in rules(suite, case), "the day is not over"
    set_clock(clock, "2026-03-19")
    assert suite.query(CLERK, "acceptance.is_due")
    assert tick(suite).alerts >= 1
    assert rules(suite, case).count("V14") == 1
    tick(suite)
    set_clock(clock, "2026-03-24", 23)
    tick(suite)
    assert rules(suite, case).count("V14") == 1
    set_clock(clock, "2026-03-25")
    tick(suite)
    tick(suite)
    keys = [
        a.key for a in suite.query(CLERK, "acceptance.alerts", {"case_id": case.case_id}) if a.rule == "V14"
    ]
    assert sorted(keys) == ["close", "contact"]
    assert fixes(suite)[0].overdue


def test_closing_late_does_not_hide_it(suite, clock: Clock):
    case = accepted(suite)
    rated(suite, case, 5)
    (fix,) = fixes(suite)
    suite.run(CHIEF, "acceptance.contact_fix", {"fix_id": fix.id, "text": "已致电"})
    set_clock(clock, "2026-04-01")
    close = {"fix_id": fix.id, "outcome": "explained", "result": "依法说明", "call_back": "理解"}
    suite.run(CHIEF, "acceptance.close_fix", close)
    assert rules(suite, case).count("V14") == 1


def test_a_fix_is_extended_once_and_before_it_is_due(suite, clock: Clock):
    rated(suite, accepted(suite), 5)
    rated(suite, accepted(suite), 5)
    first, second = fixes(suite)
    suite.run(CHIEF, "acceptance.extend_fix", {"fix_id": first.id, "reason": "需多部门会商"})
    extended = next(f for f in fixes(suite) if f.id == first.id)
    assert (day(extended.due_at), extended.extended) == ("2026-04-07", True)
    again = {"fix_id": first.id, "reason": "x"}
    assert refused(suite, CHIEF, "acceptance.extend_fix", again) == "EXTENDED_ALREADY"
    set_clock(clock, "2026-03-26")
    assert refused(suite, CHIEF, "acceptance.extend_fix", {**again, "fix_id": second.id}) == "TOO_LATE"


def test_defaults_are_set_only_where_the_hall_wants_them_and_say_nothing_of_satisfaction(suite, clock: Clock):
    cases = [accepted(suite) for _ in range(3)]
    rated(suite, cases[0], 5)
    for case in cases[1:]:
        suite.run(CLERK, "acceptance.ask_rating", {"case_id": case.case_id})
    set_clock(clock, "2026-03-30")
    tick(suite)
    assert numbers(suite).defaults == 0
    with suite.database.write() as writer:
        from yichuang.api import hall

        writer.insert(hall.setting, key="acceptance.default_ratings", value=True)
    assert suite.query(CLERK, "acceptance.is_due")
    tick(suite)
    found = numbers(suite)
    assert (found.asked, found.rated, found.defaults) == (3, 1, 2)
    assert found.good == 0.0, "two defaults are no praise"
    asked = rated(suite, cases[1], 1)
    assert asked.rated is False
    assert numbers(suite).good == 0.5, "what a person says takes the place of a default"


def test_what_is_found_to_be_malicious_does_not_count(suite):
    rated(suite, accepted(suite), 5)
    rated(suite, accepted(suite), 2)
    assert numbers(suite).good == 0.5
    (fix,) = fixes(suite)
    suite.run(CHIEF, "acceptance.contact_fix", {"fix_id": fix.id, "text": "误点"})
    suite.run(
        CHIEF,
        "acceptance.close_fix",
        {"fix_id": fix.id, "outcome": "not_counted", "result": "误评", "call_back": "已确认"},
    )
    assert numbers(suite).good == 1.0
    assert numbers(suite, agency=OTHER).asked == 0
    assert numbers(suite, agency=OWN).asked == 2


def test_what_becomes_of_bad_ratings_is_counted_without_those_that_do_not_count(suite):
    assert (numbers(suite).bad, numbers(suite).put_right, numbers(suite).called_back) == (0, None, None)
    for level in (5, 4, 4, 5, 1):
        rated(suite, accepted(suite), level)
    first, second, third, _open = fixes(suite)
    for fix in (first, second, third):
        suite.run(CHIEF, "acceptance.contact_fix", {"fix_id": fix.id, "text": "已电话联系"})
    assert (numbers(suite).bad, numbers(suite).put_right, numbers(suite).called_back) == (4, 0.0, 0.75)
    for fix, outcome in ((first, "fixed"), (second, "explained"), (third, "not_counted")):
        closing = {"fix_id": fix.id, "outcome": outcome, "result": "已处理", "call_back": "认可"}
        suite.run(CHIEF, "acceptance.close_fix", closing)
    found = numbers(suite)
    assert (found.bad, found.put_right, found.called_back) == (3, 2 / 3, 2 / 3)


def test_whom_several_bad_ratings_concern_is_told_to_supervisors_and_not_to_themselves(suite):
    one = rated(suite, accepted(suite), 5)

    def seen(actor):
        return [(each.staff, each.number) for each in numbers(suite, actor).repeated]

    chief = replace(CHIEF, permissions=CHIEF.permissions | {"acceptance.statistics", "acceptance.supervise"})
    assert one.case_no
    assert seen(chief) == [], "once is no pattern"
    rated(suite, accepted(suite), 4)
    assert seen(chief) == [(CLERK.name, 2)]
    assert seen(STATISTICS) == [], "it concerns whoever asks"
    assert seen(replace(chief, permissions=chief.permissions - {"acceptance.supervise"})) == []
    fix = fixes(suite)[0]
    suite.run(CHIEF, "acceptance.contact_fix", {"fix_id": fix.id, "text": "误点"})
    closing = {"fix_id": fix.id, "outcome": "not_counted", "result": "误评", "call_back": "已确认"}
    suite.run(CHIEF, "acceptance.close_fix", closing)
    assert seen(chief) == []


levels = st.none() | st.sampled_from(Level)
ratings = st.lists(
    st.builds(
        Rated,
        level=levels,
        number=st.integers(1, 50),
        is_default=st.booleans(),
        not_counted=st.booleans(),
        called_back=st.booleans(),
        put_right=st.booleans(),
    )
)


@given(ratings)
def test_the_figures_are_those_of_counting_one_by_one(found):
    each = [(r.level, r.is_default, r.not_counted) for r in found for _ in range(r.number)]
    said = [level for level, default, ignored in each if level is not None and not default and not ignored]
    got = figures(found)
    assert got.rated == len(said)
    assert got.levels == {n: Counter(map(int, said))[n] for n in range(1, 6)}
    assert got.good == (sum(level <= 3 for level in said) / len(said) if said else None)
    bad = [
        r for r in found for _ in range(r.number)
        if r.level is not None and r.level >= 4 and not r.is_default and not r.not_counted
    ]  # fmt: skip
    assert got.bad == len(bad)
    assert got.put_right == (sum(r.put_right for r in bad) / len(bad) if bad else None)
    assert got.called_back == (sum(r.called_back for r in bad) / len(bad) if bad else None)
    assert got.defaults == sum(default and level is not None for level, default, _ in each)
    by_people = sum(level is not None and not default for level, default, _ in each)
    assert got.active == (by_people / len(each) if each else None)


def test_the_best_level_is_one_and_has_five_stars():
    assert [level.stars for level in Level] == [5, 4, 3, 2, 1]
    assert [level for level in Level if level.is_bad] == [4, 5]
