"""Keeps one device's child process alive: one thing asked at a time, time-outs, restart with back-off."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any

from yichuang.devices.child import PING
from yichuang.devices.errors import device_error
from yichuang.devices.kinds import KIND_NAMES, AdapterSpec
from yichuang.devices.states import DeviceState
from yichuang.devices.wire import LONGEST_LINE, decode, encode
from yichuang.hall.errors import UserError

log = logging.getLogger(__name__)

_NOISE_KEPT = 2000
_PING = encode({"id": 0, "do": PING})

Answer = dict[str, object]
Report = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True)
class Limits:
    """How long a device is waited for, in seconds, and how much may wait for it.

    Attributes:
        start: From starting the process to its first state.
        answer: For a command whose caller gives no time-out.
        ping_every: An idle process is asked this often whether it lives.
        ping_answer: It has this long to say so.
        grace: From asking it to end to killing it.
        backoff_first: Before the first restart; doubles with each.
        backoff_most: Longest pause between two starts.
        steady: A process that lived this long starts again without growing pauses.
        waiting: Commands that may wait.
    """

    start: float = 15.0
    answer: float = 10.0
    ping_every: float = 5.0
    ping_answer: float = 5.0
    grace: float = 1.0
    backoff_first: float = 0.25
    backoff_most: float = 30.0
    steady: float = 30.0
    waiting: int = 32


@dataclass(eq=False)
class Job:
    """One command, ready to be sent, and who waits for it."""

    number: int
    line: bytes
    timeout: float
    future: Future[Answer]
    expiry: asyncio.TimerHandle | None = None

    def settle(self, outcome: Answer | UserError) -> None:
        """Tell whoever waits, unless they were told already or gave up."""
        try:
            if isinstance(outcome, UserError):
                self.future.set_exception(outcome)
            else:
                self.future.set_result(outcome)
        except InvalidStateError:
            log.debug("nobody waits any more for request %d", self.number)


class _LifeEndedError(Exception):
    """The process has to be replaced.

    Attributes:
        error: What those who wait are told.
    """

    def __init__(self, error: UserError) -> None:
        super().__init__(error.code)
        self.error = error


class DeviceProcess:
    """The supervisor of one device; every method but the constructor runs on the devices' event loop.

    Args:
        spec: Its adapter.
        settings: Handed to the adapter.
        limits: Time-outs.
        report: Called with (event name, data) on the event loop; must return at once.
    """

    def __init__(
        self, spec: AdapterSpec, settings: Mapping[str, object], limits: Limits, report: Report
    ) -> None:
        self.spec = spec
        self.state = DeviceState.STARTING
        self.reason: UserError | None = None
        self.restarts = 0
        self.pid: int | None = None
        self._hello = encode({"adapter": spec.target, "settings": settings})
        self._limits = limits
        self._report = report
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._started = asyncio.Event()
        self._number = 0
        self._answer: asyncio.Future[Answer] | None = None

    def submit(self, job: Job) -> None:
        """Let a command wait for its turn."""
        if self._closing.is_set():
            job.settle(self._error("DEVICE_CLOSED"))
        elif len(self._jobs) >= self._limits.waiting:
            job.settle(self._error("DEVICE_BUSY"))
        else:
            self._jobs.append(job)
            self._wake.set()
            job.expiry = asyncio.get_running_loop().call_later(job.timeout, self._expire, job)

    def _expire(self, job: Job) -> None:
        """Its time is up; whoever asked is told, wherever it is."""
        if job not in self._jobs:
            # Being carried out: the process is given the whole time from there on before it counts as hung.
            job.settle(self._timeout(job.timeout))
            return
        self._jobs.remove(job)
        is_down = self.state in {DeviceState.ABSENT, DeviceState.FAILED}
        job.settle(self.reason if is_down and self.reason else self._error("DEVICE_BUSY"))

    def close(self) -> None:
        """End the process; `run` returns when it is gone."""
        self._closing.set()

    async def run(self) -> None:
        """Keep a process running until `close`."""
        loop = asyncio.get_running_loop()
        pause = self._limits.backoff_first
        while not self._closing.is_set():
            began = loop.time()
            error = await self._live()
            if self._closing.is_set():
                break
            if loop.time() - began >= self._limits.steady:
                pause = self._limits.backoff_first
            self._set_state(DeviceState.FAILED, error)
            await self._pause(pause)
            pause = min(pause * 2, self._limits.backoff_most)
            self.restarts += 1
        self._set_state(DeviceState.CLOSED, None)
        self._fail_waiting(self._error("DEVICE_CLOSED"))

    async def _pause(self, seconds: float) -> None:
        """Back-off; somebody who asks for the device now is not made to wait for its end."""
        self._wake.clear()
        waits = [asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(self._closing.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        await _cancel(waits)

    async def _live(self) -> UserError:
        """One process from start to end; returns why it ended."""
        self._set_state(DeviceState.STARTING, None)
        self._started.clear()
        try:
            process = await _spawn()
        except OSError as error:
            ended = _LifeEndedError(self._error("DEVICE_FAILED", cause=str(error)))
        else:
            self.pid = process.pid
            ended = await self._accompany(process)
            self.pid = None
        if not self._closing.is_set():
            log.warning(
                "device %s: %s %s", self.spec.kind, ended.error.code, ended.error.detail.get("cause", "")
            )
        if not self._started.is_set():
            self._fail_waiting(ended.error)
        return ended.error

    async def _accompany(self, process: asyncio.subprocess.Process) -> _LifeEndedError:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        noise = bytearray()
        listener = asyncio.ensure_future(_listen(process.stderr, noise))
        closing = asyncio.ensure_future(self._closing.wait())
        lives = [
            asyncio.ensure_future(self._read(process.stdout)),
            asyncio.ensure_future(self._serve(process.stdin)),
        ]
        await asyncio.wait([*lives, closing], return_when=asyncio.FIRST_COMPLETED)
        ended = _first_end(lives)
        await _cancel([*lives, closing])
        await self._end(process, politely=self._closing.is_set())
        await asyncio.wait([listener], timeout=self._limits.grace)
        await _cancel([listener])
        if ended is None:
            cause = noise.decode("utf-8", "replace").strip() or f"exit status {process.returncode}"
            ended = _LifeEndedError(self._error("DEVICE_FAILED", cause=cause))
        return ended

    async def _end(self, process: asyncio.subprocess.Process, *, politely: bool) -> None:
        assert process.stdin
        process.stdin.close()  # the child takes this as the order to let go of its device
        try:
            if politely:
                await asyncio.wait_for(process.wait(), self._limits.grace)
        except TimeoutError:
            log.info("device %s does not end by itself and is killed", self.spec.kind)
        _kill(process)  # also the helpers that a dead driver left behind
        await process.wait()

    async def _read(self, source: asyncio.StreamReader) -> None:
        """Take in what the process says, until it ends."""
        while True:
            try:
                line = await source.readline()
                if not line:
                    return
                message = decode(line)
                self._take(message)
            except (ValueError, KeyError) as error:
                raise _LifeEndedError(
                    self._error("DEVICE_FAILED", cause=f"garbled answer: {error}")
                ) from error

    def _take(self, message: Mapping[str, object]) -> None:
        if "id" in message:
            waits = self._answer
            if waits is not None and not waits.done() and message["id"] == self._number:
                waits.set_result(dict(message))
        elif "state" in message:
            trouble = message.get("trouble")
            self._set_state(
                DeviceState(str(message["state"])), self._from_child(trouble) if trouble is not None else None
            )
            self._started.set()
        else:
            name, data = str(message["event"]), message["data"]
            self._report(
                name, {"error": self._from_child(data)} if name == "trouble" else dict(_mapping(data))
            )

    async def _serve(self, target: asyncio.StreamWriter) -> None:
        """Hand the process one command after the other; ask whether it lives when there is none."""
        try:
            target.write(self._hello)
            async with asyncio.timeout(self._limits.start):
                await self._started.wait()
            while True:
                job = await self._next_job()
                if job is None:
                    await self._exchange(target, 0, _PING, self._limits.ping_answer)
                elif job.future.set_running_or_notify_cancel():
                    await self._carry_out(target, job)
        except TimeoutError as error:
            raise _LifeEndedError(self._timeout(self._limits.start)) from error
        except (BrokenPipeError, ConnectionResetError):
            await asyncio.sleep(self._limits.grace)  # the reader sees the end and tells why

    async def _next_job(self) -> Job | None:
        while not self._jobs:
            self._wake.clear()
            try:
                async with asyncio.timeout(self._limits.ping_every):
                    await self._wake.wait()
            except TimeoutError:
                return None
        return self._jobs.popleft()

    async def _carry_out(self, target: asyncio.StreamWriter, job: Job) -> None:
        failure = None
        try:
            answer = await self._exchange(target, job.number, job.line, job.timeout)
            trouble = answer.get("trouble")
            job.settle(self._from_child(trouble) if trouble is not None else dict(_mapping(answer.get("ok"))))
        except _LifeEndedError as ended:
            failure = ended.error
            raise
        finally:
            # Also when the process died meanwhile: whoever waits must never wait for ever.
            code = "DEVICE_CLOSED" if self._closing.is_set() else "DEVICE_FAILED"
            job.settle(failure or self._error(code))
            if job.expiry is not None:
                job.expiry.cancel()

    async def _exchange(
        self, target: asyncio.StreamWriter, number: int, line: bytes, timeout: float
    ) -> Answer:
        self._number = number
        self._answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                target.write(line)
                await target.drain()
                return await self._answer
        except TimeoutError as error:
            raise _LifeEndedError(self._timeout(timeout)) from error
        finally:
            self._answer = None

    def _set_state(self, state: DeviceState, reason: UserError | None) -> None:
        before = self.reason.code if self.reason else None
        if (state, reason.code if reason else None) != (self.state, before):
            self.state, self.reason = state, reason
            self._report("state", {"state": state, "reason": reason})

    def _fail_waiting(self, error: UserError) -> None:
        while self._jobs:
            self._jobs.popleft().settle(error)

    def _error(self, code: str, **facts: object) -> UserError:
        return device_error(code, **{**facts, "device": KIND_NAMES[self.spec.kind]})

    def _timeout(self, seconds: float) -> UserError:
        return self._error("DEVICE_TIMEOUT", seconds=f"{seconds:g}")

    def _from_child(self, trouble: object) -> UserError:
        plain = _mapping(trouble)
        return self._error(str(plain["code"]), **_mapping(plain["facts"]))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004 - garbled input, no bug of a caller
    return value


def _command_line() -> tuple[str, ...]:
    # -P: a file called json.py in the working directory must not become part of the suite.
    return (sys.executable, "-P", "-X", "utf8", "-m", "yichuang.devices.child")


async def _spawn() -> asyncio.subprocess.Process:
    # Its own group: Ctrl+C in a terminal is for the suite alone, and a kill reaches the helpers of a driver.
    return await asyncio.create_subprocess_exec(
        *_command_line(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # there on Windows only
    )


def _kill(process: asyncio.subprocess.Process) -> None:
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        log.debug("process %d ended by itself", process.pid)


async def _listen(source: asyncio.StreamReader, noise: bytearray) -> None:
    """Keep the end of what a driver prints; reading on means that a full pipe never stops it."""
    while chunk := await source.read(4096):
        noise += chunk
        del noise[:-_NOISE_KEPT]


def _first_end(tasks: Iterable[asyncio.Future[None]]) -> _LifeEndedError | None:
    """Why the first of them ended; None where it only stopped.

    A bug in one is logged, not raised: the process still has to be ended.
    """
    for task in tasks:
        if task.done() and not task.cancelled():
            error = task.exception()
            if isinstance(error, _LifeEndedError):
                return error
            if error is not None:
                log.error("the supervisor of a device has a bug", exc_info=error)
    return None


async def _cancel(tasks: Iterable[asyncio.Future[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
