"""Work of a page that is no operation, such as reading a file: done on a thread, its result handed back to the page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import QObject, pyqtSignal

_under_way: set[_Work] = set()


def in_background(
    owner: QObject,
    work: Callable[[], Any],
    done: Callable[[Any], None],
    failed: Callable[[OSError], None] | None = None,
) -> None:
    """Run `work()` on a thread; `done(result)` follows on this one, or `failed(error)` where a file cannot be read.

    Nothing follows once `owner` is gone. Any other exception of `work` is a fault of the program and raised here.
    """
    _Work(owner, work, done, failed).start()


class _Work(QObject):
    """One piece of work. It has no parent and is kept in `_under_way`, so no thread ever touches a deleted object."""

    ended = pyqtSignal()

    def __init__(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[OSError], None] | None,
    ) -> None:
        super().__init__()
        self._owner, self._work, self._done, self._failed = owner, work, done, failed
        self._value: Any = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._attempt, name="acceptance-page", daemon=True)
        self.ended.connect(self._deliver)  # emitted on the thread, so Qt queues it to this one

    def start(self) -> None:
        """Begin."""
        _under_way.add(self)
        self._thread.start()

    def _attempt(self) -> None:
        try:
            self._value = self._work()
        except Exception as error:  # noqa: BLE001 - raised again on the UI thread, where faults are reported
            self._error = error
        self.ended.emit()

    def _deliver(self) -> None:
        self._thread.join()
        _under_way.discard(self)
        if sip.isdeleted(self._owner):
            return
        if isinstance(self._error, OSError) and self._failed is not None:
            self._failed(self._error)
        elif self._error is not None:
            raise self._error
        else:
            self._done(self._value)
