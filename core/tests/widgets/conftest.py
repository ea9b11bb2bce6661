"""Fixtures of the widget tests: the light theme, and a window that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from yichuang.hall import words
from yichuang.widgets import theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    """Every test starts in Chinese and in the light theme."""
    words.set_language("zh_CN")
    if theme.current() != "light" or not qapp.styleSheet():
        theme.apply(qapp, "light")
    yield
    if theme.current() != "light":
        theme.apply(qapp, "light")


@pytest.fixture
def window(qtbot) -> Callable[..., QWidget]:
    """Put widgets into a window of a size and show it."""
    kept = []  # qtbot holds its widgets weakly

    def show(*widgets: QWidget, width: int = 800, height: int = 500) -> QWidget:
        host = QWidget()
        kept.append(host)
        column = QVBoxLayout(host)
        for widget in widgets:
            column.addWidget(widget)
        host.resize(width, height)
        qtbot.addWidget(host)
        with qtbot.waitExposed(host):
            host.show()
        host.activateWindow()
        return host

    return show
