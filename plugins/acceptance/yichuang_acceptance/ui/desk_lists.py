"""What waits at the window: parked drafts, corrections, promised materials, results to hand out, one's own cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import (
    Column,
    ComboBox,
    DataTable,
    FormField,
    Hairline,
    PageContext,
    SearchBox,
    Splitter,
    TimeLeft,
)
from yichuang_acceptance.ui import questions
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_aside import CaseAside
from yichuang_acceptance.ui.case_texts import light_of, stamp
from yichuang_acceptance.ui.delivering import ask_delivery
from yichuang_acceptance.ui.due_files import archived_text
from yichuang_acceptance.ui.life_questions import ask_certificate
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.ui.table_pages import TablePages
from yichuang_acceptance.ui.work_list import CASES
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
ANYWHERE = "*"
EMPTY = {
    "correcting": (L("No corrections are due"), L("Applicants who were told what is missing appear here.")),
    "tolerated": (L("Nothing is promised"), L("Cases with materials promised for later appear here.")),
    "ready": (L("Nothing to hand out"), L("Sealed decisions appear here.")),
    "making": (
        L("No certificates to make"),
        L("Granted cases whose certificate is printed on a blank appear here."),
    ),
    "closed": (L("Nothing to archive"), L("Cases that have ended appear here.")),
    "mine": (L("No open cases of yours"), L("What you accept appears here until it is handed out.")),
}


class DraftsView(QWidget):
    """Parked and unfinished applications of the signed-in person.

    Args:
        resume: Called with a draft's id and what stood in the form.
    """

    def __init__(self, context: PageContext, resume: Callable[[int, dict[str, Any]], None]) -> None:
        super().__init__()
        self._context, self._resume = context, resume
        self.table = DataTable(
            (
                Column("item", _("Item"), stretch=2, kind="strong"),
                Column("applicant", _("Applicant"), stretch=1),
                Column("how", _("Kept"), stretch=1),
                Column("at", _("Saved"), 120),
                Column("hand", "", 64, kind="action"),
                Column("drop", "", 64, kind="action"),
                Column("go_on", "", 64, kind="action"),
            )
        )
        self.table.set_empty("inbox", _("No drafts"), _("What you type is saved by itself and waits here."))
        self.table.set_keys([(("Up", "Down"), _("Choose")), ("Enter", _("Go on"))])
        self.pages = TablePages(context, self.table, _draft_row)
        self.table.activated.connect(lambda row: self.open(row["id"]))
        self.table.acted.connect(self._act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def load(self) -> None:
        """Ask for the drafts."""
        self.pages.load(DRAFTS, {})

    def _act(self, column: str, row: Any) -> None:
        if column == "drop":
            self.drop(row["id"])
        elif column == "hand":
            self.ask_hand(row["id"])
        else:
            self.open(row["id"])

    def open(self, draft_id: int) -> None:
        """Go on with a draft."""
        request = {"draft_id": draft_id}
        self._context.query("acceptance.draft", request, done=lambda body: self._resume(draft_id, body))

    def ask_hand(self, draft_id: int) -> None:
        """Hand a draft to a colleague, who is named."""
        row = next(row for row in self.table.rows() if row["id"] == draft_id)

        def handed(name: str) -> None:
            self._context.status(_("handed to {name}", name=name))
            self.load()

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            request = {"draft_id": draft_id, "staff_id": int(values["staff_id"]), "note": values["note"]}
            self._context.run("acceptance.hand_draft", request, done=finished, failed=refused)

        def came(people: Sequence[Any]) -> None:
            found = [(str(each.id), f"{each.name}　{each.post}".strip()) for each in people]
            fields = [
                FormField("staff_id", _("Colleague"), kind="choice", choices=found, required=True, span=2),
                FormField("note", _("What the colleague should know"), kind="area", span=2),
            ]
            ActDialog(
                _("Hand this draft to whom?"), f"{row['item']}　{row['applicant']}", primary=_("Hand over"), fields=fields,
                act=act, done=handed,
            ).over(self)  # fmt: skip

        self._context.query("acceptance.receivers", done=came)

    def drop(self, draft_id: int) -> None:
        """Throw a draft away; it can be put back."""
        row = next(row for row in self.table.rows() if row["id"] == draft_id)

        def read(body: dict[str, Any]) -> None:
            self._context.run(
                "acceptance.drop_draft", {"draft_id": draft_id}, done=lambda _none: dropped(body)
            )

        def dropped(body: dict[str, Any]) -> None:
            kept = {
                "item_name": row["item"],
                "applicant_name": row["name"],
                "body": body,
            }
            self.load()
            self._context.notify(
                _("The draft was thrown away"),
                undo=lambda: self._context.run(
                    "acceptance.save_draft", {**kept, "parked": True}, done=lambda _id: self.load()
                ),
            )

        self._context.query("acceptance.draft", {"draft_id": draft_id}, done=read)


class WindowList(QWidget):
    """Cases of one list with the chosen one beside it.

    Args:
        tab: correcting, tolerated, making, ready, closed or mine.
    """

    def __init__(self, context: PageContext, tab: str) -> None:
        super().__init__()
        self._context, self._tab = context, tab
        self.search = SearchBox(_("Number, applicant, item"), key="/")
        self.search.setMaximumWidth(320)
        self.point = ComboBox([(ANYWHERE, _("Every issue point"))])
        self.point.changed.connect(lambda _code: self.load())
        self.point.hide()
        self.search.searched.connect(lambda _text: self.load())
        columns = [
            Column("light", "", 40, kind="light"),
            Column("number", _("Case number"), 124),
            Column("item", _("Item"), stretch=3, kind="strong"),
            Column("applicant", _("Applicant"), stretch=2),
            Column("state", _("State"), 116),
        ]
        if tab not in ("ready", "closed"):
            columns.append(Column("left", _("Time left"), 160, kind="time"))
        self.table = DataTable(columns)
        title, why = EMPTY[tab]
        self.table.set_empty("inbox", str(title), str(why))
        self.table.set_keys([(("J", "K"), _("Choose")), ("Enter", self._act_text_of(tab) or _("See"))])
        self.pages = TablePages(context, self.table, _row_of, self._show)
        self.table.selected.connect(lambda row: self.open(row["id"]))
        self.table.activated.connect(lambda _row: self.act())
        self.aside = CaseAside(
            context, self.act, self._withdraw if context.can("acceptance.accept") else None
        )
        self.aside.went_on = self._done
        self._lay_out()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 10, 16, 10)
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.point)
        bar.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        splitter = Splitter("h", "acceptance.lists")
        splitter.addWidget(left)
        splitter.addWidget(self.aside)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([860, 350])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    # ---- what it shows ----

    def set_points(self, points: list[Any]) -> None:
        """The points where results are handed out; one's own is chosen at first. Without points outside there is no choice."""
        if len(points) > 1 and self.point.isHidden():
            self.point.set_items([(ANYWHERE, _("Every issue point")), *((p.code, p.name) for p in points)])
            self.point.set_value(next((p.code for p in points if p.here), ANYWHERE))
            self.point.show()
            self.load()

    def load(self) -> None:
        """Ask for the cases, and again for the chosen one."""
        self.pages.load(CASES, {"tab": self._tab, "text": self.search.value()[:60], **self.place()})

    def place(self) -> dict[str, Any]:
        """Where the results are handed out that the list is narrowed to, as a request says it."""
        return {} if self.point.value() == ANYWHERE else {"issue_point": self.point.value() or ""}

    def open(self, case_id: int) -> None:
        """Show a case beside the list."""
        self._context.query("acceptance.case", {"case_id": case_id}, done=self._show_case, failed=self._tell)

    def _show(self, rows: Sequence[Any], wanted: int | None) -> None:
        chosen = self.table.current_row()
        case_id = wanted or (chosen["id"] if chosen is not None else None) or (rows[0].id if rows else None)
        if case_id is None:
            self.aside.clear()
            return
        self.table.select(case_id)
        self.open(case_id)

    def _show_case(self, case: Any) -> None:
        text = self._act_text(case)
        self.aside.show_case(case, text, self._why_not() if text else "")

    def _act_text(self, case: Any) -> str:
        """What can be done with the case in this list; nothing where it has gone on."""
        fits = {
            "correcting": case.row.state in ("correcting", "received"),
            "tolerated": any(m.given == "tolerated" for m in case.materials),
            "ready": case.row.state in ("ready", "refused"),
            "making": case.row.state == "making",
            "closed": "archive" in case.possible,
        }
        return self._act_text_of(self._tab) if fits.get(self._tab, False) else ""

    @staticmethod
    def _act_text_of(tab: str) -> str:
        texts = {
            "correcting": _("Take in and accept"), "tolerated": _("Take in"), "ready": _("Hand out"),
            "making": _("Certificate made"), "closed": _("Archive"),
        }  # fmt: skip
        return texts.get(tab, "")

    def _why_not(self) -> str:
        if self._tab == "ready" and not self._context.can("acceptance.deliver"):
            return _("Results are handed out at the issuing desk.")
        if self._tab == "making" and not self._context.can("acceptance.make"):
            return _("Certificates are made by the certificate clerk.")
        return ""

    # ---- what it does ----

    def act(self) -> None:
        """Move the chosen case on."""
        case = self.aside.case
        if case is None or not self._act_text(case) or not self.aside.act.isEnabled():
            return
        if self._tab == "closed":
            self._archive(case)
            return
        ask = {
            "correcting": questions.ask_resubmission, "tolerated": questions.ask_promised, "ready": ask_delivery,
            "making": ask_certificate,
        }[self._tab]  # fmt: skip
        ask(self, self._context, case, self._done)

    def _archive(self, case: Any) -> None:
        def archived(kept: Any) -> None:
            self._done(kept)
            self._context.status(archived_text(kept))

        self._context.run("acceptance.archive", {"case_id": case.row.id}, done=archived, failed=self._stays)

    def _stays(self, error: UserError) -> None:
        self._context.notify(
            "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
        )

    def _withdraw(self) -> None:
        if self.aside.case is not None:
            questions.ask_withdrawal(self, self._context, self.aside.case, self._done)

    def _done(self, _result: Any) -> None:
        case = self.aside.case
        self._context.run("acceptance.render", {"case_id": case.row.id}, done=lambda _papers: self.load())
        self._context.status(
            _("{number} is done", number=case.row.short_no)
        )  # a toast would cover the buttons
        self.load()

    def _tell(self, error: UserError) -> None:
        self.aside.clear()
        self._context.notify(in_language(error.sentence), kind="warning")


