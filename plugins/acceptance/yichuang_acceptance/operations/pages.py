"""Scanned pages as people read them: the pages of a material as one document, and those of a draft."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from yichuang.api import Read, Request, ShownFile, UserError, in_language, query
from yichuang_acceptance.operations import cases, looks
from yichuang_acceptance.operations.drafts import OneDraft, draft
from yichuang_acceptance.rules.pages import OFD, PDF, check_page, kind_of
from yichuang_acceptance.words import words

L = words.lazy
_A4_INCHES = 210 / 25.4
_QUALITY = 88


@dataclass(frozen=True)
class Document:
    """Pages that follow one another, to look at.

    Attributes:
        pdf: What is shown; empty where nobody here can show the file.
        note: What whoever looks must know; without `pdf` why nothing is shown.
        do: What to do about that.
        file: The file as it came, where that is not what is shown; empty otherwise.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")  # on the command line

    pdf: bytes
    note: str = ""
    do: str = ""
    file: bytes = b""


class AskMaterial(looks.Seeing):
    """A material of a case."""

    case_id: int
    position: int = Field(ge=1, le=200)


@query("acceptance.material_file", permission="acceptance.view", title="The pages of a material")
def material_file(read: Read, request: AskMaterial) -> list[Document]:
    """The pages of a material as PDFs, in order: scanned pages joined to one, PDFs as they came, OFD files turned into them.

    Who looks, and for what, is journalled. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, PURPOSE_MISSING, FILE_NOT_READABLE.
    """
    row = cases.load(read, request.case_id)
    cases.require_sight(read, row)
    return documents_of(
        read, row, looks.Look(case_id=row.id, what="material", number=request.position), request
    )


def documents_of(read: Read, row: Any, look: looks.Look, asked: looks.Seeing) -> list[Document]:
    """The pages of a material, seen for a purpose; nothing is seen of one without pages. Raises PURPOSE_MISSING."""
    found = next((m for m in cases.materials(read, row.id) if m.position == look.number), None)
    if found is None or not found.pages:
        return []
    looks.before_showing(read, row, look, asked)
    return as_documents(read, (read.get_blob(digest) for digest in found.pages))


class AskDraftPage(OneDraft):
    """A page that was captured for a draft."""

    digest: str


@query("acceptance.draft_page", permission="acceptance.accept", title="A page of a draft")
def draft_page(read: Read, request: AskDraftPage) -> bytes:
    """A page that belongs to an own draft. Errors: UNKNOWN_DRAFT, FILE_MISSING."""
    body = draft(read, OneDraft(draft_id=request.draft_id))
    if not any(request.digest in hand.get("pages", ()) for hand in body.get("given", ())):
        raise UserError("FILE_MISSING", L("This page does not belong to the draft."))
    return read.get_blob(request.digest)


class AskFile(Request):
    """A page or file that is not kept yet, or is in the asker's hands already."""

    data: bytes


@query("acceptance.show_file", permission="acceptance.accept", title="A file to look at")
def show_file(read: Read, request: AskFile) -> Document:
    """A file as it will be looked at. Errors: FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_READABLE."""
    check_page(request.data, kind_of(request.data))
    return as_documents(read, [request.data])[0]


def as_documents(read: Read, pages: Iterable[bytes]) -> list[Document]:
    """Pages as PDFs: images that follow one another become one document, PDFs stay as they are.

    What nobody here can show stands among the others as a document that says so: they are looked at all the same.

    Raises:
        UserError: FILE_NOT_READABLE.
    """
    documents: list[Document] = []
    images: list[bytes] = []
    for page in pages:
        kind = kind_of(page)
        if kind not in {PDF, OFD}:
            images.append(page)
            continue
        if images:
            documents.append(Document(_joined(images)))
            images = []
        documents.append(Document(page) if kind == PDF else _shown(read, page, kind))
    if images:
        documents.append(Document(_joined(images)))
    return documents


def as_pdf(read: Read, data: bytes, media_type: str) -> ShownFile:
    """A file of a kind that the suite cannot show itself, as whoever knows it shows it.

    Raises:
        UserError: FILE_NOT_SHOWN where nobody does, HOOK_REFUSED, and why this very file cannot be shown.
    """
    found: ShownFile | None = read.hooks.file_as_pdf(read=read, media_type=media_type, data=data)
    if found is None:
        raise UserError(
            "FILE_NOT_SHOWN",
            L("Nothing in this hall can show OFD files."),
            do=L("Take a PDF or scan the paper, or ask the administrator for the plugin that shows them."),
        )
    return found


def _shown(read: Read, data: bytes, media_type: str) -> Document:
    try:
        found = as_pdf(read, data, media_type)
    except UserError as error:
        return Document(
            b"",
            in_language(error.sentence),
            words.text(
                "The file is kept unchanged: save it and open it in another program, or ask for the paper."
            ),
            data,
        )
    return Document(found.pdf, found.note, file=data)


def _joined(images: Sequence[bytes]) -> bytes:
    """Images as the pages of one PDF, each as wide as A4."""
    from PIL import Image, UnidentifiedImageError

    try:
        pictures = [Image.open(io.BytesIO(data)).convert("RGB") for data in images]
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(
            "FILE_NOT_READABLE", L("A page of this material cannot be read."), do=L("Ask for the paper.")
        ) from error
    width = max(picture.width for picture in pictures)
    pages = [
        p.resize((width, round(p.height * width / p.width))) if p.width != width else p for p in pictures
    ]
    out = io.BytesIO()
    pages[0].save(
        out, "PDF", save_all=True, append_images=pages[1:], resolution=width / _A4_INCHES, quality=_QUALITY
    )
    return out.getvalue()
