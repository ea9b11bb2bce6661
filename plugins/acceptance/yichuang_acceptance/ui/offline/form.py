"""The form for taking in while the hall is away: item, application and applicant as at the window, out of the desk's own file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import AWAY, HALL_ZONE, UserError, in_language
from yichuang.api.ui import Button, Hairline, NotePlace, PageContext, Scroller, SidePane, Splitter, Text
from yichuang_acceptance.offline_store import TYPING, Receipt
from yichuang_acceptance.operations.accepting import materials_of
from yichuang_acceptance.operations.intake import new_query_code
from yichuang_acceptance.rules.pages import pages_of
from yichuang_acceptance.ui.applicant import ApplicantPane
from yichuang_acceptance.ui.application_form import ApplicationForm
from yichuang_acceptance.ui.case_texts import grouped
from yichuang_acceptance.ui.item_finder import ItemFinder
from yichuang_acceptance.ui.licences_box import LicencesBox
from yichuang_acceptance.ui.offline.hand import OfflineHand
from yichuang_acceptance.ui.offline.local_hall import LocalHall
from yichuang_acceptance.words import words

_ = words.text
SAVE_MS = 2_000
"""What is typed is on the disk so long after it at the latest: a kill costs less than three seconds of work."""


class OfflineForm(QWidget):
    """One application that is received without the hall.

    Signals:
        received: It is on the disk under its number (`Receipt`).
        mended: A receipt that was to be corrected is on the disk as it stands here now.
        restored: What was to be gone on with stands here.
    """

    received = pyqtSignal(object)
    mended = pyqtSignal()
    restored = pyqtSignal()

    def __init__(self, context: PageContext, hand: OfflineHand) -> None:
        super().__init__()
        self._context, self._hand = context, hand
        self._hall = LocalHall(context, hand, self._save)
        self._local: Any = self._hall  # stands in for the page's context
        self._item: Any = None
        self._restoring: dict[str, Any] | None = None
        self._mending: Receipt | None = None
        self._draft: int | None = None
        self._licences = LicencesBox(self._local)
        self.applicant = ApplicantPane(self._local)
        self.form = ApplicationForm(
            self._local, self._licences, self._edited, lambda: 0
        )  # pages are asked by digest
        self.finder = ItemFinder(self._local, self._chosen, self._refused)
        self.receive = Button(
            _("Receive the papers"),
            kind="primary",
            icon="check",
            key="Ctrl+Enter",
            size="decision",
            binds=False,
        )
        self.leave = Button(_("Clear"))
        self.note = NotePlace()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self._save)
        self._lay_out()
        self._connect()
        self.gate()

    def _lay_out(self) -> None:
        self.form.materials.match.hide()
        needs_hall = _("This needs the hall's database.")
        for button in (self.finder.show_slip, self.finder.print_slip):
            button.set_reason(needs_hall)
        self.finder.phone_notice.away = needs_hall
        self.finder.phone_notice.gate()
        side = SidePane("right", 304)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.applicant)
        column.addStretch(1)
        side.add(Scroller(above), 1)
        side.add(Hairline())
        side.add(Text(_("Received, not accepted: the five working days begin now."), 12, "t2", wrap=True))
        side.body.addLayout(self.note)
        side.add(self.receive)
        side.add(self.leave)
        self._licences.setParent(self)
        self._licences.hide()
        splitter = Splitter("h", "acceptance.offline")
        for widget in (self.finder, self.form, side):
            splitter.addWidget(widget)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([268, 652, 304])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    def _connect(self) -> None:
        self.receive.clicked.connect(self.take)
        self.leave.clicked.connect(self.begin)
        self.applicant.edited.connect(self._person_edited)
        self.applicant.identified.connect(lambda: self.form.source.identify(self.applicant.identity()))
        self.applicant.card_read.connect(self._card_read)
        self._hand.catalogue_came.connect(self._catalogue)
        self._hand.changed.connect(self.gate)
        self._hand.away_changed.connect(lambda _away: self.gate())
        self._context.device_event.connect(self._device)

    # ---- filling ----

    def _catalogue(self, items: list[Any]) -> None:
        self._hall.set_items(items)
        self.finder.reload()

    def _chosen(self, item: Any) -> None:
        kept, self._restoring = self._restoring, None
        self._item = item
        given, answers, form = (
            (kept["given"], kept.get("answers", {}), kept["form"]) if kept else (None, {}, None)
        )
        self.form.show_item(item, materials_of(item), given, answers, form)
        self.form.source.identify(self.applicant.identity())
        if kept is not None:
            self.form.set_values(kept["form"])
            self.gate()
            self.restored.emit()
            if self._mending is None:
                self._save()  # it stood in another place until now
        else:
            self._edited()
            self.applicant.start()

    def _refused(self, error: UserError) -> None:
        self._restoring = None
        self._context.notify(in_language(error.sentence), kind="warning")

    def restore(self, typed: dict[str, Any], draft: int | None = None) -> None:
        """Go on with what was typed; `draft` is the hall's draft of it, which ends when it is entered."""
        self.begin()
        self._draft = draft
        self._restoring = typed
        self.applicant.restore(typed["applicant"])
        self.finder.choose(typed["item"])

    def mend(self, receipt: Receipt) -> None:
        """Correct a receipt; its number and time stay."""
        self.restore(dict(receipt.body["typed"]), receipt.body["intake"]["draft_id"])
        self._mending = receipt
        self.receive.setText(_("Save the correction"))
        self.say(_("You are correcting receipt {number}.", number=grouped(receipt.case_no)))
        self.gate()

    def begin(self) -> None:
        """An empty form for the next applicant."""
        self._timer.stop()
        if not self.is_empty():
            self._hand.keep(lambda store: store.type(None))
        self._item, self._restoring, self._mending, self._draft = None, None, None, None
        self.receive.setText(_("Receive the papers"))
        self.finder.clear()
        self.form.clear()
        self.applicant.clear()
        self.say(None)
        self.gate()

    def hand_over(self, take: Callable[[dict[str, Any], int | None], bool]) -> None:
        """Let what stands here and was not received be gone on with in the hall, once its pages are there.

        Args:
            take: Called with it and its draft; False where it cannot be taken just now. Else the form is empty then.
        """
        before = self._to_hand_over()
        if before is None:
            return

        def sent() -> None:
            typed, draft = self._to_hand_over(), self._draft
            if typed is None or self._hand.away:
                return
            if pages_of(typed["given"]) != pages_of(before["given"]):
                self.hand_over(take)  # a page was captured meanwhile
            elif take(typed, draft):
                self.begin()

        self._hand.pages.send(TYPING, pages_of(before["given"]), sent, self._not_sent)

    def _to_hand_over(self) -> dict[str, Any] | None:
        return self.typed() if self._mending is None else None

    def _not_sent(self, error: UserError) -> None:
        if error.code not in AWAY:
            self.say(error)

    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self._item is None and self.applicant.is_empty()

    def say(self, what: UserError | str | None) -> None:
        """A note above the buttons; None takes it away."""
        self.note.say(what)

    def gate(self) -> None:
        """Why nothing can be received just now; empty where it can."""
        self.receive.set_reason(self._reason())
        self.form.show_steps(identified=self.applicant.is_complete(), wrong=self.applicant.has_errors())

    def _reason(self) -> str:
        if self._mending is not None:
            return "" if self._item is not None else _("Choose an item first.")
        if not self._hand.away:
            return _("The hall's database is there: take applications in under “New”.")
        if self._hand.me() is None:
            return _("Nobody has worked at this desk while the database was there.")
        if not self._hand.numbers_left():
            return _("This desk has no case number of today left.")
        return "" if self._item is not None else _("Choose an item first.")

    def _edited(self) -> None:
        self.gate()
        self.say(None)
        if self._mending is None and not self._timer.isActive():
            self._timer.start()

    def _person_edited(self) -> None:
        self.form.source.take_person(self.applicant.person())
        self._edited()

    def _card_read(self, card: dict[str, Any]) -> None:
        self.form.take_address(card.get("address", ""))
        self.form.source.take_card(card)

    def _save(self) -> None:
        typed = self.typed() if self._mending is None else None
        if typed is not None:
            self._hand.keep(
                lambda store: store.type(typed),
                lambda _none: self.form.show_saved(self._context.now()),
                self._not_saved,
            )

    def _not_saved(self, error: UserError) -> None:
        self.form.show_unsaved()
        self.say(error)

    def _device(self, kind: str, name: str, data: dict[str, Any]) -> None:
        if kind == "id_card_reader" and name == "card" and self.isVisible() and data.get("card"):
            self.applicant.take_card(data["card"])

    # ---- the application as data ----

    def typed(self) -> dict[str, Any] | None:
        """What stands in the form, as drafts keep it; None while there is nothing worth keeping."""
        if self._item is None or (self.applicant.is_empty() and self.form.is_empty()):
            return None
        return {
            "item": self._item.code, "applicant": self.applicant.values(), "form": self.form.values(),
            "given": self.form.hands.requests(), "answers": self.form.situations.answers(),
        }  # fmt: skip

    def body(self) -> dict[str, Any]:
        """What a receipt keeps: the request for the hall, what stood in the form, and what the paper prints."""
        item, me = self._item, self._hand.me()
        intake = {
            "item": item.code, "item_version": item.version, "applicant": self.applicant.person(),
            "agent": self.applicant.agent(), "materials": self.form.hands.requests(), "project": self.form.project(),
            "form": self.form.filled(), "answers": self.form.situations.answers(), "draft_id": self._draft,
        }  # fmt: skip
        return {
            "intake": intake, "typed": self.typed(), "item_name": item.name, "item_type": item.type, "agency": item.agency,
            "applicant_name": self.applicant.masked_name(), "staff": me, "query_code": new_query_code(),
            "materials": {str(m.position): m.name for m in materials_of(item)}, "labelled": self.form.labelled(),
        }  # fmt: skip

    # ---- receiving ----

    def take(self) -> None:
        """Receive it, or say what keeps it from being received."""
        if not self.receive.isEnabled() or self._item is None:
            return
        if not self.applicant.validate() or not self.form.validate():
            self.say(_("Correct the marked fields first."))
            return
        if not self.form.hands.given:
            self.say(_("A receipt lists what was handed in: tick at least one material."))
            return
        self.receive.set_busy(True)
        self._timer.stop()
        body, receipt, at = self.body(), self._mending, self._context.now()
        if receipt is not None:
            body |= {key: receipt.body[key] for key in ("staff", "query_code")}
            self._hand.keep(lambda store: store.mend(receipt, body, receipt.at), self._mended, self._not_kept)
        else:
            day = at.astimezone(HALL_ZONE).date()
            self._hand.keep(lambda store: store.receive(at, day, body), self._kept, self._not_kept)

    def _kept(self, receipt: Receipt) -> None:
        self._done(lambda: self.received.emit(receipt))

    def _mended(self, _none: object) -> None:
        self._done(self.mended.emit)

    def _done(self, tell: Callable[[], object]) -> None:
        self.receive.set_busy(False)
        self._hand.load()
        self.begin()
        tell()

    def _not_kept(self, error: UserError) -> None:
        self.receive.set_busy(False)
        self.say(error)
