"""Tables that are filled page by page as one walks them, say where they are cut, and are saved whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QLayout

from yichuang.api import UserError
from yichuang.api.ui import DataTable, PageContext
from yichuang_acceptance.ui.list_export import Export
from yichuang_acceptance.ui.listing import Listing, Pager
from yichuang_acceptance.words import words

_ = words.text
PAGE = 200
MOST_LOOKED = 5000
"""Rows among which a wanted one is looked for."""


class TablePages:
    """Fills a table from a listing.

    Args:
        cells: A row as the table shows it, with its id.
        came: Called when the rows came all anew, with the id of the wanted one, which need not be among them.

    Attributes:
        wanted: Id of the row to choose when the rows come; pages are asked for until it is there.
    """

    def __init__(
        self,
        context: PageContext,
        table: DataTable,
        cells: Callable[[Any], dict[str, Any]],
        came: Callable[[Sequence[Any], int | None], None] | None = None,
    ) -> None:
        self._context, self._table, self._cells, self._came = context, table, cells, came
        self._pager = Pager(context, PAGE, self._show, self._append, self._failed)
        self._asked: tuple[Listing, dict[str, Any]] | None = None
        self._export: Export | None = None
        self._sorted = False
        self.wanted: int | None = None
        table.sort_changed.connect(self._sort_chosen)

    @property
    def rows(self) -> list[Any]:
        """The rows so far, in the order of the list."""
        return self._pager.rows

    def load(self, listing: Listing, request: dict[str, Any]) -> None:
        """Ask anew; the same list as far as it had come."""
        self._asked = listing, request
        self._pager.load(listing, request)

    def again(self) -> None:
        """Ask for the same once more."""
        if self._asked is not None:
            self._pager.load(*self._asked)

    def save_by(self, foot: QLayout, title: str) -> None:
        """Let Ctrl+E save the whole list under a title; `foot` holds the bar that is shown meanwhile."""

        def save(kind: str) -> None:
            if self._asked is None or not self.rows:
                self._context.status(_("Nothing is found that could be exported."))
                return
            if self._export is None:
                self._export = Export(self._context)
                foot.addWidget(self._export)
            total = 0 if self._pager.has_more else len(self.rows)
            self._export.start(*self._asked, total, f"{title}.{kind}")

        self._table.export_requested.connect(save)

    def show_again(self) -> None:
        """Show the same rows anew, because what is said about them has changed."""
        self._table.set_rows([self._cells(row) for row in self.rows])
        self._say_more()

    def show(self, rows: Sequence[Any]) -> None:
        """Show rows that were found otherwise, in place of the list."""
        self._table.set_rows([self._cells(row) for row in rows])
        self._table.set_fetch_more(None)

    # ---- what comes ----

    def _show(self, rows: Sequence[Any]) -> None:
        self._table.set_rows([self._cells(row) for row in rows])
        self._table.set_fetch_more(self._pager.more if self._pager.has_more else None)
        self._say_more()
        if not self._goes_on():
            self._choose()

    def _append(self, rows: Sequence[Any]) -> None:
        self._table.set_error(None)
        self._table.append_rows([self._cells(row) for row in rows], more=self._pager.has_more)
        self._say_more()
        if self.wanted is not None and not self._goes_on():
            self._choose()

    def _choose(self) -> None:
        wanted, self.wanted = self.wanted, None
        if self._came is not None:
            self._came(self.rows, wanted)

    def _goes_on(self) -> bool:
        """Ask for the next page where the wanted row has not come yet."""
        there = self.wanted is None or any(row.id == self.wanted for row in self.rows)
        if there or not self._pager.has_more or len(self.rows) >= MOST_LOOKED:
            return False
        self._pager.more()
        return True

    def _failed(self, error: UserError) -> None:
        self._table.set_error(error, self.again)

    def _sort_chosen(self, _key: str, _descending: bool) -> None:
        self._sorted = True
        self._say_more()

    def _say_more(self) -> None:
        number = len(self.rows)
        more = self._pager.has_more
        self._table.set_total(f"{number:,}+" if more else number)
        self._table.set_note(_("sorted among the rows shown") if more and self._sorted else "")
