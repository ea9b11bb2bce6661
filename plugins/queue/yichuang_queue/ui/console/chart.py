"""The day's curve: tickets taken and services finished in each half hour, and what the rest of the day will bring."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.api.ui import paint, theme
from yichuang_queue.rules.forecast import Forecast
from yichuang_queue.words import words

_ = words.text
LEFT, RIGHT, TOP, BOTTOM = 32, 12, 8, 22
STEPS = 4
TINT = 28
DOT = 3.5


class DayChart(QWidget):
    """Two lines up to now and a dashed one behind it; nothing is drawn where nothing is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: Any = None
        self._forecast: Forecast | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setAccessibleName(_("Taken and finished today"))

    def sizeHint(self) -> QSize:
        return QSize(600, 170)

    def show_curve(self, curve: Any, forecast: Forecast | None) -> None:
        """Show a day's half hours (`operations.console.Curve`)."""
        if (curve, forecast) == (self._curve, self._forecast):
            return
        self._curve, self._forecast = curve, forecast
        parts = zip(curve.labels, curve.taken, curve.finished, strict=True)
        said = [f"{label} {taken}/{finished}" for label, taken, finished in parts if taken or finished]
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._curve is None:
            return
        painter = QPainter(self)
        field = QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        curve = self._curve
        over = curve.now  # half hours that are over; the point of each stands at its end
        taken = [*enumerate(curve.taken[:over], 1), (curve.position, curve.taken_lately)]
        finished = [*enumerate(curve.finished[:over], 1), (curve.position, curve.finished_lately)]
        ahead = self._ahead()
        top = _round_up(max(value for _at, value in [*taken, *finished, *ahead]))
        self._grid(painter, field, top)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._now_line(painter, field)
        points = self._points(field, taken, top)
        self._area(painter, field, points)
        _line(painter, points, "c3")
        _line(painter, self._points(field, finished, top), "c1")
        if ahead:
            _line(painter, self._points(field, [taken[-1], *ahead], top), "line3", dashed=True)

    def _ahead(self) -> list[tuple[float, float]]:
        """The forecast of the half hours that are not over, each at its end; none without history."""
        if self._forecast is None:
            return []
        return [(at + 1, value) for at, value in enumerate(self._forecast.values) if at >= self._curve.now]

    def _x(self, field: QRectF, at: float) -> float:
        return field.x() + at * field.width() / len(self._curve.labels)

    def _points(self, field: QRectF, values: Any, top: float) -> list[QPointF]:
        return [
            QPointF(self._x(field, at), field.bottom() - value / top * field.height()) for at, value in values
        ]

    def _grid(self, painter: QPainter, field: QRectF, top: float) -> None:
        for step in range(STEPS + 1):
            y = field.bottom() - step / STEPS * field.height()
            paint.hairline(painter, field.x(), round(y), field.width())
            area = QRectF(0, y - 8, LEFT - 8, 16)
            paint.text(painter, area, f"{top * step / STEPS:g}", px=11, ink="t3", align=paint.RIGHT)
        now = self._curve.position
        for at, label in enumerate(self._curve.labels):
            if at % 2 == 0 and abs(at - now) > 1:
                self._label(painter, field, at, label, "t3")
        self._label(painter, field, now, _("Now"), "t2")

    def _label(self, painter: QPainter, field: QRectF, at: float, text: str, ink: str) -> None:
        area = QRectF(min(self._x(field, at) - 24, self.width() - 48.0), field.bottom() + 5, 48, 16)
        paint.text(painter, area, text, px=11, ink=ink, align=paint.CENTER)

    def _now_line(self, painter: QPainter, field: QRectF) -> None:
        x = self._x(field, self._curve.position)
        painter.setPen(QPen(theme.color("line3"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, field.y()), QPointF(x, field.bottom()))

    def _area(self, painter: QPainter, field: QRectF, points: list[QPointF]) -> None:
        tint = QColor(theme.color("c3"))
        tint.setAlpha(TINT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        ground = [QPointF(points[-1].x(), field.bottom()), QPointF(points[0].x(), field.bottom())]
        painter.drawPolygon(QPolygonF([*points, *ground]))


def _line(painter: QPainter, points: list[QPointF], ink: str, *, dashed: bool = False) -> None:
    pen = QPen(theme.color(ink), 1.5 if dashed else 1.75)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    if not dashed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ink))
        painter.drawEllipse(points[-1], DOT, DOT)


def _round_up(value: float) -> float:
    """The next scale whose quarters are round numbers."""
    for scale in (4, 8, 12, 20, 40, 48, 60, 80, 120, 160, 200, 320, 400, 600, 800, 1200, 2000, 4000):
        if value <= scale:
            return float(scale)
    return float(value)
