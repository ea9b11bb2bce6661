"""Ends of a case that are no decision: withdrawn, sent back, terminated; results revoked."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from yichuang.api import UserError, Work, operation, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, credit, later
from yichuang_acceptance.operations.intake import Accepted, OneCase, outcome
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.pauses import Clocked, SeenCase, break_off, clocked
from yichuang_acceptance.operations.promises import CHECK_KEY
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.violations import OTHER, POSTCHECK, RENEWAL
from yichuang_acceptance.words import words

L = words.lazy
CAUSES = {
    "death": "申请人死亡或者丧失行为能力",
    "dissolved": "申请人依法终止",
    "quota_used": "法定数量限制的名额已经用完",
    "lapsed": "申请事项所依据的情形已经消失",
    "promise_broken": "申请人未在承诺期限内补齐容缺材料",
    "other": "法律、法规规定的其他情形",
}
"""Causes of termination as the paper names them."""


class Withdrawal(OneCase):
    """The applicant's wish to take the application back.

    Attributes:
        signed: The applicant's signed request lies with the file.
        page: Digest of that request where it was scanned; stands for `signed`.
    """

    reason: str = Field(min_length=1, max_length=500)
    signed: bool = False
    page: str = Field("", max_length=64)


@operation("acceptance.withdraw", permission="acceptance.accept", title="Withdraw an application")
def withdraw(work: Work, request: Withdrawal) -> Accepted:
    """End a case at the applicant's signed request, before the decision. Errors: REQUEST_NOT_SIGNED, ILLEGAL_STEP."""
    row = cases.at_window(work, request.case_id)
    require_signed(work, request.page, signed=request.signed)
    end(work, row, Event.WITHDRAW, "withdraw", request.reason, payload={"page": request.page})
    return outcome(work, row.id)


def require_signed(work: Work, page: str, *, signed: bool) -> None:
    """Let an application be taken back only at the applicant's signed request. Raises REQUEST_NOT_SIGNED, FILE_MISSING."""
    if page:
        work.get_blob(page)
    elif not signed:
        raise UserError(
            "REQUEST_NOT_SIGNED",
            L("An application is taken back only at the applicant's signed request."),
            do=L("Let the applicant sign the request, then confirm it."),
        )


class Return(SeenCase):
    """Why an application is sent back."""

    reason: str = Field(min_length=1, max_length=1000)


@operation("acceptance.return", permission="acceptance.supervise", title="Send an application back")
def send_back(work: Work, request: Return) -> Clocked:
    """Send an application back before acceptance, or later where no licence is asked for; counted as an abnormal end.

    Errors: LICENCE_NEEDS_DECISION, ILLEGAL_STEP, CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    end(work, row, Event.RETURN, "return", request.reason)
    return clocked(work, row.id)


class Termination(SeenCase):
    """The cause that the law names, and what happened."""

    cause: Literal["death", "dissolved", "quota_used", "lapsed", "promise_broken", "other"]
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field(min_length=1, max_length=400)


@operation("acceptance.terminate", permission="acceptance.terminate", title="Terminate a case")
def terminate(work: Work, request: Termination) -> Clocked:
    """End a case for a cause that the law names, by the head of the organ. Errors: ILLEGAL_STEP, CHANGED_MEANWHILE."""
    row = cases.in_agency(work, request.case_id, request.row_version)
    end(work, row, Event.TERMINATE, request.cause, request.reason, request.law)
    return clocked(work, row.id)


def lapse(work: Work, row: Any) -> None:
    """Time was up and nothing was corrected: the application counts as given up (T2)."""
    end(work, row, Event.CORRECTION_LAPSE, "lapse", "申请人逾期未补正，视为放弃申请。")


def end(
    work: Work,
    row: Any,
    event: Event,
    cause: str,
    reason: str,
    law: str = "",
    payload: dict[str, Any] | None = None,
) -> None:
    """Send an ending event, close an open suspension with it, and draft the notice (D12)."""
    next_state(State(row.state), event)
    if row.state == State.SUSPENDED:
        break_off(work, row, reason, work.actor.name)
    cases.move(
        work, row, event, opinion=reason, pause_due_at=None, telling_due_at=None, correction_due_at=None,
        payload={"cause": cause, "law": law, **(payload or {})},
    )  # fmt: skip
    _end_licence(work, row, "cancelled", reason)
    draft_paper(
        work, row, "D12", {"event": event, "cause": CAUSES.get(cause, ""), "reason": reason, "law": law}
    )


def _end_licence(work: Work, row: Any, kind: Literal["annulled", "cancelled"], reason: str) -> None:
    """The licence that a case ended in does not outlast its grant."""
    if row.licence_code:
        work.hooks.end_licence(work=work, code=row.licence_code, kind=kind, reason=reason)


class Revocation(SeenCase):
    """Why a result no longer holds.

    Attributes:
        kind: revoke (撤销, art. 69) or cancel (注销, art. 70).
    """

    kind: Literal["revoke", "cancel"]
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field("", max_length=400)


@operation("acceptance.revoke", permission="acceptance.terminate", title="Revoke or cancel a result")
def revoke(work: Work, request: Revocation) -> Clocked:
    """Decide that a delivered grant no longer holds (art. 69, 70); its licence ends with it.

    Errors: NOTHING_GRANTED, ILLEGAL_STEP, CHANGED_MEANWHILE.
    """
    row = cases.in_agency(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.REVOKE)
    if row.ready_at is None:
        raise UserError("NOTHING_GRANTED", L("Case {number} ended without a grant.", number=row.case_no))
    cases.move(
        work, row, Event.REVOKE, opinion=request.reason, payload={"kind": request.kind, "law": request.law}
    )
    facts = {"kind": request.kind, "reason": request.reason, "law": request.law}
    paper_id = draft_paper(work, row, "D18", facts)
    if request.kind == "revoke":
        credit.decided(work, row, str(work.scalar(select(t.paper.c.number).where(t.paper.c.id == paper_id))))
    _end_licence(work, row, "cancelled" if request.kind == "cancel" else "annulled", request.reason)
    later.forget(work, row.id, RENEWAL, POSTCHECK)
    later.forget(work, row.id, OTHER, key=CHECK_KEY)
    return clocked(work, row.id)
