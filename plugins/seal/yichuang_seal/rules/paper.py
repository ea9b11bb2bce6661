"""What has to be known of a PDF before it is stamped or shown: that it opens, and how large its pages are."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from yichuang.api import UserError
from yichuang_seal.rules.placement import POINTS_PER_MM, PageSize
from yichuang_seal.words import L

LARGEST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 2000
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")


@dataclass(frozen=True)
class OpenPaper:
    """A document that was opened once for all that is to be done with it.

    Attributes:
        pdf: Its bytes.
        reader: pyHanko's view of it.
        sizes: Of its pages, in order.
    """

    pdf: bytes
    reader: PdfFileReader
    sizes: list[PageSize]

    @property
    def seals(self) -> int:
        """How many signatures it bears already."""
        return len(self.reader.embedded_signatures)


def open_paper(pdf: bytes) -> OpenPaper:
    """Open a document that is to be stamped.

    Raises:
        UserError: FILE_TOO_LARGE, BAD_PDF, PDF_ENCRYPTED or PAGE_TURNED.
    """
    reader = open_pdf(pdf)
    return OpenPaper(pdf, reader, page_sizes(reader))


def open_pdf(pdf: bytes) -> PdfFileReader:
    """Read the structure of a PDF.

    Raises:
        UserError: FILE_TOO_LARGE, BAD_PDF or PDF_ENCRYPTED.
    """
    if len(pdf) > LARGEST_BYTES:
        raise UserError(
            "FILE_TOO_LARGE", L("The file is larger than {size} MB.", size=LARGEST_BYTES // 1024**2)
        )
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        encrypted = reader.encrypted
    except (PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise bad_pdf() from error
    if encrypted:
        raise UserError(
            "PDF_ENCRYPTED", L("The file is protected by a password."), do=L("Use the unprotected file.")
        )
    return reader


def bad_pdf() -> UserError:
    """The error for a file that is no readable PDF."""
    return UserError("BAD_PDF", L("The file is not a readable PDF."), do=L("Make the document again."))


def page_sizes(reader: PdfFileReader) -> list[PageSize]:
    """Sizes of all pages, in order.

    Raises:
        UserError: BAD_PDF, or PAGE_TURNED for a page that is stored turned: a seal would lie askew on it.
    """
    sizes: list[PageSize] = []
    try:
        _collect(reader.root["/Pages"], {}, sizes, depth=0)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise bad_pdf() from error
    if not sizes:
        raise bad_pdf()
    return sizes


def _collect(node: Any, inherited: dict[str, Any], sizes: list[PageSize], depth: int) -> None:
    here = {**inherited, **{key: node[key] for key in _INHERITED if key in node}}
    if "/Kids" in node:
        if depth > 32 or len(sizes) > MOST_PAGES:
            raise ValueError("page tree too deep or too long")
        for kid in node["/Kids"]:
            _collect(kid.get_object() if hasattr(kid, "get_object") else kid, here, sizes, depth + 1)
        return
    if int(here.get("/Rotate", 0)) % 360:
        raise UserError(
            "PAGE_TURNED",
            L("Page {page} is stored turned and cannot be sealed.", page=len(sizes) + 1),
            do=L("Print the document to a new PDF and ask again."),
        )
    box = [float(number) / POINTS_PER_MM for number in here.get("/CropBox") or here["/MediaBox"]]
    left, right = sorted((box[0], box[2]))
    bottom, top = sorted((box[1], box[3]))
    sizes.append(PageSize(right - left, top - bottom, left, bottom))
