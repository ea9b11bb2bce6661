"""The licence page: look-up, catalogue and record of uses under one head."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import IconMark, PageContext, PageHeader, Tab, Text
from yichuang_licence.ui.catalogue import CatalogueView
from yichuang_licence.ui.lookup import LookupView
from yichuang_licence.ui.use_record import UsesView
from yichuang_licence.words import words

_ = words.text
L = words.lazy
TABS = ("lookup", "types", "uses")


class LicencePage(QWidget):
    """Three views; of the two lists the one in front is kept fresh."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.header = PageHeader(
            _("Licences"),
            (Tab("lookup", _("Look up")), Tab("types", _("Catalogue")), Tab("uses", _("Uses"))),
        )
        self.header.tab_changed.connect(self.show_tab)
        self.header.add_action(_recorded_mark())
        self.lookup = LookupView(context)
        self.types = CatalogueView(context)
        self.uses = UsesView(context)
        self._counted = False
        self.types.counted.connect(self._count_types)
        self._stack = QStackedWidget()
        for view in (self.lookup, self.types, self.uses):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        self._claim_keys()
        context.watch({"licence"}, self._load_lists)
        context.refresh.connect(self._refresh)
        context.shown.connect(self._came)
        self._came(context.args)

    def show_tab(self, tab: str) -> None:
        """Bring a view to the front."""
        self.header.set_current(tab)
        self._stack.setCurrentIndex(TABS.index(tab))
        self._load_lists()

    def _claim_keys(self) -> None:
        context = self._context
        context.shortcut("Ctrl+F", L("Look up"), self._next_lookup, bar=True)
        context.shortcut(
            "Ctrl+P", L("Print the verification slip"), self.lookup.print_slip, bar=True,
            enabled=lambda: self._looking() and self.lookup.middle.is_open(),
        )  # fmt: skip
        context.shortcut("Ctrl+Enter", L("Search"), self.lookup.bar.search, enabled=self._looking)

    def _count_types(self, count: int) -> None:
        self._counted = True
        self.header.set_count("types", count)

    def _looking(self) -> bool:
        return self.header.current() == "lookup"

    def _next_lookup(self) -> None:
        if self._looking():
            self.lookup.bar.focus_text()
        else:
            self._stack.currentWidget().search.setFocus()

    def _load_lists(self) -> None:
        """Ask again for the list in front; behind the look-up once for the catalogue, whose count stands in its tab."""
        if self.header.current() == "uses":
            self.uses.load()
        elif not self._looking() or not self._counted:
            self.types.load()

    def _refresh(self) -> None:
        """F5 verifies the open licence again."""
        if self._looking():
            self.lookup.open_again()

    def _came(self, args: dict[str, Any]) -> None:
        """Another page or the palette sent somebody here, perhaps for one licence."""
        if args.get("number"):
            self.show_tab("lookup")
            self.lookup.ask_for("number", str(args["number"]))
        elif args.get("tab") in TABS:
            self.show_tab(str(args["tab"]))


def _recorded_mark() -> QWidget:
    """Everybody is told that what happens here is recorded."""
    mark = QWidget()
    row = QHBoxLayout(mark)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(IconMark("eye", "t3"))
    row.addWidget(Text(_("Every look is recorded"), 12, "t2"))
    return mark


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return LicencePage(context)
