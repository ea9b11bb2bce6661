"""The grid of desks: one list view in icon mode with one delegate; what changes is repainted where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from yichuang.api.ui import paint, paint_dot, theme
from yichuang_queue.rules.floor import DeskNow, Kind
from yichuang_queue.ui.console import texts
from yichuang_queue.words import words

_ = words.text
GAP = 8
TILE_WIDTH, TILE_HEIGHT = 158, 92
_DESK = Qt.ItemDataRole.UserRole


class DeskModel(QAbstractListModel):
    """The desks by their codes. A new state of the same desks changes only the tiles that look different."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.desks: list[DeskNow] = []
        self.now = datetime.min.replace(tzinfo=UTC)
        self.away_minutes = 30

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.desks)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.desks):
            return None
        desk = self.desks[index.row()]
        if role == _DESK:
            return desk
        if role == Qt.ItemDataRole.DisplayRole:
            return desk.code
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return texts.spoken(desk, self.kind(desk), self.now)
        return None

    def kind(self, desk: DeskNow) -> Kind:
        """What a desk does at the moment that is shown."""
        return desk.kind(self.now, self.away_minutes)

    def set_desks(self, desks: Sequence[DeskNow], now: datetime, away_minutes: int) -> bool:
        """Show these desks at a moment; whether other desks stand here now."""
        self.away_minutes = away_minutes
        others = [desk.code for desk in desks] != [desk.code for desk in self.desks]
        if others:
            self.beginResetModel()
            self.desks, self.now = list(desks), now
            self.endResetModel()
            return True
        before, self.desks = self.desks, list(desks)
        changed = {row for row, desk in enumerate(desks) if desk != before[row]}
        self._change(changed | self._running(now))
        return False

    def tick(self, now: datetime) -> None:
        """Let the clocks go on."""
        self._change(self._running(now))

    def _running(self, now: datetime) -> set[int]:
        """Rows whose clock shows something else than at the moment before; it is `now` from here on."""
        then, self.now = self.now, now
        if int(then.timestamp()) == int(now.timestamp()):
            return set()
        return {
            row for row, desk in enumerate(self.desks) if desk.began() is not None and desk.state != "closed"
        }

    def _change(self, rows: set[int]) -> None:
        """Tell of the rows in runs: a signal for each tile would cost more than painting it."""
        first = last = -2
        for row in [*sorted(rows), -9]:
            if row != last + 1:
                if first >= 0:
                    self.dataChanged.emit(self.index(first), self.index(last))
                first = row
            last = row


