"""Typefaces as files: which glyph draws a character, how wide it is, and the part of a file that a page needs.

TrueType outlines are cut down to the glyphs in use, whose numbers stay; CFF outlines are small in OFD files and stay whole.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable
from itertools import pairwise

from yichuang_seal.rules.ofd.limits import BadPartError

_MOST_CODES = 200_000
_KEPT = ("cvt ", "fpgm", "prep")
"""Tables that the outlines of glyphs in use are run with."""
_COMPOSITE_MORE, _COMPOSITE_WORDS, _ARGS = 0x20, 0x1, ((0x8, 2), (0x40, 4), (0x80, 8))


class Typeface:
    """A font file.

    Attributes:
        glyphs: How many it has.
        outlines: `glyf` or `CFF `.

    Raises:
        BadPartError: It is no font that can be used.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._codes: dict[int, int] | None = None
        self._tables: dict[str, tuple[int, int]] = {}
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise BadPartError("font") from error

    def _open(self) -> None:
        start = self._data[:4]
        if start == b"\x01\x00\x04\x01" or start[:3] == b"\x01\x00\x04":  # CFF outlines without a frame
            self._tables = {"CFF ": (0, len(self._data))}
            self.outlines, self.glyphs, self._units, self._metrics = "CFF ", 65535, 1000, 0
            return
        offset = struct.unpack_from(">I", self._data, 12)[0] if start == b"ttcf" else 0
        for number in range(struct.unpack_from(">H", self._data, offset + 4)[0]):
            tag, _, begin, size = struct.unpack_from(">4sIII", self._data, offset + 12 + 16 * number)
            if begin + size <= len(self._data):
                self._tables[tag.decode("latin-1")] = begin, size
        self.outlines = "glyf" if "glyf" in self._tables else "CFF "
        if not {self.outlines, "head", "maxp", "hhea", "hmtx"} <= self._tables.keys():
            raise BadPartError("font without outlines or measures")
        self.glyphs = self._number("maxp", 4, "H")
        self._units = self._number("head", 18, "H") or 1000
        self._metrics = self._number("hhea", 34, "H")
        if self.outlines == "glyf":
            self._wide = self._number("head", 50, "h")
            self._table("loca")

    def _number(self, table: str, offset: int, form: str) -> int:
        return int(struct.unpack_from(">" + form, self._data, self._tables[table][0] + offset)[0])

    def _table(self, name: str) -> bytes:
        if name not in self._tables:
            raise BadPartError(f"font without {name}")
        begin, size = self._tables[name]
        return self._data[begin : begin + size]

    def glyph(self, code: int) -> int:
        """The glyph of a character, 0 where there is none."""
        if self._codes is None:
            try:
                self._codes = _codes(self._table("cmap")) if "cmap" in self._tables else {}
            except (struct.error, IndexError):
                self._codes = {}
        found = self._codes.get(code) or self._codes.get(0xF000 + code, 0)  # a symbol font counts from F000
        return found if found < self.glyphs else 0

    def advance(self, glyph: int) -> float:
        """The width of a glyph at size 1."""
        if not self._metrics:
            return 1.0
        try:
            return self._number("hmtx", 4 * min(glyph, self._metrics - 1), "H") / self._units
        except struct.error:
            return 1.0

    def program(self, used: Iterable[int]) -> bytes:
        """What a PDF embeds: a TrueType file with the glyphs in use alone, or the CFF outlines.

        Raises:
            BadPartError: The outlines make no sense.
        """
        try:
            return self._cut(set(used)) if self.outlines == "glyf" else numbered_by_glyph(self._table("CFF "))
        except (struct.error, IndexError) as error:
            raise BadPartError("font") from error

    def _outline(self, glyph: int) -> bytes:
        """The outline of a glyph, empty where it has none."""
        if glyph >= self.glyphs:
            return b""
        begin, end = (
            (self._number("loca", 4 * glyph, "I"), self._number("loca", 4 * glyph + 4, "I"))
            if self._wide
            else (2 * self._number("loca", 2 * glyph, "H"), 2 * self._number("loca", 2 * glyph + 2, "H"))
        )
        start, size = self._tables["glyf"]
        return self._data[start + begin : start + end] if begin < end <= size else b""

    def _cut(self, used: set[int]) -> bytes:
        outlines: dict[int, bytes] = {}
        waiting = [0, *used]
        while waiting:
            glyph = waiting.pop()
            if glyph not in outlines:
                outlines[glyph] = self._outline(glyph)
                waiting += _parts(outlines[glyph])
        count = min(max(outlines), self.glyphs - 1) + 1
        body, metrics = bytearray(), bytearray(4 * count)
        places = array("I", bytes(4 * (count + 1)))
        before = 0
        for glyph in sorted(each for each in outlines if each < count):
            places[before + 1 : glyph + 1] = array("I", [len(body)]) * (glyph - before)
            body += outlines[glyph] + b"\0" * (-len(outlines[glyph]) % 4)
            struct.pack_into(">H", metrics, 4 * glyph, round(self.advance(glyph) * self._units) & 0xFFFF)
            before = glyph
        places[before + 1 :] = array("I", [len(body)]) * (count - before)
        if sys.byteorder == "little":
            places.byteswap()
        head, hhea, maxp = (bytearray(self._table(name)) for name in ("head", "hhea", "maxp"))
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        struct.pack_into(">H", hhea, 34, count)
        struct.pack_into(">H", maxp, 4, count)
        tables = {"head": bytes(head), "hhea": bytes(hhea), "maxp": bytes(maxp), "hmtx": bytes(metrics),
                  "loca": places.tobytes(), "glyf": bytes(body) or b"\0"}  # fmt: skip
        return _framed({**tables, **{name: self._table(name) for name in _KEPT if name in self._tables}})


