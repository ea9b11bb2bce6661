"""The list at the left: what was done today, what waits, what went wrong, and how far the batch is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import ErrorNote, Light, ListItem, ListPane, ProgressBar, SidePane, Text
from yichuang_seal.ui.times import clock_time
from yichuang_seal.words import _


class WaitingPane(SidePane):
    """Today's papers.

    Signals:
        chosen: Key of the paper that was moved to.
        activated: Key of the paper on which Enter was pressed.
    """

    chosen = pyqtSignal(int)
    activated = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("left", 272, parent=parent)
        self.setMinimumWidth(248)
        self.body.setContentsMargins(0, 0, 1, 0)
        self.body.setSpacing(0)
        self._count = Text("", 12, "t2")
        self._bar = ProgressBar(text=" ", tone="green")
        self._lights = {state: Light(state, "") for state in ("done", "not_yet", "overdue")}
        self.body.addWidget(self._head())
        self._error: ErrorNote | None = None
        self.list = ListPane(search=False, row_height=50)
        self.list.set_empty(
            "stamp", _("Nothing waits for a seal"), _("Papers appear here when a case was decided.")
        )
        self.list.selected.connect(lambda key: self.chosen.emit(int(key)))
        self.list.activated.connect(lambda key: self.activated.emit(int(key)))
        self.body.addWidget(self.list, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        line = QHBoxLayout()
        line.addWidget(Text(_("Today's batch"), 13, strong=True))
        line.addStretch(1)
        line.addWidget(self._count)
        column.addLayout(line)
        column.addWidget(self._bar)
        legend = QHBoxLayout()
        legend.setSpacing(12)
        for light in self._lights.values():
            legend.addWidget(light)
        legend.addStretch(1)
        column.addLayout(legend)
        return head

    def show_papers(self, waiting: Any, failures: Mapping[int, str], current: int | None) -> None:
        """Show the list.

        Args:
            waiting: The answer of `seal.waiting`.
            failures: Why papers could not be sealed, by key.
            current: The paper that is open.
        """
        self.show_error(None)
        failed = sum(1 for paper in waiting.papers if paper.state == "waiting" and paper.id in failures)
        bad = failed + waiting.refused
        total = waiting.waiting + waiting.stamped + waiting.refused
        self._count.setText(f"{waiting.stamped} / {total}")
        self._bar.set(waiting.stamped, total, " ", "green")
        self._lights["done"].set_state("done", _("Sealed {count}", count=waiting.stamped))
        self._lights["not_yet"].set_state("not_yet", _("To seal {count}", count=waiting.waiting - failed))
        self._lights["overdue"].set_state("overdue", _("Not sealed {count}", count=bad))
        self._lights["overdue"].setVisible(bool(bad))
        self.list.set_items(
            [_item(paper, failures.get(paper.id, ""), paper.id == current) for paper in waiting.papers]
        )
        self.list.set_footer(f"{len(waiting.papers)} / {total}" if total else "")

    def show_progress(self, done: int, total: int) -> None:
        """While a batch runs: how many of it are done."""
        self._count.setText(f"{done} / {total}")
        self._bar.set(done, total, " ", "acc")

    def show_error(self, note: ErrorNote | None) -> None:
        """Why the list could not be loaded, above the old list."""
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
        self._error = note
        if note is not None:
            self.body.insertWidget(1, note)


def _item(paper: Any, failure: str, open_now: bool) -> ListItem:
    if paper.state == "stamped":
        state, second = "done", paper.addressee
    elif paper.state == "refused":
        state, second = "overdue", paper.reason
    elif failure:
        state, second = "overdue", failure
    else:
        state, second = ("current" if open_now else "not_yet"), paper.addressee
    return ListItem(
        str(paper.id),
        paper.title,
        second or paper.number,
        right=paper.label,
        right_second=clock_time(paper.decided_at),
        state=state,
        tone="grey",
    )
