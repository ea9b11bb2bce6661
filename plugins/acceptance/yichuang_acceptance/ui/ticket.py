"""The ticket at this desk, where there is a queue: number, person, time, and the key that ends its service."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, IconMark, PageContext, Text
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


class TicketHead(QWidget):
    """Stands at the right of the page's head; hidden where nobody is called to this desk or no queue is there.

    Attributes:
        ticket: The ticket, None if there is none.

    Signals:
        changed: Another ticket is there, or none.
    """

    changed = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.ticket: Any = None
        self._number = Text("", 18, "acct")
        self._person = Text("", 13, "t2")
        self._since = Text("", 13, "t2")
        self.finish = Button(_("Finish the ticket"), key="F8", binds=False)
        self.finish.clicked.connect(self.finish_ticket)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._number, self._person, IconMark("clock", "t3", 14), self._since):
            row.addWidget(part)
        row.addSpacing(6)
        row.addWidget(self.finish)
        self.hide()
        context.shortcut(
            "F8", L("Finish the ticket"), self.finish_ticket, enabled=lambda: self.ticket is not None
        )
        context.watch({"ticket", "desk"}, self.load)
        context.every(1000, self._tick)

    def load(self) -> None:
        """Ask which ticket is at this desk; a missing queue shows nothing."""
        desk = self._context.actor.desk
        if desk:
            self._context.query(
                "queue.current", {"desk": desk}, done=self._show, failed=lambda _error: self._show(None)
            )

    def finish_ticket(self) -> None:
        """End the service of the ticket."""
        if self.ticket is None:
            return
        request = {"desk": self._context.actor.desk, "ticket_id": self.ticket.id}
        self.finish.set_busy(True)
        self._context.run("queue.finish", request, done=self._finished, failed=self._refused)

    def _finished(self, ticket: Any) -> None:
        self.finish.set_busy(False)
        self._context.notify(_("Ticket {number} is finished", number=ticket.number), kind="success")
        self.load()

    def _refused(self, error: UserError) -> None:
        self.finish.set_busy(False)
        self._context.notify(str(error.sentence), kind="warning")
        self.load()

    def _show(self, ticket: Any) -> None:
        before = self.ticket.id if self.ticket is not None else None
        self.ticket = ticket
        self.setVisible(ticket is not None)
        if ticket is not None:
            self._number.setText(ticket.number)
            self._person.setText(ticket.person or _("no name"))
            self._tick()
        if before != (ticket.id if ticket is not None else None):
            self.changed.emit()

    def _tick(self) -> None:
        begun = (self.ticket.arrived_at or self.ticket.called_at) if self.ticket is not None else None
        if begun is not None:
            seconds = max(0, int((self._context.now() - begun).total_seconds()))
            self._since.setText(f"{seconds // 60:02d}:{seconds % 60:02d}")
