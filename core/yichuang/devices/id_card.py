"""Identity cards as their chip stores them: 256 bytes of UTF-16LE text in fixed fields, one layout per kind of card.

Layouts: GA 450 / GA 467 (resident identity card), the machine-readable data items of the residence permit for Hong
Kong, Macao and Taiwan residents (type J), of the foreigner's permanent residence card of 2017 (type I) and of 2023
(type Y), all four as carried in published drivers of card readers. The type stands at byte 248.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from yichuang.devices.errors import device_error
from yichuang.devices.ethnic_groups import ETHNIC_GROUPS
from yichuang.hall.errors import UserError
from yichuang.hall.identifiers import birth_of, citizen_id_check, citizen_id_problem, sex_of

RECORD_LENGTH = 256
FOR_EVER = "长期"
_TYPE_AT = 248
_SEXES = {"0": "unknown", "1": "male", "2": "female", "9": "unspecified"}  # GB/T 2261.1


class CardType(StrEnum):
    """Kinds of cards the reader's security module reads."""

    RESIDENT = "resident"
    HMT_PERMIT = "hmt_permit"
    FOREIGN_2017 = "foreign_2017"
    FOREIGN_2023 = "foreign_2023"


_MARKS = {
    " ": CardType.RESIDENT,
    "J": CardType.HMT_PERMIT,
    "I": CardType.FOREIGN_2017,
    "Y": CardType.FOREIGN_2023,
}
_DATES = "valid_from:16 valid_to:16"
_LAYOUTS: dict[CardType, str] = {
    CardType.RESIDENT: f"name:30 sex:2 ethnic_code:4 birth:16 address:70 number:36 issuer:30 {_DATES} reserve:36",
    CardType.HMT_PERMIT: f"name:30 sex:2 reserve:4 birth:16 address:70 number:36 issuer:30 {_DATES} pass_number:18 "
    "issue_count:4 reserve:6 mark:2 reserve:6",
    CardType.FOREIGN_2017: f"english_name:120 sex:2 number:30 nationality:6 name:30 {_DATES} birth:16 version:4 "
    "issuer:8 mark:2 reserve:6",
    CardType.FOREIGN_2023: f"name:30 sex:2 issue_count:4 birth:16 english_name:70 number:36 reserve:30 {_DATES} "
    "english_name_rest:22 nationality:6 mark:2 reserve:6",
}


