"""Text from outside: what is let in, and what of a person's data is shown."""

from __future__ import annotations

import re
import unicodedata

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

__all__ = ["check_phone", "clean_text", "mask_id", "mask_name", "mask_phone"]

L = words.lazy

# Characters without a picture that would let two different texts look alike or run backwards on a paper. The
# joiners U+200C/U+200D and the Mongolian separators are not among them: Mongolian names need them.
_HIDDEN = re.compile(r"[\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?")


def clean_text(text: str, limit: int = 200, *, multiline: bool = False, required: bool = True) -> str:
    """Text that may be stored and printed: no control characters, composed (NFC), trimmed, not too long.

    Unassigned code points pass on purpose: the newest blocks of Chinese characters, which occur in names, are
    unknown to this Python's Unicode tables.

    Args:
        text: What was typed, read from a card or imported.
        limit: Greatest length in characters.
        multiline: Whether line breaks (and tabs) may stay.
        required: Whether blank text is refused.

    Raises:
        UserError: BAD_TEXT.
    """
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        if _is_refused(character, multiline=multiline):
            raise UserError(
                "BAD_TEXT",
                L("The text contains the hidden character U+{code}.", code=f"{ord(character):04X}"),
                do=L("Delete the text and type it again."),
            )
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise UserError(
            "BAD_TEXT", L("The text has {n} characters, at most {limit} fit.", n=len(text), limit=limit)
        )
    if required and not text:
        raise UserError("BAD_TEXT", L("The text is empty."), do=L("Fill in the field."))
    return text


def _is_refused(character: str, *, multiline: bool) -> bool:
    if character in "\n\t":
        return not multiline
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE
    return (
        bool(_HIDDEN.match(character)) or is_noncharacter or unicodedata.category(character) in {"Cc", "Cs"}
    )


def check_phone(phone: str) -> str:
    """A mobile number, or a landline with its area code; blanks are removed.

    Raises:
        UserError: BAD_PHONE.
    """
    compact = re.sub(r"[\s‐–]", "", clean_text(phone, 30))
    if _MOBILE.fullmatch(compact) or _LANDLINE.fullmatch(compact):
        return compact
    raise UserError("BAD_PHONE", L("This is not a telephone number."), do=L("A mobile number has 11 digits."))


def mask_name(name: str) -> str:
    """王小军 as 王*军, 王军 as 王*; the length stays."""
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1] if len(name) > 2 else name[0] + "*"


def mask_id(number: str) -> str:
    """150421198001012417 as 150421********2417; shorter numbers keep a third at most on each side."""
    head, tail = (6, 4) if len(number) >= 15 else (len(number) // 4, len(number) // 4)
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def mask_phone(phone: str) -> str:
    """13847621458 as 138****1458; other numbers keep a quarter on each side."""
    head, tail = (3, 4) if len(phone) == 11 else (len(phone) // 4, len(phone) // 4)
    return phone[:head] + "*" * (len(phone) - head - tail) + phone[len(phone) - tail :]
