"""A list over the window that is only looked at and saved as a spreadsheet, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from yichuang.api.ui import Column, DataTable, Dialog, PageContext
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.ui.table_pages import TablePages
from yichuang_acceptance.words import words

_ = words.text
WIDTH, HEIGHT = 900, 380


class ListDialog(Dialog):
    """The rows of a listing; the main button, and Ctrl+E, save all of it.

    Args:
        empty: Icon, title and why, where there are no rows.
        cells: A row as the table shows it, with its id.
        name: Of the file that is offered, without its ending.
    """

    def __init__(
        self,
        context: PageContext,
        title: str,
        body: str,
        columns: Sequence[Column],
        empty: tuple[str, str, str],
        cells: Callable[[Any], dict[str, Any]],
        name: str,
    ) -> None:
        super().__init__(title, body, primary=_("Export"), cancel=_("Close"), wide=True)
        self.setFixedWidth(WIDTH)
        self.table = DataTable(columns)
        self.table.setFixedHeight(HEIGHT)
        self.table.set_empty(*empty)
        self.table.set_keys([(("Up", "Down"), _("Choose")), ("Ctrl+E", _("Export list"))])
        self.pages = TablePages(context, self.table, cells)
        self.pages.save_by(self.body, name)
        self.body.addWidget(self.table)

    def load(self, listing: Listing, request: dict[str, Any]) -> None:
        """Ask for the rows."""
        self.pages.load(listing, request)

    def accept(self) -> None:
        """Save the list; the dialog stays."""
        self.table.export_requested.emit("xlsx")
