"""The parts of a board: each paints one thing on the 1920 x 1080 scene, and only when what it shows has changed.

A board hangs in a hall and is read from 15 m: its colours are fixed, its sizes those of ui.md (04).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from yichuang.api.ui import icon_pixmap, theme
from yichuang_queue.words import words

_ = words.text
WIDTH, HEIGHT = 1920, 1080
LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTER = Qt.AlignmentFlag.AlignHCenter

BACK, DEEP, LINE, FRESH = "#102A35", "#0A1D25", "#24424E", "#1C4552"
WHITE, SOFT, FAINT = "#F4F6F5", "#B9C9CF", "#8FA6AF"
PANEL, BLINK, INK, TEAL, MUTED = "#F4F6F5", "#BFE0E7", "#16323E", "#1C5A6C", "#475863"
AMBER, AMBER_INK = "#E9B44F", "#332914"


class Part(QGraphicsItem):
    """Something that a board shows.

    Args:
        rect: Where, on the scene.
        draw: Paints a value into the part's rectangle, which begins at 0, 0.

    Attributes:
        value: What it shows now; None shows nothing.
    """

    def __init__(
        self, rect: QRectF, draw: Callable[[QPainter, QRectF, Any], None], value: Any = None
    ) -> None:
        super().__init__()
        self.setPos(rect.topLeft())
        self._area = QRectF(0, 0, rect.width(), rect.height())
        self._draw = draw
        self.value = value

    def show_value(self, value: Any) -> bool:
        """Show something else; says whether it is something else."""
        if value == self.value:
            return False
        self.value = value
        self.update()
        return True

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.value is not None:
            self._draw(painter, self._area, self.value)


def text(
    painter: QPainter,
    x: float,
    baseline: float,
    content: str,
    px: int,
    ink: str,
    *,
    strong: bool = False,
    align: Qt.AlignmentFlag = LEFT,
    width: float = 0,
) -> float:
    """One line at a baseline, made smaller down to 60 % and then elided to fit a width; gives back the width drawn."""
    font = theme.font(px, strong=strong)
    metrics = QFontMetricsF(font)
    drawn = metrics.horizontalAdvance(content)
    if width and drawn > width:
        font = theme.font(max(round(px * 0.6), round(px * width / drawn) - 1), strong=strong)
        metrics = QFontMetricsF(font)
        content = metrics.elidedText(content, Qt.TextElideMode.ElideRight, width)
        drawn = metrics.horizontalAdvance(content)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    left = x - drawn if align == RIGHT else x - drawn / 2 if align == CENTER else x
    painter.drawText(QPointF(left, baseline), content)
    return drawn


def columns(
    painter: QPainter, x: float, y: float, height: float, content: str, px: int, ink: str, most: int = 2
) -> float:
    """Mongolian in vertical columns, left to right, drawn line by line; Qt has no vertical layout.

    Args:
        painter: Where.
        x: Left edge of the first column.
        y: Upper end of the columns.
        height: Their length.
        content: What it says.
        px: Size of the letters.
        ink: Colour.
        most: Columns there is room for.

    Returns:
        The width of the columns drawn.
    """
    layout = QTextLayout(content, theme.mongolian_font(px))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[QTextLine] = []
    while len(lines) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(height)
        line.setPosition(QPointF(0, 0))
        lines.append(line)
    layout.endLayout()
    pitch = px * 1.5
    painter.setPen(QColor(ink))
    for index, line in enumerate(lines):
        painter.save()
        painter.translate(x + (index + 1) * pitch, y)
        painter.rotate(90)
        line.draw(painter, QPointF(0, (pitch - line.height()) / 2))
        painter.restore()
    return len(lines) * pitch


def rounded(painter: QPainter, rect: QRectF, fill: str, radius: float = 12) -> None:
    """A filled rectangle with round corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, radius, radius)


def hairline(painter: QPainter, x1: float, y1: float, x2: float, y2: float) -> None:
    """A line of one pixel of the screen."""
    pen = QPen(QColor(LINE))
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


# ---- what the parts show ----


@dataclass(frozen=True)
class PanelValue:
    """The call on the panel.

    Attributes:
        columns: Mongolian columns: letters and their size.
        blink: In its other colour just now.
    """

    number: str
    desk: str
    line: str = ""
    place: str = ""
    columns: tuple[tuple[str, int], ...] = ()
    blink: bool = False


@dataclass(frozen=True)
class RowValue:
    """A line of the list of calls; `fresh` ones are emphasised."""

    number: str
    business: str
    desk: str
    fresh: bool


@dataclass(frozen=True)
class CellValue:
    """A line of the queue: how many wait and how long."""

    name: str
    waiting: int
    wait: str


