"""What a desk keeps on its own disk while the hall is away: a small SQLite file that survives kills and power cuts."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

log = logging.getLogger("yichuang.storage")


class DeskFile:
    """A small SQLite file. Thread-safe; several processes may share it. Once closed every call is an `sqlite3.Error`.

    Every change is on the disk before `writing` ends (WAL with `synchronous=FULL`), so whoever is killed goes on where it
    was. A subclass names its tables and keeps nothing readable that is confidential.
    """

    TABLES = ""

    def __init__(self, path: Path) -> None:
        """Open or make the file; one that cannot be read is put aside under another name.

        Raises:
            sqlite3.Error: The disk does not work.
        """
        self.path = path
        self._lock = threading.Lock()  # closing must wait for what is under way: SQLite would crash
        try:
            self._file = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = path.with_suffix(f".damaged-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
            log.exception("the desk's own file cannot be read and is put aside as %s", aside)
            path.rename(aside)
            self._file = self._open()

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.path, timeout=5, isolation_level=None, check_same_thread=False)
        try:
            file.execute("PRAGMA journal_mode=WAL").close()
            file.execute("PRAGMA synchronous=FULL").close()
            file.executescript(self.TABLES).close()
        except sqlite3.Error:
            file.close()
            raise
        return file

    def close(self) -> None:
        """Let go of the file, once what is under way has ended."""
        with self._lock:
            self._file.close()

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What a SELECT finds."""
        with self._lock, closing(self._file.execute(sql, values)) as cursor:
            return cursor.fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, on the disk when the block has ended."""
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE").close()
            try:
                yield self._file
                self._file.execute("COMMIT").close()
            except BaseException:
                if self._file.in_transaction:
                    self._file.execute("ROLLBACK").close()
                raise
