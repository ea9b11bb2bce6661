"""Keys for the whole system: on a real X server, pressed as a person does while another program has the focus."""

from __future__ import annotations

import ctypes
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from yichuang.hall.errors import UserError
from yichuang.shell import system_keys
from yichuang.shell.services import Shortcut
from yichuang.shell.system_keys import HeldWhileShown, Key, SystemKeys, parse_key
from yichuang.shell.windows_keys import Message, WindowsKeys, virtual_key
from yichuang.shell.workspace import Workspace
from yichuang.shell.x11_keys import keysyms

from .conftest import PLUGINS

SECONDS = 30
QUIET = 0.4
"""So long nothing may come where nothing should."""


# --- without a screen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("F2", Key((), "F2")),
        ("Shift+Ctrl+F11", Key(("Ctrl", "Shift"), "F11")),
        ("Alt+1", Key(("Alt",), "1")),
        ("Ctrl+Enter", Key(("Ctrl",), "Enter")),
        ("Pause", Key((), "Pause")),
    ],
)
def test_keys_as_people_write_them(text: str, key: Key) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize("text", ["", "A", "Shift+A", "Space", "F25", "Hyper+F2", "Ctrl+ä", "Ctrl+"])
def test_keys_that_would_hinder_typing_or_are_unknown(text: str) -> None:
    with pytest.raises(ValueError, match="for the whole system"):
        parse_key(text)


def test_the_numbers_of_the_systems() -> None:
    assert [keysyms(name)[0] for name in ("F1", "F11", "A", "7", "Enter")] == [
        0xFFBE,
        0xFFC8,
        0x61,
        0x37,
        0xFF0D,
    ]
    assert [virtual_key(name) for name in ("F1", "F11", "A", "7", "Enter")] == [0x70, 0x7A, 0x41, 0x37, 0x0D]


class Pretended:
    """A `Grabber` on which a test presses keys."""

    made: ClassVar[list[Pretended]] = []

    def __init__(self, pressed: Callable[[Key], None], taken: tuple[str, ...] = ()) -> None:
        self.pressed = pressed
        self.taken = taken
        self.keys: list[str] = []
        self.closed = False
        self.made.append(self)

    def grab(self, key: Key) -> bool:
        if str(key) in self.taken:
            return False
        self.keys.append(str(key))
        return True

    def ungrab(self, key: Key) -> None:
        self.keys.remove(str(key))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> list[Pretended]:
    """Every grabber that is made instead of the desktop's; F4 belongs to another program."""
    made: list[Pretended] = []
    monkeypatch.setattr(Pretended, "made", made)
    return made


def make(pressed: Callable[[Key], None]) -> Pretended:
    return Pretended(pressed, ("F4",))


def test_a_key_goes_to_the_page_that_was_shown_last(themed: QApplication, pretended: list[Pretended]) -> None:
    keys, called = SystemKeys(make=make), []
    one, two = lambda: called.append(1), lambda: called.append(2)
    keys.hold(parse_key("F2"), one)
    keys.hold(parse_key("F2"), two)
    (grabber,) = pretended
    grabber.pressed(parse_key("F2"))
    keys.drop(parse_key("F2"), two)
    grabber.pressed(parse_key("F2"))
    assert called == [2, 1]
    assert grabber.keys == ["F2"]
    keys.drop(parse_key("F2"), one)
    keys.drop(parse_key("F2"), one)
    assert (grabber.keys, grabber.closed, keys.held) == ([], True, frozenset())


def test_a_taken_key_is_told_once_and_the_rest_goes_on(
    themed: QApplication, pretended: list[Pretended]
) -> None:
    keys = SystemKeys(make=make)
    told: list[UserError] = []
    keys.refused.connect(told.append)
    for _again in range(2):
        for name in ("F2", "F4", "F3"):
            keys.hold(parse_key(name), lambda: None)
    assert [error.code for error in told] == ["KEY_TAKEN"]
    assert "F4" in str(told[0].sentence)
    assert keys.held == {"F2", "F3"}


