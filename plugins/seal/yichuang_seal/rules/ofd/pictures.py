"""Pictures as a PDF keeps them; JPEG stays as it is, everything else is unpacked once."""

from __future__ import annotations

import io
import warnings
import zlib
from typing import TYPE_CHECKING

from yichuang_seal.rules.ofd.limits import BadPartError, Budget
from yichuang_seal.rules.ofd.pdf import PdfFile

if TYPE_CHECKING:
    from PIL import Image

_LARGEST_RGB = 12_000_000
"""Pixels: A4 in colour at 350 dpi. What has more is made smaller."""
_LEVEL = 1


def picture(pdf: PdfFile, budget: Budget, data: bytes, mask: bytes | None = None) -> tuple[int, int]:
    """A picture as an object of the PDF; returns its number and how many pixels it has.

    Args:
        pdf: The file.
        budget: Pays for its pixels.
        data: PNG, JPEG, BMP, GIF, TIFF.
        mask: A picture whose brightness says how much of this one is seen.

    Raises:
        BadPartError: It cannot be read, or is too large.
    """
    image = _opened(data, budget)
    pixels = image.width * image.height
    alpha = ""
    if mask is not None:
        alpha = _alpha(pdf, _loaded(_opened(mask, budget)).convert("L"))
    if image.format == "JPEG" and image.mode in {"RGB", "L"}:
        space = "RGB" if image.mode == "RGB" else "Gray"
        entries = _entries(image, space, 8, alpha) + " /Filter /DCTDecode"
        return pdf.stream(entries, data, packed=True), pixels
    image = _smaller(_loaded(image))
    if not alpha and (image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info):
        image = image.convert("RGBA")
        alpha = _alpha(pdf, image.getchannel("A"))
    if image.mode == "1":
        return _packed(pdf, image, "Gray", 1, alpha), pixels
    if image.mode in {"L", "I;16"}:
        return _packed(pdf, image.convert("L"), "Gray", 8, alpha), pixels
    return _packed(pdf, image.convert("RGB"), "RGB", 8, alpha), pixels


def _opened(data: bytes, budget: Budget) -> Image.Image:
    """The picture, its pixels not read yet."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the budget decides
            image = Image.open(io.BytesIO(data))
    except Exception as error:
        raise BadPartError("picture") from error
    budget.picture(image.width, image.height, unpacked=image.format != "JPEG")
    return image


def _loaded(image: Image.Image) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except Exception as error:
        raise BadPartError("picture") from error
    return image


def _smaller(image: Image.Image) -> Image.Image:
    pixels = image.width * image.height
    if image.mode == "1" or pixels <= _LARGEST_RGB:
        return image
    factor = 2
    while pixels > _LARGEST_RGB * factor * factor:
        factor += 1
    small = (image.convert("RGBA") if image.mode in {"P", "PA"} else image).reduce(factor)
    small.info = dict(image.info)
    return small


def _alpha(pdf: PdfFile, channel: Image.Image) -> str:
    number = _packed(pdf, _loaded(channel), "Gray", 8, "")
    return f" /SMask {number} 0 R"


def _packed(pdf: PdfFile, image: Image.Image, space: str, bits: int, alpha: str) -> int:
    data = zlib.compress(image.tobytes(), _LEVEL)
    return pdf.stream(_entries(image, space, bits, alpha) + " /Filter /FlateDecode", data, packed=True)


def _entries(image: Image.Image, space: str, bits: int, alpha: str) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /ColorSpace /Device{space} "
        f"/BitsPerComponent {bits} /Interpolate true{alpha}"
    )
