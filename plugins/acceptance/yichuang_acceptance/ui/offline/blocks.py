"""The blocks of case numbers that desks had in hand on a day: where a gap in the day's numbers comes from."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, identifiers
from yichuang.api.ui import Column, DataTable, DateEdit, Hairline, PageContext, Text
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.words import words

_ = words.text
LIGHTS = {"leased": "current", "returned": "done", "expired": "warning"}


class Blocks(QWidget):
    """A table of a day's blocks, of all desks; today's at first."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.day = DateEdit()
        self.day.setFixedWidth(140)
        self.day.textEdited.connect(lambda _text: self.load())
        self.table = DataTable(
            (
                Column("desk", _("Desk"), 72),
                Column("numbers", _("Numbers"), stretch=1, kind="strong"),
                Column("at", _("Taken in hand"), 120),
                Column("by", _("By"), 96),
                Column("entered", _("Entered later"), 88),
                Column("otherwise", _("Draft or cancelled"), 120),
                Column("unused", _("Never given"), 96),
                Column("state", _("State"), 120, kind="status"),
            )
        )
        self.table.set_empty("inbox", _("No desk had numbers of this day in hand"))
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 10, 16, 10)
        bar.setSpacing(8)
        bar.addWidget(Text(_("Numbers of the day"), 14, strong=True))
        bar.addWidget(self.day)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)

    def begin(self) -> None:
        """Show today's."""
        self.day.set_value(self._context.now().astimezone(HALL_ZONE).date())
        self.load()

    def load(self) -> None:
        """Ask for the day's blocks."""
        day = self.day.value()
        if day is not None:
            request = {"day": day.isoformat()}
            self._context.query(
                "acceptance.num_blocks", request, done=self._show,
                failed=lambda error: self.table.set_error(error, self.load),
            )  # fmt: skip

    def _show(self, rows: list[Any]) -> None:
        self.table.set_error(None)
        states = {"leased": _("in hand"), "returned": _("given back"), "expired": _("not given back")}
        self.table.set_rows(
            [
                {"id": r.id, "desk": r.desk, "at": stamp(r.leased_at), "by": r.staff_name, "entered": str(r.entered),
                 "numbers": f"{identifiers.short_case_number(r.first)} – {identifiers.short_case_number(r.last)}",
                 "otherwise": str(r.ended_otherwise), "unused": "" if r.unused is None else str(r.unused),
                 "state": (LIGHTS[r.state], states[r.state])}
                for r in rows
            ]
        )  # fmt: skip
