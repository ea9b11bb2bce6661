"""The language of `when` at the nodes of a review: comparisons of the application's fields, read by us, never by `eval`.

`form.area > 50 and form.use in ("餐饮", "住宿")`. Allowed are fields of `form`, texts, numbers, True, False, None, tuples
and lists for `in`, comparisons, `and`, `or`, `not`, and `+ - * / %` of numbers. Nothing can be called, nothing can be
reached but the form, and length, depth and numbers are bounded. What an applicant typed as a number counts as one;
where several answers were chosen, `"热食" in form.goods` asks for one of them.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy
LONGEST = 400  # characters
MOST_PARTS = 120
DEEPEST = 24
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_GLUED = re.compile(
    r"(?<![\w.])[0-9][0-9.]*[^\W0-9]"
)  # 0x1f, 1e9, 1or: not ours, and Python warns about some
FORM = "form"

Value = Any  # a text, a Decimal, a bool, None, or a tuple of these
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_SUMS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}  # fmt: skip
_OTHER_COMPARISONS = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


class ConditionError(UserError):
    """A condition that cannot be read, or that cannot be decided for this form."""

    def __init__(self, sentence: LazyText, do: LazyText | None = None) -> None:
        super().__init__("BAD_CONDITION", sentence, do=do or L("Write it like: form.area > 50"))


@dataclass(frozen=True)
class Condition:
    """A condition that was read.

    Attributes:
        text: As it was written.
        tree: Its parts, all of them allowed.
    """

    text: str
    tree: ast.expr

    def fields(self) -> frozenset[str]:
        """The fields of the form that it asks for."""
        found = (_field(part) for part in ast.walk(self.tree))
        return frozenset(name for name in found if name is not None)

    def holds(self, form: Mapping[str, object]) -> bool:
        """Whether it is so for an application.

        Raises:
            ConditionError: The form lacks a field that is compared, or it is of another kind.
        """
        try:
            value = _value(self.tree, form)
        except (DecimalException, RecursionError) as error:
            raise ConditionError(L("The numbers of the condition cannot be reckoned with.")) from error
        return _truth(value)


def read_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionError: It is too long or too deep, or says something that the language does not have.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise ConditionError(L("A condition has at most {n} characters.", n=LONGEST))
    if not text or "\\" in text or "\x00" in text or _GLUED.search(text):
        raise ConditionError(L("The condition cannot be read."))
    try:
        tree = ast.parse(text, mode="eval").body
        parts = list(ast.walk(tree))
        if len(parts) > MOST_PARTS or _depth(tree) > DEEPEST:
            raise ConditionError(L("The condition is too complicated."))
        _check(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        raise ConditionError(L("The condition cannot be read.")) from error
    return Condition(text, tree)


def _depth(part: ast.AST) -> int:
    return 1 + max(map(_depth, ast.iter_child_nodes(part)), default=0)


def _check(part: ast.expr) -> None:
    """Let only what the language has pass."""
    if _field(part) is not None:
        return
    if isinstance(part, ast.Constant):
        _constant(part.value)
        return
    allowed = (
        isinstance(part, ast.BoolOp | ast.Tuple | ast.List)
        or (isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not | ast.USub))
        or (isinstance(part, ast.BinOp) and type(part.op) in _SUMS)
        or (isinstance(part, ast.Compare) and all(_known(op) for op in part.ops))
    )
    if not allowed:
        raise ConditionError(L("A condition only compares fields of the form."))
    for inner in ast.iter_child_nodes(part):
        if isinstance(inner, ast.expr):
            _check(inner)


def _known(op: ast.cmpop) -> bool:
    return type(op) in _ORDER or isinstance(op, _OTHER_COMPARISONS)


def _field(part: ast.AST) -> str | None:
    """The name of a field of the form: form.area, or form["经营面积（平方米）"] where a name holds signs."""
    if not isinstance(part, ast.Attribute | ast.Subscript) or not isinstance(part.value, ast.Name):
        return None
    if part.value.id != FORM:
        return None
    if isinstance(part, ast.Attribute):
        return part.attr
    inside = part.slice
    return inside.value if isinstance(inside, ast.Constant) and isinstance(inside.value, str) else None


def _constant(value: object) -> Value:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and _NUMBER.fullmatch(str(value)):
        return Decimal(str(value))
    raise ConditionError(L("A condition knows texts and numbers of at most 15 digits."))


def _value(part: ast.expr, form: Mapping[str, object]) -> Value:
    name = _field(part)
    if name is not None:
        return _given(name, form)
    if isinstance(part, ast.Constant):
        return _constant(part.value)
    if isinstance(part, ast.Tuple | ast.List):
        return tuple(_value(each, form) for each in part.elts)
    if isinstance(part, ast.BoolOp):
        stops = isinstance(part.op, ast.Or)
        return stops if any(_truth(_value(each, form)) is stops for each in part.values) else not stops
    if isinstance(part, ast.UnaryOp):
        inner = _value(part.operand, form)
        return not _truth(inner) if isinstance(part.op, ast.Not) else -_number(inner)
    if isinstance(part, ast.BinOp):
        return _SUMS[type(part.op)](_number(_value(part.left, form)), _number(_value(part.right, form)))
    if isinstance(part, ast.Compare):
        return _compare(part, form)
    raise ConditionError(L("A condition only compares fields of the form."))


def _given(name: str, form: Mapping[str, object]) -> Value:
    """What the applicant filled in; a field that is not there is None."""
    value = form.get(name)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)  # several answers
    if isinstance(value, int | float | Decimal) and _NUMBER.fullmatch(str(value)):
        return Decimal(str(value))
    raise ConditionError(L("The field {name} holds neither a text nor a number.", name=name))


def _compare(part: ast.Compare, form: Mapping[str, object]) -> bool:
    left = _value(part.left, form)
    for op, inner in zip(part.ops, part.comparators, strict=True):
        right = _value(inner, form)
        if not _one(op, left, right):
            return False
        left = right
    return True


def _one(op: ast.cmpop, left: Value, right: Value) -> bool:
    if type(op) in _ORDER:
        return _ORDER[type(op)](_number(left), _number(right))
    if isinstance(op, ast.Eq | ast.NotEq):
        return _same(left, right) is isinstance(op, ast.Eq)
    if isinstance(right, tuple):
        found = any(_same(left, each) for each in right)
    elif isinstance(left, str) and isinstance(right, str):
        found = left in right
    else:
        raise ConditionError(L("“in” asks whether a value is in a list, or a text in a text."))
    return found is isinstance(op, ast.In)


def _same(left: Value, right: Value) -> bool:
    """Equal; a text that is written as a number equals that number."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        raise ConditionError(L("A list can only stand after “in”."))
    if isinstance(left, Decimal) != isinstance(right, Decimal):
        left, right = _perhaps_number(left), _perhaps_number(right)
    return type(left) is type(right) and bool(left == right)


def _perhaps_number(value: Value) -> Value:
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _number(value: Value) -> Decimal:
    found = _perhaps_number(value)
    if isinstance(found, Decimal):
        return found
    raise ConditionError(L("Only numbers can be reckoned with or put in order."))


def _truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise ConditionError(L("The condition says neither yes nor no."))
