"""What waits at the window: parked drafts, corrections, promised materials, results to hand out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError
from yichuang.api.ui import Column, DataTable, Dialog, FormField, PageContext, TimeLeft
from yichuang_acceptance.ui.workbench import LIGHTS
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
ACTS = {"correcting": L("Take in"), "tolerated": L("Take in"), "ready": L("Hand out")}
EMPTY = {
    "correcting": (L("No corrections are due"), L("Applicants who were told what is missing appear here.")),
    "tolerated": (L("Nothing is promised"), L("Cases with materials promised for later appear here.")),
    "ready": (L("Nothing to hand out"), L("Sealed decisions appear here.")),
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
                Column("at", _("Saved"), 140),
                Column("act", "", 72, kind="action"),
            )
        )
        self.table.set_empty("inbox", _("No drafts"), _("What you type is saved by itself and waits here."))
        self.table.activated.connect(lambda row: self._open(row["id"]))
        self.table.acted.connect(lambda _column, row: self._open(row["id"]))
        _fill(self, self.table)

    def load(self) -> None:
        """Ask for the drafts."""
        self._context.query("acceptance.drafts", done=self._show, failed=self.table.set_error)

    def _show(self, rows: list[Any]) -> None:
        self.table.set_rows(
            [
                {"id": r.id, "item": r.item_name, "applicant": r.applicant_name, "act": _("Go on"),
                 "at": r.at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M")}
                for r in rows
            ]
        )  # fmt: skip

    def _open(self, draft_id: int) -> None:
        self._context.query(
            "acceptance.draft", {"draft_id": draft_id}, done=lambda body: self._resume(draft_id, body)
        )


class WindowList(QWidget):
    """Cases in one state with the act that moves them on."""

    def __init__(self, context: PageContext, tab: str) -> None:
        super().__init__()
        self._context, self._tab = context, tab
        self.wanted: Any = None
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("number", _("Case number"), 130),
                Column("item", _("Item"), stretch=2, kind="strong"),
                Column("applicant", _("Applicant"), stretch=1),
                Column("state", _("State"), 90),
                Column("left", _("Time left"), 170, kind="time"),
                Column("act", "", 72, kind="action"),
            )
        )
        title, why = EMPTY[tab]
        self.table.set_empty("inbox", str(title), str(why))
        self.table.activated.connect(lambda row: self._do(row["id"]))
        self.table.acted.connect(lambda _column, row: self._do(row["id"]))
        _fill(self, self.table)

    def load(self) -> None:
        """Ask for the cases."""
        request = {"tab": self._tab, "limit": 500}
        self._context.query("acceptance.cases", request, done=self._show, failed=self.table.set_error)

    def _show(self, rows: list[Any]) -> None:
        self.table.set_rows(
            [
                {"id": r.id, "light": LIGHTS.get(r.light, r.light), "number": r.short_no, "item": r.item_name,
                 "applicant": r.applicant, "state": r.state_name, "act": str(ACTS[self._tab]),
                 "left": TimeLeft(r.time_left, r.used, LIGHTS.get(r.light, r.light))}
                for r in rows
            ]
        )  # fmt: skip
        if self.wanted is not None:
            self.table.select(self.wanted)
            self.wanted = None

    def _do(self, case_id: int) -> None:
        act = {"correcting": self._resubmit, "tolerated": self._bring, "ready": self._deliver}[self._tab]
        self._context.query("acceptance.case", {"case_id": case_id}, done=act)

    def _resubmit(self, case: Any) -> None:
        missing = [m for m in case.materials if m.given == "not_given" and m.need == "required"]
        text = "、".join(m.name for m in missing) or _("everything that was told")

        def answered(yes: Any) -> None:
            if not yes:
                return
            hands = [{"position": m.position, "given": "paper", "originals": 1, "copies": 1} for m in missing]
            request = {"case_id": case.row.id, "materials": hands}
            self._context.run("acceptance.resubmit", request, done=accept)

        def accept(_case: Any) -> None:
            self._context.run("acceptance.accept_case", {"case_id": case.row.id}, done=self._finish)

        Dialog.ask(
            self,
            _("Take in the corrected materials and accept?"),
            text,
            primary=_("Take in and accept"),
            done=answered,
        )

    def _bring(self, case: Any) -> None:
        owed = [m for m in case.materials if m.given == "tolerated"]

        def answered(yes: Any) -> None:
            if yes:
                requests = [{"case_id": case.row.id, "position": m.position, "copies": 1} for m in owed]
                self._context.batch("acceptance.bring", requests, done=lambda _outcomes: self.load())

        names = "、".join(m.name for m in owed)
        Dialog.ask(self, _("Was this brought?"), names, primary=_("Take in"), done=answered)

    def _deliver(self, case: Any) -> None:
        relations = [
            ("self", _("the applicant")),
            ("agent", _("agent")),
            ("family", _("family")),
            ("other", _("other")),
        ]
        fields = [
            FormField("receiver", _("Receiver"), required=True, span=2),
            FormField("relation", _("Relation"), kind="choice", choices=relations, span=2),
        ]

        def answered(values: Any) -> None:
            if values is not None:
                request = {
                    "case_id": case.row.id,
                    "receiver": values["receiver"],
                    "relation": values["relation"] or "self",
                }
                self._context.run("acceptance.deliver", request, done=self._finish, failed=self._refused)

        body = _(
            "{number} {item}. Check the receiver's identity card.",
            number=case.row.short_no,
            item=case.row.item_name,
        )
        Dialog.ask(self, _("Hand out the result?"), body, primary=_("Hand out"), fields=fields, done=answered)

    def _finish(self, case: Any) -> None:
        self._context.run("acceptance.render", {"case_id": case.case_id}, done=lambda _papers: None)
        self._context.notify(_("{number} is done", number=case.case_no), kind="success")
        self.load()

    def _refused(self, error: UserError) -> None:
        self._context.notify(f"{error.sentence} {error.do}", kind="warning")


def _fill(view: QWidget, table: QWidget) -> None:
    column = QVBoxLayout(view)
    column.setContentsMargins(20, 16, 20, 16)
    column.addWidget(table)
