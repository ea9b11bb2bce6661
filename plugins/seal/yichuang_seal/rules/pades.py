"""Signed PDF with a visible seal: PAdES baseline B-B written and verified by pyHanko.

The seal is an annotation whose picture is multiplied onto the page, so text under it stays readable in every
viewer. What costs time is done once per seal and kept in a `Sealer`: loading the key, the certificate and
compressing the picture.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.stamp import StaticStampStyle

from yichuang_seal.rules.cms import SignatureMaker
from yichuang_seal.rules.paper import OpenPaper
from yichuang_seal.rules.placement import POINTS_PER_MM, Place, check_place, to_points

_HASH = "sha256"
_WHOLE_BOX = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0))
_RESERVED = 4096  # hex digits kept free for the signature: 2,000, with the longest names 3,000


class _Ink(PdfContent):
    """The seal picture as PDF content, multiplied onto what lies below it.

    The PNG of `picture.draw_seal` holds one grey step of four bits a pixel that means opacity; PDF reads the
    compressed rows of a PNG as they are, so they become the soft mask unchanged, over a picture of one
    colour.
    """

    def __init__(self, png: bytes, side: float) -> None:
        super().__init__(box=BoxConstraints(width=side, height=side))
        self._picture = _read_png(png)

    def render(self) -> bytes:
        picture, writer = self._picture, self._ensure_writer
        mask = _stream(
            {
                **_image_keys(picture.size, bits=4),
                "/ColorSpace": "/DeviceGray",
                "/DecodeParms": {"/Predictor": 15, "/BitsPerComponent": 4, "/Columns": picture.size},
            },
            picture.rows,
        )
        image = _stream(
            {
                **_image_keys(picture.size, bits=1),
                "/ColorSpace": ["/Indexed", "/DeviceRGB", 0, picture.colour],
                "/SMask": writer.add_object(mask),
            },
            picture.plane,
        )
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Seal"), writer.add_object(image))
        self.set_resource(ResourceType.EXT_G_STATE, pdf_name("/Ink"), _pdf({"/BM": "/Multiply"}))
        return b"q /Ink gs %g 0 0 %g 0 0 cm /Seal Do Q" % (self.box.width, self.box.height)


@dataclass(frozen=True)
class _Picture:
    """A seal PNG taken apart: side in pixels, colour, opacity rows and one-colour plane, both compressed."""

    size: int
    colour: bytes
    rows: bytes
    plane: bytes


class Sealer:
    """A seal ready to stamp: key, certificate and picture loaded. Safe to use from several threads."""

    def __init__(self, *, key: bytes, certificate: bytes, picture: bytes, diameter: float) -> None:
        self._signatures = SignatureMaker(certificate=certificate, key=key)
        self._picture = picture
        self.diameter = diameter

    def stamp(self, paper: OpenPaper, place: Place, *, reason: str, moment: datetime) -> bytes:
        """Add the visible seal and the signature as one incremental update; the bytes given stay as they are.

        Args:
            paper: The document.
            place: Where the seal goes.
            reason: Written into the signature; readers show it.
            moment: Time of stamping, aware; this signature form has no time stamp of a third party.

        Raises:
            UserError: SEAL_OFF_PAGE.
        """
        check_place(place, paper.sizes)
        writer = IncrementalPdfFileWriter(io.BytesIO(paper.pdf), prev=paper.reader, strict=False)
        name = f"Seal{paper.seals + 1}"
        box = to_points(place, paper.sizes[place.page])
        field = SigFieldSpec(name, on_page=place.page, box=box)  # type: ignore[arg-type]  # floats work
        embedder = PdfCMSEmbedder(new_field_spec=field).write_cms(field_name=name, writer=writer)
        next(embedder)
        style = StaticStampStyle(
            border_width=0,
            background=_Ink(self._picture, self.diameter * POINTS_PER_MM),
            background_layout=_WHOLE_BOX,
        )
        dictionary = SignatureObject(
            timestamp=moment,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            bytes_reserved=_RESERVED,
        )
        embedder.send(SigObjSetup(dictionary, appearance_setup=SigAppearanceSetup(style, moment, name=None)))
        prepared, out = embedder.send(SigIOSetup(md_algorithm=_HASH))
        embedder.send(self._signatures.sign(prepared.document_digest))
        return bytes(out.getvalue())


@lru_cache(maxsize=16)
def _read_png(png: bytes) -> _Picture:
    """Take a picture of `picture.draw_seal` apart.

    Raises:
        ValueError: It is not a square palette PNG of four bits a pixel.
    """
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("a seal picture is a PNG")
    width, height, bits, colour_type, *_rest = struct.unpack(">IIBBBBB", png[16:29])
    if width != height or bits != 4 or colour_type != 3:
        raise ValueError("a seal picture is a square palette PNG of four bits a pixel")
    palette, rows, at = b"", b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if kind == b"PLTE":
            palette = content
        elif kind == b"IDAT":
            rows += content
        at += length + 12
    plane = zlib.compress(bytes((width + 7) // 8 * height), 9)
    return _Picture(width, palette[:3], rows, plane)


def _image_keys(size: int, *, bits: int) -> dict[str, Any]:
    return {
        "/Type": "/XObject",
        "/Subtype": "/Image",
        "/Width": size,
        "/Height": size,
        "/BitsPerComponent": bits,
        "/Filter": "/FlateDecode",
    }


def _stream(keys: dict[str, Any], encoded: bytes) -> Any:
    """A PDF stream whose content is compressed already."""
    return generic.StreamObject(_pdf(keys), encoded_data=encoded)


def _pdf(value: Any) -> Any:
    """A plain value as the PDF object it stands for; texts are names, what is a PDF object stays."""
    make: Any = generic
    match value:
        case dict():
            return make.DictionaryObject({pdf_name(key): _pdf(item) for key, item in value.items()})
        case list():
            return make.ArrayObject([_pdf(item) for item in value])
        case str():
            return pdf_name(value)
        case bytes():
            return make.ByteStringObject(value)
        case int():
            return make.NumberObject(value)
    return value
