"""The catalogue and the record of uses on the page; a licence entered by hand."""

from __future__ import annotations

import pytest

from yichuang.api.ui import Dialog
from yichuang.shell.testing import open_page

from .conftest import CLERK, KEEPER, LIFELONG, STRANGER, TYPE, citizen


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)


def dialog_of(page):
    return next(d for d in page.findChildren(Dialog) if d.isVisible())


def test_the_catalogue_is_searched(qtbot, suite, issued, wait):
    with open_page(suite, CLERK, "licence.lookup") as (page, _context):
        page.show_tab("types")
        table = page.types.table
        wait(lambda: len(table.rows()) == 2)
        food = next(row for row in table.rows() if row["id"] == TYPE)
        assert (food["term"], food["issued"]) == ("5 年", 1)
        page.types.search.setText("营业执照")
        wait(lambda: [row["id"] for row in table.rows()] == [LIFELONG])
        page.types.ask_issue(table.rows()[0]["type"])
        assert not [d for d in page.findChildren(Dialog) if d.isVisible()], "a clerk enters nothing"


def test_a_licence_is_entered_by_hand(qtbot, suite, wait):
    with open_page(suite, KEEPER, "licence.lookup") as (page, _context):
        page.show_tab("types")
        table = page.types.table
        wait(lambda: len(table.rows()) == 2)
        table.acted.emit("enter", next(row for row in table.rows() if row["id"] == TYPE))
        dialog = dialog_of(page)
        form = dialog.form
        form.set_values({"name": "苏日娜", "code": "150421199003072410", "fields": "经营场所"})
        dialog.accept()
        assert form.errors() == {
            "code": "公民身份号码的校验位不正确。",
            "fields": "缺少名称或内容：经营场所",
        }
        form.set_values({"code": citizen(), "fields": "经营场所：天山大街 1 号\n负责人: 苏日娜"})
        dialog.accept()
        wait(lambda: any(row["issued"] for row in table.rows()))
    request = {"by": "holder", "text": citizen(), "purpose": "核对"}
    found = suite.run(KEEPER, "licence.search", request)
    detail = suite.run(KEEPER, "licence.view", {"code": found[0].code, "purpose": "核对"})
    shown = {fact.label: fact.value for fact in detail.facts}
    assert (shown["经营场所"], shown["负责人"]) == ("天山大街 *** 号", "苏*娜")


def test_a_stranger_enters_nothing_of_another_agency(qtbot, suite, wait):
    with open_page(suite, STRANGER, "licence.lookup") as (page, _context):
        page.show_tab("types")
        wait(lambda: len(page.types.table.rows()) == 2)
        assert {row["enter"] for row in page.types.table.rows()} == {""}


def test_the_record_shows_what_was_done_and_is_searched(qtbot, suite, issued, wait):
    suite.run(KEEPER, "licence.search", {"by": "holder", "text": citizen(), "purpose": "办理甲"})
    suite.run(KEEPER, "licence.search", {"by": "number", "text": "没有", "purpose": "办理乙"})
    suite.run(KEEPER, "licence.view", {"code": issued.code, "purpose": "办理丙", "basis": "written"})
    with open_page(suite, KEEPER, "licence.lookup") as (page, context):
        context.shown.emit({"tab": "uses"})
        table = page.uses.table
        wait(lambda: len(table.rows()) == 3)
        assert [(r["act"], r["purpose"][1], r["result"]) for r in table.rows()] == [
            ("核验", "书面授权", "通过"),
            ("查询", "持证人在场", "未查到"),
            ("查询", "持证人在场", "1 张证照"),
        ]
        page.uses.search.setText("办理甲")
        wait(lambda: [row["purpose"][0] for row in table.rows()] == ["办理甲"])


def test_a_long_record_is_read_page_by_page(qtbot, suite, wait):
    for number in range(103):
        suite.run(KEEPER, "licence.search", {"by": "number", "text": "没有", "purpose": f"第 {number} 次"})
    with open_page(suite, KEEPER, "licence.lookup") as (page, _context):
        page.show_tab("uses")
        table = page.uses.table
        wait(lambda: len(table.rows()) == 100)
        table.view.scrollToBottom()
        wait(lambda: len(table.rows()) == 103)
        assert table.rows()[-1]["purpose"][0] == "第 0 次"
