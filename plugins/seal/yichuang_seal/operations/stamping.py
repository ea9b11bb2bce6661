"""Stamping, the ledger of it, and verifying stamps."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from yichuang.api import Read, Request, StampReceipt, UserError, Work, operation, or_, query, select, update
from yichuang_seal.fields import Key
from yichuang_seal.keys import open_sealer, root_certificate
from yichuang_seal.operations.papers import Check, already_decided, date_spots, examine, paper_row
from yichuang_seal.operations.seals import usable_seal
from yichuang_seal.rules.placement import DateLine, Place, kept_on_page, over_date
from yichuang_seal.tables import request as paper_table
from yichuang_seal.tables import stamp as ledger_table
from yichuang_seal.words import L

if TYPE_CHECKING:
    from yichuang_seal.rules.paper import OpenPaper

PDF = "application/pdf"
UM_PER_MM = 1000
"""The ledger keeps places in whole micrometres."""


class Stamp(Request):
    """Which paper is sealed with which seal, and where.

    Attributes:
        page: From 0. Without page, x and y the seal goes over the date of the applicant's copy.
        x: Millimetres from the left edge of the page to the left edge of the seal.
        y: Millimetres from the top edge of the page to the top edge of the seal.
        reason: Ground of use, written into the signature and the ledger; by default the paper's title.
    """

    request_id: Key
    seal_id: Key
    page: int | None = Field(None, ge=0, le=10_000)
    x: float | None = Field(None, ge=0, le=5000)
    y: float | None = Field(None, ge=0, le=5000)
    reason: str = Field("", max_length=200)


@dataclass(frozen=True)
class Stamped:
    """A paper that was sealed."""

    request_id: int
    sealed: str
    es_id: str
    page: int
    x: float
    y: float
    at: datetime


@dataclass(frozen=True)
class _Sealed:
    """A signed document that waits for its transaction."""

    before: str
    document: bytes
    place: Place
    reason: str
    verdict: str


def _sign(read: Read, request: Stamp) -> _Sealed | None:
    """Sign and verify before the transaction; None for a paper that no longer waits, as the transaction says."""
    row = paper_row(read, request.request_id)
    if row.state != "waiting":
        return None
    seal = usable_seal(read, request.seal_id)
    if seal.agency != row.agency:
        raise UserError(
            "WRONG_SEAL",
            L("“{title}” needs a seal of another agency.", title=row.title),
            do=L("Choose a seal of the agency that decided."),
        )
    checks, opened = examine(read, row)
    _require(checks, row.title)
    assert opened is not None  # what passed the checks was opened
    place = _place(opened, request, seal.diameter)
    reason = request.reason or row.title
    sealed = open_sealer(read, seal).stamp(opened, place, reason=reason, moment=read.now)
    return _Sealed(row.document, sealed, place, reason, _checked(read, sealed))


@operation("seal.stamp", permission="seal.stamp", title="Seal a paper", prepare=_sign)
def stamp(work: Work, request: Stamp) -> Stamped:
    """Seal a paper: signature, ledger and the owner of the paper move on together, or nothing does.

    Errors: UNKNOWN_PAPER, UNKNOWN_SEAL, NOT_YOUR_AGENCY, ALREADY_DECIDED, SEAL_NOT_IN_USE, SEAL_EXPIRED,
    WRONG_SEAL, CHECK_FAILED, NO_SEAL_PLACE, SEAL_OFF_PAGE, SEAL_KEY_NOT_HERE, HOOK_REFUSED.
    """
    sealed: _Sealed | None = work.prepared
    row = paper_row(work, request.request_id)
    work.subject = row.subject
    if sealed is None or not work.execute(
        update(paper_table)
        .where(
            paper_table.c.id == row.id,
            paper_table.c.state == "waiting",
            paper_table.c.document == sealed.before,
        )
        .values(state="stamped", decided_at=work.now)
    ):
        raise already_decided(row)
    seal = usable_seal(work, request.seal_id)
    after = work.put_blob(sealed.document, PDF)
    place = sealed.place
    work.insert(
        ledger_table,
        request=row.id,
        seal=seal.id,
        es_id=seal.es_id,
        seal_name=seal.name,
        agency=seal.agency,
        before=sealed.before,
        after=after,
        page=place.page,
        x_um=round(place.x * UM_PER_MM),
        y_um=round(place.y * UM_PER_MM),
        diameter_um=round(place.diameter * UM_PER_MM),
        keeper_id=work.actor.staff_id,
        keeper=work.actor.name,
        reason=sealed.reason,
        verdict=sealed.verdict,
        at=work.now,
    )
    outcome = {"es_id": seal.es_id, "before": sealed.before, "after": after}
    work.detail = {**request.model_dump(mode="json"), **outcome}
    work.hooks.document_stamped(
        work=work,
        receipt=StampReceipt(
            subject=row.subject,
            paper=row.paper,
            document=sealed.before,
            sealed=after,
            seal_id=seal.es_id,
            seal_name=seal.name,
            keeper=work.actor.name,
            at=work.now,
        ),
    )
    return Stamped(row.id, after, seal.es_id, place.page, place.x, place.y, work.now)


def _require(checks: list[Check], title: str) -> None:
    failed = next((check for check in checks if not check.passed), None)
    if failed is None:
        return
    sentences = {
        "unchanged": L("“{title}” is not the document that was approved.", title=title),
        "approved": L("No approval is recorded for “{title}”.", title=title),
        "unsealed": L("“{title}” bears a seal already.", title=title),
    }
    raise UserError(
        "CHECK_FAILED",
        sentences[failed.name],
        do=L("Refuse it; the agency makes the document again."),
        detail={"check": failed.name},
    )


def _place(paper: OpenPaper, request: Stamp, diameter: float) -> Place:
    """The place asked for, or over the date."""
    if request.page is not None and request.x is not None and request.y is not None:
        return Place(request.page, request.x, request.y, diameter)  # the sealer checks it against the page
    spots = date_spots(paper.pdf)
    if not spots or spots[-1].page >= len(paper.sizes):
        raise UserError(
            "NO_SEAL_PLACE",
            L("This document does not say where its seal goes."),
            do=L("Open it and place the seal by hand."),
        )
    spot = spots[-1]
    size = paper.sizes[spot.page]
    return kept_on_page(over_date(DateLine(spot.page, spot.x, spot.y), diameter, size), size)


def _checked(read: Read, sealed: bytes) -> str:
    """The verifier's verdict on what was just signed; anything but valid must not leave the house."""
    from yichuang_seal.rules.verify import Verdict, verify_pdf

    report = verify_pdf(sealed, root_certificate(read), read.now)
    if report.verdict != Verdict.VALID:
        raise RuntimeError(f"a fresh seal does not verify: {report}")
    return report.verdict.value


