"""Papers that come after the intake: promised ones, and what an applicant adds unasked; receipt and event for each."""

from __future__ import annotations

import pytest

from yichuang.api import select
from yichuang_acceptance import tables as t

from .conftest import APPROVER, CLERK, ISSUER, STRANGER, accepted, decision, hands
from .life import grant, refused, render, rules, see, set_clock, suspend, tick
from .test_life_papers import read, received

MORE = {"name": "村民签名表", "originals": 1, "copies": 0, "own_accord": True}


PDF = b"%PDF-1.7 as it came"


def owing(suite):
    return accepted(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}])


def more(suite, case, actor=CLERK, **changed):
    return suite.run(actor, "acceptance.take_voluntary", {"case_id": case.case_id, **MORE, **changed})


def no(suite, case, actor=CLERK, **changed):
    return refused(suite, actor, "acceptance.take_voluntary", {"case_id": case.case_id, **MORE, **changed})


def receipts(suite, case):
    render(suite, case)
    return [read(suite, paper) for paper in see(suite, case).papers if paper.kind == "D1"]


def test_what_was_brought_in_time_is_not_reminded_of_and_has_a_receipt_and_an_event(suite, clock):
    case = owing(suite)
    before = len(receipts(suite, case))
    suite.run(
        CLERK, "acceptance.bring", {"case_id": case.case_id, "position": 3, "originals": 1, "copies": 2}
    )
    seen = see(suite, case)
    assert seen.events[-1].event == "hand_in"
    assert seen.events[-1].opinion == seen.materials[2].name
    receipt = receipts(suite, case)[-1]
    assert len(receipts(suite, case)) == before + 1
    assert "补交材料接收凭证" in receipt
    assert seen.materials[2].name in receipt
    assert seen.materials[0].name not in receipt, "it lists what came now"
    assert suite.query(CLERK, "acceptance.verify_case", {"case_id": case.case_id}).broken_at is None
    set_clock(clock, "2026-03-26")
    tick(suite)
    assert "R-material" not in rules(suite, case), "nothing is owed any more"


def test_what_is_still_owed_is_reminded_of(suite, clock):
    case = owing(suite)
    set_clock(clock, "2026-03-26")
    tick(suite)
    assert "R-material" in rules(suite, case)


def test_an_applicant_may_add_papers_that_nobody_asked_for(suite):
    case = accepted(suite)
    count = len(see(suite, case).materials)
    page = suite.run(CLERK, "acceptance.keep_page", {"data": PDF, "media_type": "application/pdf"})
    more(suite, case, pages=[page])
    more(suite, case, name="邻居说明", copies=2)
    added = see(suite, case).materials[count:]
    assert [(m.position, m.name, m.need, m.given, m.originals, m.copies, list(m.pages)) for m in added] == [
        (count + 1, "其他（自愿提交）：村民签名表", "voluntary", "paper", 1, 0, [page]),
        (count + 2, "其他（自愿提交）：邻居说明", "voluntary", "paper", 1, 2, []),
    ]
    receipt = receipts(suite, case)[-1]
    assert "村民签名表" in receipt
    assert "邻居说明" in receipt, "both came before the receipt was made"
    suspend(suite, case)
    more(suite, case, name="补充说明")
    assert see(suite, case).row.state == "suspended"


def test_it_never_stands_in_the_way_of_acceptance(suite):
    case = received(suite)
    more(suite, case)
    suite.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    grant(suite, case)
    assert see(suite, case).row.state in ("granted", "ready")
    assert no(suite, case) == "CASE_DECIDED"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"own_accord": False}, "NOT_OWN_ACCORD"),
        ({"originals": 0}, "NO_SHEETS"),
        ({"name": "申请书"}, "ASKED_FOR_ALREADY"),
        ({"name": " "}, "BAD_REQUEST"),
        ({"pages": ["0" * 64]}, "FILE_MISSING"),
    ],
)
def test_what_is_refused_changes_nothing(suite, changed, code):
    case = accepted(suite)
    if code == "ASKED_FOR_ALREADY":
        changed = {"name": see(suite, case).materials[0].name}
    assert no(suite, case, **changed) == code


def test_only_windows_that_see_the_case_take_it(suite):
    case = accepted(suite)
    assert no(suite, case, STRANGER) == "NOT_YOUR_AGENCY"
    assert no(suite, case, APPROVER) == "NOT_PERMITTED"
    assert no(suite, case, ISSUER) == "NOT_PERMITTED"


def test_a_decision_after_it_needs_a_fresh_look(suite):
    """Whoever decides has seen what came in: the version that they looked at is older."""
    case = accepted(suite)
    looked = decision(suite, case, opinion="同意")
    more(suite, case)
    assert refused(suite, APPROVER, "acceptance.grant", looked) == "CHANGED_MEANWHILE"


def test_rows_say_what_it_is(suite):
    case = accepted(suite)
    more(suite, case)
    kinds = select(t.material.c.need).where(t.material.c.case_id == case.case_id)
    with suite.database.read() as reader:
        assert [row.need for row in reader.all(kinds)].count("voluntary") == 1
