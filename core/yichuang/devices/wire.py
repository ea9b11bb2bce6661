"""JSON lines between the suite and a device's process; bytes travel as base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one message; a page of a document camera or a PDF fits many times."""

_MARK = "$bytes"


def _pack(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return {_MARK: base64.b64encode(value).decode("ascii")}
    raise TypeError(f"{type(value).__name__} cannot be sent to a device")


def _unpack(value: dict[str, object]) -> object:
    packed = value.get(_MARK)
    if len(value) == 1 and isinstance(packed, str):
        return base64.b64decode(packed, validate=True)
    return value


def encode(message: Mapping[str, object]) -> bytes:
    """One message as one line.

    Raises:
        TypeError: It holds something that is neither JSON nor bytes.
        ValueError: It is longer than `LONGEST_LINE`.
    """
    line = (
        json.dumps(message, ensure_ascii=True, separators=(",", ":"), default=_pack).encode("ascii") + b"\n"
    )
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a message of {len(line)} bytes is too long for a device")
    return line


def decode(line: bytes) -> dict[str, object]:
    """The message of a line.

    Raises:
        ValueError: It is not a JSON object.
    """
    message = json.loads(line, object_hook=_unpack)
    if not isinstance(message, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - garbled input, no bug of a caller
    return message
