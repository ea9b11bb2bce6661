"""Work away from the UI thread: jobs on worker threads, their results handed back in slices of 16 ms.

A flood of results handed over one event each starves painting: 500 results of 3 ms held the window for 1.5 s. Draining them for
one frame and then re-arming a 0 ms timer keeps the longest gap near 40 ms at the same total time.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from queue import SimpleQueue
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

L = words.lazy
log = logging.getLogger("yichuang.shell.tasks")

SLICE_SECONDS = 0.016
SLOW_SECONDS = 1.0
LANES = {"read": 2, "write": 1, "device": 1, "voice": 1, "own": 1}
"""Worker threads by lane. Writes have one, so a desk never competes with itself; a slow device holds up only devices, and
nothing waits until a voice has finished. What a page does by itself (its own files) has one too, so it happens in order."""


Done = Callable[[Any], None]
Failed = Callable[[UserError], None]


class JobState(Enum):
    """Where a job is; the last two are final."""

    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Job:
    """One piece of work on its way to a worker and back.

    Attributes:
        title: What to call it in the progress display.
        progress: (done, total) when the work counts its steps, else None.
    """

    _numbers = itertools.count(1)

    def __init__(self, title: LazyText | str, owner: QObject | None, failed: Failed | None) -> None:
        self.number = next(self._numbers)
        self.title = title
        self.progress: tuple[int, int] | None = None
        self.started = 0.0
        self.failed = failed
        self._owner = owner
        self._state = JobState.QUEUED
        self._lock = threading.Lock()

    @property
    def state(self) -> JobState:
        """The state now; workers and the UI thread both move it."""
        return self._state

    @property
    def running(self) -> bool:
        """True until the job has ended or was cancelled."""
        return self._state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def cancelled(self) -> bool:
        """Asked to stop; work with several steps looks at this between them."""
        return self._state is JobState.CANCELLED

    @property
    def wanted(self) -> bool:
        """Whether somebody is still there to receive what comes of it."""
        return self._owner is None or not sip.isdeleted(self._owner)

    def cancel(self) -> bool:
        """Do not start it, or stop it at its next step, and drop its result; False when it was over already."""
        with self._lock:
            if not self.running:
                return False
            self._state = JobState.CANCELLED
            return True

    def step(self, done: int, total: int) -> bool:
        """Say how far the work is; False means stop now. Called on the worker."""
        self.progress = (done, total)
        return not self.cancelled

    def begin(self) -> bool:
        """Move to running on the worker; False when it was cancelled while it waited."""
        with self._lock:
            if self._state is not JobState.QUEUED:
                return False
            self._state = JobState.RUNNING
            self.started = time.monotonic()
            return True

    def end(self) -> bool:
        """Move to ended on the UI thread; False when nobody wants the result any more."""
        with self._lock:
            if self._state is not JobState.RUNNING or not self.wanted:
                self._state = JobState.CANCELLED
                return False
            self._state = JobState.ENDED
            return True


Work = Callable[[Job], Any]
_Item = tuple[Job, Work, "Done | None"]


class Runner(QObject):
    """Runs jobs on worker threads and brings their results back to the UI thread.

    Signals:
        slow: A job has been running for over a second; show its progress.
        ended: That job is over, whatever came of it.
    """

    slow = pyqtSignal(object)
    ended = pyqtSignal(object)
    _arrived = pyqtSignal()

    def __init__(self, report: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._lanes: dict[str, SimpleQueue[_Item | None]] = {lane: SimpleQueue() for lane in LANES}
        self._threads: list[threading.Thread] = []
        self._results: deque[tuple[Job, Callable[[], None] | None]] = deque()
        self._waking = threading.Lock()
        self._woken = False
        self._jobs: set[Job] = set()
        self._shown: set[Job] = set()
        self._arrived.connect(self._drain)  # emitted on workers, so Qt queues it to the UI thread
        self._slow_timer = QTimer(self)
        self._slow_timer.setInterval(250)
        self._slow_timer.timeout.connect(self._look_for_slow)
        self._stopped = False

    def submit(
        self,
        work: Work,
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        lane: str = "read",
        title: LazyText | str = "",
        owner: QObject | None = None,
    ) -> Job:
        """Run `work(job)` on the lane's worker; `done` or `failed` follows on the UI thread.

        A job whose owner has been deleted by then is dropped in silence: a late answer must not reach a closed page.
        """
        if not self._threads:
            self._start_threads()
        job = Job(title, owner, failed)
        self._jobs.add(job)
        self._lanes[lane].put((job, work, done))
        if not self._slow_timer.isActive():
            self._slow_timer.start()
        return job

    def cancel(self, job: Job) -> None:
        """A person cancels a job: whoever asked for it is told at once, so that no page waits for ever."""
        if job.cancel() and job.failed is not None and job.wanted:
            job.failed(
                UserError(
                    "CANCELLED",
                    L("Cancelled."),
                    safe=L("If it was already done, the list shows it."),
                )
            )

    @property
    def busy(self) -> int:
        """How many jobs have not come back yet."""
        return len(self._jobs)

    def stop(self, seconds: float = 2.0) -> bool:
        """Cancel what has not started and wait for the workers; False when one is still stuck after that."""
        self._stopped = True
        for job in list(self._jobs):
            job.cancel()
        for thread in self._threads:
            self._lanes[thread.name.rsplit("-", 1)[0]].put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._slow_timer.stop()
        return not any(thread.is_alive() for thread in self._threads)

    def _start_threads(self) -> None:
        for lane, count in LANES.items():
            for index in range(count):
                # Daemon threads: a plugin stuck in a driver must not keep the process alive after the window is gone.
                thread = threading.Thread(
                    target=self._serve, args=(lane,), name=f"{lane}-{index}", daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _serve(self, lane: str) -> None:
        queue = self._lanes[lane]
        while (item := queue.get()) is not None:
            job, work, done = item
            deliver: Callable[[], None] | None = None
            if job.begin():
                deliver = self._attempt(job, work, done)
            self._hand_over(job, deliver)

    def _attempt(self, job: Job, work: Work, done: Done | None) -> Callable[[], None] | None:
        try:
            value = work(job)
        except UserError as error:
            caught = error
        except (Exception, SystemExit) as bug:  # noqa: BLE001 - any fault of a plugin, also sys.exit, is reported
            self._report(bug)
            caught = bug_error(bug)
        else:
            return None if done is None else lambda: done(value)
        failed = job.failed
        return None if failed is None else lambda: failed(caught)

    def _hand_over(self, job: Job, deliver: Callable[[], None] | None) -> None:
        if self._stopped:
            return
        self._results.append((job, deliver))
        with self._waking:
            if self._woken:
                return
            self._woken = True
        self._arrived.emit()

    def _drain(self) -> None:
        with self._waking:
            self._woken = False
        end = time.perf_counter() + SLICE_SECONDS
        while self._results:
            job, deliver = self._results.popleft()
            self._finish(job, deliver)
            if self._results and time.perf_counter() >= end:
                with self._waking:
                    self._woken = True
                QTimer.singleShot(0, self._drain)
                return

    def _finish(self, job: Job, deliver: Callable[[], None] | None) -> None:
        wanted = job.end()
        self._jobs.discard(job)
        try:
            if wanted and deliver is not None:
                deliver()
        except Exception:  # noqa: BLE001 - handed to the owner of the hook
            # One page's faulty callback must not cost the other pages their results; the owner of the hook shows it.
            sys.excepthook(*sys.exc_info())
        finally:
            if job in self._shown:
                self._shown.discard(job)
                self.ended.emit(job)

    def _look_for_slow(self) -> None:
        now = time.monotonic()
        for job in self._jobs - self._shown:
            if job.state is JobState.RUNNING and now - job.started >= SLOW_SECONDS:
                self._shown.add(job)
                self.slow.emit(job)
        for job in [job for job in self._shown if job.cancelled]:
            self._shown.discard(job)
            self.ended.emit(job)
        if not self._jobs:
            self._slow_timer.stop()


def bug_error(bug: BaseException) -> UserError:
    """What a page is told when its operation failed by a fault of the program."""
    return UserError(
        "BUG",
        L("Something in the program failed."),
        do=L("Try again; if it stays, copy the diagnostics for the administrator."),
        detail={"fault": type(bug).__name__},
    )
