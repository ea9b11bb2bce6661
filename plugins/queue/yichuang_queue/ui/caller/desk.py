"""What the caller window knows and does: the desk's view, asked one at a time, and acts, one at a time, each press with a key.

Readers run beside one another, so two questions may be answered in the wrong order, and an answer may be older than the
act that has just ended. Here a question waits for the one before it, and an act ends when an answer has come that was
asked for after it: the window never shows a state that is over.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from yichuang.api import UserError
from yichuang.api.ui import PageContext

UNSURE = frozenset({"DATABASE_AWAY", "DATABASE_BUSY"})
"""After these nobody knows whether the act was done: the same press is tried again with the same key."""


class DeskFeed(QObject):
    """The view `queue.caller` of one desk.

    Signals:
        came: (view, how many questions had been asked with it).
        failed: UserError.
    """

    came = pyqtSignal(object, int)
    failed = pyqtSignal(object)

    def __init__(self, context: PageContext, desk: str) -> None:
        super().__init__(context)
        self._context = context
        self.desk = desk
        self._asking = False
        self._again = False
        self._number = 0

    def ask(self) -> int:
        """Ask for the view as it is now; returns the number of the answer that will show it."""
        if self._asking:
            self._again = True
            return self._number + 1
        self._asking, self._again = True, False
        self._number += 1
        desk = self.desk
        request = {"desk": desk}
        self._context.query("queue.caller", request, lambda view: self._take(view, desk), self._fail)
        return self._number

    def _take(self, view: Any, desk: str) -> None:
        self._asking = False
        if desk == self.desk:  # the person may sit elsewhere by now
            self.came.emit(view, self._number)
        if self._again:
            self.ask()

    def _fail(self, error: UserError) -> None:
        self._asking = False
        self.failed.emit(error)
        if self._again:
            self.ask()


class DeskActs(QObject):
    """Operations of the desk, one at a time.

    Attributes:
        busy: An act is under way, or its effect has not been seen yet; presses are not heard.

    Signals:
        busy_changed: Whether an act is under way.
        refused: UserError of an act that nobody else shows.
    """

    busy_changed = pyqtSignal(bool)
    refused = pyqtSignal(object)

    def __init__(self, context: PageContext, feed: DeskFeed) -> None:
        super().__init__(context)
        self._context = context
        self._feed = feed
        self.busy = False
        self._seen_with = 0
        self._unsure: tuple[str, Mapping[str, Any], str] | None = None
        feed.came.connect(self._on_view)
        feed.failed.connect(self._on_no_view)

    def run(
        self,
        name: str,
        more: Mapping[str, Any] | None = None,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
        *,
        at_desk: bool = True,
    ) -> bool:
        """Do something at this desk; False when another act is still under way, and nothing was done.

        Args:
            name: Of the operation.
            more: Its request beside the desk.
            done: Called with the result.
            failed: Shows a refusal; by default `refused` tells it.
            at_desk: False where the operation does not ask for the desk.
        """
        if self.busy:
            return False
        request = {**({"desk": self._feed.desk} if at_desk else {}), **(more or {})}
        key = self._key(name, request)
        self._seen_with = 0
        self._set_busy(True)

        def finished(result: Any) -> None:
            self._unsure = None
            self._look()
            if done is not None:
                done(result)

        def refused(error: UserError) -> None:
            self._unsure = (name, request, key) if error.code in UNSURE else None
            self._look()
            (failed or self.refused.emit)(error)

        self._context.run(name, request, done=finished, failed=refused, key=key)
        return True

    def go_on(self, name: str, done: Callable[[Any], None] | None = None) -> None:
        """Do something right after an act, without waiting until its effect was seen; for its `done`."""
        self.busy = False
        self.run(name, done=done)

    def _key(self, name: str, request: Mapping[str, Any]) -> str:
        if self._unsure is not None and self._unsure[:2] == (name, request):
            return self._unsure[2]
        return uuid.uuid4().hex

    def _look(self) -> None:
        self._seen_with = self._feed.ask()

    def _on_view(self, _view: Any, number: int) -> None:
        if self.busy and 0 < self._seen_with <= number:
            self._end()

    def _on_no_view(self, _error: UserError) -> None:
        if self._seen_with:
            self._end()

    def _end(self) -> None:
        self._seen_with = 0
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)
