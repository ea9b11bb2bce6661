"""Paints the cells of a table: lights, time left, tags, two lines, links, switches, elided text."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt
from PyQt6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PyQt6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from yichuang.widgets import paint, theme
from yichuang.widgets.choices import paint_toggle
from yichuang.widgets.icons import paint_icon
from yichuang.widgets.lights import STATE_DOT, STATE_TONE, State, paint_light
from yichuang.widgets.table_cells import Cell, Column, TimeLeft, cell_text
from yichuang.widgets.table_model import ROW_ROLE, VALUE_ROLE, TableModel
from yichuang.widgets.tags import paint_tags
from yichuang.widgets.tokens import TONES, tone_color

PAD = 8
EDGE = 16
_BAR = 52


class TableDelegate(QStyledItemDelegate):
    """The one delegate of a `DataTable`.

    Attributes:
        hovered: Row under the pointer, -1 for none.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.hovered = -1
        self._painters = {
            "light": self._light, "time": self._time, "tags": self._tags, "status": self._status, "two": self._two,
            "icon": self._icon, "toggle": self._toggle, "action": self._action,
        }  # fmt: skip

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("selected"))
        elif index.row() == self.hovered:
            painter.fillRect(rect, theme.color("hover"))
        paint.hairline(painter, rect.x(), rect.bottom() - 1, rect.width())
        model = _model_of(index)
        row = model.row(index.row())
        column = model.columns[index.column()]
        area = content_rect(rect, index.column(), len(model.columns), column)
        if row is None:
            self._placeholder(painter, area, index, column)
            return
        value = row.get(column.key)
        if value is None:
            return
        tone = column.tone(row) if callable(column.tone) else column.tone or ""
        painter.save()
        painter.setClipRect(rect)
        self._painters.get(column.kind, self._text)(painter, area, value, column, _Look(tone, selected))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(80, 38)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        """Show the whole text where it was shortened, or the column's own tip."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        column, row = _model_of(index).columns[index.column()], index.data(ROW_ROLE)
        words = ""
        if row is not None:
            words = column.tip(row) if column.tip else self._hidden_text(option, index, column)
        QToolTip.showText(event.globalPos(), words, view)
        return True

    def editorEvent(
        self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        """A click on a link or switch is an act on its row."""
        column = model.columns[index.column()]
        if column.kind not in ("action", "toggle") or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        row, value = index.data(ROW_ROLE), index.data(VALUE_ROLE)
        if row is None or not value_allows(column, value) or not is_left(event):
            return False
        self.parent().parent().acted.emit(column.key, row)
        return True

    def _hidden_text(self, option: QStyleOptionViewItem, index: QModelIndex, column: Column) -> str:
        if column.kind in ("light", "icon"):
            return cell_text(column, index.data(VALUE_ROLE))
        words = cell_text(column, index.data(VALUE_ROLE))
        room = content_rect(QRectF(option.rect), index.column(), index.model().columnCount(), column).width()
        strong = column.kind in ("strong", "two")
        return words if paint.text_width(words, strong=strong) > room else ""

    # One method per kind: (painter, area, value, column, look)

    def _text(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        cell = value if isinstance(value, Cell) else Cell(cell_text(column, value))
        px = 12 if column.kind == "caption" else 13
        token = look.ink(tone_color(cell.tone or look.tone, _DEFAULT_INK.get(column.kind, "t2")))
        strong = cell.strong or column.kind == "strong"
        elide = Qt.TextElideMode.ElideMiddle if column.elide == "middle" else Qt.TextElideMode.ElideRight
        align = paint.RIGHT if column.right() else paint.LEFT
        if cell.icon:
            paint_icon(painter, QRectF(area.x(), area.center().y() - 8, 16, 16), cell.icon, token)
            area = area.adjusted(24, 0, 0, 0)
        mono = column.kind == "mono"
        used = paint.text(
            painter, area, cell.text, px=px, ink=token, strong=strong, mono=mono, align=align, elide=elide
        )
        if cell.second:
            paint.text(painter, area.adjusted(used + 12, 0, 0, 0), cell.second, px=px, ink=look.ink("t3"))

    def _light(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        paint_light(painter, area, value)

    def _time(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        left = value if isinstance(value, TimeLeft) else TimeLeft(str(value))
        state = State(left.state)
        if left.fraction is not None:
            track = QRectF(area.x(), area.center().y() - 2, _BAR, 4)
            paint.bar(painter, track, left.fraction, STATE_DOT[state], "line2" if look.selected else "line")
            area = area.adjusted(_BAR + PAD, 0, 0, 0)
        token = STATE_TONE.get(state, "t2")
        paint.text(painter, area, left.text, ink=token, strong=state is State.OVERDUE)

    def _tags(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        paint_tags(painter, area, list(value), right=column.right())

    def _status(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        state, words = State(value[0]), str(value[1])
        paint_light(painter, QRectF(area.x(), area.y(), 14, area.height()), state)
        token = STATE_TONE.get(state, "t1" if state is State.CURRENT else "t2")
        paint.text(painter, area.adjusted(20, 0, 0, 0), words, ink=token)

    def _two(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        if isinstance(value, Cell):
            cell = value
        elif isinstance(value, tuple):
            cell = Cell(str(value[0]), second=str(value[1] or ""))
        else:
            cell = Cell(str(value))
        if cell.icon:
            square = QRectF(area.x(), area.center().y() - 14, 28, 28)
            ink, tint, _border, dot = TONES.get(cell.tone, TONES["teal"])
            paint.box(painter, square, 6, "surface" if look.selected and tint == "accs" else tint)
            paint_icon(painter, square.adjusted(6, 6, -6, -6), cell.icon, ink if cell.tone != "red" else dot)
            area = area.adjusted(40, 0, 0, 0)
        middle = area.center().y()
        if not cell.second:
            paint.text(painter, area, cell.text, strong=True)
            return
        paint.text(painter, QRectF(area.x(), middle - 20, area.width(), 20), cell.text, strong=True)
        second = QRectF(area.x(), middle, area.width(), 18)
        paint.text(painter, second, cell.second, px=12, ink=look.ink("t3"))

    def _icon(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        square = QRectF(area.center().x() - 8, area.center().y() - 8, 16, 16)
        paint_icon(painter, square, str(value), tone_color(look.tone, "t2"))

    def _toggle(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        on, enabled = value if isinstance(value, tuple) else (bool(value), True)
        rect = QRectF(area.right() - 32, round(area.center().y() - 9), 32, 18)
        paint_toggle(painter, rect, on, enabled=enabled)

    def _action(self, painter: QPainter, area: QRectF, value: Any, column: Column, look: _Look) -> None:
        cell = value if isinstance(value, Cell) else Cell(str(value))
        paint.text(painter, area, cell.text, ink=tone_color(cell.tone, "acct"), align=paint.RIGHT)

    def _placeholder(self, painter: QPainter, area: QRectF, index: QModelIndex, column: Column) -> None:
        if column.kind == "light":
            square = QRectF(area.center().x() - 7, area.center().y() - 7, 14, 14)
            paint.box(painter, square, 7, "sunken")
            return
        share = (0.72, 0.5, 0.62)[(index.row() + index.column()) % 3]
        width = min(180.0, area.width() * share)
        x = area.right() - width if column.right() else area.x()
        paint.box(painter, QRectF(x, area.center().y() - 5, width, 10), 3, "sunken")


class _Look:
    """Tone of the column and whether the row is selected: t3 is too pale on a selected row."""

    __slots__ = ("selected", "tone")

    def __init__(self, tone: str, selected: bool) -> None:
        self.tone, self.selected = tone, selected

    def ink(self, token: str) -> str:
        return "t2" if self.selected and token == "t3" else token


_DEFAULT_INK = {"strong": "t1", "caption": "t3"}


def content_rect(rect: QRectF, at: int, columns: int, column: Column) -> QRectF:
    """The room inside a cell: 8 px on each side, 16 at the table's edges."""
    if column.kind == "light":
        return QRectF(rect.x() + (EDGE if at == 0 else PAD), rect.y(), 14, rect.height() - 1)
    left = EDGE if at == 0 else PAD
    right = EDGE if at == columns - 1 else PAD
    return rect.adjusted(left, 0, -right, -1)


def _model_of(index: QModelIndex) -> TableModel:
    model = index.model()
    assert isinstance(model, TableModel)
    return model


def is_left(event: QEvent) -> bool:
    """Whether a mouse event is of the left button."""
    return isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton


def value_allows(column: Column, value: Any) -> bool:
    """Whether a link or switch can be pressed now."""
    if value is None or value == "":
        return False
    return not (column.kind == "toggle" and isinstance(value, tuple) and not value[1])
