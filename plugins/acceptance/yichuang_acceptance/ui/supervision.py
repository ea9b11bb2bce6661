"""The page of electronic supervision (电子监察): violations and notices, reminders, complaints, broken promises."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Button, Hairline, Kpi, PageContext, PageHeader, Tab
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import count_text
from yichuang_acceptance.ui.complaints import Complaints
from yichuang_acceptance.ui.credit import Credit
from yichuang_acceptance.ui.findings import Findings, ask_finding
from yichuang_acceptance.ui.ticking import keep_ticking
from yichuang_acceptance.ui.violations import Violations
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
KINDS = ("open", "answered", "ordered", "reminders", "closed")


class SupervisionPage(QWidget):
    """Figures above, the lists by tabs."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        tabs: tuple[Tab, ...] = (
            Tab("open", _("To answer"), 0), Tab("answered", _("Answered"), 0), Tab("ordered", _("Ordered"), 0),
            Tab("reminders", _("Reminders"), 0), Tab("closed", _("Closed")), Tab("complaints", _("Complaints")),
        )  # fmt: skip
        self._agencies: list[tuple[str, str]] = []
        oversees = context.can("acceptance.oversee")
        if oversees:
            tabs = (*tabs, Tab("findings", _("Findings")))
        if oversees or context.can("acceptance.decide"):
            tabs = (*tabs, Tab("credit", _("Broken promises")))
        self.record = Button(_("Record a finding"), icon="file-plus", kind="primary")
        self.record.clicked.connect(lambda _on: self.ask_finding())
        self.header = PageHeader(_("Supervision of limits"), tabs, [self.record] if oversees else [])
        self.header.tab_changed.connect(self.show_tab)
        self._names = AgencyNames(context, self._named)
        self.lists: dict[str, Any] = {
            kind: Violations(context, kind, self.load, self._names) for kind in KINDS
        }
        find = self.ask_finding if oversees else None
        self.lists["complaints"] = Complaints(context, self.load, self._names, find)
        if oversees:
            self.lists["findings"] = Findings(context, self.load, self._names)
        if tabs[-1].id == "credit":
            self.lists["credit"] = Credit(context, self.load, self._names)
        self._stack = QStackedWidget()
        for view in self.lists.values():
            self._stack.addWidget(view)
        self.tab = "open"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self._figures())
        column.addWidget(Hairline())
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+Enter", L("Answer or close"), self._act, bar=True)
        context.watch({"case", "acceptance", "finding"}, self.load)
        context.shown.connect(self._came)
        keep_ticking(context)

    def _figures(self) -> QHBoxLayout:
        count = _("pieces")
        self.kpis = {
            "open": Kpi(_("To answer"), "—", count), "late": Kpi(_("Answer late"), "—", count),
            "answered": Kpi(_("To look at"), "—", count), "ordered": Kpi(_("Ordered to be mended"), "—", count),
            "reminders": Kpi(_("Reminders"), "—", count),
        }  # fmt: skip
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(24)
        for kpi in self.kpis.values():
            row.addWidget(kpi, 1)
        return row

    @property
    def view(self) -> Any:
        """The list in front."""
        return self.lists[self.tab]

    def show_tab(self, tab: str) -> None:
        """Bring a list to the front."""
        self.tab = tab
        self.header.set_current(tab)
        self._stack.setCurrentWidget(self.view)
        self.load()

    def ask_finding(self, complaint: Any = None) -> ActDialog:
        """Write down what no machine sees; about a complaint, or anything else."""
        return ask_finding(self, self._context, self._agencies, self.load, complaint=complaint)

    def _named(self) -> None:
        self.view.ledger.show_again()

    def _act(self) -> None:
        self.view.ledger.act()

    def load(self) -> None:
        """Ask for the list in front and for the counts."""
        self.view.load()
        self._context.query("acceptance.supervision_counts", done=self._counted, failed=lambda _error: None)

    def _counted(self, counts: Any) -> None:
        for name, kpi in self.kpis.items():
            kpi.set_value(str(count_text(getattr(counts, name))))
        for tab in ("open", "answered", "ordered", "reminders"):
            self.header.set_count(tab, count_text(getattr(counts, tab)))

    def _choices(self, choices: Any) -> None:
        self._agencies = choices.agencies
        for kind in KINDS:
            self.lists[kind].set_agencies(choices.agencies, whole_hall=choices.whole_hall)

    def _came(self, args: dict[str, Any]) -> None:
        self._names.load()
        self._context.query("acceptance.search_choices", done=self._choices, failed=lambda _error: None)
        if args.get("alert_id"):
            self.show_tab(str(args.get("tab", "open")))
            self.view.load(int(args["alert_id"]))
        else:
            self.load()


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return SupervisionPage(context)
