"""Tags and count badges: as widgets, and as painting for delegates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from yichuang.widgets import lights, paint
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.tokens import TONES

_PAD = 6  # inside the 1 px border
_ICON = 12
_GAP = 4


@dataclass(frozen=True, slots=True)
class TagSpec:
    """What a tag says.

    Attributes:
        text: Two to six characters.
        tone: green, amber, red, teal or grey.
        icon: A Lucide name, or a light state written as "light:done".
    """

    text: str
    tone: str = "grey"
    icon: str | None = None


def as_tag(value: TagSpec | str) -> TagSpec:
    """A plain string is a grey tag."""
    return value if isinstance(value, TagSpec) else TagSpec(str(value))


def tag_width(spec: TagSpec | str, *, small: bool = False) -> float:
    """The width a tag takes, border included."""
    tag = as_tag(spec)
    width = 2 * (_PAD + 1) + paint.text_width(tag.text, 11 if small else 12)
    return math.ceil(width + (_ICON + _GAP if tag.icon else 0))


def paint_tag(
    painter: QPainter, x: float, center_y: float, spec: TagSpec | str, *, small: bool = False
) -> float:
    """Draw a tag whose left edge is `x`; gives back its width."""
    tag = as_tag(spec)
    height = 18 if small else 20
    width = tag_width(tag, small=small)
    ink, tint, border, _dot = TONES.get(tag.tone, TONES["grey"])
    rect = QRectF(x, round(center_y - height / 2), width, height)
    paint.box(painter, rect, 4, tint, border)
    inner = x + _PAD + 1
    if tag.icon:
        area = QRectF(inner, rect.center().y() - _ICON / 2, _ICON, _ICON)
        if tag.icon.startswith("light:"):
            lights.paint_light(painter, area, tag.icon.removeprefix("light:"))
        else:
            paint_icon(painter, area, tag.icon, ink)
        inner += _ICON + _GAP
    area = QRectF(inner, rect.y(), width, height)
    paint.text(painter, area, tag.text, px=11 if small else 12, ink=ink)
    return width


def paint_tags(
    painter: QPainter, rect: QRectF, tags: list[TagSpec | str], *, gap: float = 6, right: bool = False
) -> float:
    """Draw at most three tags in a row, as many as fit; gives back the width used."""
    used = 0.0
    shown = []
    for tag in tags[:3]:
        width = tag_width(tag)
        if used + width > rect.width() + 0.5:
            break
        shown.append((tag, used))
        used += width + gap
    used = max(0.0, used - gap)
    start = rect.right() - used if right else rect.x()
    for tag, offset in shown:
        paint_tag(painter, start + offset, rect.center().y(), tag)
    return used


def badge_width(text: str) -> float:
    """The width of a count badge."""
    return max(16.0, math.ceil(paint.text_width(text, 11, strong=True)) + 6)


def paint_badge(painter: QPainter, right: float, center_y: float, text: str, tone: str = "grey") -> float:
    """Draw a count badge that ends at `right`; gives back its width."""
    width = badge_width(text)
    rect = QRectF(right - width, center_y - 8, width, 16)
    fill, ink = ("redd", "on") if tone == "red" else ("line2", "t1")
    paint.box(painter, rect, 8, fill)
    paint.text(painter, rect, text, px=11, ink=ink, strong=True, align=paint.CENTER)
    return width


class Tag(QWidget):
    """A tag: 20 high, 18 when small."""

    def __init__(
        self,
        text: str,
        tone: str = "grey",
        icon: str | None = None,
        *,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._spec, self._small = TagSpec(text, tone, icon), small
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_spec(self, spec: TagSpec | str) -> None:
        """Show another text, tone or icon."""
        self._spec = as_tag(spec)
        self.setAccessibleName(self._spec.text)
        self.updateGeometry()
        self.update()

    def spec(self) -> TagSpec:
        """What the tag says."""
        return self._spec

    def sizeHint(self) -> QSize:
        return QSize(int(tag_width(self._spec, small=self._small)), 18 if self._small else 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_tag(QPainter(self), 0, self.height() / 2, self._spec, small=self._small)


class Badge(QWidget):
    """A round count, grey or red (urgent)."""

    def __init__(self, count: int | str, tone: str = "grey", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = str(count), tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)

    def set_count(self, count: int | str, tone: str | None = None) -> None:
        """Show another count, and another tone if one is given."""
        self._text, self._tone = str(count), tone or self._tone
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(int(badge_width(self._text)), 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_badge(
            QPainter(self), self.width(), QPointF(self.rect().center()).y() + 0.5, self._text, self._tone
        )
