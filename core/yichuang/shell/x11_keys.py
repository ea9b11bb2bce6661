"""Takes keys for the whole screen on X11, over a connection of its own, with the xcb libraries that Qt needs anyway.

xcb and not Xlib: it answers a refused key to whoever asked, where Xlib calls one error handler of the whole process, which Qt
shares; and a lost connection ends nothing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from ctypes import POINTER, c_char_p, c_int, c_uint8, c_uint16, c_uint32, c_void_p
from functools import lru_cache
from itertools import product
from typing import Any

from PyQt6.QtCore import QObject, QSocketNotifier, QTimer

from yichuang.shell.system_keys import Key, Pressed

KEY_PRESS, KEY_RELEASE, MAPPING_NOTIFY = 2, 3, 34
MASKS = {"Shift": 1, "Ctrl": 4, "Alt": 8, "Meta": 64}
CAPS_LOCK, NUM_LOCK = 2, 16
LOCKS = tuple(a | b for a, b in product((0, CAPS_LOCK), (0, NUM_LOCK)))
"""A key is taken with each of them: for X it is another key while a lock is on."""
RELEVANT = 1 | 4 | 8 | 64
ASYNC = 1
KEYSYMS: dict[str, tuple[int, ...]] = {
    "Enter": (0xFF0D, 0xFF8D), "Space": (0x20,), "Pause": (0xFF13,), "Insert": (0xFF63,), "Delete": (0xFFFF,),
    "Home": (0xFF50,), "End": (0xFF57,), "PgUp": (0xFF55,), "PgDown": (0xFF56,), "Left": (0xFF51,), "Up": (0xFF52,),
    "Right": (0xFF53,), "Down": (0xFF54,),
}  # fmt: skip


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Roots(ctypes.Structure):
    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


class _KeyEvent(ctypes.Structure):
    _fields_ = (
        ("response_type", c_uint8), ("detail", c_uint8), ("sequence", c_uint16), ("time", c_uint32), ("root", c_uint32),
        ("event", c_uint32), ("child", c_uint32), ("places", c_uint16 * 4), ("state", c_uint16),
    )  # fmt: skip


def keysyms(name: str) -> tuple[int, ...]:
    """The X names of a key: F2 is 0xFFBF, a letter its small form."""
    if name in KEYSYMS:
        return KEYSYMS[name]
    if len(name) > 1:
        return (0xFFBE + int(name[1:]) - 1,)
    return (ord(name.lower()),)


@lru_cache(maxsize=1)
def _libraries() -> tuple[Any, Any, Any]:
    """xcb, its table of keys, and the library whose memory they use.

    Raises:
        OSError: One is not on this machine.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    symbols = ctypes.CDLL("libxcb-keysyms.so.1")
    libc = ctypes.CDLL(ctypes.util.find_library("c") or "libc.so.6")
    for library, name, result, arguments in (
        (xcb, "xcb_connect", c_void_p, (c_char_p, POINTER(c_int))),
        (xcb, "xcb_connection_has_error", c_int, (c_void_p,)),
        (xcb, "xcb_disconnect", None, (c_void_p,)),
        (xcb, "xcb_get_file_descriptor", c_int, (c_void_p,)),
        (xcb, "xcb_get_setup", c_void_p, (c_void_p,)),
        (xcb, "xcb_setup_roots_iterator", _Roots, (c_void_p,)),
        (
            xcb,
            "xcb_grab_key_checked",
            _Cookie,
            (c_void_p, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8),
        ),
        (xcb, "xcb_ungrab_key_checked", _Cookie, (c_void_p, c_uint8, c_uint32, c_uint16)),
        (xcb, "xcb_request_check", c_void_p, (c_void_p, _Cookie)),
        (xcb, "xcb_poll_for_event", POINTER(_KeyEvent), (c_void_p,)),
        (symbols, "xcb_key_symbols_alloc", c_void_p, (c_void_p,)),
        (symbols, "xcb_key_symbols_free", None, (c_void_p,)),
        (symbols, "xcb_key_symbols_get_keycode", POINTER(c_uint8), (c_void_p, c_uint32)),
        (libc, "free", None, (c_void_p,)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return xcb, symbols, libc


class X11Keys(QObject):
    """A `Grabber` on X11."""

    def __init__(self, pressed: Pressed) -> None:
        """Connect to the display.

        Raises:
            OSError: There is no display, or no xcb.
        """
        super().__init__()
        self._pressed = pressed
        self._xcb, self._symbols, self._libc = _libraries()
        self._connection = c_void_p(self._xcb.xcb_connect(None, None))
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise OSError("no connection to the X server")
        setup = self._xcb.xcb_get_setup(self._connection)
        self._root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        self._codes: dict[Key, tuple[int, ...]] = {}
        self._down: set[int] = set()
        self._up_at: dict[int, int] = {}
        self._notifier = QSocketNotifier(
            self._xcb.xcb_get_file_descriptor(self._connection), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._read)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)

    def grab(self, key: Key) -> bool:
        """Take a key, with every lock on or off; all of it or nothing."""
        codes = self._keycodes(key)
        self._codes[key] = codes
        for code in codes:
            for lock in LOCKS:
                cookie = self._xcb.xcb_grab_key_checked(
                    self._connection, 0, self._root, self._mask(key) | lock, code, ASYNC, ASYNC
                )
                if self._refused(cookie):
                    self.ungrab(key)
                    return False
        return bool(codes)

    def ungrab(self, key: Key) -> None:
        """Give a key back."""
        for code in self._codes.pop(key, ()):
            for lock in LOCKS:
                self._refused(
                    self._xcb.xcb_ungrab_key_checked(
                        self._connection, code, self._root, self._mask(key) | lock
                    )
                )

    def close(self) -> None:
        """Give everything back; the server drops the keys of a connection that ends."""
        self._notifier.setEnabled(False)
        self._later.stop()
        self._xcb.xcb_disconnect(self._connection)
        self.deleteLater()

    @staticmethod
    def _mask(key: Key) -> int:
        return sum(MASKS[each] for each in key.modifiers)

    def _keycodes(self, key: Key) -> tuple[int, ...]:
        table = self._symbols.xcb_key_symbols_alloc(self._connection)
        found: list[int] = []
        for keysym in keysyms(key.name):
            codes = self._symbols.xcb_key_symbols_get_keycode(table, keysym)
            if codes:
                index = 0
                while codes[index]:
                    found.append(codes[index])
                    index += 1
                self._libc.free(codes)
        self._symbols.xcb_key_symbols_free(table)
        return tuple(dict.fromkeys(found))

    def _refused(self, cookie: _Cookie) -> bool:
        """Whether the server refused; waits for its answer, well under a millisecond on a desk's own screen."""
        error = self._xcb.xcb_request_check(self._connection, cookie)
        if error:
            self._libc.free(error)
        self._later.start()  # events may have come with the answer, and the notifier is silent about those
        return bool(error)

    def _read(self) -> None:
        if not self._notifier.isEnabled():
            return  # closed meanwhile
        if self._xcb.xcb_connection_has_error(self._connection):
            self._notifier.setEnabled(False)  # the X server is gone, and with it every window
            return
        while event := self._xcb.xcb_poll_for_event(self._connection):
            kind, code = event.contents.response_type & 0x7F, event.contents.detail
            moment, state = event.contents.time, event.contents.state
            self._libc.free(event)
            if kind == KEY_PRESS:
                self._on_press(code, moment, state)
            elif kind == KEY_RELEASE:
                self._down.discard(code)
                self._up_at[code] = moment
            elif kind == MAPPING_NOTIFY:
                self._take_again()
            if not self._notifier.isEnabled():
                return  # the key ended this page

    def _on_press(self, code: int, moment: int, state: int) -> None:
        # A key that is held down repeats as release and press of the same moment. It must not call ten people.
        repeated = code in self._down or self._up_at.get(code) == moment
        self._down.add(code)
        if repeated:
            return
        for key, codes in list(self._codes.items()):
            if code in codes and self._mask(key) == state & RELEVANT:
                self._pressed(key)
                return

    def _take_again(self) -> None:
        """Another keyboard layout: the same key may have another number."""
        for key, codes in list(self._codes.items()):
            if self._keycodes(key) != codes:
                self.ungrab(key)
                self.grab(key)
