"""Sending messages to applicants (短信): claimed for a while, handed to the gateway, noted when it has answered.

A claim lapses by itself, so that a sender that was killed holds nothing up; whatever it had in hand is tried again under the same
key, and the gateway delivers a key once. The gateway's password lies in the keyring of the machine that sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, operation, query, select, update
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance.gateways import (
    SECRET,
    SERVICE,
    FileGateway,
    Gateway,
    GatewayError,
    Message,
)
from yichuang_acceptance.operations import cases, matter_life
from yichuang_acceptance.operations.notices import GATEWAY, is_declined
from yichuang_acceptance.rules import notices as rules
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.words import words

L = words.lazy
ADDRESS, TEMPLATES = "acceptance.message_address", "acceptance.message_templates"
AT_ONCE = 20
CLAIMED_FOR = timedelta(minutes=10)
"""Longer than any sender needs for what it has claimed at once."""
FILE = "messages.jsonl"
TO_COLLECT = (State.READY, State.REFUSED)
_m = n.message.c


def _due(read: Read) -> tuple[Any, Any]:
    return _m.state == "waiting", read.now >= _m.next_at


@query("acceptance.messages_due", permission="acceptance.send_messages", title="Whether messages wait")
def messages_due(read: Read) -> bool:
    """Whether the sender has something to do now; asked often."""
    if not read.setting(GATEWAY, "") or not rules.may_send(read.now):
        return False
    return read.one(select(_m.id).where(*_due(read)).limit(1)) is not None


class Claim(Request):
    """Which sender asks."""

    claim: str = Field(min_length=8, max_length=40)


@operation("acceptance.claim_messages", permission="acceptance.send_messages", title="Take messages in hand")
def claim_messages(work: Work, request: Claim) -> list[int]:
    """Claim what is to be sent now, at most a few; what became pointless or unwanted meanwhile is ended. None at night."""
    if not work.setting(GATEWAY, "") or not rules.may_send(work.now):
        return []
    claimed = []
    for row in work.all(select(n.message).where(*_due(work)).order_by(_m.next_at, _m.id).limit(AT_ONCE)):
        end = _why_not(work, row)
        values = (
            {"state": end, "ended_at": work.now, "claim": ""}
            if end
            else {"claim": request.claim, "next_at": work.now + CLAIMED_FOR, "attempts": row.attempts + 1}
        )
        mine = _m.id == row.id, _m.state == "waiting", _m.next_at == row.next_at
        if work.execute(update(n.message).where(*mine).values(**values)) and not end:
            claimed.append(int(row.id))
    work.subject = "acceptance:messages"
    work.detail = {"claimed": len(claimed)}
    return claimed


def _why_not(read: Read, row: Any) -> str:
    """As what a message ends that need not be sent any more; empty where it is to be sent."""
    if row.attempts >= rules.MOST_ATTEMPTS:  # every one of them was cut off before anything could be noted
        return "gave_up"
    if row.applicant_id is not None and is_declined(read, row.applicant_id):
        return "declined"
    if row.kind not in rules.NEEDS_RESULT:
        return ""
    case = cases.load(read, row.case_id)
    if row.number == case.case_no:
        return "" if case.state in TO_COLLECT else "dropped"
    matter = matter_life.matter_of(read, row.case_id)
    return "" if matter is not None and matter.row.state == MatterState.READY else "dropped"


class Send(Claim):
    """One message that was claimed.

    Attributes:
        folder: Where a gateway that writes files keeps them.
    """

    message_id: int
    folder: str = Field("", max_length=1000)


@dataclass(frozen=True)
class Outcome:
    """What the gateway said: a receipt, or why it did not take the message."""

    receipt: str = ""
    error: str = ""
    lasting: bool = False


def hand_over(read: Read, request: Send) -> Outcome | None:
    """Hand a claimed message to the gateway; before and outside the transaction that notes the answer."""
    row = read.one(select(n.message).where(_m.id == request.message_id))
    if row is None or row.state != "waiting" or row.claim != request.claim or not rules.may_send(read.now):
        return None
    template = rules.templates_of(str(read.setting(TEMPLATES, ""))).get(row.kind, "")
    message = Message(row.key, row.phone, row.text, template, row.params)
    try:
        return Outcome(receipt=_gateway(read, request.folder).send(message))
    except GatewayError as error:
        return Outcome(error=str(error)[: rules.LONGEST_ERROR], lasting=error.lasting)


def _gateway(read: Read, folder: str) -> Gateway:
    chosen = str(read.setting(GATEWAY, ""))
    if chosen == "http":
        from yichuang_acceptance.gateway_http import HttpGateway

        password = read.secrets.get(SERVICE, SECRET) or ""
        return HttpGateway(str(read.setting(ADDRESS, "")), password)
    if chosen == "file" and folder:
        return FileGateway(Path(folder) / FILE)
    raise GatewayError(f"unknown gateway {chosen!r}")


@operation(
    "acceptance.send_message",
    permission="acceptance.send_messages",
    title="Send a message",
    prepare=hand_over,
)
def send_message(work: Work, request: Send) -> str:
    """Note what the gateway said: sent, to be tried again, or given up. Returns the message's state.

    Errors: UNKNOWN_MESSAGE.
    """
    row = load(work, request.message_id)
    outcome: Outcome | None = work.prepared
    work.subject = f"message:{row.id}"
    if outcome is None or row.state != "waiting":
        return str(row.state)
    waiting = _m.id == row.id, _m.state == "waiting"
    if not outcome.error:  # an acknowledgement counts, whoever has the message in hand by now
        values = {"state": "sent", "receipt": outcome.receipt, "error": "", "claim": "", "ended_at": work.now}
        work.execute(update(n.message).where(*waiting).values(**values))
        work.detail = {"state": "sent"}
        return "sent"
    again = None if outcome.lasting else rules.next_try(row.attempts, work.now)
    values = {"error": outcome.error, "claim": ""}
    values |= {"next_at": again} if again is not None else {"state": "gave_up", "ended_at": work.now}
    work.execute(update(n.message).where(*waiting, _m.claim == request.claim).values(**values))
    state = str(load(work, row.id).state)
    work.detail = {"state": state, "attempts": row.attempts}
    return state


def load(read: Read, message_id: int) -> Any:
    """The row of a message. Raises UNKNOWN_MESSAGE."""
    row = read.one(select(n.message).where(_m.id == message_id))
    if row is None:
        raise UserError("UNKNOWN_MESSAGE", L("There is no such message."), do=L("Refresh the list."))
    return row


class Password(Request):
    """The gateway's password; empty forgets it."""

    password: str = Field(max_length=500, json_schema_extra={"journal": False})


@operation(
    "acceptance.set_gateway_password", permission="acceptance.maintain", title="Keep the gateway's password"
)
def set_gateway_password(work: Work, request: Password) -> None:
    """Keep the password of the messages' gateway in this machine's keyring, nowhere else. Errors: SECRETS_UNAVAILABLE."""
    if request.password:
        work.secrets.set(SERVICE, SECRET, request.password)
    else:
        work.secrets.delete(SERVICE, SECRET)
    work.subject = "acceptance:messages"
    work.detail = {"kept": bool(request.password)}
