"""Who was asked first (首问负责): whoever began the draft, however often it was handed on, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import UserError, entries_about, hall

from .conftest import APPROVER, CLERK, OTHER, accepted, citizen, intake
from .life import refused, see
from .matter_hall import case_of, detail, fill_theme, matter

ACCEPTS = "acceptance.accept"
MAID = replace(CLERK, staff_id=21, account="maid", name="娜仁", desk="A02")
AWAY = replace(CLERK, staff_id=22, account="away", name="离职者")
LOOKS = replace(CLERK, staff_id=23, account="looks", name="咨询员")
ELSEWHERE = replace(CLERK, staff_id=24, account="else", name="宝音", agency=OTHER)


def staffed(suite: Any) -> Any:
    """A hall with three people at windows, one who has left and one who does not take applications in."""
    with suite.database.write() as writer:
        for role, permission in (("window", ACCEPTS), ("look", "acceptance.view")):
            writer.insert(hall.role, code=role, name=role)
            writer.insert(hall.role_permission, role=role, permission=permission)
        for actor in (CLERK, MAID, AWAY, LOOKS, ELSEWHERE):
            active = actor is not AWAY
            writer.insert(hall.staff, id=actor.staff_id, name=actor.name, agency=actor.agency, active=active)
            role = "look" if actor is LOOKS else "window"
            writer.insert(hall.staff_role, staff_id=actor.staff_id, role=role)
    return suite


@pytest.fixture
def windows(suite: Any) -> Any:
    return staffed(suite)


def begun(suite: Any, actor: Any = CLERK) -> int:
    body = {"item": "item-committed", "values": {"code": citizen()}}
    request = {"item_name": "食品经营许可", "applicant_name": "苏*娜", "body": body}
    return int(suite.run(actor, "acceptance.save_draft", request))


def hand(suite: Any, actor: Any, draft: int, to: Any, **more: Any) -> Any:
    return suite.run(actor, "acceptance.hand_draft", {"draft_id": draft, "staff_id": to.staff_id, **more})


def take(suite: Any, actor: Any, draft: int | None) -> Any:
    return suite.run(actor, "acceptance.accept", intake(draft_id=draft))


def test_whoever_takes_an_application_in_without_a_draft_was_asked_first(windows):
    assert see(windows, accepted(windows)).first_contact == CLERK.name


def test_a_draft_that_is_handed_on_keeps_who_was_asked_first(windows):
    draft = begun(windows)
    assert hand(windows, CLERK, draft, MAID, note="缺身份证复印件") == "娜仁"
    assert windows.query(CLERK, "acceptance.drafts", {}) == []
    (row,) = windows.query(MAID, "acceptance.drafts", {})
    assert (row.first_contact, row.handed_by, row.note, row.parked) == (
        CLERK.name,
        CLERK.name,
        "缺身份证复印件",
        True,
    )
    assert windows.query(MAID, "acceptance.draft", {"draft_id": draft})["values"]["code"] == citizen()
    hand(windows, MAID, draft, ELSEWHERE)
    case = take(windows, ELSEWHERE, draft)
    seen = windows.query(ELSEWHERE, "acceptance.case", {"case_id": case.case_id})
    assert (seen.first_contact, seen.row.acceptor) == (CLERK.name, "宝音")
    with windows.database.read() as reader:
        told = [entry.detail for entry in entries_about(reader, f"draft:{draft}")]
    assert [each["name"] for each in told if "name" in each] == ["娜仁", "宝音"], (
        "who received it is on record"
    )


def test_a_draft_of_somebody_else_says_nothing_about_a_case(windows):
    draft = begun(windows)
    case = take(windows, MAID, draft)
    assert see(windows, case).first_contact == "娜仁"
    assert len(windows.query(CLERK, "acceptance.drafts", {})) == 1, "nor is it gone"


def test_it_goes_only_to_somebody_else_who_takes_applications_in(windows):
    draft = begun(windows)
    names = {each.name for each in windows.query(CLERK, "acceptance.receivers")}
    assert names == {"娜仁", "宝音"}
    for to in (CLERK, AWAY, LOOKS, replace(CLERK, staff_id=99)):
        asked = {"draft_id": draft, "staff_id": to.staff_id}
        assert refused(windows, CLERK, "acceptance.hand_draft", asked) == "UNKNOWN_RECEIVER"
    asked = {"draft_id": draft, "staff_id": ELSEWHERE.staff_id}
    assert refused(windows, MAID, "acceptance.hand_draft", asked) == "UNKNOWN_DRAFT"
    with pytest.raises(UserError):
        windows.run(APPROVER, "acceptance.hand_draft", asked)


def test_every_item_of_a_matter_has_it_from_the_matters_draft(windows):
    fill_theme(windows)
    draft = begun(windows)
    hand(windows, CLERK, draft, MAID)
    taken = windows.run(MAID, "acceptance.accept_matter", matter(draft_id=draft))
    items = [each.position for each in detail(windows, taken).parts if each.case_id]
    assert len(items) >= 2
    assert {case_of(windows, taken, n).first_contact for n in items} == {CLERK.name}
