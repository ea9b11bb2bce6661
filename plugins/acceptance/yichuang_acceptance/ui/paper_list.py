"""The papers of a case; each can be looked at and, from there, printed; what the seal keeper sent back is made again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, DataTable, PageContext
from yichuang_acceptance.ui.documents import REPLACED, SENT_BACK, paper_state, show_paper
from yichuang_acceptance.ui.made_again import ask_again
from yichuang_acceptance.words import words

_ = words.text
ROW_HEIGHT = 50


class PaperList(QWidget):
    """Papers, oldest first; Enter looks at one.

    Attributes:
        papers: What is shown.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.papers: list[Any] = []
        self.table = DataTable(
            (
                Column("paper", _("Paper"), stretch=1, kind="two"),
                Column("state", _("State"), 84, kind="status"),
                Column("see", "", 56, kind="action"),
            ),
            row_height=ROW_HEIGHT,
            footer=False,
        )
        self.table.view.horizontalHeader().hide()
        self.table.set_empty("file-text", _("No papers yet"))
        self.table.activated.connect(lambda row: self._see(row["of"]))
        self.table.acted.connect(lambda _column, row: self._act(row["of"]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def set_papers(self, papers: Sequence[Any]) -> None:
        """Show other papers."""
        self.papers = list(papers)
        self.table.set_rows(
            [
                {"id": p.id, "of": p, "paper": (p.title, p.number), "state": paper_state(REPLACED if p.replaced else p.state),
                 "see": _("Redo") if p.state == SENT_BACK else _("See") if p.document else ""}
                for p in self.papers
            ]
        )  # fmt: skip

    def _act(self, paper: Any) -> None:
        if paper.state == SENT_BACK:
            ask_again(self, self._context, paper, self._made)
        else:
            self._see(paper)

    def _made(self, paper: Any) -> None:
        """Show a paper as it is now."""
        self.set_papers([paper if each.id == paper.id else each for each in self.papers])

    def _see(self, paper: Any) -> None:
        if paper.document:
            show_paper(self._context, self, paper)
