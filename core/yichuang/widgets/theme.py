"""The look of the suite: applies a theme to the application and answers what a token or a font is in it."""

from __future__ import annotations

import atexit
from functools import lru_cache

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication, QStyleFactory

from yichuang.widgets import fonts, style
from yichuang.widgets.tokens import THEMES


class Signals(QObject):
    """What the theme tells: `changed` carries the theme's name, after every widget was polished again."""

    changed = pyqtSignal(str)


signals = Signals()
_current = "light"


def apply(app: QApplication, name: str = "light") -> None:
    """Give the application the theme `name`; call again to switch while it runs.

    Raises:
        ValueError: There is no theme of that name.
    """
    global _current
    if name not in THEMES:
        raise ValueError(f"unknown theme {name!r}, expected one of {sorted(THEMES)}")
    _current = name
    _close_at_exit()
    color.cache_clear()
    if app.style() is None or app.style().name() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    fonts.load()
    base = fonts.font(13)
    app.setFont(base)
    # Tool tips and menus have fonts of their own on some platforms.
    for kind in ("QToolTip", "QMenu", "QHeaderView", "QAbstractItemView"):
        app.setFont(base, kind)
    app.setPalette(_palette())
    app.setStyleSheet(style.sheet(THEMES[name]))
    signals.changed.emit(name)


def current() -> str:
    """The name of the theme in force."""
    return _current


def token(name: str) -> str:
    """The colour of a token in the current theme, as `#RRGGBB` (the shadow as `#AARRGGBB`).

    Raises:
        KeyError: There is no such token.
    """
    return THEMES[_current][name]


@lru_cache(maxsize=128)
def color(name: str) -> QColor:
    """The colour of a token, ready to paint with. Do not change the returned object."""
    return QColor(THEMES[_current][name])


def font(px: int = 13, *, strong: bool = False, mono: bool = False) -> QFont:
    """A font of the type scale; see `fonts.font`."""
    return fonts.font(px, strong=strong, mono=mono)


def mongolian_font(px: int) -> QFont:
    """See `fonts.mongolian_font`."""
    return fonts.mongolian_font(px)


def prepare_scaling() -> None:
    """Keep fractional scales (125 %, 150 %) as they are. Call before the application object is made."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)


@lru_cache(maxsize=1)
def _close_at_exit() -> None:
    """Have windows that are still there deleted while Python is whole.

    PyQt's own clean-up at exit walks a table of its objects; a window that it deletes then calls our overrides, which
    make new objects in that table: now and then the process dies so (seen with PyQt6 6.9.1). Handlers run last in,
    first out, so this one comes before PyQt's.
    """
    atexit.register(_delete_windows)


def _delete_windows() -> None:
    for window in QApplication.topLevelWidgets():
        if not sip.isdeleted(window) and window.parent() is None:
            sip.delete(window)


def _palette() -> QPalette:
    """The palette for what neither the style sheet nor our painting reaches (file dialogs, completers)."""
    role = QPalette.ColorRole
    palette = QPalette()
    for target, name in (
        (role.Window, "surface"), (role.WindowText, "t1"), (role.Base, "surface"), (role.AlternateBase, "subtle"),
        (role.Text, "t1"), (role.Button, "surface"), (role.ButtonText, "t1"), (role.BrightText, "red"),
        (role.ToolTipBase, "tip"), (role.ToolTipText, "on"), (role.Highlight, "acc"), (role.HighlightedText, "on"),
        (role.Link, "acct"), (role.LinkVisited, "acct"), (role.PlaceholderText, "t3"), (role.Light, "surface"),
        (role.Midlight, "line"), (role.Mid, "line2"), (role.Dark, "line3"), (role.Shadow, "line3"),
    ):  # fmt: skip
        palette.setColor(target, color(name))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, color("tdis"))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, color("line2"))
    return palette
