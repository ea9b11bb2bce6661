"""Handing results out: to the applicant or somebody who may receive it, against identity; by mail, against its number."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Private,
    Request,
    UserError,
    Work,
    identifiers,
    operation,
    reveal_applicant_code,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, figures, points
from yichuang_acceptance.operations.decide import Decided
from yichuang_acceptance.operations.paper_texts import RELATIONS
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.shown import not_signed, own_showing
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.pages import kind_of
from yichuang_acceptance.rules.serving import Way, require_served
from yichuang_acceptance.rules.showing import decoded
from yichuang_acceptance.words import words

L = words.lazy
_MAIL_NO = re.compile(r"[A-Z0-9]{8,24}")  # EMS has 13, couriers 12 to 15
PICTURES = {"signature": ("image/png",), "photo": ("image/jpeg", "image/png")}


class Handover(Request):
    """Who receives a result, and how.

    Attributes:
        receiver_code: Citizen's number from the receiver's card; needed at the desk.
        reason: Why somebody else than the applicant or the known agent receives it; why it was left or published.
        mode: At the desk, by mail, left (留置), through another organ (委托), electronically, by public notice (公告).
        mail_no: Number of the consignment; needed by mail, with the address.
        address: Where it was sent, left, served or published.
        witness: Who saw it left, or which organ served it.
        published_on: Day of the public notice; thirty days later it counts.
        consented: The addressee agreed to electronic means.
        signature: PNG of a signature.
        showing_id: What the receiver signed on the second screen; stands for `signature`.
        photo: JPEG or PNG of the receiver.
    """

    receiver: str = Field(min_length=1, max_length=100)
    relation: Literal["self", "agent", "family", "other"] = "self"
    receiver_code: Private = ""
    reason: str = Field("", max_length=200)
    mode: Way = "direct"
    mail_no: str = Field("", max_length=40)
    address: str = Field("", max_length=300, json_schema_extra={"journal": False})
    witness: CleanText = Field("", max_length=200)
    published_on: date | None = None
    consented: bool = False
    signature: bytes = Field(b"", json_schema_extra={"journal": False})
    photo: bytes = Field(b"", json_schema_extra={"journal": False})
    showing_id: int | None = None


class Delivery(Handover):
    """The result of one case."""

    case_id: int


@operation("acceptance.deliver", permission="acceptance.deliver", title="Hand out the result")
def deliver(work: Work, request: Delivery) -> Decided:
    """Hand out the result or the refusal: at the desk against identity (D15), or served in another way (D14).

    Errors: IDENTITY_MISSING, BAD_CITIZEN_ID, NOT_THE_APPLICANT, NOT_THE_AGENT, PROXY_REASON_MISSING, BAD_MAIL_NO,
    ADDRESS_MISSING, MAIL_NO_KNOWN, PAPER_NOT_READY, MATERIAL_OWED, ILLEGAL_STEP, UNKNOWN_SHOWING, NOT_SIGNED,
    RESULT_ELSEWHERE, WITNESS_MISSING, SERVING_REASON_MISSING, NOT_CONSENTED, NOTICE_RUNS.
    """
    row = cases.at_window(work, request.case_id)
    facts = hand_out(work, row, request)
    draft_paper(work, row, "D15" if request.mode == "direct" else "D14", facts)
    return Decided(row.id, row.case_no, State.DELIVERED)


def hand_out(
    work: Work, row: Any, request: Handover, mail_no: str = "", *, together: bool = False
) -> dict[str, Any]:
    """Deliver one case and enter how; returns what the receipt says.

    Args:
        work: The transaction.
        row: The case.
        request: Who receives it, and how.
        mail_no: Under which number this one is entered, where several go in one consignment.
        together: It goes with one that was handed out before: the consignment's number is known by then.
    """
    _require_finished(work, row)
    next_state(State(row.state), Event.DELIVER)
    points.require_result_here(work, row)
    code = _identity(work, row, request) if request.mode == "direct" else ""
    if request.mode == "mail" and not together:
        _check_mail(work, request)
    elif request.mode not in ("direct", "mail"):
        require_served(
            request.mode, request.address, request.witness, request.reason, consented=request.consented,
            published=request.published_on, today=work.today,
        )  # fmt: skip
    masked = identifiers.mask_id(code) if code else ""
    number = mail_no or request.mail_no.upper()
    cases.move(
        work, row, Event.DELIVER, opinion=request.receiver, delivered_at=work.now,
        payload={"mode": request.mode, "relation": request.relation, "mail_no": number},
        **(figures.at_visit(work, row) if request.mode == "direct" else {}),
    )  # fmt: skip
    pictures = {name: _keep(work, getattr(request, name), kinds) for name, kinds in PICTURES.items()}
    if request.showing_id is not None:
        pictures["signature"] = _signed(work, row, request)
    work.insert(
        t.delivery, case_id=row.id, mode=request.mode, receiver=request.receiver, relation=request.relation,
        receiver_masked=masked, reason=request.reason, mail_no=number, address=request.address, at=work.now,
        witness=request.witness, published_on=request.published_on,
        staff_id=work.actor.staff_id, staff_name=work.actor.name, desk=work.actor.desk or "", **pictures,
    )  # fmt: skip
    return {
        "receiver": request.receiver, "relation": request.relation, "mode": request.mode, "issuer": work.actor.name,
        "desk": work.actor.desk or "", "receiver_code": masked, "reason": request.reason,
        "mail_no": request.mail_no.upper(), "address": request.address, "witness": request.witness,
        "published_on": request.published_on.isoformat() if request.published_on else "", **pictures,
    }  # fmt: skip


def _require_finished(work: Work, row: Any) -> None:
    """Only a sealed decision goes out, and no result before the materials that were promised for it."""
    kinds = ("D10", "D11")
    waiting = work.one(
        select(t.paper).where(
            t.paper.c.case_id == row.id, t.paper.c.kind.in_(kinds), t.paper.c.state != "sealed"
        )
    )
    if waiting is not None and not waiting.facts.get("no_seal"):
        raise UserError(
            "PAPER_NOT_READY",
            L("The decision on case {number} is not sealed yet.", number=row.case_no),
            do=L("Ask the seal keeper."),
        )
    owed = t.material.select().where(t.material.c.case_id == row.id, t.material.c.given == "tolerated")
    if row.state == State.READY and row.tolerance_due is not None and work.one(owed) is not None:
        raise UserError(
            "MATERIAL_OWED",
            L("A material that was promised for later is still missing."),
            do=L("Take it in first."),
        )


def _identity(work: Work, row: Any, request: Handover) -> str:
    """The receiver's citizen's number, checked against applicant or agent where these are known."""
    if not request.receiver_code:
        raise UserError(
            "IDENTITY_MISSING",
            L("A result is handed out only against an identity card."),
            do=L("Read the receiver's card, or type its number."),
        )
    code = identifiers.check_person_id(request.receiver_code)
    if (
        request.relation == "self"
        and row.applicant_kind == "person"
        and not _is(work, row.applicant_id, code)
    ):
        raise UserError(
            "NOT_THE_APPLICANT",
            L("This is not the applicant's card."),
            do=L("Choose how the receiver is related to the applicant."),
        )
    if request.relation == "agent" and row.agent_id is not None and not _is(work, row.agent_id, code):
        raise UserError(
            "NOT_THE_AGENT",
            L("This is not the card of the agent who applied."),
            do=L("Choose “other” and write why this person receives the result."),
        )
    if request.relation in ("family", "other") and not request.reason:
        raise UserError(
            "PROXY_REASON_MISSING",
            L("Write why this person receives the result for the applicant."),
        )
    return code


def _is(work: Work, person_id: int, code: str) -> bool:
    return reveal_applicant_code(work, person_id) == code  # both as they are kept


def _check_mail(work: Work, request: Handover) -> None:
    if not _MAIL_NO.fullmatch(request.mail_no.upper()):
        raise UserError(
            "BAD_MAIL_NO",
            L("“{number}” is not the number of a consignment.", number=request.mail_no),
            do=L("Scan the bar code of the waybill, or type letters and digits as printed."),
        )
    if not request.address:
        raise UserError("ADDRESS_MISSING", L("Write to which address it is sent."))
    if (
        work.scalar(select(t.delivery.c.id).where(t.delivery.c.mail_no == request.mail_no.upper()))
        is not None
    ):
        raise UserError(
            "MAIL_NO_KNOWN", L("Consignment {number} was entered before.", number=request.mail_no)
        )


def _keep(work: Work, picture: bytes, kinds: tuple[str, ...]) -> str:
    if not picture:
        return ""
    kind = kind_of(picture)
    if kind not in kinds:
        raise UserError(
            "FILE_NOT_READABLE", L("The file is not what its name says ({kind}).", kind=kinds[-1])
        )
    return work.put_blob(picture, kind, confidential=True)


def _signed(work: Work, row: Any, request: Handover) -> str:
    """The digest of what this receiver signed for this result on the second screen."""
    shown = own_showing(work, request.showing_id or 0)
    said = {line.key: line.value for line in decoded(work.get_blob(shown.shown)).lines}
    wanted = (row.case_no, identifiers.mask_name(request.receiver), RELATIONS[request.relation])
    is_for = (shown.state, shown.purpose, shown.case_id) == ("signed", "delivery", row.id)
    if not is_for or wanted != (said.get("number"), said.get("receiver"), said.get("relation")):
        raise not_signed()
    return str(shown.picture)
