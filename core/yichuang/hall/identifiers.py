"""Numbers of the field and their check digits: people, organisations, regions, items, cases, licences.

Every `check_…` returns the number in its stored form (trimmed, upper case) or raises a UserError.
"""

from __future__ import annotations

import re
from datetime import date

from yichuang.hall.errors import UserError
from yichuang.hall.text import check_phone, clean_text, mask_id, mask_name, mask_phone
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

__all__ = [
    "ITEM_TYPES",
    "birth_of",
    "case_number",
    "check_basic_code",
    "check_case_number",
    "check_citizen_id",
    "check_foreign_id",
    "check_item_code",
    "check_licence_identifier",
    "check_licence_type",
    "check_person_id",
    "check_phone",
    "check_region",
    "check_uscc",
    "citizen_id_check",
    "citizen_id_problem",
    "clean_text",
    "implementation_code",
    "iso7064_mod11_10",
    "iso7064_mod37_36",
    "licence_identifier",
    "mask_id",
    "mask_name",
    "mask_phone",
    "organisation_check",
    "person_kind",
    "sex_of",
    "short_case_number",
    "uscc_check",
]

L = words.lazy

# First two digits of GB/T 2260 region codes.
_PROVINCES = frozenset(
    f"{area}{number}"
    for area, last in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5), (7, 1), (8, 3))
    for number in range(1, last + 1)
) | {"50"}
# Types of service items, GB/T 39046-2020 table A.1.
ITEM_TYPES = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_BASIC = re.compile(r"[0-9]{12}")
_IMPLEMENTATION = re.compile(r"(?P<uscc>[0-9A-Z]{18})[1-7](?P<basic>[0-9]{12})([0-9]{2})?")
_LICENCE_ROOT = "1.2.156.3005.2."


def citizen_id_check(body: str) -> str:
    """Check character over the first 17 digits: GB 11643-1999, ISO 7064 MOD 11-2.

    Example: 11010519491231002 gives X (the example of the standard).
    """
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def citizen_id_problem(number: str) -> str | None:
    """What is wrong with a resident identity number: length, characters, region, birth, check; or None."""
    number = number.strip().upper()
    if len(number) != 18:
        return "length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "characters"
    if number[:2] not in _PROVINCES:
        return "region"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "birth"
    if born.year < 1850:
        return "birth"
    return None if citizen_id_check(number[:17]) == number[17] else "check"


def check_citizen_id(number: str) -> str:
    """A resident identity number (公民身份号码), 18 characters.

    Raises:
        UserError: BAD_CITIZEN_ID; `detail["problem"]` is the part that is wrong, never the number.
    """
    problem = citizen_id_problem(number)
    if problem is None:
        return number.strip().upper()
    sentences = {
        "length": L("A resident identity number has 18 characters."),
        "characters": L("A resident identity number has only digits, and X at most at its end."),
        "region": L("The identity number begins with a region that does not exist."),
        "birth": L("The identity number holds a date of birth that does not exist."),
        "check": L("The check digit of the identity number is wrong."),
    }
    raise UserError(
        "BAD_CITIZEN_ID", sentences[problem], do=L("Compare it with the card."), detail={"problem": problem}
    )


_FOREIGN_OLD = re.compile(r"[A-Z]{3}[0-9]{12}")
_FOREIGN_NEW = re.compile(r"9[0-9]{16}[0-9X]")
CITIZEN, FOREIGNER, ORGANISATION = "111", "553", "001"
"""Kinds of identity numbers, GB/T 36903 and GA/T 517: citizen's, of a foreigner's permanent residence card, credit code."""


def check_foreign_id(number: str) -> str:
    """The number of a foreigner's permanent residence card: 18 characters that begin with 9 (cards of 2023), or 15 (2017).

    The old form has a check digit of its own, which is not published: only its form is checked.

    Raises:
        UserError: BAD_FOREIGN_ID.
    """
    number = number.strip().upper()
    if _FOREIGN_OLD.fullmatch(number):
        return number
    if _FOREIGN_NEW.fullmatch(number) and citizen_id_check(number[:17]) == number[17]:
        return number
    raise UserError(
        "BAD_FOREIGN_ID",
        L("The number of the permanent residence card is wrong."),
        do=L("Compare it with the card."),
    )


