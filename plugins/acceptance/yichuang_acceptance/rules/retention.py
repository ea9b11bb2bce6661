"""How long the file of a closed case is kept (保管期限): for ever, 30 or 10 years, from the year after it was archived on.

Terms: 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第 8 号) art. 6; their codes: DA/T 22-2015; files of service items:
DA/T 85-2019. When a term is over the file is appraised (鉴定) by people; nothing is destroyed by itself.
"""

from __future__ import annotations

from datetime import date

from yichuang.api import UserError
from yichuang_acceptance.words import words

L = words.lazy
FOREVER = "Y"
YEARS: dict[str, int | None] = {FOREVER: None, "D30": 30, "D10": 10}
TERMS = {FOREVER: L("for ever"), "D30": L("30 years"), "D10": L("10 years")}
"""Codes of terms, as archives write them."""
GRANTED_SETTING, OTHER_SETTING = "acceptance.keep_granted_years", "acceptance.keep_other_years"
DEFAULTS = {GRANTED_SETTING: 0, OTHER_SETTING: 10}
"""Years of cases that gave a result, and of all others, where their item says nothing; 0 is for ever."""


def code_of(years: int | None) -> str:
    """The code of a number of years; 0 and None are for ever."""
    return f"D{years}" if years else FOREVER


def check_years(value: object) -> None:
    """Let only terms of the archives' rules be set.

    Raises:
        UserError: RETENTION_UNKNOWN.
    """
    if value not in (0, 10, 30) or isinstance(value, bool):
        raise UserError(
            "RETENTION_UNKNOWN",
            L("Files of cases are kept for 10 or 30 years, or for ever (0)."),
            do=L("Enter 0, 10 or 30."),
        )


def last_day(archived: date, years: int | None) -> date | None:
    """Until when a file is kept that was archived on a day of the hall; None for ever."""
    return None if years is None else date(archived.year + years, 12, 31)


def due_before(today: date, years: int) -> date:
    """Files with a term of so many years are due for appraisal if they were archived before this day."""
    return date(max(1, today.year - years), 1, 1)
