"""Lists longer than a page: matters, bad ratings, refusals, complaints, findings and mandates go to their end in their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import identifiers
from yichuang.api.ui import SearchBox
from yichuang_acceptance.ui import table_pages
from yichuang_acceptance.ui.case_texts import count_text

from ..case_rows import enter_cases  # noqa: TID252 - tests are no installed package
from ..conftest import CLERK  # noqa: TID252 - likewise
from ..test_list_pages import NUMBER, enter_fixes, enter_matters, fill_list  # noqa: TID252 - likewise
from ..test_supervision import INSPECTOR  # noqa: TID252 - likewise
from .conftest import PAGES, open_desk
from .test_search_page import choose_file

VOICES, SUPERVISION, INTAKE, AGENTS = (
    f"acceptance.{n}" for n in ("voices", "supervision", "intake", "agents")
)
CHIEF = replace(CLERK, permissions=CLERK.permissions | {"acceptance.supervise", "acceptance.help"})


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_pages, "PAGE", 10)
    monkeypatch.setitem(PAGES, VOICES, "yichuang_acceptance.ui.voices")


def ids(table: Any) -> list[int]:
    return [row["id"] for row in table.rows()]


def walk(table: Any, wait: Any, number: int = NUMBER) -> None:
    """Go down to the last row, which brings the next page, until there is none."""
    wait(lambda: ids(table))
    while len(ids(table)) < number:
        before = len(ids(table))
        table.view.scrollToBottom()
        wait(lambda before=before: len(ids(table)) > before)
    assert len(set(ids(table))) == number


def test_matters_go_to_their_end_and_stay_as_long_as_they_were(hall, wait):
    order = enter_matters(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.page.show_tab("matters")
        view = desk.page.matters
        walk(view.table, wait)
        assert ids(view.table) == order
        assert view.table._footer.count == f"显示 {NUMBER} / {NUMBER}"
        view.pages.wanted = order[-1]
        view.load()
        wait(lambda: view.pane.matter is not None and view.pane.matter.row.id == order[-1])
        assert ids(view.table) == order


def test_a_matter_that_is_wanted_is_found_behind_the_first_page(hall, wait):
    order = enter_matters(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.page._came({"matter_id": order[-1]})
        view = desk.page.matters
        wait(lambda: view.pane.matter is not None and view.pane.matter.row.id == order[-1])
        assert view.table.current_row()["id"] == order[-1]


def test_bad_ratings_and_refusals_go_to_their_end_and_are_saved_whole(hall, wait, tmp_path):
    cases = enter_cases(hall, [{} for _n in range(NUMBER)])
    order = enter_fixes(hall, cases)
    fill_list(hall, "refusals", cases)
    with open_desk(hall, CHIEF, VOICES) as desk:
        view = desk.page.fixes
        view.which.set_current("all")
        view.load()
        walk(view.table, wait)
        assert ids(view.table) == order
        desk.page.show_tab("refusals")
        table = desk.page.refusals.table
        wait(lambda: len(ids(table)) >= 10)
        assert table._footer.count.endswith("+")
        table.export_requested.emit("xlsx")
        path = tmp_path / "refusals.xlsx"
        choose_file(wait, desk.page, path)
        wait(path.exists)
        wait(lambda: not desk.page.refusals.pages._export.isVisible())
        assert len(list(openpyxl.load_workbook(path).active.values)) == NUMBER + 1
        walk(table, wait)


@pytest.mark.parametrize("tab", ["complaints", "findings"])
def test_lists_of_supervision_go_to_their_end(hall, wait, tab):
    cases = enter_cases(hall, [{} for _n in range(NUMBER)])
    fill_list(hall, tab, cases)
    with open_desk(hall, INSPECTOR, SUPERVISION) as desk:
        desk.page.show_tab(tab)
        walk(desk.page.view.ledger.table, wait)


def test_mandates_go_to_their_end(hall, wait):
    fill_list(hall, "mandates", enter_cases(hall, [{} for _n in range(NUMBER)]))
    with open_desk(hall, CHIEF, AGENTS) as desk:
        desk.page.show_tab("all")
        walk(desk.page.view.table, wait)


@pytest.mark.parametrize("name", ["complaints", "findings", "mandates"])
def test_ledgers_are_searched_behind_the_page_that_is_shown(hall, wait, name):
    cases = enter_cases(hall, [{} for _n in range(NUMBER)])
    fill_list(hall, name, cases)
    actor, page = (CHIEF, AGENTS) if name == "mandates" else (INSPECTOR, SUPERVISION)
    with open_desk(hall, actor, page) as desk:
        desk.page.show_tab("all" if name == "mandates" else name)
        ledger = desk.page.view if name == "mandates" else desk.page.view.ledger
        box = ledger.findChild(SearchBox)
        wait(lambda: len(ids(ledger.table)) >= 10)
        oldest = hall.query(CLERK, "acceptance.case", {"case_id": cases[0]}).row.short_no
        QTest.keyClicks(box, oldest)
        wait(lambda: len(ids(ledger.table)) == 1)
        assert identifiers.short_case_number(ledger.table.rows()[0]["row"].case_no) == oldest
        QTest.keyClick(box, Qt.Key.Key_Escape)
        wait(lambda: len(ids(ledger.table)) >= 10)


def test_a_count_says_where_it_ends():
    assert [count_text(n) for n in (0, 999, 1000)] == [0, 999, "1,000+"]
