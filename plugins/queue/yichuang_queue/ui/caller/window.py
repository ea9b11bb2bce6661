"""The caller window: a small window that stays on top, for one desk: call, recall, hold, transfer, pass, finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Menu, PageContext, paint
from yichuang_queue.rules.tickets import PassRule, Reentry
from yichuang_queue.ui.applicant.window import ApplicantWindow
from yichuang_queue.ui.broadcasts import hear_broadcasts
from yichuang_queue.ui.caller.asks import CallerAsks
from yichuang_queue.ui.caller.desk import UNSURE, DeskActs, DeskFeed
from yichuang_queue.ui.caller.face import CallerFace
from yichuang_queue.ui.caller.gate import reasons
from yichuang_queue.ui.caller.place import at_place, place_of
from yichuang_queue.ui.caller.strip import STRIP, Strip
from yichuang_queue.ui.ticking import keep_ticking
from yichuang_queue.words import words

_ = words.text
L = words.lazy
SIZE = (360, 520)


class CallerWindow(QWidget):
    """One desk's caller. Everything it shows comes from the query `queue.caller`.

    Attributes:
        desk: Its code, "" where nobody has chosen one.
        view: The last answer, None before the first.
        acts: What is done at the desk.
        asks: What the window asks before it does something, and the acts behind its buttons.
        face, strip: The whole window and what it folds to.
        applicant: The second screen, where it was opened.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setProperty("ownWindow", True)
        self.setWindowTitle(_("Calling"))
        self.context = context
        self.desk = context.actor.desk or ""
        self.view: Any = None
        self.applicant: ApplicantWindow | None = None
        self._rules: dict[str, PassRule] = {}
        self._targets: dict[str, int] = {}
        self._desk_title = self.desk
        self._seen: tuple[int, bool | None] = (0, None)
        self._online = True
        self._away = False  # the last question was not answered, and the window says so
        self._drag: QPoint | None = None
        self._placed = False
        self.feed = DeskFeed(context, self.desk)
        self.acts = DeskActs(context, self.feed)
        self.asks = CallerAsks(self)
        self.face, self.strip = CallerFace(self._who()), Strip()
        self.strip.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.face)
        column.addWidget(self.strip)
        self.setFixedSize(*SIZE)
        self._wire()
        self._listen()
        self._claim_keys()
        self.face.show_tab()
        self.tick()

    def _who(self) -> str:
        return "  ".join(filter(None, (self._desk_title, self.context.actor.name)))

    def _wire(self) -> None:
        """Buttons to acts."""
        face, asks = self.face, self.asks
        for button, act in (
            (face.main, asks.main_act), (face.next, asks.call_next), (self.strip.next, asks.call_next),
            (face.recall, asks.recall), (face.hold, asks.hold), (face.transfer, asks.transfer),
            (face.passing, asks.pass_over), (face.choose, asks.choose), (face.second, asks.resume),
            (face.more, self._open_menu), (face.pin, self._pin), (face.fold, self.fold),
            (face.main_window, show_main_window), (self.strip.unfold, self.fold),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, act=act: act())
        for tab, each in face.lists.items():
            each.chosen.connect(lambda ticket_id, tab=tab: asks.chosen(tab, ticket_id))
        face.mode.changed.connect(asks.change_mode)
        face.say.undo_pressed.connect(asks.undo_pass)
        face.tab_shown.connect(self.tick)

    def _listen(self) -> None:
        context = self.context
        self.feed.came.connect(lambda view, _number: self.show_view(view))
        self.feed.failed.connect(self._not_loaded)
        self.acts.refused.connect(self.refuse)
        self.acts.busy_changed.connect(self._show_busy)
        context.watch({"ticket", "desk", "queue"}, self.load)
        context.every(1000, self.tick)
        keep_ticking(context)
        hear_broadcasts(context, lambda: self.feed.desk)
        context.shown.connect(self._on_shown)
        context.online_changed.connect(self._on_link)
        context.changes.connect(self._on_changes)

    def _claim_keys(self) -> None:
        asks = self.asks
        keys: list[tuple[str, Any, Callable[[], None]]] = [
            ("F2", L("Call next"), asks.call_next), ("F3", L("Recall"), asks.recall), ("F4", L("Hold"), asks.hold),
            ("F6", L("Transfer"), asks.transfer), ("F7", L("Call a chosen ticket"), asks.choose),
            ("F8", L("Begin, or finish and rate"), asks.main_act), ("F11", L("Pass"), asks.pass_over),
            ("Shift+F2", L("Serve without a ticket"), asks.serve_directly),
            ("Shift+F8", L("Finish with a result"), asks.finish_with_result),
            ("Ctrl+F12", L("Call for help"), asks.call_help),
        ]  # fmt: skip
        for key, title, act in keys:
            system = not key.startswith("Shift")
            self.context.shortcut(key, title, act, bar=key == "F2", everywhere=True, system=system)

    def _open_menu(self) -> None:
        menu, asks = Menu(self), self.asks
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(_("Serve without a ticket"), asks.serve_directly, "user-round-plus", "Shift+F2")
        menu.add(_("Finish with a result"), asks.finish_with_result, "clipboard-check", "Shift+F8")
        menu.add(_("Change the lines served here"), asks.choose_lines, "list-checks")
        menu.add(_("Applicant's screen"), self.show_applicant, "monitor")
        menu.add(_("Hide this window"), self.hide, "eye-off")
        menu.addSeparator()
        menu.add(_("Call for help"), asks.call_help, "siren", "Ctrl+F12")
        menu.open_below(self.face.more)

    # ---- what it shows ----

    def load(self) -> None:
        """Ask what the desk looks like now; the person may sit at another desk than before."""
        desk = self.context.actor.desk or ""
        if desk != self.desk:
            self._sit_at(desk)
        if not desk:
            self.remark(_("Sign in at a desk to call numbers."))
            return
        self.feed.ask()
        if not self._rules:
            self._ask_lines()
            self._ask_title()

    def _sit_at(self, desk: str) -> None:
        self.desk = self.feed.desk = self._desk_title = desk
        self.view, self._rules = None, {}
        self.face.who.setText(self._who())
        self.remark("")
        if self.applicant is not None:
            self.applicant.sit_at(desk)

    def _ask_lines(self) -> None:
        def take(found: Any) -> None:
            self._rules = {
                row.code: PassRule(row.calls, row.gap_seconds, Reentry(row.reentry), row.reentry_after, row.passed_minutes)
                for row in found
            }  # fmt: skip
            self._targets = {row.code: row.target_minutes for row in found}
            self.tick()

        self.context.query("queue.lines", done=take, failed=self.refuse)

    def _ask_title(self) -> None:
        def take(found: Any) -> None:
            for row in found:
                if row.code == self.desk:
                    kind = _("Integrated window") if row.kind == "integrated" else row.business
                    self._desk_title = f"{row.code} {kind}".strip()
                    self.face.who.setText(self._who())

        self.context.query("hall.desks", done=take, failed=lambda _error: None)

    def show_view(self, view: Any) -> None:
        """Show what came."""
        self.view = view
        if self._away:
            self._away = False
            self.remark("")
        ticket = view.current
        if ticket is not None and ticket.id != self._seen[0]:
            self._seen = (ticket.id, None)
            self._ask_seen(ticket.id)
        self.face.show_view(view, first_time=self._first_time())
        self.tick()

    def _ask_seen(self, ticket_id: int) -> None:
        """Whether the holder was here lately; asked once for each ticket."""

        def take(seen: bool | None) -> None:
            self._seen = (ticket_id, seen)
            if self.view is not None:
                self.face.show_view(self.view, first_time=self._first_time())

        request = {"ticket_id": ticket_id}
        self.context.query("queue.seen_before", request, done=take, failed=lambda _error: None)

    def _first_time(self) -> bool:
        ticket = self.view.current
        return ticket is not None and self._seen == (ticket.id, False)

    def tick(self) -> None:
        """Each second: the clock, how long people have waited, what may be done."""
        now, view = self.context.now(), self.view
        clock = self.face.show_clock(view, now)
        ticket = view.current if view is not None else None
        if ticket is None:
            self.strip.show_state("—", self.face.state.accessibleName(), clock, over=False)
        else:
            self.strip.show_state(ticket.number, ticket.business, clock, over=self.face.block.bar.over())
        if view is not None:
            self.face.show_lists(view, self._rules, self._targets, now)
        voice = self.context.device("voice")
        self.face.show_link(voice, online=self._online, known=view is not None)
        self._gate()
        self.asks.tick()

    def gate(self) -> dict[str, str]:
        """For every act why it cannot be done now."""
        ticket = self.view.current if self.view is not None else None
        rule = self._rules.get(ticket.line, PassRule()) if ticket is not None else PassRule()
        return reasons(self.view, rule, self.context.now(), self.context.can("queue.call_chosen"))

    def _gate(self) -> None:
        why, face = self.gate(), self.face
        for button, act in (
            (face.next, "next"), (self.strip.next, "next"), (face.main, "main"), (face.recall, "recall"),
            (face.hold, "hold"), (face.transfer, "transfer"), (face.passing, "pass"),
        ):  # fmt: skip
            button.set_reason(why[act])
        restore = (
            "" if self.context.can("queue.issue") else _("Restoring needs the permission to issue tickets.")
        )
        face.choose.set_reason({"waiting": why["chosen"], "held": "", "passed": restore}[face.tabs.current()])

    def _show_busy(self, busy: bool) -> None:
        for button in (self.face.next, self.strip.next, self.face.main):
            button.set_busy(busy)

    # ---- sentences ----

    def refuse(self, error: UserError) -> None:
        """Say what was refused and what to do; that the hall does not answer is amber."""
        tone = "amber" if error.code in UNSURE else "red"
        self.say(" ".join(filter(None, (str(error.sentence), str(error.do or "")))), tone)

    def _not_loaded(self, error: UserError) -> None:
        self._away = True
        self.refuse(error)

    def remark(self, text: str) -> None:
        """Say something that is no error; an empty text takes it away."""
        self.say(text, "amber")

    def say(self, text: str, tone: str, *, undo: bool = False) -> None:
        """One sentence, in the window and in the strip."""
        self.face.say.show_text(text, tone, undo=undo)
        self.strip.show_text(text, tone)

    # ---- from outside ----

    def _on_shown(self, args: dict[str, Any]) -> None:
        """A ticket that was looked for is shown in its list."""
        wanted = args.get("ticket_id")
        if isinstance(wanted, int):
            tab = next((tab for tab, each in self.face.lists.items() if each.select(wanted)), "")
            self.face.show_tab(tab)

    def _on_link(self, online: bool) -> None:
        self._online = online
        self.tick()

    def _on_changes(self, changes: frozenset[tuple[str, str]]) -> None:
        if ("queue", "queue.set_lines") in changes and self.desk:
            self._ask_lines()

    def show_applicant(self) -> None:
        """Open the applicant's screen on the second screen, or as a window where there is none."""
        if self.applicant is None:
            self.applicant = ApplicantWindow(self.context, self.desk)
            self.destroyed.connect(self.applicant.deleteLater)
        self.applicant.open_on(second_screen(self))

    # ---- the window itself ----

    def fold(self) -> None:
        """Between the whole window and a strip with the ticket; the nearest corner of the screen stays."""
        folded = self.strip.isHidden()
        screen = self.screen().availableGeometry()
        place = place_of(self.frameGeometry(), screen)
        self.face.setVisible(not folded)
        self.strip.setVisible(folded)
        self.setFixedSize(*(STRIP if folded else SIZE))
        self.move(at_place(place, self.size(), screen))
        (self.strip.unfold if folded else self.face.fold).setFocus(Qt.FocusReason.OtherFocusReason)

    def unfold(self) -> None:
        """Show the whole window, because something is asked that the strip has no room for."""
        if not self.strip.isHidden():
            self.fold()

    def _pin(self) -> None:
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, self.face.pin.isChecked())
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        """At the corner where it stood last time; the applicant's screen opens beside it where there is a second one."""
        super().showEvent(event)
        if not self._placed:
            self._placed = True
            screen = self.screen().availableGeometry()
            self.move(at_place(self.context.load("place", {}), self.size(), screen))
            if self.desk and second_screen(self) is not None:
                self.show_applicant()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The applicant's screen goes with it."""
        if self.applicant is not None:
            self.applicant.close()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.box(QPainter(self), self.rect(), 0, "surface", "line2")

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
        self.context.save("place", place_of(self.frameGeometry(), self.screen().availableGeometry()))


def second_screen(window: QWidget) -> Any:
    """A screen that the window does not stand on, None where there is one screen."""
    others = [screen for screen in QGuiApplication.screens() if screen is not window.screen()]
    return others[0] if others else None


def show_main_window() -> None:
    """Bring the suite's window back, also from being closed or minimised."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QMainWindow):
            window.showNormal()
            window.raise_()
            window.activateWindow()


def build(context: PageContext) -> QWidget:
    """Make the window."""
    return CallerWindow(context)
