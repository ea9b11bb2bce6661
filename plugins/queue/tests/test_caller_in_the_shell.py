"""The caller beside the real main window: its keys work there, and go on when that window is closed."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, Qt

from yichuang.shell.backend import Backend
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow

from .conftest import MANAGER
from .desk_driver import PERSON

WAIT_MS = 10_000


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def shell(qtbot, suite):
    """The main window with the clerk signed in at A01."""
    bugs = []
    backend = Backend(bugs.append)
    backend.adopt(suite)
    window = MainWindow(backend, Preferences(suite.data_dir))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.enter(PERSON)
    qtbot.waitUntil(lambda: window.workspace.today.home is not None, timeout=WAIT_MS)
    yield window
    window.shut_down()
    window.close()
    window.deleteLater()
    backend.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert bugs == []


def test_f2_calls_once_from_the_main_window_and_with_it_closed(qtbot, suite, shell):
    for _each in range(2):
        suite.run(MANAGER, "queue.issue", {"line": "A"})
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    shell.workspace.navigate("queue.caller")
    caller = shell.workspace.pages.widget("queue.caller")
    qtbot.waitUntil(lambda: caller.view is not None, timeout=WAIT_MS)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: caller.view.current is not None and not caller.acts.busy, timeout=WAIT_MS)
    assert caller.view.current.number == "A001"
    shell.close()
    assert not shell.isVisible()
    assert caller.isVisible()
    caller.activateWindow()
    qtbot.waitUntil(caller.isActiveWindow)
    for _press in range(2):
        qtbot.keyClick(caller, Qt.Key.Key_F8)
        qtbot.waitUntil(lambda: caller.acts.busy, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not caller.acts.busy, timeout=WAIT_MS)
    assert suite.query(MANAGER, "queue.ticket", {"number": "A001"}).state == "done"
    qtbot.keyClick(caller, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: caller.view.current is not None and not caller.acts.busy, timeout=WAIT_MS)
    qtbot.keyClick(caller, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: caller.view.current is None and not caller.acts.busy, timeout=WAIT_MS)
    qtbot.keyClick(caller, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: caller.view.current is not None and not caller.acts.busy, timeout=WAIT_MS)
    caller.face.main_window.click()
    assert shell.isVisible()
    caller.close()


def test_home_and_top_bar_show_the_desk_and_its_ticket(qtbot, suite, shell):
    suite.run(MANAGER, "queue.issue", {"line": "A", "business": "企业登记"})
    suite.run(PERSON, "queue.open_desk", {"desk": "A01"})
    ticket = suite.run(PERSON, "queue.call_next", {"desk": "A01"})

    def figures():
        return {figure.id: figure for figure in suite.query(PERSON, "shell.home").figures}

    found = figures()
    assert (found["desk.state"].value, found["desk.state"].tone) == ("接件中", "green")
    assert (found["ticket"].title, found["ticket"].value) == ("企业登记", "A001")
    assert found["ticket"].extra["text"] == "已呼叫"
    assert found["ticket"].extra["since"] == ticket.called_at.isoformat()
    suite.run(PERSON, "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})
    assert "text" not in figures()["ticket"].extra
    suite.run(PERSON, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    suite.run(PERSON, "queue.set_desk", {"desk": "A01", "state": "paused", "reason": "就餐"})
    assert figures()["desk.state"].tone == "amber"
    assert "ticket" not in figures()
