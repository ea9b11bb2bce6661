"""Buttons: the variants of the design with the key cap inside, and icon buttons with a spoken name."""

from __future__ import annotations

import math

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PyQt6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from yichuang.widgets import paint
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.icons import icon, paint_icon
from yichuang.widgets.keys import key_text, keycap_width, paint_keycap

# size -> height, side padding with border, text px, icon px
_SIZES = {"normal": (32, 13, 13, 16), "compact": (26, 10, 12, 14), "decision": (40, 18, 14, 16)}
# kind -> state -> (fill, border, ink); missing states fall back to "rest"
_LOOKS: dict[str, dict[str, tuple[str | None, str | None, str]]] = {
    "primary": {"rest": ("acc", "acc", "on"), "hover": ("acch", "acc", "on"), "down": ("accp", "acc", "on")},
    "secondary": {
        "rest": ("surface", "line2", "t1"),
        "hover": ("hover", "line2", "t1"),
        "down": ("sunken", "line2", "t1"),
    },
    "danger": {
        "rest": ("surface", "redl", "red"),
        "hover": ("reds", "redl", "red"),
        "down": ("reds", "redd", "red"),
    },
    "danger-fill": {
        "rest": ("redb", "redb", "on"),
        "hover": ("redd", "redb", "on"),
        "down": ("redb", "redb", "on"),
    },
    "ghost": {"rest": (None, None, "t2"), "hover": ("hover", None, "t1"), "down": ("sunken", None, "t1")},
    "link": {"rest": (None, None, "acct"), "hover": (None, None, "acct"), "down": (None, None, "acct")},
}
_DISABLED = {"ghost": (None, None, "tdis"), "link": (None, None, "tdis")}
_STRONG = {"primary", "danger-fill"}


