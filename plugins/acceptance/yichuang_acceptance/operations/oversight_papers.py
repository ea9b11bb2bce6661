"""What the papers of notice and commitment and of supervision say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from yichuang.api import Read, bindparam, hall, prepare, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.rules.citation import cite

if TYPE_CHECKING:
    from yichuang.api import documents

ITEM_TYPES = {
    "01": "行政许可", "05": "行政给付", "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力",
    "20": "公共服务",
}  # fmt: skip
ORDER_PAPER = "S1"
_ALERT = prepare(select(t.alert).where(t.alert.c.id == bindparam("id")))


def commitment(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D6."""
    from yichuang.api.documents import CommitmentFacts
    from yichuang.api.documents import commitment as form

    facts = paper.facts
    return form(
        CommitmentFacts(
            **parts.common(read, row, paper), basis=cite(parts.item_of(read, row).basis) or parts.GENERAL_LAW,
            conditions=facts["conditions"], replaced=tuple(facts["replaced"]), check_days=facts["days"],
        )
    )  # fmt: skip


def in_place_of_case(read: Read, alert_id: int) -> Any:
    """What stands for the case in an order on a violation that no case came of: what of its row a paper asks for."""
    alert = read.one(_ALERT, id=alert_id)
    agency = read.scalar(select(hall.agency.c.name).where(hall.agency.c.code == alert.agency)) or alert.agency
    same = (hall.item.c.name == alert.title, hall.item.c.agency == alert.agency)
    kind = read.scalar(select(hall.item.c.type).where(*same).limit(1)) if alert.title else ""
    return SimpleNamespace(
        id=None, finding_no=alert.number, acceptor_id=None,
        agency=alert.agency, agency_name=agency, desk="", item="", item_name=alert.title or "未指明事项", item_type=kind or "",
        case_no="", query_code="", project="", phone="", applicant_name=agency, applicant_masked="", agent_name="",
        applicant_kind="organisation", acceptor_name="",
    )  # fmt: skip


def order(read: Read, row: Any, paper: Any) -> documents.Paper:
    """S1."""
    from yichuang.api.documents import SupervisionFacts, supervision_order

    facts, common = paper.facts, parts.common(read, row, paper)
    office = common["office"]
    issues = replace(
        office, agency=read.setting("hall.supervision_organ", office.hall), agency_mn="", window=""
    )
    return supervision_order(
        SupervisionFacts(
            **{**common, "office": issues},
            agency=facts.get("agency_name") or row.agency_name, finding_no=row.finding_no if row.id is None else "",
            order_no=facts["order_no"], rule=facts["rule"], warning=facts["warning"],
            content=facts["content"], item_type=ITEM_TYPES.get(row.item_type, ""), issued_at=paper.at,
            since=datetime.fromisoformat(facts["since"]), result=facts["result"], staff=facts["staff"], issuer=facts["issuer"],
        )
    )  # fmt: skip
