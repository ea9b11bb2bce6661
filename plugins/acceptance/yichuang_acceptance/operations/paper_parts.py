"""What several papers of a case share: who issues them, the case as they name it, materials, remedies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from yichuang.api import HALL_ZONE, Read, bindparam, hall, prepare, select
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.catalogue_rules import said_of
from yichuang_acceptance.rules.form_fields import FormField, licence_source
from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.rules.names import ID_TYPES, LICENCE_TYPE

if TYPE_CHECKING:
    from yichuang.api import documents

__all__ = [
    "GENERAL_LAW", "ID_TYPES", "LICENCE_TYPE", "asked_of", "common", "day", "day_of", "deferred", "fee_of", "item_of", "lines",
    "office", "pick_up", "remedies", "signed", "special_of", "subject",
]  # fmt: skip

GENERAL_LAW = "有关法律、法规和规章的规定"  # where the catalogue names no article for the item
AS_IN_GUIDE = "按办事指南的要求"
_CODE_KIND = prepare(select(hall.applicant.c.code_kind).where(hall.applicant.c.id == bindparam("id")))
LATER_TOLD = "以特别程序告知书为准"


def office(read: Read, row: Any) -> documents.Office:
    """Who issues the papers of a case."""
    from yichuang.api.documents import Office

    agency = read.one(select(hall.agency).where(hall.agency.c.code == row.agency))
    return Office(
        agency=agency.name, agency_mn=agency.name_mn,
        hall=read.setting("hall.name", "阿鲁科尔沁旗政务服务大厅"), hall_mn=read.setting("hall.name_mn", ""),
        window=f"{row.desk} 窗口" if row.desk else "综合窗口", window_phone=read.setting("hall.phone", ""),
        address=read.setting("hall.address", ""), query_url=read.setting("hall.query_url", ""),
    )  # fmt: skip


def subject(row: Any, code_kind: str) -> documents.Subject:
    """The case as every paper names it; the identity number is masked."""
    from yichuang.api.documents import Subject

    return Subject(
        item=row.item_name, applicant=row.applicant_name, case_no=row.case_no, query_code=row.query_code,
        item_code=row.item, project=row.project, id_type=ID_TYPES.get(code_kind, ""), id_no=row.applicant_masked,
        phone=row.phone, agent=row.agent_name, organisation=row.applicant_kind == "organisation",
        licence=row.item_type == LICENCE_TYPE, clerk=row.acceptor_name,
    )  # fmt: skip


def common(read: Read, row: Any, paper: Any) -> dict[str, Any]:
    """What every paper is made from."""
    of = getattr(row, "applicant_id", None)  # what stands for a case has none
    kind = read.scalar(_CODE_KIND, id=of) if of is not None else "001"
    return {
        "office": office(read, row), "subject": subject(row, kind), "date": day(paper.at), "number": paper.number,
    }  # fmt: skip


def signed(read: Read, row: Any, paper: Any) -> dict[str, Any]:
    """The same for papers of the intake, with what the applicant signed on the second screen."""
    from yichuang_acceptance.operations.shown import signature_of

    facts = common(read, row, paper)
    return {**facts, "subject": replace(facts["subject"], signature=signature_of(read, row.id))}


def day(moment: datetime) -> date:
    """The day of a moment in the hall."""
    return moment.astimezone(HALL_ZONE).date()


def lines(read: Read, row: Any, only: Collection[str] = ()) -> tuple[documents.MaterialLine, ...]:
    """The materials that were handed in; `only` those of these names where some are given."""
    from yichuang.api.documents import MaterialLine

    return tuple(
        MaterialLine(m.name, m.originals, m.copies, len(m.pages), electronic=m.given == "licence",
                     remark="免提交" if m.given == "licence" else "容缺后补" if m.given == "tolerated"
                     else "告知承诺" if m.given == "promised" else "")
        for m in cases.materials(read, row.id)
        if m.given != "not_given" and (not only or m.name in only)
    )  # fmt: skip


def deferred(read: Read, row: Any) -> tuple[documents.DeferredMaterial, ...]:
    """The materials that are promised."""
    from yichuang.api.documents import DeferredMaterial

    asked = {
        each.get("material_name", ""): each
        for each in said_of(read, row.item, row.item_version).rows("materials")
    }
    owed = [m for m in cases.materials(read, row.id) if m.given == "tolerated"]
    return tuple(
        DeferredMaterial(m.name, day(m.due), asked.get(m.name, {}).get("accept_stand", "") or AS_IN_GUIDE)
        for m in owed
    )


def asked_of(fields: Iterable[FormField]) -> tuple[documents.AskedField, ...]:
    """The fields of a form as notices tell them: what is asked, whether it must be, and what nobody has to write."""
    from yichuang.api.documents import AskedField

    return tuple(
        AskedField(f.label, f.required, _brought_by(f.source), "、".join(f.choices) or f.hint) for f in fields
    )


def _brought_by(source: str) -> str:
    of_licence = licence_source(source)
    if of_licence is not None:
        return f"电子证照“{of_licence[1]}”带入"
    said = {"idcard": "读取身份证带入", "applicant": "由申请人信息带入", "earlier": "由以往办件带入"}
    return said.get(source.partition(".")[0], "")


def item_of(read: Read, row: Any) -> Any:
    """The version of the item that the case was accepted under."""
    return read.query("hall.item", {"code": row.item, "version": row.item_version})


def special_of(item: Any, guide: Guide) -> tuple[documents.SpecialProcedure, ...]:
    """The procedures of an item whose time is not counted, with the time that its guide names."""
    from yichuang.api.documents import SpecialProcedure

    times = {each["name"]: each.get("limit", "") for each in guide.rows("special")}
    return tuple(SpecialProcedure(name, times.get(name) or LATER_TOLD) for name in item.special)


def fee_of(guide: Guide, item: Any) -> str:
    """The fees of an item with standard and basis, as notices tell them; nothing is claimed of an item without a guide."""
    from yichuang_acceptance.operations.accepting import (
        has_guide,
    )  # it drafts papers, which are built of these parts

    if guide.get("is_fee") != "1":
        return "不收费" if guide.get("is_fee") or has_guide(item) else "以实施机关公布为准"
    told = [f"{each['name']} {each['standard']}（{each['basis']}）" for each in guide.rows("fees")]
    return "；".join(told) or guide.get("fee_basis")


def remedies(read: Read) -> documents.Remedies:
    """Where decisions of the hall can be contested."""
    from yichuang.api.documents import Remedies

    return Remedies(
        read.setting("hall.review_organ", "阿鲁科尔沁旗人民政府"),
        read.setting("hall.court", "阿鲁科尔沁旗人民法院"),
    )


def pick_up(read: Read, row: Any) -> str:
    """Where the result is handed out: in the hall, or at the point outside it that was chosen."""
    from yichuang_acceptance.operations.points import HALL, name_of, places_of

    point = places_of(read, row.id).issue
    return "窗口领取" if point == HALL else f"{name_of(read, point)}领取"


def day_of(text: str) -> date | None:
    """A day as facts keep it; None where they keep none."""
    return date.fromisoformat(text) if text else None
