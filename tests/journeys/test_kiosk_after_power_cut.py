"""A kiosk that starts while its database is away: it gives the numbers it has in hand, and the hall has them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from sqlalchemy import select

from yichuang.demo import model_hall
from yichuang.host.discovery import discover
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.secrets import open_secrets
from yichuang.shell.backend import Opening
from yichuang.shell.faults import Faults
from yichuang.shell.own_window import OwnWindow, Start
from yichuang.shell.preferences import Preferences
from yichuang.testing import postgres
from yichuang_queue.tables import ticket

WAIT = 30_000
BEGUN = datetime.now(UTC)
ACCOUNT = "kiosk1"
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the hall


def clock() -> datetime:
    """The hall's time: a morning on which numbers are given."""
    return MORNING + (datetime.now(UTC) - BEGUN)


@contextmanager
def started(qtbot, url: str, folder: Path, qapp: QApplication) -> Iterator[OwnWindow]:
    """`yichuang queue kiosk --as kiosk1 --kiosk 1`, as its process does it."""
    found = next(each for each in discover([]) if each.id == "queue")
    window = next(each for each in found.manifest.windows if each.name == "kiosk")
    opening = Opening(url, folder, clock=clock)
    own = OwnWindow(
        Start(found.manifest, window, {"kiosk": "1"}, opening, ACCOUNT, windowed=True),
        qapp, Preferences(folder), Faults(),
    )  # fmt: skip
    try:
        own.open()
        qtbot.waitUntil(lambda: own.page is not None or own.problem is not None, timeout=WAIT)
        assert own.problem is None
        qtbot.waitUntil(lambda: bool(own.page.widget.desk.tree.nodes), timeout=WAIT)
        assert own.problem is None
        yield own
    finally:
        own.end()
        own.deleteLater()
        QTest.qWait(0)


def in_hand(qtbot, window) -> None:
    """Wait until the kiosk has numbers of every line in hand, and has written down what the hall looks like."""

    def enough() -> bool:
        left: list[dict[str, int]] = []
        looks: list[object] = []
        window.desk._hand.keep(lambda store: store.left(window.desk.now().date()), left.append)
        window.desk._hand.keep(lambda store: store.last_look(), looks.append)
        qtbot.waitUntil(lambda: bool(left and looks), timeout=WAIT)
        return looks[0] is not None and all(left[0].get(line) for line in window.desk.tree.used_lines)

    qtbot.waitUntil(enough, timeout=WAIT)


def take(qtbot, window) -> str:
    """Take a number for the first business that gives any, and return it once its page is shown."""
    code = next(leaf.code for leaf in window.desk.tree.leaves() if leaf.refusal is None)
    window.choose(code)
    window.take()
    qtbot.waitUntil(lambda: type(window.page).__name__ == "DonePage", timeout=WAIT)
    return str(window.page.slip.number)


@pytest.mark.postgresql
@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.skipif(postgres.server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server here")
def test_numbers_are_given_before_the_hall_is_there(qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("YICHUANG_SECRETS", "file")
    folder = tmp_path / "kiosk"
    folder.mkdir()
    server = postgres.PostgresServer(durable=True)
    try:
        url = server.start().url()
        secrets = open_secrets(folder, store="file")
        with Suite.open(url, folder, plugins=["queue"], secrets=secrets, clock=clock) as suite:
            model_hall.create(suite, lambda _step: None)
        with started(qtbot, url, folder, qapp) as own:
            in_hand(qtbot, own.page.widget)
        server.stop(keep=True)
        with started(qtbot, url, folder, qapp) as own:
            window = own.page.widget
            qtbot.waitUntil(lambda: window.desk.offline, timeout=WAIT)
            assert own.services.actor == Actor.nobody()
            given = take(qtbot, window)
            told = []
            window.desk.merged.connect(told.append)
            server.start()
            qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
            assert told == [1]
            assert not window.desk.offline
            assert own.services.actor.account == ACCOUNT
            with own.backend.suite.database.read() as read:
                rows = read.all(select(ticket.c.number, ticket.c.state).limit(9))
            assert [tuple(row) for row in rows] == [(given, "waiting")]
    finally:
        server.stop()
