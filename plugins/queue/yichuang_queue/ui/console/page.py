"""The queue manager's page: the floor with its desks, the day's tickets, desks and businesses."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Button, ErrorNote, PageContext, PageHeader, Tab, Text, WarnNote, clear_layout
from yichuang_queue.rules.alarms import Alarm, Remedy
from yichuang_queue.rules.floor import DeskNow
from yichuang_queue.ui.console import asks, texts
from yichuang_queue.ui.console.desk import DeskDialog
from yichuang_queue.ui.console.floor import FloorView
from yichuang_queue.ui.console.notices import NoticeDialog
from yichuang_queue.ui.console.replay import ReplayBar
from yichuang_queue.ui.console.setup import SetupView
from yichuang_queue.ui.console.stream import StreamView
from yichuang_queue.ui.ticking import keep_ticking
from yichuang_queue.words import words

_ = words.text
REFRESH_MS = 2000
LEAST_GAP_MS = 500
"""Changes come many in a second; the hall is asked at most twice in one."""
FORECAST_MS = 10 * 60 * 1000
NARROW = 1240
USUAL_MINUTES = 30
FLOOR, SIDE, STREAM, SETUP = "floor", "side", "stream", "setup"


class ConsolePage(QWidget):
    """Keeps what is shown fresh and does what the buttons say; the views only show and tell."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setObjectName("queue-console")
        self._context = context
        self.console: Any = None
        self.forecast: Any = None
        self._asking = self._again = False
        self._want_forecast = True
        self._ending: set[int] = set()
        self.floor, self.replay = FloorView(), ReplayBar(context)
        self.stream, self.setup = StreamView(context), SetupView(context)
        self._note_row = QVBoxLayout()
        self._stack = QStackedWidget()
        for view in (self.floor, self.stream, self.setup):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addLayout(self._note_row)
        column.addWidget(self.replay)
        column.addWidget(self._stack, 1)
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(LEAST_GAP_MS)
        self._gap.timeout.connect(self._gap_over)
        self._connect()
        self._show_tabs()

    def _head(self) -> QWidget:
        self.updated = Text(_("Updated every 2 s"), 12, "t3")
        self.replay_button = Button(_("Replay"), icon="history")
        self.say_button = Button(_("Broadcast"), icon="volume-2")
        self.notices_button = Button(_("Boards"), icon="monitor")
        self.open_button = Button(_("Open a desk"), "primary", icon="plus")
        acts = (self.updated, self.replay_button, self.say_button, self.notices_button, self.open_button)
        self.header = PageHeader(_("Queue floor"), (), acts)
        self.header.tab_changed.connect(self.show_tab)
        return self.header

    def _connect(self) -> None:
        context = self._context
        self.replay_button.clicked.connect(self._enter_replay)
        self.say_button.clicked.connect(self.ask_broadcast)
        self.notices_button.clicked.connect(self._open_notices)
        self.open_button.clicked.connect(lambda _checked: self._ask_open())
        self.floor.opened.connect(self.open_desk)
        self.floor.side.advice.applied.connect(self.apply_advice)
        self.floor.side.advice.adjusted.connect(self._adjust_advice)
        self.floor.side.advice.ignored.connect(self._ignore_advice)
        self.floor.side.loans.ended.connect(self._end_loan)
        self.floor.side.alarms.acted.connect(self._remedy)
        self.replay.scene.connect(self.floor.show_scene)
        self.replay.left.connect(self._left_replay)
        self.setup.asked_lines.connect(self.ask_lines)
        context.watch({"ticket", "desk", "queue", "message", "staff"}, self.load)
        context.every(REFRESH_MS, self.load)
        keep_ticking(context)
        context.every(1000, self._tick)
        context.every(FORECAST_MS, self._renew_forecast)
        context.refresh.connect(self._renew_forecast)
        context.online_changed.connect(self._online)
        context.shown.connect(self._came)
        lazy = words.lazy
        context.shortcut("Ctrl+B", lazy("Broadcast"), self.ask_broadcast, bar=True)
        context.shortcut("Ctrl+Enter", lazy("Apply the suggestion"), self.apply_advice, bar=True)
        context.shortcut("Esc", lazy("Back to now"), self.replay.leave, enabled=lambda: self.replay.active)

    # ---- what it shows ----

    def show_tab(self, tab: str) -> None:
        """Bring a view to the front."""
        self.header.set_current(tab)
        view: Any = {STREAM: self.stream, SETUP: self.setup}.get(tab, self.floor)
        self._stack.setCurrentWidget(view)
        self.floor.narrow(narrow=self.width() < NARROW, side=tab == SIDE)
        if tab != FLOOR:
            self.replay.leave()
        if view is not self.floor:
            view.load()
        if view is self.setup and self.console is not None:
            view.console_came(self.console)

    def load(self) -> None:
        """Ask how it stands; while an answer is under way, or has just come, once afterwards."""
        if self._asking or self._gap.isActive():
            self._again = True
            return
        self._asking, self._again = True, False
        request = {"forecast": self._want_forecast}
        self._context.query("queue.console", request, done=self.show_console, failed=self._failed)

    def show_console(self, console: Any) -> None:
        """Show what came, unless the past is being looked at."""
        self._asking = False
        self._gap.start()
        if self._want_forecast:
            self.forecast, self._want_forecast = console.forecast, False
        self.console = console
        self._say(None)
        self.header.set_count(SIDE, len(console.alarms) or None)
        self._end_overdue()
        if not self.replay.active:
            self.floor.show_console(console, self.forecast)
        view: Any = self._stack.currentWidget()
        if view is not self.floor:
            view.console_came(console)

    def _gap_over(self) -> None:
        if self._again and self._context.visible:
            self.load()

    def _tick(self) -> None:
        if self.console is not None and not self.replay.active:
            self.floor.tick(self._context.now())

    def _renew_forecast(self) -> None:
        self._want_forecast = True

    def _failed(self, error: UserError) -> None:
        self._asking = False
        self._gap.start()
        self._say(error)

    def _online(self, online: bool) -> None:
        self._say(None if online else UserError("OFFLINE", ""))

    def _say(self, error: UserError | None) -> None:
        """Why nothing newer can be shown; what is on the screen stays."""
        clear_layout(self._note_row)
        if error is None:
            self.updated.setText(_("Updated every 2 s"))
            self.updated.set_color("t3")
            return
        since = texts.at(self.console.now) if self.console is not None else ""
        self.updated.setText(_("As of {time}", time=since) if since else _("Not loaded yet"))
        self.updated.set_color("amb")
        if error.code == "OFFLINE":
            note: QWidget = WarnNote(
                _("No connection to the hall's database"), _("What is shown is of {time}; desks go on by themselves.", time=since)
            )  # fmt: skip
        else:
            note = ErrorNote.from_error(error, self.load)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(20, 8, 20, 8)
        row.addWidget(note)
        self._note_row.addWidget(box)

    def _show_tabs(self) -> None:
        narrow = self.width() < NARROW
        tabs = [
            Tab(FLOOR, _("Floor")),
            Tab(STREAM, _("Ticket stream")),
            Tab(SETUP, _("Desks and businesses")),
        ]
        if narrow:
            count = len(self.console.alarms) if self.console is not None else 0
            tabs.insert(1, Tab(SIDE, _("Lines and alarms"), count or None))
        current = self.header.current()
        self.header.set_tabs(tabs)
        self.updated.setVisible(not narrow)
        if self.header.current() != current or not current:
            self.show_tab(self.header.current())
        self.floor.narrow(narrow=narrow, side=self.header.current() == SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() < NARROW) != (self.width() < NARROW) or not self.header.current():
            self._show_tabs()

    def _came(self, args: dict[str, Any]) -> None:
        if args.get("tab") in (FLOOR, STREAM, SETUP):
            self.show_tab(str(args["tab"]))
        if args.get("desk"):
            self.floor.grid.choose(str(args["desk"]))

    def _enter_replay(self) -> None:
        self.show_tab(FLOOR)
        self.replay.enter()

    def _left_replay(self) -> None:
        if self.console is not None:
            self.floor.show_console(self.console, self.forecast)
        self.load()

    # ---- what it does ----

    def ask_broadcast(self) -> None:
        """Tell the hall something."""
        asks.ask_broadcast(self._context, self, self._zones())

    def open_desk(self, code: str) -> None:
        """Look at a desk, with all that can be done about it."""
        desk = self.floor.desk(code)
        if desk is not None and self.console is not None:
            DeskDialog(self._context, desk, self.console, self).over(self)

    def ask_lines(self, code: str) -> None:
        """Ask which lines a desk serves."""
        desk = next((each for each in self.console.desks if each.code == code), None)
        if desk is not None:
            can = self.console.skills.get(desk.staff_id or 0)
            asks.ask_lines(self._context, self, desk, self.console.lines, can)

    def apply_advice(self) -> None:
        """Do what is suggested; it can be undone."""
        advice = self.console.advice if self.console is not None and not self.replay.active else None
        button = self.floor.side.advice.apply_button
        if advice is None or button.property("pressed"):
            return
        button.setProperty("pressed", True)
        button.set_busy(True)
        request = {"line": advice.line, "desks": list(advice.desks), "minutes": advice.minutes}
        self._context.run("queue.lend", request, done=self._lent, failed=self._not_lent)

    def _lent(self, loan: Any) -> None:
        self._release_apply()
        self._context.notify(
            _("{desks} help until {time}", desks="、".join(loan.desks), time=texts.at(loan.until)), "success",
            undo=lambda: self._end_loan(loan.id),
        )  # fmt: skip
        self.load()

    def _not_lent(self, error: UserError) -> None:
        self._release_apply()
        self._context.notify("".join(in_language(part) for part in (error.sentence, error.do)), "error")
        self.load()

    def _release_apply(self) -> None:
        button = self.floor.side.advice.apply_button
        button.setProperty("pressed", False)
        button.set_busy(False)

    def _adjust_advice(self) -> None:
        advice = self.console.advice
        if advice is not None:
            self._help_line(advice.line)

    def _help_line(self, code: str) -> None:
        """Choose desks for a line: the suggested ones are checked, others that could help are offered too."""
        line = next(each for each in self.console.lines if each.code == code)
        advice = self.console.advice if self.console.advice and self.console.advice.line == code else None
        first = advice.able if advice is not None else ()
        able = [desk for desk in self.console.desks if self._could_serve(desk, code)]
        able.sort(key=lambda desk: (desk.code not in first, desk.ticket is not None, desk.code))
        if not able:
            self._ask_open(line.name)
            return
        chosen = advice.desks if advice is not None else ()
        minutes = advice.minutes if advice is not None else USUAL_MINUTES
        asks.ask_lend(self._context, self, line, able, chosen, minutes, self._lent)

    def _could_serve(self, desk: DeskNow, line: str) -> bool:
        can = self.console.skills.get(desk.staff_id or 0)
        return desk.state == "open" and line not in desk.lines and (can is None or line in can)

    def _ignore_advice(self) -> None:
        if self.console.advice is not None:
            self._context.run("queue.ignore_advice", {"line": self.console.advice.line}, done=self._ignored)

    def _ignored(self, until: Any) -> None:
        self._context.status(_("Not suggested again before {time}", time=texts.at(until)))
        self.load()

    def _end_loan(self, loan_id: int) -> None:
        self._context.run("queue.end_loan", {"loan_id": loan_id}, done=lambda _loan: self.load())

    def _end_overdue(self) -> None:
        """Desks whose time is over go back while this page is open; elsewhere `queue.tick` does it."""
        for loan in self.console.loans:
            if loan.until <= self.console.now and loan.id not in self._ending:
                self._ending.add(loan.id)
                self._context.run(
                    "queue.end_loan",
                    {"loan_id": loan.id},
                    failed=lambda _error: None,
                    key=f"loan-over:{loan.id}",
                )

    def _remedy(self, alarm: Alarm) -> None:
        """The one act that helps against an alarm."""
        match alarm.remedy:
            case Remedy.ANSWER:
                self._context.run("queue.answer", {"message_id": alarm.message_id}, done=self._answered)
            case Remedy.OPEN:
                self._ask_open(self._line_name(alarm.line))
            case Remedy.LOOK:
                self.open_desk(alarm.desk)
            case Remedy.ASK:
                zone = next((desk.zone for desk in self.console.desks if desk.code == alarm.desk), "")
                asks.ask_contact(self._context, self, alarm, zone)
            case Remedy.ASSIGN:
                if alarm.desk:
                    self.ask_lines(alarm.desk)
                else:
                    self._help_line(alarm.line)

    def _answered(self, _message: Any) -> None:
        self._context.notify(_("The desk was told that somebody is on the way"), "success")
        self.load()

    def _ask_open(self, line: str = "") -> None:
        if self.console is None:
            return
        closed = [desk for desk in self.console.desks if desk.state == "closed"]
        if closed:
            asks.ask_open(self._context, self, closed, line)
        else:
            self._context.notify(_("Every desk is open."))

    def _open_notices(self) -> None:
        if self.console is not None:
            NoticeDialog(self._context, self.console, self._zones()).over(self)

    def _line_name(self, code: str) -> str:
        return next((line.name for line in self.console.lines if line.code == code), code)

    def _zones(self) -> list[tuple[str, str]]:
        return list(self.console.zones.items()) if self.console is not None else []


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return ConsolePage(context)
