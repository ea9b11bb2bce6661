"""What a window keeps on its own disk for going on without the hall: numbers in hand, the catalogue, receipts, what is typed.

Every change is on the disk before the call returns. Whatever names a person is sealed with the hall's cipher, as drafts are.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yichuang.api import DeskFile, IdentityCipher, UserError
from yichuang_acceptance.rules.pages import OFD, check_page, pages_of
from yichuang_acceptance.words import words

L = words.lazy
KEPT_DAYS = 30
_SEAL = b"acceptance.offline"
_TABLES = """
CREATE TABLE IF NOT EXISTS number (
    case_no TEXT PRIMARY KEY, block INTEGER NOT NULL, day TEXT NOT NULL, given INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS receipt (
    position INTEGER PRIMARY KEY, local_id TEXT NOT NULL UNIQUE, case_no TEXT NOT NULL UNIQUE, block INTEGER NOT NULL,
    at TEXT NOT NULL, state TEXT NOT NULL, printed INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL, refusal BLOB
);
CREATE TABLE IF NOT EXISTS typing (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS page (
    owner TEXT NOT NULL, digest TEXT NOT NULL, at TEXT NOT NULL, media_type TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (owner, digest)
);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, at TEXT NOT NULL, value TEXT NOT NULL);
"""
WAITING, REFUSED = "waiting", "refused"
OPEN = (WAITING, REFUSED)
TYPING = "typing"
"""Owner of the pages that belong to what stands in the form; those of a receipt belong to its id."""
_ADOPT = "UPDATE page SET owner = ? WHERE owner = ? AND digest IN (SELECT value FROM json_each(?))"
_COPY = (
    "INSERT OR IGNORE INTO page SELECT ?, digest, at, media_type, body FROM page "
    "WHERE owner = ? AND digest IN (SELECT value FROM json_each(?))"
)
_KEEP_ONLY = "DELETE FROM page WHERE owner = ? AND digest NOT IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Receipt:
    """An application that was received without the hall.

    Attributes:
        state: waiting (to be entered), refused (by the hall), entered, draft or cancelled.
        body: What was received and by whom: see `ui.offline.form`.
        refusal: Code, sentence and advice of the hall's answer, where it was refused.
    """

    local_id: str
    case_no: str
    at: datetime
    state: str
    printed: bool
    body: Mapping[str, Any]
    refusal: Mapping[str, str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the hall does not have it yet, and nobody has ended it."""
        return self.state in OPEN

    @property
    def pages(self) -> set[str]:
        """The digests of its captured pages."""
        return _pages(self.body)


class IntakeStore(DeskFile):
    """The window's `DeskFile`."""

    TABLES = _TABLES

    def __init__(self, path: Path, cipher: IdentityCipher) -> None:
        super().__init__(path)
        self._cipher = cipher

    # ---- numbers in hand ----

    def keep_numbers(self, block: int, day: str, numbers: Sequence[str]) -> None:
        """Take numbers in hand that the hall has set aside."""
        with self.writing() as file:
            file.executemany(
                "INSERT OR IGNORE INTO number (case_no, block, day) VALUES (?, ?, ?)",
                [(number, block, day) for number in numbers],
            )

    def left(self) -> dict[str, int]:
        """How many numbers are in hand, by day."""
        return dict(self.rows("SELECT day, count(*) FROM number WHERE given = 0 GROUP BY day"))

    def given(self, block: int) -> list[str]:
        """The numbers of a block that stand on receipts which the hall does not know of yet."""
        rows = self.rows(
            "SELECT case_no FROM receipt WHERE block = ? AND state IN ('waiting', 'refused') ORDER BY position",
            block,
        )
        return [row[0] for row in rows]

    def drop_numbers(self, block: int) -> None:
        """Give none of a block's numbers from now on; before the hall is told so."""
        with self.writing() as file:
            file.execute("DELETE FROM number WHERE block = ? AND given = 0", (block,))

    # ---- receipts ----

    def receive(self, at: datetime, day: date, body: Mapping[str, Any]) -> Receipt:
        """Give the next number of the day to an application; what was being typed is gone with the same stroke.

        Raises:
            UserError: NO_NUMBERS.
        """
        local_id = uuid.uuid4().hex
        with self.writing() as file:
            row = file.execute(
                "SELECT case_no, block FROM number WHERE day = ? AND given = 0 ORDER BY block, case_no LIMIT 1",
                (day.isoformat(),),
            ).fetchone()
            if row is None:
                raise UserError(
                    "NO_NUMBERS",
                    L("This desk has no case number of today left."),
                    safe=L("What was typed is kept on this desk."),
                    do=L("Send the applicant to a desk that has some, or wait until the database is back."),
                )
            file.execute("UPDATE number SET given = 1 WHERE case_no = ?", (row[0],))
            file.execute(
                "INSERT INTO receipt (local_id, case_no, block, at, state, body) VALUES (?, ?, ?, ?, 'waiting', ?)",
                (local_id, row[0], row[1], at.isoformat(), self._seal(body, local_id)),
            )
            file.execute(_ADOPT, (local_id, TYPING, _these(body)))
            _clear(file)
        return Receipt(local_id, row[0], at, WAITING, False, dict(body))

    def receipts(self) -> list[Receipt]:
        """All that are kept, in the order in which they were received."""
        rows = self.rows(
            "SELECT local_id, case_no, at, state, printed, body, refusal FROM receipt ORDER BY position"
        )
        return [
            Receipt(row[0], row[1], datetime.fromisoformat(row[2]), row[3], bool(row[4]), self._open_seal(row[5], row[0]),
                    self._open_seal(row[6], row[0]) if row[6] else None)
            for row in rows
        ]  # fmt: skip

    def mend(self, receipt: Receipt, body: Mapping[str, Any], at: datetime) -> None:
        """Other content of a receipt that the hall does not have; it waits again."""
        sealed, pages, mine = self._seal(body, receipt.local_id), _these(body), receipt.local_id
        with self.writing() as file:
            changed = file.execute(
                "UPDATE receipt SET body = ?, at = ?, state = 'waiting', refusal = NULL "
                "WHERE local_id = ? AND state IN ('waiting', 'refused')",
                (sealed, at.isoformat(), mine),
            ).rowcount
            if changed:
                file.execute(_COPY, (mine, TYPING, pages))
                file.execute(_KEEP_ONLY, (mine, pages))

    def printed(self, receipt: Receipt) -> None:
        """It is on paper."""
        with self.writing() as file:
            file.execute("UPDATE receipt SET printed = 1 WHERE local_id = ?", (receipt.local_id,))

    def refuse(self, receipt: Receipt, refusal: Mapping[str, str]) -> None:
        """The hall did not take it: kept with the reason until somebody has seen to it."""
        sealed = self._seal(refusal, receipt.local_id)
        with self.writing() as file:
            file.execute(
                "UPDATE receipt SET state = 'refused', refusal = ? WHERE local_id = ? AND state IN ('waiting', 'refused')",
                (sealed, receipt.local_id),
            )

    def end(self, receipt: Receipt, state: str) -> None:
        """The hall has it: entered, draft or cancelled. Its pages are not needed here any more."""
        with self.writing() as file:
            file.execute(
                "UPDATE receipt SET state = ?, refusal = NULL WHERE local_id = ?", (state, receipt.local_id)
            )
            file.execute("DELETE FROM page WHERE owner = ?", (receipt.local_id,))

    def forget(self, before: date) -> None:
        """Drop what is older; never a receipt that the hall does not know of, nor a page of one."""
        with self.writing() as file:
            file.execute(
                "DELETE FROM page WHERE owner = ? AND at < ? AND NOT EXISTS (SELECT 1 FROM typing)",
                (TYPING, before.isoformat()),
            )
            file.execute("DELETE FROM number WHERE day < ?", (before.isoformat(),))
            file.execute(
                "DELETE FROM receipt WHERE at < ? AND state NOT IN ('waiting', 'refused')",
                (before.isoformat(),),
            )

    # ---- what is being typed ----

    def type(self, body: Mapping[str, Any] | None) -> None:
        """Keep what stands in the form; None where nothing does, its pages go as well then."""
        with self.writing() as file:
            if body is None:
                _clear(file)
            else:
                file.execute("INSERT OR REPLACE INTO typing VALUES (1, ?)", (self._seal(body, TYPING),))

    def typed(self) -> dict[str, Any] | None:
        """What stood in the form last."""
        rows = self.rows("SELECT body FROM typing")
        return self._open_seal(rows[0][0], TYPING) if rows else None

    # ---- captured pages ----

    def keep_page(self, at: datetime, data: bytes, media_type: str) -> str:
        """Keep a page of what stands in the form; returns its digest, by which the hall will know it as well.

        Raises:
            UserError: FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_READABLE, FILE_NOT_SHOWN.
        """
        check_page(data, media_type)
        if media_type == OFD:  # the hall would refuse what nothing can show, and the receipt with it
            raise UserError(
                "FILE_NOT_SHOWN",
                L("Whether an OFD file can be shown is not known while the hall's database is away."),
                do=L("Take a PDF or scan the paper, or add the file later, at the case."),
            )
        digest = hashlib.sha256(data).hexdigest()
        sealed = self._cipher.encrypt(data, _page_seal(digest))
        with self.writing() as file:
            file.execute(
                "INSERT OR IGNORE INTO page VALUES (?, ?, ?, ?, ?)",
                (TYPING, digest, at.isoformat(), media_type, sealed),
            )
        return digest

    def digests(self, owner: str) -> list[str]:
        """Of the pages that are kept here for a receipt, or for what stands in the form."""
        return [
            row[0] for row in self.rows("SELECT digest FROM page WHERE owner = ? ORDER BY at, digest", owner)
        ]

    def page(self, digest: str) -> tuple[bytes, str]:
        """A page and its media type.

        Raises:
            UserError: FILE_MISSING where it is not kept here, such as one that the hall has; IDENTITY_DATA_DAMAGED.
        """
        rows = self.rows("SELECT body, media_type FROM page WHERE digest = ? LIMIT 1", digest)
        if not rows:
            raise UserError("FILE_MISSING", L("This page is not kept on this desk."))
        return self._cipher.decrypt(rows[0][0], _page_seal(digest)), str(rows[0][1])

    # ---- the hall as it was last ----

    def remember(self, name: str, at: datetime, value: Any) -> None:
        """Keep something of the hall that is no secret: the catalogue, what papers print, who works here."""
        with self.writing() as file:
            file.execute(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
                (name, at.isoformat(), json.dumps(value, ensure_ascii=False)),
            )

    def recall(self, name: str) -> tuple[datetime, Any] | None:
        """What was kept last under a name, and when; None before the first time."""
        rows = self.rows("SELECT at, value FROM kept WHERE name = ?", name)
        return (datetime.fromisoformat(rows[0][0]), json.loads(rows[0][1])) if rows else None

    def _seal(self, value: Mapping[str, Any], what: str) -> bytes:
        text = json.dumps(dict(value), ensure_ascii=False).encode()
        return self._cipher.encrypt(text, _SEAL + what.encode())

    def _open_seal(self, sealed: bytes, what: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._cipher.decrypt(sealed, _SEAL + what.encode()))
        return found


def _page_seal(digest: str) -> bytes:
    return _SEAL + b"page:" + digest.encode()


def _pages(body: Mapping[str, Any]) -> set[str]:
    return pages_of(body.get("intake", {}).get("materials", ()))


def _these(body: Mapping[str, Any]) -> str:
    """The digests of an application's pages, as the statements above take them."""
    return json.dumps(sorted(_pages(body)))


def _clear(file: sqlite3.Connection) -> None:
    """Nothing stands in the form any more."""
    file.execute("DELETE FROM typing")
    file.execute("DELETE FROM page WHERE owner = ?", (TYPING,))
