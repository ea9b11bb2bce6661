"""The lines at the right of the manager's page: light, name, how many wait with the trend, and the predicted wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.api.ui import KeyboardRing, State, paint, paint_light, theme
from yichuang_queue.rules.floor import LineNow
from yichuang_queue.ui.console import texts
from yichuang_queue.words import words

_ = words.text
ROW = 40
WARNING_SHARE = 0.8
_INKS = {State.ON_TIME: "c1", State.WARNING: "ambd", State.OVERDUE: "redd"}


def light_of(line: LineNow, now: datetime) -> State:
    """Beyond its promise, near it, or within."""
    waits = max(line.longest(now), line.predicted_seconds or 0)
    target = line.target_minutes * 60
    if waits > target or (line.waiting and not line.desks):
        return State.OVERDUE
    return State.WARNING if waits > WARNING_SHARE * target else State.ON_TIME


class LineModel(QAbstractListModel):
    """The lines in the hall's order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[LineNow] = []
        self.lights: list[State] = []
        self.now = datetime.min.replace(tzinfo=UTC)
        self.live = True

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.code
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(line)
        return None

    def set_lines(self, lines: Sequence[LineNow], now: datetime, *, live: bool) -> None:
        """Show these lines; the same lines change in place."""
        self.now, self.live = now, live
        lights = [light_of(line, now) for line in lines]
        if [line.code for line in lines] != [line.code for line in self.lines]:
            self.beginResetModel()
            self.lines, self.lights = list(lines), lights
            self.endResetModel()
            return
        before = list(zip(self.lines, self.lights, strict=True))
        self.lines, self.lights = list(lines), lights
        for row, after in enumerate(zip(lines, lights, strict=True)):
            if after != before[row]:
                self.dataChanged.emit(self.index(row), self.index(row))


def spoken(line: LineNow) -> str:
    """A line in words, with the interval of its predicted wait."""
    parts = [line.name, _("{n} waiting, {desks} desks", n=line.waiting, desks=line.desks)]
    if line.predicted_seconds is not None:
        parts.append(
            _(
                "predicted {point}, four of five between {low} and {high}", point=texts.minutes(line.predicted_seconds),
                low=texts.minutes(line.predicted_low), high=texts.minutes(line.predicted_high),
            )
        )  # fmt: skip
    parts.append(_("promised {n} min", n=line.target_minutes))
    return ", ".join(parts)


def predicted(line: LineNow, *, live: bool) -> str:
    """The predicted wait; that no desk serves the line is only said of the present."""
    if live and not line.desks:
        return _("No desk")
    return texts.minutes(line.predicted_seconds)


class LineDelegate(QStyledItemDelegate):
    """Paints a line in one row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model = index.model()
        if not isinstance(model, LineModel):
            return
        line, light = model.lines[index.row()], model.lights[index.row()]
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        paint.hairline(painter, rect.x(), rect.bottom() - 1, rect.width())
        paint_light(painter, QRectF(rect.x() + 16, rect.y(), 14, rect.height()), light)
        row = QRectF(rect.x() + 38, rect.y(), rect.width() - 54, rect.height() - 1)
        paint.text(painter, row, line.code, strong=True)
        paint.text(painter, QRectF(row.x() + 22, row.y(), row.width() - 184, row.height()), line.name)
        late = light_of(replace(line, oldest=None), model.now)
        ink = {State.OVERDUE: "red", State.WARNING: "amb"}.get(late, "t2")
        words_ = predicted(line, live=model.live)
        paint.text(painter, row, words_, ink=ink, strong=late is State.OVERDUE, align=paint.RIGHT)
        count = row.adjusted(0, 0, -60, 0)
        paint.text(painter, count, str(line.waiting), strong=True, align=paint.RIGHT)
        _trend(
            painter, QRectF(row.right() - 158, row.y() + 11, 56, row.height() - 22), line.trend, _INKS[light]
        )


def _trend(painter: QPainter, rect: QRectF, values: Sequence[int], ink: str) -> None:
    """How many waited in the last hour, as a line; its scale is at least ten people, so that one more is no mountain."""
    if len(values) < 2:
        return
    low = min(values)
    spread = max(10, max(values) - low)
    step = rect.width() / (len(values) - 1)
    points = [
        QPointF(rect.x() + at * step, rect.bottom() - (value - low) / spread * rect.height())
        for at, value in enumerate(values)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(ink), 1.5))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


class LineList(KeyboardRing, QListView):
    """All lines. Choosing one shows only its desks; Esc or choosing it again shows all.

    Signals:
        chosen: Code of the line; empty for all.
    """

    chosen = pyqtSignal(str)
    ring_radius = 2.0
    ring_reach = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LineModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(LineDelegate(self))
        self.setAccessibleName(_("Waiting by line"))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._current = ""
        self.clicked.connect(lambda index: self._choose(str(index.data())))

    def show_lines(self, lines: Sequence[LineNow], now: datetime, *, live: bool = True) -> None:
        """Show these lines."""
        self.lines.set_lines(lines, now, live=live)
        self.fit()

    def fit(self) -> None:
        """As high as its lines, but at most half of what it lies in."""
        parent = self.parentWidget()
        room = parent.height() // 2 if parent is not None else ROW
        self.setFixedHeight(min(ROW * max(1, len(self.lines.lines)), max(3 * ROW, room // ROW * ROW)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            and self.currentIndex().isValid()
        ):
            self._choose(str(self.currentIndex().data()))
        elif event.key() == Qt.Key.Key_Escape and self._current:
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def _choose(self, code: str) -> None:
        self._current = "" if code == self._current else code
        if not self._current:
            self.clearSelection()
        self.chosen.emit(self._current)
