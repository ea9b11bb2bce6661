"""Runs inside a session bus of its own: types `nihao` and a blank into a field through the fcitx filter, prints what came."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["DISPLAY"] = ":0"

from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtGui import QInputMethodEvent, QKeyEvent
from PyQt6.QtWidgets import QApplication, QLineEdit

from yichuang.shell import input_method
from yichuang.shell.fcitx import FcitxFilter

NO_KEYS = Qt.KeyboardModifier.NoModifier


class Field(QLineEdit):
    """Notes what is being composed."""

    def __init__(self) -> None:
        super().__init__()
        self.composed: list[str] = []

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.preeditString():
            self.composed.append(event.preeditString())
        super().inputMethodEvent(event)


def press(field: QLineEdit, symbol: int, key: Qt.Key, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, key, NO_KEYS, 38, symbol, 0, text))
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        QCoreApplication.processEvents()


def main() -> None:
    here = Path(__file__).parent
    server = subprocess.Popen(
        [sys.executable, str(here / "fake_fcitx.py")], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    server.stdout.readline()
    way = input_method.choose()
    app = QApplication([])
    made = FcitxFilter(app)
    field = Field()
    field.show()
    field.activateWindow()
    field.setFocus()
    end = time.monotonic() + 5
    while QApplication.focusObject() is not field and time.monotonic() < end:
        QCoreApplication.processEvents()
    for letter in "nihao":
        press(field, ord(letter), Qt.Key(ord(letter.upper())), letter)
    press(field, 0x20, Qt.Key.Key_Space, " ")
    after_commit = field.text()
    press(field, ord("1"), Qt.Key.Key_1, "1")
    with_digit = field.text()
    press(field, 0xFF08, Qt.Key.Key_Backspace, "")
    print(
        json.dumps(
            {
                "way": way,
                "connected": made.connected,
                "composed": field.composed,
                "committed": after_commit,
                "with_digit": with_digit,
                "after_backspace": field.text(),
            }
        )
    )
    server.kill()
    server.wait()


if __name__ == "__main__":
    main()
