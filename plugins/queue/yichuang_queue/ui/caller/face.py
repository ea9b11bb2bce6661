"""The face of the caller window, 360 by 520: its parts, and what they show of the desk's view."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import in_language
from yichuang.api.ui import Button, Dot, IconButton, Segmented, Tab, TabStrip, TagSpec, Text
from yichuang_queue.rules.tickets import PRIORITY_NAMES, PassRule, Priority
from yichuang_queue.ui.caller import rows
from yichuang_queue.ui.caller.gate import state_of
from yichuang_queue.ui.caller.list import TicketList
from yichuang_queue.ui.caller.parts import ActTile, Edge, Logo, Say, TicketBlock
from yichuang_queue.words import words

_ = words.text
L = words.lazy
STATES = {
    "": ("grey", L("Asking how the desk stands …")),
    "open": ("green", L("Free")),
    "paused": ("amber", L("Has a break")),
    "closed": ("grey", L("Desk closed")),
}


class CallerFace(QWidget):
    """Everything but the strip.

    Signals:
        tab_shown: Another of the three lists came to the front, by a person or not.
    """

    tab_shown = pyqtSignal()

    def __init__(self, who: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.block = TicketBlock()
        self.say = Say()
        body = QVBoxLayout()
        body.setContentsMargins(14, 10, 14, 0)
        body.setSpacing(0)
        body.addLayout(self._state_line())
        body.addWidget(self.block)
        body.addSpacing(12)
        body.addLayout(self._main_acts())
        body.addSpacing(8)
        body.addLayout(self._tiles())
        body.addSpacing(8)
        body.addWidget(self.say)
        column.addWidget(self._title_bar(who))
        column.addLayout(body)
        column.addWidget(self._list_head())
        column.addWidget(self._lists(), 1)
        column.addWidget(self._foot())

    # ---- parts ----

    def _title_bar(self, who: str) -> QWidget:
        bar = Edge(36, line_at_top=False)
        bar.row.setContentsMargins(11, 0, 5, 0)
        bar.row.setSpacing(2)
        bar.row.addWidget(Logo())
        bar.row.addSpacing(6)
        bar.row.addWidget(Text(_("Calling"), 13, strong=True))
        bar.row.addSpacing(8)
        self.who = Text(who, 12, "t2", elide=True)
        bar.row.addWidget(self.who, 1)
        self.more = IconButton("ellipsis", _("More"), size="compact")
        self.pin = IconButton("pin", _("Stay on top"), size="compact", checkable=True)
        self.fold = IconButton("minus", _("Fold to a strip"), size="compact")
        self.main_window = IconButton("maximize-2", _("Open the main window"), size="compact")
        self.pin.setChecked(True)
        for button in (self.more, self.pin, self.fold, self.main_window):
            bar.row.addWidget(button)
        return bar

    def _state_line(self) -> QHBoxLayout:
        self.state = Dot("grey", "", 13)
        self.called = Text("", 12, "t2")
        self.clock = Text("", 14, strong=True)
        self.mean = Text("", 12, "t3")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.state)
        row.addWidget(self.called)
        row.addStretch(1)
        row.addWidget(self.clock)
        row.addWidget(self.mean)
        return row

    def _main_acts(self) -> QHBoxLayout:
        self.main = Button("", kind="primary", icon="check", key="F8", size="decision", binds=False)
        self.next = Button(_("Call next"), icon="skip-forward", key="F2", size="decision", binds=False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.main, 4)
        row.addWidget(self.next, 3)
        return row

    def _tiles(self) -> QHBoxLayout:
        self.recall = ActTile(_("Recall"), "volume-2", "F3")
        self.hold = ActTile(_("Hold"), "circle-pause", "F4")
        self.transfer = ActTile(_("Transfer"), "corner-up-right", "F6")
        self.passing = ActTile(_("Pass"), "x", "F11")
        row = QHBoxLayout()
        row.setSpacing(8)
        for tile in (self.recall, self.hold, self.transfer, self.passing):
            row.addWidget(tile)
        return row

    def _list_head(self) -> QWidget:
        head = Edge(35, line_at_top=True)
        head.row.setContentsMargins(14, 0, 10, 0)
        head.row.setSpacing(10)
        texts = {"waiting": _("People waiting"), "held": _("On hold"), "passed": _("Passed numbers")}
        self.tabs = TabStrip([Tab(tab, text, 0) for tab, text in texts.items()], 35, 12)
        self.longest = Text("", 12, "t2", elide=True)
        self.second = Button(_("Back in line"), kind="link")
        self.choose = Button("", kind="link", key="F7", binds=False)
        head.row.addWidget(self.tabs)
        head.row.addWidget(self.longest, 1)
        head.row.addWidget(self.second)
        head.row.addWidget(self.choose)
        self.tabs.tab_changed.connect(lambda _tab: self.show_tab())
        return head

    def _lists(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        names = {"waiting": _("People waiting"), "held": _("On hold"), "passed": _("Passed numbers")}
        self.lists = {tab: TicketList() for tab in names}
        for tab, each in self.lists.items():
            each.setAccessibleName(names[tab])
            each.hide()
            column.addWidget(each, 1)
        self.empty = Text("", 12, "t3")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.empty, 1)
        return box

    def _foot(self) -> QWidget:
        foot = Edge(42, line_at_top=True)
        foot.row.setContentsMargins(10, 0, 12, 0)
        modes = [("open", _("Taking")), ("paused", _("Pause")), ("closed", _("Leave"))]
        self.mode = Segmented(modes, "closed")
        self.link = Dot("grey", "")
        foot.row.addWidget(self.mode)
        foot.row.addStretch(1)
        foot.row.addWidget(self.link)
        return foot

    # ---- what they show ----

    def show_view(self, view: Any, *, first_time: bool) -> None:
        """Everything of a view that time does not change.

        Args:
            view: Of the desk.
            first_time: The holder of the ticket has not been here lately.
        """
        state, ticket = state_of(view), view.current
        self.mode.set_current(state)
        if ticket is None:
            reason = view.desk.reason if state == "paused" else ""
            self.block.set_texts("—", _("Nobody is at the desk"), reason, "")
        else:
            self.block.set_texts(ticket.number, ticket.business, ticket.person, follows_text(ticket))
        self.block.tags.set_tags(tags_of(view, first_time=first_time))
        self.main.setText(main_text(state, ticket))
        counts = {"waiting": view.waiting_count, "held": len(view.held), "passed": len(view.passed)}
        for tab, count in counts.items():
            self.tabs.set_count(tab, count)

    def show_clock(self, view: Any, now: datetime) -> str:
        """What the desk does and since when; returns the clock."""
        ticket = view.current if view is not None else None
        if ticket is None:
            tone, name = STATES[state_of(view)]
            self.state.set_state(tone, str(name))
            for text in (self.called, self.clock, self.mean):
                text.setText("")
            self.block.bar.set_share(0)
            return ""
        spent = int((now - (ticket.arrived_at or ticket.called_at)).total_seconds())
        serving = ticket.state == "serving"
        self.state.set_state("green" if serving else "amber", _("Being served") if serving else _("Called"))
        at = rows.wall_time(ticket.called_at)
        self.called.setText(_("{time} called {n} times", time=at, n=ticket.calls))
        self.clock.setText(rows.clock_text(spent))
        self.mean.setText(f"/ {rows.clock_text(view.mean_seconds)}")
        self.block.bar.set_share(spent / max(1, view.mean_seconds))
        self.clock.set_color("amb" if self.block.bar.over() else "t1")
        return self.clock.text()

    def show_lists(
        self, view: Any, rules: Mapping[str, PassRule], targets: Mapping[str, int], now: datetime
    ) -> None:
        """The rows of the three lists, and how long the first has waited."""
        waiting = rows.waiting_rows(view, targets, now)
        self.lists["waiting"].set_rows(waiting)
        self.lists["held"].set_rows(rows.held_rows(view))
        self.lists["passed"].set_rows(rows.passed_rows(view, rules, now))
        show = self.tabs.current() == "waiting" and bool(waiting)
        oldest = max((rows.minutes_since(each.queued_at, now) for each in view.waiting), default=0)
        self.longest.setText(_("longest {n} min", n=oldest) if show else "")
        self.longest.set_color("amb" if any(row.late for row in waiting) else "t2")
        self._show_filled(state_of(view))

    def show_tab(self, tab: str = "") -> None:
        """Bring a list to the front."""
        if tab:
            self.tabs.set_current(tab)
        tab = self.tabs.current()
        acts = {"waiting": _("Choose"), "held": _("Call back"), "passed": _("Restore")}
        self.choose.setText(acts[tab])
        self.second.setVisible(tab == "held")
        self.tab_shown.emit()

    def _show_filled(self, state: str) -> None:
        tab = self.tabs.current()
        for name, each in self.lists.items():
            each.setVisible(name == tab and bool(each.rows()))
        texts = {
            "waiting": _("Nobody is waiting."),
            "held": _("Nobody is on hold at this desk."),
            "passed": _("No number was passed."),
        }
        if state == "closed":
            texts["waiting"] = _("The list shows who waits once you have taken up work.")
        self.empty.setText(texts[tab])
        self.empty.setVisible(not self.lists[tab].rows())

    def show_link(self, voice: str, *, online: bool, known: bool) -> None:
        """The voice where this desk has one; else the connection to the hall."""
        if not online:
            self.link.set_state("amber", _("Offline: no calls now"))
        elif voice in ("failed", "closed"):
            self.link.set_state("amber", _("Voice is not connected"))
        elif voice == "ready":
            self.link.set_state("green", _("Voice is connected"))
        else:
            self.link.set_state("green" if known else "grey", _("Hall is connected") if known else "")


def main_text(state: str, ticket: Any) -> str:
    """What the first button does."""
    if ticket is None:
        return _("Finish and rate") if state == "open" else _("Take up work")
    return _("Begin") if ticket.state == "called" else _("Finish and rate")


def follows_text(ticket: Any) -> str:
    """What comes after this service on the same ticket."""
    parts = [_("then {business}", business=name) for _line, name in ticket.further]
    if ticket.return_to:
        parts.append(_("then back to {desk}", desk=ticket.return_to))
    return "，".join(parts)


def tags_of(view: Any, *, first_time: bool) -> list[TagSpec]:
    """What is special about the ticket, the most important first; at most three."""
    ticket = view.current
    tags = [TagSpec(_("Help is called"), "amber", "siren")] if view.open_help else []
    if ticket is None:
        return tags
    priority = Priority(ticket.priority)
    if priority is not Priority.NONE:
        tags.append(TagSpec(in_language(PRIORITY_NAMES[priority]), "amber", rows.ICONS[priority]))
    if ticket.due_at is not None:
        tags.append(TagSpec(_("booked {time}", time=rows.wall_time(ticket.due_at)), "teal"))
    if ticket.came_from:
        tags.append(TagSpec(_("transferred from {desk}", desk=ticket.came_from)))
    if first_time:
        tags.append(TagSpec(_("first time in 90 days")))
    return tags[:3]
