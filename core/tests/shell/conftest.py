"""A hall, a window over it and somebody signed in, for the tests of the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from yichuang.hall.pinyin import pinyin_of
from yichuang.host.discovery import discover
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.identity.secrets import open_secrets
from yichuang.operations.accounts import actor_of
from yichuang.shell import pinyin_titles
from yichuang.shell.backend import Backend
from yichuang.shell.preferences import Preferences
from yichuang.shell.window import MainWindow
from yichuang.shell.workspace import Workspace
from yichuang.storage import hall_tables as t
from yichuang.widgets import theme

PLUGINS = Path(__file__).with_name("plugins")
PASSWORD = "Right-and-long-2026"


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@dataclass(frozen=True)
class People:
    """Accounts of the hall that have a password."""

    clerk: str
    other: str
    admin: str


@pytest.fixture(scope="session")
def hall_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    """A data folder with the model hall's people and catalogue, made once."""
    from yichuang.demo import model_hall

    folder = tmp_path_factory.mktemp("hall")
    with Suite.open(
        None, folder, found=[], secrets=open_secrets(folder, passphrase=None, store="file")
    ) as suite:
        model_hall.create(suite, lambda _step: None, PASSWORD)
        clerks = model_hall.people(suite, "clerk")
        admin = model_hall.people(suite, "admin")[0]
        names = People(clerks[0].account, clerks[1].account, admin.account)
        request = {"account": names.other, "password": PASSWORD, "must_change": False}
        suite.run(Actor.system(), "identity.set_password", request)
        with suite.database.write() as writer:
            writer.execute_many(
                insert(t.role_permission),
                [
                    {"role": r, "permission": p}
                    for r in ("clerk", "admin")
                    for p in ("fair.use", "fair.print")
                ],
            )
    return folder, names


@pytest.fixture
def people(hall_folder: tuple[Path, People]) -> People:
    return hall_folder[1]


@pytest.fixture
def hall_dir(hall_folder: tuple[Path, People], data_dir: Path) -> Path:
    """A copy of the hall for one test, in the folder that the suite takes for this desk's own."""
    shutil.copytree(hall_folder[0], data_dir, dirs_exist_ok=True)
    return data_dir


@pytest.fixture(autouse=True)
def forget_plugins() -> Iterator[None]:
    """The test plugins are imported anew by each test, and their folders leave the import path."""
    path = list(sys.path)
    yield
    for name in [
        name for name in sys.modules if name.startswith(("yichuang_fair", "yichuang_stand", "yichuang_torn"))
    ]:
        del sys.modules[name]
    sys.path[:] = path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_hall(hall_dir: Path, clock: Clock) -> Iterator[Callable[..., Suite]]:
    """Opens the hall with the test plugins."""
    opened: list[Suite] = []

    def make(plugins: tuple[str, ...] = ("fair",), *, safe_mode: bool = False) -> Suite:
        found = [f for f in discover([PLUGINS]) if f.id in plugins]
        suite = Suite.open(
            None, hall_dir, found=found, safe_mode=safe_mode, clock=clock, secrets=open_secrets(hall_dir)
        )
        opened.append(suite)
        return suite

    yield make
    for suite in opened:
        suite.close()


@pytest.fixture
def suite(open_hall: Callable[..., Suite]) -> Suite:
    return open_hall()


@pytest.fixture
def bugs() -> list[BaseException]:
    """Faults that were reported on workers; the window fixture expects none."""
    return []


@pytest.fixture
def preferences(data_dir: Path) -> Preferences:
    return Preferences(data_dir)


@pytest.fixture(scope="session")
def themed(qapp: QApplication) -> QApplication:
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def backend(themed: QApplication, bugs: list[BaseException]) -> Iterator[Backend]:
    made = Backend(bugs.append)
    yield made
    made.close()


@pytest.fixture
def typed_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the titles of commands are typed is worked out here: half a second of a child process for each window.

    The child itself is tested by `forms_of` and by the tests that start the program.
    """
    monkeypatch.setattr(pinyin_titles, "_ask_child", lambda titles: {title: typed(title) for title in titles})


@cache
def typed(title: str) -> list[str]:
    form = pinyin_of(title)
    return [form.initials, form.pinyin]


@pytest.fixture
def window(
    qtbot: QtBot, backend: Backend, preferences: Preferences, typed_titles: None
) -> Iterator[MainWindow]:
    """The window before anybody has signed in, shown and active; its data is not open yet."""
    made = MainWindow(backend, preferences)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.shut_down()
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def enter(qtbot: QtBot, window: MainWindow, backend: Backend) -> Callable[..., Workspace]:
    """Opens the window for somebody, and waits until everything has been asked for and has come."""

    def sign_in(suite: Suite, account: str) -> Workspace:
        if backend.suite is None:
            backend.adopt(suite)
        window.enter(suite.executor.read(Actor.system(), lambda read: actor_of(read, account)))
        workspace = window.workspace
        assert workspace is not None
        qtbot.waitUntil(lambda: workspace.today.home is not None)
        settle(qtbot, backend)
        window.activateWindow()  # the offscreen platform gives it up when another test's window goes
        qtbot.waitUntil(window.isActiveWindow)
        return workspace

    return sign_in


@pytest.fixture
def desk(
    enter: Callable[..., Workspace], suite: Suite, people: People, bugs: list[BaseException]
) -> Iterator[Workspace]:
    """A clerk at work, with the plugin `fair` running."""
    yield enter(suite, people.clerk)
    assert bugs == []


def settle(qtbot: QtBot, backend: Backend) -> None:
    """Wait until nothing is under way."""
    qtbot.waitUntil(lambda: backend.runner.busy == 0, timeout=10_000)


def journal_of(suite: Suite, event: str) -> list[str]:
    """Subjects of the journal rows of an event, oldest first."""
    statement = select(t.journal.c.subject).where(t.journal.c.event == event).order_by(t.journal.c.id)
    return [row.subject for row in suite.executor.read(Actor.system(), lambda read: read.all(statement))]


@pytest.fixture
def make_empty(tmp_path: Path) -> Iterator[Callable[[], Suite]]:
    """Opens a hall in which nothing has been set up."""
    opened: list[Suite] = []

    def make() -> Suite:
        folder = tmp_path / "empty"
        secrets = open_secrets(folder, passphrase=None, store="file")
        opened.append(Suite.open(None, folder, found=[], secrets=secrets))
        return opened[0]

    yield make
    for suite in opened:
        suite.close()


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of the test's own."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("NOT TESTED: no Xvfb or xdotool (apt-get install xvfb xdotool)")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-noreset", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)
