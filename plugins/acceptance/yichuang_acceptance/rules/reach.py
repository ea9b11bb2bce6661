"""Who represents an applicant by law and where post reaches them: typed at the window, or said in a form. Pure.

Nobody is asked twice: where the applicant's own fields are empty, what the item's form asks under one of the usual names
counts. An organisation alone is represented by law.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yichuang_acceptance.rules.form_fields import FormField

ORGANISATION_CODE, ORGANISATION = "001", "organisation"
ZIP = re.compile(r"[0-9]{6}")
MOST_LEGAL, MOST_ADDRESS = 100, 200
LEGAL_NAMES = ("法定代表人", "法定代表人姓名", "法定代表人（负责人）", "法人代表", "企业法定代表人")
ADDRESS_NAMES = (
    "通讯地址", "联系地址", "邮寄地址", "通信地址", "现居住地址", "居住地址", "现住址", "家庭住址", "住址", "经营者住址",
    "户主住址", "申请人住址",
)  # fmt: skip
SEAT_NAMES = ("住所", "单位地址", "注册地址", "企业住所")
"""What an organisation calls where it is."""
ZIP_NAMES = ("邮政编码", "邮编")
CARD_ADDRESS = "idcard.address"


@dataclass(frozen=True)
class Reach:
    """What the exchange says of an applicant; "" for what nobody said."""

    legal: str = ""
    address: str = ""
    zip: str = ""

    def or_else(self, other: Reach) -> Reach:
        """With what another knows where this one says nothing; a postcode belongs to its address."""
        address, zip_code = (
            (self.address, self.zip) if self.address else (other.address, self.zip or other.zip)
        )
        return Reach(self.legal or other.legal, address, zip_code)


LABELS = {"legal": "法定代表人", "address": "通讯地址", "zip": "邮政编码"}
"""As papers, the applicant's screen and records of a correction name them."""


def said(of: Any) -> dict[str, str]:
    """What is known of a case's applicant, or of a `Reach`, by what it is called; without what is empty."""
    return {label: getattr(of, name) for name, label in LABELS.items() if getattr(of, name)}


def of_person(person: Any) -> Reach:
    """Of an applicant as an intake brings one (`intake.Applying`)."""
    legal = person.legal.strip() if person.code_kind == ORGANISATION_CODE else ""
    return Reach(legal, person.address.strip(), person.zip)


def of_form(fields: Iterable[FormField], values: Mapping[str, Any], kind: str) -> Reach:
    """Of a filled form, by the names that its fields share or show.

    Args:
        fields: Of the item's form; none where it has none of its own, and what was filled in stands by what was asked.
        values: By key.
        kind: The applicant's: person or organisation.
    """
    named: dict[str, str] = {}
    card = ""
    asked = list(fields)
    for field in asked:
        value = _text(values.get(field.key))
        if not value:
            continue
        for name in (field.shared_key, field.label):
            named.setdefault(name, value)
        if field.source == CARD_ADDRESS:
            card = card or value
    if not asked:
        named = {name: _text(value) for name, value in values.items()}
    of_organisation = kind == ORGANISATION
    address = _first(named, (*ADDRESS_NAMES, *SEAT_NAMES) if of_organisation else ADDRESS_NAMES)
    zip_code = _first(named, ZIP_NAMES)
    return Reach(
        _first(named, LEGAL_NAMES) if of_organisation else "",
        address or ("" if of_organisation else card),
        zip_code if ZIP.fullmatch(zip_code) else "",
    )


def _text(value: Any) -> str:
    """What was typed, on one line."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _first(named: Mapping[str, str], names: Iterable[str]) -> str:
    return next((named[name] for name in names if named.get(name)), "")
