"""The catalogue's list: items by agency, found by initials, full pinyin, Chinese or code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout

from yichuang.api import UserError, pinyin
from yichuang.api.ui import ComboBox, ListItem, ListPane, NotePlace, PageContext, Segmented, SidePane, TagSpec
from yichuang_acceptance.ui.background import in_background
from yichuang_acceptance.ui.guide_versions import item_state_text, state_text
from yichuang_acceptance.words import words

_ = words.text
PAGE = 1000
MOST_HITS = 100
WIDTH = 320
FILTERS: dict[str, Callable[[Any], bool]] = {
    "all": lambda _row: True,
    "draft": lambda row: row.open_state == "draft",
    "submitted": lambda row: row.open_state == "submitted",
    "halted": lambda row: row.state != "1",
}


class CatalogueList(SidePane):
    """The left pane of the catalogue.

    Signals:
        chosen: Code of the item to open.
        loaded: The list came.
    """

    chosen = pyqtSignal(str)
    loaded = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__("left", WIDTH)
        self._context = context
        self.rows: dict[str, Any] = {}
        self._coming: dict[str, Any] = {}
        self._index: Any = None
        self._entries: dict[str, ListItem] = {}  # as they stand in the list while nothing is searched
        self.list = ListPane(_("Item: initials, name or code"), key="Ctrl+F", row_height=50)
        self.list.set_empty("search-x", _("Nothing fits"), _("Try the initials of the name, or other words."))
        self.list.searched.connect(lambda _text: self._show())
        self.list.activated.connect(self.chosen)
        self.list.selected.connect(self.chosen)
        if self.list.search is not None:
            self.list.search.installEventFilter(self)
        self.filter = Segmented(
            [
                ("all", _("All")),
                ("draft", _("Being written")),
                ("submitted", _("To publish")),
                ("halted", _("Halted")),
            ],
            "all",
        )
        self.filter.changed.connect(lambda _id: self._show())
        self.agency = ComboBox([("", _("All agencies"))])
        self.agency.changed.connect(lambda _code: self._show())
        self.agency.setVisible(context.actor.hall_wide)
        chips = QHBoxLayout()
        chips.setContentsMargins(12, 4, 12, 4)
        chips.addWidget(self.filter)
        chips.addStretch(1)
        narrowed = QHBoxLayout()
        narrowed.setContentsMargins(12, 2, 12, 6)
        narrowed.addWidget(self.agency, 1)
        self.note = NotePlace()
        self.list.layout().insertLayout(1, chips)
        self.list.layout().insertLayout(2, narrowed)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addLayout(self.note)
        self.body.addWidget(self.list, 1)

    def load(self) -> None:
        """Ask for the catalogue, a thousand items at a time."""
        self._coming = {}
        self._more("")

    def _more(self, after: str) -> None:
        self._context.query(
            "acceptance.guides", {"after": after, "limit": PAGE}, done=self._came, failed=self._failed
        )

    def _failed(self, error: UserError) -> None:
        if self.list.items():
            self.note.say(error, self.load)
        else:
            self.list.set_error(error, self.load)

    def _came(self, rows: list[Any]) -> None:
        self._coming.update({row.code: row for row in rows})
        if len(rows) == PAGE:
            self._more(rows[-1].code)
            return
        self.note.say("")
        self.rows = self._coming
        names = {row.agency: row.agency_name for row in self.rows.values()}
        chosen = self.agency.value()
        self.agency.set_items([("", _("All agencies")), *sorted(names.items(), key=lambda pair: pair[1])])
        self.agency.set_value(chosen if chosen in names else "")
        entries = [
            pinyin.SearchEntry(row.code, row.name, row.code, row.agency_name, row.initials, row.pinyin, tuple(row.aliases))
            for row in self.rows.values()
        ]  # fmt: skip
        rows_now = list(self.rows.values())
        in_background(
            self,
            lambda: (pinyin.SearchIndex(entries), {row.code: _list_item(row) for row in rows_now}),
            self._indexed,
        )

    def _indexed(self, made: tuple[Any, dict[str, ListItem]]) -> None:
        self._index, self._entries = made
        self._show()
        self.loaded.emit()

    def _show(self) -> None:
        if self._index is None:
            return
        text = self.list.search.value() if self.list.search is not None else ""
        agency, passes = self.agency.value(), FILTERS[self.filter.current()]

        def wanted(row: Any) -> bool:
            return passes(row) and (not agency or row.agency == agency)

        if text:
            hits = [hit for hit in self._index.search(text, MOST_HITS) if wanted(self.rows[hit.entry.key])]
            items = [_list_item(self.rows[hit.entry.key], hit.spans) for hit in hits]
        else:
            items = self._by_agency([row for row in self.rows.values() if wanted(row)])
        self.list.set_items(items)
        self.list.set_footer(_("{n} items", n=f"{sum(not item.section for item in items):,}"))

    def _by_agency(self, rows: list[Any]) -> list[ListItem]:
        """The items under the names of their agencies."""
        groups: dict[str, list[Any]] = {}
        for row in rows:
            groups.setdefault(row.agency_name, []).append(row)
        items = []
        for name, own in groups.items():
            items.append(ListItem(f"agency:{name}", f"{name}　{len(own)}", section=True))
            items += [self._entries[row.code] for row in own if row.code in self._entries]
        return items

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search box: arrows move in the list, Enter opens the marked item."""
        if (
            watched is self.list.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.move(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._show()  # the list may be a keystroke behind
                if not self.list.current():
                    self.list.select_first()
                if self.list.current():
                    self.chosen.emit(self.list.current())
                return True
        return False


def _list_item(row: Any, spans: Any = ()) -> ListItem:
    if row.state != "1":
        tag = TagSpec(item_state_text(row.state), "red")
    elif row.open_state:
        tag = TagSpec(state_text(row.open_state), "amber" if row.open_state == "draft" else "teal")
    else:
        tag = TagSpec(f"V{row.version}", "grey")
    marked = tuple((start, end - start) for start, end in spans)
    return ListItem(row.code, row.name, f"{row.agency_name}　{row.code}", tag=tag, marked=marked)
