"""Starting the window while the hall's database is away: who gets in, what they see, and what follows when it is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, update

from yichuang.hall.errors import UserError
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.away_sign_in import DAYS_KEY, SERVICE
from yichuang.shell.backend import Backend, Opening
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow
from yichuang.storage import hall_tables as t

from .conftest import PASSWORD, PLUGINS, Clock, People, settle


@pytest.fixture
def suite(open_hall: Callable[..., Suite]) -> Suite:
    """The hall with the plugin `stand`, one of whose windows goes on alone; clerks may use it."""
    opened = open_hall(("stand",))
    with opened.database.write() as writer:
        writer.execute_many(insert(t.role_permission), [{"role": "clerk", "permission": "stand.use"}])
    return opened


def type_in(qtbot: QtBot, window: MainWindow, account: str, password: str) -> None:
    qtbot.waitUntil(window.form.button.isEnabled, timeout=10_000)
    if account:
        window.form.account.setText(account)
    qtbot.keyClicks(window.form.password, password)
    qtbot.keyClick(window.form.password, Qt.Key.Key_Return)


@pytest.fixture
def worked_here(qtbot: QtBot, window: MainWindow, backend: Backend, suite: Suite, people: People) -> Suite:
    """A clerk has signed in at this desk before, and out again."""
    backend.adopt(suite)
    with qtbot.waitSignal(window.signed_in, timeout=10_000):
        type_in(qtbot, window, people.other, PASSWORD)
    qtbot.waitUntil(lambda: suite.secrets.get(SERVICE, people.other) is not None, timeout=10_000)
    settle(qtbot, backend)
    window.sign_out()
    settle(qtbot, backend)
    backend.close()
    return suite


class Hall:
    """Whether the database can be opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
        self._open = Suite.open
        self.away = True

        def opening(*args: Any, **named: Any) -> Suite:
            if self.away:
                raise UserError("DATABASE_AWAY", "The database does not answer.")
            return self._open(*args, **{**named, "clock": clock})

        monkeypatch.setattr(Suite, "open", opening)


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Hall:
    return Hall(monkeypatch, clock)


@pytest.fixture
def restarted(
    qtbot: QtBot, worked_here: Suite, hall: Hall, hall_dir: Path, clock: Clock, themed: object,
    bugs: list[BaseException], preferences: Preferences,
) -> Iterator[MainWindow]:  # fmt: skip
    """The window started anew, with the database away."""
    backend = Backend(bugs.append)
    window = MainWindow(backend, preferences)
    window._again.setInterval(100)
    window.show()
    window.open(Opening(data_dir=hall_dir, plugin_dirs=(PLUGINS,), only=("stand",), clock=clock))
    qtbot.waitUntil(lambda: "登录过" in window.form.note.text(), timeout=10_000)
    assert window.form.retry.isVisible()
    yield window
    window.shut_down()
    window.close()
    window.deleteLater()
    assert bugs == []


def come_backs(suite: Suite) -> list[dict[str, object]]:
    rows = suite.query(Actor.system(), "journal.rows", {"limit": 100})
    return [row.detail for row in rows if row.event == "identity.come_back"]


def test_who_worked_here_gets_what_goes_on_alone_and_signs_in_again_when_the_hall_is_back(
    qtbot: QtBot, restarted: MainWindow, hall: Hall, worked_here: Suite, people: People, clock: Clock
) -> None:
    type_in(qtbot, restarted, people.other, "wrong")
    qtbot.waitUntil(lambda: "登录过" in restarted.form.problem.text(), timeout=10_000)
    assert restarted.away_desk is None
    type_in(qtbot, restarted, people.other, PASSWORD)
    qtbot.waitUntil(lambda: restarted.away_desk is not None, timeout=10_000)
    desk = restarted.away_desk
    assert desk is not None
    assert not restarted.form.isVisible()
    assert restarted.workspace is None
    (page,) = desk.pages
    assert page.context.page_id == "stand.counter", "no board for the public, nothing that needs the hall"
    actor = page.context.actor
    assert (actor.account, actor.permissions) == (people.other, {"stand.use"})
    assert not page.context.online
    failed: list[str] = []
    page.context.run("stand.note", {"text": "x"}, failed=lambda error: failed.append(error.code))
    qtbot.waitUntil(lambda: failed == ["NOT_READY"], timeout=10_000)
    hall.away = False
    qtbot.waitUntil(lambda: "已恢复" in desk.back.text(), timeout=20_000)
    (told,) = come_backs(worked_here)
    assert told == {"allowed": True, "desk": actor.desk, "wrong": 1, "unlocked": [clock().isoformat()]}
    page.context.run("stand.note", {"text": "x"}, failed=lambda error: failed.append(error.code))
    qtbot.waitUntil(lambda: failed == ["NOT_READY"] * 2, timeout=10_000)
    desk.again.click()
    with qtbot.waitSignal(restarted.signed_in, timeout=20_000):
        type_in(qtbot, restarted, people.other, PASSWORD)
    assert restarted.away_desk is None
    assert restarted.workspace is not None
    settle(qtbot, restarted.backend)
    assert len(come_backs(worked_here)) == 1, "told once"


