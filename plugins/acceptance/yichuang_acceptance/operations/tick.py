"""What time does to cases: deemed acceptance and renewal, given-up applications, violations, reminders. Harmless to repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yichuang.api import (
    Read,
    UserError,
    UtcDateTime,
    Work,
    bindparam,
    operation,
    prepare,
    query,
    select,
    update,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import (
    accepting,
    cases,
    decide,
    fixes,
    later,
    num_blocks,
    ratings,
    refusals,
    review_time,
)
from yichuang_acceptance.operations.alerts import (
    NOBODY,
    Wanted,
    moments_of,
    raise_alert,
    raise_alerts,
    settle,
)
from yichuang_acceptance.operations.endings import lapse
from yichuang_acceptance.operations.recompute import is_pending, recompute_some
from yichuang_acceptance.rules import timers
from yichuang_acceptance.rules.machine import Event

AT_ONCE = 200
TRY_AGAIN = timedelta(hours=1)
_DUE = t.case.c.timer_at
_PASSED = prepare(
    select(t.case)
    .where(bindparam("now", type_=UtcDateTime) > _DUE)
    .order_by(_DUE, t.case.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
"""Cases of which a moment has passed; what somebody works on at this moment is left to the next tick."""
_SET_TIMER = update(t.case).where(t.case.c.id == bindparam("of_case")).values(timer_at=bindparam("then"))


@dataclass(frozen=True)
class Ticked:
    """How many cases were deemed accepted, how many given up, how many violations and reminders were recorded.

    Attributes:
        more: There is more to do than was done at once.
        silent: How many agencies that were asked consented by silence.
        recomputed: Cases whose limits moved with the calendar.
        renewed: Renewals that count as granted, because nobody decided before the licence ended.
    """

    deemed: int
    lapsed: int
    alerts: int
    more: bool
    silent: int = 0
    recomputed: int = 0
    renewed: int = 0


@operation("acceptance.tick", permission="acceptance.view", title="Let time pass")
def tick(work: Work) -> Ticked:
    """Do what the limits that have passed ask for. Any desk may run it, any number of times: it is guarded by the state."""
    recomputed, unfinished = recompute_some(work)
    rows = work.all(_PASSED, now=work.now)
    counts: Counter[str] = Counter()
    for row in _one_by_one(work, rows, counts):
        try:
            with work.savepoint():
                counts.update(_pass(work, row))
        except UserError:  # such as a calendar that ends: the others go on, this one is tried again later
            again = work.now + TRY_AGAIN
            work.execute(
                update(t.case).where(t.case.c.id == row.id, row.timer_at == _DUE).values(timer_at=again)
            )
    silent, late, more_tasks = review_time.pass_tasks(work)
    raised, more_later = later.raise_due(work)
    counts["alerts"] += fixes.pass_time(work) + refusals.pass_time(work) + late + raised
    ratings.set_defaults(work)
    num_blocks.expire_blocks(work)
    work.subject = "acceptance:tick"
    return Ticked(
        counts[Event.DEEMED_ACCEPT], counts[Event.CORRECTION_LAPSE], counts["alerts"],
        unfinished or more_later or more_tasks or len(rows) == AT_ONCE, silent, recomputed, counts[Event.DEEMED_GRANT],
    )  # fmt: skip


def _one_by_one(work: Work, rows: Sequence[Any], counts: Counter[str]) -> list[Any]:
    """Report in one what is only to be reported; returns the cases that are moved, or told of, one after the other."""
    passed = {row.id: timers.due(moments_of(row), work.now) for row in rows}
    only = [row for row in rows if all(map(_is_report, passed[row.id]))]
    try:
        with work.savepoint():
            counts["alerts"] += _report(work, only, passed)
    except (
        UserError
    ):  # such as a calendar that ends: whose case it is comes out where each has a savepoint of its own
        return list(rows)
    done = {row.id for row in only}
    return [row for row in rows if row.id not in done]


def _is_report(timer: timers.Timer) -> bool:
    """Whether a moment moves no case and sends the applicant no message."""
    return timer.event is None and timer.alert != timers.COLLECT


def _report(work: Work, rows: Sequence[Any], passed: Mapping[int, Sequence[timers.Timer]]) -> int:
    """Report what has come due for these cases, and set their timers; their rows are locked."""
    wanted = [
        Wanted(row, each.alert, each.key, at=each.at) for row in rows for each in passed[row.id] if each.alert
    ]
    raised = raise_alerts(work, wanted) if wanted else []
    following = [{"of_case": row.id, "then": timers.next_at(moments_of(row), work.now)} for row in rows]
    work.execute_many(_SET_TIMER, following)
    return len(raised)


def _pass(work: Work, row: Any) -> Counter[str]:
    """Let time pass for one case, unless another desk does so at this moment."""
    counts: Counter[str] = Counter()
    mine = t.case.c.id == row.id, t.case.c.row_version == row.row_version, row.timer_at == _DUE
    if not work.execute(update(t.case).where(*mine).values(timer_at=None)):
        return counts
    fresh = row
    while (
        timer := _sends(fresh, work.now)
    ) is not None:  # one may lead to the next where no desk was open for long
        counts[str(timer.event)] += 1
        if timer.event is Event.DEEMED_ACCEPT:
            item = work.query("hall.item", {"code": row.item, "version": row.item_version})
            accepting.accept(work, fresh, item, Event.DEEMED_ACCEPT)
        elif timer.event is Event.DEEMED_GRANT:
            decide.deem_granted(work, fresh, timer.at)
        else:
            lapse(work, fresh)
        if timer.alert:
            accepted = timer.event is Event.DEEMED_ACCEPT
            counts["alerts"] += raise_alert(
                work, row, timer.alert, timer.key, at=timer.at, detail="" if accepted else decide.SILENCE,
                staff=(row.acceptor_id, row.acceptor_name) if accepted else NOBODY,
            )  # fmt: skip
        fresh = cases.load(work, row.id)
    counts["alerts"] += len(settle(work, fresh))
    following = timers.next_at(moments_of(fresh), work.now)
    same = t.case.c.id == row.id, t.case.c.row_version == fresh.row_version
    work.execute(update(t.case).where(*same).values(timer_at=following))
    return counts


def _sends(row: Any, now: datetime) -> timers.Timer | None:
    """The next event that time sends to a case."""
    return next((timer for timer in timers.due(moments_of(row), now) if timer.event is not None), None)


@query("acceptance.is_due", permission="acceptance.view", title="Whether time has something to do")
def is_due(read: Read) -> bool:
    """Whether `acceptance.tick` would do anything now; asked often, so that the journal does not fill with empty ticks."""
    case = read.one(select(t.case.c.id).where(read.now > _DUE).limit(1))
    return case is not None or any(
        due(read)
        for due in (
            later.is_due,
            is_pending,
            review_time.is_due,
            fixes.is_due,
            refusals.is_due,
            ratings.defaults_are_due,
            num_blocks.is_due,
        )
    )
