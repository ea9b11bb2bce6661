"""Forms: a labelled editor with its source and its error, and a grid of them built from a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from yichuang.hall.words import core
from yichuang.widgets.choices import CheckBox, Segmented, Toggle
from yichuang.widgets.inputs import ComboBox, DateEdit, LineEdit, PasswordEdit, TextArea
from yichuang.widgets.labels import Text
from yichuang.widgets.tags import Tag, TagSpec

_ = core.text


def value_of(editor: QWidget) -> Any:
    """What an editor of ours holds."""
    if isinstance(editor, QAbstractButton):
        return editor.isChecked()
    return editor.value()  # type: ignore[attr-defined]  # every editor of ours has it


def set_value_of(editor: QWidget, value: Any) -> None:
    """Show a value in an editor of ours."""
    if isinstance(editor, QAbstractButton):
        editor.setChecked(bool(value))
    else:
        editor.set_value(value)  # type: ignore[attr-defined]  # every editor here has it


class Field(QWidget):
    """A label above an editor, with required mark, source tag, and one line below for an error or a hint.

    Signals:
        left: The user has left the editor: the moment to check it.
    """

    left = pyqtSignal()

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        required: bool = False,
        source: str = "",
        error: str = "",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint, self._hint_color = hint, "t3"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        self._star = Text("*", 12, "red")
        self._star.setVisible(required)
        self._label = Text(label, 12, "t2", elide=True)  # a long label makes no column wider
        self._label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label.setFixedHeight(18)
        self._label.setBuddy(editor)
        self._source = Tag(source or " ", "teal", small=True)
        self._source.setVisible(bool(source))
        head.addWidget(self._star)
        head.addWidget(self._label)
        head.addWidget(self._source)
        head.addStretch(1)
        column.addLayout(head)
        column.addSpacing(4)
        column.addWidget(editor)
        column.addSpacing(2)
        self._below = Text("", 11, "red", wrap=True)
        column.addWidget(self._below)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        editor.installEventFilter(self)
        editor.setAccessibleName(label)
        if source:
            self.set_source(source)
        self.set_error(error)

    def label(self) -> str:
        """The label's text."""
        return self._label.text()

    def set_label(self, text: str) -> None:
        """Another label."""
        self._label.setText(text)
        self.editor.setAccessibleName(text)

    def set_required(self, required: bool) -> None:
        """Show or hide the star."""
        self._star.setVisible(required)

    def set_error(self, text: str) -> None:
        """One sentence with the cause; empty when all is well."""
        if hasattr(self.editor, "set_error"):
            self.editor.set_error(bool(text))
        self._below.setText(text or self._hint)
        self._below.set_color("red" if text else self._hint_color)
        self._below.setVisible(bool(text or self._hint))
        self.editor.setAccessibleDescription(text or self._hint)

    def error(self) -> str:
        """The error that is shown."""
        return self._below.text() if self._below.color() == "red" else ""

    def set_hint(self, text: str, *, warns: bool = False) -> None:
        """Another hint, shown while there is no error; amber where it warns."""
        self._hint, self._hint_color = text, "amb" if warns else "t3"
        if not self.error():
            self.set_error("")

    def hint(self) -> str:
        """The hint that is shown where there is no error."""
        return self._hint

    def set_source(self, source: str) -> None:
        """Say where the content came from; empty when a person typed it."""
        if source:
            self._source.set_spec(TagSpec(source, "teal"))
        self._source.setVisible(bool(source))
        if hasattr(self.editor, "set_prefilled"):
            self.editor.set_prefilled(bool(source))

    def value(self) -> Any:
        """What the editor holds."""
        return value_of(self.editor)

    def set_value(self, value: Any) -> None:
        """Show a value."""
        set_value_of(self.editor, value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Attributes:
        key: Name of the value.
        label: Text above the editor.
        kind: text, area, choice, segmented, date, number, check, toggle or password.
        span: How many of the form's columns it takes.
        required: Must be filled in.
        choices: For choice and segmented: texts, or (value, text).
        source: Where a pre-filled value came from.
        check: Gets the value, gives a sentence if it is wrong.
        editor: An editor of one's own instead of `kind`.
    """

    key: str
    label: str
    kind: str = "text"
    span: int = 1
    required: bool = False
    choices: Sequence[Any] = ()
    value: Any = None
    source: str = ""
    placeholder: str = ""
    hint: str = ""
    check: Callable[[Any], str | None] | None = None
    read_only: bool = False
    editor: QWidget | None = None


def _make_editor(field: FormField) -> QWidget:
    makers: dict[str, Callable[[], QWidget]] = {
        "text": lambda: LineEdit(field.placeholder),
        "number": lambda: LineEdit(field.placeholder),
        "password": lambda: PasswordEdit(field.placeholder),
        "area": lambda: TextArea(field.placeholder),
        "choice": lambda: ComboBox(field.choices),
        "segmented": lambda: Segmented(field.choices),
        "date": DateEdit,
        "check": lambda: CheckBox(field.placeholder),
        "toggle": lambda: Toggle(name=field.label),
    }
    editor = field.editor or makers[field.kind]()
    if field.read_only and isinstance(editor, LineEdit | TextArea):
        editor.setReadOnly(True)
    elif field.read_only:
        editor.setEnabled(False)
    return editor


class Form(QWidget):
    """A grid of fields, checked in place.

    Args:
        fields: What is asked for.
        columns: Four on a page, one or two in a dialog.

    Signals:
        changed: Key of the field that the user changed.
    """

    changed = pyqtSignal(str)

    def __init__(self, fields: Sequence[FormField], columns: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs = {field.key: field for field in fields}
        self._fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        row = column = 0
        for spec in fields:
            span = min(spec.span, columns)
            if column + span > columns:
                row, column = row + 1, 0
            grid.addWidget(self._add(spec), row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def _add(self, spec: FormField) -> Field:
        editor = _make_editor(spec)
        field = Field(spec.label, editor, required=spec.required, source=spec.source, hint=spec.hint)
        if spec.value is not None:
            field.set_value(spec.value)
        field.left.connect(lambda: self._check(spec.key, only_filled=True))
        for name in ("textEdited", "changed", "toggled", "textChanged"):
            signal = getattr(editor, name, None)
            if signal is not None:
                signal.connect(lambda *_args: self._edited(spec.key))
                break
        self._fields[spec.key] = field
        return field

    def field(self, key: str) -> Field:
        """The field of a key.

        Raises:
            KeyError: The form has no such field.
        """
        return self._fields[key]

    def keys(self) -> list[str]:
        """All keys, in order."""
        return list(self._fields)

    def values(self) -> dict[str, Any]:
        """All values; numbers as Decimal, days as date, both None while empty."""
        return {key: self._value(key) for key in self._fields}

    def set_values(self, values: Mapping[str, Any], source: str = "") -> None:
        """Fill in; with a source the fields show where their content came from."""
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].set_value(value)
                self._fields[key].set_source(source)
                self._fields[key].set_error("")

    def set_error(self, key: str, text: str) -> None:
        """Show an error found elsewhere (by the operation) at its field."""
        if key in self._fields:
            self._fields[key].set_error(text)

    def errors(self) -> dict[str, str]:
        """The errors that are shown."""
        return {key: field.error() for key, field in self._fields.items() if field.error()}

    def validate(self) -> bool:
        """Check every field, show what is wrong and put the focus on the first wrong one."""
        bad = [key for key in self._fields if not self._check(key)]
        if bad:
            self._fields[bad[0]].editor.setFocus(Qt.FocusReason.TabFocusReason)
        return not bad

    def focus_first(self) -> None:
        """Put the focus on the first field that can be edited."""
        for key, field in self._fields.items():
            if not self._specs[key].read_only:
                field.editor.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _value(self, key: str) -> Any:
        value = self._fields[key].value()
        if self._specs[key].kind == "number" and self._specs[key].editor is None:
            try:
                number = Decimal(str(value).replace(",", "").replace("，", ""))
            except InvalidOperation:
                return None
            return number if number.is_finite() else None
        return value

    def _check(self, key: str, *, only_filled: bool = False) -> bool:
        """Check one field and show the result; `only_filled` does not scold for an empty one that was just passed."""
        field, spec = self._fields[key], self._specs[key]
        raw, value = field.value(), self._value(key)
        empty = raw is None or raw in ("", False)
        unreadable = isinstance(field.editor, DateEdit) and field.editor.is_bad()
        problem = ""
        if unreadable:
            problem = _("Write a day such as 2026-11-22.")
        elif empty:
            if only_filled and not field.error():
                return not spec.required
            problem = _("Fill this in.") if spec.required else ""
        elif spec.kind == "number" and value is None:
            problem = _("Write a number.")
        elif spec.check is not None:
            problem = spec.check(value) or ""
        field.set_error(problem)
        return not problem

    def _edited(self, key: str) -> None:
        field = self._fields[key]
        field.set_source("")
        if field.error():
            self._check(key)
        self.changed.emit(key)
