"""Papers of a case on its way: time that does not count, a longer limit, a hearing, sending up, an end without a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from yichuang.documents.model import Block, Bold, Heading, Paper, Paragraph
from yichuang.documents.numbering import chinese_date, chinese_moment
from yichuang.documents.papers import law
from yichuang.documents.papers.common import (
    DECISION_SIZE,
    MaterialLine,
    PaperFacts,
    Remedies,
    applicant_pairs,
    filled,
    materials_table,
    need,
    need_reason,
    need_remedies,
    paper,
    signatures,
)
from yichuang.documents.papers.decisions import sentence


@dataclass(frozen=True, kw_only=True)
class SuspensionFacts(PaperFacts):
    """D7: which special procedure begins, by which law, and how long it takes.

    Attributes:
        planned_end: None where nobody can know it yet.
        officers: Who inspects, tests or quarantines, if that is what it is.
    """

    applied_on: date
    kind: str
    law: str
    reason: str
    began: date
    planned_end: date | None = None
    officers: str = ""


def suspension_notice(facts: SuspensionFacts) -> Paper:
    """D7 特别程序告知书.

    Raises:
        UserError: MISSING_FIELD without kind, law or number; MISSING_REASON.
    """
    need(facts.kind, "特别程序")
    need(facts.law, "法律依据")
    need(facts.number, "文号")
    need_reason(facts.reason)
    subject = facts.subject
    end = chinese_date(facts.planned_end) if facts.planned_end else "结束时间另行书面告知"
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请，在审查中需要进行{facts.kind}。"
        ),
        Paragraph(sentence(facts.reason)),
        filled(
            [
                ("特别程序", facts.kind),
                ("法律依据", facts.law),
                ("开始时间", chinese_date(facts.began)),
                ("预计结束", end),
                *([(f"{facts.kind}人员", facts.officers)] if facts.officers else []),
            ]
        ),
        Paragraph((Bold("上述所需时间不计入办理期限。"), law.CLOCK_GOES_ON)),
    ]
    return paper(facts, "D7", "特别程序告知书", body, signed_by=signatures(subject), addressed=True)


@dataclass(frozen=True, kw_only=True)
class ExtensionFacts(PaperFacts):
    """D8: by how much the limit is longer, why, and who approved it.

    Attributes:
        joint: Approved by the head of the government (for joint handling), not by that of the organ.
        approved_by: Name of whoever approved.
    """

    applied_on: date
    old_due: date
    new_due: date
    days: int
    reason: str
    approved_by: str
    joint: bool = False


def extension_notice(facts: ExtensionFacts) -> Paper:
    """D8 延期通知书.

    Raises:
        UserError: MISSING_REASON; MISSING_FIELD without days, approver or number.
    """
    need_reason(facts.reason)
    need(facts.days, "延长的期限")
    need(facts.approved_by, "批准人")
    need(facts.number, "文号")
    subject = facts.subject
    who = "本级人民政府负责人" if facts.joint else "本行政机关负责人"
    basis = f"根据{law.EXTENDED}的规定，" if subject.licence else ""
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请，"
            f"不能在原定期限内作出决定。理由：{sentence(facts.reason)}"
        ),
        Paragraph((f"{basis}经{who}批准，办理期限", Bold(f"延长{facts.days}个工作日"), "。")),
        filled(
            [
                ("原定期限", f"{chinese_date(facts.old_due)}前"),
                ("延长后期限", f"{chinese_date(facts.new_due)}前"),
                ("批准人", f"{who}　{facts.approved_by}"),
            ]
        ),
    ]
    return paper(facts, "D8", "延期通知书", body, signed_by=signatures(subject), addressed=True)


@dataclass(frozen=True, kw_only=True)
class HearingFacts(PaperFacts):
    """D9: the right to a hearing or, once it is fixed, its time, place and presider.

    Attributes:
        replaces: Number of the notice with an earlier time or place, which holds no more.
    """

    applied_on: date
    reason: str
    held_at: datetime | None = None
    place: str = ""
    presider: str = ""
    replaces: str = ""


def hearing_notice(facts: HearingFacts) -> Paper:
    """D9 听证告知书, or 听证通知书 once time and place are fixed.

    Raises:
        UserError: MISSING_REASON; MISSING_FIELD for a fixed hearing without place or presider.
    """
    need_reason(facts.reason)
    need(facts.number, "文号")
    subject = facts.subject
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请：{sentence(facts.reason)}"
        )
    ]
    if facts.held_at is None:
        body.append(Paragraph(f"根据{law.HEARING}的规定，申请人、利害关系人享有要求听证的权利。"))
        body.append(Paragraph(law.HEARING_REQUEST))
        return paper(facts, "D9", "听证告知书", body, signed_by=signatures(subject), addressed=True)
    need(facts.place, "听证地点")
    need(facts.presider, "听证主持人")
    body += [
        Paragraph(
            f"听证的时间、地点现变更如下，{facts.replaces}听证通知书同时作废："
            if facts.replaces
            else f"根据{law.HEARING}的规定，本机关决定举行听证："
        ),
        filled(
            [
                ("听证时间", chinese_moment(facts.held_at)),
                ("听证地点", facts.place),
                ("听证主持人", facts.presider),
            ]
        ),
        Paragraph(law.HEARING_RULES),
    ]
    return paper(facts, "D9", "听证通知书", body, signed_by=signatures(subject), addressed=True)


class Ending(Enum):
    """How a case ends without a decision: title of the notice and what it says."""

    WITHDRAW = ("撤回申请终止办理通知书", "现自愿撤回，本机关终止办理")
    RETURN = ("退件通知书", "提交的申请材料予以退回")
    TERMINATE = ("终止办理通知书", "申请事项终止办理")
    LAPSE = ("终止办理通知书", "逾期未补正，视为放弃申请，本机关终止办理并退回申请材料")

    def __init__(self, title: str, says: str) -> None:
        self.title = title
        self.says = says


@dataclass(frozen=True, kw_only=True)
class EndingFacts(PaperFacts):
    """D12: how and why the case ended, and which materials are handed back.

    Attributes:
        cause: The cause that the law names, for a termination.
        law: Needed for a termination.
    """

    applied_on: date
    ending: Ending
    reason: str
    cause: str = ""
    law: str = ""
    handed_back: tuple[MaterialLine, ...] = ()
    remedies: Remedies | None = None


def ending_notice(facts: EndingFacts) -> Paper:
    """D12 撤件 / 退件 / 终止 通知书.

    Raises:
        UserError: MISSING_REASON; MISSING_FIELD for a termination without cause or law; MISSING_REMEDY.
    """
    need_reason(facts.reason)
    need(facts.number, "文号")
    subject = facts.subject
    body: list[Block] = [
        Paragraph(
            f"{subject.you}于{chinese_date(facts.applied_on)}提出的“{subject.item}”申请（办件编号{subject.case_no}），"
            f"{facts.ending.says}。"
        ),
        Paragraph(f"原因：{sentence(facts.reason)}"),
    ]
    if facts.ending is Ending.TERMINATE:
        need(facts.cause, "终止原因")
        need(facts.law, "法律依据")
        body.append(Paragraph(f"{law.under(facts.law)}，上述情形属于：{sentence(facts.cause)}"))
    body += [
        Heading("退还的申请材料"),
        materials_table(facts.handed_back) if facts.handed_back else Paragraph("无。"),
    ]
    if facts.ending is not Ending.WITHDRAW:
        body.append(Paragraph(need_remedies(facts.remedies).text()))
    return paper(facts, "D12", facts.ending.title, body, signed_by=signatures(subject), addressed=True)


@dataclass(frozen=True, kw_only=True)
class PickUpFacts(PaperFacts):
    """D13: what can be collected, where, when, and what to bring."""

    result: str
    ready_on: date
    hours: str = ""
    bring: tuple[str, ...] = ("本通知或者查询码", "领取人的居民身份证原件")


def pick_up_notice(facts: PickUpFacts) -> Paper:
    """D13 领取通知.

    Raises:
        UserError: MISSING_FIELD without the result or what to bring.
    """
    need(facts.result, "办理结果")
    need(facts.bring, "需要携带的材料")
    subject = facts.subject
    bring = [
        *facts.bring,
        *(["授权委托书和委托人身份证明（代领时）"] if not subject.organisation else ["单位授权委托书"]),
    ]
    body: list[Block] = [
        Paragraph((f"{subject.you}申请的“{subject.item}”已经办结，", Bold(facts.result), "可以领取。")),
        filled(
            [
                ("办结日期", chinese_date(facts.ready_on)),
                ("领取窗口", facts.office.window),
                ("领取地址", facts.office.address),
                ("领取时间", facts.hours),
                ("咨询电话", facts.office.window_phone),
            ]
        ),
        Paragraph("领取时请携带：" + "；".join(bring) + "。"),
    ]
    return paper(facts, "D13", "领取通知", body, sealed=False, addressed=True)


@dataclass(frozen=True, kw_only=True)
class RestartFacts(PaperFacts):
    """D16: the special procedure is over, the clocks run again, and until when.

    Attributes:
        promise_due, legal_due: New last days; None where no limit was entered.
    """

    kind: str
    began: date
    ended: date
    result: str
    promise_due: date | None = None
    legal_due: date | None = None


def restart_notice(facts: RestartFacts) -> Paper:
    """D16 办件重新启动通知单.

    Raises:
        UserError: MISSING_FIELD without the procedure or its result.
    """
    need(facts.kind, "特别程序")
    need(facts.result, "特别程序结果")
    subject = facts.subject
    dues = [
        ("重新计算后的承诺期限", facts.promise_due),
        ("重新计算后的法定期限", facts.legal_due),
    ]
    body: list[Block] = [
        Paragraph(
            f"{subject.you}申请的“{subject.item}”因{facts.kind}停止计算办理期限，现{facts.kind}已经结束，"
            "自次一工作日起继续计算办理期限。"
        ),
        filled(
            [
                ("停止计算", chinese_date(facts.began)),
                ("重新启动", chinese_date(facts.ended)),
                *((label, f"{chinese_date(day)}前") for label, day in dues if day is not None),
            ]
        ),
        Paragraph(f"{facts.kind}结果：{sentence(facts.result)}"),
    ]
    return paper(facts, "D16", "办件重新启动通知单", body, addressed=True)


@dataclass(frozen=True, kw_only=True)
class RevocationFacts(PaperFacts):
    """D18: a grant that no longer holds.

    Attributes:
        cancel: 注销 (the grant has ended) instead of 撤销 (it should not have been given).
        decision: Number of the decision that is revoked.
    """

    reason: str
    law: str
    decision: str
    cancel: bool = False
    remedies: Remedies | None = None


def revocation_decision(facts: RevocationFacts) -> Paper:
    """D18 撤销(注销)行政许可决定书.

    Raises:
        UserError: MISSING_REASON, MISSING_REMEDY; MISSING_FIELD without the law, the decision or the number.
    """
    need_reason(facts.reason)
    remedies = need_remedies(facts.remedies)
    subject = facts.subject
    act = "注销" if facts.cancel else "撤销"
    basis = facts.law or ((law.CANCELLED if facts.cancel else law.REVOKED) if subject.licence else "")
    need(basis, "法律依据")
    need(facts.decision, "原决定文号")
    need(facts.number, "文号")
    kind = "行政许可" if subject.licence else "办理结果"
    body: list[Block] = [
        filled(applicant_pairs(subject)),
        Paragraph(f"本机关{facts.decision}作出的准予决定，经查：{sentence(facts.reason)}"),
        Paragraph(f"{law.under(basis)}，决定{act}该{kind}。"),
        Paragraph(remedies.text()),
    ]
    return paper(facts, "D18", f"{act}{kind}决定书", body, addressed=True, size=DECISION_SIZE)


@dataclass(frozen=True, kw_only=True)
class TransmittalFacts(PaperFacts):
    """D19: an application is sent up to the organ that decides it.

    Attributes:
        organ: To whom.
        opinion: What the own organ found.
    """

    organ: str
    accepted_on: date
    opinion: str
    materials: tuple[MaterialLine, ...] = ()


def transmittal_letter(facts: TransmittalFacts) -> Paper:
    """D19 行政许可申请材料转报函.

    Raises:
        UserError: MISSING_FIELD without the organ, the opinion or the number.
    """
    need(facts.organ, "转报机关")
    need(facts.opinion, "审查意见")
    need(facts.number, "文号")
    subject = facts.subject
    kind = "行政许可申请材料" if subject.licence else "办理申请材料"
    basis = f"根据{law.SENT_UP}的规定，" if subject.licence else ""
    body: list[Block] = [
        Paragraph(
            f"{subject.applicant}申请的“{subject.item}”（办件编号{subject.case_no}），我单位于{chinese_date(facts.accepted_on)}"
            f"受理。审查意见：{sentence(facts.opinion)}"
        ),
        Paragraph(f"{basis}现将审查意见和全部申请材料报送你单位，请予决定，并将决定文书送我单位转交申请人。"),
        Heading("报送的申请材料"),
        materials_table(facts.materials) if facts.materials else Paragraph("无。"),
    ]
    return replace(paper(facts, "D19", f"{kind}转报函", body, size=DECISION_SIZE), addressee=facts.organ)


def withdrawal_request(facts: PaperFacts) -> Paper:
    """撤回申请书: what the applicant signs to take an application back. Raises MISSING_FIELD."""
    subject = facts.subject
    body: list[Block] = [
        filled(applicant_pairs(subject)),
        Paragraph(f"申请人自愿撤回上述申请（办件编号{subject.case_no}），请予终止办理。"),
        Paragraph("撤回原因：　　　　　　　　　　　　　　　　　　　　　　　　　　　　　　"),
        Paragraph("　"),
    ]
    return paper(facts, "", "撤回申请书", body, signed_by=signatures(subject), sealed=False)
