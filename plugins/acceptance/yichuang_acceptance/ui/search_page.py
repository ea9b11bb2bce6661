"""The search page: every case one may see, by what one types and chooses, with the chosen one beside the list."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Hairline,
    NotePlace,
    PageContext,
    PageHeader,
    Splitter,
    TimeLeft,
)
from yichuang_acceptance.hooks import PAGES
from yichuang_acceptance.ui.case_aside import CaseAside
from yichuang_acceptance.ui.case_texts import day, light_of
from yichuang_acceptance.ui.list_export import Export
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.ui.scanned import dialog_is_open, hear_scans
from yichuang_acceptance.ui.search_filters import Filters, KeptSearches
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
PAGE = 200
MOST_COUNTED = 1000


class SearchPage(QWidget):
    """Type and choose; the newest cases come first, more of them as one scrolls."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._asked = 0  # of the newest request; what comes for an older one is dropped
        self._next = ""
        self._rows: dict[int, Any] = {}
        self._count: int | None = None
        self.filters = Filters(context)
        self.filters.changed.connect(self.load)
        self.kept = KeptSearches(context, self.filters.set_wanted)
        self.keep = Button(_("Keep search"), icon="bookmark-plus", key="Ctrl+S", binds=False)
        self.keep.clicked.connect(self.keep_search)
        self.export_button = Button(
            _("Export list"), kind="primary", icon="download", key="Ctrl+E", binds=False
        )
        self.export_button.clicked.connect(self.save_list)
        self.header = PageHeader(_("Search cases"), actions=(self.kept, self.keep, self.export_button))
        self.table = self._table()
        self.export = Export(context)
        self.aside = CaseAside(context, self.open_case)
        self._note = NotePlace()
        self._lay_out()
        context.shortcut("Ctrl+S", L("Keep search"), self.keep_search)
        context.shortcut("Ctrl+Enter", L("Open the case"), self.open_case, bar=True)
        context.shortcut("Alt+I", L("Only this item"), self.only_this_item, bar=True)
        context.shortcut("Alt+Backspace", L("Clear all"), self.filters.clear)
        context.watch({"case", "acceptance"}, self.load)
        context.shown.connect(self._came_to_front)
        hear_scans(self, context, self.open_scanned)

    def _table(self) -> DataTable:
        table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("number", _("Case number"), 124),
                Column("item", _("Item"), stretch=3, kind="strong"),
                Column("applicant", _("Applicant"), stretch=2),
                Column("agency", _("Agency"), stretch=2, tone="t2"),
                Column("received", _("Received"), 92, tone="t2"),
                Column("state", _("State"), 88),
                Column("left", _("Time left"), 150, kind="time"),
            )
        )
        table.set_empty(
            "search-x",
            _("No case is found"),
            _("Try fewer characters, other days, or clear what narrows the search."),
        )
        table.set_keys(
            [
                ("/", _("Search")),
                (("J", "K"), _("Choose")),
                ("Enter", _("Open")),
                ("Alt+I", _("Only this item")),
            ]
        )
        table.selected.connect(lambda row: self.show_case(row["id"]))
        table.previewed.connect(lambda row: self.show_case(row["id"]))
        table.activated.connect(lambda _row: self.open_case())
        table.export_requested.connect(lambda _kind: self.save_list())
        return table

    def _lay_out(self) -> None:
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.filters)
        self._note.setContentsMargins(20, 0, 20, 0)
        inner.addLayout(self._note)
        inner.addWidget(Hairline())
        inner.addWidget(self.table, 1)
        inner.addWidget(self.export)
        splitter = Splitter("h", "acceptance.search")
        splitter.addWidget(left)
        splitter.addWidget(self.aside)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([980, 340])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(splitter, 1)

    def _came_to_front(self, args: dict[str, Any]) -> None:
        self.kept.load()
        self._context.query(
            "acceptance.search_choices",
            done=lambda c: self.filters.set_choices(c.agencies, c.states, c.whole_hall),
        )
        if args.get("text"):
            self.filters.set_wanted({"text": str(args["text"])})
        self.filters.text.setFocus()

    # ---- asking ----

    def load(self) -> None:
        """Ask for the first page and for the count."""
        problem = self.filters.problem()
        self._note.say(problem)
        if problem:
            return
        self._asked += 1
        asked, request = self._asked, self.filters.wanted()
        self.table.set_loading(True)
        self._context.query(
            "acceptance.search", {**request, "limit": PAGE},
            done=lambda found: self._show(asked, found), failed=lambda error: self._failed(asked, error),
        )  # fmt: skip
        self._context.query(
            "acceptance.search_count", request,
            done=lambda count: self._show_count(asked, count), failed=lambda _error: None,
        )  # fmt: skip

    def _more(self) -> None:
        if not self._next:
            return
        asked, after, self._next = self._asked, self._next, ""
        self._context.query(
            "acceptance.search", {**self.filters.wanted(), "limit": PAGE, "after": after},
            done=lambda found: self._append(asked, found), failed=lambda error: self._failed(asked, error),
        )  # fmt: skip

    def _failed(self, asked: int, error: UserError) -> None:
        if asked == self._asked:
            self.table.set_loading(False)
            self.table.set_error(error, self.load)

    # ---- showing ----

    def _show(self, asked: int, found: Any) -> None:
        if asked != self._asked:
            return
        self.table.set_error(None)
        self.table.set_loading(False)
        self._next = found.next
        self._rows = {row.id: row for row in found.rows}
        self.table.set_rows([_row(row) for row in found.rows])
        self.table.set_fetch_more(self._more if found.next else None)
        chosen = self.table.current_row()
        case_id = chosen["id"] if chosen is not None else next(iter(self._rows), None)
        if case_id is None:
            self.aside.clear()
        else:
            self.table.select(case_id)
            self.show_case(case_id)

    def _append(self, asked: int, found: Any) -> None:
        if asked != self._asked:
            return
        self._next = found.next
        self._rows |= {row.id: row for row in found.rows}
        self.table.append_rows([_row(row) for row in found.rows], more=bool(found.next))

    def _show_count(self, asked: int, count: int) -> None:
        if asked != self._asked:
            return
        self._count = count
        total = f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"
        self.header.set_caption(_("{n} found", n=total))
        self.table.set_total(total)
        self.export_button.set_reason("" if count else _("Nothing is found that could be exported."))

    def show_case(self, case_id: int) -> None:
        """Show a case beside the list."""
        self._context.query("acceptance.case", {"case_id": case_id}, done=self._show_case, failed=self._tell)

    def _show_case(self, case: Any) -> None:
        chosen = self.table.current_row()
        if chosen is not None and chosen["id"] == case.row.id:
            self.aside.show_case(case, _("Open the case") if self._page_of_cases() else "")

    def _tell(self, error: UserError) -> None:
        self.aside.clear()
        self._context.notify(in_language(error.sentence), kind="warning")

    # ---- doing ----

    def _page_of_cases(self) -> str:
        return next((page for permission, page in PAGES if self._context.can(permission)), "")

    def open_case(self) -> None:
        """Open the chosen case where one works on it."""
        row, page = self.table.current_row(), self._page_of_cases()
        if row is not None and page:
            self._context.navigate(page, case_id=row["id"])

    def open_scanned(self, number: str) -> None:
        """Show the case whose bar code was scanned, whatever was searched for before."""
        if dialog_is_open(self):
            self._context.notify(_("Close the question first, then scan again."), kind="warning")
            return
        self.filters.set_wanted({"text": number})

    def only_this_item(self) -> None:
        """Show only cases of the chosen one's item."""
        row = self.table.current_row()
        if row is not None:
            case = self._rows[row["id"]]
            self.filters.set_item(case.item, case.item_name)

    def keep_search(self) -> None:
        """Keep what is typed and chosen under a name."""
        wanted = self.filters.wanted()
        if wanted and not self.filters.problem():
            self.kept.keep(wanted)
        else:
            self._context.status(_("Type or choose something first"))

    def save_list(self) -> None:
        """Save everything that is found as a spreadsheet."""
        if self._count and not self.filters.problem():
            total = self._count if self._count <= MOST_COUNTED else 0
            self.export.start(FOUND, self.filters.wanted(), total, f"{_('Cases')}.xlsx")


