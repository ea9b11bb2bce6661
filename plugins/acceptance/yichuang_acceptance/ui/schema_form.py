"""An application form on the screen, made of its fields: filled from card, licences and earlier cases, checked in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api.ui import Field, Form, TextArea, clear_layout
from yichuang.api.ui import FormField as Asked
from yichuang_acceptance.rules import form_values
from yichuang_acceptance.rules.form_fields import FormField, source_name
from yichuang_acceptance.rules.form_schema import schema_of
from yichuang_acceptance.rules.form_values import NO, YES, is_blank, text_of
from yichuang_acceptance.rules.renewals import EXPIRY, is_timely
from yichuang_acceptance.ui.guide_fields import ChoiceSet
from yichuang_acceptance.words import words

_ = words.text
COLUMNS = 4
LINES = 2
SEXES = {"male": "男", "female": "女"}
DAYS = ("date", EXPIRY)
"""Kinds of fields that are a day."""


class SchemaForm(QWidget):
    """The fields of an item, or of a whole matter.

    What a person typed is never written over; what came from a source follows that source.

    Args:
        edited: Called after every change.

    Attributes:
        today: Gives the hall's day, where an application is being taken in.
    """

    today: Callable[[], date] | None = None

    def __init__(self, edited: Callable[[], None]) -> None:
        super().__init__()
        self._edited = edited
        self.form: Form | None = None
        self.fields: dict[str, FormField] = {}
        self._typed: set[str] = set()
        self._sources: dict[str, str] = {}  # where the shown value came from, by key
        self._known: dict[str, str] = {}  # values by source
        self._found: dict[str, Any] = {}  # values of licences and earlier cases, by key
        self._filling = False
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_fields(self, fields: Sequence[FormField]) -> None:
        """Ask for other fields; what was typed into those that stay is kept."""
        old = {key: text for key, text in self.values().items() if key not in self._sources}
        clear_layout(self._place)
        self.fields = {field.key: field for field in fields}
        self._typed, self._sources = set(), {}
        self.form = Form([_asked(field) for field in fields], COLUMNS) if fields else None
        self.setVisible(self.form is not None)
        if self.form is not None:
            self.form.changed.connect(self._changed)
            self._place.addWidget(self.form)
            self.restore(old, {})
            self._fill()

    def clear(self) -> None:
        """No form, and nobody who fills it in."""
        self._known, self._found = {}, {}
        self.show_fields([])

    # ---- where values come from ----

    def take_card(self, card: Mapping[str, Any]) -> None:
        """The applicant's identity card was read."""
        said = {**card, "sex": SEXES.get(str(card.get("sex")), ""), "ethnic": card.get("ethnic_group", "")}
        names = ("name", "sex", "ethnic", "birth", "address", "issuer", "valid_to")
        self._known |= {f"idcard.{name}": str(said.get(name) or "") for name in names}
        self._fill()

    def take_person(self, person: Mapping[str, str]) -> None:
        """What stands in the applicant's own fields."""
        self._known |= {f"applicant.{name}": person.get(name, "") for name in ("name", "phone")}
        self._fill()

    def take_found(self, found: Sequence[Any]) -> None:
        """What licences and earlier cases say."""
        self._found = {each.key: each for each in found}
        self._fill()

    def another_person(self) -> None:
        """Somebody else applies: what came from the one before goes."""
        self._found = {}
        self._known = {name: text for name, text in self._known.items() if not name.startswith("idcard.")}
        kept = {key for key, source in self._sources.items() if source == "applicant"}
        self._empty([key for key in self._sources if key not in kept])
        self._fill()

    def asks_elsewhere(self) -> bool:
        """Whether a licence or an earlier case may know one of the fields."""
        return any(f.shared_key or f.source.startswith(("licence.", "earlier")) for f in self.fields.values())

    def _empty(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._sources.pop(key)
            self._set(key, "")

    def _fill(self) -> None:
        for key, field in self.fields.items():
            source, value, _name = self._offer(field)
            if value and self.form is not None and not self._is_typed(key) and self._text(key) != value:
                self._set(key, value, source)
                self._sources[key] = source.partition(".")[0]
            self._compare(key)

    def _is_typed(self, key: str) -> bool:
        """Whether a person wrote what stands in a field, or emptied it."""
        return key in self._typed or (bool(self._text(key)) and key not in self._sources)

    def _offer(self, field: FormField) -> tuple[str, str, str]:
        """Source, value and name of what would fill a field; empty where nothing would."""
        found = self._found.get(field.key)
        if found is not None and found.source == "licence":
            return "licence", _joined(found.value), found.name
        if self._known.get(field.source):
            return field.source, self._known[field.source], ""
        return ("earlier", _joined(found.value), found.name) if found is not None else ("", "", "")

    def _compare(self, key: str) -> None:
        """Say it where a licence says something else than what stands here."""
        field = self.fields[key]
        source, value, name = self._offer(field)
        said = self._text(key)
        if self.form is None:
            return
        if source == "licence" and said and said != value:
            told = _("“{licence}” says: {value} (Alt+L takes it)", licence=name, value=value)
            self.form.field(key).set_hint(told, warns=True)
        elif field.kind == EXPIRY and self._is_late(said):
            told = _("Less than 30 days before it ends: silence does not grant the renewal.")
            self.form.field(key).set_hint(told, warns=True)
        elif self.form.field(key).hint() != field.hint:
            self.form.field(key).set_hint(field.hint)

    def _is_late(self, said: str) -> bool:
        """Whether a renewal is asked for too late for art. 50."""
        until = _shown_day(said)
        return self.today is not None and until is not None and not is_timely(self.today(), until)

    def differing(self) -> list[str]:
        """Fields in which a licence says something else."""
        offers = {key: self._offer(field) for key, field in self.fields.items()}
        return [k for k, (s, v, _n) in offers.items() if s == "licence" and self._text(k) not in ("", v)]

    def take_licence(self) -> bool:
        """Let the licence's value stand in the field with the focus, else in the first that differs; False where none does."""
        differing = self.differing()
        if self.form is None or not differing:
            return False
        focused = [key for key in differing if self.form.field(key).isAncestorOf(self.focusWidget() or self)]
        key = (focused or differing)[0]
        self._typed.discard(key)
        self._sources[key] = "licence"
        self._fill()
        self._edited()
        return True

    # ---- what stands in it ----

    def _set(self, key: str, text: str, source: str = "") -> None:
        """Show a value that nobody typed."""
        if self.form is not None:
            self._filling = True
            self.form.set_values({key: _shown(self.fields[key], text)}, str(source_name(source)))
            self._filling = False

    def _changed(self, key: str) -> None:
        if self._filling:
            return
        self._typed.add(key)
        self._sources.pop(key, None)
        self._compare(key)
        self._edited()

    def _text(self, key: str) -> str:
        return _joined(self.form.values()[key]) if self.form is not None else ""

    def values(self) -> dict[str, str]:
        """What was filled in, as the operations take it; what is empty is left out."""
        values = self.form.values() if self.form is not None else {}
        return {key: _joined(value) for key, value in values.items() if not is_blank(_joined(value))}

    def labelled(self) -> dict[str, str]:
        """What was filled in, by what was asked."""
        fields = list(self.fields.values())
        return (
            form_values.labelled(fields, form_values.typed(schema_of(fields), self.values()))
            if fields
            else {}
        )

    def field(self, key: str) -> Field:
        """The field of a key.

        Raises:
            KeyError: The form has no such field.
        """
        if self.form is None:
            raise KeyError(key)
        return self.form.field(key)

    def sources(self) -> dict[str, str]:
        """Where the values came from that nobody typed, for a draft."""
        return dict(self._sources)

    def restore(self, values: Mapping[str, Any], sources: Mapping[str, str]) -> None:
        """Put back what `values` and `sources` gave, or show what a case keeps."""
        for key, text in values.items():
            if key in self.fields:
                source = str(sources.get(key, ""))
                self._set(key, _joined(text), source)
                if source:
                    self._sources[key] = source
                else:
                    self._typed.add(key)
        for key in self.fields:
            self._compare(key)

    def is_empty(self) -> bool:
        """Whether nobody typed anything."""
        return not any(self._is_typed(key) for key in self.values())

    def validate(self) -> bool:
        """Show what is wrong in the fields, and go to the first of them."""
        return self.form is None or self.form.validate()

    def errors(self) -> dict[str, str]:
        """The errors that are shown."""
        return self.form.errors() if self.form is not None else {}

    def show_problems(self, problems: Sequence[Mapping[str, str]]) -> None:
        """What the operation found wrong, at its fields; the focus goes to the first."""
        known = [problem for problem in problems if problem["field"] in self.fields]
        for problem in known if self.form is not None else ():
            self.form.set_error(problem["field"], problem["reason"])
        if known and self.form is not None:
            self.form.field(known[0]["field"]).editor.setFocus()

    def focus_first(self) -> None:
        """The keyboard to the first field that is empty, else to the first."""
        if self.form is not None:
            empty = next((key for key in self.fields if not self._text(key)), next(iter(self.fields)))
            self.form.field(empty).editor.setFocus()


def _asked(field: FormField) -> Asked:
    """The field as the form widget takes it; it is checked by its own part of the schema."""
    schema = schema_of([field])

    def check(value: Any) -> str | None:
        found = form_values.problems(schema, form_values.typed(schema, {field.key: _joined(value)}))
        return str(found[0].reason) if found else None

    common: dict[str, Any] = {
        "span": field.span,
        "required": field.required,
        "hint": field.hint,
        "check": check,
    }
    if field.kind in ("choice", "flag"):
        choices = field.choices if field.kind == "choice" else (YES, NO)
        return Asked(
            field.key, field.label, "choice", choices=[("", "—"), *((c, c) for c in choices)], **common
        )
    if field.kind == "many":
        return Asked(field.key, field.label, editor=ChoiceSet({c: c for c in field.choices}), **common)
    if field.kind == "area":
        return Asked(field.key, field.label, editor=TextArea(lines=LINES), **common)
    return Asked(field.key, field.label, "date" if field.kind in DAYS else "text", **common)


def _shown(field: FormField, text: str) -> object:
    """A text as the field's editor takes it."""
    return _shown_day(text) if field.kind in DAYS else text


def _shown_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _joined(value: Any) -> str:
    """What an editor holds, or a case kept, as text."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else text_of(value).strip()
