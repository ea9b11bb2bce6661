"""What time does to tasks of a review: silence becomes consent where that was said, all else over its limit is V04 or V05."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yichuang.api import Read, UserError, Work, select, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.rules.findings import SENT_LATE
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.timers import NODE_LATE

AT_ONCE = 200
TRY_AGAIN = timedelta(hours=1)
_DUE = rt.task.c.timer_at


def pass_tasks(work: Work) -> tuple[int, int, bool]:
    """Do what the nodes' limits that have passed ask for, each once.

    Returns:
        How many consents by silence, how many violations, whether there is more to do.
    """
    rows = work.all(select(rt.task).where(work.now > _DUE).order_by(_DUE, rt.task.c.id).limit(AT_ONCE))
    silent = late = 0
    for row in rows:
        try:
            with work.savepoint():
                if _take(work, row, None):
                    consent = row.silent_ok and _consent(work, row)
                    silent += consent
                    late += not consent and _report(work, row)
        except UserError:  # somebody works on the case at this moment: tried again later
            _take(work, row, work.now + TRY_AGAIN)
    return silent, late, len(rows) == AT_ONCE


def _take(work: Work, row: Any, timer: Any) -> bool:
    """Move the timer of a task on, unless another desk did so at this moment."""
    mine = rt.task.c.id == row.id, row.timer_at == _DUE, rt.task.c.state == "open"
    return work.execute(update(rt.task).where(*mine).values(timer_at=timer)) == 1


def _consent(work: Work, row: Any) -> bool:
    """No answer within the limit: it counts as consent, and the review goes on."""
    held = tasks.hold(work, row.id, row.row_version, by_time=True)
    if held.case.state != State.REVIEW:
        return False
    tasks.finish(work, held, "silent")
    cases.move(work, held.case, Event.SILENCE, payload={**tasks.named(row), "agency": row.agency})
    tasks.go_on(work, cases.load(work, row.case_id))
    return True


def _report(work: Work, row: Any) -> bool:
    """A node over its limit: of a pre-review that was not sent up in time it is V05, of every other V04."""
    case = cases.load(work, row.case_id)
    person = (row.assignee_id or 0, row.assignee_name)
    course = tasks.course_of(work, row.case_id)
    node = course.graph.nodes.get(row.node) if course is not None else None
    rule = SENT_LATE if node is not None and node.prereview else NODE_LATE
    return raise_alert(
        work, case, rule, f"{row.node}:{row.round}", detail=row.name, at=row.due_at, staff=person, agency=row.agency
    )  # fmt: skip


def is_due(read: Read) -> bool:
    """Whether the limit of a node has passed and nothing was done about it yet."""
    return read.one(select(rt.task.c.id).where(read.now > _DUE).limit(1)) is not None
