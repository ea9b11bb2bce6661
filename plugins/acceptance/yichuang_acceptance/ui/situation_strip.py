"""The questions of an item at the window (情形), whose answers say which materials it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import MaterialRow
from yichuang.api.ui import Form, FormField, Hairline, PageContext, Text, clear_layout
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.operations.situations import AskedQuestion
from yichuang_acceptance.rules.situations import picked
from yichuang_acceptance.words import words

_ = words.text
COLUMNS = 3
FITS = 14
"""Characters of a question in one column; a question must be read whole."""


class SituationStrip(QWidget):
    """What to tell first about the item, and a choice for each of its questions; hidden for the many items with neither.

    Signals:
        answered: An answer was chosen, or other questions came.
    """

    answered = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._item: Any = None
        self._expressions: list[str] = []
        self._questions: list[AskedQuestion] = []
        self.form: Form | None = None
        inside = QVBoxLayout()
        inside.setContentsMargins(20, 8, 20, 6)
        inside.setSpacing(6)
        self._notes = Text("", 13, "amb", wrap=True)
        inside.addWidget(self._notes)
        self._title = Text(_("Situation"), 14, strong=True)
        inside.addWidget(self._title)
        self._place = QVBoxLayout()
        inside.addLayout(self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inside)
        column.addWidget(Hairline())
        self.hide()

    def ask(self, item: Any, kept: Mapping[str, str]) -> None:
        """Ask for the questions of an item; `kept` are answers that a draft remembers."""
        self.clear()
        self._item = item

        def came(found: Any) -> None:
            if item is not self._item:
                return
            self._notes.setText("　".join(found.notes))
            self._notes.setVisible(bool(found.notes))
            if found.questions:
                self._show(found, kept)
            elif found.notes:
                self._title.hide()
                self.show()

        request = {"item": item.code, "version": item.version}
        self._context.query("acceptance.situations", request, done=came)

    def ask_matter(self, plan: Plan, kept: Mapping[str, str]) -> None:
        """The questions of a whole matter; while they stay the same, so do the answers and the keyboard's place."""
        if self.form is not None and self._item == plan.code and self._questions == plan.questions:
            return
        focus = next((code for code in self._codes() if self._has_focus(code)), "")
        answers = dict(kept) | (self.answers() if self._item == plan.code else {})
        self.clear()
        self._item = plan.code
        if not plan.questions:
            return
        self._fill(plan.questions, answers)
        if self.form is not None and focus in self._codes():
            self.form.field(focus).editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _codes(self) -> list[str]:
        return [question.code for question in self._questions]

    def _has_focus(self, code: str) -> bool:
        return self.form is not None and self.form.field(code).editor.hasFocus()

    def clear(self) -> None:
        """No questions."""
        self._item, self._expressions, self._questions, self.form = None, [], [], None
        clear_layout(self._place)
        self._notes.hide()
        self._title.show()
        self.hide()

    def _show(self, found: Any, kept: Mapping[str, str]) -> None:
        self._expressions = found.expressions
        self._fill(found.questions, kept)
        self.answered.emit()

    def _fill(self, questions: Sequence[AskedQuestion], kept: Mapping[str, str]) -> None:
        self._questions = list(questions)
        fields = [
            FormField(q.code, q.text, kind="choice", choices=[("", "—"), *((a, a) for a in q.answers)], required=True,
                      value=kept.get(q.code, "") if kept.get(q.code) in q.answers else "", span=1 + (len(q.text) > FITS))
            for q in questions
        ]  # fmt: skip
        self.form = Form(fields, COLUMNS)
        self.form.changed.connect(lambda _code: self.answered.emit())
        self._place.addWidget(self.form)
        self.show()

    def answers(self) -> dict[str, str]:
        """The chosen answers by question."""
        values = self.form.values() if self.form is not None else {}
        return {code: str(answer) for code, answer in values.items() if answer}

    def narrowed(self, materials: Sequence[MaterialRow]) -> list[MaterialRow]:
        """The materials that the answers ask for."""
        if self.form is None:
            return list(materials)
        positions = set(picked(self._expressions, self.answers()))
        return [material for material in materials if material.position in positions]

    def validate(self) -> bool:
        """Show which questions are open."""
        return self.form is None or self.form.validate()
