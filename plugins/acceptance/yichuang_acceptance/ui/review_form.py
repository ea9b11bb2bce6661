"""The dock in which a node of a review is worked on: review points to tick, opinion, pass, return, ask, pass on."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QTextCursor
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    CheckBox,
    Dock,
    FlowLayout,
    InfoNote,
    NotePlace,
    Text,
    TextArea,
    clear_layout,
)
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.next_choice import NextChoice
from yichuang_acceptance.words import words

_ = words.text
# Words of the approver's opinion. They go into an official record, so they are Chinese whatever the desk's language.
TEMPLATES = {
    "review": ("经审查，材料齐全，内容属实，同意进入下一环节。", "材料内容与审查要点不符，建议不予许可。"),
    "site": ("经现场核查，与申报内容一致，符合要求。", "经现场核查，现场条件不符合要求，建议不予许可。"),
    "consult": ("经研究，我单位无不同意见。", "经研究，我单位不同意，理由如下："),
    "decide": (),
}
MOST = 2000


def template_names(kind: str) -> tuple[str, ...]:
    """What the templates' buttons say."""
    return {
        "review": (_("In order"), _("Not in order")),
        "site": (_("As declared"), _("Not as declared")),
        "consult": (_("No objection"), _("We object")),
    }.get(kind, ())


