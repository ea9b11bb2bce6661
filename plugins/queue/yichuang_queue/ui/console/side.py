"""The right of the manager's page: the lines, the suggestion with its one key, desks that are lent, what needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import in_language
from yichuang.api.ui import Button, Hairline, IconMark, Panel, Scroller, Text, clear_layout
from yichuang_queue.rules.alarms import REMEDY_NAMES, Alarm, sentence
from yichuang_queue.rules.balance import Effect, Suggestion
from yichuang_queue.ui.console import texts
from yichuang_queue.ui.console.lines import LineList
from yichuang_queue.words import words

_ = words.text
MOST_ALARMS = 12
MOST_EFFECTS = 4


class AdvicePanel(QFrame):
    """The suggestion: the act, what it does to both lines, why, and one key that does it.

    Signals:
        applied, adjusted, ignored: One of its three buttons was pressed.
    """

    applied = pyqtSignal()
    adjusted = pyqtSignal()
    ignored = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(IconMark("repeat-2", "acct"))
        head.addWidget(Text(_("Suggestion"), 13, strong=True))
        head.addStretch(1)
        self.time = Text("", 12, "t3")
        head.addWidget(self.time)
        column.addLayout(head)
        self.act = Text("", 13, wrap=True)
        self.evidence = Text("", 12, "t3", wrap=True)
        self.facts = QFrame()
        self.facts.setProperty("role", "facts")
        self.effects = QGridLayout(self.facts)
        self.effects.setHorizontalSpacing(12)
        self.effects.setContentsMargins(12, 6, 12, 6)
        for part in (self.act, self.facts, self.evidence):
            column.addWidget(part)
        self.apply_button = Button(_("Apply"), "primary", key="Ctrl+Enter", size="compact", binds=False)
        self.adjust_button = Button(_("Adjust"), size="compact")
        self.ignore_button = Button(_("Ignore"), "ghost", size="compact")
        self.apply_button.clicked.connect(self.applied)
        self.adjust_button.clicked.connect(self.adjusted)
        self.ignore_button.clicked.connect(self.ignored)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.apply_button)
        row.addWidget(self.adjust_button)
        row.addStretch(1)
        row.addWidget(self.ignore_button)
        column.addLayout(row)
        self._shown: Any = None

    def show_advice(self, advice: Suggestion, console: Any) -> None:
        """Show a suggestion; what has not changed is left as it is."""
        lines = {line.code: line for line in console.lines}
        helped = lines[advice.line]
        shown = (advice, helped.arrived, helped.finished)
        if shown == self._shown:
            return
        self._shown = shown
        self.time.setText(texts.at(console.now))
        self.act.setText(
            _(
                "Let {desks} serve “{line}” too, for {n} minutes.", desks="、".join(advice.desks),
                line=f"{helped.code} {helped.name}", n=advice.minutes,
            )
        )  # fmt: skip
        people = {desk.code: desk.staff_name for desk in console.desks}
        self.evidence.setText(
            _(
                "Why: in the last 30 minutes {arrived} came and {finished} were finished; {people} can serve {line}.",
                arrived=helped.arrived, finished=helped.finished, line=helped.name,
                people="、".join(people[desk] for desk in advice.desks),
            )
        )  # fmt: skip
        self._show_effects(
            [(helped.name, advice.helped), *((lines[e.line].name, e) for e in advice.giving)][:MOST_EFFECTS]
        )

    def _show_effects(self, effects: Sequence[tuple[str, Effect]]) -> None:
        clear_layout(self.effects)
        for at, (name, effect) in enumerate(effects):
            self.effects.addWidget(_Effect(name, effect, better=at == 0), at // 2, at % 2)


class _Effect(QWidget):
    """A line's predicted wait before and after."""

    def __init__(self, name: str, effect: Effect, *, better: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Text(name, 12, "t2", elide=True))
        before = _("nobody") if effect.before is None else texts.minutes(effect.before)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Text(before, 13))
        row.addWidget(IconMark("arrow-right", "t3", 14))
        row.addWidget(Text(texts.minutes(effect.after), 13, "grn" if better else "t1", strong=True))
        row.addStretch(1)
        column.addLayout(row)
        self.setAccessibleName(f"{name} {before} → {texts.minutes(effect.after)}")


class AlarmRow(QWidget):
    """An alarm: whom it is about, the sentence, the one act.

    Signals:
        acted: The act was asked for.
    """

    acted = pyqtSignal(object)

    def __init__(self, alarm: Alarm) -> None:
        super().__init__()
        self.alarm = alarm
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        subject = Text(alarm.subject, 12, strong=True)
        subject.setFixedWidth(34)
        subject.setVisible(bool(alarm.subject))  # a kiosk's call has none; its text says which kiosk
        self.sentence = Text("", 12, "t1", wrap=True)
        self.button = Button(in_language(REMEDY_NAMES[alarm.remedy]), "link")
        self.button.clicked.connect(lambda: self.acted.emit(self.alarm))
        row.addWidget(subject)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.button)
        self.show_alarm(alarm)

    def show_alarm(self, alarm: Alarm) -> None:
        """The same alarm a moment later."""
        self.alarm = alarm
        self.sentence.setText(in_language(sentence(alarm)))
        self.button.setAccessibleName(f"{self.button.text()} {alarm.subject}")


