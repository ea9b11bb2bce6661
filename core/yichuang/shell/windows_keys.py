"""Takes keys for the whole screen on Windows: RegisterHotKey, whose messages come through Qt's event loop."""

from __future__ import annotations

import ctypes
from typing import Any

from PyQt6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PyQt6.sip import voidptr

from yichuang.shell.system_keys import Key, Pressed

WM_HOTKEY = 0x0312
NO_REPEAT = 0x4000
MASKS = {"Alt": 1, "Ctrl": 2, "Shift": 4, "Meta": 8}
CODES = {
    "Enter": 0x0D, "Pause": 0x13, "Space": 0x20, "PgUp": 0x21, "PgDown": 0x22, "End": 0x23, "Home": 0x24, "Left": 0x25,
    "Up": 0x26, "Right": 0x27, "Down": 0x28, "Insert": 0x2D, "Delete": 0x2E,
}  # fmt: skip


def virtual_key(name: str) -> int:
    """The number Windows has for a key: F2 is 0x71, a letter or digit its character."""
    if name in CODES:
        return CODES[name]
    return 0x70 + int(name[1:]) - 1 if len(name) > 1 else ord(name)


class _Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


class Message(ctypes.Structure):
    """MSG of the Windows API."""

    _fields_ = (
        ("window", ctypes.c_void_p), ("message", ctypes.c_uint), ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t), ("time", ctypes.c_ulong), ("place", _Point),
    )  # fmt: skip


class WindowsKeys(QAbstractNativeEventFilter):
    """A `Grabber` on Windows."""

    def __init__(self, pressed: Pressed, user32: Any = None) -> None:
        super().__init__()
        self._pressed = pressed
        self._user32 = user32 if user32 is not None else ctypes.windll.user32  # type: ignore[attr-defined]  # on Windows
        self._numbers: dict[int, Key] = {}
        self._next = 1
        QCoreApplication.instance().installNativeEventFilter(self)

    def grab(self, key: Key) -> bool:
        """Take a key; False where another program has it."""
        mask = NO_REPEAT | sum(MASKS[each] for each in key.modifiers)
        if not self._user32.RegisterHotKey(None, self._next, mask, virtual_key(key.name)):
            return False
        self._numbers[self._next] = key
        self._next += 1
        return True

    def ungrab(self, key: Key) -> None:
        """Give a key back."""
        for number in [number for number, each in self._numbers.items() if each == key]:
            del self._numbers[number]
            self._user32.UnregisterHotKey(None, number)

    def close(self) -> None:
        """Give everything back."""
        for key in list(self._numbers.values()):
            self.ungrab(key)
        QCoreApplication.instance().removeNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: voidptr | None
    ) -> tuple[bool, voidptr | None]:
        """Look for the message of a key; it has no window, so it comes to the thread."""
        if message is not None and bytes(kind) == b"windows_generic_MSG":
            told = Message.from_address(int(message))
            if told.message == WM_HOTKEY and told.wparam in self._numbers:
                self._pressed(self._numbers[told.wparam])
                return True, None
        return False, None
