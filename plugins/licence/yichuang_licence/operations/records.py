"""The register's rows: a licence by its identifier, its state today, and the record of uses, written and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import HALL_ZONE, Read, UserError, Work, bindparam, identifiers, prepare, select
from yichuang_licence import tables as t
from yichuang_licence.rules import Status, Validity, validity
from yichuang_licence.words import words

L = words.lazy
MOST_FOUND = 50
"""Licences that one question gets at most; nobody reads more of them at a window."""
_BY_CODE = prepare(select(t.licence).where(t.licence.c.code == bindparam("code")))


def by_code(read: Read, code: str) -> Any:
    """The row of an identifier, whose check character is looked at first.

    Raises:
        UserError: BAD_LICENCE_IDENTIFIER, UNKNOWN_LICENCE.
    """
    row = read.one(_BY_CODE, code=identifiers.check_licence_identifier(code))
    if row is None:
        raise UserError("UNKNOWN_LICENCE", L("The register holds no licence with this identifier."))
    return row


def validity_of(read: Read, row: Any) -> Validity:
    """Whether a licence is valid today."""
    return validity(Status(row.status), row.valid_from, row.valid_to, read.today)


def last_change(read: Read, row: Any) -> Any:
    """The newest change of a licence's status, None while it is in force as it was issued."""
    return read.one(
        select(t.use)
        .where(t.use.c.licence_id == row.id, t.use.c.act == "change")
        .order_by(t.use.c.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class UseRow:
    """One use of a licence, or a search that found none.

    Attributes:
        act: search, view, reveal, stand_in or change.
        basis: The holder's authorisation: present, written or statutory.
        result: What came of it: how many were found, the verdict, the field, the new status.
        name: Of the licence; empty where nothing was found.
    """

    id: int
    at: datetime
    staff: str
    desk: str
    act: str
    purpose: str
    basis: str
    case: str
    result: str
    name: str
    number: str
    holder: str


def record_use(
    work: Work, row: Any, act: str, purpose: str, *, basis: str = "", case: str = "", result: str = ""
) -> int:
    """Enter a use; returns its number."""
    return int(work.insert(
        t.use, licence_id=None if row is None else row.id, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name, desk=work.actor.desk or "", act=act, purpose=purpose, basis=basis,
        subject=f"case:{case}" if case else "", result=result,
    ))  # fmt: skip


def use_of_today(read: Read, row: Any, act: str, purpose: str, result: str | None = None) -> Any:
    """The actor's newest use of today that covers reading for this purpose.

    Raises:
        UserError: NOT_OPENED, so that nothing is shown that was not recorded before.
    """
    statement = select(t.use).where(
        t.use.c.licence_id == row.id,
        t.use.c.act == act,
        t.use.c.staff_id == read.actor.staff_id,
        t.use.c.purpose == purpose,
    )
    if result is not None:
        statement = statement.where(t.use.c.result == result)
    found = read.one(statement.order_by(t.use.c.id.desc()).limit(1))
    if found is None or found.at.astimezone(HALL_ZONE).date() != read.today:
        raise UserError(
            "NOT_OPENED",
            L("You have not opened this licence for this purpose today."),
            do=L("Open it first; every look is recorded."),
        )
    return found


def uses_of(read: Read, row: Any, limit: int = 20) -> list[UseRow]:
    """The newest uses of a licence, newest first."""
    return use_rows(read, all_uses().where(t.use.c.licence_id == row.id).limit(limit))


def all_uses() -> Any:
    """The uses with their licences, newest first, as `use_rows` takes them; the caller bounds them."""
    licence = t.licence.c
    columns = (licence.name, licence.number, licence.holder_kind, licence.holder_name)
    return select(t.use, *columns).outerjoin(t.licence, licence.id == t.use.c.licence_id).order_by(t.use.c.id.desc())  # fmt: skip


def use_rows(read: Read, statement: Any) -> list[UseRow]:
    """The uses of a statement over `all_uses`."""
    return [
        UseRow(
            u.id, u.at, u.staff_name, u.desk, u.act, u.purpose, u.basis, u.subject.removeprefix("case:"), u.result,
            u.name or "", u.number or "", shown_holder(u) if u.name else "",
        )
        for u in read.all(statement)
    ]  # fmt: skip


def shown_holder(row: Any) -> str:
    """The holder as lists show one: a person's name is masked, an organisation's is public."""
    name: str = row.holder_name
    return identifiers.mask_name(name) if row.holder_kind == "person" else name
