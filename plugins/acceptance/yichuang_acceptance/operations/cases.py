"""One case in a transaction: reading it, moving it by an event, seeing whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yichuang.api import (
    Read,
    UserError,
    Work,
    bindparam,
    insert,
    or_,
    prepare,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import figures, notices
from yichuang_acceptance.operations.alerts import moments_of, settle
from yichuang_acceptance.operations.review_clock import follow
from yichuang_acceptance.rules import timers
from yichuang_acceptance.rules.chain import event_hash
from yichuang_acceptance.rules.machine import ENDED, Clock, Event, State, Step, Who, step_of
from yichuang_acceptance.rules.names import LICENCE_TYPE
from yichuang_acceptance.words import words

L = words.lazy
CLOCKS_APART = timedelta(minutes=5)
"""Desks of one hall may differ by so much; an event that is off by more was dated back, or a clock was edited (V13)."""

_CASE = prepare(select(t.case).where(t.case.c.id == bindparam("id")))
_MATERIALS = prepare(
    select(t.material).where(t.material.c.case_id == bindparam("case_id")).order_by(t.material.c.position)
)
_LAST = prepare(
    select(t.event.c.seq, t.event.c.hash, t.event.c.at, t.event.c.staff_id, t.event.c.staff_name)
    .where(t.event.c.case_id == bindparam("case_id"))
    .order_by(t.event.c.seq.desc())
    .limit(2)
)
_EVENT = prepare(
    insert(t.event).values({c.name: bindparam(c.name) for c in t.event.columns if c.name != "id"})
)


def subject(case_no: str) -> str:
    """The journal's name of a case."""
    return f"case:{case_no}"


def load(read: Read, case_id: int) -> Any:
    """The row of a case.

    Raises:
        UserError: UNKNOWN_CASE.
    """
    row = read.one(_CASE, id=case_id)
    if row is None:
        raise UserError("UNKNOWN_CASE", L("There is no such case."), do=L("Search for it by its number."))
    return row


def load_all(read: Read, case_ids: Iterable[int]) -> dict[int, Any]:
    """The rows of some hundred cases by their ids."""
    return {row.id: row for row in read.all(select(t.case).where(t.case.c.id.in_(sorted(set(case_ids)))))}


def require_sight(read: Read, row: Any) -> None:
    """Let only people of the case's agency, its acceptor, window staff who serve every agency, or hall-wide people see a case."""
    if row.acceptor_id != read.actor.staff_id and not read.may("acceptance.see_all"):
        read.require_agency(row.agency)


def seen_by(read: Read) -> list[Any]:
    """What narrows a list of cases to those that the actor may see."""
    if read.actor.hall_wide or read.may("acceptance.see_all"):
        return []
    return [or_(t.case.c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id)]


def at_window(read: Read, case_id: int) -> Any:
    """The row of a case for somebody at a window. Raises UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    row = load(read, case_id)
    require_sight(read, row)
    return row


def in_agency(read: Read, case_id: int, seen: int | None = None) -> Any:
    """The row of a case for somebody of its agency; `seen` is the version that the caller looked at.

    Raises:
        UserError: UNKNOWN_CASE, NOT_YOUR_AGENCY; CHANGED_MEANWHILE when somebody has changed the case since.
    """
    row = load(read, case_id)
    read.require_agency(row.agency)
    if seen is not None and row.row_version != seen:
        raise changed(row)
    return row


def changed(row: Any) -> UserError:
    """What the second of two people is told."""
    return UserError(
        "CHANGED_MEANWHILE",
        L("Somebody else has just changed case {number}.", number=row.case_no),
        do=L("Look at it again, then decide."),
    )


def materials(read: Read, case_id: int) -> list[Any]:
    """The materials of a case, by position."""
    return read.all(_MATERIALS, case_id=case_id)


def is_licence(row: Any) -> bool:
    """Whether the case is about an administrative licence (行政许可)."""
    return bool(row.item_type == LICENCE_TYPE)


def is_child(row: Any) -> bool:
    """Whether the case is an item of one matter at once: its number is the matter's with -01, -02 and so on."""
    return "-" in row.case_no


def last(read: Read, case_id: int, *events: Event) -> Any:
    """The last of certain events of a case; None where there is none."""
    found = t.event.c.case_id == case_id, t.event.c.event.in_(events)
    return read.one(select(t.event).where(*found).order_by(t.event.c.seq.desc()).limit(1))


