"""Violations and reminders of cases: each rule once per case, in a table and in the journal, where supervision hears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from pydantic import Field

from yichuang.api import LazyText, Read, Request, Work, bindparam, or_, prepare, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import notices
from yichuang_acceptance.rules import timers
from yichuang_acceptance.rules.names import State
from yichuang_acceptance.rules.timers import Moments, Timer
from yichuang_acceptance.rules.violations import CATALOGUE
from yichuang_acceptance.words import words

L = words.lazy
RULES: dict[str, LazyText] = {
    timers.OVER_PROMISE: L("over the promised limit"),
    timers.OVER_LEGAL: L("over the statutory limit"),
    timers.TOLD_TWICE: L("the applicant was told more than once"),
    timers.DEEMED: L("not told in time: deemed accepted"),
    timers.PAUSE_ABUSED: L("suspension repeated or overdue"),
    timers.LATE_DELIVERY: L("certificate delivered late"),
    timers.PROMISED_MATERIAL: L("a promised material is overdue"),
    timers.BAD_RATING: L("a bad rating was not handled in time"),
    timers.COLLECT: L("the result waits to be collected"),
    timers.RENEWAL_ENDS: L("a renewal is to be decided before the licence ends"),
    timers.NODE_LATE: L("a node of the review is over its limit"),
    timers.CROSS_APPROVAL: L("whoever accepted it also examined it"),
    **CATALOGUE,
}
Person = tuple[int, str]
NOBODY: Person = (0, "")
_a = t.alert.c
_REPORTED = prepare(
    select(_a.id).where(
        _a.case_id == bindparam("case_id"), _a.rule == bindparam("rule"), _a.key == bindparam("key")
    )
)
_MOMENTS = attrgetter(*Moments._fields[1:])


@dataclass(frozen=True)
class NoCase:
    """What a violation is about where there is no case: as a row of a case would say it.

    Attributes:
        case_no: The number of what stands in its place, such as a finding.
    """

    case_no: str
    item_name: str
    agency: str
    id: None = None
    acceptor_id: None = None
    decider_id: None = None


def moments_of(row: Any) -> Moments:
    """The stored moments of a case; of a row, or of what stands for one."""
    return Moments(State(row.state), *_MOMENTS(row))


def _is_reported(work: Work, row: Any, rule: str, key: str) -> bool:
    if row.id is not None:
        return work.one(_REPORTED, case_id=row.id, rule=rule, key=key) is not None
    of_none = select(_a.id).where(_a.case_id.is_(None), _a.rule == rule, _a.key == key)
    return work.scalar(of_none) is not None


def raise_alert(
    work: Work,
    row: Any,
    rule: str,
    key: str = "",
    *,
    detail: str = "",
    at: datetime | None = None,
    staff: Person = NOBODY,
    agency: str = "",
    number: str = "",
    title: str = "",
) -> bool:
    """Report once; False where it was reported before. `at`: since when it is so. `staff`: whose it is, if anybody's.

    `agency`: whose it is where another agency than the case's was asked. `number`, `title`: shown in place of the case's,
    where something else than the case is late. `row`: a case, or a `NoCase`.
    """
    if _is_reported(work, row, rule, key):
        return False
    from yichuang_acceptance.operations.supervision import open_notice

    if row.id is None:
        number, title = row.case_no, row.item_name
    key_of = work.insert(
        t.alert, case_id=row.id, rule=rule, key=key, agency=agency or row.agency, staff_id=staff[0],
        staff_name=staff[1], at=at or work.now, detail=detail, number=number, title=title,
    )  # fmt: skip
    open_notice(work, int(key_of), row, rule, agency or row.agency)
    subject = f"case:{row.case_no}" if row.id is not None else f"finding:{row.case_no}"
    work.record("acceptance.alert", subject, rule=rule, key=key, agency=agency or row.agency)
    return True


@dataclass(frozen=True)
class Wanted:
    """A report on a case, as `raise_alert` takes it."""

    row: Any
    rule: str
    key: str = ""
    detail: str = ""
    at: datetime | None = None
    staff: Person = NOBODY
    agency: str = ""
    number: str = ""
    title: str = ""

    @property
    def once(self) -> tuple[int, str, str]:
        """What is reported only once."""
        return self.row.id, self.rule, self.key


def raise_alerts(work: Work, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Report many, each once, in a few statements; returns what had not been reported before.

    Nobody else may report on these cases meanwhile: their rows, or those of what is late, are locked by this transaction.
    """
    of_cases = sorted({each.row.id for each in wanted})
    there = {tuple(r) for r in work.all(select(_a.case_id, _a.rule, _a.key).where(_a.case_id.in_(of_cases)))}
    fresh = list({each.once: each for each in wanted if each.once not in there}.values())
    if not fresh:
        return []
    from yichuang_acceptance.operations.supervision import open_notices

    keys = work.insert_many(
        t.alert,
        [
            {"case_id": w.row.id, "rule": w.rule, "key": w.key, "agency": w.agency or w.row.agency, "staff_id": w.staff[0],
             "staff_name": w.staff[1], "at": w.at or work.now, "detail": w.detail, "number": w.number, "title": w.title}
            for w in fresh
        ],
    )  # fmt: skip
    open_notices(
        work, [(int(key), w.row.id, w.rule, w.agency or w.row.agency) for key, w in zip(keys, fresh, strict=True)]
    )  # fmt: skip
    work.record_many(
        "acceptance.alert",
        [
            (f"case:{w.row.case_no}", {"rule": w.rule, "key": w.key, "agency": w.agency or w.row.agency})
            for w in fresh
        ],
    )
    return fresh


def settle(work: Work, row: Any, passed: Sequence[Timer] | None = None) -> list[Timer]:
    """Report what has come due (`passed`) for a case as it stands; the events that time sends are left to the tick."""
    if passed is None:
        passed = timers.due(moments_of(row), work.now)
    found = [timer for timer in passed if timer.alert and timer.event is None]
    raised = [timer for timer in found if raise_alert(work, row, timer.alert, timer.key, at=timer.at)]
    for timer in raised:
        if timer.alert == timers.COLLECT:
            notices.remind(work, row, timer.key)
    return raised


@dataclass(frozen=True)
class AlertRow:
    """A violation or a reminder."""

    id: int
    case_id: int
    case_no: str
    rule: str
    text: str
    key: str
    agency: str
    staff: str
    at: datetime
    detail: str


class AskAlerts(Request):
    """Alerts of one case, or (None) of every case that one may see, newest first."""

    case_id: int | None = None
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.alerts", permission="acceptance.view", title="Violations and reminders")
def alerts(read: Read, request: AskAlerts) -> list[AlertRow]:
    """Violations and reminders of cases, newest first. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    from yichuang_acceptance.operations import cases

    statement = select(t.alert, t.case.c.case_no).join(t.case, t.case.c.id == t.alert.c.case_id)
    if request.case_id is not None:
        cases.require_sight(read, cases.load(read, request.case_id))
        statement = statement.where(t.alert.c.case_id == request.case_id)
    elif not (read.actor.hall_wide or read.may("acceptance.see_all")):
        own = (t.alert.c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id)
        statement = statement.where(or_(*own))
    if request.before_id is not None:
        statement = statement.where(t.alert.c.id < request.before_id)
    rows = read.all(statement.order_by(t.alert.c.id.desc()).limit(request.limit))
    return [
        AlertRow(
            r.id,
            r.case_id,
            r.case_no,
            r.rule,
            str(RULES[r.rule]),
            r.key,
            r.agency,
            r.staff_name,
            r.at,
            r.detail,
        )
        for r in rows
    ]
