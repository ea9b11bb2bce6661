"""The archived file of a case is saved from its menu."""

from __future__ import annotations

import zipfile
from typing import Any

from openpyxl import load_workbook

from yichuang_acceptance.ui import case_more
from yichuang_acceptance.ui.due_files import kept_text, show_due_files

from ..conftest import ISSUER  # noqa: TID252 - tests are no installed package
from ..life import render  # noqa: TID252 - tests are no installed package
from ..test_life_papers import delivered  # noqa: TID252 - tests are no installed package
from ..test_retention import files  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_search_page import choose_file

ENTRY = "保存归档包…"


def test_the_issuer_saves_the_whole_file(hall: Any, wait: Any, tmp_path: Any) -> None:
    one = delivered(hall, None)
    render(hall, one)
    hall.run(ISSUER, "acceptance.archive", {"case_id": one.case_id})
    case = hall.query(ISSUER, "acceptance.case", {"case_id": one.case_id})
    with open_desk(hall, ISSUER, "acceptance.issuing") as desk:
        entries = {text: ask for text, _icon, ask in case_more.entries(desk.context, case)}
        entries[ENTRY](desk.page, desk.context, case, lambda _done: None)
        choose_file(wait, desk.page, tmp_path / "file.zip")
        wait(lambda: zipfile.is_zipfile(tmp_path / "file.zip"))
    with zipfile.ZipFile(tmp_path / "file.zip") as files:
        assert files.testzip() is None
        assert "目录.json" in files.namelist()


def test_the_term_is_shown_at_the_archive_and_due_files_are_listed(
    hall: Any, wait: Any, tmp_path: Any
) -> None:
    one = delivered(hall, None)
    render(hall, one)
    files(hall, *(("2010-01-01T10:00:00+08:00", 10, ISSUER.agency) for _n in range(3)))
    with open_desk(hall, ISSUER, "acceptance.issuing") as desk:
        desk.page.show_tab("closed")
        view = desk.page.view
        wait(lambda: view.aside.case is not None and view.aside.case.row.id == one.case_id)
        assert kept_text(view.aside.case.kept) == "永久，按大厅设置"
        desk.press("Ctrl+Enter")
        wait(lambda: any("已归档，保管 永久" in word for word in desk.words))
        dialog = show_due_files(desk.page, desk.context)
        wait(lambda: len(dialog.table.rows()) == 3)
        assert dialog.table.rows()[0]["until"] == "2020-12-31"
        dialog.accept()
        choose_file(wait, dialog, tmp_path / "due.xlsx")
        wait((tmp_path / "due.xlsx").exists)
        assert len(list(load_workbook(tmp_path / "due.xlsx").active.values)) == 4
