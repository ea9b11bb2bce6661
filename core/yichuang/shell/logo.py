"""The suite's sign, painted: one window of four panes."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPen


def paint_logo(painter: QPainter, area: QRectF, ground: str) -> None:
    """Draw the sign into a square; `ground` is a colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(ground)
    painter.setPen(fill)
    painter.setBrush(fill)
    radius = area.width() * 0.2
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    inset = area.width() * 0.24
    inner = area.adjusted(inset, inset, -inset, -inset)
    painter.setPen(QPen(QColor("#FFFFFF"), max(1.4, area.width() / 15)))
    painter.drawRoundedRect(inner, 1, 1)
    center = inner.center()
    painter.drawLine(round(center.x()), round(inner.top()), round(center.x()), round(inner.bottom()))
    painter.drawLine(round(inner.left()), round(center.y()), round(inner.right()), round(center.y()))
    painter.restore()
