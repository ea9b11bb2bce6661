"""The licences that a look-up found, as cards with state, issuer, masked number and term, filtered by whether they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PyQt6.QtCore import QModelIndex, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from yichuang.api.ui import (
    EmptyState,
    ListItem,
    ListPane,
    Segmented,
    SidePane,
    Skeleton,
    Text,
    paint,
    paint_tag,
    tag_width,
)
from yichuang_licence.rules import USABLE, masked_number
from yichuang_licence.ui.texts import state_tag, term
from yichuang_licence.words import words

_ = words.text
CARD, GAP = 86, 8
PAUSE_MS = 250
"""Every opened licence is entered in the record of uses: one that the arrow keys only pass over is not opened."""
NOTHING, BUSY, NONE_FOUND, CARDS = range(4)


class _CardDelegate(QStyledItemDelegate):
    """Paints a licence; an entry's `right` is its number, `right_second` its term."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, CARD + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        item: ListItem = index.data(Qt.ItemDataRole.UserRole)
        card = QRectF(option.rect).adjusted(16, 0, -15, -GAP)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        fill = "surface" if item.state != "paused" else "subtle"
        paint.box(painter, card, 8, "hover" if hovered and not chosen else fill, "focus" if chosen else "line2",
                  2 if chosen else 1)  # fmt: skip
        line = QRectF(card.x() + 14, card.y() + 10, card.width() - 28, 22)
        used = tag_width(item.tag) if item.tag else 0
        if item.tag:
            paint_tag(painter, line.right() - used + 4, line.center().y(), item.tag)
        ink = "t1" if item.state != "paused" else "t2"
        paint.text(painter, line.adjusted(0, 0, -used - 4, 0), item.title, px=14, ink=ink)
        paint.text(painter, line.translated(0, 23), item.second, px=12, ink="t2")
        last = line.translated(0, 44)
        taken = paint.text(painter, last, item.right_second, px=12, ink="t2", align=paint.RIGHT)
        paint.text(painter, last.adjusted(0, 0, -taken - 8, 0), item.right, px=12, ink="t2")


class FoundPane(SidePane):
    """What was found, and which of it is open.

    Signals:
        chosen: Identifier of the licence to open.
    """

    chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__("left", 308)
        self._rows: list[Any] = []
        self._today = date.min
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self._open(self.list.current()))
        self._count = Text("", 14, strong=True)
        self.filter = Segmented(self._filters(), compact=True)
        self.filter.changed.connect(lambda _which: self._fill())
        self.list = ListPane(search=False)
        self.list.list.setItemDelegate(_CardDelegate(self.list.list))
        self.list.setAccessibleName(_("Licences found"))
        self.list.set_empty("list-filter", _("None of these"))
        self.list.selected.connect(lambda _code: self._pause.start())
        self.list.activated.connect(self._open)
        self._stack = QStackedWidget()
        for page in (
            EmptyState("search", _("Nothing was looked up yet"), _("Every look-up is recorded."), framed=False),
            Skeleton(4, CARD + GAP),
            EmptyState("search-x", _("No licence was found"), _("The search was recorded with its purpose."), framed=False),
            self.list,
        ):  # fmt: skip
            self._stack.addWidget(page)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(0, 12, 0, 0)
        self.body.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.filter)
        self.body.addLayout(head)
        self.body.addWidget(self._stack, 1)

    def clear(self) -> None:
        """Nothing was looked up."""
        self._rows = []
        self._show(NOTHING)

    def set_busy(self) -> None:
        """The register is asked."""
        self._rows = []
        self._show(BUSY)

    def show_rows(self, rows: Sequence[Any], today: date) -> None:
        """Show what was found, the usable ones first."""
        self._rows, self._today = sorted(rows, key=lambda row: row.validity not in USABLE), today
        for which, text in self._filters():
            self.filter.set_text(which, text)
        self.filter.set_current("all")
        self._fill()
        self._show(CARDS if rows else NONE_FOUND)

    def replace(self, row: Any) -> None:
        """A licence stands otherwise than before."""
        rows = [row if old.code == row.code else old for old in self._rows]
        if rows != self._rows:
            which = self.filter.current()
            self.show_rows(rows, self._today)
            self.filter.set_current(which)
            self._fill()

    def rows(self) -> list[Any]:
        """What was found, in the order it is shown."""
        return list(self._rows)

    def select(self, code: str) -> None:
        """Mark the licence that is open."""
        self.list.select(code)

    def _open(self, code: str) -> None:
        self._pause.stop()
        if code:
            self.chosen.emit(code)

    def _filters(self) -> list[tuple[str, str]]:
        usable = sum(row.validity in USABLE for row in self._rows)
        return [
            ("all", _("All")),
            ("usable", _("Valid {n}", n=usable)),
            ("trouble", _("Not valid {n}", n=len(self._rows) - usable)),
        ]

    def _fill(self) -> None:
        which = self.filter.current()
        shown = [
            row for row in self._rows if which == "all" or (row.validity in USABLE) == (which == "usable")
        ]
        several = len({row.holder for row in self._rows}) > 1
        self.list.set_items([self._item(row, several) for row in shown])

    def _item(self, row: Any, several: bool) -> ListItem:
        """An entry; where several people were found each says whose it is."""
        return ListItem(
            row.code, row.name, f"{row.holder}　{row.issuer_name}" if several else row.issuer_name,
            right=masked_number(row.number), right_second=term(row), tag=state_tag(row, self._today),
            state=None if row.validity in USABLE else "paused",
        )  # fmt: skip

    def _show(self, page: int) -> None:
        self._pause.stop()
        self._stack.setCurrentIndex(page)
        found = page == CARDS
        self._count.setText(_("{n} licences", n=len(self._rows)) if found else _("Licences"))
        self.filter.setVisible(found)
