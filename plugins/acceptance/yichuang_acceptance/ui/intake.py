"""The window's page: a new application, and the lists of what waits at the window."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext, PageHeader, Tab
from yichuang_acceptance.ui.application_form import ApplicationForm, claim_keys
from yichuang_acceptance.ui.desk_lists import DraftsView, WindowList
from yichuang_acceptance.ui.matter_list import MattersView
from yichuang_acceptance.ui.new_case import NewCase
from yichuang_acceptance.ui.offline.desk import Banner, OfflineDesk
from yichuang_acceptance.ui.offline.hand import OfflineHand
from yichuang_acceptance.ui.ticket import TicketHead
from yichuang_acceptance.ui.ticking import keep_ticking
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
LISTS = ("correcting", "tolerated", "ready", "mine")


class IntakePage(QWidget):
    """New application, parked drafts, corrections, promised materials, results to hand out, one's own cases."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.ticket = TicketHead(context)
        tabs = (
            Tab("new", _("New")), Tab("drafts", _("Parked"), 0), Tab("correcting", _("Corrections"), 0),
            Tab("tolerated", _("Promised materials"), 0), Tab("ready", _("To hand out"), 0), Tab("mine", _("My cases"), 0),
            Tab("matters", _("Matters"), 0), Tab("offline", _("Offline"), 0),
        )  # fmt: skip
        self.header = PageHeader(_("Acceptance"), tabs, (self.ticket,))
        self.header.tab_changed.connect(self.show_tab)
        self.new = NewCase(context, self.ticket)
        self.drafts = DraftsView(context, self._resume)
        self.lists = {tab: WindowList(context, tab) for tab in LISTS}
        self.matters = MattersView(context)
        self.hand = OfflineHand(context)
        self.banner = Banner(self.hand)
        self._offline: OfflineDesk | None = None
        self.hand.opened.connect(lambda: self.offline if self.hand.typed is not None else None)
        self.hand.changed.connect(self._count_receipts)
        self.hand.away_changed.connect(self._went)
        self._stack = QStackedWidget()
        for view in (self.new, self.drafts, *self.lists.values(), self.matters):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+Enter", L("Accept or move on"), self._act, bar=True)
        claim_keys(context, self._application)
        context.watch({"case", "draft", "paper", "matter", "acceptance"}, self.load)
        context.shown.connect(self._came)
        keep_ticking(context)

    @property
    def offline(self) -> OfflineDesk:
        """The view for going on without the hall; made when it is first needed, for most days it is not."""
        if self._offline is None:
            self._offline = OfflineDesk(self._context, self.hand)
            self._offline.form.restored.connect(self._offer_back)
            self._stack.addWidget(self._offline)
        return self._offline

    def show_tab(self, tab: str) -> None:
        """Bring a view to the front and ask for what it shows."""
        self.header.set_current(tab)
        views = {"new": self.new, "drafts": self.drafts, "matters": self.matters, **self.lists}
        view: Any = self.offline if tab == "offline" else views[tab]
        self._stack.setCurrentWidget(view)
        self.load()

    def load(self) -> None:
        """Counts, and the list in front."""
        if self.hand.away:
            return
        self._context.query("acceptance.counts", done=self._counted)
        view: Any = self._stack.currentWidget()
        if view not in (self.new, self._offline):
            view.load()

    def _counted(self, counts: Any) -> None:
        for tab in (*LISTS, "drafts", "matters"):
            self.header.set_count(tab, getattr(counts, tab))

    def _count_receipts(self) -> None:
        self.header.set_count("offline", len(self.hand.open_receipts()))

    def _went(self, away: bool) -> None:
        """What was being typed is gone on with offline when the hall goes away, and in the hall when it is back."""
        if away:
            kept = self.new.snapshot()
            if kept is not None and "matter" not in kept["body"]:  # a matter waits for the hall
                self.offline.carry(kept["body"], self.new.keeper.draft_id, self.new.begin)
            if self._stack.currentWidget() is self.new:
                self.show_tab("offline")
        elif self._offline is not None:
            self._offline.form.hand_over(self._gone_on)

    def _offer_back(self) -> None:
        """What was typed offline stands in the form again: with the hall there it is gone on with at the window."""
        if self._offline is not None and not self.hand.away:
            self._offline.form.hand_over(self._gone_on)

    def _gone_on(self, typed: dict[str, Any], draft: int | None) -> bool:
        """What was typed offline stands at the window again, unless something else stands there."""
        if not self.new.is_untouched():
            return False
        self.show_tab("new")
        self.new.restore(draft, typed)
        self.new.keeper.touch()
        return True

    def _application(self) -> ApplicationForm | None:
        """The application in front."""
        view = self._stack.currentWidget()
        if isinstance(view, OfflineDesk):
            return view.application()
        return self.new.form if view is self.new else None

    def _act(self) -> None:
        view = self._stack.currentWidget()
        if isinstance(view, NewCase):
            view.accept()
        elif isinstance(view, WindowList | MattersView | OfflineDesk):
            view.act()

    def _resume(self, draft_id: int, body: dict[str, Any]) -> None:
        self.show_tab("new")
        self.new.keeper.flush()
        self.new.restore(draft_id, body)

    def _came(self, args: dict[str, Any]) -> None:
        """Another page sent somebody here: with an item to begin, or with a case to look at."""
        if args.get("matter_id"):
            self.matters.pages.wanted = int(args["matter_id"])
            self.show_tab("matters")
        elif args.get("case_id"):
            tab = str(args.get("tab", "mine"))
            view = self.lists.get(tab, self.lists["mine"])
            view.pages.wanted = int(args["case_id"])
            self.show_tab(tab if tab in self.lists else "mine")
        elif args.get("item"):
            self.show_tab("new")
            self.new.finder.choose(args["item"])


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return IntakePage(context)
