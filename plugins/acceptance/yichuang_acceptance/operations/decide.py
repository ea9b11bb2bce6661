"""The back office: granting or refusing, by somebody else than the acceptor; making the result once it is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from yichuang.api import (
    LicenceDraft,
    Request,
    UserError,
    Work,
    applicant_of,
    operation,
    reveal_applicant_code,
)
from yichuang_acceptance.operations import (
    accepting,
    cases,
    catalogue_rules,
    forms,
    forwarding,
    pauses,
    promises,
    review,
)
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.renewals import renewed_until
from yichuang_acceptance.rules.clocks import delivery_due
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.renewals import renewed_to
from yichuang_acceptance.words import words

L = words.lazy
SILENCE = "本机关未在原行政许可有效期届满前作出是否准予延续的决定，依法视为准予延续。"


@dataclass(frozen=True)
class Decided:
    """A case after a decision or delivery."""

    case_id: int
    case_no: str
    state: str


class Grant(Request):
    """A positive decision.

    Attributes:
        row_version: The case's version that the approver looked at; a decision on an older one is refused.
        conditions: Conditions and duties that go with it, one each.
        public: It is published, as art. 40 has it; otherwise `public_note` says why not.
        public_note: Where it is published, or why it is not.
    """

    case_id: int
    row_version: int
    opinion: str = Field(min_length=1, max_length=2000)
    content: str = Field("", max_length=2000)
    valid_to: date | None = None
    conditions: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = Field((), max_length=20)
    public: bool = True
    public_note: str = Field("", max_length=400)


class GrantAfterReview(Grant):
    """A positive decision at the end of a review.

    Attributes:
        upper: Of a case that was sent up, the decision of the organ above.
    """

    upper: forwarding.UpperDecision | None = None


@operation("acceptance.grant", permission="acceptance.decide", title="Grant an application")
def grant(work: Work, request: GrantAfterReview) -> Decided:
    """Grant, as a written decision (art. 38).

    Errors: OWN_ACCEPTANCE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE, TOLERATED_MISSING, NOT_PUBLISHED_WHY, QUOTA_USED, EARLIER_FIRST,
    UPPER_DECISION_MISSING, NOT_SENT_UP, DAY_WRONG.
    """
    row = _case_to_decide(work, request.case_id, request.row_version)
    catalogue_rules.require_room_for(work, row)
    upper = forwarding.outcome(work, row, "grant", request.upper)
    node = review.decided(work, row, "grant", request.opinion)
    cases.move(
        work, row, Event.GRANT, opinion=request.opinion, payload={**node, **upper}, **_decider(work),
        deliver_due_at=delivery_due(work.now, days_of(work)),
    )  # fmt: skip
    _draft_grant(work, row, request, **upper)
    return Decided(row.id, row.case_no, State.GRANTED)


@operation("acceptance.grant_at_once", permission="acceptance.instant", title="Accept and grant at once")
def grant_at_once(work: Work, request: Grant) -> Decided:
    """Accept a received immediate item and grant it in one (art. 34), by somebody authorised who did not receive it.

    Errors: NOT_IMMEDIATE, MATERIAL_MISSING, OWN_ACCEPTANCE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE, ILLEGAL_STEP,
    QUOTA_USED, EARLIER_FIRST.
    """
    row = _case_to_decide(work, request.case_id, request.row_version)
    next_state(State(row.state), Event.INSTANT)
    made = promises.promise_of(work, row.id)
    if row.item_kind != "instant" and not (made is not None and made.at_once):
        raise UserError(
            "NOT_IMMEDIATE",
            L("This item is not decided on the spot."),
            do=L("Accept it; its agency decides."),
        )
    catalogue_rules.require_alone(work, row)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    accepting.require_complete(work, row, item)
    catalogue_rules.require_room_for(work, row)
    accepting.accept_only(
        work, row, item, Event.INSTANT, opinion=request.opinion, **_decider(work),
        deliver_due_at=delivery_due(work.now, days_of(work)),
    )  # fmt: skip
    _draft_grant(work, row, request)
    return Decided(row.id, row.case_no, State.GRANTED)


def deem_granted(work: Work, row: Any, at: datetime) -> None:
    """Grant a renewal on which nobody decided before the licence ended (art. 50); its term is what the guide says of such.

    Args:
        work: The transaction of a tick, whoever runs it.
        row: The case.
        at: The end of the licence's last day.
    """
    if row.state == State.SUSPENDED:
        pauses.break_off(work, row, SILENCE)
    cases.move(
        work, row, Event.DEEMED_GRANT, opinion=SILENCE, pause_due_at=None, decided_at=at,
        deliver_due_at=delivery_due(at, days_of(work)),
    )  # fmt: skip
    until = renewed_until(work, row)
    assert until is not None  # its end is what the timer was set by
    guide = catalogue_rules.said_of(work, row.item, row.item_version)
    longer = renewed_to(until, guide.get("result_validity"))
    facts = {
        "opinion": SILENCE, "content": "", "valid_to": longer.isoformat() if longer else "", "conditions": [], "public": True,
        "public_note": "", "renews": until.isoformat(),
    }  # fmt: skip
    draft_paper(work, row, "D10", facts)
    promises.begin_check(work, row)


def _draft_grant(work: Work, row: Any, request: Grant, **more: Any) -> None:
    if not request.public and not request.public_note.strip():
        raise UserError(
            "NOT_PUBLISHED_WHY",
            L("A grant is published (art. 40) unless there is a reason not to."),
            do=L("Write why it is not published."),
        )
    facts = {
        "opinion": request.opinion,
        "content": request.content,
        "valid_to": request.valid_to.isoformat() if request.valid_to else "",
        "conditions": list(request.conditions),
        "public": request.public,
        "public_note": request.public_note.strip(),
        **more,
    }
    draft_paper(work, row, "D10", facts)
    promises.begin_check(work, row)


class Refuse(Request):
    """A negative decision; the law asks for its reasons (art. 38)."""

    case_id: int
    row_version: int
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field("", max_length=400)
    upper: forwarding.UpperDecision | None = None


@operation("acceptance.refuse", permission="acceptance.decide", title="Refuse an application")
def refuse(work: Work, request: Refuse) -> Decided:
    """Refuse, with reasons and remedies (art. 38).

    Errors: OWN_ACCEPTANCE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE, MISSING_REASON, UPPER_DECISION_MISSING, NOT_SENT_UP, DAY_WRONG.
    """
    row = _case_to_decide(work, request.case_id, request.row_version)
    upper = forwarding.outcome(work, row, "refuse", request.upper)
    node = review.decided(work, row, "refuse", request.reason)
    cases.move(work, row, Event.REFUSE, opinion=request.reason, payload={**node, **upper}, **_decider(work))
    draft_paper(work, row, "D11", {"reason": request.reason, "law": request.law, **upper})
    return Decided(row.id, row.case_no, State.REFUSED)


def _case_to_decide(work: Work, case_id: int, seen: int) -> Any:
    row = cases.in_agency(work, case_id)
    review.require_reviewed(work, row)
    if row.row_version != seen:
        raise cases.changed(row)
    return row


def _decider(work: Work) -> dict[str, Any]:
    return {"decided_at": work.now, "decider_id": work.actor.staff_id, "decider_name": work.actor.name}


def make_result(work: Work, row: Any, paper: Any) -> None:
    """The decision is sealed: enter the licence, if the item gives one; the result is out unless a blank is used for it."""
    from yichuang_acceptance.operations.certificates import finish, is_kept

    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    code = ""
    valid_to = paper.facts.get("valid_to") or ""
    unknown = paper.facts.get("renews") and not valid_to  # how long it lasts now nobody but its organ knows
    if item.result_licence and not unknown:
        person = applicant_of(work, row.applicant_id)
        draft = LicenceDraft(
            subject=cases.subject(row.case_no), licence_type=item.result_licence, name=item.result or item.name,
            agency=row.agency, holder_kind=person.kind, holder_name=person.name, holder_code_kind=person.code_kind,
            holder_code=reveal_applicant_code(work, row.applicant_id), valid_from=work.today,
            valid_to=date.fromisoformat(valid_to) if valid_to else None,
            fields={**forms.of_case(work, row), **({"许可内容": paper.facts["content"]} if paper.facts.get("content") else {})},
            document=paper.sealed,
        )  # fmt: skip
        reference = work.hooks.issue_licence(work=work, draft=draft)
        code = reference.code if reference is not None else ""
    cases.move(work, row, Event.MAKE, licence_code=code)
    promises.remind_of_renewal(work, row, valid_to)
    if not (item.result and is_kept(work, row.agency, item.result)):
        finish(work, cases.load(work, row.id))
    else:
        review.begin_making(work, row)
