"""Who sealed a document, and is it still what was sealed: pyHanko's verdict in words of the hall (验章)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko_certvalidator import ValidationContext

from yichuang_seal.rules.ca import read_certificate
from yichuang_seal.rules.paper import open_pdf

_log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What is to be said of one seal, and of a document as its worst seal."""

    VALID = "valid"
    CHANGED = "changed"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"
    UNSEALED = "unsealed"


_WORST = (Verdict.UNREADABLE, Verdict.CHANGED, Verdict.UNTRUSTED, Verdict.VALID)


@dataclass(frozen=True)
class Finding:
    """One seal found in a document.

    Attributes:
        signer: Common name of the certificate: code and name of the owner.
        owner_code: Unified social credit code in it; empty where it is none of ours.
        es_id: Number of the seal; empty where the certificate has none.
        signed_at: Time of stamping as the signature states it.
        reason: As written into the signature.
        intact: The bytes it covers are as they were, and the signature is the key's.
        trusted: Its certificate leads to the hall's root and was valid at the stated time.
        whole: It covers the file to the end; if not, only seals were added after it (else it counts as
            changed).
        verdict: The judgement from all of these.
    """

    signer: str
    owner_code: str
    es_id: str
    signed_at: datetime | None
    reason: str
    intact: bool
    trusted: bool
    whole: bool
    verdict: Verdict


@dataclass(frozen=True)
class Report:
    """All seals of a document."""

    verdict: Verdict
    findings: tuple[Finding, ...]


def verify_pdf(pdf: bytes, root: bytes | None, now: datetime) -> Report:
    """Check every signature of a document against the hall's root.

    A certificate that expired after the stamping does not spoil the seal: the time stated in the signature
    counts, which the ledger confirms for papers of this hall.

    Args:
        pdf: The document.
        root: The hall's root certificate, DER; None while it has none, then nothing is trusted.
        now: Time to judge signatures that state none.

    Raises:
        UserError: FILE_TOO_LARGE, BAD_PDF or PDF_ENCRYPTED.
    """
    reader = open_pdf(pdf)
    findings = tuple(_judge(signature, root, now) for signature in reader.embedded_regular_signatures)
    if not findings:
        return Report(Verdict.UNSEALED, ())
    return Report(min((f.verdict for f in findings), key=_WORST.index), findings)


def _judge(signature: EmbeddedPdfSignature, root: bytes | None, now: datetime) -> Finding:
    try:
        stated = signature.self_reported_timestamp
        status = validate_pdf_signature(signature, _context(root, stated or now))
        facts = read_certificate(signature.signer_cert.dump())
        reason = str(signature.sig_object.get("/Reason", ""))
    except Exception:  # noqa: BLE001 - foreign bytes may raise anything
        # Foreign bytes can break a parser in any way; all of them mean the same to the person who asks.
        _log.info("a signature could not be read", exc_info=True)
        return Finding("", "", "", None, "", False, False, False, Verdict.UNREADABLE)
    intact = bool(status.intact and status.valid)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Finding(
        signer=facts.common_name,
        owner_code=facts.owner_code,
        es_id=facts.es_id,
        signed_at=stated,
        reason=reason,
        intact=intact,
        trusted=bool(status.trusted),
        whole=whole,
        verdict=_verdict(status, intact, whole),
    )


def _verdict(status: PdfSignatureStatus, intact: bool, whole: bool) -> Verdict:
    if not intact or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Verdict.CHANGED
    if not whole and not status.docmdp_ok:
        return Verdict.CHANGED
    return Verdict.VALID if status.trusted and status.bottom_line else Verdict.UNTRUSTED


def _context(root: bytes | None, moment: datetime) -> ValidationContext:
    roots = [] if root is None else list(load_certs_from_pemder_data(root))
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
