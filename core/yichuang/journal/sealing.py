"""Sealing the journal: finished rows in batches, each a Merkle root in a signed chain; verifying names the first bad row.

Writers never wait for one another: a batch is sealed afterwards, within seconds, by whichever process ticks first.
Hash tree as in RFC 6962 section 2.1 (leaf and node prefixes 0x00 and 0x01), signatures Ed25519 (RFC 8032).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.journal.entries import JournalEntry, Position, entries_after, entry_of, position_of
from yichuang.storage.database import Database, Reader
from yichuang.storage.hall_tables import journal, journal_seal

L = words.lazy
BATCH_ROWS = 4096
_LEAF = struct.Struct(">q32s")
_START = b"\0" * 32


class SigningKey(Protocol):
    """The hall's key: Ed25519, kept in the keyring."""

    @property
    def id(self) -> str:
        """A short name of the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        ...


@dataclass(frozen=True)
class Verdict:
    """What verifying found: how much was checked and the first thing that is wrong."""

    rows_sealed: int
    rows_open: int
    batches: int
    bad_row: int | None = None
    problem: LazyText | None = None

    @property
    def intact(self) -> bool:
        """True when nothing is wrong."""
        return self.problem is None


def merkle_root(digests: list[bytes]) -> bytes:
    """The RFC 6962 root of leaf digests; levels are folded pairwise, an odd node moves up unchanged."""
    level = [hashlib.sha256(b"\0" + digest).digest() for digest in digests]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def _head(previous: bytes, number: int, root: bytes) -> bytes:
    return hashlib.sha256(previous + struct.pack(">q", number) + root).digest()


def seal_finished(database: Database, key: SigningKey, now: datetime) -> int:
    """Seal the rows that no running transaction can precede any more; returns how many. Safe to call from many processes."""
    with database.read() as reader:
        last = reader.one(select(journal_seal).order_by(journal_seal.c.number.desc()).limit(1))
        position = Position(last.last_turn, last.last_id) if last else Position()
        entries = entries_after(reader, position, BATCH_ROWS)
    if not entries:
        return 0
    digests = [entry.digest() for entry in entries]
    number = last.number + 1 if last else 1
    root = merkle_root(digests)
    head = _head(last.head if last else _START, number, root)
    end = position_of(entries[-1])
    row = {
        "number": number, "at": now, "count": len(entries), "last_turn": end.turn, "last_id": end.id,
        "leaves": b"".join(_LEAF.pack(e.id, d) for e, d in zip(entries, digests, strict=True)),
        "root": root, "head": head, "key_id": key.id, "signature": key.sign(head),
    }  # fmt: skip
    try:
        with database.write() as writer:
            writer.execute(insert(journal_seal).values(**row))
    except IntegrityError:
        return 0  # another process sealed the same batch first
    return len(entries)


def seal_all(database: Database, key: SigningKey, now: datetime) -> int:
    """Seal batch after batch until nothing is left."""
    total = 0
    while sealed := seal_finished(database, key, now):
        total += sealed
    return total


def verify(database: Database, check_signature: Callable[[str, bytes, bytes], bool]) -> Verdict:
    """Check every batch and row; names the first row that was changed, removed, inserted or reordered.

    Args:
        database: The hall's database.
        check_signature: `(key_id, signature, head) -> bool` with keys the caller trusts.
    """
    with database.read() as reader:
        return _Check(reader, check_signature).run()


class _Check:
    def __init__(self, reader: Reader, check_signature: Callable[[str, bytes, bytes], bool]) -> None:
        self.reader = reader
        self.check_signature = check_signature
        self.sealed_ids: set[int] = set()
        self.previous = _START
        self.batches = 0
        self.end = Position()

    def run(self) -> Verdict:
        numbers = self.reader.all(select(journal_seal.c.number).order_by(journal_seal.c.number))
        for expected, row in enumerate(numbers, start=1):
            if row.number != expected:
                return self._bad(None, L("Seal {number} of the journal is missing.", number=expected))
            seal = self.reader.one(select(journal_seal).where(journal_seal.c.number == row.number))
            wrong = self._check_seal(seal) or self._check_rows(seal)
            if wrong is not None:
                return wrong
            self.previous = bytes(seal.head)
            self.end = Position(seal.last_turn, seal.last_id)
            self.batches += 1
        return self._check_inserted() or self._verdict(None, None)

    def _check_seal(self, seal: Any) -> Verdict | None:
        digests = [digest for _, digest in _leaves(seal)]
        if merkle_root(digests) != seal.root or _head(self.previous, seal.number, seal.root) != seal.head:
            return self._bad(None, L("Seal {number} of the journal was changed.", number=seal.number))
        if not self.check_signature(seal.key_id, seal.signature, seal.head):
            return self._bad(
                None, L("Seal {number} is not signed by a key of this hall.", number=seal.number)
            )
        return None

    def _check_rows(self, seal: Any) -> Verdict | None:
        leaves = list(_leaves(seal))
        rows = self._rows_by_id([row_id for row_id, _ in leaves])
        known = {digest: row_id for row_id, digest in leaves}
        for row_id, digest in leaves:
            entry = rows.get(row_id)
            if entry is None:
                return self._bad(row_id, L("Journal row {row} was removed.", row=row_id))
            if entry.digest() != digest:
                return self._bad(row_id, _changed_or_moved(entry, known))
            self.sealed_ids.add(row_id)
        return None

    def _rows_by_id(self, ids: list[int]) -> dict[int, JournalEntry]:
        found: dict[int, JournalEntry] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            found.update(
                (r.id, entry_of(r)) for r in self.reader.all(select(journal).where(journal.c.id.in_(part)))
            )
        return found

    def _check_inserted(self) -> Verdict | None:
        if not self.batches:
            return None
        behind = tuple_(journal.c.turn, journal.c.id) <= tuple_(self.end.turn, self.end.id)
        after = -(2**63)  # a forged row may carry any id
        while rows := self.reader.all(
            select(journal.c.id).where(behind, journal.c.id > after).order_by(journal.c.id).limit(5000)
        ):
            for row in rows:
                if row.id not in self.sealed_ids:
                    return self._bad(row.id, L("Journal row {row} was inserted later.", row=row.id))
            after = rows[-1].id
        return None

    def _bad(self, row: int | None, problem: LazyText) -> Verdict:
        return self._verdict(row, problem)

    def _verdict(self, row: int | None, problem: LazyText | None) -> Verdict:
        rows_open = len(entries_after(self.reader, self.end, BATCH_ROWS)) if problem is None else 0
        return Verdict(len(self.sealed_ids), rows_open, self.batches, row, problem)


def _leaves(seal: Any) -> Iterator[tuple[int, bytes]]:
    return _LEAF.iter_unpack(bytes(seal.leaves))


def _changed_or_moved(entry: JournalEntry, known: dict[bytes, int]) -> LazyText:
    """Content that stands sealed under another id means that rows were reordered."""
    for other in set(known.values()) - {entry.id}:
        moved = JournalEntry(
            other,
            entry.turn,
            entry.at,
            entry.account,
            entry.agency,
            entry.desk,
            entry.event,
            entry.subject,
            entry.detail,
        )
        if known.get(moved.digest()) == other:
            return L(
                "Journal row {row} was reordered: it holds what row {other} held.", row=entry.id, other=other
            )
    return L("Journal row {row} was changed.", row=entry.id)
