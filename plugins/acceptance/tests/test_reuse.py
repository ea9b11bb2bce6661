"""Earlier materials stand for paper with consent and leave a trace; an open case of the same kind is told before a second one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yichuang.api import entries_about, hall, select
from yichuang_acceptance import applicant_tables as a

from .applicant_steps import shown
from .conftest import CLERK, COMMITTED, INSTANT, STRANGER, Clock, accepted, citizen, hands, intake
from .life import refused, set_clock

WHO = {"code_kind": "111", "code": citizen()}


@pytest.fixture
def page(suite):
    return suite.run(CLERK, "acceptance.keep_page", {"data": b"\x89PNG page", "media_type": "image/png"})


@pytest.fixture
def earlier(suite, page):
    return accepted(suite, materials=[*hands(1), *hands(2, pages=[page]), *hands(3)])


def offered(suite, actor=CLERK, item=INSTANT, **more):
    return suite.query(actor, "acceptance.reusable", {"item": item, **WHO, **more})


def reusing(found, **more):
    hand = {"position": found.position, "given": "paper", "copies": 1, "pages": list(found.pages),
            "reused": found.material_id, "consent": True, **more}  # fmt: skip
    return [*hands(1, 3), hand]


def test_a_kept_material_of_the_same_applicant_is_offered(suite, earlier, page):
    (found,) = offered(suite)
    assert (found.position, found.name, found.case_no, found.pages) == (
        2,
        "营业执照",
        earlier.case_no,
        (page,),
    )
    assert offered(suite, code=citizen("15042119880101001")) == [], "somebody else's"


def test_using_it_needs_consent_and_names_its_case(suite, earlier, page):
    (found,) = offered(suite)
    without = intake(INSTANT, materials=reusing(found, consent=False))
    assert refused(suite, CLERK, "acceptance.accept", without) == "REUSE_NOT_AGREED"
    case = accepted(suite, item=INSTANT, materials=reusing(found))
    with suite.database.read() as reader:
        (row,) = reader.all(select(a.reuse))
        told = [e for e in entries_about(reader, f"case:{case.case_no}") if e.event == "acceptance.reuse"]
    assert (row.case_id, row.source_case_id, row.position) == (case.case_id, earlier.case_id, 2)
    assert earlier.case_no in str(told[0].detail)


def test_the_applicant_is_shown_to_what_the_signature_agrees(suite, earlier):
    (found,) = offered(suite)
    showing = shown(suite, item=INSTANT, materials=reusing(found))
    assert showing.content.consents == ("以前提交的材料：营业执照",)


def test_nothing_else_can_be_passed_off_as_an_earlier_material(suite, earlier, page):
    (found,) = offered(suite)
    other = {"name": "其其格", "code_kind": "111", "code": citizen("15042119880101001"), "phone": ""}
    other_page = suite.run(CLERK, "acceptance.keep_page", {"data": b"\x89PNG x", "media_type": "image/png"})
    tries = [
        intake(INSTANT, applicant=other, materials=reusing(found)),
        intake(INSTANT, materials=reusing(found, pages=[other_page])),
        intake(INSTANT, materials=reusing(found, reused=found.material_id + 1)),
        intake(INSTANT, materials=[*hands(1, 2), {**reusing(found)[-1], "position": 3}]),
    ]
    for request in tries:
        assert refused(suite, CLERK, "acceptance.accept", request) == "REUSE_REFUSED"


def test_it_is_offered_only_while_it_is_valid(suite, earlier, clock: Clock):
    (found,) = offered(suite)
    with suite.database.write() as writer:
        writer.insert(hall.setting, key="acceptance.reuse_days", value=30)
    set_clock(clock, "2026-04-10")
    assert len(offered(suite)) == 1
    set_clock(clock, "2026-04-20")
    assert offered(suite) == []
    late = intake(INSTANT, materials=reusing(found))
    assert refused(suite, CLERK, "acceptance.accept", late) == "REUSE_REFUSED"


def test_another_agency_is_offered_nothing_and_warned_of_nothing(suite, earlier):
    assert offered(suite, STRANGER) == []
    assert suite.query(STRANGER, "acceptance.open_cases", {"item": COMMITTED, **WHO}) == []
    everywhere = replace(STRANGER, permissions=STRANGER.permissions | {"acceptance.see_all"})
    assert len(offered(suite, everywhere)) == 1, "a window that serves every agency"


def test_an_open_case_for_the_same_item_is_told_with_its_facts(suite, earlier):
    ask = {"item": COMMITTED, **WHO}
    (found,) = suite.query(CLERK, "acceptance.open_cases", ask)
    assert (found.case_no, found.acceptor, found.desk, found.materials) == (
        earlier.case_no,
        CLERK.name,
        "A01",
        3,
    )
    assert suite.query(CLERK, "acceptance.open_cases", {**ask, "item": INSTANT}) == []
    suite.run(CLERK, "acceptance.withdraw", {"case_id": earlier.case_id, "reason": "不办了", "signed": True})
    assert suite.query(CLERK, "acceptance.open_cases", ask) == [], "it is closed"
