"""QR and bar codes as plain rectangles, worked out once for each text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_WIDEST_MODULE = 0.935
"""Points (0.33 mm): the module a desk's hand scanner is made for."""


@lru_cache(maxsize=512)
def _qr_bars(text: str) -> tuple[int, str]:
    """Side in modules without the quiet zone, and the dark runs as PDF rectangles of one module's height."""
    import segno

    # a fixed mask: weighing all eight takes as long as the rest of the page, and readers take any
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False, mask=0).matrix]
    bars: list[str] = []
    for number, row in enumerate(rows):
        end = 0
        while (start := row.find(1, end)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            bars.append(f"{start} {len(rows) - 1 - number} {end - start} 1 re")
    return len(rows), " ".join(bars)


@lru_cache(maxsize=512)
def _code128_bars(text: str) -> tuple[int, str]:
    """Width in modules, and the bars as PDF rectangles of height 1."""
    from reportlab.graphics.barcode.code128 import Code128

    code = Code128(text, quiet=False, humanReadable=False)
    code.validate()
    code.encode()
    code.decompose()
    bars: list[str] = []
    x = 0
    for letter in code.decomposed:  # a to d: spaces of one to four modules, A to D: bars
        width = ord(letter.upper()) - ord("A") + 1
        if letter.isupper():
            bars.append(f"{x} 0 {width} 1 re")
        x += width
    return x, " ".join(bars)


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """A QR code (level M) whose dark square has its lower left corner at (x, y); the caller keeps the quiet zone."""
    modules, bars = _qr_bars(text)
    _fill(canvas, bars, x, y, side / modules, side / modules)


def draw_code128(canvas: Canvas, text: str, x: float, y: float, width: float, height: float) -> None:
    """A Code 128 that ends at x + width; its modules are as wide as fit the width, at most 0.33 mm."""
    modules, bars = _code128_bars(text)
    module = min(width / modules, _WIDEST_MODULE)
    _fill(canvas, bars, x + width - modules * module, y, module, height)


def _fill(canvas: Canvas, bars: str, x: float, y: float, across: float, up: float) -> None:
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.translate(x, y)
    canvas.scale(across, up)
    canvas._code.append(f"{bars} f")
    canvas.restoreState()