def draw_panel(painter: QPainter, area: QRectF, value: PanelValue | str) -> None:
    """The call on the panel; a sentence where nothing is called."""
    if isinstance(value, str):
        rounded(painter, area, PANEL)
        text(
            painter,
            area.center().x(),
            area.center().y() + 20,
            value,
            56,
            MUTED,
            align=CENTER,
            width=area.width() - 80,
        )
        return
    rounded(painter, area, BLINK if value.blink else PANEL)
    painter.setBrush(QColor("#2A7487"))
    painter.drawEllipse(QPointF(67, 73), 11, 11)
    text(painter, 95, 88, _("Please"), 40, TEAL)
    x = area.width() - 36 - sum(px * 1.5 + 20 for _content, px in value.columns)
    text(painter, 52, 345, value.number, 248, INK, strong=True, width=x - 72)
    text(painter, 56, 432, _("to"), 40, TEAL)
    drawn = text(painter, 54, 602, value.desk, 152, TEAL, strong=True, width=380)
    drawn += text(painter, 54 + drawn + 30, 602, _("window"), 72, INK)
    arrow(painter, QPointF(54 + drawn + 84, 532))
    wide = text(painter, 56, 670, value.line, 32, MUTED, width=440)
    text(painter, 56 + wide + (64 if value.line else 0), 670, value.place, 32, MUTED, width=360)
    for content, px in value.columns:
        x += columns(painter, x, 44, area.height() - 88, content, px, TEAL, most=1) + 20


def arrow(painter: QPainter, at: QPointF) -> None:
    """An arrow to the right, 64 px."""
    path = QPainterPath(at)
    path.lineTo(at.x() + 62, at.y())
    path.moveTo(at.x() + 38, at.y() - 26)
    path.lineTo(at.x() + 64, at.y())
    path.lineTo(at.x() + 38, at.y() + 26)
    painter.setPen(
        QPen(QColor(TEAL), 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def draw_row(painter: QPainter, area: QRectF, value: RowValue) -> None:
    """One line of the list of calls."""
    if value.fresh:
        rounded(painter, area.adjusted(0, 0, 0, -6), FRESH)
    else:
        hairline(painter, 0, area.height() - 3, area.width(), area.height() - 3)
    text(painter, 28, 58, value.number, 46, WHITE, strong=True, width=180)
    text(painter, 218, 55, value.business, 34, WHITE if value.fresh else SOFT, width=270)
    text(painter, area.width() - 28, 58, value.desk, 46, WHITE, align=RIGHT, width=140)


def draw_row_heads(painter: QPainter, area: QRectF, value: tuple[str, str, str]) -> None:
    """The heads of the list of calls."""
    for x, head, align in (
        (28.0, value[0], LEFT),
        (218.0, value[1], LEFT),
        (area.width() - 28, value[2], RIGHT),
    ):
        text(painter, x, 32, head, 27, FAINT, align=align)


def draw_cell(painter: QPainter, area: QRectF, value: CellValue) -> None:
    """One line of the queue."""
    room = area.width() - 32
    text(painter, 16, 40, value.name, 26, FAINT, width=room)
    drawn = text(painter, 16, 100, str(value.waiting), 46, WHITE, strong=True)
    drawn += 8 + text(painter, 16 + drawn + 8, 97, _("waiting (people)"), 24, FAINT)
    text(painter, 16 + drawn + 14, 97, value.wait, 28, WHITE, width=room - drawn - 14)


def draw_head(painter: QPainter, area: QRectF, value: tuple[str, str]) -> None:
    """The hall and the zone."""
    drawn = text(painter, 0, 58, value[0], 40, WHITE, strong=True, width=area.width() * 0.7)
    text(painter, drawn + 30, 56, value[1], 28, FAINT, width=area.width() - drawn - 30)


def draw_clock(painter: QPainter, area: QRectF, value: tuple[str, str]) -> None:
    """Date and time."""
    drawn = text(painter, area.width(), 62, value[1], 60, WHITE, strong=True, align=RIGHT)
    text(painter, area.width() - drawn - 30, 58, value[0], 28, FAINT, align=RIGHT)


def draw_strip(painter: QPainter, area: QRectF, value: tuple[str, str]) -> None:
    """The Mongolian strip at the left: the hall, then the zone."""
    painter.fillRect(area, QColor(DEEP))
    wide = columns(painter, 16, 40, area.height() - 80, value[0], 40, WHITE, most=2 if not value[1] else 1)
    columns(painter, 16 + wide + 12, 40, area.height() - 80, value[1], 28, FAINT, most=1)


def draw_ticker(painter: QPainter, area: QRectF, value: str) -> None:
    """One notice."""
    painter.fillRect(area, QColor(DEEP))
    if value:
        painter.drawPixmap(QPointF(48, 23), icon_pixmap("info", "#7CC3D3", 30, 2.0))
        text(painter, 94, 48, value, 28, "#DCE6E9", width=area.width() - 140)


def draw_stale(painter: QPainter, area: QRectF, value: str) -> None:
    """That what is shown may be old."""
    rounded(painter, area, AMBER, 8)
    text(
        painter,
        area.center().x(),
        36,
        value,
        26,
        AMBER_INK,
        strong=True,
        align=CENTER,
        width=area.width() - 32,
    )
