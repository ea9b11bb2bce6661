"""What an applicant filled in: read by the form's JSON Schema, every field that is empty or wrong told with its path. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from yichuang.api import LazyText, UserError, identifiers
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.form_schema import Schema
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError

L = words.lazy
FormValue: TypeAlias = str | bool | int | float | list[str]
YES, NO = "是", "否"
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TRUTHS = {YES: True, "true": True, "1": True, NO: False, "false": False, "0": False}


@dataclass(frozen=True)
class Problem:
    """A field that keeps an application from being taken in.

    Attributes:
        path: JSON path in what was filled in, such as `$.area`.
    """

    key: str
    path: str
    label: str
    reason: LazyText


def is_blank(value: object) -> bool:
    """Whether nothing was filled in."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def typed(schema: Schema, given: Mapping[str, FormValue]) -> dict[str, Any]:
    """What was typed, as the schema's types; what cannot be read as such stays as it is, what is blank is left out."""
    properties = schema["properties"]
    kinds = {key: properties.get(key, {}).get("type", "string") for key in given}
    return {key: _typed(kinds[key], value) for key, value in given.items() if not is_blank(value)}


def _typed(kind: str, value: FormValue) -> Any:
    if not isinstance(value, str):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    text = value.strip()
    if kind == "array":
        return [each.strip() for each in text.split(";") if each.strip()]
    if kind == "boolean":
        return _TRUTHS.get(text.lower(), text)
    if kind in ("number", "integer"):
        digits = text.replace(",", "").replace("，", "")
        if _NUMBER.fullmatch(digits):
            number = float(digits)
            return int(number) if number.is_integer() else number
    return text


def problems(schema: Schema, values: Mapping[str, Any]) -> list[Problem]:
    """Every field that is empty or wrong, in the form's order; the first reason of each.

    Args:
        schema: Of the form.
        values: As `typed` gives them.
    """
    from jsonschema import Draft202012Validator

    properties = schema["properties"]
    found: dict[str, LazyText] = {
        key: L("Fill this in.") for key in schema["required"] if key not in values
    } | {key: L("The form has no such field.") for key in values if key not in properties}
    validator = Draft202012Validator(schema, format_checker=_formats())
    for error in validator.iter_errors(dict(values)):
        if error.absolute_path:
            found.setdefault(str(error.absolute_path[0]), _reason(error))
    order = [*schema["ui:order"], *(key for key in found if key not in properties)]
    return [
        Problem(key, f"$.{key}", properties.get(key, {}).get("title", key), found[key])
        for key in order
        if key in found
    ]


@cache
def _formats() -> FormatChecker:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checks("date", ValueError)(_is_day)
    for name, check in (("phone", identifiers.check_phone), ("uscc", identifiers.check_uscc)):
        checker.checks(name, UserError)(lambda text, check=check: bool(check(str(text))))
    return checker


def _is_day(text: object) -> bool:
    return isinstance(text, str) and bool(_DAY.fullmatch(text) and date.fromisoformat(text))


def _reason(error: ValidationError) -> LazyText:
    """Why a value is not taken, in words for whoever fills the form in."""
    if error.validator == "format":
        if isinstance(error.cause, UserError) and isinstance(error.cause.sentence, LazyText):
            return error.cause.sentence
        return L("Write a day such as 2026-11-22.")
    limit = error.validator_value
    kinds: Mapping[str, LazyText] = {
        "number": L("Write a number."), "integer": L("Write a whole number."), "boolean": L("Answer yes or no."),
        "array": L("Choose from the answers."), "string": L("Write a text."),
    }  # fmt: skip
    told = {
        "type": lambda: kinds[str(limit)], "minimum": lambda: L("At least {n}.", n=limit),
        "maximum": lambda: L("At most {n}.", n=limit), "minLength": lambda: L("At least {n} characters.", n=limit),
        "maxLength": lambda: L("At most {n} characters.", n=limit),
    }  # fmt: skip
    return told.get(str(error.validator), lambda: kinds["array"])()


def taken(schema: Schema, given: Mapping[str, FormValue]) -> dict[str, Any]:
    """What a case keeps of what was filled in.

    Raises:
        UserError: FORM_INCOMPLETE with the path of every field that is empty or wrong in `detail`.
    """
    values = typed(schema, given)
    refuse(problems(schema, values))
    return values


def refuse(found: Sequence[Problem]) -> None:
    """Let only a form without problems go on.

    Raises:
        UserError: FORM_INCOMPLETE with the path of every field that is empty or wrong in `detail`.
    """
    if not found:
        return
    names = "、".join(dict.fromkeys(problem.label for problem in found))
    raise UserError(
        "FORM_INCOMPLETE", L("These fields are empty or wrong: {names}.", names=names),
        do=L("Fill them in and try again."),
        detail={"fields": [p.label for p in found],
                "problems": [{"path": p.path, "field": p.key, "reason": str(p.reason)} for p in found]},
    )  # fmt: skip


def text_of(value: object) -> str:
    """A value as papers and screens show it."""
    if isinstance(value, bool):
        return YES if value else NO
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def labelled(fields: Iterable[FormField], values: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by what was asked, in the form's order; a case without a form keeps its own names."""
    asked = list(fields)
    if not asked:
        return {name: text_of(value) for name, value in values.items()}
    return {f.label: text_of(values[f.key]) for f in asked if f.key in values}
