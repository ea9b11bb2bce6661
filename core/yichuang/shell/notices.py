"""Notices: the book behind the bell, the panel that shows it, and toasts for what passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PyQt6.QtCore import QEvent, QObject, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.shell.clock import hall_time
from yichuang.shell.preferences import Preferences
from yichuang.shell.services import Notice
from yichuang.widgets import icons, paint
from yichuang.widgets.shadow import drop_shadow

_ = words.text

KEPT = 50
PANEL_WIDTH = 340
ROW_HEIGHT = 47
TOAST_KINDS = {"info": "info", "success": "done", "warning": "warn", "error": "error"}
ICON_TONES = {"info": "acct", "success": "grn", "warning": "amb", "error": "red"}


class NoticeBook(QObject):
    """The last notices of one person, newest first, kept on this machine.

    Signals:
        changed: A notice came or was read.
    """

    changed = pyqtSignal()

    def __init__(self, preferences: Preferences, account: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._account = account
        stored = preferences.load_view(account, "notices", [])
        self.items = [notice for notice in map(_read, stored) if notice is not None]
        self.unread = min(int(preferences.load_view(account, "notices-unread", 0)), len(self.items))

    def add(self, notice: Notice) -> None:
        """Put a notice on top."""
        self.items = [notice, *self.items][:KEPT]
        self.unread = min(self.unread + 1, len(self.items))
        self._keep()

    def read_all(self) -> None:
        """The person has looked."""
        if self.unread:
            self.unread = 0
            self._keep()

    def _keep(self) -> None:
        self._preferences.save_view(self._account, "notices", [_written(n) for n in self.items])
        self._preferences.save_view(self._account, "notices-unread", self.unread)
        self.changed.emit()


def _written(notice: Notice) -> dict[str, Any]:
    return {
        "title": notice.title,
        "detail": notice.detail,
        "icon": notice.icon,
        "kind": notice.kind,
        "page": notice.page,
        "args": dict(notice.args),
        "at": notice.at.isoformat(),
    }


def _read(stored: Any) -> Notice | None:
    try:
        return Notice(**{**stored, "at": datetime.fromisoformat(stored["at"])})
    except (KeyError, TypeError, ValueError):
        return None  # written by another version; a notice is worth no error


class NoticeRow(QAbstractButton):
    """One notice: sign, title and time, second line."""

    def __init__(self, notice: Notice, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._time = when(notice.at, now)
        self.setFixedHeight(ROW_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{notice.title} {notice.detail} {self._time}".strip())
        self.setToolTip("\n".join(part for part in (notice.title, notice.detail) if part))
        if notice.page:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Wide as the panel, two lines high."""
        return QSize(200, ROW_HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the notice."""
        painter = QPainter(self)
        icons.paint_icon(
            painter, QRectF(0, 4, 16, 16), self._notice.icon, ICON_TONES.get(self._notice.kind, "t2")
        )
        width = paint.text_width(self._time, 11)
        paint.text(painter, QRectF(24, 2, self.width() - 24 - width - 10, 20), self._notice.title)
        paint.text(painter, QRectF(self.width() - width - 1, 2, width + 1, 20), self._time, px=11, ink="t3")
        paint.text(painter, QRectF(24, 21, self.width() - 24, 20), self._notice.detail, px=12, ink="t3")


def when(at: datetime, now: datetime) -> str:
    """The hall's time of a notice: the hour today, the day before that."""
    local, today = hall_time(at), hall_time(now)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return _("{month}/{day}", month=local.month, day=local.day)


class NoticePanel(QFrame):
    """The list below the bell; goes away at Esc or a press beside it.

    Signals:
        chosen: Notice that was pressed.
    """

    chosen = pyqtSignal(object)

    def __init__(self, book: NoticeBook, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._book = book
        self._now = now
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 10)
        self._column.setSpacing(2)
        drop_shadow(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Notifications"))
        self.hide()

    def open_at(self, right: int, top: int) -> None:
        """Show the notices with the panel's top right corner there, and count them as read."""
        self._fill()
        self.setFixedWidth(PANEL_WIDTH)
        self.adjustSize()
        self.move(right - PANEL_WIDTH, top)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._book.read_all()

    def _fill(self) -> None:
        from yichuang.widgets import Text, clear_layout

        clear_layout(self._column)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 6)
        row.addWidget(Text(_("Notifications"), 14, "t1", strong=True))
        row.addStretch(1)
        self._column.addWidget(head)
        if not self._book.items:
            self._column.addWidget(Text(_("Nothing new."), 13, "t3"))
        for notice in self._book.items[:12]:
            line = NoticeRow(notice, self._now())
            line.clicked.connect(lambda _checked=False, notice=notice: self._choose(notice))
            self._column.addWidget(line)

    def _choose(self, notice: Notice) -> None:
        self.hide()
        self.chosen.emit(notice)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Esc closes."""
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QEvent | None) -> None:
        """Somebody went elsewhere."""
        self.hide()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A press on the panel itself is not one beside it."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the ground."""
        paint.box(QPainter(self), QRectF(self.rect()), 8, "surface", "line2")


def show_toast(window: QWidget, text: str, kind: str, undo: Callable[[], None] | None = None) -> None:
    """A toast at the bottom right; with an undo it stays ten seconds."""
    from yichuang.widgets import Toast

    Toast.show_in(window, text, kind=TOAST_KINDS.get(kind, "info"), undo=undo, seconds=10.0 if undo else 6.0)


def show_error(window: QWidget, error: UserError) -> None:
    """What failed, what is safe, what to do, in one toast."""
    parts = (str(error.sentence), str(error.safe), str(error.do))
    show_toast(window, " ".join(part for part in parts if part), "error")
