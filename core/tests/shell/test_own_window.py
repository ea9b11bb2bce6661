"""Windows of plugins as processes of their own: what they show, how they wait, how they end."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QScreen
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from yichuang.hall.errors import UserError
from yichuang.host.manifest import read_manifest
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor
from yichuang.operations.accounts import actor_of
from yichuang.shell import own_window
from yichuang.shell.backend import AWAY_PING_MS, PING_MS, Opening
from yichuang.shell.faults import Faults
from yichuang.shell.own_window import OwnWindow, Start, screen_of
from yichuang.shell.preferences import Preferences
from yichuang.shell.testing import open_page
from yichuang.testing import postgres
from yichuang.widgets import Button, Dialog, Toast

from .conftest import PLUGINS, People

SECONDS = 60


class Process:
    """A window as a process of its own, which says on its output what happens to it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yichuang.cli", "stand", *arguments, "--data-dir", str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def told(self, key: str) -> dict[str, Any]:
        """The first of what it has said with this key; what it said meanwhile is kept for the next question."""
        while True:
            for facts in self._said:
                if key in facts:
                    self._said.remove(facts)
                    return facts
            try:
                self._said.append(json.loads(self._lines.get(timeout=SECONDS)))
            except queue.Empty:
                self.process.kill()
                raise AssertionError(f"never said {key!r}: {self.process.communicate()[1]}") from None

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Tell it to end: its exit code and what it wrote to standard error."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        code = self.process.wait(SECONDS)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def stand_dir(hall_dir: Path) -> Path:
    """The hall, with the plugin `stand` in the plugins folder of this desk."""
    shutil.copytree(PLUGINS / "yichuang_stand", hall_dir / "plugins" / "yichuang_stand")
    return hall_dir


@pytest.fixture
def start(stand_dir: Path) -> Iterator[Callable[..., Process]]:
    """Starts windows and ends them."""
    running: list[Process] = []

    def begin(*arguments: str) -> Process:
        running.append(Process(stand_dir, *arguments))
        return running[-1]

    yield begin
    for process in running:
        process.close()


def note(folder: Path, text: str, *more: str) -> None:
    """Write a note in another process."""
    arguments = ["call", "stand.note", json.dumps({"text": text}), "--data-dir", str(folder), *more]
    subprocess.run([sys.executable, "-m", "yichuang.cli", *arguments], check=True, capture_output=True)


def test_a_public_board_fills_the_screen_and_shows_what_others_do(
    start: Callable[..., Process], stand_dir: Path
) -> None:
    board = start("board", "--zone", "north", "--desk", "A06")
    args = {"zone": "north", "desk": "A06"}
    assert board.told("built") == {"built": args, "account": "", "desk": "A06"}
    shown = board.told("shown")
    assert (shown["shown"], shown["fullscreen"]) == (args, True)
    assert board.told("notes") == {"notes": []}
    note(stand_dir, "somebody else")
    assert board.told("notes") == {"notes": ["somebody else"]}
    assert board.end() == (0, "")
    assert (stand_dir / "logs" / "stand.board.log").exists()
    assert (stand_dir / "logs" / "crash-stand.board.log").read_text() == ""


def test_a_window_of_its_own_size_ends_at_ctrl_c(start: Callable[..., Process]) -> None:
    board = start("board", "--windowed", "--language", "en")
    assert board.told("shown") == {
        "shown": {},
        "fullscreen": False,
        "size": [960, 540],
        "title": "Notes board",
    }
    assert board.end(signal.SIGINT) == (0, "")


def allow(folder: Path, role: str) -> None:
    """Give a role the permission of the plugin."""
    from sqlalchemy import insert

    from yichuang.identity.secrets import open_secrets
    from yichuang.storage import hall_tables as t

    with Suite.open(None, folder, found=[], secrets=open_secrets(folder)) as suite:  # noqa: SIM117 - one opens the other
        with suite.database.write() as writer:
            writer.execute_many(insert(t.role_permission), [{"role": role, "permission": "stand.use"}])


def test_a_window_for_people_signs_them_in(
    start: Callable[..., Process], stand_dir: Path, people: People
) -> None:
    allow(stand_dir, "clerk")
    inside = start("inside", "--as", people.clerk)
    built = inside.told("built")
    assert built["account"] == people.clerk
    assert built["desk"]
    assert inside.end() == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("inside",), "NOT_SIGNED_IN"),
        (("inside", "--as", "nobody-here"), "NO_PASSWORD"),
        (("inside", "--as", "{clerk}"), "NOT_PERMITTED"),
        (("inside", "--as", "{clerk}", "--desk", "nowhere"), "UNKNOWN_DESK"),
        (("board", "--screen", "7"), "NO_SCREEN"),
        (("board", "--safe-mode"), "PLUGIN_NOT_RUNNING"),
        (("board", "--only-plugins", "other"), "UNKNOWN_PLUGIN"),
        (("board", "--database", "nonsense"), "UNKNOWN_DATABASE"),
    ],
)
def test_what_no_waiting_will_mend_ends_it_with_a_sentence(
    start: Callable[..., Process], people: People, arguments: tuple[str, ...], code: str
) -> None:
    exit_code, said = start(*(part.format(clerk=people.clerk) for part in arguments)).wait()
    assert exit_code == 1
    assert f"({code})" in said
    assert "Traceback" not in said


