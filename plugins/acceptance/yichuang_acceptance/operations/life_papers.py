"""What the papers of a case's life say: special procedure, extension, hearing, end without decision, collection, revocation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from yichuang.api import Read, select
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.tables import paper as paper_table

if TYPE_CHECKING:
    from yichuang.api import documents

ENDINGS = {
    Event.WITHDRAW: "WITHDRAW",
    Event.RETURN: "RETURN",
    Event.TERMINATE: "TERMINATE",
    Event.CORRECTION_LAPSE: "LAPSE",
}


def suspension(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D7."""
    from yichuang.api.documents import SuspensionFacts, suspension_notice

    facts = paper.facts
    return suspension_notice(
        SuspensionFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at), kind=facts["kind"], law=facts["law"],
            reason=facts["reason"], began=parts.day_of(facts["began"]) or parts.day(paper.at),
            planned_end=parts.day_of(facts["planned_end"]),
        )
    )  # fmt: skip


def extension(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D8."""
    from yichuang.api.documents import ExtensionFacts, extension_notice

    facts = paper.facts
    return extension_notice(
        ExtensionFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at), days=facts["days"],
            old_due=date.fromisoformat(facts["old_due"]), new_due=date.fromisoformat(facts["new_due"]),
            reason=facts["reason"], approved_by=facts["signed"], joint=facts["approver"] == "joint",
        )
    )  # fmt: skip


def hearing(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D9."""
    from yichuang.api.documents import HearingFacts, hearing_notice

    facts = paper.facts
    return hearing_notice(
        HearingFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at), reason=facts["reason"],
            held_at=datetime.fromisoformat(facts["at"]) if facts["at"] else None, place=facts["place"],
            presider=facts["presider"], replaces=facts.get("replaces", ""),
        )
    )  # fmt: skip


def ending(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D12."""
    from yichuang.api.documents import Ending, EndingFacts, ending_notice

    facts = paper.facts
    return ending_notice(
        EndingFacts(
            **parts.common(read, row, paper), applied_on=parts.day(row.received_at),
            ending=Ending[ENDINGS[Event(facts["event"])]], reason=facts["reason"], cause=facts["cause"], law=facts["law"],
            handed_back=parts.lines(read, row), remedies=parts.remedies(read),
        )
    )  # fmt: skip


def pick_up(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D13."""
    from yichuang.api.documents import PickUpFacts, pick_up_notice

    common = parts.common(read, row, paper)
    there = replace(common["office"], **_outside(read, row))
    result = parts.item_of(read, row).result or "准予决定书"
    return pick_up_notice(
        PickUpFacts(
            **{**common, "office": there}, result=f"{result}（{row.certificate_no}）" if row.certificate_no else result,
            ready_on=parts.day(row.ready_at or paper.at), hours=read.setting("hall.hours", ""),
        )
    )  # fmt: skip


def _outside(read: Read, row: Any) -> dict[str, str]:
    """Where the result is handed out: the hall's window for all results, or a point outside the hall."""
    from yichuang_acceptance.operations.points import HALL, name_of, places_of

    point = places_of(read, row.id).issue
    if point == HALL:
        return {"window": "统一出件窗口"}
    name = name_of(read, point)
    return {"window": f"{name}便民服务中心", "address": name}


def proof(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D14: served otherwise than at the desk."""
    from yichuang.api.documents import DeliveryFacts, proof_of_delivery

    return proof_of_delivery(
        DeliveryFacts(
            **parts.common(read, row, paper), papers=tuple((p.title, p.number) for p in decisions(read, row)),
            delivered_at=paper.at, receiver=row.applicant_name, **served(paper.facts),
        )
    )  # fmt: skip


def served(facts: dict[str, Any]) -> dict[str, Any]:
    """How a paper was served, for D14: way, place, who stood in or saw it."""
    from yichuang.api.documents import DeliveryMode

    way, proxy = facts["mode"], facts["mode"] == "mail" and facts["relation"] in ("family", "other")
    witness, reason = facts.get("witness", ""), facts["reason"]
    remarks = {
        "mail": "" if proxy else f"收件人：{facts['receiver']}",
        "left": f"受送达人拒绝接收：{reason}。见证人：{witness}。",
        "entrusted": f"受托送达单位：{witness}。",
        "electronic": "受送达人同意电子送达。",
        "notice": f"{reason}。{facts.get('published_on', '')}公告，自公告之日起满三十日视为送达。",
    }
    modes = {
        "mail": DeliveryMode.MAIL, "left": DeliveryMode.LEFT, "entrusted": DeliveryMode.ENTRUSTED,
        "electronic": DeliveryMode.ELECTRONIC, "notice": DeliveryMode.NOTICE,
    }  # fmt: skip
    return {
        "place": facts["address"], "mode": modes[way], "mail_no": facts["mail_no"], "proxy": facts["receiver"] if proxy else "",
        "proxy_reason": reason if proxy else "", "servers": (facts["issuer"],), "remark": remarks[way],
    }  # fmt: skip


def restart(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D16."""
    from yichuang.api.documents import RestartFacts, restart_notice

    facts = paper.facts
    return restart_notice(
        RestartFacts(
            **parts.common(read, row, paper), kind=facts["kind"], result=facts["result"],
            began=date.fromisoformat(facts["began"]), ended=date.fromisoformat(facts["ended"]),
            promise_due=parts.day_of(facts["promise_due"]), legal_due=parts.day_of(facts["legal_due"]),
        )
    )  # fmt: skip


def revocation(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D18."""
    from yichuang.api.documents import RevocationFacts, revocation_decision

    facts = paper.facts
    decision = next((p.number for p in decisions(read, row)), "")
    law = facts["law"] or ("" if row.item_type == parts.LICENCE_TYPE else parts.GENERAL_LAW)
    return revocation_decision(
        RevocationFacts(
            **parts.common(read, row, paper), reason=facts["reason"], law=law, decision=decision,
            cancel=facts["kind"] == "cancel", remedies=parts.remedies(read),
        )
    )  # fmt: skip


def transmittal(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D19."""
    from yichuang.api.documents import TransmittalFacts, transmittal_letter

    return transmittal_letter(
        TransmittalFacts(
            **parts.common(read, row, paper), organ=paper.facts["organ"], accepted_on=parts.day(row.accepted_at),
            opinion=paper.facts["opinion"], materials=parts.lines(read, row),
        )
    )  # fmt: skip


def decisions(read: Read, row: Any) -> list[Any]:
    """The decisions on a case."""
    return read.all(
        select(paper_table)
        .where(paper_table.c.case_id == row.id, paper_table.c.kind.in_(("D10", "D11")))
        .order_by(paper_table.c.id)
    )
