"""Deciding on applications and handing out results, worked as an approver and an issuing clerk work: list, opinion, keys."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import UserError
from yichuang_acceptance import tables
from yichuang_acceptance.ui.decision import TEMPLATES
from yichuang_acceptance.ui.evidence import NOTHING, PAGES, TROUBLE, FullScreen

from ..conftest import (  # noqa: TID252 - tests are no installed package
    APPROVER,
    CHIEF,
    CLERK,
    INSTANT,
    OTHER,
    RECEIVER,
    STRANGER,
    accepted,
    decision,
    hands,
    intake,
)
from .conftest import open_desk, png

WORKBENCH, ISSUING = "acceptance.workbench", "acceptance.issuing"


def state(hall: Any, case: Any) -> str:
    return hall.query(APPROVER, "acceptance.case", {"case_id": case.case_id}).row.state


def opened(desk: Any, wait: Any, case: Any) -> Any:
    """The workbench with a case in front."""
    page = desk.page
    wait(lambda: page._case is not None and page._case.row.id == case.case_id)
    return page


def test_an_empty_workbench_says_so(hall, wait):
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        wait(lambda: desk.page.list.items() == [] and desk.page.header.current() == "review")
        assert desk.page._stack.currentIndex() == 0
        desk.press("Ctrl+Enter")  # nothing to grant, nothing happens


def test_a_case_is_granted_with_an_opinion_and_the_next_one_comes(hall, wait):
    first, second = accepted(hall), accepted(hall, item=INSTANT)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, second)  # instant cases are due first
        assert [item.id for item in page.list.items()] == [str(second.case_id), str(first.case_id)]
        desk.press("Ctrl+Enter")
        assert page.decision.notes() == ["请先填写审查意见。"], "no decision without an opinion"
        assert state(hall, second) == "review"
        desk.press("Alt+2")
        assert page.decision.opinion.value() == TEMPLATES[1]
        desk.press("Ctrl+Enter")
        wait(lambda: state(hall, second) == "ready")
        wait(lambda: page._case is not None and page._case.row.id == first.case_id)
        assert page.decision.opinion.value() == "", "an opinion belongs to its case"
        assert desk.words, "the status bar says what was decided"


def test_the_list_keeps_its_width_on_a_small_desk_whatever_can_be_done(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        page.decision.set_licence("卫生许可证")
        page.window().resize(1366 - 216, 640)  # the smallest desk, its navigation open
        wait(lambda: page.width() <= 1150 and page.list.width() >= 300)


def test_the_list_is_walked_by_keys_and_searched(hall, wait):
    first, second = accepted(hall), accepted(hall, item=INSTANT)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, second)
        desk.press("J")
        opened(desk, wait, first)
        desk.press("K")
        opened(desk, wait, second)
        QTest.keyClicks(page.list.search, first.case_no[-6:])
        wait(lambda: [item.id for item in page.list.items()] == [str(first.case_id)])


def test_a_refusal_needs_a_reason_and_a_law_and_can_be_broken_off(hall, wait):
    case = accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        page.decision.refuse.click()
        desk.dialog().reject()
        assert state(hall, case) == "review"
        page.decision.refuse.click()
        dialog = desk.dialog()
        dialog.form.set_values({"reason": "场所不符合要求"})
        dialog.accept()
        assert desk.has_dialog(), "without the law there is no refusal"
        dialog.form.set_values({"law": "《中华人民共和国行政许可法》第三十八条第二款"})
        dialog.accept()
        wait(lambda: state(hall, case) != "review")
        wait(lambda: not desk.has_dialog())
        papers = hall.query(APPROVER, "acceptance.papers", {"case_id": case.case_id})
        assert "D11" in [paper.kind for paper in papers]


def test_who_accepted_cannot_press_the_button_and_reads_why(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CLERK, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        assert not page.decision.grant.isEnabled()
        assert not page.decision.refuse.isEnabled()
        assert "受理" in page.decision.grant.toolTip()
        desk.press("Ctrl+Enter")
        assert state(hall, case) == "review"


def test_another_agency_sees_nothing(hall, wait):
    accepted(hall)
    with open_desk(hall, STRANGER, WORKBENCH) as desk:
        wait(lambda: desk.page.list.items() == [])
        desk.page.show_tab("all")
        wait(lambda: desk.page.list.items() == [])


def test_what_somebody_else_decided_meanwhile_is_not_decided_twice(hall, wait):
    case = accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        hall.run(APPROVER, "acceptance.grant", decision(hall, case, opinion="同意"))
        page.decision.opinion.setPlainText("不清楚")
        desk.press("Ctrl+Enter")
        wait(lambda: page.decision.notes())
        wait(lambda: page._case is not None and page._case.row.state != "review")
        assert not page.decision._form.isVisible()


def test_results_are_handed_out_at_the_issuing_desk(hall, wait):
    case = accepted(hall, item=INSTANT, materials=hands(1, 2, 3))
    hall.run(APPROVER, "acceptance.grant", decision(hall, case, opinion="同意"))
    hall.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    with open_desk(hall, CLERK, ISSUING) as desk:
        wait(lambda: desk.page.view.table.rows())
        assert [row["id"] for row in desk.page.view.table.rows()] == [case.case_id]
        wait(lambda: desk.page.view.aside.case is not None)
        desk.press("Ctrl+Enter")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.accept()
        assert desk.has_dialog(), "somebody must receive it"
        dialog.form.set_values(RECEIVER)
        dialog.accept()
        wait(lambda: state(hall, case) == "delivered")
        wait(lambda: not desk.page.view.table.rows())


def test_scanned_pages_are_shown_and_fill_the_screen(hall, wait):
    page = hall.run(CLERK, "acceptance.keep_page", {"data": png(), "media_type": "image/png"})
    case = accepted(hall, materials=hands(1, pages=[page]) + hands(2, 3))
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._stack.currentIndex() == PAGES)
        assert evidence.list.current() == "m1"
        desk.press("F")
        screen = evidence.findChild(FullScreen)
        wait(screen.isVisible)
        QTest.keyClick(screen, Qt.Key.Key_Escape)
        wait(lambda: evidence.findChild(FullScreen) is None)
        evidence.list.select("m2")
        evidence._open("m2")
        assert evidence._stack.currentIndex() == NOTHING, "a paper that was only looked at has no pages"


def test_an_approver_gives_the_correction_notice_from_the_list_of_what_was_received(hall, wait):
    case = hall.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = desk.page
        page.show_tab("correcting")
        opened(desk, wait, case)
        assert not page.decision.correct.isHidden()
        assert page.decision.grant.isHidden()
        desk.press("Ctrl+B")
        dialog = desk.dialog()
        assert "营业执照" in dialog.form.values()["defects"]
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        wait(lambda: page._case is not None and page._case.row.state == "correcting")
        assert page.decision.correct.isHidden(), "the applicant is told only once"
        papers = hall.query(APPROVER, "acceptance.papers", {"case_id": case.case_id})
        assert "D2" in [paper.kind for paper in papers]


def test_what_stands_beside_the_papers_is_looked_at(hall, wait):
    past = accepted(hall)
    hall.run(APPROVER, "acceptance.grant", decision(hall, past, opinion="符合条件"))
    case = accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        evidence = page.evidence
        wait(lambda: evidence._beside is not None)
        counts = {tab.id: tab.count for tab in evidence.tabs._tabs}
        assert (counts["checks"], counts["visits"], counts["alike"]) == ("1 / 2", None, "1"), (
            "the other one is not handed out yet"
        )
        assert [item.title for item in evidence.list.items()][-3:] == ["数据核验", "办理记录", "重复申请"]
        evidence._open("f1")
        assert evidence.tabs.current() == "checks"
        assert evidence.checks.current_row()["title"] == "重复申请"
        evidence.tabs.set_current("materials")
        evidence.tabs.tab_changed.emit("materials")
        assert evidence.tabs.current() == "materials", "one comes back from a check"
        assert evidence.list.current() == "m1"
        evidence.tabs.tab_changed.emit("visits")
        assert evidence._stack.currentWidget() is evidence.visits
        evidence.tabs.tab_changed.emit("alike")
        (row,) = evidence.alike.rows()
        assert (row["opinion"], row["outcome"]) == ("符合条件", "准予许可")
        asked: list[Any] = []
        desk.context.services.navigation_asked.connect(lambda *where: asked.append(where))
        evidence.alike.activated.emit(row)
        assert asked[0][1] == {"case_id": past.case_id}


def test_what_could_not_be_asked_for_is_not_called_empty(hall, wait):
    case = accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        evidence = opened(desk, wait, case).evidence
        wait(lambda: evidence._beside is not None)
        evidence._beside = None
        evidence._beside_failed(case.case_id, UserError("DATABASE_AWAY", "数据库连不上。"))
        evidence.tabs.set_current("alike")
        evidence.tabs.tab_changed.emit("alike")
        assert evidence._stack.currentIndex() == TROUBLE


def read_ahead(page: Any, wait: Any, case: Any) -> None:
    wait(lambda: page._ahead._read is not None and page._ahead._read[0][0] == case.case_id)


def test_the_next_case_is_read_ahead_and_comes_at_once(hall, wait):
    cases = [accepted(hall) for _ in range(3)]
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, cases[0])
        read_ahead(page, wait, cases[1])
        desk.press("J")
        assert page._case.row.id == cases[1].case_id, "before anything was asked of the database"
        read_ahead(page, wait, cases[2])
        desk.press("J")
        assert page._case.row.id == cases[2].case_id
        desk.press("K")
        opened(desk, wait, cases[1])
        read_ahead(page, wait, cases[0])


def test_what_was_read_ahead_is_worth_nothing_once_the_case_was_changed(hall, wait):
    first, second = accepted(hall), accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, first)
        desk.page.show_tab("all")
        opened(desk, wait, first)
        read_ahead(page, wait, second)
        hall.run(APPROVER, "acceptance.grant", decision(hall, second, opinion="同意"))
        wait(lambda: page._ahead._read is None)
        desk.press("J")
        opened(desk, wait, second)
        assert page._case.row.state == "granted"


def test_what_was_read_ahead_and_may_not_be_seen_any_more_is_taken_away(hall, wait):
    first, second = accepted(hall), accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, first)
        read_ahead(page, wait, second)
        with hall.database.write() as writer:  # told to nobody
            writer.update(tables.case, {"id": second.case_id}, agency=OTHER, acceptor_id=99)
        desk.press("J")
        wait(lambda: desk.toasts)
        assert page._case is None
        assert page._stack.currentIndex() == 0


def test_an_answer_that_comes_after_another_list_was_chosen_is_not_shown(hall, wait):
    first, second = accepted(hall), accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, first)
        runner = desk.context.services.backend.runner
        wait(lambda: not runner.busy)
        page.open(second.case_id)
        page.show_tab("decided")
        wait(lambda: not runner.busy)
        assert page._case is None
        assert page._stack.currentIndex() == 0
