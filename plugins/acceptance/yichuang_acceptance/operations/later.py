"""Moments that outlive the clocks of a case (post-check, renewal, answer to a complaint): kept as rows, raised once each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yichuang.api import Read, UtcDateTime, Work, bindparam, prepare, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.clock_tables import later
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.alerts import Wanted, raise_alerts
from yichuang_acceptance.rules.findings import SENT_LATE
from yichuang_acceptance.rules.machine import OPEN, State
from yichuang_acceptance.rules.timers import NODE_LATE

AT_ONCE = 200
_PASSED = prepare(
    select(later)
    .where(later.c.done_at.is_(None), bindparam("now", type_=UtcDateTime) > later.c.at)
    .order_by(later.c.at, later.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
WHILE_OPEN = frozenset({SENT_LATE, NODE_LATE})
"""What nobody has to do any more once the case has ended."""


def remind_at(work: Work, case_id: int, rule: str, at: datetime, key: str = "") -> None:
    """Raise a rule for a case after a moment; a later word about the same rule and key replaces the one before."""
    same = {"case_id": case_id, "rule": rule, "key": key}
    if work.update(later, same, at=at, done_at=None) is None:
        work.insert(later, **same, at=at)


def move(work: Work, case_id: int, rule: str, at: datetime, key: str = "") -> None:
    """Raise a rule at another moment than was said, unless it was raised, or forgotten, before."""
    same = later.c.case_id == case_id, later.c.rule == rule, later.c.key == key, later.c.done_at.is_(None)
    work.execute(update(later).where(*same).values(at=at))


def forget(work: Work, case_id: int, *rules: str, key: str | None = None) -> None:
    """What was waited for has happened: these rules are not raised any more."""
    found = [later.c.case_id == case_id, later.c.rule.in_(rules), later.c.done_at.is_(None)]
    if key is not None:
        found.append(later.c.key == key)
    work.execute(update(later).where(*found).values(done_at=work.now))


def is_due(read: Read) -> bool:
    """Whether a moment has passed that nobody has raised yet."""
    return (
        read.one(select(later.c.id).where(later.c.done_at.is_(None), read.now > later.c.at).limit(1))
        is not None
    )


def raise_due(work: Work) -> tuple[int, bool]:
    """Raise what has come due; returns how much, and whether there is more. Harmless to repeat."""
    rows = work.all(_PASSED, now=work.now)
    if not rows:
        return 0, False
    found = cases.load_all(work, [row.case_id for row in rows])
    wanted = [each for each in (_wanted(work, row, found[row.case_id]) for row in rows) if each is not None]
    work.execute(update(later).where(later.c.id.in_([row.id for row in rows])).values(done_at=work.now))
    return len(raise_alerts(work, wanted)) if wanted else 0, len(rows) == AT_ONCE


def _wanted(work: Work, row: Any, case: Any) -> Wanted | None:
    """What is reported; None where it is of no concern any more."""
    from yichuang_acceptance.operations import matter_time

    if row.rule in WHILE_OPEN and State(case.state) not in OPEN:
        return None
    named: dict[str, Any] | None = matter_time.late(work, case.id) if row.key == matter_time.PARENT else {}
    return Wanted(case, row.rule, row.key, at=row.at, **named) if named is not None else None


def lock(work: Work, case_id: int) -> None:
    """Let nobody else write an event of a case before this transaction ends, without changing the case."""
    work.execute(update(t.case).where(t.case.c.id == case_id).values(row_version=t.case.c.row_version))
