"""Tickets for thermal printers: a picture as ESC/POS raster, so that no printer font has to know Chinese or Mongolian."""

from __future__ import annotations

import io

INIT = b"\x1b@"
FEED_AND_CUT = b"\x1dVB\x50"
"""GS V B n: feed n dots past the knife, then cut."""
ASK_PAPER = b"\x10\x04\x04"
"""DLE EOT 4: the paper sensors, answered with one byte."""
ROWS_AT_ONCE = 256
"""Rows of one raster command; small printers have little memory."""
WIDEST = 640
"""Dots of the widest head in use (80 mm paper: 576, some 640)."""


def raster(png: bytes, *, cut: bool = True) -> bytes:
    """The bytes that print a picture in black and white.

    Args:
        png: Any image Pillow reads, at the printer's resolution, at most `WIDEST` dots wide.
        cut: Whether the paper is cut behind it.

    Raises:
        ValueError: Not an image, or too wide.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(png)) as picture:
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError("not an image") from error
    if grey.width > WIDEST:
        raise ValueError(f"{grey.width} dots are too wide for a ticket")
    columns = -(-grey.width // 8)
    page = Image.new("L", (columns * 8, grey.height), 255)
    page.paste(grey)
    # 1 is black for the printer and white for Pillow. A fixed threshold keeps characters sharp where dithering frays.
    bits = (
        page.point(lambda level: 0 if level >= 128 else 255).convert("1", dither=Image.Dither.NONE).tobytes()
    )
    parts = [INIT]
    for top in range(0, grey.height, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, grey.height - top)
        parts.append(b"\x1dv0\0" + columns.to_bytes(2, "little") + rows.to_bytes(2, "little"))
        parts.append(bits[top * columns : (top + rows) * columns])
    if cut:
        parts.append(FEED_AND_CUT)
    return b"".join(parts)


def paper_state(answer: bytes) -> str:
    """What the printer says to `ASK_PAPER`: ok, low, out, or unknown."""
    if len(answer) != 1 or answer[0] & 0b1001_0011 != 0b0001_0010:  # the fixed bits of every status byte
        return "unknown"
    if answer[0] & 0b0110_0000:
        return "out"
    return "low" if answer[0] & 0b0000_1100 else "ok"
