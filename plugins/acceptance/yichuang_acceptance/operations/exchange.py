"""The national exchange: batches of the five up_pro_* tables, all of it or what has happened since the batch before.

A batch reaches up to a moment that lies two minutes back: every transaction that began before it has ended by then, on
every desk, so that nothing is left out between two batches. A case that something happened to is sent again whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    UserError,
    Work,
    func,
    operation,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.exchange_rows import Projection, Tables
from yichuang_acceptance.rules import exchange as rules
from yichuang_acceptance.rules.names import Event
from yichuang_acceptance.words import words

L = words.lazy
LAG = timedelta(minutes=2)
REVEAL = "people.reveal"
NOTHING_YET = datetime(2000, 1, 1, tzinfo=HALL_ZONE)
_c, _e = t.case.c, t.event.c


@dataclass(frozen=True)
class Batch:
    """A batch that has begun: what happened after `since`, up to `upto`; all of it where `since` is ""."""

    id: int
    since: str
    upto: str


class BeginExchange(Request):
    """What a batch is to hold.

    Attributes:
        since: The `upto` of a batch before; "" for everything; None goes on where the last batch ended.
    """

    since: str | None = Field(None, max_length=40)


@operation(
    "acceptance.begin_exchange",
    permission="acceptance.exchange",
    title="Begin a batch of the national exchange",
)
def begin_exchange(work: Work, request: BeginExchange) -> Batch:
    """Begin a batch. Errors: BAD_POSITION."""
    last = (
        select(t.exchange.c.upto)
        .where(t.exchange.c.ended_at.is_not(None))
        .order_by(t.exchange.c.id.desc())
        .limit(1)
    )
    since = (work.scalar(last) or "") if request.since is None else request.since
    begin = _moment(since)
    upto = work.now - LAG
    if begin > upto:
        upto = begin
    key = work.insert(
        t.exchange,
        since=since,
        upto=upto.isoformat(),
        began_at=work.now,
        staff_id=work.actor.staff_id,
        counts={},
    )
    work.subject = f"exchange:{key}"
    return Batch(int(key), since, upto.isoformat())


class AskRows(Request):
    """A page of a batch.

    Attributes:
        after: The last case of the page before.
        with_codes: Write identity numbers in full, as the national platform asks; needs the permission to reveal them.
    """

    batch: int
    after: int = 0
    limit: int = Field(500, ge=1, le=2000)
    with_codes: bool = False


@dataclass(frozen=True)
class RowsPage:
    """Rows of the five tables, texts in the order of their columns; `after` of the next page, None behind the last."""

    tables: Tables
    after: int | None


@query(
    "acceptance.exchange_rows",
    permission="acceptance.exchange",
    title="Rows of a batch of the national exchange",
)
def exchange_rows(read: Read, request: AskRows) -> RowsPage:
    """Rows of the next cases of a batch. Errors: UNKNOWN_BATCH, NOT_PERMITTED."""
    batch = _open_batch(read, request.batch)
    if request.with_codes and not read.may(REVEAL):
        raise UserError(
            "NOT_PERMITTED", L("Identity numbers may not be shown to you."), do=L("Export without them.")
        )
    begin, end = _moment(batch.since), _moment(batch.upto)
    ids = [
        row.case_id for row in read.all(_cases(batch.since, begin, end, request.after).limit(request.limit))
    ]
    projection = Projection(read, batch, begin, end, request.with_codes)
    tables = projection.tables(ids)
    return RowsPage(tables, ids[-1] if len(ids) == request.limit else None)


class EndExchange(Request):
    """How many rows were written."""

    batch: int
    counts: dict[str, int]


@operation(
    "acceptance.end_exchange", permission="acceptance.exchange", title="End a batch of the national exchange"
)
def end_exchange(work: Work, request: EndExchange) -> Batch:
    """End a batch whose files hold as many rows as the hall has for it. Errors: UNKNOWN_BATCH, COUNTS_DIFFER."""
    batch = _open_batch(work, request.batch)
    expected = _totals(work, batch.since, _moment(batch.since), _moment(batch.upto))
    for table, found, wanted in rules.differences(request.counts, expected):
        raise UserError(
            "COUNTS_DIFFER",
            L("The exchange files hold {found} rows of {table}, the hall {expected}.", found=found, table=table, expected=wanted),
            do=L("Export everything again into an empty folder."),
        )  # fmt: skip
    work.execute(
        t.exchange.update()
        .where(t.exchange.c.id == batch.id)
        .values(ended_at=work.now, counts=request.counts)
    )
    work.subject = f"exchange:{batch.id}"
    return Batch(batch.id, batch.since, batch.upto)


class AskTotals(Request):
    """Up to when."""

    upto: str = Field(max_length=40)


@query(
    "acceptance.exchange_totals",
    permission="acceptance.exchange",
    title="What the exchange tables should hold",
)
def exchange_totals(read: Read, request: AskTotals) -> dict[str, int]:
    """How many rows the other side should have after all batches up to a moment. Errors: BAD_POSITION."""
    return _totals(read, "", NOTHING_YET, _moment(request.upto))


# ---- which cases, and how many rows ----


def _open_batch(read: Read, key: int) -> Any:
    row = read.one(select(t.exchange).where(t.exchange.c.id == key, t.exchange.c.ended_at.is_(None)))
    if row is None:
        raise UserError(
            "UNKNOWN_BATCH", L("There is no batch {n} that is under way.", n=key), do=L("Begin a new batch.")
        )
    return row


def _moment(position: str) -> datetime:
    if not position:
        return NOTHING_YET
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(position)
    except ValueError:
        moment = None  # told below, with the other wrong ones
    if moment is None or moment.tzinfo is None:
        raise UserError(
            "BAD_POSITION",
            L("The position {position} is not one of an exchange.", position=position),
            do=L("Take the one that the last batch has given, or export everything."),
        )
    return moment


def _happened(begin: datetime, end: datetime) -> Any:
    return (_e.at > begin) & (_e.at <= end)


def _cases(since: str, begin: datetime, end: datetime, after: int) -> Any:
    """The ids of the cases of a batch behind one, in their order."""
    if not since:
        return select(_c.id.label("case_id")).where(_c.id > after, _c.received_at <= end).order_by(_c.id)
    touched = select(_e.case_id).where(_happened(begin, end), _e.case_id > after)
    return touched.group_by(_e.case_id).order_by(_e.case_id)


def _totals(read: Read, since: str, begin: datetime, end: datetime) -> dict[str, int]:
    cases = _cases(since, begin, end, 0).order_by(None).subquery()
    mine = select(cases.c.case_id)

    def count(table: Any, *conditions: Any) -> int:
        return int(read.scalar(select(func.count()).select_from(table).where(*conditions)))

    with_result = (
        select(_e.case_id)
        .where(_e.event.in_(list(rules.RESULTS)), _e.at <= end, _e.case_id.in_(mine))
        .distinct()
    )
    specials = count(t.suspension, t.suspension.c.case_id.in_(mine), t.suspension.c.began_at <= end)
    specials += count(t.extension, t.extension.c.case_id.in_(mine), t.extension.c.at <= end)
    return {
        "up_pro_accept": int(read.scalar(select(func.count()).select_from(cases))),
        "up_pro_process": count(t.event, _happened(begin, end), _e.case_id.in_(mine), _e.event != Event.RATE),
        "up_pro_result": int(read.scalar(select(func.count()).select_from(with_result.subquery()))),
        "up_pro_special_procedure": specials,
        "up_pro_material": count(t.material, t.material.c.case_id.in_(mine)),
    }
