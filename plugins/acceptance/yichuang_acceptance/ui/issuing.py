"""The issuing desk's page: certificates to make, results and refusals to hand out, closed cases to archive."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Button, PageContext, PageHeader, Tab
from yichuang_acceptance.ui.desk_lists import WindowList
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
        )  # fmt: skip
        stock = Button(_("Blank certificates"), icon="layers")
        stock.clicked.connect(lambda: ask_stock(self, context))
        stock.setVisible(context.can("acceptance.stock"))
        self.header = PageHeader(_("Issuing"), tabs, (stock,))
        self.header.tab_changed.connect(self.show_tab)
        self.lists = {tab: WindowList(context, tab) for tab in LISTS}
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
        context.watch({"case", "paper", "acceptance"}, self.load)
        context.shown.connect(self._came)
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
        self._context.query("acceptance.counts", done=self._counted)

    def _counted(self, counts: Any) -> None:
        for tab in ("ready", "making"):
            self.header.set_count(tab, getattr(counts, tab))

    def _came(self, args: dict[str, Any]) -> None:
        """The page came to the front, perhaps with a case that another page sent here."""
        self._context.query(
            "acceptance.points", done=self.lists["ready"].set_points, failed=lambda _error: None
        )
        if args.get("case_id"):
            tab = str(args.get("tab", "ready"))
            self.view.wanted = None
            self.lists.get(tab, self.view).wanted = int(args["case_id"])
            self.show_tab(tab if tab in self.lists else "ready")


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return IssuingPage(context)
