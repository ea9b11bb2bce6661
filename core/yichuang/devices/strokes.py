"""Handwritten signatures: strokes as the pad gives them, and their picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TypeAlias

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
