"""What a captured page or file of a material may be: the same at the window, offline, and in the hall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yichuang.api import UserError
from yichuang_acceptance.words import words

L = words.lazy
MOST_FILES = 60
"""Pages of one material."""
MOST_BYTES = 64 * 2**20
"""Of one page or file: as much as the hall keeps of one."""
PDF = "application/pdf"
OFD = "application/ofd"
"""The one kind that the suite cannot show itself: a plugin does (hook `file_as_pdf`)."""
STARTS = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", PDF: b"%PDF-"}


def kind_of(data: bytes) -> str:
    """The media type of a kept file. What is none of the others is OFD, which may begin with anything."""
    return next((kind for kind, start in STARTS.items() if data.startswith(start)), OFD)


def check_page(data: bytes, media_type: str) -> None:
    """Let only a page through that can be kept and is what it says.

    Args:
        data: Its bytes.
        media_type: One of `STARTS`, or `OFD`: whether it can be read is for a plugin to say.

    Raises:
        UserError: FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_READABLE.
    """
    if not data:
        raise UserError("FILE_EMPTY", L("The file is empty."))
    if len(data) > MOST_BYTES:
        raise UserError(
            "FILE_TOO_LARGE",
            L("The file has {size} MB, more than the {limit} MB that can be kept.",
              size=len(data) // 2**20, limit=MOST_BYTES // 2**20),
            do=L("Scan it at a lower resolution or split it."),
        )  # fmt: skip
    if kind_of(data) != media_type:
        raise UserError(
            "FILE_NOT_READABLE",
            L("The file is not what its name says ({kind}).", kind=media_type),
            do=L("Scan the page again."),
        )


def pages_of(hands: Iterable[Mapping[str, Any]]) -> set[str]:
    """The digests of all pages of what was handed in, as `intake.Hand` is written."""
    return {digest for hand in hands for digest in hand.get("pages", ())}
