"""Matters at once (一件事) at the window and the issuing desk: the list, and the chosen one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Column, DataTable, Hairline, PageContext, SearchBox, Segmented, Splitter, TimeLeft
from yichuang_acceptance.ui import matter_questions as questions
from yichuang_acceptance.ui.case_texts import light_of
from yichuang_acceptance.ui.delivering import ask_matter_delivery
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.ui.matter_pane import MatterPane
from yichuang_acceptance.ui.table_pages import TablePages
from yichuang_acceptance.words import words

_ = words.text


class MattersView(QWidget):
    """Matters that are open, ready for one pick-up, or finished.

    Args:
        tab: Which of them is shown first.
    """

    def __init__(self, context: PageContext, tab: str = "open") -> None:
        super().__init__()
        self._context = context
        self._rendering: set[int] = set()
        self.filter = Segmented(
            [("open", _("Open matters")), ("ready", _("One pick-up")), ("done", _("finished"))], tab
        )
        self.filter.changed.connect(lambda _tab: self.load())
        self.search = SearchBox(_("Number, matter, applicant"), key="/")
        self.search.setMaximumWidth(260)
        self.search.searched.connect(lambda _text: self.load())
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("number", _("Case number"), 104),
                Column("name", _("Matter"), stretch=3, kind="strong"),
                Column("applicant", _("Applicant"), stretch=2),
                Column("done", _("Decided"), 64),
                Column("state", _("State"), 124, kind="status"),
                Column("left", _("Time left"), 150, kind="time"),
            )
        )
        self.table.set_empty("layers", _("No matters here"), _("Matters that are taken in appear here."))
        self.table.set_keys([(("J", "K"), _("Choose")), ("Enter", _("Matter items"))])
        self.pages = TablePages(context, self.table, _row, self._show)
        self.table.selected.connect(lambda row: self.open(row["id"]))
        self.table.activated.connect(lambda _row: self._to_items())
        may = context.can("acceptance.accept")
        self.pane = MatterPane(
            context, self.open_part, self.ask_rest, self.ask_withdrawal if may else None, self.act
        )
        self._lay_out()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 10, 16, 10)
        bar.setSpacing(12)
        bar.addWidget(self.filter)
        bar.addWidget(self.search, 1)
        bar.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        splitter = Splitter("h", "acceptance.matters")
        splitter.addWidget(left)
        splitter.addWidget(self.pane)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([720, 500])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)

    # ---- what it shows ----

    def load(self) -> None:
        """Ask for the matters, and again for the chosen one."""
        self.pages.load(MATTERS, {"tab": self.filter.current(), "text": self.search.value()[:60]})

    def open(self, matter_id: int) -> None:
        """Show a matter beside the list."""
        self._context.query(
            "acceptance.matter", {"matter_id": matter_id}, done=self._show_matter, failed=self._tell
        )

    def _show(self, rows: Sequence[Any], wanted: int | None) -> None:
        chosen = self.table.current_row()
        matter_id = wanted or (chosen["id"] if chosen is not None else None) or (rows[0].id if rows else None)
        if matter_id is None:
            self.pane.clear()
            return
        self.table.select(matter_id)
        self.open(matter_id)

    def _show_matter(self, matter: Any) -> None:
        self.pane.show_matter(matter)
        if self._context.can("acceptance.print"):
            for case_id in set(matter.unmade) - self._rendering:
                self._make_papers(case_id)

    def _make_papers(self, case_id: int) -> None:
        """Papers of items that were opened elsewhere are made here, once at a time."""
        self._rendering.add(case_id)

        def over(_result: Any) -> None:
            self._rendering.discard(case_id)

        self._context.run("acceptance.render", {"case_id": case_id}, done=over, failed=over)

    def _to_items(self) -> None:
        table = self.pane.parts
        table.select_first()
        table.view.setFocus()

    # ---- what it does ----

    def act(self) -> None:
        """Hand everything out together."""
        matter = self.pane.matter
        if matter is not None and self.pane.act.isEnabled():
            ask_matter_delivery(self, self._context, matter, self._done)

    def open_part(self, part: Any) -> None:
        """Look at an item's case; enter the outcome of another body's step, or take a wrong one back."""
        if part.case_id is not None:
            self._context.navigate("acceptance.search", case_id=part.case_id, text=part.case_no)
        elif part.standing == "open" and self._context.can("acceptance.accept"):
            questions.ask_outcome(self, self._context, self.pane.matter, part, self._done)
        elif part.standing in ("done", "ended") and self._context.can("acceptance.accept"):
            questions.ask_undo(self, self._context, self.pane.matter, part, self._done)

    def ask_rest(self, answer: str) -> None:
        """What becomes of the rest after a refusal."""
        questions.ask_rest(self, self._context, self.pane.matter, answer, self._done)

    def ask_withdrawal(self) -> None:
        """The applicant takes the whole back."""
        if self.pane.matter is not None:
            questions.ask_matter_withdrawal(self, self._context, self.pane.matter, self._done)

    def _done(self, _result: Any) -> None:
        self._context.status(_("{number} is done", number=self.pane.matter.row.short_no))
        self.load()

    def _tell(self, error: UserError) -> None:
        self.pane.clear()
        self._context.notify(in_language(error.sentence), kind="warning")


def _behind(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
    if len(rows) < limit:
        return None
    last = rows[-1]
    return {"after_id": last.id, "after_due": last.listed_by, "after_asked": last.asked}


MATTERS = Listing("acceptance.matters", list, _behind)
"""Those with a question first."""


def _row(r: Any) -> dict[str, Any]:
    runs = r.due_at is not None and r.light != "done"
    state = (
        ("warning", _("asks"))
        if r.asked
        else ({"ready": "done", "done": "done"}.get(r.state, "on_time"), r.state_name)
    )
    return {
        "id": r.id, "light": light_of(r), "number": r.short_no, "name": r.name, "applicant": r.applicant,
        "done": f"{r.done} / {r.parts}", "state": state,
        "left": TimeLeft(r.time_left, r.used, light_of(r)) if runs else None,
    }  # fmt: skip
