"""A strip of thermal paper as a picture: 576 dots wide, black and white only, nothing thinner than two dots. No Qt in it."""

from __future__ import annotations

from functools import lru_cache

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

from yichuang_resources import fonts

__all__ = ["EDGE", "RIGHT", "WIDTH", "Strip", "thick"]

WIDTH = 576
"""Dots of 72 mm at 203 dpi: what a printer for 80 mm paper prints."""
EDGE = 34
RIGHT = WIDTH - EDGE
DASH, GAP, RULE = 6, 4, 3
QR_SIDE = 208
FEWEST_DOTS = 4
"""Dots of a module of the QR code that a phone still reads off thermal paper."""


class Strip:
    """A long strip of paper that is written on from the top.

    Attributes:
        y: Where the next thing goes.
    """

    LONGEST = 7200
    """Dots: 90 cm, more than lists that are kept short ever fill."""

    def __init__(self) -> None:
        self.y = 0
        self._paper = Image.new("L", (WIDTH, self.LONGEST), 255)
        self.draw = ImageDraw.Draw(self._paper)

    def length(self, words: str, px: int, weight: str = "sans-medium") -> int:
        """Dots that a line takes."""
        return int(_font(weight, px).getlength(words)) + 1

    def letters(
        self, words: str, x: float, y: float, px: int, weight: str = "sans-medium"
    ) -> tuple[int, int, int, int]:
        """Write with the tops of the letters at y; returns the box of what is black."""
        font = _font(weight, px)
        left, top, _right, _bottom = self.draw.textbbox((0, 0), words, font=font)
        at = (x - left, y - top)
        self.draw.text(at, words, font=font, fill=0)
        box = self.draw.textbbox(at, words, font=font)
        return int(box[0]), int(box[1]), int(box[2]), int(box[3])

    def paragraph(
        self,
        words: str,
        px: int,
        weight: str = "sans-medium",
        *,
        left: int = EDGE,
        width: int = 0,
        after: int = 0,
    ) -> None:
        """Lines as wide as the paper (or `width`), broken between any two characters, but not before closing punctuation."""
        for line in self._lines(words, px, weight, width or RIGHT - left):
            self.draw.text((left, self.y), line, font=_font(weight, px), fill=0)
            self.y += round(px * 1.35)
        self.y += after

    def _lines(self, words: str, px: int, weight: str, width: int) -> list[str]:
        lines = [""]
        for letter in words:
            if self.length(lines[-1] + letter, px, weight) > width and letter not in "，。、；：）”":
                lines.append("")
            lines[-1] += letter
        return [line for line in lines if line]

    def pair(self, label: str, value: str) -> None:
        """A label at the left and its value at the right, below it where both are too long."""
        room = RIGHT - EDGE - self.length(label, 26) - 16
        px = 32
        while px > 24 and self.length(value, px, "bold") > room:
            px -= 1
        self.draw.text((EDGE, self.y + 4), label, font=_font("sans-medium", 26), fill=0)
        if self.length(value, px, "bold") > room:
            self.y += 40
            self.paragraph(value, 26, "bold", after=6)
            return
        width = self.length(value, px, "bold")
        self.draw.text((RIGHT - width, self.y + (32 - px) // 2), value, font=_font("bold", px), fill=0)
        self.y += 40

    def foot(self, left: str, right: str) -> None:
        """Small letters at both ends of the last line."""
        self.draw.text((EDGE, self.y), left, font=_font("sans-medium", 22), fill=0)
        width = self.length(right, 22)
        self.draw.text((RIGHT - width, self.y), right, font=_font("sans-medium", 22), fill=0)
        self.y += 36

    def rule(self) -> None:
        """A dashed line over the paper."""
        for x in range(EDGE, RIGHT, DASH + GAP):
            self.draw.rectangle((x, self.y, min(x + DASH, RIGHT) - 1, self.y + RULE - 1), fill=0)
        self.y += 22

    def qr(self, content: str, x: int, y: int) -> int:
        """A QR code of level M; returns its side. The paper around it is its quiet zone."""
        code = segno.make(content, error="m", micro=False)
        rows = [bytes(row) for row in code.matrix]
        dots = max(FEWEST_DOTS, QR_SIDE // len(rows))
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    left, top = x + across * dots, y + down * dots
                    self.draw.rectangle((left, top, left + dots - 1, top + dots - 1), fill=0)
        return dots * len(rows)

    def column(self, words: str, px: int, x: int, y: int, height: int) -> None:
        """Mongolian from top to bottom: written lying and turned."""
        font = _font("mongolian", px)
        length = int(self.draw.textlength(words, font=font)) + 4
        lying = Image.new("L", (length, px * 2), 255)
        ImageDraw.Draw(lying).text((2, px // 3), words, font=font, fill=0)
        standing = lying.rotate(-90, expand=True)
        if standing.height > height:
            standing = standing.resize((standing.width, height), Image.Resampling.LANCZOS)
        self._paper.paste(
            ImageChops.darker(standing, self._paper.crop(_box(standing, x - px // 2, y))), (x - px // 2, y)
        )

    def done(self) -> Image.Image:
        """What was written, in black and white."""
        used = self._paper.crop((0, 0, WIDTH, min(self.y + 16, self.LONGEST)))
        return thick(
            used.point(lambda level: 255 if level > 140 else 0).convert("1", dither=Image.Dither.NONE)
        )


def _box(image: Image.Image, x: int, y: int) -> tuple[int, int, int, int]:
    return (x, y, x + image.width, y + image.height)


def thick(image: Image.Image) -> Image.Image:
    """The picture with every stroke at least two dots wide: a thermal head does not print thinner ones reliably.

    Every black dot that belongs to no black square of two by two gets one.
    """
    black = image.convert("L").point(lambda level: 0 if level else 255).convert("1", dither=Image.Dither.NONE)
    squares = ImageChops.logical_and(
        ImageChops.logical_and(black, _moved(black, -1, 0)),
        ImageChops.logical_and(_moved(black, 0, -1), _moved(black, -1, -1)),
    )
    covered = _grown(squares)
    thin = ImageChops.logical_and(black, ImageChops.invert(covered))
    return ImageChops.invert(ImageChops.logical_or(black, _grown(thin)))


def _grown(black: Image.Image) -> Image.Image:
    """Every dot as a square of two by two, to the right and down."""
    grown = ImageChops.logical_or(black, _moved(black, 1, 0))
    return ImageChops.logical_or(grown, _moved(grown, 0, 1))


def _moved(image: Image.Image, across: int, down: int) -> Image.Image:
    """The picture moved, white where nothing moves in."""
    moved = Image.new("1", image.size, 0)
    moved.paste(image, (across, down))
    return moved


@lru_cache(maxsize=32)
def _font(name: str, px: int) -> ImageFont.FreeTypeFont:
    weight = {"bold": "sans-bold"}.get(name, name)
    return ImageFont.truetype(fonts.path(weight), px, layout_engine=ImageFont.Layout.RAQM)
