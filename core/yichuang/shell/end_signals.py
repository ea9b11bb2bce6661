"""Ends the event loop in good order when the process is told to end: SIGTERM of a supervisor, Ctrl+C of a terminal."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QSocketNotifier

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hearing_end_signals(end: Callable[[], object]) -> Iterator[None]:
    """Call `end()` on the UI thread at the first signal.

    Python runs signal handlers between its own instructions, and there are none while Qt waits for events. So the signal
    also writes a byte into a socket that Qt's loop listens to.
    """
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)  # type: ignore[call-overload]  # takes a number too

    def heard() -> None:
        reading.recv(64)
        end()

    notifier.activated.connect(heard)
    before = {number: signal.signal(number, lambda _number, _frame: None) for number in SIGNALS}
    woken = signal.set_wakeup_fd(writing.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        notifier.deleteLater()
        reading.close()
        writing.close()