class AlarmPanel(Panel):
    """What needs a look, the most urgent first; rows of the same alarm stay the same widgets.

    Signals:
        acted: The alarm whose act was asked for.
    """

    acted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Needs a look"), padding=14, parent=parent)
        self.head.insertWidget(0, IconMark("triangle-alert", "ambd"))
        self.rows: dict[tuple[str, str], AlarmRow] = {}
        self.calm = Text(_("Nothing needs a look now."), 12, "t3")
        self.add(self.calm)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show the most urgent ones, and how many there are."""
        shown = alarms[:MOST_ALARMS]
        self.set_aside(str(len(alarms)) if len(alarms) > 1 else "")
        self.calm.setVisible(not shown)
        if [alarm.key for alarm in shown] != list(self.rows):
            self._arrange(shown)
        for alarm in shown:
            self.rows[alarm.key].show_alarm(alarm)

    def _arrange(self, shown: Sequence[Alarm]) -> None:
        keys = {alarm.key for alarm in shown}
        for key in [key for key in self.rows if key not in keys]:
            row = self.rows.pop(key)
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, alarm in enumerate(shown):
            row = self.rows.get(alarm.key) or self._new_row(alarm)
            self.body.removeWidget(row)
            self.body.insertWidget(place + 1, row)
        self.rows = {alarm.key: self.rows[alarm.key] for alarm in shown}

    def _new_row(self, alarm: Alarm) -> AlarmRow:
        row = self.rows[alarm.key] = AlarmRow(alarm)
        row.acted.connect(self.acted)
        return row


class LoanPanel(Panel):
    """Desks that are lent to a line, until when, with the way back.

    Signals:
        ended: Id of the loan to be ended.
    """

    ended = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Desks helping"), padding=14, parent=parent)
        self._shown: list[Any] = []

    def show_loans(self, loans: Sequence[Any], names: dict[str, str]) -> None:
        """Show the loans that run."""
        self.setVisible(bool(loans))
        if list(loans) == self._shown:
            return
        self._shown = list(loans)
        clear_layout(self.body)
        for loan in loans:
            self.add(self._row(loan, names))

    def _row(self, loan: Any, names: dict[str, str]) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        said = _(
            "{desks} help {line} until {time}", desks="、".join(loan.desks), line=names.get(loan.line, loan.line),
            time=texts.at(loan.until),
        )  # fmt: skip
        layout.addWidget(Text(said, 12, wrap=True), 1)
        back = Button(_("Give back"), "link")
        back.clicked.connect(lambda: self.ended.emit(loan.id))
        layout.addWidget(back)
        return row


class SideView(QFrame):
    """Lines above, then what to do about them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("fill", "subtle")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        head.setFixedHeight(44)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(Text(_("Waiting by line"), 13, strong=True))
        row.addStretch(1)
        row.addWidget(Text(_("People"), 12, "t3"))
        row.addSpacing(12)
        row.addWidget(Text(_("Predicted wait"), 12, "t3"))
        column.addWidget(head)
        column.addWidget(Hairline())
        self.lines = LineList()
        column.addWidget(self.lines)
        self.advice, self.loans, self.alarms = AdvicePanel(), LoanPanel(), AlarmPanel()
        self.replaying = Text(_("Suggestions and alarms are about the present only."), 12, "t3", wrap=True)
        below = QWidget()
        stack = QVBoxLayout(below)
        stack.setContentsMargins(16, 14, 16, 14)
        stack.setSpacing(12)
        for part in (self.replaying, self.advice, self.loans, self.alarms):
            stack.addWidget(part)
            part.hide()
        stack.addStretch(1)
        column.addWidget(Scroller(below), 1)

    def resizeEvent(self, event: object) -> None:
        self.lines.fit()

    def show_console(self, console: Any) -> None:
        """Show the present."""
        self.lines.show_lines(console.lines, console.now)
        self.replaying.hide()
        self.advice.setVisible(console.advice is not None)
        if console.advice is not None:
            self.advice.show_advice(console.advice, console)
        self.loans.show_loans(console.loans, {line.code: line.name for line in console.lines})
        self.alarms.show()
        self.alarms.show_alarms(console.alarms)

    def show_scene(self, scene: Any) -> None:
        """Show a moment of a past day."""
        self.lines.show_lines(scene.lines, scene.moment, live=False)
        self.replaying.show()
        for part in (self.advice, self.loans, self.alarms):
            part.hide()
