"""Rules of taking in while the hall's database is away: numbers in hand, whose they are, and when a receipt can have been.

A number that was printed stays true, so numbers come in blocks of one day's series, set aside for one desk. The law counts
from the day of receipt (art. 32 (4)), so a receipt keeps the desk's time, within what the block and the clock allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yichuang.api import HALL_ZONE, UserError, identifiers
from yichuang_acceptance.words import words

L = words.lazy
REGION = "150421"
BLOCK = 50
"""Numbers of a block, as the field asks for."""
REFILL_BELOW = 15
"""With fewer of today's numbers left a desk takes another block in hand."""
CLOCKS_DIFFER = timedelta(minutes=5)
EXPIRE_DAYS = 7
"""So long after its day a block that no desk gave back counts as expired."""
AHEAD_DAYS = 15
"""A block of a later day may be taken so early: the next working day may lie behind the longest holidays."""


class Ended(StrEnum):
    """What became of a receipt."""

    ENTERED = "entered"
    DRAFT = "draft"  # taken over as a draft; it gets another number
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Place:
    """Where a case number stands: its day and its place in the day's series."""

    day: date
    serial: int


def place_of(case_no: str) -> Place:
    """Where a number of this hall stands.

    Raises:
        UserError: BAD_CASE_NUMBER, also for one of another area or of an item of a matter.
    """
    number = identifiers.check_case_number(case_no)
    try:
        if not number.startswith(REGION) or len(number) != 19:
            raise ValueError(number)
        day = datetime.strptime(number[6:12], "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise UserError(
            "BAD_CASE_NUMBER", L("{number} is no case number of this hall.", number=case_no)
        ) from error
    return Place(day, int(number[12:18]))


def numbers(day: date, first: int, last: int) -> list[str]:
    """The case numbers of a block, in order, with their check digits."""
    return [identifiers.case_number(REGION, day, serial) for serial in range(first, last + 1)]


def needs_more(left: int) -> bool:
    """Whether a desk takes another block in hand, so that the first one does not run out."""
    return left < REFILL_BELOW


def check_day(day: date, today: date) -> None:
    """Let numbers be set aside for today and the near future only.

    Raises:
        UserError: BAD_DAY.
    """
    if not today <= day <= today + timedelta(days=AHEAD_DAYS):
        raise UserError("BAD_DAY", L("Numbers of {day} cannot be set aside now.", day=day.isoformat()))


def check_receipt(case_no: str, received: datetime, day: date, leased: datetime, now: datetime) -> None:
    """Let a receipt be entered only where its time is possible; a wrong clock must not move the law's days.

    Args:
        case_no: The number on it.
        received: When the desk took the application in.
        day: Of the number.
        leased: When the block was set aside.
        now: The hall's time.

    Raises:
        UserError: RECEIVED_IN_FUTURE, RECEIVED_BEFORE_BLOCK, RECEIVED_ON_ANOTHER_DAY.
    """
    when = {"number": case_no, "at": f"{received.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"}
    clock = L(
        "Set this desk's clock right, then correct the time of receipt with the applicant's copy in hand."
    )
    if received > now + CLOCKS_DIFFER:
        raise UserError(
            "RECEIVED_IN_FUTURE",
            L("Receipt {number} is dated {at}, which has not come yet.", **when),
            do=clock,
        )
    if received < leased - CLOCKS_DIFFER:
        raise UserError(
            "RECEIVED_BEFORE_BLOCK",
            L("Receipt {number} is dated {at}, before its number was given to this desk.", **when),
            do=clock,
        )
    if received.astimezone(HALL_ZONE).date() != day:
        raise UserError(
            "RECEIVED_ON_ANOTHER_DAY",
            L("Receipt {number} is dated {at}, but its number belongs to another day.", **when),
            do=clock,
        )
