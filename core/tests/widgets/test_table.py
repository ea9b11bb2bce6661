"""The table: model under Qt's own tester, pages, selection, keys, sorting, export, ten thousand rows."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt
from PyQt6.QtGui import QHelpEvent, QImage, QPainter
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip

from yichuang.hall.errors import UserError
from yichuang.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    ErrorNote,
    ErrorState,
    Panel,
    TagSpec,
    TimeLeft,
    theme,
)
from yichuang.widgets.table_cells import cell_text, sort_key
from yichuang.widgets.table_delegate import content_rect
from yichuang.widgets.table_model import PAGE, TableModel

COLUMNS = [
    Column("state", kind="light"),
    Column("no", "办件编号", width=104, elide="middle", sort=True),
    Column("item", "事项", kind="strong", stretch=2),
    Column("who", "申请人", tone=lambda row: "t3" if row["id"] % 2 else ""),
    Column("left", "剩余时限", kind="time", sort=True),
    Column("tags", "标签", kind="tags", sort=True),
    Column("where", "状态", kind="status"),
    Column("both", "插件", kind="two"),
    Column("digest", "摘要", kind="mono"),
    Column("mark", kind="icon", width=40),
    Column("fee", "金额（元）", kind="number", sort=lambda row: row["fee"]),
    Column("on", "启用", kind="toggle"),
    Column("act", kind="action"),
]
STATES = ["on_time", "warning", "overdue", "paused"]


def row(n: int) -> dict:
    return {
        "id": n, "state": STATES[n % 4], "no": f"26-{n:06}", "item": "道路普通货物运输经营许可", "who": "苏*娜",
        "left": TimeLeft(f"剩 {n} 天", (n % 10) / 10, STATES[n % 4], n), "tags": ["承诺件", TagSpec("容缺", "amber")],
        "where": (STATES[n % 4], "待受理"), "both": Cell("公积金缴存", "red", second="公积金管理部", icon="wallet"),
        "digest": "7f3a…c91e", "mark": "lock", "fee": n * 1000, "on": (n % 2 == 0, n != 3), "act": "受理",
    }  # fmt: skip


def table(rows: int = 30, **kind) -> DataTable:
    made = DataTable(COLUMNS, **kind)
    made.set_rows([row(n) for n in range(rows)])
    return made


def test_the_model_is_sound(qtmodeltester):
    model = TableModel(COLUMNS)
    model.set_rows([row(n) for n in range(5)])
    qtmodeltester.check(model)
    model.set_placeholders(3)
    qtmodeltester.check(model)


def test_a_paged_model_is_sound(qtmodeltester):
    model = TableModel(COLUMNS)
    model.set_source(
        450, lambda first, count, deliver: deliver([row(n) for n in range(first, first + count)])
    )
    qtmodeltester.check(model)


def test_every_kind_paints_in_every_look(qtbot, window):
    made = table(8)
    window(made, width=1500)
    made.select(1)
    made.view.rows_delegate.hovered = 2
    assert not made.grab().isNull()
    made.set_loading(True)
    assert not made.grab().isNull()


@pytest.mark.parametrize("height", [38, 32, 50])
def test_row_heights(qtbot, window, height):
    made = table(3, row_height=height)
    window(made)
    assert made.view.rowHeight(0) == height
    assert made.view.horizontalHeader().height() == 32


def test_the_columns_fill_the_width(qtbot, window):
    made = table(3)
    host = window(made, width=1500)
    for width in (1500, 1601):
        host.resize(width, 500)
        QApplication.processEvents()
        total = sum(made.view.columnWidth(at) for at in range(len(COLUMNS)))
        assert total == made.view.viewport().width()


def test_keys_move_open_preview_and_export(qtbot, window):
    made = table()
    window(made, width=1400)
    seen, opened, previewed, exported = [], [], [], []
    made.selected.connect(lambda r: seen.append(r["id"]))
    made.activated.connect(lambda r: opened.append(r["id"]))
    made.previewed.connect(lambda r: previewed.append(r["id"]))
    made.export_requested.connect(exported.append)
    made.setFocus()
    made.select_first()
    for key in (Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(made.view, key)
    QTest.keyClick(made.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert seen == [0, 1, 2, 1]
    assert (opened, previewed, exported) == ([1], [1], ["xlsx"])


def test_keys_without_rows_do_nothing(qtbot, window):
    made = DataTable(COLUMNS)
    window(made)
    with qtbot.assertNotEmitted(made.activated), qtbot.assertNotEmitted(made.selected):
        for key in (Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_Return, Qt.Key.Key_Space):
            QTest.keyClick(made.view, key)
    assert made.current_row() is None


def test_a_refresh_keeps_selection_and_place(qtbot, window):
    made = table(60)
    window(made, width=1400)
    made.select(40)
    place = made.view.verticalScrollBar().value()
    assert place > 0
    with qtbot.assertNotEmitted(made.selected):
        made.set_rows([row(n) for n in range(60)], total=200)
    assert made.current_row()["id"] == 40
    assert made.view.verticalScrollBar().value() == place


def test_a_row_that_is_gone_is_no_longer_selected(qtbot, window):
    made = table(5)
    window(made)
    made.select(4)
    made.set_rows([row(n) for n in range(3)])
    assert made.current_row() is None
    assert not made.select(4)


def test_rows_change_in_place(qtbot, window):
    made = table(5)
    window(made)
    made.select(2)
    with qtbot.waitSignal(made.model.dataChanged):
        made.update_row({**row(2), "item": "取水许可"})
    assert made.current_row()["item"] == "取水许可"
    made.remove_row(2)
    assert [r["id"] for r in made.rows()] == [0, 1, 3, 4]
    made.update_row(row(99))
    assert len(made.rows()) == 4


def test_a_click_on_the_link_is_an_act(qtbot, window):
    made = table(5)
    window(made, width=1500)
    act, toggle = len(COLUMNS) - 1, len(COLUMNS) - 2

    def click(at: int, column: int) -> None:
        area = made.view.visualRect(made.model.index(at, column))
        QTest.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())

    heard = []
    made.acted.connect(lambda key, r: heard.append((key, r["id"])))
    click(1, act)
    click(2, toggle)
    click(3, toggle)  # cannot be switched
    click(1, 2)
    assert heard == [("act", 1), ("on", 2)]


def test_a_double_click_opens_but_not_on_the_link(qtbot, window):
    made = table(5)
    window(made, width=1500)
    opened = []
    made.activated.connect(lambda r: opened.append(r["id"]))
    for column in (2, len(COLUMNS) - 1):
        area = made.view.visualRect(made.model.index(1, column))
        QTest.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
        QTest.mouseDClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert opened == [1]


def test_hover_follows_the_pointer(qtbot, window):
    made = table(5)
    window(made, width=1500)
    viewport = made.view.viewport()
    QTest.mouseMove(viewport, made.view.visualRect(made.model.index(3, len(COLUMNS) - 1)).center())
    qtbot.waitUntil(lambda: made.view.rows_delegate.hovered == 3)
    assert viewport.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QApplication.sendEvent(made.view, QEvent(QEvent.Type.Leave))
    assert made.view.rows_delegate.hovered == -1


def test_sorting_by_head_and_by_name(qtbot, window):
    made = table(5)
    window(made, width=1500)
    heard = []
    made.sort_changed.connect(lambda key, descending: heard.append((key, descending)))
    made.select(1)
    header = made.view.horizontalHeader()
    for column in (4, 4, 2):
        x = header.sectionViewportPosition(column) + 20
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 16))
    assert heard == [("left", False), ("left", True)]
    assert [r["id"] for r in made.rows()] == [4, 3, 2, 1, 0]
    assert made.current_row()["id"] == 1
    made.set_sort("fee")
    assert [r["id"] for r in made.rows()] == [0, 1, 2, 3, 4]
    made.set_sort("unknown")
    made.set_rows([row(n) for n in (3, 1, 2)])
    assert [r["id"] for r in made.rows()] == [1, 2, 3]


values = st.one_of(st.none(), st.integers(-99, 99), st.just(""))


@given(st.lists(values, max_size=30), st.booleans())
def test_sorting_keeps_every_row_and_puts_empty_ones_last(cells, descending):
    model = TableModel([Column("v", sort=True)])
    model.set_rows([{"id": at, "v": value} for at, value in enumerate(cells)])
    order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    model.sort(0, order)
    got = [r["v"] for r in model.loaded_rows()]
    filled = [value for value in got if value is not None and value != ""]
    assert filled == sorted(filled, reverse=descending)
    assert got[: len(filled)] == filled
    assert sorted(r["id"] for r in model.loaded_rows()) == list(range(len(cells)))


def test_sort_keys_of_rich_cells():
    column = Column("v", sort=True)
    assert sort_key(column, {"v": Cell("甲")}) == (0, "甲")
    assert sort_key(column, {"v": TimeLeft("剩 4 天", order=4)}) == (0, 4)
    assert sort_key(column, {"v": (TagSpec("即办件"), "承诺件")}) == (0, "即办件 承诺件")
    assert sort_key(column, {}) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", None, ""),
        ("light", "paused", "暂停"),
        ("time", TimeLeft("剩 4 天"), "剩 4 天"),
        ("number", 1234567, "1,234,567"),
        ("tags", ["即办件", TagSpec("容缺")], "即办件、容缺"),
        ("status", ("done", "已办结"), "已办结"),
        ("icon", "lock", ""),
        ("two", ("签章", "一窗核心"), "签章 一窗核心"),
        ("text", date(2026, 3, 7), "2026-03-07"),
        ("text", datetime(2026, 3, 7, 9, 5, tzinfo=UTC), "2026-03-07 09:05"),
        ("text", Cell("剩 1 天", second="悬停"), "剩 1 天 悬停"),
    ],
)
def test_cells_as_words(kind, value, words):
    assert cell_text(Column("v", kind=kind), value) == words


def test_cells_are_spoken(qtbot):
    made = table(2)
    qtbot.addWidget(made)
    role = Qt.ItemDataRole.AccessibleTextRole
    spoken = [made.model.index(1, at).data(role) for at in range(len(COLUMNS))]
    assert spoken[:5] == ["预警", "26-000001", "道路普通货物运输经营许可", "苏*娜", "剩 1 天"]
    assert made.model.headerData(4, Qt.Orientation.Horizontal) == "剩余时限"
    assert made.model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None


def test_only_a_shortened_cell_has_a_tip(qtbot, window, monkeypatch):
    made = DataTable(
        [
            Column("item", "事项", width=60),
            Column("who", tip=lambda r: f"提示 {r['who']}"),
            Column("s", kind="light"),
        ]
    )
    made.set_rows(
        [
            {"id": 1, "item": "道路普通货物运输经营许可", "who": "短", "s": "done"},
            {"id": 2, "item": "短", "who": "x", "s": None},
        ]
    )
    window(made)
    shown = []
    monkeypatch.setattr(QToolTip, "showText", lambda _pos, text, _view: shown.append(text))
    for at, column in ((0, 0), (1, 0), (0, 1), (0, 2)):
        option = QStyleOptionViewItem()
        index = made.model.index(at, column)
        option.rect = made.view.visualRect(index)
        event = QHelpEvent(QEvent.Type.ToolTip, option.rect.center(), QPoint(0, 0))
        assert made.view.rows_delegate.helpEvent(event, made.view, option, index)
    assert shown == ["道路普通货物运输经营许可", "", "提示 短", "完成"]
    assert not made.view.rows_delegate.helpEvent(event, made.view, option, QModelIndex())


def test_first_load_shows_grey_rows_and_a_refresh_keeps_the_old(qtbot, window):
    made = DataTable(COLUMNS)
    made.set_empty("inbox", "没有待办", "新的办件会出现在这里", Button("查看已办"))
    window(made)
    made.set_loading(True)
    assert made.model.rowCount() == 6
    assert made.model.index(0, 1).data() is None
    assert not made._empty.isVisible()
    made.set_rows([])
    assert made.model.rowCount() == 0
    assert made._empty.isVisible()
    made.set_rows([row(1)])
    assert not made._empty.isVisible()
    made.set_loading(True)
    assert made.model.rowCount() == 1
    made.set_loading(False)
    made.set_empty("inbox", "没有办件")
    assert not made._empty.isVisible()


def test_an_error_stands_above_the_old_rows(qtbot, window):
    made = table(3)
    window(made)
    tried = []
    made.set_error(UserError("OFFLINE", "数据源没有响应。", do="稍后重试。"), retry=lambda: tried.append(1))
    note = made.findChild(ErrorNote)
    qtbot.waitUntil(note.isVisible)
    assert note.accessibleName() == "数据源没有响应。"
    assert made.model.rowCount() == 3
    note.findChild(Button).click()
    assert tried == [1]
    made.set_error(None)
    assert not note.isVisible()


def test_an_error_stands_in_place_of_rows_that_never_came(qtbot, window):
    made = table(0)
    made.set_empty("inbox", "没有待办")
    window(made)
    tried = []
    made.set_loading(True)
    made.set_error(UserError("OFFLINE", "数据源没有响应。", do="稍后重试。"), retry=lambda: tried.append(1))
    state = made.findChild(ErrorState)
    qtbot.waitUntil(state.isVisible)
    assert not made._empty.isVisible()  # an unread list is no empty one
    assert made.model.rowCount() == 0
    state.button.click()
    assert tried == [1]
    made.set_loading(True)
    assert not state.isVisible()
    made.set_rows([row(1)])
    assert (made._error, made._empty.isVisible()) == (None, False)


def test_the_footer_counts(qtbot, window):
    made = table(14)
    window(made, width=1200)
    made.set_rows([row(n) for n in range(14)], total=18)
    made.set_legend([("on_time", 12), ("warning", 3)])
    made.set_keys([("Enter", "打开")])
    made.set_note("按剩余时限")
    assert made._footer.count == "显示 14 / 18"
    assert not made.grab().isNull()
    bare = DataTable(COLUMNS, footer=False)
    qtbot.addWidget(bare)
    bare.set_legend([])
    bare.set_keys([])
    bare.set_note("")


def test_more_rows_are_fetched_near_the_end(qtbot, window):
    made = table(20)
    asked = []
    made.set_fetch_more(lambda: asked.append(len(made.rows())))
    window(made, width=1400)
    made.view.scrollToBottom()
    qtbot.waitUntil(lambda: asked == [20])
    assert not made.model.canFetchMore()  # one question at a time
    made.append_rows([row(n) for n in range(20, 40)])
    assert made.model.canFetchMore()
    made.append_rows([row(40)], more=False)
    assert not made.model.canFetchMore()
    assert len(made.rows()) == 41
    made.append_rows([])


def test_pages_are_loaded_when_they_are_looked_at(qtbot, window):
    made = DataTable(COLUMNS)
    asked = []

    def load(first: int, count: int, deliver) -> None:
        asked.append((first, count, deliver))

    window(made, width=1400)
    made.set_source(1_000, load)
    assert made.model.rowCount() == 1_000
    made.grab()
    assert [(first, count) for first, count, _ in asked] == [(0, PAGE)]
    assert made.current_row() is None
    asked[0][2]([row(n) for n in range(PAGE)])
    assert made.model.index(5, 1).data() == "26-000005"
    made.view.scrollToBottom()
    made.grab()
    assert asked[-1][:2] == (800, 200)
    asked[-1][2]([row(n) for n in range(800, 1000)])
    assert made.select(999)
    assert made.current_row()["no"] == "26-000999"
    made.update_row({**row(999), "no": "改"})
    assert made.current_row()["no"] == "改"
    made.remove_row(999)  # a paged list is changed by its source
    assert made.model.rowCount() == 1_000
    made.set_sort("no", descending=True)  # sorted by its source
    assert made.model.index(5, 1).data() == "26-000005"
    assert made.model.is_paged()


def test_pages_of_an_older_list_are_dropped(qtbot, window):
    made = DataTable(COLUMNS)
    window(made)
    late = []
    made.set_source(10, lambda _first, _count, deliver: late.append(deliver))
    made.grab()
    made.set_rows([row(1)])
    late[0]([row(7)])
    assert [r["id"] for r in made.rows()] == [1]


def test_only_some_pages_are_kept(qtbot):
    model = TableModel(COLUMNS)
    model.set_source(
        PAGE * 60, lambda first, count, deliver: deliver([{"id": n} for n in range(first, first + count)])
    )
    for page in range(60):
        assert model.row(page * PAGE) == {"id": page * PAGE}
    assert len(model.loaded_rows()) == PAGE * 40
    assert model.row(0) == {"id": 0}


def test_ten_thousand_rows_scroll_smoothly(qtbot, window):
    """A frame must cost far less than the 16 ms it may last, in time of this thread: others may be busy meanwhile."""
    made = table(10_000)
    window(made, width=1500, height=900)
    made.grab()
    bar = made.view.verticalScrollBar()
    spent = []
    for at in range(0, bar.maximum(), bar.maximum() // 30):
        start = time.thread_time()
        bar.setValue(at)
        made.view.viewport().grab()
        spent.append(time.thread_time() - start)
    assert sorted(spent)[len(spent) // 2] < 0.08


def test_cells_keep_to_their_margins():
    rect = QRectF(0, 0, 100, 38)
    first = content_rect(rect, 0, 3, Column("a"))
    last = content_rect(rect, 2, 3, Column("c"))
    assert (first.x(), first.right()) == (16, 92)
    assert (last.x(), last.right()) == (8, 84)


def test_a_selected_row_paints_captions_darker(qtbot, window):
    made = DataTable([Column("a", kind="caption")])
    made.set_rows([{"id": 1, "a": "说明说明说明"}])
    window(made)
    pictures = []
    for selected in (False, True):
        image = QImage(200, 38, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        option = QStyleOptionViewItem()
        option.rect = image.rect()
        if selected:
            made.select(1)
            option.state |= made.view.style().StateFlag.State_Selected
        made.view.rows_delegate.paint(painter, option, made.model.index(0, 0))
        painter.end()
        pictures.append(min(image.pixelColor(x, y).lightness() for x in range(200) for y in range(36)))
    assert pictures[1] < pictures[0]


def test_a_table_keeps_the_round_corners_of_its_panel(qtbot, window):
    panel, made = Panel("我的待办", flush=True), table(40)
    panel.add(made)
    host = window(panel)
    picture = host.grab().toImage()
    corner = panel.geometry().bottomLeft()
    assert picture.pixelColor(corner) == picture.pixelColor(corner.x() - 4, corner.y())
    assert picture.pixelColor(corner.x() + 20, corner.y() - 10) == theme.color("subtle")
