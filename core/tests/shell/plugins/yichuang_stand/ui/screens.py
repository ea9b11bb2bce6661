"""Windows that say on standard output what happens to them, so that a test can follow another process."""

from __future__ import annotations

import json

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext


def tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Board(QWidget):
    """Shows the notes."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.label = QLabel()
        QVBoxLayout(self).addWidget(self.label)
        context.watch({"stand"}, self.load)
        context.shortcut("F3", "Write a note", lambda: self.write("pressed"))
        context.shortcut("F9", "Write from anywhere", lambda: self.write("from anywhere"), system=True)
        context.shown.connect(lambda args: QTimer.singleShot(0, self.on_shown))
        context.online_changed.connect(lambda online: tell(online=online))
        tell(built=context.args, account=context.actor.account, desk=context.actor.desk)

    def on_shown(self) -> None:
        tell(
            shown=self.context.args,
            fullscreen=self.isFullScreen(),
            size=[self.width(), self.height()],
            title=self.windowTitle(),
        )

    def load(self) -> None:
        self.context.query("stand.notes", done=self.show_notes, failed=lambda error: tell(failed=error.code))

    def show_notes(self, notes: list[str]) -> None:
        self.label.setText("\n".join(notes) or "nothing")
        tell(notes=notes)

    def write(self, text: str) -> None:
        self.context.run("stand.note", {"text": text})


def board(context: PageContext) -> QWidget:
    return Board(context)


def inside(context: PageContext) -> QWidget:
    return Board(context)


def counter(context: PageContext) -> QWidget:
    return Board(context)


def broken(context: PageContext) -> QWidget:
    tell(building="broken")
    raise RuntimeError("the window cannot be built")