class ReviewForm(Dock):
    """Points, opinion and buttons of one task; the controller connects the buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Text("", 14, strong=True)
        self.aside = Text("", 12, "t2", elide=True)
        self.points: list[CheckBox] = []
        self._points = FlowLayout(16, 4)
        self._points_box = QWidget()
        self._points_box.setLayout(self._points)
        self.opinion = TextArea(_("What was examined and found"), 2)
        self.opinion.setFixedHeight(58)
        self.opinion.setAccessibleName(_("Opinion"))
        self.claim = Button(_("Take on"), key="Alt+L", size="compact", binds=False)
        self.give = Button(_("Pass on"), key="Alt+T", size="compact", binds=False)
        self.batch = Button(_("Like cases"), key="Alt+B", size="compact", binds=False)
        self.back = Button(_("Return"), key="Ctrl+Left", size="decision", binds=False)
        self.consult = Button(_("Consult"), key="Alt+C", size="decision", binds=False)
        self.more = Button(_("More"), icon="ellipsis", key="Alt+M", size="decision", binds=False)
        for button in (self.back, self.consult, self.more):
            self.left.addWidget(button)
        self.refuse = Button(_("Advise to refuse"), kind="danger", size="decision")
        self.passed = Button(
            _("Pass and submit"), kind="primary", icon="check", key="Ctrl+Enter", size="decision", binds=False
        )
        self.right.addWidget(self.refuse)
        self.right.addWidget(self.passed)
        self.next = NextChoice()
        self._templates: tuple[str, ...] = ()
        self._template_buttons: list[Button] = []
        self._template_row = QHBoxLayout()
        self._template_row.setSpacing(8)
        self._note = NotePlace()
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addLayout(self._template_row)
        self.aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.aside, 1)
        head.addWidget(self.next)
        for button in (self.claim, self.give, self.batch):
            head.addWidget(button)
        box = QWidget()
        form = QVBoxLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.addLayout(head)
        form.addWidget(self._points_box)
        form.addWidget(self.opinion)
        self.body.insertLayout(0, self._note)
        self.body.insertWidget(0, box)

    # ---- what it shows ----

    def show_task(self, detail: Any, *, fresh: bool) -> None:
        """Take a task; what was typed and ticked for the same task stays."""
        row = detail.row
        self.title.setText(row.name)
        officers = _("{n} of {all} officers have signed", n=len(detail.signed), all=detail.officers)
        who = _("for {name}", name=row.absent) if row.absent else row.assignee
        parts = (who, officers if detail.officers > 1 else "", row.time_left if row.due_at else "")
        self.aside.setText("　".join(part for part in parts if part))
        if fresh:
            self.opinion.clear()
            self._note.put(None)
            self.next.show_nodes(None)
            self._show_points(detail)
            self._show_templates(row.kind)
        self._show_buttons(detail)
        if fresh:
            self._tell(detail)

    def _show_points(self, detail: Any) -> None:
        clear_layout(self._points)
        self.points = [CheckBox(point, point in detail.checked) for point in detail.points]
        for box in self.points:
            self._points.addWidget(box)
        self._points_box.setVisible(bool(self.points))

    def _show_templates(self, kind: str) -> None:
        clear_layout(self._template_row)
        self._templates = TEMPLATES.get(kind, ())
        self._template_buttons = []
        for number, (name, text) in enumerate(zip(template_names(kind), self._templates, strict=True), 1):
            button = Button(name, key=f"Alt+{number}", size="compact", binds=False)
            button.setToolTip(text)
            button.clicked.connect(lambda _checked=False, n=number: self.use_template(n))
            self._template_row.addWidget(button)
            self._template_buttons.append(button)

    def _show_buttons(self, detail: Any) -> None:
        row, barred = detail.row, detail.why_not
        self.claim.setVisible(not row.assignee)
        self.back.setVisible(bool(detail.returns))
        self.give.setVisible(row.mine or not row.assignee)
        self.consult.setVisible(row.own and row.kind != "consult")
        self.passed.setText(_("Sign and submit") if detail.officers > 1 else _("Pass and submit"))
        for button in (self.claim, self.back, self.give, self.consult, self.batch, self.refuse, self.passed):
            button.set_reason(barred)
            button.set_busy(False)
        for widget in (self.opinion, self.next, *self.points, *self._template_buttons):
            widget.setEnabled(not barred)

    def _tell(self, detail: Any) -> None:
        """What one has to know first: why one may not act, what is asked, what others have answered or advised."""
        if detail.why_not:
            self._note.put(InfoNote("", detail.why_not))
            return
        said = detail.question
        if not said and detail.answers:
            said = _sentences(detail.answers)
        against = [each for each in detail.opinions if each.outcome in ("refuse", "return")]
        if not said and detail.signed:
            said = _sentences(detail.signed)
        if not said and against:
            said = _sentences(against[-1:])
        if said:
            self._note.put(InfoNote("", said))

    # ---- what was entered ----

    def use_template(self, number: int) -> None:
        """Fill in a prepared opinion; Ctrl+Z brings back what stood there."""
        if not self.opinion.isEnabled() or number > len(self._templates):
            return
        cursor = self.opinion.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(self._templates[number - 1])
        self.opinion.setTextCursor(cursor)
        self.opinion.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.say(None)

    def tick_all(self) -> None:
        """Tick every review point, or none where all are ticked."""
        wanted = not all(box.isChecked() for box in self.points)
        for box in self.points:
            if box.isEnabled():
                box.setChecked(wanted)

    def checked(self) -> list[str]:
        """The review points that are ticked."""
        return [box.text() for box in self.points if box.isChecked()]

    def request(self, outcome: str) -> dict[str, Any] | None:
        """The opinion; None (and a word about it) while something is missing."""
        opinion = self.opinion.value()
        if not opinion:
            self.opinion.setFocus(Qt.FocusReason.TabFocusReason)
            self.say(_("Write the opinion first."))
            return None
        if len(opinion) > MOST:
            self.say(_("The opinion has at most {n} characters.", n=MOST))
            return None
        if outcome == "pass" and len(self.checked()) < len(self.points):
            next(box for box in self.points if not box.isChecked()).setFocus(Qt.FocusReason.TabFocusReason)
            self.say(_("Tick each review point first; Alt+A ticks them all."))
            return None
        return {"outcome": outcome, "opinion": opinion, "checked": self.checked(), **self.next.request()}

    def say(self, what: UserError | str | None) -> None:
        """An error in place; None takes it away."""
        self._note.say(what)

    def notes(self) -> list[str]:
        """What the notes say."""
        return self._note.notes()


def _sentences(opinions: list[Any]) -> str:
    return "\n".join(
        f"{each.name}　{each.staff}　{stamp(each.at)}　{each.opinion}"
        if each.at
        else f"{each.name}　{_('not answered yet')}"
        for each in opinions
    )
