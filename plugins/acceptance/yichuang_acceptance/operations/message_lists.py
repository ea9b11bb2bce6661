"""Messages to applicants (短信) as the hall's staff see them: lists with masked numbers, trying again, wanting none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    Read,
    Request,
    UserError,
    Work,
    func,
    identifiers,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.messages import load
from yichuang_acceptance.operations.notices import is_declined
from yichuang_acceptance.rules.notices import Kind, next_allowed
from yichuang_acceptance.words import words

L = words.lazy
KIND_NAMES = {
    Kind.CORRECT: L("correction"), Kind.ACCEPT: L("acceptance"), Kind.SUSPEND: L("special procedure"),
    Kind.HEARING: L("hearing"), Kind.NOT_ACCEPTED: L("refusal to accept"), Kind.REFUSE: L("refusal"),
    Kind.EXTEND: L("extension"), Kind.COLLECT: L("collect the result"), Kind.REMIND: L("reminder to collect"),
    Kind.WITHDRAW: L("withdrawal"), Kind.RETURN: L("sent back"), Kind.LAPSE: L("not corrected in time"),
    Kind.TERMINATE: L("termination"), Kind.GUIDE: L("one-time notice"),
}  # fmt: skip
STATE_NAMES = {
    "waiting": L("waits to be sent"), "sent": L("sent"), "gave_up": L("not delivered"),
    "declined": L("the applicant wants none"), "dropped": L("no longer needed"),
}  # fmt: skip
FEWEST_DIGITS = 4  # of a telephone number, to search by it
_m = n.message.c


@dataclass(frozen=True)
class MessageRow:
    """A message; the telephone number is masked.

    Attributes:
        case_id: None of a one-time notice, which is about an item; `number` is the item's code then.
        error: What the last attempt met.
        next_at: When it is tried (again), None for what has ended.
        declined: The applicant wants no messages now.
    """

    id: int
    case_id: int | None
    number: str
    item_name: str
    kind: str
    kind_name: str
    phone: str
    text: str
    state: str
    state_name: str
    attempts: int
    error: str
    receipt: str
    at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    resent_by: str
    declined: bool


class AskMessages(Request):
    """A list of messages, newest first.

    Attributes:
        text: Part of a case number or an item's name, or the last digits (four or more) of a telephone number.
    """

    state: Literal["", "waiting", "sent", "gave_up", "declined", "dropped"] = ""
    text: str = Field("", max_length=60)
    before_id: int | None = None
    limit: int = Field(500, ge=1, le=1000)


@query("acceptance.messages", permission="acceptance.messages", title="Messages to applicants")
def messages(read: Read, request: AskMessages) -> list[MessageRow]:
    """Messages about cases that the actor may see, newest first."""
    conditions = visible(read)
    if request.state:
        conditions.append(_m.state == request.state)
    if text := request.text.strip():
        found = [_m.number.contains(text, autoescape=True), _m.item_name.contains(text, autoescape=True)]
        if text.isdecimal() and len(text) >= FEWEST_DIGITS:
            found.append(_m.phone.endswith(text, autoescape=True))
        conditions.append(or_(*found))
    if request.before_id is not None:
        conditions.append(request.before_id > _m.id)
    wants_none = n.no_messages.c.applicant_id.label("wants_none")
    rows = read.all(
        select(n.message, wants_none)
        .outerjoin(n.no_messages, n.no_messages.c.applicant_id == _m.applicant_id)
        .where(*conditions)
        .order_by(_m.id.desc())
        .limit(request.limit)
    )
    return [_row(row) for row in rows]


def visible(read: Read) -> list[Any]:
    """Messages about cases of the actor's agency; every one for people who serve or see the whole hall."""
    return [] if read.actor.hall_wide or read.may("acceptance.see_all") else [_m.agency == read.actor.agency]


def _row(row: Any) -> MessageRow:
    waiting = row.state == "waiting"
    return MessageRow(
        row.id, row.case_id, row.number, row.item_name, row.kind, str(KIND_NAMES[Kind(row.kind)]),
        identifiers.mask_phone(row.phone), row.text, row.state, str(STATE_NAMES[row.state]), row.attempts, row.error,
        row.receipt, row.created_at, row.next_at if waiting else None, row.ended_at, row.resent_by,
        row.wants_none is not None,
    )  # fmt: skip


@query(
    "acceptance.badge_messages", permission="acceptance.messages", title="Messages that were not delivered"
)
def badge_messages(read: Read) -> int:
    """How many messages were given up."""
    return int(
        read.scalar(select(func.count()).select_from(n.message).where(_m.state == "gave_up", *visible(read)))
    )


class OneMessage(Request):
    """A message."""

    message_id: int


@operation("acceptance.resend_message", permission="acceptance.resend_messages", title="Try a message again")
def resend_message(work: Work, request: OneMessage) -> str:
    """Try a message again that was given up, under the same key: what the gateway has after all it sends no second time.

    Errors: UNKNOWN_MESSAGE, NOT_YOUR_AGENCY, NOT_GIVEN_UP, WANTS_NONE.
    """
    row = load(work, request.message_id)
    _require_sight(work, row)
    if row.state != "gave_up":
        raise UserError(
            "NOT_GIVEN_UP", L("Only a message that was not delivered can be tried again."),
            do=L("Refresh the list: it may have been sent meanwhile."),
        )  # fmt: skip
    if row.applicant_id is not None and is_declined(work, row.applicant_id):
        raise UserError("WANTS_NONE", L("The applicant wants no messages."), do=L("Telephone instead."))
    values = {
        "state": "waiting", "attempts": 0, "claim": "", "ended_at": None, "next_at": next_allowed(work.now),
        "resent_by": work.actor.name,
    }  # fmt: skip
    work.execute(update(n.message).where(_m.id == row.id, _m.state == "gave_up").values(**values))
    work.subject = f"message:{row.id}"
    return "waiting"


def _require_sight(read: Read, row: Any) -> None:
    """Refuse messages about cases, or items, of other agencies to people of one agency. Raises NOT_YOUR_AGENCY."""
    if row.case_id is not None:
        cases.require_sight(read, cases.load(read, row.case_id))
    elif not read.may("acceptance.see_all"):
        read.require_agency(row.agency)


class Wish(Request):
    """Whether the applicant of a case wants messages."""

    case_id: int
    wanted: bool


@operation(
    "acceptance.want_messages", permission="acceptance.messages", title="Enter whether messages are wanted"
)
def want_messages(work: Work, request: Wish) -> None:
    """Enter that an applicant wants no messages, or wants them again; what waits is not sent then.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(work, request.case_id)
    work.subject = cases.subject(row.case_no)
    if request.wanted:
        work.execute(n.no_messages.delete().where(n.no_messages.c.applicant_id == row.applicant_id))
        return
    if not is_declined(work, row.applicant_id):
        work.insert(n.no_messages, applicant_id=row.applicant_id, at=work.now, staff_name=work.actor.name)
    waiting = _m.applicant_id == row.applicant_id, _m.state == "waiting"
    work.execute(update(n.message).where(*waiting).values(state="declined", claim="", ended_at=work.now))
