"""The side bar: pages of the core and of every plugin, wide (216) or as icons (68)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.hall.words import core
from yichuang.widgets import paint
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.keys import key_text
from yichuang.widgets.tags import paint_badge

_ = core.text


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the side bar.

    Attributes:
        badge: A count; red when `urgent`.
        stopped: The plugin was stopped; it stays listed with an amber mark.
        key: Shortcut, written at the right of a sub-entry.
        level: 0 a page, 1 a page inside it.
        section: A heading, not an entry.
    """

    id: str
    title: str
    icon: str = ""
    badge: int | str | None = None
    urgent: bool = False
    stopped: bool = False
    key: str = ""
    level: int = 0
    section: bool = False


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[NavItem] = []

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.items)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if index.isValid() and self.items[index.row()].section:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return " ".join(filter(None, (item.title, key_text(item.key))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            count = "" if item.badge is None else str(item.badge)
            return " ".join(filter(None, (item.title, count, _("stopped") if item.stopped else "")))
        return None


class NavDelegate(QStyledItemDelegate):
    """Paints the entries of the side bar."""

    def __init__(self, view: NavList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        item: NavItem = index.data(Qt.ItemDataRole.UserRole)
        if self._view.compact():
            return QSize(68, 9 if item.section else 0 if item.level else 56)
        return QSize(216, 33 if item.section else 32 if item.level else 38)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        item: NavItem = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        if item.section:
            self._section(painter, rect, item)
            return
        chosen = item.id == self._view.current()
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if self._view.compact():
            self._compact(painter, rect, item, chosen, hover)
        else:
            self._wide(painter, rect, item, chosen, hover)

    def _section(self, painter: QPainter, rect: QRectF, item: NavItem) -> None:
        if self._view.compact():
            paint.hairline(painter, rect.x() + 12, rect.y() + 4, rect.width() - 24, ink="line2")
        else:
            paint.text(painter, rect.adjusted(22, 6, -8, 0), item.title, px=12, ink="t3")

    def _wide(self, painter: QPainter, rect: QRectF, item: NavItem, chosen: bool, hover: bool) -> None:
        body = rect.adjusted(10, 1, -10, -1)
        if chosen:
            paint.box(painter, body, 6, "surface")
            self._bar(painter, body.x(), body.center().y(), 16)
        elif hover:
            paint.box(painter, body, 6, "hover")
        ink = "acct" if chosen else "t1" if hover else "t2"
        if item.icon and not item.level:
            paint_icon(painter, QRectF(body.x() + 12, body.center().y() - 9, 18, 18), item.icon, ink)
        right = body.right() - 10
        used = self._mark(painter, right, body.center().y(), item)
        area = QRectF(body.x() + 40, body.y(), right - used - body.x() - 46, body.height())
        paint.text(painter, area, item.title, ink=ink, strong=chosen)

    def _compact(self, painter: QPainter, rect: QRectF, item: NavItem, chosen: bool, hover: bool) -> None:
        if item.level:
            return
        body = rect.adjusted(6, 1, -6, -1)
        if chosen:
            paint.box(painter, body, 6, "surface")
            self._bar(painter, body.x(), body.center().y(), 24)
        elif hover:
            paint.box(painter, body, 6, "hover")
        ink = "acct" if chosen else "t1" if hover else "t2"
        paint_icon(painter, QRectF(body.center().x() - 10, body.y() + 8, 20, 20), item.icon, ink)
        area = QRectF(body.x(), body.y() + 30, body.width(), 20)
        paint.text(painter, area, item.title, px=12, ink=ink, strong=chosen, align=paint.CENTER)
        if item.stopped:
            paint_icon(painter, QRectF(body.right() - 17, body.y() + 4, 14, 14), "triangle-alert", "ambd")
        elif item.badge not in (None, 0, ""):
            tone = "red" if item.urgent else "grey"
            paint_badge(painter, body.right() - 1, body.y() + 12, str(item.badge), tone)

    def _mark(self, painter: QPainter, right: float, middle: float, item: NavItem) -> float:
        """What stands at the right: amber mark, count, plain count of a sub-entry, or shortcut."""
        if item.stopped:
            paint_icon(painter, QRectF(right - 14, middle - 7, 14, 14), "triangle-alert", "ambd")
            return 16
        has_badge = item.badge not in (None, 0, "")
        if has_badge and not item.level:
            return paint_badge(painter, right, middle, str(item.badge), "red" if item.urgent else "grey")
        words = str(item.badge) if has_badge else key_text(item.key) if item.level else ""
        area = QRectF(right - 80, middle - 10, 80, 20)
        return paint.text(painter, area, words, px=12, ink="t3", align=paint.RIGHT) if words else 0.0

    def _bar(self, painter: QPainter, x: float, middle: float, height: float) -> None:
        paint.box(painter, QRectF(x, middle - height / 2, 3, height), 1.5, "acct")


class NavList(KeyboardRing, QListView):
    """The list of pages.

    Signals:
        chosen: Id of the page the user went to.
    """

    ring_radius = 2.0
    ring_reach = 0
    chosen = pyqtSignal(str)

    def __init__(
        self, items: Sequence[NavItem] = (), *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._current, self._compact = "", compact
        self._model = _Items(self)
        self.setModel(self._model)
        self.setItemDelegate(NavDelegate(self))
        self.setMouseTracking(True)
        self.setProperty("fill", "none")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Pages"))
        self.clicked.connect(self._go)
        self.set_compact(compact)
        self.set_items(items)

    def set_items(self, items: Sequence[NavItem]) -> None:
        """Show other entries."""
        self._model.beginResetModel()
        self._model.items = list(items)
        self._model.endResetModel()
        self.set_current(self._current)

    def items(self) -> list[NavItem]:
        """The entries."""
        return list(self._model.items)

    def current(self) -> str:
        """Id of the current page."""
        return self._current

    def set_current(self, page: str) -> None:
        """Mark a page without telling `chosen`."""
        self._current = page
        for row, item in enumerate(self._model.items):
            if item.id == page and not item.section:
                self.setCurrentIndex(self._model.index(row))
        self.viewport().update()

    def compact(self) -> bool:
        """Whether only icons are shown."""
        return self._compact

    def set_compact(self, compact: bool) -> None:
        """Icons only (68 px), or icons with titles (216 px)."""
        self._compact = compact
        self.setFixedWidth(68 if compact else 216)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _go(self, index: QModelIndex) -> None:
        item = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(item, NavItem) and not item.section:
            self.set_current(item.id)
            self.chosen.emit(item.id)
