"""The manager's page over a small hall, for the tests that drive it."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.shell.testing import open_page
from yichuang.widgets import Dialog

from .conftest import MANAGER
from .test_console_operations import busy

__all__ = ["desk_lines", "dialog", "on_a_file", "opened", "press", "waiting"]


@pytest.fixture(name="database_url")
def on_a_file(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture(name="until")
def waiting(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=10_000)


@pytest.fixture(name="page")
def opened(suite, until, clock):
    """The page over one desk of line A and two of B; far too many wait in A."""
    busy(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, context):
        window.resize(1372, 824)
        until(lambda: window.console is not None)
        yield window, context


def dialog(window):
    return next(each for each in window.window().findChildren(Dialog) if each.isVisible())


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def desk_lines(suite, code):
    view = suite.query(MANAGER, "queue.console", {})
    return next(desk for desk in view.desks if desk.code == code).lines
