"""The clocks of review tasks: each node's own limit, or the case's; stopped and moved with the case, closed with it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from yichuang.api import Read, Work, bindparam, prepare, select, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations.clocks import days_of, suspensions
from yichuang_acceptance.rules.clocks import Limit, Stop, run_clock, warn_moment
from yichuang_acceptance.rules.machine import Clock, State, Step

IN_REVIEW = (State.REVIEW, State.SUSPENDED)
_T = rt.task.c
_OPEN = _T.case_id == bindparam("of_case"), _T.state == "open"
_OPENED = prepare(select(rt.task).where(*_OPEN).limit(200))
_CLOSE = prepare(update(rt.task).where(*_OPEN).values(state="dropped", stands=False, timer_at=None))
_STOP = prepare(update(rt.task).where(*_OPEN).values(due_at=None, warn_at=None, timer_at=None, paused=True))


def task_times(read: Read, case: Any, opened: datetime, limit: Limit | None) -> dict[str, Any]:
    """Columns of a task for its clock as it stands.

    Args:
        read: A snapshot.
        case: The case's row, or what stands for one: id, promise_due_at, legal_due_at, warn_at.
        opened: When the task was opened.
        limit: Its own limit (T10); None where it only has to be done within the case's.

    Raises:
        UserError: CALENDAR_ENDS.
    """
    if limit is None:
        due = case.promise_due_at or case.legal_due_at
        return {"due_at": due, "warn_at": case.warn_at, "timer_at": None, "paused": False}
    stops = [Stop(s.began_at, s.ended_at) for s in suspensions(read, case.id) if s.began_at >= opened]
    due = run_clock(opened, limit, stops, days_of(read)).due
    warn = None if due is None else warn_moment(opened, due, limit, days_of(read))
    return {"due_at": due, "warn_at": warn, "timer_at": due, "paused": due is None}


def limit_of(task: Any) -> Limit | None:
    """The limit of a task's own."""
    return (
        None if task.limit_amount is None else Limit(Decimal(str(task.limit_amount)), task.limit_unit)
    )  # fmt: skip


def follow(work: Work, row: Any, step: Step, values: dict[str, Any]) -> None:
    """Let the open tasks of a case go with an event of the case: stop, go on, or close because nothing is left to do.

    Args:
        work: The transaction.
        row: The case before the event.
        step: The event.
        values: What the event changes in the case.
    """
    if row.state not in IN_REVIEW:
        return
    if step.target not in IN_REVIEW:
        work.execute(_CLOSE, of_case=row.id)
    elif step.clock is Clock.STOP_BOTH:
        work.execute(_STOP, of_case=row.id)
    elif step.clock in (Clock.GO_ON, Clock.EXTEND):
        case = _After(row, values)
        for task in work.all(_OPENED, of_case=row.id):
            work.update(rt.task, {"id": task.id}, **task_times(work, case, task.opened_at, limit_of(task)))


class _After:
    """A case as it will be after an event."""

    def __init__(self, row: Any, values: dict[str, Any]) -> None:
        self.id = row.id
        self.promise_due_at = values.get("promise_due_at", row.promise_due_at)
        self.legal_due_at = values.get("legal_due_at", row.legal_due_at)
        self.warn_at = values.get("warn_at", row.warn_at)
