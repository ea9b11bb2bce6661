"""Sending a case up and entering the decision that comes back, by keys at the workbench."""

from __future__ import annotations

from datetime import date
from typing import Any

import openpyxl

from yichuang.api.ui import Button, Dialog, PdfViewer

from ..conftest import SECOND, decision  # noqa: TID252 - tests are no installed package
from ..life import see, set_clock  # noqa: TID252 - likewise
from ..review import HANDLER, waiting  # noqa: TID252 - likewise
from ..test_forwarding import ORGAN, UPPER, sent_up, waits_here  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_review_page import WORKBENCH, tasks
from .test_search_page import choose_file


def at(desk: Any, wait: Any, case: Any) -> Any:
    """The workbench with a case to decide in front."""
    page = desk.page
    wait(lambda: page._case is not None and page._case.row.id == case.case_id)
    wait(lambda: page.decision.isVisible() and page.decision.grant.isEnabled())
    return page


def test_an_opinion_at_the_node_asks_for_the_organ_and_makes_the_letter(hall, wait):
    case = waits_here(hall)
    with open_desk(hall, HANDLER, WORKBENCH) as desk:
        page = tasks(desk, wait, "forward")
        desk.press("Alt+1")
        desk.press("Ctrl+Enter")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.accept()
        assert "forward" in waiting(hall, case), "not without the organ"
        assert desk.has_dialog()
        dialog.form.set_values({"organ": ORGAN})
        dialog.accept()
        wait(lambda: "forward" not in waiting(hall, case))
        wait(lambda: [p.state for p in see(hall, case).papers if p.kind == "D19"] == ["rendered"])
        wait(lambda: page.review.form.opinion.value() == "")
    assert see(hall, case).forwarded.organ == ORGAN


def test_a_grant_asks_for_the_decision_of_the_organ_above(hall, wait, clock):
    case = sent_up(hall)
    set_clock(clock, "2026-03-20", 3)
    with open_desk(hall, SECOND, WORKBENCH) as desk:
        page = at(desk, wait, case)
        assert any(ORGAN in note for note in page.decision.notes())
        assert "已转报" in page.head.rest.text() or ORGAN in page.head.rest.text()
        page.decision.opinion.setPlainText("予以登记")
        desk.press("Ctrl+Enter")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"upper_number": UPPER["number"], "upper_on": date(2026, 3, 27)})
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        dialog.form.set_values({"upper_on": date(2026, 3, 19)})
        dialog.accept()
        wait(lambda: see(hall, case).row.state == "granted")
    there = see(hall, case).forwarded
    assert (there.decision_number, there.decided_on) == (UPPER["number"], date(2026, 3, 19))


def test_a_refusal_asks_for_it_as_well(hall, wait):
    case = sent_up(hall)
    with open_desk(hall, SECOND, WORKBENCH) as desk:
        page = at(desk, wait, case)
        page.ask_refusal()
        dialog = desk.dialog()
        values = {"reason": "不符合布点规划", "law": "办法第八条", "upper_number": UPPER["number"]}
        dialog.form.set_values(values)
        dialog.accept()
        wait(lambda: see(hall, case).row.state == "refused")
    assert see(hall, case).forwarded.decision_number == UPPER["number"]


def test_the_paper_is_looked_at_before_the_outcome_is_entered(hall, wait, clock):
    case = sent_up(hall)
    set_clock(clock, "2026-03-20", 3)
    with open_desk(hall, SECOND, WORKBENCH) as desk:
        page = at(desk, wait, case)
        page.decision.opinion.setPlainText("予以登记")
        desk.press("Ctrl+Enter")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        look = next(b for b in dialog.findChildren(Button) if b.text() == "预览文书")
        look.click()
        wait(lambda: "已转报" in dialog._error.text())
        dialog.form.set_values({"upper_number": UPPER["number"], "upper_on": date(2026, 3, 19)})
        look.click()
        window = desk.page.window()
        wait(lambda: any(viewer.page_count() for viewer in window.findChildren(PdfViewer)))
        dialogs = [d for d in window.findChildren(Dialog) if d is not dialog and d.isVisible()]
        dialogs[0].reject()
        assert see(hall, case).forwarded.decided_on is None


def choose(box: Any, value: str) -> None:
    box.set_value(value)
    box.changed.emit(value)


def test_cases_that_wait_for_an_organ_above_have_a_list_that_says_how_long(hall, wait, clock, tmp_path):
    case = sent_up(hall, number="阿市监〔2026〕7号")
    set_clock(clock, "2026-03-27")
    with open_desk(hall, SECOND, WORKBENCH) as desk:
        page = at(desk, wait, case)
        page.show_tab("forwarded")
        wait(lambda: ["已等10天 赤峰市市场监督管理局" in item.second for item in page.list.items()] == [True])
        wait(lambda: page.list._left.text() == "1 / 1")
        assert (page.work.order.text(), page.work.order.isEnabled()) == ("等待天数", False)
        desk.press("Alt+F")
        waits = page.work.filters.waits
        assert waits.isVisible()
        choose(waits, "20")
        wait(lambda: not page.list.items())
        choose(waits, "10")
        wait(lambda: len(page.list.items()) == 1)
        path = tmp_path / "cases.xlsx"
        desk.press("Ctrl+E")
        choose_file(wait, page, path)
        wait(path.exists)
        wait(lambda: not page.work.export.isVisible())
        sheet = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()]
        assert sheet[1][3:7] == [ORGAN, "阿市监〔2026〕7号", "2026-03-17", "10"]
        page.show_tab("review")
        wait(lambda: page.work.tab == "review")
        assert not waits.isVisible()
        assert page.work.filters.wanted() == {}
        hall.run(SECOND, "acceptance.grant", decision(hall, case, opinion="同意", upper=UPPER))
        page.show_tab("forwarded")
        wait(lambda: not page.list.items())
        wait(lambda: page._case is None)
        assert page._stack.currentIndex() == 0
