"""A slip of thermal paper for the applicant's pocket: the numbers of a case, what was handed in, when it will be done."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from yichuang.api import HALL_ZONE, Read, identifiers, query
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.intake import OneCase

if TYPE_CHECKING:
    from yichuang.api import strips

MOST_MATERIALS = 20
"""Lines of a slip; the notice names all."""
NOT_ACCEPTED_YET = "收件不等于受理。五个工作日内告知是否受理，或者一次告知需要补正的全部内容。"
NO_NOTICE = "本小票仅供查询，不代替加盖印章的通知书。"


@query("acceptance.slip", permission="acceptance.print", title="A slip with the numbers of a case")
def slip(read: Read, request: OneCase) -> bytes:
    """What a ticket printer prints of a case, as PNG. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    from yichuang.api import strips

    row = cases.at_window(read, request.case_id)
    strip = strips.Strip()
    strip.y = 32
    _head(strip, read, row)
    _facts(strip, row)
    strip.rule()
    _materials(strip, read, row)
    strip.rule()
    _code(strip, read, row)
    out = io.BytesIO()
    strip.done().save(out, "PNG")
    return out.getvalue()


def _head(strip: strips.Strip, read: Read, row: Any) -> None:
    office = parts.office(read, row)
    strip.paragraph(office.hall, 28, "bold", after=2)
    strip.paragraph(office.agency, 24, after=14)
    title = "受理小票" if row.accepted_at is not None else "收件小票"
    strip.paragraph(title, 44, "bold", after=10)
    strip.paragraph(row.item_name, 30, "bold", after=14)
    strip.rule()


def _facts(strip: strips.Strip, row: Any) -> None:
    """Numbers first: they are what people come back with."""
    person = row.applicant_kind == "person"
    due = row.promise_due_at or row.legal_due_at
    for label, value in (
        ("办件编号", f"{row.case_no[:6]} {row.case_no[6:12]} {row.case_no[12:]}"), ("查询码", row.query_code),
        ("申请人", identifiers.mask_name(row.applicant_name) if person else row.applicant_name),
        ("收件时间", f"{row.received_at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"),
        ("承诺办结", f"{due.astimezone(HALL_ZONE):%Y-%m-%d} 前" if row.accepted_at is not None and due else ""),
        ("收件窗口", row.desk),
    ):  # fmt: skip
        if value:
            strip.pair(label, value)
    strip.y += 14


def _materials(strip: strips.Strip, read: Read, row: Any) -> None:
    owing = parts.deferred(read, row)
    owed_names = {each.name for each in owing}
    lines = [line for line in parts.lines(read, row) if line.name not in owed_names]
    strip.paragraph(f"材料 {len(lines)} 份", 26, "bold", after=4)
    for number, line in enumerate(lines[:MOST_MATERIALS], 1):
        sheets = "".join(
            f" {what}{count}" for what, count in (("原件", line.originals), ("复印件", line.copies)) if count
        )
        strip.paragraph(f"{number}. {line.name}{sheets}{f'（{line.remark}）' if line.remark else ''}", 24)
    if len(lines) > MOST_MATERIALS:
        strip.paragraph("其余见通知书", 24)
    for owed in owing:
        strip.paragraph(f"待补：{owed.name}，{owed.due:%Y-%m-%d} 前", 24, "bold")
    strip.y += 14


def _code(strip: strips.Strip, read: Read, row: Any) -> None:
    from yichuang.api import strips

    office = parts.office(read, row)
    top = strip.y
    text = office.query_url.format(case_no=row.case_no, query_code=row.query_code) if office.query_url else ""
    side = strip.qr(text or f"{row.case_no} {row.query_code}", strips.EDGE, top + 6)
    left, bottom = strips.EDGE + side + 28, top + 6 + side
    phone = [f"窗口电话 {office.window_phone}"] if office.window_phone else []
    for line in ("扫码查办理进度", *phone, f"监督电话 {office.supervision_phone}"):
        strip.paragraph(line, 24, left=left, after=4)
    strip.y = max(strip.y, bottom) + 14
    if row.accepted_at is None:
        strip.paragraph(NOT_ACCEPTED_YET, 22, after=4)
    strip.paragraph(NO_NOTICE, 22, after=10)
