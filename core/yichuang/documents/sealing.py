"""Where the seal goes: written into the file when it is made, read by whoever stamps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy

INFO_KEY = "YichuangSeal"
"""Entry of the document information dictionary; signing appends to the file and so keeps it."""

DIAMETER = 42.0
"""Millimetres: the round seal of a county agency (国发〔1999〕25号)."""

_POINTS = 72 / 25.4


@dataclass(frozen=True)
class SealPlace:
    """The centre of a seal on a page, in millimetres from the top left corner.

    Attributes:
        page: From 0.
        x: Centre, from the left edge.
        y: Centre, from the top edge.
        page_width: Width of that page.
        page_height: Height of that page.
        diameter: What the layout kept free.
    """

    page: int
    x: float
    y: float
    page_width: float
    page_height: float
    diameter: float = DIAMETER

    def rectangle(self, diameter: float | None = None) -> tuple[float, float, float, float]:
        """The seal's square as a PDF rectangle: left, bottom, right, top in points from the bottom left corner."""
        radius = (self.diameter if diameter is None else diameter) / 2
        up = self.page_height - self.y
        left, bottom, right, top = (
            v * _POINTS for v in (self.x - radius, up - radius, self.x + radius, up + radius)
        )
        return left, bottom, right, top


def to_info(places: Sequence[SealPlace]) -> str:
    """The places as the ASCII text that `seal_places` reads back."""
    return json.dumps([asdict(place) for place in places], separators=(",", ":"))


def seal_places(pdf: bytes) -> tuple[SealPlace, ...]:
    """Every place in the file where a seal belongs, in page order; one for each copy. Empty if there is none.

    Raises:
        UserError: BAD_PDF if the bytes are not a PDF or the entry was damaged.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        info = PdfFileReader(BytesIO(pdf), strict=False).trailer_view["/Info"].get_object()
        entry = info.get("/" + INFO_KEY)
        return tuple(SealPlace(**place) for place in json.loads(str(entry))) if entry else ()
    except (PdfError, KeyError, ValueError, TypeError, OSError) as error:
        raise UserError("BAD_PDF", L("The file cannot be read as a paper of this suite.")) from error


def seal_place(pdf: bytes) -> SealPlace:
    """The place on the last copy, the one that the applicant takes.

    Raises:
        UserError: NO_SEAL_PLACE if the paper takes no seal; BAD_PDF.
    """
    places = seal_places(pdf)
    if not places:
        raise UserError(
            "NO_SEAL_PLACE",
            L("This paper has no marked place for a seal."),
            do=L("Place the seal by hand."),
        )
    return places[-1]
