"""The painted parts of the caller window: act tiles, the ticket with its tags and bar, the bar that takes a pass back."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api.ui import (
    Button,
    IconMark,
    KeyboardRing,
    TagSpec,
    Text,
    paint,
    paint_icon,
    paint_tags,
    theme,
)
from yichuang_queue.words import words

_ = words.text


class ActTile(KeyboardRing, QAbstractButton):
    """A button of 52 px with its icon above its text and key."""

    def __init__(self, text: str, icon: str, key: str) -> None:
        super().__init__()
        self._icon, self._key, self._tip = icon, key, ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(52)

    def set_reason(self, reason: str) -> None:
        """Disable it and say why in its tooltip; an empty reason enables it."""
        self.setEnabled(not reason)
        self.setToolTip(reason or self._tip)
        self.setAccessibleDescription(reason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        enabled = self.isEnabled()
        fill = "sunken" if self.isDown() else "hover" if self.underMouse() else "surface"
        paint.box(painter, rect, 6, fill if enabled else "subtle", "line2" if enabled else "line")
        ink = "t2" if enabled else "tdis"
        paint_icon(painter, QRectF(rect.center().x() - 9, 9, 18, 18), self._icon, ink)
        caption = f"{self.text()} {self._key}"
        paint.text(painter, rect.adjusted(2, 27, -2, -5), caption, px=12, ink=ink, align=paint.CENTER)


class TagRow(QWidget):
    """At most three tags in a line of 20 px; with none it takes its room all the same, so that nothing jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[TagSpec] = []
        self.setFixedHeight(20)

    def set_tags(self, tags: Sequence[TagSpec]) -> None:
        """Show other tags."""
        if list(tags) != self.tags:
            self.tags = list(tags)
            self.setAccessibleName(" ".join(tag.text for tag in self.tags))
            self.setToolTip("\n".join(tag.text for tag in self.tags))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_tags(QPainter(self), QRectF(self.rect()), list(self.tags))


class ElapsedBar(QWidget):
    """How much of the mean time has gone: teal, amber above it, never red."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(4)

    def set_share(self, share: float) -> None:
        """Elapsed divided by the mean; 0 shows the track only."""
        if share != self._share:
            self._share = share
            self.update()

    def over(self) -> bool:
        """Whether it is amber."""
        return self._share > 1

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = "ambd" if self.over() else "c1"
        paint.bar(QPainter(self), QRectF(self.rect()), self._share, ink)


class TicketBlock(QWidget):
    """The number in 52 px; beside it the business, the person, and what follows on the same ticket."""

    def __init__(self) -> None:
        super().__init__()
        self.number = Text("—", 52, "acct", strong=True)
        self.business = Text("", 14, strong=True, elide=True)
        self.person = Text("", 12, "t2", elide=True)
        self.follows = Text("", 12, "t3", elide=True)
        self.tags = TagRow()
        self.bar = ElapsedBar()
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch(1)
        for part in (self.business, self.person, self.follows):
            lines.addWidget(part)
        lines.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(13)
        top.addWidget(self.number)
        top.addLayout(lines, 1)
        self.number.setFixedHeight(62)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.tags)
        column.addWidget(self.bar)

    def set_texts(self, number: str, business: str, person: str, follows: str) -> None:
        """Show another ticket."""
        self.number.setText(number)
        for text, words_ in ((self.business, business), (self.person, person), (self.follows, follows)):
            text.setText(words_)
            text.setVisible(bool(words_))


class Say(QFrame):
    """One sentence in the window: a refusal (red), a remark (amber), or what was done and can be taken back (teal).

    Signals:
        undo_pressed: Take it back.
    """

    undo_pressed = pyqtSignal()
    _INKS = {"red": ("red", "circle-alert"), "amber": ("amb", "info"), "teal": ("acct", "circle-check")}  # noqa: RUF012 - never changed

    def __init__(self) -> None:
        super().__init__()
        self.text = Text("", 12, wrap=True)
        self.undo = Button(_("Undo"), kind="link", key="Ctrl+Z", size="compact")
        self.undo.clicked.connect(lambda _checked=False: self.undo_pressed.emit())
        self._icon = IconMark("info", px=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def show_text(self, text: str, tone: str, *, undo: bool = False) -> None:
        """Show a sentence; an empty one takes it away."""
        if self.property("note") != tone:
            self.setProperty("note", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        ink, icon = self._INKS[tone]
        self._icon.set_icon(icon, ink)
        self.text.setText(text)
        self.text.set_color(ink)
        self.undo.setVisible(undo)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


class Edge(QWidget):
    """A part of the window with the application's ground and a hairline at one side: title bar and foot."""

    def __init__(self, height: int, *, line_at_top: bool) -> None:
        super().__init__()
        self._top = line_at_top
        self.setFixedHeight(height)
        self.row = QHBoxLayout(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("subtle" if self._top else "app"))
        paint.hairline(painter, 0, 0 if self._top else self.height() - 1, self.width(), ink="line")


class Logo(QWidget):
    """The suite's mark, 18 px."""

    def sizeHint(self) -> QSize:
        return QSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = QRectF(0, self.height() / 2 - 8, 16, 16)
        paint.box(painter, side, 3, "acc")
        paint_icon(painter, side.adjusted(2, 2, -2, -2), "grid-2x2", "on")
