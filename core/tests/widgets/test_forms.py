"""Editors, fields and forms: values, sources, errors in place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from yichuang.widgets import (
    CheckBox,
    ComboBox,
    DateEdit,
    Field,
    Form,
    FormField,
    LineEdit,
    PasswordEdit,
    SearchBox,
    Segmented,
    TextArea,
    Toggle,
    set_value_of,
    value_of,
)
from yichuang.widgets.inputs import parse_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)), ("20261122", date(2026, 11, 22)), ("2026.3.7", date(2026, 3, 7)),
        ("3-7", date(2026, 3, 7)), ("2026年3月7日", date(2026, 3, 7)), ("2026/02/30", None), ("", None), ("26-3-7", None),
        ("abc", None), ("2026-11", None), ("99999999", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text, day):
    assert parse_day(text, TODAY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text):
    day = parse_day(text, TODAY)
    assert day is None or parse_day(day.isoformat(), TODAY) == day


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_can_be_written(day):
    assert parse_day(day.isoformat(), TODAY) == day == parse_day(f"{day:%Y%m%d}", TODAY)


EDITORS = [
    (lambda: LineEdit(), "内蒙古", "内蒙古"),
    (lambda: PasswordEdit(), " 123 ", " 123 "),
    (lambda: TextArea(), "两行\n文字", "两行\n文字"),
    (lambda: DateEdit(), date(2026, 3, 7), date(2026, 3, 7)),
    (lambda: ComboBox([("a", "甲"), ("b", "乙")]), "b", "b"),
    (lambda: Segmented([("a", "甲"), ("b", "乙")]), "b", "b"),
    (lambda: CheckBox("同意"), True, True),
    (lambda: Toggle(), True, True),
]


@pytest.mark.parametrize(("make", "put", "got"), EDITORS)
def test_every_editor_gives_back_what_was_put(qtbot, make, put, got):
    editor = make()
    qtbot.addWidget(editor)
    set_value_of(editor, put)
    assert value_of(editor) == got
    assert not editor.grab().isNull()


def test_a_line_keeps_its_size_when_focused_or_wrong(qtbot, window):
    line = LineEdit()
    window(line)
    heights = {line.height()}
    line.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    heights |= {line.height(), line.sizeHint().height()}
    line.set_error(True)
    heights |= {line.height(), line.sizeHint().height()}
    assert heights == {32}


def test_blanks_around_a_line_are_dropped(qtbot):
    line = LineEdit(text="  王军 ")
    qtbot.addWidget(line)
    assert line.value() == "王军"


def test_arrows_move_a_day(qtbot):
    edit = DateEdit(date(2026, 3, 1))
    qtbot.addWidget(edit)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.value() == date(2026, 2, 28)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text() == "2026-03-01"


def test_a_date_is_tidied_when_it_is_left(qtbot):
    edit = DateEdit(today=TODAY)
    qtbot.addWidget(edit)
    QTest.keyClicks(edit, "3.7")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "2026-03-07"
    edit.setText("31.2")
    assert edit.is_bad()


def test_search_tells_after_a_pause_and_at_once_on_enter(qtbot, window):
    box = SearchBox("编号、申请人", key="Ctrl+F")
    host = window(box, LineEdit())
    heard = []
    box.searched.connect(heard.append)
    QTest.keyClicks(box, "qysl")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["qysl"])
    QTest.keyClicks(box, "x")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard == ["qysl", "qyslx"]
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert heard[-1] == ""
    QTest.keyClick(host, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert box.hasFocus()
    assert box.accessibleName() == "编号、申请人"


def test_the_clear_cross_has_a_name_and_clears(qtbot, window):
    box = SearchBox("搜索")
    window(box)
    box.setText("abc")
    assert box._clear.isVisible()
    assert box._clear.accessibleName() == "清除搜索"
    box._clear.click()
    assert box.text() == ""
    assert not box._clear.isVisible()
    box._pause.stop()


def test_a_combo_box_tells_only_what_the_user_chose(qtbot, window):
    box = ComboBox([("gov", "林草局"), ("tax", "税务局")])
    window(box)
    heard = []
    box.changed.connect(heard.append)
    box.set_value("tax")
    assert heard == []
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (heard, box.value()) == (["gov"], "gov")
    box.set_value("nobody")
    assert box.value() is None


def test_scrolling_past_a_combo_box_leaves_it(qtbot, window):
    box = ComboBox(["一", "二", "三"])
    window(box)
    at = QPointF(box.rect().center())
    wheel = QWheelEvent(
        at, box.mapToGlobal(at), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, wheel)
    assert box.currentIndex() == 0
    assert not wheel.isAccepted()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_the_list_of_a_combo_box_drops_down(qtbot, window):
    box = ComboBox(["有限责任公司", "个人独资"])
    window(box)
    box.showPopup()
    popup = box.view().window()
    assert popup is not box.window()
    assert not popup.grab().isNull()
    box.hidePopup()


def test_tab_leaves_a_text_area(qtbot, window):
    area, line = TextArea(), LineEdit()
    window(area, line)
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert line.hasFocus()
    assert area.value() == ""


def test_a_field_names_its_editor(qtbot):
    field = Field("联系电话", LineEdit(), required=True, source="身份证")
    qtbot.addWidget(field)
    assert field.editor.accessibleName() == "联系电话"
    assert field.editor.property("prefilled") is True
    field.set_source("")
    assert field.editor.property("prefilled") is False
    field.set_error("应为 11 位手机号")
    assert field.error() == "应为 11 位手机号"
    assert field.editor.property("bad") is True
    assert field.editor.accessibleDescription() == "应为 11 位手机号"
    field.set_error("")
    assert field.error() == ""


def test_a_hint_is_no_error(qtbot):
    field = Field("住所", LineEdit(), hint="与房产证一致")
    qtbot.addWidget(field)
    assert field.error() == ""
    assert field.editor.accessibleDescription() == "与房产证一致"
    field.set_label("经营场所")
    assert field.label() == field.editor.accessibleName() == "经营场所"


def phone(value: str) -> str | None:
    return None if len(value.replace(" ", "")) == 11 else "应为 11 位手机号"


def form() -> Form:
    return Form(
        [
            FormField("name", "企业名称", span=2, required=True),
            FormField("kind", "企业类型", "choice", choices=["有限责任公司", "个人独资"]),
            FormField("capital", "注册资本（万元）", "number", required=True),
            FormField("tel", "联系电话", required=True, check=phone),
            FormField("day", "成立日期", "date"),
            FormField("note", "备注", "area", span=4),
            FormField("agree", "告知承诺", "check", placeholder="本人承诺", required=True),
            FormField("code", "代码", value="9115", read_only=True),
        ]
    )


def test_a_form_is_checked_in_place(qtbot, window):
    made = form()
    window(made, height=700)
    assert not made.validate()
    assert made.errors() == {
        "name": "请填写此项。", "capital": "请填写此项。", "tel": "请填写此项。", "agree": "请填写此项。",
    }  # fmt: skip
    assert made.field("name").editor.hasFocus()
    made.set_values(
        {"name": "内蒙古罕山", "capital": "两百", "tel": "138 0476 21", "agree": True}, source="名称申报"
    )
    assert not made.validate()
    assert made.errors() == {"capital": "请填写数字。", "tel": "应为 11 位手机号"}
    made.set_values({"capital": "1,200.50", "tel": "138 0476 2158"})
    made.field("day").set_value("2026-02-30")
    assert not made.validate()
    assert made.errors() == {"day": "请填写日期，如 2026-11-22。"}
    made.field("day").set_value("2026-02-28")
    assert made.validate()
    assert made.values() == {
        "name": "内蒙古罕山", "kind": "有限责任公司", "capital": Decimal("1200.50"), "tel": "138 0476 2158",
        "day": date(2026, 2, 28), "note": "", "agree": True, "code": "9115",
    }  # fmt: skip


def test_leaving_a_field_checks_it(qtbot, window):
    made = form()
    window(made, height=700)
    editor = made.field("tel").editor
    editor.setFocus()
    QTest.keyClicks(editor, "138")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert made.errors() == {"tel": "应为 11 位手机号"}
    editor.setFocus()
    QTest.keyClicks(editor, "04762158")
    assert made.errors() == {}


def test_passing_an_empty_field_is_not_scolded(qtbot, window):
    made = form()
    window(made, height=700)
    made.field("name").editor.setFocus()
    QTest.keyClick(made.field("name").editor, Qt.Key.Key_Tab)
    assert made.errors() == {}


def test_typing_into_a_filled_in_field_takes_its_source_away(qtbot, window):
    made = form()
    window(made, height=700)
    made.set_values({"name": "王*军"}, source="身份证")
    editor = made.field("name").editor
    assert editor.property("prefilled") is True
    with qtbot.waitSignal(made.changed) as told:
        QTest.keyClicks(editor, "x")
    assert told.args == ["name"]
    assert editor.property("prefilled") is False


def test_errors_of_the_operation_come_to_their_field(qtbot):
    made = form()
    qtbot.addWidget(made)
    made.set_error("tel", "这个号码已经登记过。")
    made.set_error("unknown", "x")
    assert made.errors() == {"tel": "这个号码已经登记过。"}
    assert made.keys()[0] == "name"


def test_read_only_fields_cannot_be_changed(qtbot, window):
    made = form()
    window(made, height=700)
    assert made.field("code").editor.isReadOnly()
    made.focus_first()
    assert made.field("name").editor.hasFocus()


@given(st.text(max_size=20))
def test_a_number_is_a_finite_decimal_or_none(text):
    made = _NUMBER.get()
    made.field("n").set_value(text)
    value = made.values()["n"]
    assert value is None or value.is_finite()


class _Lazy:
    made: Form | None = None

    def get(self) -> Form:
        if self.made is None:
            self.made = Form([FormField("n", "数", "number")])
        return self.made


_NUMBER = _Lazy()
