"""Notices when the UI thread is held for over 200 ms and logs what it was doing."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable

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
                frame = sys._current_frames().get(self._ui_thread)
                self._stack = "".join(traceback.format_stack(frame)) if frame else ""


def _log_stall(seconds: float, stack: str) -> None:
    log.warning("the UI thread was held for %.0f ms by\n%s", seconds * 1000, stack)
