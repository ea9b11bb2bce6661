"""People of one agency see and do nothing in another: proven for every operation that the plugin registers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import UserError

from .conftest import CLERK, COMMITTED, OWN, STRANGER, accepted
from .life import contents, render

OF_AN_AGENCY: dict[str, dict[str, Any]] = {
    "add_blanks": {"agency": OWN, "kind": "食品经营许可证", "first": "JY1", "count": 1},
    "void_blank": {"agency": OWN, "kind": "食品经营许可证", "number": "JY1", "reason": "x"},
    "blanks": {"agency": OWN},
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
    "alerts": {},
    "complaints": {},
    "handovers": {"kind": "all"},
    "packable": {},
    "mandates": {"kind": "all"},
    "mandates_file": {},
    "search": {},
    "render": {},
}
ELSEWHERE = {
    # one's own: drafts, searches that were kept
    "save_draft", "draft", "draft_page", "drafts", "drop_draft", "filters", "keep_filter", "drop_filter",
    # an application that is no case yet
    "accept", "receive", "keep_page", "licences", "notice", "preview", "promise_day",
    # of the whole hall, and asked for by a permission of its own; see their own tests
    "statistics", "statistics_report", "search_count", "rebuild_search",
    "begin_exchange", "end_exchange", "exchange_rows", "exchange_totals",
    # by the number of a violation or a complaint: test_supervision, test_voices
    "answer_notice", "order_notice", "close_notice", "answer_complaint",
    # points of the whole hall, lists by number: test_handovers
    "set_point", "points", "pack", "receive_list", "handover_file",
    # by the number of a mandate: test_agents
    "follow_mandate",
    # time belongs to nobody: it names nothing and nobody
    "tick", "is_due",
}  # fmt: skip
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
    by_key = {name for name, o in there.items() if o.request.model_fields.keys() & {"case_id", "paper_id"}}
    known = by_key | OF_AN_AGENCY.keys() | LISTS.keys() | ELSEWHERE
    assert there.keys() - known == set(), f"say how it keeps agencies apart ({OF_A_CASE})"


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
