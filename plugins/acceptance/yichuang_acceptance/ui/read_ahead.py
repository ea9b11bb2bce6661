"""The case beside the one in front, read while that one is looked at, so that the key for the next shows it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, QTimer

from yichuang.api.ui import PageContext

AFTER_MS = 20
"""The case in front is painted first."""
KEPT_SECONDS = 120.0
BESIDE = frozenset({"paper", "matter", "item", "hall", "setting"})
"""Changes of what a case is shown with; those of other cases do not matter."""
Key = tuple[int, int | None]
"""A case, and the task that shall be in front."""


class ReadAhead(QObject):
    """One case that is probably wanted next.

    It was read with the reader's permissions and is asked for again when it is shown; what anybody has changed since makes it
    worthless.

    Args:
        context: Of the page.
        came: Called with a case that was read, so that its pages can be read too.
    """

    def __init__(self, context: PageContext, came: Callable[[Any], None]) -> None:
        super().__init__(context)
        self._context, self._came = context, came
        self._wanted: Key | None = None
        self._read: tuple[Key, float, Any] | None = None
        self._job: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._ask)
        context.changes.connect(self._changed)
        context.hidden.connect(self.forget)

    def want(self, key: Key | None) -> None:
        """Read this one when there is time for it."""
        self._stop()
        if key is not None and (self._read is None or self._read[0] != key):
            self._wanted = key
            self._timer.start()

    def take(self, key: Key) -> Any:
        """What was read ahead, once; None where it was not, or is no longer good."""
        read, self._read = self._read, None
        self._stop()
        return read[2] if read is not None and read[0] == key and time.monotonic() < read[1] else None

    def forget(self) -> None:
        """Something has changed."""
        self._stop()
        self._read = None

    def _changed(self, changes: frozenset[tuple[str, str]]) -> None:
        number = self._read[2].case.row.case_no if self._read is not None else ""
        if any(topic in BESIDE or (topic == "case" and key == number) for topic, key in changes):
            self.forget()

    def _stop(self) -> None:
        self._wanted = None
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _ask(self) -> None:
        key = self._wanted
        if key is None or not self._context.visible:
            return

        def came(found: Any) -> None:
            self._job = None
            if self._wanted == key:
                self._read = (key, time.monotonic() + KEPT_SECONDS, found)
                self._came(found)

        request = {"case_id": key[0], "task_id": key[1]}
        self._job = self._context.query(
            "acceptance.desk_case", request, done=came, failed=lambda _error: None
        )
