"""Signing in, being refused, locked out, and the screen lock, as a person does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6 import sip
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from yichuang.hall.errors import UserError
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.shell.backend import Backend
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.storage import hall_tables as t

from .conftest import PASSWORD, Clock, People, journal_of, settle


@pytest.fixture
def ready(window: MainWindow, backend: Backend, suite: Suite) -> MainWindow:
    """The window with the hall's data open and nobody signed in."""
    backend.adopt(suite)
    return window


def type_in(qtbot: QtBot, window: MainWindow, account: str, password: str) -> None:
    if account:
        window.form.account.setText(account)
    qtbot.keyClicks(window.form.password, password)
    qtbot.keyClick(window.form.password, Qt.Key.Key_Return)


def test_one_signs_in_by_account_and_password(
    qtbot: QtBot, ready: MainWindow, people: People, suite: Suite, preferences: Preferences
) -> None:
    assert QApplication.focusWidget() is ready.form.account
    with qtbot.waitSignal(ready.signed_in, timeout=10_000) as signed:
        type_in(qtbot, ready, people.clerk, PASSWORD)
    assert signed.args[0].account == people.clerk
    assert ready.workspace is not None
    assert not ready.form.isVisible()
    assert ready.form.password.text() == ""
    assert preferences.get("last_account") == people.clerk
    assert journal_of(suite, "identity.sign_in")[-1] == f"account:{people.clerk}"
    actor = signed.args[0]
    (present,) = suite.query(actor, "identity.present", {"agency": actor.agency})
    assert present.staff_id == actor.staff_id
    settle(qtbot, ready.backend)


def test_the_password_leaves_the_field_before_anything_else(
    qtbot: QtBot, ready: MainWindow, people: People
) -> None:
    seen: list[str] = []
    ready.form.submitted.connect(lambda _account, _password: seen.append(ready.form.password.text()))
    type_in(qtbot, ready, people.clerk, "wrong")
    assert seen == [""]
    qtbot.waitUntil(lambda: not ready.form.problem.isHidden())


def test_a_wrong_password_is_said_in_place_and_five_lock_the_account(
    qtbot: QtBot, ready: MainWindow, people: People, suite: Suite
) -> None:
    for _ in range(5):
        type_in(qtbot, ready, people.other, "wrong")
        qtbot.waitUntil(lambda: ready.form.button.isEnabled(), timeout=10_000)
        assert not ready.form.problem.isHidden()
    assert "锁定" in ready.form.problem.text()
    type_in(qtbot, ready, people.other, PASSWORD)
    qtbot.waitUntil(lambda: ready.form.button.isEnabled(), timeout=10_000)
    assert "锁定" in ready.form.problem.text()
    assert ready.workspace is None
    assert journal_of(suite, "identity.sign_in")
    assert journal_of(suite, "identity.signed_in") == [], "a wrong password brings nobody in"


@pytest.mark.parametrize(("account", "password"), [("", "x"), ("somebody", "")])
def test_something_missing_is_asked_for(qtbot: QtBot, ready: MainWindow, account: str, password: str) -> None:
    ready.form.account.setText(account)
    ready.form.password.setText(password)
    ready.form.submit()
    assert not ready.form.problem.isHidden()
    missing = ready.form.password if account else ready.form.account
    assert QApplication.focusWidget() is missing


def test_who_is_faster_than_the_data_is_let_in_when_it_is_there(
    qtbot: QtBot, window: MainWindow, backend: Backend, suite: Suite, people: People
) -> None:
    type_in(qtbot, window, people.clerk, PASSWORD)
    assert window.workspace is None
    with qtbot.waitSignal(window.signed_in, timeout=10_000):
        backend.adopt(suite)
    settle(qtbot, backend)


def test_data_that_cannot_be_opened_is_said_with_a_way_to_try_again(
    qtbot: QtBot, window: MainWindow, backend: Backend
) -> None:
    backend.refused.emit(
        UserError("DATABASE_AWAY", "The database does not answer.", do="Call the administrator.")
    )
    assert window.form.problem.text() == "The database does not answer. Call the administrator."
    assert window.form.retry.isVisible()


