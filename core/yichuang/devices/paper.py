"""Photographs of paper made fit to be read: cut to the sheet and squared, on a white ground, small enough to be kept."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 400 * 1024
"""Of a captured page: an A4 page at 200 dpi stays readable, sixty pages of a material stay below a PDF of the same."""
_LOOK = 400
"""Pixels of the longer side in which the sheet is looked for."""
_LEAST_CONTRAST = 45
"""Between mat and sheet, of 255; below it no edge can be trusted."""
_LEAST_SHARE, _MOST_SHARE = 0.08, 0.97
"""Of the photograph that a sheet takes up: less is a slip beside it, more is a sheet that fills it already."""
_SOLID = 0.93
"""Of the four-sided figure that must be bright: less is no sheet, or one that lies under a hand."""
_LIKE = 0.9
"""How alike opposite sides and the diagonals are, at least: a camera above a sheet hardly distorts it."""
_QUALITIES = (85, 75, 65)

Point = tuple[float, float]


def find_sheet(image: Image.Image) -> list[Point] | None:
    """The corners of the bright sheet on a darker ground: top left, top right, bottom right, bottom left.

    Returns:
        None where there is no such sheet, where it fills the picture, or where a corner lies outside.
    """
    from PIL import Image, ImageFilter

    small = image.convert("L")
    small.thumbnail((_LOOK, _LOOK), Image.Resampling.BOX)
    small = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.MinFilter(7))  # lettering is no ground
    level = _level(small.histogram())
    if level is None:
        return None
    width, height = small.size
    body = _largest(bytes(value > level for value in small.tobytes()), width, height)
    if len(body) < _LEAST_SHARE * width * height:
        return None
    corners = _corners(body, width)
    area = _area(corners)
    if area > _MOST_SHARE * (width - 1) * (height - 1) or min(area, len(body)) < _SOLID * max(
        area, len(body)
    ):
        return None
    if not _is_oblong(corners):
        return None
    across, down = image.width / width, image.height / height
    # A pixel of the small picture ends where the next begins: the far edges lie one pixel further.
    return [((x + (x > width / 2)) * across, (y + (y > height / 2)) * down) for x, y in corners]


def squared(image: Image.Image) -> Image.Image:
    """The sheet alone and upright; the picture as it is where none is found."""
    from PIL import Image

    corners = find_sheet(image)
    if corners is None:
        return image
    top_left, top_right, bottom_right, bottom_left = corners
    width = round(max(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right)))
    height = round(max(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right)))
    quad = (*top_left, *bottom_left, *bottom_right, *top_right)
    return image.transform((width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)


def whitened(image: Image.Image) -> Image.Image:
    """The same without the tint and the shadows of the ground; lettering and seals keep what sets them off from it."""
    from PIL import Image, ImageFilter, ImageMath

    ground = image.copy()
    ground.thumbnail((_LOOK, _LOOK), Image.Resampling.BOX)
    ground = ground.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(5))
    ground = ground.resize(image.size, Image.Resampling.BILINEAR)
    bands = [
        ImageMath.lambda_eval(
            lambda a: a["convert"](a["min"](a["band"] * 255 / (a["ground"] + 1), 255), "L"),
            band=band, ground=of_ground,
        )
        for band, of_ground in zip(image.split(), ground.split(), strict=True)
    ]  # fmt: skip
    return Image.merge(image.mode, bands)


def as_jpeg(image: Image.Image, most: int = MOST_BYTES) -> tuple[bytes, int, int]:
    """JPEG of at most so many bytes: first at a lower quality, then with fewer pixels.

    Returns:
        The bytes, and the width and height that were kept.
    """
    from PIL import Image

    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most:
                return out.getvalue(), image.width, image.height
        share = max(0.5, min(0.9, math.sqrt(most / out.tell())))
        size = max(1, round(image.width * share)), max(1, round(image.height * share))
        if size == image.size:
            return out.getvalue(), image.width, image.height
        image = image.resize(size, Image.Resampling.LANCZOS)


def _level(histogram: Sequence[int]) -> int | None:
    """The brightness that parts ground and sheet best (Otsu 1979), None where there are no two of them."""
    total, weight = sum(histogram), sum(value * count for value, count in enumerate(histogram))
    best, level, apart = 0.0, None, 0.0
    below = lit = 0
    for value, count in enumerate(histogram):
        below += count
        lit += value * count
        above = total - below
        if not below or not above:
            continue
        gap = (weight - lit) / above - lit / below
        between = below * above * gap * gap
        if between > best:
            best, level, apart = between, value, gap
    return level if apart >= _LEAST_CONTRAST else None


def _largest(bright: bytes, width: int, height: int) -> list[int]:
    """The largest connected bright area, as places in the picture."""
    waiting = bytearray(bright)
    largest: list[int] = []
    for start in range(width * height):
        if not waiting[start]:
            continue
        waiting[start] = 0
        found = [start]
        for place in found:  # grows while it is walked
            x = place % width
            for near, inside in (
                (place - 1, x > 0), (place + 1, x < width - 1), (place - width, place >= width),
                (place + width, place < width * (height - 1)),
            ):  # fmt: skip
                if inside and waiting[near]:
                    waiting[near] = 0
                    found.append(near)
        if len(found) > len(largest):
            largest = found
    return largest


def _corners(body: Sequence[int], width: int) -> list[Point]:
    """The outermost places towards the four corners of the picture: a sheet lies less than half a right angle askew."""
    places = [(place % width, place // width) for place in body]
    sums, differences = (lambda p: p[0] + p[1]), (lambda p: p[0] - p[1])
    return [
        min(places, key=sums), max(places, key=differences), max(places, key=sums), min(places, key=differences),
    ]  # fmt: skip


def _is_oblong(corners: Sequence[Point]) -> bool:
    """Whether opposite sides, and the diagonals, are alike."""
    a, b, c, d = corners
    pairs = ((a, b, d, c), (a, d, b, c), (a, c, b, d))
    lengths = [(math.dist(p, q), math.dist(r, s)) for p, q, r, s in pairs]
    return all(min(both) >= _LIKE * max(both) for both in lengths)


def _area(corners: Sequence[Point]) -> float:
    """Of the figure with these corners (shoelace formula)."""
    turned = [*corners[1:], corners[0]]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(corners, turned, strict=True))) / 2
