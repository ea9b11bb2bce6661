"""The back office: granting or refusing, by somebody else than the acceptor; handing the result out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    LicenceDraft,
    Private,
    Request,
    UserError,
    Work,
    applicant_of,
    identifiers,
    operation,
    reveal_applicant_code,
    update,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.words import words

L = words.lazy


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
    """

    case_id: int
    row_version: int
    opinion: str = Field(min_length=1, max_length=2000)
    content: str = Field("", max_length=2000)
    valid_to: date | None = None


@operation("acceptance.grant", permission="acceptance.decide", title="Grant an application")
def grant(work: Work, request: Grant) -> Decided:
    """Grant, as a written decision (art. 38). Errors: OWN_ACCEPTANCE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE, TOLERATED_MISSING."""
    row = _case_to_decide(work, request.case_id, request.row_version)
    _decide(work, row, Event.GRANT, request.opinion)
    facts = {
        "opinion": request.opinion,
        "content": request.content,
        "valid_to": request.valid_to.isoformat() if request.valid_to else "",
    }
    draft_paper(work, row, "D10", facts)
    return Decided(row.id, row.case_no, State.GRANTED)


class Refuse(Request):
    """A negative decision; the law asks for its reasons (art. 38)."""

    case_id: int
    row_version: int
    reason: str = Field(min_length=1, max_length=2000)
    law: str = Field("", max_length=400)


@operation("acceptance.refuse", permission="acceptance.decide", title="Refuse an application")
def refuse(work: Work, request: Refuse) -> Decided:
    """Refuse, with reasons and remedies (art. 38). Errors: OWN_ACCEPTANCE, NOT_YOUR_AGENCY, CHANGED_MEANWHILE, MISSING_REASON."""
    row = _case_to_decide(work, request.case_id, request.row_version)
    _decide(work, row, Event.REFUSE, request.reason)
    draft_paper(work, row, "D11", {"reason": request.reason, "law": request.law})
    return Decided(row.id, row.case_no, State.REFUSED)


def _case_to_decide(work: Work, case_id: int, seen: int) -> Any:
    row = cases.load(work, case_id)
    work.require_agency(row.agency)
    if row.acceptor_id == work.actor.staff_id:
        raise UserError(
            "OWN_ACCEPTANCE",
            L("Whoever accepted an application may not decide on it."),
            do=L("Let a colleague decide."),
        )
    if row.row_version != seen:
        raise UserError(
            "CHANGED_MEANWHILE",
            L("Somebody else has just changed case {number}.", number=row.case_no),
            do=L("Look at it again, then decide."),
        )
    return row


def _decide(work: Work, row: Any, event: Event, opinion: str) -> None:
    cases.move(
        work, row, event, opinion=opinion, decided_at=work.now, decider_id=work.actor.staff_id,
        decider_name=work.actor.name,
    )  # fmt: skip


def make_result(work: Work, row: Any, paper: Any) -> None:
    """The decision is sealed: enter the licence, if the item gives one, and put the result out for collection."""
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    code = ""
    if item.result_licence:
        person = applicant_of(work, row.applicant_id)
        valid_to = paper.facts.get("valid_to") or ""
        draft = LicenceDraft(
            subject=cases.subject(row.case_no), licence_type=item.result_licence, name=item.result or item.name,
            agency=row.agency, holder_kind=person.kind, holder_name=person.name, holder_code_kind=person.code_kind,
            holder_code=reveal_applicant_code(work, row.applicant_id), valid_from=work.today,
            valid_to=date.fromisoformat(valid_to) if valid_to else None,
            fields={**row.form, **({"许可内容": paper.facts["content"]} if paper.facts.get("content") else {})},
            document=paper.sealed,
        )  # fmt: skip
        reference = work.hooks.issue_licence(work=work, draft=draft)
        code = reference.code if reference is not None else ""
    cases.move(work, row, Event.MAKE, ready_at=work.now, licence_code=code)


class Delivery(Request):
    """Who receives the result."""

    case_id: int
    receiver: str = Field(min_length=1, max_length=100)
    relation: Literal["self", "agent", "family", "other"] = "self"
    receiver_code: Private = ""
    mode: Literal["direct", "mail"] = "direct"


@operation("acceptance.deliver", permission="acceptance.deliver", title="Hand out the result")
def deliver(work: Work, request: Delivery) -> Decided:
    """Hand out the result or the refusal against a receipt (D15). Errors: PAPER_NOT_READY, MATERIAL_OWED, ILLEGAL_STEP.

    BAD_CITIZEN_ID where the receiver's own number is wrong; the receipt shows it masked, and nothing else keeps it.
    """
    row = cases.load(work, request.case_id)
    cases.require_sight(work, row)
    waiting = work.one(
        t.paper.select().where(
            t.paper.c.case_id == row.id, t.paper.c.state != "sealed", t.paper.c.kind.in_(["D10", "D11"])
        )
    )
    if waiting is not None and not waiting.facts.get("no_seal"):
        raise UserError(
            "PAPER_NOT_READY",
            L("The decision on case {number} is not sealed yet.", number=row.case_no),
            do=L("Ask the seal keeper."),
        )
    if row.state == State.READY and row.tolerance_due is not None and _owed(work, row.id):
        raise UserError(
            "MATERIAL_OWED",
            L("A material that was promised for later is still missing."),
            do=L("Take it in first."),
        )
    code = identifiers.check_citizen_id(request.receiver_code) if request.receiver_code else ""
    cases.move(work, row, Event.DELIVER, opinion=request.receiver, delivered_at=work.now)
    facts = {
        "receiver": request.receiver, "relation": request.relation, "mode": request.mode,
        "issuer": work.actor.name, "desk": work.actor.desk or "", "receiver_code": identifiers.mask_id(code) if code else "",
    }  # fmt: skip
    draft_paper(work, row, "D15", facts)
    return Decided(row.id, row.case_no, State.DELIVERED)


def _owed(work: Work, case_id: int) -> bool:
    owed = t.material.select().where(t.material.c.case_id == case_id, t.material.c.given == "tolerated")
    return work.one(owed) is not None


class Bring(Request):
    """A promised material, brought."""

    case_id: int
    position: int
    originals: int = Field(0, ge=0, le=999)
    copies: int = Field(1, ge=0, le=999)
    pages: tuple[str, ...] = ()


@operation("acceptance.bring", permission="acceptance.accept", title="Take in a promised material")
def bring(work: Work, request: Bring) -> Decided:
    """Take in a material that was tolerated as missing. Errors: NOT_OWED."""
    row = cases.load(work, request.case_id)
    cases.require_sight(work, row)
    owed = (
        (t.material.c.case_id == row.id)
        & (t.material.c.position == request.position)
        & (t.material.c.given == "tolerated")
    )
    touched = work.execute(
        update(t.material).where(owed).values(
            given="paper", originals=request.originals, copies=request.copies, pages=list(request.pages))
    )  # fmt: skip
    if not touched:
        raise UserError("NOT_OWED", L("Material {n} is not owed.", n=request.position))
    work.subject = cases.subject(row.case_no)
    return Decided(row.id, row.case_no, row.state)
