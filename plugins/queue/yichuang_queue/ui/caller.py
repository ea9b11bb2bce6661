"""The caller window: a small window that stays on top, for one desk: call, recall, hold, transfer, pass, finish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QMouseEvent, QShowEvent
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import (
    Button,
    Dialog,
    Dot,
    ErrorNote,
    FormField,
    IconButton,
    ListItem,
    ListPane,
    PageContext,
    ProgressBar,
    Segmented,
    Tag,
    TagSpec,
    Text,
)
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.words import words

_ = words.text
SIZE = (360, 520)
STRIP = (360, 64)
MINUTE = 60


class CallerWindow(QWidget):
    """One desk's caller. Everything it shows comes from the query `queue.caller`."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setProperty("ownWindow", True)
        self.setObjectName("caller")
        self.setWindowTitle(_("Calling"))
        self._context = context
        self._desk = context.actor.desk or ""
        self._view: Any = None
        self._drag: QPoint | None = None
        self._placed = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title_bar())
        self.body = QWidget()
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(16, 12, 16, 0)
        inner.setSpacing(10)
        for part in (self._state_line(), self._ticket_block(), self._acts()):
            inner.addLayout(part)
        column.addWidget(self.body)
        self.waiting = ListPane(search=False, row_height=50)
        self.waiting.activated.connect(self._call_chosen)
        column.addWidget(self.waiting, 1)
        column.addWidget(self._foot())
        self.setFixedSize(*SIZE)
        context.watch({"ticket", "desk", "queue"}, self.load)
        context.every(1000, self._tick)
        self._claim_keys()

    # ---- parts ----

    def _title_bar(self) -> QWidget:
        bar = QWidget()
        bar.setFixedHeight(36)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 6, 0)
        row.addWidget(Text(_("Calling"), 13, strong=True))
        row.addWidget(Text(f"{self._desk} {self._context.actor.name}", 12, "t2"))
        row.addStretch(1)
        self.fold_button = IconButton("minus", _("Fold to a strip"))
        self.fold_button.clicked.connect(self.fold)
        close = IconButton("x", _("Hide"))
        close.clicked.connect(self.hide)
        row.addWidget(self.fold_button)
        row.addWidget(close)
        return bar

    def _state_line(self) -> QHBoxLayout:
        self.state = Dot("grey", _("Desk closed"))
        self.called = Text("", 12, "t2")
        self.clock = Text("", 14, strong=True)
        self.mean = Text("", 12, "t3")
        row = QHBoxLayout()
        for part in (self.state, self.called):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.clock)
        row.addWidget(self.mean)
        return row

    def _ticket_block(self) -> QVBoxLayout:
        self.number = Text("—", 52, "acct", strong=True)
        self.business = Text("", 13, strong=True, wrap=True)
        self.person = Text("", 12, "t2")
        self.tag = Tag("", "amber", small=True)
        self.tag.hide()
        self.bar = ProgressBar()
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addStretch(1)
        for part in (self.business, self.person, self.tag):
            right.addWidget(part)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.number)
        row.addLayout(right, 1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)
        return column

    def _acts(self) -> QVBoxLayout:
        self.main = Button(_("Finish"), kind="primary", icon="check", key="F8", size="decision", binds=False)
        self.main.clicked.connect(self._main_act)
        self.next = Button(_("Call next"), icon="skip-forward", key="F2", size="decision", binds=False)
        self.next.clicked.connect(self.call_next)
        self.recall = Button(_("Recall"), icon="volume-2", key="F3", size="compact", binds=False)
        self.recall.clicked.connect(lambda: self._act("queue.recall"))
        self.hold = Button(_("Hold"), icon="circle-pause", key="F4", size="compact", binds=False)
        self.hold.clicked.connect(self._ask_hold)
        self.transfer = Button(_("Transfer"), icon="corner-up-right", key="F6", size="compact", binds=False)
        self.transfer.clicked.connect(self._ask_transfer)
        self.passing = Button(_("Pass"), icon="x", key="F11", size="compact", binds=False)
        self.passing.clicked.connect(self._pass)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.main, 1)
        top.addWidget(self.next, 1)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate((self.recall, self.hold, self.transfer, self.passing)):
            grid.addWidget(button, place // 2, place % 2)
        self.note = QVBoxLayout()
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(grid)
        column.addLayout(self.note)
        return column

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(48)
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 0, 12, 0)
        self.mode = Segmented(
            [("open", _("Taking")), ("paused", _("Pause")), ("closed", _("Leave"))], "closed"
        )
        self.mode.changed.connect(self._change_mode)
        row.addWidget(self.mode)
        row.addStretch(1)
        return foot

    def _claim_keys(self) -> None:
        claim = self._context.shortcut
        claim("F2", words.lazy("Call next"), self.call_next, everywhere=True)
        claim("F3", words.lazy("Recall"), lambda: self._act("queue.recall"), bar=False, everywhere=True)
        claim("F4", words.lazy("Hold"), self._ask_hold, bar=False, everywhere=True)
        claim("F6", words.lazy("Transfer"), self._ask_transfer, bar=False, everywhere=True)
        claim("F8", words.lazy("Finish"), self._main_act, bar=False, everywhere=True)
        claim("F11", words.lazy("Pass"), self._pass, bar=False, everywhere=True)

    # ---- what it shows ----

    def load(self) -> None:
        """Ask what the desk looks like now."""
        if self._desk:
            self._context.query(
                "queue.caller", {"desk": self._desk}, done=self.show_view, failed=self._failed
            )
        else:
            self._say(_("Sign in at a desk to call numbers."))

    def show_view(self, view: Any) -> None:
        """Show what came."""
        self._view = view
        state = view.desk.state if view.desk is not None else "closed"
        ticket = view.current
        self.mode.set_current(state)
        self.number.setText(ticket.number if ticket else "—")
        self.business.setText(ticket.business if ticket else _("Nobody is at the desk"))
        self.person.setText(ticket.person if ticket else "")
        priority = Priority(ticket.priority) if ticket else Priority.NONE
        self.tag.setVisible(priority is not Priority.NONE)
        if priority is not Priority.NONE:
            self.tag.set_spec(TagSpec(in_language(PRIORITY_NAMES[priority]), "amber"))
        serving = ticket is not None and ticket.state == "serving"
        self.main.setText(_("Finish") if serving or ticket is None else _("Has come"))
        self._gate(state, ticket)
        self.waiting.set_items([_waiting_item(t, self._context.now()) for t in view.waiting])
        longest = view.longest_seconds // MINUTE
        self.waiting.set_footer(
            _("{n} waiting", n=view.waiting_count),
            _("longest {m} minutes, {h} on hold", m=longest, h=len(view.held)),
        )
        self._tick()

    def _gate(self, state: str, ticket: Any) -> None:
        closed = "" if state == "open" else _("Take up work at the desk first.")
        nobody = "" if ticket else _("Nobody is at the desk.")
        standing = _("Finish, hold or transfer the ticket first.") if ticket else ""
        self.next.set_reason(closed or standing)
        for button in (self.main, self.hold, self.transfer):
            button.set_reason(nobody)
        called = ticket is not None and ticket.state == "called"
        for button in (self.recall, self.passing):
            button.set_reason("" if called else _("Only a called ticket."))

    def _tick(self) -> None:
        view = self._view
        if view is None:
            return
        state = view.desk.state if view.desk is not None else "closed"
        ticket = view.current
        if ticket is None:
            names = {
                "open": ("green", _("Free")),
                "paused": ("amber", _("Paused")),
                "closed": ("grey", _("Desk closed")),
            }
            self.state.set_state(*names[state])
            self.called.setText("")
            self.clock.setText("")
            self.mean.setText("")
            self.bar.set(0, 1, " ")
            return
        since = ticket.arrived_at or ticket.called_at
        spent = max(0, int((self._context.now() - since).total_seconds()))
        serving = ticket.state == "serving"
        self.state.set_state("green" if serving else "amber", _("Being served") if serving else _("Called"))
        self.called.setText(_("called {n} times", n=ticket.calls))
        self.clock.setText(_minutes(spent))
        self.clock.set_color("amb" if spent > view.mean_seconds else "t1")
        self.mean.setText(f"/ {_minutes(view.mean_seconds)}")
        self.bar.set(min(spent, view.mean_seconds), max(1, view.mean_seconds), " ")

    # ---- what it does ----

    def call_next(self) -> None:
        """Call whoever is next."""
        if self.next.isEnabled():
            self.next.set_busy(True)
            self._context.run("queue.call_next", {"desk": self._desk}, done=self._called, failed=self._failed)

    def _called(self, ticket: Any) -> None:
        self.next.set_busy(False)
        if ticket is None:
            self._say(_("Nobody is waiting."))
        self.load()

    def _main_act(self) -> None:
        ticket = self._view.current if self._view else None
        if ticket is not None:
            self._act("queue.finish" if ticket.state == "serving" else "queue.arrive")

    def _act(self, name: str, **more: Any) -> None:
        ticket = self._view.current if self._view else None
        if ticket is None:
            return
        request = {"desk": self._desk, "ticket_id": ticket.id, **more}
        self._context.run(name, request, done=lambda _ticket: self._done(), failed=self._failed)

    def _pass(self) -> None:
        ticket = self._view.current if self._view else None
        if ticket is None or ticket.state != "called":
            return
        request = {"desk": self._desk, "ticket_id": ticket.id}

        def undo() -> None:
            self._context.run("queue.undo_pass", request, done=lambda _t: self._done(), failed=self._failed)

        def passed(_ticket: Any) -> None:
            self._context.notify(_("Ticket {number} was passed", number=ticket.number), undo=undo)
            self._done()

        self._context.run("queue.pass", request, done=passed, failed=self._failed)

    def _ask_hold(self) -> None:
        if self._view is None or self._view.current is None:
            return
        fields = [
            FormField("reason", _("Reason"), placeholder=_("Fetching a material, phone call …"), span=4)
        ]

        def decided(values: Any) -> None:
            if values is not None:
                self._act("queue.hold", reason=values["reason"])

        Dialog.ask(self, _("Put the ticket on hold?"), primary=_("Hold"), fields=fields, done=decided)

    def _ask_transfer(self) -> None:
        if self._view is None or self._view.current is None:
            return
        lines = [(code, name) for code, name in self._view.lines.items() if code != self._view.current.line]
        fields = [
            FormField("line", _("To line"), kind="choice", choices=lines, required=True, span=4),
            FormField("reason", _("Reason"), span=4),
        ]

        def decided(values: Any) -> None:
            if values is not None:
                self._act("queue.transfer", line=values["line"], reason=values["reason"])

        Dialog.ask(self, _("Transfer the ticket"), primary=_("Transfer"), fields=fields, done=decided)

    def _call_chosen(self, ticket_id: object) -> None:
        if not self._context.can("queue.call_chosen"):
            self._say(_("Calling out of turn needs a permission of its own."))
            return
        request = {"desk": self._desk, "ticket_id": int(str(ticket_id))}
        self._context.run("queue.call_chosen", request, done=lambda _t: self._done(), failed=self._failed)

    def _change_mode(self, mode: str) -> None:
        now = self._view.desk.state if self._view and self._view.desk else "closed"
        if mode == now:
            return
        if now == "closed":
            self._context.run(
                "queue.open_desk", {"desk": self._desk}, done=lambda _d: self._done(), failed=self._failed
            )
        elif mode == "paused":
            fields = [FormField("reason", _("Reason"), required=True, span=4)]
            Dialog.ask(self, _("Pause the desk?"), primary=_("Pause"), fields=fields, done=self._paused)
        else:
            self._set_desk(mode, "")

    def _paused(self, values: Any) -> None:
        if values is None:
            self.load()
        else:
            self._set_desk("paused", values["reason"])

    def _set_desk(self, state: str, reason: str) -> None:
        request = {"desk": self._desk, "state": state, "reason": reason}
        self._context.run("queue.set_desk", request, done=lambda _d: self._done(), failed=self._failed)

    def _done(self) -> None:
        self._say("")
        self.load()

    def _failed(self, error: UserError) -> None:
        self.next.set_busy(False)
        self._say(error)
        self.load_quietly()

    def load_quietly(self) -> None:
        """Ask again after a refusal; the sentence stays."""
        if self._desk:
            self._context.query(
                "queue.caller", {"desk": self._desk}, done=self.show_view, failed=lambda _e: None
            )

    def _say(self, what: UserError | str) -> None:
        while self.note.count():
            widget = self.note.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        if isinstance(what, UserError):
            self.note.addWidget(ErrorNote(str(what.sentence), str(what.do)))
        elif what:
            self.note.addWidget(Text(what, 12, "amb", wrap=True))

    # ---- the window itself ----

    def fold(self) -> None:
        """Between the whole window and a strip with the ticket."""
        folded = self.height() > STRIP[1]
        for part in (self.waiting,):
            part.setVisible(not folded)
        self.setFixedSize(*(STRIP if folded else SIZE))
        self.fold_button.setAccessibleName(_("Unfold") if folded else _("Fold to a strip"))

    def showEvent(self, event: QShowEvent) -> None:
        """Where it stood last time, or the right bottom corner of the screen."""
        super().showEvent(event)
        if not self._placed:
            self._placed = True
            place = self._context.load("place", None)
            screen = self.screen().availableGeometry()
            corner = QPoint(screen.right() - SIZE[0] - 24, screen.bottom() - SIZE[1] - 48)
            self.move(QPoint(*place) if place and screen.contains(QPoint(*place)) else corner)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window."""
        self._drag = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._drag is not None:
            self.move(event.globalPosition().toPoint() - self._drag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember where it was put."""
        self._drag = None
        self._context.save("place", [self.x(), self.y()])


def _minutes(seconds: int) -> str:
    return f"{seconds // MINUTE:02d}:{seconds % MINUTE:02d}"


def _waiting_item(ticket: Any, now: datetime) -> ListItem:
    waited = max(0, int((now - ticket.issued_at).total_seconds()) // MINUTE)
    priority = Priority(ticket.priority)
    second = "" if priority is Priority.NONE else in_language(PRIORITY_NAMES[priority])
    return ListItem(
        str(ticket.id), f"{ticket.number}　{ticket.business}", second, right=_("{n} min", n=waited)
    )


def build(context: PageContext) -> QWidget:
    """Make the window."""
    return CallerWindow(context)
