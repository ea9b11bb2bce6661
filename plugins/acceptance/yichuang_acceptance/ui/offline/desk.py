"""Intake while the hall is away: the form, the list of what was received, and the words that say how things stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import ErrorNote, Hairline, InfoNote, NotePlace, PageContext, Tab, TabStrip, WarnNote
from yichuang_acceptance.offline_store import REFUSED, Receipt
from yichuang_acceptance.ui.application_form import ApplicationForm
from yichuang_acceptance.ui.case_texts import grouped, stamp
from yichuang_acceptance.ui.offline.blocks import Blocks
from yichuang_acceptance.ui.offline.form import OfflineForm
from yichuang_acceptance.ui.offline.hand import OfflineHand
from yichuang_acceptance.ui.offline.receipts import Receipts
from yichuang_acceptance.words import words

_ = words.text


class Banner(QWidget):
    """Says in words that the hall is away, how many numbers are left, or what is still to be entered; hidden otherwise."""

    def __init__(self, hand: OfflineHand) -> None:
        super().__init__()
        self._hand = hand
        self._trouble: UserError | None = None
        self._sent = (0, 0)
        self.notes = NotePlace()
        row = QVBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.addLayout(self.notes)
        hand.changed.connect(self.show_state)
        hand.away_changed.connect(lambda _away: self.show_state())
        hand.troubled.connect(self._troubled)
        hand.pages.progressed.connect(self._pages_sent)
        self.show_state()

    def show_state(self) -> None:
        """How things stand."""
        note = self._note()
        self.notes.put(note)
        self.setVisible(note is not None)

    def _troubled(self, error: UserError) -> None:
        self._trouble = error
        self.show_state()

    def _pages_sent(self, done: int, every: int) -> None:
        self._sent = (done, every)
        self.show_state()

    def _note(self) -> QWidget | None:
        hand, left = self._hand, self._hand.numbers_left()
        if self._trouble is not None and hand.away:
            return ErrorNote.from_error(self._trouble)
        if hand.away and left:
            return WarnNote(
                _("The hall's database is away: this desk receives offline."),
                _("Applications are received, not accepted yet, and entered by themselves later. {n} numbers of today are left; "
                  "catalogue of {when}.", n=left, when=stamp(hand.kept.catalogue_at)),
            )  # fmt: skip
        if hand.away:
            return WarnNote(
                _("The hall's database is away."),
                _(
                    "This desk has no case numbers of today in hand, so nothing can be received here until it is back."
                ),
            )
        waiting = hand.open_receipts()
        refused = sum(receipt.state == REFUSED for receipt in waiting)
        if refused:
            return WarnNote(
                _("{n} receipts were not entered.", n=refused),
                _("See under “Received offline” why, and what can be done."),
            )
        if any(hand.is_mine(receipt) for receipt in waiting):
            done, every = self._sent
            pages = _("Captured pages: {done} of {all} sent.", done=done, all=every) if done < every else ""
            return InfoNote(_("The database is back: what was received offline is being entered."), pages)
        return None


class OfflineDesk(QWidget):
    """The form and the list, as one view of the intake's page or as a window of their own."""

    def __init__(self, context: PageContext, hand: OfflineHand) -> None:
        super().__init__()
        self._context, self.hand = context, hand
        self._carried: tuple[dict[str, Any], int | None] | None = None
        self._taken: Callable[[], object] | None = None
        self.form = OfflineForm(context, hand)
        self.receipts = Receipts(context, hand)
        self.blocks = Blocks(context)
        self.tabs = TabStrip(
            (Tab("form", _("Receive the papers")), Tab("receipts", _("Received offline"), 0))
        )
        self.tabs.tab_changed.connect(self.show_view)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.form)
        self._stack.addWidget(self.receipts)
        self._stack.addWidget(self.blocks)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self._stack, 1)
        self.form.received.connect(self._received)
        self.form.mended.connect(self._mended)
        self.form.restored.connect(self._is_taken)
        self.receipts.mend_asked.connect(self._mend)
        hand.opened.connect(self._begin)
        hand.changed.connect(self._count)
        hand.entered.connect(self._entered)
        if hand.is_open:
            self._begin()

    def _begin(self) -> None:
        self._count()
        self.receipts.show_kept()
        self.hand.load_catalogue(self._take_up)  # what is gone on with needs it

    def _count(self) -> None:
        self.tabs.set_count("receipts", len(self.hand.open_receipts()))

    def show_view(self, view: str) -> None:
        """The form, what was received, or the numbers that desks have in hand."""
        self.tabs.set_current(view)
        views: dict[str, QWidget] = {"form": self.form, "receipts": self.receipts, "blocks": self.blocks}
        self._stack.setCurrentWidget(views[view])
        if view == "blocks":
            self.blocks.begin()

    def carry(self, typed: dict[str, Any], draft: int | None, taken: Callable[[], object]) -> None:
        """Go on here with what was being typed when the hall went away; `taken()` follows once it stands here.

        Where this desk cannot receive, or something else stands in the form, it stays where it was.
        """
        if self.form.is_empty() and self.hand.is_open and self.hand.numbers_left():
            self._carried = (typed, draft)
            self._taken = taken
            self.hand.load_catalogue(self._take_up)
        self.show_view("form")

    def _is_taken(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            taken()

    def application(self) -> ApplicationForm | None:
        """The application in front; None while something else is shown."""
        return self.form.form if self._stack.currentWidget() is self.form else None

    def act(self) -> None:
        """The key that decides."""
        if self._stack.currentWidget() is self.form:
            self.form.take()

    def _take_up(self) -> None:
        """After an end in the middle: what stood in the form stands there again."""
        typed, self.hand.typed = self.hand.typed, None
        if self._carried is not None:
            self.form.restore(*self._carried)
            self._carried = None
        elif typed is not None and self.form.is_empty():
            self.form.restore(typed)
            self._context.notify(_("What was typed offline stands in the form again."), kind="info")

    def _received(self, receipt: Receipt) -> None:
        self._context.notify(_("Received under {number}", number=grouped(receipt.case_no)), kind="success")
        self.receipts.print_paper(receipt)
        self.hand.come_back()  # the hall may have come back meanwhile

    def _mend(self, receipt: Receipt) -> None:
        if self.form.is_empty():
            self._taken = None
            self.form.mend(receipt)
        else:
            self._context.notify(_("Receive or clear first what stands in the form."), kind="warning")
        self.show_view("form")

    def _mended(self) -> None:
        self.show_view("receipts")
        self.hand.come_back()

    def _entered(self, count: int) -> None:
        self._context.notify(_("{n} receipts taken in offline were entered", n=count), kind="success")