def test_who_was_closed_meanwhile_is_locked_out_and_cannot_come_again(
    qtbot: QtBot, restarted: MainWindow, hall: Hall, worked_here: Suite, people: People
) -> None:
    type_in(qtbot, restarted, people.other, PASSWORD)
    qtbot.waitUntil(lambda: restarted.away_desk is not None, timeout=10_000)
    with worked_here.database.write() as writer:
        writer.execute(update(t.account).where(t.account.c.name == people.other).values(active=False))
    hall.away = False
    qtbot.waitUntil(lambda: restarted.away_desk is None, timeout=20_000)
    assert restarted.form.isVisible()
    assert "已停用" in restarted.form.problem.text()
    assert come_backs(worked_here)[0]["allowed"] is False
    assert worked_here.secrets.get(SERVICE, people.other) is None


def test_the_lock_ends_the_visit_and_what_happened_is_told_at_the_next_sign_in(
    qtbot: QtBot, restarted: MainWindow, hall: Hall, worked_here: Suite, people: People
) -> None:
    type_in(qtbot, restarted, people.other, PASSWORD)
    qtbot.waitUntil(lambda: restarted.away_desk is not None, timeout=10_000)
    restarted.lock()
    assert restarted.away_desk is None
    assert restarted.form.account.isVisible()
    hall.away = False
    qtbot.waitUntil(lambda: restarted.backend.suite is not None, timeout=20_000)
    settle(qtbot, restarted.backend)
    assert come_backs(worked_here) == []
    with qtbot.waitSignal(restarted.signed_in, timeout=20_000):
        type_in(qtbot, restarted, people.other, PASSWORD)
    qtbot.waitUntil(lambda: len(come_backs(worked_here)) == 1, timeout=10_000)
    settle(qtbot, restarted.backend)


def test_who_never_worked_here_or_not_for_long_is_not_let_in(
    qtbot: QtBot, restarted: MainWindow, people: People, clock: Clock
) -> None:
    type_in(qtbot, restarted, people.admin, PASSWORD)
    qtbot.waitUntil(lambda: not restarted.form.problem.isHidden(), timeout=10_000)
    clock.move(days=8)
    type_in(qtbot, restarted, people.other, PASSWORD)
    qtbot.waitUntil(restarted.form.button.isEnabled, timeout=10_000)
    assert restarted.away_desk is None


def test_a_hall_that_does_not_want_it_keeps_nothing(
    qtbot: QtBot, window: MainWindow, backend: Backend, suite: Suite, people: People
) -> None:
    suite.run(Actor.system(), "hall.set", {"key": DAYS_KEY, "value": 0})
    backend.adopt(suite)
    with qtbot.waitSignal(window.signed_in, timeout=10_000):
        type_in(qtbot, window, people.other, PASSWORD)
    qtbot.waitUntil(lambda: window._proof is not None, timeout=10_000)
    settle(qtbot, backend)
    assert suite.secrets.get(SERVICE, people.other) is None


def test_a_window_that_cannot_be_built_is_said_and_one_can_leave(
    qtbot: QtBot, restarted: MainWindow, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the window cannot be built")

    monkeypatch.setattr("yichuang.shell.away_desk.WindowPage", fail)
    with capture_exceptions() as faults:
        type_in(qtbot, restarted, people.other, PASSWORD)
        qtbot.waitUntil(lambda: restarted.away_desk is not None, timeout=10_000)
    assert [str(fault[1]) for fault in faults] == ["the window cannot be built"]
    desk = restarted.away_desk
    assert desk is not None
    assert desk.pages == []
    desk.leave.click()
    assert restarted.form.isVisible()
