"""Text on the page in one of the sizes of the type scale, with the line heights of the design."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from yichuang.widgets import paint, style, theme

LINE_HEIGHTS = {11: 16, 12: 18, 13: 20, 14: 22, 16: 24, 18: 26, 20: 28, 22: 28}


def line_height(px: int) -> int:
    """The line height that belongs to a size of the type scale."""
    return LINE_HEIGHTS.get(px, round(px * 1.4))


class Text(QLabel):
    """A label: size in px, colour token, weight.

    Args:
        text: Plain text; markup is shown as it is written.
        px: 11, 12, 13, 14, 16, 18 or 20.
        color: Token; t1 primary, t2 secondary, t3 caption, acct, red, amb, grn, on.
        strong: Medium weight.
        mono: For digests and serials.
        wrap: Break lines; else one line.
        selectable: The user may mark and copy it.
        elide: Shorten at the end when there is no room; the whole text is then the tooltip.
    """

    def __init__(
        self,
        text: str = "",
        px: int = 13,
        color: str = "t1",
        *,
        strong: bool = False,
        mono: bool = False,
        wrap: bool = False,
        selectable: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._px, self._strong, self._mono, self._elide = px, strong, mono, elide
        self._color = color
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(px, strong=strong, mono=mono))
        self.setProperty("tone", color)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def color(self) -> str:
        """The colour token."""
        return self._color

    def set_color(self, token: str) -> None:
        """Another colour token."""
        if token != self._color:
            self._color = token
            self.setProperty("tone", token)
            style.repolish(self)

    def sizeHint(self) -> QSize:
        width = math.ceil(paint.text_width(self.text(), self._px, strong=self._strong, mono=self._mono))
        if not self.wordWrap():
            return QSize(width, line_height(self._px))
        width = min(width, 360)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            return QSize(min(self.sizeHint().width(), 3 * self._px), line_height(self._px))
        return QSize(24, line_height(self._px)) if self._elide else self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return line_height(self._px)
        return len(self._lines(width)) * line_height(self._px)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            super().paintEvent(event)
            return
        ink = self._color if self.isEnabled() else "tdis"
        painter = QPainter(self)
        align = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        kind = {"px": self._px, "ink": ink, "strong": self._strong, "mono": self._mono, "align": align}
        if not self.wordWrap():
            if self._elide:
                shown, _ = paint.fit(
                    self.text(), self.width(), self._px, strong=self._strong, mono=self._mono
                )
                self.setToolTip(self.text() if shown != self.text() else "")
            paint.text(painter, self.rect(), self.text(), **kind)
            return
        height = line_height(self._px)
        lines = self._lines(self.width())
        y = (
            0.0
            if self.alignment() & Qt.AlignmentFlag.AlignTop
            else (self.height() - len(lines) * height) // 2
        )
        for line in lines:
            paint.text(painter, QRectF(0, y, self.width() + 1, height), line, **kind)
            y += height

    def _lines(self, width: int) -> list[str]:
        """The text broken into lines; Chinese breaks between any characters, but not before a full stop."""
        text = self.text().replace("\n", "\u2028")
        if not text:
            return [""]
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, self._px))
            line.setPosition(QPointF(0, 0))
            lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip("\u2028 "))
        layout.endLayout()
        return lines
