"""The list on the screen as a spreadsheet: everything as text, nothing as a formula."""

from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

from yichuang.widgets import Column, DataTable, TagSpec, TimeLeft, write_list


def test_what_is_exported_is_what_is_shown(qtbot, tmp_path):
    columns = [
        Column("state", kind="light"),
        Column("no", "办件编号"),
        Column("left", "剩余时限", kind="time"),
        Column("tags", "标签", kind="tags"),
        Column("fee", "金额（元）", kind="number"),
        Column("mark", kind="icon"),
        Column("on", "启用", kind="toggle"),
        Column("act", kind="action"),
    ]
    made = DataTable(columns)
    qtbot.addWidget(made)
    left, tags = TimeLeft("剩 1 天"), ["承诺件", TagSpec("容缺", "amber")]
    made.set_rows(
        [
            {"id": n, "state": "warning", "no": f"26-{n:06}", "left": left, "tags": tags, "fee": 1200}
            for n in (0, 1)
        ]
    )
    heads, rows = made.exported_rows()
    assert heads == ["状态", "办件编号", "剩余时限", "标签", "金额（元）"]
    assert made.exported_heads() == heads
    assert made.exported_row(made.rows()[1]) == rows[1]
    assert rows[1] == ["预警", "26-000001", "剩 1 天", "承诺件、容缺", "1,200"]
    sheet = load_workbook(write_list(tmp_path / "list.xlsx", heads, rows)).active
    assert [cell.value for cell in sheet[1]] == heads
    assert [cell.value for cell in sheet[3]] == rows[1]
    assert sheet.freeze_panes == "A2"
    with write_list(tmp_path / "list.csv", heads, rows).open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [heads, *rows]


def test_exports_are_never_formulas(tmp_path):
    rows = [["=1+1", "150421198001012417", "@cmd"]]
    sheet = load_workbook(write_list(tmp_path / "a.xlsx", ["甲", "乙", "丙"], rows)).active
    assert [cell.value for cell in sheet[2]] == rows[0]
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    text = write_list(tmp_path / "a.csv", ["甲", "乙", "丙"], rows).read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == "'=1+1,150421198001012417,'@cmd"


def test_other_formats_are_refused(tmp_path):
    with pytest.raises(ValueError, match="docx"):
        write_list(tmp_path / "a.docx", [], [])
