"""Journal rows: one for everything done. Written inside the transaction of what they tell, read in commit order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast, func, insert, literal, select

from yichuang.storage.database import Reader, Writer
from yichuang.storage.hall_tables import journal
from yichuang.storage.prepared import Prepared, prepare
from yichuang.storage.schema import canonical_json

_COLUMNS = ("at", "account", "agency", "desk", "event", "subject", "detail")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One thing done: who, where, when, what, about what."""

    id: int
    turn: int
    at: datetime
    account: str
    agency: str
    desk: str
    event: str
    subject: str
    detail: dict[str, Any]

    def digest(self) -> bytes:
        """SHA-256 over the canonical JSON of all fields a person can read."""
        fields = [
            self.id,
            self.at.isoformat(),
            self.account,
            self.agency,
            self.desk,
            self.event,
            self.subject,
            self.detail,
        ]
        return hashlib.sha256(canonical_json(fields).encode()).digest()


def _insert(turn: Any) -> Prepared:
    values: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
    return prepare(insert(journal).values(turn=turn, **values).returning(journal.c.id))


_APPEND = {
    "sqlite": _insert(literal(0, BigInteger)),
    # The transaction's own id: a reader stops before the oldest one still running, so late commits are never skipped.
    "postgresql": _insert(cast(cast(func.pg_current_xact_id(), Text), BigInteger)),
}
_APPEND_MANY = {
    "sqlite": insert(journal).values(turn=literal(0, BigInteger)),
    "postgresql": insert(journal).values(turn=cast(cast(func.pg_current_xact_id(), Text), BigInteger)),
}
_LAST_AT = prepare(select(journal.c.at).order_by(journal.c.id.desc()).limit(1))

_SELECT = select(journal)
_AFTER = {
    "sqlite": prepare(
        _SELECT.where(journal.c.id > bindparam("id"), bindparam("turn", 0, BigInteger) == 0)
        .order_by(journal.c.id)
        .limit(bindparam("limit"))
    ),
    "postgresql": prepare(
        _SELECT.where(
            func.row(journal.c.turn, journal.c.id)
            > func.row(bindparam("turn", type_=BigInteger), bindparam("id", type_=BigInteger)),
            journal.c.turn < cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger),
        )
        .order_by(journal.c.turn, journal.c.id)
        .limit(bindparam("limit"))
    ),
}


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reader has come; the next read starts behind it."""

    turn: int = 0
    id: int = 0


def append(
    writer: Writer,
    *,
    at: datetime,
    account: str,
    agency: str,
    desk: str,
    event: str,
    subject: str,
    detail: str,
) -> int:
    """Write one row (detail is canonical JSON already) and return its id."""
    row = writer.one(
        _APPEND[writer.dialect.name],
        at=at, account=account, agency=agency, desk=desk, event=event, subject=subject, detail=detail,
    )  # fmt: skip
    return int(row.id)


def append_many(writer: Writer, rows: list[dict[str, Any]]) -> None:
    """Write rows in their order, each with the fields that `append` takes."""
    writer.execute_many(_APPEND_MANY[writer.dialect.name], rows)


def last_at(reader: Reader) -> datetime | None:
    """When the newest row was written, None in an empty journal."""
    value: datetime | None = reader.scalar(_LAST_AT)
    return value


def entries_after(reader: Reader, position: Position, limit: int = 500) -> list[JournalEntry]:
    """Rows behind a position in commit order; rows that might still be overtaken are left for the next call."""
    rows = reader.all(_AFTER[reader.dialect.name], turn=position.turn, id=position.id, limit=limit)
    return [entry_of(row) for row in rows]


def position_of(entry: JournalEntry) -> Position:
    """The position just behind an entry."""
    return Position(entry.turn, entry.id)


def end_position(reader: Reader) -> Position:
    """The position behind everything that is there now."""
    row = reader.one(
        select(journal.c.turn, journal.c.id).order_by(journal.c.turn.desc(), journal.c.id.desc()).limit(1)
    )
    return Position(row.turn, row.id) if row else Position()


def entry_of(row: Any) -> JournalEntry:
    """A journal entry of a table row."""
    return JournalEntry(
        row.id,
        row.turn,
        row.at,
        row.account,
        row.agency,
        row.desk,
        row.event,
        row.subject,
        json.loads(row.detail),
    )


def entries_about(reader: Reader, subject: str, limit: int = 200) -> list[JournalEntry]:
    """The newest rows about one subject, oldest first."""
    rows = reader.all(_SELECT.where(journal.c.subject == subject).order_by(journal.c.id.desc()).limit(limit))
    return [entry_of(row) for row in reversed(rows)]


def all_entries(reader: Reader, batch: int = 2000) -> Iterator[JournalEntry]:
    """Every row in reading order, a batch at a time."""
    position = Position()
    while found := entries_after(reader, position, batch):
        yield from found
        position = position_of(found[-1])
