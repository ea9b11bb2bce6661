"""Progress that lasts longer than a second, and the grey rows of a first load."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint

_ = core.text
_TONES = {"acc": ("c1", "t2"), "green": ("grnd", "grn"), "red": ("redd", "red"), "amber": ("ambd", "amb")}


class ProgressBar(QWidget):
    """A bar of 6 px with its count at the right.

    Args:
        value: Done so far.
        total: All; 0 hides the bar's filling until it is known.
        text: What stands beside it; "5 / 8" when empty.
        tone: acc while running, green when done, red when it stopped, amber near a limit.
    """

    def __init__(
        self,
        value: float = 0,
        total: float = 0,
        text: str = "",
        tone: str = "acc",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value, self._total, self._text, self._tone = value, total, text, tone
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(value, total, text, tone)

    def set(
        self, value: float, total: float | None = None, text: str | None = None, tone: str | None = None
    ) -> None:
        """Move the bar; what is not given stays."""
        self._value = value
        self._total = self._total if total is None else total
        self._text = self._text if text is None else text
        self._tone = tone or self._tone
        self.setAccessibleName(self._shown())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, ink = _TONES[self._tone]
        words = self._shown()
        room = math.ceil(paint.text_width(words, 12)) + 12 if words else 0
        middle = self.height() / 2
        track = QRectF(0, middle - 3, max(24, self.width() - room), 6)
        paint.bar(painter, track, self._value / self._total if self._total else 0, fill)
        if words:
            area = QRectF(0, 0, self.width(), self.height())
            paint.text(painter, area, words, px=12, ink=ink, align=paint.RIGHT)

    def _shown(self) -> str:
        if self._text:
            return self._text
        return f"{self._value:g} / {self._total:g}" if self._total else ""


def time_left_text(seconds: float) -> str:
    """How long a batch will still take, for runs above ten seconds."""
    if seconds >= 90:
        return _("About {n} minutes left", n=round(seconds / 60))
    return _("About {n} seconds left", n=max(1, round(seconds)))


class Skeleton(QWidget):
    """Grey placeholder rows: only for the first load; a refresh keeps what is on the screen."""

    _WIDTHS = (0.68, 0.49, 0.585, 0.64, 0.44)

    def __init__(self, rows: int = 3, row_height: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._row_height = rows, row_height
        self.setAccessibleName(_("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, self._rows * self._row_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for row in range(self._rows):
            middle = (row + 0.5) * self._row_height
            paint.box(painter, QRectF(0, middle - 7, 14, 14), 7, "sunken")
            width = (self.width() - 26) * self._WIDTHS[row % len(self._WIDTHS)]
            paint.box(painter, QRectF(26, middle - 5, width, 10), 3, "sunken")
