"""Saving to a chosen file: written on a worker, whole or not at all, the folder remembered, lists as they are shown."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PyQt6.QtWidgets import QFileDialog, QWidget

from yichuang.hall.errors import UserError
from yichuang.widgets import Column, DataTable, export_list, save_file


class Saver:
    """A page's context that works at once."""

    def __init__(self):
        self.kept, self.said, self.failed = {}, [], []

    def work(self, act, done=None, failed=None):
        try:
            done(act())
        except UserError as error:
            self.failed.append(error)

    def notify(self, text, kind="info", undo=None):
        self.said.append((str(text), kind))

    def save(self, key, value):
        self.kept[key] = value

    def load(self, key, default=None):
        return self.kept.get(key, default)


@pytest.fixture
def saver():
    return Saver()


def choose(parent, path):
    dialog = parent.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a_file_is_written_whole_and_its_folder_remembered(qtbot, saver, tmp_path):
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    save_file(saver, page, "名单.txt", lambda path: path.write_text("好"))
    choose(page, tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "好"
    assert [path.name for path in tmp_path.glob("*.txt")] == ["a.txt"]
    assert saver.said[0][1] == "success"
    assert Path(saver.kept["save-folder"]) == tmp_path
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None)


def test_what_cannot_be_written_leaves_the_old_file_and_a_sentence(qtbot, saver, tmp_path):
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    old = tmp_path / "a.txt"
    old.write_text("old")

    def half(path):
        path.write_text("ha")
        raise OSError(28, "No space left on device")

    save_file(saver, page, "a.txt", half)
    choose(page, old)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.glob("*.txt")] == ["a.txt"]
    assert [error.code for error in saver.failed] == ["CANNOT_SAVE"]
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None)


def test_a_table_is_saved_as_it_stands_on_the_screen(qtbot, saver, tmp_path):
    table = DataTable((Column("name", "名称", stretch=1), Column("n", "数量", 80)))
    qtbot.addWidget(table)
    table.show()
    table.set_rows([{"id": 1, "name": "甲", "n": "1504210000000000001"}])
    export_list(saver, table, "名单")
    table.export_requested.emit("xlsx")
    choose(table, tmp_path / "l.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "l.xlsx").active.values)
    assert rows == [("名称", "数量"), ("甲", "1504210000000000001")]
    qtbot.waitUntil(lambda: table.findChild(QFileDialog) is None)
