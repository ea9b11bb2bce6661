"""The ledger of complaints: what was said about which case, by when it is answered, the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, FormField, PageContext, Step, TagSpec
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
SOURCES = {
    "window": L("at the window"),
    "phone": L("by telephone"),
    "letter": L("by letter"),
    "hotline": L("hotline 12345"),
}


class Complaints(QWidget):
    """Complaints, newest first.

    Args:
        changed: Called after one was answered.
        names: What the list calls the agencies.
        find: Writes down what a complaint shows to be a violation; None for whoever may not.
    """

    def __init__(
        self,
        context: PageContext,
        changed: Callable[[], None],
        names: AgencyNames,
        find: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self._context, self._changed, self._names = context, changed, names
        columns = (
            Column("light", "", 40, kind="light"),
            Column("content", _("Complaint"), stretch=4, kind="strong"),
            Column("item", _("Item"), stretch=2, sort=True),
            Column("agency", _("Agency"), stretch=2, sort=True),
            Column("source", _("Came"), 112, sort=True),
            Column("at", _("Entered"), 104, sort=by("at")),
            Column("due", _("Answer by"), 104, sort=by("due_at")),
        )
        empty = (
            "message-square",
            _("No complaints"),
            _("Complaints that are entered at a case appear here."),
        )
        may = context.can("acceptance.answer")
        act = Act(
            _("Reply"), "message-square", self.ask_answer,
            lambda row: may and row.answered_at is None and row.agency == context.actor.agency, primary=True,
        )  # fmt: skip
        acts = [act]
        if find is not None:
            acts.append(Act(_("Record a finding"), "file-plus", find, lambda _row: True))
        self.ledger = Ledger(
            context, "acceptance.complaints", columns, empty, self._cells, self._beside, acts, _("Complaints")
        )
        self.search = self.ledger.search_by(_("Case number, item, complaint, complainant"), self.load)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ledger)

    def load(self, wanted: int | None = None) -> None:
        """Ask for the rows."""
        self.ledger.ask("acceptance.complaints", {"text": self.search.value()[:60]}, wanted)

    def _cells(self, row: Any) -> dict[str, Any]:
        light = "overdue" if row.late else "done" if row.answered_at else "warning"
        return {
            "light": light, "content": row.content, "item": row.item_name, "agency": self._names.short(row.agency_name),
            "source": str(SOURCES[row.source]), "at": stamp(row.at), "due": stamp(row.due_at),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        name = _("answered") if row.answered_at else _("to answer")
        steps = [Step(_("Entered"), row.staff, stamp(row.at), state="done")]
        if row.answered_at:
            steps.append(Step(_("Answered"), row.answered_by, stamp(row.answered_at), state="done"))
        return Shown(
            row.item_name, TagSpec(_("{state}, late", state=name) if row.late else name, "red" if row.late else "teal"),
            [
                (_("Case"), row.case_no), (_("Agency"), row.agency_name), (_("Complainant"), row.person),
                (_("Came"), str(SOURCES[row.source])), (_("Answer by"), stamp(row.due_at)),
            ],
            "\n".join(filter(None, [row.content, row.answer and _("Answer: {text}", text=row.answer)])), steps,
        )  # fmt: skip

    def ask_answer(self, row: Any) -> ActDialog:
        """The answer to a complaint."""
        fields = [
            FormField("answer", _("Answer, as the complainant reads it"), kind="area", required=True, span=2)
        ]

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            request = {"complaint_id": row.id, **values}
            self._context.run("acceptance.answer_complaint", request, done=finished, failed=refused)

        dialog = ActDialog(
            _("Answer this complaint?"), row.content, primary=_("Reply"), fields=fields, act=act,
            done=lambda _row: self._changed(),
        )  # fmt: skip
        return dialog.over(self)
