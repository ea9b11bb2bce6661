"""Decisions: not accepted, granted, refused. A negative one without reasons and remedies is not printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from yichuang.documents.model import Block, Heading, Paper, Paragraph
from yichuang.documents.numbering import chinese_date
from yichuang.documents.papers import law
from yichuang.documents.papers.common import (
    DECISION_SIZE,
    PaperFacts,
    Remedies,
    need,
    need_reason,
    need_remedies,
    paper,
)
from yichuang.documents.papers.law import OPEN_TO_THE_PUBLIC
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

L = words.lazy


class RefusalReason(Enum):
    """Why an application is not accepted: the words on the paper, and the law for a licence."""

    NOT_NEEDED = ("申请事项依法不需要取得行政许可", law.NOT_NEEDED)
    NOT_OUR_REMIT = ("申请事项依法不属于本机关职权范围", law.NOT_OUR_REMIT)
    NOT_IN_FORM = ("申请材料不齐全或者不符合法定形式，且未按照要求补正", law.INCOMPLETE)

    def __init__(self, words_: str, article: str) -> None:
        self.words = words_
        self.article = article


@dataclass(frozen=True, kw_only=True)
class RefusalToAcceptFacts(PaperFacts):
    """D4: why the case is not opened and who would be competent.

    Attributes:
        facts: What was found, in the clerk's words; the reason for this applicant, not only the class.
        law: Articles relied on; the licensing law's by default, needed for other items.
        proper_agency: The competent agency; required when the matter is not ours.
    """

    applied_on: date
    reason: RefusalReason
    facts: str
    law: str = ""
    proper_agency: str = ""
    remedies: Remedies | None = None


def refusal_to_accept(facts: RefusalToAcceptFacts) -> Paper:
    """D4 不予受理决定书.

    Raises:
        UserError: MISSING_REASON, MISSING_REMEDY, MISSING_PROPER_AGENCY or MISSING_FIELD.
    """
    need_reason(facts.facts)
    remedies = need_remedies(facts.remedies)
    subject = facts.subject
    basis = facts.law or (facts.reason.article if subject.licence else "")
    need(basis, "法律依据")
    need(facts.number, "文号")
    if facts.reason is RefusalReason.NOT_OUR_REMIT and not facts.proper_agency.strip():
        raise UserError(
            "MISSING_PROPER_AGENCY",
            L("The decision must name the agency that is competent."),
            do=L("Enter the competent agency and try again."),
        )
    body: list[Block] = [
        Paragraph(f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请收悉。"),
        Paragraph(f"经审查：{sentence(facts.facts)}上述情形属于{facts.reason.words}。"),
        Paragraph(f"{law.under(basis)}，本机关决定不予受理。"),
    ]
    if facts.proper_agency:
        body.append(Paragraph(f"请向{facts.proper_agency}提出申请。"))
    body.append(Paragraph(remedies.text()))
    return paper(facts, "D4", "不予受理决定书", body, addressed=True, size=DECISION_SIZE)


@dataclass(frozen=True, kw_only=True)
class GrantFacts(PaperFacts):
    """D10: what is permitted, on which grounds, for how long.

    Attributes:
        content: What is permitted and its scope.
        valid_to: Last day, or None for no end.
        certificate: Name and number of the certificate issued with it.
        conditions: Conditions and duties, one each.
    """

    applied_on: date
    facts: str
    law: str
    content: str
    valid_from: date
    valid_to: date | None = None
    certificate: str = ""
    conditions: tuple[str, ...] = ()
    public_notice: str = OPEN_TO_THE_PUBLIC


def grant_decision(facts: GrantFacts) -> Paper:
    """D10 准予行政许可决定书 (准予决定书 for items that are no licence).

    Raises:
        UserError: MISSING_FIELD without facts, law, content or number.
    """
    need(facts.facts, "事实")
    need(facts.law, "法律依据")
    need(facts.content, "许可内容")
    need(facts.number, "文号")
    subject = facts.subject
    until = f"至{chinese_date(facts.valid_to)}" if facts.valid_to else "起长期有效"
    kind = "行政许可" if subject.licence else "办理"
    basis = f"{law.GRANTED}和{facts.law}" if subject.licence else facts.law
    points = [
        f"内容和范围：{sentence(facts.content)}",
        f"有效期限：自{chinese_date(facts.valid_from)}{until}。",
        *([f"证件：{sentence(facts.certificate)}"] if facts.certificate else []),
        *(sentence(condition) for condition in facts.conditions),
    ]
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请，本机关已依法受理。"
            f"经审查：{sentence(facts.facts)}"
        ),
        Paragraph(f"{law.under(basis)}，决定准予{kind}："),
        *(Paragraph(f"{_ordinal(number)}、{text}") for number, text in enumerate(points, 1)),
    ]
    if subject.licence:
        body += [Paragraph(law.LAWFUL_USE + law.DELIVERY_PERIOD), Paragraph(facts.public_notice)]
    title = "准予行政许可决定书" if subject.licence else "准予办理决定书"
    return paper(facts, "D10", title, body, addressed=True, size=DECISION_SIZE)


@dataclass(frozen=True, kw_only=True)
class RefusalFacts(PaperFacts):
    """D11: why the application is refused and what can be done about it."""

    applied_on: date
    facts: str
    law: str
    reasons: str
    remedies: Remedies | None


def refusal_decision(facts: RefusalFacts) -> Paper:
    """D11 不予行政许可决定书 (不予决定书 for items that are no licence).

    Raises:
        UserError: MISSING_REASON, MISSING_REMEDY or MISSING_FIELD.
    """
    need_reason(facts.reasons)
    remedies = need_remedies(facts.remedies)
    need(facts.facts, "事实")
    need(facts.law, "法律依据")
    need(facts.number, "文号")
    subject = facts.subject
    kind = "行政许可" if subject.licence else "办理"
    basis = f"{law.REFUSED}和{facts.law}" if subject.licence else facts.law
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请，本机关已依法受理。"
        ),
        *_grounds(facts, "不予许可的理由" if subject.licence else "理由"),
        Paragraph(f"{law.under(basis)}，决定不予{kind}。"),
        Paragraph(remedies.text()),
    ]
    title = "不予行政许可决定书" if subject.licence else "不予办理决定书"
    return paper(facts, "D11", title, body, addressed=True, size=DECISION_SIZE)


def _grounds(facts: RefusalFacts, reasons: str) -> list[Block]:
    """Facts, reasons and the heading of the decision; where the approver wrote both in one, they are said once."""
    if sentence(facts.facts) == sentence(facts.reasons):
        return [
            Heading(f"一、查明的事实和{reasons}"),
            Paragraph(sentence(facts.reasons)),
            Heading("二、决定"),
        ]
    return [
        Heading("一、查明的事实"),
        Paragraph(sentence(facts.facts)),
        Heading(f"二、{reasons}"),
        Paragraph(sentence(facts.reasons)),
        Heading("三、决定"),
    ]


def sentence(text: str) -> str:
    """Text that ends with a full stop, whether or not the writer set one."""
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "；", "…")) else f"{text}。"


def _ordinal(number: int) -> str:
    digits = "一二三四五六七八九十"
    if number <= 10:
        return digits[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens - 1]) + "十" + (digits[ones - 1] if ones else "")