def test_a_window_that_cannot_be_built_stays_up_and_says_why(
    start: Callable[..., Process], stand_dir: Path, people: People
) -> None:
    allow(stand_dir, "clerk")
    broken = start("broken", "--as", people.clerk)
    broken.told("building")
    code, said = broken.end()
    assert code == 0
    assert "RuntimeError: the window cannot be built" in said
    assert "RuntimeError" in (stand_dir / "logs" / "stand.broken.log").read_text(encoding="utf-8")


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_board_waits_for_its_database_and_finds_it_again(
    start: Callable[..., Process], stand_dir: Path
) -> None:
    if postgres.server_programs() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server on this machine (apt-get install postgresql-15)")
    server = postgres.PostgresServer()
    try:
        url = server.start().url()
        server.stop(keep=True)
        board = start("board", "--database", url)  # after a power cut it is up before the server
        with pytest.raises(subprocess.TimeoutExpired):
            board.process.wait(4)
        server.start()
        assert board.told("notes") == {"notes": []}
        note(stand_dir, "before", "--database", url)
        assert board.told("notes") == {"notes": ["before"]}
        server.stop(keep=True)
        assert board.told("online") == {"online": False}
        server.start()
        note(stand_dir, "meanwhile", "--database", url)
        assert board.told("online") == {"online": True}
        while board.told("notes") != {"notes": ["before", "meanwhile"]}:
            pass
        note(stand_dir, "after", "--database", url)
        while board.told("notes") != {"notes": ["before", "meanwhile", "after"]}:
            pass
        assert board.end()[0] == 0
    finally:
        server.stop()


# --- in this process ----------------------------------------------------------------------------------------------


class App:
    """What a window needs of the application, without ending the one of the tests."""

    def __init__(self) -> None:
        self.ended = 0

    def screens(self) -> list[QScreen]:
        return QApplication.screens()

    def primaryScreen(self) -> QScreen | None:
        return QApplication.primaryScreen()

    def quit(self) -> None:
        self.ended += 1


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def open_window(
    qtbot: QtBot, themed: QApplication, stand_dir: Path, faults: Faults, app: App
) -> Iterator[Callable[..., OwnWindow]]:
    """Opens a window of the plugin and waits until something is shown instead of the note."""
    opened: list[OwnWindow] = []

    def make(name: str, account: str = "", **more: Any) -> OwnWindow:
        manifest, _ = read_manifest(stand_dir / "plugins" / "yichuang_stand")
        assert manifest is not None
        window = next(each for each in manifest.windows if each.name == name)
        begin = Start(manifest, window, {}, Opening(None, stand_dir), account, windowed=True, **more)
        own = OwnWindow(begin, app, Preferences(stand_dir), faults)
        opened.append(own)
        own.open()
        qtbot.waitUntil(lambda: own.services is not None or own.problem is not None, timeout=20_000)
        return own

    yield make
    for own in opened:
        own.end()
        own.deleteLater()


def test_what_a_window_says_is_shown_on_it(qtbot: QtBot, open_window: Callable[..., OwnWindow]) -> None:
    own = open_window("board")
    assert own.page is not None
    board, context = own.page.widget, own.page.context
    context.navigate("other.page")
    assert len(board.findChildren(Toast)) == 1
    context.run("stand.note", {"text": "bad"})
    qtbot.waitUntil(lambda: len(board.findChildren(Toast)) == 2)
    context.notice("A title", "and more")
    context.status("A word")
    assert len(board.findChildren(Toast)) == 4
    with qtbot.waitSignal(context.shown) as again:
        context.navigate("stand.board", zone="south")
    assert again.args == [{"zone": "south"}]
    assert context.setting("stand.greeting") == "hello"
    qtbot.waitUntil(lambda: context.device("voice") in ("starting", "ready"))


