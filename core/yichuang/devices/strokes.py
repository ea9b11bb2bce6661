"""Handwritten signatures: strokes as the pad gives them, and their picture."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy

Point: TypeAlias = Sequence[float]
"""x, y in pad units; milliseconds since the first point; pressure 0 to 1."""
Stroke: TypeAlias = Sequence[Point]

SMALLEST_INK = 3.0
"""Pad units that a signature must spread in its longer direction, in percent of the pad's height."""


def is_signature(strokes: Sequence[Stroke], width: float, height: float) -> bool:
    """Whether somebody wrote something: more than a dot or an accidental touch."""
    points = [point for stroke in strokes for point in stroke]
    if len(points) < 5:
        return False
    wide = max(point[0] for point in points) - min(point[0] for point in points)
    high = max(point[1] for point in points) - min(point[1] for point in points)
    return max(wide, high) >= min(width, height) * SMALLEST_INK / 100


def draw(strokes: Sequence[Stroke], width: int, height: int, *, scale: float = 1.0) -> bytes:
    """The signature as a PNG, black on transparent, thicker where the pen was pressed harder."""
    from PIL import Image, ImageDraw

    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    smooth = 2  # drawn twice as large and made smaller: Pillow draws lines without smoothing
    image = Image.new("LA", (size[0] * smooth, size[1] * smooth), (0, 0))
    pen = ImageDraw.Draw(image)
    factor = scale * smooth
    for stroke in strokes:
        for start, end in zip(stroke, [*stroke[1:], stroke[-1]], strict=True):
            thick = max(1.0, (1.5 + 2.5 * (start[3] + end[3]) / 2) * factor)
            line = (start[0] * factor, start[1] * factor, end[0] * factor, end[1] * factor)
            pen.line(line, fill=(0, 255), width=round(thick))
            radius = thick / 2
            pen.ellipse(
                (line[2] - radius, line[3] - radius, line[2] + radius, line[3] + radius),
                fill=(0, 255),
            )
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


FORMAT = "yichuang.strokes/1"
UNITS = {
    "x": "pad unit, from the left",
    "y": "pad unit, from the top",
    "t": "millisecond",
    "p": "share of the most, 0..1",
}
MOST_POINTS, MOST_SIDE, LONGEST_MS = 20_000, 20_000.0, 3_600_000


@dataclass(frozen=True)
class Signed:
    """Strokes on a pad of a size in pad units."""

    strokes: tuple[tuple[tuple[float, float, int, float], ...], ...]
    width: float
    height: float


def checked(strokes: Sequence[Stroke], width: float, height: float) -> Signed:
    """The strokes as they are kept: tenths of a pad unit, whole milliseconds, thousandths of the pressure.

    Raises:
        UserError: BAD_STROKES for what no pen can have written: outside the pad, backwards in time, not finite, too much.
    """
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):  # also refuses what is no number
        raise _bad("size")
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise _bad("points")
    kept, last = [], 0
    for stroke in strokes:
        points = []
        for point in stroke:
            if len(point) != 4 or not all(math.isfinite(value) for value in point):
                raise _bad("point")
            x, y, moment, pressure = point
            inside = 0 <= x <= width and 0 <= y <= height and 0 <= pressure <= 1
            if not inside or not last <= round(moment) <= LONGEST_MS:
                raise _bad("point")
            last = round(moment)
            points.append((round(float(x), 1), round(float(y), 1), last, round(float(pressure), 3)))
        if points:
            kept.append(tuple(points))
    return Signed(tuple(kept), round(float(width), 1), round(float(height), 1))


def trimmed(signed: Signed, margin: float = 8.0) -> Signed:
    """The same strokes on a pad that is just as large as they need, so that a picture of them fills its place on paper."""
    points = [point for stroke in signed.strokes for point in stroke]
    if not points:
        return signed
    left, top = min(p[0] for p in points) - margin, min(p[1] for p in points) - margin
    moved = tuple(tuple((x - left, y - top, t, p) for x, y, t, p in stroke) for stroke in signed.strokes)
    right, bottom = max(p[0] for p in points) + margin, max(p[1] for p in points) + margin
    return Signed(moved, right - left, bottom - top)


def encode(signed: Signed) -> bytes:
    """JSON with its units; the same signature always gives the same bytes, so that its hash stands for it."""
    plain = {
        "format": FORMAT, "units": UNITS, "width": signed.width, "height": signed.height,
        "strokes": [[list(point) for point in stroke] for stroke in signed.strokes],
    }  # fmt: skip
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def decode(data: bytes) -> Signed:
    """Back from `encode`.

    Raises:
        UserError: BAD_STROKES.
    """
    try:
        plain: Any = json.loads(data)
        if plain["format"] != FORMAT:
            raise _bad("format")
        return checked(plain["strokes"], plain["width"], plain["height"])
    except (ValueError, KeyError, TypeError) as error:
        raise _bad("format") from error


def _bad(what: str) -> UserError:
    return UserError(
        "BAD_STROKES",
        L("The signature cannot be read ({what}).", what=what),
        do=L("Clear it and sign again."),
    )
