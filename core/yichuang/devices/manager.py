"""The devices of this desk: opened by kind, asked from any thread, never blocking whoever asks."""

from __future__ import annotations

import asyncio
import itertools
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from yichuang.devices.errors import device_error
from yichuang.devices.kinds import KIND_NAMES, adapter_spec
from yichuang.devices.process import Answer, DeviceProcess, Job, Limits
from yichuang.devices.states import DeviceEvent, DeviceState, DeviceStatus
from yichuang.devices.wire import encode
from yichuang.hall.errors import UserError

log = logging.getLogger(__name__)

Listener = Callable[[DeviceEvent], None]

CLOSE_WITHIN = 5.0
"""Seconds the devices have to end, all together."""


class Device:
    """One opened device. Made by `DeviceManager.open`; every method may be called from every thread."""

    def __init__(self, manager: DeviceManager, name: str, kind: str, adapter: str) -> None:
        self.name = name
        self.kind = kind
        self.adapter = adapter
        self._manager = manager
        self._process: DeviceProcess | None = None
        self._listeners: list[Listener] = []
        self._settled = threading.Event()

    @property
    def state(self) -> DeviceState:
        """How it is now."""
        return self._process.state if self._process else DeviceState.STARTING

    @property
    def reason(self) -> UserError | None:
        """Why it is absent or failed."""
        return self._process.reason if self._process else None

    def request(self, command: str, timeout: float | None = None, **arguments: object) -> Future[Answer]:
        """Ask for something and go on.

        Args:
            command: What the adapter is to do.
            timeout: Seconds until the future ends in any case. By default ten, plus the argument `wait`.
            arguments: JSON-able values and bytes.

        Returns:
            A future with the answer, or a `UserError` (DEVICE_...). Its callbacks run on the thread of
            the devices and must return at once.
        """
        if timeout is None:
            wait = arguments.get("wait", 0)
            timeout = self._manager.limits.answer + (float(wait) if isinstance(wait, int | float) else 0.0)
        number = next(self._manager.numbers)
        job = Job(number, encode({"id": number, "do": command, "with": arguments}), timeout, Future())
        self._manager.submit(self, job)
        return job.future

    def ask(self, command: str, timeout: float | None = None, **arguments: object) -> Answer:
        """The same, waiting for the answer; never on the UI thread.

        Raises:
            UserError: DEVICE_...
        """
        return self.request(command, timeout, **arguments).result()

    def wait_settled(self, timeout: float) -> DeviceState:
        """Wait until it is no longer starting, at most `timeout` seconds; its state then."""
        self._settled.wait(timeout)
        return self.state

    def on_event(self, listener: Listener) -> Callable[[], None]:
        """Have a function called for every event, in order, on a thread of the devices.

        Returns:
            Call it to listen no longer.
        """
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def close(self) -> None:
        """End its process; what is being asked ends with DEVICE_CLOSED or its answer."""
        self._manager.close_device(self)

    def status(self) -> DeviceStatus:
        """Its line of the devices list."""
        process, reason = self._process, self.reason
        return DeviceStatus(
            name=self.name,
            kind=self.kind,
            title=KIND_NAMES[self.kind],
            adapter=self.adapter,
            simulated=adapter_spec(self.kind, self.adapter).simulated,
            state=self.state,
            reason=reason.sentence if reason else "",
            restarts=process.restarts if process else 0,
            pid=process.pid if process else None,
        )


