"""A program of its own on a real screen: `hold KEYS` takes keys for the whole screen, `type` has a field for the focus.

It says as JSON lines what comes to it, and does what it is told by lines on its standard input.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from PyQt6.QtCore import QSocketNotifier
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Field(QLineEdit):
    """A field that says every key it gets."""

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None
        say(typed=event.key(), text=event.text())
        super().keyPressEvent(event)


def type_here() -> QWidget:
    field = Field()
    field.setGeometry(0, 0, 300, 60)
    return field


def hold(names: list[str]) -> QWidget:
    """A window that holds keys while it is shown; `hide` and `show` on standard input."""
    from yichuang.api.ui import PageContext
    from yichuang.hall.words import core as words
    from yichuang.shell.services import Shortcut
    from yichuang.shell.system_keys import HeldWhileShown, SystemKeys

    window = QWidget()
    window.setGeometry(400, 0, 200, 60)
    keys = SystemKeys(window)
    keys.refused.connect(lambda error: say(refused=error.code, sentence=str(error.sentence)))
    context = PageContext(None, "test", "test.page", words)  # type: ignore[arg-type]  # nothing is asked of the shell
    for name in names:
        act = partial(say, pressed=name)
        HeldWhileShown(window, Shortcut(context, name, name, act, False, True, None, True), keys)
    window.keys = keys  # type: ignore[attr-defined]  # lives as long as the window
    return window


def main() -> int:
    app = QApplication(sys.argv[:1])
    window = hold(sys.argv[2:]) if sys.argv[1] == "hold" else type_here()
    window.show()

    def told() -> None:
        word = sys.stdin.readline().strip()
        if word in ("", "end"):
            app.quit()
            return
        {"hide": window.hide, "show": window.show, "minimise": window.showMinimized}[word]()
        say(did=word, held=sorted(window.keys.held))  # type: ignore[attr-defined]  # set above

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)  # type: ignore[call-overload]  # a number
    notifier.activated.connect(told)
    say(ready=int(window.winId()), platform=app.platformName())
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
