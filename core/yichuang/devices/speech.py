"""Chinese announcements as pinyin with tone numbers, which every espeak-ng speaks with the right tones.

Debian's espeak-ng 1.51 says Chinese characters in English; its voice cmn-latn-pinyin is right. Ticket numbers are read
digit by digit, desk numbers as numbers.
"""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九"
_TICKET = re.compile(r"[A-Za-z]+[0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_PARTS = re.compile(r"[A-Za-z]|[^A-Za-z\s]+")


def chinese_number(number: int) -> str:
    """A number below 10,000 as it is read: 12 十二, 305 三百零五."""
    if not 0 <= number < 10_000:
        raise ValueError(f"{number} is not read out as one number")
    if number < 10:
        return _DIGITS[number]
    text, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return text.removeprefix("一") if text.startswith("一十") else text


def spell(text: str) -> str:
    """Numbers in words: A012 to A零一二, 3号 to 三号, a number of five digits and more digit by digit."""

    def ticket(match: re.Match[str]) -> str:
        return "".join(_DIGITS[int(c)] if c.isdigit() else c for c in match[0])

    def number(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) > 4 or digits.startswith("0"):
            return "".join(_DIGITS[int(c)] for c in digits)
        return chinese_number(int(digits))

    return _NUMBER.sub(number, _TICKET.sub(ticket, text))


def pinyin(text: str) -> str:
    """What is handed to espeak-ng: syllables with tone numbers, single letters, punctuation for pauses."""
    from pypinyin import Style, lazy_pinyin

    words: list[str] = []
    for part in _PARTS.findall(spell(text)):
        if part.isascii() and part.isalpha():
            words.append(part.upper())
        else:
            words += lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(words).translate(str.maketrans("，。；：！？、", ",.;:!?,"))
