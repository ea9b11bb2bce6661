"""A ledger: rows at the left, the chosen one with what happened to it and what can be done beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Dock,
    EmptyState,
    Hairline,
    KeyValue,
    PageContext,
    Scroller,
    SearchBox,
    SidePane,
    Splitter,
    Step,
    Tag,
    TagSpec,
    Text,
    Timeline,
)
from yichuang_acceptance.ui.listing import Listing, newest_first
from yichuang_acceptance.ui.table_pages import TablePages
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 360


@dataclass(frozen=True)
class Act:
    """A button beside the chosen row.

    Attributes:
        fits: Whether the row's state leaves room for it; a button that does not fit is not shown.
        primary: The main thing to do, by Enter as well.
        enter: Enter does it where nothing primary fits.
    """

    text: str
    icon: str
    run: Callable[[Any], None]
    fits: Callable[[Any], bool]
    primary: bool = False
    enter: bool = False


@dataclass(frozen=True)
class Shown:
    """What stands beside the list about one row."""

    title: str
    tag: TagSpec
    pairs: Sequence[tuple[str, str]]
    said: str = ""
    steps: Sequence[Step] = ()


def by(name: str) -> Callable[[Any], Any]:
    """Sorts a column by a field of the row itself, such as the moment behind "03-17 09:15"."""
    return lambda cells: getattr(cells["row"], name)


class Ledger(QWidget):
    """Rows with the chosen one beside them.

    Args:
        name: Under which the widths are remembered.
        cells: A row as the table shows it, without its id.
        shown: A row as it stands beside the table.
        acts: What can be done.
        title: Under which Ctrl+E saves the list.
        sheet: Heads and cells of the spreadsheet, where it says more than the table.
    """

    def __init__(
        self,
        context: PageContext,
        name: str,
        columns: Sequence[Column],
        empty: tuple[str, str, str],
        cells: Callable[[Any], dict[str, Any]],
        shown: Callable[[Any], Shown],
        acts: Sequence[Act],
        title: str,
        sheet: tuple[Callable[[], Sequence[str]], Callable[[Any], Sequence[str]]] | None = None,
    ) -> None:
        super().__init__()
        self._context, self._cells, self._shown, self._acts = context, cells, shown, acts
        self._listing: Listing | None = None
        self._sheet = sheet
        self.row: Any = None
        self.bar = QHBoxLayout()
        self.table = DataTable(tuple(columns))
        self.table.set_empty(*empty)
        self._say_keys(None)
        self.pages = TablePages(context, self.table, self._table_row, self._came)
        self.foot = QVBoxLayout()
        self.pages.save_by(self.foot, title)
        self.table.selected.connect(lambda row: self.show_row(row["id"]))
        self.table.activated.connect(lambda _row: self.act())
        self.title = Text("", 16, strong=True, wrap=True)
        self.tag = Tag("", "grey")
        self.facts = KeyValue(label_width=72)
        self.said = Text("", 13, wrap=True)
        self.timeline = Timeline([])
        self.buttons = [
            Button(a.text, icon=a.icon, kind="primary", key="Ctrl+Enter", binds=False)
            if a.primary
            else Button(a.text, icon=a.icon)
            for a in acts
        ]
        for button, act in zip(self.buttons, acts, strict=True):
            button.clicked.connect(lambda _checked=False, act=act: self._run(act))
            button.hide()  # else all of them together would decide how wide the pane is
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                "mouse-pointer-click", _("Nothing chosen"), _("Choose a row in the list."), framed=False
            )
        )
        self._stack.addWidget(self._beside())
        self._lay_out(name)

    def _beside(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        line = QHBoxLayout()
        line.addWidget(self.tag)
        line.addStretch(1)
        column.addWidget(self.title)
        column.addLayout(line)
        column.addWidget(self.facts)
        column.addWidget(self.said)
        column.addWidget(self.timeline)
        column.addStretch(1)
        self.dock = Dock()
        self.dock.body.setContentsMargins(16, 11, 16, 10)
        for button, act in zip(self.buttons, self._acts, strict=True):
            (self.dock.right if act.primary else self.dock.left).addWidget(button)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Scroller(inside), 1)
        outer.addWidget(self.dock)
        return page

    def _lay_out(self, name: str) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar.setContentsMargins(16, 10, 16, 10)
        self.bar.setSpacing(8)
        column.addLayout(self.bar)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        column.addLayout(self.foot)
        side = SidePane("right", WIDTH)
        side.body.setContentsMargins(1, 0, 0, 0)
        side.body.addWidget(self._stack)
        splitter = Splitter("h", name)
        splitter.addWidget(left)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([840, WIDTH])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    def search_by(self, hint: str, load: Callable[[], None]) -> SearchBox:
        """A line above the list that narrows all of it, not only the rows that have come; `load` asks anew."""
        box = SearchBox(hint, key="/")
        box.setMaximumWidth(320)
        box.searched.connect(lambda _text: load())
        self.bar.addWidget(box, 1)
        self.bar.addStretch(1)
        return box

    def ask(self, query: str, request: dict[str, Any], wanted: int | None = None) -> None:
        """Ask for the rows, which run from the newest on, as far as they had come; `wanted` is chosen then."""
        if self._listing is None or self._listing.query != query:
            heads, cells = self._sheet or (self.table.exported_heads, self._sheet_row)
            self._listing = Listing(query, list, newest_first, heads, cells)
        if wanted is not None:
            self.pages.wanted = wanted
        self.pages.load(self._listing, request)

    def show_again(self) -> None:
        """Show the same rows anew, because what is said about them has changed."""
        self.pages.show_again()

    def show_found(self, rows: Sequence[Any]) -> None:
        """Show rows that were found otherwise, the first of them chosen."""
        self.pages.show(rows)
        self._came(rows, rows[0].id if rows else None)

    def _table_row(self, row: Any) -> dict[str, Any]:
        return {"id": row.id, "row": row, **self._cells(row)}

    def _sheet_row(self, row: Any) -> Sequence[str]:
        return self.table.exported_row(self._table_row(row))

    def _came(self, rows: Sequence[Any], wanted: int | None) -> None:
        """The chosen row stays chosen, or `wanted` becomes so."""
        ids = {row.id for row in rows}
        now = wanted if wanted in ids else self.row.id if self.row is not None else None
        if now not in ids:
            now = rows[0].id if rows else None
        if now is None:
            self.row = None
            self._say_keys(None)
            self._stack.setCurrentIndex(0)
            return
        self.table.select(now)
        self.show_row(now)

    def show_row(self, key: int) -> None:
        """Show a row beside the list."""
        self.row = next(row["row"] for row in self.table.rows() if row["id"] == key)
        shown = self._shown(self.row)
        self.title.setText(shown.title)
        self.tag.set_spec(shown.tag)
        self.facts.set_pairs([pair for pair in shown.pairs if pair[1]])
        self.said.setText(shown.said)
        self.said.setVisible(bool(shown.said))
        self.timeline.set_steps(list(shown.steps))
        self.timeline.setVisible(bool(shown.steps))
        fits = [act.fits(self.row) for act in self._acts]
        for button, may in zip(self.buttons, fits, strict=True):
            button.setVisible(may)
        self.dock.setVisible(any(fits))
        self._say_keys(self._main())
        self._stack.setCurrentIndex(1)

    def _main(self) -> Act | None:
        """What Enter does to the chosen row."""
        fitting = [] if self.row is None else [a for a in self._acts if a.fits(self.row)]
        return next((a for a in fitting if a.primary), next((a for a in fitting if a.enter), None))

    def _say_keys(self, main: Act | None) -> None:
        """The keys below the list; Enter is named where it does something to the chosen row."""
        enter = [] if main is None else [("Enter", main.text)]
        self.table.set_keys([(("J", "K"), _("Choose")), *enter, ("Ctrl+E", _("Export list"))])

    def act(self) -> None:
        """Do the main thing that fits the chosen row."""
        act = self._main()
        if act is not None:
            act.run(self.row)

    def _run(self, act: Act) -> None:
        if self.row is not None:
            act.run(self.row)
