"""Two days between which something lies, typed or chosen."""

from __future__ import annotations

from datetime import date

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api.ui import DateEdit, Text
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 124


class DaySpan(QWidget):
    """First and last day, either of them open.

    Args:
        hint: What happened from the first day on.

    Signals:
        changed: A day was typed or chosen.
    """

    changed = pyqtSignal()

    def __init__(self, hint: str, today: date) -> None:
        super().__init__()
        self.first, self.last = DateEdit(None, today=today), DateEdit(None, today=today)
        for edit, text in ((self.first, hint), (self.last, _("to"))):
            edit.setFixedWidth(WIDTH)
            edit.setPlaceholderText(text)
            edit.setAccessibleName(text)
            edit.editingFinished.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.first)
        row.addWidget(Text("–", 13, "t3"))
        row.addWidget(self.last)

    def wanted(self) -> dict[str, str]:
        """The request, without what is open."""
        days = {"first": self.first.value(), "last": self.last.value()}
        return {name: day.isoformat() for name, day in days.items() if isinstance(day, date)}

    def set_wanted(self, wanted: dict[str, str]) -> None:
        """Take the days of a request; those that it does not say are open."""
        for name, edit in (("first", self.first), ("last", self.last)):
            edit.set_value(date.fromisoformat(wanted[name]) if wanted.get(name) else None)

    def problem(self) -> str:
        """What is wrong with the days, "" where nothing is."""
        if self.first.is_bad() or self.last.is_bad():
            return _("Type days such as 2026-03-17.")
        first, last = self.first.value(), self.last.value()
        if first is not None and last is not None and last < first:
            return _("The last day lies before the first.")
        return ""