@dataclass(frozen=True, slots=True)
class IdCard:
    """What is on a card.

    Attributes:
        name: Chinese name; on a foreigner's card it may be empty, `english_name` then counts.
        name_may_be_cut: The name fills its field (15 characters) to the end: a longer name of an ethnic minority may
            have lost its end, so it has to be compared with the printed card.
        sex: male, female, unknown or unspecified.
        ethnic_group: 民族, without 族; empty on permits and foreigners' cards.
        valid_to: None for 长期.
        nationality: Three letters, GB/T 2659; foreigners' cards only.
        pass_number: Number of the travel permit; HMT permits only.
        photo: As the reader gives it.
        photo_type: "wlt" (1,024 bytes, readable with the maker's decoder only), "png", or empty without a photo.
    """

    card_type: CardType
    name: str
    sex: str
    birth: date
    number: str
    valid_from: date
    valid_to: date | None
    ethnic_code: str = ""
    ethnic_group: str = ""
    address: str = ""
    issuer: str = ""
    english_name: str = ""
    nationality: str = ""
    pass_number: str = ""
    issue_count: str = ""
    name_may_be_cut: bool = False
    photo: bytes = b""
    photo_type: str = ""

    @property
    def compare_name(self) -> bool:
        """Whether the name must be compared with the printed card: cut, or with characters that have no code yet."""
        return self.name_may_be_cut or any("\ue000" <= character <= "\uf8ff" for character in self.name)

    def expired(self, on: date) -> bool:
        """Whether the card is no longer (or not yet) valid on a day."""
        return on < self.valid_from or (self.valid_to is not None and on > self.valid_to)

    def as_dict(self) -> dict[str, object]:
        """For the way between processes: days as ISO text, the photo as bytes."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """The card of `as_dict`.

        Raises:
            ValueError: A field is missing or not what it should be.
        """
        values = dict(data)
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise ValueError(f"unknown fields of a card: {sorted(unknown)}")
        try:
            for name in ("birth", "valid_from", "valid_to"):
                if values[name] is not None:
                    values[name] = date.fromisoformat(str(values[name]))
            values["card_type"] = CardType(str(values["card_type"]))
            return cls(**values)  # type: ignore[arg-type]  # the fields were checked by name; their types come from JSON
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a card: {error}") from error


def parse_record(raw: bytes, photo: bytes = b"") -> IdCard:
    """The card of a record as the reader's security module gives it.

    Args:
        raw: 256 bytes.
        photo: WLT-coded photo of the chip, or nothing.

    Raises:
        UserError: DEVICE_CARD_UNREADABLE (`detail["field"]` says where, never what) or DEVICE_CARD_UNKNOWN.
    """
    if len(raw) != RECORD_LENGTH:
        raise _unreadable("length")
    mark = _text(raw[_TYPE_AT : _TYPE_AT + 2], "mark") or " "
    card_type = _MARKS.get(mark)
    if card_type is None:
        # The reserve of a resident card is blank today; a letter there announces a layout that is not known here.
        raise device_error("DEVICE_CARD_UNKNOWN", mark=mark)
    values: dict[str, str] = {}
    offset = 0
    for field, length in _fields(card_type):
        values[field] = _text(raw[offset : offset + length], field)
        offset += length
    card = IdCard(
        card_type=card_type,
        name=values["name"],
        sex=_sex(values["sex"]),
        birth=_day(values["birth"], "birth"),
        number=values["number"].upper(),
        valid_from=_day(values["valid_from"], "valid_from"),
        valid_to=None if values["valid_to"] == FOR_EVER else _day(values["valid_to"], "valid_to"),
        ethnic_code=values.get("ethnic_code", ""),
        ethnic_group=_ethnic_group(values.get("ethnic_code", "")),
        address=values.get("address", ""),
        issuer=values.get("issuer", ""),
        english_name=values.get("english_name", "") + values.get("english_name_rest", ""),
        nationality=values.get("nationality", ""),
        pass_number=values.get("pass_number", ""),
        issue_count=values.get("issue_count", ""),
        name_may_be_cut=not _name_is_padded(raw, card_type),
        photo=photo,
        photo_type="wlt" if photo else "",
    )
    _check(card)
    return card


def encode_record(card: IdCard) -> bytes:
    """The record of a card, as its chip would hold it (for the simulator); what is too long is cut as there."""
    mark = {kind: mark for mark, kind in _MARKS.items()}[card.card_type]
    sexes = {name: code for code, name in _SEXES.items()}
    values = {
        **{name: str(value) for name, value in asdict(card).items()},
        "sex": sexes[card.sex],
        "birth": f"{card.birth:%Y%m%d}",
        "valid_from": f"{card.valid_from:%Y%m%d}",
        "valid_to": f"{card.valid_to:%Y%m%d}" if card.valid_to else FOR_EVER,
        "mark": mark,
        "version": "01",
    }
    if card.card_type is CardType.FOREIGN_2023:
        values["english_name_rest"] = card.english_name[35:]
    record = b""
    for field, length in _fields(card.card_type):
        record += (values.get(field, "").encode("utf-16-le") + b" \0" * (length // 2))[:length]
    return record


def _fields(card_type: CardType) -> list[tuple[str, int]]:
    return [
        (name, int(length))
        for name, _, length in (part.partition(":") for part in _LAYOUTS[card_type].split())
    ]


def _name_is_padded(raw: bytes, card_type: CardType) -> bool:
    offset = 0
    for field, length in _fields(card_type):
        if field == "name":
            return raw[offset + length - 2 : offset + length] in {b" \0", b"\0\0"}
        offset += length
    raise AssertionError("every layout has a name")


def _text(raw: bytes, field: str) -> str:
    if len(raw) >= 2 and 0xD8 <= raw[-1] <= 0xDB:
        raw = raw[:-2]  # the first half of a rare character whose second half did not fit
    try:
        text = raw.decode("utf-16-le").replace("\0", " ").strip()
    except UnicodeDecodeError as error:
        raise _unreadable(field) from error
    # Not `isprintable`: names hold characters that are newer than Python's tables, or that have no code yet.
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise _unreadable(field)
    return text


def _sex(code: str) -> str:
    if code not in _SEXES:
        raise _unreadable("sex")
    return _SEXES[code]


def _day(text: str, field: str) -> date:
    try:
        if len(text) != 8 or not text.isascii():
            raise ValueError(field)
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day on a card has no time zone
    except ValueError as error:
        raise _unreadable(field) from error


def _ethnic_group(code: str) -> str:
    if not code:
        return ""
    # Some cards carry codes of groups that are not yet identified (穿青人 and others); the code itself is kept.
    return ETHNIC_GROUPS.get(code, "")


def _check(card: IdCard) -> None:
    """What the parts of a card say about one another; a card that contradicts itself was not read correctly."""
    if not card.name and not card.english_name:
        raise _unreadable("name")
    if card.card_type in {CardType.RESIDENT, CardType.HMT_PERMIT}:
        if citizen_id_problem(card.number) is not None:
            raise _unreadable("number")
        if birth_of(card.number) != card.birth:
            raise _unreadable("birth")
        if card.sex in {"male", "female"} and sex_of(card.number) != card.sex:
            raise _unreadable("sex")
    elif card.card_type is CardType.FOREIGN_2023:
        body = card.number[:17]
        digits = body.isascii() and body.isdigit()
        if len(card.number) != 18 or not digits or citizen_id_check(body) != card.number[17]:
            raise _unreadable("number")
    elif len(card.number) != 15 or not card.number.isascii() or not card.number.isalnum():
        raise _unreadable("number")
    if card.valid_to is not None and card.valid_to < card.valid_from:
        raise _unreadable("valid_to")


def _unreadable(field: str) -> UserError:
    return device_error("DEVICE_CARD_UNREADABLE", field=field)
