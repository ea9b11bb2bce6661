"""The component sheet renders in both themes, in Chinese, with nothing cut off."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QAbstractButton, QLabel

from yichuang.hall import words
from yichuang.widgets import Button, ComponentSheet, Text, paint, theme
from yichuang.widgets.focus import FocusRing


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_sheet_renders(qapp, qtbot, name):
    theme.apply(qapp, name)
    sheet = ComponentSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    picture = sheet.grab().toImage()
    assert (picture.width(), picture.height()) == (1440, 1544)
    assert picture.pixelColor(5, 5) == theme.color("surface")
    assert picture.pixelColor(60, 230) == theme.color("acc")
    assert len([ring for ring in sheet.findChildren(FocusRing) if ring.isVisible()]) == 3


def test_the_sheet_is_chinese(qtbot):
    sheet = ComponentSheet()
    qtbot.addWidget(sheet)
    shown = [w.text() for kind in (QLabel, QAbstractButton) for w in sheet.findChildren(kind) if w.text()]
    latin = {"Noto Sans SC", "26 px", "40 px", "*"}
    for text in shown:
        assert text in latin or any("\u4e00" <= letter <= "\u9fff" for letter in text), text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_text_is_cut_off(qtbot, language):
    words.set_language(language)
    sheet = ComponentSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    if language == "en":
        return  # English is only complete, its sheet has no room of its own
    for label in sheet.findChildren(Text):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()
    for button in sheet.findChildren(Button):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.text()


def test_switching_the_theme_repaints_what_is_shown(qapp, qtbot):
    sheet = ComponentSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    light = sheet.grab().toImage()
    theme.apply(qapp, "dark")
    dark = sheet.grab().toImage()
    assert light.pixelColor(700, 20) != dark.pixelColor(700, 20)
    assert dark.pixelColor(60, 230) == theme.color("acc")
    assert paint.text_width("一窗") > 20
