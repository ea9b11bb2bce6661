"""The statistics page: figures of a span, another span, one agency, wrong days, the list and the report as files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from yichuang.api import Actor
from yichuang.shell.testing import open_page

from ..applicant_steps import rated  # noqa: TID252 - tests are no installed package
from ..case_rows import enter_cases  # noqa: TID252 - tests are no installed package
from ..conftest import APPROVER, OTHER, OWN, accepted, decision  # noqa: TID252 - tests are no installed package
from .test_search_page import choose_file

PAGE = "acceptance.statistics"
HALL = Actor(
    22,
    "inspector",
    "监察员",
    "",
    permissions=frozenset({"acceptance.view", "acceptance.statistics", "acceptance.see_all"}),
)


@pytest.fixture
def filled(hall: Any) -> Any:
    now = hall.executor.clock()
    enter_cases(
        hall,
        [
            {"agency": OTHER if n % 3 else OWN, "received_at": now - timedelta(days=n), "state": "review" if n % 2 else "ready",
             "decided_at": None if n % 2 else now - timedelta(days=n // 2), "decided_days": None if n % 2 else n,
             "kept": None if n % 2 else n < 8}
            for n in range(12)
        ],
    )  # fmt: skip
    return hall


def shown(page: Any, key: str) -> str:
    return str(page.kpis[key]._value.text())


def test_figures_are_read_narrowed_and_saved(filled, wait, tmp_path):
    with open_page(filled, HALL, PAGE) as (page, _context):
        wait(lambda: len(page.table.rows()) == 2)
        assert [shown(page, key) for key in ("received", "decided", "open", "median", "kept")] == [
            "12", "6", "12", "5.0", "66.7",
        ]  # fmt: skip
        assert page.table.rows()[0]["id"] == OTHER
        page.days.set_days(date(2026, 3, 16), date(2026, 3, 17))
        wait(lambda: shown(page, "received") == "2")
        wait(lambda: page.agency.count() == 3)
        page.days.span.changed.emit("month")
        page.agency.set_value(OWN)
        page.agency.changed.emit(OWN)
        wait(lambda: shown(page, "received") == "4")
        page.export.click()
        choose_file(wait, page, tmp_path / "list.xlsx")
        wait((tmp_path / "list.xlsx").exists)
        sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
        assert [cell.value for cell in sheet[2]][:2] == ["市场监督管理局", "4"]
        page.print.click()
        choose_file(wait, page, tmp_path / "report.pdf")
        wait(
            lambda: (
                (tmp_path / "report.pdf").exists()
                and (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
            )
        )


def test_wrong_days_are_said_in_place(filled, wait):
    with open_page(filled, HALL, PAGE) as (page, _context):
        wait(lambda: page._found is not None)
        page.days.first.setText("2026-03-18")
        page.days.last.setText("2026-03-17")
        page.days.last.editingFinished.emit()
        assert page._note.count() == 1
        page.days.set_days(date(2026, 3, 1), date(2026, 3, 2))
        wait(lambda: page._note.count() == 0 and shown(page, "received") == "0")


def test_ratings_stand_above_the_figures_with_defaults_kept_apart(hall, wait):
    rated(hall, accepted(hall), 2)
    rated(hall, accepted(hall), 5)
    with open_page(hall, HALL, PAGE) as (page, _context):
        wait(lambda: "50.0 %（2 条）" in page.ratings.text())
        assert "差评 1 件：整改率 0.0 %，回访率 0.0 %" in page.repairs.text()
        assert page.repairs.isVisible()
        page.agency.set_value(OTHER)
        page.load()
        wait(lambda: page.ratings.text() == "该时段没有评价")
        assert page.repairs.isHidden()


def test_grants_are_saved_as_they_are_published(hall, wait, tmp_path):
    case = accepted(hall)
    hall.run(APPROVER, "acceptance.grant", decision(hall, case, opinion="同意", public_note="旗政府门户网站"))
    with open_page(hall, HALL, PAGE) as (page, _context):
        wait(lambda: page._found is not None)
        page.publish.click()
        choose_file(wait, page, tmp_path / "grants.xlsx")
        wait(lambda: (tmp_path / "grants.xlsx").exists() and page._grants.isHidden())
        heads, row = openpyxl.load_workbook(tmp_path / "grants.xlsx").active.iter_rows(values_only=True)
        told = dict(zip(heads, row, strict=True))
        assert (told["被许可人"], told["公示处所"], told["状态"]) == ("苏*娜", "旗政府门户网站", "有效")
        assert "许字" in told["决定书文号"]