class Button(KeyboardRing, QPushButton):
    """A button of the design.

    Args:
        text: Verb and object or count, such as "用印 20 份".
        kind: primary (one per region, rightmost), secondary, danger (outline), danger-fill (in confirm dialogs only),
            ghost, or link.
        icon: A Lucide name.
        key: The shortcut; its cap is drawn inside and it presses the button while the button is visible.
        size: normal 32, compact 26, decision 40.
        binds: False where the key is only shown, because someone else listens to it.
    """

    def __init__(
        self,
        text: str = "",
        kind: str = "secondary",
        icon: str | None = None,
        key: str | None = None,
        size: str = "normal",
        *,
        binds: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._size = kind, icon, size
        self._key: str | None = None
        self._shortcut: QShortcut | None = None
        self._tip, self._busy = "", False
        self._forced_look = ""
        self.setProperty("kind", kind)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.ring_radius = 4.0
        if key:
            self.set_key(key, binds=binds)

    def set_kind(self, kind: str) -> None:
        """Another variant."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.updateGeometry()
        self.update()

    def kind(self) -> str:
        """The variant."""
        return self._kind

    def set_icon(self, name: str | None) -> None:
        """Another Lucide icon, or none."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def set_key(self, key: str | None, *, binds: bool = True) -> None:
        """Another shortcut, or none."""
        if self._shortcut is not None:
            self._shortcut.setParent(None)
            self._shortcut.deleteLater()
            self._shortcut = None
        self._key = key
        if key and binds:
            self._shortcut = QShortcut(QKeySequence(key), self)
            self._shortcut.activated.connect(self._pressed_by_key)
        self.updateGeometry()
        self.update()

    def key(self) -> str | None:
        """The shortcut shown on the cap."""
        return self._key

    def set_reason(self, reason: str) -> None:
        """Disable the button and say why in its tooltip; an empty reason enables it again."""
        if reason and self.isEnabled():
            self._tip = self.toolTip()
        self.setEnabled(not reason)
        self.setToolTip(reason or self._tip)
        self.setAccessibleDescription(reason)

    def set_busy(self, busy: bool) -> None:
        """While its act runs: presses are refused, the look stays."""
        self._busy = busy
        self.setCursor(Qt.CursorShape.BusyCursor) if busy else self.unsetCursor()
        self.update()

    def show_look(self, look: str) -> None:
        """Paint as "hover" or "down" whatever the mouse does (component sheet)."""
        self._forced_look = look
        self.update()

    def sizeHint(self) -> QSize:
        height, pad, px, _ = _SIZES[self._size]
        if self._kind == "link":
            pad, height = 0, 20
        return QSize(math.ceil(self._content_width(px)) + 2 * pad, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        # A busy button swallows presses; disabling it would grey it out and lose the focus.
        if self._busy and event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonRelease,
            QEvent.Type.KeyPress,
        ):
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, border, ink = self._look()
        rect = QRectF(self.rect())
        if fill or border:
            paint.box(painter, rect, 6, fill, border)
        if self._busy:
            painter.setOpacity(0.6)
        self._paint_content(painter, rect, ink)

    def _look(self) -> tuple[str | None, str | None, str]:
        if not self.isEnabled():
            return _DISABLED.get(self._kind, ("subtle", "line", "tdis"))
        looks = _LOOKS[self._kind]
        if self._forced_look:
            return looks[self._forced_look]
        if self.isDown() or self.isChecked():
            return looks["down"]
        return looks["hover"] if self.underMouse() else looks["rest"]

    def _strong(self) -> bool:
        return self._kind in _STRONG

    def _content_width(self, px: int) -> float:
        parts = []
        if self._icon:
            parts.append(float(_SIZES[self._size][3]))
        if self.text():
            parts.append(paint.text_width(self._label(), px, strong=self._strong()))
        if self._key:
            parts.append(keycap_width(self._key))
        return sum(parts) + self._gap() * max(0, len(parts) - 1)

    def _gap(self) -> int:
        return 4 if self._kind == "link" else 8

    def _label(self) -> str:
        return self.text().replace("&", "")

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: str) -> None:
        _, _, px, icon_px = _SIZES[self._size]
        width = min(self._content_width(px), rect.width())
        x = rect.x() + round((rect.width() - width) / 2)
        center = rect.center().y()
        if self._icon:
            paint_icon(painter, QRectF(x, center - icon_px / 2, icon_px, icon_px), self._icon, ink)
            x += icon_px + self._gap()
        if self.text():
            room = rect.right() - x - (keycap_width(self._key) + self._gap() if self._key else 0)
            area = QRectF(x, rect.y(), room, rect.height())
            x += paint.text(painter, area, self._label(), px=px, ink=ink, strong=self._strong()) + self._gap()
        if self._key:
            paint_keycap(painter, round(x), center, self._key, ink="" if self._kind == "link" else ink)

    def _pressed_by_key(self) -> None:
        if not self._busy:
            self.click()


class IconButton(KeyboardRing, QToolButton):
    """A button that is only an icon: its name is the tooltip and what a screen reader says.

    Args:
        icon: A Lucide name.
        name: What it does, with the object.
        key: Shortcut; shown in the tooltip and bound.
        size: normal 32 or compact 26.
        checkable: Stays down, such as "show thumbnails".
        color: Token of the icon.
    """

    def __init__(
        self,
        icon_name: str,
        name: str,
        key: str | None = None,
        size: str = "normal",
        *,
        checkable: bool = False,
        color: str = "t2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        side = 26 if size == "compact" else 32
        self._color = color
        self.setFixedSize(side, side)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(16, 16))
        self.setIcon(icon(icon_name, color, 16))
        self._icon_name = icon_name
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\u3000{key_text(key)}" if key else name)
        if key:
            QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def set_icon(self, name: str, color: str | None = None) -> None:
        """Another icon, and another colour if one is given."""
        self._icon_name, self._color = name, color or self._color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isDown() or self.isChecked():
            paint.box(painter, rect, 6, "selected" if self.isChecked() else "sunken")
        elif self.underMouse() and self.isEnabled():
            paint.box(painter, rect, 6, "hover")
        ink = "tdis" if not self.isEnabled() else "acct" if self.isChecked() else self._color
        paint_icon(
            painter, QRectF(rect.center().x() - 8, rect.center().y() - 8, 16, 16), self._icon_name, ink
        )
