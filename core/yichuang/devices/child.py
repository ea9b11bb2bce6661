"""The process of one device: `python -m yichuang.devices.child`, commands on stdin, answers on stdout."""

from __future__ import annotations

import importlib
import inspect
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import BinaryIO

from yichuang.devices.adapter import Adapter, TroubleError
from yichuang.devices.wire import LONGEST_LINE, decode, encode

PING = "#ping"
RETRY_ABSENT = 3.0
"""Seconds between two looks for a device that is not there."""
NEVER = 1e6
LAST_WORDS = 1.0
"""Seconds an adapter has to let go of its device once the suite is gone."""

Message = dict[str, object]


class Child:
    """Carries out what the suite asks, one thing at a time.

    Args:
        make: Makes the adapter; a device that was lost gets a fresh one.
        inbox: Messages of the suite; None when it is gone.
        send: Writes one message to the suite.
        retry_after: Seconds between two looks for a device that is not there.
    """

    def __init__(
        self,
        make: Callable[[], Adapter],
        inbox: queue.SimpleQueue[Message | None],
        send: Callable[[Message], None],
        retry_after: float = RETRY_ABSENT,
    ) -> None:
        self.make = make
        self.inbox = inbox
        self.send = send
        self.retry_after = retry_after
        self.adapter: Adapter | None = None

    def run(self) -> None:
        """Until the suite is gone."""
        self._open()
        due = time.monotonic() + self._pause()  # kept over messages: many of them must not put off a look
        while True:
            try:
                message = self.inbox.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                self._poll(self.adapter) if self.adapter else self._open()
                due = time.monotonic() + self._pause()
                continue
            if message is None:
                break
            before = self.adapter
            self._answer(message)
            if self.adapter is not before:
                due = time.monotonic() + self._pause()
        if self.adapter:
            self.adapter.close()

    def _pause(self) -> float:
        if self.adapter is None:
            return self.retry_after
        return self.adapter.poll_every or NEVER

    def _open(self) -> TroubleError | None:
        try:
            adapter = self.make()
            adapter.open()
        except TroubleError as trouble:
            self.send({"state": "absent", "trouble": _plain(trouble)})
            return trouble
        self.adapter = adapter
        self.send({"state": "ready"})
        return None

    def _lose(self, adapter: Adapter, trouble: TroubleError) -> None:
        self.adapter = None
        adapter.close()
        self.send({"state": "absent", "trouble": _plain(trouble)})

    def _poll(self, adapter: Adapter) -> None:
        try:
            for name, data in adapter.poll():
                self.send({"event": name, "data": data})
        except TroubleError as trouble:
            if trouble.code == "DEVICE_ABSENT":
                self._lose(adapter, trouble)
            else:
                self.send({"event": "trouble", "data": _plain(trouble)})

    def _answer(self, message: Message) -> None:
        number, name, arguments = message["id"], str(message["do"]), message.get("with", {})
        assert isinstance(arguments, dict)
        if name == PING:
            self.send({"id": number, "ok": {}})
            return
        absent = None if self.adapter else self._open()
        if self.adapter is None:
            assert absent
            self.send({"id": number, "trouble": _plain(absent)})
            return
        try:
            result = _carry_out(self.adapter, name, arguments)
        except TroubleError as trouble:
            if trouble.code == "DEVICE_ABSENT":
                self._lose(self.adapter, trouble)
            self.send({"id": number, "trouble": _plain(trouble)})
        else:
            self.send({"id": number, "ok": result})


def _carry_out(adapter: Adapter, name: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
    method = getattr(adapter, name, None)
    if not getattr(method, "is_command", False):
        raise TroubleError("DEVICE_BAD_COMMAND", command=name)
    assert callable(method)
    try:
        inspect.signature(method).bind(**arguments)
    except TypeError as error:
        raise TroubleError("DEVICE_BAD_COMMAND", command=name, cause=str(error)) from error
    result: Mapping[str, object] = method(**arguments)
    return result


def _plain(trouble: TroubleError) -> Message:
    return {"code": trouble.code, "facts": trouble.facts}


def _load(target: str) -> type[Adapter]:
    module, _, name = target.partition(":")
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, type)
    assert issubclass(found, Adapter)
    return found


def _read_messages(source: BinaryIO, inbox: queue.SimpleQueue[Message | None]) -> None:
    """Until the suite closes the pipe or dies; then the process ends even if the adapter hangs."""
    while line := source.readline(LONGEST_LINE):
        inbox.put(decode(line))
    inbox.put(None)
    time.sleep(LAST_WORDS)
    os._exit(0)


def _die_with_parent() -> None:
    """Let the kernel end this process with the suite, even while a driver holds the interpreter's lock."""
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG in <sys/prctl.h>
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def main() -> None:
    """Speak for the device named in the first line of stdin."""
    # A driver that prints must not garble the answers: the pipe leaves descriptor 1, prints go to stderr.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    _die_with_parent()
    source = sys.stdin.buffer
    hello = source.readline(LONGEST_LINE)
    if not hello:
        return
    start = decode(hello)
    settings = start["settings"]
    assert isinstance(settings, dict)
    inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    threading.Thread(target=_read_messages, args=(source, inbox), name="messages", daemon=True).start()
    lock = threading.Lock()

    def send(message: Message) -> None:
        line = memoryview(encode(message))
        with lock:
            while line:
                line = line[out.write(line) or 0 :]

    kind = _load(str(start["adapter"]))
    Child(lambda: kind(settings), inbox, send, float(settings.get("retry_absent", RETRY_ABSENT))).run()


if __name__ == "__main__":
    main()
