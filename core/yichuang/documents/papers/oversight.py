"""Papers of notice and commitment (告知承诺) and of electronic supervision (监察): what is promised, what is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yichuang.documents.model import Block, Heading, Paper, Paragraph
from yichuang.documents.numbering import chinese_moment
from yichuang.documents.papers import law
from yichuang.documents.papers.common import (
    PaperFacts,
    applicant_pairs,
    filled,
    need,
    need_reason,
    paper,
    signatures,
)


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts(PaperFacts):
    """D6: what the organ tells and what the applicant promises.

    Attributes:
        basis: Law that the item rests on.
        conditions: What must be so for the grant.
        replaced: Proofs that are not asked for.
        check_days: Natural days after the grant within which the promise is checked.
    """

    basis: str
    conditions: str
    replaced: tuple[str, ...]
    check_days: int


def commitment(facts: CommitmentFacts) -> Paper:
    """D6 告知承诺书: legal basis, conditions, proofs replaced, promise, supervision, liability.

    Raises:
        UserError: MISSING_FIELD without basis, conditions or the proofs that it stands for.
    """
    need(facts.basis, "法律依据")
    need(facts.conditions, "办理条件")
    need(facts.replaced, "免予提交的证明材料")
    need(facts.check_days, "核查期限")
    subject = facts.subject
    body: list[Block] = [
        filled(applicant_pairs(subject)),
        Heading("一、行政机关告知"),
        Paragraph(f"（一）法律依据：{facts.basis}"),
        Paragraph(f"（二）办理条件：{facts.conditions}"),
        Paragraph(f"（三）以承诺代替的证明材料：{'、'.join(facts.replaced)}"),
        Paragraph(f"（四）监督：{law.COMMITMENT_CHECK.format(days=facts.check_days)}"),
        Paragraph(
            f"（五）责任：{law.COMMITMENT_LIABILITY_LICENCE if subject.licence else law.COMMITMENT_LIABILITY}"
        ),
        Heading("二、申请人承诺"),
        *(Paragraph(f"{number}．{text}") for number, text in enumerate(law.COMMITMENT_PROMISES, 1)),
    ]
    return paper(facts, "D6", "告知承诺书", body, signed_by=signatures(subject))


@dataclass(frozen=True, kw_only=True)
class SupervisionFacts(PaperFacts):
    """A supervision order, with the fields of GB/T 39046 table 11.

    Attributes:
        item_type: 行政许可 and so on.
        since: When the state that is warned of began (状态时间).
        result: What the agency answered so far (结果描述).
        issuer: Who orders.
        finding_no: What it is about where no case came of it; stands in place of the case's number.
    """

    agency: str  # that is to mend it; the office of the paper is whoever supervises
    order_no: str
    rule: str
    warning: str
    content: str
    item_type: str
    issued_at: datetime
    since: datetime
    result: str = ""
    staff: str = ""
    issuer: str = ""
    finding_no: str = ""


def supervision_order(facts: SupervisionFacts) -> Paper:
    """监察督办单.

    Raises:
        UserError: MISSING_REASON without what is ordered; MISSING_FIELD without number or rule.
    """
    need_reason(facts.content)
    need(facts.order_no, "监察编号")
    need(facts.rule, "监察规则编号")
    subject = facts.subject
    body: list[Block] = [
        filled(
            [
                ("监察编号", facts.order_no),
                ("发出时间", chinese_moment(facts.issued_at)),
                (
                    "办件编号",
                    f"{facts.finding_no}（监察发现，未形成办件）" if facts.finding_no else subject.case_no,
                ),
                ("申请事项", subject.item),
                ("事项类型", facts.item_type or "—"),
                ("机构", facts.agency),
                ("责任部门", facts.agency),
                ("责任人", facts.staff),
                ("监察规则编号", facts.rule),
                ("预警类型", facts.warning),
                ("状态时间", chinese_moment(facts.since)),
                ("结果描述", facts.result or "尚未反馈"),
            ],
            columns=1,
        ),
        Heading("督办内容"),
        Paragraph(facts.content),
        Paragraph(law.SUPERVISION_ANSWER),
        Paragraph(f"发出人：{facts.issuer}", indent=False),
    ]
    return paper(facts, "S1", "监察督办单", body, sealed=False)
