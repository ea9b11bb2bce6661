"""The one owner of unhandled faults: Python's hook, the threads' hook, Qt's messages and the crash log of the process.

PyQt6 ends the process when an exception leaves a slot and `sys.excepthook` is the default one, so `install` runs before the first
widget. Faults from before the window exists wait until somebody listens. The same fault is told once.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any

from PyQt6.QtCore import PYQT_VERSION_STR, QObject, QtMsgType, pyqtSignal, qInstallMessageHandler, qVersion

log = logging.getLogger("yichuang.shell.faults")
qt_log = logging.getLogger("yichuang.qt")

PLUGIN_PATH = re.compile(r"[\\/]yichuang_([a-z0-9_]+)[\\/]")
QUIET_QT = ("This plugin does not support propagateSizeHints", "This plugin does not support raise")
"""What Qt's offscreen platform says about every window; nothing can be done about it."""


@dataclass(frozen=True, slots=True)
class FaultReport:
    """One fault of the program, ready to show and to copy.

    Attributes:
        key: Checksum of type and frames; the same fault has the same key.
        plugin: Id of the plugin whose code was running, "" when it was the suite's own.
        crash: The process ended by it, the last time.
    """

    key: str
    summary: str
    plugin: str
    trace: str
    at: datetime
    crash: bool = False

    def diagnostics(self) -> str:
        """Text for the administrator: versions and trace, no data of the hall."""
        import importlib.metadata  # 45 ms, which no start should pay
        import platform

        version = importlib.metadata.version("yichuang")
        return "\n".join(
            (
                f"yichuang {version} · Python {platform.python_version()} · PyQt {PYQT_VERSION_STR} · Qt {qVersion()}",
                f"{platform.platform()} · {os.environ.get('QT_QPA_PLATFORM', '') or 'default platform'}",
                f"{self.at.isoformat(timespec='seconds')} · plugin: {self.plugin or '-'} · fault {self.key}",
                "",
                self.trace.rstrip(),
            )
        )


def make_report(fault: BaseException) -> FaultReport:
    """Describe an exception: its frames, its key and whose code it was in.

    The message of the exception may hold what a person typed, so the key is made of places only.
    """
    import traceback
    from zlib import crc32

    frames = traceback.extract_tb(fault.__traceback__)
    places = "|".join(f"{Path(f.filename).name}:{f.name}:{f.lineno}" for f in frames)
    key = f"{crc32(f'{type(fault).__name__}|{places}'.encode()):08x}"
    plugin = ""
    for frame in frames:  # the innermost plugin frame: a fault in a widget was most likely fed by its caller
        found = PLUGIN_PATH.search(frame.filename)
        if found and found.group(1) != "resources":
            plugin = found.group(1)
    trace = "".join(traceback.format_exception(type(fault), fault, fault.__traceback__))
    summary = f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
    return FaultReport(key, summary[:300], plugin, trace, datetime.now(UTC))


def crash_report(text: str) -> FaultReport:
    """What faulthandler wrote when the last process ended: its first line, and the plugin that was at work."""
    from zlib import crc32

    current = text.partition("Current thread")[2] or text
    found = PLUGIN_PATH.search(current)
    plugin = found.group(1) if found and found.group(1) != "resources" else ""
    key = f"{crc32(text.encode()):08x}"
    return FaultReport(key, text.partition("\n")[0][:300], plugin, text, datetime.now(UTC), crash=True)


class Faults(QObject):
    """Collects faults from every thread and tells the UI thread about each new one.

    Signals:
        reported: A fault that has not been told before (FaultReport).
    """

    reported = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[str] = set()
        self._waiting: list[FaultReport] = []
        self._listener: Callable[[FaultReport], None] | None = None
        self._lock = threading.Lock()
        self._previous: tuple[Any, Any, Any] | None = None
        self._crash_file: TextIOWrapper | None = None
        self.last_crash = ""

    def install(self, crash_log: Path | None = None) -> None:
        """Become the owner of the hooks; read and restart the crash log of the last process."""
        self._previous = (sys.excepthook, threading.excepthook, qInstallMessageHandler(on_qt_message))
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        if crash_log is not None:
            self._open_crash_log(crash_log)

    def uninstall(self) -> None:
        """Give the hooks back (tests)."""
        if self._previous is not None:
            sys.excepthook, threading.excepthook, handler = self._previous
            qInstallMessageHandler(handler)
            self._previous = None
        if self._crash_file is not None:
            faulthandler.disable()
            self._crash_file.close()
            self._crash_file = None

    def listen(self, listener: Callable[[FaultReport], None]) -> None:
        """Hand every new fault to the listener on the UI thread, first those from before."""
        self._listener = listener
        self.reported.connect(listener)
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for report in waiting:
            listener(report)

    def report(self, fault: BaseException) -> None:
        """Take one fault; safe from any thread and never raising."""
        if isinstance(fault, KeyboardInterrupt):
            return
        report = make_report(fault)
        with self._lock:
            known = report.key in self._seen
            self._seen.add(report.key)
            if not known and self._listener is None:
                self._waiting.append(report)
        # The log has every occurrence, the screen only the first.
        log.error(
            "fault %s%s: %s",
            report.key,
            " again" if known else "",
            report.trace if not known else report.summary,
        )
        if not known and self._listener is not None:
            self.reported.emit(report)

    def _on_exception(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        self.report(fault.with_traceback(trace))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_value)

    def _open_crash_log(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            self.last_crash = path.read_text(encoding="utf-8", errors="replace").strip()
            if self.last_crash:
                log.error("the last process ended by a crash:\n%s", self.last_crash)
        self._crash_file = path.open("w", encoding="utf-8")
        faulthandler.enable(self._crash_file)


def on_qt_message(kind: QtMsgType, _context: object, message: str | None) -> None:
    """Qt's own words go into the log of the program."""
    text = message or ""
    if text.startswith(QUIET_QT):
        return
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    qt_log.log(levels.get(kind, logging.WARNING), "%s", text)
