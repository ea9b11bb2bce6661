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
    def event_id(self) -> int:
        """Id of the event."""
        ...

    @property
    def number(self) -> str:
        """The ticket's."""
        ...

    @property
    def desk(self) -> str:
        """Where to."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def coming(self) -> bool:
        """Whether the person has not come yet."""
        ...


class Snapshot(Protocol):
    """A board, as `queue.board` gives it."""

    @property
    def last_event(self) -> int:
        """The newest event in it."""
        ...

    @property
    def now(self) -> datetime:
        """When it was made."""
        ...

    @property
    def calls(self) -> Sequence[Called]:
        """Who is called, newest first."""
        ...


class Following:
    """What somebody who follows the calls has heard of, so that every call is told once.

    Times are seconds of any clock that only goes forward; `asked` is when the question was put, not when the answer came.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next snapshot begins anew."""
        self._floor = 0
        self._page: tuple[float, int] | None = (
            None  # when the first page was asked for, where the next one begins
        )
        self._marks: list[tuple[float, int]] = []  # when which event was the newest
        self._heard: set[int] = set()
        self._begin: datetime | None = None
        self._newest: datetime | None = None

    @property
    def begun(self) -> bool:
        """Whether there was a snapshot: without one nobody knows what is old."""
        return self._begin is not None

    @property
    def after(self) -> int:
        """The event after which to ask for calls."""
        return self._page[1] if self._page else self._floor

    def is_new(self, call: Called) -> bool:
        """Whether a call was never heard of."""
        return call.event_id > self._floor and call.event_id not in self._heard

    def is_other_database(self, board: Snapshot) -> bool:
        """Whether an older database was restored behind the same address: event numbers went back."""
        return self._newest is not None and board.now > self._newest and board.last_event < self._floor

    def hear_snapshot(self, board: Snapshot, asked: float, reach_back: float = 0.0) -> list[Called]:
        """Take a snapshot in.

        Args:
            board: The snapshot.
            asked: When it was asked for.
            reach_back: At the first one, calls of so many seconds before it are told as well.

        Returns:
            Calls in it that were never heard of and are to be told, oldest first.
        """
        if self._begin is None:
            self._begin = board.now - timedelta(seconds=max(LATE_SECONDS, reach_back))
            self._floor = max(0, board.last_event - FIRST_REACH)
            if not reach_back:
                self._heard = {each.event_id for each in board.calls}
        self._marks.append((asked, board.last_event))
        self._newest = max(board.now, self._newest or board.now)
        return self._learn(board.calls)

    def hear_calls(
        self, calls: Sequence[Called], asked: float, after: int | None = None
    ) -> tuple[list[Called], bool]:
        """Take an answer of `queue.calls` in.

        Args:
            calls: The answer.
            asked: When it was asked for.
            after: Behind which event; said by whoever may have two questions open: an answer to one that was overtaken tells
                of calls, but not that nothing else lies below them.

        Returns:
            Calls that were never heard of and are to be told, oldest first; whether to ask again at once: it was full.
        """
        if self._begin is None:
            return [], False
        overtaken = after is not None and after != self.after
        new = self._learn(calls)
        if overtaken:
            return new, False
        if calls:
            self._marks.append((asked, calls[-1].event_id))
        since = min(asked, self._page[0]) if self._page else asked
        if len(calls) >= PAGE:
            self._page = since, calls[-1].event_id
            return new, True
        self._raise_floor(since)
        self._page = None
        return new, False

    def _learn(self, calls: Iterable[Called]) -> list[Called]:
        assert self._begin is not None
        unknown = [each for each in calls if self.is_new(each)]
        self._heard.update(each.event_id for each in unknown)
        told = [each for each in unknown if each.coming and each.at >= self._begin]
        return sorted(told, key=lambda call: call.event_id)

    def _raise_floor(self, asked: float) -> None:
        """All pages of a question are there: what was the newest event `LATE_SECONDS` before it has nothing new below it."""
        settled = [mark for mark in self._marks if mark[0] <= asked - LATE_SECONDS]
        if settled:
            self._floor = max(self._floor, *(event for _at, event in settled))
            self._marks = [mark for mark in self._marks if mark not in settled]
            self._heard = {each for each in self._heard if each > self._floor}


class Announcing:
    """One board: what has the panel, what waits for it, the list of recent calls.

    Attributes:
        shown: The call on the panel.
        since: When it got there.
    """

    def __init__(self) -> None:
        self.shown: Called | None = None
        self.since = 0.0
        self._following = Following()
        self._snapshot: Snapshot | None = None
        self._later: dict[int, Called] = {}  # not certainly in the snapshot yet
        self._waiting: dict[str, Called] = {}  # by number, in the order in which they are shown

    @property
    def after(self) -> int:
        """The event after which to ask for calls."""
        return self._following.after

    @property
    def waiting(self) -> list[Called]:
        """What waits for the panel, next first."""
        return list(self._waiting.values())

    def hear_snapshot(self, board: Snapshot, asked: float) -> None:
        """Take a snapshot in; an older one than the last is only looked through for calls that are not known yet."""
        if self._following.is_other_database(board):
            self._following.reset()
            self._snapshot = None
            self._later.clear()
            self._waiting.clear()
        self._queue(self._following.hear_snapshot(board, asked))
        if self._snapshot is not None and board.now < self._snapshot.now:
            return
        self._snapshot = board
        self._later = {key: each for key, each in self._later.items() if not _covers(board, each)}
        standing = {each.number for each in board.calls if each.coming}
        full = len(board.calls) >= MOST_STANDING
        known = {each.number for each in board.calls}
        for number, each in list(self._waiting.items()):
            gone = number not in standing and (number in known or not full)
            if gone and _covers(board, each):  # the person has come, or was passed
                del self._waiting[number]

    def hear_calls(self, calls: Sequence[Called], asked: float, after: int | None = None) -> bool:
        """Take an answer of `queue.calls` in; see `Following.hear_calls`.

        Returns:
            Whether to ask again at once: the answer was full.
        """
        if self._snapshot is None:
            return False
        new, more = self._following.hear_calls(calls, asked, after)
        self._queue(new)
        for each in calls:
            if not _covers(self._snapshot, each):
                self._later[each.event_id] = each
        return more

    def _queue(self, new: Iterable[Called]) -> None:
        for each in new:
            queued = self._waiting.get(each.number)
            if queued is None or queued.event_id < each.event_id:
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
