"""Runs inside a session bus and an X server of its own: a field that the real input method types into."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLineEdit

from yichuang.shell.process import make_application

SECONDS = 20


def keys(*names: str) -> None:
    subprocess.run(["xdotool", "key", "--delay", "60", *names], check=True)


def main() -> int:
    program = sys.argv[1]
    server = subprocess.Popen([program, *sys.argv[2:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_bus(sys.argv[1])
    app = make_application(["typing"], 100)
    field = QLineEdit()
    field.resize(400, 40)
    field.show()
    field.activateWindow()
    field.setFocus()
    pump(lambda: QGuiApplication.focusObject() is field)
    time.sleep(0.5)
    switch_on(program)
    pump(lambda: False, 0.5)
    keys("n", "i", "h", "a", "o", "space")
    pump(lambda: bool(field.text()) and not field.text().isascii(), 5)
    print(json.dumps({"platform": app.platformName(), "text": field.text()}), flush=True)
    server.kill()
    server.wait()
    return 0


def switch_on(program: str) -> None:
    """Turn composing on, as Ctrl+Space does."""
    remote = f"{program}-remote"
    for flag in (("-s", "pinyin"), ("-o",)):
        subprocess.run([remote, *flag], check=False, capture_output=True)


def wait_for_bus(program: str) -> None:
    """Until the input method answers on the session bus."""
    from yichuang.shell.input_method import choose

    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if choose():
            return
        time.sleep(0.1)
    raise SystemExit(f"{program} does not answer on the session bus")


def pump(condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
