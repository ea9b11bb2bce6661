"""What the hall is told: notices on the boards, broadcasts to desks, and a desk's call for help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, hall, operation, query, select, update
from yichuang_queue import tables as t
from yichuang_queue.words import words

L = words.lazy
MOST_MESSAGES = 200
_m = t.message.c


@dataclass(frozen=True)
class Message:
    """Something that was said.

    Attributes:
        kind: notice (on boards until it is taken off), broadcast (spoken and shown once) or emergency (from a desk).
        zone: Where; empty for the whole hall.
        desk: Which desk calls for help; empty where a kiosk does, whose text says which.
    """

    id: int
    kind: str
    zone: str
    desk: str
    text: str
    said_by: str
    at: datetime
    until: datetime | None
    answered_by: str
    answered_at: datetime | None


def shown(row: Any) -> Message:
    """A table row as callers see it."""
    return Message(
        row.id,
        row.kind,
        row.zone,
        row.desk,
        row.text,
        row.said_by,
        row.at,
        row.until,
        row.answered_by,
        row.answered_at,
    )


class Say(Request):
    """A notice or a broadcast.

    Attributes:
        minutes: How long a notice stays on the boards; 0 until the day ends.
    """

    kind: Literal["notice", "broadcast"]
    text: str = Field(min_length=1, max_length=200)
    zone: str = ""
    minutes: int = Field(0, ge=0, le=24 * 60)


@operation("queue.say", permission="queue.balance", title="Tell the hall")
def say(work: Work, request: Say) -> Message:
    """Put a notice on the boards, or speak and show a broadcast."""
    until = work.now + timedelta(minutes=request.minutes) if request.minutes else None
    return enter_message(work, kind=request.kind, text=request.text, zone=request.zone, until=until)


class CallHelp(Request):
    """A desk that needs help at once."""

    desk: str = Field(min_length=1, max_length=20)
    text: str = Field("", max_length=200)


@operation("queue.call_help", permission="queue.call", title="Call for help")
def call_help(work: Work, request: CallHelp) -> Message:
    """Call the queue manager to a desk at once; a second call of the same desk is the same call until it is answered."""
    open_call = select(t.message).where(
        _m.kind == "emergency", _m.desk == request.desk, _m.answered_at.is_(None)
    )
    row = work.one(open_call.order_by(_m.id.desc()).limit(1))
    if row is not None:
        work.subject = f"message:{row.id}"
        return shown(row)
    text = request.text or str(L("Desk {desk} calls for help.", desk=request.desk))
    return enter_message(work, kind="emergency", desk=request.desk, text=text)


def enter_message(work: Work, **values: Any) -> Message:
    """Keep a message; its subject tells who watches."""
    key = work.insert(t.message, said_by=work.actor.name, at=work.now, **values)
    work.subject = f"message:{key}"
    return shown(work.one(select(t.message).where(_m.id == key)))


class OneMessage(Request):
    """A message."""

    message_id: int


@operation("queue.answer", permission="queue.balance", title="Answer or take off")
def answer(work: Work, request: OneMessage) -> Message:
    """Say that somebody is on the way, or take a notice off the boards. Errors: UNKNOWN_MESSAGE, ANSWERED."""
    row = work.one(select(t.message).where(_m.id == request.message_id))
    if row is None:
        raise UserError("UNKNOWN_MESSAGE", L("There is no such message."))
    if row.answered_at is not None:
        raise UserError("ANSWERED", L("{name} has answered already.", name=row.answered_by))
    work.execute(
        update(t.message)
        .where(_m.id == row.id)
        .values(answered_by=work.actor.name, answered_at=work.now, until=work.now)
    )
    work.subject = f"message:{row.id}"
    return shown(work.one(select(t.message).where(_m.id == row.id)))


class AskMessages(Request):
    """Whose messages: those of a desk's zone and of the whole hall, or all."""

    desk: str = ""


@query("queue.messages", permission="queue.view", title="Messages of today")
def messages(read: Read, request: AskMessages) -> list[Message]:
    """What was said in the last 24 hours, newest first."""
    if not request.desk:
        return recent_messages(read)
    zone = read.scalar(select(hall.desk.c.zone).where(hall.desk.c.code == request.desk)) or ""
    return [each for each in recent_messages(read) if each.zone in ("", zone)]


def recent_messages(read: Read) -> list[Message]:
    """What was said in the last 24 hours, newest first, everywhere."""
    since = read.now - timedelta(hours=24)
    rows = read.all(select(t.message).where(_m.at >= since).order_by(_m.id.desc()).limit(MOST_MESSAGES))
    return [shown(row) for row in rows]


def notices(read: Read, zone: str = "") -> list[Message]:
    """The notices that stand on a zone's boards now."""
    return [
        each
        for each in recent_messages(read)
        if each.kind == "notice" and each.zone in ("", zone) and (each.until is None or each.until > read.now)
    ]
