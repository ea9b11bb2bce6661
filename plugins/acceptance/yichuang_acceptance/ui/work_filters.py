"""What narrows a list of the workbench: light, item, days, how long it waits. A strip that is opened when it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE
from yichuang.api.ui import Button, ComboBox, FlowLayout, Hairline, PageContext, Text
from yichuang_acceptance.ui.day_span import DaySpan
from yichuang_acceptance.ui.search_filters import light_choices
from yichuang_acceptance.words import words

_ = words.text
ITEM_WIDTH = 260
WAITS = (5, 10, 20, 30)
LIGHTS = frozenset(("", "overdue", "due_today", "warning", "normal", "paused"))
"""What work that is not done may have."""


class WorkFilters(QWidget):
    """The choices, in a line.

    Signals:
        changed: Something was chosen; ask again.
    """

    changed = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.light = ComboBox([each for each in light_choices() if each[0] in LIGHTS])
        self.light.setAccessibleName(_("Light"))
        self.waits = ComboBox(
            [("", _("However long it waits"))] + [(str(n), _("At least {n} days", n=n)) for n in WAITS]
        )
        self.waits.setAccessibleName(_("Days waited"))
        self.waits.hide()
        self.item = ComboBox([("", _("All items"))])
        self.item.setAccessibleName(_("Item"))
        self.item.setFixedWidth(ITEM_WIDTH)
        self.days = DaySpan(_("Received from"), context.now().astimezone(HALL_ZONE).date())
        self.reset = Button(_("Clear all"), kind="ghost", icon="rotate-ccw")
        self.reset.clicked.connect(self.clear)
        self._wrong = Text("", 12, "red")
        self._told: dict[str, str] = {}
        self.light.changed.connect(lambda _value: self._tell())
        self.waits.changed.connect(lambda _value: self._tell())
        self.item.changed.connect(lambda _value: self._tell())
        self.days.changed.connect(self._tell)
        self._lay_out()
        self._tell()

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(parent=choices)
        for widget in (self.waits, self.light, self.item, self.days, self.reset, self._wrong):
            flow.addWidget(widget)
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 8)
        row.addWidget(choices, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Hairline())

    def show_waits(self, shown: bool) -> None:
        """Whether the list is one of cases that wait for an organ above."""
        self.waits.setVisible(shown)

    def set_items(self, rows: Sequence[Any]) -> None:
        """The items that the list holds; the chosen one stays, also where nothing of it is left."""
        chosen = self.item.value(), self.item.currentText()
        items = [("", _("All items")), *((row.item, f"{row.name}　{row.count}") for row in rows)]
        if chosen[0] and chosen[0] not in {value for value, _text in items}:
            items.append((str(chosen[0]), chosen[1]))
        self.item.set_items(items)
        self.item.set_value(chosen[0])

    def only(self, item: str, name: str) -> None:
        """Narrow to one item; to all of them where it is the chosen one already."""
        wanted = "" if self.item.value() == item else item
        if wanted and self.item.findData(item) < 0:
            self.item.addItem(name, item)
        self.item.set_value(wanted)
        self._tell()

    def wanted(self) -> dict[str, str]:
        """The request, without what is not narrowed."""
        found = {
            "waited": self.waits.value() or "",
            "light": self.light.value() or "",
            "item": self.item.value() or "",
            **self.days.wanted(),
        }
        return {name: str(value) for name, value in found.items() if value}

    def clear(self) -> None:
        """Narrow by nothing."""
        self.waits.set_value("")
        self.light.set_value("")
        self.item.set_value("")
        self.days.set_wanted({})
        self._tell()

    def _tell(self) -> None:
        problem = self.days.problem()
        self._wrong.setText(problem)
        self._wrong.setVisible(bool(problem))
        self.reset.setEnabled(bool(self.wanted()) or bool(problem))
        if not problem and self.wanted() != self._told:
            self._told = self.wanted()
            self.changed.emit()
