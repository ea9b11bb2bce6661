"""The questions of an item at the window (情形), whose answers say which materials it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import MaterialRow
from yichuang.api.ui import Form, FormField, Hairline, PageContext, Text, clear_layout
from yichuang_acceptance.rules.situations import picked
from yichuang_acceptance.words import words

_ = words.text
COLUMNS = 3


class SituationStrip(QWidget):
    """A choice for each question of the item; hidden for the many items that ask none.

    Signals:
        answered: An answer was chosen, or other questions came.
    """

    answered = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._item: Any = None
        self._expressions: list[str] = []
        self.form: Form | None = None
        inside = QVBoxLayout()
        inside.setContentsMargins(20, 8, 20, 6)
        inside.setSpacing(6)
        inside.addWidget(Text(_("Situation"), 14, strong=True))
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
            if item is self._item and found.questions:
                self._show(found, kept)

        request = {"item": item.code, "version": item.version}
        self._context.query("acceptance.situations", request, done=came)

    def clear(self) -> None:
        """No questions."""
        self._item, self._expressions, self.form = None, [], None
        clear_layout(self._place)
        self.hide()

    def _show(self, found: Any, kept: Mapping[str, str]) -> None:
        self._expressions = found.expressions
        fields = [
            FormField(q.code, q.text, kind="choice", choices=[("", "—"), *((a, a) for a in q.answers)], required=True,
                      value=kept.get(q.code, "") if kept.get(q.code) in q.answers else "")
            for q in found.questions
        ]  # fmt: skip
        self.form = Form(fields, COLUMNS)
        self.form.changed.connect(lambda _code: self.answered.emit())
        self._place.addWidget(self.form)
        self.show()
        self.answered.emit()

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
