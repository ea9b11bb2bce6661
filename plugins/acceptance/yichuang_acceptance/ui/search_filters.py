"""What narrows a search: agency, state, light, days, one item; and the searches that are kept under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE
from yichuang.api.ui import (
    Button,
    ComboBox,
    FlowLayout,
    FormField,
    Menu,
    PageContext,
    SearchBox,
)
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.day_span import DaySpan
from yichuang_acceptance.words import words

_ = words.text
MONTH = 30


def light_choices() -> list[tuple[str, str]]:
    """The lights as one may choose them."""
    return [
        ("", _("Any light")), ("overdue", _("overdue")), ("double_red", _("overdue, statutory limit too")),
        ("due_today", _("due today")), ("warning", _("warning")), ("normal", _("on time")), ("paused", _("paused")),
        ("pending", _("no limit entered")), ("done", _("done")),
    ]  # fmt: skip


class Filters(QWidget):
    """The line of text and the choices below it.

    Signals:
        changed: Something was chosen or typed; ask again.
    """

    changed = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        today = context.now().astimezone(HALL_ZONE).date()
        self._item = ("", "")
        self.text = SearchBox(_("Number, name, pinyin, item, or an identity number"), key="/")
        self.text.setMaximumWidth(560)
        self.agency = ComboBox([("", _("All agencies"))])
        self.state = ComboBox([("", _("Any state")), ("open", _("Still open"))])
        self.light = ComboBox(light_choices())
        self.days = DaySpan(_("Received from"), today)
        self.days.changed.connect(self._tell)
        self.month = Button(_("Last 30 days"), kind="ghost")
        self.month.clicked.connect(lambda: self.set_days(today - timedelta(days=MONTH - 1), today))
        self.item = Button("", icon="x", kind="ghost")
        self.item.clicked.connect(lambda: self.set_item("", ""))
        self.item.hide()
        self.reset = Button(_("Clear all"), kind="ghost", icon="rotate-ccw")
        self.reset.clicked.connect(self.clear)
        for box in (self.agency, self.state, self.light):
            box.changed.connect(lambda _value: self._tell())
        self.text.searched.connect(lambda _text: self._tell())
        self._told = self.wanted()
        self._lay_out()

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(parent=choices)
        for widget in (self.agency, self.state, self.light, self.days, self.month, self.item, self.reset):  # fmt: skip
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(choices)

    def set_choices(
        self, agencies: Sequence[tuple[str, str]], states: Sequence[tuple[str, str]], whole: bool
    ) -> None:
        """What there is to choose from; people of one agency need not choose it."""
        chosen = self.agency.value(), self.state.value()
        self.agency.set_items([("", _("All agencies")), *agencies])
        self.agency.setVisible(whole)
        self.state.set_items([("", _("Any state")), ("open", _("Still open")), *states])
        self.agency.set_value(chosen[0])
        self.state.set_value(chosen[1])

    # ---- what is wanted ----

    def wanted(self) -> dict[str, str]:
        """The request, without what is not narrowed."""
        found = {
            "text": self.text.value()[:100], "agency": self.agency.value() or "", "state": self.state.value() or "",
            "light": self.light.value() or "", "item": self._item[0],
            **self.days.wanted(),
        }  # fmt: skip
        return {name: str(value) for name, value in found.items() if value}

    def problem(self) -> str:
        """What is wrong with the days, "" where nothing is."""
        return self.days.problem()

    def set_wanted(self, wanted: dict[str, str]) -> None:
        """Take over a kept search."""
        self.text.blockSignals(True)
        self.text.set_value(wanted.get("text", ""))
        self.text.blockSignals(False)
        self.agency.set_value(wanted.get("agency", ""))
        self.state.set_value(wanted.get("state", ""))
        self.light.set_value(wanted.get("light", ""))
        self.days.set_wanted(wanted)
        self._show_item(wanted.get("item", ""), wanted.get("item", ""))
        self._tell()

    def clear(self) -> None:
        """Narrow by nothing."""
        self.set_wanted({})

    def set_days(self, first: date, last: date) -> None:
        """Only what was received in these days."""
        self.days.set_wanted({"first": first.isoformat(), "last": last.isoformat()})
        self._tell()

    def set_item(self, code: str, name: str) -> None:
        """Only cases of one item; "" for all."""
        self._show_item(code, name)
        self._tell()

    def _show_item(self, code: str, name: str) -> None:
        self._item = (code, name)
        self.item.setVisible(bool(code))
        self.item.setText(_("Only {item}", item=name))
        self.item.setAccessibleName(_("Show other items too"))

    def _tell(self) -> None:
        wanted = self.wanted() | ({"problem": self.problem()} if self.problem() else {})
        self.reset.setEnabled(bool(wanted))
        if wanted != self._told:
            self._told = wanted
            self.changed.emit()


class KeptSearches(Button):
    """The button that opens the list of kept searches.

    Args:
        apply: Called with what a chosen search wants.
    """

    def __init__(self, context: PageContext, apply: Callable[[dict[str, str]], None]) -> None:
        super().__init__(_("Kept searches"), icon="bookmark")
        self._context, self._apply = context, apply
        self._rows: list[Any] = []
        self.clicked.connect(self.open)

    def load(self) -> None:
        """Ask for the kept searches."""
        self._context.query("acceptance.filters", done=self._show)

    def _show(self, rows: list[Any]) -> None:
        self._rows = rows
        self.setText(_("Kept searches {n}", n=len(rows)) if rows else _("Kept searches"))

    def open(self) -> None:
        """Show the list."""
        self.menu_of_rows().open_below(self)

    def menu_of_rows(self) -> Menu:
        """The list as a menu."""
        menu = Menu(self)
        for row in self._rows:
            menu.add(row.name, lambda row=row: self._apply(row.wanted), "search")
        if not self._rows:
            menu.add(_("No search is kept yet"), lambda: None, enabled=False)
        else:
            menu.addSeparator()
            for row in self._rows:
                menu.add(_("Drop {name}", name=row.name), lambda row=row: self.drop(row), "trash-2")
        return menu

    def keep(self, wanted: dict[str, str]) -> ActDialog:
        """Ask for a name and keep the present search under it."""

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            request = {"name": values["name"], **wanted}
            self._context.run("acceptance.keep_filter", request, done=finished, failed=refused)

        return ActDialog(
            _("Keep this search?"), _("It stays on your list, on every desk. One of the same name is replaced."),
            primary=_("Keep the search"), fields=[FormField("name", _("Name of the search"), required=True, span=2)],
            act=act, done=lambda _id: self.load(),
        ).over(self.window())  # fmt: skip

    def drop(self, row: Any) -> None:
        """Drop a kept search; it can be put back."""

        def dropped(_none: Any) -> None:
            self.load()
            again = {"name": row.name, **row.wanted}
            self._context.notify(
                _("The search was dropped"),
                undo=lambda: self._context.run("acceptance.keep_filter", again, done=lambda _id: self.load()),
            )

        self._context.run("acceptance.drop_filter", {"filter_id": row.id}, done=dropped)
