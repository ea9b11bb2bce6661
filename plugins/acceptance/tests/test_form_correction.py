"""Errors in an application are corrected on the spot (art. 32 (3)): when, by whom, what is recorded and confirmed again."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from yichuang.api import UserError, entries_about, select
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import shown

from .applicant_steps import SIGNATURE, signed
from .conftest import APPROVER, BARE, CLERK, COMMITTED, STRANGER, accepted, hands, intake
from .forms import GOOD, load
from .life import at_once, contents, refused, render, see, set_clock
from .matter_hall import FOOD_AT, SIGN_AT, fill_theme, matter, part, taken
from .message_gateway import choose
from .test_application_paper import FILLED, SOURCES, made
from .test_life_papers import read, received

COLLEAGUE = replace(CLERK, staff_id=8, account="colleague", name="窗口二", desk="A02")
PHONE = "13904761111"


def with_form(suite: Any, **more: Any) -> Any:
    load(suite)
    return received(suite, item=COMMITTED, materials=hands(1, 2), form=FILLED, sources=SOURCES, **more)


def correction(suite: Any, case: Any, **changed: Any) -> dict[str, Any]:
    """What a desk sends that has the case in front of it now."""
    found = suite.query(CLERK, "acceptance.form_to_correct", {"case_id": case.case_id})
    form = {**found.values, **changed.pop("form", {})}
    return {"case_id": case.case_id, "row_version": found.row_version, "form": form, **changed}


def correct(suite: Any, case: Any, actor: Any = CLERK, **changed: Any) -> Any:
    return suite.run(actor, "acceptance.correct_form", correction(suite, case, **changed))


def no(suite: Any, case: Any, actor: Any = CLERK, **changed: Any) -> str:
    return refused(suite, actor, "acceptance.correct_form", correction(suite, case, **changed))


def row_of(suite: Any, case: Any) -> Any:
    with suite.database.read() as reader:
        return reader.one(select(t.case).where(t.case.c.id == case.case_id))


def signature(suite: Any, case: Any) -> bytes:
    return suite.executor.read(CLERK, lambda reading: shown.signature_of(reading, case.case_id))


def sheets(suite: Any, case: Any) -> list[Any]:
    render(suite, case)
    return [paper for paper in see(suite, case).papers if paper.kind == "A1"]


def whole(suite: Any, case: Any) -> bool:
    return suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None


def confirmed(suite: Any, case: Any) -> Any:
    showing = suite.run(CLERK, "acceptance.show_corrected", {"case_id": case.case_id})
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    return suite.run(CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})


def test_form_and_telephone_number_are_corrected_and_one_event_names_the_fields(suite):
    case = with_form(suite)
    before = row_of(suite, case)
    answer = correct(suite, case, form={"shop": "罕山酒家", "area": "90"}, phone="139 0476 1111")
    assert answer.state == "received"
    row = row_of(suite, case)
    assert (row.form, row.phone) == ({**before.form, "shop": "罕山酒家", "area": 90}, PHONE)
    assert row.row_version == before.row_version + 1
    assert (row.telling_due_at, row.timer_at) == (before.telling_due_at, before.timer_at), (
        "no clock begins anew"
    )
    with suite.database.read() as reader:
        events = reader.all(select(t.event).where(t.event.c.case_id == row.id).order_by(t.event.c.seq))
    assert [e.event for e in events] == ["receive", "correct_form"]
    assert events[-1].opinion == "店名、经营面积（平方米）、联系电话"
    assert events[-1].payload["fields"] == ["area", "shop"]
    assert whole(suite, case)


def test_neither_the_chain_nor_the_journal_tells_what_stood_there(suite):
    case = with_form(suite)
    correct(suite, case, form={"boss": "其其格"}, phone=PHONE)
    with suite.database.read() as reader:
        events = reader.all(select(t.event).where(t.event.c.case_id == case.case_id))
        entries = [
            e for e in entries_about(reader, f"case:{case.case_no}") if e.event == "acceptance.correct_form"
        ]
    assert len(entries) == 1
    told = str([e.payload for e in events] + [e.opinion for e in events] + [e.detail for e in entries])
    for private in (PHONE, "13804760000", "其其格", "苏日娜"):
        assert private not in told


HOME = {"address": "阿鲁科尔沁旗天山镇", "zip": "025550"}


def test_where_post_reaches_the_applicant_is_corrected_too(suite):
    case = with_form(suite)
    correct(suite, case, legal="没有人", **HOME)
    row = row_of(suite, case)
    assert (row.legal, row.address, row.zip) == ("", *HOME.values()), "nobody represents a person by law"
    with suite.database.read() as reader:
        event = reader.one(
            select(t.event).where(t.event.c.case_id == case.case_id, t.event.c.event == "correct_form")
        )
        told = str([e.detail for e in entries_about(reader, f"case:{case.case_no}")])
    assert event.opinion == "通讯地址、邮政编码"
    assert event.payload["reach"] == ["address", "zip"]
    assert HOME["address"] not in str(event.payload) + told, "which, never what"
    found = suite.query(CLERK, "acceptance.form_to_correct", {"case_id": case.case_id})
    assert (found.reach, found.organisation) == ({"legal": "", **HOME}, False)
    assert no(suite, case, **HOME) == "NOTHING_CORRECTED"
    assert no(suite, case, zip="2555") == "BAD_REQUEST"


def test_a_case_that_waits_for_papers_is_corrected_as_well(suite):
    case = with_form(suite)
    suite.run(
        CLERK, "acceptance.request_correction", {"case_id": case.case_id, "defects": ["健康证：未提交"]}
    )
    before = row_of(suite, case)
    assert correct(suite, case, form={"shop": "罕山酒家"}).state == "correcting"
    assert row_of(suite, case).correction_due_at == before.correction_due_at
    suite.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(3)})
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    assert see(suite, case).form["店名"] == "罕山酒家"
    assert whole(suite, case)


def test_an_item_without_a_form_keeps_its_values_by_name(suite):
    case = received(suite, item=BARE, materials=hands(1), form={"联系地址": "天山镇"})
    correct(suite, case, form={"联系地址": "罕苏木"})
    seen = see(suite, case)
    assert seen.form == {"联系地址": "罕苏木"}
    assert seen.events[-1].opinion == "联系地址"


def test_the_form_is_checked_as_at_intake(suite):
    case = with_form(suite)
    request = correction(suite, case, form={"area": "0", "shop": ""})
    before = contents(suite)
    with pytest.raises(UserError) as error:
        suite.run(CLERK, "acceptance.correct_form", request)
    assert error.value.code == "FORM_INCOMPLETE"
    assert [p["path"] for p in error.value.detail["problems"]] == ["$.shop", "$.area"]
    assert contents(suite) == before
    assert no(suite, case, phone="123") == "BAD_PHONE"


def test_a_correction_that_changes_nothing_is_refused(suite):
    case = with_form(suite)
    assert no(suite, case) == "NOTHING_CORRECTED"
    assert no(suite, case, form={"area": " 80.5 "}, phone="138 0476 0000") == "NOTHING_CORRECTED"


def test_after_acceptance_nothing_is_corrected(suite):
    case = with_form(suite)
    request = correction(suite, case, form={"shop": "罕山酒家"})
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    assert refused(suite, CLERK, "acceptance.correct_form", request) == "ILLEGAL_STEP"
    assert refused(suite, CLERK, "acceptance.show_corrected", {"case_id": case.case_id}) == "ILLEGAL_STEP"
    with pytest.raises(UserError) as error:
        suite.query(CLERK, "acceptance.form_to_correct", {"case_id": case.case_id})
    assert error.value.code == "ILLEGAL_STEP"


def test_when_the_law_has_decided_it_is_too_late(suite, clock):
    case = with_form(suite)
    request = correction(suite, case, form={"shop": "罕山酒家"})
    set_clock(clock, "2026-03-26")
    assert refused(suite, CLERK, "acceptance.correct_form", request) == "TIME_IS_UP"


def test_only_windows_that_see_the_case_correct_it(suite):
    case = with_form(suite)
    assert no(suite, case, STRANGER, form={"shop": "罕山酒家"}) == "NOT_YOUR_AGENCY"
    assert no(suite, case, APPROVER, form={"shop": "罕山酒家"}) == "NOT_PERMITTED"


def test_of_two_desks_at_once_one_corrects_and_the_other_is_told(suite):
    case = with_form(suite)
    mine = correction(suite, case, form={"shop": "罕山酒家"})
    theirs = correction(suite, case, form={"shop": "罕山小吃"})
    got = at_once(
        lambda: suite.run(CLERK, "acceptance.correct_form", mine).state,
        lambda: suite.run(COLLEAGUE, "acceptance.correct_form", theirs).state,
    )
    assert sorted(got) == ["CHANGED_MEANWHILE", "received"]
    assert [e.event for e in see(suite, case).events] == ["receive", "correct_form"]
    assert whole(suite, case)


# ---- the form on paper ----


def test_a_new_form_takes_the_place_of_the_one_that_was_printed(suite):
    case = with_form(suite)
    made(suite, case)
    (first,) = sheets(suite, case)
    correct(suite, case, form={"shop": "罕山酒家"})
    render(suite, case)
    correct(suite, case, form={"place": "天山镇罕山路2号"})
    old, middle, new = sheets(suite, case)
    assert [(p.number, p.replaced) for p in (old, middle, new)] == [
        ("", "更正1"),
        ("更正1", "更正2"),
        ("更正2", ""),
    ]
    assert old.id == first.id
    assert "罕山饭馆" in read(suite, old)
    assert "罕山酒家" in read(suite, new)
    assert "天山镇罕山路2号" in read(suite, new)
    sources = [read(suite, paper).count("电子证照") for paper in (old, middle, new)]
    assert sources == [2, 2, 1], (
        "what was typed came from no licence; the head of the materials says it as well"
    )
    assert "身份证" in read(suite, new), "what stayed came from where it came"
    assert made(suite, case).id == new.id, "the one that holds is printed"


def test_where_no_form_was_made_none_is_replaced(suite):
    case = with_form(suite)
    correct(suite, case, form={"shop": "罕山酒家"})
    assert sheets(suite, case) == []
    made(suite, case)
    (paper,) = sheets(suite, case)
    assert (paper.number, paper.replaced) == ("", "")
    assert "罕山酒家" in read(suite, paper)


# ---- the applicant's confirmation ----


def entered_with_signature(suite: Any) -> Any:
    load(suite)
    what = {"item": COMMITTED, "materials": hands(1, 2), "form": GOOD}
    return suite.run(CLERK, "acceptance.receive", intake(**what, showing_id=signed(suite, **what).id))


def test_what_was_signed_before_stands_no_more_until_the_applicant_signs_again(suite):
    case = entered_with_signature(suite)
    assert signature(suite, case)
    assert not see(suite, case).unconfirmed
    correct(suite, case, form={"shop": "罕山酒家"})
    assert signature(suite, case) == b""
    assert see(suite, case).unconfirmed
    showing = suite.run(CLERK, "acceptance.show_corrected", {"case_id": case.case_id})
    lines = {line.label: line.value for line in showing.content.lines}
    assert (lines["店名"], lines["申请人"], lines["联系电话"]) == ("罕山酒家", "苏*娜", "138****0000")
    assert lines["提交材料"] == "2 份"
    assert see(suite, case).unconfirmed, "shown is not confirmed"
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    assert not see(suite, case).unconfirmed
    suite.run(CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})
    assert signature(suite, case)
    correct(suite, case, phone=PHONE)
    assert signature(suite, case) == b"", "a second correction is confirmed by itself"
    assert see(suite, case).unconfirmed


def test_a_screen_with_what_stood_there_before_confirms_nothing(suite):
    case = with_form(suite)
    correct(suite, case, form={"shop": "罕山酒家"})
    old = suite.run(CLERK, "acceptance.show_corrected", {"case_id": case.case_id})
    correct(suite, case, COLLEAGUE, form={"shop": "罕山小吃"})
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": old.id})
    assert see(suite, case).unconfirmed


def test_a_new_push_or_the_clerk_takes_the_old_one_away_but_not_what_was_confirmed(suite):
    case = with_form(suite)
    correct(suite, case, form={"shop": "罕山酒家"})
    first = suite.run(CLERK, "acceptance.show_corrected", {"case_id": case.case_id})
    second = suite.run(CLERK, "acceptance.show_corrected", {"case_id": case.case_id})
    assert suite.query(CLERK, "acceptance.showing", {"showing_id": first.id}).state == "ended"
    assert suite.run(CLERK, "acceptance.end_showing", {"showing_id": second.id}).state == "ended"
    third = confirmed(suite, case)
    assert refused(suite, CLERK, "acceptance.end_showing", {"showing_id": third.id}) == "SHOWING_CLOSED"
    with suite.database.read() as reader:
        kept = reader.all(select(a.showing.c.state).where(a.showing.c.case_id == case.case_id))
    assert sorted(row.state for row in kept) == ["ended", "ended", "signed"]


def test_a_form_that_was_printed_to_sign_counts_as_confirmed_and_acceptance_never_waits(suite):
    case = with_form(suite)
    correct(suite, case, form={"shop": "罕山酒家"})
    made(suite, case)
    (paper,) = sheets(suite, case)
    assert see(suite, case).unconfirmed
    suite.run(CLERK, "acceptance.count_print", {"paper_id": paper.id})
    assert not see(suite, case).unconfirmed
    correct(suite, case, form={"shop": "罕山小吃"})
    assert see(suite, case).unconfirmed, "the printed one holds no more"
    accepted_one = suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    assert accepted_one.state == "review", "as at the intake: a confirmation is offered, not demanded"


def test_a_confirmed_correction_is_for_no_other_application(suite):
    case = with_form(suite)
    correct(suite, case, form={"shop": "罕山酒家"})
    showing = confirmed(suite, case)
    with pytest.raises(UserError) as error:
        accepted(suite, form=GOOD, showing_id=showing.id)
    assert error.value.code == "NOT_CONFIRMED"


def test_an_item_of_a_matter_is_corrected_by_itself_and_the_others_stay_signed(suite):
    fill_theme(suite)
    showing = suite.run(CLERK, "acceptance.show_matter", matter())
    suite.run(CLERK, "acceptance.confirm_shown", {"showing_id": showing.id})
    suite.run(CLERK, "acceptance.sign_shown", {"showing_id": showing.id, **SIGNATURE})
    of = taken(suite, showing_id=showing.id)
    food = SimpleNamespace(case_id=part(suite, of, FOOD_AT).case_id)
    sign = SimpleNamespace(case_id=part(suite, of, SIGN_AT).case_id)
    assert see(suite, food).row.state == "received", "it waits for something before it"
    name = next(iter(suite.query(CLERK, "acceptance.form_to_correct", {"case_id": food.case_id}).values))
    correct(suite, food, form={name: "罕山酒家"})
    assert signature(suite, food) == b""
    assert signature(suite, sign), "what the others say was signed as it is"
    confirmed(suite, food)
    assert signature(suite, food)
    assert whole(suite, food)
    assert whole(suite, sign)


def test_messages_that_have_not_gone_out_go_to_the_right_number(suite):
    choose(suite, gateway="file")
    case = with_form(suite)
    suite.run(
        CLERK, "acceptance.request_correction", {"case_id": case.case_id, "defects": ["健康证：未提交"]}
    )
    with suite.database.write() as writer:  # one of two that a sender has in hand
        row = writer.one(select(n.message).where(n.message.c.case_id == case.case_id))
        values = {**row._mapping, "key": "in hand", "kind": "remind", "claim": "sender"}
        values.pop("id")
        writer.insert(n.message, **values)
    correct(suite, case, phone=PHONE)
    with suite.database.read() as reader:
        told = {row.kind: row.phone for row in reader.all(select(n.message))}
    assert told == {"correct": PHONE, "remind": "13804760000"}
