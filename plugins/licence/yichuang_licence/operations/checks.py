"""The verification of a licence: what is checked against what, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yichuang.api import HALL_ZONE, LazyText, Read, UserError, hall, identifiers, in_language, select
from yichuang_licence.operations.records import last_change, validity_of
from yichuang_licence.rules import (
    CHECK_NAMES,
    ROOT,
    VALIDITY_NAMES,
    Validity,
)
from yichuang_licence.words import words

L = words.lazy

SIGNATURE_VERDICTS = {
    "valid": ("ok", L("valid, the file was not changed")),
    "changed": ("fail", L("the file was changed after sealing")),
    "untrusted": ("unknown", L("the certificate is not one of this hall")),
    "unreadable": ("fail", L("the signature cannot be read")),
    "unsealed": ("fail", L("the file bears no signature")),
}


@dataclass(frozen=True)
class Check:
    """One line of a verification.

    Attributes:
        id: identifier, issuer, state, seal or signature.
        state: ok, warn (a remark), fail, or unknown where the source did not answer.
        source: What it was checked against, or the number that was checked.
    """

    id: str
    name: str
    state: str
    detail: str
    source: str = ""


def verify(read: Read, row: Any, language: str | None = None) -> list[Check]:
    """The checks of a licence: signature, issuer, sealed decision, state today, identifier.

    Args:
        read: Where to look.
        row: The licence.
        language: Of the words; the desk's own by default, papers have theirs.
    """
    seal, signature = _sealed_decision(read, row)
    found = [signature, _issuer(read, row), seal, _state(read, row), _identifier(row)]
    return [
        Check(
            f.id, *(in_language(word, language) for word in (CHECK_NAMES[f.id], f.state, f.detail, f.source))
        )
        for f in found
        if f is not None
    ]


@dataclass(frozen=True)
class _Found:
    """What a check found, in no language yet."""

    id: str
    state: str
    detail: LazyText | str
    source: LazyText | str = ""


def _identifier(row: Any) -> _Found:
    try:
        parts = identifiers.check_licence_identifier(row.code).removeprefix(ROOT).split(".")
    except UserError as error:
        return _Found("identifier", "fail", error.sentence)
    if parts[:2] != [row.type, row.issuer]:
        return _Found("identifier", "fail", L("names another type or authority than the register"))
    return _Found("identifier", "ok", L("check character right"), "GB/T 36904")


def _issuer(read: Read, row: Any) -> _Found:
    kind = read.one(select(hall.licence_type).where(hall.licence_type.c.code == row.type))
    source = L("licence catalogue")
    if kind is None:
        return _Found("issuer", "unknown", L("the catalogue does not hold this type"), source)
    if kind.issuer != row.issuer:
        detail = L("{issuer}, the catalogue names {named}", issuer=row.issuer_name, named=kind.issuer_name)
        return _Found("issuer", "warn", detail, source)
    return _Found("issuer", "ok", row.issuer_name, source)


def _state(read: Read, row: Any) -> _Found:
    found = validity_of(read, row)
    source = L("register {time}", time=f"{read.now.astimezone(HALL_ZONE):%H:%M}")
    name = VALIDITY_NAMES[found]
    if found is Validity.VALID:
        return _Found("state", "ok", L("in force, neither cancelled nor revoked"), source)
    if found is Validity.EXPIRING:
        return _Found("state", "warn", L("{state}, until {day}", state=name, day=row.valid_to), source)
    if found is Validity.EXPIRED:
        return _Found("state", "fail", L("{state}, ended on {day}", state=name, day=row.valid_to), source)
    if found is Validity.NOT_YET:
        return _Found("state", "fail", L("{state}, begins on {day}", state=name, day=row.valid_from), source)
    change = last_change(read, row)
    if change is None:
        return _Found("state", "fail", name, source)
    day = f"{change.at.astimezone(HALL_ZONE):%Y-%m-%d}"
    detail = L("{state} on {day}: {reason}", state=name, day=day, reason=change.purpose)
    return _Found("state", "fail", detail, source)


def _sealed_decision(read: Read, row: Any) -> tuple[_Found, _Found | None]:
    """The kept file and its signature; without a file there is no signature to speak of."""
    if not row.document:
        return _Found("seal", "warn", L("entered by hand, no sealed file")), None
    try:
        read.get_blob(row.document)
    except UserError as error:
        missing = error.code == "FILE_MISSING"  # the store may be behind; that says nothing about the licence
        return _Found("seal", "unknown" if missing else "fail", error.sentence), None
    kept = _Found("seal", "ok", L("file unchanged since it was sealed"), f"SHA-256 {row.document[:8]}")
    if not read.has("seal.verify"):
        return kept, _Found("signature", "unknown", L("not checked: no seal service is running here"))
    if not read.may("seal.verify"):
        return kept, _Found("signature", "unknown", L("not checked: you have no permission to verify seals"))
    try:
        answer = read.query("seal.verify", {"digest": row.document})
    except UserError as error:
        return kept, _Found("signature", "unknown", error.sentence)
    state, words_ = SIGNATURE_VERDICTS[answer.verdict]
    seals = [finding.es_id for finding in answer.findings if finding.es_id]
    return kept, _Found("signature", state, words_, " ".join(seals[:1]))
