"""What each paper of a case says: the row of the case and the paper's own facts, put into the hall's official forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from yichuang.api import Read
from yichuang_acceptance.operations import forms, life_papers, oversight_papers
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.catalogue_rules import said_of
from yichuang_acceptance.rules.citation import cite
from yichuang_acceptance.rules.names import Event

if TYPE_CHECKING:
    from yichuang.api import documents

TITLES = {
    "A1": "申请表",
    "D1": "申请材料接收凭证",
    "D2": "补正材料一次性告知书",
    "D3": "受理通知书",
    "D4": "不予受理决定书",
    "D5": "容缺受理告知承诺书",
    "D7": "特别程序告知书",
    "D8": "延期通知书",
    "D9": "听证告知书",
    "D12": "终止办理通知书",
    "D13": "领取通知",
    "D14": "送达回证",
    "D16": "办件重新启动通知单",
    "D18": "撤销行政许可决定书",
    "D19": "行政许可申请材料转报函",
    "D10": "准予行政许可决定书",
    "D11": "不予行政许可决定书",
    "D15": "领取凭证",
    "D17": "“一件事”一次告知单",
    "D6": "告知承诺书",
    "S1": "监察督办单",
}
ENDING_TITLES = {Event.WITHDRAW: "撤回申请终止办理通知书", Event.RETURN: "退件通知书"}
SILENCE_LAW = "《中华人民共和国行政许可法》第五十条第二款"
KINDS = {"instant": "即办件", "committed": "承诺件", "": "承诺件"}
UNITS = {"W": "个工作日", "D": "日", "H": "小时"}
RELATIONS = {"self": "本人", "agent": "代理人", "family": "家属", "other": "其他"}


def title_of(kind: str, facts: dict[str, Any], *, licence: bool) -> str:
    """The title that a paper will have, as `build` gives it."""
    if kind == "D1" and facts.get("corrected"):
        return "补正材料接收凭证"
    if kind == "D1" and facts.get("later"):
        return "补交材料接收凭证"
    if kind == "D9" and facts["at"]:
        return "听证通知书"
    if kind == "D12":
        return ENDING_TITLES.get(facts["event"], TITLES[kind])
    if kind == "D18":
        return (
            f"{'注销' if facts['kind'] == 'cancel' else '撤销'}{'行政许可' if licence else '办理结果'}决定书"
        )
    title = TITLES[kind]
    return title if licence else title.replace("行政许可", "办理")


def build(read: Read, row: Any, paper: Any) -> documents.Paper:
    """The official form of a paper row, ready to render."""
    made: documents.Paper = _BUILDERS[paper.kind](read, row, paper)
    return replace(made, page=paper.facts.get("page", "A4"))


def limit_text(amount: Any, unit: str) -> str:
    """A limit in words, empty where none was entered."""
    return "" if amount is None else f"{float(amount):g}{UNITS[unit]}"


def _application(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang_acceptance.operations import application_paper  # it drafts papers, which are built here

    return application_paper.form(read, row, paper)


def _receipt(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import COPIES, ReceiptFacts, receipt

    later = tuple(paper.facts.get("later", ()))
    first = not later and not paper.facts.get("corrected")
    facts = parts.signed if first else parts.common  # what comes later was not signed with the first
    return receipt(
        ReceiptFacts(
            **facts(read, row, paper),
            received_at=row.received_at if first else paper.at,
            corrected=bool(paper.facts.get("corrected")),
            later=bool(later),
            materials=parts.lines(read, row, later),
            form=tuple(forms.of_case(read, row).items()) if first else (),
            copies=COPIES,
        )
    )


def _correction(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import CorrectionFacts, Defect, correction_notice

    guide = said_of(read, row.item, row.item_version)
    asked = {each.get("material_name", ""): each for each in guide.rows("materials")}

    def defect(text: str) -> Defect:
        """What is wrong, with the basis and the standard that the guide names for the material."""
        material, problem = _split(text)
        said = asked.get(material, {})
        return Defect(material, problem, said.get("by_law", ""), said.get("accept_stand", ""))

    defects = tuple(defect(text) for text in paper.facts["defects"])
    return correction_notice(
        CorrectionFacts(**parts.common(read, row, paper), applied_on=parts.day(row.received_at), present=parts.lines(read, row),
                        defects=defects, due=date.fromisoformat(paper.facts["deadline"]))
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    """A defect is typed as "material：what is wrong"."""
    material, _, problem = text.partition("：")
    return (material, problem) if problem else (text, "缺少或者不符合法定形式")


def _acceptance(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import (
        COPIES,
        AcceptanceFacts,
        MaterialLine,
        acceptance_notice,
    )

    item = parts.item_of(read, row)
    guide = said_of(read, row.item, row.item_version)
    return acceptance_notice(
        AcceptanceFacts(
            **parts.signed(read, row, paper), kind=KINDS[row.item_kind], accepted_at=row.accepted_at or paper.at,
            materials=parts.lines(read, row) or (MaterialLine("（未收取材料）"),),
            finish_by=parts.day_of(paper.facts["finish_by"]), deferred=parts.deferred(read, row),
            legal_limit=limit_text(item.legal_amount, item.legal_unit),
            promise_limit=_promise(row, item, provisional=bool(paper.facts.get("provisional"))),
            deemed=bool(paper.facts.get("deemed")), copies=COPIES, contact=row.agent_name or row.applicant_name,
            pick_up=parts.pick_up(read, row),
            special=parts.special_of(item, guide),
            fee=parts.fee_of(guide, item),
        )
    )  # fmt: skip


def _promise(row: Any, item: Any, *, provisional: bool) -> str:
    """The promised limit in words; beyond the calendar's end the applicant is told that its last day may move."""
    text = "即时办结" if row.item_kind == "instant" else limit_text(item.promise_amount, item.promise_unit)
    return f"{text}（截止日为暂定，待次年节假日安排公布后确定）" if provisional and text else text


