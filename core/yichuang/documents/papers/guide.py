"""The one-time notice slip: everything an item asks for, told before anything is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.documents.model import Block, Heading, Office, Paper, Paragraph, Signature, Table
from yichuang.documents.papers.common import FORM_SIZE, filled, need


@dataclass(frozen=True)
class RequiredMaterial:
    """A material that the item asks for.

    Attributes:
        requirement: 必要, 可容缺 or 免提交, or the situation that calls for it.
        note: Where it comes from, what it has to look like.
    """

    name: str
    originals: int = 0
    copies: int = 0
    requirement: str = "必要"
    note: str = ""


@dataclass(frozen=True)
class AskedField:
    """A field of the application form that the applicant will be asked for.

    Attributes:
        source: From where it is brought in, so that nobody writes it; empty where the applicant fills it in.
        note: What can be answered, or how.
    """

    label: str
    required: bool = False
    source: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeSlipFacts:
    """What the slip tells about one item; there need not be a case yet."""

    office: Office
    date: date
    item: str
    materials: tuple[RequiredMaterial, ...]
    item_code: str = ""
    item_type: str = ""
    kind: str = ""
    legal_limit: str = ""
    promise_limit: str = ""
    visits: str = ""
    fee: str = "不收费"
    result: str = ""
    fields: tuple[AskedField, ...] = ()
    conditions: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    hours: str = ""
    remarks: tuple[str, ...] = ()
    title_mn: str = ""
    applicant: str = ""
    clerk: str = ""
    case_no: str = ""
    query_code: str = ""


def notice_slip(facts: NoticeSlipFacts) -> Paper:
    """一次性告知单; unsealed, the clerk signs it.

    Raises:
        UserError: MISSING_FIELD without item, agency or materials.
    """
    need(facts.office.agency, "实施机关")
    need(facts.item, "事项名称")
    need(facts.materials, "申请材料")
    body: list[Block] = [
        filled(
            [
                ("事项名称", facts.item),
                ("事项编码", facts.item_code),
                ("实施机关", facts.office.agency),
                ("事项类型", facts.item_type),
                ("办件类型", facts.kind),
                ("法定期限", facts.legal_limit),
                ("承诺期限", facts.promise_limit),
                ("到场次数", facts.visits),
                ("收费", facts.fee),
                ("办理结果", facts.result),
                ("办理窗口", facts.office.window),
                ("办公时间", facts.hours),
            ]
        ),
        *_listed("一、申请条件", facts.conditions),
        Heading("二、申请材料" if facts.conditions else "一、申请材料"),
        _materials(facts.materials),
        *_asked("三、申请表需填写的内容" if facts.conditions else "二、申请表需填写的内容", facts.fields),
        *([Paragraph(f"办理流程：{' → '.join(facts.steps)}。")] if facts.steps else []),
        *(Paragraph(remark) for remark in facts.remarks),
    ]
    return Paper(
        kind="notice",
        title="一次性告知单",
        title_mn=facts.title_mn,
        office=facts.office,
        date=facts.date,
        body=body,
        addressee=facts.applicant,
        case_no=facts.case_no,
        query_code=facts.query_code,
        sealed=False,
        signatures=(Signature("告知人", facts.clerk), Signature("被告知人（签名）")),
        text_size=FORM_SIZE,
    )


def asked_table(fields: tuple[AskedField, ...]) -> Table:
    """What the application form asks for."""
    rows = tuple(
        (str(number), f.label, "必填" if f.required else "选填", f.source or "申请人填写", f.note)
        for number, f in enumerate(fields, 1)
    )
    head = ("序号", "填写内容", "要求", "来源", "说明")
    return Table(head, rows, (11, 49, 15, 43, 42), ("center", "left", "center", "left", "left"))


def _asked(title: str, fields: tuple[AskedField, ...]) -> list[Block]:
    return [Heading(title), asked_table(fields)] if fields else []


def _listed(title: str, points: tuple[str, ...]) -> list[Block]:
    if not points:
        return []
    return [Heading(title), *(Paragraph(f"{number}．{text}") for number, text in enumerate(points, 1))]


def _materials(materials: tuple[RequiredMaterial, ...]) -> Table:
    rows = tuple(
        (
            str(number),
            line.name,
            str(line.originals or "—"),
            str(line.copies or "—"),
            line.requirement,
            line.note,
        )
        for number, line in enumerate(materials, 1)
    )
    return Table(
        ("序号", "材料名称", "原件", "复印件", "要求", "说明"),
        rows,
        (11, 61, 13, 15, 20, 40),
        ("center", "left", "center", "center", "center", "left"),
    )
