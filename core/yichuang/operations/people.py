"""Applicants: who asks for something. Identity numbers are kept encrypted, found by a keyed digest, shown masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, select, update

from yichuang.hall import identifiers
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.hall_keys import IdentityCipher
from yichuang.operations.model import Request, operation
from yichuang.operations.work import Read, Work
from yichuang.storage.hall_tables import applicant
from yichuang.storage.prepared import prepare

L = words.lazy
CITIZEN_ID = "111"  # holder code types of GB/T 36903 as used by e-licences
FOREIGN_ID = "553"
USCC = "001"
KEY_MARK = "identity.key_mark"

_BY_CODE = prepare(
    select(applicant).where(
        applicant.c.code_kind == bindparam("kind"), applicant.c.code_digest == bindparam("digest")
    )
)
_BY_ID = prepare(select(applicant).where(applicant.c.id == bindparam("id")))


@dataclass(frozen=True)
class KnownApplicant:
    """A natural or legal person as screens show one.

    Attributes:
        code_masked: The identity number with its middle hidden.
    """

    id: int
    kind: Literal["person", "organisation"]
    name: str
    code_kind: str
    code_masked: str
    phone: str


def _of(row: object) -> KnownApplicant:
    return KnownApplicant(row.id, row.kind, row.name, row.code_kind, row.code_masked, row.phone)  # type: ignore[attr-defined]  # a table row


def check_code(kind: str, code: str) -> str:
    """The normalised identity number of its kind, check digit verified.

    Raises:
        UserError: BAD_CITIZEN_ID, BAD_FOREIGN_ID, BAD_USCC or UNKNOWN_CODE_KIND.
    """
    if kind == CITIZEN_ID:
        return identifiers.check_citizen_id(code)
    if kind == FOREIGN_ID:
        return identifiers.check_foreign_id(code)
    if kind == USCC:
        return identifiers.check_uscc(code)
    raise UserError("UNKNOWN_CODE_KIND", L("Identity papers of kind {kind} are not known here.", kind=kind))


def hall_cipher(read: Read) -> IdentityCipher:
    """What identity numbers and confidential files of this hall are sealed with. Errors: IDENTITY_KEY_FOREIGN, no key."""
    executor = read.executor
    if executor.identity_cipher is None:
        cipher = IdentityCipher.open(read.secrets)
        if read.setting(KEY_MARK, mark_of(cipher)) != mark_of(cipher):
            raise UserError(
                "IDENTITY_KEY_FOREIGN",
                L("This machine's key for identity numbers is not this hall's."),
                do=L("Bring the hall's keys over from a desk that has them."),
            )
        executor.identity_cipher = cipher
    return executor.identity_cipher


def mark_of(cipher: IdentityCipher) -> str:
    """What tells one hall's key from another's without telling the key; kept as a setting when the hall is made."""
    return cipher.digest(b"which hall is this").hex()[:16]


def find_applicant(read: Read, code_kind: str, code: str) -> KnownApplicant | None:
    """The applicant with this identity number, if the hall has met one."""
    row = read.one(
        _BY_CODE, kind=code_kind, digest=hall_cipher(read).digest(check_code(code_kind, code).encode())
    )
    return None if row is None else _of(row)


def holder_digest(read: Read, code_kind: str, code: str) -> str:
    """What stands for an identity number where the number itself is not kept: its keyed digest, in hex.

    Raises:
        UserError: BAD_CITIZEN_ID, BAD_USCC or UNKNOWN_CODE_KIND.
    """
    return hall_cipher(read).digest(check_code(code_kind, code).encode()).hex()


def applicant_of(read: Read, applicant_id: int) -> KnownApplicant:
    """The applicant of a key."""
    row = read.one(_BY_ID, id=applicant_id)
    if row is None:
        raise UserError("UNKNOWN_APPLICANT", L("There is no such applicant."))
    return _of(row)


def keep_applicant(work: Work, *, name: str, code_kind: str, code: str, phone: str = "") -> KnownApplicant:
    """Enter an applicant, or take a known one with a newer name and phone."""
    code = check_code(code_kind, code)
    digest = hall_cipher(work).digest(code.encode())
    row = work.one(_BY_CODE, kind=code_kind, digest=digest)
    kind: Literal["person", "organisation"] = "organisation" if code_kind == USCC else "person"
    masked = identifiers.mask_id(code)
    if row is not None:
        if (row.name, row.phone) != (name, phone or row.phone):
            work.execute(
                update(applicant).where(applicant.c.id == row.id).values(name=name, phone=phone or row.phone)
            )
        return KnownApplicant(row.id, kind, name, code_kind, masked, phone or row.phone)
    key = work.insert(
        applicant, kind=kind, name=name, code_kind=code_kind, code_sealed=hall_cipher(work).encrypt(code.encode()),
        code_digest=digest, code_masked=masked, phone=phone,
    )  # fmt: skip
    return KnownApplicant(key, kind, name, code_kind, masked, phone)


def reveal_applicant_code(read: Read, applicant_id: int) -> str:
    """The full identity number, for papers and checks that need it. For people use `people.reveal`, which is journalled."""
    row = read.one(_BY_ID, id=applicant_id)
    if row is None:
        raise UserError("UNKNOWN_APPLICANT", L("There is no such applicant."))
    plain: bytes = hall_cipher(read).decrypt(row.code_sealed)
    return plain.decode()


class Reveal(Request):
    """Whose full identity number is to be shown, and why."""

    applicant_id: int
    purpose: str


@operation("people.reveal", permission="people.reveal", title="Show an identity number")
def reveal(work: Work, request: Reveal) -> str:
    """Show a full identity number; the purpose stands in the journal. Errors: PURPOSE_MISSING, UNKNOWN_APPLICANT."""
    if not request.purpose:
        raise UserError("PURPOSE_MISSING", L("Say why the number is needed."))
    work.subject = f"applicant:{request.applicant_id}"
    return reveal_applicant_code(work, request.applicant_id)
