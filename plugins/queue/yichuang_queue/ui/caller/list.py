"""The list of the caller window: one painted row of 36 px for each ticket, three lists behind three tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.api.ui import KeyboardRing, paint, paint_icon, theme
from yichuang_queue.ui.caller.rows import Row

ROW_HEIGHT = 36
NUMBER_WIDTH = 48
SIDE = 15
NO_PARENT = QModelIndex()


class RowModel(QAbstractListModel):
    """Rows of one list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.number
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.tip
        return None


class RowDelegate(QStyledItemDelegate):
    """Number, business, mark, time."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("selected"))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.color("acct"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        area = rect.adjusted(SIDE, 0, -SIDE, 0)
        paint.text(painter, area, row.number, ink="acct", strong=True)
        right = "amb" if row.late else "t2"
        room = area.adjusted(area.width() * 0.55, 0, 0, 0)
        used = paint.text(painter, room, row.right, px=12, ink=right, align=paint.RIGHT)
        area.adjust(NUMBER_WIDTH, 0, -used - 12, 0)
        if row.mark:
            area.adjust(0, 0, -self._mark(painter, area, row, selected=selected) - 10, 0)
        paint.text(painter, area, row.business)

    @staticmethod
    def _mark(painter: QPainter, area: QRectF, row: Row, *, selected: bool) -> float:
        ink = "t2" if selected and row.tone == "t3" else row.tone
        used = paint.text(painter, area, row.mark, px=12, ink=ink, align=paint.RIGHT)
        spot = QRectF(area.right() - used - 18, area.center().y() - 7, 14, 14)
        paint_icon(painter, spot, row.icon, ink)
        return used + 18


class TicketList(KeyboardRing, QListView):
    """One list of tickets.

    Signals:
        chosen: Id of the ticket of Enter or a double click.
    """

    chosen = pyqtSignal(int)
    ring_radius = 2.0
    ring_reach = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RowModel(self)
        self.setModel(self._model)
        self.setItemDelegate(RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setProperty("fill", "none")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(Qt.ItemDataRole.UserRole).id))

    def rows(self) -> list[Row]:
        """What is shown."""
        return list(self._model.rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; what was selected stays selected, and nothing is done where nothing has changed."""
        before = self._model.rows
        if list(rows) == before:
            return
        if [row.id for row in rows] == [row.id for row in before]:
            self._model.rows = list(rows)
            self._model.dataChanged.emit(self._model.index(0), self._model.index(len(rows) - 1))
            return
        chosen, scroll = self.current(), self.verticalScrollBar().value()
        self._model.beginResetModel()
        self._model.rows = list(rows)
        self._model.endResetModel()
        if chosen is not None:
            self.select(chosen)
        self.verticalScrollBar().setValue(scroll)

    def current(self) -> int | None:
        """Id of the selected ticket."""
        selected = self.selectionModel().selectedIndexes()
        return selected[0].data(Qt.ItemDataRole.UserRole).id if selected else None

    def select(self, ticket_id: int) -> bool:
        """Select a ticket; False if it is not in the list."""
        for at, row in enumerate(self._model.rows):
            if row.id == ticket_id:
                self._go(at)
                return True
        return False

    def select_first(self) -> None:
        """Select the first ticket where none is selected."""
        if self.current() is None and self._model.rows:
            self._go(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() is not None:
            self.chosen.emit(self.current())
        else:
            super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        selected = self.selectionModel().selectedIndexes()
        at = selected[0].row() + step if selected else 0
        if 0 <= at < len(self._model.rows):
            self._go(at)

    def _go(self, at: int) -> None:
        index = self._model.index(at)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
