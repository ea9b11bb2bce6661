"""The seals one can stamp with: picture, name, number, validity; and the cache of their pictures."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from yichuang.api.ui import PageContext, paint_dot, theme
from yichuang_seal.ui.times import day
from yichuang_seal.words import _

ENDING_DAYS = 30
_ROW, _PICTURE = 84, 64


class Pictures(QObject):
    """Pictures of seals, asked for once each.

    Signals:
        came: Digest of a picture that is there now.
    """

    came = pyqtSignal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._images: dict[str, QImage] = {}
        self._asked: set[str] = set()

    def of(self, card: Any) -> QImage | None:
        """The picture of a seal; None while it is being fetched or was not made."""
        image = self._images.get(card.picture)
        if image is None and card.picture and card.picture not in self._asked:
            self._asked.add(card.picture)
            self._context.query("seal.picture", {"seal_id": card.id}, done=self._keeper(card.picture))
        return image

    def _keeper(self, digest: str) -> Callable[[str], None]:
        def keep(encoded: str) -> None:
            image = QImage.fromData(base64.b64decode(encoded))
            # Multiplying needs colours that carry their opacity already; the palette form of the file is slow to draw.
            self._images[digest] = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            self.came.emit(digest)

        return keep


class _Seals(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[Any] = []

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        card = self.cards[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join((card.name, card.owner, card.es_id, validity(card)[0]))
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{card.owner}\n{card.name} {card.es_id}"
        return None


def validity(card: Any) -> tuple[str, str]:
    """How long a seal may be used, in words, and the tone of them."""
    if not card.here:
        return _("Its key is not on this machine"), "amber"
    if card.days_left is None:
        return "", "grey"
    if card.days_left <= ENDING_DAYS:
        return _("Certificate ends in {days} days", days=card.days_left), "amber"
    return _("Valid until {day}", day=day(card.valid_until)), "green"


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QListView, pictures: Pictures) -> None:
        super().__init__(view)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        card = index.data(Qt.ItemDataRole.UserRole)
        rect = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.color("line"))
        frame = QRectF(rect.x() + 16, rect.y() + (rect.height() - _PICTURE) / 2, _PICTURE, _PICTURE)
        draw_seal_frame(painter, frame, self._pictures.of(card))
        x = frame.right() + 12
        line = QRectF(x, frame.y() + 1, rect.right() - x - 12, 20)
        _write(painter, line, card.name, 13, "t1", strong=True)
        _write(painter, line.translated(0, 21), card.es_id, 12, "t2")
        words, tone = validity(card)
        paint_dot(painter, QPointF(x + 5, line.y() + 52), tone)
        _write(
            painter,
            line.translated(16, 42).adjusted(0, 0, -16, 0),
            words,
            12,
            "amb" if tone == "amber" else "t2",
        )


def draw_seal_frame(painter: QPainter, frame: QRectF, picture: QImage | None) -> None:
    """A seal's picture on a piece of paper."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(theme.color("line2"))
    painter.setBrush(theme.color("paper"))
    painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if picture is not None:
        room = frame.adjusted(5, 5, -5, -5)
        scale = painter.device().devicePixelRatioF()
        side = round(room.width() * scale)
        small = picture.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(room, small)
    painter.restore()


def _write(painter: QPainter, rect: QRectF, words: str, px: int, ink: str, *, strong: bool = False) -> None:
    painter.setFont(theme.font(px, strong=strong))
    painter.setPen(theme.color(ink))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class SealList(QListView):
    """The seals one can stamp with; one is chosen.

    Signals:
        chosen: The card of the seal that was chosen.
    """

    chosen = pyqtSignal(object)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seals = _Seals(self)
        self.setModel(self._seals)
        self.setItemDelegate(_Delegate(self, pictures))
        self.setMouseTracking(True)
        self.setProperty("fill", "none")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Seals"))
        self.selectionModel().currentChanged.connect(self._changed)
        pictures.came.connect(lambda _digest: self.viewport().update())

    def set_seals(self, cards: Sequence[Any]) -> None:
        """Show these seals; the chosen one stays chosen."""
        chosen = self.current()
        self._seals.beginResetModel()
        self._seals.cards = list(cards)
        self._seals.endResetModel()
        self.setFixedHeight(min(len(cards), 3) * _ROW)
        if chosen is not None:
            self.choose(chosen.id)

    def current(self) -> Any | None:
        """The chosen seal."""
        index = self.currentIndex()
        return index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None

    def choose(self, seal_id: int | None) -> None:
        """Choose a seal; None chooses nothing."""
        for row, card in enumerate(self._seals.cards):
            if card.id == seal_id:
                self.setCurrentIndex(self._seals.index(row))
                return
        self.setCurrentIndex(QModelIndex())

    def _changed(self, index: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen.emit(index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None)
