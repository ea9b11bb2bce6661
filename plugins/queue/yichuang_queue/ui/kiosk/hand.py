"""The kiosk's numbers in hand: taken from the hall while it is there, given out while it is away, entered when it is back."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from yichuang.api import AWAY, HALL_ZONE, UserError
from yichuang.api.ui import PageContext
from yichuang_queue.kiosk_store import KEPT_DAYS, Given, KioskStore, Press
from yichuang_queue.words import words

L = words.lazy
log = logging.getLogger("yichuang.plugin.queue")

REFILL_BELOW = 10
MERGED_AT_ONCE = 100

Act = Callable[[KioskStore], Any]
Then = Callable[[Any], object]


@dataclass(frozen=True)
class Left:
    """What the kiosk's disk held at its start.

    Attributes:
        presses: Without an answer, the oldest first.
        unprinted: Tickets that did not reach paper.
        unmerged: Tickets that the hall does not know yet.
        look: What the hall looked like last, and when; None before the first time.
    """

    presses: Sequence[Press]
    unprinted: Sequence[Given]
    unmerged: Sequence[Given]
    look: tuple[datetime, dict[str, Any]] | None


class Hand(QObject):
    """Keeps a `KioskStore` and the hall in step; everything on the disk happens off the UI thread, in order.

    Signals:
        opened: The disk works, and this is what was `Left` on it.
        back: The hall knows everything now; how many tickets it has entered.
        away: The hall could not be told.
        refused: The hall will not enter a ticket; it is kept and logged.

    Args:
        context: The kiosk's.
        kiosk: Its code.

    Attributes:
        lease: How many numbers of each line to have in hand; 0 for none.
    """

    opened = pyqtSignal(object)
    back = pyqtSignal(int)
    away = pyqtSignal()
    refused = pyqtSignal()

    def __init__(self, context: PageContext, kiosk: str) -> None:
        super().__init__(context)
        self._context = context
        self._kiosk = kiosk
        self.lease = 0
        self._store: KioskStore | None = None
        self._closed = False
        self._leasing = False
        self._no_lease: set[tuple[str, date]] = set()
        self._merging = False
        self._count = 0
        self._folder = context.data_dir
        context.work(self._open, done=self._on_opened, failed=self._no_store)

    def keep(self, act: Act, done: Then | None = None, failed: Then | None = None) -> None:
        """Do something with the store; `done(result)` follows, or `failed(error)` where the disk does not work."""

        def acted() -> Any:
            store = self._store
            try:
                if store is not None:
                    return act(store)
                cause = "not open"
            except sqlite3.Error as error:
                cause = str(error)
            raise UserError("NO_STORE", L("The kiosk's own disk does not work."), detail={"cause": cause})

        self._context.work(acted, done, failed or self._no_store)

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _open(self) -> None:
        """On the lane on which everything else with the store follows."""
        safe = "".join(letter for letter in self._kiosk if letter.isalnum()) or "kiosk"
        try:
            store = KioskStore(self._folder / f"kiosk-{safe}.sqlite")
            store.forget(self._context.now().astimezone(HALL_ZONE).date() - timedelta(days=KEPT_DAYS))
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                "NO_STORE", L("The kiosk's own disk does not work."), detail={"cause": str(error)}
            ) from error
        self._store = store
        if self._closed:
            store.close()

    def _on_opened(self, _none: None) -> None:
        self.keep(
            lambda kept: Left(kept.presses(), kept.unprinted(), kept.unmerged(), kept.last_look()),
            self.opened.emit,
        )

    def _no_store(self, error: UserError) -> None:
        log.error(
            "kiosk %s: its own disk does not work: %s %s",
            self._kiosk,
            error.code,
            error.detail.get("cause", ""),
        )

    # ---- taking numbers in hand ----

    def refill(self, lines: Sequence[str], day: date) -> None:
        """Take numbers of a day in hand for every line that has few left, one line after the other."""
        if not self.lease or self._leasing or self._store is None:
            return
        self._leasing = True
        self.keep(
            lambda store: store.left(day),
            lambda left: self._ask_lease(lines, day, left),
            lambda _error: self._leased(),
        )

    def _ask_lease(self, lines: Sequence[str], day: date, left: Mapping[str, int]) -> None:
        least = min(REFILL_BELOW, self.lease)
        few = [line for line in lines if left.get(line, 0) < least and (line, day) not in self._no_lease]
        if not few:
            self._leasing = False
            return
        line = few[0]

        def kept(lease: Any) -> None:
            self.keep(
                lambda store: store.keep(lease.line, lease.day, lease.numbers), lambda _none: self._leased(lines, day),
                lambda _error: self._leased(),
            )  # fmt: skip

        def failed(error: UserError) -> None:
            if error.code in AWAY:
                self._leased()
                return
            self._no_lease.add((line, day))  # its series has too few numbers left to set some aside today
            self._leased(lines, day)

        request = {"kiosk": self._kiosk, "line": line, "count": self.lease - left.get(line, 0)}
        self._context.run("queue.lease", request, done=kept, failed=failed)

    def _leased(self, lines: Sequence[str] = (), day: date | None = None) -> None:
        self._leasing = False
        if day is not None:
            self.refill(lines, day)

    # ---- entering what was given out ----

    def merge(self) -> None:
        """Enter what was given out while the hall was away; `back` or `away` follows."""
        if not self._merging:
            self._merging = True
            self._count = 0
            self._next()

    def _next(self, act: Act | None = None, one_by_one: bool = False) -> None:
        """Mark what has just been entered, then enter the next."""

        def marked(store: KioskStore) -> list[Given]:
            if act is not None:
                act(store)
            return store.unmerged()

        self.keep(marked, lambda given: self._enter(given, one_by_one), lambda _error: self._ended(True))

    def _enter(self, given: list[Given], one_by_one: bool) -> None:
        if not given:
            self._ended(True)
            return
        batch = [each for each in given if each.line == given[0].line][: 1 if one_by_one else MERGED_AT_ONCE]
        first, last = batch[0], batch[-1]
        self._context.run(
            "queue.merge",
            {"kiosk": self._kiosk, "line": first.line, "tickets": [each.request for each in batch]},
            key=f"merge/{self._kiosk}/{first.at.isoformat()}/{first.number}/{last.number}/{len(batch)}",
            done=lambda _tickets: self._entered(batch, one_by_one),
            failed=lambda error: self._not_entered(error, batch),
        )

    def _entered(self, batch: list[Given], one_by_one: bool) -> None:
        self._count += len(batch)
        self._next(lambda store: store.merged(batch), one_by_one)

    def _not_entered(self, error: UserError, batch: list[Given]) -> None:
        if error.code in AWAY:
            self._ended(False)
        elif len(batch) > 1:
            self._next(one_by_one=True)  # one bad ticket must not keep the others out
        else:
            log.error(
                "kiosk %s: ticket %s given out offline was refused: %s",
                self._kiosk,
                batch[0].number,
                error.code,
            )
            self.refused.emit()
            self._next(lambda store: store.refuse(batch[0], error.code), one_by_one=True)

    def _ended(self, back: bool) -> None:
        self._merging = False
        if back:
            self.back.emit(self._count)
        else:
            self.away.emit()


def unanswered(presses: Sequence[Press], since: Any) -> Press | None:
    """The newest press whose person is taken to stand there still."""
    fresh = [press for press in presses if press.at >= since]
    return fresh[-1] if fresh else None
