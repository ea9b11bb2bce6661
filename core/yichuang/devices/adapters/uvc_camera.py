"""Document cameras without a maker's program: whatever Linux shows as a video device that gives JPEG pictures."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.devices.adapter import Adapter, TroubleError, command
from yichuang.devices.adapters.document_camera import MOST_PIXELS, looked, made_page
from yichuang.devices.stillness import Stillness

if TYPE_CHECKING:
    from PIL import Image

    from yichuang.devices.v4l2 import Camera

BY_NAME = Path("/dev/v4l/by-id")
"""Names made of maker, model and serial number: the same after another camera is plugged in."""
SETTLES = 0.8
"""Seconds in which a camera that was just started finds the right exposure."""
PICTURE_WITHIN = 3.0


class UvcCamera(Adapter):
    """Takes pages at the camera's highest resolution.

    Settings: device (such as /dev/v4l/by-id/usb-…-video-index0; the first camera without it. A device with a second camera
    for faces shows it under a name of its own); rest (seconds without a question after which its lamp goes off, 15).
    """

    poll_every = 0.5

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._camera: Camera | None = None
        self._asked = 0.0
        self._rest = float(self.settings.get("rest", 15))
        self._stillness = Stillness()

    def open(self) -> None:
        """Find the camera; its lamp stays off."""
        try:
            from yichuang.devices.v4l2 import Camera, NoCameraError
        except ImportError as error:  # no Linux
            raise TroubleError("DEVICE_ABSENT", cause=str(error)) from error
        self._trouble = NoCameraError
        names = [self.setting("device", str, "")] if "device" in self.settings else _found()
        reason = "no camera"
        for name in names:
            try:
                self._camera = Camera(name, MOST_PIXELS)
            except NoCameraError as error:
                reason = str(error)
            else:
                return
        raise TroubleError("DEVICE_ABSENT", cause=reason)

    def close(self) -> None:
        """Let go of it."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None

    def poll(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        """Let the camera rest where nobody looks."""
        camera = self._camera
        if camera is not None and camera.streams and time.monotonic() - self._asked > self._rest:
            try:
                camera.stop()
            except self._trouble as error:
                raise TroubleError("DEVICE_ABSENT", cause=str(error)) from error
        return ()

    @command
    def capture(self, colour: bool = True, crop: bool = False, white: bool = False) -> Mapping[str, object]:
        """The page that lies there; see `made_page`.

        Returns:
            {"image": JPEG bytes, "media_type", "width", "height"}.
        """
        image = self._picture()
        self._stillness.take(image)
        return made_page(image, colour, crop, white)

    @command
    def look(self) -> Mapping[str, object]:
        """What the camera sees now; see `looked`."""
        return looked(self._picture(small=True), self._stillness)

    def _picture(self, *, small: bool = False) -> Image.Image:
        from PIL import Image, UnidentifiedImageError

        assert self._camera is not None  # opened, or nothing is asked
        try:
            if not self._camera.streams:
                self._camera.start()
                ends = time.monotonic() + SETTLES
                while time.monotonic() < ends:
                    self._camera.picture(PICTURE_WITHIN)
            self._asked = time.monotonic()
            image = Image.open(io.BytesIO(self._camera.picture(PICTURE_WITHIN)))
            if small:
                image.draft("RGB", (640, 480))  # decodes an eighth of the pixels
            image.load()
        except self._trouble as error:
            raise TroubleError("DEVICE_ABSENT", cause=str(error)) from error
        except (UnidentifiedImageError, OSError) as error:
            raise TroubleError("DEVICE_PAGE", path=self._camera.name, cause=str(error)) from error
        return image


def _found() -> list[str]:
    """All video devices, those with a lasting name first."""
    lasting = sorted(BY_NAME.glob("*-video-index0")) if BY_NAME.is_dir() else []
    return [str(path) for path in (*lasting, *sorted(Path("/dev").glob("video[0-9]*")))]
