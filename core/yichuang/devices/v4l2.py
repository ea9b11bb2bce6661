"""Cameras as Linux shows them (Video4Linux2): pictures in JPEG, as every camera of the UVC class gives them.

Structures and numbers are those of linux/videodev2.h on machines of 64 bits; `core/tests/devices/fake_v4l2.c` plays a camera
with that very header.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import select
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

_CAPTURE, _MMAP = 1, 1
_CAN_CAPTURE, _CAN_STREAM, _HAS_DEVICE_CAPS = 0x1, 0x0400_0000, 0x8000_0000
_DISCRETE = 1
_JPEGS = (b"MJPG", b"JPEG")
_MOST_ENTRIES = 256
_BUFFERS = 4
_FORMAT = struct.Struct("=I4x12I152x")
_BUFFER = struct.Struct("=5I4x32x2IQ2I8x")
"""index, type, bytesused, flags, field; time; sequence, memory, offset, length, reserved."""


def _number(direction: int, number: int, size: int) -> int:
    """_IOC of the kernel: 1 writes, 2 reads, 3 both."""
    return direction << 30 | size << 16 | ord("V") << 8 | number


_QUERYCAP = _number(2, 0, 104)
_ENUM_FMT = _number(3, 2, 64)
_S_FMT = _number(3, 5, _FORMAT.size)
_REQBUFS = _number(3, 8, 20)
_QUERYBUF, _QBUF, _DQBUF = (_number(3, number, _BUFFER.size) for number in (9, 15, 17))
_STREAMON, _STREAMOFF = _number(1, 18, 4), _number(1, 19, 4)
_ENUM_FRAMESIZES = _number(3, 74, 44)


class NoCameraError(Exception):
    """The device is not there, or gives no JPEG pictures."""


@dataclass(frozen=True)
class Shape:
    """A kind of picture that a camera can take."""

    code: bytes
    width: int
    height: int


class Camera:
    """One camera, opened; not for several threads.

    Attributes:
        name: As its maker calls it.
        shape: The largest picture it can take, which is what it takes.

    Raises:
        NoCameraError: From every method, when the device is or goes away.
    """

    def __init__(self, path: str, most_pixels: int) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise NoCameraError(str(error)) from error
        self._maps: list[mmap.mmap] = []
        try:
            self.name = self._capabilities()
            self.shape = self._largest(most_pixels)
        except NoCameraError:
            os.close(self._file)
            raise

    @property
    def streams(self) -> bool:
        """Whether pictures come."""
        return bool(self._maps)

    def start(self) -> None:
        """Let pictures come; the camera's lamp goes on."""
        shape = self.shape
        wanted = _FORMAT.pack(
            _CAPTURE, shape.width, shape.height, int.from_bytes(shape.code, "little"), 1, *[0] * 8
        )
        self._ask(_S_FMT, wanted)
        given = struct.unpack("=5I", self._ask(_REQBUFS, struct.pack("=5I", _BUFFERS, _CAPTURE, _MMAP, 0, 0)))
        for index in range(given[0]):
            *_head, offset, length, _reserved = _BUFFER.unpack(self._ask(_QUERYBUF, _buffer(index)))
            try:
                self._maps.append(
                    mmap.mmap(self._file, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset)
                )
            except OSError as error:
                raise NoCameraError(str(error)) from error
            self._ask(_QBUF, _buffer(index))
        self._ask(_STREAMON, struct.pack("=I", _CAPTURE))

    def stop(self) -> None:
        """No more pictures; the lamp goes off."""
        if self._maps:
            self._ask(_STREAMOFF, struct.pack("=I", _CAPTURE))
            for each in self._maps:
                each.close()
            self._maps.clear()
            self._ask(_REQBUFS, struct.pack("=5I", 0, _CAPTURE, _MMAP, 0, 0))

    def close(self) -> None:
        """Let go of the device."""
        for each in self._maps:
            each.close()
        self._maps.clear()
        os.close(self._file)

    def picture(self, wait: float) -> bytes:
        """The next whole picture that is taken from now on, as JPEG; those that waited are thrown away.

        Args:
            wait: Seconds.
        """
        ends = time.monotonic() + wait
        while self._taken() is not None:
            pass
        while time.monotonic() < ends:
            ready, _, _ = select.select([self._file], [], [], max(0.0, ends - time.monotonic()))
            data = self._taken() if ready else None
            if data is not None and data.startswith(b"\xff\xd8"):
                return data
        raise NoCameraError("no picture in time")

    def _taken(self) -> bytes | None:
        """A picture that is there; None where none is."""
        try:
            answer = fcntl.ioctl(self._file, _DQBUF, _buffer(0))
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise NoCameraError(str(error)) from error
        index, _type, used, *_rest = _BUFFER.unpack(answer)
        data: bytes = self._maps[index][:used]
        self._ask(_QBUF, _buffer(index))
        return data

    def _capabilities(self) -> str:
        _driver, card, _bus, _version, can, here = struct.unpack(
            "=16s32s32s3I12x", self._ask(_QUERYCAP, bytes(104))
        )
        can = here if can & _HAS_DEVICE_CAPS else can
        if not (can & _CAN_CAPTURE and can & _CAN_STREAM):
            raise NoCameraError("takes no pictures")
        return str(card.split(b"\0", 1)[0].decode("utf-8", "replace"))

    def _largest(self, most_pixels: int) -> Shape:
        shapes = [
            Shape(code, width, height)
            for code in self._codes()
            for width, height in self._sizes(code)
            if width * height <= most_pixels
        ]
        if not shapes:
            raise NoCameraError("gives no JPEG pictures")
        return max(shapes, key=lambda shape: shape.width * shape.height)

    def _codes(self) -> list[bytes]:
        """The kinds of JPEG that it gives."""
        found = [
            struct.unpack("=3I32s4s16x", answer)[4]
            for answer in self._entries(_ENUM_FMT, lambda n: struct.pack("=2I56x", n, _CAPTURE))
        ]
        return [code for code in found if code in _JPEGS]

    def _sizes(self, code: bytes) -> list[tuple[int, int]]:
        sizes = []
        for answer in self._entries(_ENUM_FRAMESIZES, lambda n: struct.pack("=I4s36x", n, code)):
            kind, first, second, _step, _low, high = struct.unpack("=8x6I12x", answer)
            sizes.append(
                (first, second) if kind == _DISCRETE else (second, high)
            )  # else least, most, step of each
        return sizes

    def _entries(self, request: int, ask: Callable[[int], bytes]) -> list[bytes]:
        """The answers for 0, 1 and so on, until there is no more."""
        found: list[bytes] = []
        for n in range(_MOST_ENTRIES):
            try:
                found.append(fcntl.ioctl(self._file, request, ask(n)))
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise NoCameraError(str(error)) from error
                break
        return found

    def _ask(self, request: int, argument: bytes) -> bytes:
        try:
            return fcntl.ioctl(self._file, request, argument)
        except OSError as error:
            raise NoCameraError(str(error)) from error


def _buffer(index: int) -> bytes:
    return _BUFFER.pack(index, _CAPTURE, 0, 0, 0, 0, _MMAP, 0, 0, 0)
