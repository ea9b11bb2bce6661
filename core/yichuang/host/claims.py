"""Roles that only one process of a hall has at a time, such as a zone's voice. Whoever dies gives its roles back at once.

On PostgreSQL an advisory lock of a connection of its own, on SQLite a locked file beside the database: both end with their
process, so nobody waits for a lease to run out and nothing is written again and again to keep it.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from yichuang.host.locks import try_lock
from yichuang.storage.database import Database

KEEPALIVE = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
"""A machine that loses its power is noticed by the server within 20 seconds."""


class Claim(Protocol):
    """A role that this process has."""

    def holds(self) -> bool:
        """Whether it still has it; the connection may have been cut."""
        ...

    def release(self) -> None:
        """Give it back; a second time does nothing."""
        ...


def claim(database: Database, name: str) -> Claim | None:
    """Take a role, None where another process has it.

    Args:
        database: The hall's.
        name: The role's, such as "queue.voice:permits".
    """
    digest = hashlib.sha256(name.encode()).digest()
    if database.dialect_name == "sqlite":
        path = Path(str(database.url.database))
        return _FileClaim.take(path.with_name(f"{path.name}-role-{digest.hex()[:16]}"))
    return _ServerClaim.take(database, int.from_bytes(digest[:8], "big", signed=True))


class _FileClaim:
    def __init__(self, stack: ExitStack) -> None:
        self._stack: ExitStack | None = stack

    @classmethod
    def take(cls, path: Path) -> _FileClaim | None:
        with ExitStack() as stack:
            file = stack.enter_context(path.open("a+", encoding="utf-8"))
            return cls(stack.pop_all()) if try_lock(file) else None

    def holds(self) -> bool:
        return self._stack is not None

    def release(self) -> None:
        if self._stack is not None:
            self._stack.close()
            self._stack = None


class _ServerClaim:
    def __init__(self, stack: ExitStack, driver: Any) -> None:
        self._stack: ExitStack | None = stack
        self._driver = driver

    @classmethod
    def take(cls, database: Database, key: int) -> _ServerClaim | None:
        with ExitStack() as stack:
            driver = stack.enter_context(database.watching())
            for setting in KEEPALIVE:
                driver.execute(f"SET {setting}")
            taken = driver.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()[0]
            return cls(stack.pop_all(), driver) if taken else None

    def holds(self) -> bool:
        if self._stack is None:
            return False
        try:
            self._driver.execute("SELECT 1").fetchone()
        except Exception:  # noqa: BLE001 - however the connection was lost, the role is lost with it
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._stack is not None:
            stack, self._stack = self._stack, None
            stack.close()
