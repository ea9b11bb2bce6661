"""What a kiosk keeps on its own disk: numbers in hand, unanswered presses, tickets given out offline, the hall's last look.

Every change is on the disk before the call returns, so a kiosk that is killed or loses its power goes on where it was.
It keeps no identity number and no full name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yichuang.api import DeskFile

KEPT_DAYS = 7

_TABLES = """
CREATE TABLE IF NOT EXISTS number (
    position INTEGER PRIMARY KEY, line TEXT NOT NULL, day TEXT NOT NULL, number TEXT NOT NULL,
    given INTEGER NOT NULL DEFAULT 0, UNIQUE (day, number)
);
CREATE TABLE IF NOT EXISTS press (
    key TEXT PRIMARY KEY, operation TEXT NOT NULL, request TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS ticket (
    position INTEGER PRIMARY KEY, line TEXT NOT NULL, day TEXT NOT NULL, number TEXT NOT NULL, at TEXT NOT NULL,
    data TEXT NOT NULL, printed INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0,
    refused TEXT NOT NULL DEFAULT '', UNIQUE (day, number)
);
CREATE TABLE IF NOT EXISTS hall (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL, look TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Press:
    """A press of the button that the hall has not answered yet.

    Attributes:
        request: What was asked for, without the identity number and the name.
    """

    key: str
    operation: str
    request: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Given:
    """A ticket that was given out from the numbers in hand.

    Attributes:
        data: The further fields of `queue.merge`'s tickets, and the business's name.
    """

    line: str
    number: str
    at: datetime
    data: Mapping[str, Any]

    @property
    def request(self) -> dict[str, Any]:
        """As `queue.merge` takes it."""
        fields = {key: value for key, value in self.data.items() if key != "name"}
        return {"number": self.number, "issued_at": self.at, **fields}


class KioskStore(DeskFile):
    """The kiosk's `DeskFile`."""

    TABLES = _TABLES

    # ---- numbers in hand ----

    def keep(self, line: str, day: str, numbers: Sequence[str]) -> None:
        """Take numbers in hand that the hall has set aside."""
        with self.writing() as file:
            file.executemany(
                "INSERT OR IGNORE INTO number (line, day, number) VALUES (?, ?, ?)",
                [(line, day, n) for n in numbers],
            )

    def left(self, day: date) -> dict[str, int]:
        """How many numbers of a day are in hand, by line."""
        rows = self.rows(
            "SELECT line, count(*) FROM number WHERE day = ? AND given = 0 GROUP BY line", day.isoformat()
        )
        return dict(rows)

    def give(self, line: str, at: datetime, day: date, data: Mapping[str, Any]) -> Given | None:
        """Give out the next number of a line; None where none is in hand.

        Args:
            line: Code of the line.
            at: Now.
            day: Today in the hall; numbers of other days are not given out.
            data: Business, priority, token and the like; `press` names the unanswered press that this one answers.
        """
        with self.writing() as file:
            row = file.execute(
                "SELECT position, number FROM number WHERE line = ? AND day = ? AND given = 0 ORDER BY position LIMIT 1",
                (line, day.isoformat()),
            ).fetchone()
            if row is None:
                return None
            file.execute("UPDATE number SET given = 1 WHERE position = ?", (row[0],))
            file.execute(
                "INSERT INTO ticket (line, day, number, at, data) VALUES (?, ?, ?, ?, ?)",
                (line, day.isoformat(), row[1], at.isoformat(), json.dumps(dict(data), ensure_ascii=False)),
            )
            file.execute("DELETE FROM press WHERE key = ?", (data.get("press", ""),))
        return Given(line, row[1], at, dict(data))

    # ---- what the hall looked like ----

    def remember(self, at: datetime, look: Mapping[str, Any]) -> None:
        """Keep what the hall looked like, for a start while it is away."""
        with self.writing() as file:
            file.execute(
                "INSERT OR REPLACE INTO hall VALUES (1, ?, ?)",
                (at.isoformat(), json.dumps(dict(look), ensure_ascii=False)),
            )

    def last_look(self) -> tuple[datetime, dict[str, Any]] | None:
        """What was kept last, and when the hall looked so; None before the first time."""
        rows = self.rows("SELECT at, look FROM hall")
        return (datetime.fromisoformat(rows[0][0]), json.loads(rows[0][1])) if rows else None

    # ---- presses without an answer ----

    def begin(self, press: Press) -> None:
        """Remember a press before the hall is asked."""
        with self.writing() as file:
            file.execute(
                "INSERT OR REPLACE INTO press VALUES (?, ?, ?, ?)",
                (
                    press.key,
                    press.operation,
                    json.dumps(dict(press.request), ensure_ascii=False),
                    press.at.isoformat(),
                ),
            )

    def end(self, key: str) -> None:
        """Its number is on paper or was shown, or it was refused."""
        with self.writing() as file:
            file.execute("DELETE FROM press WHERE key = ?", (key,))

    def presses(self) -> list[Press]:
        """Those that are still open, the oldest first."""
        rows = self.rows("SELECT key, operation, request, at FROM press ORDER BY at")
        return [Press(row[0], row[1], json.loads(row[2]), datetime.fromisoformat(row[3])) for row in rows]

    # ---- tickets ----

    def printed(self, given: Given) -> None:
        """Its number is on paper or was shown."""
        self._mark("printed = 1", [given])

    def merged(self, given: Sequence[Given]) -> None:
        """The hall has entered them."""
        self._mark("merged = 1", given)

    def refuse(self, given: Given, why: str) -> None:
        """The hall will never enter it; kept for whoever looks into it."""
        with self.writing() as file:
            file.execute(
                "UPDATE ticket SET refused = ? WHERE number = ? AND at = ?",
                (why, given.number, given.at.isoformat()),
            )

    def unmerged(self) -> list[Given]:
        """What the hall does not know yet, in the order in which it was given out."""
        return self._tickets("merged = 0 AND refused = ''")

    def unprinted(self) -> list[Given]:
        """What was given out and did not reach paper or screen."""
        return self._tickets("printed = 0")

    def forget(self, before: date) -> None:
        """Drop what is older; never a ticket that the hall does not know."""
        with self.writing() as file:
            file.execute("DELETE FROM number WHERE day < ?", (before.isoformat(),))
            file.execute("DELETE FROM ticket WHERE day < ? AND merged = 1", (before.isoformat(),))

    def _tickets(self, where: str) -> list[Given]:
        rows = self.rows(f"SELECT line, number, at, data FROM ticket WHERE {where} ORDER BY position")  # noqa: S608 - our own words
        return [Given(row[0], row[1], datetime.fromisoformat(row[2]), json.loads(row[3])) for row in rows]

    def _mark(self, change: str, given: Sequence[Given]) -> None:
        with self.writing() as file:
            file.executemany(
                f"UPDATE ticket SET {change} WHERE number = ? AND at = ?",  # noqa: S608 - our own words
                [(each.number, each.at.isoformat()) for each in given],
            )
