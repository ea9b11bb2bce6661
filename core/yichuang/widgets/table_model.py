"""The model behind a table: rows in memory, or pages that are asked for when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from yichuang.widgets.table_cells import Column, Row, cell_text, sort_key

PAGE = 200
_KEPT_PAGES = 40
VALUE_ROLE = Qt.ItemDataRole.UserRole
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()

Deliver = Callable[[Sequence[Row]], None]
Load = Callable[[int, int, Deliver], None]


class TableModel(QAbstractTableModel):
    """Rows of a `DataTable`.

    Three ways to fill it: `set_rows` (all in memory), `set_rows` with `fetch_more` (grows at its end), `set_source`
    (a known count; pages of 200 are loaded when they are looked at and at most 40 are kept). A row that is not there
    yet is None and painted as a placeholder.
    """

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.fetch_more: Callable[[], None] | None = None
        self._more = False
        self._rows: list[Row] = []
        self._placeholders = 0
        self._total = 0
        self._load: Load | None = None
        self._generation = 0
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._asked: set[int] = set()

    # Filling

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, all of them in memory."""
        self.beginResetModel()
        self._forget_source()
        self._rows = list(rows)
        self.endResetModel()

    def append_rows(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(_NO_PARENT, first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def set_source(self, total: int, load: Load) -> None:
        """Show `total` rows that `load(first, count, deliver)` brings page by page, now or later."""
        self.beginResetModel()
        self._forget_source()
        self._rows = []
        self._total, self._load = total, load
        self.endResetModel()

    def set_placeholders(self, count: int) -> None:
        """Show grey rows (first load); 0 takes them away."""
        if count == self._placeholders:
            return
        self.beginResetModel()
        self._placeholders = count
        self.endResetModel()

    def set_more(self, more: bool) -> None:
        """Whether `fetch_more` may be asked again."""
        self._more = more

    def update_row(self, row: Row) -> bool:
        """Replace the row with the same id; False if it is not shown."""
        at = self.position(row.get("id"))
        if at is None:
            return False
        if self._load is None:
            self._rows[at] = row
        else:
            self._pages[at // PAGE][at % PAGE] = row
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
        return True

    def remove_row(self, row_id: object) -> bool:
        """Take a row in memory away; False if it is not shown."""
        at = self.position(row_id)
        if at is None or self._load is not None:
            return False
        self.beginRemoveRows(_NO_PARENT, at, at)
        del self._rows[at]
        self.endRemoveRows()
        return True

    # Asking

    def row(self, at: int) -> Row | None:
        """The row at a position; None while it is not loaded (asks for its page)."""
        if self._placeholders:
            return None
        if self._load is None:
            return self._rows[at] if 0 <= at < len(self._rows) else None
        page = self._pages.get(at // PAGE)
        if page is None:
            self._ask(at // PAGE)
            page = self._pages.get(at // PAGE)
            if page is None:
                return None
        else:
            self._pages.move_to_end(at // PAGE)
        return page[at % PAGE] if at % PAGE < len(page) else None

    def loaded_rows(self) -> list[Row]:
        """All rows that are loaded, in order."""
        if self._load is None:
            return list(self._rows)
        return [row for page in sorted(self._pages) for row in self._pages[page]]

    def position(self, row_id: object) -> int | None:
        """Where the row of an id stands among the loaded ones."""
        if self._load is None:
            return next((at for at, row in enumerate(self._rows) if row.get("id") == row_id), None)
        for page, rows in self._pages.items():
            for at, row in enumerate(rows):
                if row.get("id") == row_id:
                    return page * PAGE + at
        return None

    def is_paged(self) -> bool:
        """Whether pages come from a source."""
        return self._load is not None

    # Qt

    def rowCount(self, parent: QModelIndex = _NO_PARENT) -> int:
        if parent.isValid():
            return 0
        return self._placeholders or (self._total if self._load is not None else len(self._rows))

    def columnCount(self, parent: QModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.column() < len(self.columns):
            return None
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            VALUE_ROLE,
            ROW_ROLE,
        ):
            return None
        row = self.row(index.row())
        if row is None or role == ROW_ROLE:
            return row
        column = self.columns[index.column()]
        value = row.get(column.key)
        return value if role == VALUE_ROLE else cell_text(column, value)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return self.columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def canFetchMore(self, parent: QModelIndex = _NO_PARENT) -> bool:
        return not parent.isValid() and self._more and self.fetch_more is not None and not self._placeholders

    def fetchMore(self, parent: QModelIndex = _NO_PARENT) -> None:
        if self.canFetchMore(parent) and self.fetch_more is not None:
            self._more = False  # until the caller says that there is still more
            self.fetch_more()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if self._load is not None or not 0 <= column < len(self.columns) or not self.columns[column].sort:
            return
        chosen = self.columns[column]
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._rows[index.row()]) for index in self.persistentIndexList()]
        filled = [row for row in self._rows if sort_key(chosen, row)[0] == 0]
        empty = [row for row in self._rows if sort_key(chosen, row)[0] == 1]
        filled.sort(key=lambda row: sort_key(chosen, row), reverse=order == Qt.SortOrder.DescendingOrder)
        self._rows = filled + empty
        places = {id(row): at for at, row in enumerate(self._rows)}
        for index, row in kept:
            self.changePersistentIndex(index, self.index(places[id(row)], index.column()))
        self.layoutChanged.emit()

    # Pages

    def _forget_source(self) -> None:
        self._placeholders = 0
        self._load, self._total = None, 0
        self._generation += 1  # what is still on its way belongs to an older list
        self._pages.clear()
        self._asked.clear()

    def _ask(self, page: int) -> None:
        if page in self._asked or self._load is None:
            return
        self._asked.add(page)
        generation = self._generation

        def deliver(rows: Sequence[Row]) -> None:
            if generation == self._generation:
                self._keep(page, list(rows))

        self._load(page * PAGE, min(PAGE, self._total - page * PAGE), deliver)

    def _keep(self, page: int, rows: list[Row]) -> None:
        self._asked.discard(page)
        self._pages[page] = rows
        while len(self._pages) > _KEPT_PAGES:
            self._pages.popitem(last=False)
        first = page * PAGE
        if rows and self.columns:
            last = min(first + len(rows), self._total) - 1
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
