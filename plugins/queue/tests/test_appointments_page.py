"""The appointments page, worked as a guide does: see what is free, book, cancel, excuse, import a file."""

from __future__ import annotations

import pytest

from yichuang.api.ui import Dialog
from yichuang.shell.testing import open_page

from .conftest import MANAGER, citizen
from .test_issuing import book


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def rows(page):
    return page.table.model.loaded_rows()


def dialog(page):
    return page.window().findChild(Dialog)


def test_a_guide_books_and_cancels(qtbot, tree):
    with open_page(tree, MANAGER, "queue.appointments") as (page, context):
        qtbot.waitUntil(lambda: len(page.slots.items()) > 1, timeout=10_000)
        assert page.slots.items()[0].right == "余 2 / 2"
        page.book.click()
        ask = dialog(page)
        ask.form.set_values({"person": "苏日娜", "code": "123"})
        ask.accept()
        qtbot.waitUntil(lambda: page.note.count() == 1, timeout=10_000)
        assert rows(page) == [], "a wrong number books nothing"
        page.book.click()
        qtbot.waitUntil(lambda: dialog(page) is not None)
        dialog(page).form.set_values(
            {"person": "苏日娜", "code": citizen(), "phone": "13804760000", "priority": "elderly"}
        )
        with qtbot.waitSignal(context.services.toast_asked, timeout=10_000):
            dialog(page).accept()
        qtbot.waitUntil(lambda: len(rows(page)) == 1, timeout=10_000)
        row = rows(page)[0]
        assert (row["time"], row["person"], row["phone"], row["priority"]) == (
            "09:30–10:30",
            "苏*娜",
            "138****0000",
            "老年人",
        )
        qtbot.waitUntil(lambda: page.slots.items()[0].right == "余 1 / 2", timeout=10_000)
        page.table.acted.emit("act", row)
        qtbot.waitUntil(lambda: dialog(page) is not None)
        dialog(page).accept()
        qtbot.waitUntil(lambda: rows(page)[0]["state"] == "已取消", timeout=10_000)
        qtbot.waitUntil(lambda: page.slots.items()[0].right == "余 2 / 2", timeout=10_000)


def test_a_missed_one_is_excused(qtbot, tree, clock):
    tree.run(MANAGER, "queue.book", book(tree, 1))
    clock.move(hours=3)
    tree.run(MANAGER, "queue.tick")
    with open_page(tree, MANAGER, "queue.appointments") as (page, _context):
        qtbot.waitUntil(lambda: len(rows(page)) == 1, timeout=10_000)
        assert rows(page)[0]["act"] == "免责"
        page.table.acted.emit("act", rows(page)[0])
        qtbot.waitUntil(lambda: rows(page)[0]["state"] == "已免责", timeout=10_000)


def test_a_file_is_imported_or_every_bad_row_named(qtbot, tree, tmp_path):
    head = "业务\t日期\t时间\t姓名\t证件号码\n"
    bad = tmp_path / "bad.tsv"
    bad.write_text(f"{head}g.1\t2026-03-17\t09:31\t苏日娜\t{citizen()}\n", encoding="utf-8")
    good = tmp_path / "good.tsv"
    good.write_text(f"{head}g.1\t2026-03-17\t09:30\t苏日娜\t{citizen()}\n", encoding="utf-8")
    with open_page(tree, MANAGER, "queue.appointments") as (page, _context):
        qtbot.waitUntil(lambda: len(page.slots.items()) > 1, timeout=10_000)
        page.import_file(bad)
        qtbot.waitUntil(lambda: page.note.count() == 1, timeout=10_000)
        page.import_file(tmp_path / "not-there.tsv")
        qtbot.waitUntil(
            lambda: not page.load_file._busy if hasattr(page.load_file, "_busy") else True, timeout=10_000
        )
        page.import_file(good)
        qtbot.waitUntil(lambda: len(rows(page)) == 1, timeout=10_000)
        page.import_file(tmp_path / "x.pdf")
        assert page.note.count() == 1
