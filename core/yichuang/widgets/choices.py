"""Choices: check box, radio, switch and segmented control, painted to the pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from yichuang.widgets import paint, theme
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.icons import paint_icon


class _Mark(KeyboardRing):
    """What check box and radio share: a 16 px mark, 6 px, the text; the whole of it can be pressed."""

    ring_radius = 5.0

    def sizeHint(self) -> QSize:
        text = self.text()  # type: ignore[attr-defined]  # mixed into a QAbstractButton
        width = 16 + (6 + math.ceil(paint.text_width(text)) if text else 0)
        return QSize(width, 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return bool(self.rect().contains(pos))  # type: ignore[attr-defined]  # mixed into a QAbstractButton

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)  # type: ignore[call-overload]  # mixed into a QAbstractButton
        height = self.height()  # type: ignore[attr-defined]  # mixed into a QAbstractButton
        self._paint_mark(painter, QRectF(0, (height - 16) // 2, 16, 16))
        area = QRectF(22, 0, self.width() - 21, height)  # type: ignore[attr-defined]  # mixed into a QAbstractButton
        token = "t1" if self.isEnabled() else "tdis"  # type: ignore[attr-defined]  # mixed into a QAbstractButton
        paint.text(painter, area, self.text(), ink=token)  # type: ignore[attr-defined]  # mixed into a QAbstractButton

    def _paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        raise NotImplementedError


class CheckBox(_Mark, QCheckBox):
    """A check box of 16 px with its text."""

    def __init__(self, text: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)

    def _paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        if not self.isEnabled():
            paint.box(painter, rect, 4, "subtle", "line2")
        elif self.checkState() != Qt.CheckState.Unchecked:
            paint.box(painter, rect, 4, "acc")
        else:
            paint.box(painter, rect, 4, "surface", "acct" if self.underMouse() else "line3")
        if self.checkState() == Qt.CheckState.Unchecked:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("on" if self.isEnabled() else "tdis"), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        center = rect.center()
        if self.checkState() == Qt.CheckState.PartiallyChecked:
            painter.drawLine(center - QPointF(3.5, 0), center + QPointF(3.5, 0))
            return
        tick = [center + QPointF(*at) for at in ((-4, 0.2), (-1.2, 3), (4.2, -2.8))]
        painter.drawPolyline(QPolygonF(tick))


class Radio(_Mark, QRadioButton):
    """A radio button of 16 px with its text; buttons with the same parent exclude one another."""

    ring_radius = 8.0

    def __init__(self, text: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)

    def _paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        if self.isChecked():
            paint.box(painter, rect, 8, "surface", "acc" if self.isEnabled() else "line2", 5)
        else:
            paint.box(painter, rect, 8, "surface", "acct" if self.underMouse() else "line3")


class Toggle(KeyboardRing, QAbstractButton):
    """A switch that acts at once, 32 by 18.

    Args:
        checked: On at the start.
        name: What it switches, for screen readers (the visible label stands beside it).
    """

    ring_radius = 9.0

    def __init__(self, checked: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(32, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_toggle(QPainter(self), QRectF(self.rect()), self.isChecked(), enabled=self.isEnabled())


def paint_toggle(painter: QPainter, rect: QRectF, on: bool, *, enabled: bool = True) -> None:
    """Draw a switch of 32 by 18 in `rect`."""
    painter.save()
    if not enabled:
        painter.setOpacity(0.45)
    paint.box(painter, rect, 9, "acc" if on else "line3")
    x = rect.right() - 16 if on else rect.x() + 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("on"))
    painter.drawEllipse(QRectF(x, rect.y() + 2, 14, 14))
    painter.restore()


class Segmented(KeyboardRing, QWidget):
    """A few exclusive choices in one track; arrows move the choice.

    Args:
        items: (id, text) or (id, text, icon).
        current: Id of the choice at the start; the first when empty.

    Signals:
        changed: Carries the id chosen by the user.
    """

    changed = pyqtSignal(str)

    def __init__(
        self,
        items: Sequence[tuple[str, ...]],
        current: str = "",
        *,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._items = [(item[0], item[1], item[2] if len(item) > 2 else "") for item in items]
        self._current = current or (self._items[0][0] if self._items else "")
        self._height = 26 if compact else 32
        self._px = 12 if compact else 13
        self._hover = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def current(self) -> str:
        """Id of the choice."""
        return self._current

    def set_current(self, choice: str) -> None:
        """Choose without telling `changed`."""
        self._current = choice
        self._name()
        self.update()

    def set_text(self, choice: str, text: str) -> None:
        """Another text for one choice, such as a new count."""
        self._items = [(i, text if i == choice else t, icon) for i, t, icon in self._items]
        self._name()
        self.updateGeometry()
        self.update()

    def value(self) -> str:
        """Same as `current`, so that forms can ask every editor alike."""
        return self._current

    def set_value(self, choice: str) -> None:
        """Same as `set_current`."""
        self.set_current(choice)

    def sizeHint(self) -> QSize:
        return QSize(6 + sum(self._widths()) + 2 * max(0, len(self._items) - 1), self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), 6, "sunken", "line2")
        for (choice, text, icon), rect in zip(self._items, self._rects(), strict=True):
            chosen = choice == self._current
            if chosen:
                paint.box(painter, rect, 4, "surface", "line2")
            ink = "t1" if chosen or choice == self._hover else "t2"
            content = paint.text_width(text, self._px, strong=chosen) + (22 if icon else 0)
            x = rect.x() + round((rect.width() - content) / 2)
            if icon:
                paint_icon(painter, QRectF(x, rect.center().y() - 8, 16, 16), icon, ink)
                x += 22
            area = QRectF(x, rect.y(), rect.right() - x, rect.height())
            paint.text(painter, area, text, px=self._px, ink=ink, strong=chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = ""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        ids = [item[0] for item in self._items]
        if not step or self._current not in ids:
            super().keyPressEvent(event)
            return
        self._choose(ids[(ids.index(self._current) + step) % len(ids)])

    def _choose(self, choice: str) -> None:
        if choice and choice != self._current:
            self.set_current(choice)
            self.changed.emit(choice)

    def _widths(self) -> list[int]:
        # Widths are those of the strong face, so that choosing does not move the neighbours.
        return [
            math.ceil(paint.text_width(text, self._px, strong=True)) + 20 + (22 if icon else 0)
            for _, text, icon in self._items
        ]

    def _rects(self) -> list[QRectF]:
        rects, x = [], 3.0
        for width in self._widths():
            rects.append(QRectF(x, 3, width, self._height - 6))
            x += width + 2
        return rects

    def _at(self, pos: QPointF) -> str:
        for (choice, _, _), rect in zip(self._items, self._rects(), strict=True):
            if rect.contains(pos):
                return choice
        return ""

    def _name(self) -> None:
        texts = {item[0]: item[1] for item in self._items}
        self.setAccessibleName(texts.get(self._current, ""))