class DeviceManager:
    """All devices of this program: one background thread for their processes, one for what they report.

    Both start with the first device. Use it as a context manager or call `close`; if the suite dies instead,
    the devices' processes end by themselves.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._devices: dict[str, Device] = {}
        self._running: dict[DeviceProcess, asyncio.Task[None]] = {}  # touched on the loop's thread only
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads: list[threading.Thread] = []
        self._events: queue.SimpleQueue[tuple[Device, DeviceEvent] | None] = queue.SimpleQueue()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(
        self, kind: str, settings: Mapping[str, object] | None = None, name: str | None = None
    ) -> Device:
        """Start a device's process and return at once; a device of the same name is replaced.

        Args:
            kind: One of `yichuang.devices.KINDS`.
            settings: JSON-able; "adapter" names the adapter, the simulator unless given.
            name: What to call it, where a desk has two of a kind.

        Raises:
            UserError: DEVICE_BAD_SETTINGS (no such adapter) or DEVICE_CLOSED (the devices were all closed).
        """
        settings = dict(settings or {})
        spec = adapter_spec(kind, str(settings.get("adapter", "simulated")))
        device = Device(self, name or kind, kind, spec.name)
        with self._lock:
            if self._closed:
                raise device_error("DEVICE_CLOSED", device=KIND_NAMES[kind])
            loop = self._loop or self._start()
            before = self._devices.get(device.name)
            self._devices[device.name] = device

        def report(name: str, data: Mapping[str, object]) -> None:
            if name == "state":
                starting = data["state"] is DeviceState.STARTING
                device._settled.clear() if starting else device._settled.set()
            self._events.put((device, DeviceEvent(device.name, name, data)))

        def begin() -> None:
            if before is not None and before._process is not None:
                before._process.close()
            process = device._process = DeviceProcess(spec, settings, self.limits, report)
            task = self._running[process] = loop.create_task(process.run(), name=f"device {device.name}")
            task.add_done_callback(_log_bug)
            task.add_done_callback(lambda _: self._running.pop(process))

        loop.call_soon_threadsafe(begin)
        return device

    def get(self, name: str) -> Device | None:
        """The device opened under that name."""
        return self._devices.get(name)

    def status(self) -> list[DeviceStatus]:
        """All devices, in the order they were opened."""
        with self._lock:
            devices = list(self._devices.values())
        return [device.status() for device in devices]

    def submit(self, device: Device, job: Job) -> None:
        """Hand a command to the devices' thread (used by `Device.request`)."""

        def hand_over() -> None:
            assert device._process  # `begin` was scheduled before any command of this device
            device._process.submit(job)

        if not self._call(hand_over):
            job.settle(device_error("DEVICE_CLOSED", device=KIND_NAMES[device.kind]))

    def close_device(self, device: Device) -> None:
        """End one device (used by `Device.close`)."""
        with self._lock:
            if self._devices.get(device.name) is device:
                del self._devices[device.name]
        self._call(lambda: device._process.close() if device._process else None)

    def close(self) -> None:
        """End all devices and both threads; waits a few seconds at most. Safe to call twice."""
        with self._lock:
            self._closed = True
            loop, self._loop = self._loop, None
        if loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._end_all(loop), loop)
        self._events.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(CLOSE_WITHIN + 1)

    def _call(self, function: Callable[[], object]) -> bool:
        with self._lock:
            if self._loop is None:
                return False
            self._loop.call_soon_threadsafe(function)
            return True

    def _start(self) -> asyncio.AbstractEventLoop:
        loop = self._loop = asyncio.new_event_loop()
        self._threads = [
            threading.Thread(target=_run_loop, args=(loop,), name="devices", daemon=True),
            threading.Thread(target=self._dispatch, name="device events", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return loop

    async def _end_all(self, loop: asyncio.AbstractEventLoop) -> None:
        for process in self._running:
            process.close()
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=CLOSE_WITHIN)
        loop.stop()

    def _dispatch(self) -> None:
        """Call the listeners; a slow or faulty one must not hold up the time-outs."""
        while (item := self._events.get()) is not None:
            device, event = item
            for listener in list(device._listeners):
                try:
                    listener(event)
                except Exception:  # a bug of one listener is reported, the others go on
                    log.exception("a listener of device %s failed on %s", event.device, event.name)


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _log_bug(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a device's supervisor failed", exc_info=task.exception())
