"""A desk looked at closely: who sits there, what it served today, and what the manager can do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import in_language
from yichuang.api.ui import Button, Column, DataTable, Dialog, Job, PageContext, Text
from yichuang_queue.rules.floor import DeskNow, Kind
from yichuang_queue.rules.tickets import STATE_NAMES, State
from yichuang_queue.ui.console import asks, texts
from yichuang_queue.words import words

_ = words.text
TABLE_HEIGHT = 232


class DeskDialog(Dialog):
    """The detail of a desk; its buttons lead to the questions about it."""

    def __init__(self, context: PageContext, desk: DeskNow, console: Any, page: QWidget) -> None:
        names = {line.code: line.name for line in console.lines}
        kind = desk.kind(console.now, console.away_minutes)
        closed = desk.state == "closed"
        facts = [
            (
                _("State"),
                texts.kind_name(kind) if desk.ticket is None else texts.spoken(desk, kind, console.now),
            ),
            (_("Person"), desk.staff_name or "—"),
            (_("Lines"), "、".join(names.get(code, code) for code in desk.lines) or "—"),
        ]
        if desk.reason:
            facts.append((_("Reason"), desk.reason))
        super().__init__(
            _("Desk {desk}", desk=desk.code), primary=_("Have it opened") if closed else _("Assign lines"),
            cancel=_("Close"), facts=facts, wide=True,
        )  # fmt: skip
        self._context, self._desk, self._console, self._page = context, desk, console, page
        self.served = Text(_("Loading …"), 12, "t2")
        self.body.addWidget(self.served)
        self.table = DataTable(
            [
                Column("number", _("Ticket"), width=72, kind="strong"),
                Column("business", _("Business"), stretch=1),
                Column("state", _("State"), width=76),
                Column("called", _("Called"), width=60, align="right"),
                Column("spent", _("Service"), width=76, align="right"),
            ],
            row_height=32,
            footer=False,
        )
        self.table.set_empty("ticket", _("Nobody was served here today"))
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.set_loading(True)
        self.body.addWidget(self.table)
        self.close_button = Button(_("Close desk"), "danger")
        self.close_button.set_reason(_not_closable(desk))
        self.close_button.clicked.connect(self._close_desk)
        self.close_button.setVisible(not closed)
        self.buttons.insertWidget(1, self.close_button)
        self._asked: Job | None = context.query("queue.desk_day", {"desk": desk.code}, done=self._came)

    def over(self, owner: QWidget) -> DeskDialog:
        """Open over the window of `owner`."""
        self.open_in(owner.window())
        return self

    def accept(self) -> None:
        """Go on to the lines of the desk, or have it opened."""
        self._forget()
        super().accept()
        if self._desk.state == "closed":
            asks.ask_open(self._context, self._page, [self._desk])
        else:
            can = self._console.skills.get(self._desk.staff_id or 0)
            asks.ask_lines(self._context, self._page, self._desk, self._console.lines, can)

    def reject(self) -> None:
        """Leave; what was asked for is not needed any more."""
        self._forget()
        super().reject()

    def _forget(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    def _close_desk(self) -> None:
        self.reject()
        asks.ask_close(self._context, self._page, self._desk)

    def _came(self, day: Any) -> None:
        self._asked = None
        mean = texts.minutes(day.mean_seconds) if day.served else "—"
        self.served.setText(_("{n} services today, {mean} on the average", n=day.served, mean=mean))
        self.table.set_loading(False)
        self.table.set_rows(
            [
                {
                    "id": row.id,
                    "number": row.number,
                    "business": row.business,
                    "state": in_language(STATE_NAMES[State(row.state)]),
                    "called": texts.at(row.called_at),
                    "spent": texts.clock(int((row.ended_at - row.arrived_at).total_seconds()))
                    if row.ended_at and row.arrived_at
                    else "",
                }
                for row in day.tickets
            ]
        )


def _doing(desk: DeskNow, kind: Kind, now: datetime) -> str:
    """What it does, with the ticket there."""
    if desk.ticket is None:
        return texts.kind_name(kind)
    parts = (texts.kind_name(kind), desk.ticket.number, desk.ticket.business, texts.clock(desk.seconds(now)))
    return " ".join(parts)


def _not_closable(desk: DeskNow) -> str:
    """Why the desk cannot be closed now; empty where it can."""
    if desk.ticket is None:
        return ""
    return _("Ticket {number} is still there.", number=desk.ticket.number)