def _parts(outline: bytes) -> list[int]:
    """The glyphs that a composite outline is made of."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, at, more = [], 10, True
    while more:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        found.append(glyph)
        at += 8 if flags & _COMPOSITE_WORDS else 6
        at += next((size for flag, size in _ARGS if flags & flag), 0)
        more = bool(flags & _COMPOSITE_MORE)
    return found


def _framed(tables: dict[str, bytes]) -> bytes:
    """Tables as a font file. Checksums are left at zero: nobody who draws from a PDF looks at them."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    out = bytearray(
        struct.pack(">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    )
    at, body = 12 + 16 * count, bytearray()
    for name in sorted(tables):
        out += struct.pack(">4sIII", name.encode("latin-1"), 0, at + len(body), len(tables[name]))
        body += tables[name] + b"\0" * (-len(tables[name]) % 4)
    return bytes(out + body)


def _codes(cmap: bytes) -> dict[int, int]:
    """The glyph of every character, from the table that knows most of them."""
    ranks = {
        (3, 10): 5,
        (0, 6): 5,
        (0, 4): 5,
        (3, 1): 4,
        (0, 3): 3,
        (0, 2): 3,
        (0, 1): 3,
        (0, 0): 3,
        (3, 0): 2,
        (1, 0): 1,
    }
    found = []
    for number in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * number)
        found.append((ranks.get((platform, encoding), 0), offset))
    readers = {0: _bytes_table, 4: _segments, 6: _trimmed, 12: _groups}
    for _rank, offset in sorted(found, reverse=True):
        reader = readers.get(struct.unpack_from(">H", cmap, offset)[0])
        if reader is not None:
            return reader(cmap[offset:])
    return {}


def _bytes_table(table: bytes) -> dict[int, int]:
    return dict(enumerate(table[6:262]))


def _trimmed(table: bytes) -> dict[int, int]:
    first, count = struct.unpack_from(">HH", table, 6)
    return dict(enumerate(struct.unpack_from(f">{count}H", table, 10), first))


