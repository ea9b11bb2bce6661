"""OFD files that come from others, as PDFs to look at."""

from __future__ import annotations

from functools import lru_cache

from yichuang.api import ShownFile, UserError
from yichuang_seal.rules.ofd.convert import Shown, convert
from yichuang_seal.rules.ofd.limits import OfdError
from yichuang_seal.rules.ofd.sfnt import Typeface
from yichuang_seal.words import L, _

MEDIA_TYPE = "application/ofd"


def shown(data: bytes) -> ShownFile:
    """An OFD file as a PDF, with what must be known about it.

    Raises:
        UserError: OFD_NOT_SHOWN.
    """
    try:
        found = convert(data, _face)
    except OfdError as error:
        raise UserError(
            "OFD_NOT_SHOWN",
            error.sentence,
            do=L("Open it in the program it was made with, and hand in a PDF or a scan of it."),
        ) from error
    return ShownFile(found.pdf, _note(found))


def _note(found: Shown) -> str:
    """What the pages do not say themselves. A seal that is drawn looks the same whether it is good or not."""
    said = []
    if found.stamps:
        said.append(_("Seals in this file were not verified."))
    elif found.signed:
        said.append(_("Signatures in this file were not verified."))
    if found.missing:
        said.append(_("{count} parts of this file could not be drawn.", count=found.missing))
    return "\n".join(said)


@lru_cache(maxsize=4)
def _face(name: str) -> Typeface:
    """A typeface of the suite, read once in a process."""
    from yichuang.api.documents import font_file

    return Typeface(font_file(name).read_bytes())
