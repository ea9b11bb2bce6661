"""One case on the workbench: its head, its evidence, how far it is, and the docks in which it is worked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Hairline, PageContext, Scroller, SidePane, Splitter, Text, Timeline
from yichuang_acceptance.ui.case_head import CaseHead
from yichuang_acceptance.ui.case_texts import spent_text, steps_of
from yichuang_acceptance.ui.decision import Decision
from yichuang_acceptance.ui.evidence import Evidence
from yichuang_acceptance.ui.review_form import ReviewForm
from yichuang_acceptance.words import words

_ = words.text
SIDE_WIDTH = 252


class CaseDesk(QWidget):
    """What stands at the right of the list of cases.

    Args:
        form: The dock of a task; it stands instead of the decision.
        acts: Called by the buttons that grant, refuse, begin or end a pause, and show more.
    """

    def __init__(self, context: PageContext, form: ReviewForm, acts: tuple[Callable[[], None], ...]) -> None:
        super().__init__()
        self.head = CaseHead(context)
        self.evidence = Evidence(context)
        self.timeline = Timeline([])
        self.used = Text("", 12, "t3")
        self.decision = Decision(*acts)
        splitter = Splitter("h", "acceptance.workbench.case")
        splitter.addWidget(self.evidence)
        splitter.addWidget(self._progress())
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([660, SIDE_WIDTH])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.evidence.strip)
        column.addWidget(Hairline())
        column.addWidget(splitter, 1)
        column.addWidget(self.decision)
        column.addWidget(form)
        form.hide()

    def _progress(self) -> SidePane:
        side = SidePane("right", SIDE_WIDTH, fill="surface")
        top = QHBoxLayout()
        top.addWidget(Text(_("Progress"), 14, strong=True))
        top.addStretch(1)
        top.addWidget(self.used)
        side.body.addLayout(top)
        side.body.addWidget(Scroller(self.timeline), 1)
        return side

    def show_case(self, found: Any) -> None:
        """Show a case with all that stands beside it; the docks are left to the workbench."""
        case = found.case
        self.head.show_case(case, found.matter)
        self.timeline.set_steps(steps_of(case, found.nodes))
        self.used.setText(spent_text(case))
        self.evidence.show_case(case)
