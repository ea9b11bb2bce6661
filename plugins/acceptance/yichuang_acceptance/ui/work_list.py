"""The list of the workbench: cases or tasks by time left or otherwise, page by page, narrowed, saved as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout

from yichuang.api import UserError
from yichuang.api.ui import Button, ListItem, ListPane, PageContext
from yichuang_acceptance.ui.case_texts import case_item, count_text, day, stamp
from yichuang_acceptance.ui.list_export import Export
from yichuang_acceptance.ui.listing import Listing, Pager
from yichuang_acceptance.ui.review_desk import task_item
from yichuang_acceptance.ui.search_page import cells_of_case, heads_of_cases
from yichuang_acceptance.ui.work_filters import WorkFilters
from yichuang_acceptance.ui.work_order import DUE, WorkOrder
from yichuang_acceptance.words import words

_ = words.text
PAGE = 200
TASKS, AGENCY_TASKS, SENT_UP = "tasks", "agency_tasks", "forwarded"
LISTS = {TASKS: "mine", AGENCY_TASKS: "agency"}
"""Tabs that list tasks, by the list of `acceptance.my_tasks`; every task of the agency is for heads of section."""


def heads_of_tasks() -> list[str]:
    """Heads of the spreadsheet."""
    return [
        _("Case number"), _("Item"), _("Applicant"), _("Node"), _("Whose"), _("Opened"), _("Due"), _("Time left"),
    ]  # fmt: skip


def cells_of_task(r: Any) -> list[str]:
    """A task in the spreadsheet."""
    return [
        r.case_no, r.item_name, r.applicant, r.name, r.assignee, stamp(r.opened_at), day(r.due_at),
        r.time_left if r.state == "open" else "",
    ]  # fmt: skip


def _behind(moment: str) -> Callable[[Any, int], dict[str, Any] | None]:
    def behind(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
        if len(rows) < limit:
            return None
        last = rows[-1]
        return {"after_due": getattr(last, moment), "after_item": last.item, "after_id": last.id}

    return behind


def _all_of(rows: Any) -> Sequence[Any]:
    found: Sequence[Any] = rows
    return found


def heads_of_sent_up() -> list[str]:
    """Heads of the spreadsheet of cases that wait for an organ above."""
    return [
        _("Case number"), _("Item"), _("Applicant"), _("Organ that decides"), _("Number of the letter"), _("Sent up on"),
        _("Days waited"), _("Time left"), _("Due"),
    ]  # fmt: skip


def cells_of_sent_up(r: Any) -> list[str]:
    """A case that waits for an organ above in the spreadsheet."""
    sent = r.sent
    return [
        r.case_no, r.item_name, r.applicant, sent.organ, sent.number, sent.on.isoformat(), str(sent.days), r.time_left,
        day(r.due_at),
    ]  # fmt: skip


CASES = Listing("acceptance.cases", _all_of, _behind("listed_by"), heads_of_cases, cells_of_case)
CASES_SENT_UP = Listing("acceptance.cases", _all_of, _behind("listed_by"), heads_of_sent_up, cells_of_sent_up)
OWN_TASKS = Listing("acceptance.my_tasks", _all_of, _behind("due_at"), heads_of_tasks, cells_of_task)


class WorkList(QObject):
    """What the pane at the left holds, and the strip and the buttons that narrow and save it.

    Args:
        owner: The page.

    Attributes:
        pane: The list as it is seen.
        strip, foot: Where the page shows what narrows the list, and the bar while it is saved.

    Signals:
        came: The rows of a tab came, all anew.
        lost: They could not be asked for.
    """

    came = pyqtSignal(str)
    lost = pyqtSignal()

    def __init__(self, context: PageContext, owner: QObject) -> None:
        super().__init__(owner)
        self._context = context
        self.tab = "review"
        self._total: int | None = None
        self.pane = ListPane(_("Number, applicant, item"), key="/")
        self.pane.searched.connect(lambda _text: self.load())
        self.order = WorkOrder(context)
        self.order.show_tab(self.tab)
        self.order.chosen.connect(self.load)
        self.pane.top.addWidget(self.order)
        self.strip, self.foot = QVBoxLayout(), QVBoxLayout()
        self.filter_button = Button(_("Filter"), icon="list-filter", key="Alt+F", kind="ghost", binds=False)
        self.filter_button.clicked.connect(self.open_filters)
        self.export_button = Button(_("Export"), icon="download", key="Ctrl+E", kind="ghost", binds=False)
        self.export_button.clicked.connect(self.save)
        self._pager = Pager(context, PAGE, self._show, self._append, self._failed)
        self._shown_tab = ""

    @cached_property
    def filters(self) -> WorkFilters:
        """What narrows the list; made when it is wanted for the first time, as the bar below it."""
        filters = WorkFilters(self._context)
        filters.show_waits(self.tab == SENT_UP)
        filters.hide()
        filters.changed.connect(self._narrowed)
        self.strip.addWidget(filters)
        return filters

    @cached_property
    def export(self) -> Export:
        """The bar that is shown while the list is saved."""
        export = Export(self._context)
        self.foot.addWidget(export)
        return export

    @property
    def _narrowing(self) -> dict[str, str]:
        return self.filters.wanted() if "filters" in self.__dict__ else {}

    @property
    def rows(self) -> list[Any]:
        """The rows so far."""
        return self._pager.rows

    # ---- asking ----

    def show_tab(self, tab: str) -> None:
        """Another list; what narrowed the one before does not narrow it."""
        self.tab, self._total = tab, None
        self.order.show_tab(tab)
        if "filters" in self.__dict__:
            self.filters.blockSignals(True)
            self.filters.clear()
            self.filters.blockSignals(False)
            self.filters.show_waits(tab == SENT_UP)
            self.filters.set_items([])
            self._mark()
            if not self.filters.isHidden():
                self._ask_items()
        self.load()

    def load(self) -> None:
        """Ask for the list anew, as far as it had come."""
        self._pager.load(*self._wanted())

    def _wanted(self) -> tuple[Listing, dict[str, Any]]:
        order = {"order": self.order.order} if self.order.order != DUE else {}
        narrowed = {"text": self.pane.search.value()[:60], **self._narrowing}
        if self.tab in LISTS:
            return OWN_TASKS, {"tab": LISTS[self.tab], **order, **narrowed}
        return CASES_SENT_UP if self.tab == SENT_UP else CASES, {"tab": self.tab, **order, **narrowed}

    def _failed(self, error: UserError) -> None:
        self.pane.set_error(error, self.load)
        self.lost.emit()

    # ---- showing ----

    def items(self, rows: Sequence[Any]) -> list[ListItem]:
        """Rows as the pane shows them."""
        return [task_item(row) if self.tab in LISTS else case_item(row) for row in rows]

    def set_total(self, tab: str, count: int) -> None:
        """How many the whole list holds, where it is counted."""
        if tab == self.tab:
            self._total = count
            self._say_count()

    def drop(self, row_id: int) -> list[Any]:
        """Take a row that is done out of the list before it is asked for anew; gives the rows that are left."""
        self._pager.rows = [row for row in self._pager.rows if row.id != row_id]
        self.pane.set_items(self.items(self.rows))
        return self.rows

    def _show(self, rows: Sequence[Any]) -> None:
        self.pane.set_error(None)
        self.pane.set_items(self.items(rows))
        self._say_more()
        self.came.emit(self.tab)

    def _append(self, rows: Sequence[Any]) -> None:
        self.pane.set_error(None)
        self._say_more(rows)

    def _say_more(self, new: Sequence[Any] | None = None) -> None:
        self.pane.set_fetch_more(self._pager.more if self._pager.has_more else None)
        if new is not None:
            self.pane.append_items(self.items(new))
        self._say_count()

    def _say_count(self) -> None:
        number = len(self.rows)
        order = self.order.words
        whole = not any(value for name, value in self._wanted()[1].items() if name not in ("tab", "order"))
        if whole and self._total is not None:
            self.pane.set_footer(f"{number:,} / {count_text(self._total)}", order)
        elif self._pager.has_more:
            self.pane.set_footer(_("The first {n}", n=f"{number:,}"), order)
        else:
            self.pane.set_footer(_("{n} cases", n=f"{number:,}"), order)

    # ---- narrowing ----

    def open_filters(self) -> None:
        """Open the strip; closing it keeps what it narrows."""
        opened = self.filters.isHidden()
        self.filters.setVisible(opened)
        self._mark()
        if opened:
            self._ask_items()
            self.filters.light.setFocus()

    def only_this_item(self, row: Any) -> None:
        """Narrow to the item of a row, or widen again."""
        self.filters.show()
        self.filters.only(row.item, row.item_name)
        self._ask_items()

    def _ask_items(self) -> None:
        tab = self.tab
        name = "acceptance.task_items" if tab in LISTS else "acceptance.case_items"
        self._context.query(
            name,
            {"tab": LISTS.get(tab, tab)},
            done=lambda rows: self.filters.set_items(rows) if tab == self.tab else None,
        )

    def _narrowed(self) -> None:
        self._mark()
        self.load()

    def _mark(self) -> None:
        """The button says how much the list is narrowed, also while the strip is closed."""
        wanted = len(self._narrowing)
        self.filter_button.setText(_("Filter {n}", n=wanted) if wanted else _("Filter"))

    # ---- saving ----

    def save(self) -> None:
        """Save the whole list, narrowed as it is, as a spreadsheet."""
        if not self.rows:
            self._context.status(_("Nothing is found that could be exported."))
            return
        listing, request = self._wanted()
        total = 0 if self._pager.has_more else len(self.rows)
        name = _("Tasks") if listing is OWN_TASKS else _("Cases")
        self.export.start(listing, request, total, f"{name}.xlsx")
