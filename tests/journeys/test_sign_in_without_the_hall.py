"""The server is off when a clerk starts the desk: the own password opens offline intake alone, and all is entered afterwards."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtTest import QTest
from sqlalchemy import select

from yichuang.api import Actor
from yichuang.demo import model_hall
from yichuang.hall.identifiers import citizen_id_check
from yichuang.host.suite import Suite
from yichuang.identity.away_sign_in import SERVICE
from yichuang.identity.secrets import open_secrets
from yichuang.shell.backend import Backend, Opening
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow
from yichuang.testing import postgres
from yichuang_acceptance import operations
from yichuang_acceptance.tables import case, material

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the hall
BEGUN = datetime.now(UTC)
ACCOUNT, PASSWORD = "qiqige", "Dulaan-2026-xk"
PAGE = b"\x89PNG\r\n\x1a\n as a camera takes it"


def clock() -> datetime:
    """The hall's time: it goes on from that morning."""
    return MORNING + (datetime.now(UTC) - BEGUN)


@contextmanager
def started(folder: Any, url: str) -> Iterator[MainWindow]:
    """The desk's window, as a person starts it."""
    faults: list[BaseException] = []
    backend, preferences = Backend(faults.append), Preferences(folder)
    window = MainWindow(backend, preferences)
    window._again.setInterval(500)
    window.show()
    window.open(Opening(url, folder, only=("acceptance",), clock=clock))
    try:
        yield window
        assert faults == []
    finally:
        window.shut_down()
        window.close()
        window.deleteLater()
        backend.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def sign_in(window: MainWindow) -> None:
    window.form.account.setText(ACCOUNT)
    QTest.keyClicks(window.form.password, PASSWORD)
    QTest.keyClick(window.form.password, Qt.Key.Key_Return)


def intake(window: MainWindow, wait: Callable[[Callable[[], Any]], None]) -> Any:
    """The intake's page, opened by the navigation."""
    wait(lambda: window.workspace is not None)
    assert window.workspace is not None
    window.workspace.navigate("acceptance.intake")
    wait(lambda: window.workspace.pages.widget("acceptance.intake") is not None)
    return window.workspace.pages.widget("acceptance.intake")


def receive(view: Any, wait: Callable[[Callable[[], Any]], None]) -> None:
    """One application with a captured page."""
    form = view.form
    form.finder.choose(sorted(code for code, row in form.finder._rows.items() if row.type == "01")[100])
    wait(lambda: form._item is not None)
    body = "15042119800101001"
    form.applicant.form.set_values({"name": "苏日娜", "code": body + citizen_id_check(body), "phone": ""})
    position = form.form.hands.asked[0].position
    form.form.camera._keeper(position)(PAGE, "image/png")
    wait(lambda: position in form.form.hands.given)
    form.gate()
    view.act()
    assert form.note.notes() == []
    wait(lambda: view.hand.kept.receipts and form.is_empty())


@pytest.mark.postgresql
@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(postgres.server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server here")
def test_a_desk_is_started_while_the_server_is_off(
    qtbot: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YICHUANG_SECRETS", "file")

    def wait(condition: Callable[[], Any]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=90_000)

    for module in pkgutil.iter_modules(
        operations.__path__
    ):  # a busy machine imports them for longer than a start may take
        importlib.import_module(f"{operations.__name__}.{module.name}")
    server = postgres.PostgresServer(durable=True).start()
    with ExitStack() as closing:
        closing.callback(server.stop)
        url, secrets = server.url(), open_secrets(tmp_path, store="file")
        with Suite.open(url, tmp_path, plugins=["acceptance"], secrets=secrets, clock=clock) as suite:
            model_hall.create(suite, lambda _step: None)
            request = {"account": ACCOUNT, "password": PASSWORD, "must_change": False}
            suite.run(Actor.system(), "identity.set_password", request)
        with started(tmp_path, url) as window:
            sign_in(window)
            hand = intake(window, wait).hand
            wait(lambda: hand.is_open)
            hand.come_back()
            wait(lambda: hand.numbers_left() >= 50 and hand.kept.catalogue_at is not None)
            wait(lambda: secrets.get(SERVICE, ACCOUNT) is not None)

        server.stop(keep=True)
        with started(tmp_path, url) as window:
            wait(lambda: window.form.note.isVisible() and window.form._ready)
            sign_in(window)
            wait(lambda: window.away_desk is not None)
            assert window.workspace is None
            (page,) = window.away_desk.pages
            view = page.widget.desk
            wait(lambda: view.hand.is_open and view.form.finder._rows)
            receive(view, wait)
            number = view.hand.kept.receipts[0].case_no
            server.start()
            wait(window.away_desk.again.isVisible)
            assert [receipt.state for receipt in view.hand.kept.receipts] == ["waiting"], (
                "first the password again"
            )
            window.away_desk.again.click()
            sign_in(window)
            hand = intake(window, wait).hand
            wait(lambda: hand.is_open)
            hand.come_back()
            wait(lambda: [receipt.state for receipt in hand.kept.receipts] == ["entered"])

        with Suite.open(url, tmp_path, secrets=secrets, clock=clock) as suite:
            with suite.database.read() as read:
                (row,) = read.all(select(case).limit(9))
                papers = read.all(select(material.c.pages).where(material.c.case_id == row.id).limit(99))
            told = [each.event for each in suite.query(Actor.system(), "journal.rows", {"limit": 200})]
        assert (row.case_no, row.state) == (number, "received")
        assert sum(len(each.pages) for each in papers) == 1
        assert told.count("identity.come_back") == 1
