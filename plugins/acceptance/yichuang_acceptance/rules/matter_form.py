"""One matter at once: one form for all its items; what several of them ask is asked once and given to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yichuang.api import LazyText
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.form_values import FormValue, is_blank
from yichuang_acceptance.words import words

L = words.lazy


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

    Where a field has no shared key, its own key stands for it: only items that use the same one mean the same.
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
            by_key.setdefault(field.shared_key or field.key, {}).setdefault(item, field)
    asked: list[AskedOnce] = []
    conflicts: list[Conflict] = []
    for key, wanted in by_key.items():
        reason = _disagree(list(wanted.values()))
        if reason is None:
            given_to = {item: field.key for item, field in wanted.items()}
            asked.append(AskedOnce(replace(_joined(list(wanted.values())), key=key), given_to))
            continue
        conflicts.append(Conflict(key, tuple(wanted), reason))
        asked += [
            AskedOnce(
                replace(field, key=f"{key}#{item}", label=f"{field.label}（{names[item]}）"),
                {item: field.key},
            )
            for item, field in wanted.items()
        ]
    return OneForm(tuple(_told_apart(asked, names)), tuple(conflicts))


def _told_apart(asked: Sequence[AskedOnce], names: Mapping[int, str]) -> list[AskedOnce]:
    """Fields of different items that are called the same name their item."""
    labels = [each.field.label for each in asked]
    return [
        replace(
            each, field=replace(each.field, label=f"{each.field.label}（{names[next(iter(each.given_to))]}）")
        )
        if labels.count(each.field.label) > 1 and each.given_to
        else each
        for each in asked
    ]


def _disagree(fields: Sequence[FormField]) -> LazyText | None:
    if len({field.kind for field in fields}) > 1:
        return L("“{label}” is not the same kind of field for all items.", label=fields[0].label)
    choices = [set(field.choices) for field in fields if field.choices]
    if choices and not set.intersection(*choices):
        return L("The choices of “{label}” have nothing in common.", label=fields[0].label)
    return None


def _joined(fields: Sequence[FormField]) -> FormField:
    """One field that asks what all of them ask, as strictly as the strictest."""
    choices = [set(field.choices) for field in fields if field.choices]
    common = set.intersection(*choices) if choices else set()
    first = next((field.choices for field in fields if field.choices), ())
    return replace(
        fields[0], required=any(field.required for field in fields),
        choices=tuple(choice for choice in first if choice in common),
        source=next((field.source for field in fields if field.source), ""),
        least=_bound(max, [field.least for field in fields]), most=_bound(min, [field.most for field in fields]),
    )  # fmt: skip


def _bound(pick: Callable[[list[Decimal]], Decimal], bounds: Sequence[str]) -> str:
    numbers = [Decimal(bound) for bound in bounds if bound]
    return f"{pick(numbers):f}" if numbers else ""


def give_to_each(form: OneForm, values: Mapping[str, FormValue]) -> dict[int, dict[str, FormValue]]:
    """The answers of each item under its own keys; an empty answer is none."""
    given: dict[int, dict[str, FormValue]] = {}
    for asked in form.fields:
        answer = values.get(asked.field.key, "")
        for item, key in asked.given_to.items():
            filled = given.setdefault(item, {})
            if not is_blank(answer):
                filled[key] = answer.strip() if isinstance(answer, str) else answer
    return given
