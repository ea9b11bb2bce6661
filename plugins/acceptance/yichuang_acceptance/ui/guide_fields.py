"""Fields of a guide on the screen: editors made of what the rules say about each element."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError
from yichuang.api.ui import CheckBox, FlowLayout, FormField, TextArea
from yichuang_acceptance.rules.guide_fields import Field

LINES = 3


class ChoiceSet(QWidget):
    """Several codes out of a few, each a box to tick.

    Signals:
        toggled: A box was ticked or cleared.
    """

    toggled = pyqtSignal()

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()
        flow = FlowLayout(parent=self)
        self._boxes = {code: CheckBox(str(meaning)) for code, meaning in options.items()}
        for box in self._boxes.values():
            flow.addWidget(box)
            box.toggled.connect(lambda _on: self.toggled.emit())
        first = next(iter(self._boxes.values()))
        self.setFocusProxy(first)

    def value(self) -> str:
        """The ticked codes, separated by semicolons."""
        return ";".join(code for code, box in self._boxes.items() if box.isChecked())

    def set_value(self, value: object) -> None:
        """Tick these codes and no others."""
        codes = str(value or "").split(";")
        for code, box in self._boxes.items():
            box.setChecked(code in codes)


def form_field(each: Field, value: str, columns: int) -> FormField:
    """The editor of an element, filled in."""
    label, check = str(each.label), _checker(each)
    if each.kind in ("choice", "flag"):
        choices = [("", "—"), *((code, str(meaning)) for code, meaning in each.meanings().items())]
        return FormField(
            each.name, label, kind="choice", choices=choices, value=value, required=each.required
        )
    if each.kind == "many":
        span = min(columns, 2)
        editor = ChoiceSet(each.meanings())
        return FormField(each.name, label, span=span, editor=editor, value=value, required=each.required)
    if each.kind == "day":
        day = date.fromisoformat(value) if value else None
        return FormField(each.name, label, kind="date", value=day, required=each.required)
    if each.kind in ("area", "json"):
        return FormField(
            each.name, label, span=columns, editor=TextArea(lines=LINES), value=value, required=each.required, check=check
        )  # fmt: skip
    span = min(columns, 2) if each.name in ("task_name", "material_name", "question", "name") else 1
    return FormField(each.name, label, span=span, value=value, required=each.required, check=check)


def editor_value(each: Field, value: str) -> object:
    """A canonical value as the editor of its element takes it."""
    if each.kind == "day":
        return date.fromisoformat(value) if value else None
    return value


def _checker(each: Field) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        try:
            each.clean(str(value or ""))
        except UserError as error:
            return str(error)
        return None

    return check


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    """What a form holds, as an operation takes it."""
    shown = {
        name: value.isoformat() if isinstance(value, date) else str(value or "")
        for name, value in values.items()
    }
    return {name: value.strip() for name, value in shown.items() if value.strip()}


def facts(fields: Sequence[Field], values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Elements that have a value, as people read them."""
    return [(str(each.label), each.meaning(values[each.name])) for each in fields if values.get(each.name)]
