"""Identity card readers whose maker ships the CVR interface (termb.dll, libtermb.so: 华视 CVR-100 and its kin).

The library decodes the card itself and gives one field at a time as text in GBK; here they become the record that other
readers give, so that the same checks hold. Written after the published signatures and return codes and run against a
small library of the same signatures; no reader was at hand, so have it tried on the desk's own model before relying on it.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from yichuang.devices.adapter import TroubleError
from yichuang.devices.adapters.id_card_reader import CardReader
from yichuang.devices.adapters.sdt_api_reader import SERIAL_PORTS, USB_PORTS, load_library
from yichuang.devices.ethnic_groups import ETHNIC_GROUPS
from yichuang.devices.id_card import FOR_EVER, CardType, IdCard, encode_record

OK = 1
NO_READER = 4
IN_MEMORY = 4  # what CVR_Read_Content leaves on the disk: nothing
TEXT_LENGTH = 256
PHOTO_LENGTH = 65536  # a picture of 102 × 126 pixels is 38,862 bytes
_SEXES = {"男": "male", "女": "female", "未知": "unknown", "未说明": "unspecified"}
_KINDS = {"": CardType.RESIDENT, "J": CardType.HMT_PERMIT}
_TEXTS = (
    "GetPeopleName",
    "GetPeopleSex",
    "GetPeopleBirthday",
    "GetPeopleAddress",
    "GetPeopleIDCode",
    "GetDepartment",
    "GetStartDate",
    "GetEndDate",
)


class CvrReader(CardReader):
    """Settings: library (path of the maker's library), port (a USB port 1001 to 1016 or a serial one; 0 tries all)."""

    poll_every = 0.3

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._opened = False
        path = self.setting("library", str)
        try:
            self._library = load_library(path)
            for name in ("CVR_InitComm", "CVR_Authenticate", "CVR_Read_Content", "CVR_CloseComm", *_TEXTS):
                getattr(self._library, name).restype = ctypes.c_int
        except (OSError, AttributeError) as error:
            raise TroubleError("DEVICE_LIBRARY", path=path, cause=str(error)) from error

    def open(self) -> None:
        """Find the reader on its port, or on the first port that answers."""
        port = self.setting("port", int, 0)
        for candidate in [port] if port else [*USB_PORTS, *SERIAL_PORTS]:
            if self._library.CVR_InitComm(candidate) == OK:
                self._opened = True
                return
        raise TroubleError("DEVICE_ABSENT", port=port)

    def close(self) -> None:
        """Give the port back."""
        if self._opened:
            self._library.CVR_CloseComm()
            self._opened = False

    def find(self) -> bool:
        """Whether a card lies there that was not read yet: the library answers once until it is lifted."""
        answer = self._library.CVR_Authenticate()
        if answer == NO_READER:
            raise TroubleError("DEVICE_ABSENT", port=self.setting("port", int, 0))
        return bool(answer == OK)

    def record(self) -> tuple[bytes, bytes, str]:
        """Text of the card as its chip holds it, and its photo as PNG."""
        answer = self._library.CVR_Read_Content(IN_MEMORY)
        if answer != OK:
            raise TroubleError("DEVICE_CARD_UNREADABLE", field="read", answer=answer)
        mark = self._text("GetCertType", needed=False)
        kind = _KINDS.get(mark)
        if (
            kind is None
        ):  # a foreigner's card: its fields have functions of their own, which differ between versions
            raise TroubleError("DEVICE_CARD_UNKNOWN", mark=mark)
        photo = self._photo()
        return encode_record(self._fields(kind)), photo, "png" if photo else ""

    def _fields(self, kind: CardType) -> IdCard:
        ends = self._text("GetEndDate")
        group = self._text("GetPeopleNation", needed=False).removesuffix("族")
        codes = {name: code for code, name in ETHNIC_GROUPS.items()}
        return IdCard(
            card_type=kind,
            name=self._text("GetPeopleName"),
            sex=_sex(self._text("GetPeopleSex")),
            birth=_day(self._text("GetPeopleBirthday"), "birth"),
            number=self._text("GetPeopleIDCode"),
            valid_from=_day(self._text("GetStartDate"), "valid_from"),
            valid_to=None if ends == FOR_EVER else _day(ends, "valid_to"),
            ethnic_code=codes.get(group, "") if kind is CardType.RESIDENT else "",
            address=self._text("GetPeopleAddress"),
            issuer=self._text("GetDepartment"),
            pass_number=self._text("GetPassCheckID", needed=False) if kind is CardType.HMT_PERMIT else "",
            issue_count=self._text("GetIssuesNum", needed=False) if kind is CardType.HMT_PERMIT else "",
        )

    def _text(self, name: str, *, needed: bool = True) -> str:
        """One field; empty where an older library does not have it and it is not needed."""
        data = self._bytes(name, TEXT_LENGTH, needed=needed)
        try:
            return data.split(b"\0", 1)[0].decode("gb18030").strip()
        except UnicodeDecodeError as error:
            raise TroubleError("DEVICE_CARD_UNREADABLE", field=name) from error

    def _photo(self) -> bytes:
        """The picture of the card; the library gives it as BMP. Without it a card is read all the same."""
        data = self._bytes("GetBMPData", PHOTO_LENGTH, needed=False)
        if not data:
            return b""
        from PIL import Image

        made = io.BytesIO()
        try:
            with Image.open(io.BytesIO(data), formats=["BMP"]) as picture:
                picture.save(made, "PNG")
        except (OSError, ValueError):
            return b""
        return made.getvalue()

    def _bytes(self, name: str, length: int, *, needed: bool) -> bytes:
        function = getattr(self._library, name, None)
        if function is None:
            return b""
        buffer, size = (ctypes.c_ubyte * length)(), ctypes.c_int(length)
        if function(buffer, ctypes.byref(size)) != OK or not 0 <= size.value <= length:
            if needed:
                raise TroubleError("DEVICE_CARD_UNREADABLE", field=name)
            return b""
        return bytes(buffer)[: size.value]


def _sex(text: str) -> str:
    if text not in _SEXES:
        raise TroubleError("DEVICE_CARD_UNREADABLE", field="sex")
    return _SEXES[text]


def _day(text: str, field: str) -> date:
    """A day as the libraries write it: 19900101, 1990.01.01, 1990-01-01 or 1990年01月01日."""
    found = re.fullmatch(r"([0-9]{4})[.年-]?([0-9]{2})[.月-]?([0-9]{2})日?", text)
    try:
        if found is None:
            raise ValueError(field)
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise TroubleError("DEVICE_CARD_UNREADABLE", field=field) from error
