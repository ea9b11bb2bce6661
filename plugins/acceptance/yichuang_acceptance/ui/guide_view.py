"""A guide on the screen: its elements and lists in tabs, to read or to change, with what is wrong told in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import Form, KeyValue, PageContext, Panel, Scroller, Tab, TabStrip
from yichuang_acceptance.rules.guide_fields import ELEMENTS, GROUPS
from yichuang_acceptance.ui.form_preview import FormPreview
from yichuang_acceptance.ui.guide_fields import editor_value, facts, form_field, texts
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
    "form": ((), ("form",)),
    "steps": ((), ("steps", "special")),
    "fees": (("fees",), ("fees",)),
    "more": ((), ("towns", "companions", "questions")),
}
"""Each tab's groups of elements and its lists."""


def _titles() -> dict[str, str]:
    return {
        "elements": _("Elements"), "materials": _("Materials"), "situations": _("Situations"),
        "form": _("Application form"), "steps": _("Course and review"), "fees": _("Fees"), "more": _("Townships and related"),
        "versions": _("Versions"),
    }  # fmt: skip


ALWAYS = frozenset({"materials", "situations", "form", "steps", "fees"})
"""Lists that are shown even when they are empty and cannot be changed."""


class GuideGroup(Panel):
    """One group of elements, as facts or as a form; the form is built when it is first needed and kept.

    A group of which nothing is entered is only shown where it can be filled in.

    Signals:
        changed: The person changed a field.
    """

    changed = pyqtSignal()

    def __init__(self, group: str) -> None:
        super().__init__(str(GROUPS[group]))
        self._fields = ELEMENTS[group]
        self._filling = False
        self.form: Form | None = None
        self._facts = KeyValue((), LABEL_WIDTH)
        self.add(self._facts)

    def show_values(self, values: Mapping[str, str], *, editable: bool) -> None:
        """Show the group's elements out of `values`."""
        pairs = [] if editable else facts(self._fields, values)
        self._facts.set_pairs(pairs)
        self._facts.setVisible(bool(pairs))
        self.setVisible(editable or bool(pairs))
        if self.form is not None:
            self.form.setVisible(editable)
            self._filling = True
            self.form.set_values(
                {each.name: editor_value(each, values.get(each.name, "")) for each in self._fields}
            )
            self._filling = False

    def build(self, values: Mapping[str, str]) -> None:
        """Make the form."""
        self.form = Form(
            [form_field(each, values.get(each.name, ""), COLUMNS) for each in self._fields], COLUMNS
        )
        self.form.changed.connect(lambda _key: self._edited())
        self.add(self.form)

    def show_problems(self, problems: Sequence[Mapping[str, Any]]) -> None:
        """Tell what is wrong with an element at its field."""
        for problem in problems if self.form is not None else ():
            if problem["place"] == "elements" and self.form is not None:
                self.form.set_error(str(problem["column"]), str(problem["reason"]))

    def _edited(self) -> None:
        if not self._filling:
            self.changed.emit()


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
        self.tabs = TabStrip([Tab(tab, title) for tab, title in _titles().items()])
        self.tabs.tab_changed.connect(self.open_tab)
        self._stack = QStackedWidget()
        self._groups: dict[str, GuideGroup] = {}
        self._problems: list[dict[str, Any]] = []
        self._building = QTimer(self)
        self._building.setInterval(0)
        self._building.timeout.connect(self._build_one)
        self.lists: dict[str, GuideList] = {}
        self.preview = FormPreview(self._form_replaced)
        for groups, lists in TABS.values():
            self._stack.addWidget(self._build_tab(context, groups, lists))
        self.versions = GuideVersions(context)
        self._stack.addWidget(self.versions)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _build_tab(self, context: PageContext, groups: tuple[str, ...], lists: tuple[str, ...]) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        for group in groups:
            self._groups[group] = GuideGroup(group)
            self._groups[group].changed.connect(self.changed)
            column.addWidget(self._groups[group])
        for name in lists:
            self.lists[name] = GuideList(context, name)
            self.lists[name].changed.connect(self.changed)
            column.addWidget(self.lists[name], 1)
        if lists == ("form",):
            self.lists["form"].changed.connect(self._form_changed)
            column.addWidget(self.preview)
        if groups:
            column.addStretch(1)
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
        for group in self._groups.values():
            group.show_values(detail.elements, editable=editable)
        self._building.start()
        for name, each in self.lists.items():
            each.show_rows(detail.lists.get(name, []), editable=editable)
            each.setVisible(editable or bool(detail.lists.get(name)) or name in ALWAYS)
        self.preview.show_rows(detail.lists.get("form", []), editable=editable)
        self.show_problems(detail.problems)
        for tab in ("materials", "situations", "form"):
            self.tabs.set_count(tab, len(detail.lists.get(tab, [])) or None)
        self.open_tab(self.tabs.current())

    def _form_changed(self) -> None:
        self.preview.show_rows(self.lists["form"].rows(), editable=self._editable)

    def _form_replaced(self, rows: Sequence[Mapping[str, str]]) -> None:
        """A schema was put in the place of the fields."""
        self.lists["form"].show_rows(rows, editable=True)
        self.lists["form"].changed.emit()

    @property
    def forms(self) -> dict[str, Form]:
        """The forms of a version that is being changed, by group of elements; none of one that is only read."""
        while self._build_one():
            pass
        made = {name: group.form for name, group in self._groups.items()} if self._editable else {}
        return {name: form for name, form in made.items() if form is not None}

    def _build_one(self) -> bool:
        """Build one more form: some sixty editors at once would hold the window up."""
        group = next((each for each in self._groups.values() if self._editable and each.form is None), None)
        if group is None:
            self._building.stop()
            return False
        group.build(self._detail.elements)
        group.show_problems(self._problems)
        return True

    def show_problems(self, problems: Iterable[Any]) -> None:
        """Tell what is wrong where it stands: at fields, and at rows of lists."""
        self._problems = [each if isinstance(each, dict) else vars(each) for each in problems]
        rows: dict[str, dict[int, str]] = defaultdict(dict)
        for found in self._problems:
            if found["place"] != "elements":
                rows[found["place"]].setdefault(int(found["row"]), str(found["reason"]))
        for group in self._groups.values():
            group.show_problems(self._problems)
        for name, each in self.lists.items():
            each.show_problems(rows.get(name, {}))

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
