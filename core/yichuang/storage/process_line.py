"""SQLite writers of several processes: a line in front of the file, so that none starves and none polls."""

from __future__ import annotations

import os
import random
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

STUCK_SECONDS = 1.0  # a process ahead that stands still (stopped, in a debugger) is passed after this


def short_wait() -> None:
    """The pause between two tries. SQLite's own waiting lets one process starve the others; short random pauses do not."""
    time.sleep(random.uniform(0.0002, 0.001))  # noqa: S311 - spreads the retries, no secret


class ProcessLine:
    """The order in which processes may try SQLite's lock. One turn at a time; not thread-safe.

    A small file beside the database holds the name of whoever came last. A newcomer opens a socket, puts its name there and
    connects to the one whose name it found; the kernel ends that connection when that process closes its socket: when it is
    done, and also when it is killed. Then it is the newcomer's turn. So everybody waits for one other process, is woken
    once, and nobody has to tidy up after the dead.

    Whoever finds the own name there has been the only one to write since, and goes on without a socket: in a hall of one
    desk that is every turn. A newcomer who comes just then finds a name that nobody answers to, and tries the lock.

    It gives advice only: what keeps two writers apart is SQLite's lock, which may be tried at any time. The worst that a
    lost or foreign name can do is to spoil the order. Where the kernel has no nameless socket addresses (not Linux), or
    the file cannot be written, there is no line and everybody retries after short random waits.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._file: int | None = None
        self._prefix = f"\0yichuang-{os.urandom(8).hex()}-"
        self._turns = 0
        self._last = b""  # the name that we put there last
        self._own: socket.socket | None = None
        self._ahead: socket.socket | None = None

    def enter(self) -> None:
        """Join the line and wait for the one ahead, `STUCK_SECONDS` at most; then SQLite's lock is worth a try."""
        if sys.platform != "linux":
            return
        with suppress(OSError):
            if self._file is not None and self._last and os.pread(self._file, 100, 0) == self._last:
                return
            self._join()
        if self._ahead is not None:
            self.wait()

    def wait(self) -> None:
        """Wait for the one ahead as `enter` does; if nobody is ahead in our line, a moment."""
        if self._ahead is None:
            short_wait()
            return
        try:
            self._ahead.recv(1)
        except TimeoutError:
            return
        except OSError:  # it ended without having seen us
            pass
        self._ahead.close()
        self._ahead = None

    def leave(self) -> None:
        """The turn is over: whoever stands behind goes on."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        if self._own is not None:
            self._own.close()
            self._own = None

    def close(self) -> None:
        """Leave, and close the file."""
        self.leave()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _join(self) -> None:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._turns += 1
        name = f"{self._prefix}{self._turns:012x}".encode()
        self._own = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._own.bind(name)
        self._own.listen(1)
        before, last = self._replace(name), self._last
        self._last = name
        if before not in (b"", last):
            ahead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            ahead.settimeout(STUCK_SECONDS)
            try:
                ahead.connect(before)
            except OSError:  # gone: done long ago, or killed
                ahead.close()
            else:
                self._ahead = ahead

    def _replace(self, name: bytes) -> bytes:
        """Put our name into the file and return the one that stood there; empty if the file is held too long."""
        import fcntl

        assert self._file is not None
        for _ in range(100):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.0001)
                continue
            try:
                before = os.pread(self._file, 100, 0)
                os.pwrite(self._file, name, 0)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
            return before
        return b""
