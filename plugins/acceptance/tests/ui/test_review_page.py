"""Nodes of reviews worked on at the workbench, by keys: points, opinion, officers, sending back, asking, like cases, deputies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PyQt6.QtCore import Qt

from yichuang_acceptance import review_tables, tables
from yichuang_acceptance.ui.review_form import TEMPLATES
from yichuang_acceptance.ui.review_questions import BatchDialog

from ..conftest import APPROVER  # noqa: TID252 - tests are no installed package
from ..review import (  # noqa: TID252 - tests are no installed package
    FIREMAN,
    HANDLER,
    LEADER_OF_SECTION,
    PARTNER,
    THIRD,
    begun,
    say,
    set_graph,
    staff,
    waiting,
)
from .conftest import open_desk

WORKBENCH = "acceptance.workbench"


@pytest.fixture
def reviews(hall: Any) -> Any:
    staff(hall)
    set_graph(hall)
    return hall


def tasks(desk: Any, wait: Any, node: str) -> Any:
    """The list of tasks, with one at a node in front."""
    page = desk.page
    page.show_tab("tasks")
    wait(
        lambda: (
            page.review.detail is not None and page.review.detail.row.node == node and page.review.in_front
        )
    )
    return page


def steps(page: Any) -> list[str]:
    """Titles of the progress."""
    model = page.timeline.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole).title for row in range(model.rowCount())]


def test_a_node_is_passed_by_keys_and_the_next_task_comes(reviews, wait):
    first, second = begun(reviews), begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        wait(lambda: len(page.list.items()) == 2)
        assert [item.title for item in page.list.items()] == ["初审", "初审"]
        assert page.decision.isHidden()
        desk.press("Ctrl+Enter")
        assert page.review.form.notes() == ["请先填写审查意见。"]
        desk.press("Alt+1")
        assert page.review.form.opinion.value() == TEMPLATES["review"][0]
        desk.press("Ctrl+Enter")
        assert "审查要点" in page.review.form.notes()[0], "no passing without the points"
        desk.press("Alt+A")
        desk.press("Ctrl+Enter")
        wait(lambda: "n1" not in waiting(reviews, first))
        wait(lambda: page.review.detail is not None and page.review.detail.row.case_id == second.case_id)
        assert page.review.form.opinion.value() == ""
        assert page.review.form.checked() == []
        assert any("现场核查" in said for said in desk.words), "it says what comes next"
        titles = steps(page)
        assert titles[titles.index("初审") :][:4] == ["初审", "现场核查", "征求意见", "决定"]


def test_the_next_task_is_given_to_a_colleague_with_the_opinion(reviews, wait):
    case = begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        choice = page.review.form.next
        wait(lambda: not choice.isHidden())
        assert choice.people.itemText(0) == "现场核查 · 由本部门认领"
        assert choice.people.itemText(1).endswith("今日未登录")
        choice.people.set_value(THIRD.staff_id)
        desk.press("Alt+1")
        desk.press("Alt+A")
        desk.press("Ctrl+Enter")
        wait(lambda: "n1" not in waiting(reviews, case))
        assert waiting(reviews, case)["n2a"].assignee == THIRD.name


def test_what_waits_for_me_is_listed_by_its_node_and_says_so(reviews, wait):
    late = begun(reviews)
    reviews.run(APPROVER, "acceptance.tick")  # else the desk's would set the moments below right again
    with reviews.database.write() as writer:  # promised before the other, but its node may take longer
        row = writer.one(tables.case.select().where(tables.case.c.id == late.case_id))
        writer.update(
            tables.case, {"id": late.case_id}, promise_due_at=row.promise_due_at - timedelta(days=1)
        )
        writer.execute(
            review_tables.task.update()
            .where(review_tables.task.c.case_id == late.case_id)
            .values(due_at=row.promise_due_at)
        )
    early = begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = desk.page
        wait(lambda: len(page.list.items()) == 2)
        first, second = page.list.items()
        assert [first.id, second.id] == [str(early.case_id), str(late.case_id)]
        assert first.second.endswith("　初审")
        assert "初审" not in second.second, "its promise ends first"
        assert (first.right, second.right) == ("剩 2 天", "剩 4 天")


def test_two_officers_sign_a_visit_and_the_chief_decides_or_sends_back(reviews, wait):
    case = begun(reviews)
    say(reviews, HANDLER, case, "n1")
    say(reviews, FIREMAN, case, "n2b", "refuse", opinion="不同意")
    for actor in (HANDLER, PARTNER):
        with open_desk(reviews, actor, WORKBENCH) as desk:
            page = tasks(desk, wait, "n2a")
            said = page.review.form.notes()
            assert any("不同意" in each or "符合要求" in each for each in said), (
                "what others said stands there"
            )
            desk.press("Alt+1")
            desk.press("Ctrl+Enter")
            wait(lambda: desk.words)
    assert set(waiting(reviews, case)) == {"n3"}
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        desk.page.show_tab("all")
        wait(lambda: "角色" in "".join(desk.page.decision.notes()))
        assert not desk.page.decision.grant.isEnabled(), "the graph says that the chief decides"
    with open_desk(reviews, LEADER_OF_SECTION, WORKBENCH) as desk:
        page = desk.page
        wait(lambda: page.decision.back.isVisible())
        desk.press("Ctrl+Left")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"return_to": "n2a", "opinion": "请补充照片"})
        dialog.accept()
        wait(lambda: set(waiting(reviews, case)) == {"n2a"})
    assert waiting(reviews, case)["n2a"].round == 2


def test_a_task_is_taken_and_the_slip_undone_and_passed_on(reviews, wait):
    case = begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        desk.press("Alt+L")
        wait(lambda: waiting(reviews, case)["n1"].assignee == HANDLER.name)
        wait(lambda: desk.toasts)
        desk.toasts[-1][2]()
        wait(lambda: waiting(reviews, case)["n1"].assignee == "")
        wait(lambda: page.review.detail is not None and page.review.detail.row.row_version == 3)
        desk.press("Alt+T")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"staff_id": str(THIRD.staff_id), "reason": "出差"})
        dialog.accept()
        wait(lambda: waiting(reviews, case)["n1"].assignee == THIRD.name)
        wait(lambda: page.list.items() == [])
        assert page._stack.currentIndex() == 0


def test_a_head_of_section_gives_a_task_that_somebody_has_taken_to_somebody_else(reviews, wait):
    case = begun(reviews)
    task = waiting(reviews, case)["n1"]
    reviews.run(HANDLER, "acceptance.claim", {"task_id": task.id, "row_version": task.row_version})
    with open_desk(reviews, LEADER_OF_SECTION, WORKBENCH) as desk:
        page = desk.page
        page.show_tab("agency_tasks")
        wait(lambda: page.review.in_front)
        assert not page.review.form.passed.isEnabled(), "it is not the head's own"
        desk.press("Alt+T")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"staff_id": str(PARTNER.staff_id)})
        dialog.accept()
        wait(lambda: waiting(reviews, case)["n1"].assignee == PARTNER.name)


def test_another_agency_answers_and_sees_only_what_it_is_asked(reviews, wait):
    case = begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        desk.press("Alt+C")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"question": "是否占用林地？"})
        dialog.accept()
        wait(lambda: "n1.1" in waiting(reviews, case))
    with open_desk(reviews, FIREMAN, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1.1")
        assert "是否占用林地？" in page.review.form.notes()
        assert page._case is None, "the case itself is not shown"
        assert len(steps(page)) == 1
        assert page.review.form.consult.isHidden()
        desk.press("Alt+1")
        desk.press("Ctrl+Enter")
        wait(lambda: "n1.1" not in waiting(reviews, case))
        wait(lambda: page.list.items() == [])


def test_like_cases_are_passed_in_one_and_each_says_what_came_of_it(reviews, wait):
    cases = [begun(reviews) for _ in range(3)]
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        wait(lambda: len(page.list.items()) == 3)
        page.review.show(page.review.detail)
        say(reviews, PARTNER, cases[2], "n1", "refuse")  # meanwhile, at another desk
        page.review.form.use_template(1)
        desk.press("Alt+B")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert isinstance(dialog, BatchDialog)
        dialog.accept()
        assert desk.has_dialog()
        dialog.form.set_values({"examined": True})
        dialog.accept()
        wait(lambda: dialog._ended)
        rows = {number: text for number, text, *_tone in dialog._said}
        assert len(rows) == len(dialog._rows)
        assert all(set(waiting(reviews, case)) == {"n2a", "n2b"} for case in cases)
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        wait(lambda: all(item.title != "初审" for item in page.list.items()))


def test_an_absence_is_entered_and_taken_back(reviews, wait):
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        desk.press("Alt+D")
        wait(desk.has_dialog)
        desk.dialog().accept()
        wait(lambda: desk.has_dialog() and desk.dialog().form is not None)
        dialog = desk.dialog()
        dialog.form.set_values({"deputy_id": str(THIRD.staff_id)})
        dialog.accept()
        wait(lambda: len(reviews.query(HANDLER, "acceptance.absences", {})) == 1)
        wait(lambda: not desk.has_dialog())
        desk.press("Alt+D")
        wait(desk.has_dialog)
        from yichuang.api.ui import Button

        next(b for b in desk.dialog().findChildren(Button) if b.text() == "撤销").click()
        wait(lambda: reviews.query(HANDLER, "acceptance.absences", {}) == [])


def test_who_was_slower_is_told_and_nothing_is_lost(reviews, wait):
    case = begun(reviews)
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n1")
        desk.press("Alt+2")
        say(reviews, PARTNER, case, "n1", "refuse")
        page.review.advise_to_refuse()  # before the list has heard of it
        wait(lambda: any(PARTNER.name in note for note in page.review.form.notes()))
        assert page.review.form.opinion.value() == TEMPLATES["review"][1], (
            "what was typed can still be copied"
        )
    assert [
        e.event for e in reviews.query(APPROVER, "acceptance.case", {"case_id": case.case_id}).events
    ].count("opinion") == 1


def test_without_the_permission_there_are_no_tasks(reviews, wait):
    begun(reviews)
    with open_desk(reviews, APPROVER, WORKBENCH) as desk:
        desk.page.show_tab("all")
        wait(lambda: "审查尚未结束：初审。" in desk.page.decision.notes())
        assert not desk.page.decision.grant.isEnabled()
        assert "Alt+L" not in desk.keys


def test_the_list_keeps_its_width_on_a_small_desk(reviews, wait):
    case = begun(reviews)
    begun(reviews)
    say(reviews, HANDLER, case, "n1")
    with open_desk(reviews, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n2a")  # its share of the promise ends before the limit of n1
        page.window().resize(1366 - 216, 640)
        wait(lambda: page.width() <= 1150 and page.list.width() >= 300)
        desk.press("J")
        wait(lambda: page.review.detail is not None and page.review.detail.row.node == "n1")
        wait(lambda: page.width() <= 1150 and page.list.width() >= 300)


def test_an_agency_that_is_only_asked_has_no_tabs_of_what_it_is_never_told(reviews, wait, monkeypatch):
    """Checks, visits and like cases are told to the deciding agency alone."""
    case = begun(reviews)
    say(reviews, HANDLER, case, "n1")
    beside = {"checks", "visits", "alike"}
    with open_desk(reviews, FIREMAN, WORKBENCH) as desk:
        page = tasks(desk, wait, "n2b")
        asked: list[str] = []
        query = desk.context.query
        monkeypatch.setattr(
            desk.context, "query", lambda name, *a, **more: (asked.append(name), query(name, *a, **more))[1]
        )
        shown = {tab.id for tab in page.evidence.tabs._tabs}
        assert shown == {"materials", "form", "papers"}
        task = page.review.detail.row.id
        page.review.show(None)
        page.open_task(task)
        wait(lambda: page.review.in_front and page.review.detail.row.id == task)
        wait(lambda: not desk.context.services.backend.runner.busy)
        assert not page.evidence._ask_later.isActive()
        assert "acceptance.case_beside" not in asked
        assert not beside & {tab.id for tab in page.evidence.tabs._tabs}
    with open_desk(reviews, PARTNER, WORKBENCH) as desk:
        page = tasks(desk, wait, "n2a")
        wait(lambda: page._case is not None)
        assert beside < {tab.id for tab in page.evidence.tabs._tabs}, "its own people have them"