def person_kind(number: str) -> str:
    """Which kind of a person's identity number it is, by its form: a citizen's never begins with 9 or a letter."""
    number = number.strip().upper()
    return FOREIGNER if number[:1] == "9" or number[:1].isalpha() else CITIZEN


def check_person_id(number: str) -> str:
    """A person's identity number, a citizen's or a foreigner's. Raises BAD_CITIZEN_ID, BAD_FOREIGN_ID."""
    return (check_foreign_id if person_kind(number) == FOREIGNER else check_citizen_id)(number)


def birth_of(number: str) -> date:
    """Date of birth in a resident identity number that was checked before."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> str:
    """`male` or `female`, from the 17th digit of a checked resident identity number."""
    return "male" if int(number[16]) % 2 else "female"


def uscc_check(body: str) -> str:
    """Check character over the first 17 of a unified social credit code: GB 32100-2015.

    Weights 3^i mod 31 over the 31 characters 0-9A-Z without I, O, S, V, Z; check = (31 - sum mod 31) mod 31.
    """
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """Check character over 8 characters of an organisation code (GB 11714-1997), positions 9-16 of a USCC."""
    total = sum(_ALPHANUMERIC.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11] if total % 11 else "0"


def check_uscc(code: str) -> str:
    """A unified social credit code (统一社会信用代码), 18 characters.

    Only its own check character is tested: codes of sole traders carry organisation parts of other origin.

    Raises:
        UserError: BAD_USCC.
    """
    code = code.strip().upper()
    if not _USCC.fullmatch(code):
        raise _bad("BAD_USCC", L("A unified social credit code has 18 characters, without I, O, S, V, Z."))
    if uscc_check(code[:17]) != code[17]:
        raise _bad("BAD_USCC", L("The check character of the unified social credit code is wrong."))
    return code


def check_region(code: str) -> str:
    """A region code: 6 digits (GB/T 2260), 9 for a town, 12 for a village. It has no check digit.

    Raises:
        UserError: BAD_REGION.
    """
    code = code.strip()
    if not re.fullmatch(r"[0-9]{6}([0-9]{3}|[0-9]{6})?", code) or code[:2] not in _PROVINCES:
        raise _bad("BAD_REGION", L("A region code has 6, 9 or 12 digits and begins with a province."))
    return code


def check_basic_code(code: str) -> str:
    """A basic catalogue code (基本编码): region 2, item type 2, lead department 2, main item 3, sub-item 3.

    The region is 00 for a national item or a province for a local one. GB/T 39554.1, decoded from live codes.

    Raises:
        UserError: BAD_ITEM_CODE.
    """
    code = code.strip()
    if not _BASIC.fullmatch(code):
        raise _bad("BAD_ITEM_CODE", L("A basic catalogue code has 12 digits."))
    if code[:2] != "00" and code[:2] not in _PROVINCES:
        raise _bad("BAD_ITEM_CODE", L("The item code begins with a region that does not exist."))
    if code[2:4] not in ITEM_TYPES:
        raise _bad("BAD_ITEM_CODE", L("The item code holds the unknown item type {type}.", type=code[2:4]))
    return code


def implementation_code(uscc: str, basic: str, level: str = "4") -> str:
    """An implementation code (实施编码), 31 characters: agency's USCC 18, level 1, basic code 12."""
    return check_item_code(uscc + level + basic)


def check_item_code(code: str) -> str:
    """An implementation code, 31 characters, or with its handling item (业务办理项) 33.

    It has no check digit of its own; the agency's code inside has one.

    Raises:
        UserError: BAD_ITEM_CODE.
    """
    code = code.strip().upper()
    parts = _IMPLEMENTATION.fullmatch(code)
    if parts is None:
        raise _bad("BAD_ITEM_CODE", L("An implementation code has 31 characters, with a handling item 33."))
    check_basic_code(parts["basic"])
    try:
        check_uscc(parts["uscc"])
    except UserError as error:
        raise _bad("BAD_ITEM_CODE", L("The agency's code inside the item code is wrong.")) from error
    return code


