"""Fails a test that leaves a thread, a running timer, a running QThread or an open window behind.

What one test leaves, a later one trips over: a timer that fires into a deleted window aborts the whole run.
"""

from __future__ import annotations

import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest

GRACE_SECONDS = 2.0
# pytest-timeout's own watch ends with the test's report, which is after every fixture.
NOT_OURS = ("pytest_timeout",)


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """The guard; a test marked `leaks` is left alone."""
    if request.node.get_closest_marker("leaks"):
        yield
        return
    threads = set(threading.enumerate())
    windows = _windows()
    started: list[weakref.ref[Any]] = []
    with ExitStack() as stack:
        for name in ("QTimer", "QThread"):
            _record_starts(stack, name, started)
        yield
    left = _qt_leaks(started, windows) + _thread_leaks(threads)
    if left:
        pytest.fail("the test left behind: " + "; ".join(left), pytrace=False)


def _record_starts(stack: ExitStack, name: str, started: list[weakref.ref[Any]]) -> None:
    """Notes every object of a Qt class on which Python calls `start`, until the stack is closed."""
    core = sys.modules.get("PyQt6.QtCore")
    if core is None:
        return
    kind = getattr(core, name)
    original: Callable[..., Any] = kind.start

    def start(self: Any, *arguments: Any) -> Any:
        started.append(weakref.ref(self))
        return original(self, *arguments)

    stack.enter_context(mock.patch.object(kind, "start", start))


def _windows() -> set[int]:
    """The addresses of the windows that are shown."""
    widgets = sys.modules.get("PyQt6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return set()
    return {id(window) for window in widgets.QApplication.topLevelWidgets() if window.isVisible()}


def _qt_leaks(started: list[weakref.ref[Any]], windows: set[int]) -> list[str]:
    """Names what of Qt is still at work, and stops it so that the next test starts clean."""
    widgets, core = sys.modules.get("PyQt6.QtWidgets"), sys.modules.get("PyQt6.QtCore")
    if widgets is None or core is None or widgets.QApplication.instance() is None:
        return []
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    sip = sys.modules["PyQt6.sip"]
    left = []
    for reference in started:
        thing = reference()
        if thing is None or sip.isdeleted(thing):
            continue
        if isinstance(thing, core.QThread):
            if thing.isRunning() and not thing.wait(int(GRACE_SECONDS * 1000)):
                left.append(f"running thread {thing.objectName() or repr(thing)}")
        elif thing.isActive():
            left.append(f"running timer {thing.objectName() or repr(thing)} of {thing.parent()!r}")
            thing.stop()
    for window in widgets.QApplication.topLevelWidgets():
        if window.isVisible() and id(window) not in windows:
            left.append(f"open window {window.windowTitle() or repr(window)}")
            window.close()
    return list(dict.fromkeys(left))


def _thread_leaks(before: set[threading.Thread]) -> list[str]:
    """Names the Python threads that are still there after a moment's grace."""
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        left = [
            thread for thread in threading.enumerate()
            if thread not in before and thread.is_alive() and not thread.name.startswith(NOT_OURS)
        ]  # fmt: skip
        if not left or time.monotonic() > deadline:
            return [f"running thread {thread.name}" for thread in left]
        time.sleep(0.01)
