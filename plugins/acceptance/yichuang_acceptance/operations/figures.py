"""What events add to a case for the statistics, in their own transaction: working days, promise kept, trips."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yichuang.api import HALL_ZONE, Work, bindparam, prepare, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.calendars import reaching

MOST_PAUSES = 200
_pause = t.suspension.c
_PAUSES = prepare(
    select(_pause.began_at, _pause.ended_at).where(_pause.case_id == bindparam("case_id")).limit(MOST_PAUSES)
)


def at_decision(
    work: Work, case_id: int, accepted: datetime | None, promised: datetime | None
) -> dict[str, Any]:
    """What a decision adds: working days since acceptance, suspensions left out, and whether the promise was kept."""
    if accepted is None:
        return {}
    days, today = reaching(work.calendar), work.today
    pauses = work.all(_PAUSES, case_id=case_id)
    used = days.workdays_between(accepted.astimezone(HALL_ZONE).date(), today)
    for each in pauses:
        ended = (each.ended_at or work.now).astimezone(HALL_ZONE).date()
        used -= days.workdays_between(each.began_at.astimezone(HALL_ZONE).date(), ended)
    return {"decided_days": max(0, used), "kept": None if promised is None else work.now <= promised}


def at_visit(work: Work, row: Any) -> dict[str, Any]:
    """What a visit to the window adds: a trip, unless somebody came on the same day already."""
    before: datetime = row.came_at or row.received_at
    if before.astimezone(HALL_ZONE).date() == work.today:
        return {}
    return {"trips": row.trips + 1, "came_at": work.now}
