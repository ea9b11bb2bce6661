"""Renewals on which nobody decides before the licence ends (art. 50): deemed granted by the tick, warned of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from yichuang.api import LicenceDraft, LicenceRef, hookimpl
from yichuang.api import hall as h
from yichuang_acceptance.operations.decide import SILENCE
from yichuang_acceptance.rules.exchange import RESULTS
from yichuang_acceptance.rules.renewals import is_timely, renewed_to, silence_ends

from .conftest import (
    APPROVER,
    BARE,
    CHIEF,
    CLERK,
    COMMITTED,
    ISSUER,
    RECEIVER,
    accepted,
    decision,
    hands,
)
from .forms import load
from .guides import whole as guide
from .life import contents, day, refused, render, rules, see, set_clock, suspend, tick
from .review import HANDLER, ONE_REVIEW, set_graph, staff, waiting
from .test_guides import published
from .test_life_papers import letters, received, the_paper

ROWS = [
    {"label": "店名", "field": "shop", "kind": "text", "needed": "1"},
    {"label": "原许可有效期至", "field": "ends", "kind": "expiry", "needed": "0"},
]
END = "2026-04-20"
FORM = {"shop": "罕山饭馆", "ends": END}


@pytest.fixture
def renewing(suite):
    load(suite, ROWS)
    return suite


def asked(suite: Any, answers: dict[str, str] | None = None, **form: str) -> Any:
    """A case that asks for the renewal of a licence, on 17 March."""
    return accepted(suite, form={**FORM, **form}, answers=answers or {})


def events(suite: Any, case: Any) -> list[str]:
    return [e.event for e in see(suite, case).events]


def whole(suite: Any, case: Any) -> bool:
    return suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None


@pytest.mark.parametrize(
    ("received_on", "until", "timely"),
    [
        ("2026-03-17", "2026-04-16", True),
        ("2026-03-17", "2026-04-15", False),
        ("2026-03-17", "2026-03-01", False),
    ],
)
def test_thirty_days_before_the_end_are_in_time(received_on, until, timely):
    assert is_timely(date.fromisoformat(received_on), date.fromisoformat(until)) == timely
    # nearly midnight in the hall is the day before in UTC
    moment = datetime.fromisoformat(f"{received_on}T23:30:00+08:00")
    end = silence_ends(moment, date.fromisoformat(until))
    assert (end is not None) == timely
    assert end is None or end.isoformat() == f"{until}T23:59:59+08:00"


@pytest.mark.parametrize(
    ("validity", "until", "longer"),
    [
        ("5年", "2026-04-20", "2031-04-20"), ("有效期五年", "2026-04-20", "2031-04-20"), ("3 年", "2028-02-29", "2031-02-28"),
        ("长期", "2026-04-20", None), ("", "2026-04-20", None), ("5年或者3年", "2026-04-20", None),
        ("不超过5年", "2026-04-20", None), ("6个月", "2026-04-20", None), ("最长三年", "2026-04-20", None),
    ],
)  # fmt: skip
def test_the_term_is_what_the_guide_says_plainly(validity, until, longer):
    found = renewed_to(date.fromisoformat(until), validity)
    assert (found.isoformat() if found else None) == longer


def test_a_renewal_that_nobody_decides_on_is_granted_by_law(renewing, clock):
    case = asked(renewing)
    assert day(see(renewing, case).renewal_due_at) == END
    set_clock(clock, END, 23)
    assert tick(renewing).renewed == 0, "the last day lasts until midnight"
    set_clock(clock, "2026-04-21", 0)
    assert renewing.query(CLERK, "acceptance.is_due") is True
    late = decision(renewing, case, reason="不符合条件")
    assert refused(renewing, APPROVER, "acceptance.refuse", late) == "TIME_IS_UP"
    late = decision(renewing, case, CHIEF, cause="other", reason="x", law="x")
    assert refused(renewing, CHIEF, "acceptance.terminate", late) == "TIME_IS_UP"
    assert tick(renewing).renewed == 1
    before = contents(renewing)["acceptance_event"]
    assert tick(renewing).renewed == 0, "any desk may run it, any number of times"
    assert contents(renewing)["acceptance_event"] == before
    seen = see(renewing, case)
    assert (seen.row.state, seen.decider) == ("granted", "")
    last = seen.events[-1]
    assert (last.event, last.source, last.target, last.staff) == ("deemed_grant", "review", "granted", "")
    assert day(seen.deliver_due_at) == "2026-05-04", "ten working days from the end of the licence"
    found = renewing.query(CLERK, "acceptance.alerts", {"case_id": case.case_id})
    assert [a.detail for a in found if a.rule == "V09"] == [SILENCE], (
        "the organ reads what it has to answer for"
    )
    assert whole(renewing, case)


def test_its_paper_says_why_and_goes_the_way_of_every_grant(renewing, clock):
    case = asked(renewing)
    set_clock(clock, "2026-04-21")
    tick(renewing)
    paper = the_paper(renewing, case, "D10")
    read = letters(renewing.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    for words in (
        "2026年3月17日申请延续有效期至2026年4月20日的行政许可",
        "视为准予延续",
        "第五十条第二款",
        "2026年4月21日",
    ):
        assert words in read, (words, read)
    assert see(renewing, case).row.state == "ready"
    assert events(renewing, case)[-3:] == ["deemed_grant", "make", "finish"]
    assert (
        renewing.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER}).state == "delivered"
    )


@pytest.mark.parametrize(("validity", "until"), [("5年", date(2031, 4, 20)), ("按照规定", None)])
def test_a_licence_is_made_where_the_guide_says_how_long_it_lasts(suite, clock, validity, until):
    made: list[Any] = []

    class Keeper:
        """Whoever keeps licences."""

        @hookimpl
        def issue_licence(self, draft: LicenceDraft) -> LicenceRef:
            made.append(draft)
            return LicenceRef("1.2.156.3005.2.x", "JY1", draft.name)

    suite.hooks.register("register", "Register", 99, [Keeper()])
    body = guide(result_validity=validity)
    body["lists"] = {**body["lists"], "form": ROWS}
    published(suite, body=body)
    with suite.database.write() as writer:
        writer.update(h.item_version, {"item": COMMITTED, "version": 2}, result_licence="L1")
    case = asked(suite, answers={"Q1": "是"})
    set_clock(clock, "2026-04-21")
    tick(suite)
    render(suite, case)
    assert see(suite, case).row.state == "ready"
    assert [draft.valid_to for draft in made] == ([until] if until else []), (
        "never one that seems to have no end"
    )


def test_who_decides_in_time_decides(renewing, clock):
    first, second = asked(renewing), asked(renewing, shop="别家")
    set_clock(clock, END, 20)
    renewing.run(APPROVER, "acceptance.grant", decision(renewing, first, opinion="同意"))
    renewing.run(APPROVER, "acceptance.refuse", decision(renewing, second, reason="不符合条件"))
    set_clock(clock, "2026-04-22")
    assert tick(renewing).renewed == 0
    assert [see(renewing, case).row.state for case in (first, second)] == ["granted", "refused"]


def test_it_is_warned_of_ten_days_before(renewing, clock):
    with renewing.database.write() as writer:  # a long limit: nothing else would be amber
        writer.update(h.item_version, {"item": COMMITTED, "version": 1}, promise_amount=60, legal_amount=90)
    case, other = asked(renewing), accepted(renewing, form={"shop": "新店"})
    set_clock(clock, "2026-04-10", 22)
    tick(renewing)
    assert see(renewing, case).row.light == "normal"
    assert "R-renews" not in rules(renewing, case)
    set_clock(clock, "2026-04-11", 9)
    assert renewing.query(CLERK, "acceptance.is_due") is True
    tick(renewing)
    assert [see(renewing, each).row.light for each in (case, other)] == ["warning", "normal"]
    amber = renewing.query(APPROVER, "acceptance.cases", {"tab": "review", "light": "warning"})
    assert [row.id for row in amber] == [case.case_id]
    assert (rules(renewing, case), rules(renewing, other)) == (["R-renews"], [])
    tick(renewing)
    assert rules(renewing, case) == ["R-renews"]


def test_a_special_procedure_does_not_move_the_end_of_the_licence(renewing, clock):
    case = asked(renewing)
    suspend(renewing, case, "2026-05-20")
    set_clock(clock, "2026-04-11")
    tick(renewing)
    assert rules(renewing, case) == ["R-renews"], "it is warned of while the clocks stand"
    set_clock(clock, "2026-04-21")
    assert tick(renewing).renewed == 1
    seen = see(renewing, case)
    assert seen.row.state == "granted"
    assert seen.pauses[-1].ended_at is not None
    assert "视为准予延续" in seen.pauses[-1].result


def test_after_a_pause_it_is_amber_as_before(renewing, clock):
    with renewing.database.write() as writer:
        writer.update(h.item_version, {"item": COMMITTED, "version": 1}, promise_amount=60, legal_amount=90)
    case = asked(renewing)
    suspend(renewing, case, "2026-05-20")
    set_clock(clock, "2026-04-12")
    renewing.run(APPROVER, "acceptance.resume", decision(renewing, case, result="评审通过"))
    assert see(renewing, case).row.light == "warning"


@pytest.mark.parametrize("form", [{"ends": "2026-04-15"}, {"ends": ""}])
def test_asked_for_too_late_or_not_at_all_silence_grants_nothing(renewing, clock, form):
    case = asked(renewing, **form)
    assert see(renewing, case).renewal_due_at is None
    set_clock(clock, "2026-04-22")
    assert tick(renewing).renewed == 0
    assert see(renewing, case).row.state == "review"


def test_only_licences_are_renewed_by_silence(suite, clock):
    load(suite, ROWS, BARE)
    case = accepted(suite, item=BARE, materials=hands(1), form=FORM)
    assert see(suite, case).renewal_due_at is None


def test_where_no_desk_was_open_all_that_has_passed_follows_in_order(renewing, clock):
    case = received(renewing, materials=hands(1, 2, 3), form=FORM)
    set_clock(clock, "2026-04-22")
    done = tick(renewing)
    assert (done.deemed, done.renewed) == (1, 1)
    assert events(renewing, case) == ["receive", "deemed_accept", "dispatch", "deemed_grant"]
    assert tick(renewing).renewed == 0


def test_what_was_complete_only_after_the_end_is_decided_by_people(renewing, clock):
    case = received(renewing, materials=hands(1, 2), form=FORM)
    told = {"case_id": case.case_id, "defects": ["健康证：未提交"], "deadline": "2026-05-15"}
    renewing.run(CLERK, "acceptance.request_correction", told)
    set_clock(clock, "2026-04-22")
    tick(renewing)
    assert see(renewing, case).row.state == "correcting", "it waits for the applicant"
    renewing.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(3)})
    renewing.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    assert see(renewing, case).renewal_due_at is None
    assert tick(renewing).renewed == 0
    renewing.run(APPROVER, "acceptance.refuse", decision(renewing, case, reason="原许可已失效"))


def test_a_day_that_was_mistyped_is_corrected_before_acceptance(renewing, clock):
    case = received(renewing, materials=hands(1, 2, 3), form={**FORM, "ends": "2026-06-20"})
    request = {"case_id": case.case_id, "row_version": see(renewing, case).row.row_version, "form": FORM}
    renewing.run(CLERK, "acceptance.correct_form", request)
    renewing.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    assert day(see(renewing, case).renewal_due_at) == END


def test_what_was_open_of_its_review_is_open_no_more(renewing, clock):
    staff(renewing)
    set_graph(renewing, ONE_REVIEW)
    case = asked(renewing)
    assert "n1" in waiting(renewing, case)
    set_clock(clock, "2026-04-21")
    assert tick(renewing).renewed == 1
    assert waiting(renewing, case) == {}
    assert renewing.query(HANDLER, "acceptance.my_tasks", {"tab": "agency"}) == []


def test_the_figures_and_the_exchange_know_it_as_a_grant(renewing, clock):
    case = asked(renewing)
    set_clock(clock, "2026-04-21")
    tick(renewing)
    render(renewing, case)
    span = {"first": "2026-04-01", "last": "2026-04-30"}
    asking = replace(CHIEF, permissions=CHIEF.permissions | {"acceptance.statistics"})
    grants = renewing.query(asking, "acceptance.published_grants", span).rows
    assert [(row.case_no, row.decided_on.isoformat()) for row in grants] == [(case.case_no, END)]
    assert RESULTS["deemed_grant"] == "1"
