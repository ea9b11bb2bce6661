"""What the document camera sees just now, beside the pages that were taken; tells when a new page lies there."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError
from yichuang.api.ui import PageContext, paint
from yichuang_acceptance.words import words

_ = words.text
CAMERA = "document_camera"
WIDTH, HEIGHT = 144, 108
LOOK_MS = 400
MAT = QColor("#20282D")  # what surrounds a picture from a camera is dark in both themes


class LiveView(QWidget):
    """The picture of the camera; hidden where the desk's camera shows none, such as a watched folder.

    Signals:
        page_came: A new page lies still under the camera, or stands in its folder.
    """

    page_came = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._picture = QImage()
        self._asked = self._blind = False
        self.setFixedSize(WIDTH, HEIGHT)
        self.setAccessibleName(_("What the camera sees"))
        self.hide()
        context.every(LOOK_MS, self._look)
        context.device_event.connect(self._said)

    def _look(self) -> None:
        strip = self.parentWidget()
        if self._context.device(CAMERA) != "ready":
            self._blind = False  # the next camera may show what it sees
            self.hide()
        elif not (self._asked or self._blind) and strip is not None and strip.isVisible():
            self._asked = True
            self._context.ask_device(CAMERA, "look", done=self._seen, failed=self._not_seen)

    def _seen(self, answer: dict[str, Any]) -> None:
        self._asked = False
        self._picture = QImage.fromData(answer["image"])
        self.show()
        self.update()
        if answer["page"]:
            self.page_came.emit()

    def _not_seen(self, error: UserError) -> None:
        """Trouble is told when a page is asked for; here there is only nothing to see."""
        self._asked = False
        self._blind = error.code == "DEVICE_BAD_COMMAND"
        self.hide()

    def _said(self, kind: str, event: str, _data: dict[str, Any]) -> None:
        if kind == CAMERA and event == "page":
            self.page_came.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), MAT)
        if not self._picture.isNull():
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRectF(
                (WIDTH - size.width()) / 2, (HEIGHT - size.height()) / 2, size.width(), size.height()
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._picture)
        paint.box(painter, QRectF(6, 6, 46, 18), 4, "tip", None)
        paint.box(painter, QRectF(11, 12, 6, 6), 3, "grnd", None)
        paint.text(painter, QRectF(20, 6, 30, 18), _("live"), px=11, ink="on")
