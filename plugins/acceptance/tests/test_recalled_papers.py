"""What holds no more is taken back from the seal keeper: replaced notices, papers of cases that ended, late stamps."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import pytest

from yichuang.api import Actor, StampReceipt, StampRequest, StampTicket, Work, hookimpl, operation
from yichuang.operations.model import Request

from .conftest import APPROVER, CHIEF, CLERK, ISSUER, accepted, decision, intake
from .life import refused, render, see, set_clock, suspend, tick
from .test_hearings import moved, notices, waiting
from .test_life_papers import HEARING

KEEPER = Actor(30, "keeper", "印章管理员", CLERK.agency, permissions=frozenset({"keeper.stamp"}))


@dataclass
class Keeper:
    """Whoever keeps the seal: what lies with them, and what was taken back."""

    lies: dict[str, StampRequest] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)

    @hookimpl
    def stamp_document(self, request: StampRequest) -> StampTicket:
        self.lies[request.paper] = request
        return StampTicket(len(self.lies), "行政审批专用章")

    @hookimpl
    def withdraw_document(self, paper: str, reason: str) -> None:
        if self.lies.pop(paper, None) is not None:
            self.back[paper] = reason


class Stamp(Request):
    paper: str
    case_no: str


@operation("keeper.stamp", permission="keeper.stamp")
def stamp(work: Work, request: Stamp) -> None:
    """Seal a paper; the sealed document is not looked at here."""
    work.subject = f"case:{request.case_no}"
    receipt = StampReceipt(
        work.subject, request.paper, "before", "after", "15042100000001", "章", "印章管理员", work.now
    )
    work.hooks.document_stamped(work=work, receipt=receipt)


@pytest.fixture
def keeper(suite):
    found = Keeper()
    suite.registry.add(sys.modules[__name__], "keeper")
    suite.hooks.register("keeper", "Keeper", 99, [found])
    return found


def asked(case: Any, paper: Any) -> dict[str, Any]:
    return {"paper": str(paper.id), "case_no": case.case_no}


def paper_of(suite: Any, case: Any, kind: str) -> Any:
    return next(p for p in reversed(see(suite, case).papers) if p.kind == kind)


def lying(suite: Any, keeper: Keeper, case: Any) -> list[str]:
    return [p.kind for p in see(suite, case).papers if str(p.id) in keeper.lies]


def test_a_replaced_notice_is_taken_back_and_cannot_be_sealed(suite, keeper, clock):
    case = waiting(suite)
    (old,) = notices(suite, case)
    assert old.state == "waiting_seal"
    set_clock(clock, "2026-03-19")
    moved(suite, case)
    old, new = notices(suite, case)
    assert keeper.back == {str(old.id): f"已由{new.number}代替"}
    assert (old.state, old.replaced) == ("rendered", new.number)
    assert refused(suite, KEEPER, "keeper.stamp", asked(case, old)) == "PAPER_HOLDS_NO_MORE"
    suite.run(KEEPER, "keeper.stamp", asked(case, new))
    assert [p.state for p in notices(suite, case)] == ["rendered", "sealed"]


def test_a_notice_that_was_sealed_before_it_was_replaced_stays_sealed(suite, keeper):
    case = waiting(suite)
    (old,) = notices(suite, case)
    suite.run(KEEPER, "keeper.stamp", asked(case, old))
    keeper.lies.clear()
    moved(suite, case)
    old, new = notices(suite, case)
    assert (old.state, old.replaced, keeper.back) == ("sealed", new.number, {})


@pytest.mark.parametrize("name", ["terminate", "withdraw"])
def test_a_case_that_ends_takes_back_what_waits_and_its_own_notice_is_sealed(suite, keeper, name):
    case = accepted(suite)
    render(suite, case)
    suspend(suite, case, **{**HEARING, "planned_end": "2026-04-10"})
    render(suite, case)
    before = lying(suite, keeper, case)
    assert before == ["D3", "D7", "D9"]
    if name == "terminate":
        why = {"cause": "death", "reason": "申请人死亡", "law": "《行政许可法》第七十条"}
        suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **why))
    else:
        why = {"case_id": case.case_id, "reason": "不再需要", "signed": True}
        suite.run(CLERK, "acceptance.withdraw", why)
    assert set(keeper.back.values()) == {"办件已终结"}
    assert [p.state for p in see(suite, case).papers] == ["void", "void", "void", "drafted"]
    render(suite, case)
    assert lying(suite, keeper, case) == ["D12"]
    for kind in before:
        stamp_it = asked(case, paper_of(suite, case, kind))
        assert refused(suite, KEEPER, "keeper.stamp", stamp_it) == "PAPER_HOLDS_NO_MORE"
    archive = {"case_id": case.case_id}
    assert refused(suite, ISSUER, "acceptance.archive", archive) == "PAPER_NOT_READY", "its own notice waits"
    suite.run(KEEPER, "keeper.stamp", asked(case, paper_of(suite, case, "D12")))
    assert suite.run(ISSUER, "acceptance.archive", archive).papers == 4


def test_a_decision_that_waits_when_its_case_is_terminated_makes_no_result(suite, keeper):
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意"))
    render(suite, case)
    why = {"cause": "dissolved", "reason": "申请人注销", "law": "《行政许可法》第七十条"}
    suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **why))
    paper = paper_of(suite, case, "D10")
    assert paper.state == "void"
    assert refused(suite, KEEPER, "keeper.stamp", asked(case, paper)) == "PAPER_HOLDS_NO_MORE"
    assert see(suite, case).row.state == "terminated"


def test_what_was_not_made_yet_when_its_case_ended_is_made_and_not_sealed(suite, keeper):
    case = accepted(suite)
    suite.run(CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不需要", "signed": True})
    render(suite, case)
    assert [(p.kind, p.state, bool(p.document)) for p in see(suite, case).papers] == [
        ("D3", "void", True), ("D12", "waiting_seal", True),
    ]  # fmt: skip


def test_a_notice_to_correct_is_taken_back_when_the_application_lapses(suite, keeper, clock):
    case = suite.run(CLERK, "acceptance.receive", intake())
    told = {"case_id": case.case_id, "defects": ["申请书：未签名"]}
    suite.run(CLERK, "acceptance.request_correction", told)
    render(suite, case)
    assert lying(suite, keeper, case) == ["D2"]
    set_clock(clock, "2026-05-18")
    tick(suite)
    assert see(suite, case).row.state == "terminated"
    assert list(keeper.back.values()) == ["办件已终结"]


def test_a_result_that_is_handed_out_leaves_the_notice_of_acceptance_to_be_sealed(suite, keeper):
    case = accepted(suite)
    render(suite, case)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, case, reason="不符合条件"))
    render(suite, case)
    suite.run(KEEPER, "keeper.stamp", asked(case, paper_of(suite, case, "D11")))
    handed = {
        "case_id": case.case_id,
        "receiver": "苏日娜",
        "mode": "mail",
        "mail_no": "EA123456789CN",
        "address": "天山镇",
    }
    suite.run(ISSUER, "acceptance.deliver", handed)
    assert paper_of(suite, case, "D3").state == "waiting_seal"