class AskLedger(Request):
    """Which part of the ledger: what was written before an entry (0: the newest), matching a text."""

    before: int = Field(0, ge=0, le=2**62)
    text: str = Field("", max_length=100)
    limit: int = Field(50, ge=1, le=500)


@dataclass(frozen=True)
class LedgerEntry:
    """One use of a seal."""

    id: int
    at: datetime
    title: str
    number: str
    addressee: str
    subject: str
    seal_name: str
    es_id: str
    keeper: str
    witness: str
    requester: str
    reason: str
    before: str
    after: str
    page: int
    x: float
    y: float
    verdict: str


@query("seal.ledger", permission="seal.view", title="Ledger of seal use")
def ledger(read: Read, request: AskLedger) -> list[LedgerEntry]:
    """Uses of seals, newest first: of one's own agency, or with hall-wide rights of all."""
    found = _ledger_rows().order_by(ledger_table.c.id.desc()).limit(request.limit)
    if request.before:
        found = found.where(ledger_table.c.id < request.before)
    if not read.actor.hall_wide:
        found = found.where(ledger_table.c.agency == read.actor.agency)
    if request.text:
        columns = (paper_table.c.title, paper_table.c.number, paper_table.c.addressee, ledger_table.c.keeper)
        found = found.where(or_(*(column.contains(request.text, autoescape=True) for column in columns)))
    return [_entry(row) for row in read.all(found)]


