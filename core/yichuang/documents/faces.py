"""The embedded typefaces, each loaded once per process on first use, and what reportlab needs corrected for them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

L = words.lazy

DRAWING = threading.RLock()
"""Held while anything is drawn: reportlab's fonts keep a read position and are not safe to share between threads."""

_loaded: dict[str, Face] = {}


@dataclass(frozen=True, eq=False)
class Face:
    """A registered typeface.

    Attributes:
        name: serif, sans or mongolian; also its name in reportlab.
        glyphs: Code points it draws.
        widths: Advance of a code point in thousandths of the size.
        shaped: Whether its letters join, so that runs have to be shaped before drawing.
    """

    name: str
    font: TTFont
    glyphs: Mapping[int, int] = field(repr=False)
    widths: Mapping[int, float] = field(repr=False)
    shaped: bool = False


def face(name: str) -> Face:
    """The typeface of that name, loaded on first use (about 0.1 s).

    Raises:
        UserError: FONT_MISSING.
    """
    found = _loaded.get(name)
    if found is None:
        with DRAWING:
            found = _loaded.get(name) or _load(name)
            _loaded[name] = found
    return found


def mongolian() -> Face | None:
    """The face whose letters join, or None where it is not installed: papers then show boxes, and are still made."""
    from yichuang_resources import fonts

    return face("mongolian") if "mongolian" in _loaded or "mongolian" in fonts.available() else None


def font_file(name: str) -> Path:
    """The TrueType file of a typeface: sans, sans-bold, serif, serif-bold and others.

    Raises:
        UserError: FONT_MISSING.
    """
    from yichuang_resources import fonts

    try:
        return fonts.path(name)
    except fonts.FontMissingError as error:
        raise UserError(
            "FONT_MISSING",
            L("The font “{name}” that papers are printed with is not installed.", name=name),
            do=L("Ask the administrator to run the set-up again; it makes the fonts."),
        ) from error


def _load(name: str) -> Face:
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics, ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode
    font = ttfonts.TTFont(name, str(font_file(name)), asciiReadable=False)
    shaped = name == "mongolian"
    if shaped:
        _give_every_glyph_a_code(font)
    pdfmetrics.registerFont(font)
    if name == "serif":
        rl_config.canvas_basefontname = name  # or every file would name Helvetica, which is never embedded
        rl_config.useA85 = 0  # streams in base 85 are larger and take a third of the time
    return Face(name, font, font.face.charToGlyph, font.face.charWidths, shaped)


def _give_every_glyph_a_code(font: TTFont) -> None:
    """Give glyphs that no character names (the joined letters) a private code, in glyph order.

    reportlab hands such codes out as it meets the glyphs, so that the same paper would differ from process to process.
    """
    code = 0xE000
    glyphs = font.face
    for glyph in range(1, glyphs.numGlyphs):
        if glyph in glyphs.glyphToChar:
            continue
        while code in glyphs.charToGlyph:
            code += 1
        glyphs.charToGlyph[code] = glyph
        glyphs.glyphToChar[glyph] = [code]
        glyphs.charWidths[code] = font.pdfScale(glyphs.hmetrics[glyph][0])
        code += 1


def to_unicode(fontname: str, subset: list[int]) -> str:
    """The ToUnicode map of a subset font, in place of reportlab 5.1's.

    That one writes code points above U+FFFF as they are instead of in UTF-16, so that rare characters of names are seen
    right and copied wrong, and puts more than the allowed 100 entries into a block (Adobe TN 5411).
    """
    entries = [
        f"<{index:02X}> <{chr(code).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for index, code in enumerate(subset)
        if code
    ]
    blocks: list[str] = []
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({fontname})",
            f"/Ordering ({fontname})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{fontname} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
