"""The applicant's electronic licences that may stand for papers of the item."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Light, PageContext, Text, clear_layout
from yichuang_acceptance.ui.hands import USABLE
from yichuang_acceptance.words import words

_ = words.text
SHOWN = 4
LIGHTS = {"valid": "done", "expiring": "warning"}


class LicencesBox(QWidget):
    """Asks which licences somebody holds, for a purpose, and shows them.

    Attributes:
        held: The usable ones by type.

    Signals:
        came: Another answer is there.
    """

    came = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._asked: tuple[str, str, str] | None = None
        self._found: list[Any] = []
        self.held: dict[str, Any] = {}
        self._used: frozenset[str] = frozenset()
        self._aside = Text("", 12, "t3")
        head = QHBoxLayout()
        head.addWidget(Text(_("Licences that may be used"), 14, strong=True))
        head.addStretch(1)
        head.addWidget(self._aside)
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(4)
        self._rows.setHorizontalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._rows)
        self.clear()

    def clear(self) -> None:
        """Nobody is known yet."""
        self._asked, self._found, self.held = None, [], {}
        self._paint(_("Shown as soon as the applicant is known."))

    def ask(self, identity: tuple[str, str] | None, item_name: str) -> None:
        """Ask for somebody's licences; the purpose is the item. The same question is not asked twice."""
        if identity is None:
            if self._asked is not None:
                self.clear()
                self.came.emit()
            return
        question = (*identity, item_name)
        if question == self._asked:
            return
        self._asked = question
        request = {
            "code_kind": identity[0],
            "code": identity[1],
            "purpose": _("for {item}", item=item_name)[:200],
        }
        self._context.query(
            "acceptance.licences", request,
            done=lambda found: self._take(question, found), failed=lambda error: self._fail(question, error),
        )  # fmt: skip

    def mark_used(self, codes: frozenset[str]) -> None:
        """Which of them stand for papers now."""
        if codes != self._used:
            self._used = codes
            self._paint("")

    def name_of(self, code: str) -> str:
        """The name of a licence; empty where it is not known here."""
        return next((licence.name for licence in self._found if licence.code == code), "")

    def _take(self, question: tuple[str, str, str], found: list[Any]) -> None:
        if question != self._asked:
            return  # somebody else stands at the window by now
        self._found = sorted(found, key=lambda licence: licence.state not in USABLE)
        self.held = {licence.type: licence for licence in reversed(self._found) if licence.state in USABLE}
        self._paint("" if found else _("none known"))
        self.came.emit()

    def _fail(self, question: tuple[str, str, str], error: UserError) -> None:
        if question == self._asked:
            self._asked, self._found, self.held = None, [], {}
            self._paint(in_language(error.sentence))
            self.came.emit()

    def _paint(self, remark: str) -> None:
        clear_layout(self._rows)
        self._aside.setText(_("{n} in all", n=len(self._found)) if len(self._found) > SHOWN else "")
        if not self._found:
            self._rows.addWidget(Text(remark or _("none known"), 12, "t3", wrap=True), 0, 0, 1, 3)
        for row, licence in enumerate(self._found[:SHOWN]):
            used = licence.code in self._used
            self._rows.addWidget(Light(LIGHTS.get(licence.state, "not_yet")), row, 0)
            self._rows.addWidget(Text(licence.name, 13, elide=True), row, 1)
            text, tone = (_("used here"), "grn") if used else (_state_text(licence.state), "t3")
            self._rows.addWidget(Text(text, 12, tone), row, 2)


def _state_text(state: str) -> str:
    return {
        "valid": _("usable"), "expiring": _("expires soon"), "not_yet": _("not valid yet"), "expired": _("expired"),
        "cancelled": _("cancelled"), "revoked": _("revoked"),
    }.get(state, _("state unknown"))  # fmt: skip
