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
    Job,
    KeyValue,
    PageContext,
    Scroller,
    SidePane,
    Splitter,
    Step,
    Tag,
    TagSpec,
    Text,
    Timeline,
    export_list,
)
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
        title: Under which Ctrl+E saves the list; empty where the page has an export of its own.
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
        title: str = "",
    ) -> None:
        super().__init__()
        self._context, self._cells, self._shown, self._acts = context, cells, shown, acts
        self._rows: dict[int, Any] = {}
        self._job: Job | None = None
        self._wanted: int | None = None
        self._asked: tuple[str, dict[str, Any]] = ("", {})
        self.row: Any = None
        self.bar = QHBoxLayout()
        self.table = DataTable(tuple(columns))
        self.table.set_empty(*empty)
        self._say_keys(None)
        if title:
            export_list(context, self.table, title)
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

    def ask(self, query: str, request: dict[str, Any], wanted: int | None = None) -> None:
        """Ask for the rows; an answer that a newer question has overtaken is dropped. `wanted` is chosen then."""
        if self._job is not None:
            self._job.cancel()
        if wanted is not None:
            self._wanted = wanted
        self._asked = (query, request)
        self._job = self._context.query(
            query, request, done=self._came, failed=lambda error: self.table.set_error(error, self._ask_again)
        )

    def _ask_again(self) -> None:
        self.ask(*self._asked)

    def show_again(self) -> None:
        """Show the same rows anew, because what is said about them has changed."""
        if self._rows:
            self.set_rows(list(self._rows.values()))

    def _came(self, rows: list[Any]) -> None:
        wanted, self._wanted = self._wanted, None
        self.set_rows(rows, wanted)

    def set_rows(self, rows: Sequence[Any], wanted: int | None = None) -> None:
        """Show rows; the chosen one stays chosen, or `wanted` becomes so."""
        self._rows = {row.id: row for row in rows}
        self.table.set_rows([{"id": row.id, "row": row, **self._cells(row)} for row in rows])
        now = wanted if wanted in self._rows else self.row.id if self.row is not None else None
        if now not in self._rows:
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
        self.row = self._rows[key]
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
