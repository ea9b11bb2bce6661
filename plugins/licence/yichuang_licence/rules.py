"""The rules of electronic licences: identifiers, validity today, what is asked by what, what is hidden, what checks say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from yichuang.api import UserError, identifiers
from yichuang_licence.words import words

L = words.lazy
EXPIRING_DAYS = 30  # a licence is renewed 30 days before it ends (行政许可法 art. 50)
LONGEST_PURPOSE = 200  # 用证事由, national shared service call
SHORTEST_NAME = 2
VERSION = 1
ROOT = "1.2.156.3005.2."  # of every e-licence identifier, GB/T 36904
CITIZEN_ID, USCC = "111", "001"  # holder code types of GB/T 36903


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


def changes(status: Status) -> list[Status]:
    """What the register may change a status to by hand; replacing comes with the licence that replaces it."""
    return [wanted for wanted in Status if wanted in _CHANGES.get(status, set()) - {Status.REPLACED}]


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


def usual_end(start: date, months: int | None) -> date | None:
    """The last day of a term of so many months; a licence type without a term has no end.

    A term from 17 March ends on 16 March. Where the last month has no such day (31 January and one month), it ends
    with that month (民法典 art. 202).
    """
    if not months:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    if start.day > last.day:
        return last
    return first.replace(day=start.day) - timedelta(1)


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


def asked_by(by: str, text: str) -> str:
    """What a text is looked up by: holder, number, code or name.

    An identifier from a scanner is one whatever was chosen before; for a holder, letters that no number has are a name.
    """
    if text.strip().upper().startswith(ROOT):
        return "code"
    if by == "holder" and not text.isascii():
        return "name"
    return by


def holder_code_kind(number: str) -> str:
    """Whether a number is a person's (111) or an organisation's (001), by its check character.

    Raises:
        UserError: BAD_CITIZEN_ID or BAD_USCC, whichever the number looks more like.
    """
    checks = {CITIZEN_ID: identifiers.check_citizen_id, USCC: identifiers.check_uscc}
    text = number.strip()
    organisation = text.startswith(("91", "92", "93")) or not re.fullmatch(r"[0-9]*[Xx]?", text)
    likely, other = (USCC, CITIZEN_ID) if organisation else (CITIZEN_ID, USCC)
    try:
        checks[likely](text)
    except UserError as refusal:
        try:
            checks[other](text)
        except UserError:
            raise refusal from None
        return other
    return likely


def check_asked(by: str, text: str) -> None:
    """Whether a text can be what it is looked up by; nothing is asked before.

    Raises:
        UserError: TEXT_MISSING, BAD_CITIZEN_ID, BAD_USCC, BAD_LICENCE_IDENTIFIER, NAME_TOO_SHORT.
    """
    if not text.strip():
        raise UserError("TEXT_MISSING", L("Say whose licence, or which one, is looked for."))
    if by == "holder":
        holder_code_kind(text)
    elif by == "code":
        identifiers.check_licence_identifier(text)
    elif by == "name" and len(text.strip()) < SHORTEST_NAME:
        raise UserError("NAME_TOO_SHORT", L("Type at least {n} characters of the name.", n=SHORTEST_NAME))


_PERSONS = ("法定代表人", "负责人", "经营者", "投资人", "联系人", "姓名")
_PLACES = ("住所", "地址", "住址", "场所")
_CITIZEN_ID = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def masked(label: str, value: str) -> str:
    """A field of a licence with personal data hidden: names of people, house numbers, phones, identity numbers."""
    whole = value.strip()
    if any(word in label for word in _PERSONS) and not (
        _CITIZEN_ID.fullmatch(whole) or _PHONE.fullmatch(whole)
    ):
        return identifiers.mask_name(value)
    shown = _CITIZEN_ID.sub(lambda found: identifiers.mask_id(found[0]), value)
    shown = _PHONE.sub(lambda found: identifiers.mask_phone(found[0]), shown)
    if "电话" in label or "手机" in label:
        return identifiers.mask_phone(value) if shown == value else shown
    return re.sub(r"[0-9]+", "***", shown) if any(word in label for word in _PLACES) else shown


def masked_number(number: str) -> str:
    """A printed number as lists show it: enough to tell licences apart, not enough to copy one."""
    return f"{number[:8]}****{number[-3:]}" if len(number) > 11 else number


def parse_fields(text: str) -> dict[str, str]:
    """What is registered on a licence, typed one a line as "label: value", in the order it was typed.

    Raises:
        UserError: BAD_FIELD for a line without a label or a value, FIELD_TWICE.
    """
    fields: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        label, _colon, value = (part.strip() for part in line.replace("：", ":", 1).partition(":"))
        if not label or not value:
            raise UserError(
                "BAD_FIELD",
                L("No label and value: {line}", line=line[:40]),
                do=L("Write one a line, such as: Address: Tianshan Street 1"),
            )
        if label in fields:
            raise UserError("FIELD_TWICE", L("{label} is given twice.", label=label))
        fields[label] = value
    return fields


CHECK_NAMES = {
    "signature": L("Digital signature"),
    "issuer": L("Issuing authority"),
    "seal": L("Electronic seal"),
    "state": L("State of the licence"),
    "identifier": L("Identifier"),
}
"""Checks of a verification. Each is ok, warn (a remark), fail, or unknown where its source did not answer."""

BASIS_NAMES = {
    "present": L("Holder is present"),
    "written": L("Written consent"),
    "statutory": L("Required by law"),
}
ACT_NAMES = {
    "search": L("Looked up"),
    "view": L("Verified"),
    "reveal": L("Shown in full"),
    "stand_in": L("Used instead of a paper"),
    "change": L("Status changed"),
}
"""What is entered in the record of uses."""


def verdict(states: Iterable[str]) -> str:
    """What checks amount to: fail, unknown or ok. What did not answer is unknown and never invalid."""
    found = set(states)
    return next((state for state in ("fail", "unknown") if state in found), "ok")
