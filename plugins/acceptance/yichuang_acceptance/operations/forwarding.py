"""Cases that an organ outside the hall decides (转报): sent up from their review, and its decision entered as the outcome.

The clocks go on meanwhile: no article stops them (see `docs/decisions/0023`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from yichuang.api import HALL_ZONE, CleanText, Read, Request, UserError, Work, bindparam, prepare, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.review_tasks import Held
from yichuang_acceptance.words import words

L = words.lazy
_f = rt.forwarding.c
_STANDING = prepare(
    select(rt.forwarding)
    .join(rt.task, rt.task.c.id == _f.task_id)
    .where(_f.case_id == bindparam("case_id"), rt.task.c.stands)
    .order_by(_f.id.desc())
    .limit(1)
)


class SentTo(Request):
    """To which organ a case is sent up.

    Attributes:
        on: The day; None for today.
        number: Of a letter that was written elsewhere; empty makes one (D19), with a number of the agency's.
    """

    organ: CleanText = Field(min_length=1, max_length=200)
    on: date | None = None
    number: CleanText = Field("", max_length=100)


class UpperDecision(Request):
    """The decision of the organ to which a case was sent up."""

    number: CleanText = Field(min_length=1, max_length=100)
    on: date


@dataclass(frozen=True)
class ForwardingView:
    """Where a case was sent up to, and what came of it.

    Attributes:
        number: Of the letter.
        decided_on, decision_number: Of the organ's decision; None and empty while it has not come.
    """

    organ: str
    number: str
    sent_on: date
    staff: str
    decided_on: date | None
    decision_number: str


@dataclass(frozen=True)
class SentUp:
    """The organ above for whose decision a case waits.

    Attributes:
        number: Of the letter.
        days: Natural days since it was sent up.
    """

    organ: str
    number: str
    on: date
    days: int


def require_sending(held: Held, outcome: str, sent: SentTo | None) -> None:
    """At a node that sends up a case leaves only with the organ that it goes to. Raises ORGAN_MISSING, NOT_SENT_UP_HERE."""
    sends = held.node is not None and held.node.forward and outcome != "return"
    if sends and sent is None:
        raise UserError(
            "ORGAN_MISSING",
            L("“{task}” ends with sending the case up.", task=held.task.name),
            do=L("Enter the organ that it goes to."),
        )
    if sent is not None and not sends:
        raise UserError("NOT_SENT_UP_HERE", L("No case is sent up from “{task}”.", task=held.task.name))


def send(work: Work, held: Held, sent: SentTo, opinion: str) -> dict[str, Any]:
    """Write down where a case goes, with its letter; returns what the event says about it.

    Raises:
        UserError: DAY_WRONG.
    """
    on = sent.on or work.today
    accepted = held.case.accepted_at.astimezone(HALL_ZONE).date()
    if not accepted <= on <= work.today:
        raise UserError(
            "DAY_WRONG",
            L("A case is sent up between its acceptance ({day}) and today.", day=accepted),
            do=L("Correct the day."),
        )
    number = sent.number or _letter(work, held.case, sent.organ, opinion)
    work.insert(
        rt.forwarding, case_id=held.case.id, task_id=held.task.id, organ=sent.organ, number=number, sent_on=on, at=work.now,
        staff_id=work.actor.staff_id, staff_name=work.actor.name,
    )  # fmt: skip
    return {"sent_to": sent.organ, "letter": number, "sent_on": on.isoformat()}


def _letter(work: Work, case: Any, organ: str, opinion: str) -> str:
    paper_id = draft_paper(work, case, "D19", {"organ": organ, "opinion": opinion})
    return str(work.scalar(select(t.paper.c.number).where(t.paper.c.id == paper_id)))


def outcome(work: Work, case: Any, result: str, upper: UpperDecision | None) -> dict[str, Any]:
    """Enter the decision of the organ to which a case was sent up, as what the own agency's paper says of it.

    Raises:
        UserError: UPPER_DECISION_MISSING, NOT_SENT_UP, DAY_WRONG.
    """
    said = said_above(work, case, upper)
    row = _standing(work, case.id)
    if said and upper is not None:
        decided = {"outcome": result, "decided_on": upper.on, "decision_number": upper.number}
        work.update(rt.forwarding, {"id": row.id}, **decided)
    return said


def said_above(read: Read, case: Any, upper: UpperDecision | None) -> dict[str, Any]:
    """What the own agency's paper says of the decision above; nothing where the case is decided here.

    Raises:
        UserError: UPPER_DECISION_MISSING, NOT_SENT_UP, DAY_WRONG.
    """
    row = _standing(read, case.id)
    if row is None:
        if upper is not None:
            raise UserError(
                "NOT_SENT_UP", L("Case {number} was not sent up; it is decided here.", number=case.case_no)
            )
        return {}
    if upper is None:
        raise UserError(
            "UPPER_DECISION_MISSING",
            L("Case {number} was sent up to {organ}, which decides.", number=case.case_no, organ=row.organ),
            do=L("Enter number and day of its decision, once it has come."),
        )
    if not row.sent_on <= upper.on <= read.today:
        raise UserError(
            "DAY_WRONG",
            L("It was decided between the day of sending up ({day}) and today.", day=row.sent_on),
            do=L("Correct the day."),
        )
    return {"upper": {"organ": row.organ, "number": upper.number, "on": upper.on.isoformat()}}


def forwarding_view(read: Read, case_id: int) -> ForwardingView | None:
    """Where a case was sent up to; None where it was not."""
    row = _standing(read, case_id)
    if row is None:
        return None
    return ForwardingView(
        row.organ, row.number, row.sent_on, row.staff_name, row.decided_on, row.decision_number
    )


def _standing(read: Read, case_id: int) -> Any:
    """The last sending up that counts: not one before the case was sent back in its review."""
    return read.one(_STANDING, case_id=case_id)