def test_a_desktop_without_such_keys_is_told_once(
    themed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = SystemKeys()
    told: list[UserError] = []
    keys.refused.connect(told.append)
    keys.hold(parse_key("F2"), lambda: None)
    assert told == []  # nobody looks at the offscreen platform
    monkeypatch.setattr(system_keys.QGuiApplication, "platformName", lambda: "wayland")
    keys.hold(parse_key("F2"), lambda: None)
    keys.hold(parse_key("F3"), lambda: None)
    assert [error.code for error in told] == ["KEYS_UNAVAILABLE"]
    monkeypatch.setattr(system_keys.QGuiApplication, "platformName", lambda: "xcb")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(UserError):
        system_keys.grabber_of_this_desktop(lambda _key: None)


def test_the_keys_of_a_page_are_given_back_when_it_is_hidden_or_the_visit_ends(
    qtbot: QtBot, desk: Workspace, pretended: list[Pretended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_keys.SystemKeys.__init__, "__defaults__", (None, make))
    desk.navigate("fair.intake")
    context = desk.pages.context("fair.intake")
    called: list[str] = []
    assert context is not None
    context.shortcut("F7", "Call", lambda: called.append("F7"), system=True)
    (grabber,) = pretended
    grabber.pressed(parse_key("F7"))
    assert called == ["F7"]
    desk.navigate("shell.settings")
    assert (grabber.keys, grabber.closed) == ([], True)
    desk.navigate("fair.intake")
    assert pretended[-1].keys == ["F7"]
    desk.window().lock()
    assert pretended[-1].keys == []
    desk.window()._on_unlocked(desk.actor)
    assert pretended[-1].keys == ["F7"]
    desk.window().sign_out()
    assert pretended[-1].keys == []
    with pytest.raises(ValueError, match="hinder typing"):
        context.shortcut("X", "Wrong", lambda: None, system=True)


def test_a_page_that_is_shown_already_holds_its_key_at_once(
    qtbot: QtBot, themed: QApplication, pretended: list[Pretended]
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    keys = SystemKeys(page, make)
    shortcut = Shortcut(None, "F2", "Call", lambda: None, False, True, None, True)  # type: ignore[arg-type]  # no page needed
    HeldWhileShown(page, shortcut, keys)
    assert pretended[0].keys == ["F2"]
    page.hide()
    assert pretended[0].keys == []


def test_a_fault_of_a_key_is_a_fault_of_its_page(
    themed: QApplication, pretended: list[Pretended], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[BaseException | None] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, fault, _trace: faults.append(fault))
    keys = SystemKeys(make=make)

    def fail() -> None:
        raise IndexError

    keys.hold(parse_key("F2"), fail)
    pretended[0].pressed(parse_key("F2"))
    assert [type(fault) for fault in faults] == [IndexError]


class User32:
    """What Windows would answer: F4 belongs to another program."""

    def __init__(self) -> None:
        self.registered: dict[int, tuple[int, int]] = {}

    def RegisterHotKey(self, window: None, number: int, mask: int, code: int) -> int:
        if code == virtual_key("F4"):
            return 0
        self.registered[number] = (mask, code)
        return 1

    def UnregisterHotKey(self, window: None, number: int) -> int:
        return int(self.registered.pop(number, None) is not None)


def test_what_is_asked_of_windows_and_how_its_message_is_read(themed: QApplication) -> None:
    user32, pressed = User32(), []
    keys = WindowsKeys(pressed.append, user32)
    assert keys.grab(parse_key("Ctrl+F2"))
    assert not keys.grab(parse_key("F4"))
    ((number, (mask, code)),) = user32.registered.items()
    assert (mask, code) == (0x4000 | 2, 0x71)
    message = Message(message=0x0312, wparam=number)
    kind = QByteArray(b"windows_generic_MSG")
    assert keys.nativeEventFilter(kind, ctypes.addressof(message)) == (True, None)
    message.wparam = 99
    assert keys.nativeEventFilter(kind, ctypes.addressof(message)) == (False, None)
    assert pressed == [parse_key("Ctrl+F2")]
    keys.close()
    assert user32.registered == {}


# --- on a real X server -------------------------------------------------------------------------------------------


class Program:
    """A driver on the display, whose lines are read as they come."""

    def __init__(self, display: str, *command: str) -> None:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.window = 0
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def told(self, key: str) -> Any:
        """What the next line with this key says."""
        while True:
            try:
                facts = json.loads(self._lines.get(timeout=SECONDS))
            except queue.Empty:
                self.process.kill()
                raise AssertionError(f"never said {key!r}: {self.process.communicate()[1]}") from None
            if key in facts:
                return facts[key]

    def silent(self) -> bool:
        """Whether nothing comes."""
        try:
            self._lines.get(timeout=QUIET)
        except queue.Empty:
            return True
        return False

    def do(self, word: str) -> list[str]:
        """Have the window do something; the keys it holds then."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        held: list[str] = self.told("held")
        return held

    def close(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def program(display: str) -> Iterator[Callable[..., Program]]:
    running: list[Program] = []

    def begin(*command: str) -> Program:
        running.append(Program(display, *command))
        return running[-1]

    yield begin
    for each in reversed(running):
        each.close()


@pytest.fixture
def press(display: str) -> Callable[..., None]:
    """Presses keys as a person does, whoever has the focus."""

    def xdotool(*arguments: str) -> None:
        subprocess.run(
            ["xdotool", *arguments], check=True, env={**os.environ, "DISPLAY": display}, timeout=SECONDS
        )

    return xdotool


DRIVER = str(Path(__file__).with_name("system_keys_driver.py"))


@pytest.fixture
def other(program: Callable[..., Program], press: Callable[..., None]) -> Program:
    """Another program, with the focus in a field."""
    typing = program(DRIVER, "type")
    typing.window = typing.told("ready")
    press("windowfocus", "--sync", str(typing.window))
    press("key", "a")
    assert typing.told("text") == "a"
    return typing


def test_a_key_arrives_while_another_program_has_the_focus(
    program: Callable[..., Program], press: Callable[..., None], other: Program
) -> None:
    ours = program(DRIVER, "hold", "F2", "Ctrl+F3")
    ours.told("ready")
    press("windowfocus", "--sync", str(other.window))
    press("key", "F2", "b", "ctrl+F3")
    assert [ours.told("pressed"), ours.told("pressed")] == ["F2", "Ctrl+F3"]
    assert other.told("text") == "b"  # it kept the focus, and got nothing but what was typed
    press("key", "F3", "F12")  # not ours without Ctrl
    assert ours.silent()
    typed = [other.told("typed") for _key in range(3)]
    assert typed == [Qt.Key.Key_Control, Qt.Key.Key_F3, Qt.Key.Key_F12]


def test_caps_lock_and_num_lock_make_no_difference(
    program: Callable[..., Program], press: Callable[..., None], other: Program
) -> None:
    ours = program(DRIVER, "hold", "F2")
    ours.told("ready")
    for lock in ("Caps_Lock", "Num_Lock"):
        press("key", lock, "F2")
        assert ours.told("pressed") == "F2"


def test_a_key_held_down_acts_once(
    program: Callable[..., Program], press: Callable[..., None], other: Program
) -> None:
    ours = program(DRIVER, "hold", "F2")
    ours.told("ready")
    press("keydown", "F2")
    assert ours.told("pressed") == "F2"
    time.sleep(1.2)  # the server repeats after 660 ms
    press("keyup", "F2")
    assert ours.silent()
    press("key", "F2")
    assert ours.told("pressed") == "F2"


def test_a_hidden_window_gives_its_keys_back(
    program: Callable[..., Program], press: Callable[..., None], other: Program
) -> None:
    ours = program(DRIVER, "hold", "F2")
    ours.told("ready")
    assert ours.do("minimise") == ["F2"]
    press("key", "F2")
    assert ours.told("pressed") == "F2"
    assert ours.do("hide") == []
    press("windowfocus", "--sync", str(other.window))
    press("key", "F2")
    assert other.told("typed") == Qt.Key.Key_F2
    assert ours.silent()
    assert ours.do("show") == ["F2"]
    press("key", "F2")
    assert ours.told("pressed") == "F2"


def test_a_key_of_another_program_is_told_and_the_rest_works(
    program: Callable[..., Program], press: Callable[..., None]
) -> None:
    first = program(DRIVER, "hold", "F4")
    first.told("ready")
    second = program(DRIVER, "hold", "F3", "F4", "F6")
    assert second.told("refused") == "KEY_TAKEN"
    second.told("ready")
    press("key", "F3", "F4", "F6")
    assert [second.told("pressed"), second.told("pressed")] == ["F3", "F6"]
    assert first.told("pressed") == "F4"
    first.close()
    assert second.do("hide") == []
    assert second.do("show") == ["F3", "F4", "F6"]


def test_the_window_of_a_plugin_hears_its_key_behind_another_program(
    program: Callable[..., Program], press: Callable[..., None], other: Program, hall_dir: Path
) -> None:
    shutil.copytree(PLUGINS / "yichuang_stand", hall_dir / "plugins" / "yichuang_stand")
    board = program("-m", "yichuang.cli", "stand", "board", "--windowed", "--data-dir", str(hall_dir))
    assert board.told("notes") == []
    press("windowfocus", "--sync", str(other.window))
    press("key", "F9", "c")
    assert board.told("notes") == ["from anywhere"]
    assert other.told("text") == "c"
