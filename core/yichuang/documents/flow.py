"""Blocks as reportlab flowables: paragraphs, hairline tables, pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, HexColor
from reportlab.platypus import CondPageBreak, Flowable
from reportlab.platypus import Image as Picture
from reportlab.platypus import Spacer as Gap
from reportlab.platypus import Table as Grid
from reportlab.platypus.tables import CellStyle

from yichuang.documents.model import (
    Align,
    Block,
    Content,
    Heading,
    Image,
    KeyValues,
    Paragraph,
    Spacer,
    Table,
)
from yichuang.documents.text import WIDEST_GAP, Line, draw_line, one_line, set_lines
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

L = words.lazy

mm: float = 72 / 25.4
"""Points in a millimetre."""
HAIRLINE = 0.5
"""Points; what office printers still draw evenly."""
INK = "#000000"
GREY = "#5E6E79"
SHADE = "#F2F4F5"
LONG_ROW = 60 * mm
"""Rows up to this height are not torn by the end of a page; of higher ones at least so much stands before it."""


@lru_cache(maxsize=256)
def colour(name: str, alpha: float = 1.0) -> Color:
    """A colour of reportlab from #RRGGBB; parsing takes longer than drawing a line of text."""
    parsed = HexColor(name)
    return Color(parsed.red, parsed.green, parsed.blue, alpha)


@dataclass(frozen=True)
class Style:
    """How running text looks; sizes in points, indent in ems."""

    size: float = 14
    leading: float = 25
    align: Align = "justify"
    indent: float = 0
    face: str = "serif"
    colour: str = INK
    bold: bool = False
    before: float = 0
    after: float = 0
    spread: float = 0
    alpha: float = 1


BODY = Style(indent=2)
CELL = Style(size=10.5, leading=15.75, align="left")
_PADDING = 6.0  # points over and under a cell's text
CAPTION = Style(size=9, leading=14, align="center", colour=GREY)


