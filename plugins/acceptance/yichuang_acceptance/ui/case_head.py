"""The head over a case: what it is, whose, since when, and how much of its limit is used."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api import identifiers
from yichuang.api.ui import FormField, IconButton, PageContext, ProgressBar, Tag, TagSpec, Text
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import (
    TONES,
    forwarded_text,
    kind_tag,
    renewal_text,
    stamp,
    state_tag,
    type_tag,
)
from yichuang_acceptance.words import words

_ = words.text
BAR_WIDTH = 190


class CaseHead(QWidget):
    """Title, tags, facts and time left of one case."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._case: Any = None
        self.title = Text("", 18, strong=True, elide=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._tags = [Tag("", "grey") for _n in range(5)]
        self._due = Text("", 12, "t2")
        self._left = ProgressBar()
        self._left.setFixedWidth(BAR_WIDTH)
        self.facts = Text("", 12, "t2", elide=True)
        self.facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.code = Text("", 12, "t2")
        self.reveal = IconButton("eye", _("Show the whole number"), size="compact")
        self.reveal.clicked.connect(lambda _checked: self.ask_reveal())
        self.reveal.setVisible(context.can("people.reveal"))
        self.rest = Text("", 12, "t2", elide=True)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.title)
        for tag in self._tags:
            first.addWidget(tag)
        first.addStretch(1)
        first.addWidget(self._due)
        first.addWidget(self._left)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self.facts)
        second.addSpacing(8)
        second.addWidget(self.code)
        second.addWidget(self.reveal)
        second.addSpacing(8)
        second.addWidget(self.rest, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 4)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        self.matter = Text("", 12, "acct", elide=True)
        self.matter.hide()
        column.addWidget(self.matter)

    def show_case(self, case: Any, matter: Any = None) -> None:
        """Show a case; `matter` is the line of the matter at once that it belongs to."""
        fresh = self._case is None or self._case.row.id != case.row.id
        self._case = case
        row = case.row
        self.title.setText(row.item_name)
        owed = any(m.given == "tolerated" for m in case.materials)
        brought = case.tolerance_due is not None and not owed
        specs = (
            state_tag(row) if row.state != "review" else None, kind_tag(row.item_kind), type_tag(case.item_type),
            TagSpec(_("tolerated"), "amber") if owed else TagSpec(_("promised papers came"), "green") if brought else None,
            TagSpec(renews, "amber") if (renews := renewal_text(case)) else None,
        )  # fmt: skip
        for tag, spec in zip(self._tags, specs, strict=True):
            tag.setVisible(spec is not None)
            if spec is not None:
                tag.set_spec(spec)
        runs = row.state == "review" and row.due_at is not None
        self._due.setText(_("due {when}", when=stamp(row.due_at)) if runs else "")
        self._left.setVisible(runs)
        self._left.set(row.used, 1, row.time_left, TONES.get(row.light, "green"))
        self.facts.setText(f"{row.short_no}　{row.applicant}")
        if fresh:
            self.code.setText(case.applicant_masked)
        agent = _("agent {name}", name=identifiers.mask_name(case.agent_name)) if case.agent_name else ""
        accepted = (
            _("accepted {when} {who}", when=stamp(case.accepted_at), who=row.acceptor)
            if case.accepted_at
            else ""
        )
        other = case.first_contact and case.first_contact != row.acceptor
        asked = _("first asked {name}", name=case.first_contact) if other else ""
        self.rest.setText("　".join(part for part in (agent, accepted, asked, forwarded_text(case)) if part))
        self.matter.setVisible(matter is not None)
        if matter is not None:
            self._show_matter(matter)

    def _show_matter(self, line: Any) -> None:
        """To which matter at once the case belongs."""
        waits = _(", waits for {items}", items="、".join(line.waits_for)) if line.waits_for else ""
        text = _("One matter at once: {name}, item {n} of {all}, led by {lead}", name=line.name, n=line.number,
                 all=line.parts, lead=line.lead_name)  # fmt: skip
        self.matter.setText(f"{text}　{line.short_no}{waits}")

    def ask_reveal(self) -> None:
        """Show the whole identity number, for a purpose that is recorded."""
        case = self._case
        if case is None:
            return
        fields = [FormField("purpose", _("What the number is needed for"), required=True, span=2)]

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            request = {
                "applicant_id": case.applicant_id,
                "purpose": f"{case.row.case_no} {values['purpose']}",
            }
            self._context.run("people.reveal", request, done=finished, failed=refused)

        def done(code: str) -> None:
            if self._case is case or self._case.row.id == case.row.id:
                self.code.setText(code)

        ActDialog(
            _("Show the whole number?"), _("Purpose, time and your name are recorded."), primary=_("Show"), fields=fields,
            act=act, done=done,
        ).over(self)  # fmt: skip
