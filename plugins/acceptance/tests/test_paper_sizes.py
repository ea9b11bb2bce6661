"""Receipts and notices on A5 where the hall says so of a desk: made, sealed, printed and kept on that sheet."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from yichuang.api import Actor, UserError, documents
from yichuang_acceptance.operations.paper_sizes import desks_of

from .conftest import APPROVER, CLERK, COMMITTED, accepted, decision, hands, intake
from .life import refused
from .matter_hall import THEME, fill_theme, taken

DESKS = "acceptance.a5_desks"
ELSEWHERE = replace(CLERK, desk="B02")


def say(suite, desks):
    suite.run(Actor.system(), "hall.set", {"key": DESKS, "value": desks})


def page(pdf):
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    width = next(x for x in done.stdout.decode().splitlines() if x.startswith("Page size")).split()[2]
    return {420: "A5", 595: "A4"}[round(float(width))]


def pages(suite, case, actor=CLERK):
    """Kind and sheet of every paper of a case, as it is kept."""
    found = suite.query(actor, "acceptance.papers", {"case_id": case.case_id})
    return {
        p.kind: page(suite.query(actor, "acceptance.paper_file", {"paper_id": p.id}))
        for p in found
        if p.document
    }


def made(suite, actor, **changes):
    case = suite.run(actor, "acceptance.accept", intake(**changes))
    suite.run(actor, "acceptance.render", {"case_id": case.case_id})
    return case


def test_receipts_and_notices_of_a_named_desk_are_on_a5_and_nothing_else(suite):
    say(suite, "A01；C03")
    owed = [*hands(1, 2), {"position": 3, "given": "tolerated"}]
    case = made(suite, CLERK, materials=owed)
    assert pages(suite, case) == {"D3": "A5", "D5": "A4"}, "what the applicant signs for the file stays large"
    assert pages(suite, made(suite, ELSEWHERE)) == {"D3": "A4"}
    first = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    asked = {"case_id": first.case_id}
    suite.run(CLERK, "acceptance.request_correction", {**asked, "defects": ["营业执照：未提交"]})
    suite.run(CLERK, "acceptance.render", asked)
    assert pages(suite, first) == {"D1": "A5", "D2": "A5"}


def test_the_decision_is_on_a4_and_every_desk_can_be_meant(suite):
    say(suite, "*")
    case = made(suite, CLERK)
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    suite.run(CLERK, "acceptance.render", {"case_id": case.case_id})
    assert pages(suite, case)["D10"] == "A4"
    assert pages(suite, case)["D3"] == "A5"


def test_a_paper_stays_on_its_sheet_whoever_makes_it_and_whatever_is_said_later(suite):
    say(suite, "A01")
    case = suite.run(CLERK, "acceptance.accept", intake())
    say(suite, "")
    (paper,) = suite.run(ELSEWHERE, "acceptance.render", {"case_id": case.case_id})
    asked = {"paper_id": paper.id}
    assert page(suite.query(CLERK, "acceptance.print_file", asked)) == "A5"
    suite.run(CLERK, "acceptance.count_print", asked)
    again = suite.query(CLERK, "acceptance.print_file", asked)
    assert page(again) == "A5"
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=again, capture_output=True, check=True
    ).stdout.decode()
    assert "补打" in text


def test_a_sealed_notice_on_a5_has_its_place_for_the_whole_seal(suite):
    say(suite, "A01")
    case = made(suite, CLERK)
    (paper,) = suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})
    places = documents.seal_places(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))
    assert {(place.page_width, place.diameter) for place in places} == {(148.0, 42.0)}


def test_what_is_shown_before_is_on_the_sheet_that_will_be_printed(suite):
    fill_theme(suite)

    def shown(actor):
        preview = suite.query(actor, "acceptance.preview", intake())
        notice = suite.query(actor, "acceptance.notice", {"item": COMMITTED})
        whole = suite.query(actor, "acceptance.matter_notice", {"theme": THEME})
        return [page(pdf) for pdf in (preview, notice, whole)]

    assert shown(CLERK) == ["A4"] * 3
    say(suite, "A01")
    assert shown(CLERK) == ["A5"] * 3
    assert shown(ELSEWHERE) == ["A4"] * 3
    case = suite.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    asked = {"case_id": case.case_id, "kind": "D2", "facts": {"defects": "营业执照：未提交"}}
    assert page(suite.query(CLERK, "acceptance.paper_preview", asked)) == "A5"
    refusal = {"reason": "x", "law": "x", "kind": "not_in_form", "proper_agency": ""}
    asked = {"case_id": case.case_id, "kind": "D4", "facts": refusal}
    assert page(suite.query(CLERK, "acceptance.paper_preview", asked)) == "A4"


def test_the_notice_of_a_matter_is_on_a5(suite):
    fill_theme(suite)
    say(suite, "A01")
    whole = taken(suite)
    suite.run(CLERK, "acceptance.render", {"case_id": whole.case_id})
    assert pages(suite, whole)["D17"] == "A5"


@pytest.mark.parametrize("wrong", ["A01 A02", 7, "A01;B 2"])
def test_a_setting_that_names_no_desks_is_refused(suite, wrong):
    with pytest.raises(UserError) as error:
        say(suite, wrong)
    assert error.value.code in ("DESKS_BAD", "BAD_SETTING", "BAD_REQUEST")


def test_desks_are_named_with_either_semicolon():
    assert desks_of("A01; A02；；B03 ") == {"A01", "A02", "B03"}
    assert desks_of("") == frozenset()


def test_nobody_without_the_right_changes_it(suite):
    assert refused(suite, CLERK, "hall.set", {"key": DESKS, "value": "A01"}) == "NOT_PERMITTED"
    assert accepted(suite)
