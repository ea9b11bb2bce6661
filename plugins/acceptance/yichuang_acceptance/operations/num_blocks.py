"""Blocks of case numbers that desks have in hand for the time in which the database is away (num_block).

A block is taken from the day's own series and journalled, given back or expired visibly: every gap in the series is explained.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, func, identifiers, operation, query, select, update
from yichuang_acceptance import offline_tables as o
from yichuang_acceptance.rules import offline as rules
from yichuang_acceptance.rules.offline import BLOCK, EXPIRE_DAYS, REGION, Ended
from yichuang_acceptance.words import words

L = words.lazy
MOST_EXPIRED = 100


class AskNumbers(Request):
    """The desk that wants numbers in hand, and for which day: today unless another is named."""

    desk: str = Field(min_length=1, max_length=20)
    day: date | None = None


@dataclass(frozen=True)
class NumBlock:
    """Numbers that only this desk gives, and only while the database is away."""

    id: int
    desk: str
    day: date
    leased_at: datetime
    numbers: list[str]


@operation("acceptance.lease_numbers", permission="acceptance.accept", title="Take case numbers in hand")
def lease_numbers(work: Work, request: AskNumbers) -> NumBlock:
    """Set a block of 50 numbers of a day's series aside for a desk. Errors: BAD_DAY, CASE_SERIAL_USED_UP."""
    day = request.day or work.today
    rules.check_day(day, work.today)
    # The first of them locks the day's counter until the transaction ends, so that they follow one another.
    serials = [work.number("case", f"{REGION}{day:%y%m%d}") for _ in range(BLOCK)]
    numbers = rules.numbers(day, serials[0], serials[-1])
    block_id = work.insert(
        o.num_block, desk=request.desk, day=day, first=serials[0], last=serials[-1], staff_id=work.actor.staff_id,
        staff_name=work.actor.name, leased_at=work.now, state="leased",
    )  # fmt: skip
    work.subject = f"block:{block_id}"
    work.detail = {
        "desk": request.desk,
        "day": day.isoformat(),
        "first": numbers[0],
        "last": numbers[-1],
    }
    return NumBlock(int(block_id), request.desk, day, work.now, numbers)


class ReturnNumbers(Request):
    """A block of this desk, and the numbers of it that are on receipts which the hall does not know yet."""

    desk: str = Field(min_length=1, max_length=20)
    block_id: int
    given: tuple[str, ...] = Field((), max_length=BLOCK)


@operation("acceptance.return_numbers", permission="acceptance.accept", title="Give case numbers back")
def return_numbers(work: Work, request: ReturnNumbers) -> int:
    """End a block: what was not given will never be; returns how many those are. Repeating it changes nothing.

    Errors: NOT_LEASED.
    """
    block = work.one(
        select(o.num_block).where(o.num_block.c.id == request.block_id, o.num_block.c.desk == request.desk)
    )
    if block is None:
        raise not_leased(str(request.block_id), request.desk)
    work.subject = f"block:{block.id}"
    if block.state == "returned":
        return int(block.unused)
    unused = _end(work, block, "returned", frozenset(request.given))
    work.detail = {"desk": request.desk, "day": block.day.isoformat(), "unused": unused}
    return unused


def expire_blocks(work: Work) -> int:
    """Count blocks as expired that no desk gave back within a week of their day; returns how many. Each is journalled."""
    last_day = work.today - timedelta(days=EXPIRE_DAYS)
    rows = work.all(
        select(o.num_block)
        .where(o.num_block.c.state == "leased", o.num_block.c.day < last_day)
        .order_by(o.num_block.c.day, o.num_block.c.id)
        .limit(MOST_EXPIRED)
    )
    for row in rows:
        unused = _end(work, row, "expired", frozenset())
        work.record(
            "acceptance.block_expired",
            f"block:{row.id}",
            desk=row.desk,
            day=row.day.isoformat(),
            unused=unused,
        )
    return len(rows)


def is_due(read: Read) -> bool:
    """Whether a block has expired that still counts as leased."""
    last_day = read.today - timedelta(days=EXPIRE_DAYS)
    late = (o.num_block.c.state == "leased") & (o.num_block.c.day < last_day)
    return read.one(select(o.num_block.c.id).where(late).limit(1)) is not None


def _end(work: Work, block: Any, state: str, given: frozenset[str]) -> int:
    known = {
        row.case_no
        for row in work.all(select(o.receipt.c.case_no).where(o.receipt.c.block_id == block.id).limit(BLOCK))
    }
    unused = len(set(rules.numbers(block.day, block.first, block.last)) - known - given)
    work.execute(
        update(o.num_block)
        .where(o.num_block.c.id == block.id)
        .values(state=state, ended_at=work.now, unused=unused)
    )
    return unused


def not_leased(number: str, desk: str) -> UserError:
    """The error for a number or block that another desk has, or none."""
    return UserError(
        "NOT_LEASED",
        L("Number {number} was not set aside for desk {desk}.", number=number, desk=desk),
        do=L("Sign in at the desk that printed the receipt."),
    )


class AskBlocks(Request):
    """A day; today unless another is named."""

    day: date | None = None


@dataclass(frozen=True)
class BlockRow:
    """A block of a day with what became of its numbers: those of a gap in the day's cases are among them."""

    id: int
    desk: str
    first: str
    last: str
    leased_at: datetime
    staff_name: str
    state: str
    entered: int
    ended_otherwise: int
    unused: int | None


@query("acceptance.num_blocks", permission="acceptance.view", title="Blocks of case numbers")
def num_blocks(read: Read, request: AskBlocks) -> list[BlockRow]:
    """The blocks of numbers that desks had in hand on a day, by place in the series."""
    count = func.count().label("n")
    day = request.day or read.today
    blocks = read.all(
        select(o.num_block).where(o.num_block.c.day == day).order_by(o.num_block.c.first).limit(2000)
    )
    ids = select(o.num_block.c.id).where(o.num_block.c.day == day)
    tally = {
        (row.block_id, row.outcome): row.n
        for row in read.all(
            select(o.receipt.c.block_id, o.receipt.c.outcome, count)
            .where(o.receipt.c.block_id.in_(ids))
            .group_by(o.receipt.c.block_id, o.receipt.c.outcome)
        )
    }
    return [
        BlockRow(
            b.id, b.desk, identifiers.case_number(REGION, b.day, b.first), identifiers.case_number(REGION, b.day, b.last),
            b.leased_at, b.staff_name, b.state, tally.get((b.id, Ended.ENTERED), 0),
            tally.get((b.id, Ended.DRAFT), 0) + tally.get((b.id, Ended.CANCELLED), 0), b.unused,
        )
        for b in blocks
    ]  # fmt: skip
