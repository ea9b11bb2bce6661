"""The search page as people use it: typing, choosing, scrolling on, keeping a search, exporting, breaking off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog

from yichuang.shell.testing import open_page
from yichuang_acceptance.ui import list_export, search_page

from ..case_rows import START, enter_cases  # noqa: TID252 - tests are no installed package
from ..conftest import CLERK, OTHER, OWN, STRANGER  # noqa: TID252 - tests are no installed package

SEARCH = "acceptance.search"


@pytest.fixture
def many(hall: Any) -> Any:
    enter_cases(
        hall,
        [
            {"applicant_name": "苏日娜" if n % 2 else "王小军", "item": f"i{n % 3}",
             "item_name": ("食品经营许可", "林木采伐", "户口登记")[n % 3],
             "agency": OTHER if n % 5 == 0 else OWN, "acceptor_id": 99, "received_at": START + timedelta(hours=n),
             "state": "delivered" if n % 4 == 0 else "review"}
            for n in range(40)
        ],
    )  # fmt: skip
    return hall


def ids(page: Any) -> list[int]:
    return [row["id"] for row in page.table.rows()]


def choose_file(wait: Any, page: Any, path: Path) -> None:
    wait(lambda: page.findChild(QFileDialog) is not None)
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    wait(lambda: page.findChild(QFileDialog) is None)


def test_typing_finds_and_the_chosen_case_stands_beside(many, wait):
    with open_page(many, CLERK, SEARCH) as (page, _context):
        wait(lambda: len(ids(page)) == 40)
        wait(lambda: page.aside.case is not None and page.aside.case.row.id == ids(page)[0])
        QTest.keyClicks(page.filters.text, "srn spjy")
        wait(lambda: len(ids(page)) == 7)
        wait(lambda: "7" in page.header._caption.text())
        page.table.move(1)
        wait(lambda: page.aside.case.row.id == ids(page)[1])
        page.filters.text.setText("没有这个人")
        wait(lambda: ids(page) == [] and page.aside.case is None)
        wait(lambda: not page.export_button.isEnabled())


def test_what_narrows_is_combined_and_cleared(many, wait):
    with open_page(many, CLERK, SEARCH) as (page, _context):
        wait(lambda: len(ids(page)) == 40)
        wait(lambda: page.filters.agency.count() == 3)
        page.filters.state.set_value("delivered")
        page.filters.state.changed.emit("delivered")
        wait(lambda: len(ids(page)) == 10)
        page.filters.agency.set_value(OTHER)
        page.filters.agency.changed.emit(OTHER)
        wait(lambda: len(ids(page)) == 2)
        page.only_this_item()
        wait(lambda: page.filters.item.isVisible() and len(ids(page)) == 1)
        page.filters.days.first.setText("2027-01-01")
        page.filters.days.first.editingFinished.emit()
        wait(lambda: ids(page) == [])
        page.filters.days.last.setText("2026-01-01")
        page.filters.days.last.editingFinished.emit()
        wait(lambda: page._note.count() == 1)
        page.filters.reset.click()
        wait(lambda: len(ids(page)) == 40 and page._note.count() == 0)
        assert page.filters.wanted() == {}


def test_more_cases_come_as_one_scrolls(many, wait, monkeypatch):
    monkeypatch.setattr(search_page, "PAGE", 12)
    monkeypatch.setattr(search_page, "MOST_COUNTED", 20)
    with open_page(many, CLERK, SEARCH) as (page, _context):
        wait(lambda: len(ids(page)) >= 12)
        wait(lambda: "20+" in page.header._caption.text())
        for _ in range(4):
            page.table.model.fetchMore(page.table.model.index(-1, -1))
            QTest.qWait(150)
        wait(lambda: len(ids(page)) == 40)
        assert ids(page) == sorted(ids(page), reverse=True)


def test_an_agency_sees_its_own_and_nothing_of_others(many, wait):
    with open_page(many, STRANGER, SEARCH) as (page, _context):
        wait(lambda: len(ids(page)) == 8)
        wait(lambda: not page.filters.agency.isVisible())


def test_a_search_is_kept_used_and_dropped(many, wait):
    with open_page(many, CLERK, SEARCH) as (page, context):
        toasts: list[Any] = []
        context.services.toast_asked.connect(lambda *told: toasts.append(told))
        wait(lambda: len(ids(page)) == 40)
        page.filters.text.setText("登记")
        wait(lambda: len(ids(page)) == 13)
        dialog = page.kept.keep(page.filters.wanted())
        dialog.form.set_values({"name": "户口"})
        dialog.accept()
        wait(lambda: [row.name for row in page.kept._rows] == ["户口"])
        page.filters.clear()
        wait(lambda: len(ids(page)) == 40)
        menu = page.kept.menu_of_rows()
        menu.actions()[0].trigger()
        wait(lambda: len(ids(page)) == 13)
        menu.actions()[-1].trigger()
        wait(lambda: page.kept._rows == [] and toasts)
        toasts[-1][2]()
        wait(lambda: [row.name for row in page.kept._rows] == ["户口"])


def test_everything_found_is_exported_page_by_page(many, wait, tmp_path, monkeypatch):
    monkeypatch.setattr(list_export, "PAGE", 6)
    with open_page(many, CLERK, SEARCH) as (page, _context):
        wait(lambda: page._count == 40)
        page.export_button.click()
        path = tmp_path / "cases.xlsx"
        choose_file(wait, page, path)
        wait(path.exists)
        wait(lambda: not page.export.isVisible())
        rows = list(openpyxl.load_workbook(path).active.values)
        assert len(rows) == 41
        assert rows[1][0].startswith("150421")
        assert "苏*娜" in {row[2] for row in rows[1:]}, "names stay masked"


def test_an_export_is_broken_off_and_leaves_no_file(many, wait, tmp_path, monkeypatch):
    monkeypatch.setattr(list_export, "PAGE", 1)
    with open_page(many, CLERK, SEARCH) as (page, context):
        errors: list[Any] = []
        context.services.failed.connect(errors.append)
        wait(lambda: page._count == 40)
        monkeypatch.setattr(page.export, "_came", lambda found: page.export.cancel.click())
        page.save_list()
        path = tmp_path / "cases.xlsx"
        choose_file(wait, page, path)
        wait(lambda: errors)
        assert errors[0].code == "EXPORT_CANCELLED"
        assert list(tmp_path.glob("*cases*")) == []
        assert not page.export.isVisible()


def test_enter_opens_the_case_where_one_works_on_it(many, wait):
    with open_page(many, CLERK, SEARCH) as (page, context):
        asked: list[Any] = []
        context.services.navigation_asked.connect(lambda *where: asked.append(where))
        wait(lambda: page.aside.case is not None)
        page.table.activated.emit(page.table.current_row())
        assert asked[0][0] == "acceptance.workbench"
        assert asked[0][1] == {"case_id": ids(page)[0]}