class Text(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """A paragraph of Chinese text that breaks between lines at the foot of a page."""

    def __init__(
        self, content: Content, style: Style, lines: Sequence[Line] | None = None, first: bool = True
    ) -> None:
        super().__init__()
        self.content = content
        self.style = style
        self.first = first
        self.spaceBefore = style.before
        self.spaceAfter = style.after
        self._lines = tuple(lines) if lines is not None else None
        self._broken_at = 0.0

    def lines(self, width: float) -> tuple[Line, ...]:
        """The lines at a width in points; a piece cut off by a page break keeps the lines it has."""
        if self._lines is None or self._broken_at not in (0.0, width):
            style = self.style
            ems = width / style.size
            self._lines = set_lines(self.content, style.face, style.bold, style.spread, ems, style.indent)
            self._broken_at = width
        return self._lines

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Width and height in points."""
        self.width = width
        self.height = len(self.lines(width)) * self.style.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """The lines that fit and those that do not, always some of each, or nothing if none fits."""
        lines = self.lines(width)
        # Whoever asks has found that not all of them fit, if only by what is lost in rounding.
        count = min(int((height + 1e-6) // self.style.leading), len(lines) - 1)
        if count < 1:
            return []
        upper = Text(self.content, replace(self.style, after=0), lines[:count], self.first)
        lower = Text(self.content, replace(self.style, before=0), lines[count:], first=False)
        return [upper, lower]

    def draw(self) -> None:
        """Draw with the top line's baseline one size under the top."""
        style = self.style
        self.canv.setFillColor(colour(style.colour, style.alpha))
        y = self.height - (style.leading + style.size * 0.76) / 2
        for number, line in enumerate(self.lines(self.width)):
            indent = style.indent * style.size if number == 0 and self.first else 0.0
            self._draw_line(line, indent, y)
            y -= style.leading

    def _draw_line(self, line: Line, indent: float, y: float) -> None:
        style = self.style
        spread = style.spread
        room = (self.width - indent) / style.size - line.width - spread * line.gaps
        x = indent
        if style.align == "center":
            x += max(room, 0) * style.size / 2
        elif style.align == "right":
            x += max(room, 0) * style.size
        elif style.align == "justify" and line.full and line.gaps and 0 < room <= WIDEST_GAP * line.gaps:
            spread += room / line.gaps
        draw_line(self.canv, line, x, y, style.size, spread)


def _cell_style(base: Style) -> Style:
    """Cells are set as tight as the running text around them."""
    return replace(CELL, leading=CELL.size * max(base.leading / base.size - 0.3, 1.35))


class Rows(Grid):  # type: ignore[misc]  # reportlab ships no types
    """A table that never leaves its head, or a sliver of a row, alone at the foot of a page."""

    def least(self, width: float, height: float) -> float:
        """Height of the head with as much of the first row as must stand below it."""
        self.wrap(width, height)
        heights = self._rowHeights
        return float(sum(heights[: self.repeatRows]) + min(heights[self.repeatRows], LONG_ROW))

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits and what does not; nothing where not even the least of it fits."""
        if len(self._cellvalues) > self.repeatRows and height < self.least(width, height):
            return []
        used, fit = 0.0, 0
        for high in self._rowHeights:
            if used + high > height:
                break
            used, fit = used + high, fit + 1
        parts: list[Flowable] = []
        if (
            self.repeatRows < fit < len(self._rowHeights)
            and min(height - used, self._rowHeights[fit]) > LONG_ROW
        ):
            parts = self._splitRows(
                height, doInRowSplit=1
            )  # else the head would stand in the middle of the page again
        return parts or super().split(width, height)


def least(part: Flowable, width: float, height: float) -> float:
    """How much of a flowable must stand on a page that it begins on."""
    if isinstance(part, Rows) and len(part._cellvalues) > part.repeatRows:
        return part.least(width, height)
    return float(part.wrap(width, height)[1])


def _cell(valign: str) -> CellStyle:
    cell = CellStyle("cell")
    cell.fontname = CELL.face  # set for every cell, drawn or not: Helvetica would be named
    cell.valign = valign
    cell.leftPadding, cell.rightPadding = 4, 2
    cell.topPadding, cell.bottomPadding = _PADDING * 0.4, _PADDING * 0.6
    return cell


def _grid(
    cells: list[list[Text | str]], widths: list[float], styles: list[tuple[object, ...]], head: int
) -> Flowable:
    # one style object for all cells: setting each cell's by commands takes longer than drawing it
    middle, top = _cell("MIDDLE"), _cell("TOP")

    def style_of(row: list[Text | str]) -> CellStyle:
        """A row that a page may tear begins at its top: what is centred in it would be torn apart."""
        inner = [width - middle.leftPadding - middle.rightPadding for width in widths]
        texts = [(text, width) for text, width in zip(row, inner, strict=True) if isinstance(text, Text)]
        high = max((text.wrap(width, 0)[1] for text, width in texts), default=0.0)
        return top if high + _PADDING > LONG_ROW else middle

    return Rows(
        cells,
        colWidths=widths,
        repeatRows=head,
        splitInRow=1,
        spaceBefore=4,
        spaceAfter=6,
        cellStyles=[[style_of(row)] * len(widths) for row in cells],
        style=[
            ("GRID", (0, 0), (-1, -1), HAIRLINE, colour(INK)),
            (
                "LINEBELOW",
                (0, "splitlast"),
                (-1, "splitlast"),
                HAIRLINE,
                colour(INK),
            ),  # where a page tears a row
            ("LINEABOVE", (0, "splitfirst"), (-1, "splitfirst"), HAIRLINE, colour(INK)),
            *styles,
        ],
    )


def table(block: Table, width: float, base: Style = BODY) -> Flowable:
    """A hairline table over the whole width; its head is shaded and repeated."""
    count = len(block.head) or len(block.rows[0] if block.rows else ())
    if not count:
        return Gap(0, 0)
    shares = block.widths or (1,) * count
    left: Align = "left"
    styles_by_align = {a: replace(_cell_style(base), align=a) for a in ("left", "center", "right", "justify")}
    align = block.align or (left,) * count
    cells: list[list[Text | str]] = []
    if block.head:
        cells.append([Text(text, styles_by_align["center"]) for text in block.head])
    cells += [[Text(t, styles_by_align[a]) for t, a in zip(row, align, strict=True)] for row in block.rows]
    if not cells:
        return Gap(0, 0)
    head = 1 if block.head else 0
    styles: list[tuple[object, ...]] = [("BACKGROUND", (0, 0), (-1, 0), colour(SHADE))] if head else []
    return _grid(cells, [width * share / sum(shares) for share in shares], styles, head)


def key_values(block: KeyValues, width: float, base: Style = BODY) -> Flowable:
    """Labels (shaded, centred) and values; a long value in two columns still wraps in its own cell."""
    if not block.pairs:
        return Gap(0, 0)
    label = 26 * mm
    cell = _cell_style(base)
    label_style = replace(cell, align="center")
    pairs = list(block.pairs)
    styles: list[tuple[object, ...]] = [("BACKGROUND", (0, 0), (0, -1), colour(SHADE))]
    cells: list[list[Text | str]] = []
    if block.columns == 1:
        cells = [[Text(key, label_style), Text(value, cell)] for key, value in pairs]
        return _grid(cells, [label, width - label], styles, 0)
    for start in range(0, len(pairs), 2):
        left, *right = pairs[start : start + 2]
        row: list[Text | str] = [Text(left[0], label_style), Text(left[1], cell)]
        if right:
            row += [Text(right[0][0], label_style), Text(right[0][1], cell)]
            styles.append(("BACKGROUND", (2, len(cells)), (2, len(cells)), colour(SHADE)))
        else:
            row += ["", ""]
            styles.append(("SPAN", (1, len(cells)), (3, len(cells))))
        cells.append(row)
    value = (width - 2 * label) / 2
    return _grid(cells, [label, value, label, value], styles, 0)


def picture(data: bytes, width: float, height: float) -> Picture:
    """A picture that fits the box (points), its proportions kept.

    Raises:
        UserError: BAD_PICTURE if the bytes are no picture.
    """
    from PIL import Image as Bitmap
    from PIL import UnidentifiedImageError

    try:
        with Bitmap.open(BytesIO(data)) as bitmap:
            bitmap.verify()
        drawn = Picture(BytesIO(data), lazy=0)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UserError("BAD_PICTURE", L("A picture for the paper cannot be read.")) from error
    scale = min(width / drawn.imageWidth, height / drawn.imageHeight)
    drawn.drawWidth, drawn.drawHeight = drawn.imageWidth * scale, drawn.imageHeight * scale
    drawn._width, drawn._height = drawn.drawWidth, drawn.drawHeight
    return drawn


def flowables(block: Block, width: float, height: float, base: Style = BODY) -> list[Flowable]:
    """A block as flowables for a frame of that size in points."""
    match block:
        case Paragraph():
            size = block.size or base.size
            style = replace(
                base,
                size=size,
                leading=base.leading * size / base.size,
                align=block.align,
                indent=base.indent if block.indent and block.align in ("justify", "left") else 0,
                bold=block.bold,
            )
            return [Text(block.text, style)]
        case Heading():
            heading = Text(block.text, replace(base, bold=True, align="left", before=4))
            return [CondPageBreak(base.leading * 4), heading]
        case Table():
            return [table(block, width, base)]
        case KeyValues():
            return [key_values(block, width, base)]
        case Spacer():
            return [Gap(0, block.height * mm)]
        case Image():
            drawn = picture(block.data, min(block.width * mm, width), height - 30)
            drawn.hAlign = "CENTER"
            return [drawn, Text(block.caption, CAPTION)] if block.caption else [drawn]


def saved(part: Flowable, width: float, before: Style, after: Style) -> float:
    """Height that a wrapped flowable loses when running text is set in `after` instead of `before`."""
    if isinstance(part, Text) and math.isclose(part.style.leading, before.leading):
        return len(part.lines(width)) * (before.leading - after.leading)
    if isinstance(part, Grid):
        cell, tight = _cell_style(before).leading, _cell_style(after).leading
        lines: int = sum(round((height - _PADDING) / cell) for height in part._rowHeights)
        return lines * (cell - tight)
    return 0.0


def draw_text(
    canvas: Canvas, content: Content, x: float, y: float, style: Style, width: float = 0.0
) -> float:
    """Draw one line with its baseline at (x, y), made narrower where `width` is not enough; return its width.

    `style.align` says what x is: the left edge, the centre or the right edge.
    """
    line = one_line(content, style.face, style.bold)
    ems = line.width + style.spread * line.gaps
    size = min(style.size, width / ems) if width and ems else style.size
    drawn = ems * size
    canvas.setFillColor(colour(style.colour, style.alpha))
    left = x - {"center": drawn / 2, "right": drawn}.get(style.align, 0.0)
    draw_line(canvas, line, left, y, size, style.spread)
    return drawn
