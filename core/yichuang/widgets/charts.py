"""Charts painted by hand: bars, line, spark line, donut, stacked bar, pips. The same painting serves screen and paper."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.widgets import theme
from yichuang.widgets.tokens import THEMES

LEGEND_ROW = 22
Palette = Mapping[str, QColor]


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a whole: its value, colour token and label."""

    value: float
    color: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class BarsData:
    """Upright bars; one may be highlighted, the others are muted. `highlight` -1 is the last one, None none."""

    values: Sequence[float]
    labels: Sequence[str] = ()
    highlight: int | None = -1
    show_values: bool = True


@dataclass(frozen=True, slots=True)
class SparkData:
    """Bars without numbers, for a corner of the page."""

    values: Sequence[float]
    highlight: int | None = -1


@dataclass(frozen=True, slots=True)
class LineData:
    """A line with a dot at its end; labels stand below the first and last points when given."""

    values: Sequence[float]
    labels: Sequence[str] = ()
    color: str = "c1"


@dataclass(frozen=True, slots=True)
class DonutData:
    """Parts of a whole as a ring, with a figure and a caption in the middle."""

    parts: Sequence[Part]
    center: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class StackedData:
    """Parts of a whole in one bar."""

    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class PipsData:
    """Steps of a process as short bars; the current one is half filled, or red when something is wrong."""

    total: int
    done: int
    error: bool = False


ChartData = BarsData | SparkData | LineData | DonutData | StackedData | PipsData


def chart_palette(name: str = "") -> Palette:
    """Colours to paint with: those of a theme, the current one by default ("light" for paper)."""
    tokens = THEMES[name or theme.current()]
    return MappingProxyType({token: QColor(value) for token, value in tokens.items()})


