"""Document cameras as the operating system offers them, on Windows as on Linux: QtMultimedia in the camera's own process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.adapters.document_camera import looked, made_page
from yichuang.devices.stillness import Stillness

if TYPE_CHECKING:
    from PIL import Image
    from PyQt6.QtMultimedia import QMediaCaptureSession

SETTLES = 0.8
"""Seconds in which a camera that was just started finds the right exposure."""
PICTURE_WITHIN = 5.0
QUIET_LOG = "qt.multimedia.*=false"
"""Qt tells on every start which libraries of other makers it could do without."""


class QtCamera(Adapter):
    """Takes pages at the camera's highest resolution.

    Settings: device (the camera's name or number as the system has it, the first camera without it; a device with a second
    camera for faces has a name for each); rest (seconds without a question after which its lamp goes off, 15).
    """

    poll_every = 0.5

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._rest = float(self.settings.get("rest", 15))
        self._asked = 0.0
        self._seen = 0
        self._taken: list[Any] = []
        self._trouble = ""
        self._stillness = Stillness()

    def open(self) -> None:
        """Find the camera; its lamp stays off."""
        os.environ.setdefault("QT_LOGGING_RULES", QUIET_LOG)
        try:
            from PyQt6.QtCore import QCoreApplication
            from PyQt6.QtMultimedia import QImageCapture, QMediaCaptureSession, QVideoSink
        except ImportError as error:  # a library of the system is missing
            raise TroubleError("DEVICE_ABSENT", cause=str(error)) from error
        self._app = QCoreApplication.instance() or QCoreApplication([])
        self._session, self._sink, self._photographs = QMediaCaptureSession(), QVideoSink(), QImageCapture()
        self._session.setVideoSink(self._sink)
        self._session.setImageCapture(self._photographs)
        self._sink.videoFrameChanged.connect(self._saw)
        self._photographs.imageCaptured.connect(lambda _number, image: self._taken.append(image))
        self._photographs.errorOccurred.connect(lambda _number, _kind, why: self._failed(why))
        self.source = self.make_source(self._session)

    def make_source(self, session: QMediaCaptureSession) -> Any:
        """What gives the session its pictures: an object with `start`, `stop` and `isActive`.

        Raises:
            TroubleError: DEVICE_ABSENT.
        """
        from PyQt6.QtMultimedia import QCamera, QMediaDevices

        wanted = self.setting("device", str, "")
        found = [
            each for each in QMediaDevices.videoInputs()
            if wanted in ("", each.description(), each.id().data().decode(errors="replace"))
        ]  # fmt: skip
        if not found:
            raise TroubleError("DEVICE_ABSENT", cause=f"no camera {wanted}")
        camera = QCamera(found[0])
        formats = found[0].videoFormats()
        if formats:
            camera.setCameraFormat(
                max(formats, key=lambda each: each.resolution().width() * each.resolution().height())
            )
        camera.errorOccurred.connect(lambda _kind, why: self._failed(why))
        session.setCamera(camera)
        return camera

    def close(self) -> None:
        """Let go of it."""
        self.source.stop()
        self._session.setCamera(None)

    def poll(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        """Let the camera rest where nobody looks, and notice that it was pulled out."""
        self._app.processEvents()
        if self.source.isActive() and time.monotonic() - self._asked > self._rest:
            self.source.stop()
        self._raise_trouble()
        return ()

    @command
    def capture(self, colour: bool = True, crop: bool = False, white: bool = False) -> Mapping[str, object]:
        """The page that lies there; see `made_page`.

        Returns:
            {"image": JPEG bytes, "media_type", "width", "height"}.
        """
        self._next_frame()
        self._taken.clear()
        self._photographs.capture()
        self._until(lambda: bool(self._taken))
        image = _pillow(self._taken[-1])
        self._stillness.take(image)
        return made_page(image, colour, crop, white)

    @command
    def look(self) -> Mapping[str, object]:
        """What the camera sees now; see `looked`."""
        return looked(_pillow(self._next_frame()), self._stillness)

    def _next_frame(self) -> Any:
        """A picture that comes after the question."""
        if not self.source.isActive():
            self.source.start()
            ends = time.monotonic() + SETTLES
            self._until(lambda: time.monotonic() > ends)
        self._asked = time.monotonic()
        before = self._seen
        self._until(lambda: self._seen > before)
        return self._sink.videoFrame().toImage()

    def _until(self, true: Callable[[], bool]) -> None:
        from PyQt6.QtCore import QEventLoop

        ends = time.monotonic() + PICTURE_WITHIN
        while not true():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.002)
            self._raise_trouble()
            if time.monotonic() > ends:
                raise TroubleError("DEVICE_ABSENT", cause="the camera gives no picture")

    def _saw(self) -> None:
        self._seen += 1

    def _failed(self, why: str) -> None:
        self._trouble = why or "the camera failed"

    def _raise_trouble(self) -> None:
        if self._trouble:
            why, self._trouble = self._trouble, ""
            raise TroubleError("DEVICE_ABSENT", cause=why)


def _pillow(image: Any) -> Image.Image:
    from PIL import Image
    from PyQt6.QtGui import QImage

    if image.isNull():
        raise TroubleError("DEVICE_ABSENT", cause="the picture of the camera cannot be read")
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = plain.constBits()
    bits.setsize(plain.sizeInBytes())
    size = (plain.width(), plain.height())
    return Image.frombytes("RGB", size, bytes(bits), "raw", "RGB", plain.bytesPerLine())
