"""What applicants said of finished services, and the follow-up of bad ratings (差评整改)."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Column,
    DataTable,
    Dialog,
    FormField,
    PageContext,
    Segmented,
    Text,
    export_list,
)
from yichuang_queue.rules.rating import BAD, GRADE_NAMES, Grade
from yichuang_queue.words import words

_ = words.text
PAGE = 100


class RatingsView(QWidget):
    """The newest ratings; a bad one is followed up here, by somebody whom it does not concern."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.which = Segmented([("open", _("To follow up")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("at", _("Time"), 150),
                Column("number", _("Ticket"), 90, kind="strong"),
                Column("business", _("Business"), stretch=2),
                Column("desk", _("Desk"), 80),
                Column("grade", _("Rating"), 110),
                Column("comment", _("Comment"), stretch=3),
                Column("remedy", _("Follow-up"), stretch=3),
                Column("act", "", 92, kind="action"),
            )
        )
        self.table.set_empty(
            "smile", _("No bad rating is open"), _("Bad ratings are listed here until they are followed up.")
        )
        self.table.set_keys([("Ctrl+E", _("Export list"))])
        self.table.acted.connect(lambda _key, row: self.ask(row))
        export_list(context, self.table, _("Ratings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        line = QHBoxLayout()
        line.addWidget(self.which)
        line.addStretch(1)
        line.addWidget(Text(_("A bad rating is called back and put right by somebody else."), 12, "t3"))
        column.addLayout(line)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Ask for the newest ratings."""
        request = {"open_only": self.which.current() == "open", "limit": PAGE}
        self._context.query("queue.ratings", request, done=self._came, failed=self._failed)

    def _came(self, rows: list[Any]) -> None:
        self.table.set_error(None)
        self.table.set_rows([_row(row) for row in rows])

    def _failed(self, error: UserError) -> None:
        self.table.set_error(error, self.load)

    def ask(self, row: dict[str, Any]) -> None:
        """Ask what was done about a bad rating."""
        fields = [FormField("text", _("What was done"), kind="area", required=True, span=4)]

        def decided(values: Any) -> None:
            if values is not None:
                request = {"rating_id": row["id"], "text": values["text"]}
                self._context.run("queue.remedy", request, done=lambda _done: self.load())

        Dialog.ask(
            self, _("Follow the rating of {number} up", number=row["number"]), row["comment"], primary=_("Enter the follow-up"),
            fields=fields, done=decided,
        )  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    bad = row.grade <= BAD
    waits = bad and row.remedied_at is None
    done = (
        f"{row.remedied_by} {row.remedied_at.astimezone(HALL_ZONE):%m-%d %H:%M}　{row.remedy}"
        if row.remedied_at
        else ""
    )
    return {
        "id": row.id, "light": "overdue" if waits else "done", "at": f"{row.rated_at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}",
        "number": row.number, "business": row.business, "desk": row.desk, "grade": in_language(GRADE_NAMES[Grade(row.grade)]),
        "comment": row.comment, "remedy": done, "act": _("Follow up") if waits else "",
    }  # fmt: skip
