"""What has changed: journal rows told to whoever listens, after the commit, also those of other processes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from yichuang.journal.entries import JournalEntry, Position, end_position, entries_after, position_of
from yichuang.storage.database import Database

log = logging.getLogger("yichuang.feed")
Listener = Callable[[list[JournalEntry]], None]
LinkListener = Callable[[bool], None]
SQLITE_POLL_SECONDS = 0.2
POSTGRESQL_WAIT_SECONDS = 0.05
POSTGRESQL_LOOK_SECONDS = 1.0  # a wake-up may be lost with its sender
RECONNECT_SECONDS = 1.0


class Feed:
    """Reads the journal behind the last row it saw, woken by PostgreSQL's NOTIFY or SQLite's data_version.

    The wake-up only says "look": what is told is always read from the journal in commit order, so nothing is skipped
    when a wake-up is lost. Listeners are called on the feed's thread.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Listener] = []
        self._link_listeners: list[LinkListener] = []
        self._online = True
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._position: Position | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a listener with every batch of new rows from now on; returns how to stop that."""
        with self._lock:
            if self._position is None:
                with self._database.read() as reader:
                    self._position = end_position(reader)
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def on_link(self, listener: LinkListener) -> Callable[[], None]:
        """Tell a listener, on the feed's thread, when the database is lost (False) and found again (True).

        It is told of a found one after the rows that were missed; returns how to stop that.
        """
        with self._lock:
            self._link_listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._link_listeners:
                    self._link_listeners.remove(listener)

        return stop

    def start(self) -> None:
        """Begin watching for rows of other processes."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._watch, name="yichuang-feed", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def poke(self) -> None:
        """This process has just committed something: look now. Costs nothing where nobody watches."""
        if self._thread is not None:
            self._wake.set()

    def drain(self) -> int:
        """Tell everything that is new, on the caller's thread; returns how many rows."""
        with self._lock:
            position, listeners = self._position, list(self._listeners)
        if position is None:
            return 0
        told = 0
        while True:
            with self._database.read() as reader:
                found = entries_after(reader, position)
            if not found:
                return told
            position = position_of(found[-1])
            with self._lock:
                self._position = position
            for listener in listeners:
                try:
                    listener(found)
                except Exception:
                    log.exception("a listener of the change feed failed")
            told += len(found)

    def _watch(self) -> None:
        watch = self._watch_postgresql if self._database.dialect_name == "postgresql" else self._watch_sqlite
        while not self._stop.is_set():
            try:
                watch()
            except Exception:
                log.exception("the change feed lost the database and tries again")
                self._tell_link(False)
                self._stop.wait(RECONNECT_SECONDS)

    def _tell_link(self, online: bool) -> None:
        with self._lock:
            if online == self._online:
                return
            self._online = online
            listeners = list(self._link_listeners)
        for listener in listeners:
            try:
                listener(online)
            except Exception:
                log.exception("a listener of the change feed failed")

    def _watch_sqlite(self) -> None:
        with self._database.watching() as driver:
            seen = None
            while not self._stop.is_set():
                version = driver.execute("PRAGMA data_version").fetchone()[0]
                if version != seen or self._wake.is_set():
                    seen = version
                    self._wake.clear()
                    self.drain()
                    self._tell_link(True)
                self._wake.wait(SQLITE_POLL_SECONDS)

    def _watch_postgresql(self) -> None:
        with self._database.watching() as driver:
            driver.execute("LISTEN yichuang")
            self.drain()
            self._tell_link(True)
            idle_since = time.monotonic()
            while not self._stop.is_set():
                told: Any = list(driver.notifies(timeout=POSTGRESQL_WAIT_SECONDS, stop_after=1))
                if self._wake.is_set():
                    self._wake.clear()
                    driver.execute(
                        "NOTIFY yichuang"
                    )  # after the commit, many commits in one: NOTIFY inside would queue them
                    told = True
                if told or time.monotonic() - idle_since > POSTGRESQL_LOOK_SECONDS:
                    self.drain()
                    idle_since = time.monotonic()
