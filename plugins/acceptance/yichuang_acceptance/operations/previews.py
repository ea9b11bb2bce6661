"""Papers that are shown before anything is written: the acceptance notice as a draft, the one-time notice slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from yichuang.api import HALL_ZONE, Read, Request, identifiers, query
from yichuang_acceptance.operations.accepting import has_guide, materials_of
from yichuang_acceptance.operations.catalogue_rules import NO, said_of
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.forms import fields_for
from yichuang_acceptance.operations.intake import Intake
from yichuang_acceptance.operations.paper_parts import (
    LICENCE_TYPE,
    asked_of,
    fee_of,
    office,
    special_of,
    subject,
)
from yichuang_acceptance.operations.paper_sizes import page_of
from yichuang_acceptance.operations.paper_texts import KINDS, limit_text
from yichuang_acceptance.operations.situations import situation_notes
from yichuang_acceptance.rules.clocks import TOLERANCE_WORKING_DAYS
from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.quota import quota_of

if TYPE_CHECKING:
    from yichuang.api import documents

NEEDS = {"required": "必要", "optional": "非必要", "tolerant": "可容缺"}
PERIODS_IN_CHINESE = {"Y": "每年", "M": "每月", "E": "共"}
TYPE_NAMES = {
    "01": "行政许可", "05": "行政给付", "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力",
    "20": "公共服务",
}  # fmt: skip


@query("acceptance.promise_day", permission="acceptance.accept", title="Day for promised materials")
def promise_day(read: Read) -> date:
    """By when a material that is promised today must be brought."""
    return days_of(read).add_workdays(read.today, TOLERANCE_WORKING_DAYS)


@query("acceptance.preview", permission="acceptance.accept", title="Preview of the acceptance notice")
def preview(read: Read, request: Intake) -> bytes:
    """The acceptance notice as it would be, marked as a draft; nothing is written. Errors: UNKNOWN_ITEM."""
    from yichuang.api.documents import (
        AcceptanceFacts,
        DeferredMaterial,
        MaterialLine,
        acceptance_notice,
        render,
    )

    item = read.query("hall.item", {"code": request.item, "version": request.item_version})
    row = row_of(read, request, item)
    guide = said_of(read, item.code, item.version)
    names = {m.position: m.name for m in materials_of(item)}
    today = read.today
    later = promise_day(read)
    lines = lines_of(request, item)
    deferred = tuple(
        DeferredMaterial(names.get(h.position, ""), later)
        for h in request.materials
        if h.given is Given.TOLERATED
    )
    finish = None
    if item.kind == "instant":
        finish = days_of(read).instant_due(read.now.astimezone(HALL_ZONE)).date()
    elif item.promise_amount is not None:
        finish = (
            days_of(read)
            .due_moment(read.now.astimezone(HALL_ZONE), item.promise_amount, item.promise_unit)
            .date()
        )
    facts = AcceptanceFacts(
        office=office(read, row), subject=subject(row, request.applicant.code_kind), date=today, number="（受理后编号）",
        kind=KINDS[item.kind], accepted_at=read.now, materials=lines or (MaterialLine("（尚未收取材料）"),), finish_by=finish,
        deferred=deferred, legal_limit=limit_text(item.legal_amount, item.legal_unit),
        promise_limit="即时办结" if item.kind == "instant" else limit_text(item.promise_amount, item.promise_unit),
        special=special_of(item, guide), fee=fee_of(guide, item),
    )  # fmt: skip
    return render(replace(acceptance_notice(facts), page=page_of(read, "D3")), draft=True)


def lines_of(request: Intake, item: Any) -> tuple[documents.MaterialLine, ...]:
    """The materials as they lie on the desk."""
    from yichuang.api.documents import MaterialLine

    names = {m.position: m.name for m in materials_of(item)}
    return tuple(
        MaterialLine(names.get(h.position, ""), h.originals, h.copies, len(h.pages), electronic=h.given is Given.LICENCE,
                     remark="免提交" if h.given is Given.LICENCE else "容缺后补" if h.given is Given.TOLERATED else "")
        for h in request.materials if h.given is not Given.NOT_GIVEN
    )  # fmt: skip


def row_of(read: Read, request: Intake, item: Any) -> Any:
    """What the case's row would be, as far as papers read it."""
    person = request.applicant
    return SimpleNamespace(
        agency=item.agency, desk=read.actor.desk or "", item=item.code, item_name=item.name, item_type=item.type,
        case_no="", query_code="", project=request.project, applicant_name=person.name or "　", phone=person.phone,
        applicant_masked=identifiers.mask_id(person.code) if person.code else "", acceptor_name=read.actor.name,
        agent_name=request.agent.name if request.agent else "",
        applicant_kind="organisation" if person.code_kind == "001" else "person",
    )  # fmt: skip


class AskNotice(Request):
    """An item, and for whom the slip is, if known."""

    item: str
    applicant: str = ""


@query("acceptance.notice", permission="acceptance.accept", title="One-time notice slip")
def notice(read: Read, request: AskNotice) -> bytes:
    """Everything the applicant must know and bring, told once, as a printable slip. Errors: UNKNOWN_ITEM."""
    from yichuang.api.documents import NoticeSlipFacts, RequiredMaterial, notice_slip, render

    item = read.query("hall.item", {"code": request.item})
    row = SimpleNamespace(agency=item.agency, desk=read.actor.desk or "")
    known = has_guide(item)
    asked_if = situation_notes(read, item.code, item.version)
    materials = tuple(
        RequiredMaterial(m.name, 1 if m.original else 0, 0 if m.original else 1, NEEDS[m.need],
                         asked_if.get(m.position, "") + ("可用电子证照，免提交" if m.replaceable and m.licence_types else "")
                         + ("" if known else "其他材料以实施机关告知为准"))
        for m in materials_of(item)
    )  # fmt: skip
    facts = NoticeSlipFacts(
        office=office(read, row), date=read.today, item=item.name, materials=materials, item_code=item.code,
        fields=asked_of(fields_for(read, item.code, item.version)),
        item_type=TYPE_NAMES.get(item.type, ""), kind=KINDS[item.kind] if item.kind else "",
        legal_limit=limit_text(item.legal_amount, item.legal_unit)
        or ("20个工作日" if item.type == LICENCE_TYPE else "以实施机关公布为准"),
        promise_limit="即时办结" if item.kind == "instant" else limit_text(item.promise_amount, item.promise_unit),
        result=item.result, applicant=request.applicant, clerk=read.actor.name,
        **_of_guide(said_of(read, item.code, item.version), item),
    )  # fmt: skip
    return render(replace(notice_slip(facts), page=page_of(read, "D17")))


def _of_guide(guide: Guide, item: Any) -> dict[str, Any]:
    """What the published guide of an item adds to the slip: conditions, trips, hours, fees, and who has to come."""
    trips, quota = guide.get("limit_scene_num"), quota_of(guide)
    why = guide.get("limit_scene_explain")
    remarks = ["本事项须由申请人本人到场办理，不接受代理。"] if guide.get("allow_agent") == NO else []
    if quota is not None:
        remarks.append(
            f"本事项有数量限制：{PERIODS_IN_CHINESE[quota.period]}{quota.most}个，按受理先后顺序决定。"
        )
    if why:
        remarks.append(f"必须到场的原因：{why}")
    return {
        "conditions": tuple(line.strip() for line in guide.get("accept_condition").splitlines() if line.strip()),
        "visits": f"{trips}次" if trips else "", "hours": guide.get("transact_time"), "fee": fee_of(guide, item),
        "remarks": tuple(remarks),
    }  # fmt: skip
