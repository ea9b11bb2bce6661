"""The ends of a matter: what a refusal asks, stopping, going on, withdrawing; all results in one pick-up."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from .conftest import APPROVER, CHIEF, CLERK, ISSUER, citizen, hands
from .life import at_once, refused, render, set_clock, tick
from .matter_hall import (
    CHECKED,
    FIRE_AT,
    FOOD,
    FOOD_AT,
    NAMES,
    SIGN_AT,
    case_of,
    decide,
    detail,
    fill_theme,
    matter,
    part,
    pick_up,
    states,
    taken,
    verified,
)


@pytest.fixture
def themed(suite):
    fill_theme(suite)
    return suite


# ---- a refusal, and withdrawing ----


def test_stopping_after_a_refusal_takes_the_rest_back_against_a_signature(themed):
    of = taken(themed)
    decide(themed, of, SIGN_AT, "refuse")
    stop = {"matter_id": of.matter_id, "position": SIGN_AT, "answer": "stop"}
    assert refused(themed, CLERK, "acceptance.answer_refusal", stop) == "REQUEST_NOT_SIGNED"
    assert themed.run(CLERK, "acceptance.answer_refusal", stop | {"signed": True}) == "ready"
    assert states(themed, of) == {
        CHECKED: "dropped",
        FOOD_AT: "withdrawn",
        SIGN_AT: "refused",
        FIRE_AT: "withdrawn",
    }
    assert detail(themed, of).question is None
    assert refused(themed, CLERK, "acceptance.answer_refusal", stop | {"signed": True}) == "NOT_ASKED"
    assert pick_up(themed, of).state == "done"


def test_going_on_leaves_what_can_no_longer_begin(themed):
    of = taken(themed)
    assert verified(themed, of, "refused") == "review"
    view = detail(themed, of)
    assert (view.question, view.lost, view.proposal) == (CHECKED, [NAMES[FOOD]], "go_on")
    answer = {"matter_id": of.matter_id, "position": CHECKED, "answer": "go_on"}
    themed.run(CLERK, "acceptance.answer_refusal", answer)
    assert states(themed, of) == {
        CHECKED: "refused",
        FOOD_AT: "not_accepted",
        SIGN_AT: "review",
        FIRE_AT: "review",
    }
    food = case_of(themed, of, FOOD_AT)
    render(themed, type("Case", (), {"case_id": food.row.id}))
    assert "D4" in [p.kind for p in case_of(themed, of, FOOD_AT).papers], "in writing, with the reason"
    assert "企业营业执照信息核验" in food.events[-1].opinion


def test_a_refusal_after_which_nothing_is_left_asks_nothing(themed):
    of = taken(themed, verified={CHECKED: "在业"})
    decide(themed, of, FOOD_AT)
    decide(themed, of, FIRE_AT)
    decide(themed, of, SIGN_AT, "refuse")
    assert detail(themed, of).question is None
    assert detail(themed, of).row.state == "ready"


def test_an_item_that_ends_in_another_way_asks_as_well(themed, clock):
    lapsed = themed.run(CLERK, "acceptance.receive_matter", matter(materials=hands(1, 2, 3, 4)))
    withdrawn, ended = taken(themed), taken(themed)
    one = {"case_id": part(themed, withdrawn, FIRE_AT).case_id, "reason": "不需要了", "signed": True}
    themed.run(CLERK, "acceptance.withdraw", one)
    fire = case_of(themed, ended, FIRE_AT).row
    cause = {"cause": "lapsed", "reason": "场所已拆除", "law": "《行政许可法》第七十条"}
    themed.run(CHIEF, "acceptance.terminate", {"case_id": fire.id, "row_version": fire.row_version, **cause})
    set_clock(clock, "2026-05-20")
    tick(themed)
    assert states(themed, lapsed)[FIRE_AT] == "terminated", "nothing was corrected"
    assert [detail(themed, of).question for of in (lapsed, withdrawn, ended)] == [FIRE_AT] * 3


def test_stopping_and_deciding_at_one_moment_leave_one_outcome(themed):
    of = taken(themed)
    decide(themed, of, SIGN_AT, "refuse")
    fire = case_of(themed, of, FIRE_AT).row
    stop = {"matter_id": of.matter_id, "position": SIGN_AT, "answer": "stop", "signed": True}
    granted = {"case_id": fire.id, "row_version": fire.row_version, "opinion": "同意"}
    got = at_once(
        lambda: themed.run(CLERK, "acceptance.answer_refusal", stop),
        lambda: themed.run(APPROVER, "acceptance.grant", granted),
    )
    assert len(got) == 2
    assert states(themed, of)[FIRE_AT] in ("withdrawn", "granted")
    assert states(themed, of)[FOOD_AT] == "withdrawn"
    assert detail(themed, of).question is None


def test_a_question_is_gone_once_the_rest_is_decided(themed):
    of = taken(themed, verified={CHECKED: "在业"})
    decide(themed, of, SIGN_AT, "refuse")
    assert detail(themed, of).question == SIGN_AT
    decide(themed, of, FOOD_AT)
    decide(themed, of, FIRE_AT)
    assert detail(themed, of).question is None


def test_withdrawing_the_whole_ends_what_is_undecided_and_leaves_what_is_decided(themed):
    of = taken(themed)
    decide(themed, of, FIRE_AT)
    asked = {"matter_id": of.matter_id, "reason": "不再开店"}
    assert refused(themed, CLERK, "acceptance.withdraw_matter", asked) == "REQUEST_NOT_SIGNED"
    assert themed.run(CLERK, "acceptance.withdraw_matter", asked | {"signed": True}) == "ready"
    assert states(themed, of) == {
        CHECKED: "dropped",
        FOOD_AT: "withdrawn",
        SIGN_AT: "withdrawn",
        FIRE_AT: "ready",
    }
    assert (
        refused(themed, CLERK, "acceptance.withdraw_matter", asked | {"signed": True})
        == "NOTHING_TO_WITHDRAW"
    )


# ---- one pick-up ----


def ready(suite):
    of = taken(suite, verified={CHECKED: "在业"})
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(suite, of, position)
    return of


def test_every_file_holds_the_notice_and_the_receipt_of_the_whole(themed):
    of = ready(themed)
    pick_up(themed, of)
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        case = case_of(themed, of, position)
        render(themed, type("Case", (), {"case_id": case.row.id}))
    kept = {}
    for position in (FOOD_AT, FIRE_AT):
        case = case_of(themed, of, position)
        kept[position] = themed.run(ISSUER, "acceptance.archive", {"case_id": case.row.id})
        assert kept[position].papers == len(case.papers) + (0 if position == FOOD_AT else 2)


def test_one_consignment_carries_all_results(themed):
    of = ready(themed)
    mail = {"mode": "mail", "mail_no": "EA123456789CN", "address": "天山镇罕山路1号", "receiver_code": ""}
    assert pick_up(themed, of, **mail).results == 3
    numbers = [case_of(themed, of, n).delivery.mail_no for n in (FOOD_AT, SIGN_AT, FIRE_AT)]
    assert numbers == ["EA123456789CN", "EA123456789CN-2", "EA123456789CN-3"]
    assert [p.kind for p in detail(themed, of).papers] == ["D17", "D14"]


def test_a_result_that_may_not_go_out_keeps_all_of_them_in(themed):
    of = ready(themed)
    with themed.database.write() as writer:
        writer.execute(
            text(
                "UPDATE acceptance_paper SET state = 'waiting_seal', facts = '{}' WHERE kind = 'D10' AND case_id = 3"
            )
        )
    asked = {"matter_id": of.matter_id, "receiver": "苏日娜", "receiver_code": citizen()}
    assert refused(themed, ISSUER, "acceptance.deliver_matter", asked) == "PAPER_NOT_READY"
    assert (
        refused(themed, ISSUER, "acceptance.deliver_matter", asked | {"receiver_code": ""})
        == "IDENTITY_MISSING"
    )


def test_a_single_result_can_still_go_out_by_itself(themed):
    of = taken(themed)
    decide(themed, of, FIRE_AT)
    alone = {"case_id": part(themed, of, FIRE_AT).case_id, "receiver": "苏日娜", "receiver_code": citizen()}
    assert themed.run(ISSUER, "acceptance.deliver", alone).state == "delivered"
    assert detail(themed, of).row.state == "review"
