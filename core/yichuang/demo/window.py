"""What the simulated staff does with one application: intake, decision, sealing, handing out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from yichuang.demo import beside
from yichuang.demo.day import KEEPER_ROUND, MISSING, REFUSED, TOLERATED, Case
from yichuang.demo.forms import filled_form
from yichuang.demo.people import TODAY, Visitor
from yichuang.demo.sealing import make_papers

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.identity.actor import Actor

SECONDS_BACK_HOME = 3600.0
GRANTED = "申请材料齐全，符合法定条件和标准，同意办理。"
EXAMINED = "经审查，符合要求。"
REFUSED_BECAUSE = "申请人的场所条件不符合法定要求，不具备办理条件。"


def give_licences(day: Day) -> None:
    """Before opening, the licence keeper enters licences that some of the people hold already."""
    keeper = day.staff.licence_keeper
    if keeper is None or not day.suite.registry.has("licence.issue"):
        return
    kinds = {row.code: row for row in day.suite.query(keeper, "licence.types")}
    for visitor in day.people:
        item = visitor.draw("item").choice(day.items)
        wanted = next(
            (t for m in item.materials if m.replaceable for t in m.licence_types if t in kinds), None
        )
        holder = "person" if visitor.code_kind == "111" else "organisation"
        if (
            wanted is None
            or visitor.draw("licence").random() > 0.6
            or kinds[wanted].holder not in (holder, "both")
        ):
            continue
        expired = visitor.draw("expired").random() < 0.1
        request = {
            "licence_type": wanted, "issuer": wanted[:18], "holder_name": visitor.name,
            "holder_code_kind": visitor.code_kind, "holder_code": visitor.code,
            "valid_from": (TODAY - timedelta(days=900)).isoformat(),
            "valid_to": (TODAY + timedelta(days=-30 if expired else 1200)).isoformat(),
        }  # fmt: skip
        day.do(keeper, "licence.issue", f"licence:{visitor.index}", request)


def intake(day: Day, clerk: Actor, visitor: Visitor, ticket: Any) -> None:
    """Take the papers in; accept when complete, otherwise tell once everything that is missing."""
    item = visitor.draw("item").choice(day.items)
    lacking = visitor.draw("missing").random() < MISSING and any(m.need == "required" for m in item.materials)
    materials = _materials(day, clerk, visitor, item, lacking)
    request = {
        "item": item.code, "item_version": item.version, "ticket": ticket.number, "materials": materials,
        "applicant": {"name": visitor.name, "code_kind": visitor.code_kind, "code": visitor.code, "phone": visitor.phone},
        "form": filled_form(day.suite, clerk, visitor, item),
    }  # fmt: skip
    if item.kind != "instant":
        scan(day, clerk, visitor, item, materials)
    if visitor.agent is not None:
        name, code = visitor.agent
        request["agent"] = {"name": name, "code_kind": "111", "code": code, "phone": visitor.phone}
    name = "acceptance.receive" if lacking else "acceptance.accept"
    accepted = day.do(clerk, name, f"intake:{visitor.index}", request)
    case = Case(visitor, item, accepted.case_id, accepted.case_no, clerk.desk or "")
    if lacking:
        first = next(m for m in item.materials if m.need == "required")
        defects = [f"{first.name}：未提交"]
        day.do(
            clerk,
            "acceptance.request_correction",
            f"correct:{visitor.index}",
            {"case_id": case.case_id, "defects": defects},
        )
        wait = SECONDS_BACK_HOME * (1 + visitor.draw("return").random())
        day.later(wait, lambda: _come_back(day, case))
    else:
        day.counts["tolerated"] += accepted.tolerated
        _accepted(day, case, clerk)
    render(day, clerk, case)


def _materials(day: Day, clerk: Actor, visitor: Visitor, item: Any, lacking: bool) -> list[dict[str, Any]]:
    """What this person has: licences where there are, paper otherwise, one thing missing if so."""
    held = _held(day, clerk, visitor, item)
    handed = []
    skipped = False
    for material in item.materials:
        if lacking and not skipped and material.need == "required":
            skipped = True
            continue
        licence = (
            next((held[t] for t in material.licence_types if t in held), None)
            if material.replaceable
            else None
        )
        if licence is not None:
            handed.append({"position": material.position, "given": "licence", "licence": licence})
            day.counts["licence_used"] += 1
        elif (
            material.need == "tolerant" and visitor.draw(f"tolerant:{material.position}").random() < TOLERATED
        ):
            handed.append({"position": material.position, "given": "tolerated"})
        else:
            handed.append({"position": material.position, "given": "paper", "originals": 1, "copies": 1})
    if not item.materials:
        handed.append({"position": 1, "given": "paper", "originals": 1})
    return handed


def scan(day: Day, clerk: Actor, visitor: Visitor, item: Any, materials: list[dict[str, Any]]) -> None:
    """Photograph the first paper that was handed in, with the simulated camera."""
    from yichuang.devices.adapters.document_camera import SimulatedCamera
    from yichuang_resources import fonts

    hand = next((hand for hand in materials if hand["given"] == "paper"), None)
    if hand is None:
        return
    names = {material.position: material.name for material in item.materials}
    lines = [
        f"事项：{item.name}",
        f"申请人：{visitor.name}",
        "本人提交的材料真实、合法、有效。",
        f"{TODAY:%Y年%m月%d日}",
    ]
    camera = SimulatedCamera({"font": str(fonts.path("sans"))})
    page = camera.capture(colour=False, title=names.get(hand["position"], "申请书"), lines=lines)
    request = {"data": page["image"], "media_type": page["media_type"]}
    hand["pages"] = [day.do(clerk, "acceptance.keep_page", f"scan:{visitor.index}", request)]


def _held(day: Day, clerk: Actor, visitor: Visitor, item: Any) -> dict[str, str]:
    if not day.suite.registry.has("licence.search"):
        return {}
    request = {"code_kind": visitor.code_kind, "code": visitor.code, "purpose": f"办理{item.name}"[:200]}
    found = day.suite.query(clerk, "acceptance.licences", request)
    return {licence.type: licence.code for licence in found if licence.state in ("valid", "expiring")}


def _come_back(day: Day, case: Case) -> None:
    """The person returns with what was missing and takes a number again."""
    visitor = case.visitor
    request = {"item": case.item.code, "person": visitor.name, "priority": visitor.priority}
    ticket = day.do(day.staff.guide, "queue.issue", f"issue-again:{visitor.index}", request)
    day.by_ticket[ticket.number] = visitor
    day.coming_back[ticket.number] = case
    day.call_whoever_is_free()


def resubmit(day: Day, clerk: Actor, case: Case) -> None:
    """Take in what was missing and accept."""
    visitor = case.visitor
    first = next(m for m in case.item.materials if m.need == "required")
    hand = {"position": first.position, "given": "paper", "originals": 1, "copies": 1}
    day.do(
        clerk,
        "acceptance.resubmit",
        f"resubmit:{visitor.index}",
        {"case_id": case.case_id, "materials": [hand]},
    )
    day.do(clerk, "acceptance.accept_case", f"accept:{visitor.index}", {"case_id": case.case_id})
    day.counts["corrected"] += 1
    _accepted(day, case, clerk)
    render(day, clerk, case)


def render(day: Day, actor: Actor, case: Case) -> None:
    """Make the papers of a case."""
    make_papers(day, actor, case.case_id, case.item.agency)


def _accepted(day: Day, case: Case, clerk: Actor) -> None:
    day.counts["accepted"] += 1
    beside.after_acceptance(day, clerk, case)
    minutes = 5 if case.item.kind == "instant" else 20 + 60 * case.visitor.draw("decide").random()
    day.later(minutes * 60, lambda: _decide(day, case, clerk))


def _decide(day: Day, case: Case, acceptor: Actor) -> None:
    """Somebody else of the agency decides, or goes on with it tomorrow."""
    if beside.decided_tomorrow(case):
        return
    chance = case.visitor.draw("decision")
    choices = [a for a in day.staff.approvers[case.item.agency] if a.staff_id != acceptor.staff_id]
    if _examine(day, case):
        choices = [a for a in choices if a.may("acceptance.assign")]
    approver = choices[case.visitor.index % len(choices)]
    seen = day.suite.query(approver, "acceptance.case", {"case_id": case.case_id})
    request = {"case_id": case.case_id, "row_version": seen.row.row_version}
    step = f"decide:{case.visitor.index}"
    if chance.random() < REFUSED:
        law = "" if case.item.basis else "《中华人民共和国行政许可法》第三十八条第二款"
        day.do(approver, "acceptance.refuse", step, request | {"reason": REFUSED_BECAUSE, "law": law})
        day.counts["refused"] += 1
    else:
        day.do(approver, "acceptance.grant", step, request | {"opinion": GRANTED})
        day.counts["granted"] += 1
    render(day, approver, case)
    day.later(2 * KEEPER_ROUND + 600, lambda: _deliver(day, case))


def _examine(day: Day, case: Case) -> bool:
    """The nodes of the item's review, one after the other, by the people of the agencies; False where it has none."""
    from yichuang.identity.actor import Actor

    system, reviewed = Actor.system(), False
    if not day.suite.registry.has("acceptance.review_course"):
        return False
    while True:
        course = day.suite.query(system, "acceptance.review_course", {"case_id": case.case_id})
        reviewed = bool(course)
        node = next((each for each in course if each.state == "open" and each.kind != "decide"), None)
        if node is None:
            return reviewed
        detail = day.suite.query(system, "acceptance.task", {"task_id": node.task_id})
        for officer in day.staff.approvers[node.agency][: detail.officers]:
            task = day.suite.query(officer, "acceptance.task", {"task_id": node.task_id}).row
            request = {
                "task_id": task.id, "row_version": task.row_version, "outcome": "pass", "opinion": EXAMINED,
                "checked": detail.points,
            }  # fmt: skip
            step = f"examine:{case.visitor.index}:{node.node}:{officer.account}"
            day.do(officer, "acceptance.give_opinion", step, request)
        day.counts["examined"] += 1


def _deliver(day: Day, case: Case) -> None:
    """The person collects the result at the issuing desk, or does not come today."""
    if beside.stays_overnight(day, case):
        return
    issuer = day.staff.issuers[case.visitor.index % len(day.staff.issuers)]
    for position in _owed(day, issuer, case):
        clerk = day.staff.clerks[0]
        bring = {"case_id": case.case_id, "position": position, "copies": 1}
        day.do(clerk, "acceptance.bring", f"bring:{case.visitor.index}:{position}", bring)
    visitor = case.visitor
    receiver, code = visitor.agent or (visitor.name, visitor.code)
    relation = "agent" if visitor.agent else "self"
    request = {
        "case_id": case.case_id, "receiver": receiver, "receiver_code": code, "relation": relation,
    }  # fmt: skip
    day.do(issuer, "acceptance.deliver", f"deliver:{case.visitor.index}", request)
    day.counts["delivered"] += 1
    render(day, issuer, case)
    beside.after_delivery(day, issuer, case)


def _owed(day: Day, issuer: Actor, case: Case) -> list[int]:
    detail = day.suite.query(issuer, "acceptance.case", {"case_id": case.case_id})
    return [m.position for m in detail.materials if m.given == "tolerated"]
