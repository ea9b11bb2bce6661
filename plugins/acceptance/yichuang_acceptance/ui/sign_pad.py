"""Where the applicant signs: pen, finger or mouse, every point kept with its time and pressure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QTabletEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.api.ui import public
from yichuang_acceptance.ui.public_parts import PAD, SMALL_PX

NO_PRESSURE = 0.5
"""For devices that do not say how hard the pen is pressed."""
Point = tuple[float, float, float, float]


class SignPad(QWidget):
    """The frame.

    Attributes:
        strokes: Points of each stroke: x, y in pixels of the frame, milliseconds since the first point, pressure 0 to 1.

    Signals:
        changed: A stroke was finished, or everything was cleared.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.strokes: list[list[Point]] = []
        self.source = "screen"
        self._surface = QSize(1, 1)  # on which the strokes were written
        self._used_for = ""
        self._clock = QElapsedTimer()
        self._writing = self._by_pen = False
        self.setMinimumSize(300, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def set_used_for(self, text: str) -> None:
        """On which papers the signature goes."""
        self._used_for = text
        self.setAccessibleName(text)
        self.update()

    def clear(self) -> None:
        """Begin anew."""
        self.strokes, self._writing, self.source = [], False, "screen"
        self.update()
        self.changed.emit()

    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not any(self.strokes)

    def signature(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "strokes": [[list(point) for point in stroke] for stroke in self.strokes],
            "width": self._surface.width(), "height": self._surface.height(), "source": self.source,
        }  # fmt: skip

    def take(self, strokes: Sequence[Sequence[Sequence[float]]], width: int, height: int) -> None:
        """What was written on a pad of its own, in its own units."""
        self.strokes = [[(p[0], p[1], p[2], p[3]) for p in stroke] for stroke in strokes]
        self._surface, self.source = QSize(width, height), "pad"
        self.update()
        self.changed.emit()

    # ---- writing ----

    def _begin(self, at: QPointF, pressure: float) -> None:
        if self.source != "screen" or self.is_empty():
            self.strokes, self.source = [], "screen"
            self._surface = self.size()
            self._clock.start()
        self._writing = True
        self.strokes.append([])
        self._add(at, pressure)

    def _add(self, at: QPointF, pressure: float) -> None:
        if not self._writing:
            return
        at = at / self._factor()  # the frame may have become another size since the first stroke
        x = min(max(at.x(), 0.0), float(self._surface.width()))
        y = min(max(at.y(), 0.0), float(self._surface.height()))
        self.strokes[-1].append(
            (round(x, 1), round(y, 1), self._clock.elapsed(), round(min(max(pressure, 0.0), 1.0), 3))
        )
        self.update()

    def _end(self) -> None:
        if self._writing:
            self._writing = False
            self.changed.emit()

    def _factor(self) -> float:
        """Pixels of the frame for one unit of the strokes."""
        return min(
            self.width() / max(1, self._surface.width()), self.height() / max(1, self._surface.height())
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mouse, or a finger that Qt gives as one."""
        if event.button() == Qt.MouseButton.LeftButton and not self._by_pen:
            self._begin(event.position(), NO_PRESSURE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._by_pen:
            self._add(event.position(), NO_PRESSURE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._by_pen:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen, with its pressure; mouse events that come along with it are not taken."""
        kind = event.type()
        if kind == QTabletEvent.Type.TabletPress:
            self._by_pen = True
            self._begin(event.position(), event.pressure())
        elif kind == QTabletEvent.Type.TabletMove:
            self._add(event.position(), event.pressure())
        elif kind == QTabletEvent.Type.TabletRelease:
            self._end()
            self._by_pen = False
        event.accept()

    # ---- painting ----

    def sizeHint(self) -> QSize:
        return QSize(476, 416)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self), QRectF(self.rect())
        public.frame(painter, area, PAD, public.FOCUS)
        base = area.height() - 68
        painter.setPen(QPen(QColor(public.LINE), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(30, base), QPointF(area.width() - 30, base))
        public.write(
            painter,
            QRectF(30, base + 12, area.width() - 60, 40),
            self._used_for,
            SMALL_PX,
            public.INK2,
            align=public.LEFT,
        )
        painter.setClipRect(area)
        factor = self._factor()
        for stroke in self.strokes:
            for (x, y, _t, p), (x2, y2, _t2, p2) in zip(stroke, stroke[1:] or stroke, strict=False):
                pen = QPen(QColor(public.INK), 2.5 + 3.5 * (p + p2) / 2)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(x, y) * factor, QPointF(x2, y2) * factor)
