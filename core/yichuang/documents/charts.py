"""Charts of a report: bars, lines, a donut, key figures. Values are printed, so there are few axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reportlab.platypus import Flowable

from yichuang.documents.flow import GREY, Style, colour, draw_text, mm
from yichuang.documents.model import Bars, Donut, Figures, Lines
from yichuang.documents.text import one_line

SERIES = ("#2A7487", "#B79A5B", "#6C8F72", "#7B6A8C", "#9CC1CA", "#B4BFC5")
MUTED = "#9CC1CA"
RULE = "#E3E9EC"

TITLE = Style(size=11, face="sans", bold=True, align="left")
LABEL = Style(size=8.5, face="sans", align="center", colour=GREY)
VALUE = Style(size=9, face="sans", align="center")
BIG = Style(size=22, face="sans", bold=True, align="left", colour="#1C5A6C")

_TITLE_HEIGHT = 8 * mm


def number_text(value: float) -> str:
    """A number as people read it: thousands apart, no needless decimals."""
    if not math.isfinite(value):
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


class _Chart(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """A drawing of a fixed height over the whole width, under its title."""

    def __init__(self, title: str, height: float) -> None:
        super().__init__()
        self.title = title
        self.plot = height
        self.spaceBefore = 4
        self.spaceAfter = 8
        self.canv: Any = None

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Width and height in points."""
        self.width = width
        self.height = self.plot + (_TITLE_HEIGHT if self.title else 0)
        return width, self.height

    def draw(self) -> None:
        """Title, then the drawing."""
        if self.title:
            draw_text(self.canv, self.title, 0, self.height - 5 * mm, TITLE, self.width)
        self.draw_plot()

    def draw_plot(self) -> None:
        """Draw between 0 and `plot`."""
        raise NotImplementedError

    def fill(self, name: str) -> None:
        """Set the fill colour."""
        self.canv.setFillColor(colour(name))


class FiguresRow(_Chart):
    """Label over a large number, side by side."""

    def __init__(self, block: Figures) -> None:
        super().__init__("", 20 * mm)
        self.items = block.items

    def draw_plot(self) -> None:
        """One box for each figure."""
        gap = 4 * mm
        count = max(len(self.items), 1)
        box = (self.width - gap * (count - 1)) / count
        for index, (label, value, unit) in enumerate(self.items):
            x = index * (box + gap)
            self.canv.setFillColor(colour("#F6F8F9"))
            self.canv.setStrokeColor(colour(RULE))
            self.canv.setLineWidth(0.7)
            self.canv.roundRect(x, 0, box, self.plot, 4, stroke=1, fill=1)
            inner = x + 3 * mm
            draw_text(self.canv, label, inner, self.plot - 6 * mm, replace(LABEL, align="left"), box - 6 * mm)
            used = draw_text(self.canv, value, inner, 5 * mm, BIG, box - 6 * mm)
            room = box - 7 * mm - used
            if unit and room > 6:
                draw_text(self.canv, unit, inner + used + 2, 5 * mm, replace(LABEL, align="left"), room)


