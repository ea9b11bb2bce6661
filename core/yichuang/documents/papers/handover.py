"""交接单: what goes from one point of intake to another, with a bar code that the other end scans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yichuang.documents.model import Office, Paper, Paragraph, Signature, Table
from yichuang.documents.numbering import chinese_moment
from yichuang.documents.papers.common import FORM_SIZE, filled, need


@dataclass(frozen=True)
class HandoverLine:
    """One envelope: its case, what lies in it, what was wrong when it arrived."""

    case_no: str
    item: str
    contents: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoverFacts:
    """A list handed over from `source` to `target`; empty `received_by` while it is on the way."""

    hall: str
    number: str
    source: str
    target: str
    sent_at: datetime
    sent_by: str
    lines: tuple[HandoverLine, ...]
    received_at: datetime | None = None
    received_by: str = ""


def handover_list(facts: HandoverFacts) -> Paper:
    """交接单, to be signed at both ends.

    Raises:
        UserError: MISSING_FIELD without number, points or lines.
    """
    need(facts.number, "交接单编号")
    need(facts.source, "移交单位")
    need(facts.target, "接收单位")
    need(facts.lines, "移交内容")
    rows = tuple(
        (str(n), line.case_no, line.item, line.contents, line.remark) for n, line in enumerate(facts.lines, 1)
    )
    received = chinese_moment(facts.received_at) if facts.received_at else ""
    return Paper(
        kind="handover",
        title="材料（结果）交接单",
        office=Office(agency=facts.hall, hall=facts.hall),
        date=facts.sent_at.date(),
        body=(
            filled(
                [
                    ("移交单位", facts.source), ("接收单位", facts.target), ("移交时间", chinese_moment(facts.sent_at)),
                    ("接收时间", received), ("份数", f"{len(facts.lines)}份"),
                ]
            ),
            Table(
                ("序号", "办件编号", "事项", "移交内容", "接收情况"), rows, (11, 46, 28, 50, 25),
                ("center", "left", "left", "left", "left"),
            ),
            Paragraph("接收人应当当面清点；与清单不符的，在接收情况中注明。"),
        ),
        case_no=facts.number,
        code_label="交接单编号",
        sealed=False,
        signatures=(Signature("移交人", facts.sent_by), Signature("接收人（签名）", facts.received_by)),
        text_size=FORM_SIZE,
    )  # fmt: skip
