"""What the applicant's screen is painted with: large buttons, level cards, chips, in the fixed colours of public screens."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.api.ui import paint_icon, theme

GROUND, SURFACE, LINE, TINT = "#F0F4F5", "#FFFFFF", "#CDD7DC", "#E1EEF1"
INK, INK2, TEAL, STAR, FOCUS, RED = "#17242D", "#475863", "#1C5A6C", "#B79A5B", "#2F8CA3", "#B3281E"
TARGET = 96
RADIUS = 12
CENTER = Qt.AlignmentFlag.AlignCenter


def write(
    painter: QPainter, rect: QRectF, text: str, px: int, ink: str = INK, *, strong: bool = False,
    align: Qt.AlignmentFlag = CENTER,
) -> None:  # fmt: skip
    """Text in a rectangle, broken into lines where it is too long."""
    painter.setFont(theme.font(px, strong=strong))
    painter.setPen(QColor(ink))
    painter.drawText(rect, align | Qt.TextFlag.TextWordWrap, text)


def frame(
    painter: QPainter, rect: QRectF, fill: str, border: str, *, width: float = 2, radius: float = RADIUS
) -> None:
    """A rounded box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width))
    painter.setBrush(QColor(fill))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


class PublicText(QWidget):
    """A line of text, 18 px at least, shortened where there is no room."""

    def __init__(
        self, text: str, px: int, ink: str = INK, *, strong: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    ) -> None:  # fmt: skip
        super().__init__()
        self._text, self._px, self._ink, self._strong, self._align = text, px, ink, strong, align
        self.setAccessibleName(text)
        self.setMinimumHeight(round(px * 1.4))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str, ink: str = "") -> None:
        """Say something else."""
        if (text, ink or self._ink) != (self._text, self._ink):
            self._text, self._ink = text, ink or self._ink
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(theme.font(self._px, strong=self._strong)).horizontalAdvance(self._text)
        return QSize(math.ceil(width) + 2, round(self._px * 1.4))

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetricsF(theme.font(self._px, strong=self._strong))
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        write(
            QPainter(self),
            QRectF(self.rect()),
            shown,
            self._px,
            self._ink,
            strong=self._strong,
            align=self._align,
        )


class PublicButton(QAbstractButton):
    """A button of 96 px; with the keyboard on it a ring shows."""

    def __init__(self, text: str, *, primary: bool = False) -> None:
        super().__init__()
        self._primary = primary
        self.setText(text)
        self.setAccessibleName(text)
        self.setMinimumHeight(TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        down = self.isDown()
        fill = ("#123D49" if down else TEAL) if self._primary else (TINT if down else SURFACE)
        frame(painter, QRectF(self.rect()), fill, TEAL if self._primary else LINE)
        write(painter, QRectF(self.rect()), self.text(), 22, SURFACE if self._primary else INK)
        paint_focus(self, painter)


class LevelCard(QAbstractButton):
    """One of the five levels: a face, its name, its stars."""

    def __init__(self, text: str, stars: int, face: str) -> None:
        super().__init__()
        self._stars, self._face = stars, face
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setMinimumSize(TARGET, 150)
        self.setMaximumHeight(236)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked() or self.isDown()
        frame(painter, rect, TINT if chosen else SURFACE, TEAL if chosen else LINE)
        side = max(28.0, min(96.0, rect.height() - 108))
        top = (rect.height() - side - 80) / 2
        paint_icon(painter, QRectF(rect.center().x() - side / 2, top, side, side), self._face, TEAL)
        write(painter, QRectF(4, top + side + 8, rect.width() - 8, 40), self.text(), 25)
        self._paint_stars(painter, QPointF(rect.center().x(), top + side + 66))
        paint_focus(self, painter)

    def _paint_stars(self, painter: QPainter, middle: QPointF) -> None:
        painter.setPen(QPen(QColor(STAR), 1.5))
        for at in range(5):
            painter.setBrush(QColor(STAR) if at < self._stars else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_star(middle + QPointF((at - 2) * 21, 0), 8.5))


class Chip(QAbstractButton):
    """An aspect that can be ticked."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__()
        self.code = code
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setMinimumSize(TARGET, TARGET)
        self.setMaximumHeight(TARGET)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(
            True
        )  # the levels must not move under the finger when the chips appear
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        frame(painter, rect, TINT if chosen else SURFACE, TEAL if chosen else LINE, radius=24)
        if chosen:
            paint_icon(painter, QRectF(rect.right() - 30, 10, 20, 20), "check", TEAL)
        write(painter, rect.adjusted(12, 0, -12, 0), self.text(), 20, TEAL if chosen else INK, strong=chosen)
        paint_focus(self, painter)


def paint_focus(button: QAbstractButton, painter: QPainter) -> None:
    """The ring inside a button that the keyboard is on."""
    if button.hasFocus() and button.window().property("byKeyboard"):
        painter.setOpacity(1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(FOCUS), 3))
        painter.drawRoundedRect(QRectF(button.rect()).adjusted(5, 5, -5, -5), RADIUS - 4, RADIUS - 4)


def _star(middle: QPointF, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        points.append(middle + QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    return QPolygonF(points)
