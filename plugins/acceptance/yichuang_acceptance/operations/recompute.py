"""After the hall's calendar was changed: the limits of open cases computed anew from what they began with, each change kept.

The calendar counts its changes; the row of `calendar_pass` says which change the cases were last computed for. So a change
cannot be lost: whoever ticks next, after a crash too, finds the two numbers apart and goes on behind the last case done.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from yichuang.api import Read, Work, select, update
from yichuang_acceptance import clock_tables as c
from yichuang_acceptance import tables as t
from yichuang_acceptance.matter_tables import part
from yichuang_acceptance.operations import cases
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
TO_DELIVER = frozenset({State.GRANTED, State.MAKING, State.READY})


def is_pending(read: Read) -> bool:
    """Whether the calendar has changed since the open cases were computed."""
    done = read.one(select(c.calendar_pass).limit(1))
    if done is None or done.version != _version(read):
        return read.scalar(_open_after(0).with_only_columns(t.case.c.id).limit(1)) is not None
    return done.ended_at is None or (done.again_at is not None and read.now > done.again_at)


def recompute_some(work: Work) -> tuple[int, bool]:
    """Compute the next cases anew; returns how many changed, and whether there are more to look at. Harmless to repeat."""
    done = _pass(work)
    if done is None:
        return 0, False
    rows = work.all(_open_after(done.after_id).limit(AT_ONCE))
    changed = sum(recompute(work, row, done.version) for row in rows)
    more = len(rows) == AT_ONCE
    values: dict[str, Any] = {"after_id": rows[-1].id if rows else done.after_id}
    if not more:
        values |= {"ended_at": work.now, "after_id": 0}
    work.execute(update(c.calendar_pass).where(c.calendar_pass.c.id == done.id).values(**values))
    return changed, more


def _pass(work: Work) -> Any:
    """The round that is to be gone on with: begun now where the calendar has changed, None where nothing is to do."""
    version, table = _version(work), c.calendar_pass
    done = work.one(select(table).limit(1))
    begin: dict[str, Any] = {
        "version": version,
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
    """Compute the limits of one case anew; False where they stay as they are."""
    fresh = limits_from_scratch(work, row)
    changed = {name: value for name, value in fresh.items() if not _same(getattr(row, name), value)}
    if not changed:
        return False
    stored = {name: getattr(row, name) for name in timers.Moments.__dataclass_fields__}
    moments = moments_of(SimpleNamespace(**{**stored, **{n: v for n, v in fresh.items() if n in stored}}))
    first = next(
        iter(timers.timers(moments)), None
    )  # a limit that lies in the past now is seen to by the tick
    same = t.case.c.id == row.id, t.case.c.row_version == row.row_version
    if not work.execute(update(t.case).where(*same).values(**changed, timer_at=first and first.at)):
        return False  # somebody else changed the case at this moment; the second round looks at it again
    if "tolerance_due" in changed:
        owed = (
            t.material.c.case_id == row.id,
            t.material.c.due.is_not(None),
            t.material.c.given == "tolerated",
        )
        work.execute(update(t.material).where(*owed).values(due=changed["tolerance_due"]))
    before = {name: _text(getattr(row, name)) for name in changed}
    payload = {"calendar": version, "before": before, "after": {n: _text(v) for n, v in changed.items()}}
    state = State(row.state)
    cases.record(work, row.id, Event.RECOMPUTE, state, state, payload=payload, by_time=True)
    work.record("acceptance.recomputed", cases.subject(row.case_no), **payload)
    return True


def limits_from_scratch(read: Read, row: Any) -> dict[str, Any]:
    """The columns of an open case that the calendar decides, as they follow from what began its limits."""
    state, days = State(row.state), days_of(read)
    values: dict[str, Any] = {}
    if state is State.RECEIVED and not _waited(read, row.id):
        began = _last(read, row.id, Event.RECEIVE, Event.RESUBMIT).at
        telling = clocks.telling_due(began, days)
        values |= {"telling_due_at": telling, "warn_at": clocks.warn_moment(began, telling, TELLING, days)}
    elif state is State.CORRECTING:
        told = _last(read, row.id, Event.CORRECT)
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


def _waited(read: Read, case_id: int) -> bool:
    """Whether its five days do not begin with its receipt: an item of a matter begins when those before it are granted."""
    after = read.scalar(select(part.c.after).where(part.c.case_id == case_id))
    return bool(after)


def _last(read: Read, case_id: int, *events: Event) -> Any:
    found = t.event.c.case_id == case_id, t.event.c.event.in_(events)
    return read.one(select(t.event).where(*found).order_by(t.event.c.seq.desc()).limit(1))


def _same(stored: Any, fresh: Any) -> bool:
    if isinstance(stored, datetime) or stored is None or fresh is None:
        return bool(stored == fresh)
    return round(float(stored), 2) == round(
        float(fresh), 2
    )  # what is used of a limit is kept with two digits


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