def _row(r: Any) -> dict[str, Any]:
    ended = r.light == "done"
    runs = r.due_at is not None and r.light != "paused"
    return {
        "id": r.id, "light": light_of(r), "number": r.short_no, "item": r.item_name, "applicant": r.applicant,
        "agency": r.agency_name, "received": day(r.received_at), "state": r.state_name,
        "left": None if ended else TimeLeft(r.time_left, r.used if runs else None, light_of(r)),
    }  # fmt: skip


def heads_of_cases() -> list[str]:
    """Heads of the spreadsheet."""
    return [
        _("Case number"), _("Item"), _("Applicant"), _("Agency"), _("Received"), _("State"), _("Time left"), _("Due"),
        _("Acceptor"),
    ]  # fmt: skip


def cells_of_case(r: Any) -> list[str]:
    """A case in the spreadsheet."""
    return [
        r.case_no, r.item_name, r.applicant, r.agency_name, day(r.received_at), r.state_name,
        "" if r.light == "done" else r.time_left, day(r.due_at), r.acceptor,
    ]  # fmt: skip


FOUND = Listing(
    "acceptance.search", lambda found: found.rows, lambda found, _limit: {"after": found.next} if found.next else None,
    heads_of_cases, cells_of_case,
)  # fmt: skip
"""What a search finds; an answer tells where the next page begins."""


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return SearchPage(context)
