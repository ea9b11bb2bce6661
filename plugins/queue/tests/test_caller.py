"""The caller window, driven as a clerk does."""

from __future__ import annotations

import pytest

from yichuang.shell.testing import open_page

from .conftest import MANAGER, clerk

PERSON = clerk(1, "A01")


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


def test_a_clerk_calls_serves_and_finishes(qtbot, suite):
    suite.run(MANAGER, "queue.issue", {"line": "A", "person": "苏日娜"})
    with open_page(suite, PERSON, "queue.caller") as (window, _context):
        qtbot.waitUntil(lambda: window._view is not None, timeout=10_000)
        assert not window.next.isEnabled()
        window._change_mode("open")
        qtbot.waitUntil(window.next.isEnabled, timeout=10_000)
        window.next.click()
        qtbot.waitUntil(lambda: window.number.text() == "A001", timeout=10_000)
        assert window.main.text() == "办理"
        assert not window.next.isEnabled()
        window.main.click()
        qtbot.waitUntil(lambda: window.main.text() == "办结", timeout=10_000)
        window.main.click()
        qtbot.waitUntil(lambda: window.number.text() == "—", timeout=10_000)
    assert suite.query(MANAGER, "queue.ticket", {"number": "A001"}).state == "done"


def test_a_refusal_is_said_in_the_window(qtbot, suite):
    with open_page(suite, PERSON, "queue.caller") as (window, _context):
        qtbot.waitUntil(lambda: window._view is not None, timeout=10_000)
        other = clerk(2, "A01")
        suite.run(other, "queue.open_desk", {"desk": "A01"})
        window._change_mode("open")
        qtbot.waitUntil(lambda: window.note.count() == 1, timeout=10_000)


def test_a_pass_can_be_undone(qtbot, suite):
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    with open_page(suite, PERSON, "queue.caller") as (window, context):
        qtbot.waitUntil(window.next.isEnabled, timeout=10_000)
        window.next.click()
        qtbot.waitUntil(lambda: window.passing.isEnabled(), timeout=10_000)
        with qtbot.waitSignal(context.services.toast_asked, timeout=10_000):
            window.passing.click()
        qtbot.waitUntil(lambda: window.number.text() == "—", timeout=10_000)
