"""Facts that all papers share, and the checks made before anything is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yichuang.documents.model import Block, KeyValues, Office, Paper, Signature, Table
from yichuang.documents.numbering import chinese_date
from yichuang.documents.papers.law import remedies_text
from yichuang.hall.errors import UserError
from yichuang.hall.text import mask_id
from yichuang.hall.words import core as words

L = words.lazy

COPIES = ("存根联（窗口留存）", "回执联（申请人留存）")
"""The two copies of a paper that is handed over the counter."""

FORM_SIZE = 12.0
DECISION_SIZE = 16.0


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One case, as every paper about it names it.

    Attributes:
        item: Name of the service item.
        id_no: Identity number or credit code; shown masked, may be given masked already.
        organisation: Whether the applicant is an organisation (你单位) rather than a person (你).
        licence: Whether the item is an administrative licence (行政许可), so that the licensing law is quoted.
        clerk: Name of the clerk who hands the paper out.
        signature: PNG of the applicant's (or agent's) signature from the second screen, where this paper is signed.
    """

    item: str
    applicant: str
    case_no: str = ""
    query_code: str = ""
    item_code: str = ""
    project: str = ""
    id_type: str = ""
    id_no: str = ""
    phone: str = ""
    agent: str = ""
    agent_id_no: str = ""
    organisation: bool = False
    licence: bool = True
    clerk: str = ""
    signature: bytes = b""

    @property
    def you(self) -> str:
        """How the paper speaks to the applicant."""
        return "你单位" if self.organisation else "你"

    @property
    def seal_name(self) -> str:
        """The seal that belongs on papers about the case."""
        return "行政许可专用章" if self.licence else "政务服务专用章"

    @property
    def identity(self) -> str:
        """Kind and masked number of the applicant's identity paper."""
        return " ".join(filter(None, [self.id_type, masked(self.id_no)]))


@dataclass(frozen=True, kw_only=True)
class PaperFacts:
    """What every paper is made from.

    Attributes:
        number: 文号, made by `document_number` from a counter of the hall's.
        title_mn: The title in Mongolian as the hall supplied it.
        copies: `COPIES` where the paper is handed over the counter, or empty for a single one.
    """

    office: Office
    subject: Subject
    date: date
    number: str = ""
    title_mn: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class MaterialLine:
    """A material that was handed in."""

    name: str
    originals: int = 0
    copies: int = 0
    pages: int = 0
    electronic: bool = False
    remark: str = ""


@dataclass(frozen=True)
class DeferredMaterial:
    """A material that may follow (容缺), and by which day."""

    name: str
    due: date
    requirement: str = ""


@dataclass(frozen=True)
class Remedies:
    """Where a decision can be contested (行政复议 and 行政诉讼), printed on every negative decision."""

    review_organ: str
    court: str
    review_days: str = "六十日"
    suit_months: str = "六个月"

    def text(self) -> str:
        """The sentence on the paper."""
        return remedies_text(self.review_organ, self.court, self.review_days, self.suit_months)


def masked(number: str) -> str:
    """An identity number or credit code as papers show it."""
    return number if "*" in number or not number else mask_id(number)


def need(value: object, field: str) -> None:
    """A field without which the paper must not be printed.

    Raises:
        UserError: MISSING_FIELD.
    """
    if not value or (isinstance(value, str) and not value.strip()):
        raise UserError(
            "MISSING_FIELD",
            L("The paper cannot be made: “{field}” is empty.", field=field),
            do=L("Fill in “{field}” and try again.", field=field),
            detail={"field": field},
        )


def need_reason(reason: str) -> None:
    """A negative decision states its reasons (行政许可法 art. 38).

    Raises:
        UserError: MISSING_REASON.
    """
    if not reason.strip():
        raise UserError(
            "MISSING_REASON",
            L("A negative decision must state its reasons."),
            do=L("Write the reasons and try again."),
        )


def need_remedies(remedies: Remedies | None) -> Remedies:
    """A negative decision says where it can be contested (行政许可法 art. 38).

    Raises:
        UserError: MISSING_REMEDY.
    """
    if remedies is None or not all(str(value).strip() for value in vars(remedies).values()):
        raise UserError(
            "MISSING_REMEDY",
            L("A negative decision must name the reviewing authority, the court and both time limits."),
            do=L("Enter the remedies of the agency and try again."),
        )
    return remedies


def filled(pairs: Sequence[tuple[str, str]], columns: int = 2) -> KeyValues:
    """Labels with their values; what is empty is left out."""
    return KeyValues(tuple((label, value) for label, value in pairs if value), 1 if columns == 1 else 2)


def applicant_pairs(subject: Subject) -> list[tuple[str, str]]:
    """Applicant, agent, item: the head of every form."""
    return [
        ("申请人", subject.applicant),
        ("证件号码", subject.identity),
        ("代理人", " ".join(filter(None, [subject.agent, masked(subject.agent_id_no)]))),
        ("申请事项", subject.item),
        ("事项编码", subject.item_code),
        ("项目名称", subject.project),
    ]


def materials_table(materials: Sequence[MaterialLine]) -> Table:
    """The materials with originals, copies and pages."""
    rows = tuple(
        (
            str(number),
            line.name,
            str(line.originals or "—"),
            str(line.copies or "—"),
            str(line.pages or "—"),
            "是" if line.electronic else "否",
            line.remark,
        )
        for number, line in enumerate(materials, 1)
    )
    return Table(
        ("序号", "材料名称", "原件", "复印件", "页数", "电子证照", "备注"),
        rows,
        (11, 69, 13, 15, 13, 19, 20),
        ("center", "left", "center", "center", "center", "center", "left"),
    )


def deferred_table(materials: Sequence[DeferredMaterial]) -> Table:
    """The materials that may follow, each with its day."""
    rows = tuple(
        (str(number), line.name, line.requirement, chinese_date(line.due))
        for number, line in enumerate(materials, 1)
    )
    return Table(
        ("序号", "容缺材料", "补交要求", "补交期限"),
        rows,
        (11, 66, 49, 34),
        ("center", "left", "left", "center"),
    )


def signatures(subject: Subject, *, dated: bool = True) -> tuple[Signature, ...]:
    """The applicant (or agent) and the clerk."""
    who = (
        "代理人（签名）" if subject.agent else "申请人（签章）" if subject.organisation else "申请人（签名）"
    )
    return (Signature(who, dated=dated, image=subject.signature), Signature("经办人", subject.clerk))


def paper(
    facts: PaperFacts,
    kind: str,
    title: str,
    body: Sequence[Block],
    *,
    signed_by: tuple[Signature, ...] = (),
    sealed: bool = True,
    addressed: bool = False,
    size: float = FORM_SIZE,
    note: str = "",
) -> Paper:
    """A paper from its facts and its body; every paper of the hall is put together here."""
    subject = facts.subject
    need(facts.office.agency, "办理机关")
    need(subject.applicant, "申请人")
    need(subject.item, "申请事项")
    return Paper(
        kind=kind,
        title=title,
        title_mn=facts.title_mn,
        office=facts.office,
        date=facts.date,
        body=tuple(body),
        number=facts.number,
        addressee=subject.applicant if addressed else "",
        case_no=subject.case_no,
        query_code=subject.query_code,
        seal_name=subject.seal_name,
        sealed=sealed,
        signatures=signed_by,
        copies=facts.copies,
        note=note,
        text_size=size,
    )