def test_a_locked_screen_shows_nothing_and_opens_for_its_owner(
    qtbot: QtBot, window: MainWindow, desk: Workspace, people: People
) -> None:
    pages_before = desk.pages.contexts()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.form.isVisible)
    assert not desk.isVisible()
    assert not window.form.account.isVisible()
    assert desk.actor.name in window.form.hall.text()
    assert QApplication.focusWidget() is window.form.password
    type_in(qtbot, window, "", "wrong")
    qtbot.waitUntil(lambda: not window.form.problem.isHidden(), timeout=10_000)
    assert not desk.isVisible()
    type_in(qtbot, window, "", PASSWORD)
    qtbot.waitUntil(desk.isVisible, timeout=10_000)
    assert window.workspace is desk
    assert desk.pages.contexts() == pages_before


def test_the_screen_locks_itself_when_nobody_moves(
    qtbot: QtBot, window: MainWindow, desk: Workspace, preferences: Preferences
) -> None:
    window._idle.arm(QApplication.instance(), 0.002)
    qtbot.waitUntil(window.form.isVisible)
    assert not desk.isVisible()
    assert not window._idle.armed


def test_a_sign_of_life_puts_the_lock_off(qtbot: QtBot, window: MainWindow, desk: Workspace) -> None:
    window._idle.arm(QApplication.instance(), 0.01)
    for _ in range(10):
        with qtbot.waitSignal(window.painted, timeout=100, raising=False):
            qtbot.keyClick(desk, Qt.Key.Key_Shift)
        assert desk.isVisible()
    window._idle.disarm()


def test_somebody_else_may_take_over_a_locked_screen(
    qtbot: QtBot, window: MainWindow, desk: Workspace, people: People
) -> None:
    window.lock()
    qtbot.mouseClick(window.form.other, Qt.MouseButton.LeftButton)
    assert window.workspace is None
    assert window.form.account.isVisible()
    with qtbot.waitSignal(window.signed_in, timeout=10_000):
        type_in(qtbot, window, people.other, PASSWORD)
    settle(qtbot, window.backend)


def test_a_desk_that_is_gone_does_not_keep_one_out_for_ever(
    qtbot: QtBot, ready: MainWindow, people: People, preferences: Preferences
) -> None:
    preferences.set("desk", "Z99")
    type_in(qtbot, ready, people.clerk, PASSWORD)
    qtbot.waitUntil(lambda: not ready.form.problem.isHidden(), timeout=10_000)
    assert preferences.get("desk") == ""
    with qtbot.waitSignal(ready.signed_in, timeout=10_000):
        type_in(qtbot, ready, people.clerk, PASSWORD)
    settle(qtbot, ready.backend)


def test_signing_out_ends_every_page(qtbot: QtBot, window: MainWindow, desk: Workspace) -> None:
    desk.navigate("fair.intake")
    contexts = desk.pages.contexts()
    desk.sign_out_asked.emit()
    qtbot.waitUntil(lambda: all(sip.isdeleted(context) for context in contexts))
    assert window.workspace is None
    assert window.form.isVisible()


def test_the_hall_is_named_before_signing_in(qtbot: QtBot, ready: MainWindow, clock: Clock) -> None:
    qtbot.waitUntil(lambda: "政务服务大厅" in ready.form.hall.text())


def test_a_hall_without_accounts_says_how_to_make_one(
    qtbot: QtBot, window: MainWindow, backend: Backend, make_empty: Callable[[], Suite]
) -> None:
    backend.adopt(make_empty())
    qtbot.waitUntil(lambda: "yichuang hall create" in window.form.note.text())


# ---- the lock while the database is away ----


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, suite: Suite, backend: Backend) -> Callable[[bool], None]:
    """Takes the database away (True) and brings it back."""
    run, query = suite.run, suite.query

    def gone(*_args: object, **_named: object) -> object:
        raise UserError("DATABASE_AWAY", "The database does not answer.")

    def set_away(is_away: bool) -> None:
        monkeypatch.setattr(suite, "run", gone if is_away else run)
        monkeypatch.setattr(suite, "query", gone if is_away else query)
        monkeypatch.setattr(suite, "sign_in", gone if is_away else type(suite).sign_in.__get__(suite))
        backend.ping()

    return set_away


@pytest.fixture
def signed_in(qtbot: QtBot, ready: MainWindow, people: People, backend: Backend) -> MainWindow:
    """A person at work who has typed the password."""
    with qtbot.waitSignal(ready.signed_in, timeout=10_000):
        type_in(qtbot, ready, people.other, PASSWORD)
    qtbot.waitUntil(lambda: ready._proof is not None, timeout=10_000)
    settle(qtbot, backend)
    assert backend.link.online
    return ready


