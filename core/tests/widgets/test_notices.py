"""Dialogs and toasts: nothing waits, keys do what the design says, focus goes and returns."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QEnterEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from yichuang.hall.errors import UserError
from yichuang.widgets import Button, Dialog, ErrorNote, FormField, LineEdit, NotePlace, Text, Toast, WarnNote
from yichuang.widgets.dialog import _Scrim
from yichuang.widgets.focus import FocusRing


def ask(host: QWidget, answers: list, **kind) -> Dialog:
    options = {"primary": "用印 20 份", "done": lambda answer: answers.append(answer), **kind}
    return Dialog.ask(host, "用印这一批？", "行政审批专用章，20 份。", **options)


def scrims(host: QWidget) -> list[_Scrim]:
    return [scrim for scrim in host.findChildren(_Scrim) if scrim.isVisible()]


def test_a_question_returns_at_once_and_calls_back(qtbot, window):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers)
    assert answers == []
    assert dialog.isVisible()
    assert scrims(host)[0].geometry() == host.rect()
    dialog.primary_button.click()
    assert answers == [True]
    assert not scrims(host)


@pytest.mark.parametrize(("kind", "expected"), [("primary", [True]), ("danger", [])])
def test_enter_never_destroys(qtbot, window, kind, expected):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers, kind=kind)
    dialog.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert answers == expected
    if kind == "danger":
        dialog.reject()


def test_escape_is_the_way_out(qtbot, window):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers)
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == [None]


def test_a_destroying_question_starts_on_the_way_out(qtbot, window):
    host = window(LineEdit())
    dialog = ask(host, [], kind="danger")
    assert dialog.cancel_button.hasFocus()
    assert dialog.primary_button.kind() == "danger-fill"
    assert dialog.primary_button.key() is None
    assert [ring for ring in host.findChildren(FocusRing) if ring.isVisible()]
    QTest.keyClick(dialog.cancel_button, Qt.Key.Key_Return)
    assert not scrims(host)


def test_the_focus_returns_to_where_it_was(qtbot, window):
    line = LineEdit()
    host = window(LineEdit(), line)
    line.setFocus()
    dialog = ask(host, [])
    assert not line.hasFocus()
    dialog.cancel_button.click()
    assert line.hasFocus()


def test_tab_stays_inside(qtbot, window):
    line = LineEdit()
    host = window(line)
    dialog = ask(host, [], fields=[FormField("pin", "口令", "password", required=True)])
    pin = dialog.form.field("pin").editor
    assert pin.hasFocus()
    seen = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == [dialog.cancel_button, dialog.primary_button, pin, dialog.cancel_button]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert pin.hasFocus()
    dialog.reject()


def test_fields_are_checked_and_handed_over(qtbot, window):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers, fields=[FormField("basis", "撤销依据", required=True)])
    dialog.primary_button.click()
    assert answers == []
    assert dialog.form.errors() == {"basis": "请填写此项。"}
    dialog.form.set_values({"basis": "撤销决定书"})
    QTest.keyClick(dialog.form.field("basis").editor, Qt.Key.Key_Return)
    assert answers == [{"basis": "撤销决定书"}]


def test_a_sentence_keeps_the_dialog_open(qtbot, window):
    host = window(LineEdit())
    tries = iter(["口令错误 1 次，还可输入 5 次", None])
    dialog = ask(host, [], done=lambda _answer: next(tries))
    low = dialog.height()
    dialog.primary_button.click()
    assert dialog.isVisible()
    assert dialog._error.text() == "口令错误 1 次，还可输入 5 次"
    assert dialog.height() > low
    dialog.primary_button.click()
    assert not scrims(host)


def test_a_dialog_is_as_high_as_its_texts_need_and_facts_stand_beside_their_labels(qtbot, window):
    host = window(LineEdit())
    host.resize(1280, 900)
    facts = [("已通知的安排", "03-26 09:00　大厅三楼会议室　巴特尔")]
    dialog = ask(host, [], facts=facts, fields=[FormField("reason", "理由", kind="area", span=2)])
    QApplication.processEvents()
    label, value = (text for text in dialog.findChildren(Text) if text.text() in facts[0])
    assert label.mapTo(dialog, label.rect().topLeft()).y() == value.mapTo(dialog, value.rect().topLeft()).y()
    assert value.height() == label.height() == 20
    title, body = (dialog.findChildren(Text)[n] for n in (0, 1))
    assert body.y() - title.y() - title.height() == 8, "nothing is left over to be spread"
    assert dialog.height() == dialog.layout().heightForWidth(dialog.width())


def test_a_busy_dialog_takes_no_second_press(qtbot, window):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers)
    dialog.set_busy(True)
    QTest.mouseClick(dialog.primary_button, Qt.MouseButton.LeftButton)
    assert answers == []
    dialog.set_error("未响应")
    QTest.mouseClick(dialog.primary_button, Qt.MouseButton.LeftButton)
    assert answers == [True]


def test_the_page_below_is_deaf(qtbot, window):
    below = Button("叫下一位", key="F2")
    host = window(below, LineEdit())
    pressed = []
    below.clicked.connect(lambda: pressed.append(1))
    dialog = ask(host, [], fields=[FormField("pin", "口令")])
    dialog.body.addWidget(inside := Button("软键盘", key="F4"))
    inside.show()
    QTest.keyClick(dialog.form.field("pin").editor, Qt.Key.Key_F2)
    assert pressed == []
    with qtbot.waitSignal(inside.clicked):
        QTest.keyClick(dialog.form.field("pin").editor, Qt.Key.Key_F4)
    QTest.mouseClick(scrims(host)[0], Qt.MouseButton.LeftButton)
    dialog.reject()
    QTest.keyClick(host, Qt.Key.Key_F2)
    assert pressed == [1]


def test_enter_in_a_text_area_makes_a_line(qtbot, window):
    host = window(LineEdit())
    answers: list = []
    dialog = ask(host, answers, fields=[FormField("why", "理由", "area", span=2)])
    editor = dialog.form.field("why").editor
    editor.setFocus()
    QTest.keyClicks(editor, "a")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert answers == []
    assert dialog.width() == 560
    dialog.reject()


def test_the_box_follows_the_window(qtbot, window):
    host = window(LineEdit(), width=900)
    dialog = ask(host, [], icon="key", facts=[("印章", "行政审批专用章"), ("监印人", "那顺", "green")])
    assert dialog.width() == 440
    host.resize(1200, 800)
    qtbot.waitUntil(lambda: dialog.x() == (1200 - 440) // 2)
    assert not host.grab().isNull()
    dialog.reject()


def test_long_bodies_are_shown_whole(qtbot, window):
    host = window(LineEdit(), height=700)
    dialog = Dialog.ask(
        host,
        "撤销？",
        "撤销后立即通知持证人并上报自治区证照库，不能恢复。" * 8,
        primary="撤销证照",
        kind="danger",
    )
    assert dialog.height() > 260
    assert dialog.rect().contains(
        dialog.primary_button.mapTo(dialog, dialog.primary_button.rect().bottomRight())
    )
    dialog.reject()


def toasts(host: QWidget) -> list[Toast]:
    return [toast for toast in host.findChildren(Toast) if toast.isVisible()]


def test_a_toast_stands_at_the_bottom_right_and_leaves(qtbot, window):
    line = LineEdit()
    host = window(line)
    toast = Toast.show_in(line, "已归档", seconds=0.1)
    assert toast.parent() is host
    assert toast.accessibleName() == "已归档"
    assert host.width() - toast.geometry().right() < 24
    host.resize(1000, 700)
    qtbot.waitUntil(lambda: toast.isHidden() or toast.geometry().right() > 960)
    with qtbot.waitSignal(toast.gone, raising=False):
        pass
    qtbot.waitUntil(lambda: not toasts(host))


def test_three_at_most_the_oldest_leaves(qtbot, window):
    host = window(LineEdit())
    made = [
        Toast.show_in(host, f"第 {n} 条", kind) for n, kind in enumerate(("done", "info", "warn", "error"))
    ]
    assert set(toasts(host)) == set(made[1:])
    assert made[3].y() > made[2].y() > made[1].y()
    for toast in made[1:]:
        toast.leave()


def test_a_toast_stays_while_the_pointer_is_on_it(qtbot, window):
    host = window(LineEdit())
    toast = Toast.show_in(host, "已提交", seconds=0.15)
    enter = QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1))
    QApplication.sendEvent(toast, enter)
    assert not toast._timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast._timer.remainingTime() > 1000  # time to go back to it
    toast.leave()


def test_undo_by_key_belongs_to_the_newest(qtbot, window):
    host = window(Button("x"))
    undone = []
    first = Toast.show_in(host, "一", undo=lambda: undone.append("first"))
    second = Toast.show_in(host, "二", undo=lambda: undone.append("second"))
    Toast.show_in(host, "三")
    QTest.keyClick(host, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["second"]
    assert second.isHidden()
    first.findChild(Button).click()
    assert undone == ["second", "first"]
    for toast in toasts(host):
        toast.leave()


def test_undo_gives_ten_seconds(qtbot, window):
    host = window(LineEdit())
    toast = Toast.show_in(host, "已过号", undo=lambda: None)
    assert toast._timer.interval() == 10_000
    toast.leave()


def test_a_toast_may_lead_somewhere(qtbot, window):
    host = window(LineEdit())
    seen = []
    toast = Toast.show_in(
        host,
        "建平县已签收 26-000436 的全部材料，请核对清单后归档",
        "handoff",
        action=("查看", lambda: seen.append(1)),
    )
    toast.findChild(Button).click()
    assert seen == [1]
    assert not toasts(host)


def test_a_page_says_one_thing_at_a_time(window):
    host = QWidget()
    place = NotePlace(host)
    window(host)
    tried: list = []
    place.say(UserError("OFFLINE", "查询未完成。", safe="没有改动。", do="请重试。"), lambda: tried.append(1))
    assert place.notes() == ["查询未完成。没有改动。请重试。"]
    host.findChild(Button).click()
    assert tried == [1]
    before = host.findChild(ErrorNote)
    place.say("请填写起止日期。")
    assert place.notes() == ["请填写起止日期。"]
    assert not before.isVisible(), "gone at once, not when Qt has time"
    place.put(WarnNote("", "数据截至 10:00。"))
    assert place.notes() == ["数据截至 10:00。"]
    place.say(None)
    assert place.notes() == []
