"""Identity card readers whose maker ships the common interface of the ministry's security module (sdtapi).

Written after the published signatures and return codes (libsdtapi.so, sdtapi.dll) and run against a small library
of the same signatures; no reader was at hand, so have it tried on the desk's own model before relying on it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from typing import Any

from yichuang.devices.adapter import TroubleError
from yichuang.devices.adapters.id_card_reader import CardReader

OK = 0x90
CARD_FOUND = 0x9F
USB_PORTS = range(1001, 1017)
SERIAL_PORTS = range(1, 17)
PHOTO_LENGTH = 1024
# The module holds 256 and 1,024 bytes; readers with finger prints or addresses write longer answers.
BUFFER_LENGTH = 4096


class SdtApiReader(CardReader):
    """Settings: library (path of the maker's library), port (a USB port 1001 to 1016 or a serial one; 0 tries all)."""

    poll_every = 0.3

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._port = 0
        path = self.setting("library", str)
        try:
            self._library = load_library(path)
            for name in ("OpenPort", "ClosePort", "StartFindIDCard", "SelectIDCard", "ReadBaseMsg"):
                getattr(self._library, f"SDT_{name}").restype = ctypes.c_int
        except (OSError, AttributeError) as error:
            raise TroubleError("DEVICE_LIBRARY", path=path, cause=str(error)) from error

    def open(self) -> None:
        """Find the reader on its port, or on the first port that answers."""
        port = self.setting("port", int, 0)
        for candidate in [port] if port else [*USB_PORTS, *SERIAL_PORTS]:
            if self._library.SDT_OpenPort(candidate) == OK:
                self._port = candidate
                return
        raise TroubleError("DEVICE_ABSENT", port=port)

    def close(self) -> None:
        """Give the port back."""
        if self._port:
            self._library.SDT_ClosePort(self._port)
            self._port = 0

    def find(self) -> bool:
        """Whether a card lies there that was not read yet: the module finds a card once until it is lifted."""
        answer = (ctypes.c_ubyte * 8)()
        return bool(self._library.SDT_StartFindIDCard(self._port, answer, 0) == CARD_FOUND)

    def record(self) -> tuple[bytes, bytes, str]:
        """Text and WLT photo of the card."""
        serial = (ctypes.c_ubyte * 8)()
        if self._library.SDT_SelectIDCard(self._port, serial, 0) != OK:
            raise TroubleError("DEVICE_CARD_UNREADABLE", field="select")
        text, photo = (ctypes.c_ubyte * BUFFER_LENGTH)(), (ctypes.c_ubyte * BUFFER_LENGTH)()
        text_length, photo_length = ctypes.c_uint(0), ctypes.c_uint(0)
        code = self._library.SDT_ReadBaseMsg(
            self._port, text, ctypes.byref(text_length), photo, ctypes.byref(photo_length), 0
        )
        if code != OK or text_length.value > BUFFER_LENGTH or photo_length.value > BUFFER_LENGTH:
            raise TroubleError("DEVICE_CARD_UNREADABLE", field="read", answer=code)
        raw_photo = bytes(photo)[: photo_length.value]
        return bytes(text)[: text_length.value], raw_photo, "wlt" if len(raw_photo) == PHOTO_LENGTH else ""


def load_library(path: str) -> ctypes.CDLL:
    """A maker's library. Raises OSError."""
    if sys.platform == "win32":
        return ctypes.WinDLL(path)  # the makers' libraries use stdcall
    return ctypes.CDLL(path)
