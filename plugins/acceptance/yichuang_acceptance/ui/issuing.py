"""The issuing desk's page: certificates to make, results and refusals to hand out, closed cases to archive."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Button, PageContext, PageHeader, Tab
from yichuang_acceptance.ui.case_texts import count_text
from yichuang_acceptance.ui.desk_lists import WindowList
from yichuang_acceptance.ui.due_files import show_due_files
from yichuang_acceptance.ui.matter_list import MattersView
from yichuang_acceptance.ui.scanned import dialog_is_open, hear_scans
from yichuang_acceptance.ui.stock import ask_stock
from yichuang_acceptance.ui.ticking import keep_ticking
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
LISTS = ("ready", "making", "closed")


class IssuingPage(QWidget):
    """The lists with the chosen case beside them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        tabs = (
            Tab("ready", _("To hand out"), 0), Tab("making", _("Certificates to make"), 0), Tab("closed", _("To archive")),
            Tab("matters", _("Matters"), 0),
        )  # fmt: skip
        stock = Button(_("Blank certificates"), icon="layers")
        stock.clicked.connect(lambda: ask_stock(self, context))
        stock.setVisible(context.can("acceptance.stock"))
        due = Button(_("Files due for appraisal"), icon="archive")
        due.clicked.connect(lambda: show_due_files(self, context))
        self.header = PageHeader(_("Issuing"), tabs, (due, stock))
        self.header.tab_changed.connect(self.show_tab)
        self.lists: dict[str, WindowList | MattersView] = {tab: WindowList(context, tab) for tab in LISTS}
        self.lists["ready"].point.changed.connect(lambda _code: self._count())
        self.lists["matters"] = MattersView(context, "ready")
        self.view = self.lists["ready"]
        self._stack = QStackedWidget()
        for view in self.lists.values():
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+Enter", L("Hand out or move on"), self._act, bar=True)
        context.watch({"case", "paper", "matter", "acceptance"}, self.load)
        context.shown.connect(self._came)
        hear_scans(self, context, self.open_scanned)
        keep_ticking(context)

    def show_tab(self, tab: str) -> None:
        """Bring a list to the front."""
        self.header.set_current(tab)
        self.view = self.lists[tab]
        self._stack.setCurrentWidget(self.view)
        self.load()

    def _act(self) -> None:
        self.view.act()

    def load(self) -> None:
        """Ask for the list in front and for the counts."""
        self.view.load()
        self._count()

    def _count(self) -> None:
        place = self.lists["ready"].place()
        self._context.query("acceptance.counts", place, done=lambda counts: self._counted(counts, place))

    def _counted(self, counts: Any, place: dict[str, Any]) -> None:
        if place != self.lists["ready"].place():
            return  # another point was chosen meanwhile; its own count comes
        for tab in ("ready", "making"):
            self.header.set_count(tab, count_text(getattr(counts, tab)))
        self.header.set_count("matters", count_text(counts.matters_ready))

    def open_scanned(self, number: str) -> None:
        """The case whose bar code was scanned, in the list it stands in."""
        if dialog_is_open(self):
            self._context.notify(_("Close the question first, then scan again."), kind="warning")
            return
        self._context.query("acceptance.case", {"case_no": number}, done=self._scanned)

    def _scanned(self, case: Any) -> None:
        tab = {"ready": "ready", "refused": "ready", "making": "making"}.get(case.row.state)
        tab = tab or ("closed" if "archive" in case.possible else None)
        if tab is None:
            text = _("Case {number} is {state}.", number=case.row.short_no, state=case.row.state_name)
            self._context.notify(text, kind="warning")
            return
        self.lists[tab].pages.wanted = case.row.id
        self.show_tab(tab)

    def _came(self, args: dict[str, Any]) -> None:
        """The page came to the front, perhaps with a case that another page sent here."""
        self._context.query("acceptance.points", done=self._set_points, failed=lambda _error: None)
        if args.get("matter_id"):
            self.lists["matters"].pages.wanted = int(args["matter_id"])
            self.show_tab("matters")
        elif args.get("case_id"):
            tab = str(args.get("tab", "ready"))
            self.view.pages.wanted = None
            self.lists.get(tab, self.view).pages.wanted = int(args["case_id"])
            self.show_tab(tab if tab in self.lists else "ready")

    def _set_points(self, points: list[Any]) -> None:
        self.lists["ready"].set_points(points)
        self._count()  # beside the list that shows one point now


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return IssuingPage(context)
