"""Choose a span of days: a usual one by a button, or any by its first and last day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets.choices import Segmented
from yichuang.widgets.inputs import DateEdit
from yichuang.widgets.labels import Text

_ = core.text
L = core.lazy
OWN = "own"
NAMES = {
    "today": L("Today"), "yesterday": L("Yesterday"), "week": L("7 days"),
    "month": L("30 days"), "year": L("12 months"), OWN: L("Own days"),
}  # fmt: skip
BACK = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0), "year": (364, 0)}
"""How many days before today a span begins and ends."""
DAY_WIDTH = 116


class DaySpan(QWidget):
    """Buttons for usual spans and two days; `changed` follows every choice.

    Args:
        spans: Which usual ones are offered: today, yesterday, week, month, year.
        chosen: The one to begin with.
        today: Asked at every choice, because a page may stay open past midnight.
    """

    changed = pyqtSignal()

    def __init__(
        self, spans: Sequence[str], chosen: str, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self.span = Segmented([(name, str(NAMES[name])) for name in (*spans, OWN)], chosen)
        self.first, self.last = DateEdit(today=today()), DateEdit(today=today())
        self._set(*self._usual(chosen))
        self.span.changed.connect(self._chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.span, self.first, Text(_("to"), 13, "t2"), self.last):
            row.addWidget(part)
        for edit in (self.first, self.last):
            edit.setFixedWidth(DAY_WIDTH)
            edit.editingFinished.connect(self._typed)

    def value(self) -> tuple[date, date] | None:
        """The first and the last day, both included; None while `wrong` says something."""
        first, last = self.first.value(), self.last.value()
        return (first, last) if first and last and first <= last else None

    def wrong(self) -> str:
        """What is wrong with the days that were typed; empty if nothing is."""
        if self.first.value() is None or self.last.value() is None:
            return _("Type both days, such as 2026-03-17.")
        return "" if self.value() else _("The last day lies before the first.")

    def set_days(self, first: date, last: date) -> None:
        """Choose these days."""
        self.span.set_current(OWN)
        self._set(first, last)
        self.changed.emit()

    def _set(self, first: date, last: date) -> None:
        self.first.set_value(first)
        self.last.set_value(last)
        self._said = self._texts()

    def _texts(self) -> tuple[str, str]:
        return self.first.text(), self.last.text()

    def _usual(self, span: str) -> tuple[date, date]:
        begin, end = BACK[span]
        today = self._today()
        return today - timedelta(begin), today - timedelta(end)

    def _chosen(self, span: str) -> None:
        if span != OWN:
            self._set(*self._usual(span))
            self.changed.emit()

    def _typed(self) -> None:
        texts = self._texts()
        if texts == self._said:  # only passed through with Tab
            return
        self._said = texts
        self.span.set_current(OWN)
        self.changed.emit()
