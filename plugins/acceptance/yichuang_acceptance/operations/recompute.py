"""After the hall's calendar was changed: every limit that still runs computed anew from what it began with, each change kept.

The calendar counts its changes; the row of `calendar_pass` says which change everything was last computed for, and how far
the round is: first the open cases, then what may outlive them. So a change cannot be lost: whoever ticks next, after a
crash too, finds the two numbers apart and goes on behind the last row done.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from yichuang.api import Read, Work, select, update
from yichuang_acceptance import clock_tables as c
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import recompute_beside as beside
from yichuang_acceptance.operations.alerts import moments_of
from yichuang_acceptance.operations.clocks import clock_values_of, days_of
from yichuang_acceptance.operations.intake import TELLING
from yichuang_acceptance.rules import clocks, timers
from yichuang_acceptance.rules.machine import OPEN, Event, State

AT_ONCE = 50
"""Nobody else writes meanwhile, so a round is short."""
AGAIN_AFTER = timedelta(minutes=10)
"""No transaction lasts so long: cases written with the days as they were are all there by then."""
CALENDAR_VERSION = "calendar.version"
LIMITED = frozenset({State.ACCEPTED, State.REVIEW, State.SUSPENDED, State.GRANTED, State.MAKING})
"""States in which the statutory and the promise clock of a case still matter."""
CASES = "cases"
STAGES = (CASES, *beside.KINDS)
"""What a round goes through, one after the other."""
TO_DELIVER = frozenset({State.GRANTED, State.MAKING, State.READY})


def is_pending(read: Read) -> bool:
    """Whether the calendar has changed since the open cases were computed."""
    done = read.one(select(c.calendar_pass).limit(1))
    if done is None:
        return read.scalar(select(t.case.c.id).limit(1)) is not None
    if done.version != _version(read) or done.ended_at is None:
        return True
    return done.again_at is not None and read.now > done.again_at


def recompute_some(work: Work) -> tuple[int, bool]:
    """Compute the next limits anew; returns how many things changed, and whether there are more. Harmless to repeat."""
    done = _pass(work)
    if done is None:
        return 0, False
    stage, after, left, changed = done.stage, done.after_id, AT_ONCE, 0
    while True:
        rows = work.all(
            _open_after(after).limit(left) if stage == CASES else beside.KINDS[stage].after(after).limit(left)
        )
        changed += sum(_compute(work, stage, row, done.version) for row in rows)
        left -= len(rows)
        if not left:
            values: dict[str, Any] = {"stage": stage, "after_id": rows[-1].id}
            break
        following = STAGES[STAGES.index(stage) + 1 :]
        if not following:
            values = {"ended_at": work.now}
            break
        stage, after = following[0], 0
    work.execute(update(c.calendar_pass).where(c.calendar_pass.c.id == done.id).values(**values))
    return changed, not left


def _compute(work: Work, stage: str, row: Any, version: int) -> bool:
    return recompute(work, row, version) if stage == CASES else beside.recompute(work, stage, row, version)


def _pass(work: Work) -> Any:
    """The round that is to be gone on with: begun now where the calendar has changed, None where nothing is to do."""
    version, table = _version(work), c.calendar_pass
    done = work.one(select(table).limit(1))
    begin: dict[str, Any] = {
        "version": version,
        "stage": CASES,
        "after_id": 0,
        "again_at": work.now + AGAIN_AFTER,
        "ended_at": None,
    }
    if done is None:
        return work.insert_row(table, **begin)
    if done.version != version:
        return work.update(table, {"id": done.id}, **begin)
    if done.ended_at is not None and done.again_at is not None and work.now > done.again_at:
        return work.update(table, {"id": done.id}, **{**begin, "again_at": None})
    return None if done.ended_at is not None else done


def _version(read: Read) -> int:
    return int(read.setting(CALENDAR_VERSION, 0))


def _open_after(case_id: int) -> Any:
    """Cases that the calendar still moves, by id."""
    return select(t.case).where(t.case.c.state.in_(OPEN), t.case.c.id > case_id).order_by(t.case.c.id)


def recompute(work: Work, row: Any, version: int) -> bool:
    """Compute the limits of one case anew, with its tasks and its extension; False where they stay as they are."""
    fresh = limits_from_scratch(work, row)
    changed = {name: value for name, value in fresh.items() if not _same(getattr(row, name), value)}
    if changed and not _write(work, row, changed):
        return False  # somebody else changed the case at this moment; the second round looks at it again
    moved = beside.recompute_tasks(work, row, fresh)
    if row.extended and State(row.state) in LIMITED:
        moved |= beside.recompute_extension(work, row)
    if not changed and not moved:
        return False
    own = beside.before_and_after(row, changed) if changed else {}
    beside.note(work, row, {"calendar": version, **own, **({"beside": moved} if moved else {})})
    return True


def _write(work: Work, row: Any, changed: dict[str, Any]) -> bool:
    """Give a case its new limits and the timer that follows, unless somebody else changed it at this moment."""
    known = {name: value for name, value in changed.items() if name in timers.Moments._fields}
    moments = moments_of(row)._replace(**known)
    # a limit that lies in the past now is seen to by the tick
    first = next(iter(timers.timers(moments)), None)
    same = t.case.c.id == row.id, t.case.c.row_version == row.row_version
    if not work.execute(update(t.case).where(*same).values(**changed, timer_at=first and first.at)):
        return False
    if "tolerance_due" in changed:
        owed = (
            t.material.c.case_id == row.id,
            t.material.c.due.is_not(None),
            t.material.c.given == "tolerated",
        )
        work.execute(update(t.material).where(*owed).values(due=changed["tolerance_due"]))
    return True


def limits_from_scratch(read: Read, row: Any) -> dict[str, Any]:
    """The columns of an open case that the calendar decides, as they follow from what began its limits."""
    state, days = State(row.state), days_of(read)
    values: dict[str, Any] = {}
    if state is State.RECEIVED and row.telling_due_at is not None:
        last = cases.last(read, row.id, Event.RECEIVE, Event.RESUBMIT)
        # A receipt that was taken in offline was entered later: its five days began at the desk.
        began = max(row.received_at if last.event == Event.RECEIVE else last.at, _opened(read, row))
        telling = clocks.telling_due(began, days)
        values |= {"telling_due_at": telling, "warn_at": clocks.warn_moment(began, telling, TELLING, days)}
    elif state is State.CORRECTING:
        told = cases.last(read, row.id, Event.CORRECT)
        until = told.payload.get("until") or ""
        values["correction_due_at"] = clocks.correction_due(
            told.at, date.fromisoformat(until) if until else None, days
        )
    elif state in LIMITED and row.accepted_at is not None:
        values |= clock_values_of(read, row)
    if row.tolerance_due is not None and row.accepted_at is not None:
        values["tolerance_due"] = clocks.tolerance_due(row.accepted_at, days)
    if state in TO_DELIVER and row.deliver_due_at is not None:
        values["deliver_due_at"] = clocks.delivery_due(row.decided_at, days)
    return values


def _opened(read: Read, row: Any) -> datetime:
    """When an application could begin: an item of a matter when the last of those before it was granted."""
    mine = read.one(select(mt.part).where(mt.part.c.case_id == row.id))
    moments: list[datetime] = [row.received_at]
    if mine is not None and mine.after:
        before = (
            select(mt.part.c.at, t.case.c.decided_at)
            .outerjoin(t.case, t.case.c.id == mt.part.c.case_id)
            .where(mt.part.c.matter_id == mine.matter_id, mt.part.c.position.in_(mine.after))
        )
        moments += [each.decided_at or each.at for each in read.all(before) if each.decided_at or each.at]
    return max(moments)


def _same(stored: Any, fresh: Any) -> bool:
    if isinstance(stored, datetime) or stored is None or fresh is None:
        return bool(stored == fresh)
    return round(float(stored), 2) == round(
        float(fresh), 2
    )  # what is used of a limit is kept with two digits
