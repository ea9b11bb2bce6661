"""Sign-ins that no database knew of: who worked at which desk while it was away, for whoever keeps the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import literal, select

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.away_sign_in import MOST_DAYS
from yichuang.journal.entries import entry_of
from yichuang.operations.model import Request, query
from yichuang.operations.work import Read
from yichuang.storage.hall_tables import account, journal, staff

L = words.lazy
SUBJECT = "away:"
"""Before an account's name: what the journal calls a return after which there is something to look at."""


def subject_of(name: str, unlocked: int, wrong: int, *, allowed: bool) -> str:
    """What the return of an account is about: only that it came back, or what was done meanwhile."""
    return f"{SUBJECT}{name}" if unlocked or wrong or not allowed else f"account:{name}"


def check_days(value: Any) -> None:
    """Let only whole days be set as the time for which a desk remembers a sign-in.

    Raises:
        UserError: AWAY_DAYS_WRONG.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DAYS:
        raise UserError(
            "AWAY_DAYS_WRONG", L("This is a number of whole days, 0 to {most}.", most=MOST_DAYS),
            do=L("Type 0 where nobody may sign in while the database is away."),
        )  # fmt: skip


@dataclass(frozen=True)
class AwayRow:
    """What somebody did at a desk while the database was away, as it became known.

    Attributes:
        at: When the desk told the hall.
        unlocked: When the person signed in or unlocked the screen, oldest first.
        wrong: How many wrong passwords were typed.
        allowed: Whether the account was still active then; otherwise the desk was left at once.
    """

    id: int
    at: datetime
    account: str
    name: str
    desk: str
    unlocked: list[datetime]
    wrong: int
    allowed: bool


class AskAway(Request):
    """A page; `before_id` is the id of the last row of the page before."""

    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("identity.away_sign_ins", permission="identity.manage", title="Sign-ins while the database was away")
def away_sign_ins(read: Read, request: AskAway) -> list[AwayRow]:
    """Sign-ins, unlocked screens and wrong passwords of times without the database, what became known last first."""
    of_accounts = select(literal(SUBJECT) + account.c.name)
    wanted = select(journal).where(journal.c.subject.in_(of_accounts))
    if request.before_id is not None:
        wanted = wanted.where(journal.c.id < request.before_id)
    entries = [entry_of(row) for row in read.all(wanted.order_by(journal.c.id.desc()).limit(request.limit))]
    named = select(account.c.name, staff.c.name.label("person")).join(staff, staff.c.id == account.c.staff_id)
    people = {
        row.name: row.person
        for row in read.all(named.where(account.c.name.in_({entry.account for entry in entries})))
    }
    return [
        AwayRow(
            e.id, e.at, e.account, people.get(e.account, e.account), e.desk,
            [datetime.fromisoformat(moment) for moment in e.detail["unlocked"]], e.detail["wrong"], e.detail["allowed"],
        )
        for e in entries
    ]  # fmt: skip
