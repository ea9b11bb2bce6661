"""Page furniture, lists, the side bar, steps, notes, progress: what they show and tell."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core
from yichuang.widgets import (
    Button,
    Dock,
    EmptyState,
    ErrorNote,
    FlowLayout,
    GoodNote,
    Hairline,
    InfoNote,
    KeyValue,
    Kpi,
    ListItem,
    ListPane,
    NavItem,
    NavList,
    PageHeader,
    Panel,
    ProgressBar,
    Scroller,
    SidePane,
    Skeleton,
    Splitter,
    State,
    Step,
    StepLine,
    Tab,
    TabStrip,
    TagSpec,
    Text,
    Timeline,
    WarnNote,
    time_left_text,
)
from yichuang.widgets.labels import line_height
from yichuang.widgets.notes import join_sentences


def test_lines_of_text_have_the_heights_of_the_design(qtbot):
    for px, height in ((20, 28), (18, 26), (16, 24), (14, 22), (13, 20), (12, 18), (11, 16), (52, 73)):
        text = Text("办件", px)
        qtbot.addWidget(text)
        assert text.sizeHint().height() == line_height(px) == height


def test_text_wraps_elides_and_changes_colour(qtbot, window):
    wrapped = Text("撤销后立即通知持证人并上报自治区证照库，不能恢复。\n第二段", wrap=True)
    cut = Text("内蒙古罕山农牧科技有限公司", elide=True, strong=True)
    marked = Text("7f3a", mono=True, selectable=True)
    window(wrapped, cut, marked, width=120, height=400)
    assert wrapped.heightForWidth(98) >= 5 * 20
    assert cut.toolTip() == "内蒙古罕山农牧科技有限公司"
    cut.window().resize(600, 400)
    QApplication.processEvents()
    cut.grab()
    assert cut.toolTip() == ""
    cut.set_color("red")
    assert (cut.color(), cut.property("tone")) == ("red", "red")
    marked.setEnabled(False)
    assert not marked.grab().isNull()
    assert Text("", wrap=True).sizeHint().height() == 20


def test_a_panel_has_title_remark_and_rows(qtbot):
    panel = Panel("时限灯", "本窗在办 18 件")
    qtbot.addWidget(panel)
    panel.add(Hairline())
    row = panel.add_row(Text("左"), Text("右"), stretch_at=1)
    assert row.count() == 3
    assert panel.add_row(Text("左")).count() == 2
    panel.set_title("时限")
    panel.set_aside("")
    assert panel._title.text() == "时限"
    assert panel._aside.isHidden()
    assert not Panel(flush=True).grab().isNull()


def test_a_header_tells_which_tab_is_wanted(qtbot, window):
    done = Button("新建受理", "primary")
    header = PageHeader("受理", [Tab("new", "新建"), Tab("parked", "暂存", 4)], [done], caption="")
    window(header)
    heard = []
    header.tab_changed.connect(heard.append)
    rects = header.tabs._rects()
    QTest.mouseClick(header.tabs, Qt.MouseButton.LeftButton, pos=rects[1].center().toPoint())
    QTest.keyClick(header.tabs, Qt.Key.Key_Right)
    assert (heard, header.current()) == (["parked", "new"], "new")
    header.set_current("parked")
    header.set_count("parked", 5)
    header.set_title("受理中心")
    header.set_caption("2026年3月17日")
    header.set_tabs([Tab("new", "新建"), Tab("all", "全部")])
    assert header.current() == "new"
    assert heard == ["parked", "new"]
    assert done.parent() is header
    QTest.mouseMove(header.tabs, rects[0].center().toPoint())
    assert header.height() == 56
    assert not header.grab().isNull()


def test_a_click_beside_the_tabs_does_nothing(qtbot, window):
    strip = TabStrip([Tab("a", "材料", 6)], 40)
    host = window(strip)
    with qtbot.assertNotEmitted(strip.tab_changed):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect().topLeft())
        QTest.keyClick(strip, Qt.Key.Key_A)
    assert host.isVisible()


def test_facts_can_be_replaced(qtbot, window):
    facts = KeyValue([("事项类型", "行政许可"), ("承诺时限", "即办", "green")], 56)
    window(facts)
    facts.set_pairs([("收费", "不收费")])
    QApplication.sendPostedEvents(None, 0)
    texts = [label.text() for label in facts.findChildren(QLabel) if not label.isHidden()]
    assert texts == ["收费", "不收费"]


def test_a_figure_is_spoken_whole(qtbot):
    kpi = Kpi("预计最长等候", "27", "分钟", "amber")
    qtbot.addWidget(kpi)
    assert kpi.accessibleName() == "预计最长等候 27 分钟"
    kpi.set_value(1, "小时")
    assert kpi.accessibleName() == "预计最长等候 1 小时"


def test_a_splitter_remembers_under_its_key(qtbot, window, monkeypatch):
    store: dict[str, list[int]] = {}
    monkeypatch.setattr(Splitter, "store", store)

    def make() -> Splitter:
        made = Splitter("h", "approval")
        made.addWidget(ListPane(search=False))
        made.addWidget(SidePane("right"))
        return made

    first = make()
    window(first)
    first.moveSplitter(300, 1)
    assert store["approval"] == first.sizes()
    second = make()
    window(second)
    qtbot.waitUntil(lambda: second.sizes() == store["approval"])
    store["approval"] = [1, 2, 3]
    assert not second.restore()
    unnamed = Splitter("v")
    unnamed.addWidget(QWidget())
    unnamed.addWidget(QWidget())
    window(unnamed)
    unnamed.moveSplitter(100, 1)
    assert set(store) == {"approval"}


def test_docks_panes_and_scrollers_paint(qtbot, window):
    dock, pane = Dock(), SidePane("left")
    dock.right.addWidget(Button("同意并提交", "primary"))
    pane.add(Text("一次性告知"))
    page = window(Scroller(pane), SidePane("right"), dock, Hairline(vertical=True))
    assert not page.grab().isNull()
    assert pane.sizeHint().width() == 288


ITEMS = [
    ListItem("h", "今天", section=True),
    ListItem("1", "林木采伐许可证核发", "新民乡 柳条沟村委会", "超期 1 天", "26-000371", "overdue"),
    ListItem("2", "企业设立登记", "市场监督管理局", tag=TagSpec("即办件", "green"), marked=((0, 4), (90, 2))),
    ListItem("h2", "昨天", section=True),
    ListItem("3", "采伐申请表", icon="file-text"),
]


def test_a_list_moves_over_headings(qtbot, window):
    pane = ListPane("编号、申请人", "Ctrl+F")
    pane.set_items(ITEMS)
    window(pane)
    heard, opened = [], []
    pane.selected.connect(heard.append)
    pane.activated.connect(opened.append)
    pane.list.setFocus()
    for key in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_Return):
        QTest.keyClick(pane.list, key)
    assert heard == ["1", "2", "3", "2"]
    assert opened == ["2"]
    assert not pane.grab().isNull()


def test_a_list_keeps_its_selection_on_refresh(qtbot, window):
    pane = ListPane(search=False)
    pane.set_items(ITEMS)
    window(pane)
    assert pane.select("2")
    with qtbot.assertNotEmitted(pane.selected):
        pane.set_items(ITEMS[1:])
    assert pane.current() == "2"
    assert not pane.select("h")
    pane.set_items(ITEMS[:2])
    assert pane.current() == ""
    with qtbot.waitSignal(pane.selected):
        pane.select_first()


def test_a_list_grows_at_its_end(qtbot, window):
    pane = ListPane(search=False)
    asked = []
    pane.set_items([ListItem(f"{n}", f"第 {n} 件") for n in range(40)])
    pane.set_fetch_more(lambda: asked.append(len(pane.items())))
    window(pane)
    assert asked == [], "its end is not seen yet"
    pane.select_first()
    for _press in range(60):
        QTest.keyClick(pane.list, Qt.Key.Key_J)
    assert asked == [40], "it asks once, however often one presses"
    pane.append_items([ListItem(f"{n}", f"第 {n} 件") for n in range(40, 60)])
    assert pane.current() == "39"
    for _press in range(60):
        QTest.keyClick(pane.list, Qt.Key.Key_J)
    assert asked == [40, 60]
    pane.set_fetch_more(None)
    pane.append_items([])
    assert pane.current() == "59"


def test_a_list_says_why_it_could_not_be_asked_for(qtbot, window):
    pane = ListPane(search=False)
    pane.set_items(ITEMS)
    window(pane)
    again = []
    pane.set_error(UserError("DATABASE_AWAY", "数据库连不上。", do="请稍候。"), lambda: again.append(1))
    qtbot.waitUntil(lambda: [b for b in pane.findChildren(Button) if b.isVisible()] != [])
    (retry,) = pane.findChildren(Button)
    retry.click()
    assert again == [1]
    assert len(pane.items()) == len(ITEMS), "what is known stays"
    pane.set_error(None)
    qtbot.waitUntil(lambda: pane.findChildren(Button) == [])


def test_a_list_has_footer_search_and_empty_state(qtbot, window):
    pane = ListPane("编号")
    pane.set_empty("inbox", "没有待审批", "受理后出现在这里")
    window(pane)
    assert pane._empty.isVisible()
    pane.set_items(ITEMS)
    assert not pane._empty.isVisible()
    assert [item.id for item in pane.items()] == ["h", "1", "2", "h2", "3"]
    pane.set_footer("10 / 14", "按剩余时限")
    assert pane._foot.isVisible()
    pane.set_footer("")
    assert not pane._foot.isVisible()
    with qtbot.waitSignal(pane.searched) as told:
        QTest.keyClicks(pane.search, "lm")
        QTest.keyClick(pane.search, Qt.Key.Key_Return)
    assert told.args == ["lm"]
    pane.set_empty("inbox", "别的")


def test_list_entries_are_spoken(qtbot, qtmodeltester):
    pane = ListPane()
    qtbot.addWidget(pane)
    pane.set_items(ITEMS)
    model = pane.list.model()
    qtmodeltester.check(model)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(1, 0).data(role) == "超期 林木采伐许可证核发 超期 1 天 新民乡 柳条沟村委会 26-000371"
    assert model.index(2, 0).data(role) == "企业设立登记 即办件 市场监督管理局"
    assert model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole) == "企业设立登记\n市场监督管理局"


NAV = [
    NavItem("home", "首页", "house"),
    NavItem("s", "业务插件", section=True),
    NavItem("queue", "叫号", "megaphone", badge=5),
    NavItem("new", "新建受理", level=1, key="Ctrl+N"),
    NavItem("parked", "暂存与补正", level=1, badge=7),
    NavItem("trade", "监督", "activity", badge=7, urgent=True),
    NavItem("fund", "公积金缴存", "wallet", stopped=True),
]


@pytest.mark.parametrize("compact", [False, True])
def test_the_side_bar_goes_where_it_is_told(qtbot, window, qtmodeltester, compact):
    nav = NavList(NAV, compact=compact)
    nav.set_current("home")
    window(nav)
    qtmodeltester.check(nav.model())
    heard = []
    nav.chosen.connect(heard.append)
    area = nav.visualRect(nav.model().index(2, 0))
    QTest.mouseClick(nav.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert (heard, nav.current()) == (["queue"], "queue")
    nav.setCurrentIndex(nav.model().index(5, 0))
    QTest.keyClick(nav, Qt.Key.Key_Return)
    assert heard == ["queue", "trade"]
    nav.set_current("fund")
    assert heard == ["queue", "trade"]
    assert nav.width() == (68 if compact else 216)
    assert nav.compact() is compact
    assert len(nav.items()) == 7
    assert not nav.grab().isNull()


def test_the_side_bar_is_spoken(qtbot):
    nav = NavList(NAV)
    qtbot.addWidget(nav)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert nav.model().index(2, 0).data(role) == "叫号 5"
    assert nav.model().index(6, 0).data(role) == "公积金缴存 已停用"
    assert nav.model().index(3, 0).data(Qt.ItemDataRole.ToolTipRole) == "新建受理 Ctrl+N"


def test_a_timeline_is_as_high_as_its_steps(qtbot, window, qtmodeltester):
    steps = [Step("受理", "娜仁", "09:20", "即时", state) for state in State]
    timeline = Timeline(steps)
    window(timeline, height=500)
    qtmodeltester.check(timeline.model())
    assert timeline.sizeHint().height() == 7 * 52
    assert (
        timeline.model().index(5, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "受理 完成 娜仁 09:20 即时"
    )
    assert not timeline.grab().isNull()
    timeline.set_steps(steps[:2])
    assert timeline.sizeHint().height() == 104


def test_the_step_line_names_every_state(qtbot, window):
    line = StepLine([("身份核验", "done"), ("表单", "error"), ("材料", "current"), ("受理回执", "not_yet")])
    window(line)
    assert line.accessibleName() == "身份核验 完成, 表单 需更正, 材料 当前, 受理回执 未到"
    assert not line.grab().isNull()


def test_an_error_says_what_failed_what_is_safe_and_what_to_do(qtbot):
    error = UserError(
        "OFFLINE", core.lazy("This file cannot be shown."), safe="内容已保存在本机。", do="稍后重试。"
    )
    tried = []
    note = ErrorNote.from_error(error, retry=lambda: tried.append(1), diagnostics="Traceback …")
    qtbot.addWidget(note)
    assert note.accessibleName() == "无法显示这个文件。"
    assert note.accessibleDescription() == "内容已保存在本机。稍后重试。"
    again, copy = note.findChildren(Button)
    again.click()
    copy.click()
    assert tried == [1]
    assert QGuiApplication.clipboard().text() == "Traceback …"


def test_sentences_are_joined_as_their_language_wants():
    assert join_sentences("没有改动任何内容。", "", "请重试。") == "没有改动任何内容。请重试。"
    assert join_sentences("Nothing was changed.", "Try again.") == "Nothing was changed. Try again."


@pytest.mark.parametrize("kind", [WarnNote, InfoNote, GoodNote])
def test_notes_change_their_words_and_buttons(qtbot, window, kind):
    note = kind("离线办理中，已 4 分钟", "可以继续受理。", [Button("查看")])
    window(note)
    note.set_text("已恢复")
    note.set_actions([])
    assert note.accessibleName() == "已恢复"
    assert not note._text.isVisible()
    assert not note._action_box.isVisible()


def test_an_empty_state_is_spoken(qtbot):
    state = EmptyState("inbox", "没有待补正的办件", "申请人补交材料后会出现在这里", Button("查看已补正 12"))
    qtbot.addWidget(state)
    assert (state.accessibleName(), state.accessibleDescription()) == (
        "没有待补正的办件",
        "申请人补交材料后会出现在这里",
    )


def test_progress_shows_its_count(qtbot, window):
    bar = ProgressBar(5, 8)
    window(bar, Skeleton(5))
    assert bar.accessibleName() == "5 / 8"
    bar.set(8, tone="green", text="已盖 8 份")
    assert bar.accessibleName() == "已盖 8 份"
    bar.set(0, 0, "")
    assert bar.accessibleName() == ""
    assert not bar.grab().isNull()
    assert (time_left_text(12.2), time_left_text(150), time_left_text(0)) == (
        "约剩 12 秒",
        "约剩 2 分钟",
        "约剩 1 秒",
    )


def test_a_flow_breaks_lines(qtbot, window):
    host = QWidget()
    flow = FlowLayout(6)
    flow.setContentsMargins(0, 4, 0, 0)
    host.setLayout(flow)
    buttons = [Button("补正告知") for _ in range(5)]
    for button in buttons:
        flow.addWidget(button)
    qtbot.addWidget(host)
    host.resize(200, 300)
    host.show()
    assert flow.count() == 5
    assert flow.heightForWidth(2000) == 36
    assert flow.heightForWidth(200) > 100
    assert buttons[-1].pos() != QPoint(0, 0)
    buttons[0].hide()
    assert flow.takeAt(0).widget() is buttons[0]
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None
    assert flow.minimumSize().height() == 36
