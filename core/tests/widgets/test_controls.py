"""Buttons, choices and the focus ring: variants, keys, reasons, keyboard use."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from yichuang.widgets import (
    Button,
    CheckBox,
    IconButton,
    ListItem,
    ListPane,
    Menu,
    Radio,
    Segmented,
    Toggle,
    theme,
)
from yichuang.widgets.focus import FocusRing

TAB = Qt.FocusReason.TabFocusReason
MOUSE = Qt.FocusReason.MouseFocusReason


@pytest.mark.parametrize(("size", "height"), [("normal", 32), ("compact", 26), ("decision", 40)])
def test_button_heights(qtbot, size, height):
    button = Button("用印 20 份", size=size)
    qtbot.addWidget(button)
    assert button.sizeHint().height() == height


@pytest.mark.parametrize("kind", ["primary", "secondary", "danger", "danger-fill", "ghost", "link"])
@pytest.mark.parametrize("look", ["rest", "hover", "down"])
def test_every_variant_paints(qtbot, kind, look):
    button = Button("提交", kind, icon="check", key="F8", binds=False)
    qtbot.addWidget(button)
    button.show_look(look)
    assert not button.grab().isNull()
    button.setEnabled(False)
    assert not button.grab().isNull()


def test_a_button_grows_with_icon_and_key(qtbot):
    plain, full = Button("提交"), Button("提交", icon="check", key="Ctrl+Return", binds=False)
    for button in (plain, full):
        qtbot.addWidget(button)
    assert full.sizeHint().width() > plain.sizeHint().width() + 16 + 60


def test_the_key_presses_the_visible_button(qtbot, window):
    button, hidden = Button("办结", key="F8"), Button("别处", key="F8")
    host = window(button, hidden)
    hidden.hide()
    pressed = []
    hidden.clicked.connect(lambda: pressed.append("hidden"))
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F8)
    assert not pressed


def test_a_key_that_is_only_shown_does_nothing(qtbot, window):
    button = Button("取消", key="F8", binds=False)
    host = window(button)
    with qtbot.assertNotEmitted(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F8)


def test_changing_the_key_frees_the_old_one(qtbot, window):
    button = Button("办结", key="F8")
    host = window(button)
    button.set_key("F9")
    with qtbot.assertNotEmitted(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F8)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F9)
    assert button.key() == "F9"


def test_a_disabled_button_says_why(qtbot, window):
    button = Button("推送申请人确认", "primary", key="F10")
    button.setToolTip("发到第二屏")
    host = window(button)
    button.set_reason("有 1 处需先更正。")
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "有 1 处需先更正。"
    with qtbot.assertNotEmitted(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F10)
    button.set_reason("")
    assert button.isEnabled()
    assert button.toolTip() == "发到第二屏"


def test_a_busy_button_swallows_presses(qtbot, window):
    button = Button("提交", key="F8")
    host = window(button)
    button.set_busy(True)
    with qtbot.assertNotEmitted(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(host, Qt.Key.Key_F8)
    button.set_busy(False)
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_icon_buttons_have_names(qtbot, window):
    button = IconButton("refresh-cw", "刷新列表", key="F5")
    host = window(button)
    assert button.accessibleName() == "刷新列表"
    assert button.toolTip() == "刷新列表\u3000F5"
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(host, Qt.Key.Key_F5)
    button.set_icon("x", "red")
    assert not button.grab().isNull()


def test_icons_of_disabled_buttons_are_pale(qtbot):
    button = IconButton("x", "关闭")
    qtbot.addWidget(button)
    before = button.grab().toImage()
    button.setEnabled(False)
    assert button.grab().toImage() != before


def test_choices_can_be_pressed_on_their_text(qtbot, window):
    box, one, other = CheckBox("自动裁边"), Radio("本人", True), Radio("代理")
    window(box, one, other)
    for widget in (box, other):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())
    assert box.isChecked()
    assert other.isChecked()
    assert not one.isChecked()


def test_every_state_of_a_check_box_differs(qtbot):
    box = CheckBox("全选")
    qtbot.addWidget(box)
    box.setTristate(True)
    pictures = []
    for state in Qt.CheckState:
        box.setCheckState(state)
        pictures.append(box.grab().toImage())
    box.setEnabled(False)
    pictures.append(box.grab().toImage())
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[at + 1 :])


def test_a_toggle_switches_by_space(qtbot, window):
    toggle = Toggle(name="骑缝章")
    window(toggle)
    toggle.setFocus(TAB)
    with qtbot.waitSignal(toggle.toggled) as told:
        QTest.keyClick(toggle, Qt.Key.Key_Space)
    assert told.args == [True]
    assert toggle.accessibleName() == "骑缝章"


def test_segments_move_by_mouse_and_arrows(qtbot, window):
    choice = Segmented([("all", "全部"), ("org", "法人", "landmark"), ("person", "个人")], "all")
    window(choice)
    heard = []
    choice.changed.connect(heard.append)
    rects = choice._rects()
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton, pos=rects[1].center().toPoint())
    QTest.keyClick(choice, Qt.Key.Key_Right)
    QTest.keyClick(choice, Qt.Key.Key_Right)
    assert heard == ["org", "person", "all"]
    choice.set_value("org")
    assert (choice.value(), choice.current(), heard[-1]) == ("org", "org", "all")
    assert choice.accessibleName() == "法人"
    width = choice.sizeHint().width()
    choice.set_text("all", "全部 128")
    assert choice.sizeHint().width() > width
    choice.set_current("all")
    assert choice.sizeHint().width() > width


def rings(host: QWidget) -> list[FocusRing]:
    return [ring for ring in host.window().findChildren(FocusRing) if ring.isVisible()]


def test_the_ring_is_for_the_keyboard_only(qtbot, window):
    one, other = Button("一"), Button("二")
    host = window(one, other)
    one.setFocus(MOUSE)
    assert not rings(host)
    other.setFocus(TAB)
    (ring,) = rings(host)
    assert ring.geometry() == other.geometry().adjusted(-3, -3, 3, 3)
    one.setFocus(MOUSE)
    assert not rings(host)


def test_the_ring_follows_and_leaves(qtbot, window):
    first, button = Button("一"), Button("二")
    host = window(first, button)
    button.setFocus(TAB)
    host.layout().setContentsMargins(60, 40, 20, 20)
    host.resize(900, 500)
    (ring,) = rings(host)
    qtbot.waitUntil(lambda: ring.geometry() == button.geometry().adjusted(-3, -3, 3, 3))
    button.hide()
    assert ring.geometry() == first.geometry().adjusted(-3, -3, 3, 3)  # where Qt moves the focus to
    first.setEnabled(False)
    assert not rings(host)


def test_on_a_scrolled_page_the_ring_lies_on_the_page(qtbot, window):
    page = QWidget()
    column = QVBoxLayout(page)
    button = Button("一")
    column.addWidget(button)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    host = window(QLineEdit(), area)
    button.setFocus(TAB)
    (ring,) = rings(host)
    assert ring.parent() is page


def test_the_ring_of_a_list_lies_inside_it(qtbot, window):
    pane = ListPane(search=False)
    pane.set_items([ListItem("1", "企业设立登记")])
    host = window(QLineEdit(), pane)
    pane.list.setFocus(TAB)
    (ring,) = rings(host)
    assert ring.geometry().topLeft() == pane.list.mapTo(host, pane.list.rect().topLeft())
    assert ring.size() == pane.list.size()


def test_the_ring_leaves_other_widgets_alone(qtbot, window):
    plain, button = QLineEdit(), Button("一")
    host = window(plain, button)
    button.setFocus(TAB)
    plain.setFocus(TAB)
    assert not rings(host)


def test_a_menu_runs_what_is_chosen(qtbot):
    menu = Menu()
    qtbot.addWidget(menu)
    done = []
    menu.add("复制编号", lambda: done.append("copy"), "copy", "Ctrl+C")
    menu.add("删除", lambda: done.append("no"), enabled=False)
    menu.actions()[0].trigger()
    menu.actions()[1].trigger()
    assert done == ["copy"]
    assert menu.actions()[0].text() == "复制编号\tCtrl+C"


def test_colours_of_variants(qtbot):
    button = Button("提交", "primary")
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    assert button.grab().toImage().pixelColor(6, 6) == theme.color("acc")
    button.set_kind("danger-fill")
    assert button.grab().toImage().pixelColor(6, 6) == theme.color("redb")
    assert button.kind() == "danger-fill"