def _segments(table: bytes) -> dict[int, int]:
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends, starts, shifts, ranges = (
        struct.unpack_from(f">{count}H", table, 14 + 2 * count * row + (2 if row else 0)) for row in range(4)
    )
    codes: dict[int, int] = {}
    left = _MOST_CODES
    for row, (start, end, shift, where) in enumerate(zip(starts, ends, shifts, ranges, strict=True)):
        left -= max(end - start + 1, 1)
        if left < 0:
            break
        base = 16 + 6 * count + 2 * row + where
        for code in range(start, min(end, 0xFFFE) + 1):
            if not where:
                codes[code] = (code + shift) & 0xFFFF
            elif base + 2 * (code - start) + 2 <= len(table):
                glyph = struct.unpack_from(">H", table, base + 2 * (code - start))[0]
                codes[code] = (glyph + shift) & 0xFFFF if glyph else 0
    return codes


def _groups(table: bytes) -> dict[int, int]:
    codes: dict[int, int] = {}
    left = _MOST_CODES
    for number in range(min(struct.unpack_from(">I", table, 12)[0], (len(table) - 16) // 12)):
        start, end, glyph = struct.unpack_from(">III", table, 16 + 12 * number)
        left -= max(end - start + 1, 1)
        if left < 0:
            break
        codes.update(zip(range(start, end + 1), range(glyph, glyph + end - start + 1), strict=True))
    return codes


# ---- CFF (Adobe TN 5176) ----

_ROS, _CHARSET, _GLYPHS = 1230, 15, 17


def numbered_by_glyph(cff: bytes) -> bytes:
    """CFF outlines in which a character is asked for by the number of its glyph.

    A font with character identifiers (CID) of its own gets a plain list of them instead, so that both are the same.
    """
    at, names = _index(cff, cff[2])
    at, tops = _index(cff, at)
    if not names or len(tops) != 1:
        raise BadPartError("CFF without a font")
    operands = _dict(cff, *tops[0])
    if _ROS not in operands:
        return cff
    place = operands.get(_CHARSET, 0)
    count = struct.unpack_from(">H", cff, operands.get(_GLYPHS, 0))[0]
    if not 2 < place <= len(cff) - 3 or cff[place] > 2 or count < 3:
        raise BadPartError("CFF without a charset")
    # One range from 1 on. The shortest list that was there for so many glyphs has room for it in every format.
    short = cff[place] == 1 and count <= 257
    plain = struct.pack(">BHB", 1, 1, count - 2) if short else struct.pack(">BHH", 2, 1, count - 2)
    return cff[:place] + plain + cff[place + len(plain) :]


def _index(cff: bytes, at: int) -> tuple[int, list[tuple[int, int]]]:
    """Where an INDEX ends, and where each of its items begins and ends."""
    count = struct.unpack_from(">H", cff, at)[0]
    if not count:
        return at + 2, []
    size = cff[at + 2]
    if not 1 <= size <= 4:
        raise BadPartError("CFF index")
    places = [
        int.from_bytes(cff[at + 3 + size * n : at + 3 + size * (n + 1)], "big") for n in range(count + 1)
    ]
    base = at + 2 + size * (count + 1)
    return base + places[-1], [(base + a, base + b) for a, b in pairwise(places)]


def _dict(cff: bytes, at: int, end: int) -> dict[int, int]:
    """The last operand of every operator, where it is a whole number."""
    found: dict[int, int] = {}
    last = 0
    while at < end:
        byte = cff[at]
        if byte <= 21:
            found[1200 + cff[at + 1] if byte == 12 else byte] = last
            at += 2 if byte == 12 else 1
        elif byte == 28:
            last, at = struct.unpack_from(">h", cff, at + 1)[0], at + 3
        elif byte == 29:
            last, at = struct.unpack_from(">i", cff, at + 1)[0], at + 5
        elif byte == 30:  # a real number ends with a half byte F
            at += 1
            while at < end and cff[at] & 0xF != 0xF and cff[at] >> 4 != 0xF:
                at += 1
            at += 1
        elif byte < 247:
            last, at = byte - 139, at + 1
        else:
            high = (byte - 247) * 256 + 108 if byte < 251 else -(byte - 251) * 256 - 108
            last, at = high + cff[at + 1] if byte < 251 else high - cff[at + 1], at + 2
    return found
