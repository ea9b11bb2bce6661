"""Watching for changes: bursts are one reload, a calm page reloads once in a while and is never put off for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PyQt6 import sip

from yichuang.api import ui
from yichuang.hall.words import core as words

CHANGE = frozenset({("case", "1")})


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], tuple[ui.PageContext, list[float]]]]:
    """A page in front and the moments at which it was loaded."""
    monkeypatch.setattr(ui, "WATCH_DELAY_MS", 1)
    monkeypatch.setattr(ui, "CALM_SECONDS", 1.0)

    opened: list[ui.PageContext] = []

    def open_page(calm: bool) -> tuple[ui.PageContext, list[float]]:
        context = ui.PageContext(None, "test", "test.page", words)  # type: ignore[arg-type]  # nothing is asked of the shell
        opened.append(context)
        times: list[float] = []
        context.watch({"case"}, lambda: times.append(time.monotonic()), calm=calm)
        context.shown.emit({})
        return context, times

    yield open_page
    for context in opened:
        sip.delete(context)


def test_a_calm_page_is_loaded_again_while_changes_never_end(loads: Any, qtbot: Any) -> None:
    context, times = loads(True)

    def go_on() -> bool:
        context.changes.emit(CHANGE)
        return len(times) >= ui.CALM_MOST + 2

    qtbot.waitUntil(go_on, timeout=5000)
    first, last = times[0], times[ui.CALM_MOST]
    assert last - first >= 0.9, "so often in so long"
    assert times[ui.CALM_MOST - 1] - first < 0.9, "what a person does is seen at once"


def test_other_topics_do_not_load_and_f5_does_not_wait(loads: Any, qtbot: Any) -> None:
    context, times = loads(True)
    for _ in range(ui.CALM_MOST - 1):
        context.changes.emit(CHANGE)
        before = len(times)
        qtbot.waitUntil(lambda before=before: len(times) > before)
    context.changes.emit(frozenset({("ticket", "1")}))
    asked = time.monotonic()
    context.refresh.emit()
    qtbot.waitUntil(lambda: len(times) == ui.CALM_MOST + 1)
    assert times[-1] - asked < 0.5
