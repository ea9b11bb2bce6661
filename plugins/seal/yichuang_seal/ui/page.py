"""The seal page: the keeper's desk, the ledger and the register of seals under one head."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Button, PageContext, PageHeader, Tab
from yichuang_seal.ui.ledger import LedgerView
from yichuang_seal.ui.seal_list import Pictures
from yichuang_seal.ui.seals import SealsView
from yichuang_seal.ui.stamping import StampingView
from yichuang_seal.ui.verify import Verification
from yichuang_seal.words import _

TABS = ("waiting", "ledger", "seals")


class SealPage(QWidget):
    """Three views; the one in front is kept fresh."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        pictures = Pictures(context)
        self.verification = Verification(context, self)
        self.stamping = StampingView(context, pictures)
        self.ledger = LedgerView(context, self.verification.verify_digest)
        self.seals = SealsView(context, pictures)
        verify = Button(_("Verify a seal"), icon="shield-check")
        verify.clicked.connect(self.verification.choose_file)
        verify.setVisible(context.can("seal.verify"))
        tabs = (
            Tab("waiting", _("To seal"), 0),
            Tab("ledger", _("Ledger")),
            Tab("seals", _("Seals")),
        )
        self.header = PageHeader(_("Seals and stamping"), tabs, (verify,))
        self.header.tab_changed.connect(self.show_tab)
        self._stack = QStackedWidget()
        for view in (self.stamping, self.ledger, self.seals):
            self._stack.addWidget(view)
        self.stamping.counted.connect(lambda waiting: self.header.set_count("waiting", waiting))
        self.seals.counted.connect(lambda count: self.header.set_count("seals", count))
        self.stamping.ledger_asked.connect(lambda: self.show_tab("ledger"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        context.watch({"seal"}, self.load)
        context.shown.connect(self._came)
        self._came(context.args)

    def show_tab(self, tab: str) -> None:
        """Bring a view to the front and ask for what it shows."""
        self.header.set_current(tab)
        self._stack.setCurrentIndex(TABS.index(tab))
        self.load()

    def load(self) -> None:
        """Ask again for what the view in front shows."""
        view: Any = self._stack.currentWidget()
        view.load()

    def _came(self, args: dict[str, Any]) -> None:
        """Another page sent somebody here, perhaps for one paper."""
        self.stamping.pane.list.setFocus()
        if args.get("request_id"):
            self.show_tab("waiting")
            self.stamping.open_paper(int(args["request_id"]))
        elif args.get("tab") in TABS:
            self.show_tab(str(args["tab"]))


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return SealPage(context)
