"""The rules of electronic licences: how an identifier is made, whether a licence is valid today, who may stand for what."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from yichuang.api import UserError, identifiers
from yichuang_licence.words import words

L = words.lazy
EXPIRING_DAYS = 30  # a licence is renewed 30 days before it ends (行政许可法 art. 50)
LONGEST_PURPOSE = 200  # 用证事由, national shared service call
VERSION = 1


class Status(StrEnum):
    """What the register says; whether it is valid is worked out from this and the dates."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"  # 注销: at request or by expiry
    REVOKED = "revoked"  # 吊销: as a penalty
    ANNULLED = "annulled"  # 撤销: it should never have been granted
    REPLACED = "replaced"


class Validity(StrEnum):
    """What a clerk needs to know today."""

    VALID = "valid"
    EXPIRING = "expiring"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    REPLACED = "replaced"


VALIDITY_NAMES = {
    Validity.VALID: L("valid"),
    Validity.EXPIRING: L("expiring soon"),
    Validity.NOT_YET: L("not yet valid"),
    Validity.EXPIRED: L("expired"),
    Validity.SUSPENDED: L("suspended"),
    Validity.CANCELLED: L("cancelled"),
    Validity.REVOKED: L("revoked"),
    Validity.ANNULLED: L("annulled"),
    Validity.REPLACED: L("replaced"),
}
USABLE = frozenset({Validity.VALID, Validity.EXPIRING})
_CHANGES = {
    Status.IN_FORCE: {Status.SUSPENDED, Status.CANCELLED, Status.REVOKED, Status.ANNULLED, Status.REPLACED},
    Status.SUSPENDED: {Status.IN_FORCE, Status.CANCELLED, Status.REVOKED, Status.ANNULLED},
}


def validity(status: Status, valid_from: date, valid_to: date | None, today: date) -> Validity:
    """Whether a licence is valid on a day. The end day itself still counts."""
    if status is not Status.IN_FORCE:
        return Validity(status.value)
    if today < valid_from:
        return Validity.NOT_YET
    if valid_to is not None and today > valid_to:
        return Validity.EXPIRED
    if valid_to is not None and today >= valid_to - timedelta(days=EXPIRING_DAYS):
        return Validity.EXPIRING
    return Validity.VALID


def change(status: Status, wanted: Status) -> Status:
    """The new status.

    Raises:
        UserError: ILLEGAL_CHANGE where the register cannot go from one to the other.
    """
    if wanted not in _CHANGES.get(status, set()):
        raise UserError(
            "ILLEGAL_CHANGE",
            L(
                "A licence that is {now} cannot become {wanted}.",
                now=STATUS_NAMES[status],
                wanted=STATUS_NAMES[wanted],
            ),
        )
    return wanted


STATUS_NAMES = {
    Status.IN_FORCE: L("in force"),
    Status.SUSPENDED: L("suspended"),
    Status.CANCELLED: L("cancelled"),
    Status.REVOKED: L("revoked"),
    Status.ANNULLED: L("annulled"),
    Status.REPLACED: L("replaced"),
}


def identifier(licence_type: str, issuer: str, year: int, serial: int) -> str:
    """The e-licence identifier (GB/T 36904): root, type, issuer, serial, version, check character MOD 37,36."""
    return identifiers.licence_identifier(licence_type, issuer, f"{year}{serial:06d}", VERSION)


def check_purpose(purpose: str) -> str:
    """The purpose of use; it is always recorded.

    Raises:
        UserError: PURPOSE_MISSING, PURPOSE_TOO_LONG.
    """
    if not purpose:
        raise UserError(
            "PURPOSE_MISSING", L("Say why the licence is needed."), do=L("Name the case or the matter.")
        )
    if len(purpose) > LONGEST_PURPOSE:
        raise UserError("PURPOSE_TOO_LONG", L("The purpose has more than {n} characters.", n=LONGEST_PURPOSE))
    return purpose
