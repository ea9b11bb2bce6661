"""Unhandled faults: one owner, told once, named by plugin, and a crash that is seen at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QtMsgType
from pytestqt.qtbot import QtBot

from yichuang.shell.faults import FaultReport, Faults, make_report, on_qt_message


@pytest.fixture
def faults(qtbot: QtBot) -> Iterator[Faults]:
    made = Faults()
    made.install()
    yield made
    made.uninstall()


def caught(code: str, filename: str) -> Exception:
    """An exception that was raised in a file of that name."""
    try:
        exec(compile(code, filename, "exec"), {})
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("filename", "plugin"),
    [
        ("/opt/yichuang/plugins/yichuang_seal/ui/page.py", "seal"),
        (r"C:\yichuang\yichuang_queue\rules.py", "queue"),
        ("/opt/yichuang/yichuang/shell/window.py", ""),
        ("/opt/yichuang/yichuang_resources/fonts.py", ""),
    ],
)
def test_the_plugin_is_named_by_the_trace(filename: str, plugin: str) -> None:
    assert make_report(caught("1 / 0", filename)).plugin == plugin


def test_the_same_place_has_the_same_key_whatever_the_message_says() -> None:
    first = make_report(caught("raise ValueError('王小军')", "a.py"))
    second = make_report(caught("raise ValueError('李晓兰')", "a.py"))
    other = make_report(caught("\nraise ValueError('王小军')", "a.py"))
    assert first.key == second.key != other.key


def test_a_fault_is_told_once(qtbot: QtBot, faults: Faults) -> None:
    told: list[FaultReport] = []
    faults.listen(told.append)
    for _ in range(3):
        faults.report(caught("1 / 0", "x.py"))
    faults.report(caught("int('x')", "x.py"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [report.summary.split(":")[0] for report in told] == ["ZeroDivisionError", "ValueError"]


def test_what_failed_before_the_window_waits_for_it(faults: Faults) -> None:
    faults.report(caught("1 / 0", "early.py"))
    told: list[FaultReport] = []
    faults.listen(told.append)
    assert [report.plugin for report in told] == [""]


def test_a_thread_of_anybody_is_heard(qtbot: QtBot, faults: Faults) -> None:
    told: list[FaultReport] = []
    faults.listen(told.append)

    def fail() -> None:
        raise OSError("card reader")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].summary == "OSError: card reader"


def test_the_diagnostics_say_versions_and_trace() -> None:
    text = make_report(caught("1 / 0", "/x/yichuang_seal/y.py")).diagnostics()
    assert "PyQt 6." in text
    assert "plugin: seal" in text
    assert "ZeroDivisionError" in text


def test_qt_messages_go_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "yichuang.qt"):
        on_qt_message(QtMsgType.QtWarningMsg, None, "QPainter: something")
        on_qt_message(QtMsgType.QtWarningMsg, None, "This plugin does not support propagateSizeHints()")
    assert [record.getMessage() for record in caplog.records] == ["QPainter: something"]


def test_a_crash_is_read_at_the_next_start(tmp_path: Path, qtbot: QtBot) -> None:
    log = tmp_path / "logs" / "crash.log"
    code = f"""
import ctypes
from pathlib import Path
from yichuang.shell.faults import Faults
Faults().install(Path({str(log)!r}))
ctypes.string_at(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode != 0
    faults = Faults()
    faults.install(log)
    try:
        assert "Segmentation fault" in faults.last_crash
        assert "string_at" in faults.last_crash
    finally:
        faults.uninstall()
    again = Faults()
    again.install(log)
    again.uninstall()
    assert again.last_crash == ""


def test_a_slot_that_raises_does_not_end_the_process() -> None:
    """Without an owner of the hook PyQt6 aborts; with ours the loop goes on."""
    code = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PyQt6.QtCore import QCoreApplication, QTimer
from yichuang.shell.faults import Faults
faults = Faults()
faults.install()
app = QCoreApplication([])
QTimer.singleShot(0, lambda: 1 / 0)
QTimer.singleShot(50, lambda: (print("still here"), app.quit()))
app.exec()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "still here\n")