def _behind_draft(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
    return {"before_at": rows[-1].at, "before_id": rows[-1].id} if len(rows) >= limit else None


def _draft_row(r: Any) -> dict[str, Any]:
    return {
        "id": r.id, "item": r.item_name, "name": r.applicant_name, "applicant": r.applicant_name or _("no name yet"),
        "how": _how_kept(r), "at": stamp(r.at),
        "hand": _("Hand over"), "drop": _("Throw away"), "go_on": _("Go on"),
    }  # fmt: skip


def _how_kept(r: Any) -> str:
    """That it was put aside, or saved by itself; or from whom it came."""
    if r.handed_by:
        return "：".join(filter(None, (_("from {name}", name=r.handed_by), r.note)))
    return _("parked") if r.parked else _("saved by itself")


DRAFTS = Listing("acceptance.drafts", list, _behind_draft)
"""A person's own, the newest first."""


def _row_of(r: Any) -> dict[str, Any]:
    return {
        "id": r.id, "light": light_of(r), "number": r.short_no, "item": r.item_name, "applicant": r.applicant,
        "state": r.state_name, "left": _time_left(r),
    }  # fmt: skip


def _time_left(row: Any) -> TimeLeft | None:
    """Time left with its bar; nothing where no clock runs any more."""
    if row.light == "done":
        return None
    runs = row.due_at is not None and row.light != "paused"
    return TimeLeft(row.time_left, row.used if runs else None, light_of(row))