@dataclass(frozen=True)
class Moved:
    """A case after an event, and its row as it is now."""

    state: State
    seq: int
    row: Any


def move(
    work: Work,
    row: Any,
    event: Event,
    *,
    opinion: str = "",
    payload: dict[str, Any] | None = None,
    **values: Any,
) -> Moved:
    """Send an event to a case: new state, values and one event row, or nothing.

    What time has raised for the case before is reported first, so that going on with a late case does not hide it.

    Raises:
        UserError: ILLEGAL_STEP; TIME_IS_UP when time itself decides what happens now; CHANGED_MEANWHILE when somebody
            else changed the case since it was read.
    """
    source = State(row.state)
    step = step_of(source, event, licence=is_licence(row))
    moments = moments_of(row)
    passed = timers.due(moments, work.now)
    _leave_to_time(passed, row, event)
    if is_child(row):
        from yichuang_acceptance.operations import matter_life

        matter_life.require_open(work, row, event)
    if step.target in ENDED and source not in ENDED:
        values["closed_at"] = work.now
    if step.clock is Clock.DECIDED:
        begun, promised = (values.get(name, getattr(row, name)) for name in ("accepted_at", "promise_due_at"))
        values |= figures.at_decision(work, row.id, begun, promised)
    values["timer_at"] = _timer(work, moments, step, values)
    seen = {"id": row.id, "row_version": row.row_version}
    fresh = work.update(t.case, seen, state=step.target, **{**values, "row_version": row.row_version + 1})
    if fresh is None:
        raise changed(row)
    follow(work, row, step, values)
    if step.clock is Clock.END and step.target is not State.DELIVERED:
        from yichuang_acceptance.operations.papers import void_unsealed  # it asks for cases here

        void_unsealed(work, row)
    settle(work, row, passed)  # the row is ours now: nobody reports the same at this moment
    seq = record(work, row.id, event, source, step.target, opinion, payload, by_time=step.who is Who.TIME)
    if is_child(row):
        matter_life.follow(work, row, step.target)
        fresh = load(work, row.id)
    notices.about_event(work, row, event, seq, values)
    work.subject = subject(row.case_no)
    return Moved(step.target, seq, fresh)


def _leave_to_time(passed: Sequence[timers.Timer], row: Any, event: Event) -> None:
    """Where a limit of the law has passed, what follows from it comes before anything that people do."""
    sent = {timer.event for timer in passed if timer.event is not None}
    if sent and event not in sent:
        raise UserError(
            "TIME_IS_UP",
            L("The time for this has run out for case {number}.", number=row.case_no),
            do=L("Wait a minute: what the law says happens by itself, then look at the case again."),
        )


def _timer(work: Work, moments: timers.Moments, step: Step, values: dict[str, Any]) -> Any:
    changed_here = {name: values[name] for name in timers.Moments._fields if name in values}
    return timers.next_at(moments._replace(**changed_here, state=step.target), work.now)


def record(
    work: Work,
    case_id: int,
    event: Event,
    source: State | None,
    target: State,
    opinion: str = "",
    payload: dict[str, Any] | None = None,
    *,
    by_time: bool = False,
) -> int:
    """Write an event row, linked to the one before; returns its number in the case. `by_time`: nobody sent it."""
    staff = (0, "", "") if by_time else (work.actor.staff_id, work.actor.name, work.actor.desk or "")
    before = work.all(_LAST, case_id=case_id)
    previous, seq = (before[0].hash, before[0].seq + 1) if before else ("", 1)
    values: dict[str, Any] = {
        "case_id": case_id, "seq": seq, "event": event, "source": source or "", "target": target,
        "staff_id": staff[0], "staff_name": staff[1], "desk": staff[2], "at": work.now,
        "opinion": opinion, "payload": payload or {},
    }  # fmt: skip
    _watch_dates(work, case_id, before)
    work.execute(_EVENT, **values, prev_hash=previous, hash=event_hash(previous, values))
    return seq


def _watch_dates(work: Work, case_id: int, before: list[Any]) -> None:
    """Notice that the event before was dated back, or ahead: the suite itself writes none behind its journal."""
    if not before:
        return
    last, one_before = before[0], before[-1]
    if last.at < one_before.at - CLOCKS_APART or last.at > work.now + CLOCKS_APART:
        from yichuang_acceptance.operations.watching import dated_wrongly

        dated_wrongly(work, load(work, case_id), last)
