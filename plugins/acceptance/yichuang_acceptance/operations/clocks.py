"""The stored moments of both clocks of a case, worked out from its limits, suspensions and extension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from yichuang.api import HALL_ZONE, Read, bindparam, calendar, prepare, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules import clocks
from yichuang_acceptance.rules.calendars import reaching
from yichuang_acceptance.rules.clocks import Limit, Stop
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.renewals import warned_at

_STOPS = prepare(
    select(t.suspension)
    .where(t.suspension.c.case_id == bindparam("case_id"))
    .order_by(t.suspension.c.began_at, t.suspension.c.id)
)
_EXTENSIONS = prepare(select(t.extension).where(t.extension.c.case_id == bindparam("case_id")))


def days_of(read: Read) -> calendar.WorkingCalendar:
    """The hall's working days, continued beyond their end; what ends there is provisional (`rules.calendars`)."""
    return reaching(read.calendar)


def clock_values(
    read: Read,
    start: datetime,
    legal: Limit | None,
    promise: Limit | None,
    stops: Sequence[Stop],
    extension: int,
) -> dict[str, Any]:
    """Columns of a case for clocks that began at `start`."""
    return vars(clocks.both(start, legal, promise, stops, extension, days_of(read))).copy()


def clock_values_of(read: Read, row: Any) -> dict[str, Any]:
    """Columns of an accepted case for its clocks as its suspensions and extension stand now."""
    stops = [Stop(s.began_at, s.ended_at) for s in suspensions(read, row.id)]
    given = extensions(read, row.id)
    values = clock_values(read, row.accepted_at, *limits_of_case(row), stops, sum(e.days for e in given))
    if given and values["warn_at"] is not None:
        values["warn_at"] = min(
            values["warn_at"], given[0].at
        )  # the promise stays as it was: amber since then
    return with_renewal(values, row.renewal_due_at)


def with_renewal(values: dict[str, Any], due: datetime | None) -> dict[str, Any]:
    """Columns for clocks, amber as well from when on a renewal has to be decided (art. 50)."""
    if due is not None and values["warn_at"] is not None:
        values["warn_at"] = min(values["warn_at"], warned_at(due))
    return values


def suspensions(read: Read, case_id: int) -> list[Any]:
    """The suspensions of a case, oldest first."""
    return read.all(_STOPS, case_id=case_id)


def extensions(read: Read, case_id: int) -> list[Any]:
    """The extensions of a case."""
    return read.all(_EXTENSIONS, case_id=case_id)


def worked(read: Read, begin: datetime | None, end: datetime | None) -> Decimal | None:
    """Working days between two moments, to a tenth; None where one is missing or the calendar does not reach that far."""
    if begin is None or end is None or not _covered(read, begin, end):
        return None
    return days_of(read).worked(begin, end)


def spent_of(read: Read, row: Any) -> Decimal | None:
    """How much of the promise, else of the statutory limit, a case under review has used; None where it has no limit."""
    legal, promise = limits_of_case(row)
    limit, used = (promise, row.promise_used) if promise is not None else (legal, row.legal_used)
    if limit is None or row.state not in (State.REVIEW, State.SUSPENDED):
        return None
    due = row.promise_due_at if promise is not None else row.legal_due_at
    if due is None:  # it stands
        return Decimal(str(used)).quantize(Decimal("0.1"))
    return clocks.spent(limit, due, read.now, days_of(read)) if _covered(read, read.now, due) else None


def _covered(read: Read, *moments: datetime) -> bool:
    days = days_of(read)
    return all(days.covers(moment.astimezone(HALL_ZONE).date()) for moment in moments)


def limits_of_case(row: Any) -> tuple[Limit | None, Limit | None]:
    """The statutory and the promised limit of a case, as they were at acceptance."""
    return _limit(row.legal_amount, row.legal_unit), _limit(row.promise_amount, row.promise_unit)


def _limit(amount: Any, unit: str) -> Limit | None:
    return None if amount is None else Limit(Decimal(str(amount)), unit)
