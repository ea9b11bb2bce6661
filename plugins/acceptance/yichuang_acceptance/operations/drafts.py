"""Drafts of the window: what is being typed, kept encrypted every few seconds, found again after a crash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import (
    IdentityCipher,
    Read,
    Request,
    UserError,
    Work,
    and_,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.colleagues import Colleague, people
from yichuang_acceptance.words import words

L = words.lazy
_CONTEXT = b"acceptance.draft"


class SaveDraft(Request):
    """What stands in the form now; `draft_id` is None for a new one."""

    draft_id: int | None = None
    item_name: str = Field("", max_length=200)
    applicant_name: str = Field("", max_length=200, json_schema_extra={"journal": False})
    body: dict[str, Any] = Field(json_schema_extra={"journal": False})
    parked: bool = False


@operation("acceptance.save_draft", permission="acceptance.accept", title="Save a draft")
def save_draft(work: Work, request: SaveDraft) -> int:
    """Keep a draft and return its id. Errors: UNKNOWN_DRAFT."""
    text = json.dumps(request.body, ensure_ascii=False).encode()
    body = IdentityCipher.open(work.secrets).encrypt(text, _CONTEXT)
    values = {
        "item_name": request.item_name, "applicant_name": request.applicant_name, "parked": request.parked,
        "at": work.now, "body": body, "desk": work.actor.desk or "",
    }  # fmt: skip
    work.detail = {"parked": request.parked}
    if request.draft_id is None:
        begun = {"first_contact_id": work.actor.staff_id, "first_contact": work.actor.name}
        draft_id = int(work.insert(t.draft, staff_id=work.actor.staff_id, **begun, **values))
    else:
        draft_id = request.draft_id
        mine = (t.draft.c.id == draft_id) & (t.draft.c.staff_id == work.actor.staff_id)
        if not work.execute(update(t.draft).where(mine).values(**values)):
            raise UserError("UNKNOWN_DRAFT", L("This draft is not there any more."))
    work.subject = f"draft:{draft_id}"
    return draft_id


class OneDraft(Request):
    """A draft by its id."""

    draft_id: int


@operation("acceptance.drop_draft", permission="acceptance.accept", title="Throw a draft away")
def drop_draft(work: Work, request: OneDraft) -> None:
    """Throw an own draft away. Errors: UNKNOWN_DRAFT."""
    mine = (t.draft.c.id == request.draft_id) & (t.draft.c.staff_id == work.actor.staff_id)
    if not work.execute(t.draft.delete().where(mine)):
        raise UserError("UNKNOWN_DRAFT", L("This draft is not there any more."))
    work.subject = f"draft:{request.draft_id}"


def first_contact(read: Read, draft_id: int | None) -> dict[str, Any]:
    """Who was asked first (首问负责), for the case of a draft: whoever began it; the actor where there is none."""
    row = None
    if draft_id is not None:
        mine = (t.draft.c.id == draft_id) & (t.draft.c.staff_id == read.actor.staff_id)
        row = read.one(select(t.draft.c.first_contact_id, t.draft.c.first_contact).where(mine))
    if row is None or row.first_contact_id is None:
        return {"first_contact_id": read.actor.staff_id, "first_contact": read.actor.name}
    return {"first_contact_id": row.first_contact_id, "first_contact": row.first_contact}


class HandDraft(OneDraft):
    """To whom a draft is handed, and what that colleague should know."""

    staff_id: int
    note: str = Field("", max_length=300)


@operation("acceptance.hand_draft", permission="acceptance.accept", title="Hand a draft to a colleague")
def hand_draft(work: Work, request: HandDraft) -> str:
    """Let a named colleague of any window go on with an own draft; returns the name. Who was asked first stays on record.

    Errors: UNKNOWN_DRAFT, UNKNOWN_RECEIVER.
    """
    to = next((each for each in _others(work) if each.id == request.staff_id), None)
    if to is None:
        raise UserError(
            "UNKNOWN_RECEIVER",
            L("Nobody else with that name takes applications in."),
            do=L("Choose one of the colleagues in the list."),
        )
    mine = (t.draft.c.id == request.draft_id) & (t.draft.c.staff_id == work.actor.staff_id)
    handed = {
        "staff_id": to.id, "handed_by": work.actor.name, "note": request.note, "parked": True, "at": work.now,
    }  # fmt: skip
    if not work.execute(update(t.draft).where(mine).values(**handed)):
        raise UserError("UNKNOWN_DRAFT", L("This draft is not there any more."))
    work.subject = f"draft:{request.draft_id}"
    work.detail = {"to": to.id, "name": to.name}
    return str(to.name)


@query("acceptance.receivers", permission="acceptance.accept", title="Colleagues at the windows")
def receivers(read: Read) -> list[Colleague]:
    """Who else in the hall takes applications in, so that a draft can be handed to them by name."""
    return [Colleague(row.id, row.name, row.post) for row in _others(read)]


def _others(read: Read) -> list[Any]:
    return [each for each in people(read, None, "acceptance.accept") if each.id != read.actor.staff_id]


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list.

    Attributes:
        first_contact: Who began it.
        handed_by: From whom it came; empty of one's own.
        note: What that colleague said.
    """

    id: int
    item_name: str
    applicant_name: str
    parked: bool
    at: datetime
    first_contact: str = ""
    handed_by: str = ""
    note: str = ""


class AskDrafts(Request):
    """A page of drafts; `before_at` and `before_id` are of the last row of the page before."""

    before_at: datetime | None = None
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.drafts", permission="acceptance.accept", title="Drafts")
def drafts(read: Read, request: AskDrafts) -> list[DraftRow]:
    """The actor's drafts, newest first."""
    c = t.draft.c
    wanted = select(t.draft).where(c.staff_id == read.actor.staff_id)
    if request.before_at is not None and request.before_id is not None:
        same = and_(c.at == request.before_at, request.before_id > c.id)
        wanted = wanted.where(c.at <= request.before_at, or_(c.at < request.before_at, same))
    statement = wanted.order_by(c.at.desc(), c.id.desc()).limit(request.limit)
    return [
        DraftRow(r.id, r.item_name, r.applicant_name, r.parked, r.at, r.first_contact, r.handed_by, r.note)
        for r in read.all(statement)
    ]


@query("acceptance.draft", permission="acceptance.accept", title="One draft")
def draft(read: Read, request: OneDraft) -> dict[str, Any]:
    """What stood in the form. Errors: UNKNOWN_DRAFT."""
    mine = (t.draft.c.id == request.draft_id) & (t.draft.c.staff_id == read.actor.staff_id)
    row = read.one(select(t.draft).where(mine))
    if row is None:
        raise UserError("UNKNOWN_DRAFT", L("This draft is not there any more."))
    body: dict[str, Any] = json.loads(IdentityCipher.open(read.secrets).decrypt(bytes(row.body), _CONTEXT))
    return body
