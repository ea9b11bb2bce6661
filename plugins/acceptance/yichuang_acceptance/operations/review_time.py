"""What time does to tasks of a review: silence becomes consent where that was said, all else over its limit is V04 or V05."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yichuang.api import Read, UserError, UtcDateTime, Work, bindparam, prepare, select, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.alerts import Wanted, raise_alerts
from yichuang_acceptance.rules.findings import SENT_LATE
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.timers import NODE_LATE

AT_ONCE = 200
TRY_AGAIN = timedelta(hours=1)
_DUE = rt.task.c.timer_at
_PASSED = prepare(
    select(rt.task)
    .where(bindparam("now", type_=UtcDateTime) > _DUE)
    .order_by(_DUE, rt.task.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)


def pass_tasks(work: Work) -> tuple[int, int, bool]:
    """Do what the nodes' limits that have passed ask for, each once.

    Returns:
        How many consents by silence, how many violations, whether there is more to do.
    """
    rows = work.all(_PASSED, now=work.now)
    silent, late = 0, _report_all(work, [row for row in rows if row.state == "open" and not row.silent_ok])
    for row in rows:
        if not row.silent_ok:
            continue
        try:
            with work.savepoint():
                if _take(work, row, None):
                    consent = _consent(work, row)
                    silent += consent
                    late += 0 if consent else _report(work, [row])
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


def _report_all(work: Work, rows: list[Any]) -> int:
    """Nodes over their limits, whose rows are locked; their timers have done what they were for."""
    if not rows:
        return 0
    work.execute(update(rt.task).where(rt.task.c.id.in_([row.id for row in rows])).values(timer_at=None))
    return _report(work, rows)


def _report(work: Work, rows: list[Any]) -> int:
    """A node over its limit: of a pre-review that was not sent up in time it is V05, of every other V04."""
    ids = {row.case_id for row in rows}
    found, graphs = cases.load_all(work, ids), tasks.graphs_of_cases(work, ids)
    wanted = []
    for row in rows:
        graph = graphs.get(row.case_id)
        node = graph.nodes.get(row.node) if graph is not None else None
        rule = SENT_LATE if node is not None and node.prereview else NODE_LATE
        person = (row.assignee_id or 0, row.assignee_name)
        key = f"{row.node}:{row.round}"
        wanted.append(
            Wanted(
                found[row.case_id], rule, key, detail=row.name, at=row.due_at, staff=person, agency=row.agency
            )
        )
    return len(raise_alerts(work, wanted))


def is_due(read: Read) -> bool:
    """Whether the limit of a node has passed and nothing was done about it yet."""
    return read.one(select(rt.task.c.id).where(read.now > _DUE).limit(1)) is not None
