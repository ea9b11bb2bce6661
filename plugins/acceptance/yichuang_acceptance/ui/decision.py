"""The dock in which a case is decided: opinion templates, opinion, what the licence says, the two buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QTextCursor
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    DateEdit,
    Dock,
    ErrorNote,
    GoodNote,
    InfoNote,
    LineEdit,
    NotePlace,
    Text,
    TextArea,
    WarnNote,
)
from yichuang_acceptance.ui.case_texts import day, forwarded_text, pause_text, stamp
from yichuang_acceptance.ui.grant_terms import GrantTerms
from yichuang_acceptance.words import words

_ = words.text
# Words of the approver's opinion. They go into an official record, so they are Chinese whatever the desk's language.
TEMPLATES = (
    "申请材料齐全，符合法定形式，同意办理。",
    "符合法定条件和标准，同意许可。",
    "经现场查验，与申报内容一致，符合要求，同意许可。",
    "容缺材料应当在承诺期限内补齐，其他材料齐全，符合法定条件，同意许可。",
)
DECISIONS = ("grant", "deemed_grant", "instant", "refuse")
MOST = 2000
CONTENT_WIDTH, DAY_WIDTH = 210, 110


def template_names() -> tuple[str, ...]:
    """What the templates' buttons say."""
    return (_("Papers complete"), _("Conditions met"), _("Inspected"), _("Papers promised"))


