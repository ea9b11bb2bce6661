"""What is asked about one matter at once (一件事): which optional items, what another body has done already, the one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.api.ui import CheckBox, LineEdit, Tag, Text, clear_layout
from yichuang_acceptance.operations.matter_plan import ASKED_BY_ALL, Plan, PlanPart
from yichuang_acceptance.ui.schema_form import SchemaForm
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
        self.form = SchemaForm(edited)
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
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(6)
        column_.addLayout(head)
        column_.addLayout(self._items)
        column_.addWidget(self.conflicts)
        column_.addWidget(self.form)
        self.hide()

    def show_plan(self, plan: Plan) -> None:
        """Ask for a matter; with other optional items of the same one, what was typed stays."""
        same = self._plan is not None and self._plan.code == plan.code
        notes = self.verified() if same else {}
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
        self.form.show_fields([field for field in plan.fields if field.key not in ASKED_ELSEWHERE])
        if same:
            self.set_verified(notes)
        self.show()

    def clear(self) -> None:
        """A single item, or nothing."""
        self._plan = None
        self.form.clear()
        self.hide()

    def _build(self, plan: Plan) -> None:
        clear_layout(self._items)
        self.checks.clear()
        self.notes.clear()
        self.needless.clear()
        for n, part in enumerate(plan.parts):
            self._items.addWidget(self._line(part), n // COLUMNS, n % COLUMNS)

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
        return self.form.values()

    def set_verified(self, notes: Mapping[int, str]) -> None:
        """Put back what `verified` gave."""
        for position, note in self.notes.items():
            note.setText(notes.get(position, ""))

    def values(self) -> dict[str, Any]:
        """For a draft."""
        return {
            "chosen": list(self.chosen()), "answers": self.answers(), "sources": self.form.sources(),
            "verified": {str(n): note for n, note in self.verified().items()},
        }  # fmt: skip

    def restore(self, values: Mapping[str, Any]) -> None:
        """Back from a draft; the choice was restored with the plan."""
        self.form.restore(values.get("answers", {}), values.get("sources", {}))
        self.set_verified({int(n): note for n, note in values.get("verified", {}).items()})

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.verified() and self.form.is_empty()

    def validate(self) -> bool:
        """Show what is wrong in the fields."""
        return self._plan is None or self.form.validate()

    def errors(self) -> dict[str, str]:
        """The errors that are shown."""
        return {} if self._plan is None else self.form.errors()


def matter_request(plan: Plan, box: MatterBox, common: dict[str, str]) -> dict[str, Any]:
    """What a matter is entered with beside what every application is."""
    return {
        "theme": plan.code,
        "chosen": list(box.chosen()),
        "versions": {part.item: part.version for part in plan.parts if part.item and part.version},
        "verified": {str(n): note for n, note in box.verified().items()},
        "form": {**{k: v for k, v in box.answers().items() if v}, **common},
        "sources": box.form.sources(),
    }
