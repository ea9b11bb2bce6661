"""What this desk received offline: what the hall has entered, what it refused and why, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError
from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    FormField,
    KeyValue,
    NotePlace,
    PageContext,
    Scroller,
    SidePane,
    Splitter,
    Text,
    WarnNote,
)
from yichuang_acceptance.offline_store import REFUSED, WAITING, Receipt
from yichuang_acceptance.rules.offline import Ended
from yichuang_acceptance.ui import doubles
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import grouped, stamp
from yichuang_acceptance.ui.documents import DocumentDialog, print_pdf
from yichuang_acceptance.ui.offline.hand import OfflineHand, kept_request
from yichuang_acceptance.ui.offline.pages_dialog import PagesDialog
from yichuang_acceptance.ui.offline.paper import receipt_pdf, receipt_slip
from yichuang_acceptance.ui.offline.receipt_texts import handed_lines, handed_total, still_to_do
from yichuang_acceptance.ui.slip_printing import has_printer, make_slip_button, print_slip
from yichuang_acceptance.words import words

_ = words.text
TIMES = frozenset({"RECEIVED_IN_FUTURE", "RECEIVED_BEFORE_BLOCK", "RECEIVED_ON_ANOTHER_DAY"})
DOUBLE = "DUPLICATE_OPEN_CASE"
WHEN = "%Y-%m-%d %H:%M"
LIGHTS = {
    WAITING: "current",
    REFUSED: "warning",
    Ended.ENTERED: "done",
    Ended.DRAFT: "done",
    Ended.CANCELLED: "done",
}


class Receipts(QWidget):
    """The receipts in a table, the chosen one beside it with its acts.

    Signals:
        mend_asked: A receipt is to be corrected in the form.
    """

    mend_asked = pyqtSignal(object)

    def __init__(self, context: PageContext, hand: OfflineHand) -> None:
        super().__init__()
        self._context, self._hand = context, hand
        self._shown: Receipt | None = None
        self.table = DataTable(
            (
                Column("number", _("Case number"), 190),
                Column("item", _("Item"), stretch=2, kind="strong"),
                Column("applicant", _("Applicant"), stretch=1),
                Column("papers", _("Materials"), 120, tone="t2"),
                Column("at", _("Received"), 120),
                Column("by", _("By"), 96),
                Column("state", _("State"), 148, kind="status"),
            )
        )
        self.table.set_empty(
            "inbox",
            _("Nothing was received offline"),
            _("What this desk receives while the database is away appears here."),
        )
        self.table.set_keys([(("Up", "Down"), _("Choose")), ("Enter", _("See the receipt"))])
        self.table.selected.connect(lambda row: self._choose(row["id"]))
        self.table.activated.connect(lambda _row: self.see.click())
        self._build_aside()
        splitter = Splitter("h", "acceptance.receipts")
        splitter.addWidget(self.table)
        splitter.addWidget(self.aside)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([880, 332])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        hand.changed.connect(self.show_kept)
        hand.away_changed.connect(lambda _away: self._gate())
        self._show(None)

    def _build_aside(self) -> None:
        self.aside = SidePane("right", 332)
        self.number = Text("", 18, "acct", selectable=True)
        self.facts = KeyValue(label_width=72)
        self.note = NotePlace()
        self.print = Button(_("Print the receipt"), icon="printer")
        self.see = Button(_("See the receipt"), icon="eye")
        self.slip = make_slip_button()
        self.pages = Button(_("Look at the pages"), icon="images")
        self.compare = Button(_("Compare"), icon="files")
        self.again = Button(_("Enter again"), kind="primary", icon="rotate-ccw")
        self.beside = Button(_("Enter beside the open case"), icon="copy")
        self.mend = Button(_("Correct"), icon="pencil")
        self.time = Button(_("Correct the time of receipt"), icon="clock")
        self.draft = Button(_("Take over as a draft"), icon="file-pen-line")
        self.cancel = Button(_("Cancel the receipt"), kind="danger", icon="x")
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addLayout(self.note)
        column.addStretch(1)
        self.aside.add(self.number)
        self.aside.add(Scroller(above), 1)
        acts: list[tuple[Button, Callable[[Receipt], None]]] = [
            (self.again, self._change), (self.beside, lambda receipt: self._change(receipt, beside=True)),
            (self.mend, self.mend_asked.emit), (self.time, self.ask_time), (self.draft, self.ask_draft),
            (self.cancel, self.ask_cancel), (self.compare, self.compare_open), (self.pages, self.see_pages),
            (self.see, self.see_paper), (self.print, self.print_paper), (self.slip, self.print_slip),
        ]  # fmt: skip
        for button, act in acts:
            button.clicked.connect(
                lambda _checked=False, act=act: self._shown is not None and act(self._shown)
            )
        for buttons in (
            (self.time,), (self.again,), (self.compare, self.beside), (self.mend, self.draft), (self.pages, self.cancel),
            (self.see, self.print), (self.slip,),
        ):  # fmt: skip
            row = QHBoxLayout()
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button, 1)
            self.aside.body.addLayout(row)

    # ---- what it shows ----

    def show_kept(self) -> None:
        """The store has other receipts, or the same in another state."""
        receipts = self._hand.kept.receipts
        chosen = self._shown.local_id if self._shown is not None else None
        self.table.set_rows([self._row(receipt) for receipt in reversed(receipts)])
        self._show(next((receipt for receipt in receipts if receipt.local_id == chosen), None))

    def choose(self, local_id: str) -> None:
        """Highlight a receipt."""
        self.table.select(local_id)
        self._choose(local_id)

    def _choose(self, local_id: str) -> None:
        self._show(next((r for r in self._hand.kept.receipts if r.local_id == local_id), None))

    def _row(self, receipt: Receipt) -> dict[str, Any]:
        return {
            "id": receipt.local_id, "number": grouped(receipt.case_no), "item": receipt.body["item_name"],
            "applicant": receipt.body["applicant_name"], "papers": handed_total(receipt.body),
            "at": stamp(receipt.at), "by": receipt.body["staff"]["name"],
            "state": (LIGHTS[receipt.state], self._state(receipt)),
        }  # fmt: skip

    def _state(self, receipt: Receipt) -> str:
        if receipt.state == WAITING:
            return _("to be entered") if self._hand.is_mine(receipt) else _("waits for its clerk")
        return {
            REFUSED: _("not entered"), Ended.ENTERED: _("entered"), Ended.DRAFT: _("taken over as a draft"),
            Ended.CANCELLED: _("cancelled"),
        }[receipt.state]  # fmt: skip

    def _show(self, receipt: Receipt | None) -> None:
        self._shown = receipt
        self.aside.setVisible(receipt is not None)
        if receipt is None:
            return
        body = receipt.body
        self.number.setText(grouped(receipt.case_no))
        pairs = [
            (_("Item"), body["item_name"]), (_("Applicant"), body["applicant_name"]), (_("Received"), stamp(receipt.at)),
            (_("By"), body["staff"]["name"]), (_("Query code"), body["query_code"]),
            (_("Materials"), "\n".join(handed_lines(body))),
        ]  # fmt: skip
        if receipt.is_open:
            pairs.append((_("Still to do"), "\n".join(still_to_do(body))))
        self.facts.set_pairs(pairs)
        self.note.put(self._note(receipt))
        self._gate()

    def _note(self, receipt: Receipt) -> QWidget | None:
        refusal = receipt.refusal
        if refusal is not None:
            return WarnNote(refusal["sentence"], refusal.get("do", ""))
        if receipt.is_open and not self._hand.is_mine(receipt):
            return WarnNote(
                _("{name} received it.", name=receipt.body["staff"]["name"]),
                _("It is entered when that person signs in here; or take it over as a draft of your own."),
            )
        if not receipt.printed and receipt.is_open:
            return WarnNote(
                _("The receipt was not printed yet."),
                _("Print it, let the applicant check and sign it, and hand one copy to the applicant."),
            )
        return None

    def _gate(self) -> None:
        receipt = self._shown
        if receipt is None:
            return
        refusal = receipt.refusal["code"] if receipt.refusal is not None else ""
        mine = self._hand.is_mine(receipt)
        shown = {
            self.again: refusal not in ("", DOUBLE) and mine, self.beside: refusal == DOUBLE and mine,
            self.mend: receipt.is_open and mine, self.time: refusal in TIMES and mine,
            self.draft: receipt.is_open, self.cancel: receipt.is_open, self.compare: refusal == DOUBLE,
            self.pages: receipt.is_open and bool(receipt.pages), self.slip: has_printer(self._context),
        }  # fmt: skip
        away = _("This needs the hall's database.") if self._hand.away else ""
        for button, wanted in shown.items():
            button.setVisible(wanted)
        for button in (self.again, self.beside, self.draft, self.cancel, self.compare):
            button.set_reason(away)

    # ---- acts ----

    def _change(self, receipt: Receipt, *, at: datetime | None = None, beside: bool = False) -> None:
        """Let it wait again, with another time or beside an open case, and enter it."""
        body = {**receipt.body, "beside": beside or bool(receipt.body.get("beside"))}
        if at is not None:
            body.setdefault("first_at", receipt.at.isoformat())
        self._hand.keep(
            lambda store: store.mend(receipt, body, at or receipt.at), lambda _none: self._changed()
        )

    def _changed(self) -> None:
        self._hand.load()
        self._hand.come_back()

    def compare_open(self, receipt: Receipt) -> None:
        """The open cases of the applicant beside what was received here."""
        body, intake = receipt.body, receipt.body["intake"]
        person, agent = intake["applicant"], intake["agent"]
        now = {
            "acceptor": body["staff"]["name"], "desk": self._hand.desk, "project": intake["project"],
            "agent": agent["name"] if agent else "", "materials": handed_total(body),
            "form": body.get("labelled", intake["form"]), "received": stamp(receipt.at),
        }  # fmt: skip

        def came(cases: list[Any]) -> None:
            if cases:
                doubles.compare(self, cases, now)
            else:
                self._context.notify(
                    _("There is no open case any more: enter the receipt again."), kind="info"
                )
                self._change(receipt)

        request = {"item": intake["item"], "code_kind": person["code_kind"], "code": person["code"]}
        self._context.query("acceptance.open_cases", request, done=came)

    def see_pages(self, receipt: Receipt) -> None:
        """Look at the captured pages."""
        PagesDialog(self._context, self._hand, receipt).open_in(self.window())

    def ask_time(self, receipt: Receipt) -> None:
        """Another time of receipt, where the desk's clock was wrong."""
        now = f"{receipt.at.astimezone(HALL_ZONE):{WHEN}}"
        fields = [FormField("at", _("Time of receipt (2026-03-17 09:30)"), required=True, value=now, span=2)]

        def act(values: dict[str, Any], _refused: Any, finished: Callable[[Any], None]) -> str | None:
            try:
                at = datetime.strptime(str(values["at"]).strip(), WHEN).replace(tzinfo=HALL_ZONE)
            except ValueError:
                return _("Write the time as 2026-03-17 09:30.")
            self._change(receipt, at=at)
            finished(None)
            return None

        ActDialog(
            _("When was it received?"), _("As the applicant's copy and what you remember say; the change is on record."),
            primary=_("Correct"), act=act, done=lambda _none: None, fields=fields,
        ).over(self)  # fmt: skip

    def ask_draft(self, receipt: Receipt) -> None:
        """Go on with it as a draft: it gets another number."""
        typed = receipt.body["typed"]
        more = {"applicant_name": receipt.body["applicant_name"], "body": typed}
        self._ask_end(
            receipt, "acceptance.draft_offline", more, Ended.DRAFT, _("Take the receipt over as a draft?"),
            _("It is entered under a number of its own; tell the applicant."), _("Make it a draft"),
        )  # fmt: skip

    def ask_cancel(self, receipt: Receipt) -> None:
        """Put on record that it becomes no case."""
        self._ask_end(
            receipt, "acceptance.cancel_offline", {}, Ended.CANCELLED, _("Cancel the receipt?"),
            _("Its number becomes no case. Tell the applicant, and give back what was handed in."), _("Cancel it"), "danger",
        )  # fmt: skip

    def _ask_end(
        self, receipt: Receipt, name: str, more: dict[str, Any], state: Ended, title: str, text: str, primary: str,
        kind: str = "primary",
    ) -> None:  # fmt: skip
        fields = [FormField("reason", _("Reason"), kind="area", required=True, span=2)]

        def act(
            values: dict[str, Any], refused: Callable[[UserError], None], finished: Callable[[Any], None]
        ) -> str | None:
            request = {
                **kept_request(receipt, self._hand.desk), "item_name": receipt.body["item_name"][:200],
                "reason": values["reason"], **more,
            }  # fmt: skip

            def end() -> None:
                self._context.run(name, request, done=finished, failed=refused)

            if state == Ended.DRAFT:  # a draft is gone on with at any desk
                self._hand.pages.send(receipt.local_id, receipt.pages, end, refused)
            else:
                end()
            return None

        def ended(_result: object) -> None:
            self._hand.keep(lambda store: store.end(receipt, state), lambda _none: self._hand.load())

        ActDialog(title, text, primary=primary, act=act, done=ended, fields=fields, kind=kind).over(self)

    # ---- paper ----

    def print_paper(self, receipt: Receipt) -> None:
        """Print the applicant's receipt; it counts as printed once the printer has taken it."""

        def printed() -> None:
            self._hand.keep(lambda store: store.printed(receipt), lambda _none: self._hand.load())

        self._paper(receipt, lambda title, pdf: print_pdf(self._context, title, pdf, printed))

    def print_slip(self, receipt: Receipt) -> None:
        """The numbers for the applicant's pocket, beside the receipt that was signed."""
        look, desk = self._hand.kept.look, self._hand.desk
        print_slip(
            self._context, self.slip,
            lambda came, failed: self._context.work(lambda: receipt_slip(receipt, look, desk), came, failed),
        )  # fmt: skip

    def see_paper(self, receipt: Receipt) -> None:
        """Look at the applicant's receipt."""

        def show(title: str, pdf: bytes) -> None:
            DocumentDialog(title, pdf, lambda: self.print_paper(receipt)).open_in(self.window())

        self._paper(receipt, show)

    def _paper(self, receipt: Receipt, then: Callable[[str, bytes], None]) -> None:
        look, title = self._hand.kept.look, _("Receipt {number}", number=receipt.case_no)
        self._context.work(lambda: receipt_pdf(receipt, look), lambda pdf: then(title, pdf))