class Decision(Dock):
    """Opinion and buttons; where nothing can be decided any more it says what was decided.

    Args:
        grant: Called by the button that grants.
        refuse: Called by the button that refuses.
        pause: Called by the button that begins a special procedure, or ends the one that is open.
        more: Called by the button with everything else.

    Signals:
        written: The opinion was changed.
    """

    written = pyqtSignal()

    def __init__(
        self,
        grant: Callable[[], None],
        refuse: Callable[[], None],
        pause: Callable[[], None],
        more: Callable[[], None],
    ) -> None:
        super().__init__()
        self.opinion = TextArea(_("What was examined and found"), 2)
        self.opinion.setFixedHeight(58)
        self.opinion.setAccessibleName(_("Opinion"))
        self.opinion.textChanged.connect(self.written)
        self.refuse = Button(_("Refuse"), kind="danger", size="decision")
        self.refuse.clicked.connect(refuse)
        self.grant = Button(
            _("Grant and submit"),
            kind="primary",
            icon="check",
            key="Ctrl+Enter",
            size="decision",
            binds=False,
        )
        self.grant.clicked.connect(grant)
        self.right.addWidget(self.refuse)
        self.right.addWidget(self.grant)
        self.content, self.valid_to = LineEdit(_("As it shall stand on the licence")), DateEdit()
        self._licence = self._build_licence()
        self.pause = Button(_("Special procedure"), key="Alt+P", size="decision", binds=False)
        self.pause.clicked.connect(pause)
        self.more = Button(_("More"), icon="ellipsis", key="Alt+M", size="decision", binds=False)
        self.more.clicked.connect(more)
        self.back = Button(_("Return"), key="Ctrl+Left", size="decision", binds=False)
        self.back.hide()
        self.correct = Button(_("Correction notice"), key="Ctrl+B", size="decision", binds=False)
        self.correct.hide()
        self.left.addWidget(self.correct)
        self.left.addWidget(self.back)
        self.left.addWidget(self.pause)
        self.left.addWidget(self.more)
        self.terms = GrantTerms()
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.addLayout(self._build_templates())
        form.addWidget(self.opinion)
        form.addWidget(self._licence)
        self._note = NotePlace()
        self.body.insertLayout(0, self._note)
        self.body.insertWidget(0, self._form)

    def _build_templates(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Text(_("Opinion"), 14, strong=True))
        self.templates = []
        for number, (name, text) in enumerate(zip(template_names(), TEMPLATES, strict=True), 1):
            button = Button(name, key=f"Alt+{number}", size="compact", binds=False)
            button.setToolTip(text)
            button.clicked.connect(lambda _checked=False, n=number: self.use_template(n))
            row.addWidget(button)
            self.templates.append(button)
        row.addStretch(1)
        row.addWidget(self.terms)
        return row

    def _build_licence(self) -> QWidget:
        """Below the opinion: what a licence will say."""
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.content.setFixedWidth(CONTENT_WIDTH)
        self.valid_to.setFixedWidth(DAY_WIDTH)
        self.valid_to.setPlaceholderText(_("Without end"))
        for text, edit in ((_("Content of the licence"), self.content), (_("Valid until"), self.valid_to)):
            edit.setAccessibleName(text)
            row.addWidget(Text(text, 12, "t2"))
            row.addWidget(edit)
            row.addSpacing(4)
        row.addStretch(1)
        return box

    # ---- what it shows ----

    def show_case(self, case: Any, why_not: str, *, fresh: bool) -> None:
        """Take a case; `why_not` says why it cannot be decided here, empty when it can."""
        undecided = case.row.state == "review"
        if not undecided:
            self.set_licence("")
        self._form.setVisible(undecided)
        for button in (self.grant, self.refuse):
            button.setVisible(undecided)
            button.set_reason(why_not)
            button.set_busy(False)
        for widget in (self.opinion, self.content, self.valid_to, self.terms, *self.templates):
            widget.setEnabled(not why_not)
        if fresh:
            self.opinion.clear()
            self.content.clear()
            self.valid_to.clear()
            self.terms.clear()
            self.set_licence("")
            self.say(None)
        self._show_ways(case)
        if not undecided:
            self._show_outcome(case)
        elif why_not and fresh:
            self._note.put(InfoNote("", why_not))
        elif fresh and (sent := forwarded_text(case)):
            self._note.put(
                InfoNote(sent, _("Enter its decision as the outcome when it has come; the limits go on."))
            )
        elif fresh and case.renewal_due_at is not None:
            end = day(case.renewal_due_at)
            self._note.put(
                WarnNote(
                    _("The licence to be renewed ends on {day}.", day=end),
                    _("Undecided by then it counts as renewed (art. 50)."),
                )
            )

    def set_ways(self, pause: str, more: bool) -> None:
        """Whether there is something else to do; `pause` says why its button cannot be pressed, empty when it can."""
        self.pause.set_reason(pause)
        self.more.setVisible(more)

    def _show_ways(self, case: Any) -> None:
        paused = "resume" in case.possible
        self.pause.setVisible(paused or "suspend" in case.possible)
        self.pause.setText(_("End the special procedure") if paused else _("Special procedure"))

    def set_licence(self, name: str) -> None:
        """The licence that a grant gives; empty hides its fields."""
        self._licence.setVisible(bool(name))

    def use_template(self, number: int) -> None:
        """Fill in a prepared opinion; Ctrl+Z brings back what stood there."""
        if not self.opinion.isEnabled() or not self._form.isVisible():
            return
        cursor = self.opinion.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(TEMPLATES[number - 1])
        self.opinion.setTextCursor(cursor)
        self.opinion.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.say(None)

    def request(self) -> dict[str, Any] | None:
        """What is granted; None (and a word about it) while something is missing or wrong."""
        opinion = self.opinion.value()
        if not opinion:
            self.opinion.setFocus(Qt.FocusReason.TabFocusReason)
            self.say(_("Write the opinion first."))
            return None
        if len(opinion) > MOST:
            self.say(_("The opinion has at most {n} characters.", n=MOST))
            return None
        wrong = self.valid_to.is_bad()
        self.valid_to.set_error(wrong)
        if wrong:
            self.valid_to.setFocus(Qt.FocusReason.TabFocusReason)
            self.say(_("Write a day such as 2031-03-31."))
            return None
        until = self.valid_to.value()
        return {
            "opinion": opinion,
            "content": self.content.value(),
            "valid_to": until.isoformat() if until else None,
            **self.terms.request(),
        }

    def bar(self, why_not: str) -> None:
        """Say why it cannot be decided here, once that is known."""
        for button in (self.grant, self.refuse):
            button.set_reason(why_not)
        for widget in (self.opinion, self.content, self.valid_to, self.terms, *self.templates):
            widget.setEnabled(False)
        self._note.put(InfoNote("", why_not))

    def say(self, what: UserError | str | None) -> None:
        """An error in place; None takes it away."""
        self._note.say(what)

    def warn(self, title: str, text: str = "") -> None:
        """Something that happened meanwhile."""
        self._note.put(WarnNote(title, text))

    def notes(self) -> list[str]:
        """What the notes say."""
        return self._note.notes()

    def _show_outcome(self, case: Any) -> None:
        if case.row.state == "suspended":
            pause = case.pauses[-1]
            self._note.put(WarnNote(pause_text(pause), f"{pause.reason}　{pause.basis}", icon="circle-pause"))
            return
        decided = next((e for e in reversed(case.events) if e.event in DECISIONS), None)
        if decided is None:
            self._note.put(InfoNote("", _("The case is {state}.", state=case.row.state_name)))
            return
        who = f"{decided.staff or _('by law')}　{stamp(decided.at)}"
        if decided.event != "refuse":
            self._note.put(GoodNote(_("Granted: {who}", who=who), decided.opinion))
        else:
            self._note.put(ErrorNote(_("Refused: {who}", who=who), decided.opinion))
