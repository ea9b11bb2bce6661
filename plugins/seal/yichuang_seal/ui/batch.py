"""Sealing many papers one after another: what failed costs only its own paper, and it can be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.api import UserError, in_language
from yichuang.api.ui import PageContext

_LOOK_MS = 200


class Batch(QObject):
    """One run over waiting papers.

    Signals:
        progressed: How many are done, of how many.
        failed: Key of a paper that could not be sealed, and the cause.
        ended: How many were sealed, how many were not, whether it was stopped before its end.
    """

    progressed = pyqtSignal(int, int)
    failed = pyqtSignal(int, str)
    ended = pyqtSignal(int, int, bool)

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Any = None
        self._sealed = self._not_sealed = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether papers are being sealed."""
        return self._job is not None

    def start(self, requests: Sequence[dict[str, Any]]) -> None:
        """Seal these papers; each is a request of `seal.stamp`."""
        self._sealed = self._not_sealed = 0
        self.progressed.emit(0, len(requests))
        self._job = self._context.batch(
            "seal.stamp",
            requests,
            lambda index, outcome: self._came(requests[index]["request_id"], index, len(requests), outcome),
            lambda _outcomes: self._end(stopped=False),
        )
        self._timer.start()

    def stop(self) -> None:
        """Stop behind the paper that is being sealed now."""
        if self._job is not None:
            self._job.cancel()
            self._look()

    def _came(self, request_id: int, index: int, total: int, outcome: Any) -> None:
        if isinstance(outcome, UserError):
            self._not_sealed += 1
            self.failed.emit(request_id, in_language(outcome.sentence))
        else:
            self._sealed += 1
        if self._job is not None:
            self.progressed.emit(index + 1, total)

    def _look(self) -> None:
        """A run that was stopped, here or in the shell's progress display, calls nobody back."""
        if self._job is not None and not self._job.running:
            self._end(stopped=True)

    def _end(self, *, stopped: bool) -> None:
        if self._job is None:
            return
        self._job = None
        self._timer.stop()
        self.ended.emit(self._sealed, self._not_sealed, stopped)
