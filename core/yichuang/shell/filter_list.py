"""A short list of choices in a side pane: rounded selection, count at the right, headings between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.widgets import ListItem, icons, lights, paint
from yichuang.widgets.focus import KeyboardRing

ROW_HEIGHT = 32
HEADING_HEIGHT = 36
ITEM = Qt.ItemDataRole.UserRole


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[ListItem] = []

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title} {item.right}".strip()
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if self.items[index.row()].section:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(100, HEADING_HEIGHT if index.data(ITEM).section else ROW_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        item: ListItem = index.data(ITEM)
        area = QRectF(option.rect)
        if item.section:
            paint.text(painter, area.adjusted(20, 8, -20, 0), item.title, px=12, ink="t3")
            return
        body = area.adjusted(10, 1, -10, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            paint.box(painter, body, 4, "selected")
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.box(painter, body, 4, "hover")
        inner = body.adjusted(10, 0, -10, 0)
        used = paint.text(painter, inner, item.right, px=12, ink="t2" if chosen else "t3", align=paint.RIGHT)
        title = inner.adjusted(0, 0, -used - 8, 0)
        if item.state:
            lights.paint_light(painter, QRectF(inner.x(), inner.y(), 14, inner.height()), item.state)
            title.setLeft(inner.x() + 22)
        elif item.icon:
            sign = QRectF(inner.x(), inner.center().y() - 8, 16, 16)
            icons.paint_icon(painter, sign, item.icon, "acct" if chosen else "t2")
            title.setLeft(inner.x() + 26)
        paint.text(painter, title, item.title, ink="t1" if chosen or item.state or item.icon else "t2")


class FilterList(KeyboardRing, QListView):
    """The list.

    Signals:
        chosen: Id of the row the person went to.
    """

    chosen = pyqtSignal(str)
    ring_radius = 2.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self._quiet = False
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("fill", "none")
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_items(self, items: Sequence[ListItem], current: str) -> None:
        """Other rows; `current` is selected without telling anybody."""
        self._quiet = True
        self._model.beginResetModel()
        self._model.items = list(items)
        self._model.endResetModel()
        self.select(current)
        self._quiet = False

    def items(self) -> list[ListItem]:
        """The rows."""
        return list(self._model.items)

    def select(self, item_id: str) -> None:
        """Go to a row."""
        for row, item in enumerate(self._model.items):
            if item.id == item_id and not item.section:
                self.setCurrentIndex(self._model.index(row))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell who was chosen."""
        super().currentChanged(current, previous)
        item = current.data(ITEM)
        if isinstance(item, ListItem) and not self._quiet:
            self.chosen.emit(item.id)
