"""Application forms as rules: fields and schema say the same, what cannot be shown is refused with its path, values by type."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from yichuang.api import UserError
from yichuang_acceptance.rules import form_fields, form_values
from yichuang_acceptance.rules.form_fields import FORM_KINDS, FormField
from yichuang_acceptance.rules.form_schema import SchemaError, fields_of, schema_of

from .forms import GOOD, ROWS
from .guides import texts

FIELDS = form_fields.of_rows(ROWS)
SCHEMA = schema_of(FIELDS)


@st.composite
def form_of(draw: Any) -> tuple[FormField, ...]:
    """Fields that can be told apart and shown."""
    keys = draw(st.lists(st.from_regex(r"[a-z_]\w{0,8}", fullmatch=True), unique=True, max_size=6))
    made = []
    for n, key in enumerate(keys):
        kind = draw(st.sampled_from(list(FORM_KINDS)))
        field = FormField(
            key, f"{draw(texts())}{n}", kind, draw(st.booleans()), shared_key=draw(st.sampled_from(["", "店名"])),
            source=draw(st.sampled_from(["", "idcard.name", "licence.*.住所", "earlier"])), span=draw(st.integers(1, 4)),
            hint=draw(texts()),
        )  # fmt: skip
        if kind in ("choice", "many"):
            field = replace(field, choices=("甲", "乙", "丙")[: draw(st.integers(2, 3))])
        if kind in ("number", "whole"):
            field = replace(
                field, least=draw(st.sampled_from(["", "-1", "0.5"])), most=draw(st.sampled_from(["", "7"]))
            )
        if kind in ("text", "area"):
            field = replace(field, most=draw(st.sampled_from(["", "7", "90"])))
        made.append(field)
    return tuple(made)


@given(form_of())
def test_a_schema_says_what_its_fields_say(fields):
    schema = schema_of(fields)
    Draft202012Validator.check_schema(schema)
    assert fields_of(json.loads(json.dumps(schema, sort_keys=True))) == fields, (
        "the order of keys does not matter"
    )
    rows = form_fields.rows_of(fields)
    assert form_fields.of_rows(rows) == fields
    assert all(not list(form_fields.wrong_in(field)) for field in fields)


def changed(**paths: Any) -> dict[str, Any]:
    schema: dict[str, Any] = copy.deepcopy(SCHEMA)
    for path, value in paths.items():
        *steps, last = path.split("__")
        at = schema
        for step in steps:
            at = at[step]
        at[last.replace("_", ":") if last.startswith("ui_") else last] = value
    return schema


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        (changed(type="array"), "$.type"),
        (changed(additionalProperties=True), "$.additionalProperties"),
        (changed(oneOf=[]), "$.oneOf"),
        (changed(properties=[]), "$.properties"),
        (changed(required=["nobody"]), "$.required"),
        (changed(ui_order=["shop"]), "$['ui:order']"),
        (changed(properties__area__type="object"), "$.properties.area.type"),
        (changed(properties__area__pattern=".*"), "$.properties.area.pattern"),
        (changed(properties__area__minimum=True), "$.properties.area.minimum"),
        (changed(properties__area__minimum=30000), "$.properties.area.maximum"),
        (changed(properties__area__title=""), "$.properties.area.title"),
        (changed(properties__area__title="店名"), "$.properties.area.title"),
        (changed(properties__tel__format="email"), "$.properties.tel.format"),
        (changed(properties__trade__enum=["一个"]), "$.properties.trade.enum"),
        (changed(properties__trade__enum=[1, 2]), "$.properties.trade.enum"),
        (changed(properties__goods__minItems=2), "$.properties.goods.minItems"),
        (changed(properties__goods__uniqueItems=False), "$.properties.goods.uniqueItems"),
        (changed(properties__goods__items={"enum": ["a", "b"]}), "$.properties.goods.items"),
        (changed(properties__boss__ui_source="idcard.code"), "$.properties.boss['ui:source']"),
        (changed(properties__boss__ui_span=9), "$.properties.boss['ui:span']"),
        (changed(properties__boss=3), "$.properties.boss"),
    ],
)  # fmt: skip
def test_what_no_form_can_show_is_refused_with_its_path(schema, path):
    with pytest.raises(SchemaError) as refused:
        fields_of(schema)
    assert (refused.value.code, refused.value.path) == ("FORM_SCHEMA_BAD", path)
    assert refused.value.detail == {"path": path}


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (FormField("1a", "x"), "field"),
        (FormField("a.b", "x"), "field"),
        (FormField("a", "x", "colour"), "kind"),
        (FormField("a", "x", "choice", choices=("只有",)), "options"),
        (FormField("a", "x", choices=("甲", "乙")), "options"),
        (FormField("a", "x", source="idcard.number"), "source"),
        (FormField("a", "x", span=5), "span"),
        (FormField("a", "x", "date", most="3"), "most"),
        (FormField("a", "x", "number", least="9", most="3"), "most"),
        (FormField("a", "x", "text", most="9999"), "most"),
        (FormField("a", "x", "number", most="1e9"), "most"),
    ],
)
def test_what_a_field_cannot_be(field, column):
    assert next(iter(form_fields.wrong_in(field)))[0] == column


def test_values_get_the_schemas_types():
    typed = form_values.taken(SCHEMA, GOOD | {
        "area": "1,280", "goods": "热食;糕点", "clean": "是", "staff": " 3 ", "opens": "2026-05-01", "more": " ",
        "tel": "13804760000",
    })  # fmt: skip
    assert typed == {
        "shop": "罕山饭馆", "area": 1280, "place": "天山镇罕山路1号", "trade": "餐饮服务", "goods": ["热食", "糕点"],
        "clean": True, "staff": 3, "opens": "2026-05-01", "tel": "13804760000",
    }  # fmt: skip
    assert form_values.labelled(FIELDS, typed) == {
        "店名": "罕山饭馆", "经营面积（平方米）": "1280", "经营场所": "天山镇罕山路1号", "主体业态": "餐饮服务",
        "经营项目": "热食、糕点", "负责人电话": "13804760000", "从业人数": "3", "开业日期": "2026-05-01", "有无油烟净化": "是",
    }  # fmt: skip
    assert form_values.labelled((), {"联系地址": "x"}) == {"联系地址": "x"}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("shop", "", "请填写"), ("shop", "x" * 21, "最多 20 个字"), ("area", "很大", "请填写数字"), ("area", "0.5", "不得小于 1"),
        ("area", "99999", "不得大于 20000"), ("trade", "理发", "请从所列"), ("goods", "热食;砂锅", "请从所列"),
        ("tel", "138", "电话"), ("staff", "2.5", "请填写整数"), ("opens", "2026-02-30", "日期"), ("opens", "20260501", "日期"),
        ("clean", "也许", "是或否"), ("nobody", "x", "没有"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_path(key, value, reason):
    with pytest.raises(UserError) as refused:
        form_values.taken(SCHEMA, GOOD | {key: value})
    assert refused.value.code == "FORM_INCOMPLETE"
    (problem,) = refused.value.detail["problems"]
    assert (problem["path"], problem["field"]) == (f"$.{key}", key)
    assert reason in problem["reason"]


def test_everything_is_told_at_once_in_the_forms_order():
    found = form_values.problems(SCHEMA, form_values.typed(SCHEMA, {"opens": "morgen", "area": "-1"}))
    assert [problem.key for problem in found] == ["shop", "area", "place", "trade", "opens"]


@given(st.dictionaries(st.sampled_from(list(SCHEMA["properties"])), st.text(max_size=30)))
def test_what_is_taken_once_is_taken_again(given_values):
    typed = form_values.typed(SCHEMA, GOOD | given_values)
    if not form_values.problems(SCHEMA, typed):
        assert form_values.taken(SCHEMA, json.loads(json.dumps(typed))) == typed
