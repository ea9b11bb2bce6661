"""Keys that reach a page while another program has the focus: the clerk types into the agency's own system and calls by F2.

X11 and Windows can give a key to one program for the whole screen. Wayland has nothing of the kind, on purpose: there the key
works only while the window is in front, and the person is told so.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QEvent, QObject, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.shell.services import Shortcut

L = words.lazy

NOT_GIVEN = L("This desktop gives no program keys for the whole screen.")
MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
FUNCTION_KEY = re.compile(r"F([1-9]|1\d|2[0-4])")
NAMED = (
    "Enter",
    "Space",
    "Pause",
    "Insert",
    "Delete",
    "Home",
    "End",
    "PgUp",
    "PgDown",
    "Left",
    "Up",
    "Right",
    "Down",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its modifiers: `Ctrl+F2` is ("Ctrl",) and F2."""

    modifiers: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.name))


def parse_key(text: str) -> Key:
    """Read a key as people write it.

    Raises:
        ValueError: It is not known, or taking it from every program would hinder typing: a key without Ctrl, Alt or Meta
            must be a function key or Pause.
    """
    *modifiers, name = text.split("+")
    single = re.fullmatch(r"[A-Z0-9]", name)
    if not (single or FUNCTION_KEY.fullmatch(name) or name in NAMED) or not set(modifiers) <= set(MODIFIERS):
        raise ValueError(f"unknown key {text!r} for the whole system")
    if not set(modifiers) & {"Ctrl", "Alt", "Meta"} and not (FUNCTION_KEY.fullmatch(name) or name == "Pause"):
        raise ValueError(f"{text!r} for the whole system would hinder typing")
    return Key(tuple(each for each in MODIFIERS if each in modifiers), name)


class Grabber(Protocol):
    """The system's way to give a key to one program."""

    def grab(self, key: Key) -> bool:
        """Take a key; False where another program has it."""
        ...

    def ungrab(self, key: Key) -> None:
        """Give a key back."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


Pressed = Callable[[Key], None]
Refuse = Callable[[UserError], None]


def desktop_gives_keys() -> bool:
    """Whether this desktop gives a program keys for the whole screen.

    Below XWayland a program may take them, but hears of them only while another X program has the focus: half a promise.
    """
    wayland = "WAYLAND_DISPLAY" in os.environ or os.environ.get("XDG_SESSION_TYPE") == "wayland"
    return QGuiApplication.platformName() == "windows" or (
        QGuiApplication.platformName() == "xcb" and not wayland
    )


def grabber_of_this_desktop(pressed: Pressed) -> Grabber:
    """The way of the desktop that this process runs on.

    Raises:
        UserError: KEYS_UNAVAILABLE on Wayland, and where the display cannot be reached.
    """
    if not desktop_gives_keys():
        raise _unavailable()
    if QGuiApplication.platformName() == "windows":
        from yichuang.shell.windows_keys import WindowsKeys

        return WindowsKeys(pressed)
    from yichuang.shell.x11_keys import X11Keys

    try:
        return X11Keys(pressed)
    except OSError as error:
        raise _unavailable() from error


def _unavailable() -> UserError:
    return UserError(
        "KEYS_UNAVAILABLE",
        NOT_GIVEN,
        safe=L("The keys work while the window is in front."),
        do=L("Sign in to an X11 session for keys that always work."),
    )


class SystemKeys(QObject):
    """The keys that this process holds; the same key of two pages goes to the one that was shown last.

    Signals:
        refused: UserError for the person: KEY_TAKEN for each key that another program has, KEYS_UNAVAILABLE once.
    """

    refused = pyqtSignal(object)

    def __init__(
        self, parent: QObject | None = None, make: Callable[[Pressed], Grabber] = grabber_of_this_desktop
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._grabber: Grabber | None = None
        self._acts: dict[Key, list[Callable[[], None]]] = {}
        self._told: set[str] = set()

    @property
    def held(self) -> frozenset[str]:
        """The keys as people write them."""
        return frozenset(map(str, self._acts))

    def hold(self, key: Key, act: Callable[[], None]) -> None:
        """Have a key call `act` from now on; where it cannot be had, that is told once and nothing else happens."""
        if key not in self._acts and not self._grab(key):
            return
        self._acts.setdefault(key, []).append(act)

    def drop(self, key: Key, act: Callable[[], None]) -> None:
        """Give a key back."""
        acts = self._acts.get(key, [])
        if act in acts:
            acts.remove(act)
        if key in self._acts and not acts:
            del self._acts[key]
            if self._grabber is not None:
                self._grabber.ungrab(key)
                if not self._acts:
                    self._grabber.close()
                    self._grabber = None

    def _grab(self, key: Key) -> bool:
        try:
            if self._grabber is None:
                self._grabber = self._make(self._on_pressed)
        except UserError as error:
            # Where no screen is, as for pictures and tests, there is nobody to tell.
            if QGuiApplication.platformName() not in ("offscreen", "minimal"):
                self._tell(error.code, error)
            return False
        if self._grabber.grab(key):
            return True
        self._tell(
            str(key),
            UserError(
                "KEY_TAKEN",
                L("Another program has the key {key}.", key=str(key)),
                safe=L("It works while the window is in front; the other keys always work."),
                do=L("Change the key in the other program."),
            ),
        )
        return False

    def _tell(self, about: str, error: UserError) -> None:
        if about not in self._told:
            self._told.add(about)
            self.refused.emit(error)

    def _on_pressed(self, key: Key) -> None:
        acts = self._acts.get(key)
        if acts:
            try:
                acts[-1]()
            except Exception:  # noqa: BLE001 - as from a slot of Qt: the owner of the hook shows it
                sys.excepthook(*sys.exc_info())


class HeldWhileShown(QObject):
    """Holds the key of a page for as long as the page is on the screen: not behind another page, not while it is locked.

    A window that is minimised still counts: the clerk works in another program.
    """

    def __init__(self, page: QWidget, shortcut: Shortcut, keys: SystemKeys) -> None:
        super().__init__(page)
        self._keys = keys
        self._key = parse_key(shortcut.key)
        self._act = shortcut.trigger
        self._holding = False
        page.installEventFilter(self)
        page.destroyed.connect(self._drop)
        if page.isVisible():
            self._hold()

    def eventFilter(self, page: QObject | None, event: QEvent | None) -> bool:
        """Follow the page."""
        if event is not None and not event.spontaneous():
            if event.type() == QEvent.Type.Show:
                self._hold()
            elif event.type() == QEvent.Type.Hide:
                self._drop()
        return False

    def _hold(self) -> None:
        if not self._holding:
            self._holding = True
            self._keys.hold(self._key, self._act)

    def _drop(self) -> None:
        if self._holding:
            self._holding = False
            self._keys.drop(self._key, self._act)
