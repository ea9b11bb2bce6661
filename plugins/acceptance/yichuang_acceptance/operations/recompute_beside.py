"""After the hall's calendar was changed: due times beside the clocks of cases, each from what it began with.

Post-checks of promises (T12), bad ratings, what could not be done, complaints, notices of supervision and matters may
outlive a case, so they are gone through for themselves; tasks and the extension go with their case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from yichuang.api import Read, Work, select, update
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import clock_tables as ct
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import promise_tables as p
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import (
    cases,
    fixes,
    later,
    matter_plan,
    matter_time,
    promises,
    refusals,
    review,
    supervision,
    voices,
    watching,
)
from yichuang_acceptance.operations.clocks import clock_values, extensions, limits_of_case, suspensions
from yichuang_acceptance.operations.review_clock import limit_of, task_times
from yichuang_acceptance.rules.clocks import Stop
from yichuang_acceptance.rules.findings import SENT_LATE
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.rules.violations import OTHER

Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits for somebody until a stored moment.

    Attributes:
        table: Where it is kept.
        waits: Which of its rows still wait.
        fresh: Its moments, as they follow from what began them.
        follow: Moves what else waits for the same moments.
    """

    table: Any
    waits: tuple[Any, ...]
    fresh: Callable[[Read, Any], Values]
    follow: Callable[[Work, Any, Values], None] = lambda _work, _row, _values: None

    def after(self, row_id: int) -> Any:
        """Its rows behind one, by id."""
        return select(self.table).where(*self.waits, self.table.c.id > row_id).order_by(self.table.c.id)


def _check_due(read: Read, row: Any) -> Values:
    granted = cases.load(read, row.case_id).decided_at
    return {"check_due_at": promises.check_due(read, granted, row.days)}


def _move_check(work: Work, row: Any, values: Values) -> None:
    granted = cases.load(work, row.case_id).decided_at
    for rule, key, at in promises.check_moments(granted, values["check_due_at"]):
        later.move(work, row.case_id, rule, at, key)


def _move_complaint(work: Work, row: Any, values: Values) -> None:
    later.move(work, row.case_id, OTHER, values["due_at"], voices.complaint_key(row.id))


def _making_due(read: Read, row: Any) -> Values:
    began = cases.last(read, row.case_id, Event.MAKE).at
    due = review.making_due(read, cases.load(read, row.case_id), began)
    return {} if due is None else {"at": due}


KINDS: dict[str, Kind] = {
    "promise": Kind(
        p.promise, (p.promise.c.check_due_at.is_not(None), p.promise.c.checked_at.is_(None)), _check_due, _move_check
    ),
    "rating": Kind(a.rating_fix, (a.rating_fix.c.closed_at.is_(None),), fixes.dues_of),
    "refusal": Kind(
        a.cannot_do, (a.cannot_do.c.reviewed_at.is_(None), a.cannot_do.c.due_at.is_not(None)), refusals.dues_of
    ),
    "complaint": Kind(
        s.complaint, (s.complaint.c.answered_at.is_(None),),
        lambda read, row: {"due_at": voices.answer_due(read, row.at)}, _move_complaint,
    ),
    "notice": Kind(
        s.notice, (s.notice.c.state.in_(("notified", "ordered")), s.notice.c.began_at.is_not(None)),
        lambda read, row: {"due_at": supervision.answer_due(read, row.began_at)},
    ),
    "making": Kind(
        ct.later, (ct.later.c.key == review.MAKING, ct.later.c.done_at.is_(None)), _making_due
    ),
    "sending": Kind(
        ct.later, (ct.later.c.rule == SENT_LATE, ct.later.c.done_at.is_(None)),
        lambda read, row: {"at": watching.send_up_due(read, cases.load(read, row.case_id).received_at)},
    ),
    "matter": Kind(
        mt.matter, (mt.matter.c.state != MatterState.DONE,), matter_plan.dues_of_matter, matter_time.move
    ),
}  # fmt: skip


def differences(row: Any, fresh: Values) -> Values:
    """What of the fresh values is not in a row yet."""
    return {name: value for name, value in fresh.items() if getattr(row, name) != value}


def recompute(work: Work, name: str, row: Any, version: int) -> bool:
    """Compute the moments of one thing anew and journal what moved; False where they stay as they are."""
    kind = KINDS[name]
    changed = differences(row, kind.fresh(work, row))
    same = (
        kind.table.c.id == row.id,
        *kind.waits,
        *(kind.table.c[name] == getattr(row, name) for name in changed),
    )
    if not changed or not work.execute(update(kind.table).where(*same).values(**changed)):
        return False
    kind.follow(work, row, changed)
    payload = {"calendar": version, "of": f"{name}:{row.id}", **before_and_after(row, changed)}
    if name in ("matter", "refusal"):  # no case of their own
        subject = f"matter:{row.case_no}" if name == "matter" else f"refusal:{row.id}"
        work.record("acceptance.recomputed", subject, **payload)
        return True
    later.lock(work, row.case_id)
    note(work, cases.load(work, row.case_id), payload)
    return True


def note(work: Work, case: Any, payload: Values) -> None:
    """Write into the case and the journal that limits moved with the calendar."""
    state = State(case.state)
    cases.record(work, case.id, Event.RECOMPUTE, state, state, payload=payload, by_time=True)
    work.record("acceptance.recomputed", cases.subject(case.case_no), **payload)


def before_and_after(row: Any, changed: Values) -> Values:
    """What was and what is now, as the journal keeps it."""
    return {
        "before": {name: _text(getattr(row, name)) for name in changed},
        "after": {name: _text(value) for name, value in changed.items()},
    }


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def recompute_tasks(work: Work, row: Any, values: Values) -> dict[str, Values]:
    """Move the open tasks of a case under review to `values`, its new limits; returns what moved, by task."""
    if row.state != State.REVIEW:
        return {}
    names = ("promise_due_at", "legal_due_at", "warn_at")
    case = SimpleNamespace(id=row.id, **{name: values.get(name, getattr(row, name)) for name in names})
    moved = {}
    for task in work.all(
        select(rt.task).where(rt.task.c.case_id == row.id, rt.task.c.state == "open").limit(200)
    ):
        times = task_times(work, case, task.opened_at, limit_of(task))
        changed = differences(task, {"due_at": times["due_at"], "warn_at": times["warn_at"]})
        same = rt.task.c.id == task.id, rt.task.c.state == "open"
        timer = {"timer_at": times["timer_at"]} if "due_at" in changed else {}
        if changed and work.execute(update(rt.task).where(*same).values(**changed, **timer)):
            moved[f"task:{task.id}"] = before_and_after(task, changed)
    return moved


def recompute_extension(work: Work, row: Any) -> dict[str, Values]:
    """The old and the new end of the extension of a case, with the suspensions that lay before it."""
    moved = {}
    for given in extensions(work, row.id):
        stops = [
            Stop(stop.began_at, stop.ended_at)
            for stop in suspensions(work, row.id)
            if stop.began_at < given.at
        ]
        legal, promise = limits_of_case(row)
        old, new = (
            clock_values(work, row.accepted_at, legal, promise, stops, days)["legal_due_at"] for days in (0, given.days)
        )  # fmt: skip
        changed = differences(given, {"old_due_at": old, "new_due_at": new})
        if changed:
            work.execute(update(t.extension).where(t.extension.c.id == given.id).values(**changed))
            moved[f"extension:{given.id}"] = before_and_after(given, changed)
    return moved
