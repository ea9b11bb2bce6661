"""A matter (一件事) as a drawing: its items in columns by stage, with lines from what is granted first to what waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.api.ui import theme
from yichuang_acceptance.rules.matter_graph import Standing
from yichuang_acceptance.words import words

_ = words.text
BOX_HEIGHT, ROW_GAP, COLUMN_GAP, MARGIN, RADIUS, HEAD = 42, 10, 34, 2, 6, 5
INKS = {
    Standing.WAITING: ("line2", "subtle"), Standing.OPEN: ("accl", "accs"), Standing.GRANTED: ("grnl", "grns"),
    Standing.READY: ("grnl", "grns"), Standing.REFUSED: ("redl", "reds"), Standing.DONE: ("grnl", "grns"),
    Standing.ENDED: ("redl", "reds"),
}  # fmt: skip
"""Border and filling by how an item stands; the state stands in each box in words as well."""


class MatterGraph(QWidget):
    """The drawing; what it shows stands in the list beside it too, so it takes no focus."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: Sequence[Any] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[Any]) -> None:
        """Items with position, name, after, stage, standing and state_name."""
        self._parts = parts
        self.setAccessibleName(_("Order of the items"))
        lines = [f"{p.name} {p.state_name}" for p in parts]
        self.setAccessibleDescription("；".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        highest = max((len(column) for column in self._columns()), default=0)
        return QSize(200, 2 * MARGIN + max(0, highest * (BOX_HEIGHT + ROW_GAP) - ROW_GAP))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def boxes(self) -> dict[int, QRectF]:
        """Where each item is drawn."""
        columns = self._columns()
        if not columns:
            return {}
        width = (self.width() - 2 * MARGIN - COLUMN_GAP * (len(columns) - 1)) / len(columns)
        found = {}
        for n, column in enumerate(columns):
            x = MARGIN + n * (width + COLUMN_GAP)
            for row, part in enumerate(column):
                found[part.position] = QRectF(x, MARGIN + row * (BOX_HEIGHT + ROW_GAP), width, BOX_HEIGHT)
        return found

    def _columns(self) -> list[list[Any]]:
        stages = sorted({part.stage for part in self._parts})
        return [[part for part in self._parts if part.stage == stage] for stage in stages]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self.boxes()
        granted = {
            p.position for p in self._parts if p.standing in (Standing.GRANTED, Standing.READY, Standing.DONE)
        }
        for part in self._parts:
            for before in part.after:
                if before in boxes:
                    ink = theme.color("grnd" if before in granted else "line2")
                    _arrow(painter, boxes[before], boxes[part.position], ink)
        for part in self._parts:
            self._paint_box(painter, boxes[part.position], part)

    def _paint_box(self, painter: QPainter, box: QRectF, part: Any) -> None:
        border, filling = INKS[Standing(part.standing)]
        pen = QPen(theme.color(border), 1.2)
        if part.standing == Standing.WAITING:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color(filling))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        inside = box.adjusted(8, 3, -8, -3)
        for text, size, ink, place in (
            (part.name, 12, "t1", Qt.AlignmentFlag.AlignTop), (part.state_name, 11, "t2", Qt.AlignmentFlag.AlignBottom),
        ):  # fmt: skip
            painter.setFont(theme.font(size))
            painter.setPen(theme.color(ink))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inside.width()))
            painter.drawText(inside, place | Qt.AlignmentFlag.AlignLeft, shown)


def _arrow(painter: QPainter, start: QRectF, end: QRectF, ink: QColor) -> None:
    """A line from the right of one box to the left of another, with a head."""
    a, b = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
    middle = b.x() - COLUMN_GAP / 2
    path = QPainterPath(a)
    path.lineTo(middle, a.y())
    path.lineTo(middle, b.y())
    path.lineTo(b)
    painter.setPen(QPen(ink, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([b, b + QPointF(-HEAD, -HEAD + 1), b + QPointF(-HEAD, HEAD - 1)]))
