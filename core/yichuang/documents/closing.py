"""The end of a paper: who signs on the left, organ, date and seal on the right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportlab.platypus import Flowable

from yichuang.documents.flow import GREY, HAIRLINE, INK, Style, colour, draw_text, mm, picture
from yichuang.documents.model import Paper, Signature
from yichuang.documents.numbering import chinese_date
from yichuang.documents.sealing import DIAMETER
from yichuang.documents.text import Line, atoms, break_lines

LABEL = Style(size=11, leading=16, align="left")
MARK = Style(size=9, leading=14, align="center", colour="#9AA5AC")

_RISE = 4 * mm  # the seal's centre lies this far over the date, so that organ and date sit in its lower half
_ABOVE = 14 * mm  # free over the organ's name, so that the seal does not hide the text
_SIGNATURE = 14 * mm


class Closing(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Signature lines, organ, date and seal place; never split.

    Args:
        scale: How much smaller everything is drawn; a seal never is, so it has as much more room.
    """

    def __init__(self, paper: Paper, draft: bool, scale: float = 1.0) -> None:
        super().__init__()
        self._diameter, self._rise, self._above = DIAMETER * mm / scale, _RISE / scale, _ABOVE / scale
        self.paper = paper
        self.draft = draft
        self.organ = paper.organ or paper.office.agency
        size = max(paper.text_size, 12)
        self.style = Style(size=size, leading=size * 1.7, align="center")
        self.date = chinese_date(paper.date)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Width and height in points."""
        self.width = width
        widest = width * 0.62 / self.style.size
        self._organ_lines = break_lines(atoms(self.organ), widest)
        self._right = self._right_width()
        self._beside = width - self._right >= 68 * mm or not self.paper.signatures
        signatures = _SIGNATURE * len(self.paper.signatures)
        right = self._right_height()
        self.height = max(signatures, right) if self._beside else signatures + right
        return width, self.height

    def _right_width(self) -> float:
        lines: list[Line] = [*self._organ_lines, *break_lines(atoms(self.date), 99)]
        text = max(line.width for line in lines) * self.style.size
        return max(text, self._diameter if self.paper.sealed else 0.0) + 4 * mm

    def _right_height(self) -> float:
        text = (len(self._organ_lines) + 1) * self.style.leading
        if not self.paper.sealed:
            return 4 * mm + text
        return self._above + text + self._diameter / 2 - self._rise

    def draw(self) -> None:
        """Draw the signature lines from the top, the organ and date on their common axis."""
        top = self.height
        left_width = self.width - self._right - 6 * mm if self._beside else self.width * 0.75
        for signature in self.paper.signatures:
            self._draw_signature(signature, top, left_width)
            top -= _SIGNATURE
        self._draw_organ(self.height if self._beside else top)

    def _draw_organ(self, top: float) -> None:
        axis = self.width - self._right / 2
        y = top - (self._above if self.paper.sealed else 4 * mm) - self.style.leading * 0.7
        for line in self._organ_lines:
            draw_text(self.canv, line.text, axis, y, self.style)
            y -= self.style.leading
        draw_text(self.canv, self.date, axis, y, self.style)
        if not self.paper.sealed:
            return
        centre = y + self.style.size * 0.35 + self._rise
        absolute_x, absolute_y = self.canv.absolutePosition(axis, centre)
        self.canv.mark_seal(absolute_x, absolute_y)
        if self.draft:  # on the paper itself the seal stands there, with its own name
            self._draw_circle(axis, centre)
            below = centre - self._diameter / 2
            draw_text(self.canv, f"（{self.paper.seal_name}）", axis, max(below, y - 18), MARK)

    def _draw_circle(self, x: float, y: float) -> None:
        canvas: Any = self.canv
        canvas.saveState()
        canvas.setStrokeColor(colour(MARK.colour))
        canvas.setLineWidth(HAIRLINE)
        canvas.setDash(3, 2)
        canvas.circle(x, y, self._diameter / 2, stroke=1, fill=0)
        canvas.restoreState()
        draw_text(canvas, "用印位置", x, y + 13 * mm, MARK)

    def _draw_signature(self, signature: Signature, top: float, width: float) -> None:
        canvas: Any = self.canv
        base = top - 11 * mm
        if signature.dated:
            width -= draw_text(
                canvas, "　　年　月　日", width, base, replace(LABEL, align="right"), width / 3
            )
        used = draw_text(canvas, f"{signature.label}：", 0, base, LABEL, width * 0.7)
        line = max(width - used, 10 * mm)
        if signature.image:
            drawn = picture(signature.image, line, 10 * mm)
            drawn.drawOn(canvas, used + 2, base - 1)
        elif signature.name:
            draw_text(canvas, signature.name, used + 6, base, LABEL, line - 8)
        canvas.setStrokeColor(colour(INK))
        canvas.setLineWidth(HAIRLINE)
        canvas.line(used, base - 3, used + line, base - 3)


NOTE = Style(size=9.5, leading=14, align="left", colour=GREY, before=6)
