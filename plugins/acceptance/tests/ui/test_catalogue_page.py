"""The item catalogue as its keepers use it: finding, changing, errors in place, submitting, publishing, files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QLabel

from yichuang.api.ui import Dialog
from yichuang_acceptance.ui.guide_list import DictionaryDialog, RowDialog

from ..conftest import BARE, COMMITTED, INSTANT, OWN  # noqa: TID252 - tests are no installed package
from ..guides import CODE, whole  # noqa: TID252 - likewise
from ..review import ONE_REVIEW  # noqa: TID252 - likewise
from ..test_guides import EVERYWHERE, FOREIGN, KEEPER, VIEW, WRITER, act, ask, published, submitted  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_search_page import choose_file

PAGE = "acceptance.catalogue"


@pytest.fixture
def desk(hall: Any, wait: Any) -> Any:
    """Opens the page for somebody, with its list there."""

    def opened(actor: Any) -> Any:
        return open_desk(hall, actor, PAGE)

    return opened


def shown(page: Any) -> set[str]:
    return {name for name, button in page.acts.items() if button.isVisible()}


def type_in(editor: Any, text: str) -> None:
    """Type; what no key gives is put behind, as an input method does."""
    if text.isascii():
        QTest.keyClicks(editor, text)
    else:
        editor.insert(text)
        if hasattr(editor, "searched"):
            editor.searched.emit(editor.text())
        else:
            editor.textEdited.emit(editor.text())


def codes(page: Any) -> list[str]:
    return [item.id for item in page.items.list.items() if not item.section]


def chosen(page: Any, wait: Any, code: str) -> None:
    wait(lambda: code in page.items.rows)
    page.choose(code)
    wait(lambda: page.detail is not None and page.detail.item == code)


@pytest.mark.parametrize("typed", ["spjyxk", "shipin jingying", "食品经营", "committed"])
def test_an_item_is_found_and_opened_by_keys(hall, desk, wait, typed):
    published(hall)
    with desk(WRITER) as opened:
        page = opened.page
        wait(lambda: len(codes(page)) == 3)
        assert [item.title for item in page.items.list.items() if item.section] == ["市场监督管理局　3"]
        page.items.list.search.setFocus()
        type_in(page.items.list.search, typed)
        QTest.keyClick(page.items.list.search, Qt.Key.Key_Return)
        wait(lambda: page.detail is not None and page.detail.item == COMMITTED)
        assert page._name.text() == "食品经营许可（新办）"
        page.items.list.search.setText("没有")
        wait(lambda: codes(page) == [])


def test_a_version_is_written_submitted_and_published(hall, desk, wait):
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        assert shown(page) == {"print", "draft"}
        opened.press("F6")
        wait(lambda: page.detail.state == "draft")
        assert shown(page) == {"print", "drop", "save", "submit"}
        wait(lambda: page.note.count() == 1)  # what is missing
        handling = page.view.forms["handling"]
        assert handling.field("server_type").error(), "told at its place"
        handling.field("server_type").set_value("1;2")
        handling.field("promise_day").editor.setFocus()
        handling.field("promise_day").editor.selectAll()
        QTest.keyClicks(handling.field("promise_day").editor, "3,5")
        page.view.forms["fees"].field("is_fee").set_value("0")
        page.view.forms["organ"].field("use_level").set_value("4")
        opened.press("Ctrl+S")
        assert page.view.tabs.current() == "elements"
        assert handling.field("promise_day").error()
        assert ask(hall, WRITER, "guide", item=COMMITTED).elements["promise_day"] == "5", "nothing was saved"
        handling.field("promise_day").set_value("3.5")
        page._changed()
        opened.press("F8")
        wait(lambda: any(d.isVisible() for d in page.findChildren(Dialog)))
        dialog = opened.dialog()
        dialog.form.set_values({"note": "压缩承诺时限"})
        dialog.accept()
        wait(lambda: page.detail.state == "submitted")
        assert shown(page) == {"print"}
    with desk(KEEPER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        assert shown(page) == {"print", "state", "back", "publish"}
        opened.press("F9")
        wait(opened.has_dialog)
        opened.dialog().accept()
        wait(lambda: page.detail.state == "published")
        assert page.detail.holds
    seen = hall.query(WRITER, "hall.item", {"code": COMMITTED})
    assert (seen.version, float(seen.promise_amount)) == (2, 3.5)


def test_who_wrote_a_version_is_told_to_wait(hall, desk, wait):
    draft = act(hall, KEEPER, "draft_guide", item=COMMITTED)
    kept = act(hall, KEEPER, "change_guide", item=COMMITTED, row_version=draft.row_version, **whole())
    act(hall, KEEPER, "submit_guide", item=COMMITTED, row_version=kept.row_version)
    with desk(KEEPER) as opened:
        chosen(opened.page, wait, COMMITTED)
        assert "publish" not in shown(opened.page)
        assert opened.page.note.count() == 1


def test_rows_are_added_from_the_dictionary_moved_and_taken_out(hall, desk, wait):
    act(hall, WRITER, "draft_guide", item=BARE)
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, BARE)
        page.view.open_tab("materials")
        table = page.view.lists["materials"]
        for words in ("申请", "执照"):
            table.acts["add"].click()
            wait(lambda: page.findChildren(DictionaryDialog))
            dictionary = next(d for d in page.findChildren(DictionaryDialog) if d.isVisible())
            type_in(dictionary.list.search, words)
            wait(lambda d=dictionary: len(d.list.items()) == 1)
            dictionary.accept()
            wait(lambda: any(d.isVisible() for d in page.findChildren(RowDialog)))
            row = next(d for d in page.findChildren(RowDialog) if d.isVisible())
            row.form.set_values({"page_num": "x"})
            row.accept()
            assert row.form.errors(), "a wrong value keeps the dialog open"
            row.form.set_values({"page_num": "1"})
            row.accept()
        assert [each["material_code"] for each in table.rows()] == ["M1", "M2"]
        assert table.rows()[0] == {
            "material_code": "M1",
            "material_name": "申请书",
            "is_need": "1",
            "page_num": "1",
        }
        table.acts["up"].click()
        assert [each["material_code"] for each in table.rows()] == ["M2", "M1"]
        table.acts["remove"].click()
        assert len(table.rows()) == 1
        (_text, _kind, undo) = opened.toasts[-1]
        undo()
        assert len(table.rows()) == 2
        opened.press("Ctrl+S")
        wait(lambda: not page.is_dirty)
        assert len(ask(hall, WRITER, "guide", item=BARE).lists["materials"]) == 2


def test_changes_are_not_lost_without_a_question(hall, desk, wait):
    act(hall, WRITER, "draft_guide", item=COMMITTED)
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        name = page.view.forms["names"].field("task_name").editor
        type_in(name, "改")
        assert page.is_dirty
        page.choose(BARE)
        wait(opened.has_dialog)
        opened.dialog().reject()
        assert page.detail.item == COMMITTED
        assert page.items.list.current() == COMMITTED
        page.choose(BARE)
        wait(opened.has_dialog)
        opened.dialog().accept()
        wait(lambda: page.detail.item == BARE)


def test_somebody_elses_change_is_told_and_nothing_is_lost(hall, desk, wait):
    draft = act(hall, WRITER, "draft_guide", item=COMMITTED)
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        type_in(page.view.forms["names"].field("task_name").editor, "改")
        act(hall, KEEPER, "change_guide", item=COMMITTED, row_version=draft.row_version, **whole())
        opened.press("Ctrl+S")
        wait(lambda: any("首席代表" in text for text in page.note.notes()))
        assert page.is_dirty
        assert page.view.forms["names"].field("task_name").value().startswith("改")


def test_sending_back_names_the_reason(hall, desk, wait):
    submitted(hall)
    with desk(KEEPER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        opened.press("F7")
        wait(opened.has_dialog)
        opened.dialog().accept()
        assert opened.has_dialog(), "no reason, nothing sent"
        opened.dialog().form.set_values({"reason": "材料名称不规范"})
        opened.dialog().accept()
        wait(lambda: page.detail.state == "draft")
    with desk(WRITER) as opened:
        chosen(opened.page, wait, COMMITTED)
        assert any("材料名称不规范" in text for text in opened.page.note.notes())


def test_versions_stand_old_beside_new(hall, desk, wait):
    published(hall)
    published(hall, plan_effective_date="2026-04-01", promise_day="4", limit_scene_num="1", result_name="")
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        page.view.open_tab("versions")
        versions = page.view.versions
        wait(lambda: len(versions.changes.rows()) == 4)
        said = {
            tuple(c.text for c in (row["old"], row["new"])): row["what"][0].text
            for row in versions.changes.rows()
        }
        assert said == {
            ("5", "4"): "修改",
            ("—", "1"): "新增",
            ("食品经营许可证", "—"): "删除",
            ("—", "2026-04-01"): "新增",
        }
        assert [row["version"] for row in versions.table.rows()] == ["V3", "V2", "V1"]
        versions.table.move(1)
        wait(lambda: versions.against.value() == 1)
        wait(lambda: len(versions.changes.rows()) > 10)
        versions.against.set_value(3)
        versions.against.changed.emit(3)
        wait(lambda: len(versions.changes.rows()) == 4)


def test_an_item_is_suspended(hall, desk, wait):
    with desk(KEEPER) as opened:
        page = opened.page
        chosen(page, wait, INSTANT)
        page.acts["state"].click()
        wait(opened.has_dialog)
        opened.dialog().form.set_values({"reason": "系统改造"})
        opened.dialog().accept()
        wait(lambda: page.detail.item_state == "2")
        page.items.filter.set_current("halted")
        page.items.filter.changed.emit("halted")
        wait(lambda: codes(page) == [INSTANT])
    assert INSTANT not in {row.code for row in hall.query(WRITER, "hall.items", {})}


def test_a_new_item_and_a_wrong_code(hall, desk, wait):
    with desk(WRITER) as opened:
        page = opened.page
        wait(lambda: page.items.rows)
        page.new.click()
        wait(opened.has_dialog)
        dialog = opened.dialog()
        dialog.form.set_values({"name": "小作坊登记", "agency": OWN, "type": "01", "code": "123"})
        dialog.accept()
        wait(lambda: not dialog._acting)
        assert dialog.isVisible()
        dialog.form.set_values({"code": CODE})
        dialog.accept()
        wait(lambda: page.detail is not None and page.detail.item == CODE)
        assert "submit" in shown(page)
        wait(lambda: CODE in page.items.rows)


def test_files_go_out_and_come_back(hall, desk, wait, tmp_path):
    published(hall)
    with desk(KEEPER) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        page.files.menu_of_forms().actions()[0].trigger()
        choose_file(wait, page, tmp_path / "catalogue.xlsx")
        wait((tmp_path / "catalogue.xlsx").exists)
        book = openpyxl.load_workbook(tmp_path / "catalogue.xlsx")
        sheet = book["guide_items"]
        names = {cell.value: cell.column for cell in sheet[1]}
        rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
        sheet.cell(rows[BARE], names["task_name"]).value = "资产信息公告"
        book.save(tmp_path / "changed.xlsx")
        sheet.cell(rows[COMMITTED], names["promise_day"]).value = "soon"
        book.save(tmp_path / "broken.xlsx")
        page.files.import_files([str(tmp_path / "broken.xlsx")])
        wait(opened.has_dialog)
        opened.dialog().accept()
        assert ask(hall, KEEPER, "guide", item=BARE).open_version == 0
        page.files.bring.click()
        wait(lambda: page.findChild(QFileDialog) is not None)
        chooser = page.findChild(QFileDialog)
        chooser.filesSelected.emit([str(tmp_path / "changed.xlsx")])
        chooser.close()
        wait(lambda: page.items.rows[BARE].open_state == "draft")
        wait(lambda: page.findChild(QFileDialog) is None)
        page.files.save("upload_guides", "tsv")
        choose_file(wait, page, tmp_path / "upload.zip")
        wait((tmp_path / "upload.zip").exists)
        page.files.import_files([str(tmp_path / "upload.zip")])
        wait(lambda: page.items.rows[BARE].open_state == "draft" and opened.toasts)
        page.files.import_files([str(tmp_path / "nowhere.tsv")])
        wait(opened.has_dialog)
        opened.dialog().accept()


def test_the_service_guide_is_shown(hall, desk, wait):
    published(hall)
    with desk(KEEPER) as opened:
        chosen(opened.page, wait, COMMITTED)
        opened.press("Ctrl+P")
        wait(opened.has_dialog)
        wait(lambda: opened.dialog().viewer is not None)
        opened.dialog().reject()


def test_agencies_are_kept_apart_and_readers_change_nothing(hall, desk, wait):
    act(hall, WRITER, "draft_guide", item=COMMITTED)
    with desk(FOREIGN) as opened:
        wait(lambda: opened.page.items._index is not None)
        assert codes(opened.page) == []
        opened.page.open(COMMITTED)
        wait(lambda: opened.toasts)
        assert opened.page.detail is None
    with desk(EVERYWHERE) as opened:
        wait(lambda: len(codes(opened.page)) == 3)
        assert opened.page.items.agency.isVisible()
    reader = type(WRITER)(21, "reader", "查阅员", OWN, permissions=VIEW)
    with desk(reader) as opened:
        chosen(opened.page, wait, COMMITTED)
        assert shown(opened.page) == {"print"}
        assert opened.page.view.forms == {}
        assert not opened.page.new.isVisible()


def test_a_keeper_of_graphs_sets_one_and_is_told_what_is_wrong_with_it(hall, desk, wait):
    published(hall)
    keeper = replace(KEEPER, permissions=KEEPER.permissions | {"acceptance.graphs", "acceptance.view"})
    with desk(keeper) as opened:
        page = opened.page
        chosen(page, wait, COMMITTED)
        page.acts["graph"].click()
        wait(opened.has_dialog)
        dialog = opened.dialog()
        for text, told in (("{", "第 1 行"), ("[]", "大括号"), ('{"nodes": [], "edges": []}', "环节")):
            dialog.form.set_values({"graph": text})
            dialog.accept()
            wait(lambda told=told: told in dialog._error.text())
        dialog.form.set_values({"graph": json.dumps(ONE_REVIEW)})
        dialog.accept()
        wait(lambda: not opened.has_dialog())
        page.acts["graph"].click()
        wait(opened.has_dialog)
        told = "".join(label.text() for label in opened.dialog().findChildren(QLabel))
        assert "初审 2 个工作日；决定占承诺时限25%" in told
        opened.dialog().reject()
        version = page.detail.version
    view = hall.query(keeper, "acceptance.review_graph", {"item": COMMITTED, "version": version})
    assert (view.revision, view.graph["nodes"]) == (1, ONE_REVIEW["nodes"])
    with desk(WRITER) as opened:
        chosen(opened.page, wait, COMMITTED)
        assert "graph" not in shown(opened.page)


def test_an_item_without_a_guide_says_so_and_shows_no_empty_groups(hall, desk, wait):
    with desk(WRITER) as opened:
        page = opened.page
        chosen(page, wait, BARE)
        (told,) = page.note.notes()
        assert told.startswith("办事指南尚未发布")
        assert "F6" in told
        empty = [name for name, group in page.view._groups.items() if group.isHidden()]
        assert "term" in empty
        assert "names" not in empty, "what is known is shown"
        page.act("draft")
        wait(lambda: page.detail.state == "draft")
        assert not any(group.isHidden() for group in page.view._groups.values()), "to be filled in"