def paint_chart(painter: QPainter, rect: QRectF, data: ChartData, palette: Palette | None = None) -> None:
    """Draw a chart into `rect` of any painter: a widget, a picture or a printed page."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _PAINTERS[type(data)](_Brush(painter, palette or chart_palette()), QRectF(rect), data)
    painter.restore()


class _Brush:
    """A painter with the colours of one theme."""

    def __init__(self, painter: QPainter, palette: Palette) -> None:
        self.painter, self.palette = painter, palette

    def fill(self, rect: QRectF, token: str, radius: float = 0.0) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.palette[token])
        self.painter.drawRoundedRect(rect, radius, radius)

    def words(
        self,
        rect: QRectF,
        text: str,
        px: int,
        token: str,
        *,
        strong: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
    ) -> None:
        self.painter.setFont(theme.font(px, strong=strong))
        self.painter.setPen(self.palette[token])
        self.painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), text)

    def bar(self, rect: QRectF, token: str) -> None:
        """A bar with rounded upper corners."""
        radius = min(2.0, rect.height())
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(rect, radius, radius)
        path.addRect(rect.adjusted(0, min(radius, rect.height()), 0, 0))
        self.painter.fillPath(path, self.palette[token])


def _bars(brush: _Brush, rect: QRectF, data: BarsData) -> None:
    count = len(data.values)
    if not count:
        return
    top = 20.0 if data.show_values else 0.0
    bottom = 22.0 if data.labels else 0.0
    field = rect.adjusted(0, top, 0, -bottom)
    # Bars stand flush with the edges; three tenths of the distance between two of them are free.
    slot = field.width() / (count - 0.3)
    gap = slot * 0.3
    highest = max(*data.values, 1e-9)
    chosen = data.highlight % count if data.highlight is not None else -1
    for at, value in enumerate(data.values):
        height = max(2.0, field.height() * max(0.0, value) / highest)
        x = field.x() + at * slot
        column = QRectF(x, field.bottom() - height, slot - gap, height)
        brush.bar(column, "c1" if at == chosen else "c2")
        if data.show_values:
            above = QRectF(x - gap / 2, column.y() - 20, slot, 18)
            brush.words(above, f"{value:g}", 12, "t1" if at == chosen else "t2")
        if at < len(data.labels):
            below = QRectF(x - gap / 2, field.bottom() + 4, slot, 18)
            brush.words(below, data.labels[at], 11, "t1" if at == chosen else "t3")


def _spark(brush: _Brush, rect: QRectF, data: SparkData) -> None:
    count = len(data.values)
    if not count:
        return
    gap = 3.0 if rect.width() / count > 9 else 1.0
    width = (rect.width() - gap * (count - 1)) / count
    highest = max(*data.values, 1e-9)
    chosen = data.highlight % count if data.highlight is not None else -1
    for at, value in enumerate(data.values):
        height = max(2.0, rect.height() * max(0.0, value) / highest)
        column = QRectF(rect.x() + at * (width + gap), rect.bottom() - height, width, height)
        brush.bar(column, "c1" if at == chosen else "c2")


def _line(brush: _Brush, rect: QRectF, data: LineData) -> None:
    if not data.values:
        return
    field = rect.adjusted(2, 5, -5, -20 if data.labels else -4)
    low, high = min(data.values), max(data.values)
    spread = (high - low) or 1.0
    step = field.width() / max(1, len(data.values) - 1)
    points = [
        QPointF(field.x() + at * step, field.bottom() - (value - low) / spread * field.height())
        for at, value in enumerate(data.values)
    ]
    pen = QPen(brush.palette[data.color], 1.75)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    brush.painter.setPen(pen)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.drawPolyline(QPolygonF(points))
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(brush.palette[data.color])
    brush.painter.drawEllipse(points[-1], 3.5, 3.5)
    for label, align in zip(
        (data.labels[:1], data.labels[1:][-1:]),
        (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight),
        strict=True,
    ):
        if label:
            below = QRectF(rect.x(), rect.bottom() - 18, rect.width(), 18)
            brush.words(below, label[0], 11, "t3", align=align)


def _donut(brush: _Brush, rect: QRectF, data: DonutData) -> None:
    side = min(rect.width(), rect.height())
    width = side * 0.12
    ring = QRectF(0, 0, side - width, side - width)
    ring.moveCenter(rect.center())
    whole = sum(part.value for part in data.parts)
    pen = QPen(brush.palette["sunken"], width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    if not whole:
        brush.painter.setPen(pen)
        brush.painter.drawEllipse(ring)
    shown = [part for part in data.parts if part.value > 0]
    gap = math.degrees(2.4 / (ring.width() / 2)) if len(shown) > 1 and ring.width() > 0 else 0.0
    start = 90.0
    for part in shown:
        span = 360.0 * part.value / whole
        pen.setColor(brush.palette[part.color])
        brush.painter.setPen(pen)
        brush.painter.drawArc(ring, round((start - gap / 2) * 16), -round(max(0.5, span - gap) * 16))
        start -= span
    if data.center:
        metrics = QFontMetricsF(theme.font(20, strong=True))
        upper = QRectF(
            rect.x(), rect.center().y() - (metrics.height() / 2 + 9 if data.caption else 14), rect.width(), 28
        )
        brush.words(upper, data.center, 20, "t1", strong=True)
        if data.caption:
            brush.words(QRectF(rect.x(), upper.bottom() - 3, rect.width(), 18), data.caption, 12, "t2")


def _stacked(brush: _Brush, rect: QRectF, data: StackedData) -> None:
    bar = QRectF(
        rect.x(), rect.center().y() - min(5.0, rect.height() / 2), rect.width(), min(10.0, rect.height())
    )
    whole = sum(part.value for part in data.parts)
    clip = QPainterPath()
    clip.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
    brush.painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    brush.painter.fillRect(bar, brush.palette["sunken"])
    x = bar.x()
    for part in data.parts:
        width = bar.width() * part.value / whole if whole else 0.0
        if width > 0:
            brush.painter.fillRect(
                QRectF(x, bar.y(), max(1.0, width - 1), bar.height()), brush.palette[part.color]
            )
        x += width


def _pips(brush: _Brush, rect: QRectF, data: PipsData) -> None:
    if data.total <= 0:
        return
    gap = 3.0
    width = (rect.width() - gap * (data.total - 1)) / data.total
    for at in range(data.total):
        pip = QRectF(rect.x() + at * (width + gap), rect.center().y() - 3, width, 6)
        done = at < data.done
        brush.fill(pip, "c1" if done else "line2", 3)
        if at == data.done and not done:
            token = "redd" if data.error else "c2"
            brush.fill(pip, token, 3)


_PAINTERS: dict[type, Callable[[_Brush, QRectF, Any], None]] = {
    BarsData: _bars, SparkData: _spark, LineData: _line, DonutData: _donut, StackedData: _stacked, PipsData: _pips,
}  # fmt: skip


def chart_words(data: ChartData) -> str:
    """A chart in words, for screen readers."""
    if isinstance(data, DonutData | StackedData):
        return ", ".join(f"{part.label} {part.value:g}".strip() for part in data.parts)
    if isinstance(data, PipsData):
        return f"{data.done} / {data.total}"
    labels = list(getattr(data, "labels", ()))
    labels += [""] * (len(data.values) - len(labels))
    return ", ".join(f"{label} {value:g}".strip() for label, value in zip(labels, data.values, strict=False))


class ChartWidget(QWidget):
    """A chart on the page; the kinds below only differ in their size."""

    hint = QSize(160, 96)

    def __init__(self, data: ChartData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_data(data)

    def data(self) -> ChartData:
        """What is shown."""
        return self._data

    def set_data(self, data: ChartData) -> None:
        """Show other values."""
        self._data = data
        self.setAccessibleName(chart_words(data))
        self.update()

    def sizeHint(self) -> QSize:
        return self.hint

    def minimumSizeHint(self) -> QSize:
        return QSize(24, min(24, self.hint.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_chart(QPainter(self), QRectF(self.rect()), self._data)


class Bars(ChartWidget):
    """Bars with their values."""

    hint = QSize(280, 120)


class Line(ChartWidget):
    """A line with a dot at its end."""

    hint = QSize(160, 64)


class Sparkline(ChartWidget):
    """Small bars without numbers."""

    hint = QSize(140, 28)


class Donut(ChartWidget):
    """A ring of parts."""

    hint = QSize(104, 104)


class Legend(QWidget):
    """What the colours of a chart stand for: a row for each part, with its value at the right.

    Args:
        empty: What is said where there is no part.
    """

    def __init__(self, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: Sequence[Part] = ()
        self._empty = empty
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Explain other parts."""
        self._parts = parts
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The rows in words."""
        return "\n".join(f"{part.label} {part.value:,g}" for part in self._parts) or self._empty

    def sizeHint(self) -> QSize:
        return QSize(140, LEGEND_ROW * max(1, len(self._parts)))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        brush, width = _Brush(painter, chart_palette()), float(self.width())
        top = (self.height() - self.sizeHint().height()) / 2
        if not self._parts:
            brush.words(
                QRectF(0, top, width, LEGEND_ROW), self._empty, 12, "t3", align=Qt.AlignmentFlag.AlignLeft
            )
        for place, part in enumerate(self._parts):
            row = QRectF(0, top + place * LEGEND_ROW, width, LEGEND_ROW)
            brush.fill(QRectF(0, row.center().y() - 4, 8, 8), part.color, 2)
            value = f"{part.value:,g}"
            room = width - 16 - 8 - QFontMetricsF(theme.font(12)).horizontalAdvance(value)
            label = QFontMetricsF(theme.font(12)).elidedText(part.label, Qt.TextElideMode.ElideRight, room)
            brush.words(row.adjusted(16, 0, 0, 0), label, 12, "t2", align=Qt.AlignmentFlag.AlignLeft)
            brush.words(row, value, 12, "t1", align=Qt.AlignmentFlag.AlignRight)


class StackedBar(ChartWidget):
    """Parts in one bar."""

    hint = QSize(200, 12)


class Pips(ChartWidget):
    """Steps as short bars."""

    hint = QSize(96, 12)