class DeskDelegate(QStyledItemDelegate):
    """Paints a desk: code and person, what it does, the ticket with its clock and bar.

    Each second changes only clocks and bars. So the rest of a tile, its face, is kept as a picture until something else
    about the desk changes: a repaint of sixty desks then stays within a frame.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._faces: dict[
            str, tuple[Any, QPixmap]
        ] = {}  # desk -> what its face was painted from, and the face

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(TILE_WIDTH + GAP, TILE_HEIGHT + GAP)

    def keep_only(self, codes: Iterable[str]) -> None:
        """Forget the faces of desks that are not shown."""
        kept = set(codes)
        self._faces = {code: face for code, face in self._faces.items() if code in kept}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model = index.model()
        if not isinstance(model, DeskModel):
            return
        desk = model.desks[index.row()]
        kind = model.kind(desk)
        area = option.rect.adjusted(0, 0, -GAP, -GAP)
        flags = option.state
        selected, hovered = (
            bool(flags & QStyle.StateFlag.State_Selected),
            bool(flags & QStyle.StateFlag.State_MouseOver),
        )
        painter.drawPixmap(area.topLeft(), self._face(painter, area.size(), desk, kind, selected, hovered))
        rect = QRectF(area)
        if desk.ticket is not None:
            _spent(painter, rect, desk, kind, model.now)
        else:
            ink = {Kind.AWAY: "red", Kind.CLOSED: "t3"}.get(kind, "t2")
            place = QRectF(rect.x() + 10, rect.y() + 32, rect.width() - 20, rect.height() - 44)
            paint.text(
                painter, place, texts.middle(desk, kind, model.now), px=12, ink=ink, align=paint.CENTER
            )

    def _face(
        self, painter: QPainter, size: QSize, desk: DeskNow, kind: Kind, selected: bool, hovered: bool
    ) -> QPixmap:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        ticket = desk.ticket
        shown = (ticket.number, ticket.business, ticket.calls) if ticket is not None else None
        source = (
            size.width(), size.height(), ratio, theme.current(), desk.staff_name, kind, selected, hovered, shown
        )  # fmt: skip
        kept = self._faces.get(desk.code)
        if kept is not None and kept[0] == source:
            return kept[1]
        face = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        face.setDevicePixelRatio(ratio)
        face.fill(Qt.GlobalColor.transparent)
        inside = QPainter(face)
        rect = QRectF(0, 0, size.width(), size.height())
        fill, border = _box(kind, hovered=hovered)
        paint.box(inside, rect, 6, fill, "focus" if selected else border, 2 if selected else 1)
        _head(inside, rect, desk, kind)
        _ticket(inside, rect, desk, kind)
        inside.end()
        self._faces[desk.code] = (source, face)
        return face


def _head(painter: QPainter, rect: QRectF, desk: DeskNow, kind: Kind) -> None:
    """Code and person at the left, what the desk does at the right."""
    line = QRectF(rect.x() + 10, rect.y() + 7, rect.width() - 20, 20)
    closed = kind is Kind.CLOSED
    used = paint.text(painter, line, desk.code, px=12, ink="t3" if closed else "t1", strong=not closed)
    if closed:
        return
    word = texts.kind_name(kind)
    width = paint.text_width(word, 12)
    paint.text(painter, line.adjusted(used + 6, 0, -width - 18, 0), desk.staff_name, px=12, ink="t2")
    ink = {"amber": "amb", "red": "red", "teal": "acct"}.get(texts.TONES[kind], "t2")
    paint.text(painter, line, word, px=12, ink=ink, align=paint.RIGHT)
    paint_dot(painter, QRectF(line.right() - width - 12, line.y(), 7, 20).center(), texts.TONES[kind])


def _ticket(painter: QPainter, rect: QRectF, desk: DeskNow, kind: Kind) -> None:
    """Number and business of the ticket at the desk."""
    ticket = desk.ticket
    if ticket is None:
        return
    called = kind is Kind.CALLED
    second = QRectF(rect.x() + 10, rect.y() + 29, rect.width() - 76, 26)
    paint.text(painter, second, ticket.number, px=18, ink="acct" if called else "t1", strong=True)
    third = QRectF(rect.x() + 10, rect.y() + 55, rect.width() - 20, 18)
    if called:
        words_ = _("Waiting for the person · call {n}", n=ticket.calls)
        paint.text(painter, third, words_, px=12, ink="acct")
    else:
        paint.text(painter, third, ticket.business, px=12, ink="t2")


def _spent(painter: QPainter, rect: QRectF, desk: DeskNow, kind: Kind, now: datetime) -> None:
    """The clock of the ticket, and the bar of its service against the mean."""
    spent = desk.seconds(now)
    place = QRectF(rect.right() - 70, rect.y() + 32, 60, 26)
    paint.text(painter, place, texts.clock(spent), px=12, ink="t2", align=paint.RIGHT)
    if kind is not Kind.CALLED:
        share = spent / desk.mean_seconds if desk.mean_seconds else 0.0
        bar = QRectF(rect.x() + 10, rect.bottom() - 12, rect.width() - 20, 4)
        paint.bar(painter, bar, share, "ambd" if kind is Kind.OVER else "c1")


def _box(kind: Kind, *, hovered: bool) -> tuple[str, str]:
    """Fill and border of a tile."""
    if kind is Kind.CALLED:
        return "accs", "accl"
    if kind is Kind.CLOSED:
        return "sunken", "line"
    if kind in (Kind.IDLE, Kind.PAUSED, Kind.AWAY):
        return "hover" if hovered else "subtle", "line2"
    return "hover" if hovered else "surface", "ambl" if kind is Kind.OVER else "line2"


class DeskGrid(QListView):
    """All desks, as many in a row as fit. Arrows move, Enter opens.

    Signals:
        opened: Code of the desk to look at.
    """

    opened = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desks = DeskModel(self)
        self.setModel(self.desks)
        self._delegate = DeskDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(_("Desks"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setWrapping(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(str(index.data())))
        theme.signals.changed.connect(self.viewport().update)
        self._fit()

    def show_desks(self, desks: Sequence[DeskNow], now: datetime, away_minutes: int) -> None:
        """Show these desks; the chosen one stays chosen, and the list stays where it was scrolled."""
        chosen, scroll = self.chosen(), self.verticalScrollBar().value()
        if self.desks.set_desks(desks, now, away_minutes):
            self._delegate.keep_only(desk.code for desk in desks)
            self.choose(chosen)
            self.verticalScrollBar().setValue(scroll)

    def chosen(self) -> str:
        """Code of the chosen desk; empty for none."""
        chosen = self.selectionModel().selectedIndexes()
        return str(chosen[0].data()) if chosen else ""

    def choose(self, code: str) -> bool:
        """Choose a desk; False where it is not shown."""
        for row, desk in enumerate(self.desks.desks):
            if desk.code == code:
                self.setCurrentIndex(self.desks.index(row))
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen():
            self.opened.emit(self.chosen())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the width among as many tiles as fit."""
        # As if the scroll bar were there: its coming and going must not change the columns.
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width() - 2
        columns = max(1, (room + GAP) // (TILE_WIDTH + GAP))
        size = QSize(max(TILE_WIDTH // 2, room // columns), TILE_HEIGHT + GAP)
        if size != self.gridSize():
            self.setGridSize(size)
