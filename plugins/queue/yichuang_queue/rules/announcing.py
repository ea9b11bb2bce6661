"""Which call a board shows when: snapshots and calls come in any order and more than once; no call is lost or shown twice.

The database numbers events when they are made and shows them when they are committed, so an event can appear below ones
that are known already, though never later than `LATE_SECONDS`. Every question therefore reaches that far back, and what is
known is known by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

LATE_SECONDS = 10.0
"""No transaction of a hall stays open longer than this."""
FIRST_REACH = 200
"""How many events below its first snapshot a board asks for: what was being committed just then."""
SHOW_SECONDS = 5.0
"""How long a call has the panel before the next one may have it (ui.md, 04)."""
BLINK_SECONDS = 0.4
BLINKS = 2
REST_SECONDS = 15 * 60.0
"""A call that nothing followed leaves the panel after this."""
ROWS = 8
PAGE = 50
"""As many calls as one answer holds at most."""
MOST_STANDING = 24
"""As many calls as one snapshot holds at most."""
STALE_SECONDS = 5.0
"""A board that has heard nothing for so long says so."""
WIDE_MINUTES = 10
ROUND_MINUTES = 5


class Called(Protocol):
    """A call, as `queue.calls` gives it."""

    @property
    def event_id(self) -> int: ...  # noqa: D102
    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def desk(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def coming(self) -> bool: ...  # noqa: D102


class Snapshot(Protocol):
    """A board, as `queue.board` gives it."""

    @property
    def last_event(self) -> int: ...  # noqa: D102
    @property
    def now(self) -> datetime: ...  # noqa: D102
    @property
    def calls(self) -> Sequence[Called]: ...  # noqa: D102


class Announcing:
    """One board's memory: what it has heard of, what has the panel, what waits for it, the list of recent calls.

    Times are seconds of any clock that only goes forward; `asked` is when the question was put, not when the answer came.

    Attributes:
        shown: The call on the panel.
        since: When it got there.
    """

    def __init__(self) -> None:
        self.shown: Called | None = None
        self.since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._floor = 0
        self._page: tuple[float, int] | None = (
            None  # when its question's first page was asked for, where the next begins
        )
        self._marks: list[tuple[float, int]] = []  # when which event was the newest
        self._heard: set[int] = set()
        self._begin: datetime | None = None
        self._snapshot: Snapshot | None = None
        self._later: dict[int, Called] = {}  # not in the snapshot yet
        self._waiting: dict[str, Called] = {}  # by number, in the order in which they are shown

    @property
    def after(self) -> int:
        """The event after which to ask for calls."""
        return self._page[1] if self._page else self._floor

    @property
    def waiting(self) -> list[Called]:
        """What waits for the panel, next first."""
        return list(self._waiting.values())

    def hear_snapshot(self, board: Snapshot, asked: float) -> None:
        """Take a snapshot in; an older one than the last is only looked through for calls that are not known yet."""
        last = self._snapshot
        if last is not None and board.now > last.now and board.last_event < self._floor:
            self._reset()  # another database is behind the same address: an old one was restored
            last = None
        if self._begin is None:
            self._begin = board.now - timedelta(seconds=LATE_SECONDS)
            self._floor = max(0, board.last_event - FIRST_REACH)
            self._heard = {each.event_id for each in board.calls}
        self._learn(board.calls)
        if last is not None and board.now < last.now:
            return
        self._snapshot = board
        self._marks.append((asked, board.last_event))
        self._later = {key: each for key, each in self._later.items() if not _covers(board, each)}
        standing = {each.number for each in board.calls if each.coming}
        full = len(board.calls) >= MOST_STANDING
        known = {each.number for each in board.calls}
        for number, each in list(self._waiting.items()):
            gone = number not in standing and (number in known or not full)
            if gone and _covers(board, each):  # the person has come, or was passed
                del self._waiting[number]

    def hear_calls(self, calls: Sequence[Called], asked: float) -> bool:
        """Take an answer of `queue.calls` in.

        Returns:
            Whether to ask again at once: the answer was full.
        """
        if self._begin is None:
            return False  # without a snapshot nobody knows what is old
        assert self._snapshot is not None
        for each in calls:
            known = each.event_id <= self._floor or each.event_id in self._heard
            if each.event_id in self._later or (not known and not _covers(self._snapshot, each)):
                self._later[each.event_id] = each
        self._learn(calls)
        if calls:
            self._marks.append((asked, calls[-1].event_id))
        if len(calls) >= PAGE:
            first = self._page[0] if self._page else asked
            self._page = first, calls[-1].event_id
            return True
        self._raise_floor(min(asked, self._page[0]) if self._page else asked)
        self._page = None
        return False

    def _raise_floor(self, asked: float) -> None:
        """All pages of a question are there: what was the newest event `LATE_SECONDS` before it has nothing new below it."""
        settled = [mark for mark in self._marks if mark[0] <= asked - LATE_SECONDS]
        if settled:
            self._floor = max(self._floor, *(event for _at, event in settled))
            self._marks = [mark for mark in self._marks if mark not in settled]
            self._heard = {each for each in self._heard if each > self._floor}

    def _learn(self, calls: Iterable[Called]) -> None:
        assert self._begin is not None
        for each in sorted(calls, key=lambda call: call.event_id):
            if each.event_id <= self._floor or each.event_id in self._heard:
                continue
            self._heard.add(each.event_id)
            queued = self._waiting.get(each.number)
            newer = queued is None or queued.event_id < each.event_id
            if each.coming and each.at >= self._begin and newer:
                self._waiting[each.number] = each

    def tick(self, now: float) -> bool:
        """Give the panel to the next call if its turn has come.

        Returns:
            Whether the panel shows something else, or the same call anew.
        """
        if self._waiting and (self.shown is None or now - self.since >= SHOW_SECONDS):
            number = next(iter(self._waiting))
            self.shown, self.since = self._waiting.pop(number), now
            return True
        if self.shown is not None and not self._waiting and now - self.since >= REST_SECONDS:
            self.shown = None
            return True
        return False

    def rest_on(self, call: Called, now: float) -> None:
        """Put a call on the panel of a board that has just started, without emphasis."""
        self.shown, self.since = call, now - BLINKS * 2 * BLINK_SECONDS

    def recent(self, rows: int = ROWS) -> list[Called]:
        """The newest calls, newest first, each number once."""
        standing = self._snapshot.calls if self._snapshot is not None else ()
        everything = sorted((*standing, *self._later.values()), key=lambda each: -each.event_id)
        found: dict[str, Called] = {}
        for each in everything:
            found.setdefault(each.number, each)
        return list(found.values())[:rows]

    def fresh(self, now: float) -> set[str]:
        """Numbers that are being announced: on the panel within its time, or waiting for it."""
        found = set(self._waiting)
        if self.shown is not None and now - self.since < SHOW_SECONDS:
            found.add(self.shown.number)
        return found


def _covers(board: Snapshot, call: Called) -> bool:
    """Whether a snapshot was certainly made after a call was committed."""
    return call.event_id <= board.last_event and call.at + timedelta(seconds=LATE_SECONDS) < board.now


def blinks(elapsed: float) -> bool:
    """Whether the panel is in its other colour so long after a call got it: twice on, 0.4 s on and off."""
    return 0 <= elapsed < BLINKS * 2 * BLINK_SECONDS and elapsed % (2 * BLINK_SECONDS) < BLINK_SECONDS


def wait_minutes(predicted: int | None, low: int | None, high: int | None) -> tuple[int, int] | None:
    """A predicted wait as a board says it: the interval in steps of five minutes where it is wide, else one figure twice.

    Args:
        predicted: Seconds.
        low: The 80 % interval's lower end, seconds.
        high: Its upper end.
    """
    if predicted is None or low is None or high is None:
        return None
    if high - low >= WIDE_MINUTES * 60:
        step = ROUND_MINUTES * 60
        return low // step * ROUND_MINUTES, -(-high // step) * ROUND_MINUTES
    minutes = max(1, -(-predicted // 60))
    return minutes, minutes
