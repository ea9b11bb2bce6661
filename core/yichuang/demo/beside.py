"""What goes on beside the windows: help, voices, ratings, supervision, hand-overs, blanks, messages, drafts, a new guide.

A day of intake and decision alone leaves half of the suite's lists empty. Everything here follows the visitor's number, so
that a day that is played again does the same; in the evening some of it is still open, as in a real hall.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from yichuang.demo import guides, township
from yichuang.demo.forms import answers_of
from yichuang.demo.model_hall import people
from yichuang.demo.people import TODAY, Visitor, every
from yichuang.demo.sealing import make_papers
from yichuang.hall import identifiers
from yichuang.identity.actor import Actor

if TYPE_CHECKING:
    from yichuang.demo.day import Case, Day

THEME = "YJS-02"
SENDING_ROUND, LAST_ROUND = 1800.0, 9 * 3600.0
SENDER = "demo-sender"
BLANK_KINDS = ("食品经营许可证", "卫生许可证", "烟草专卖零售许可证")
HELPER = "15042119880312428"  # without the last digit, which checks the others
GRADES = (1, 4, 2, 1, 1, 1, 5, 3, 1, 2)
PRAISE, FAULTS = ("told_once", "friendly"), ("slow", "many_materials")
SAID = {4: "等了很久，材料说得不清楚。", 5: "同样的材料交了两次。"}


def has(day: Day, name: str) -> bool:
    """Whether the operation is there; older and smaller suites play without it."""
    return day.suite.registry.has(name)


# ---- before opening ----


def before_opening(day: Day, desks: int) -> None:
    """What is prepared: a point in a township, blanks, the gateway of messages, a kept search, a guide that changes."""
    if not has(day, "acceptance.set_point"):
        return
    township.open_point(day, [clerk for clerk in day.staff.clerks[desks:] if clerk.desk][-1:])
    issuer = day.staff.issuers[0]
    for n, kind in enumerate(BLANK_KINDS):
        request = {"agency": issuer.agency, "kind": kind, "first": f"NM{n + 1}0260001", "count": 60 - 25 * n}
        day.do(issuer, "acceptance.add_blanks", f"beside:blanks:{n}", request)
    spoilt = {
        "agency": issuer.agency,
        "kind": BLANK_KINDS[0],
        "number": "NM10260001",
        "reason": "打印走纸，污损",
    }
    day.do(issuer, "acceptance.void_blank", "beside:spoilt", spoilt)
    gateway = {"key": "acceptance.message_gateway", "value": "file"}
    day.suite.run(Actor.system(), "hall.set", gateway)
    wanted = {"name": "我部门的待审件", "state": "review", "agency": ""}
    day.do(day.staff.clerks[0], "acceptance.keep_filter", "beside:filter", wanted)
    guides.guide_in_work(day)
    send_messages(day)


def send_messages(day: Day) -> None:
    """The sending process, every half hour while somebody is still in the hall."""
    sender = people(day.suite, "messenger")
    actor = sender[0] if sender else Actor.system()
    folder = day.plan.out / "messages"
    folder.mkdir(exist_ok=True)
    for message_id in day.suite.run(actor, "acceptance.claim_messages", {"claim": SENDER}):
        request = {"message_id": message_id, "claim": SENDER, "folder": str(folder)}
        day.suite.run(actor, "acceptance.send_message", request)
    if day.clock.seconds < LAST_ROUND:
        day.later(SENDING_ROUND, lambda: send_messages(day))


# ---- at the window ----


def at_the_window(day: Day, clerk: Actor, visitor: Visitor) -> None:
    """What somebody wants who wants something else: what cannot be done, a form that is gone on with later, a matter."""
    key = visitor.index
    if every(visitor, 8, 3) and has(day, "acceptance.cannot_do"):
        item = visitor.draw("other").choice(day.items)
        request = {
            "item": item.code, "person": visitor.name, "phone": visitor.phone, "reason": "materials",
            "said": "缺少法定要求的证明材料，已一次性告知，请备齐后再来。",
        }  # fmt: skip
        day.do(clerk, "acceptance.cannot_do", f"cannot:{key}", request)
    if every(visitor, 5, 2):
        item = visitor.draw("later").choice(day.items)
        person = {
            "kind": visitor.code_kind, "name": visitor.name, "code": visitor.code, "phone": visitor.phone, "agent": None,
        }  # fmt: skip
        body = {"item": item.code, "applicant": person, "form": {}, "given": [], "answers": {}}
        request = {
            "item_name": item.name,
            "applicant_name": visitor.name,
            "body": body,
            "parked": every(visitor, 2, 0),
        }
        day.do(clerk, "acceptance.save_draft", f"draft:{key}", request)
    if every(visitor, 7, 1) and has(day, "acceptance.accept_matter"):
        matter(day, clerk, visitor)


def matter(day: Day, clerk: Actor, visitor: Visitor) -> None:
    """A whole matter, taken in at once; its first items wait for their agencies."""
    plan = day.suite.query(clerk, "acceptance.matter_plan", {"theme": THEME})
    answers = {q.code: q.answers[0] for q in plan.questions}
    if answers:
        plan = day.suite.query(clerk, "acceptance.matter_plan", {"theme": THEME, "answers": answers})
    paper = {"given": "paper", "originals": 1, "copies": 1}
    request = {
        "theme": THEME, "answers": answers, "versions": {p.item: p.version for p in plan.parts if p.version},
        "applicant": {"name": visitor.name, "code_kind": visitor.code_kind, "code": visitor.code, "phone": visitor.phone},
        "materials": [{"position": m.position, **paper} for m in plan.materials],
        "form": answers_of(plan.fields, visitor),
    }  # fmt: skip
    taken = day.do(clerk, "acceptance.accept_matter", f"matter:{visitor.index}", request)
    for case_id in taken.case_ids:
        agency = day.suite.query(clerk, "acceptance.case", {"case_id": case_id}).agency
        make_papers(day, clerk, case_id, agency)


# ---- while a case is open ----


def after_acceptance(day: Day, clerk: Actor, case: Case) -> None:
    """Who helps with it, who urges it, who complains, what a supervisor finds, where its result is handed out."""
    visitor, key, about = case.visitor, case.visitor.index, {"case_id": case.case_id}
    if every(visitor, 4, 0) and has(day, "acceptance.entrust"):
        helper, code = visitor.agent or ("乌云", HELPER + identifiers.citizen_id_check(HELPER))
        request = {
            **about, "helper": helper, "helper_code": code, "helper_phone": visitor.phone,
            "scope": "代为提交材料、领取结果", "valid_to": (TODAY + timedelta(days=60)).isoformat(), "signed": True,
            "received": "申请书1份、身份证复印件1份",
        }  # fmt: skip
        day.do(clerk, "acceptance.entrust", f"entrust:{key}", request)
    if every(visitor, 6, 1):
        request = {**about, "text": "开业日期已定，请尽快办理。", "person": visitor.name}
        day.do(clerk, "acceptance.urge", f"urge:{key}", request)
    if every(visitor, 6, 2):
        request = {
            **about,
            "content": "电话咨询时说的材料与窗口要求不一致。",
            "source": "phone",
            "person": visitor.name,
        }
        day.do(clerk, "acceptance.complain", f"complain:{key}", request)
    if every(visitor, 4, 3):
        found(day, case)
    if every(visitor, 5, 4):
        day.do(clerk, "acceptance.issue_at", f"issue-at:{key}", {**about, "point": township.TOWN})


def found(day: Day, case: Case) -> None:
    """A supervisor writes down what does not fit; a second one looks at most of it."""
    inspectors = people(day.suite, "inspector")
    request = {
        "rule": "V09", "case_no": case.case_no, "facts": "受理通知书上的承诺时限与办事指南不一致。",
        "evidence": "受理通知书、办事指南各1份，存督查考核科。",
    }  # fmt: skip
    key = case.visitor.index
    finding = day.do(inspectors[0], "acceptance.record_finding", f"find:{key}", request)
    if every(case.visitor, 20, 3):
        return  # waits for a second person
    agree = {"finding_id": finding.id, "remark": "情况属实。"}
    day.later(600, lambda: day.do(inspectors[1], "acceptance.confirm_finding", f"agree:{key}", agree))
    day.later(1500, lambda: supervised(day, case))


def supervised(day: Day, case: Case) -> None:
    """The agency answers some notices; of those some are closed and some are ordered to be mended."""
    key, turn = case.visitor.index, case.visitor.index // 4 % 4
    inspector = people(day.suite, "inspector")[1]
    asked = {"kind": "all", "case_id": case.case_id, "rule": "V09"}
    (notice,) = day.suite.query(Actor.system(), "acceptance.supervision", asked)
    about = {"alert_id": notice.id}
    if turn in (1, 2):
        agency = day.staff.approvers[case.item.agency][0]
        request = {**about, "kind": "feedback", "text": "已更正办事指南，并向申请人说明。"}
        day.do(agency, "acceptance.answer_notice", f"answer:{key}", request)
    if turn == 2:
        request = {**about, "outcome": "mended", "text": "已整改。"}
        day.do(inspector, "acceptance.close_notice", f"close:{key}", request)
    if turn == 3:
        request = {**about, "text": "两个工作日内更正并书面说明。"}
        day.do(inspector, "acceptance.order_notice", f"order:{key}", request)
        make_papers(day, day.staff.clerks[0], case.case_id, case.item.agency)


def decided_tomorrow(case: Case) -> bool:
    """Whether somebody still thinks about it in the evening."""
    return every(case.visitor, 10, 8)


# ---- with the result ----


def stays_overnight(day: Day, case: Case) -> bool:
    """Whether the result is collected another day; what goes to the township is handed over now."""
    visitor = case.visitor
    to_town = every(visitor, 5, 4)
    if not (to_town or every(visitor, 9, 5)):
        return False
    issuer = day.staff.issuers[visitor.index % len(day.staff.issuers)]
    make_papers(day, issuer, case.case_id, case.item.agency)
    if to_town:
        request = {"target": township.TOWN, "what": "result", "case_ids": [case.case_id]}
        sent = day.do(issuer, "acceptance.pack", f"pack:{visitor.index}", request)
        if every(visitor, 2, 0):
            day.later(1800, lambda: township.received(day, visitor, sent.number))
    return True


def after_delivery(day: Day, issuer: Actor, case: Case) -> None:
    """Who collected says what they think of it; bad ratings wait for a call."""
    key, grade = case.visitor.index, GRADES[case.visitor.index % len(GRADES)]
    asked = day.do(issuer, "acceptance.ask_rating", f"ask-rating:{key}", {"case_id": case.case_id})
    tags = FAULTS if grade in SAID else PRAISE
    request = {
        "token": asked.token,
        "level": grade,
        "tags": tags[: 1 + key % 2],
        "comment": SAID.get(grade, ""),
    }
    day.do(Actor.system(), "acceptance.rate", f"rate-case:{key}", request)
