"""Status lights: seven states, each with a shape of its own, and the small connection dots."""

from __future__ import annotations

import math
from enum import StrEnum

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint, theme

L = core.lazy


class State(StrEnum):
    """How a case, step, copy or plugin stands."""

    ON_TIME = "on_time"
    WARNING = "warning"
    OVERDUE = "overdue"
    PAUSED = "paused"
    CURRENT = "current"
    DONE = "done"
    NOT_YET = "not_yet"


_TEXTS = {
    State.ON_TIME: L("On time"),
    State.WARNING: L("Warning"),
    State.OVERDUE: L("Overdue"),
    State.PAUSED: L("Paused"),
    State.CURRENT: L("Current"),
    State.DONE: L("Done"),
    State.NOT_YET: L("Not yet"),
}

# What the text beside a light is written in: only states that ask for attention are coloured.
STATE_TONE = {State.WARNING: "amb", State.OVERDUE: "red"}
STATE_DOT = {
    State.ON_TIME: "grnd",
    State.WARNING: "ambd",
    State.OVERDUE: "redd",
    State.PAUSED: "line3",
    State.CURRENT: "acct",
    State.DONE: "grnd",
    State.NOT_YET: "line3",
}


def light_text(state: State | str) -> str:
    """The word for a state, for screens and for screen readers."""
    return str(_TEXTS[State(state)])


def paint_light(painter: QPainter, rect: QRectF | QRect, state: State | str) -> None:
    """Draw a light of 14 px centred in `rect`.

    Raises:
        ValueError: The state is unknown.
    """
    shown = State(state)
    center = QRectF(rect).center()
    color = theme.color(STATE_DOT[shown])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center)
    pen = QPen(color, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if shown is State.ON_TIME:
        painter.drawEllipse(QPointF(), 4, 4)
    elif shown is State.OVERDUE:
        _disc_with_mark(painter)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        _ring(painter, shown, pen)
    painter.restore()


def _disc_with_mark(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(), 6, 6)
    painter.setBrush(theme.color("on"))
    painter.drawRoundedRect(QRectF(-0.9, -3.9, 1.8, 4.9), 0.9, 0.9)
    painter.drawEllipse(QPointF(0, 2.9), 1.0, 1.0)


def _ring(painter: QPainter, state: State, pen: QPen) -> None:
    if state is State.CURRENT:
        pen.setWidthF(3.0)
        painter.setPen(pen)
        painter.drawEllipse(QPointF(), 4.5, 4.5)
        return
    radius = {State.NOT_YET: 4.5, State.WARNING: 4.8}.get(state, 5.25)
    painter.drawEllipse(QPointF(), radius, radius)
    if state is State.WARNING:
        half = QPainterPath(QPointF(0, -radius))
        half.arcTo(QRectF(-radius, -radius, 2 * radius, 2 * radius), 90, -180)
        half.closeSubpath()
        painter.fillPath(half, pen.color())
    elif state is State.PAUSED:
        pen.setWidthF(1.4)
        pen.setColor(theme.color("t3"))
        painter.setPen(pen)
        for x in (-1.5, 1.5):
            painter.drawLine(QPointF(x, -1.9), QPointF(x, 1.9))
    elif state is State.DONE:
        painter.drawPolyline(QPolygonF([QPointF(-2.3, 0.1), QPointF(-0.6, 1.8), QPointF(2.5, -1.6)]))


def paint_dot(painter: QPainter, center: QPointF, tone: str, size: float = 7) -> None:
    """A connection dot: green, amber, red or grey; always beside a label."""
    token = {"green": "grnd", "amber": "ambd", "red": "redd", "teal": "acct"}.get(tone, "line3")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(token))
    painter.drawEllipse(center, size / 2, size / 2)
    painter.restore()


class Light(QWidget):
    """A status light with its text beside it; without a text only the light, whose name is still announced."""

    def __init__(self, state: State | str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._text = State(state), text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state, text)

    def set_state(self, state: State | str, text: str | None = None) -> None:
        """Show another state, and another text if one is given."""
        self._state = State(state)
        if text is not None:
            self._text = text
        self.setAccessibleName(" ".join(filter(None, (light_text(self._state), self._text))))
        self.setToolTip("" if self._text else light_text(self._state))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._text:
            return QSize(14, 20)
        return QSize(22 + math.ceil(paint.text_width(self._text)), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_light(painter, QRectF(0, 0, 14, self.height()), self._state)
        if self._text:
            paint.text(
                painter,
                QRectF(22, 0, self.width() - 22, self.height()),
                self._text,
                ink=STATE_TONE.get(self._state, "t1"),
                strong=self._state is State.OVERDUE,
            )


class Dot(QWidget):
    """A connection dot with its label: device, network or data source."""

    def __init__(self, tone: str, text: str, px: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._text, self._px = tone, text, px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_state(self, tone: str, text: str | None = None) -> None:
        """Another tone, and another label if one is given."""
        self._tone = tone
        if text is not None:
            self._text = text
            self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(13 + math.ceil(paint.text_width(self._text, self._px)), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dot(painter, QPointF(3.5, self.height() / 2), self._tone)
        rect = QRectF(13, 0, self.width() - 13, self.height())
        paint.text(painter, rect, self._text, px=self._px, ink="t2")
