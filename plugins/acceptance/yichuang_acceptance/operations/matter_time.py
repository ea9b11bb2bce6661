"""The promise of one matter at once (一件事): when it is over and the whole is not ready, that is V02, shown under its number."""

from __future__ import annotations

from typing import Any

from yichuang.api import Read, Work, select
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import later
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.rules.timers import OVER_PROMISE

PARENT = "matter"
"""Tells the whole matter's violation from that of the case with which it is kept."""
IN_TIME = frozenset({MatterState.READY, MatterState.DONE})
"""The promise is kept when everything can be picked up."""


def expect(work: Work, matter_id: int) -> None:
    """A matter was taken in: its promise is watched, with a case of the agency that leads, else the first."""
    matter = work.one(select(mt.matter).where(mt.matter.c.id == matter_id))
    if matter.promise_due_at is None:
        return
    of_matter = select(mt.part.c.case_id, t.case.c.agency).join(t.case, t.case.c.id == mt.part.c.case_id)
    found = work.all(of_matter.where(mt.part.c.matter_id == matter_id).order_by(mt.part.c.position))
    case_id = next((row.case_id for row in found if row.agency == matter.lead), found[0].case_id)
    later.remind_at(work, case_id, OVER_PROMISE, matter.promise_due_at, PARENT)


def move(work: Work, matter: Any, values: dict[str, Any]) -> None:
    """The promise of a matter moved with the calendar."""
    if values.get("promise_due_at") is None:
        return
    for row in work.all(
        select(mt.part.c.case_id).where(mt.part.c.matter_id == matter.id, mt.part.c.case_id.is_not(None))
    ):
        later.move(work, row.case_id, OVER_PROMISE, values["promise_due_at"], PARENT)


def late(read: Read, case_id: int) -> dict[str, Any] | None:
    """Under which number, title and agency the whole is late; None where it can be picked up, or is over."""
    of_case = select(mt.matter).join(mt.part, mt.part.c.matter_id == mt.matter.c.id)
    matter = read.one(of_case.where(mt.part.c.case_id == case_id))
    if matter.state in IN_TIME:
        return None
    return {"number": matter.case_no, "title": matter.name, "agency": matter.lead}
