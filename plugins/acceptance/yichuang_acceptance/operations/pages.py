"""Scanned pages as people read them: the pages of a material as one document, and those of a draft."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from pydantic import Field

from yichuang.api import Read, Request, UserError, query
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.drafts import OneDraft, draft
from yichuang_acceptance.words import words

L = words.lazy
_PDF = b"%PDF-"
_A4_INCHES = 210 / 25.4
_QUALITY = 88


class AskMaterial(Request):
    """A material of a case."""

    case_id: int
    position: int = Field(ge=1, le=200)


@query("acceptance.material_file", permission="acceptance.view", title="The pages of a material")
def material_file(read: Read, request: AskMaterial) -> list[bytes]:
    """The pages of a material as PDFs, in order: scanned pages joined to one, files as they came.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, FILE_NOT_READABLE.
    """
    row = cases.load(read, request.case_id)
    cases.require_sight(read, row)
    found = next((m for m in cases.materials(read, row.id) if m.position == request.position), None)
    return as_documents(read.get_blob(digest) for digest in (found.pages if found is not None else ()))


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


def as_documents(pages: Iterable[bytes]) -> list[bytes]:
    """Pages as PDFs: images that follow one another become one document, PDFs stay as they are.

    Raises:
        UserError: FILE_NOT_READABLE.
    """
    documents: list[bytes] = []
    images: list[bytes] = []
    for page in pages:
        if not page.startswith(_PDF):
            images.append(page)
            continue
        if images:
            documents.append(_joined(images))
            images = []
        documents.append(page)
    if images:
        documents.append(_joined(images))
    return documents


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
