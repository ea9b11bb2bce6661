"""The fonts of a file as a PDF embeds them; what a file leaves out is drawn with the suite's own typefaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from yichuang_seal.rules.ofd.limits import BadPartError
from yichuang_seal.rules.ofd.pdf import PdfFile, nums
from yichuang_seal.rules.ofd.sfnt import Typeface

Faces = Callable[[str], Typeface]
"""The suite's typefaces by name: serif, serif-bold, sans, sans-bold."""

_SANS = re.compile(
    r"黑|圆|等线|雅|hei|yahei|gothic|sans|arial|helvetica|verdana|tahoma|calibri|dengxian", re.IGNORECASE
)
_BOLD = re.compile(r"粗|大标宋|小标宋|bold|heavy|black", re.IGNORECASE)


@dataclass(eq=False)
class PdfFont:
    """A typeface in the PDF.

    Attributes:
        name: Its name in the pages.
        used: The glyphs in use and what they mean.
    """

    name: str
    number: int
    face: Typeface
    used: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Glyph:
    """What draws a character.

    Attributes:
        own: It comes from the file and not from the suite.
    """

    font: PdfFont
    glyph: int
    advance: float
    own: bool


@dataclass(frozen=True, eq=False)
class FontSpec:
    """A font as the file names it; each is itself alone, so that it can stand for its typeface."""

    name: str
    bold: bool = False
    italic: bool = False
    program: bytes | None = None


class Fonts:
    """All typefaces of a PDF, each embedded once."""

    def __init__(self, pdf: PdfFile, faces: Faces) -> None:
        self._pdf, self._faces = pdf, faces
        self._known: dict[object, PdfFont | None] = {}
        self._glyphs: dict[tuple[FontSpec, str, bool], Glyph | None] = {}

    def embedded(self, spec: FontSpec) -> PdfFont | None:
        """The file's own typeface; None where it is not in the file, or cannot be used."""
        if spec.program is None:
            return None
        if spec not in self._known:
            try:
                face = Typeface(spec.program)
                face.program(())  # what cannot be cut now cannot be embedded at the end
            except BadPartError:
                self._known[spec] = None
            else:
                self._known[spec] = self._enter(face)
        return self._known[spec]

    def for_character(self, spec: FontSpec, char: str, bold: bool) -> Glyph | None:
        """What draws a character: the file's own font, else one of the suite that looks like it; None: nobody can."""
        key = spec, char, bold
        if key not in self._glyphs:
            self._glyphs[key] = self._found(spec, char, bold)
        return self._glyphs[key]

    def _found(self, spec: FontSpec, char: str, bold: bool) -> Glyph | None:
        own = self.embedded(spec)
        if own is not None and (glyph := own.face.glyph(ord(char))):
            return self._used(own, glyph, char, own=True)
        heavy = "-bold" if bold or spec.bold or _BOLD.search(spec.name) else ""
        for name in ("sans", "serif") if _SANS.search(spec.name) else ("serif", "sans"):
            font = self._suite(name + heavy)
            if glyph := font.face.glyph(ord(char)):
                return self._used(font, glyph, char, own=False)
        return None

    def for_glyph(self, spec: FontSpec, glyph: int, meaning: str) -> Glyph | None:
        """A glyph of the file's own font by its number; None where it has no such font or glyph."""
        own = self.embedded(spec)
        return (
            self._used(own, glyph, meaning, own=True)
            if own is not None and 0 <= glyph < own.face.glyphs
            else None
        )

    def _suite(self, name: str) -> PdfFont:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._enter(self._faces(name))
        return found

    def _enter(self, face: Typeface) -> PdfFont:
        number = self._pdf.reserve()
        return PdfFont(self._pdf.share("Font", number), number, face)

    def _used(self, font: PdfFont, glyph: int, meaning: str, *, own: bool) -> Glyph:
        font.used.setdefault(glyph, meaning)
        return Glyph(font, glyph, font.face.advance(glyph), own)

    def finish(self) -> None:
        """Write what is in use."""
        for font in self._known.values():
            if font is not None:
                self._write(font)

    def _write(self, font: PdfFont) -> None:
        pdf, face = self._pdf, font.face
        program = face.program(font.used)
        glyf = face.outlines == "glyf"
        name = f"OFD{font.number:03d}+Font"
        entries = f"/Length1 {len(program)}" if glyf else "/Subtype /CIDFontType0C"
        file = pdf.stream(entries, program)
        descriptor = pdf.add(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
            f"/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 /FontFile{2 if glyf else 3} {file} 0 R >>"
        )
        widths = " ".join(f"{glyph} [{nums(face.advance(glyph) * 1000)}]" for glyph in sorted(font.used))
        kind = "/CIDFontType2 /CIDToGIDMap /Identity" if glyf else "/CIDFontType0"
        below = pdf.add(
            f"<< /Type /Font /Subtype {kind} /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        )
        meanings = pdf.stream("", _to_unicode(font.used).encode("ascii"))
        pdf.put(
            font.number,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{below} 0 R] "
            f"/ToUnicode {meanings} 0 R >>",
        )


def _to_unicode(used: dict[int, str]) -> str:
    """What the glyphs mean, for whoever searches or copies the text."""
    entries = [
        f"<{glyph:04X}> <{meaning.encode('utf-16-be', 'replace').hex().upper()}>"
        for glyph, meaning in sorted(used.items())
        if meaning
    ]
    blocks = [
        "\n".join([f"{len(some)} beginbfchar", *some, "endbfchar"])
        for some in (entries[start : start + 100] for start in range(0, len(entries), 100))
    ]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Meanings def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        *blocks,
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ])  # fmt: skip
