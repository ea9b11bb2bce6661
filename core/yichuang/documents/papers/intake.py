"""Papers of the counter: application form, receipt, correction notice, acceptance notice, commitment for deferred materials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yichuang.documents.model import Block, Bold, Heading, Paper, Paragraph, Table
from yichuang.documents.numbering import chinese_date, chinese_moment
from yichuang.documents.papers import law
from yichuang.documents.papers.common import (
    DeferredMaterial,
    MaterialLine,
    PaperFacts,
    applicant_pairs,
    deferred_table,
    filled,
    materials_table,
    need,
    paper,
    signatures,
)
from yichuang.hall.text import mask_phone


@dataclass(frozen=True)
class FormLine:
    """A field of the application form: what is asked, what was filled in, where that came from; empty where it was typed."""

    label: str
    value: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ApplicationFacts(PaperFacts):
    """A1: what is applied for and on what papers.

    Attributes:
        received_at: None while the application is not taken in yet.
    """

    lines: tuple[FormLine, ...] = ()
    materials: tuple[MaterialLine, ...] = ()
    received_at: datetime | None = None


def application_form(facts: ApplicationFacts) -> Paper:
    """A1 申请表: the application as the applicant signs it on paper.

    Raises:
        UserError: MISSING_FIELD without applicant or item.
    """
    subject = facts.subject
    received = chinese_moment(facts.received_at) if facts.received_at else "尚未收件（收件后另出具收件凭证）"
    body: list[Block] = [
        Paragraph(("现申请办理“", Bold(subject.item), "”，申请内容和提交的材料如下：")),
        filled(
            [
                *applicant_pairs(subject),
                ("联系电话", mask_phone(subject.phone) if subject.phone else ""),
                ("收件时间", received),
            ]
        ),
        Heading("一、申请内容"),
        _form_table(facts.lines) if facts.lines else Paragraph("本事项没有其他申请内容。"),
        Heading("二、提交的材料"),
        materials_table(facts.materials) if facts.materials else Paragraph("尚未提交材料。"),
        Heading("三、申请人声明"),
        Paragraph(law.TRUTH_DECLARATION),
        Paragraph(law.FORM_DECLARATION),
    ]
    return paper(facts, "A1", "申请表", body, signed_by=signatures(subject), sealed=False)


def _form_table(lines: tuple[FormLine, ...]) -> Table:
    """What was filled in; where it came from only if any of it was brought in."""
    rows = [(str(number), line.label, line.value or "—", line.source or "申请人填写" if line.value else "—")
            for number, line in enumerate(lines, 1)]  # fmt: skip
    if any(line.source for line in lines):
        return Table(
            ("序号", "填写项目", "填写内容", "来源"), tuple(rows), (11, 49, 72, 28), ("center", "left", "left", "center")
        )  # fmt: skip
    return Table(
        ("序号", "填写项目", "填写内容"), tuple(row[:3] for row in rows), (11, 54, 95), ("center", "left", "left")
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts(PaperFacts):
    """D1: what was handed in and when; `corrected` where it was brought after a correction notice, `later` at another time.

    `offline` where the window worked without the hall's database: the paper has no 文号 then, says so, and asks for the
    applicant's signature by hand, as nothing could be confirmed on the window's second screen.

    Attributes:
        form: What was filled in on the application form: label and value.
        owed: Materials promised for later without the promise being signed yet; it is signed at acceptance.
    """

    received_at: datetime
    materials: tuple[MaterialLine, ...]
    corrected: bool = False
    later: bool = False
    form: tuple[tuple[str, str], ...] = ()
    offline: bool = False
    owed: tuple[str, ...] = ()


def receipt(facts: ReceiptFacts) -> Paper:
    """D1 申请材料接收凭证.

    Raises:
        UserError: MISSING_FIELD without materials, applicant or item.
    """
    need(facts.materials, "申请材料")
    subject = facts.subject
    moment = chinese_moment(facts.received_at)
    period = law.ACCEPTANCE_PERIOD if subject.licence else law.ACCEPTANCE_PERIOD_OTHER
    body: list[Block] = [
        Paragraph(
            ("现收到", Bold(subject.applicant), "提交的“", Bold(subject.item), "”申请材料，清单如下：")
        ),
        filled([*applicant_pairs(subject), ("收件时间", moment), ("收件窗口", facts.office.window)]),
        materials_table(facts.materials),
    ]
    if not facts.later:  # it may have been accepted long before
        body.append(Paragraph((Bold(law.NOT_ACCEPTED_YET), period)))
    if facts.form:
        body[-1:-1] = [Paragraph(("申请表填写内容：",)), filled(facts.form)]
    if facts.offline:
        body.insert(0, Paragraph((Bold(law.RECEIVED_OFFLINE),), indent=False, align="center"))
        body.append(Paragraph((law.SIGN_OFFLINE,)))
    if facts.owed:
        body.append(Paragraph((law.PROMISE_LATER.format(names="、".join(facts.owed)),)))
    kind = "补正" if facts.corrected else "补交" if facts.later else "申请"
    title = f"{kind}材料接收凭证"
    return paper(facts, "D1", title, body, signed_by=signatures(subject, dated=False))


@dataclass(frozen=True)
class Defect:
    """A material that is missing or wrong: what is wrong, by which rule, and what it has to be."""

    material: str
    problem: str
    law: str = ""
    standard: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectionFacts(PaperFacts):
    """D2: everything that is missing or wrong, told once."""

    applied_on: date
    present: tuple[MaterialLine, ...]
    defects: tuple[Defect, ...]
    due: date
    ways: str = law.CORRECTION_WAYS


def correction_notice(facts: CorrectionFacts) -> Paper:
    """D2 补正材料一次性告知书.

    Raises:
        UserError: MISSING_FIELD if nothing is to be corrected or a defect does not say what is wrong.
    """
    need(facts.defects, "需要补正的材料")
    for defect in facts.defects:
        need(defect.material, "需要补正的材料")
        need(defect.problem, f"{defect.material}：存在的问题")
    subject = facts.subject
    basis = f"根据{law.INCOMPLETE}的规定，" if subject.licence else ""
    rows = tuple(
        (str(number), d.material, d.problem, d.law or "—", d.standard or "—")
        for number, d in enumerate(facts.defects, 1)
    )
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请，"
            f"经审查，申请材料不齐全或者不符合法定形式。{basis}现将需要补正的全部内容一次告知如下："
        ),
        Heading("一、已具备的材料"),
        materials_table(facts.present) if facts.present else Paragraph("无。"),
        Heading("二、需要补正的材料"),
        Table(
            ("序号", "材料名称", "存在的问题", "依据", "补正要求"),
            rows,
            (11, 38, 42, 34, 35),
            ("center", "left", "left", "left", "left"),
        ),
        Heading("三、补正期限和方式"),
        Paragraph(("请于", Bold(chinese_date(facts.due)), f"前补正。{facts.ways}")),
        Paragraph(law.CORRECTION_LAPSE),
    ]
    return paper(
        facts,
        "D2",
        "补正材料一次性告知书",
        body,
        signed_by=signatures(subject),
        addressed=True,
        note="本告知书自签收或者送达之日起生效。",
    )


@dataclass(frozen=True)
class SpecialProcedure:
    """A hearing, inspection or review whose time does not count."""

    name: str
    time: str


@dataclass(frozen=True, kw_only=True)
class AcceptanceFacts(PaperFacts):
    """D3: what was accepted, until when it is decided, what may follow."""

    kind: str  # 即办件 or 承诺件
    accepted_at: datetime
    materials: tuple[MaterialLine, ...]
    finish_by: date | None  # None: the catalogue names no limit
    deferred: tuple[DeferredMaterial, ...] = ()
    legal_limit: str = ""
    promise_limit: str = ""
    special: tuple[SpecialProcedure, ...] = ()
    fee: str = "不收费"
    contact: str = ""
    pick_up: str = "窗口领取"
    deemed: bool = False  # nothing was told in time, so it is accepted from the day of receipt


def acceptance_notice(facts: AcceptanceFacts) -> Paper:
    """D3 受理通知书.

    Raises:
        UserError: MISSING_FIELD without materials, kind or number.
    """
    need(facts.materials, "申请材料")
    need(facts.kind, "办件类型")
    need(facts.number, "文号")
    subject = facts.subject
    basis = f"根据{law.ACCEPTED}的规定，" if subject.licence else ""
    body: list[Block] = [
        Paragraph(
            (
                f"{subject.you}于{chinese_moment(facts.accepted_at)}提出的",
                Bold(subject.item),
                f"申请，符合受理条件。{basis}现予受理。",
            )
        ),
        filled(
            [
                *applicant_pairs(subject),
                ("办件类型", facts.kind),
                ("法定期限", facts.legal_limit),
                ("承诺期限", facts.promise_limit),
                (
                    "预计办结",
                    f"{chinese_date(facts.finish_by)}前" if facts.finish_by else law.LIMIT_NOT_ENTERED,
                ),
                ("收费", facts.fee),
                ("领取方式", facts.pick_up),
                ("短信号码", mask_phone(subject.phone) if subject.phone else ""),
                ("联系人", facts.contact),
            ]
        ),
        materials_table(facts.materials),
    ]
    if facts.deemed:
        body.append(Paragraph(law.DEEMED_ACCEPTED))
    if facts.deferred:
        body += [Paragraph("下列材料容缺受理，请按期补交：", indent=False), deferred_table(facts.deferred)]
    for procedure in facts.special:
        body.append(Paragraph(f"本事项需要{procedure.name}，所需时间{procedure.time}。{law.NOT_COUNTED}"))
    body.append(Paragraph(law.TRUTH_DECLARATION))
    return paper(facts, "D3", "受理通知书", body, signed_by=signatures(subject, dated=False), addressed=True)


@dataclass(frozen=True, kw_only=True)
class ToleranceFacts(PaperFacts):
    """D5: what may follow, by when, and what the applicant promises."""

    deferred: tuple[DeferredMaterial, ...]


def tolerance_commitment(facts: ToleranceFacts) -> Paper:
    """D5 容缺受理告知承诺书.

    Raises:
        UserError: MISSING_FIELD if no material is deferred.
    """
    need(facts.deferred, "容缺材料")
    terms = [Paragraph(f"{number}．{text}") for number, text in enumerate(law.TOLERANCE_TERMS, 1)]
    body: list[Block] = [
        filled(applicant_pairs(facts.subject)),
        Heading("一、告知内容"),
        Paragraph("下列次要材料暂缺，可以在规定期限内补交："),
        deferred_table(facts.deferred),
        *terms,
        Heading("二、申请人承诺"),
        Paragraph(law.TOLERANCE_PROMISE),
    ]
    return paper(facts, "D5", "容缺受理告知承诺书", body, signed_by=signatures(facts.subject))
