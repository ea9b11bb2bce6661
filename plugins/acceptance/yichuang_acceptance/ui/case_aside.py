"""One case beside a list: what it is, its materials, its papers, what happened, and the act that moves it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import identifiers
from yichuang.api.ui import (
    Button,
    Dock,
    EmptyState,
    KeyValue,
    Light,
    Menu,
    PageContext,
    Scroller,
    SidePane,
    Tag,
    Text,
    Timeline,
    clear_layout,
)
from yichuang_acceptance.ui import case_more
from yichuang_acceptance.ui.case_texts import (
    GIVEN_LIGHTS,
    TONES,
    forwarded_text,
    given_text,
    month_day,
    stamp,
    state_tag,
    steps_of,
)
from yichuang_acceptance.ui.due_files import kept_text
from yichuang_acceptance.ui.paper_list import ROW_HEIGHT, PaperList
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 340
MARGINS = (16, 12, 16, 12)


class CaseAside(SidePane):
    """The pane at the right of the lists of the window.

    Args:
        act: Called by the main button.
        withdraw: Called by the button that takes the application back; None leaves it away.
    """

    def __init__(
        self, context: PageContext, act: Callable[[], None], withdraw: Callable[[], None] | None = None
    ) -> None:
        super().__init__("right", WIDTH)
        self.case: Any = None
        self.title = Text("", 16, strong=True, wrap=True)
        self.tag = Tag("", "grey")
        self.left = Text("", 13, "t2")
        self.facts = KeyValue(label_width=56)
        self.materials = QVBoxLayout()
        self.papers = PaperList(context)
        self.timeline = Timeline([])
        self.act = Button("", kind="primary", key="Ctrl+Enter", size="decision", binds=False)
        self.act.clicked.connect(act)
        self.withdraw = Button(_("Withdraw the application"))
        self.withdraw.setVisible(withdraw is not None)
        if withdraw is not None:
            self.withdraw.clicked.connect(withdraw)
        self._has_withdraw = withdraw is not None
        self._context = context
        self.more = Button(_("More"), icon="ellipsis")
        self.more.clicked.connect(self.open_more)
        self.went_on: Callable[[Any], None] = lambda _result: None
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState("mouse-pointer-click", _("No case chosen"), _("Choose one in the list."), framed=False)
        )
        self._stack.addWidget(self._build())
        self.body.setContentsMargins(1, 0, 0, 0)
        self.body.addWidget(self._stack)

    def _build(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(10)
        signs = QHBoxLayout()
        signs.addWidget(self.tag)
        signs.addStretch(1)
        signs.addWidget(self.left)
        self.materials.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(signs)
        column.addWidget(self.facts)
        column.addWidget(Text(_("Materials"), 14, strong=True))
        column.addLayout(self.materials)
        self._papers_head = Text(_("Papers"), 14, strong=True)
        column.addWidget(self._papers_head)
        column.addWidget(self.papers)
        column.addWidget(Text(_("Progress"), 14, strong=True))
        column.addWidget(self.timeline)
        column.addStretch(1)
        dock = Dock()
        dock.body.setContentsMargins(16, 11, 16, 10)
        dock.left.addWidget(self.withdraw)
        dock.left.addWidget(self.more)
        dock.right.addWidget(self.act)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Scroller(inside), 1)
        outer.addWidget(dock)
        return page

    def clear(self) -> None:
        """No case."""
        self.case = None
        self._stack.setCurrentIndex(0)

    def show_case(self, case: Any, act: str, reason: str = "") -> None:
        """Show a case; `act` is the text of the main button (empty hides it), `reason` why it cannot be pressed."""
        self.case = case
        row = case.row
        self.title.setText(row.item_name)
        self.tag.set_spec(state_tag(row))
        self.left.setText("" if row.light == "done" else row.time_left)
        self.left.set_color({"amber": "amb", "red": "red"}.get(TONES.get(row.light, ""), "t2"))
        pairs = [
            (_("Number"), row.case_no),
            (_("Applicant"), f"{row.applicant}　{case.applicant_masked}"),
            (_("Agent"), identifiers.mask_name(case.agent_name) if case.agent_name else ""),
            (_("Telephone"), case.phone),
            (_("Agency"), row.agency_name),
            (_("Passed on"), forwarded_text(case)),
            (_("Urged"), _("{n} times", n=case.urged) if case.urged else ""),
            (_("Received"), f"{stamp(row.received_at)}　{row.acceptor}"),
            (_("First asked"), case.first_contact),
            (_("Files are kept"), kept_text(case.kept)),
        ]
        self.facts.set_pairs([pair for pair in pairs if pair[1]])
        self._show_materials(case)
        self.papers.set_papers(case.papers)
        for part in (self._papers_head, self.papers):
            part.setVisible(bool(case.papers))
        self.papers.setFixedHeight(2 + ROW_HEIGHT * max(1, len(case.papers)))
        self.timeline.set_steps(steps_of(case))
        self.act.setText(act)
        self.act.setVisible(bool(act))
        self.act.set_reason(reason)
        self.withdraw.setVisible(self._has_withdraw and "withdraw" in case.possible)
        self.more.setVisible(bool(case_more.entries(self._context, case)))
        self._stack.setCurrentIndex(1)

    def open_more(self) -> None:
        """The menu of what else can be done with the case."""
        if self.case is not None:
            menu = Menu(self)
            case_more.add_to(menu, self, self._context, self.case, self.went_on)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.open_below(self.more)

    def _show_materials(self, case: Any) -> None:
        clear_layout(self.materials)
        for material in case.materials:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(Light(GIVEN_LIGHTS[material.given]))
            row.addWidget(Text(material.name, 13, elide=True), 1)
            text = (
                _("by {day}", day=month_day(material.due))
                if material.due and material.given == "tolerated"
                else ""
            )
            row.addWidget(Text(text or given_text(material.given), 12, "amb" if text else "t3"))
            self.materials.addWidget(line)
