"""QtMultimedia's whole way with pictures of a file before the lens, for machines without a camera."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yichuang.devices.adapter import TroubleError
from yichuang.devices.adapters.qt_camera import QtCamera


class PictureCamera(QtCamera):
    """Settings: picture (the file that lies before the lens; without the file the camera is gone)."""

    def make_source(self, session: Any) -> Any:
        """Frames instead of a camera."""
        path = Path(self.setting("picture", str))
        if not path.exists():
            raise TroubleError("DEVICE_ABSENT", cause="no file")
        self._lens = Lens(session, path, self._failed)
        return self._lens


class Lens:
    """What a QCamera does, as far as the adapter asks; writes its lamp into a log."""

    def __init__(self, session: Any, path: Path, failed: Any) -> None:
        from PyQt6.QtCore import QTimer
        from PyQt6.QtMultimedia import QVideoFrameInput

        self._path, self._failed = path, failed
        self._frames = QVideoFrameInput()
        session.setVideoFrameInput(self._frames)
        self._timer = QTimer(self._frames)
        self._timer.setInterval(20)
        self._timer.timeout.connect(self._send)

    def _send(self) -> None:
        from PyQt6.QtGui import QImage
        from PyQt6.QtMultimedia import QVideoFrame

        image = QImage(str(self._path))
        if image.isNull():
            self._failed("the cable was pulled")
            return
        self._frames.sendVideoFrame(QVideoFrame(image.convertToFormat(QImage.Format.Format_RGB32)))

    def _log(self, word: str) -> None:
        with Path(f"{self._path}.log").open("a") as log:
            log.write(f"{word} ")

    def start(self) -> None:
        """The lamp goes on."""
        self._log("on")
        self._timer.start()

    def stop(self) -> None:
        """The lamp goes off."""
        if self._timer.isActive():
            self._log("off")
        self._timer.stop()

    def isActive(self) -> bool:
        """Whether it gives pictures."""
        return self._timer.isActive()
