"""Texts: which glyph stands where."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.colours import Colour
from yichuang_seal.rules.ofd.document import Document
from yichuang_seal.rules.ofd.fonts import Fonts, FontSpec, Glyph
from yichuang_seal.rules.ofd.limits import BadPartError, Budget
from yichuang_seal.rules.ofd.pdf import exact, num, nums
from yichuang_seal.rules.ofd.styles import Style
from yichuang_seal.rules.ofd.values import attribute, children, is_true, number, numbers, offsets, text_of

_BOLD_FROM = 600
_BOLDER = 0.03
"""Width of the line around the glyphs of a font that has no bold, in sizes."""
_SLANT = math.tan(math.radians(12))
_NARROWEST = 0.5
_LARGE = 20.0


class _Sign(NamedTuple):
    """What stands for one or more characters: a glyph by its number, or (None) whatever draws the character."""

    char: str
    meaning: str
    glyph: int | None = None


class _Placed(NamedTuple):
    glyph: Glyph | None
    x: float
    y: float
    room: float


class _Line:
    """Operators that draw glyphs; glyphs that follow one another on a line are drawn in one go."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._run: list[str] = []
        self._place: tuple[float, ...] = ()
        self._font = ""
        self._y = self._pen = 0.0

    def state(self, operators: str) -> None:
        """Operators between glyphs."""
        self.end()
        self.out.append(operators)

    def add(self, glyph: Glyph, place: tuple[float, float, float, float], x: float, y: float) -> None:
        """A glyph at a place, its shape the four numbers of a matrix."""
        a, b, _c, _d = place
        if self._run and not b and (place, y, glyph.font.name) == (self._place, self._y, self._font):
            shift = round((self._pen - x) / a * 1000, 1)
            if shift:
                self._run.append(f">{shift:g}<" if abs(shift) < 1e5 else f">{num(shift)}<")
            self._pen -= shift * a / 1000
        else:
            self.end()
            if glyph.font.name != self._font:
                self._font = glyph.font.name
                self.out.append(f"/{self._font} 1 Tf")
            self.out.append(f"{exact(*place)} {nums(x, y)} Tm")
            self._place, self._y, self._pen = place, y, x
        self._run.append(f"{glyph.glyph:04X}")
        self._pen += glyph.advance * a

    def end(self) -> None:
        """Draw what was added."""
        if self._run:
            self.out.append(f"[<{''.join(self._run)}>] TJ")
            self._run = []


