"""How a slip of thermal paper looks: of a case, a matter, or what was received while the hall is away. No database in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import strips

MOST_LINES = 20
"""Of each list of a slip; the notice names all."""
MOST_LETTERS = 40
"""Of a line: two lines of the paper. A roll is no file."""
NOT_ACCEPTED_YET = "收件不等于受理。五个工作日内告知是否受理，或者一次告知需要补正的全部内容。"
NO_NOTICE = "本小票仅供查询，不代替加盖印章的通知书。"
REST = "其余见通知书"


@dataclass(frozen=True)
class Given:
    """A material as it was handed in."""

    name: str
    originals: int = 0
    copies: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Slip:
    """What a slip says.

    Attributes:
        numbers: Labels and values; empty values are left out.
        parts: Items of a matter; none of a single case.
        owed: Materials that follow, each with its day where there is one.
        code: What the QR code holds.
        beside: Lines beside it.
        notes: Small print.
    """

    hall: str
    agency: str
    title: str
    item: str
    numbers: Sequence[tuple[str, str]]
    materials: Sequence[Given]
    owed: Sequence[str]
    code: str
    beside: Sequence[str]
    notes: Sequence[str]
    parts: Sequence[str] = ()


def draw(slip: Slip) -> bytes:
    """The slip as a ticket printer takes it: PNG, one dot a pixel."""
    from yichuang.api import strips

    strip = strips.Strip()
    strip.y = 32
    _head(strip, slip)
    for label, value in slip.numbers:
        if value:
            strip.pair(label, value)
    strip.y += 14
    strip.rule()
    if slip.parts:
        _list(strip, f"事项 {len(slip.parts)} 项", slip.parts)
        strip.rule()
    _list(strip, f"材料 {len(slip.materials)} 份", [line_of(each) for each in slip.materials], slip.owed)
    strip.rule()
    _code(strip, slip)
    for note in slip.notes:
        strip.paragraph(note, 22, after=4)
    strip.y += 6
    out = io.BytesIO()
    strip.done().save(out, "PNG")
    return out.getvalue()


def grouped_number(case_no: str) -> str:
    """A case number in the groups in which people read it."""
    return f"{case_no[:6]} {case_no[6:12]} {case_no[12:]}"


def code_of(query_url: str, case_no: str, query_code: str) -> str:
    """What the QR code holds: the hall's address for enquiries, or both numbers."""
    return (
        query_url.format(case_no=case_no, query_code=query_code) if query_url else f"{case_no} {query_code}"
    )


def beside(window_phone: str, supervision_phone: str) -> list[str]:
    """Lines beside the code."""
    phone = [f"窗口电话 {window_phone}"] if window_phone else []
    return ["扫码查办理进度", *phone, f"监督电话 {supervision_phone}"]


def line_of(given: Given) -> str:
    """A material with its sheets; of a long name its beginning."""
    sheets = "".join(
        f" {what}{count}" for what, count in (("原件", given.originals), ("复印件", given.copies)) if count
    )
    tail = f"{sheets}{f'（{given.remark}）' if given.remark else ''}"
    return f"{short(given.name, MOST_LETTERS - len(tail))}{tail}"


def short(text: str, most: int = MOST_LETTERS) -> str:
    """At most so many letters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _head(strip: strips.Strip, slip: Slip) -> None:
    strip.paragraph(slip.hall, 28, "bold", after=2)
    strip.paragraph(slip.agency, 24, after=14)
    strip.paragraph(slip.title, 44, "bold", after=10)
    strip.paragraph(slip.item, 30, "bold", after=14)
    strip.rule()


def _list(strip: strips.Strip, heading: str, lines: Sequence[str], owed: Sequence[str] = ()) -> None:
    strip.paragraph(heading, 26, "bold", after=4)
    for number, line in enumerate(lines[:MOST_LINES], 1):
        strip.paragraph(f"{number}. {line}", 24)
    if len(lines) > MOST_LINES:
        strip.paragraph(REST, 24)
    for line in owed[:MOST_LINES]:
        strip.paragraph(f"待补：{line}", 24, "bold")
    if len(owed) > MOST_LINES:
        strip.paragraph(REST, 24)
    strip.y += 14


def _code(strip: strips.Strip, slip: Slip) -> None:
    from yichuang.api import strips

    top = strip.y
    side = strip.qr(slip.code, strips.EDGE, top + 6)
    left, bottom = strips.EDGE + side + 28, top + 6 + side
    for line in slip.beside:
        strip.paragraph(line, 24, left=left, after=4)
    strip.y = max(strip.y, bottom) + 14
