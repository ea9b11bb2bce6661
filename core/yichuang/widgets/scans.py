"""Hears a bar code gun, which types like a keyboard: a scanned case number goes to the page and never into a text field."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QWidget

from yichuang.devices.wedge import LONGEST_GAP, KeyboardWedge, case_in

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LIKE_A_CASE = re.compile(r"[0-9]{19}")


class Scans(QObject):
    """Listens while a page is shown, at the widget that has the keyboard.

    Keys are held back for some milliseconds; what a person typed, and a scan of anything else, goes on to the field.

    Args:
        owner: The page; this lives as long as it.

    Signals:
        scanned: The case number of a scan (a paper's bar code, or its QR code: see `case_in`).
        misread: 19 digits whose check digit is wrong.
    """

    scanned = pyqtSignal(str)
    misread = pyqtSignal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._wedge = KeyboardWedge()
        self._held: deque[QKeyEvent] = deque()
        self._ear: QWidget | None = None
        self._replaying = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(LONGEST_GAP * 1000) + 10)
        self._timer.timeout.connect(self._let_go)
        owner.installEventFilter(self)
        if owner.isVisible():
            self._begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._owner and kind == QEvent.Type.Show:
            self._begin()
        elif watched is self._owner and kind == QEvent.Type.Hide:
            self._end()
        if kind == QEvent.Type.KeyPress and watched is self._ear and not self._replaying:
            assert isinstance(event, QKeyEvent)
            return self._key(event)
        return False

    # ---- where the keyboard is ----

    def _begin(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._end()
        app.focusChanged.connect(self._focus_changed)
        self._listen_at(app.focusWidget())

    def _end(self) -> None:
        app = QApplication.instance()
        if self._ear is not None and isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_changed)
        self._let_go()
        self._listen_at(None, anywhere=False)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        self._let_go()
        self._listen_at(now)

    def _listen_at(self, widget: QWidget | None, *, anywhere: bool = True) -> None:
        """At the focused widget of the page's own window; where nothing is focused, at the window."""
        window = self._owner.window()
        if widget is not None and widget.window() is not window:
            widget = window
        ear = (widget or window) if anywhere else None
        if ear is self._ear:
            return
        if self._ear is not None and self._ear is not self._owner and not sip.isdeleted(self._ear):
            self._ear.removeEventFilter(self)
        self._ear = ear
        if ear is not None and ear is not self._owner:
            ear.installEventFilter(self)

    # ---- keys ----

    def _key(self, event: QKeyEvent) -> bool:
        """Whether the key is held back."""
        text = event.text()
        enter = event.key() in ENTER
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if not plain or not (enter or (len(text) == 1 and text.isprintable())):
            self._let_go()
            return False
        if enter and not self._held:
            return False
        at = event.timestamp() / 1000 if event.timestamp() else time.monotonic()
        self._held.append(event.clone())
        verdict = self._wedge.feed("\r" if enter else text, at)
        tell = self._for_page(verdict.scan) if verdict.scan is not None else None
        if tell is not None:
            self._replay(len(verdict.release))
            self._held.clear()
            self._timer.stop()
            tell()
            return True
        self._replay(len(self._held) if verdict.scan is not None else len(verdict.release))
        if self._held:
            self._timer.start()
        return True

    def _for_page(self, scan: str) -> Callable[[], None] | None:
        """What to tell the page; None for anything else, which belongs into the field."""
        number = case_in(scan)
        if number:
            return lambda: self.scanned.emit(number)
        return (lambda: self.misread.emit(scan)) if _LIKE_A_CASE.fullmatch(scan) else None

    def _let_go(self) -> None:
        """Nothing came for a while: a person typed it."""
        self._timer.stop()
        self._wedge.flush(float("inf"))
        self._replay(len(self._held))

    def _replay(self, count: int) -> None:
        target = None if self._ear is None or sip.isdeleted(self._ear) else self._ear
        self._replaying = True
        try:
            for _ in range(count):
                event = self._held.popleft()
                if target is not None:
                    QApplication.sendEvent(target, event)
        finally:
            self._replaying = False
