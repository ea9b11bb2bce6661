"""Below the face: the hidden fields, each with an eye that shows it, and where the licence stands in the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout

from yichuang.api.ui import Button, IconButton, KeyValue, Menu, Panel, Text, clear_layout
from yichuang_licence.rules import STATUS_NAMES, Status, changes
from yichuang_licence.ui.texts import term, whole_term
from yichuang_licence.words import words

_ = words.text
L = words.lazy
CHANGE_NAMES = {
    Status.IN_FORCE: L("Restore"),
    Status.SUSPENDED: L("Suspend"),
    Status.CANCELLED: L("Cancel"),
    Status.REVOKED: L("Revoke"),
    Status.ANNULLED: L("Annul"),
}
"""What the register may change a licence to, as acts."""
LABEL = 56
CHANGE_ICONS = {Status.IN_FORCE: "rotate-ccw", Status.SUSPENDED: "pause"}


class HiddenFields(Panel):
    """The masked fields of a licence.

    Signals:
        reveal_asked: Key of the field that is to be shown.
    """

    reveal_asked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(_("Masked fields"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.eyes: dict[str, IconButton] = {}
        self.values: dict[str, Text] = {}
        self._masked: dict[str, str] = {}
        self._shown: set[str] = set()

    def show_facts(self, facts: Sequence[Any], why_not: str) -> None:
        """Show the hidden ones of these; `why_not` says why they may not be revealed, empty if they may."""
        clear_layout(self._grid)
        self.eyes, self.values, self._shown = {}, {}, set()
        hidden = [fact for fact in facts if fact.hidden]
        self._masked = {fact.key: fact.value for fact in hidden}
        self.setVisible(bool(hidden))
        for row, fact in enumerate(hidden):
            value = Text(fact.value, 13, wrap=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            eye = IconButton("eye-off", _("Show {field}", field=fact.label), size="compact")
            eye.setEnabled(not why_not)
            eye.setToolTip(why_not or _("Show {field}; this is recorded", field=fact.label))
            eye.clicked.connect(lambda _checked, key=fact.key: self._pressed(key))
            for column, widget in enumerate((Text(fact.label, 13, "t2"), value, eye)):
                self._grid.addWidget(widget, row, column)
            self.eyes[fact.key], self.values[fact.key] = eye, value

    def hidden(self) -> list[str]:
        """Keys of the fields that are still masked."""
        return [key for key in self._masked if key not in self._shown]

    def show_value(self, key: str, value: str) -> None:
        """A field was revealed."""
        if key in self.values:
            self._shown.add(key)
            self.values[key].setText(value)
            self.eyes[key].set_icon("eye", "acct")

    def _pressed(self, key: str) -> None:
        """Hide again what is shown, or ask for it."""
        if key not in self._shown:
            self.reveal_asked.emit(key)
            return
        self._shown.discard(key)
        self.values[key].setText(self._masked[key])
        self.eyes[key].set_icon("eye-off", "t2")


class RegisterFacts(Panel):
    """Identifier, origin, term and status of a licence, and the changes of its status one may make.

    Signals:
        change_asked: The status it is to get.
    """

    change_asked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(_("In the register"))
        self._facts = KeyValue(label_width=LABEL)
        self.body.addWidget(self._facts)
        self._code = Text("", 12, "t2", mono=True, elide=True)
        copy = IconButton("copy", _("Copy the identifier"), size="compact")
        copy.clicked.connect(lambda _checked: QGuiApplication.clipboard().setText(self._code.text()))
        line = QHBoxLayout()
        line.setSpacing(12)
        label = Text(_("Identifier"), 13, "t3")
        label.setMinimumWidth(LABEL)
        line.addWidget(label)
        line.addWidget(self._code, 1)
        line.addWidget(copy)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self.change = Button(_("Change the status"), size="compact", icon="chevron-down")
        self.change.clicked.connect(lambda _checked: self.menu().open_below(self.change))
        self.head.addWidget(self.change)
        self._status = Status.IN_FORCE

    def show_detail(self, detail: Any, may_change: bool, why_not: str) -> None:
        """Show where a licence stands; `why_not` says why it may not be changed by somebody who may change others."""
        row = detail.row
        self._status = Status(row.status)
        origin = _("case {number}", number=detail.case) if detail.case else _("entered by hand")
        self._facts.set_pairs(
            [
                (_("Status"), term(row) if row.changed_on else str(STATUS_NAMES[self._status])),
                (_("Term"), whole_term(row)),
                (_("Origin"), origin),
            ]
        )
        self._code.setText(row.code)
        self.change.setVisible(may_change and bool(changes(self._status)))
        self.change.set_reason(why_not)

    def menu(self) -> Menu:
        """The changes that the register allows from here."""
        menu = Menu(self)
        for wanted in changes(self._status):
            menu.add(
                str(CHANGE_NAMES[wanted]), lambda status=wanted: self.change_asked.emit(status.value),
                CHANGE_ICONS.get(wanted, "ban"),
            )  # fmt: skip
        return menu
