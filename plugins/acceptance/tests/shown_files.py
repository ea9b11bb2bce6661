"""Stands where a plugin shows a kind of file that the suite cannot show itself."""

from __future__ import annotations

import io

from reportlab.pdfgen import canvas

from yichuang.api import Read, ShownFile, UserError, hookimpl

OFD = b"PK\x03\x04 an OFD file"
NOTE = "印章未经核验。"


def pdf(words: str = "OFD") -> bytes:
    """A page that can be drawn."""
    out = io.BytesIO()
    drawn = canvas.Canvas(out, pagesize=(200, 280))
    drawn.rect(20, 20, 160, 240, fill=1)
    drawn.drawString(40, 140, words)
    drawn.save()
    return out.getvalue()


class Shows:
    """Shows OFD files until it is told not to.

    Attributes:
        trouble: Raised in place of an answer.
        asked: The kinds it was asked for.
    """

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.asked: list[str] = []

    @hookimpl
    def file_as_pdf(self, read: Read, media_type: str, data: bytes) -> ShownFile | None:
        self.asked.append(media_type)
        if self.trouble is not None:
            raise self.trouble
        if b"damaged" in data:
            raise UserError("OFD_NOT_SHOWN", "这个文件打不开。", do="请改交 PDF。")
        return ShownFile(pdf(), NOTE)
