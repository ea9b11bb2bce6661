"""The language of conditions: what it says, what it refuses, and that nothing can be reached with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang_acceptance.rules.conditions import LONGEST, ConditionError, read_condition

FORM = {
    "area": "80",
    "use": "餐饮",
    "经营面积": "120.5",
    "面积（㎡）": "3",
    "empty": "",
    "many": 4,
    "yes": True,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("form.area > 50", True),
        ("form.area>80", False),
        ("50 < form.area <= 80", True),
        ('form.use == "餐饮"', True),
        ('form.use in ("住宿", "餐饮") and not form.area < 10', True),
        ('form.use not in ["住宿"]', True),
        ('"餐" in form.use', True),
        ("form.经营面积 * 2 == 241", True),
        ('form["面积（㎡）"] % 2 == 1', True),
        ("form.missing == None", True),
        ("form.missing == None or form.missing > 3", True),
        ('form.empty == ""', True),
        ("form.many + 1 == 5 and form.yes", True),
        ("form.area == '80.0'", False),  # two texts
        ("form.area == 80.0", True),
        ("-form.area == -80", True),
        ("True", True),
    ],
)
def test_what_conditions_say(text: str, holds: bool) -> None:
    assert read_condition(text).holds(FORM) is holds


@pytest.mark.parametrize(
    "text",
    [
        "", "form", "area > 50", "__import__('os')", "form.area.__class__", "form.area()", "(lambda: 1)()", "form[0]",
        "form.area if True else 1", "[x for x in form.area]", "f'{form.area}'", "form.area := 3", "2 ** 99999", "1e9 > 2",
        "0x1f > 2", "form.area > 9999999999999999", "form.area is None", "b'x' == form.area", "1j == form.area", "...",
        "form.area > 1; form.area", "'\\x41' == form.use", "x" * (LONGEST + 1), "(" * 200, "not " * 90 + "True",
        "form.a > 1 and " * 30 + "True", "{} == form.area", "form.area << 2 > 1", "~form.area > 1", "\x00",
    ],
)  # fmt: skip
def test_what_is_not_in_the_language(text: str) -> None:
    with pytest.raises(ConditionError) as error:
        read_condition(text)
    assert error.value.code == "BAD_CONDITION"


@pytest.mark.parametrize(
    "text",
    [
        "form.missing > 3", "form.use > 3", "form.use + 1 == 2", "form.area / 0 == 1", "form.area", "form.use and True",
        "form.yes + 1 == 2", "('a', 'b') == form.use", "3 in form.use", "form.area % 0 == 1", "not form.area",
    ],
)  # fmt: skip
def test_what_cannot_be_decided(text: str) -> None:
    with pytest.raises(ConditionError):
        read_condition(text).holds(FORM)


def test_it_names_its_fields() -> None:
    assert read_condition('form.area > 1 or form["面积"] == 2').fields() == {"area", "面积"}


LETTERS = st.sampled_from(list("form.area()[]'\"<>=!+-*/%, 0123456789andornotin_字\\\n{}:;@~^&|#$?`"))


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(LETTERS, max_size=60)))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        condition = read_condition(text)
        condition.holds(FORM)
    except ConditionError:
        return


# ---- the slow reference: sentences built as trees, reckoned by the rules of the language written once more ----

Tree = tuple[Any, ...]
FIELDS = ("a", "b", "c")
numbers = st.integers(0, 99).map(lambda n: ("number", Decimal(n)))
texts = st.sampled_from(["", "x", "7", "07", "餐饮"]).map(lambda s: ("text", s))
fields = st.sampled_from(FIELDS).map(lambda name: ("field", name))
atoms = st.one_of(numbers, texts, fields)
sums = st.recursive(atoms, lambda s: st.tuples(st.sampled_from("+-*/%"), s, s), max_leaves=4)
compared = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sums, sums)
listed = st.tuples(
    st.sampled_from(["in", "not in"]), sums, st.lists(atoms, min_size=1, max_size=3).map(tuple)
)
sentences = st.recursive(
    st.one_of(compared, listed),
    lambda s: st.one_of(st.tuples(st.sampled_from(["and", "or"]), s, s), st.tuples(st.just("not"), s)),
    max_leaves=4,
)


def written(tree: Tree) -> str:
    kind = tree[0]
    if kind == "number":
        return str(tree[1])
    if kind == "text":
        return repr(tree[1])
    if kind == "field":
        return f"form.{tree[1]}"
    if kind == "not":
        return f"(not {written(tree[1])})"
    if kind in ("in", "not in"):
        return f"({written(tree[1])} {kind} [{', '.join(map(written, tree[2]))}])"
    return f"({written(tree[1])} {kind} {written(tree[2])})"


class UndecidedError(Exception):
    pass


def as_number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return Decimal(value)
    raise UndecidedError


def equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    try:
        return as_number(left) == as_number(right)
    except UndecidedError:
        return left is None and right is None


def reckoned(tree: Tree, form: dict[str, Any]) -> Any:
    kind = tree[0]
    if kind in ("number", "text"):
        return tree[1]
    if kind == "field":
        return form.get(tree[1])
    if kind == "not":
        return not reckoned(tree[1], form)
    if kind == "and":
        return reckoned(tree[1], form) and reckoned(tree[2], form)
    if kind == "or":
        return reckoned(tree[1], form) or reckoned(tree[2], form)
    left = reckoned(tree[1], form)
    if kind in ("in", "not in"):
        found = any(equal(left, reckoned(each, form)) for each in tree[2])
        return found == (kind == "in")
    right = reckoned(tree[2], form)
    if kind in ("==", "!="):
        return equal(left, right) == (kind == "==")
    one, other = as_number(left), as_number(right)
    if kind in "/%" and other == 0:
        raise UndecidedError
    return {
        "+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other, "/": lambda: one / other,
        "%": lambda: one % other, "<": lambda: one < other, "<=": lambda: one <= other, ">": lambda: one > other,
        ">=": lambda: one >= other,
    }[kind]()  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    sentences, st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["", "5", "12", "x", "007", "餐饮"]))
)
def test_it_agrees_with_the_slow_reference(tree: Tree, form: dict[str, Any]) -> None:
    expected: bool | None
    try:
        expected = reckoned(tree, form)
    except UndecidedError:
        expected = None
    try:
        found: bool | None = read_condition(written(tree)).holds(form)
    except ConditionError:
        found = None
    assert found is expected, written(tree)
