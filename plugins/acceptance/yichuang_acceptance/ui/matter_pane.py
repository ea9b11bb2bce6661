"""One matter (一件事) beside its list: order of its items, each with state, light and due day, the question, papers, acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Dock,
    EmptyState,
    FlowLayout,
    KeyValue,
    NotePlace,
    PageContext,
    Scroller,
    SidePane,
    Tag,
    TagSpec,
    Text,
    WarnNote,
    clear_layout,
)
from yichuang_acceptance.rules.matter_graph import MatterState, Standing
from yichuang_acceptance.ui.case_texts import LIGHTS, day, month_day, stamp
from yichuang_acceptance.ui.matter_graph import MatterGraph
from yichuang_acceptance.ui.matter_texts import STATE_TONES
from yichuang_acceptance.ui.paper_list import ROW_HEIGHT, PaperList
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 500
MARGINS = (16, 12, 16, 12)
PART_HEIGHT, HEAD_HEIGHT = 50, 36


class MatterPane(SidePane):
    """The pane at the right.

    Args:
        open_part: Called with an item when it is opened in the list.
        rest: Called with stop or go_on.
        withdraw: Called by the button that takes the matter back; None leaves it away.
        pick_up: Called by the button that hands all results out.

    Attributes:
        matter: What is shown, None while nothing is.
    """

    def __init__(
        self,
        context: PageContext,
        open_part: Callable[[Any], None],
        rest: Callable[[str], None],
        withdraw: Callable[[], None] | None,
        pick_up: Callable[[], None],
    ) -> None:
        super().__init__("right", WIDTH)
        self.matter: Any = None
        self._may_answer = context.can("acceptance.accept")
        self._may_deliver = context.can("acceptance.deliver")
        self._rest = rest
        self.title = Text("", 16, strong=True, wrap=True)
        self.tag = Tag("", "grey")
        self.left = Text("", 13, "t2")
        self.facts = KeyValue(label_width=56)
        self.ones = FlowLayout()
        self.graph = MatterGraph()
        self.note = NotePlace()
        self.parts = self._part_table()
        self.parts.activated.connect(lambda row: open_part(row["of"]))
        self.parts.acted.connect(lambda _column, row: open_part(row["of"]))
        self.papers = PaperList(context)
        self.act = Button(
            _("Hand out together"),
            kind="primary",
            icon="package-check",
            key="Ctrl+Enter",
            size="decision",
            binds=False,
        )
        self.act.clicked.connect(pick_up)
        self.withdraw = Button(_("Withdraw the matter"))
        self._has_withdraw = withdraw is not None
        if withdraw is not None:
            self.withdraw.clicked.connect(withdraw)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                "mouse-pointer-click", _("No matter chosen"), _("Choose one in the list."), framed=False
            )
        )
        self._stack.addWidget(self._build())
        self.body.setContentsMargins(1, 0, 0, 0)
        self.body.addWidget(self._stack)

    def _part_table(self) -> DataTable:
        table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("item", _("Item"), stretch=1, kind="two"),
                Column("state", _("State"), 104, kind="two"),
                Column("act", "", 56, kind="action"),
            ),
            row_height=PART_HEIGHT,
            footer=False,
        )
        table.set_empty("layers", _("No items"))
        return table

    def _build(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(10)
        signs = QHBoxLayout()
        signs.addWidget(self.tag)
        signs.addStretch(1)
        signs.addWidget(self.left)
        column.addWidget(self.title)
        column.addLayout(signs)
        column.addLayout(self.ones)
        column.addWidget(self.facts)
        column.addWidget(Text(_("Order of the items"), 14, strong=True))
        column.addWidget(self.graph)
        column.addWidget(self.parts)
        column.addWidget(Text(_("Papers of the whole"), 14, strong=True))
        column.addWidget(self.papers)
        column.addStretch(1)
        dock = Dock()
        dock.body.setContentsMargins(16, 11, 16, 10)
        dock.left.addWidget(self.withdraw)
        dock.right.addWidget(self.act)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Scroller(inside), 1)
        self.note.setContentsMargins(16, 0, 16, 8)
        outer.addLayout(self.note)
        outer.addWidget(dock)
        return page

    def clear(self) -> None:
        """No matter."""
        self.matter = None
        self._stack.setCurrentIndex(0)

    def show_matter(self, matter: Any) -> None:
        """Show a matter."""
        self.matter = matter
        row = matter.row
        self.title.setText(row.name)
        self.tag.set_spec(TagSpec(row.state_name, STATE_TONES.get(MatterState(row.state), "grey")))
        self.left.setText(row.time_left)
        self.facts.set_pairs(_facts(matter))
        self._show_ones(matter)
        self.graph.set_parts(matter.parts)
        chosen = self.parts.current_row()
        self.parts.set_rows([_part_row(part, may_enter=self._may_answer) for part in matter.parts])
        self.parts.setFixedHeight(HEAD_HEIGHT + PART_HEIGHT * len(matter.parts) + 2)
        if chosen is not None:
            self.parts.select(chosen["id"])
        self.papers.set_papers(matter.papers)
        self.papers.setFixedHeight(2 + ROW_HEIGHT * max(1, len(matter.papers)))
        self._show_question(matter)
        self.act.setText(
            _("Hand out {n} together", n=matter.collect) if matter.collect else _("Hand out together")
        )
        self.act.set_reason(self._why_not(matter))
        self.withdraw.setVisible(self._has_withdraw and matter.may_withdraw)
        self._stack.setCurrentIndex(1)

    def _why_not(self, matter: Any) -> str:
        if matter.row.state == MatterState.DONE:
            return _("Everything was handed out or has ended.")
        if matter.row.state != MatterState.READY:
            return _("Not all results are there yet.")
        return "" if self._may_deliver else _("Results are handed out at the issuing desk.")

    def _show_ones(self, matter: Any) -> None:
        clear_layout(self.ones)
        for one in matter.ones:
            tag = Tag(one.label, "green" if one.applies else "grey", small=True)
            if one.applies:
                tag.set_spec(TagSpec(f"✓ {one.label}", "green"))
                tag.setToolTip(_("applies to this matter"))
            elif one.applies is None:
                tag.setToolTip(_("a label of this hall"))
            else:
                tag.setToolTip(_("does not apply, or not yet"))
            self.ones.addWidget(tag)

    def _show_question(self, matter: Any) -> None:
        if matter.question is None:
            self.note.put(None)
            return
        name = next(p.name for p in matter.parts if p.position == matter.question)
        answers = (("go_on", _("Go on")), ("stop", _("Stop the rest")))
        buttons = []
        for answer, text in sorted(answers, key=lambda pair: pair[0] != matter.proposal):
            button = Button(text, size="compact")
            button.clicked.connect(lambda _checked=False, answer=answer: self._rest(answer))
            button.set_reason(
                "" if self._may_answer else _("The window that took the matter in answers this.")
            )
            buttons.append(button)
        lost = _(" {items} can no longer begin.", items="、".join(matter.lost)) if matter.lost else ""
        self.note.put(
            WarnNote(
                _("“{item}” was not granted: what becomes of the rest?", item=name), lost.strip(), buttons
            )
        )


def _facts(matter: Any) -> list[tuple[str, ...]]:
    row = matter.row
    pairs: list[tuple[str, ...]] = [
        (_("Number"), row.case_no),
        (_("Query code"), matter.query_code),
        (_("Applicant"), f"{row.applicant}　{matter.applicant_masked}"),
        (_("Agent"), matter.agent_name),
        (_("Telephone"), matter.phone),
        (_("Leading agency"), row.lead_name),
        (_("Committed"), day(matter.promise_due_at)),
        (
            _("Statutory"),
            day(matter.legal_due_at)
            + (_(" (jointly, art. 26)") if matter.joint and matter.legal_due_at else ""),
        ),
        (_("Received"), f"{stamp(row.received_at)}　{matter.acceptor}"),
    ]
    return [pair for pair in pairs if pair[1]]


def _part_row(part: Any, *, may_enter: bool) -> dict[str, Any]:
    number = part.case_no[-3:] if part.case_no else _("another body")
    below = [number, part.agency_name] if part.case_no else [number]
    if part.optional:
        below.append(_("where needed"))
    due = (
        _("due {when}", when=month_day(part.due_at))
        if part.due_at and part.standing == Standing.OPEN
        else part.time_left
    )
    act = (
        _("See")
        if part.case_id is not None
        else _("Enter")
        if part.standing == Standing.OPEN and may_enter
        else _("Put it right")
        if part.standing in (Standing.DONE, Standing.ENDED) and may_enter
        else ""
    )
    return {
        "id": part.position, "of": part, "light": LIGHTS.get(part.light, part.light),
        "item": (part.name, "　".join(b for b in below if b) if not part.note or part.case_no else f"{number}　{part.note}"),
        "state": (part.state_name, due), "act": act,
    }  # fmt: skip