def iso7064_mod11_10(digits: str) -> str:
    """Check digit of ISO/IEC 7064 MOD 11,10, the hybrid system over digits. Example: 0794 gives 5."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def iso7064_mod37_36(text: str) -> str:
    """Check character of ISO/IEC 7064 MOD 37,36 (GB/T 17710), over digits and capitals.

    Example: A12425GABC1234002 gives M (ISO 15706, the example of an audiovisual number).
    """
    product = 36
    for character in text:
        product = ((product + _ALPHANUMERIC.index(character)) % 36 or 36) * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def case_number(region: str, day: date, serial: int) -> str:
    """A case number (办件编号), 19 digits: region 6, day yyMMdd, serial 6, check by ISO 7064 MOD 11,10.

    Raises:
        UserError: BAD_REGION; CASE_SERIAL_USED_UP after 999,999 numbers of one day.
    """
    if not 1 <= serial <= 999_999:
        raise UserError("CASE_SERIAL_USED_UP", L("The day has no case number {serial}.", serial=serial))
    body = f"{check_region(region)[:6]}{day:%y%m%d}{serial:06d}"
    return body + iso7064_mod11_10(body)


def check_case_number(number: str) -> str:
    """A case number as `case_number` makes it, of an item of a matter with -01 to -99 behind it; blanks are removed.

    Raises:
        UserError: BAD_CASE_NUMBER.
    """
    number = re.sub(r"\s", "", number)
    if not re.fullmatch(r"[0-9]{19}(-(?!00)[0-9]{2})?", number) or number[:2] not in _PROVINCES:
        raise _bad("BAD_CASE_NUMBER", L("A case number has 19 digits."))
    if iso7064_mod11_10(number[:18]) != number[18]:
        raise _bad("BAD_CASE_NUMBER", L("The check digit of the case number is wrong."))
    return number


def short_case_number(number: str) -> str:
    """How lists show a case number: day and serial, 1504212611220000170 as 261122-0017; an item of a matter keeps its -01."""
    return f"{number[6:12]}-{int(number[12:18]):04d}{number[19:]}"


def check_licence_type(code: str) -> str:
    """A licence type (GB/T 36904): USCC of the body that defines it, then 3 digits; 21 characters.

    Raises:
        UserError: BAD_LICENCE_TYPE.
    """
    code = code.strip().upper()
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{3}", code):
        raise _bad("BAD_LICENCE_TYPE", L("A licence type has 21 characters and ends in 3 digits."))
    try:
        check_uscc(code[:18])
    except UserError as error:
        raise _bad("BAD_LICENCE_TYPE", L("The issuer's code inside the licence type is wrong.")) from error
    return code


def licence_identifier(licence_type: str, issuer: str, serial: str, version: int = 1) -> str:
    """An e-licence identifier (GB/T 36904-2018): root, type 21, issuer, serial up to 32, version 3, check.

    The check character is ISO 7064 MOD 37,36 over the parts without dots and without the root.
    """
    parts = [check_licence_type(licence_type), issuer.upper(), serial.upper(), f"{version:03d}"]
    return check_licence_identifier(_LICENCE_ROOT + ".".join([*parts, iso7064_mod37_36("".join(parts))]))


def check_licence_identifier(identifier: str) -> str:
    """An e-licence identifier with its check character; some cities put a 6-digit region as the issuer.

    Raises:
        UserError: BAD_LICENCE_IDENTIFIER.
    """
    identifier = identifier.strip().upper()
    parts = identifier.removeprefix(_LICENCE_ROOT).split(".")
    shapes = (r"[0-9A-Z]{21}", r"[0-9A-Z]{18}|[0-9]{6}", r"[0-9A-Z]{1,32}", r"[0-9]{3}", r"[0-9A-Z]")
    well_formed = (
        identifier.startswith(_LICENCE_ROOT)
        and len(parts) == len(shapes)
        and all(re.fullmatch(shape, part) for shape, part in zip(shapes, parts, strict=True))
    )
    if not well_formed:
        raise _bad("BAD_LICENCE_IDENTIFIER", L("This is not an e-licence identifier."))
    if iso7064_mod37_36("".join(parts[:4])) != parts[4]:
        raise _bad("BAD_LICENCE_IDENTIFIER", L("The check character of the e-licence identifier is wrong."))
    return identifier


def _bad(code: str, sentence: LazyText) -> UserError:
    return UserError(code, sentence, do=L("Compare it with the paper and type it again."))
