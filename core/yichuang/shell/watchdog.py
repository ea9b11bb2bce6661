"""Notices when the UI thread is held for over 200 ms and logs what it was doing."""

from __future__ import annotations

import faulthandler
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO

from PyQt6.QtCore import QObject, Qt, QTimer

log = logging.getLogger("yichuang.shell.slow")

BEAT_MS = 50
LIMIT_SECONDS = 0.2


class Watchdog(QObject):
    """A heartbeat on the UI thread, and a thread that looks at its stack when the beat is late.

    The stack is read while the call is still running: afterwards nobody could tell which line it was. One report a stall.
    """

    def __init__(
        self,
        stalled: Callable[[float, str], None] | None = None,
        limit: float = LIMIT_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._stalled = stalled or _log_stall
        self._limit = limit
        self._beat = time.monotonic()
        self._ui_thread = threading.get_ident()
        self._stack = ""
        self._scratch = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the watchdog
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch; to be called on the UI thread once its loop is about to run."""
        self._beat = time.monotonic()
        self._timer.start()
        self._thread.start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stop.set()
        self._timer.stop()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self._scratch.close()

    def _on_beat(self) -> None:
        now = time.monotonic()
        held = now - self._beat - BEAT_MS / 1000
        self._beat = now
        if held >= self._limit and self._stack:
            self._stalled(held, self._stack)
        self._stack = ""

    def _watch(self) -> None:
        while not self._stop.wait(BEAT_MS / 1000):
            late = time.monotonic() - self._beat - BEAT_MS / 1000
            if late >= self._limit * 0.8 and not self._stack:
                self._stack = stack_of(self._ui_thread, self._scratch)


def stack_of(thread: int, scratch: IO[bytes]) -> str:
    """What a thread is doing, innermost call first.

    By faulthandler and through a file, never by `sys._current_frames()`: holding a frame keeps its locals alive, and a
    QPainter that outlives its paint event, or dies on another thread, takes the window down.
    """
    scratch.seek(0)
    scratch.truncate()
    faulthandler.dump_traceback(scratch, all_threads=True)
    scratch.seek(0)
    for part in scratch.read().decode(errors="replace").split("\n\n"):
        head, _newline, calls = part.partition("\n")
        if f"0x{thread:016x}" in head:
            return calls
    return ""


def _log_stall(seconds: float, stack: str) -> None:
    log.warning("the UI thread was held for %.0f ms by\n%s", seconds * 1000, stack)
