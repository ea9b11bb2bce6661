"""What is done at the end of a page is done although the garbage collector comes by while the page is taken down."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, sys
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication, QWidget
from yichuang.widgets.ends import _WAITING, when_gone

app = QApplication(["ends", "-platform", "offscreen"])
done = []


class Part(QWidget):
    def __init__(self, page, number):
        super().__init__(page)
        self.page = page
        if sys.argv[1] == "helper":
            when_gone(self, lambda: done.append(number))
        else:
            self.destroyed.connect(lambda: done.append(number))


class Page(QWidget):
    def __init__(self, window, number):
        super().__init__(window)
        first = QWidget(self)
        first.destroyed.connect(gc.collect)
        self.part = Part(self, number)


gc.disable()
window = QWidget()
for number in range(5):
    Page(window, number).deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
print(done, len(_WAITING))
"""


def run(how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, how]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_end_of_a_part_comes_although_its_page_is_garbage_already():
    ended = run("helper")
    assert (ended.returncode, ended.stdout) == (0, "[0, 1, 2, 3, 4] 0\n"), ended.stderr


def test_a_lambda_alone_would_end_the_process():
    """Why there is a helper; when this fails with a newer PyQt, it may go."""
    assert run("lambda").returncode != 0
