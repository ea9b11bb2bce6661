"""People of one agency see and do nothing in another: proven for every operation that the plugin registers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import CLERK, COMMITTED, OWN, STRANGER, accepted, citizen
from .life import contents, render

OF_AN_AGENCY: dict[str, dict[str, Any]] = {
    "add_blanks": {"agency": OWN, "kind": "食品经营许可证", "first": "JY1", "count": 1},
    "void_blank": {"agency": OWN, "kind": "食品经营许可证", "number": "JY1", "reason": "x"},
    **{
        name: {"agency": OWN, "kind": "食品经营许可证", "number": "JY1"}
        for name in ("confirm_void", "keep_blank")
    },
    **{name: {"item": COMMITTED} for name in ("promise_item", "forbid_promise")},
    "blanks": {"agency": OWN},
    **{name: {"item": COMMITTED} for name in ("draft_guide", "guide", "guide_history", "guide_paper")},
    **{
        name: {"item": COMMITTED, "row_version": 1}
        for name in ("change_guide", "submit_guide", "drop_guide", "publish_guide")
    },
    "return_guide": {"item": COMMITTED, "row_version": 1, "reason": "x"},
    "guide_diff": {"item": COMMITTED, "old": 0, "new": 1},
    "set_item_state": {"item": COMMITTED, "state": "2", "first_day": "2026-04-01", "reason": "x"},
    "new_item": {"code": "x", "name": "x", "type": "01", "agency": OWN},
    "export_guides": {"agency": OWN},
    "upload_guides": {"items": [COMMITTED]},
    "allow_promise": {"item": COMMITTED, "positions": [2], "conditions": "x"},
}
LISTS: dict[str, dict[str, Any]] = {
    **{
        name: {}
        for name in (
            "badge_ready",
            "badge_review",
            "badge_window",
            "counts",
            "badge_supervision",
            "supervision_counts",
            "search_choices",
        )
    },
    "cases": {"tab": "all"},
    "case_items": {"tab": "all"},
    "alerts": {},
    "complaints": {},
    "handovers": {"kind": "all"},
    "packable": {},
    "mandates": {"kind": "all"},
    "mandates_file": {},
    "search": {},
    "render": {},
    "my_tasks": {"tab": "agency"},
    "task_items": {"tab": "agency"},
    "task_counts": {},
    "absences": {},
    "colleagues": {},
    "guides": {},
    "matters": {},
    "fixes": {},
    "refusals": {},
    "findings": {"open_only": False},
    "credit_records": {"open_only": False},
    "messages": {},
    "badge_messages": {},
    "find_values": {"item": COMMITTED, "code_kind": "111", "code": citizen()},
    "spoilt_blanks": {},
    "due_files": {"by": "2099-01-01"},
}
ELSEWHERE = {
    # one's own: drafts, searches that were kept
    "save_draft", "draft", "draft_page", "drafts", "drop_draft", "filters", "keep_filter", "drop_filter",
    # one's own as well, handed to somebody by name: test_first_contact
    "hand_draft", "receivers",
    # an application that is no case yet
    "accept", "receive", "keep_page", "show_file", "licences", "notice", "preview", "promise_day", "application_form",
    "matter_plan", "matter_notice", "accept_matter", "receive_matter",
    # of the whole hall, and asked for by a permission of its own; see their own tests
    "statistics", "statistics_report", "published_grants", "search_count", "rebuild_search",
    "begin_exchange", "end_exchange", "exchange_rows", "exchange_totals", "exchange_faults", "exchanges",
    # what an item asks for is no secret; who may set it, and who stands in for whom: see test_review_people
    "review_graph", "set_review_graph", "set_absence", "end_absence",
    # the form of an item is no secret; values of licences and of cases that one sees; the hall's own forms: see test_forms
    "form", "load_forms",
    # files may hold anybody's items: see test_guides; the dictionary and an item's questions are the whole hall's
    "import_guides", "find_materials", "situations",
    # what a person put on the own second screen, answered there by its number; a rating by the token it was asked with
    "showing", "confirm_shown", "dispute_shown", "sign_shown", "end_showing", "show_applicant", "screen_head",
    "show_matter",
    "rate", "add_to_rating",
    # see test_ratings, test_refusals and test_reuse
    "contact_fix", "extend_fix", "close_fix", "rating_figures", "cannot_do", "review_refusal", "reusable", "open_cases",
    "call_back_refusal",
    # by the number of a violation or a complaint: test_supervision, test_voices
    "answer_notice", "order_notice", "order_paper", "close_notice", "answer_complaint",
    # points of the whole hall, lists by number: test_handovers
    "set_point", "points", "pack", "receive_list", "handover_file", "accepted_here",
    # findings of supervision, by case number or their own: test_findings
    "record_finding", "confirm_finding", "dismiss_finding",
    # a record by its number; whom it bars, every agency's window has to know: test_promises
    "repair_credit", "broken_promise",
    # by the number of a mandate: test_agents
    "follow_mandate",
    # a message by its number, and the process that sends for the whole hall: test_messages
    "resend_message", "messages_due", "claim_messages", "send_message", "set_gateway_password",
    # what an item asks for is no secret, and who sends it is asked for a permission of its own: test_notice_to_phone
    "notice_text", "send_notice",
    # numbers and receipts of the own desk, checked against its block; blocks of the whole hall: test_offline
    "lease_numbers", "return_numbers", "num_blocks", "enter_offline", "draft_offline", "cancel_offline",
    "missing_pages", "offline_items", "offline_desk",
    # time belongs to nobody: it names nothing and nobody
    "tick", "is_due",
}  # fmt: skip
BY_MATTER = "test_matters.test_people_of_other_agencies_do_nothing_with_a_matter takes these by itself"
OF_A_CASE = "test_operations.test_another_agency_sees_and_does_nothing takes these by itself"


@pytest.fixture
def stranger(suite):
    """Somebody of another agency who may do everything there, and sees no other agency."""
    own = {o.permission for o in suite.registry.all() if o.name.startswith("acceptance.")}
    return replace(STRANGER, permissions=frozenset(own - {"acceptance.see_all"}))


def test_every_operation_is_accounted_for(suite):
    there = {
        o.name.removeprefix("acceptance."): o
        for o in suite.registry.all()
        if o.name.startswith("acceptance.")
    }
    # what names a task is walked through by test_review_people
    keys = {"case_id", "paper_id", "matter_id", "task_id"}
    by_key = {name for name, o in there.items() if o.request.model_fields.keys() & keys}
    known = by_key | OF_AN_AGENCY.keys() | LISTS.keys() | ELSEWHERE
    assert there.keys() - known == set(), f"say how it keeps agencies apart ({OF_A_CASE}; {BY_MATTER})"


def test_papers_and_stock_of_another_agency_are_refused(suite, stranger):
    case = accepted(suite)
    (paper,) = render(suite, case)
    before = contents(suite)
    by_paper = {
        o.name.removeprefix("acceptance."): {"paper_id": paper.id}
        for o in suite.registry.all()
        if o.name.startswith("acceptance.") and "paper_id" in o.request.model_fields
    }
    assert len(by_paper) >= 3
    for name, request in (by_paper | OF_AN_AGENCY).items():
        operation = suite.registry.get(f"acceptance.{name}")
        act = suite.run if operation.kind == "operation" else suite.query
        with pytest.raises(UserError) as error:
            act(stranger, operation.name, request)
        assert error.value.code == "NOT_YOUR_AGENCY", name
    assert contents(suite) == before


def test_lists_name_nothing_of_another_agency(suite, stranger):
    case = accepted(suite)
    for name, request in LISTS.items():
        operation = suite.registry.get(f"acceptance.{name}")
        act = suite.run if operation.kind == "operation" else suite.query
        found = str(act(stranger, operation.name, request))
        assert case.case_no not in found, name
        assert "case_id" not in found, name
    assert [p.kind for p in render(suite, case)] == ["D3"], "nobody else made it"
    assert case.case_no in str(suite.query(CLERK, "acceptance.cases", {"tab": "all"}))
