"""Lucide icons: read from the package that carries them, recoloured, kept per colour, size and pixel ratio.

The package `python-lucide` holds all icons in one SQLite file. Importing it costs 150 ms (it pulls in a web client), so
only its file is found and read here, once per icon.
"""

from __future__ import annotations

import importlib.util
import logging
import sqlite3
from functools import lru_cache
from pathlib import Path

from PyQt6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from yichuang.widgets import theme

UNKNOWN = "puzzle"
_log = logging.getLogger(__name__)


def icon(name: str, color: str = "t2", px: int = 16) -> QIcon:
    """An icon that follows the theme and the screen's pixel ratio by itself.

    Args:
        name: A Lucide name such as "stamp"; an unknown name is logged and shown as a puzzle piece.
        color: A token name, or "#RRGGBB" for a fixed colour.
        px: The size it is drawn for; decides the stroke width.
    """
    return QIcon(_Engine(name, color, px))


def icon_pixmap(name: str, color: str = "t2", px: int = 16, dpr: float = 1.0) -> QPixmap:
    """The icon as a picture of `px` logical pixels, in the current theme."""
    rgb = color if color.startswith("#") else theme.token(color)
    return _pixmap(name, rgb, px, round(dpr, 3))


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, color: str = "t2") -> None:
    """Draw the icon centred in `rect`, as large as fits."""
    px = int(min(rect.width(), rect.height()))
    device = painter.device()
    dpr = device.devicePixelRatioF() if device is not None else 1.0
    pixmap = icon_pixmap(name, color, px, dpr)
    x = rect.x() + (rect.width() - px) / 2
    y = rect.y() + (rect.height() - px) / 2
    painter.drawPixmap(QPointF(round(x * dpr) / dpr, round(y * dpr) / dpr), pixmap)


def has_icon(name: str) -> bool:
    """Whether Lucide has an icon of that name (or an alias of it)."""
    return _svg(name) is not None


def stroke_width(px: int) -> float:
    """Lucide's stroke in its 24-unit box: 1.75 at 16 px and more, 2 below; large ones stay fine with 1.25."""
    if px < 16:
        return 2.0
    return 1.75 if px < 28 else 1.25


@lru_cache(maxsize=1024)
def _pixmap(name: str, rgb: str, px: int, dpr: float) -> QPixmap:
    source = _svg(name)
    if source is None:
        _log.warning("no icon named %r", name)
        source = _svg(UNKNOWN) or "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'/>"
    color = QColor(rgb)
    text = source.replace("currentColor", color.name(QColor.NameFormat.HexRgb))
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke_width(px)}"')
    side = max(1, round(px * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(color.alphaF())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


@lru_cache(maxsize=256)
def _svg(name: str) -> str | None:
    """The SVG source of an icon, None if there is none."""
    database = _database()
    if database is None:
        return None
    row = database.execute("SELECT svg FROM icons WHERE name = ?", (name,)).fetchone()
    if row is None:
        row = database.execute(
            "SELECT svg FROM icon_aliases JOIN icons USING (name) WHERE alias = ?", (name,)
        ).fetchone()
    return str(row[0]) if row else None


@lru_cache(maxsize=1)
def _database() -> sqlite3.Connection | None:
    spec = importlib.util.find_spec("lucide")
    path = Path(spec.origin).parent / "data" / "lucide-icons.db" if spec and spec.origin else None
    if path is None or not path.is_file():
        _log.warning("the icons (package python-lucide) are not installed")
        return None
    # immutable: the file lies in a package that nobody writes to, so SQLite needs no lock or journal beside it.
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class _Engine(QIconEngine):
    """Draws one Lucide icon in whatever theme is current when it is asked."""

    def __init__(self, name: str, color: str, px: int) -> None:
        super().__init__()
        self.name, self.color, self.px = name, color, px

    def _color(self, mode: QIcon.Mode) -> str:
        return "tdis" if mode == QIcon.Mode.Disabled else self.color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, rect, self.name, self._color(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return icon_pixmap(self.name, self._color(mode), min(size.width(), size.height()), 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())
        return icon_pixmap(self.name, self._color(mode), max(1, round(side / scale)), scale)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)

    def clone(self) -> QIconEngine:
        return _Engine(self.name, self.color, self.px)


def mark_rect(center: QPoint | QPointF, px: int) -> QRectF:
    """The square of `px` around a centre, for `paint_icon`."""
    return QRectF(center.x() - px / 2, center.y() - px / 2, px, px)
