"""Small drawing steps shared by widgets and delegates: boxes, hairlines, one line of text."""

from __future__ import annotations

import math
from functools import lru_cache

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from yichuang.widgets import theme

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTER = Qt.AlignmentFlag.AlignHCenter


def box(
    painter: QPainter,
    rect: QRectF | QRect,
    radius: float,
    fill: str | QColor | None,
    border: str | QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded box whose border lies inside `rect`; colours are tokens or colours."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(rect)
    if border is not None:
        painter.setPen(QPen(_color(border), width))
        area = area.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        radius = max(0.0, radius - width / 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def hairline(
    painter: QPainter, x: float, y: float, length: float, *, vertical: bool = False, ink: str = "line"
) -> None:
    """A crisp line of one pixel, at any scale of the screen."""
    size = QRectF(x, y, 1, length) if vertical else QRectF(x, y, length, 1)
    painter.fillRect(size, theme.color(ink))


def bar(painter: QPainter, rect: QRectF, fraction: float, ink: str, track: str = "line") -> None:
    """A rounded bar filled from the left to `fraction` (0 to 1)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.fillPath(path, theme.color(track))
    share = min(1.0, max(0.0, fraction))
    if share > 0:
        painter.setBrush(theme.color(ink))
        filled = QRectF(rect.x(), rect.y(), max(rect.height(), rect.width() * share), rect.height())
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


def text(
    painter: QPainter,
    rect: QRectF | QRect,
    words: str,
    *,
    px: int = 13,
    ink: str = "t1",
    strong: bool = False,
    mono: bool = False,
    align: Qt.AlignmentFlag = LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line of text, vertically centred and elided to fit; gives back the width that was drawn."""
    if not words:
        return 0.0
    area = QRectF(rect)
    shown, width = fit(words, area.width(), px, strong=strong, mono=mono, elide=elide)
    x = area.x()
    # Bits of Qt's flags are slow to look at: three of four texts need none.
    if align is RIGHT or (align is not LEFT and align & RIGHT):
        x = area.right() - width
    elif align is not LEFT and align & CENTER:
        x = area.x() + (area.width() - width) / 2
    baseline = math.floor(area.y() + 0.5) + baseline_in(area.height(), px, mono=mono)
    painter.setFont(theme.font(px, strong=strong, mono=mono))
    painter.setPen(theme.color(ink))
    painter.drawText(QPointF(math.floor(x + 0.5), baseline), shown)
    return width


@lru_cache(maxsize=256)
def baseline_in(height: float, px: int, *, mono: bool = False) -> int:
    """How far below the top of a line of `height` the text stands: ascent and descent are rounded, then centred."""
    metrics = _metrics(px, False, mono)
    ascent, descent = round(metrics.ascent()), round(metrics.descent())
    return math.floor((height - ascent - descent) / 2) + ascent


@lru_cache(maxsize=4096)
def fit(
    words: str,
    width: float,
    px: int = 13,
    *,
    strong: bool = False,
    mono: bool = False,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> tuple[str, float]:
    """The text as it fits into `width`, and its width. Kept: a list paints the same texts again and again."""
    metrics = _metrics(px, strong, mono)
    needed = metrics.horizontalAdvance(words)
    if needed <= width + 0.5:
        return words, needed
    shown = metrics.elidedText(words, elide, max(0.0, width))
    return shown, metrics.horizontalAdvance(shown)


def text_width(words: str, px: int = 13, *, strong: bool = False, mono: bool = False) -> float:
    """The width of one line of text."""
    return _metrics(px, strong, mono).horizontalAdvance(words)


@lru_cache(maxsize=64)
def _metrics(px: int, strong: bool, mono: bool) -> QFontMetricsF:
    return QFontMetricsF(theme.font(px, strong=strong, mono=mono))


def _color(value: str | QColor) -> QColor:
    return theme.color(value) if isinstance(value, str) else value