def _refusal_to_accept(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import RefusalReason, RefusalToAcceptFacts, refusal_to_accept

    facts = paper.facts
    law = facts["law"] or ("" if row.item_type == parts.LICENCE_TYPE else parts.GENERAL_LAW)
    return refusal_to_accept(
        RefusalToAcceptFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at), reason=RefusalReason[facts["kind"].upper()],
            facts=facts["reason"], law=law, proper_agency=facts["proper_agency"], remedies=parts.remedies(read),
        )
    )  # fmt: skip


def _tolerance(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import ToleranceFacts, tolerance_commitment

    return tolerance_commitment(
        ToleranceFacts(**parts.signed(read, row, paper), deferred=parts.deferred(read, row))
    )


def _grant(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import GrantFacts, grant_decision

    item = parts.item_of(read, row)
    valid_to, renews = paper.facts.get("valid_to") or "", paper.facts.get("renews") or ""
    return grant_decision(
        GrantFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at),
            facts=_decided_above(paper.facts, "准予") + _silence(row, renews) + paper.facts["opinion"],
            law=SILENCE_LAW if renews else cite(item.basis) or parts.GENERAL_LAW, content=paper.facts.get("content") or item.name,
            valid_from=date.fromisoformat(renews) + timedelta(days=1) if renews else parts.day(paper.at),
            valid_to=date.fromisoformat(valid_to) if valid_to else None, certificate=item.result,
            conditions=tuple(paper.facts.get("conditions") or ()), **_publication(paper.facts),
        )
    )  # fmt: skip


def _silence(row: Any, renews: str) -> str:
    """What came before a deemed renewal: the application in time; empty for every other grant."""
    from yichuang.api.documents import chinese_date

    if not renews:
        return ""
    asked, end = chinese_date(parts.day(row.received_at)), chinese_date(date.fromisoformat(renews))
    return f"申请人于{asked}申请延续有效期至{end}的行政许可。"


