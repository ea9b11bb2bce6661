"""Papers of one matter at once (一件事): everything told once (D17), and one receipt for all results (D14, D15).

They lie with the matter's first case, so that whatever makes, shows, prints and archives papers of cases does the same for them.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from yichuang.api import Read, Work, identifiers, query
from yichuang_acceptance.operations import cases, life_papers, matter_life
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.accepting import limits_of
from yichuang_acceptance.operations.matter_plan import AskPlan, Planned, dues_of, plan
from yichuang_acceptance.operations.matter_situations import condition_text
from yichuang_acceptance.operations.paper_sizes import page_of
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.matter_graph import Part, Standing
from yichuang_acceptance.rules.matter_materials import Merged
from yichuang_acceptance.rules.matter_situations import THEME

if TYPE_CHECKING:
    from yichuang.api import documents

NEEDS = {"required": "必要", "optional": "非必要", "tolerant": "可容缺"}
GIVEN = {"paper": "已收", "licence": "免提交", "tolerated": "容缺后补", "not_given": "未提交"}
STANDINGS = {
    Standing.WAITING: "待前序", Standing.OPEN: "办理中", Standing.GRANTED: "已准予", Standing.READY: "待领取",
    Standing.REFUSED: "未准予", Standing.DONE: "已办结", Standing.ENDED: "已终止",
}  # fmt: skip
UNITS = {"W": "个工作日", "D": "日", "H": "小时"}
ANOTHER_BODY = "其他单位"
RELATIONS = {"self": "本人", "agent": "代理人", "family": "家属", "other": "其他"}


def draft_notice(work: Work, matter_id: int) -> None:
    """Enter the notice (D17) of a matter that was just taken in; what it says is kept as it is now."""
    matter = matter_life.load(work, matter_id)
    rows = matter_life.rows_of(work, matter_id)
    standing = {p.position: p.standing for p in matter_life.parts_of(rows)}
    states = {str(position): STANDINGS[each] for position, each in standing.items()}
    draft_paper(work, _led(matter, rows), "D17", {"matter": matter_id, "states": states})


def _led(matter: Any, rows: list[Any]) -> Any:
    """The first case, as far as a paper's number needs it, under the leading agency."""
    first = next(row for row in rows if row.case_id is not None)
    return SimpleNamespace(id=first.case_id, agency=matter.lead, item_type="")


