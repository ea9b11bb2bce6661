"""The table of every page: light, text, time left, tags and acts, with footer, keys, empty and error states."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core
from yichuang.widgets import paint, theme
from yichuang.widgets.buttons import Button
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.keys import KeyHint, KeyHints
from yichuang.widgets.lights import light_text, paint_light
from yichuang.widgets.notes import EmptyState, ErrorNote, ErrorState
from yichuang.widgets.table_cells import KIND_WIDTHS, Cell, Column, Row, TimeLeft, cell_text
from yichuang.widgets.table_delegate import EDGE, PAD, TableDelegate
from yichuang.widgets.table_model import ROW_ROLE, Load, TableModel

_ = core.text
__all__ = ["Cell", "Column", "DataTable", "TimeLeft"]


class _Header(QHeaderView):
    """32 px, grey words over hairline; an arrow where the table is sorted."""

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self.setFixedHeight(32)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(24)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 32)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        area = QRectF(rect)
        painter.fillRect(area, theme.color("subtle"))
        paint.hairline(painter, area.x(), area.bottom() - 1, area.width())
        column = self._model.columns[section]
        left = EDGE if section == 0 else PAD
        right = EDGE if section == len(self._model.columns) - 1 else PAD
        area.adjust(left, 0, -right, -1)
        align = paint.RIGHT if column.right() else paint.LEFT
        width = paint.text(painter, area, column.title, px=12, ink="t3", align=align)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == section and column.title:
            x = area.right() - width - 16 if column.right() else area.x() + width + 4
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            name = "chevron-up" if up else "chevron-down"
            paint_icon(painter, QRectF(x, area.center().y() - 6, 12, 12), name, "t2")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.color("subtle"))
        paint.hairline(painter, 0, self.height() - 1, self.width())
        painter.end()
        super().paintEvent(event)


class _View(KeyboardRing, QTableView):
    """The Qt view: whole rows, hover, keys of the hall."""

    ring_radius = 2.0
    ring_reach = 0

    def __init__(self, table: DataTable, model: TableModel, row_height: int) -> None:
        super().__init__(table)
        self._table = table
        self.setModel(model)
        self.setHorizontalHeader(_Header(model, self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows_delegate = TableDelegate(self)
        self.setItemDelegate(self.rows_delegate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        row = self._table.current_row()
        if plain and key in (Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K, Qt.Key.Key_Up):
            self._table.move(1 if key in (Qt.Key.Key_J, Qt.Key.Key_Down) else -1)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._table.activated.emit(row)
        elif plain and key == Qt.Key.Key_Space and row is not None:
            self._table.previewed.emit(row)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.fit_columns()

    def _hover(self, index: QModelIndex) -> None:
        row = index.row() if index.isValid() else -1
        if row == self.rows_delegate.hovered:
            return
        old, self.rows_delegate.hovered = self.rows_delegate.hovered, row
        model = self._table.model
        for changed in (old, row):
            if 0 <= changed < model.rowCount():
                area = self.visualRect(model.index(changed, 0))
                self.viewport().update(0, area.y(), self.viewport().width(), area.height())
        column = model.columns[index.column()] if index.isValid() else None
        clickable = (
            column is not None and column.kind in ("action", "toggle") and index.data() not in (None, "")
        )
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)


class _Footer(QWidget):
    """显示 14 / 18, the legend of lights, the keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(36)
        self.count = ""
        self.note = ""
        self.legend: list[tuple[str, int]] = []
        self.hints = KeyHints(parent=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.hints.sizeHint()
        self.hints.setGeometry(
            self.width() - EDGE - size.width(), (self.height() - 20) // 2, size.width(), 20
        )
        self.hints.setVisible(self._left_width() + size.width() + 2 * EDGE + 16 <= self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._closes_panel():
            # A rounded panel does not clip what lies in it: the corners are rounded here.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            path = QPainterPath()
            path.addRoundedRect(QRectF(0, -8, self.width(), self.height() + 8), 7, 7)
            painter.fillPath(path, theme.color("subtle"))
        else:
            painter.fillRect(self.rect(), theme.color("subtle"))
        paint.hairline(painter, 0, 0, self.width())
        self._draw(painter)

    def _closes_panel(self) -> bool:
        """Whether it lies at the lower edge of a panel."""
        panel = self.parentWidget()
        while panel is not None and panel.property("role") != "panel":
            panel = panel.parentWidget()
        return panel is not None and self.mapTo(panel, QPoint(0, self.height())).y() >= panel.height() - 2

    def _left_width(self) -> float:
        return self._draw(None)

    def _draw(self, painter: QPainter | None) -> float:
        x, height = float(EDGE), self.height()
        for words, state in (
            (self.count, None),
            *((f"{light_text(s)} {n}", s) for s, n in self.legend),
            (self.note, None),
        ):
            if not words:
                continue
            if state is not None:
                if painter:
                    paint_light(painter, QRectF(x, 0, 14, height), state)
                x += 20
            if painter:
                paint.text(painter, QRectF(x, 0, self.width() - x, height), words, px=12, ink="t2")
            x += math.ceil(paint.text_width(words, 12)) + 16
        return x


class DataTable(QWidget):
    """A table of rows, each a mapping with an "id".

    Args:
        columns: What is shown, from left to right.
        row_height: 38; 32 compact; 50 for two lines.
        footer: Count, legend and keys below.

    Signals:
        selected: The row the user moved to.
        activated: The row to open (Enter or double click).
        previewed: The row to preview (space).
        acted: Key of the column and the row whose link or switch was pressed.
        sort_changed: Key of the column and whether it is descending.
        export_requested: "xlsx" or "csv"; ask `exported_rows` and write them on a worker.
    """

    selected = pyqtSignal(object)
    activated = pyqtSignal(object)
    previewed = pyqtSignal(object)
    acted = pyqtSignal(str, object)
    sort_changed = pyqtSignal(str, bool)
    export_requested = pyqtSignal(str)

    def __init__(
        self,
        columns: Sequence[Column],
        row_height: int = 38,
        *,
        footer: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = TableModel(columns, self)
        self._total: int | str | None = None
        self._sorted: tuple[str, bool] | None = None
        self._empty: EmptyState | None = None
        self._error: ErrorNote | ErrorState | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.view = _View(self, self.model, row_height)
        self._column.addWidget(self.view, 1)
        self._footer = _Footer(self) if footer else None
        if self._footer is not None:
            self._column.addWidget(self._footer)
            self.set_keys([(("Up", "Down"), _("Select")), ("Enter", _("Open")), ("Space", _("Preview"))])
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.doubleClicked.connect(self._double_clicked)
        self.view.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.setFocusProxy(self.view)
        export = QShortcut(QKeySequence("Ctrl+E"), self)
        export.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        export.activated.connect(lambda: self.export_requested.emit("xlsx"))

    # Filling

    def set_rows(self, rows: Sequence[Row], total: int | None = None) -> None:
        """Show these rows, and no error any more; what was selected stays selected, and the list where it was scrolled."""
        self.set_error(None)
        current, scroll = self.current_row(), self.view.verticalScrollBar().value()
        self._total = total
        self.model.set_rows(rows)
        self._apply_sort()
        self._after_fill()
        if current is not None and self.model.position(current.get("id")) is not None:
            self.select(current.get("id"))
        self.view.verticalScrollBar().setValue(scroll)

    def set_source(self, total: int, load: Load) -> None:
        """Show `total` rows of which pages of 200 are loaded when they are looked at.

        `load(first, count, deliver)` calls `deliver(rows)` on this thread, at once or later.
        """
        self.set_error(None)
        self._total = total
        self.model.set_source(total, load)
        self._after_fill()

    def set_fetch_more(self, callback: Callable[[], None] | None) -> None:
        """Be asked for more rows when the end comes into view; answer with `append_rows`."""
        self.model.fetch_more = callback
        self.model.set_more(callback is not None)

    def set_total(self, total: int | str | None) -> None:
        """How many rows there are in all, shown in the footer; a text such as "1,000+" where they were not all counted."""
        self._total = total
        self._after_fill()

    def append_rows(self, rows: Sequence[Row], *, more: bool = True) -> None:
        """Add rows at the end, or where the sorting puts them; `more` says whether there are still others."""
        self.model.append_rows(rows)
        self.model.set_more(more and bool(rows))
        self._apply_sort()
        self._after_fill()

    def update_row(self, row: Row) -> None:
        """Replace the row with the same id, in place."""
        self.model.update_row(row)

    def remove_row(self, row_id: object) -> None:
        """Take a row away; the selection moves to its neighbour."""
        self.model.remove_row(row_id)
        self._after_fill()

    def rows(self) -> list[Row]:
        """All rows that are loaded."""
        return self.model.loaded_rows()

    def set_loading(self, loading: bool) -> None:
        """Grey rows on the first load; while a filled table refreshes it keeps what it shows."""
        first = loading and not self.model.loaded_rows()
        self.model.set_placeholders(6 if first else 0)
        self._place_state(hidden=loading)

    def set_empty(self, icon: str, title: str, why: str = "", button: Button | None = None) -> None:
        """What is shown while there are no rows."""
        if self._empty is not None:
            self._empty.hide()
            self._empty.deleteLater()
        self._empty = EmptyState(icon, title, why, button, framed=False, parent=self.view.viewport())
        self._after_fill()

    def set_error(self, error: UserError | None, retry: Callable[[], None] | None = None) -> None:
        """Why it could not be filled: in place of the rows, or above the old ones, which stay."""
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        self.model.set_placeholders(0)
        if error is not None and self.model.rowCount():
            self._error = ErrorNote.from_error(error, retry)
            self._column.insertWidget(0, self._error)
        elif error is not None:
            self._error = ErrorState.from_error(error, retry, framed=False, parent=self.view.viewport())
        self._place_state()

    # Footer

    def set_legend(self, counts: Sequence[tuple[str, int]]) -> None:
        """(state, count) of the lights, shown in the footer."""
        if self._footer is not None:
            self._footer.legend = list(counts)
            self._footer.update()

    def set_keys(self, hints: Sequence[KeyHint]) -> None:
        """Other keys in the footer."""
        if self._footer is not None:
            self._footer.hints.set_hints(hints)
            self._footer.resizeEvent(None)

    def set_note(self, text: str) -> None:
        """A remark in the footer, such as how it is sorted."""
        if self._footer is not None:
            self._footer.note = text
            self._footer.update()

    # Selection

    def current_row(self) -> Row | None:
        """The row that is selected, None if there is none or it is not loaded."""
        # Not the current index: Qt makes the first row current as soon as the table gets the focus.
        chosen = self.view.selectionModel().selectedRows()
        row = chosen[0].data(ROW_ROLE) if chosen else None
        return row if isinstance(row, Mapping) else None

    def select(self, row_id: object) -> bool:
        """Select the row of an id without telling `selected`; False if it is not loaded."""
        at = self.model.position(row_id)
        if at is None:
            return False
        blocked = self.blockSignals(True)
        self._go(at)
        self.blockSignals(blocked)
        return True

    def select_first(self) -> None:
        """Select the first row."""
        if self.model.rowCount():
            self._go(0)

    def move(self, step: int) -> None:
        """Move the selection down or up; without one, select the first row."""
        if not self.model.rowCount():
            return
        chosen = self.view.selectionModel().selectedRows()
        at = chosen[0].row() + step if chosen else 0
        self._go(min(max(at, 0), self.model.rowCount() - 1))

    # Sorting and export

    def set_sort(self, key: str, *, descending: bool = False) -> None:
        """Sort by a column and mark its head."""
        at = next((i for i, column in enumerate(self.model.columns) if column.key == key), None)
        if at is None:
            return
        self._sorted = (key, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.view.horizontalHeader().setSortIndicatorShown(True)
        self.view.horizontalHeader().setSortIndicator(at, order)
        self._apply_sort()

    def exported_rows(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows as texts, as they stand on the screen."""
        return self.exported_heads(), [self.exported_row(row) for row in self.model.loaded_rows()]

    def exported_heads(self) -> list[str]:
        """Heads of a spreadsheet."""
        return [c.title or (_("State") if c.kind == "light" else c.key) for c in self._exported()]

    def exported_row(self, row: Row) -> list[str]:
        """A row of a spreadsheet, also one that is not loaded."""
        return [cell_text(column, row.get(column.key)) for column in self._exported()]

    def _exported(self) -> list[Column]:
        return [c for c in self.model.columns if c.kind not in ("action", "icon", "toggle")]

    def fit_columns(self) -> None:
        """Share the width: fixed columns first, the rest by stretch."""
        columns = self.model.columns
        widths = [c.width or (0 if c.stretch else KIND_WIDTHS.get(c.kind, 0)) for c in columns]
        shares = [0 if width else max(1, c.stretch) for c, width in zip(columns, widths, strict=True)]
        room = max(0, self.view.viewport().width() - sum(widths))
        whole, used = sum(shares), 0
        last = max((at for at, share in enumerate(shares) if share), default=-1)
        for at, (width, share) in enumerate(zip(widths, shares, strict=True)):
            # The last one that stretches takes what rounding leaves, so that rows reach the edge.
            wide = width or (room - used if at == last else room * share // whole)
            used += 0 if width else wide
            self.view.setColumnWidth(at, max(24, wide))
        self._place_state()

    # Inside

    def _go(self, at: int) -> None:
        index = self.model.index(at, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.view.scrollTo(index)

    def _selection_changed(self) -> None:
        row = self.current_row()
        if row is not None:
            self.selected.emit(row)

    def _double_clicked(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if row is not None and self.model.columns[index.column()].kind not in ("action", "toggle"):
            self.activated.emit(row)

    def _sort_by(self, section: int) -> None:
        column = self.model.columns[section]
        if not column.sort:
            return
        descending = self._sorted == (column.key, False)
        self.set_sort(column.key, descending=descending)
        self.sort_changed.emit(column.key, descending)

    def _apply_sort(self) -> None:
        if self._sorted is None:
            return
        key, descending = self._sorted
        at = next(at for at, column in enumerate(self.model.columns) if column.key == key)
        self.model.sort(at, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def _after_fill(self) -> None:
        shown = self.model.rowCount()
        if self._footer is not None:
            total = self._total if self._total is not None else shown
            whole = total if isinstance(total, str) else f"{total:,}"
            self._footer.count = _("Showing {n} / {total}", n=f"{shown:,}", total=whole)
            self._footer.resizeEvent(None)
            self._footer.update()
        self._place_state()

    def _place_state(self, *, hidden: bool = False) -> None:
        """What stands in place of the rows: why there are none, or that nothing could be read."""
        failed = self._error if isinstance(self._error, ErrorState) else None
        bare = not hidden and self.model.rowCount() == 0
        for state, shown in ((self._empty, bare and self._error is None), (failed, bare)):
            if state is not None:
                state.setGeometry(self.view.viewport().rect())
                state.setVisible(shown)
