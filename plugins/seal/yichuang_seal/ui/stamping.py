"""The keeper's desk: waiting papers, the open paper with its seal, seals and the latest uses."""

from __future__ import annotations

import base64
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import (
    Button,
    Dialog,
    Dock,
    ErrorNote,
    FormField,
    PageContext,
    SidePane,
    Splitter,
    Text,
    Toggle,
    WarnNote,
)
from yichuang_seal.ui.batch import Batch
from yichuang_seal.ui.check_lights import CheckLights, words_of
from yichuang_seal.ui.confirm import Confirmation
from yichuang_seal.ui.paper_view import PaperView
from yichuang_seal.ui.recent_uses import RecentUses
from yichuang_seal.ui.seal_list import Pictures, SealList
from yichuang_seal.ui.times import clock_time
from yichuang_seal.ui.waiting_pane import WaitingPane
from yichuang_seal.words import _


class StampingView(QWidget):
    """Everything a keeper needs on one screen.

    Signals:
        counted: How many papers wait.
        ledger_asked: The whole ledger is wanted.
    """

    counted = pyqtSignal(int)
    ledger_asked = pyqtSignal()

    def __init__(self, context: PageContext, pictures: Pictures) -> None:
        super().__init__()
        self._context, self._pictures = context, pictures
        self._waiting: Any = None
        self._detail: Any = None
        self._wanted: int | None = None
        self._failures: dict[int, str] = {}
        self._running = False
        self._batch = Batch(context, self)
        self._seals: list[Any] = []
        self._confirmation = Confirmation(context, self)
        self.pane = WaitingPane()
        self.paper = PaperView()
        self.seals = SealList(pictures)
        self.uses = RecentUses()
        self._snap = Toggle(True, _("Seal over the date"))
        self._checks = CheckLights()
        self._remark = Text("", 12, "t2")
        self._note: QWidget | None = None
        self.refuse_button = Button(_("Send back"), "danger")
        self.skip_button = Button(_("Skip"))
        self.stamp_button = Button(_("Seal this paper"), key="Enter", binds=False)
        self.batch_button = Button("", "primary", icon="stamp", key="Ctrl+Enter")
        self._build()
        self._connect()
        self._show_state()

    # Building

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        split = Splitter("h", "seal.stamping")
        split.addWidget(self.pane)
        split.addWidget(self._middle())
        split.addWidget(self._right())
        split.setStretchFactor(1, 1)
        split.setSizes([272, 800, 288])
        row.addWidget(split)

    def _middle(self) -> QWidget:
        middle = QWidget()
        self._middle_column = QVBoxLayout(middle)
        self._middle_column.setContentsMargins(0, 0, 0, 0)
        self._middle_column.setSpacing(0)
        self._middle_column.addWidget(self.paper, 1)
        dock = Dock()
        dock.left.addWidget(self._checks)
        dock.left.addWidget(self._remark)
        for button in (self.refuse_button, self.skip_button, self.stamp_button, self.batch_button):
            dock.right.addWidget(button)
        self._middle_column.addWidget(dock)
        return middle

    def _right(self) -> QWidget:
        pane = SidePane("right", 288, fill="surface")
        pane.setMinimumWidth(252)
        pane.body.setContentsMargins(1, 0, 0, 0)
        pane.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.addWidget(Text(_("Seals"), 14, strong=True))
        head.addStretch(1)
        self._seal_count = Text("", 12, "t3")
        head.addWidget(self._seal_count)
        pane.body.addLayout(head)
        pane.body.addWidget(self.seals)
        option = QHBoxLayout()
        option.setContentsMargins(16, 12, 16, 12)
        option.addWidget(Text(_("Seal over the date"), 13))
        option.addStretch(1)
        option.addWidget(self._snap)
        pane.body.addLayout(option)
        pane.body.addWidget(self.uses, 1)
        return pane

    def _connect(self) -> None:
        self.pane.chosen.connect(self.open_paper)
        self.pane.activated.connect(lambda _key: self.stamp_one())
        self.paper.pressed_enter.connect(self.stamp_one)
        self.seals.chosen.connect(lambda _card: self._seal_chosen())
        self._pictures.came.connect(lambda _digest: self._seal_chosen())
        self._snap.toggled.connect(self.paper.set_snapping)
        self.uses.all_asked.connect(self.ledger_asked)
        self.refuse_button.clicked.connect(self.ask_refusal)
        self.skip_button.clicked.connect(self.skip)
        self.stamp_button.clicked.connect(self.stamp_one)
        self.batch_button.clicked.connect(self.stamp_rest)
        self._batch.progressed.connect(self.pane.show_progress)
        self._batch.failed.connect(self._failures.__setitem__)
        self._batch.ended.connect(self._batch_ended)

    # Loading

    def load(self) -> None:
        """Ask for the papers, the seals and the latest uses."""
        if self._running:
            return
        self._context.query("seal.waiting", {}, done=self._show_papers, failed=self._list_failed)
        self._context.query("seal.seals", {"usable": True}, done=self._show_seals)
        self._context.query("seal.ledger", {"limit": 8}, done=self.uses.show_uses)

    def open_paper(self, request_id: int) -> None:
        """Open a paper."""
        self._wanted = request_id
        self._context.query(
            "seal.paper",
            {"request_id": request_id},
            done=lambda detail: self._show_paper(request_id, detail),
            failed=lambda error: self._paper_failed(request_id, error),
        )

    def _show_papers(self, waiting: Any) -> None:
        self._waiting = waiting
        for settled in set(self._failures) - {p.id for p in waiting.papers if p.state == "waiting"}:
            del self._failures[settled]
        self.counted.emit(waiting.waiting)
        self._show_list()
        open_now = self._detail.card.id if self._detail else None
        listed = {paper.id: paper for paper in waiting.papers}
        if self._wanted in listed and self._wanted != open_now:
            self.pane.list.select(str(self._wanted))
            self.open_paper(self._wanted)
        elif open_now in listed and listed[open_now] != self._detail.card:
            self.open_paper(open_now)
        elif self._wanted is None:
            self._open_next(None)

    def _show_list(self) -> None:
        current = self._detail.card.id if self._detail else None
        self.pane.show_papers(self._waiting, self._failures, current)

    def _list_failed(self, error: UserError) -> None:
        self.pane.show_error(ErrorNote.from_error(error, self.load))

    def _show_seals(self, cards: list[Any]) -> None:
        self._seals = cards
        self._seal_count.setText(_("{count} usable", count=sum(1 for card in cards if card.usable)))
        self._offer_seals()

    def _offer_seals(self) -> None:
        """The seals of the open paper's agency; the one that was asked for is chosen."""
        agency = self._detail.card.agency if self._detail else None
        offered = [card for card in self._seals if card.usable and agency in (None, card.agency)]
        before = self.seals.current()
        self.seals.set_seals(offered)
        if self._detail and (before is None or before.agency != agency or self.seals.current() is None):
            self.seals.choose(self._detail.seal_id)
        self._seal_chosen()

    def _seal_chosen(self) -> None:
        card = self.seals.current()
        if card is None:
            self.paper.set_seal(None, 42)
        else:
            self.paper.set_seal(self._pictures.of(card), card.diameter)
        self._show_state()

    def _show_paper(self, request_id: int, detail: Any) -> None:
        if request_id != self._wanted:
            return  # another paper was chosen meanwhile
        self._detail = detail
        self._set_note(None)
        document = base64.b64decode(detail.document)
        self.paper.show_paper(detail, document, placing=detail.card.state == "waiting")
        failed = [check for check in detail.checks if not check.passed]
        if detail.card.state == "waiting" and failed:
            self._failures[request_id] = words_of(failed[0])
            self._set_note(
                WarnNote(words_of(failed[0]), failed[0].detail or _("Send it back with the reason."))
            )
        elif detail.card.state == "refused":
            self._set_note(WarnNote(_("Not to be sealed"), detail.card.reason))
        self._show_list()
        self.pane.list.select(str(request_id))
        self._offer_seals()

    def _paper_failed(self, request_id: int, error: UserError) -> None:
        if request_id != self._wanted:
            return
        self._detail = None
        self.paper.show_paper(None, b"", placing=False)
        self._set_note(ErrorNote.from_error(error, lambda: self.open_paper(request_id)))
        self._show_state()

    def _set_note(self, note: QWidget | None) -> None:
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
        self._note = note
        if note is not None:
            self._middle_column.insertWidget(0, note)

    # What may be done now

    def _show_state(self) -> None:
        self._show_checks()
        reason = self._why_not()
        self.stamp_button.set_reason(reason)
        self.refuse_button.set_reason(
            "" if self._is_waiting() and self._may_stamp() else reason or _("Decided already")
        )
        self.skip_button.set_reason("" if self._is_waiting() else _("No paper is open"))
        rest = len(self._rest())
        if self._batch.running:
            self.batch_button.setText(_("Stop sealing"))
            self.batch_button.set_reason("")
            return
        self.batch_button.setText(_("Seal the other {count}", count=rest))
        if rest == 0:
            reason = _("No other paper waits for this seal")
        elif self._detail is not None and not self._is_waiting():
            reason = self._seal_reason()
        self.batch_button.set_reason(reason)
        if not reason:
            self.batch_button.setToolTip(_("Each one over its own date"))

    def _show_checks(self) -> None:
        detail = self._detail
        self._checks.show_checks(detail.checks if self._is_waiting() else ())
        words = ""
        if detail is not None and detail.card.state == "stamped":
            words = _("Sealed at {time}", time=clock_time(detail.card.decided_at))
        self._remark.setText(words)

    def _is_waiting(self) -> bool:
        return self._detail is not None and self._detail.card.state == "waiting"

    def _may_stamp(self) -> bool:
        return self._context.can("seal.stamp")

    def _seal_reason(self) -> str:
        """Why the chosen seal cannot be used; empty if it can."""
        if self._running:
            return _("Sealing is under way")
        if not self._may_stamp():
            return _("Only a seal keeper may seal papers")
        card = self.seals.current()
        if card is None:
            return _("Choose a seal")
        return "" if card.here else _("Its key is not on this machine")

    def _why_not(self) -> str:
        if not self._is_waiting():
            return _("No waiting paper is open") if self._detail is None else _("Decided already")
        failed = next((check for check in self._detail.checks if not check.passed), None)
        return words_of(failed) if failed else self._seal_reason()

    def _rest(self) -> list[Any]:
        """Waiting papers of the chosen seal's agency, without the open one and without those that failed."""
        card = self.seals.current()
        if self._waiting is None or card is None:
            return []
        open_now = self._detail.card.id if self._is_waiting() else None
        return [
            paper
            for paper in self._waiting.papers
            if paper.state == "waiting"
            and paper.agency == card.agency
            and paper.id not in self._failures
            and paper.id != open_now
        ]

    # Acts

    def stamp_one(self) -> None:
        """Seal the open paper where its seal lies."""
        place, card = self.paper.place(), self.seals.current()
        if self._why_not() or place is None or card is None:
            return
        paper = self._detail.card
        request = {
            "request_id": paper.id,
            "seal_id": card.id,
            "page": place.page,
            "x": round(place.x, 3),
            "y": round(place.y, 3),
        }
        self._confirmation.ask(card, 1, paper.title, lambda: self._stamp(request))

    def _stamp(self, request: dict[str, Any]) -> None:
        self._set_running(True)
        self._context.run("seal.stamp", request, done=self._stamped, failed=self._stamp_failed)

    def _stamped(self, stamped: Any) -> None:
        self._set_running(False)
        title = self._detail.card.title if self._detail else ""
        self._context.notify(_("“{title}” is sealed.", title=title), "success")
        self._open_next(stamped.request_id)
        self.load()

    def _stamp_failed(self, error: UserError) -> None:
        self._set_running(False)
        if self._detail is not None:
            self._failures[self._detail.card.id] = in_language(error.sentence)
        self._set_note(ErrorNote.from_error(error))
        self.load()

    def stamp_rest(self) -> None:
        """Seal all other waiting papers of this seal, each over its own date; while that runs, stop it."""
        if self._batch.running:
            self._batch.stop()
            return
        card, papers = self.seals.current(), self._rest()
        if self._seal_reason() or card is None or not papers:
            return
        requests = [{"request_id": paper.id, "seal_id": card.id} for paper in papers]
        titles = sorted({paper.title for paper in papers})
        reason = "、".join(titles[:3]) + ("…" if len(titles) > 3 else "")
        self._confirmation.ask(card, len(papers), reason, lambda: self._stamp_all(requests))

    def _stamp_all(self, requests: list[dict[str, Any]]) -> None:
        self._batch.start(requests)
        self._set_running(True)

    def _batch_ended(self, sealed: int, failed: int, stopped: bool) -> None:
        self._set_running(False)
        if stopped:
            self._context.notify(_("Stopped; {done} papers are sealed.", done=sealed), "warning")
        elif failed:
            words = _(
                "{done} sealed, {failed} not; the causes stand in the list.", done=sealed, failed=failed
            )
            self._context.notify(words, "warning")
        else:
            self._context.notify(_("{done} papers are sealed.", done=sealed), "success")
        self.load()

    def _set_running(self, running: bool) -> None:
        self._running = running
        self.stamp_button.set_busy(running)
        self._show_state()

    def skip(self) -> None:
        """Go to the next waiting paper."""
        if self._detail is not None:
            self._open_next(self._detail.card.id)

    def _open_next(self, after: int | None) -> None:
        """Open the waiting paper behind one, from the top again at the end; nothing when none waits."""
        papers = [p for p in self._waiting.papers if p.state == "waiting" and p.id != after]
        keys = [paper.id for paper in self._waiting.papers]
        behind = [p for p in papers if after in keys and keys.index(p.id) > keys.index(after)]
        if behind or papers:
            self.open_paper((behind or papers)[0].id)
            return
        self._detail, self._wanted = None, None
        self._set_note(None)
        self.paper.show_paper(None, b"", placing=False)
        self._show_list()
        self._offer_seals()

    def ask_refusal(self) -> None:
        """Send the open paper back, with a reason."""
        if not self._is_waiting() or not self._may_stamp():
            return
        paper = self._detail.card

        def answered(values: Any) -> None:
            if values:
                self._context.run(
                    "seal.refuse",
                    {"request_id": paper.id, "reason": values["reason"]},
                    done=lambda _result: self._refused(paper),
                )

        Dialog.ask(
            self,
            _("Send “{title}” back unsealed?", title=paper.title),
            _("The agency is told the reason and makes the document again."),
            primary=_("Send back"),
            kind="danger",
            fields=(FormField("reason", _("Reason"), "area", required=True),),
            done=answered,
        )

    def _refused(self, paper: Any) -> None:
        self._context.notify(_("“{title}” was sent back.", title=paper.title))
        self._open_next(paper.id)
        self.load()
