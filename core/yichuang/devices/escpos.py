"""Tickets for thermal printers: a picture as ESC/POS raster, so that no printer font has to know Chinese or Mongolian.

python-escpos encodes the picture and speaks USB. What a printer says about its paper is read here: the library takes a
printer that says nothing for one with plenty of paper.
"""

from __future__ import annotations

import io
import tempfile
from functools import cache
from typing import Any

ASK_PAPER = b"\x10\x04\x04"
"""DLE EOT 4: the paper sensors, answered with one byte."""
ROWS_AT_ONCE = 256
"""Rows of one raster command; small printers have little memory."""
WIDEST = 640
"""Dots of the widest head in use (80 mm paper: 576, some 640)."""


@cache
def library() -> Any:
    """The printers of python-escpos; the first import takes a second.

    It leaves a folder in the system's temporary one at every import; that goes into one which is removed.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            from escpos import printer
        finally:
            tempfile.tempdir = before
    return printer


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
    # A fixed threshold keeps characters sharp; the library would dither, which frays them.
    page = grey.point(lambda level: 255 if level >= 128 else 0).convert("1", dither=Image.Dither.NONE)
    printer = library().Dummy()
    # The library complains on the standard output about a profile without a width.
    printer.profile.profile_data = {**printer.profile.profile_data, "media": {"width": {"pixels": WIDEST}}}
    printer.hw("INIT")
    printer.image(page, fragment_height=ROWS_AT_ONCE)
    if cut:
        printer.cut(feed=False)  # GS V B 0: the printer itself moves the paper's end past the knife
    return bytes(printer.output)


def paper_state(answer: bytes) -> str:
    """What the printer says to `ASK_PAPER`: ok, low, out, or unknown."""
    if len(answer) != 1 or answer[0] & 0b1001_0011 != 0b0001_0010:  # the fixed bits of every status byte
        return "unknown"
    if answer[0] & 0b0110_0000:
        return "out"
    return "low" if answer[0] & 0b0000_1100 else "ok"