class Writer:
    """Writes text objects of a document."""

    def __init__(self, fonts: Fonts, document: Document, budget: Budget) -> None:
        self._fonts, self._document, self._budget = fonts, document, budget
        self._missing = 0

    def take_missing(self) -> int:
        """How many characters no font could draw since the last call."""
        missing, self._missing = self._missing, 0
        return missing

    def write(
        self, element: ET.Element, style: Style, fill: Colour | None, stroke: Colour | None
    ) -> list[str]:
        """The operators of a text object, in its own space.

        Args:
            element: The TextObject.
            style: How it is drawn.
            fill: Set already; its shading, if it has one, is painted afterwards, inside the text.
            stroke: Set already.
        """
        size = attribute(element, "Size", 0)
        if size <= 0:
            raise BadPartError("text without a size")
        spec = self._document.font(style.get("Font") or element.get("Font"))
        bold = attribute(element, "Weight", 400) >= _BOLD_FROM
        scale = attribute(element, "HScale", 1) or 1
        mode = 7 if fill and fill.special is not None else {(True, False): 0, (False, True): 1, (True, True): 2}.get(
            (fill is not None, stroke is not None), 3
        )  # fmt: skip
        italic = is_true(element, "Italic", False)
        turn = math.radians(attribute(element, "CharDirection", 0))
        ink = nums(*fill.rgb) if fill is not None else "0 0 0"
        line, boxes, heavy = _Line(), [], False
        line.state(f"{mode} Tr")
        for glyph, x, y, room in self._placed(element, spec, size, scale, bold):
            if glyph is None:
                boxes.append(f"{nums(x + size * 0.1, y, size * 0.8, -size * 0.8)} re")
                continue
            if (bold and glyph.own and not spec.bold and mode == 0) != heavy:
                heavy = not heavy
                line.state(f"{ink} RG {num(size * _BOLDER)} w 2 Tr" if heavy else "0 Tr")
            slanted = (italic and not spec.italic) or (spec.italic and not glyph.own)
            narrowed = _narrowed(glyph, room, size * scale)
            line.add(glyph, _matrix(size, scale * narrowed, turn, slanted), x, y)
        line.end()
        self._missing += len(boxes)
        out = ["BT", *line.out, "ET"]
        if boxes and fill is not None:
            out.append(f"{ink} RG {num(size * 0.03)} w\n" + "\n".join(boxes) + " S")
        return out

    def _placed(
        self, element: ET.Element, spec: FontSpec, size: float, scale: float, bold: bool
    ) -> Iterator[_Placed]:
        """Every glyph with its place; where the file says no distances the font's own are taken."""
        transforms = _transforms(element)
        direction = attribute(element, "ReadDirection", 0)
        along = (round(math.cos(math.radians(direction))), round(math.sin(math.radians(direction))))
        x = y = 0.0
        position = 0
        for code in children(element, "TextCode"):
            text = (code.text or "").replace("\r", "").replace("\n", "").replace("\t", " ")
            signs = _signs(text, position, transforms)
            position += len(text)
            self._budget.spend(len(signs))
            if size > _LARGE:
                self._budget.paint(size * size * len(signs))
            x, y = attribute(code, "X", x), attribute(code, "Y", y)
            across = _filled(offsets(code.get("DeltaX"), len(signs) - 1), len(signs))
            down = _filled(offsets(code.get("DeltaY"), len(signs) - 1), len(signs))
            at_x, at_y = x, y
            for index, sign in enumerate(signs):
                glyph = self._glyph(spec, sign, bold)
                own = (glyph.advance if glyph else 1.0) * size * scale
                given = bool(across or down)
                step_x = across[index] if across else 0.0 if given else own * along[0]
                step_y = down[index] if down else 0.0 if given else own * along[1]
                if glyph is not None or not _unseen(sign.char):
                    last = index == len(signs) - 1
                    yield _Placed(glyph, at_x, at_y, math.inf if last else math.hypot(step_x, step_y))
                at_x, at_y = at_x + step_x, at_y + step_y

    def _glyph(self, spec: FontSpec, sign: _Sign, bold: bool) -> Glyph | None:
        if sign.glyph is not None:
            found = self._fonts.for_glyph(spec, sign.glyph, sign.meaning)
            if found is not None:
                return found
        return self._fonts.for_character(spec, sign.char, bold) if sign.char else None


def _filled(values: list[float], count: int) -> list[float]:
    """Distances for every glyph: where there are too few the last one goes on."""
    return values + [values[-1]] * (count - len(values)) if values else []


def _unseen(char: str) -> bool:
    return not char or char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}


def _narrowed(glyph: Glyph, room: float, size: float) -> float:
    """A suite's glyph that is wider than the room the file's own font needed is made narrower."""
    if glyph.own or not room or glyph.advance * size <= room:
        return 1.0
    return max(room / (glyph.advance * size), _NARROWEST)


def _matrix(size: float, scale: float, turn: float, slanted: bool) -> tuple[float, float, float, float]:
    """From a glyph that stands upright to the page, whose y goes down."""
    a, b, c, d = size * scale, 0.0, size * _SLANT if slanted else 0.0, -size
    if turn:
        cos, sin = math.cos(turn), math.sin(turn)
        a, b, c, d = a * cos - b * sin, a * sin + b * cos, c * cos - d * sin, c * sin + d * cos
    return a, b, c, d


def _transforms(element: ET.Element) -> dict[int, tuple[int, list[int]]]:
    """From the position of a character to how many characters are replaced by which glyphs."""
    found = {}
    for each in children(element, "CGTransform"):
        count = max(int(attribute(each, "CodeCount", 1)), 1)
        glyphs = [int(value) for value in numbers(text_of(each, "Glyphs"))]
        wanted = each.get("GlyphCount")
        if wanted:
            glyphs = glyphs[: max(int(number(wanted)), 0)]
        found[int(attribute(each, "CodePosition", 0))] = count, glyphs
    return found


def _signs(text: str, position: int, transforms: dict[int, tuple[int, list[int]]]) -> list[_Sign]:
    signs: list[_Sign] = []
    at = 0
    while at < len(text):
        count, glyphs = transforms.get(position + at, (1, None))
        if glyphs is None:
            signs.append(_Sign(text[at], text[at]))
            at += 1
            continue
        codes = text[at : at + count]
        if len(glyphs) == len(codes):
            signs += [_Sign(char, char, glyph) for char, glyph in zip(codes, glyphs, strict=True)]
        else:
            signs += [
                _Sign(codes[0] if not n else "", codes if not n else "", glyph)
                for n, glyph in enumerate(glyphs)
            ]
        at += count
    return signs
