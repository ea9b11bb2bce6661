"""The task runner: results on the UI thread in slices, errors of both kinds, owners, cancelling."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QObject, QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from yichuang.hall.errors import UserError
from yichuang.shell import tasks
from yichuang.shell.tasks import Job, JobState, Runner


@pytest.fixture
def reported() -> list[BaseException]:
    return []


@pytest.fixture
def runner(qtbot: QtBot, reported: list[BaseException]) -> Iterator[Runner]:
    made = Runner(reported.append)
    yield made
    assert made.stop()


def test_works_on_a_worker_and_answers_on_the_ui_thread(qtbot: QtBot, runner: Runner) -> None:
    places: list[int] = []

    def done(value: int) -> None:
        places.extend((value, threading.get_ident()))

    runner.submit(lambda _job: threading.get_ident(), done)
    qtbot.waitUntil(lambda: len(places) == 2)
    assert places[0] != places[1] == threading.get_ident()
    assert runner.busy == 0


def test_a_user_error_goes_to_who_asked(qtbot: QtBot, runner: Runner, reported: list[BaseException]) -> None:
    failures: list[UserError] = []

    def work(_job: Job) -> None:
        raise UserError("DESK_CLOSED", "closed")

    runner.submit(work, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].code == "DESK_CLOSED"
    assert reported == []


@pytest.mark.parametrize("fault", [ZeroDivisionError("x"), SystemExit(3)], ids=["bug", "exit"])
def test_a_bug_is_reported_and_told_as_one(
    qtbot: QtBot, runner: Runner, reported: list[BaseException], fault: BaseException
) -> None:
    failures: list[UserError] = []

    def work(_job: Job) -> None:
        raise fault

    runner.submit(work, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].code == "BUG"
    assert reported == [fault]
    answers: list[int] = []
    runner.submit(lambda _job: 1, answers.append)  # the worker has survived
    qtbot.waitUntil(lambda: answers == [1])


def test_many_results_leave_room_for_the_window(qtbot: QtBot, runner: Runner) -> None:
    """400 results of 3 ms each: without slices the window stands still for 1.2 s."""
    seen: list[int] = []
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    def slow(value: int) -> None:
        end = time.perf_counter() + 0.003
        while time.perf_counter() < end:
            pass
        seen.append(value)

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(5)
    for number in range(400):
        runner.submit(lambda _job, number=number: number, slow, lane="write")
    qtbot.waitUntil(lambda: len(seen) == 400, timeout=20_000)
    timer.stop()
    assert seen == list(range(400))
    assert max(gaps) < 0.3


def test_the_answer_of_a_closed_page_is_dropped(qtbot: QtBot, runner: Runner) -> None:
    owner = QObject()
    gate, answers = threading.Event(), []
    job = runner.submit(lambda _job: gate.wait(5), answers.append, owner=owner)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    gate.set()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert answers == []
    assert job.state is JobState.CANCELLED


def test_writes_run_one_after_the_other(qtbot: QtBot, runner: Runner) -> None:
    running, most, ended = [0], [0], []
    lock = threading.Lock()

    def work(_job: Job) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.005)
        with lock:
            running[0] -= 1

    for _ in range(10):
        runner.submit(work, ended.append, lane="write")
    qtbot.waitUntil(lambda: len(ended) == 10)
    assert most[0] == 1


def test_cancel_before_it_runs(qtbot: QtBot, runner: Runner) -> None:
    gate, ran, failures = threading.Event(), [], []
    runner.submit(lambda _job: gate.wait(5), lane="write")
    waiting = runner.submit(lambda _job: ran.append(1), failed=failures.append, lane="write")
    runner.cancel(waiting)
    assert [failure.code for failure in failures] == ["CANCELLED"]
    gate.set()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert ran == []


def test_cancel_between_steps(qtbot: QtBot, runner: Runner) -> None:
    steps: list[int] = []
    begun = threading.Event()

    def work(job: Job) -> str:
        for number in range(1000):
            if not job.step(number, 1000):
                return "stopped"
            steps.append(number)
            begun.set()
            time.sleep(0.001)
        return "ended"

    answers: list[str] = []
    job = runner.submit(work, answers.append)
    assert begun.wait(5)
    assert job.cancel()
    assert not job.cancel()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert len(steps) < 1000
    assert answers == []
    assert job.progress is not None
    assert job.progress[1] == 1000


def test_a_slow_job_shows_itself(qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SLOW_SECONDS", 0.05)
    gate = threading.Event()
    with qtbot.waitSignal(runner.slow) as slow:
        job = runner.submit(lambda _job: gate.wait(5), title="收件")
    assert slow.args == [job]
    with qtbot.waitSignal(runner.ended) as ended:
        gate.set()
    assert ended.args == [job]


def test_one_faulty_callback_does_not_cost_the_others(qtbot: QtBot, runner: Runner) -> None:
    answers: list[int] = []

    def faulty(_value: int) -> None:
        raise RuntimeError("in a page")

    with capture_exceptions() as caught:
        runner.submit(lambda _job: 1, faulty, lane="write")
        runner.submit(lambda _job: 2, answers.append, lane="write")
        qtbot.waitUntil(lambda: answers == [2])
    assert [kind for kind, _value, _trace in caught] == [RuntimeError]


def test_stop_says_when_a_worker_is_stuck(qtbot: QtBot, reported: list[BaseException]) -> None:
    gate, begun = threading.Event(), threading.Event()
    runner = Runner(reported.append)
    runner.submit(lambda _job: (begun.set(), gate.wait(10)))
    assert begun.wait(5)
    assert not runner.stop(0.05)
    gate.set()
    assert runner.stop(5)
