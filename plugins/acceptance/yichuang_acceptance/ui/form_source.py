"""Brings an application form to the window: asks for the item's fields, and for what licences and earlier cases say in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yichuang.api.ui import PageContext
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.ui.schema_form import SchemaForm


class FormSource:
    """Which form is asked, and whose values are sought.

    Args:
        one: The form of a single item.
        whole: The one form of a matter.
        shown: Called when other fields are there, or other values.
    """

    def __init__(
        self, context: PageContext, one: SchemaForm, whole: SchemaForm, shown: Callable[[], None]
    ) -> None:
        self._context, self._one, self._whole, self._shown = context, one, whole, shown
        self._item: Any = None
        self._identity: tuple[str, str] | None = None
        self._card: Mapping[str, Any] | None = None
        self._sought: dict[str, Any] | None = None

    @property
    def form(self) -> SchemaForm:
        """The form that is asked now."""
        return self._whole if isinstance(self._item, Plan) else self._one

    def ask(self, item: Any, kept: Mapping[str, Any]) -> None:
        """Ask what an item asks for, or go on with the fields of a matter; `kept` is what a draft remembers."""
        same = self._item is not None and not isinstance(item, Plan) and item == self._item
        self._item, self._sought = item, None
        if isinstance(item, Plan):
            self._one.show_fields([])
            self.seek()
            return
        if not same:
            self._one.show_fields([])

        def came(found: Any) -> None:
            if self._item is item:
                self._one.show_fields(found.fields)
                self._one.restore(kept.get("schema", {}), kept.get("sources", {}))
                if found.fields:
                    self._shown()
                    self.seek()

        self._context.query("acceptance.form", {"item": item.code, "version": item.version}, done=came)

    def clear(self) -> None:
        """The next applicant."""
        self._item = self._identity = self._card = self._sought = None
        self._one.clear()

    def take_card(self, card: Mapping[str, Any]) -> None:
        """A card was read; that of an agent says nothing about the applicant."""
        self._card = card
        if self._identity is None or self._is_theirs(self._identity):
            for form in (self._one, self._whole):
                form.take_card(card)

    def _is_theirs(self, identity: tuple[str, str]) -> bool:
        """Whether the card that was read last is the applicant's."""
        return self._card is not None and identity[1] == self._card.get("number")

    def take_person(self, person: Mapping[str, str]) -> None:
        """What stands in the applicant's fields."""
        for form in (self._one, self._whole):
            form.take_person(person)

    def identify(self, identity: tuple[str, str] | None) -> None:
        """Another applicant, or nobody known any more."""
        if identity != self._identity:
            self._identity = identity
            theirs = self._card if identity is not None and self._is_theirs(identity) else None
            for form in (self._one, self._whole):
                form.another_person()
                if theirs is not None:
                    form.take_card(theirs)
        self.seek()

    def seek(self) -> None:
        """Ask what licences and earlier cases say; the same question is not asked twice, for it is put on record."""
        if self._item is None or self._identity is None or not self.form.asks_elsewhere():
            return
        about = (
            {
                "theme": self._item.code,
                "chosen": [p.position for p in self._item.parts if p.optional and p.chosen],
            }
            if isinstance(self._item, Plan)
            else {"item": self._item.code, "item_version": self._item.version}
        )
        sought = {**about, "code_kind": self._identity[0], "code": self._identity[1]}
        if sought == self._sought:
            return
        self._sought = sought

        def came(found: Any) -> None:
            if sought == self._sought and found:
                self.form.take_found(found)
                self._shown()

        self._context.run("acceptance.find_values", sought, done=came, failed=lambda _error: None)
