"""What the catalogue says about an item at the counter: whether an agent may come, and how many may be granted."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from yichuang.api import HALL_ZONE, Read, UserError, Work, and_, func, item_terms, or_, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.guide_rows import row_of
from yichuang_acceptance.rules.guide import Guide, of_body
from yichuang_acceptance.rules.machine import UNDECIDED, State
from yichuang_acceptance.rules.modes import WITH_OTHERS
from yichuang_acceptance.rules.quota import Quota, quota_of, require_room
from yichuang_acceptance.words import words

L = words.lazy
ORGANISATION = "001"
NO = "0"
_c = t.case.c
_HOLDS = or_(
    _c.state.in_((State.GRANTED, State.MAKING, State.READY)),
    and_(_c.state.in_((State.DELIVERED, State.ARCHIVED)), _c.ready_at.is_not(None)),
)
"""Cases with a grant; one that was refused is delivered without ever having been ready."""


def said_of(read: Read, item: str, version: int) -> Guide:
    """The guide of a version that was made here; an empty one, which says nothing, for what the hall's files brought."""
    row = row_of(read, item, version)
    return of_body(row.body) if row is not None else Guide()


def require_in_person(read: Read, item: Any, code_kind: str) -> None:
    """Let an agent apply for a person unless the law wants the person to come (art. 29).

    Raises:
        UserError: AGENT_NOT_ALLOWED.
    """
    if code_kind != ORGANISATION and said_of(read, item.code, item.version).get("allow_agent") == NO:
        raise UserError(
            "AGENT_NOT_ALLOWED",
            L("The applicant has to come for “{item}” in person; no agent may apply.", item=item.name),
            do=L("Let the applicant come, or take the agent out if the applicant is here."),
        )


def require_alone(read: Read, row: Any) -> None:
    """Let nobody decide on the spot what others examine or decide by the guide (初审, 联办, 转报). Raises NOT_IMMEDIATE."""
    if said_of(read, row.item, row.item_version).get("handle_mode") in WITH_OTHERS:
        raise UserError(
            "NOT_IMMEDIATE",
            L("By its guide others examine or decide this item as well."),
            do=L("Accept it; its agency decides."),
        )


def require_room_for(work: Work, row: Any) -> None:
    """Let a case be granted within the limit of number of its item, in the order of acceptance.

    Raises:
        UserError: QUOTA_USED, EARLIER_FIRST.
    """
    quota = quota_of(said_of(work, row.item, row.item_version))
    if quota is None:
        return
    item_terms.lock_item(work, row.item)  # two who grant the last one at the same moment
    accepted = row.accepted_at or work.now
    waiting = (
        _c.item == row.item,
        _c.state.in_(UNDECIDED),
        or_(_c.accepted_at < accepted, and_(_c.accepted_at == accepted, _c.id < row.id)),
    )
    earlier = work.scalar(select(func.count()).select_from(t.case).where(*waiting))
    require_room(quota, granted(work, row.item, quota), int(earlier))


def granted(read: Read, item: str, quota: Quota) -> int:
    """How many were granted in the time that counts now."""
    wanted = [_c.item == item, _HOLDS]
    first = quota.begins(read.today)
    if first is not None:
        wanted.append(_c.decided_at >= datetime.combine(first, time.min, HALL_ZONE))
    return int(read.scalar(select(func.count()).select_from(t.case).where(*wanted)))


def told_at_counter(read: Read, item: str, guide: Guide) -> list[str]:
    """What whoever applies should hear before anything is handed over, in the language of the window."""
    _ = words.text
    notes = []
    if guide.get("allow_agent") == NO:
        notes.append(_("The applicant has to come in person."))
    quota = quota_of(guide)
    if quota is not None:
        used = granted(read, item, quota)
        notes.append(_("Limited in number: {used} of {most} are granted.", used=used, most=quota.most))
    return notes
