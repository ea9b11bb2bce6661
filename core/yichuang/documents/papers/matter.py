"""One matter at once (一件事): everything its items need, told once (D17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yichuang.documents.model import Block, Heading, Paper, Paragraph, Signature, Table
from yichuang.documents.numbering import chinese_date
from yichuang.documents.papers.common import PaperFacts, applicant_pairs, filled, need, paper
from yichuang.documents.papers.guide import AskedField, asked_table


@dataclass(frozen=True)
class MatterItem:
    """One item of a matter.

    Attributes:
        number: Of its case, or empty before there is one and for a step of another body.
        after: What has to be granted first.
        limit: How long it takes, in words.
        state: How it stands when the paper is given.
    """

    name: str
    agency: str
    number: str = ""
    after: tuple[str, ...] = ()
    limit: str = ""
    state: str = ""


@dataclass(frozen=True)
class MatterMaterial:
    """A material that is handed in once for all items.

    Attributes:
        items: Which items it is for, as numbers of the list of items.
        state: Whether it was handed in.
    """

    name: str
    originals: int
    copies: int
    requirement: str
    items: tuple[int, ...]
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class MatterFacts(PaperFacts):
    """What the notice of a matter tells; `subject.item` is what the matter is called.

    Attributes:
        answers: What was filled in on the one form.
        asked: What it asks for, told while nothing is filled in.
        promise_due: The day by which all items are decided.
        legal_due: The statutory end.
        joint: Handled jointly (行政许可法 art. 26).
    """

    items: tuple[MatterItem, ...]
    materials: tuple[MatterMaterial, ...]
    answers: tuple[tuple[str, str], ...] = ()
    asked: tuple[AskedField, ...] = ()
    promise_limit: str = ""
    promise_due: date | None = None
    legal_due: date | None = None
    joint: bool = False


def matter_notice(facts: MatterFacts) -> Paper:
    """D17 “一件事”一次告知单; unsealed, the clerk and the applicant sign it.

    Raises:
        UserError: MISSING_FIELD without matter, items, materials, agency or applicant.
    """
    need(facts.items, "事项")
    need(facts.materials, "申请材料")
    dues = [
        ("承诺期限", facts.promise_limit),
        ("承诺办结日期", chinese_date(facts.promise_due) if facts.promise_due else ""),
        ("法定届满日期", chinese_date(facts.legal_due) if facts.legal_due else ""),
        ("办理方式", "统一办理（四十五个工作日）" if facts.joint else ""),
    ]
    pairs = [
        ("一件事" if label == "申请事项" else label, value) for label, value in applicant_pairs(facts.subject)
    ]
    body: list[Block] = [
        filled([*pairs, ("牵头部门", facts.office.agency), *dues]),
        Heading("一、联办事项"),
        _items(facts.items),
        *_waiting(facts.items),
        Heading("二、申请材料（一次提交，各事项共用）"),
        _materials(facts.materials),
        *_form(facts),
        Paragraph(
            "各事项同时受理、并联办理；需前序事项办结的，前序事项准予后自动受理。全部结果由统一出件窗口一次发放。"
        ),
    ]
    signed = (
        Signature("告知人", facts.subject.clerk),
        Signature("被告知人（签名）", image=facts.subject.signature, dated=True),
    )
    return paper(facts, "D17", "“一件事”一次告知单", body, signed_by=signed, sealed=False)


def _items(items: tuple[MatterItem, ...]) -> Table:
    rows = tuple(
        (str(n), f"{item.name}\n{item.number}" if item.number else item.name, item.agency, item.limit or "—", item.state or "—")
        for n, item in enumerate(items, 1)
    )  # fmt: skip
    return Table(
        ("序号", "事项及办件编号", "办理部门", "期限", "状态"), rows, (11, 68, 37, 24, 20),
        ("center", "left", "left", "center", "center"),
    )  # fmt: skip


def _waiting(items: tuple[MatterItem, ...]) -> list[Block]:
    said = [f"“{item.name}”须待“{'”“'.join(item.after)}”准予后受理" for item in items if item.after]
    return [Paragraph(f"办理顺序：{'；'.join(said)}。")] if said else []


def _materials(materials: tuple[MatterMaterial, ...]) -> Table:
    rows = tuple(
        (str(n), m.name, str(m.originals or "—"), str(m.copies or "—"), m.requirement,
         "、".join(map(str, m.items)), m.state or "—")
        for n, m in enumerate(materials, 1)
    )  # fmt: skip
    return Table(
        ("序号", "材料名称", "原件", "复印件", "要求", "用于事项", "收取情况"), rows, (11, 58, 13, 16, 18, 22, 22),
        ("center", "left", "center", "center", "center", "center", "center"),
    )  # fmt: skip


def _form(facts: MatterFacts) -> list[Block]:
    answered = [(label, answer) for label, answer in facts.answers if answer]
    if not answered and not facts.asked:
        return []
    heading = Heading("三、一张表单（各事项共用）")
    return [heading, filled(answered) if answered else asked_table(facts.asked)]
