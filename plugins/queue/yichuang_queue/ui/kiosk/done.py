"""The kiosk's last pages: the number that was given and what became of its paper, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from yichuang.api import HALL_ZONE, UserError
from yichuang_queue.rules import kiosk as rules
from yichuang_queue.rules.kiosk import Slip
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.ticket_text import pass_rule, wait_words
from yichuang_queue.ui.kiosk.look import AMBER, GREEN, INK, SOFT, TEAL, Face
from yichuang_queue.ui.kiosk.pages import Page
from yichuang_queue.ui.kiosk.parts import Code, Sheet, touch, words
from yichuang_queue.words import words as texts

if TYPE_CHECKING:
    from yichuang_queue.ui.kiosk.window import KioskWindow

_ = texts.text
L = texts.lazy


class DonePage(Page):
    """The number that was given, how long it takes, and what became of the paper."""

    title = L("Your number")
    title_mn = "Your number"

    def __init__(self, kiosk: KioskWindow, slip: Slip, code: str) -> None:
        super().__init__(kiosk)
        self.slip = slip
        look = self.look
        self.trouble: str | None = None
        sheet = Sheet(self.look)
        self.number = words(
            slip.number, look.letters(150 if not look.tight else 96), TEAL, strong=True, wrap=False
        )
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sheet.column.addWidget(self.number)
        business = slip.business + (
            f" · {PRIORITY_NAMES[slip.priority]}" if slip.priority is not Priority.NONE else ""
        )
        self.business = words(business, look.letters(38), INK, strong=True)
        self.business.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sheet.column.addWidget(self.business)
        body = QHBoxLayout()
        body.setSpacing(look.px(36))
        facts = QVBoxLayout()
        for line in self._facts():
            facts.addWidget(words(line, look.letters(30), INK))
        facts.addWidget(words(pass_rule(kiosk.desk.tree.lines.get(slip.line)), look.letters(24), SOFT))
        facts.addStretch(1)
        body.addLayout(facts, 1)
        self.code = Code(code, look.px(300 if not look.tight else 240))
        side = QVBoxLayout()
        side.addWidget(self.code)
        caption = words(_("Scan to see how far it is."), look.letters(22), SOFT)
        caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        side.addWidget(caption)
        body.addLayout(side)
        sheet.column.addLayout(body)
        self.column.addWidget(sheet)
        self.paper = words(_("Printing your ticket…"), look.letters(34), SOFT, strong=True)
        self.paper.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.paper)
        self.column.addStretch(1)
        self.home = touch(Face(_("Done"), icon="house"), look, "main", kiosk.go_home, look.target(130))
        self.column.addWidget(self.home)

    def _facts(self) -> list[str]:
        slip = self.slip
        lines = []
        if slip.due is not None:
            lines.append(_("Appointment at {time}", time=f"{slip.due.astimezone(HALL_ZONE):%H:%M}"))
        if slip.ahead is not None:
            lines.append(_("Waiting before you: {n} people", n=slip.ahead))
            lines.append(_("Expected wait: {wait}", wait=wait_words(slip)))
        if slip.offline:
            lines.append(_("Given out offline: the number is valid and will be called."))
        if slip.further:
            lines.append(_("Then on the same ticket: {names}", names="、".join(slip.further)))
        line = self.kiosk.desk.tree.lines.get(slip.line)
        if line is not None and line.desks:
            lines.append(_("Desks: {desks}", desks=rules.desks_text(line.desks)))
        return lines

    def show_printed(self, trouble: str) -> None:
        """What became of the paper."""
        self.trouble = trouble
        if not trouble:
            _tell(self.paper, _("Please take your ticket."), GREEN)
            return
        why = _("The printer has no paper.") if trouble == "paper" else _("The ticket could not be printed.")
        keep = _("Take a photo of this page or note down the number; it is valid. The staff have been told.")
        _tell(self.paper, f"{why}{keep}", AMBER)

    def spoken(self) -> str:
        """The number, the wait and the paper."""
        return "。".join(
            [_("Your number is {number}", number=self.slip.number), *self._facts(), self.paper.text()]
        )


class ProblemPage(Page):
    """Why there is no number, and what to do."""

    title = L("No number was given")
    title_mn = ""

    def __init__(self, kiosk: KioskWindow, error: UserError) -> None:
        super().__init__(kiosk)
        self.error = error
        sheet = Sheet(self.look)
        self.sentence = words(str(error.sentence), self.look.letters(40), INK, strong=True)
        sheet.column.addWidget(self.sentence)
        sheet.column.addWidget(words(str(error.do), self.look.letters(32), SOFT))
        self.column.addWidget(sheet)
        self.column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(self.look.px(16))
        for word, icon, kind, act in (
            (L("Ask somebody for help"), "hand-helping", "plain", kiosk.call_help), (L("Start"), "house", "main", kiosk.go_home),
        ):  # fmt: skip
            row.addWidget(touch(Face(str(word), icon=icon), self.look, kind, act, self.look.target(130)))
        self.column.addLayout(row)

    def spoken(self) -> str:
        """The sentence and what to do."""
        return f"{self.error.sentence} {self.error.do}"


def _tell(label: QLabel, text: str, ink: str) -> None:
    label.setText(text)
    label.setStyleSheet(f"color: {ink}; background: transparent;")
