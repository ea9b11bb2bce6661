"""A bar code gun against a person at the keyboard: a case number never lands in the field, typing always does."""

from __future__ import annotations

from datetime import date

import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from yichuang.hall.identifiers import case_number
from yichuang.widgets import Scans

NUMBER = case_number("150421", date(2026, 3, 17), 42)
ENTER = Qt.Key.Key_Return


class Page(QWidget):
    def __init__(self):
        super().__init__()
        self.field, self.other = QLineEdit(), QLineEdit()
        self.submitted = []
        self.field.returnPressed.connect(lambda: self.submitted.append(self.field.text()))
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.other)
        self.scanned, self.misread = [], []
        scans = Scans(self)
        scans.scanned.connect(self.scanned.append)
        scans.misread.connect(self.misread.append)


@pytest.fixture
def page(qtbot):
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.field.setFocus()
    return page


def burst(widget, text, *, gap_ms=0, enter=True):
    for character in text:
        QTest.keyClicks(widget, character)
        if gap_ms:
            QTest.qWait(gap_ms)
    if enter:
        QTest.keyClick(widget, ENTER)


def test_a_scanned_case_number_opens_the_case_and_never_lands_in_the_field(qtbot, page):
    burst(page.field, NUMBER)
    qtbot.waitUntil(lambda: page.scanned == [NUMBER])
    QTest.qWait(80)
    assert page.field.text() == ""
    assert page.submitted == []


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}|D3|abcdef0123",
        f"{NUMBER} AB12CD",  # what papers hold where the hall has no address for enquiries
        f"https://zwfw.example.gov.cn/q?no={NUMBER}&code=AB12CD",
        f"https://zwfw.example.gov.cn/q/{NUMBER}-02/AB12CD",
    ],
)
def test_a_papers_code_opens_its_case(qtbot, page, text):
    burst(page.field, text)
    qtbot.waitUntil(lambda: page.scanned == [f"{NUMBER}-02" if "-02" in text else NUMBER])
    assert page.field.text() == ""


def test_a_wrong_check_digit_is_told_and_kept_from_the_field(qtbot, page):
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    burst(page.field, wrong)
    qtbot.waitUntil(lambda: page.misread == [wrong])
    assert page.scanned == []
    assert page.field.text() == ""


def test_what_a_person_types_arrives_in_order_with_its_enter(qtbot, page):
    burst(page.field, "abc12", gap_ms=45)
    qtbot.waitUntil(lambda: page.submitted == ["abc12"])
    assert page.scanned == []


def test_quick_short_typing_arrives(qtbot, page):
    burst(page.field, "abc")
    qtbot.waitUntil(lambda: page.submitted == ["abc"])


def test_typing_before_a_scan_stays_and_the_scan_does_not(qtbot, page):
    QTest.keyClicks(page.field, "ab")
    qtbot.waitUntil(lambda: page.field.text() == "ab")
    burst(page.field, NUMBER)
    qtbot.waitUntil(lambda: page.scanned == [NUMBER])
    assert page.field.text() == "ab"


def test_other_codes_belong_into_the_field(qtbot, page):
    burst(page.field, "EA123456789CN")
    qtbot.waitUntil(lambda: page.submitted == ["EA123456789CN"])
    assert page.scanned == page.misread == []


def test_keys_that_are_held_back_go_where_they_were_typed(qtbot, page):
    QTest.keyClicks(page.field, "xy")
    page.other.setFocus()
    assert page.field.text() == "xy", "leaving a field lets go of what was typed there"
    assert page.other.text() == ""
    burst(page.other, NUMBER)
    qtbot.waitUntil(lambda: page.scanned == [NUMBER])
    assert page.other.text() == ""


def test_control_keys_are_never_held_back(qtbot, page):
    page.field.setText("abc")
    QTest.keyClick(page.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.field.selectedText() == "abc"
    QTest.keyClick(page.field, Qt.Key.Key_Backspace)
    assert page.field.text() == ""


def test_a_page_that_is_not_shown_hears_nothing(qtbot, page):
    page.hide()
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1")
    QApplication.sendEvent(page.field, event)
    assert page.field.text() == "1"


def test_a_field_that_vanishes_while_keys_are_held_does_no_harm(qtbot, page):
    QTest.keyClicks(page.field, "q")
    page.field.deleteLater()
    QTest.qWait(80)
    page.other.setFocus()
    burst(page.other, NUMBER)
    qtbot.waitUntil(lambda: page.scanned == [NUMBER])
