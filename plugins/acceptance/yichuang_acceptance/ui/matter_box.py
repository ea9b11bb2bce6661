"""What is asked about one matter at once (一件事): which optional items, what another body has done already, the one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api.ui import CheckBox, Form, FormField, LineEdit, Tag, Text, clear_layout
from yichuang_acceptance.operations.matter_plan import ASKED_BY_ALL, MOST_ANSWER, Plan, PlanPart
from yichuang_acceptance.words import words

_ = words.text
COLUMNS = 2
NOTE_WIDTH = 150
ASKED_ELSEWHERE = {field.key for field in ASKED_BY_ALL}  # by the form of every application


class MatterBox(QWidget):
    """Items and fields of a matter; hidden while a single item is taken in.

    Args:
        edited: Called after every change.
        chosen: Called with the positions of the optional items when others are wanted.
    """

    def __init__(self, edited: Callable[[], None], chosen: Callable[[tuple[int, ...]], None]) -> None:
        super().__init__()
        self._edited, self._chosen = edited, chosen
        self._plan: Plan | None = None
        self.checks: dict[int, CheckBox] = {}
        self.notes: dict[int, LineEdit] = {}
        self.needless: dict[int, Tag] = {}
        self.form: Form | None = None
        self.caption = Text("", 12, "t2")
        self.conflicts = Text("", 12, "amb", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(_("Items of the matter"), 14, strong=True))
        head.addWidget(self.caption)
        head.addStretch(1)
        self._items = QGridLayout()
        self._items.setHorizontalSpacing(16)
        self._items.setVerticalSpacing(4)
        for column in range(COLUMNS):
            self._items.setColumnStretch(column, 1)
        self._fields = QVBoxLayout()
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(6)
        column_.addLayout(head)
        column_.addLayout(self._items)
        column_.addWidget(self.conflicts)
        column_.addLayout(self._fields)
        self.hide()

    def show_plan(self, plan: Plan) -> None:
        """Ask for a matter; with other optional items of the same one, what was typed stays."""
        old = self.answers() if self._plan is not None and self._plan.code == plan.code else {}
        notes = self.verified() if old or self._plan is not None else {}
        same = self._plan is not None and self._plan.code == plan.code
        self._plan = plan
        wanted = [part for part in plan.parts if part.chosen]
        self.caption.setText(
            _(
                "{n} items, {papers} papers instead of {all}",
                n=len(wanted),
                papers=len(plan.materials),
                all=plan.asked_in_all,
            )
        )
        self.conflicts.setText("\n".join(plan.conflicts))
        self.conflicts.setVisible(bool(plan.conflicts))
        if not same:
            self._build(plan)
        self._mark(plan)
        self.set_answers(old)
        if same:
            self.set_verified(notes)
        self.show()

    def clear(self) -> None:
        """A single item, or nothing."""
        self._plan = None
        self.hide()

    def _build(self, plan: Plan) -> None:
        clear_layout(self._items)
        self.checks.clear()
        self.notes.clear()
        self.needless.clear()
        for n, part in enumerate(plan.parts):
            self._items.addWidget(self._line(part), n // COLUMNS, n % COLUMNS)
        clear_layout(self._fields)
        asked = [
            FormField(f.key, f.label, required=f.required, check=_too_long,
                      kind="choice" if f.choices else "text", choices=[("", ""), *((c, c) for c in f.choices)])
            for f in plan.fields if f.key not in ASKED_ELSEWHERE
        ]  # fmt: skip
        self.form = Form(asked) if asked else None
        if self.form is not None:
            self.form.changed.connect(lambda _key: self._edited())
            self._fields.addWidget(self.form)

    def _line(self, part: PlanPart) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        check = CheckBox("", checked=part.chosen)
        check.setAccessibleName(part.name)
        check.setEnabled(part.optional)
        check.setFocusPolicy(Qt.FocusPolicy.StrongFocus if part.optional else Qt.FocusPolicy.NoFocus)
        check.setToolTip("" if part.optional else _("This item belongs to the matter."))
        check.toggled.connect(lambda _on: QTimer.singleShot(0, self._choice_changed))
        self.checks[part.position] = check
        name = Text(part.name, 13, elide=True)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name.setToolTip(part.name)
        row.addWidget(check)
        row.addWidget(name, 1)
        if part.condition:
            self.needless[part.position] = Tag(_("not needed"), "grey", small=True)
            self.needless[part.position].setToolTip(_("Needed where {condition}", condition=part.condition))
            row.addWidget(self.needless[part.position])
        if part.after:
            waits = Tag(_("waits"), "amber", small=True)
            waits.setToolTip(_("After {items}", items="、".join(part.after)))
            row.addWidget(waits)
        if part.item:
            row.addWidget(Text(part.agency_name, 12, "t3"))
        else:
            note = LineEdit(_("another body: what was seen"))
            note.setFixedWidth(NOTE_WIDTH)
            note.setAccessibleName(_("{item}: what was seen", item=part.name))
            note.textEdited.connect(lambda _text: self._edited())
            self.notes[part.position] = note
            row.addWidget(note)
        return line

    def _mark(self, plan: Plan) -> None:
        for part in plan.parts:
            check = self.checks[part.position]
            check.blockSignals(True)
            check.setChecked(part.chosen)
            check.blockSignals(False)
            check.setEnabled(part.optional and not part.needless)
            if part.position in self.needless:
                self.needless[part.position].setVisible(part.needless)

    def _choice_changed(self) -> None:
        if self._plan is not None:
            self._chosen(self.chosen())

    # ---- what stands in it ----

    def is_shown(self) -> bool:
        """Whether a matter is taken in, not a single item."""
        return self._plan is not None

    def chosen(self) -> tuple[int, ...]:
        """Positions of the optional items that are wanted."""
        if self._plan is None:
            return ()
        return tuple(
            p.position for p in self._plan.parts if p.optional and self.checks[p.position].isChecked()
        )

    def verified(self) -> dict[int, str]:
        """What another body has done already, by position."""
        return {
            n: note.text().strip()
            for n, note in self.notes.items()
            if note.text().strip() and self.checks[n].isChecked()
        }

    def answers(self) -> dict[str, str]:
        """What was typed into the matter's own fields."""
        return {} if self.form is None else {k: str(v or "").strip() for k, v in self.form.values().items()}

    def set_answers(self, answers: Mapping[str, str]) -> None:
        """Put back what `answers` gave."""
        if self.form is not None:
            self.form.set_values({key: answers.get(key, "") for key in self.form.keys()})  # noqa: SIM118 - a form, no dict

    def set_verified(self, notes: Mapping[int, str]) -> None:
        """Put back what `verified` gave."""
        for position, note in self.notes.items():
            note.setText(notes.get(position, ""))

    def values(self) -> dict[str, Any]:
        """For a draft."""
        return {
            "chosen": list(self.chosen()), "answers": self.answers(),
            "verified": {str(n): note for n, note in self.verified().items()},
        }  # fmt: skip

    def restore(self, values: Mapping[str, Any]) -> None:
        """Back from a draft; the choice was restored with the plan."""
        self.set_answers(values.get("answers", {}))
        self.set_verified({int(n): note for n, note in values.get("verified", {}).items()})

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.verified() and not any(self.answers().values())

    def validate(self) -> bool:
        """Show what is wrong in the fields."""
        return self._plan is None or self.form is None or self.form.validate()

    def errors(self) -> dict[str, str]:
        """The errors that are shown."""
        return {} if self._plan is None or self.form is None else self.form.errors()


def _too_long(value: Any) -> str | None:
    return _("At most {n} characters.", n=MOST_ANSWER) if len(str(value)) > MOST_ANSWER else None
