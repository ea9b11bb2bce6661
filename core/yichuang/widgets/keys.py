"""Key caps: how a shortcut is written, and its picture as a widget or inside a button."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.hall.words import core
from yichuang.widgets import paint, theme

L = core.lazy
HEIGHT = 18
_NAMES: dict[str, object] = {
    "return": "Enter",
    "enter": "Enter",
    "escape": "Esc",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "space": L("Space"),
    "arrows": L("Arrow keys"),
    "del": "Delete",
}


def key_text(key: str) -> str:
    """A shortcut as it is printed on a cap: "Ctrl+Return" becomes "Ctrl+Enter", "Space" 空格, "Left" an arrow."""
    if key in {"+", ""}:
        return key
    parts = re.split(r"(?<=[^+])\+", key)
    return "+".join(str(_NAMES.get(part.lower(), part)) for part in parts)


def keycap_width(key: str) -> float:
    """The width of a cap, border included."""
    return max(18.0, round(paint.text_width(key_text(key), 11)) + 12.0)


def paint_keycap(painter: QPainter, x: float, center_y: float, key: str, *, ink: str = "") -> float:
    """Draw a cap whose left edge is `x`; gives back its width.

    `ink` is empty for a cap on the page; inside a button it is the token of its text, and the cap is only an outline.
    """
    width = keycap_width(key)
    rect = QRectF(x, round(center_y - HEIGHT / 2), width, HEIGHT)
    if not ink:
        paint.box(painter, rect, 4, "subtle", "line2")
        paint.text(painter, rect, key_text(key), px=11, ink="t3", align=paint.CENTER)
        return width
    painter.save()
    painter.setOpacity(painter.opacity() * 0.75)
    paint.box(painter, rect, 4, None, QColor(theme.color(ink)))
    paint.text(painter, rect, key_text(key), px=11, ink=ink, align=paint.CENTER)
    painter.restore()
    return width


class KeyCap(QWidget):
    """A key cap on the page."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(key_text(key))

    def sizeHint(self) -> QSize:
        return QSize(int(keycap_width(self._key)), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_keycap(QPainter(self), 0, self.height() / 2, self._key)


KeyHint = tuple[str | Sequence[str], str]


class KeyHints(QWidget):
    """A row of caps with what they do: "F2 叫下一位  F1 快捷键", for the status bar and table footers."""

    def __init__(self, hints: Sequence[KeyHint] = (), px: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints: list[KeyHint] = []
        self._px = px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_hints(hints)

    def set_hints(self, hints: Sequence[KeyHint]) -> None:
        """Show other keys."""
        self._hints = list(hints)
        spoken = [f"{' '.join(map(key_text, _keys(keys)))} {text}" for keys, text in self._hints]
        self.setAccessibleName(", ".join(spoken))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(math.ceil(self._draw(None)), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._draw(QPainter(self))

    def _draw(self, painter: QPainter | None) -> float:
        """Paint from left to right, or only measure when there is no painter."""
        x, y = 0.0, self.height() / 2
        for keys, text in self._hints:
            for key in _keys(keys):
                x += (paint_keycap(painter, x, y, key) if painter else keycap_width(key)) + 4
            x += 2
            if painter:
                area = QRectF(x, 0, self.width(), self.height())
                paint.text(painter, area, text, px=self._px, ink="t2")
            x += math.ceil(paint.text_width(text, self._px)) + 16
        return max(0.0, x - 16)


def _keys(keys: str | Sequence[str]) -> Sequence[str]:
    return [keys] if isinstance(keys, str) else keys
