"""Turns drawn outlines into the bytes of TrueType glyphs; fontTools' general writer takes three times as long.

The format is the `glyf` table of the OpenType specification. 31,000 glyphs a face make the difference between half
a minute and two at set-up.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from fontTools.cu2qu.cu2qu import curve_to_quadratic

Point = tuple[float, float]
ON_CURVE, X_SHORT, Y_SHORT, X_SAME, Y_SAME = 1, 2, 4, 16, 32
# One unit of error in 1,000 is below what a 1,200 dpi printer shows at 20 points.
CUBIC_ERROR = 1.0


@dataclass
class OutlinePen:
    """Collects what HarfBuzz draws as contours of (x, y, on curve), all curves quadratic.

    Attributes:
        reverse: Whether to turn the contours round: CFF fills to the other side than TrueType.
        contours: What was drawn so far.
    """

    reverse: bool = False
    contours: list[list[tuple[int, int, bool]]] = field(default_factory=list)
    _here: Point = (0.0, 0.0)

    def moveTo(self, point: Point) -> None:
        """Begins a contour."""
        self.contours.append([])
        self._add(point, True)

    def lineTo(self, point: Point) -> None:
        """Draws a straight line."""
        self._add(point, True)

    def qCurveTo(self, control: Point, point: Point) -> None:
        """Draws a quadratic curve."""
        self._add(control, False)
        self._add(point, True)

    def curveTo(self, first: Point, second: Point, point: Point) -> None:
        """Draws a cubic curve as quadratic ones."""
        *controls, last = curve_to_quadratic((self._here, first, second, point), CUBIC_ERROR)[1:]
        for control in controls:
            self._add(control, False)
        self._add(last, True)

    def closePath(self) -> None:
        """Ends a contour; what encloses no area is dropped."""
        contour = self.contours[-1]
        if len(contour) > 1 and contour[0] == contour[-1]:
            contour.pop()
        if len(contour) < 3:
            self.contours.pop()
        elif self.reverse:
            contour.reverse()

    def _add(self, point: Point, on: bool) -> None:
        """Adds a point; a point on the curve that its two controls imply is left out, as TrueType allows."""
        contour = self.contours[-1]
        x, y = round(point[0]), round(point[1])
        if not on and len(contour) > 2 and contour[-1][2] and not contour[-2][2]:
            before, middle = contour[-2], contour[-1]
            if abs(before[0] + x - 2 * middle[0]) <= 1 and abs(before[1] + y - 2 * middle[1]) <= 1:
                contour.pop()
        contour.append((x, y, on))
        self._here = point


def bounds(contours: list[list[tuple[int, int, bool]]]) -> tuple[int, int, int, int]:
    """Returns the least and the greatest x and y as (x min, y min, x max, y max); zeros for an empty glyph."""
    xs = [point[0] for contour in contours for point in contour]
    ys = [point[1] for contour in contours for point in contour]
    return (min(xs), min(ys), max(xs), max(ys)) if xs else (0, 0, 0, 0)


def encode(contours: list[list[tuple[int, int, bool]]]) -> bytes:
    """Returns the bytes of a simple glyph, or none for an empty one."""
    if not contours:
        return b""
    flags, xs, ys = bytearray(), bytearray(), bytearray()
    last_x = last_y = 0
    for contour in contours:
        for x, y, on in contour:
            flag = ON_CURVE if on else 0
            flag |= _delta(x - last_x, xs, X_SHORT, X_SAME)
            flag |= _delta(y - last_y, ys, Y_SHORT, Y_SAME)
            flags.append(flag)
            last_x, last_y = x, y
    ends, total = [], 0
    for contour in contours:
        total += len(contour)
        ends.append(total - 1)
    head = struct.pack(">h4h", len(contours), *bounds(contours)) + struct.pack(f">{len(ends)}H", *ends)
    data = head + b"\0\0" + bytes(flags) + bytes(xs) + bytes(ys)
    return data + b"\0" * (-len(data) % 4)


def _delta(step: int, out: bytearray, short: int, same: int) -> int:
    """Writes one coordinate's step to `out` and returns its flag bits."""
    if step == 0:
        return same
    if -256 < step < 256:
        out.append(abs(step))
        return short | (same if step > 0 else 0)
    out += struct.pack(">h", step)
    return 0
