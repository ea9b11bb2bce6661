"""The list pane at the left of a page: two-line entries with light, limit and number, and the selected bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from yichuang.hall.errors import UserError
from yichuang.widgets import paint, theme
from yichuang.widgets.focus import KeyboardRing
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.inputs import SearchBox
from yichuang.widgets.labels import Text
from yichuang.widgets.lights import STATE_TONE, State, light_text, paint_light
from yichuang.widgets.notes import EmptyState, NotePlace
from yichuang.widgets.tags import TagSpec, as_tag, paint_tag, tag_width
from yichuang.widgets.tokens import tone_color


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry of a list.

    Attributes:
        id: What the signals carry.
        title: First line.
        second: Second line, grey.
        right: At the right of the first line, such as time left.
        right_second: At the right of the second line, such as the case number.
        state: A light at the left.
        tone: Colour of `right`; by default that of the state.
        tag: At the right of the first line instead of `right`.
        icon: Lucide name at the left instead of a light.
        section: A heading.
        marked: Parts of the title to show in teal (search hits), as (start, length).
    """

    id: str
    title: str
    second: str = ""
    right: str = ""
    right_second: str = ""
    state: State | str | None = None
    tone: str = ""
    tag: TagSpec | str | None = None
    icon: str | None = None
    section: bool = False
    marked: tuple[tuple[int, int], ...] = ()


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[ListItem] = []
        self.fetch_more: Callable[[], None] | None = None
        self._asked = False

    def canFetchMore(self, parent: QModelIndex) -> bool:
        return not parent.isValid() and self.fetch_more is not None and not self._asked

    def fetchMore(self, parent: QModelIndex) -> None:
        if self.canFetchMore(parent) and self.fetch_more is not None:
            self._asked = True
            self.fetch_more()

    def answered(self) -> None:
        """What was asked for has come; the end may ask again."""
        self._asked = False

    def append(self, items: Sequence[ListItem]) -> None:
        """Add entries at the end."""
        if items:
            first = len(self.items)
            self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
            self.items = [*self.items, *items]
            self.endInsertRows()

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
            return "\n".join(filter(None, (item.title, item.second)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            light = light_text(item.state) if item.state else ""
            tag = as_tag(item.tag).text if item.tag else ""
            return " ".join(
                filter(None, (light, item.title, tag, item.right, item.second, item.right_second))
            )
        return None


class ListDelegate(QStyledItemDelegate):
    """Paints two-line entries."""

    def __init__(self, view: QAbstractItemView, row_height: int, *, lines: bool = True) -> None:
        super().__init__(view)
        self.row_height = row_height
        self._with_lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        item: ListItem = index.data(Qt.ItemDataRole.UserRole)
        return QSize(200, 32 if item.section else self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        item: ListItem = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        if item.section:
            paint.text(painter, rect.adjusted(16, 4, -16, 0), item.title, px=12, ink="t3")
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("selected"))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.color("acct"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        if self._with_lines:
            paint.hairline(painter, rect.x(), rect.bottom() - 1, rect.width())
        self._lines(painter, rect.adjusted(14, 0, -14, -1), item, selected)

    def _lines(self, painter: QPainter, area: QRectF, item: ListItem, selected: bool) -> None:
        middle = area.center().y()
        two = bool(item.second or item.right_second)
        first = QRectF(area.x(), middle - 22 if two else middle - 10, area.width(), 20)
        if item.state:
            paint_light(painter, QRectF(area.x() - 2, first.y(), 14, 20), item.state)
        elif item.icon:
            paint_icon(painter, QRectF(area.x() - 2, first.y() + 2, 16, 16), item.icon, "t2")
        if item.state or item.icon:
            first.setLeft(area.x() + 24)
            area = area.adjusted(24, 0, 0, 0)
        used = self._right(painter, first, item)
        self._title(painter, first.adjusted(0, 0, -used, 0), item)
        if not two:
            return
        second = QRectF(area.x(), middle + 1, area.width(), 18)
        grey = "t2" if selected else "t3"
        used = paint.text(painter, second, item.right_second, px=11, ink=grey, align=paint.RIGHT)
        room = second.adjusted(0, 0, -used - (8 if used else 0), 0)
        paint.text(painter, room, item.second, px=12, ink="t2")

    def _right(self, painter: QPainter, line: QRectF, item: ListItem) -> float:
        if item.tag:
            width = tag_width(item.tag)
            return paint_tag(painter, line.right() - width, line.center().y(), item.tag) + 8
        if not item.right:
            return 0.0
        token = (
            tone_color(item.tone)
            if item.tone
            else STATE_TONE.get(State(item.state), "t2")
            if item.state
            else "t2"
        )
        strong = item.state == State.OVERDUE
        width = paint.text(painter, line, item.right, px=12, ink=token, strong=strong, align=paint.RIGHT)
        return width + 8

    def _title(self, painter: QPainter, room: QRectF, item: ListItem) -> None:
        shown, _ = paint.fit(item.title, room.width())
        paint.text(painter, room, item.title, ink="t1")
        for start, length in item.marked:
            hit = item.title[start : start + length]
            if not hit or not shown.startswith(item.title[: start + length]):
                continue
            x = room.x() + paint.text_width(item.title[:start])
            place = QRectF(x, room.y(), paint.text_width(hit) + 2, room.height())
            paint.text(painter, place, hit, ink="acct")


class _List(KeyboardRing, QListView):
    ring_radius = 2.0
    ring_reach = 0

    def __init__(self, pane: ListPane, row_height: int, *, lines: bool) -> None:
        super().__init__(pane)
        self._pane = pane
        self.setItemDelegate(ListDelegate(self, row_height, lines=lines))
        self.setMouseTracking(True)
        self.setProperty("fill", "none")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K, Qt.Key.Key_Up):
            self._pane.move(1 if key in (Qt.Key.Key_J, Qt.Key.Key_Down) else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._pane.current():
            self._pane.activated.emit(self._pane.current())
        else:
            super().keyPressEvent(event)


class ListPane(QWidget):
    """A searchable list with a footer.

    Args:
        placeholder: Of the search box.
        key: Shortcut to the search box.
        search: False leaves the box away.
        row_height: 64 with two lines and room, 52 dense, 42 for one line.
        subtle: On the ground of side panes and without lines: a short list beside what it opens.

    Signals:
        selected: Id of the entry the user moved to.
        activated: Id of the entry to open (Enter, double click).
        searched: Text of the search box.
    """

    selected = pyqtSignal(str)
    activated = pyqtSignal(str)
    searched = pyqtSignal(str)

    def __init__(
        self,
        placeholder: str = "",
        key: str | None = None,
        *,
        search: bool = True,
        row_height: int = 64,
        subtle: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = _Items(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        self.search = SearchBox(placeholder, key) if search else None
        self.top = QHBoxLayout()
        self.top.setContentsMargins(12, 6, 12, 6)
        self.top.setSpacing(8)
        if self.search is not None:
            self.top.addWidget(self.search, 1)
            self.search.searched.connect(self.searched)
            column.addLayout(self.top)
        self.list = _List(self, row_height, lines=not subtle)
        if subtle:
            self.setProperty("fill", "subtle")
            self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list.setModel(self._model)
        self._error = NotePlace()
        column.addLayout(self._error)
        column.addWidget(self.list, 1)
        self._foot = QWidget()
        self._foot.setProperty("fill", "subtle")
        self._foot.setFixedHeight(40)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(14, 0, 14, 0)
        self._left, self._right = Text("", 12, "t2"), Text("", 12, "t3")
        foot.addWidget(self._left)
        foot.addStretch(1)
        foot.addWidget(self._right)
        self._foot.hide()
        column.addWidget(self._foot)
        self._empty: EmptyState | None = None
        self.list.selectionModel().selectionChanged.connect(self._selection_changed)
        self.list.doubleClicked.connect(lambda index: self.activated.emit(self._id(index)))
        self.setFocusProxy(self.list)

    def set_items(self, items: Sequence[ListItem]) -> None:
        """Show other entries; what was selected stays selected, and the list stays where it was scrolled."""
        self._model.answered()
        if items == self._model.items:
            return
        current, scroll = self.current(), self.list.verticalScrollBar().value()
        # Else Qt asks for the height of every entry.
        self.list.setUniformItemSizes(not any(item.section for item in items))
        self._model.beginResetModel()
        self._model.items = list(items)
        self._model.endResetModel()
        if current:
            self.select(current)
        self.list.verticalScrollBar().setValue(scroll)
        self._show_empty()

    def set_fetch_more(self, callback: Callable[[], None] | None) -> None:
        """Be asked for more entries when the end comes into view; answer with `append_items`, or say `set_items` anew."""
        self._model.fetch_more = callback

    def append_items(self, items: Sequence[ListItem]) -> None:
        """Add the entries that were asked for; where they are the last, say `set_fetch_more(None)` first."""
        self._model.answered()
        self._model.append(items)

    def items(self) -> list[ListItem]:
        """The entries."""
        return list(self._model.items)

    def set_empty(self, icon: str, title: str, why: str = "") -> None:
        """What is shown while there are no entries."""
        if self._empty is not None:
            self._empty.deleteLater()
        self._empty = EmptyState(icon, title, why, framed=False, parent=self.list.viewport())
        self._show_empty()

    def set_error(self, error: UserError | None, retry: Callable[[], None] | None = None) -> None:
        """Show above the entries why they could not be asked for; those of before stay. None takes it away."""
        self._error.setContentsMargins(12, 8 if error is not None else 0, 12, 8 if error is not None else 0)
        self._error.say(error, retry)
        if error is not None:
            self._model.answered()

    def set_footer(self, left: str, right: str = "") -> None:
        """Texts at the foot; both empty hides it."""
        self._left.setText(left)
        self._right.setText(right)
        self._foot.setVisible(bool(left or right))

    def current(self) -> str:
        """Id of the selected entry, "" if there is none."""
        # Not the current index: Qt makes the first entry current as soon as the list gets the focus.
        chosen = self.list.selectionModel().selectedIndexes()
        return self._id(chosen[0]) if chosen else ""

    def select(self, item_id: str) -> bool:
        """Select an entry without telling `selected`; False if it is not there."""
        for row, item in enumerate(self._model.items):
            if item.id == item_id and not item.section:
                blocked = self.blockSignals(True)
                self._go(row)
                self.blockSignals(blocked)
                return True
        return False

    def select_first(self) -> None:
        """Select the first entry."""
        first = next((row for row, item in enumerate(self._model.items) if not item.section), None)
        if first is not None:
            self._go(first)

    def move(self, step: int) -> None:
        """Move the selection down or up, over headings."""
        chosen = self.list.selectionModel().selectedIndexes()
        if not chosen:
            self.select_first()
            return
        at = chosen[0].row() + step
        while 0 <= at < len(self._model.items) and self._model.items[at].section:
            at += step
        if 0 <= at < len(self._model.items):
            self._go(at)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._show_empty()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not isinstance(self.parent(), QSplitter):  # whose handle is the line
            paint.hairline(painter, self.width() - 1, 0, self.height(), vertical=True)
        if self.search is not None:
            paint.hairline(painter, 0, self.list.y() - 1, self.width())

    def _go(self, row: int) -> None:
        index = self._model.index(row)
        flags = QItemSelectionModel.SelectionFlag
        self.list.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        self.list.scrollTo(index)

    def _id(self, index: QModelIndex) -> str:
        item = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return item.id if isinstance(item, ListItem) else ""

    def _selection_changed(self) -> None:
        if current := self.current():
            self.selected.emit(current)

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.list.viewport().rect())
            self._empty.setVisible(not self._model.items)