def test_keys_of_a_window(qtbot: QtBot, open_window: Callable[..., OwnWindow], app: App) -> None:
    own = open_window("board")
    assert own.page is not None
    board, context = own.page.widget, own.page.context
    with qtbot.waitActive(board):
        board.activateWindow()
    qtbot.waitUntil(lambda: board.label.text() == "nothing")
    qtbot.keyClick(board, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: board.label.text() == "pressed")
    with qtbot.waitSignal(context.refresh):
        qtbot.keyClick(board, Qt.Key.Key_F5)
    qtbot.keyClick(board, Qt.Key.Key_F1)
    texts = [label.text() for label in board.findChild(Dialog).findChildren(QLabel)]
    assert "Write a note" in texts
    assert "Ctrl+K" not in texts  # there is no palette here
    board.findChild(Dialog).cancel_button.click()
    qtbot.keyClick(board, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert app.ended == 1


def test_a_fault_is_shown_to_people_and_not_to_the_public(
    qtbot: QtBot, open_window: Callable[..., OwnWindow], faults: Faults, stand_dir: Path, people: People
) -> None:
    public = open_window("board")
    faults.report(ZeroDivisionError("first"))
    assert public.page is not None
    assert public.page.widget.findChild(Dialog) is None
    allow(stand_dir, "clerk")
    inside = open_window("inside", people.clerk)
    faults.report(ZeroDivisionError("second"))
    faults.report(ValueError("third"))
    assert inside.page is not None
    dialog = inside.page.widget.findChild(Dialog)
    assert dialog is not None
    dialog.primary_button.click()
    assert public.page.widget.findChild(Dialog) is None


def test_a_window_that_could_not_be_built_can_be_tried_again(
    open_window: Callable[..., OwnWindow], people: People, stand_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(stand_dir, "clerk")
    with capture_exceptions() as caught:
        own = open_window("broken", people.clerk)
    assert [kind for kind, _value, _trace in caught] == [RuntimeError]
    assert own.page is None
    shown = next(w for w in QApplication.topLevelWidgets() if w.isVisible() and w.findChildren(Button))
    from yichuang_stand.ui import screens  # type: ignore[import-not-found]  # a plugin of the tests

    monkeypatch.setattr(screens, "broken", screens.board)
    shown.findChildren(Button)[0].click()
    assert own.page is not None
    assert own.page.widget.isVisible()
    assert not shown.isVisible()


def test_the_end_comes_with_its_reason(
    qtbot: QtBot, open_window: Callable[..., OwnWindow], people: People, app: App
) -> None:
    own = open_window("inside", people.clerk)
    assert own.problem is not None
    assert own.problem.code == "NOT_PERMITTED"
    assert app.ended == 1


def test_it_asks_again_until_the_database_answers(
    qtbot: QtBot, open_window: Callable[..., OwnWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_window, "AGAIN_MS", 50)
    really = Suite.open
    tries: list[int] = []

    def away(*arguments: Any, **more: Any) -> Suite:
        tries.append(1)
        if len(tries) < 3:
            raise UserError("DATABASE_AWAY", "不在")
        return really(*arguments, **more)

    monkeypatch.setattr(Suite, "open", away)
    own = open_window("board")
    assert own.page is not None
    assert len(tries) == 3


def test_a_lost_connection_is_told_and_everything_asked_again_when_it_is_back(
    qtbot: QtBot, open_window: Callable[..., OwnWindow]
) -> None:
    own = open_window("board")
    assert own.page is not None
    context, timer = own.page.context, own.backend._ping_timer
    qtbot.waitUntil(lambda: own.backend.link.online and not own.backend.runner.busy)
    with qtbot.waitSignal(context.online_changed) as lost:
        own.backend._feed_link.emit(False)
    assert lost.args == [False]
    assert timer.interval() == AWAY_PING_MS
    with qtbot.waitSignals([context.online_changed, context.refresh], order="strict"):
        own.backend.ping()
    assert timer.interval() == PING_MS


def test_screens_are_counted_from_one(themed: QApplication) -> None:
    assert screen_of(themed, None) is not None
    assert screen_of(themed, 1) is themed.screens()[0]
    for number in (0, len(themed.screens()) + 1):
        with pytest.raises(UserError) as refused:
            screen_of(themed, number)
        assert refused.value.code == "NO_SCREEN"


def test_the_test_kit_opens_windows_too(
    qtbot: QtBot, open_hall: Callable[..., Suite], people: People, themed: QApplication
) -> None:
    suite = open_hall(("stand",))
    with open_page(suite, Actor.nobody(), "stand.board", args={"zone": "north"}) as (board, context):
        assert context.args == {"zone": "north"}
        qtbot.waitUntil(lambda: board.label.text() == "nothing")
    clerk = suite.executor.read(Actor.system(), lambda read: actor_of(read, people.clerk))
    with open_page(suite, clerk, "stand.inside") as (_inside, context):
        assert context.actor.account == people.clerk
