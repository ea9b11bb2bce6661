"""A semaphore that serves threads in the order in which they asked; the standard library's serves whoever wakes first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class FairSemaphore:
    """At most so many holders, first come, first served. Thread-safe.

    Args:
        places: How many may hold it at once.
    """

    def __init__(self, places: int) -> None:
        self._guard = Lock()
        self._free = places
        self._line: deque[Lock] = deque()

    def acquire(self) -> None:
        """Wait for a place. Ctrl-C in the line gives the wait up."""
        with self._guard:
            if self._free:
                self._free -= 1
                return
            signal = Lock()
            signal.acquire()
            self._line.append(signal)
        try:
            signal.acquire()
        except BaseException:  # Ctrl-C: leave the line, or pass on what was given in the same moment
            self._give_up(signal)
            raise

    def release(self) -> None:
        """Give the place to the first in line."""
        with self._guard:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place for the length of the block, or until it is given up inside."""
        self.acquire()
        place = Place(self)
        try:
            yield place
        finally:
            place.leave()

    def _give_up(self, signal: Lock) -> None:
        with self._guard:
            waiting = signal in self._line
            if waiting:
                self._line.remove(signal)
        if not waiting:
            self.release()


class Place:
    """A place held by one thread."""

    def __init__(self, semaphore: FairSemaphore) -> None:
        self._semaphore: FairSemaphore | None = semaphore

    def leave(self) -> None:
        """Give it up; again is harmless."""
        semaphore, self._semaphore = self._semaphore, None
        if semaphore is not None:
            semaphore.release()
