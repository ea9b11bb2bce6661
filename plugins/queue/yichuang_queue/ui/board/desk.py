"""The panel of a desk's own board: its number, whom it calls or serves, whether it is open."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from yichuang_queue.ui.board import parts
from yichuang_queue.words import words

_ = words.text


@dataclass(frozen=True)
class DeskValue:
    """What a desk's board shows.

    Attributes:
        state: open, paused or closed; empty where there is no such desk.
        number: The ticket that is called or served; empty where there is none.
        coming: It is called and its holder has not come yet.
        column: The desk in Mongolian.
        blink: In its other colour just now.
    """

    desk: str
    state: str
    reason: str
    number: str
    coming: bool
    column: str
    blink: bool


def draw_desk(painter: QPainter, area: QRectF, value: DeskValue) -> None:
    """One desk: number and state are read from the queue in front of it."""
    parts.rounded(painter, area, parts.BLINK if value.blink else parts.PANEL)
    drawn = parts.text(painter, 56, 170, value.desk, 120, parts.TEAL, strong=True)
    parts.text(painter, 56 + drawn + 24, 170, _("window"), 64, parts.INK)
    colour, state = _state(value)
    end = area.width() - (190 if value.column else 56)
    painter.setBrush(QColor(colour))
    drawn = parts.text(painter, end, 158, state, 52, parts.INK, align=parts.RIGHT, width=700)
    painter.setPen(QColor(colour))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(end - drawn - 36, 140), 14, 14)
    if value.column:
        parts.columns(
            painter, area.width() - 130, 60, area.height() - 120, value.column, 56, parts.TEAL, most=1
        )
    middle = (area.width() - (130 if value.column else 0)) / 2
    if value.number:
        parts.text(
            painter,
            middle,
            600,
            value.number,
            400,
            parts.INK,
            strong=True,
            align=parts.CENTER,
            width=area.width() - 300,
        )
        said = _("please come to this window") if value.coming else _("is being served")
        parts.text(painter, middle, 770, said, 72, parts.TEAL, align=parts.CENTER, width=area.width() - 300)
    else:
        said = _resting(value)
        parts.text(painter, middle, 560, said, 96, parts.MUTED, align=parts.CENTER, width=area.width() - 300)


def _state(value: DeskValue) -> tuple[str, str]:
    if value.state == "open":
        return "#2F9159", _("In service")
    if value.state == "paused":
        return "#D98E04", _("Service paused")
    return "#82949E", _("Not in service") if value.state else _("There is no desk {desk}.", desk=value.desk)


def _resting(value: DeskValue) -> str:
    if value.state == "open":
        return _("Please watch for your number")
    if value.state == "paused":
        return value.reason or _("Back soon")
    return _("Please go to another window")
