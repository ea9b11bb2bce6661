"""Official documents to PDF: layout, fonts, QR and bar codes. Importing it is light; the first file loads the fonts."""

from __future__ import annotations

import importlib

from yichuang.documents.faces import font_file
from yichuang.documents.model import (
    Align,
    Bars,
    Block,
    Bold,
    Donut,
    Figures,
    Heading,
    Image,
    KeyValues,
    LicenceFace,
    Lines,
    Office,
    Page,
    Paper,
    Paragraph,
    Report,
    Section,
    Signature,
    Spacer,
    Table,
)
from yichuang.documents.numbering import chinese_date, chinese_moment, document_number, parse_document_number
from yichuang.documents.sealing import SealPlace, seal_place, seal_places

__all__ = [
    "Align",
    "Bars",
    "Block",
    "Bold",
    "Donut",
    "Figures",
    "Heading",
    "Image",
    "KeyValues",
    "LicenceFace",
    "Lines",
    "Office",
    "Page",
    "Paper",
    "Paragraph",
    "Report",
    "SealPlace",
    "Section",
    "Signature",
    "Spacer",
    "Table",
    "chinese_date",
    "chinese_moment",
    "document_number",
    "font_file",
    "parse_document_number",
    "render",
    "render_licence",
    "render_report",
    "seal_place",
    "seal_places",
    "warm_up",
]


def render(paper: Paper, *, draft: bool = False, reprint: int = 0) -> bytes:
    """Lay a paper out on its sheet; the same input gives the same bytes.

    Args:
        paper: What it says.
        draft: A preview: watermark over every page and a circle where the seal will be set.
        reprint: How often it was printed again; marked on every page unless 0.

    Raises:
        UserError: BAD_PICTURE for an unreadable picture; FONT_MISSING where set-up made no fonts.
    """
    from yichuang.documents import pdf

    return pdf.render(paper, draft, reprint)


def render_licence(face: LicenceFace, *, watermark: str = "", draft: bool = False) -> bytes:
    """The face of a licence, A4 across; a use copy says in its watermark what it may be used for.

    Raises:
        UserError: BAD_PICTURE for an unreadable photograph.
    """
    from yichuang.documents import licence

    return licence.render(face, watermark, draft)


def render_report(report: Report) -> bytes:
    """A report with tables and charts, A4 upright."""
    from yichuang.documents import report as layout

    return layout.render(report)


def warm_up() -> None:
    """Load the library and the fonts ahead of the first paper (0.5 s); call it off the UI thread."""
    from yichuang.documents.faces import face, mongolian

    face("serif")
    face("sans")
    mongolian()
    importlib.import_module("yichuang.documents.pdf")
