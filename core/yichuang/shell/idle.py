"""Locks the screen after minutes without a key or mouse."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QTimer

WAKING = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleLock(QObject):
    """Calls the lock; watches the application's events only while it is armed, at one comparison an event."""

    def __init__(self, lock: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lock)
        self._app: QObject | None = None

    @property
    def armed(self) -> bool:
        """Whether it watches."""
        return self._app is not None

    def arm(self, app: QObject, minutes: float) -> None:
        """Begin to watch; 0 minutes means never lock."""
        self.disarm()
        if minutes <= 0:
            return
        self._timer.setInterval(int(minutes * 60_000))
        self._timer.start()
        self._app = app
        app.installEventFilter(self)

    def disarm(self) -> None:
        """Stop watching."""
        self._timer.stop()
        if self._app is not None:
            self._app.removeEventFilter(self)
            self._app = None

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """A sign of life puts the lock off."""
        if event is not None and event.type() in WAKING:
            self._timer.start()
        return False