def _ledger_rows() -> Any:
    return select(
        ledger_table,
        paper_table.c.title,
        paper_table.c.number,
        paper_table.c.addressee,
        paper_table.c.subject,
        paper_table.c.requester,
    ).join(paper_table, paper_table.c.id == ledger_table.c.request)


def _entry(row: Any) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        at=row.at,
        title=row.title,
        number=row.number,
        addressee=row.addressee,
        subject=row.subject,
        seal_name=row.seal_name,
        es_id=row.es_id,
        keeper=row.keeper,
        witness=row.witness,
        requester=row.requester,
        reason=row.reason,
        before=row.before,
        after=row.after,
        page=row.page,
        x=row.x_um / UM_PER_MM,
        y=row.y_um / UM_PER_MM,
        verdict=row.verdict,
    )


class Verify(Request):
    """A document to verify: its bytes in base64, or the digest of one that the hall keeps."""

    content: Annotated[str, Field(max_length=70 * 1024 * 1024)] = ""
    digest: str = ""


@dataclass(frozen=True)
class SealFinding:
    """One seal found in a document; see `rules.verify.Finding`."""

    signer: str
    owner_code: str
    es_id: str
    seal_name: str
    seal_state: str
    signed_at: datetime | None
    reason: str
    intact: bool
    trusted: bool
    whole: bool
    verdict: str


@dataclass(frozen=True)
class Verification:
    """The answer to: who sealed this, and is it still what was sealed?

    Attributes:
        verdict: valid, changed, untrusted, unreadable or unsealed.
        ledger: The use of the seal that made exactly this file, if it was one of this hall.
        sealed_elsewhere: This file is the unsealed original of what that entry sealed: its seal is missing.
    """

    verdict: str
    digest: str
    findings: list[SealFinding]
    ledger: LedgerEntry | None
    sealed_elsewhere: bool


@query("seal.verify", permission="seal.verify", title="Verify a seal")
def verify(read: Read, request: Verify) -> Verification:
    """Verify every seal of a document and look it up in the ledger.

    Errors: DOCUMENT_MISSING, FILE_MISSING, FILE_TOO_LARGE, BAD_PDF, PDF_ENCRYPTED.
    """
    from yichuang_seal.rules.verify import verify_pdf

    document = _document(read, request)
    report = verify_pdf(document, root_certificate(read), read.now)
    digest = hashlib.sha256(document).hexdigest()
    row = read.one(
        _ledger_rows()
        .where(or_(ledger_table.c.after == digest, ledger_table.c.before == digest))
        .order_by(ledger_table.c.after == digest, ledger_table.c.id.desc())
        .limit(1)
    )
    return Verification(
        verdict=report.verdict.value,
        digest=digest,
        findings=[_finding(read, finding) for finding in report.findings],
        ledger=None if row is None else _entry(row),
        sealed_elsewhere=row is not None and row.after != digest,
    )


def _document(read: Read, request: Verify) -> bytes:
    if request.digest:
        return read.get_blob(request.digest)
    try:
        content = base64.b64decode(request.content, validate=True)
    except binascii.Error:
        content = b""
    if not content:
        raise UserError("DOCUMENT_MISSING", L("There is no document to verify."), do=L("Choose a PDF file."))
    return content


def _finding(read: Read, finding: Any) -> SealFinding:
    from yichuang_seal.tables import seal

    known = select(seal.c.name, seal.c.state).where(seal.c.es_id == finding.es_id)
    row = read.one(known) if finding.trusted else None
    return SealFinding(
        signer=finding.signer,
        owner_code=finding.owner_code,
        es_id=finding.es_id,
        seal_name="" if row is None else row.name,
        seal_state="" if row is None else row.state,
        signed_at=finding.signed_at,
        reason=finding.reason,
        intact=finding.intact,
        trusted=finding.trusted,
        whole=finding.whole,
        verdict=finding.verdict.value,
    )
