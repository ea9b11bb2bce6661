"""Page furniture: panels, page header with tabs, side panes, docks, key-value lists, figures, splitters."""

from __future__ import annotations

import math
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from yichuang.widgets import paint, theme
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.labels import Text
from yichuang.widgets.layouts import clear_layout
from yichuang.widgets.tokens import tone_color


class Hairline(QWidget):
    """One line of 1 px."""

    def __init__(self, *, vertical: bool = False, ink: str = "line", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vertical, self._ink = vertical, ink
        self.setFixedWidth(1) if vertical else self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        length = self.height() if self._vertical else self.width()
        paint.hairline(QPainter(self), 0, 0, length, vertical=self._vertical, ink=self._ink)


class Panel(QFrame):
    """A white box with a title and, at the right, one remark.

    Args:
        title: 14 px strong; a panel without a title has no head.
        aside: Remark at the right of the title.
        padding: Space inside.
        flush: The body goes to the edges (tables); the head keeps its padding.
    """

    def __init__(
        self,
        title: str = "",
        aside: str = "",
        *,
        padding: int = 16,
        flush: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        side = 0 if flush else padding
        outer = QVBoxLayout(self)
        outer.setContentsMargins(side, padding - 4 if title else padding, side, 0 if flush else padding)
        outer.setSpacing(10)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.setContentsMargins(padding - side, 0, padding - side, 0)
        self._title = Text(title, 14, strong=True)
        self._title.setFixedHeight(22)
        self._aside = Text(aside, 12, "t3")
        self.head.addWidget(self._title)
        self.head.addStretch(1)
        self.head.addWidget(self._aside)
        self._title.setVisible(bool(title))
        self._aside.setVisible(bool(aside))
        if title or aside:
            outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under the last one."""
        self.body.addWidget(widget, stretch)

    def add_row(self, *widgets: QWidget, spacing: int = 8, stretch_at: int | None = None) -> QHBoxLayout:
        """Put widgets side by side; the free room goes before index `stretch_at`, at the end by default."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing)
        for index, widget in enumerate(widgets):
            if index == stretch_at:
                row.addStretch(1)
            row.addWidget(widget)
        if stretch_at is None:
            row.addStretch(1)
        self.body.addLayout(row)
        return row

    def set_title(self, text: str) -> None:
        """Another title."""
        self._title.setText(text)

    def set_aside(self, text: str) -> None:
        """Another remark at the right."""
        self._aside.setText(text)
        self._aside.setVisible(bool(text))


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its id, its text and, if it counts something, how many."""

    id: str
    text: str
    count: int | str | None = None


class TabStrip(KeyboardRing, QWidget):
    """Underlined tabs with counts; arrows move between them.

    Signals:
        tab_changed: Id of the tab the user chose.
    """

    ring_radius = 2.0
    tab_changed = pyqtSignal(str)

    def __init__(
        self, tabs: Sequence[Tab] = (), height: int = 48, gap: int = 22, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tabs = list(tabs)
        self._current = self._tabs[0].id if self._tabs else ""
        self._gap, self._hover = gap, ""
        self.setFixedHeight(height)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Other tabs; the current one stays if it is still there."""
        self._tabs = list(tabs)
        if self._current not in {tab.id for tab in self._tabs}:
            self._current = self._tabs[0].id if self._tabs else ""
        self.updateGeometry()
        self.update()

    def set_count(self, tab_id: str, count: int | str | None) -> None:
        """Another count beside a tab."""
        self._tabs = [replace(tab, count=count) if tab.id == tab_id else tab for tab in self._tabs]
        self.updateGeometry()
        self.update()

    def current(self) -> str:
        """Id of the current tab."""
        return self._current

    def set_current(self, tab_id: str) -> None:
        """Show another tab as current without telling `tab_changed`."""
        self._current = tab_id
        self.setAccessibleName(next((tab.text for tab in self._tabs if tab.id == tab_id), ""))
        self.update()

    def sizeHint(self) -> QSize:
        widths = self._widths()
        return QSize(math.ceil(sum(widths) + self._gap * max(0, len(widths) - 1)), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for tab, rect in zip(self._tabs, self._rects(), strict=True):
            chosen = tab.id == self._current
            ink = "t1" if chosen or tab.id == self._hover else "t2"
            used = paint.text(painter, rect, tab.text, ink=ink, strong=chosen)
            if tab.count is not None:
                paint.text(painter, rect.adjusted(used + 6, 0, 20, 0), str(tab.count), px=12, ink="t3")
            if chosen:
                painter.fillRect(QRectF(rect.x(), self.height() - 2, rect.width(), 2), theme.color("acct"))

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
        ids = [tab.id for tab in self._tabs]
        if step and self._current in ids:
            self._choose(ids[(ids.index(self._current) + step) % len(ids)])
        else:
            super().keyPressEvent(event)

    def _choose(self, tab_id: str) -> None:
        if tab_id and tab_id != self._current:
            self.set_current(tab_id)
            self.tab_changed.emit(tab_id)

    def _widths(self) -> list[float]:
        return [
            math.ceil(paint.text_width(tab.text, 13, strong=True))
            + (6 + math.ceil(paint.text_width(str(tab.count), 12)) if tab.count is not None else 0)
            for tab in self._tabs
        ]

    def _rects(self) -> list[QRectF]:
        rects, x = [], 0.0
        for width in self._widths():
            rects.append(QRectF(x, 0, width, self.height()))
            x += width + self._gap
        return rects

    def _at(self, pos: QPointF) -> str:
        for tab, rect in zip(self._tabs, self._rects(), strict=True):
            if rect.adjusted(-self._gap / 2, 0, self._gap / 2, 0).contains(pos):
                return tab.id
        return ""


class PageHeader(QWidget):
    """The head of a page, 56 high: title, tabs or a caption, and at the right its acts (the primary one last).

    Signals:
        tab_changed: Id of the tab the user chose.
    """

    tab_changed = pyqtSignal(str)

    def __init__(
        self,
        title: str,
        tabs: Sequence[Tab] = (),
        actions: Sequence[QWidget] = (),
        caption: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(56)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self._title = Text(title, 18, strong=True)
        row.addWidget(self._title)
        self._caption = Text(caption, 13, "t2")
        self._caption.setVisible(bool(caption))
        self.tabs = TabStrip(tabs, 56)
        self.tabs.setVisible(bool(tabs))
        self.tabs.tab_changed.connect(self.tab_changed)
        row.addSpacing(9)
        row.addWidget(self._caption)
        row.addWidget(self.tabs)
        row.addStretch(1)
        self.actions_layout = QHBoxLayout()
        self.actions_layout.setSpacing(8)
        row.addLayout(self.actions_layout)
        for action in actions:
            self.add_action(action)

    def add_action(self, widget: QWidget) -> None:
        """Put a button (or any widget) at the right end."""
        self.actions_layout.addWidget(widget)

    def set_title(self, text: str) -> None:
        """Another title."""
        self._title.setText(text)

    def set_caption(self, text: str) -> None:
        """Another remark beside the title."""
        self._caption.setText(text)
        self._caption.setVisible(bool(text))

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Other tabs."""
        self.tabs.set_tabs(tabs)
        self.tabs.setVisible(bool(tabs))

    def set_count(self, tab_id: str, count: int | str | None) -> None:
        """Another count beside a tab."""
        self.tabs.set_count(tab_id, count)

    def current(self) -> str:
        """Id of the current tab."""
        return self.tabs.current()

    def set_current(self, tab_id: str) -> None:
        """Show another tab as current without telling `tab_changed`."""
        self.tabs.set_current(tab_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.hairline(QPainter(self), 0, self.height() - 1, self.width())


class SidePane(QFrame):
    """A subtle pane at the left or right of a page, with the hairline towards the middle."""

    def __init__(
        self, side: str = "left", width: int = 288, *, fill: str = "subtle", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("fill", fill)
        self._side = side
        self._hint = width
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16 + (side == "right"), 12, 16 + (side == "left"), 12)
        self.body.setSpacing(8)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under the last one."""
        self.body.addWidget(widget, stretch)

    def sizeHint(self) -> QSize:
        return QSize(self._hint, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if isinstance(self.parent(), QSplitter):
            return  # its handle is the line
        x = self.width() - 1 if self._side == "left" else 0
        paint.hairline(QPainter(self), x, 0, self.height(), vertical=True)


class Dock(QFrame):
    """The bar at the foot of a page or pane that holds its decisions: `left` and `right` are layouts."""

    def __init__(self, *, fill: str = "subtle", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("fill", fill)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 11, 20, 10)
        self.body.setSpacing(8)
        row = QHBoxLayout()
        self.left, self.right = QHBoxLayout(), QHBoxLayout()
        for side in (self.left, self.right):
            side.setSpacing(8)
        row.addLayout(self.left)
        row.addStretch(1)
        row.addLayout(self.right)
        self.body.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), ink="line2")


class KeyValue(QWidget):
    """Facts in two columns: a grey label and its value."""

    def __init__(
        self,
        pairs: Sequence[tuple[str, ...]] = (),
        label_width: int = 0,
        spacing: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(spacing)
        self._grid.setColumnStretch(1, 1)
        if label_width:
            self._grid.setColumnMinimumWidth(0, label_width)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.set_pairs(pairs)

    def set_pairs(self, pairs: Sequence[tuple[str, ...]]) -> None:
        """Show (label, value) or (label, value, tone)."""
        clear_layout(self._grid)
        for row, (label, value, *tone) in enumerate(pairs):
            name = Text(label, 13, "t3")
            name.setMinimumHeight(20)
            shown = Text(str(value), 13, tone_color(tone[0] if tone else ""), wrap=True, selectable=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            shown.setAccessibleName(f"{label} {value}")
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(shown, row, 1)


class Kpi(QWidget):
    """One figure that leads to an act: a caption above, the value with its unit below."""

    def __init__(
        self, label: str, value: str = "", unit: str = "", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._label = Text(label, 12, "t2")
        row = QHBoxLayout()
        row.setSpacing(4)
        self._value = Text("", 22, strong=True)
        self._unit = Text(unit, 12, "t2")
        row.addWidget(self._value)
        row.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        column.addWidget(self._label)
        column.addLayout(row)
        self.set_value(value, tone=tone)

    def set_value(self, value: object, unit: str | None = None, tone: str = "") -> None:
        """Another figure."""
        self._value.setText(str(value))
        self._value.set_color(tone_color(tone))
        if unit is not None:
            self._unit.setText(unit)
        self.setAccessibleName(f"{self._label.text()} {value} {self._unit.text()}")


class Splitter(QSplitter):
    """A splitter that remembers its sizes under a key.

    Attributes:
        store: Where the sizes are kept. The shell puts a mapping here that it saves; without one they last as long as
            the program.
    """

    store: ClassVar[MutableMapping[str, list[int]]] = {}

    def __init__(self, orientation: str = "h", key: str = "", parent: QWidget | None = None) -> None:
        horizontal = Qt.Orientation.Horizontal if orientation == "h" else Qt.Orientation.Vertical
        super().__init__(horizontal, parent)
        self._key, self._restored = key, False
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._remember)

    def restore(self) -> bool:
        """Put back the sizes of the last time; False if there are none that fit."""
        sizes = self.store.get(self._key)
        if not sizes or len(sizes) != self.count():
            return False
        self.setSizes(list(sizes))
        return True

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        if not self._restored:
            self._restored = True
            self.restore()

    def _remember(self, _position: int, _index: int) -> None:
        if self._key:
            self.store[self._key] = self.sizes()


class Scroller(QScrollArea):
    """A scroll area without a frame, as wide as its page."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(widget)
