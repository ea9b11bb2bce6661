"""What screens for citizens are painted with: fixed colours, large targets, a ring only for the keyboard.

A public screen looks the same whatever theme the desk behind it has. Its window says with the property `byKeyboard`
whether a key was pressed last, so that a finger leaves no ring, and with `mongolian` whether Mongolian stands beside
the Chinese.
"""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from yichuang.widgets import theme
from yichuang.widgets.icons import paint_icon

GROUND, SURFACE, LINE, TINT = "#F0F4F5", "#FFFFFF", "#CDD7DC", "#E1EEF1"
INK, INK2, TEAL, TEAL_DOWN, RED = "#17242D", "#475863", "#1C5A6C", "#123D49", "#B3281E"
STAR, FOCUS = "#B79A5B", "#2F8CA3"
RADIUS = 10
TARGET = 64
"""Height of what fingers press, in pixels."""
CENTER = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def write(
    painter: QPainter, rect: QRectF, text: str, px: int, ink: str = INK, *, strong: bool = False,
    align: Qt.AlignmentFlag = CENTER,
) -> None:  # fmt: skip
    """Text in a rectangle, broken into lines where it is too long."""
    painter.setFont(theme.font(px, strong=strong))
    painter.setPen(QColor(ink))
    painter.drawText(rect, align | Qt.TextFlag.TextWordWrap, text)


def speaks_mongolian(part: QWidget) -> bool:
    """Whether the screen that a part stands on shows Mongolian beside the Chinese."""
    at: QWidget | None = part
    while at is not None:
        if isinstance(chosen := at.property("mongolian"), bool):
            return chosen
        at = at.parentWidget()
    return False


def write_mongolian(
    painter: QPainter, rect: QRectF, text: str, px: int, ink: str = INK, align: Qt.AlignmentFlag = CENTER
) -> None:
    """One line of Mongolian, above the Chinese as on the head of papers (内政办发〔1996〕32号); what is too long is shrunk."""
    wide = QFontMetricsF(theme.mongolian_font(px)).horizontalAdvance(text)
    painter.setFont(
        theme.mongolian_font(px if wide <= rect.width() else max(9, int(px * rect.width() / wide)))
    )
    painter.setPen(QColor(ink))
    painter.drawText(rect, align | Qt.TextFlag.TextDontClip, text)


def text_width(text: str, px: int, *, strong: bool = False) -> int:
    """Pixels that a text needs on one line."""
    return math.ceil(QFontMetricsF(theme.font(px, strong=strong)).horizontalAdvance(text))


def text_height(text: str, px: int, width: int, *, strong: bool = False) -> int:
    """Pixels that a text needs in a width."""
    metrics = QFontMetricsF(theme.font(px, strong=strong))
    box = QRectF(0, 0, max(1, width), 10_000)
    return math.ceil(metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), text).height())


def frame(
    painter: QPainter, rect: QRectF, fill: str, border: str, *, width: float = 2, radius: float = RADIUS
) -> None:
    """A rounded box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width))
    painter.setBrush(QColor(fill))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


def paint_focus(button: QAbstractButton, painter: QPainter) -> None:
    """The ring inside a button that the keyboard is on."""
    if button.hasFocus() and button.window().property("byKeyboard"):
        painter.setOpacity(1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(FOCUS), 3))
        painter.drawRoundedRect(QRectF(button.rect()).adjusted(5, 5, -5, -5), RADIUS - 4, RADIUS - 4)


class PublicButton(QAbstractButton):
    """A button for fingers.

    Args:
        text: What it says.
        primary: Whether it is the one to press.
        icon: Before the text, if any.
        mn: The text in Mongolian, if there is one.
        px: Size of the text.
        height: Its height in pixels.
    """

    def __init__(
        self, text: str, *, primary: bool = False, icon: str = "", mn: str = "", px: int = 22, height: int = TARGET
    ) -> None:  # fmt: skip
        super().__init__()
        self._primary, self._icon, self._px, self.mn = primary, icon, px, mn
        self.setText(text)
        self.setAccessibleName(text)
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), self._px) + (84 if self._icon else 56), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        down, area = self.isDown() or self.isChecked(), QRectF(self.rect())
        fill = (TEAL_DOWN if down else TEAL) if self._primary else (TINT if down else SURFACE)
        frame(painter, area, fill, TEAL if self._primary else LINE)
        ink = SURFACE if self._primary else INK
        if self._icon:
            paint_icon(painter, QRectF(20, area.center().y() - 11, 22, 22), self._icon, ink)
            area = area.adjusted(36, 0, 0, 0)
        if self.mn and speaks_mongolian(self):
            half = area.height() / 2
            write_mongolian(painter, area.adjusted(8, 4, -8, -half), self.mn, round(self._px * 0.8), ink)
            write(painter, area.adjusted(0, half - 4, 0, -3), self.text(), self._px - 3, ink)
        else:
            write(painter, area, self.text(), self._px, ink)
        paint_focus(self, painter)


class LevelCard(QAbstractButton):
    """One of the five levels of a rating: a face, its name, its stars; `mn` is the name in Mongolian."""

    def __init__(self, text: str, stars: int, face: str, mn: str = "") -> None:
        super().__init__()
        self._stars, self._face, self.mn = stars, face, mn
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setMinimumSize(96, 140)
        self.setMaximumHeight(236)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        chosen = self.isChecked() or self.isDown()
        frame(painter, rect, TINT if chosen else SURFACE, TEAL if chosen else LINE)
        above = 26 if self.mn and speaks_mongolian(self) else 0
        side = max(28.0, min(96.0, rect.height() - 106 - above))
        top = (rect.height() - side - 80 - above) / 2
        paint_icon(painter, QRectF(rect.center().x() - side / 2, top, side, side), self._face, TEAL)
        if above:
            write_mongolian(painter, QRectF(6, top + side + 6, rect.width() - 12, above), self.mn, 18)
            top += above
        write(painter, QRectF(4, top + side + 8, rect.width() - 8, 40), self.text(), 25)
        painter.setPen(QPen(QColor(STAR), 1.5))
        for at in range(5):
            painter.setBrush(QColor(STAR) if at < self._stars else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_star(QPointF(rect.center().x() + (at - 2) * 21, top + side + 66), 8.5))
        paint_focus(self, painter)


def _star(middle: QPointF, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        points.append(middle + QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    return QPolygonF(points)
