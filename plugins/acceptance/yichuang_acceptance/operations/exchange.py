"""The national exchange: batches of the five up_pro_* tables, everything or only rows that changed since the batch before.

A batch reaches up to a moment that lies two minutes back: every transaction that began before it has ended by then, on
every desk, so that nothing is left out between two batches. What the other side holds is kept row by row, by its guid and the
digest of its values: a row that it does not have goes out as I, one with other values as U, one that is no more as D, all
others not at all. What a batch has written counts from the moment it is ended; one that was broken off never was. A row that
the platform would not take is held back and reported (`exchange_faults`): what is due goes out or is reported, nothing else.
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
    insert,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import exchange_faults as faults
from yichuang_acceptance.operations.exchange_faults import Fault, Held
from yichuang_acceptance.operations.exchange_rows import Projection, Row, begun_by
from yichuang_acceptance.rules import exchange as rules
from yichuang_acceptance.rules.exchange_columns import misfits
from yichuang_acceptance.rules.names import NOTES, Event, State
from yichuang_acceptance.words import words

L = words.lazy
LAG = timedelta(minutes=2)
REVEAL = "people.reveal"
NOTHING_YET = datetime(2000, 1, 1, tzinfo=HALL_ZONE)
Tables = dict[str, list[list[str]]]
_c, _e, _r = t.case.c, t.event.c, t.exchange_row.c
_r_table = t.exchange_row


@dataclass(frozen=True)
class Batch:
    """A batch that has begun: what changed after `since`, up to `upto`; all of it where `since` is ""."""

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
    sent = work.one(select(_r.guid).where(_r.first.is_not(None)).limit(1)) is not None
    after_last = (
        (work.scalar(last) or "") if sent else ""
    )  # of rows that were never kept nobody knows whether they changed
    since = after_last if request.since is None else request.since
    begin = _moment(since)
    if since and _batch_at(work, since) is None:
        raise _bad_position(since)
    upto = work.now - LAG
    if begin > upto:
        upto = begin
    work.execute(_r_table.delete().where(_r.first.is_(None)))  # of a batch that was broken off
    faults.forget(work)
    work.execute(
        update(_r_table).where(_r.pending_batch.is_not(None)).values(pending=None, pending_batch=None)
    )
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
    """Rows of the five tables, texts in the order of their columns.

    Attributes:
        after: Of the next page, None behind the last.
        faults: Why rows of these cases are held back.
    """

    tables: Tables
    after: int | None
    faults: list[Fault]


@operation(
    "acceptance.exchange_rows",
    permission="acceptance.exchange",
    title="Rows of a batch of the national exchange",
)
def exchange_rows(work: Work, request: AskRows) -> RowsPage:
    """Rows of the next cases of a batch that the other side has not, or not so. Errors: UNKNOWN_BATCH, NOT_PERMITTED."""
    batch = _open_batch(work, request.batch)
    if request.with_codes and not work.may(REVEAL):
        raise UserError(
            "NOT_PERMITTED", L("Identity numbers may not be shown to you."), do=L("Export without them.")
        )
    end, since = _moment(batch.upto), _batch_at(work, batch.since)
    asked = _cases(batch, since, request.after).limit(request.limit)
    ids = [int(row.case_id) for row in work.all(asked)]
    projection = Projection(work, end, with_codes=request.with_codes)
    rows = projection.rows(ids)
    tables, back = _changes(work, batch, since, ids, rows, projection.numbers)
    work.subject = f"exchange:{batch.id}"
    work.detail = {"after": request.after, "rows": {name: len(each) for name, each in tables.items()}}
    told = faults.keep(work, batch.id, ids, back)
    return RowsPage(tables, ids[-1] if len(ids) == request.limit else None, told)


def _changes(
    work: Work, batch: Any, since: int | None, ids: list[int], rows: list[Row], numbers: dict[int, str]
) -> tuple[Tables, list[Held]]:
    """Those of the rows that are to be sent, and what is no more, entered as written by this batch; and what is held back."""
    held = {row.guid: row for row in work.all(select(_r_table).where(_r.case_id.in_(ids)))}
    tables: Tables = {table: [] for table in rules.TABLES}
    new, changed, back = [], [], []
    common = (f"{batch.id:06d}", rules.stamp(work.now))
    for row in rows:
        old = held.pop(row.guid, None)
        act = rules.act_of(_held(old), row.digest, since, everything=not batch.since)
        if not act:
            continue
        if wrong := misfits(row.table, row.values):
            left = rules.left_of(_held(old), since, everything=not batch.since)
            back.append(Held(row.guid, row.table, row.case_id, wrong, absent=left is not rules.Left.AS_SENT))
            if old is not None:
                changed.append({"guid": row.guid, **faults.pending(left, batch.id)})
            if left is rules.Left.UNKNOWN:
                tables[row.table].append(_taken_back(row.table, row.values[0], row.guid, common))
            continue
        tables[row.table].append([*row.values, row.guid, common[0], act, common[1]])
        entry = {"guid": row.guid, "pending": row.digest, "pending_batch": batch.id, "pending_act": act}
        if old is None:
            new.append({**entry, "name": row.table, "case_id": row.case_id, "digest": ""})
        else:
            changed.append(entry)
    for old in held.values():
        act = rules.act_of(_held(old), "", since, everything=not batch.since)
        if act:
            tables[old.name].append(_taken_back(old.name, numbers[old.case_id], old.guid, common))
        if act or (old.digest and not batch.since):
            changed.append({"guid": old.guid, "pending": "", "pending_batch": batch.id, "pending_act": act})
    if new:
        work.execute_many(insert(_r_table), new)
    for entry in changed:
        work.execute(update(_r_table).where(_r.guid == entry["guid"]).values(**entry))
    return tables, back


def _taken_back(table: str, case_no: str, guid: str, common: tuple[str, str]) -> list[str]:
    """A row that says that there is none."""
    empty = [""] * (len(rules.TABLES[table]) - len(rules.COMMON) - 1)
    return [case_no, *empty, guid, common[0], "D", common[1]]


def _held(row: Any) -> rules.Held | None:
    return None if row is None or row.first is None else rules.Held(row.digest, row.first, row.last)


class EndExchange(Request):
    """How many rows were written, and how many were reported, by table."""

    batch: int
    counts: dict[str, int]
    reported: dict[str, int] = Field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """A batch that has ended.

    Attributes:
        totals: How many rows the other side holds of each table when it has read the batch.
        due: How many rows were to be sent: as many as went out and were reported together.
        reported: How many of them were held back, because the platform would not take them.
    """

    id: int
    since: str
    upto: str
    totals: dict[str, int]
    due: dict[str, int]
    reported: dict[str, int]


@operation(
    "acceptance.end_exchange", permission="acceptance.exchange", title="End a batch of the national exchange"
)
def end_exchange(work: Work, request: EndExchange) -> Ended:
    """End a batch whose files hold as many rows as were given out for it, and whose faults were all told.

    Errors: UNKNOWN_BATCH, COUNTS_DIFFER.
    """
    batch = _open_batch(work, request.batch)
    written = _r.pending_batch == batch.id
    expected = _by_table(work, written, _r.pending_act != "")
    reported = faults.counted(work, batch.id)
    for table, found, wanted in rules.differences(request.counts, expected):
        raise UserError(
            "COUNTS_DIFFER",
            L("The exchange files hold {found} rows of {table}, the hall {expected}.", found=found, table=table, expected=wanted),
            do=L("Export everything again into an empty folder."),
        )  # fmt: skip
    for table, found, wanted in rules.differences(request.reported, reported):
        raise UserError(
            "COUNTS_DIFFER",
            L("{found} rows of {table} were reported as not to be sent, the hall has {expected}.",
              found=found, table=table, expected=wanted),
            do=L("Export everything again into an empty folder."),
        )  # fmt: skip
    now = {"digest": _r.pending, "last": batch.id, "first": func.coalesce(_r.first, batch.id)}
    work.execute(update(_r_table).where(written).values(**now, pending=None, pending_batch=None))
    totals = _by_table(work, _r.digest != "")
    absent = faults.absent(work, batch.id)
    work.execute(
        t.exchange.update()
        .where(t.exchange.c.id == batch.id)
        .values(ended_at=work.now, counts=request.counts, reported=reported, absent=absent)
    )
    faults.forget(work, until=batch.id)
    work.subject = f"exchange:{batch.id}"
    work.detail = {"counts": request.counts, "reported": reported, "totals": totals}
    due = {table: expected[table] + reported[table] for table in expected}
    return Ended(batch.id, batch.since, batch.upto, totals, due, reported)


def _by_table(read: Read, *conditions: Any) -> dict[str, int]:
    counted = read.all(select(_r.name, func.count().label("number")).where(*conditions).group_by(_r.name))
    return dict.fromkeys(rules.TABLES, 0) | {row.name: int(row.number) for row in counted}


class AskTotals(Request):
    """Up to when."""

    upto: str = Field(max_length=40)


@query(
    "acceptance.exchange_totals",
    permission="acceptance.exchange",
    title="What the exchange tables should hold",
)
def exchange_totals(read: Read, request: AskTotals) -> dict[str, int]:
    """How many rows the other side should have after all batches up to a moment: all but those held back.

    Errors: BAD_POSITION.
    """
    totals = _totals(read, _moment(request.upto))
    batch = _batch_at(read, request.upto)
    absent = read.scalar(select(t.exchange.c.absent).where(t.exchange.c.id == batch)) or {}
    return {table: number - absent.get(table, 0) for table, number in totals.items()}


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
        raise _bad_position(position)
    return moment


def _bad_position(position: str) -> UserError:
    return UserError(
        "BAD_POSITION",
        L("The position {position} is not one of an exchange.", position=position),
        do=L("Take the one that the last batch has given, or export everything."),
    )


def _batch_at(read: Read, position: str) -> int | None:
    """The batch that ended at a position; None where nothing was sent before."""
    ended = t.exchange.c.upto == position, t.exchange.c.ended_at.is_not(None)
    found = read.scalar(select(func.max(t.exchange.c.id)).where(*ended)) if position else None
    return None if found is None else int(found)


def _cases(batch: Any, since: int | None, after: int) -> Any:
    """The ids of cases behind one, in their order, in which something may have changed.

    Everything that can still change is looked at: a promised paper that was brought, a limit that moved with the calendar, are
    no events. An archived case changes only by an event or a rating; what a later batch has sent goes out again.
    """
    begin, end = _moment(batch.since), _moment(batch.upto)
    cases = select(_c.id.label("case_id")).where(_c.id > after, _c.received_at <= end).order_by(_c.id)
    if not batch.since:
        return cases
    within = (_e.at > begin) & (_e.at <= end)
    rated = (a.rating.c.rated_at > begin) & (a.rating.c.rated_at <= end)
    return cases.where(
        or_(
            _c.state != State.ARCHIVED,
            _c.id.in_(select(_e.case_id).where(within)),
            _c.id.in_(select(a.rating.c.case_id).where(rated)),
            _c.id.in_(select(_r.case_id).where(_r.last > (since or 0))),
            _c.id.in_(select(t.exchange_fault.c.case_id)),  # held back by the last batch
        )
    )


def _totals(read: Read, end: datetime) -> dict[str, int]:
    """How many rows the hall itself has up to a moment."""
    ended = _e.event.in_(list(rules.RESULTS)), _e.at <= end
    answered = or_(_c.accepted_at <= end, _c.id.in_(select(_e.case_id).where(*ended)))
    due = select(_c.id).where(_c.received_at <= end, answered)

    def count(table: Any, *conditions: Any) -> int:
        mine = table.c.case_id if table is not t.case else table.c.id
        return int(read.scalar(select(func.count()).select_from(table).where(mine.in_(due), *conditions)))

    with_result = select(_e.case_id).where(*ended, _e.case_id.in_(due)).distinct().subquery()
    specials = count(t.suspension, *begun_by(end)) + count(t.extension, t.extension.c.at <= end)
    steps = _e.event.not_in([*map(str, NOTES), str(Event.RATE)])
    return {
        "up_pro_accept": count(t.case),
        "up_pro_process": count(t.event, _e.at <= end, steps),
        "up_pro_result": int(read.scalar(select(func.count()).select_from(with_result))),
        "up_pro_special_procedure": specials,
        "up_pro_material": count(t.material),
    }
