"""Rows of the national exchange that the platform would not take: held back, kept with the reason, and shown.

A row that does not fit stops nothing. It is due like the others, so that each batch says for every table: so many rows were due,
so many went out, so many were reported. The next batch looks at each of them again and sends what was put right meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, Work, func, insert, query, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.exchange import TABLES, Left
from yichuang_acceptance.rules.exchange_columns import COLUMNS, TABLE_NAMES, Misfit, why

_f, _x = t.exchange_fault.c, t.exchange.c


@dataclass(frozen=True)
class Held:
    """A row that is held back.

    Attributes:
        absent: The other side has the row in no form.
    """

    guid: str
    table: str
    case_id: int
    misfits: list[Misfit]
    absent: bool


@dataclass(frozen=True)
class Fault:
    """Why a row was held back; a row with several wrong values has several.

    Attributes:
        table: The national table, and what people call it.
        column: Likewise.
        found: How many characters there are; 0 where the value is missing.
        most: How many there may be.
        why: The whole sentence.
        absent: The other side has the row in no form; else it keeps what was sent before.
    """

    id: int
    batch: int
    guid: str
    case_id: int
    case_no: str
    item_name: str
    agency_name: str
    table: str
    table_name: str
    column: str
    label: str
    found: int
    most: int
    why: str
    absent: bool


def pending(left: Left, batch: int) -> dict[str, Any]:
    """What the ledger is to say of a row that is held back, once the batch is ended."""
    if left is Left.AS_SENT:
        return {"pending": None, "pending_batch": None, "pending_act": ""}
    return {"pending": "", "pending_batch": batch, "pending_act": "D" if left is Left.UNKNOWN else ""}


def forget(work: Work, *, until: int | None = None) -> None:
    """Faults of batches that were broken off; with `until` those of all batches before it."""
    if until is not None:
        work.execute(t.exchange_fault.delete().where(_f.batch < until))
        return
    ended = select(_x.id).where(_x.ended_at.is_not(None))
    work.execute(t.exchange_fault.delete().where(_f.batch.not_in(ended)))


def keep(work: Work, batch: int, ids: list[int], held: Iterable[Held]) -> list[Fault]:
    """Keep what holds rows of some cases back; a page that is asked again replaces what it said before."""
    work.execute(t.exchange_fault.delete().where(_f.batch == batch, _f.case_id.in_(ids)))
    rows = [
        {"batch": batch, "guid": each.guid, "name": each.table, "case_id": each.case_id, "field": misfit.column,
         "found": misfit.found, "most": misfit.most, "absent": each.absent}
        for each in held
        for misfit in each.misfits
    ]  # fmt: skip
    if not rows:
        return []
    work.execute_many(insert(t.exchange_fault), rows)
    return _faults(work, _f.batch == batch, _f.case_id.in_(ids))


def counted(read: Read, batch: int, *conditions: Any) -> dict[str, int]:
    """How many rows a batch holds back, by table."""
    number = func.count(_f.guid.distinct()).label("number")
    rows = read.all(select(_f.name, number).where(_f.batch == batch, *conditions).group_by(_f.name))
    return dict.fromkeys(TABLES, 0) | {row.name: int(row.number) for row in rows}


def absent(read: Read, batch: int) -> dict[str, int]:
    """How many rows that a batch holds back the other side has in no form, by table."""
    return counted(read, batch, _f.absent)


def _faults(read: Read, *conditions: Any, limit: int | None = None) -> list[Fault]:
    c = t.case.c
    statement = (
        select(t.exchange_fault, c.case_no, c.item_name, c.agency_name)
        .join(t.case, c.id == _f.case_id)
        .where(*conditions)
        .order_by(_f.id.desc())
        .limit(limit)
    )
    return [
        Fault(
            row.id, row.batch, row.guid, row.case_id, row.case_no, row.item_name, row.agency_name, row.name,
            str(TABLE_NAMES[row.name]), row.field, str(COLUMNS[row.name][row.field].label), row.found, row.most,
            str(why(row.name, Misfit(row.field, row.found, row.most))), row.absent,
        )
        for row in read.all(statement)
    ]  # fmt: skip


class AskFaults(Request):
    """A page of what the last batch held back, newest first."""

    before_id: int | None = None
    limit: int = Field(500, ge=1, le=1000)


@query(
    "acceptance.exchange_faults",
    permission="acceptance.exchange",
    title="Rows that the national exchange held back",
)
def exchange_faults(read: Read, request: AskFaults) -> list[Fault]:
    """Why the last batch that was ended held rows back: which case, which column, how long."""
    last = select(func.max(_x.id)).where(_x.ended_at.is_not(None)).scalar_subquery()
    older = [_f.id < request.before_id] if request.before_id is not None else []
    return _faults(read, _f.batch == last, *older, limit=request.limit)


@dataclass(frozen=True)
class ExchangeBatch:
    """A batch that has ended.

    Attributes:
        since: Up to when the batch before it reached; "" for one that holds everything.
        counts: Rows that went out, by table.
        reported: Rows that were held back, by table.
    """

    id: int
    since: str
    upto: str
    ended_at: datetime
    counts: dict[str, int]
    reported: dict[str, int]


class AskBatches(Request):
    """How many of the last ones."""

    limit: int = Field(10, ge=1, le=200)


@query("acceptance.exchanges", permission="acceptance.exchange", title="Batches of the national exchange")
def exchanges(read: Read, request: AskBatches) -> list[ExchangeBatch]:
    """The last batches that were ended, newest first."""
    rows = read.all(
        select(t.exchange).where(_x.ended_at.is_not(None)).order_by(_x.id.desc()).limit(request.limit)
    )
    return [
        ExchangeBatch(row.id, row.since, row.upto, row.ended_at, row.counts, row.reported or {})
        for row in rows
    ]
