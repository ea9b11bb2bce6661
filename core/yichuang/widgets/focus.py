"""The focus ring: 2 px round whatever the keyboard has moved to, never after a mouse click."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractScrollArea, QWidget

from yichuang.widgets import paint

KEYBOARD_REASONS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)
REACH = 3  # 1 px gap and 2 px ring


class FocusRing(QWidget):
    """The one ring of a window or scroll area: lies over the focused widget and follows it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._radius = 6.0
        self._reach = REACH
        self.hide()

    def put_round(self, target: QWidget, radius: float, reach: int = REACH) -> None:
        """Show the ring round a widget; `radius` is the widget's own corner radius, a `reach` of 0 lies inside it."""
        self.take_away()
        self._target, self._radius, self._reach = target, radius, reach
        widget: QWidget | None = target
        while widget is not None and widget is not self.parent():
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()
        self._place()
        self.show()
        self.raise_()

    def take_away(self, target: QWidget | None = None) -> None:
        """Hide the ring; with a target only if it lies round that one."""
        if target is not None and target is not self._target:
            return
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched.clear()
        self._target = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        elif event.type() == QEvent.Type.Hide and watched is self._target:
            self.take_away()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = QRectF(self.rect())
        paint.box(QPainter(self), rect, self._radius + self._reach, None, "focus", 2)

    def _place(self) -> None:
        target, host = self._target, self.parentWidget()
        if target is None or host is None:
            return
        corner = target.mapTo(host, QPoint(0, 0))
        reach = self._reach
        area = QRect(corner, target.size())
        self.setGeometry(area.adjusted(-reach, -reach, reach, reach))


class KeyboardRing:
    """Mix-in for widgets that show the ring: list it before the Qt class.

    Attributes:
        ring_radius: Corner radius of the widget itself.
        ring_reach: How far outside the widget the ring lies; 0 inside it, for lists that fill their pane.
    """

    ring_radius: float = 6.0
    ring_reach: int = REACH

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in KEYBOARD_REASONS:
            show_ring(self, self.ring_radius, self.ring_reach)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        hide_ring(self)


def show_ring(widget: QWidget, radius: float = 6.0, reach: int = REACH) -> None:
    """Put the ring round a widget, whatever gave it the focus (a dialog marks its first button so)."""
    host = _host(widget)
    rings = host.findChildren(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    ring = rings[0] if rings else FocusRing(host)
    ring.put_round(widget, radius, reach)


def hide_ring(widget: QWidget) -> None:
    """Take the ring away if it lies round this widget."""
    for ring in _host(widget).findChildren(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly):
        ring.take_away(widget)


def _host(widget: QWidget) -> QWidget:
    """The widget that carries the ring: the scrolled page if the widget lies on one, else its window."""
    child = widget
    while (parent := child.parentWidget()) is not None and not child.isWindow():
        scroller = parent.parentWidget()
        if isinstance(scroller, QAbstractScrollArea) and scroller.viewport() is parent:
            return child if child is not widget else parent
        child = parent
    return child
