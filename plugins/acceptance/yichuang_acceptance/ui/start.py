"""What stands in the middle before an item is chosen: how to begin, and applications that were left unfinished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Column, DataTable, EmptyState, PageContext, Panel
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.words import words

_ = words.text
SHOWN = 6
WIDTH = 460
ROW_HEIGHT = 50


class Start(QWidget):
    """The empty middle.

    Args:
        resume: Called with the id of a draft to go on with.
    """

    def __init__(self, context: PageContext, resume: Callable[[int], None]) -> None:
        super().__init__()
        self._context = context
        columns = (
            Column("draft", stretch=1, kind="two"),
            Column("at", width=92, kind="caption"),
            Column("act", width=64, kind="action"),
        )
        self.table = DataTable(columns, row_height=ROW_HEIGHT, footer=False)
        self.table.view.horizontalHeader().hide()
        self.table.activated.connect(lambda row: resume(row["id"]))
        self.table.acted.connect(lambda _column, row: resume(row["id"]))
        self.panel = Panel(_("Left unfinished: {n}", n=0), flush=True)
        self.panel.add(self.table, 1)
        self.panel.setFixedWidth(WIDTH)
        self.panel.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addStretch(2)
        begin = EmptyState(
            "file-pen-line",
            _("Choose an item"),
            _("Type its initials at the left, for example spjy for 食品经营."),
            framed=False,
        )
        column.addWidget(begin)
        column.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def load(self) -> None:
        """Ask for drafts that nobody put aside: the desk went down while they were typed."""
        self._context.query("acceptance.drafts", done=self._show, failed=lambda _error: None)

    def _show(self, rows: list[Any]) -> None:
        unfinished = [row for row in rows if not row.parked]
        left = unfinished[:SHOWN]
        self.panel.set_title(_("Left unfinished: {n}", n=len(unfinished)))
        self.table.set_rows(
            [
                {"id": r.id, "draft": (r.item_name, r.applicant_name or _("no name yet")), "at": stamp(r.at), "act": _("Go on")}
                for r in left
            ]
        )  # fmt: skip
        self.table.setFixedHeight(ROW_HEIGHT * len(left) + 8)
        self.panel.setVisible(bool(left))