def lock_and_type(qtbot: QtBot, window: MainWindow, password: str) -> None:
    if not window.form.isVisible():
        window.lock()
    qtbot.waitUntil(window.form.button.isEnabled, timeout=10_000)
    type_in(qtbot, window, "", password)


def come_back(suite: Suite) -> list[dict[str, object]]:
    rows = suite.query(Actor.system(), "journal.rows", {"limit": 100})
    return [row.detail for row in rows if row.event == "identity.come_back"]


def test_the_lock_opens_for_its_owner_while_the_database_is_away_and_that_is_journalled(
    qtbot: QtBot,
    signed_in: MainWindow,
    suite: Suite,
    backend: Backend,
    clock: Clock,
    away: Callable[[bool], None],
) -> None:
    away(True)
    qtbot.waitUntil(lambda: not backend.link.online, timeout=10_000)
    lock_and_type(qtbot, signed_in, "wrong")
    qtbot.waitUntil(lambda: "密码" in signed_in.form.problem.text(), timeout=10_000)
    assert signed_in.form.isVisible()
    lock_and_type(qtbot, signed_in, PASSWORD)
    qtbot.waitUntil(lambda: not signed_in.form.isVisible(), timeout=10_000)
    assert signed_in.workspace is not None
    away(False)
    qtbot.waitUntil(lambda: bool(come_back(suite)), timeout=10_000)
    settle(qtbot, backend)
    (told,) = come_back(suite)
    assert (told["allowed"], told["wrong"], told["unlocked"]) == (True, 1, [clock().isoformat()])
    assert not signed_in.form.isVisible()
    assert PASSWORD not in str(vars(signed_in._proof))


def test_five_wrong_passwords_leave_the_lock_to_the_hall(
    qtbot: QtBot, signed_in: MainWindow, backend: Backend, away: Callable[[bool], None]
) -> None:
    away(True)
    for _ in range(5):
        lock_and_type(qtbot, signed_in, "wrong")
    lock_and_type(qtbot, signed_in, PASSWORD)
    qtbot.waitUntil(lambda: "恢复" in signed_in.form.problem.text(), timeout=10_000)
    assert signed_in.form.isVisible()
    away(False)
    lock_and_type(qtbot, signed_in, PASSWORD)
    qtbot.waitUntil(lambda: not signed_in.form.isVisible(), timeout=10_000)
    settle(qtbot, backend)


def test_who_was_closed_meanwhile_is_locked_out_when_the_database_is_back(
    qtbot: QtBot,
    signed_in: MainWindow,
    suite: Suite,
    people: People,
    backend: Backend,
    away: Callable[[bool], None],
) -> None:
    away(True)
    qtbot.waitUntil(lambda: not backend.link.online, timeout=10_000)
    lock_and_type(qtbot, signed_in, PASSWORD)
    qtbot.waitUntil(lambda: not signed_in.form.isVisible(), timeout=10_000)
    with suite.database.write() as writer:
        writer.execute(update(t.account).where(t.account.c.name == people.other).values(active=False))
    away(False)
    qtbot.waitUntil(signed_in.form.isVisible, timeout=10_000)
    assert "已停用" in signed_in.form.problem.text()
    assert come_back(suite)[-1]["allowed"] is False
    away(True)
    lock_and_type(qtbot, signed_in, PASSWORD)
    qtbot.waitUntil(
        lambda: not signed_in.form.problem.isHidden() and backend.runner.busy == 0, timeout=10_000
    )
    assert signed_in.form.isVisible(), "also when the database goes away again"


def test_nobody_else_begins_a_visit_while_the_database_is_away(
    qtbot: QtBot, signed_in: MainWindow, people: People, backend: Backend, away: Callable[[bool], None]
) -> None:
    away(True)
    signed_in.sign_out()
    type_in(qtbot, signed_in, people.other, PASSWORD)
    qtbot.waitUntil(lambda: not signed_in.form.problem.isHidden(), timeout=10_000)
    assert signed_in.workspace is None
    settle(qtbot, backend)


def test_only_somebody_comes_back(suite: Suite) -> None:
    with pytest.raises(UserError) as caught:
        suite.run(Actor.nobody(), "identity.come_back", {})
    assert caught.value.code == "NOT_SIGNED_IN"
