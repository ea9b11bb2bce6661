"""The codes of the exchange partner where they are not the national ones: a map by column, as an administrator writes it. Pure.

A line for each column, `project_type: 1=01; 2=02`: ours, an equals sign, the partner's. What is not named stays as it is.
Provinces differ: some swap the item types 20 and 21, some write 办件类型 with two digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yichuang.api import LazyText, UserError
from yichuang_acceptance.rules import exchange
from yichuang_acceptance.rules.exchange_columns import COLUMNS
from yichuang_acceptance.words import words

L = words.lazy
SETTING = "acceptance.exchange_codes"
Codes = Mapping[str, Mapping[str, str]]
NATIONAL: Codes = {}
PERSONAL = ("111", "553", "001")
ITEM_TYPES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20")
OURS: Mapping[str, Sequence[str]] = {
    "apply_type": (exchange.AT_WINDOW,),
    "applyer_type": tuple(exchange.APPLICANT_CODES.values()),
    "applyer_page_type": PERSONAL,
    "contact_type": PERSONAL,
    "project_type": (*exchange.KIND_CODES.values(), exchange.OTHER_KIND),
    "event_name": tuple(dict.fromkeys((*exchange.PROCESS_NAMES.values(), exchange.OTHER_PROCESS))),
    "result_type": tuple(dict.fromkeys(exchange.RESULTS.values())),
    "is_delivery_results": ("0", "1"),
    "satisfaction": ("1", "2", "3", "4", "5"),
    "special_type": (exchange.EXTENSION, exchange.OTHER_PROCEDURE),
    "get_type": tuple(exchange.GIVEN_CODES.values()),
    "task_type": ITEM_TYPES,
}
"""The national codes of each column that has some, as far as the hall sends them; `task_type` is of the catalogue alone."""
READ_BACK = ("project_type", "task_type")
"""Columns of the catalogue's upload tables, which can be read in again: here two codes must not become one."""
PARTNERS = re.compile(r"[^\s:：;；=＝,，]+")
MOST_TYPE = 2


def codes_of(setting: object) -> Codes:
    """The map that a setting says; empty for none.

    Raises:
        UserError: EXCHANGE_CODES_BAD with the line and what is wrong in it.
    """
    if not isinstance(setting, str):
        raise _bad(1, L("The map is a text."))
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(setting.splitlines(), 1):
        if not line.strip():
            continue
        column, colon, pairs = line.replace("：", ":").partition(":")
        column = column.strip()
        if not colon or column not in OURS:
            allowed = ", ".join(OURS)
            raise _bad(
                number,
                L("Each line begins with a column and a colon; columns are: {allowed}.", allowed=allowed),
            )
        if column in found:
            raise _bad(number, L("The column {column} stands on two lines.", column=column))
        found[column] = _pairs(number, column, pairs)
    return found


def _pairs(number: int, column: str, text: str) -> dict[str, str]:
    most = min([spec[column].most for spec in COLUMNS.values() if column in spec], default=MOST_TYPE)
    found: dict[str, str] = {}
    for pair in re.split("[;；,，]", text):
        if not pair.strip():
            continue
        ours, equals, theirs = (part.strip() for part in pair.replace("＝", "=").partition("="))
        if not equals or ours not in OURS[column]:
            allowed = ", ".join(OURS[column])
            raise _bad(
                number,
                L(
                    "“{pair}” is no pair such as 1=01; our codes are: {allowed}.",
                    pair=pair.strip(),
                    allowed=allowed,
                ),
            )
        if ours in found:
            raise _bad(number, L("The code {code} is mapped twice.", code=ours))
        if not PARTNERS.fullmatch(theirs) or len(theirs) > most:
            raise _bad(
                number,
                L("The partner's code “{code}” must have 1 to {most} characters.", code=theirs, most=most),
            )
        found[ours] = theirs
    if column in READ_BACK:
        sent = [found.get(code, code) for code in OURS[column]]
        doubled = next((code for code in sent if sent.count(code) > 1), None)
        if doubled is not None:
            raise _bad(
                number, L("Two of our codes would become {code}; map the other one too.", code=doubled)
            )
    return found


def theirs(codes: Codes, column: str, value: str) -> str:
    """A value of a column as the partner writes it."""
    return codes.get(column, {}).get(value, value)


def ours(codes: Codes, column: str, value: str) -> str:
    """A value that came back, as we write it."""
    return next((own for own, partner in codes.get(column, {}).items() if partner == value), value)


def _bad(line: int, reason: LazyText) -> UserError:
    return UserError(
        "EXCHANGE_CODES_BAD",
        L("Line {n} of the codes of the exchange partner: {reason}", n=line, reason=reason),
        safe=L("The setting stays as it was."),
        do=L(
            "Write a line for each column, such as “project_type: 1=01; 2=02”; leave it empty for the national codes."
        ),
        detail={"line": line},
    )
