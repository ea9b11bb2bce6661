"""Editors: one-line text, search, password, date, several lines, choice from a list.

All of them answer `value()`, take `set_value()`, and can be marked as wrong or as filled in from a source.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QWheelEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from yichuang.hall.words import core
from yichuang.widgets import paint, style
from yichuang.widgets.buttons import IconButton
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.keys import keycap_width, paint_keycap
from yichuang.widgets.menus import round_popup

_ = core.text


class Editor:
    """Mix-in of every editor: how it shows that its content is wrong, or where it came from."""

    def set_error(self, wrong: bool) -> None:
        """Red border while the content is wrong."""
        self._mark("bad", wrong)

    def set_prefilled(self, prefilled: bool) -> None:
        """Subtle fill: the content came from a card, licence or register."""
        self._mark("prefilled", prefilled)

    def _mark(self, name: str, on: bool) -> None:
        if bool(self.property(name)) != on:  # type: ignore[attr-defined]  # mixed into a QWidget
            self.setProperty(name, on)  # type: ignore[attr-defined]  # mixed into a QWidget
            style.repolish(self)


class LineEdit(Editor, QLineEdit):
    """One line of text, 32 high."""

    def __init__(self, placeholder: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(placeholder)

    def value(self) -> str:
        """The text without blanks at its ends."""
        return self.text().strip()

    def set_value(self, value: object) -> None:
        """Show a value; None is empty."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def sizeHint(self) -> QSize:
        return QSize(160, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 32)


class PasswordEdit(LineEdit):
    """A password or PIN: shown as dots, never in the clipboard."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, "", parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )

    def value(self) -> str:
        """The secret as it was typed, blanks included."""
        return self.text()


class DateEdit(LineEdit):
    """A day typed as 2026-11-22, 20261122, 2026.11.22 or 11-22 (this year); up and down move by a day."""

    def __init__(
        self, day: date | None = None, *, today: date | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Year-month-day"), "", parent)
        self._today = today
        self.set_value(day)
        self.editingFinished.connect(self._tidy)

    def value(self) -> date | None:
        """The day, None while the text is empty or no day (see `is_bad`)."""
        return parse_day(self.text(), self._today or datetime.now().astimezone().date())

    def set_value(self, value: object) -> None:
        """Show a day; None is empty."""
        self.setText(value.isoformat() if isinstance(value, date) else str(value or ""))

    def is_bad(self) -> bool:
        """Whether there is a text that is not a day."""
        return bool(self.text().strip()) and self.value() is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        day = self.value()
        if step is None or day is None:
            super().keyPressEvent(event)
            return
        self.set_value(day + timedelta(days=step))
        self.textEdited.emit(self.text())

    def _tidy(self) -> None:
        day = self.value()
        if day is not None:
            self.set_value(day)


def parse_day(text: str, today: date) -> date | None:
    """The day that a person meant, None if it is none."""
    digits = [part for part in "".join(c if c.isdigit() else " " for c in text).split() if part]
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    if len(digits) == 2:
        digits = [str(today.year), *digits]
    if len(digits) != 3 or len(digits[0]) != 4:
        return None
    try:
        return date(*map(int, digits))
    except ValueError:
        return None


class SearchBox(LineEdit):
    """A search line with lens, clear cross and the key that jumps to it.

    Signals:
        searched: The text, 120 ms after the last key, at once on Enter or when it is cleared.
    """

    searched = pyqtSignal(str)

    def __init__(
        self,
        placeholder: str = "",
        key: str | None = None,
        *,
        binds: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(placeholder, "", parent)
        self._key = key
        self.setAccessibleName(placeholder or _("Search"))
        self._clear = IconButton("x", _("Clear search"), size="compact", color="t3", parent=self)
        self._clear.setFixedSize(20, 20)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        self._clear.clicked.connect(self.clear)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(120)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._changed)
        self.returnPressed.connect(self._tell)
        self.setTextMargins(23, 0, self._right_room(), 0)
        if key and binds:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self._jump_here)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        paint_icon(painter, QRectF(10, middle - 8, 16, 16), "search", "t3")
        if self._key and not self.text():
            width = keycap_width(self._key)
            paint_keycap(painter, self.width() - 10 - width, middle, self._key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._clear.move(self.width() - 28, (self.height() - 20) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def _jump_here(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def _right_room(self) -> int:
        return max(22, math.ceil(keycap_width(self._key)) + 6 if self._key else 0)

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._pause.start()
        if not text:
            self._tell()

    def _tell(self) -> None:
        self._pause.stop()
        self.searched.emit(self.value())


class TextArea(Editor, QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    def __init__(self, placeholder: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(4)

    def value(self) -> str:
        """The text without blanks at its ends."""
        return self.toPlainText().strip()

    def set_value(self, value: object) -> None:
        """Show a value; None is empty."""
        self.setPlainText("" if value is None else str(value))

    def sizeHint(self) -> QSize:
        return QSize(240, 20 * self._lines + 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 20 + 18)


class _PopupList(QListView):
    """The list that drops down. Qt takes the frame of its view and of its window away, so this paints one."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint.box(painter, QRectF(self.viewport().rect()), 8, "surface", "line2")
        painter.end()
        super().paintEvent(event)


class ComboBox(Editor, QComboBox):
    """A choice from a list.

    Args:
        items: Texts, or (value, text).

    Signals:
        changed: The value chosen by the user.
    """

    changed = pyqtSignal(object)

    def __init__(self, items: Sequence[str | tuple[object, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setView(_PopupList(self))  # the native pop-up list ignores the style sheet
        round_popup(self.view().window())
        self.setMaxVisibleItems(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._icon: str | None = None
        self.set_items(items)
        self.activated.connect(lambda _row: self.changed.emit(self.value()))

    def set_items(self, items: Sequence[str | tuple[object, str]]) -> None:
        """Other choices; the first is shown."""
        self.clear()
        for item in items:
            value, text = item if isinstance(item, tuple) else (item, item)
            self.addItem(text, value)

    def set_icon(self, name: str | None) -> None:
        """A Lucide icon before the text."""
        self._icon = name
        self.update()

    def value(self) -> object:
        """The value of the choice, None when nothing is chosen."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Show the choice of that value without telling `changed`; an unknown value shows none."""
        self.setCurrentIndex(self.findData(value))

    def sizeHint(self) -> QSize:
        longest = max((paint.text_width(self.itemText(row)) for row in range(self.count())), default=0)
        return QSize(max(96, math.ceil(longest) + 46), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(72, 32)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a form must not change what the pointer happens to pass over.
        if self.hasFocus() and self.view().isVisible():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ""
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
        ink = "t1" if self.isEnabled() else "tdis"
        left = 11.0
        if self._icon:
            paint_icon(painter, QRectF(left, self.height() / 2 - 8, 16, 16), self._icon, "t2")
            left += 24
        room = QRectF(left, 0, self.width() - left - 32, self.height())
        shown = self.currentText() or self.placeholderText()
        paint.text(painter, room, shown, ink=ink if self.currentText() else "t3")
        paint_icon(painter, QRectF(self.width() - 26, self.height() / 2 - 8, 16, 16), "chevron-down", "t2")
