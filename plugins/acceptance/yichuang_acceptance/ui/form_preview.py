"""The application form of a guide as the window will ask it, under the table of its fields; and the same as JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtGui import QFontDatabase

from yichuang.api.ui import Button, FormField, Panel, TextArea
from yichuang_acceptance.rules import form_fields, form_schema
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.schema_form import SchemaForm
from yichuang_acceptance.words import words

_ = words.text
LINES = 18
Row = Mapping[str, str]


class FormPreview(Panel):
    """What the rows of the list make; typing in it tries the checks and changes nothing.

    Args:
        replaced: Called with other rows, when a schema was put in.
    """

    def __init__(self, replaced: Callable[[Sequence[Row]], None]) -> None:
        super().__init__(_("As the window will ask it"))
        self._replaced = replaced
        self._rows: list[Row] = []
        self._editable = False
        self.schema = SchemaForm(lambda: None)
        self.json = Button("JSON Schema", icon="braces", size="compact")
        self.json.clicked.connect(self.show_schema)
        self.head.addWidget(self.json)
        self.add(self.schema)

    def show_rows(self, rows: Sequence[Row], *, editable: bool) -> None:
        """Show what these rows make, as far as they make a form already."""
        self._rows, self._editable = list(rows), editable
        fields = form_fields.of_rows(rows)
        good = [field for field in fields if field.label and not list(form_fields.wrong_in(field))]
        self.schema.clear()
        self.schema.show_fields(list({field.key: field for field in good}.values()))
        self.json.setVisible(editable or bool(rows))

    def show_schema(self) -> None:
        """The fields as JSON Schema, to copy, and to put another in its place."""
        editor = TextArea(_("JSON Schema, draft 2020-12"), LINES)
        editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        editor.setLineWrapMode(TextArea.LineWrapMode.NoWrap)
        editor.setReadOnly(not self._editable)
        text = json.dumps(
            form_schema.schema_of(form_fields.of_rows(self._rows)), ensure_ascii=False, indent=1
        )
        ActDialog(
            _("Application form as JSON Schema"),
            _("The same fields in the exchange format; what no form can show is refused with its place."),
            primary=_("Take it") if self._editable else _("Close"),
            fields=[FormField("schema", "JSON Schema", required=True, span=2, value=text, editor=editor)],
            act=self._take, done=self._taken,
        ).over(self)  # fmt: skip

    def _take(self, values: dict[str, Any], _refused: Any, finished: Any) -> str | None:
        if not self._editable:
            finished(None)
            return None
        try:
            schema = json.loads(values["schema"])
        except json.JSONDecodeError as error:
            return _("Line {line}, column {column}: this is no JSON.", line=error.lineno, column=error.colno)
        if not isinstance(schema, dict):
            return _("A schema begins with a brace.")
        try:
            fields = form_schema.fields_of(schema)
        except form_schema.SchemaError as error:
            return str(error.sentence)
        finished(form_fields.rows_of(fields))
        return None

    def _taken(self, rows: Sequence[Row] | None) -> None:
        if rows is not None:
            self._replaced(rows)
