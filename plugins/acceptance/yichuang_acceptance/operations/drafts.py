"""Drafts of the window: what is being typed, kept encrypted every few seconds, found again after a crash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import IdentityCipher, Read, Request, UserError, Work, operation, query, select, update
from yichuang_acceptance import tables as t
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
        draft_id = int(work.insert(t.draft, staff_id=work.actor.staff_id, **values))
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


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list."""

    id: int
    item_name: str
    applicant_name: str
    parked: bool
    at: datetime


@query("acceptance.drafts", permission="acceptance.accept", title="Drafts")
def drafts(read: Read) -> list[DraftRow]:
    """The actor's drafts, newest first."""
    statement = (
        select(t.draft)
        .where(t.draft.c.staff_id == read.actor.staff_id)
        .order_by(t.draft.c.at.desc())
        .limit(100)
    )
    return [DraftRow(r.id, r.item_name, r.applicant_name, r.parked, r.at) for r in read.all(statement)]


@query("acceptance.draft", permission="acceptance.accept", title="One draft")
def draft(read: Read, request: OneDraft) -> dict[str, Any]:
    """What stood in the form. Errors: UNKNOWN_DRAFT."""
    mine = (t.draft.c.id == request.draft_id) & (t.draft.c.staff_id == read.actor.staff_id)
    row = read.one(select(t.draft).where(mine))
    if row is None:
        raise UserError("UNKNOWN_DRAFT", L("This draft is not there any more."))
    body: dict[str, Any] = json.loads(IdentityCipher.open(read.secrets).decrypt(bytes(row.body), _CONTEXT))
    return body
