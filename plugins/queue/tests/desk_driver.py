"""Drives a caller window as a clerk does: presses keys, fills questions, waits until the window has seen what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PyQt6.QtCore import Qt

from yichuang.shell.testing import open_page
from yichuang_queue.ui.caller.window import CallerWindow

from .conftest import MANAGER, clerk

WAIT_MS = 10_000
PERSON = clerk(1, "A01")


class Desk:
    """One clerk at one window."""

    def __init__(self, qtbot: Any, suite: Any, window: Any, context: Any) -> None:
        self.qtbot, self.suite, self.window, self.context = qtbot, suite, window, context
        self.keys: dict[str, Any] = {}

    @property
    def ticket(self) -> Any:
        return self.window.view.current

    def until(self, condition: Any) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def settle(self) -> None:
        """Until no act is under way."""
        self.until(lambda: self.window.view is not None and not self.window.acts.busy)

    def press(self, key: str) -> None:
        """A key that the window has claimed, from wherever it is pressed."""
        self.keys[key].trigger()

    def do(self, key: str) -> None:
        self.press(key)
        self.settle()

    def question(self) -> Any:
        self.until(lambda: self.window.asks.question is not None)
        return self.window.asks.question

    def answer(self, **values: Any) -> None:
        """Fill the question in and press Enter in it."""
        question = self.question()
        for key, value in values.items():
            question.form.field(key).set_value(value)
        self.qtbot.keyClick(question, Qt.Key.Key_Return)
        self.until(lambda: self.window.asks.question is None)
        self.settle()

    def said(self) -> str:
        """The sentence in the window."""
        say = self.window.face.say
        return "" if say.isHidden() else say.text.text()

    def state_of(self, number: str) -> str:
        return self.suite.query(MANAGER, "queue.ticket", {"number": number}).state


@contextmanager
def at_desk(
    qtbot: Any, suite: Any, person: Any = PERSON, *, tickets: int = 0, opened: bool = True
) -> Iterator[Desk]:
    """A caller window over a hall in which some people wait in line A."""
    for _each in range(tickets):
        suite.run(MANAGER, "queue.issue", {"line": "A", "business": "企业登记"})
    if opened:
        suite.run(person, "queue.open_desk", {"desk": person.desk})
    claimed: list[Any] = []

    def build(context: Any) -> Any:
        context.services.shortcut_claimed.connect(claimed.append)
        return CallerWindow(context)

    with open_page(suite, person, "queue.caller", build) as (window, context):
        window.setFixedSize(360, 520)
        desk = Desk(qtbot, suite, window, context)
        desk.keys = {shortcut.key: shortcut for shortcut in claimed}
        if person.desk:
            desk.settle()
        yield desk
