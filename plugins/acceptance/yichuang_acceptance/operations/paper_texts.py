"""What each paper of a case says: the row of the case and the paper's own facts, put into the hall's official forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from yichuang.api import HALL_ZONE, Read, hall, select
from yichuang_acceptance.operations import cases
from yichuang_acceptance.rules.citation import cite

if TYPE_CHECKING:
    from yichuang.api import documents

TITLES = {
    "D1": "申请材料接收凭证",
    "D2": "补正材料一次性告知书",
    "D3": "受理通知书",
    "D4": "不予受理决定书",
    "D5": "容缺受理告知承诺书",
    "D10": "准予行政许可决定书",
    "D11": "不予行政许可决定书",
    "D15": "领取凭证",
}
LICENCE_TYPE = "01"  # administrative licence, GB/T 39046 code set A.1
GENERAL_LAW = "有关法律、法规和规章的规定"  # where the catalogue names no article for the item
ID_TYPES = {"111": "居民身份证", "001": "统一社会信用代码"}
KINDS = {"instant": "即办件", "committed": "承诺件", "": "承诺件"}
UNITS = {"W": "个工作日", "D": "日", "H": "小时"}
RELATIONS = {"self": "本人", "agent": "代理人", "family": "家属", "other": "其他"}


def build(read: Read, row: Any, paper: Any) -> documents.Paper:
    """The official form of a paper row, ready to render."""
    made: documents.Paper = _BUILDERS[paper.kind](read, row, paper)
    return made


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


def _common(read: Read, row: Any, paper: Any) -> dict[str, Any]:
    kind = "111" if row.applicant_kind == "person" else "001"
    return {
        "office": office(read, row), "subject": subject(row, kind), "date": _day(paper.at), "number": paper.number,
    }  # fmt: skip


def _day(moment: datetime) -> date:
    return moment.astimezone(HALL_ZONE).date()


def _lines(read: Read, row: Any) -> tuple[documents.MaterialLine, ...]:
    from yichuang.api.documents import MaterialLine

    return tuple(
        MaterialLine(m.name, m.originals, m.copies, len(m.pages), electronic=m.given == "licence",
                     remark="免提交" if m.given == "licence" else "容缺后补" if m.given == "tolerated" else "")
        for m in cases.materials(read, row.id)
        if m.given != "not_given"
    )  # fmt: skip


def _deferred(read: Read, row: Any) -> tuple[documents.DeferredMaterial, ...]:
    from yichuang.api.documents import DeferredMaterial

    owed = [m for m in cases.materials(read, row.id) if m.given == "tolerated"]
    return tuple(DeferredMaterial(m.name, _day(m.due)) for m in owed)


def _item(read: Read, row: Any) -> Any:
    return read.query("hall.item", {"code": row.item, "version": row.item_version})


def limit_text(amount: Any, unit: str) -> str:
    """A limit in words, empty where none was entered."""
    return "" if amount is None else f"{float(amount):g}{UNITS[unit]}"


def _receipt(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import COPIES, ReceiptFacts, receipt

    return receipt(
        ReceiptFacts(
            **_common(read, row, paper),
            received_at=row.received_at,
            materials=_lines(read, row),
            copies=COPIES,
        )
    )


def _correction(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import CorrectionFacts, Defect, correction_notice

    defects = tuple(Defect(*_split(text)) for text in paper.facts["defects"])
    return correction_notice(
        CorrectionFacts(**_common(read, row, paper), applied_on=_day(row.received_at), present=_lines(read, row),
                        defects=defects, due=date.fromisoformat(paper.facts["deadline"]))
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    """A defect is typed as "material：what is wrong"."""
    material, _, problem = text.partition("：")
    return (material, problem) if problem else (text, "缺少或者不符合法定形式")


def _acceptance(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import COPIES, AcceptanceFacts, SpecialProcedure, acceptance_notice

    item = _item(read, row)
    due = row.promise_due_at or row.legal_due_at
    return acceptance_notice(
        AcceptanceFacts(
            **_common(read, row, paper), kind=KINDS[row.item_kind], accepted_at=row.accepted_at or paper.at,
            materials=_lines(read, row), finish_by=_day(due) if due is not None else None, deferred=_deferred(read, row),
            legal_limit=limit_text(item.legal_amount, item.legal_unit),
            promise_limit="即时办结" if row.item_kind == "instant" else limit_text(item.promise_amount, item.promise_unit),
            special=tuple(SpecialProcedure(name, "以特别程序告知书为准") for name in item.special), copies=COPIES,
        )
    )  # fmt: skip


def _refusal_to_accept(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import RefusalReason, RefusalToAcceptFacts, refusal_to_accept

    facts = paper.facts
    law = facts["law"] or ("" if row.item_type == LICENCE_TYPE else GENERAL_LAW)
    return refusal_to_accept(
        RefusalToAcceptFacts(
            **_common(read, row, paper), applied_on=_day(row.received_at), reason=RefusalReason[facts["kind"].upper()],
            facts=facts["reason"], law=law, proper_agency=facts["proper_agency"], remedies=_remedies(read),
        )
    )  # fmt: skip


def _tolerance(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import ToleranceFacts, tolerance_commitment

    return tolerance_commitment(ToleranceFacts(**_common(read, row, paper), deferred=_deferred(read, row)))


def _grant(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import GrantFacts, grant_decision

    item = _item(read, row)
    valid_to = paper.facts.get("valid_to") or ""
    return grant_decision(
        GrantFacts(
            **_common(read, row, paper), applied_on=_day(row.received_at), facts=paper.facts["opinion"],
            law=cite(item.basis) or GENERAL_LAW, content=paper.facts.get("content") or item.name, valid_from=_day(paper.at),
            valid_to=date.fromisoformat(valid_to) if valid_to else None, certificate=item.result,
        )
    )  # fmt: skip


def _refusal(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import RefusalFacts, refusal_decision

    reason = paper.facts["reason"]
    return refusal_decision(
        RefusalFacts(
            **_common(read, row, paper), applied_on=_day(row.received_at), facts=reason, reasons=reason,
            law=paper.facts["law"] or cite(_item(read, row).basis) or GENERAL_LAW, remedies=_remedies(read),
        )
    )  # fmt: skip


def _remedies(read: Read) -> documents.Remedies:
    from yichuang.api.documents import Remedies

    return Remedies(
        read.setting("hall.review_organ", "阿鲁科尔沁旗人民政府"),
        read.setting("hall.court", "阿鲁科尔沁旗人民法院"),
    )


def _collection(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import CollectionFacts, ResultLine, collection_slip

    decision = next(
        p for p in read.all(_papers_of(row.id)) if p.kind in ("D10", "D11")
    )  # fmt: skip
    results = [ResultLine(decision.title, decision.number)]
    if row.licence_code:
        results.append(ResultLine(_item(read, row).result or row.item_name, row.licence_code))
    common = _common(read, row, paper)
    desk = paper.facts.get("desk", "")  # where it was handed out, and by whom; not where it was accepted
    office_there = replace(common["office"], window=f"{desk} 窗口" if desk else "统一出件窗口")
    subject_there = replace(common["subject"], clerk=paper.facts.get("issuer", ""))
    return collection_slip(
        CollectionFacts(
            **{**common, "office": office_there, "subject": subject_there}, results=tuple(results),
            collected_at=paper.at, receiver=paper.facts["receiver"], relation=RELATIONS[paper.facts["relation"]],
            receiver_id_no=paper.facts.get("receiver_code", ""),
        )
    )  # fmt: skip


def _papers_of(case_id: int) -> Any:
    from yichuang_acceptance.tables import paper

    return select(paper).where(paper.c.case_id == case_id).order_by(paper.c.id)


_BUILDERS: dict[str, Callable[[Read, Any, Any], Any]] = {
    "D1": _receipt,
    "D2": _correction,
    "D3": _acceptance,
    "D4": _refusal_to_accept,
    "D5": _tolerance,
    "D10": _grant,
    "D11": _refusal,
    "D15": _collection,
}
