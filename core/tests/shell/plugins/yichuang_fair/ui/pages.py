"""Pages of the test plugin."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext


class Intake(QWidget):
    """Shows the notes and writes new ones."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.label = QLabel()
        self.loads = 0
        self.called = 0
        self.results: list[object] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addWidget(self.label)
        context.watch({"fair"}, self.load)
        context.shortcut("Ctrl+Enter", "提交受理", self.submit, bar=True)
        context.shortcut("F3", "重呼", self.recall, bar=True, everywhere=True)

    def load(self) -> None:
        self.loads += 1
        self.context.query("fair.notes", done=lambda notes: self.label.setText(",".join(notes)))

    def submit(self) -> None:
        self.context.run("fair.note", {"text": "hello"}, done=self.results.append)

    def recall(self) -> None:
        self.called += 1


def intake(context: PageContext) -> QWidget:
    return Intake(context)


def drafts(context: PageContext) -> QWidget:
    return QLabel("暂存")


def broken(context: PageContext) -> QWidget:
    raise RuntimeError("the page cannot be built")


def window(context: PageContext) -> QWidget:
    label = QLabel("叫号")
    label.setProperty("ownWindow", True)
    label.calls = 0

    def call() -> None:
        label.calls += 1

    context.shortcut("F4", "叫下一位", call, everywhere=True)
    label.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
    return label