def _decided_above(facts: Any, result: str) -> str:
    """The sentence about the organ to which the case was sent up; empty where it was decided here."""
    from yichuang.api.documents import chinese_date

    upper = facts.get("upper")
    if not upper:
        return ""
    return (
        f"{upper['organ']}于{chinese_date(date.fromisoformat(upper['on']))}以{upper['number']}决定{result}。"
    )


def _publication(facts: Any) -> dict[str, Any]:
    """What the decision says about its publication; nothing of its own where the law's sentence suffices."""
    note = (facts.get("public_note") or "").rstrip("。")
    if not facts.get("public", True):
        return {"public_notice": f"本决定依法不予公开：{note}。"}
    return (
        {
            "public_notice": f"本决定予以公开，公示于{note}，公众有权查阅（《中华人民共和国行政许可法》第四十条）。"
        }
        if note
        else {}
    )


def _refusal(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import RefusalFacts, refusal_decision

    reason = _decided_above(paper.facts, "不予") + paper.facts["reason"]
    return refusal_decision(
        RefusalFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at), facts=reason, reasons=reason,
            law=paper.facts["law"] or cite(parts.item_of(read, row).basis) or parts.GENERAL_LAW, remedies=parts.remedies(read),
        )
    )  # fmt: skip


def _collection(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang.api.documents import CollectionFacts, ResultLine, collection_slip

    if "matter" in paper.facts:  # all results of one matter at once
        from yichuang_acceptance.operations import matter_papers

        pictures = [_picture(read, paper, name) for name in ("signature", "photo")]
        return matter_papers.collection(read, row, paper, *pictures)
    decision = life_papers.decisions(read, row)[0]
    results = [ResultLine(decision.title, decision.number)]
    if row.licence_code:
        results.append(ResultLine(parts.item_of(read, row).result or row.item_name, row.licence_code))
    common = parts.common(read, row, paper)
    desk = paper.facts.get("desk", "")  # where it was handed out, and by whom; not where it was accepted
    office_there = replace(common["office"], window=f"{desk} 窗口" if desk else "统一出件窗口")
    subject_there = replace(common["subject"], clerk=paper.facts.get("issuer", ""))
    return collection_slip(
        CollectionFacts(
            **{**common, "office": office_there, "subject": subject_there}, results=tuple(results),
            collected_at=paper.at, receiver=paper.facts["receiver"], relation=RELATIONS[paper.facts["relation"]],
            receiver_id_no=paper.facts.get("receiver_code", ""), signature=_picture(read, paper, "signature"),
            photo=_picture(read, paper, "photo"),
        )
    )  # fmt: skip


def _proof(read: Read, row: Any, paper: Any) -> documents.Paper:
    if "matter" not in paper.facts:
        return life_papers.proof(read, row, paper)
    from yichuang_acceptance.operations import matter_papers  # it drafts papers, which are built here

    return matter_papers.proof(read, row, paper)


def _matter_notice(read: Read, row: Any, paper: Any) -> documents.Paper:
    from yichuang_acceptance.operations import matter_papers

    return matter_papers.notice(read, row, paper)


def _picture(read: Read, paper: Any, name: str) -> bytes:
    digest = paper.facts.get(name, "")
    return read.get_blob(digest) if digest else b""


_BUILDERS: dict[str, Callable[[Read, Any, Any], Any]] = {
    "A1": _application,
    "D1": _receipt,
    "D2": _correction,
    "D3": _acceptance,
    "D4": _refusal_to_accept,
    "D5": _tolerance,
    "D7": life_papers.suspension,
    "D8": life_papers.extension,
    "D9": life_papers.hearing,
    "D10": _grant,
    "D11": _refusal,
    "D12": life_papers.ending,
    "D13": life_papers.pick_up,
    "D14": _proof,
    "D15": _collection,
    "D16": life_papers.restart,
    "D17": _matter_notice,
    "D18": life_papers.revocation,
    "D19": life_papers.transmittal,
    "D6": oversight_papers.commitment,
    "S1": oversight_papers.order,
}
