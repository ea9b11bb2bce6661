"""Tokens, style sheet, fonts and icons: complete in both themes, readable, and cheap at import."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from PyQt6.QtGui import QColor, QFont, QFontDatabase
from PyQt6.QtWidgets import QLabel

from yichuang.widgets import fonts, icons, style, theme
from yichuang.widgets.tokens import DARK, LIGHT, THEMES, TONES, tone_color


def luminance(color: str) -> float:
    def part(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    shown = QColor(color)
    return 0.2126 * part(shown.redF()) + 0.7152 * part(shown.greenF()) + 0.0722 * part(shown.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_themes_have_the_same_tokens():
    assert set(LIGHT) == set(DARK)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("ground", ["app", "surface", "subtle"])
@pytest.mark.parametrize("ink", ["t1", "t2", "t3"])
def test_text_is_readable_on_every_ground(name, ground, ink):
    tokens = THEMES[name]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("tone", ["red", "amber", "green"])
def test_tones_are_readable_on_their_tints(name, tone):
    ink, tint, _border, _dot = TONES[tone]
    assert contrast(THEMES[name][ink], THEMES[name][tint]) >= 5.0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_selected_rows_need_the_darker_grey(name):
    """Why delegates paint t3 as t2 in selected rows."""
    tokens = THEMES[name]
    assert contrast(tokens["t3"], tokens["selected"]) < 4.5 <= contrast(tokens["t2"], tokens["selected"])


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_is_filled_and_accepted(qapp, qtbot, name, caplog):
    text = style.sheet(THEMES[name])
    assert "@" not in text
    assert set(re.findall(r"#[0-9A-F]{6}\b", text)) <= {*THEMES[name].values(), "#FFFFFF"}
    theme.apply(qapp, name)
    label = QLabel("x")
    qtbot.addWidget(label)
    label.setProperty("tone", "red")
    style.repolish(label)
    assert label.palette().windowText().color() == theme.color("red")
    assert not caplog.records


def test_switching_tells_once_and_changes_colours(qapp, qtbot):
    before = theme.color("surface")
    with qtbot.waitSignal(theme.signals.changed) as told:
        theme.apply(qapp, "dark")
    assert told.args == ["dark"]
    assert theme.current() == "dark"
    assert theme.color("surface") != before
    assert theme.token("acct") == DARK["acct"]


def test_an_unknown_theme_is_refused(qapp):
    with pytest.raises(ValueError, match="unknown theme"):
        theme.apply(qapp, "blue")
    assert theme.current() == "light"


def test_the_base_font_is_the_bundled_one(qapp):
    assert fonts.FAMILY in QFontDatabase.families()
    assert qapp.font().pixelSize() == 13
    assert qapp.font().families()[0] == fonts.FAMILY


def test_strong_is_medium_where_it_is_installed():
    medium = "Medium" in QFontDatabase.styles(fonts.FAMILY)
    assert theme.font(14, strong=True).weight() == (QFont.Weight.Medium if medium else QFont.Weight.Bold)
    assert theme.font(14).weight() == QFont.Weight.Normal


def test_tone_names_pass_through():
    assert tone_color("amber") == "amb"
    assert tone_color("acct") == "acct"
    assert tone_color("", "t3") == "t3"


def test_icons_take_colour_size_and_pixel_ratio():
    pixmap = icons.icon_pixmap("stamp", "red", 20, 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (40, 2.0)
    image = pixmap.toImage()
    inks = {
        image.pixelColor(x, y).rgb()
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {theme.color("red").rgb()}
    assert icons.icon_pixmap("stamp", "red", 20, 2.0).cacheKey() == pixmap.cacheKey()


def test_icons_follow_the_theme(qapp):
    made = icons.icon("house", "t1", 16)
    light = made.pixmap(16, 16).toImage()
    theme.apply(qapp, "dark")
    assert made.pixmap(16, 16).toImage() != light


def test_an_unknown_icon_is_logged_and_shown_as_a_puzzle_piece(caplog):
    assert not icons.has_icon("no-such-icon")
    assert (
        icons.icon_pixmap("no-such-icon", "t1", 24, 1.0).toImage()
        == icons.icon_pixmap("puzzle", "t1", 24, 1.0).toImage()
    )
    assert "no-such-icon" in caplog.text


def test_old_icon_names_still_work():
    assert icons.has_icon("home")
    assert icons.has_icon("house")


def test_importing_the_package_brings_nothing_heavy():
    """Pages name widgets lazily: the package alone brings no Qt, the theme no SQLAlchemy, openpyxl or PDF."""
    code = (
        "import sys, yichuang.widgets; assert 'PyQt6' not in sys.modules;"
        "from yichuang.widgets import theme, Button, PageHeader, NavList, Toast;"
        "bad = {'sqlalchemy', 'openpyxl', 'reportlab', 'keyring', 'pydantic', 'lucide', 'PyQt6.QtPdf', 'PIL'} & set(sys.modules);"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_process_ends_cleanly_with_windows_still_open():
    """PyQt's own clean-up died on them now and then; ours comes first."""
    code = (
        "from PyQt6.QtWidgets import QApplication; app = QApplication([]);"
        "from yichuang.widgets import theme, Form, FormField, Toast, Button, NavList, NavItem;"
        "theme.apply(app, 'light');"
        "form = Form([FormField('a', 'A', 'choice', choices=['x', 'y'])]); form.show();"
        "nav = NavList([NavItem('a', 'A', 'house')]); nav.show(); Toast.show_in(form, 'x', undo=print);"
        "app.processEvents(); form.field('a').editor.showPopup(); app.processEvents()"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
