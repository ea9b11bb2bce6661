"""The right pane of the intake: applicant, licences, preview, notes, and the buttons that decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, Hairline, NotePlace, PageContext, Scroller, SidePane, WarnNote
from yichuang_acceptance.ui.applicant import ApplicantPane
from yichuang_acceptance.ui.credit import CreditNote
from yichuang_acceptance.ui.licences_box import LicencesBox
from yichuang_acceptance.ui.receipt import Entered, ReceiptPreview
from yichuang_acceptance.ui.screen_strip import ScreenStrip
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 304
MOST_LINES = 5


class IntakeSide(SidePane):
    """Everything at the right; after accepting it shows the new case instead.

    Args:
        request: Gives the query of the preview and what it is asked, None while it is not complete.
    """

    def __init__(
        self, context: PageContext, request: Callable[[], tuple[str, dict[str, Any]] | None]
    ) -> None:
        super().__init__("right", WIDTH)
        self.applicant = ApplicantPane(context)
        self.licences = LicencesBox(context)
        self.preview = ReceiptPreview(context, request)
        self.entered = Entered(context)
        self.accept = Button(
            _("Accept"), kind="primary", icon="check", key="Ctrl+Enter", size="decision", binds=False
        )
        self.park = Button(_("Park"), key="Ctrl+S", binds=False)
        self.correct = Button(_("Correction"))
        self.refuse = Button(_("Not accept"), kind="danger")
        self.strip = ScreenStrip()
        self._note, self._doubles, self.credit = NotePlace(), NotePlace(), CreditNote(context)
        self._promised = WarnNote("", icon="file-clock")
        self._promised.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work())
        self._stack.addWidget(self._after())
        self.body.setContentsMargins(1, 0, 0, 0)
        self.body.addWidget(self._stack)
        self.show_work()

    def _work(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(10)
        column.addWidget(self.applicant)
        column.addWidget(Hairline())
        column.addWidget(self.licences)
        column.addWidget(Hairline())
        column.addWidget(self.preview, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        self._note.setSpacing(8)
        foot.addLayout(self._doubles)
        foot.addLayout(self.credit)
        foot.addLayout(self._note)
        foot.addWidget(self._promised)
        foot.addWidget(self.strip)
        foot.addWidget(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.park, self.correct, self.refuse):
            row.addWidget(button, 1)
        foot.addLayout(row)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Scroller(inside), 1)
        outer.addLayout(foot)
        return page

    def _after(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.entered)
        return page

    # ---- what it shows ----

    def show_work(self) -> None:
        """The form of an application."""
        self._stack.setCurrentIndex(0)

    def show_entered(self, title: str, case: Any, *, good: bool) -> None:
        """The case that was just entered."""
        self.entered.show_case(title, case, good=good)
        self._stack.setCurrentIndex(1)
        self.entered.print.setFocus()

    def is_working(self) -> bool:
        """Whether an application stands here and not a case that was just entered."""
        return self._stack.currentIndex() == 0

    def clear(self) -> None:
        """The next applicant."""
        self.applicant.clear()
        self.licences.clear()
        self.preview.clear()
        self.say(None)
        self.show_promised(0)
        self.show_doubles(None)
        self.credit.ask(None, "")
        self.show_work()

    def gate(self, reason: str) -> None:
        """Why nothing can be decided yet; empty when it can."""
        for button in (self.accept, self.correct, self.refuse, self.strip.push):
            button.set_reason(reason)

    def show_promised(self, count: int) -> None:
        """The note on materials promised for later."""
        self._promised.setVisible(count > 0)
        if count:
            self._promised.set_text(
                "", _("{n} promised for later: the applicant must sign the promise.", n=count)
            )

    def show_doubles(self, note: QWidget | None) -> None:
        """The warning of an open case of the same kind; None takes it away."""
        self._doubles.put(note)

    def doubles(self) -> list[str]:
        """What the warning says."""
        return self._doubles.notes()

    def say(self, what: UserError | str | None) -> None:
        """An error above the buttons, in place; None takes it away."""
        self._note.say(what)

    def say_missing(self, reasons: Sequence[str]) -> None:
        """What is missing, with the way to tell the applicant."""
        lines = list(reasons[:MOST_LINES])
        if len(reasons) > MOST_LINES:
            lines.append(_("and {n} more", n=len(reasons) - MOST_LINES))
        tell = Button(_("Correction notice"), size="compact")
        tell.clicked.connect(self.correct.click)
        self._note.put(WarnNote(_("Not complete yet"), "\n".join(lines), [tell]))

    def notes(self) -> list[str]:
        """What the notes say."""
        return self._note.notes()
