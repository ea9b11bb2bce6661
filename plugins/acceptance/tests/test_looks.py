"""Who looked at the papers of a case: each leaves a row with a purpose, reading ahead none, who has no task says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import Actor, UserError, entries_about, hall

from .conftest import (
    APPROVER,
    CHIEF,
    CLERK,
    ISSUER,
    LEADER,
    OTHER,
    RECEIVER,
    SECOND,
    STRANGER,
    accepted,
    hands,
)
from .life import contents, grant, refused, render, set_clock
from .review import FIREMAN, HANDLER, PARTNER, begun, say, seen, set_graph, staff
from .test_archives import archived
from .test_kept_pages import keep, picture

AUDITOR = Actor(
    30, "auditor", "监察员", OTHER, hall_wide=True,
    permissions=frozenset({"acceptance.view", "acceptance.see_all", "acceptance.see_looks"}),
)  # fmt: skip
COLLEAGUE = replace(
    CLERK,
    staff_id=31,
    account="colleague",
    name="同事",
    permissions=CLERK.permissions - {"acceptance.decide"},
)


def rows(suite: Any, case: Any) -> list[tuple[str, ...]]:
    """Who looked at what for what, oldest first, as the journal has it."""
    with suite.database.read() as reader:
        told = entries_about(reader, f"looked:{case.case_no}")
    assert {e.event for e in told} <= {"acceptance.look"}
    return [
        (e.account, e.detail["what"], e.detail["name"], e.detail["purpose"], e.detail["said"]) for e in told
    ]


def with_page(suite: Any, **more: Any) -> Any:
    return accepted(suite, materials=[*hands(1, pages=[keep(suite, picture())]), *hands(2, 3)], **more)


def pages(suite: Any, actor: Actor, case: Any, **more: Any) -> Any:
    return suite.query(actor, "acceptance.material_file", {"case_id": case.case_id, "position": 1, **more})


def code(ask: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(UserError) as error:
        ask(*args, **more)
    return error.value.code


def test_looking_leaves_a_row_with_the_task_as_its_purpose_and_reading_ahead_leaves_none(suite):
    case = with_page(suite)
    assert pages(suite, APPROVER, case, ahead=True)
    assert rows(suite, case) == []
    assert pages(suite, APPROVER, case)
    assert pages(suite, CLERK, case)
    assert rows(suite, case) == [
        ("approver", "material", "申请书", "decide", ""),
        ("clerk", "material", "申请书", "accept", ""),
    ]
    looked = {"case_id": case.case_id, "what": "material", "number": 1}
    suite.run(APPROVER, "acceptance.look", looked)  # what was read ahead is shown now
    assert len(rows(suite, case)) == 3
    nothing = {"case_id": case.case_id, "position": 2}
    assert suite.query(APPROVER, "acceptance.material_file", nothing) == []
    assert len(rows(suite, case)) == 3, "there was nothing to see"


def test_papers_and_single_pages_are_looked_at_like_materials(suite):
    case = with_page(suite)
    (paper,) = render(suite, case)
    for name in ("paper_file", "print_file"):
        assert suite.query(CLERK, f"acceptance.{name}", {"paper_id": paper.id}).startswith(b"%PDF")
    digest = keep(suite, picture())
    suite.query(CLERK, "acceptance.page_file", {"case_id": case.case_id, "digest": digest})
    name = f"{paper.title} {paper.number}"
    assert [row[1:3] for row in rows(suite, case)] == [
        ("paper", name),
        ("paper", name),
        ("material", "申请书"),
    ]


def test_who_has_no_task_says_for_what_and_that_stands_there(suite):
    case = with_page(suite)
    (paper,) = render(suite, case)
    before = contents(suite)
    for more in ({}, {"ahead": True}, {"purpose": "  "}):
        assert code(pages, suite, COLLEAGUE, case, **more) == "PURPOSE_MISSING"
        seeing = {"paper_id": paper.id, **more}
        assert code(suite.query, COLLEAGUE, "acceptance.paper_file", seeing) == "PURPOSE_MISSING"
    looked = {"case_id": case.case_id, "what": "material", "number": 1}
    assert refused(suite, COLLEAGUE, "acceptance.look", looked) == "PURPOSE_MISSING"
    assert contents(suite) == before
    assert pages(suite, COLLEAGUE, case, purpose="申请人来窗口核对")
    assert rows(suite, case) == [("colleague", "material", "申请书", "", "申请人来窗口核对")]


def test_nobody_leaves_rows_about_what_they_may_not_see(suite):
    case = with_page(suite)
    (paper,) = render(suite, case)
    for look in (
        {"case_id": case.case_id, "what": "material", "number": 1},
        {"case_id": case.case_id, "what": "archive"},
        {"what": "paper", "number": paper.id},
    ):
        assert refused(suite, STRANGER, "acceptance.look", {**look, "purpose": "x"}) == "NOT_YOUR_AGENCY"
    assert refused(suite, CLERK, "acceptance.look", {"what": "paper", "number": 99}) == "UNKNOWN_PAPER"
    assert refused(suite, CLERK, "acceptance.look", {"what": "material", "number": 1}) == "UNKNOWN_CASE"


def test_the_purpose_follows_the_case_from_desk_to_desk(suite, clock):
    def purposes(case: Any, *actors: Actor) -> list[str]:
        before = len(rows(suite, case))
        for actor in actors:
            pages(suite, actor, case)
        return [row[3] for row in rows(suite, case)[before:]]

    def nothing(case: Any, *actors: Actor) -> bool:
        return all(code(pages, suite, actor, case) == "PURPOSE_MISSING" for actor in actors)

    case = with_page(suite)
    assert purposes(case, CLERK, APPROVER, CHIEF) == ["accept", "decide", "decide"]
    assert nothing(case, COLLEAGUE, ISSUER, LEADER)
    grant(suite, case)
    assert purposes(case, APPROVER, ISSUER) == ["decide", "issue"]
    assert nothing(case, SECOND)
    set_clock(clock, "2026-03-18")
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    assert purposes(case, ISSUER) == ["archive"]
    render(suite, case)
    suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})
    assert purposes(case, ISSUER) == ["follow"], "whoever has just archived it may look whether all is well"
    set_clock(clock, "2026-03-19")
    assert nothing(case, CLERK, APPROVER, ISSUER)


def test_at_the_nodes_of_a_review_those_look_whose_task_it_is(suite):
    staff(suite)
    set_graph(suite)
    case = begun(suite, materials=hands(1, pages=[keep(suite, picture())]) + hands(2, 3))
    only_review = replace(HANDLER, permissions=HANDLER.permissions - {"acceptance.decide"})
    colleague = replace(PARTNER, permissions=PARTNER.permissions - {"acceptance.decide"})
    pages(suite, only_review, case)
    pages(suite, colleague, case)
    suite.run(HANDLER, "acceptance.claim", seen(suite, case, "n1"))
    assert code(pages, suite, colleague, case) == "PURPOSE_MISSING", "a colleague has taken the task"
    say(suite, HANDLER, case, "n1")
    (task,) = suite.query(FIREMAN, "acceptance.my_tasks", {})
    suite.query(FIREMAN, "acceptance.task_file", {"task_id": task.id, "position": 1, "ahead": True})
    suite.query(FIREMAN, "acceptance.task_file", {"task_id": task.id, "position": 1})
    suite.run(FIREMAN, "acceptance.look", {"task_id": task.id, "what": "material", "number": 1})
    looked = [(row[0], row[3]) for row in rows(suite, case)]
    assert looked == [
        ("approver", "review"),
        ("second", "review"),
        ("fireman", "review"),
        ("fireman", "review"),
    ]


def test_the_whole_file_is_taken_out_for_a_purpose(suite, clock):
    case = archived(suite, clock)
    suite.query(ISSUER, "acceptance.archive_file", {"case_id": case.case_id})
    set_clock(clock, "2026-06-01")
    asked = {"case_id": case.case_id}
    assert code(suite.query, ISSUER, "acceptance.archive_file", asked) == "PURPOSE_MISSING"
    suite.query(ISSUER, "acceptance.archive_file", {**asked, "purpose": "法院调卷"})
    assert [row[1:] for row in rows(suite, case)] == [
        ("archive", "", "follow", ""),
        ("archive", "", "", "法院调卷"),
    ]


def test_auditors_read_who_looked_page_by_page_and_nobody_else(suite):
    case, other = with_page(suite), with_page(suite)
    with suite.database.write() as writer:
        writer.insert(hall.staff, id=APPROVER.staff_id, name=APPROVER.name, agency=APPROVER.agency)
        writer.insert(hall.account, name=APPROVER.account, staff_id=APPROVER.staff_id, password_hash="x")
    for n in range(3):
        pages(suite, APPROVER, case, purpose=f"第{n}次")
    pages(suite, CLERK, other)
    first = suite.query(AUDITOR, "acceptance.looks", {"case_id": case.case_id, "limit": 2})
    assert [row.said for row in first] == ["第2次", "第1次"]
    (last,) = suite.query(AUDITOR, "acceptance.looks", {"case_id": case.case_id, "before_id": first[-1].id})
    assert (last.person, last.agency, last.desk, last.what, last.name, last.purpose, last.said) == (
        "审批员", "市场监督管理局", "", "material", "申请书", "决定", "第0次",
    )  # fmt: skip
    (beside,) = suite.query(AUDITOR, "acceptance.looks", {"case_id": other.case_id})
    assert (beside.person, beside.desk) == ("clerk", "A01"), "an account that is gone is named all the same"
    assert code(suite.query, APPROVER, "acceptance.looks", {"case_id": case.case_id}) == "NOT_PERMITTED"
    elsewhere = replace(AUDITOR, hall_wide=False, permissions=AUDITOR.permissions - {"acceptance.see_all"})
    assert code(suite.query, elsewhere, "acceptance.looks", {"case_id": case.case_id}) == "NOT_YOUR_AGENCY"


def test_numbers_that_were_shown_for_the_case_stand_among_what_was_looked_at(suite):
    case, other = with_page(suite), with_page(suite)  # of one applicant
    revealer = replace(APPROVER, permissions=APPROVER.permissions | {"people.reveal"})
    applicant = suite.query(APPROVER, "acceptance.case", {"case_id": case.case_id}).applicant_id
    pages(suite, APPROVER, case)
    for number, why in ((case.case_no, "核对原件"), (other.case_no, "另一件")):
        suite.run(revealer, "people.reveal", {"applicant_id": applicant, "purpose": f"{number} {why}"})
    newest, oldest = suite.query(AUDITOR, "acceptance.looks", {"case_id": case.case_id})
    assert (newest.what, newest.purpose, newest.said, oldest.what) == ("number", "", "核对原件", "material")


def test_a_row_of_looking_changes_nothing_that_pages_show(suite):
    assert not suite.registry.get("acceptance.look").changes
    assert suite.registry.get("acceptance.grant").changes
