"""How papers write their numbers and dates; counting them is not done here."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy

HALL_TIME = ZoneInfo("Asia/Shanghai")

_NUMBER = re.compile(r"(?P<word>[^〔〕\s]{1,20})〔(?P<year>\d{4})〕第(?P<serial>\d+)号")


def document_number(word: str, year: int, serial: int, digits: int = 5) -> str:
    """The 文号 of a paper, such as 阿政服受字〔2026〕第00001号.

    Args:
        word: 发文机关代字 with the kind of paper, such as 阿政服受字.
        year: Four digits, written in full as GB/T 9704 asks.
        serial: From 1, counted by (agency, kind, year).
        digits: Least width of the serial; a longer serial is never cut.

    Raises:
        UserError: BAD_DOCUMENT_NUMBER for an empty or bracketed word, a year or serial out of range.
    """
    text = f"{word}〔{year}〕第{serial:0{digits}d}号"
    if serial < 1 or not _NUMBER.fullmatch(text):
        raise _bad_number(text)
    return text


def parse_document_number(text: str) -> tuple[str, int, int]:
    """Word, year and serial of a 文号 written by `document_number`.

    Raises:
        UserError: BAD_DOCUMENT_NUMBER.
    """
    found = _NUMBER.fullmatch(text)
    if not found or not text.isprintable():
        raise _bad_number(text)
    return found["word"], int(found["year"]), int(found["serial"])


def _bad_number(text: str) -> UserError:
    return UserError(
        "BAD_DOCUMENT_NUMBER",
        L("“{text}” is not a document number.", text=text),
        do=L("Write it like 阿政服受字〔2026〕第00001号."),
    )


def chinese_date(day: date) -> str:
    """A date as papers write it: 2026年3月17日, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(moment: datetime) -> str:
    """An aware moment in hall time: 2026年3月17日14时26分.

    Raises:
        ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment on a paper needs a time zone")
    local = moment.astimezone(HALL_TIME)
    return f"{chinese_date(local)}{local.hour}时{local.minute:02d}分"