class BarChart(_Chart):
    """Upright bars with their values; lying bars where there are many or the labels are long."""

    def __init__(self, block: Bars) -> None:
        longest = max((one_line(label, "sans").width for label in block.labels), default=0)
        self.lying = len(block.labels) * longest > 48 or len(block.labels) > 14
        height = (len(block.labels) * 6.2 * mm) if self.lying else 48 * mm
        super().__init__(block.title, max(height, 8 * mm))
        self.block = block
        self.top = max((value for value in block.values if math.isfinite(value)), default=0) or 1
        self.labels_width = min(longest * LABEL.size, 55 * mm)

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Lying bars go on over the page."""
        rows = int((height - _TITLE_HEIGHT) // (6.2 * mm))
        if not self.lying or rows < 3:
            return []
        return [
            self._part(0, rows, self.title),
            self._part(rows, len(self.block.labels), f"{self.title}（续）"),
        ]

    def _part(self, start: int, end: int, title: str) -> BarChart:
        """Some of the bars, drawn to the scale of all."""
        block, mark = self.block, self.block.highlight
        if mark >= 0:
            mark = mark - start if start <= mark < end else len(block.labels)
        part = BarChart(
            replace(block, title=title, labels=block.labels[start:end], values=block.values[start:end])
        )
        part.block = replace(part.block, highlight=mark)
        part.lying, part.plot = True, (end - start) * 6.2 * mm
        part.top, part.labels_width = self.top, self.labels_width
        return part

    def _colour(self, index: int) -> str:
        return SERIES[0] if self.block.highlight in (-1, index) else MUTED

    def draw_plot(self) -> None:
        """Bars from a hairline."""
        shares = [max(value, 0) / self.top if math.isfinite(value) else 0 for value in self.block.values]
        (self._draw_lying if self.lying else self._draw_upright)(shares)

    def _draw_upright(self, shares: Sequence[float]) -> None:
        step = self.width / max(len(shares), 1)
        base, room = 6 * mm, self.plot - 12 * mm
        for index, share in enumerate(shares):
            x = index * step + step * 0.22
            self.fill(self._colour(index))
            self.canv.rect(x, base, step * 0.56, max(share * room, 0.6), stroke=0, fill=1)
            middle = index * step + step / 2
            text = number_text(self.block.values[index]) + self.block.unit
            draw_text(self.canv, text, middle, base + share * room + 3, VALUE, step)
            draw_text(self.canv, self.block.labels[index], middle, 1.6 * mm, LABEL, step * 0.96)
        self.canv.setStrokeColor(colour(MUTED))
        self.canv.setLineWidth(0.6)
        self.canv.line(0, base, self.width, base)

    def _draw_lying(self, shares: Sequence[float]) -> None:
        left = self.labels_width + 3 * mm
        room = self.width - left - 22 * mm
        for index, share in enumerate(shares):
            y = self.plot - (index + 1) * 6.2 * mm + 1.6 * mm
            label = self.block.labels[index]
            draw_text(
                self.canv, label, self.labels_width, y, replace(LABEL, align="right"), self.labels_width
            )
            self.fill(self._colour(index))
            self.canv.rect(left, y - 1, max(share * room, 0.6), 3.4 * mm, stroke=0, fill=1)
            text = number_text(self.block.values[index]) + self.block.unit
            draw_text(self.canv, text, left + share * room + 4, y, replace(VALUE, align="left"), 20 * mm)


class LineChart(_Chart):
    """Lines over the same labels, with three guide lines and a legend."""

    def __init__(self, block: Lines) -> None:
        super().__init__(block.title, 58 * mm)
        self.block = block

    def draw_plot(self) -> None:
        """Guides, lines, labels, legend."""
        left, base, room = 12 * mm, 12 * mm, self.plot - 16 * mm
        values = [v for _name, series in self.block.series for v in series if math.isfinite(v)]
        top = nice_top(max(values, default=1))
        for step in range(4):
            y = base + room * step / 3
            self.canv.setStrokeColor(colour(RULE))
            self.canv.setLineWidth(0.6)
            self.canv.line(left, y, self.width, y)
            draw_text(
                self.canv, number_text(top * step / 3), left - 4, y - 3, replace(LABEL, align="right"), left
            )
        count = len(self.block.labels)
        step_x = (self.width - left - 8 * mm) / max(count - 1, 1)
        every = max(1, math.ceil(count / 14))
        for index in range(0, count, every):
            x = left + 4 * mm + index * step_x
            draw_text(self.canv, self.block.labels[index], x, base - 4.5 * mm, LABEL, step_x * every * 0.96)
        for number, (_name, series) in enumerate(self.block.series):
            self._draw_series(
                number, [(left + 4 * mm + i * step_x, v) for i, v in enumerate(series)], top, base, room
            )
        self._draw_legend(left)

    def _draw_series(
        self, number: int, points: Sequence[tuple[float, float]], top: float, base: float, room: float
    ) -> None:
        self.canv.setStrokeColor(colour(SERIES[number % len(SERIES)]))
        self.canv.setLineWidth(1.6)
        self.canv.setLineJoin(1)
        path = self.canv.beginPath()
        pen_down = False
        for x, value in points:
            if not math.isfinite(value):
                pen_down = False
                continue
            y = base + room * min(max(value / top, 0), 1)
            (path.lineTo if pen_down else path.moveTo)(x, y)
            pen_down = True
        self.canv.drawPath(path, stroke=1, fill=0)

    def _draw_legend(self, x: float) -> None:
        for number, (name, _series) in enumerate(self.block.series):
            self.fill(SERIES[number % len(SERIES)])
            self.canv.rect(x, 0.8 * mm, 8, 3, stroke=0, fill=1)
            x += 11 + draw_text(self.canv, name, x + 11, 0, replace(LABEL, align="left"), 40 * mm) + 14


class DonutChart(_Chart):
    """A ring of shares with a legend that prints value and per cent."""

    def __init__(self, block: Donut) -> None:
        rows = len(block.slices)
        super().__init__(block.title, max(46 * mm, rows * 6 * mm))
        self.block = block

    def draw_plot(self) -> None:
        """Ring on the left, legend on the right."""
        radius = 21 * mm
        x, y = radius + 6 * mm, self.plot / 2
        slices = [(name, max(value, 0) if math.isfinite(value) else 0) for name, value in self.block.slices]
        total = sum(value for _name, value in slices)
        angle = 90.0
        for number, (_name, value) in enumerate(slices):
            sweep = 360 * value / total if total else 0
            self.fill(SERIES[number % len(SERIES)])
            if sweep >= 359.99:
                self.canv.circle(x, y, radius, stroke=0, fill=1)
            elif sweep > 0:
                self.canv.wedge(
                    x - radius, y - radius, x + radius, y + radius, angle, -sweep, stroke=0, fill=1
                )
            angle -= sweep
        self.fill("#FFFFFF")
        self.canv.circle(x, y, radius * 0.62, stroke=0, fill=1)
        centre = self.block.centre or number_text(total)
        draw_text(self.canv, centre, x, y - 5, replace(BIG, size=17, align="center"), radius * 1.1)
        self._draw_legend(slices, total, x + radius + 12 * mm, y)

    def _draw_legend(
        self, slices: Sequence[tuple[str, float]], total: float, x: float, middle: float
    ) -> None:
        y = middle + len(slices) * 3 * mm - 4 * mm
        for number, (name, value) in enumerate(slices):
            self.fill(SERIES[number % len(SERIES)])
            self.canv.rect(x, y, 7, 7, stroke=0, fill=1)
            draw_text(self.canv, name, x + 12, y, replace(VALUE, align="left"), 46 * mm)
            share = f"{100 * value / total:.1f}%" if total else "—"
            draw_text(self.canv, number_text(value), x + 62 * mm, y, replace(VALUE, align="right"), 20 * mm)
            draw_text(self.canv, share, x + 78 * mm, y, replace(VALUE, align="right", colour=GREY), 16 * mm)
            y -= 6 * mm


def nice_top(value: float) -> float:
    """The least of 3, 6, 15, 30 … that is not below the value, so that the three guide lines carry round numbers."""
    if not math.isfinite(value) or value <= 0:
        return 3
    scale: float = 10.0 ** math.floor(math.log10(value / 3))
    return next(top for factor in (3, 6, 15, 30, 60) if (top := factor * scale) >= value * (1 - 1e-9))
