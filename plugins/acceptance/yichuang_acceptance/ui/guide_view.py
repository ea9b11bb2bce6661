"""A guide on the screen: its elements and lists in tabs, to read or to change, with what is wrong told in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Form, KeyValue, PageContext, Panel, Scroller, Tab, TabStrip, Text, clear_layout
from yichuang_acceptance.rules.guide_fields import ELEMENTS, GROUPS
from yichuang_acceptance.ui.guide_fields import facts, form_field, texts
from yichuang_acceptance.ui.guide_list import GuideList
from yichuang_acceptance.ui.guide_versions import GuideVersions
from yichuang_acceptance.words import words

_ = words.text
COLUMNS = 3
LABEL_WIDTH = 120
TABS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "elements": (("names", "handling", "organ", "service", "result", "term"), ("laws",)),
    "materials": ((), ("materials",)),
    "situations": ((), ("situations",)),
    "steps": ((), ("steps", "special")),
    "fees": (("fees",), ("fees",)),
    "more": ((), ("towns", "companions", "questions")),
}
"""Each tab's groups of elements and its lists."""


def _titles() -> dict[str, str]:
    return {
        "elements": _("Elements"), "materials": _("Materials"), "situations": _("Situations"),
        "steps": _("Course and review"), "fees": _("Fees"), "more": _("Townships and related"),
        "versions": _("Versions"),
    }  # fmt: skip


class GuideView(QWidget):
    """The tabs of one version.

    Signals:
        changed: The person changed something that is not kept yet.
    """

    changed = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._detail: Any = None
        self._editable = False
        self.forms: dict[str, Form] = {}
        self.tabs = TabStrip([Tab(tab, title) for tab, title in _titles().items()])
        self.tabs.tab_changed.connect(self.open_tab)
        self._stack = QStackedWidget()
        self._groups: dict[str, QVBoxLayout] = {}
        self.lists: dict[str, GuideList] = {}
        for tab, (groups, lists) in TABS.items():
            self._stack.addWidget(self._build_tab(context, tab, groups, lists))
        self.versions = GuideVersions(context)
        self._stack.addWidget(self.versions)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _build_tab(
        self, context: PageContext, tab: str, groups: tuple[str, ...], lists: tuple[str, ...]
    ) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        if groups:
            self._groups[tab] = QVBoxLayout()
            self._groups[tab].setSpacing(12)
            column.addLayout(self._groups[tab])
        for name in lists:
            self.lists[name] = GuideList(context, name)
            self.lists[name].changed.connect(self.changed)
            column.addWidget(self.lists[name], 1)
        return Scroller(inside)

    # ---- showing ----

    def open_tab(self, tab: str) -> None:
        """Bring a tab to the front; the versions are asked for when somebody looks at them."""
        self.tabs.set_current(tab)
        self._stack.setCurrentIndex(list(_titles()).index(tab))
        if tab == "versions" and self._detail is not None:
            self.versions.show_item(self._detail.item)

    def show_guide(self, detail: Any, *, editable: bool) -> None:
        """Show a version, to be changed or only to be read; the tab in front stays."""
        self._detail, self._editable = detail, editable
        self.forms = {}
        for tab, (groups, _lists) in TABS.items():
            if groups:
                clear_layout(self._groups[tab])
                for group in groups:
                    self._add_group(tab, group)
        for name, each in self.lists.items():
            each.show_rows(detail.lists.get(name, []), editable=editable, problems={})
            each.setVisible(
                editable
                or bool(detail.lists.get(name))
                or name in ("materials", "situations", "steps", "fees")
            )
        self.show_problems(detail.problems)
        for tab in ("materials", "situations"):
            self.tabs.set_count(tab, len(detail.lists.get(tab, [])) or None)
        self.open_tab(self.tabs.current())

    def _add_group(self, tab: str, group: str) -> None:
        panel = Panel(str(GROUPS[group]))
        values = self._detail.elements
        if self._editable:
            fields = [form_field(each, values.get(each.name, ""), COLUMNS) for each in ELEMENTS[group]]
            form = Form(fields, COLUMNS)
            form.changed.connect(lambda _key: self.changed.emit())
            self.forms[group] = form
            panel.add(form)
        else:
            pairs = facts(ELEMENTS[group], values)
            panel.add(KeyValue(pairs, LABEL_WIDTH) if pairs else Text(_("Nothing is entered."), 13, "t3"))
        self._groups[tab].addWidget(panel)

    def show_problems(self, problems: Iterable[Any]) -> None:
        """Tell what is wrong where it stands: at fields, and at rows of lists."""
        rows: dict[str, dict[int, str]] = defaultdict(dict)
        for problem in problems:
            found = problem if isinstance(problem, dict) else vars(problem)
            if found["place"] != "elements":
                rows[found["place"]].setdefault(int(found["row"]), str(found["reason"]))
                continue
            for form in self.forms.values():
                form.set_error(str(found["column"]), str(found["reason"]))
        for name, each in self.lists.items():
            each.show_rows(each.rows(), editable=self._editable, problems=rows.get(name, {}))

    # ---- what it holds ----

    def body(self) -> dict[str, Any]:
        """Elements and lists as `acceptance.change_guide` takes them."""
        elements: dict[str, str] = {}
        for form in self.forms.values():
            elements |= texts(form.values())
        return {
            "elements": elements,
            "lists": {name: each.rows() for name, each in self.lists.items() if each.rows()},
        }

    def first_wrong(self) -> str:
        """The tab with the first field that cannot be read, "" where all can; the focus goes there."""
        for tab, (groups, _lists) in TABS.items():
            for group in groups:
                form = self.forms.get(group)
                if form is not None and not _readable(form):
                    self.open_tab(tab)
                    return tab
        return ""


def _readable(form: Form) -> bool:
    """Whether every filled field can be read; what is only missing may stay so in a draft."""
    form.validate()
    values = form.values()
    wrong = [key for key in form.errors() if values[key] not in (None, "") or _is_bad(form, key)]
    for key in form.errors():
        if key not in wrong:
            form.set_error(key, "")
    if wrong:
        form.field(wrong[0]).editor.setFocus()
    return not wrong


def _is_bad(form: Form, key: str) -> bool:
    """A day that cannot be read gives no value, but is not empty."""
    bad = getattr(form.field(key).editor, "is_bad", None)
    return bool(bad and bad())
