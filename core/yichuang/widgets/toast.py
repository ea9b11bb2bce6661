"""Toasts: short confirmations at the bottom right, with undo instead of a question beforehand."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets.buttons import Button
from yichuang.widgets.labels import Text
from yichuang.widgets.notes import IconMark
from yichuang.widgets.shadow import drop_shadow

_ = core.text
_MOST = 3
_WIDTH = 408
_MARGIN = 20
_KINDS = {
    "done": ("circle-check", "grnd"),
    "info": ("info", "acct"),
    "handoff": ("arrow-left-right", "acct"),
    "warn": ("triangle-alert", "ambd"),
    "error": ("circle-alert", "redd"),
}


class Toast(QFrame):
    """One confirmation. Use `Toast.show_in`; the class itself is for the component sheet.

    Signals:
        gone: The toast has left the screen.
    """

    gone = pyqtSignal()

    def __init__(
        self,
        text: str,
        kind: str = "done",
        undo: Callable[[], None] | None = None,
        action: tuple[str, Callable[[], None]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self.setMinimumHeight(42)
        self._undo = undo
        self._back: Button | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 8, 14, 8)
        row.setSpacing(12)
        icon, color = _KINDS.get(kind, _KINDS["info"])
        row.addWidget(IconMark(icon, color, 16))
        label = Text(text, 13, wrap=len(text) > 24)
        row.addWidget(label, 1)
        if undo is not None:
            self._back = Button(_("Undo"), "link", key="Ctrl+Z")
            self._back.clicked.connect(self._take_back)
            row.addWidget(self._back)
        if action is not None:
            words, act = action
            button = Button(words, "link")
            button.clicked.connect(lambda _checked: self._follow(act))
            row.addWidget(button)
        self.setAccessibleName(text)
        drop_shadow(self)

    @staticmethod
    def show_in(
        window: QWidget,
        text: str,
        kind: str = "done",
        undo: Callable[[], None] | None = None,
        action: tuple[str, Callable[[], None]] | None = None,
        seconds: float = 6.0,
    ) -> Toast:
        """Show a toast in the window that holds `window`; the oldest of more than three leaves.

        Args:
            window: Any widget of the window.
            text: What has been done, with its object.
            kind: done, info, handoff, warn or error.
            undo: Takes it back; shown as 撤回 Ctrl+Z, and the toast then stays 10 s.
            action: (text, function) of one link.
            seconds: How long it stays without the pointer on it.
        """
        stack = _Stack.of(window.window())
        toast = Toast(text, kind, undo, action, stack.parent())
        stack.add(toast, 10.0 if undo is not None and seconds == 6.0 else seconds)
        return toast

    def start(self, seconds: float) -> None:
        """Let it leave by itself after a while."""
        self._timer.start(int(seconds * 1000))

    def has_undo(self) -> bool:
        """Whether it can be taken back."""
        return self._undo is not None

    def release_key(self) -> None:
        """Leave Ctrl+Z to a newer toast."""
        if self._back is not None:
            self._back.set_key(None)

    def leave(self) -> None:
        """Take it from the screen."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def enterEvent(self, event: QEvent) -> None:
        if self._timer.isActive():
            self._timer.setProperty("rest", max(1500, self._timer.remainingTime()))
            self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        rest = self._timer.property("rest")
        if rest:
            self._timer.start(int(rest))

    def _follow(self, act: Callable[[], None]) -> None:
        self.leave()
        act()

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.leave()
        if undo is not None:
            undo()


class _Stack(QObject):
    """The toasts of one window, the newest at the bottom."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    @classmethod
    def of(cls, window: QWidget) -> _Stack:
        found = window.findChildren(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found[0] if found else cls(window)

    def add(self, toast: Toast, seconds: float) -> None:
        while len(self._toasts) >= _MOST:
            self._toasts[0].leave()
        if toast.has_undo():
            for older in self._toasts:
                older.release_key()
        self._toasts.append(toast)
        toast.gone.connect(lambda: self._forget(toast))
        toast.setFixedWidth(_WIDTH)
        toast.show()
        self._arrange()
        toast.start(seconds)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _forget(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
        self._arrange()

    def _arrange(self) -> None:
        window = self.parent()
        if not isinstance(window, QWidget):
            return
        bottom = window.height() - _MARGIN - 28  # above the status bar
        for toast in reversed(self._toasts):
            toast.adjustSize()
            toast.move(window.width() - toast.width() - _MARGIN, bottom - toast.height())
            toast.raise_()
            bottom -= toast.height() + 8
