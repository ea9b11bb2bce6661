"""What holds the UI thread for over 200 ms is named with its stack."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from yichuang.shell.watchdog import Watchdog


@pytest.fixture
def stalls() -> list[tuple[float, str]]:
    return []


@pytest.fixture
def watchdog(qtbot: QtBot, stalls: list[tuple[float, str]]) -> Iterator[Watchdog]:
    made = Watchdog(lambda seconds, stack: stalls.append((seconds, stack)))
    made.start()
    yield made
    made.stop()


def busy_loop(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_a_stall_is_told_with_its_stack(
    qtbot: QtBot, watchdog: Watchdog, stalls: list[tuple[float, str]]
) -> None:
    QTimer.singleShot(50, lambda: busy_loop(0.5))
    qtbot.waitUntil(lambda: bool(stalls))
    seconds, stack = stalls[0]
    assert 0.2 <= seconds < 3
    assert "busy_loop" in stack
    assert len(stalls) == 1


def test_one_stall_is_told_once_and_the_next_again(
    qtbot: QtBot, watchdog: Watchdog, stalls: list[tuple[float, str]]
) -> None:
    for number in (1, 2):
        QTimer.singleShot(0, lambda: busy_loop(0.5))
        qtbot.waitUntil(lambda number=number: len(stalls) == number)


def test_the_default_is_a_line_in_the_log(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    made = Watchdog()
    made.start()
    QTimer.singleShot(0, lambda: busy_loop(0.5))
    qtbot.waitUntil(lambda: "the UI thread was held" in caplog.text)
    made.stop()
    assert "busy_loop" in caplog.text
