"""Replay and states of the manager's page; its repaints and memory with a full hall."""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import replace
from datetime import timedelta

from PyQt6.QtCore import QPoint
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from yichuang.api import UserError
from yichuang.shell.testing import open_page
from yichuang_queue.ui.console.grid import DeskGrid

from .conftest import MANAGER, clerk
from .console_page import on_a_file, opened, press, waiting  # noqa: F401  # fixtures come by their names
from .full_hall import fill


def test_a_day_is_replayed_and_the_present_comes_back(page, suite, until, clock):
    window, _ = page
    person = clerk(1, "A01")
    ticket = suite.run(person, "queue.call_next", {"desk": "A01"})
    suite.run(person, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=8)
    suite.run(person, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(minutes=1)
    replay = window.replay
    press(window.replay_button)
    until(replay.slider.isEnabled)
    assert replay.time.text() == "09:00:00"
    assert not window.floor.side.advice.isVisible()
    replay.slider.setValue(16 * 60 + 120)
    assert window.floor.desk("A01").ticket.number == "A001"
    assert window.floor.strip.finished.accessibleName() == "已办结 0 件"
    replay.speed.set_current("60")
    press(replay.play)
    until(lambda: window.floor.strip.finished.accessibleName() == "已办结 1 件")
    press(replay.play)
    at = replay.slider.value()
    QTest.qWait(500)
    assert replay.slider.value() == at, "it pauses"
    window.load()
    QTest.qWait(300)
    assert window.floor.desk("A01") == replay._day.at(replay.moment()).desks[0], (
        "the present does not break in"
    )
    replay.leave()
    until(lambda: window.floor.side.alarms.isVisible())
    assert not replay.isVisible()


def test_a_day_without_anything_says_so(page, until):
    window, _ = page
    press(window.replay_button)
    until(window.replay.slider.isEnabled)
    window.replay.day.setText("2026-03-01")
    window.replay.day.editingFinished.emit()
    until(lambda: window.replay.note.text() == "这一天没有记录。")
    assert not window.replay.play.isEnabled()
    window.replay.leave()


def test_a_failure_keeps_what_is_shown_and_says_since_when(page, until):
    window, context = page
    window._failed(UserError("BUG", "x"))
    assert window.updated.text().startswith("截至 ")
    assert len(window.floor.grid.desks.desks) == 4
    window._gap.stop()
    window.load()
    until(lambda: window.updated.text() == "每 2 秒更新")
    context.online_changed.emit(False)
    assert window._note_row.count() == 1
    context.online_changed.emit(True)
    until(lambda: window._note_row.count() == 0)


def test_an_empty_hall(qtbot, open_suite, until):
    suite = open_suite(plugins=["queue"])
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        assert window.floor._stack.currentWidget() is window.floor.first_load
        until(lambda: window.floor._stack.currentWidget() is window.floor.nothing)


def full(suite, clock):
    clock.move(hours=2)
    fill(suite, clock.now)


def repaints(view, count):
    """Seconds of this thread for each of so many whole repaints; other programs on the machine do not count."""
    times = []
    for _ in range(count):
        began = time.thread_time()
        view.viewport().repaint()
        times.append(time.thread_time() - began)
    return sorted(times)


def test_sixty_desks_are_painted_within_a_frame(suite, clock, until):
    full(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        window.resize(1840, 1180)
        until(lambda: window.console is not None)
        grid: DeskGrid = window.floor.grid
        assert (grid.desks.rowCount(), window.console.figures.waiting) == (60, 500)
        repaints(grid, 5)
        times = repaints(grid, 60)
        assert times[int(0.5 * len(times))] < 0.016, f"median {times[30] * 1000:.1f} ms"


def test_many_updates_leave_nothing_behind(suite, clock, until):
    full(suite, clock)
    with open_page(suite, MANAGER, "queue.console") as (window, _context):
        until(lambda: window.console is not None)
        consoles = [window.console, replace(window.console, now=window.console.now + timedelta(seconds=1))]
        for turn in range(20):
            window.show_console(consoles[turn % 2])
        gc.collect()
        widgets = len(QApplication.allWidgets())
        tracemalloc.start()
        try:
            for turn in range(20):
                window.show_console(consoles[turn % 2])
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            for turn in range(300):
                window.show_console(consoles[turn % 2])
                QApplication.processEvents()
            gc.collect()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        assert len(QApplication.allWidgets()) <= widgets
        assert grown < 300_000, f"{grown} bytes more after 300 updates"


def test_the_pointer_stays_over_the_same_desk(page):
    window, _ = page
    grid = window.floor.grid
    at = grid.visualRect(grid.desks.index(2)).center()
    under = grid.indexAt(QPoint(at)).data()
    for _ in range(3):
        window.show_console(replace(window.console, now=window.console.now + timedelta(seconds=2)))
    assert grid.indexAt(QPoint(at)).data() == under