def notice(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D17."""
    from yichuang.api.documents import MatterFacts, MatterItem, MatterMaterial, matter_notice

    matter = matter_life.load(read, paper.facts["matter"])
    rows = matter_life.rows_of(read, matter.id)
    names = {r.position: r.name for r in rows}
    listed = {r.position: n for n, r in enumerate(rows, 1)}
    states = paper.facts["states"]
    items = tuple(
        MatterItem(
            r.name, r.agency_name or ANOTHER_BODY, r.case_no or "", tuple(names[n] for n in r.after),
            _limit_of(parts.item_of(read, r)) if r.case_id is not None else "", states[str(r.position)],
        )
        for r in rows
    )  # fmt: skip
    materials = tuple(
        MatterMaterial(m["name"], int(m["original"]), m["copies"], NEEDS[m["need"]],
                       tuple(listed[n] for n in m["parts"]), GIVEN[m["given"]])
        for m in matter.materials
    )  # fmt: skip
    common = parts.signed(read, row, paper)
    return matter_notice(
        MatterFacts(
            **{**common, "office": office_of(read, matter), "subject": _subject(matter, common["subject"])},
            items=items, materials=materials, answers=tuple(matter.form.items()),
            promise_limit=_amount(matter.promise_amount, matter.promise_unit),
            promise_due=parts.day(matter.promise_due_at) if matter.promise_due_at else None,
            legal_due=parts.day(matter.legal_due_at) if matter.legal_due_at else None, joint=matter.joint,
        )
    )  # fmt: skip


def office_of(read: Read, matter: Any) -> documents.Office:
    """The leading agency, at the desk that took the matter in."""
    return parts.office(read, SimpleNamespace(agency=matter.lead, desk=matter.desk))


def _subject(matter: Any, subject: documents.Subject) -> documents.Subject:
    """The whole matter under its own number, instead of the case that the paper lies with."""
    return replace(
        subject,
        item=matter.name,
        item_code="",
        case_no=matter.case_no,
        licence=False,
        clerk=matter.acceptor_name,
    )


def _limit_of(item: Any) -> str:
    if item.kind == "instant":
        return "即时办结"
    legal, promise = limits_of(item)
    limit = promise or legal
    return "" if limit is None else _amount(limit.amount, limit.unit)


def _amount(amount: Any, unit: str) -> str:
    return "" if amount is None else f"{float(amount):g}{UNITS[unit]}"


class AskNotice(AskPlan):
    """A theme and the optional items that are wanted, and for whom the slip is, if known."""

    applicant: str = ""
    code: str = ""


@query("acceptance.matter_notice", permission="acceptance.accept", title="One-time notice of a matter")
def matter_notice_slip(read: Read, request: AskNotice) -> bytes:
    """Everything that a matter needs, told before anything is handed in. Errors: UNKNOWN_THEME, NO_ITEMS_HERE."""
    from yichuang.api.documents import MatterFacts, MatterMaterial, Subject, matter_notice, render

    planned = plan(read, request.theme, request.chosen, answers=request.answers, open_too=True)
    dues = dues_of(read, planned)
    listed = {part.position: n for n, part in enumerate(planned.parts, 1)}
    materials = tuple(
        MatterMaterial(_slip_name(planned, m), int(m.original), m.copies, NEEDS[m.need], tuple(listed[n] for n in m.wanted_by),
                       "可用电子证照" if m.replaceable and m.licence_types else "")
        for m in planned.materials
    )  # fmt: skip
    promise = planned.promise
    office = parts.office(read, SimpleNamespace(agency=planned.lead, desk=read.actor.desk or ""))
    subject = Subject(
        item=planned.theme.name, applicant=request.applicant or "　", clerk=read.actor.name, licence=False,
        id_no=identifiers.mask_id(request.code) if request.code else "",
    )  # fmt: skip
    facts = MatterFacts(
        office=office, subject=replace(subject, applicant=request.applicant or "（申请人）"), date=read.today,
        items=_planned_items(planned), materials=materials, asked=parts.asked_of(a.field for a in planned.form.fields),
        promise_limit=_amount(promise.amount, promise.unit) if promise else "",
        promise_due=parts.day(dues.promise) if dues.promise else None,
        legal_due=parts.day(dues.legal) if dues.legal else None, joint=planned.joint,
    )  # fmt: skip
    return render(replace(matter_notice(facts), page=page_of(read, "D17")))


def _slip_name(planned: Planned, merged: Merged) -> str:
    """A material on the slip; where every item asks for it only in a situation that is still open, with that situation."""
    open_ = [planned.situation.condition(item, position) for item, position in merged.wanted_by.items()]
    return f"{merged.name}（{'；或'.join(dict.fromkeys(open_))}）" if all(open_) else merged.name


def _state_on_slip(planned: Planned, part: Part) -> str:
    """Whether everybody needs an item."""
    expression = planned.theme.body["items"][part.position - 1].get("situation_expr", "")
    situation = planned.situation
    is_open = condition_text(expression, situation.questions, situation.answers, THEME)
    return "视情形" if is_open else "可选" if part.optional else "必办"


def _planned_items(planned: Planned) -> tuple[documents.MatterItem, ...]:
    from yichuang.api.documents import MatterItem

    names = {part.position: part.name for part in planned.parts}
    found = []
    for part in planned.parts:
        item = planned.items.get(part.position)
        agency = item.agency_name if item is not None else ANOTHER_BODY
        limit = _limit_of(item) if item is not None else ""
        found.append(
            MatterItem(
                part.name,
                agency,
                "",
                tuple(names[n] for n in part.after),
                limit,
                _state_on_slip(planned, part),
            )
        )
    return tuple(found)


# ---- one pick-up ----


def draft_receipt(
    work: Work, matter: Any, delivered: list[Any], facts: dict[str, Any], *, served: bool
) -> int:
    """Enter the one receipt for the results that were handed out together."""
    led = SimpleNamespace(id=delivered[0].id, agency=matter.lead, item_type="")
    told = {**facts, "matter": matter.id, "cases": [row.id for row in delivered]}
    return draft_paper(work, led, "D14" if served else "D15", told)


def collection(read: Read, row: Any, paper: Any, signature: bytes, photo: bytes) -> documents.Paper:
    """D15 for all results of one pick-up."""
    from yichuang.api.documents import CollectionFacts, ResultLine, collection_slip

    matter = matter_life.load(read, paper.facts["matter"])
    results: list[ResultLine] = []
    for case in (cases.load(read, key) for key in paper.facts["cases"]):
        results += [
            ResultLine(f"{case.item_name}：{d.title}", d.number) for d in life_papers.decisions(read, case)
        ]
        if case.licence_code or case.certificate_no:
            name = parts.item_of(read, case).result or case.item_name
            results.append(ResultLine(f"{case.item_name}：{name}", case.licence_code or case.certificate_no))
    common = parts.common(read, row, paper)
    desk = paper.facts.get("desk", "")
    office = replace(office_of(read, matter), window=f"{desk} 窗口" if desk else "统一出件窗口")
    subject = replace(_subject(matter, common["subject"]), clerk=paper.facts["issuer"])
    return collection_slip(
        CollectionFacts(
            **{**common, "office": office, "subject": subject}, results=tuple(results), collected_at=paper.at,
            receiver=paper.facts["receiver"], relation=RELATIONS[paper.facts["relation"]],
            receiver_id_no=paper.facts.get("receiver_code", ""), signature=signature, photo=photo,
        )
    )  # fmt: skip


def proof(read: Read, row: Any, paper: Any) -> documents.Paper:
    """D14 for all results that were served in one."""
    from yichuang.api.documents import DeliveryFacts, proof_of_delivery

    facts = paper.facts
    matter = matter_life.load(read, facts["matter"])
    sent = [cases.load(read, key) for key in facts["cases"]]
    papers = tuple((p.title, p.number) for case in sent for p in life_papers.decisions(read, case))
    common = parts.common(read, row, paper)
    return proof_of_delivery(
        DeliveryFacts(
            **{**common, "office": office_of(read, matter), "subject": _subject(matter, common["subject"])}, papers=papers,
            delivered_at=paper.at, receiver=matter.applicant_name, **life_papers.served(facts),
        )
    )  # fmt: skip
