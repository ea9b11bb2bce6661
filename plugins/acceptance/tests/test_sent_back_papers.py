"""What the seal keeper sends back: its people are told why, it is made again under its number, its decider may reword it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest

from yichuang.api import Actor, Work, operation
from yichuang.operations.model import Request

from .conftest import APPROVER, CHIEF, CLERK, ISSUER, SECOND, STRANGER, accepted, decision
from .life import contents, refused, render, see
from .test_life_papers import read
from .test_recalled_papers import KEEPER, Keeper, asked, paper_of

REASON = "有效期写错"


class SendBack(Request):
    paper: str
    case_no: str
    reason: str = REASON


@operation("keeper.send_back", permission="keeper.stamp")
def send_back(work: Work, request: SendBack) -> None:
    work.subject = f"case:{request.case_no}"
    work.hooks.document_refused(work=work, subject=work.subject, paper=request.paper, reason=request.reason)


@pytest.fixture
def keeper(suite):
    from . import test_recalled_papers

    found = Keeper()
    suite.registry.add(sys.modules[__name__], "keeper")
    suite.registry.add(test_recalled_papers, "keeper")
    suite.hooks.register("keeper", "Keeper", 99, [found])
    return found


def granted(suite: Any, **more: Any) -> Any:
    case = accepted(suite)
    more = {"opinion": "同意", "valid_to": "2020-03-16", **more}
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, **more))
    render(suite, case)
    return case


def sent_back(suite: Any, case: Any, kind: str = "D10") -> Any:
    suite.run(KEEPER, "keeper.send_back", asked(case, paper_of(suite, case, kind)))
    return paper_of(suite, case, kind)


def again(paper: Any, **worded: str) -> dict[str, Any]:
    return {"paper_id": paper.id, "words": worded}


def test_a_decision_that_was_sent_back_is_worded_otherwise_and_makes_the_result(suite, keeper):
    case = granted(suite)
    paper = sent_back(suite, case)
    assert (paper.state, see(suite, case).row.state) == ("sent_back", "granted")
    told = suite.query(APPROVER, "acceptance.sent_back", {"paper_id": paper.id})
    assert (told.reason, told.keeper) == (REASON, KEEPER.name)
    assert told.words == {"opinion": "同意", "content": "", "valid_to": "2020-03-16"}
    made = suite.run(APPROVER, "acceptance.make_again", again(paper, valid_to="2029-03-16"))
    assert (made.state, made.number, made.document) == ("drafted", paper.number, "")
    render(suite, case)
    paper = paper_of(suite, case, "D10")
    assert paper.state == "waiting_seal"
    assert "2029年3月16日" in read(suite, paper)
    suite.run(KEEPER, "keeper.stamp", asked(case, paper))
    assert see(suite, case).row.state == "ready"
    assert "2020-03-16" in str(contents(suite)["core_journal"]), "what it said before stays on record"


def test_only_the_decider_words_a_decision_and_anybody_there_lets_it_be_made_again(suite, keeper):
    case = granted(suite)
    paper = sent_back(suite, case)
    for other in (SECOND, CLERK):
        assert suite.query(other, "acceptance.sent_back", {"paper_id": paper.id}).words == {}
        worded = again(paper, opinion="不同")
        assert refused(suite, other, "acceptance.make_again", worded) == "NOT_YOUR_WORDS"
    assert refused(suite, STRANGER, "acceptance.make_again", again(paper)) == "NOT_YOUR_AGENCY"
    assert suite.run(SECOND, "acceptance.make_again", again(paper, opinion="同意")).state == "drafted"


def test_what_cannot_be_said_changes_nothing(suite, keeper):
    case = granted(suite)
    waiting = paper_of(suite, case, "D10")
    assert refused(suite, APPROVER, "acceptance.make_again", again(waiting)) == "NOT_SENT_BACK"
    paper = sent_back(suite, case)
    for worded, code in (
        ({"opinion": " "}, "REASON_MISSING"), ({"valid_to": "明年"}, "BAD_REQUEST"), ({"reason": "x"}, "BAD_REQUEST"),
        ({"public": "x"}, "BAD_REQUEST"), ({"opinion": "长" * 2001}, "BAD_REQUEST"),
    ):  # fmt: skip
        assert refused(suite, APPROVER, "acceptance.make_again", again(paper, **worded)) == code, worded
    suite.run(APPROVER, "acceptance.make_again", again(paper))
    assert refused(suite, APPROVER, "acceptance.make_again", again(paper)) == "NOT_SENT_BACK"


def test_whoever_has_to_see_to_it_finds_it_among_the_to_dos(suite, keeper):
    case = granted(suite)
    sent_back(suite, case)

    def todos(actor: Actor) -> list[Any]:
        found = suite.executor.read(actor, lambda r: suite.hooks.todos(read=r))
        return [each for each in found if each.id.startswith("paper:")]

    for actor in (APPROVER, CLERK):
        (todo,) = todos(actor)
        assert (todo.step, todo.applicant, todo.args["case_id"]) == (REASON, "苏*娜", case.case_id)
    assert todos(STRANGER) == []
    assert todos(replace(APPROVER, staff_id=99, permissions=frozenset({"acceptance.view"}))) == []


def test_a_case_that_ends_makes_void_what_was_sent_back(suite, keeper):
    case = granted(suite)
    sent_back(suite, case)
    why = {"cause": "dissolved", "reason": "申请人注销", "law": "《行政许可法》第七十条"}
    suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **why))
    paper = paper_of(suite, case, "D10")
    assert paper.state == "void"
    assert refused(suite, APPROVER, "acceptance.make_again", again(paper)) == "PAPER_HOLDS_NO_MORE"


def test_a_file_with_a_paper_that_was_sent_back_is_not_archived(suite, keeper):
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, case, reason="不符合条件"))
    render(suite, case)
    sent_back(suite, case, "D3")
    suite.run(KEEPER, "keeper.stamp", asked(case, paper_of(suite, case, "D11")))
    mailed = {"receiver": "苏日娜", "mode": "mail", "mail_no": "EA123456789CN", "address": "天山镇"}
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **mailed})
    render(suite, case)
    archive = {"case_id": case.case_id}
    assert refused(suite, ISSUER, "acceptance.archive", archive) == "PAPER_NOT_READY"
    suite.run(CLERK, "acceptance.make_again", again(paper_of(suite, case, "D3")))
    render(suite, case)
    suite.run(KEEPER, "keeper.stamp", asked(case, paper_of(suite, case, "D3")))
    assert suite.run(ISSUER, "acceptance.archive", archive).papers == 3


def test_the_keepers_word_on_what_does_not_wait_is_ignored(suite, keeper):
    case = granted(suite)
    paper = paper_of(suite, case, "D10")
    suite.run(KEEPER, "keeper.stamp", asked(case, paper))
    suite.run(KEEPER, "keeper.send_back", asked(case, paper))
    assert paper_of(suite, case, "D10").state == "sealed"
