"""One matter at once: one form for all its items; what several of them ask is asked once and given to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yichuang.api import LazyText
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class FormField:
    """A field as one item asks it.

    Attributes:
        key: Shared by all items that mean the same.
        label: What is asked.
        kind: text, number, date or choice.
        required: Must be filled in.
        choices: For a choice.
    """

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedOnce:
    """A field of the one form.

    Attributes:
        field: As it is asked; its key is the shared one unless items disagree on what it is.
        given_to: Positions of the items that get the answer, with the key each of them knows it by.
    """

    field: FormField
    given_to: Mapping[int, str]


@dataclass(frozen=True)
class Conflict:
    """Items that use one key for different things; the field is asked once for each of them."""

    key: str
    items: tuple[int, ...]
    reason: LazyText


@dataclass(frozen=True)
class OneForm:
    """The one form, and where items did not agree on a field."""

    fields: tuple[AskedOnce, ...]
    conflicts: tuple[Conflict, ...]


def merge_forms(forms: Mapping[int, Sequence[FormField]], names: Mapping[int, str]) -> OneForm:
    """The union of the items' forms by shared key, in the order in which fields are first asked.

    A field is required as soon as one item requires it. Where two items mean different things by one key (another kind, or
    choices that have nothing in common), each is asked by itself, and the conflict is named. Choices that overlap narrow to
    what all of them allow.

    Args:
        forms: Fields of each item, by the item's position.
        names: What the items are called.
    """
    by_key: dict[str, dict[int, FormField]] = {}
    for item, fields in forms.items():
        for field in fields:
            by_key.setdefault(field.key, {}).setdefault(item, field)
    asked: list[AskedOnce] = []
    conflicts: list[Conflict] = []
    for key, wanted in by_key.items():
        reason = _disagree(list(wanted.values()))
        if reason is None:
            asked.append(AskedOnce(_joined(list(wanted.values())), dict.fromkeys(wanted, key)))
            continue
        conflicts.append(Conflict(key, tuple(wanted), reason))
        asked += [
            AskedOnce(
                replace(field, key=f"{key}#{item}", label=f"{field.label}（{names[item]}）"), {item: key}
            )
            for item, field in wanted.items()
        ]
    return OneForm(tuple(asked), tuple(conflicts))


def _disagree(fields: Sequence[FormField]) -> LazyText | None:
    if len({field.kind for field in fields}) > 1:
        return L("“{label}” is not the same kind of field for all items.", label=fields[0].label)
    choices = [set(field.choices) for field in fields if field.choices]
    if choices and not set.intersection(*choices):
        return L("The choices of “{label}” have nothing in common.", label=fields[0].label)
    return None


def _joined(fields: Sequence[FormField]) -> FormField:
    choices = [set(field.choices) for field in fields if field.choices]
    common = set.intersection(*choices) if choices else set()
    first = next((field.choices for field in fields if field.choices), ())
    return replace(
        fields[0], required=any(field.required for field in fields),
        choices=tuple(choice for choice in first if choice in common),
    )  # fmt: skip


def missing(form: OneForm, values: Mapping[str, str]) -> list[str]:
    """Labels of required fields that are empty."""
    return [
        a.field.label for a in form.fields if a.field.required and not values.get(a.field.key, "").strip()
    ]


def wrong_choices(form: OneForm, values: Mapping[str, str]) -> list[str]:
    """Labels of choices whose answer is none of them."""
    return [
        a.field.label
        for a in form.fields
        if a.field.choices
        and values.get(a.field.key, "").strip()
        and values[a.field.key] not in a.field.choices
    ]


def give_to_each(form: OneForm, values: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The answers of each item under its own keys; an empty answer is none."""
    given: dict[int, dict[str, str]] = {}
    for asked in form.fields:
        answer = values.get(asked.field.key, "").strip()
        for item, key in asked.given_to.items():
            filled = given.setdefault(item, {})
            if answer:
                filled[key] = answer
    return given
