"""Guides as the catalogue's tests make them: a whole one, and random ones in canonical writing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.rules.guide_fields import BY_NAME, KEYS, LISTS, Field

CODE = "11150421YC0000028H4150102001000"
ELEMENTS = {
    "task_name": "食品经营许可（新办）", "use_level": "4", "server_type": "1;2", "project_type": "2", "anticipate_day": "10",
    "anticipate_type": "W", "promise_day": "5", "promise_type": "W", "is_fee": "1", "result_name": "食品经营许可证",
    "accept_condition": "有固定的经营场所。\n有健康证明。", "aliases": "食品证;开餐馆",
}  # fmt: skip
LISTS_OF_ONE: dict[str, list[dict[str, str]]] = {
    "laws": [{"name": "食品安全法", "article": "第三十五条"}],
    "situations": [{"code": "Q1", "question": "是否经营热食？", "options": "是;否"}],
    "materials": [
        {"material_code": "M1", "material_name": "申请书", "is_need": "1", "page_num": "1"},
        {"material_code": "M2", "material_name": "营业执照", "is_need": "1", "share_api": "数据共享"},
        {"material_code": "M3", "material_name": "健康证", "is_need": "3", "situation_expr": "Q1=是"},
    ],
    "form": [{"label": "店名", "field": "shop", "kind": "text", "needed": "0", "source": "idcard.name"}],
    "steps": [
        {"step": "investigate", "node": "现场核查", "transactor": "核查员二人", "check_standard": "布局与图纸一致。"},
        {"step": "decide", "check_standard": "材料齐全。"},
    ],
    "fees": [{"name": "工本费", "standard": "10元/证", "basis": "发改价格〔2020〕1号"}],
    "special": [{"name": "现场核查", "kind": "2", "limit": "5个工作日"}],
    "towns": [{"town_code": "150421100", "town_name": "天山镇", "issue_place": "天山镇便民服务中心"}],
    "companions": [{"task_code": "item-instant", "list_type": "1"}],
    "questions": [{"question": "要本人来吗？", "answer": "不用。"}],
}  # fmt: skip


def whole(**elements: str) -> dict[str, Any]:
    """Everything a guide can say, as `acceptance.change_guide` takes it."""
    return {
        "elements": ELEMENTS | elements,
        "lists": {name: [dict(row) for row in rows] for name, rows in LISTS_OF_ONE.items()},
    }


LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters=";；=&|")


def texts(most: int = 12) -> st.SearchStrategy[str]:
    return st.text(LETTERS, max_size=most).map(str.strip)


def values(field: Field) -> st.SearchStrategy[str]:
    """Values of a field as somebody might type them, good ones only; "" for none."""
    options = list(field.meanings())
    if field.kind == "many":
        return st.lists(st.sampled_from(options), max_size=3).map(lambda parts: ";".join(parts))
    if options:
        return st.sampled_from(["", *options])
    if field.kind == "json":
        return st.dictionaries(texts(), texts(), max_size=3).map(
            lambda said: json.dumps(said, ensure_ascii=False, indent=1)
        )
    if field.kind == "day":
        return st.dates().map(str) | st.just("")
    if field.kind == "whole":
        return st.integers(0, 999_999).map(str) | st.just("")
    if field.kind == "days":
        return st.integers(0, 7300).map(lambda halves: f"{halves / 2:g}") | st.just("")
    if field.pattern:
        return st.sampled_from(SAMPLES[field.name])
    lines = st.lists(texts(), max_size=3).map("\n".join) if field.kind == "area" else texts()
    return lines.map(str.strip)


SAMPLES = {
    "aliases": ["", "开餐馆", "食品证;a b"], "local_catalog_code": ["", "15-0001"], "local_task_code": ["x9"],
    "task_handle_item": ["", CODE + "01"], "user_topic_type": ["1;2"], "corp_topic_type": ["", "10"],
    "online_handle_url": ["https://hall.example/a?b=1&c=2"], "result_licence": ["11150421YC00001085001"],
    "material_code": ["M1", "M2", "M3", "M4"], "situation_expr": ["", "Q1=是", "Q1=a|b&Q2=c"],
    "licence_type": ["", "11150421YC00001085001;11150421YC00001085002"], "code": ["Q1", "Q2", "Q3"],
    "field": ["shop", "area", "面积"], "from_licence": ["", "11150421YC00001085001"], "licence_content": ["住所"],
    "shared_key": ["", "店名"], "least": ["", "0.5"],
    "most": ["", "7"], "options": ["是;否", "c;a;b"], "town_code": ["150421100", "150421101"],
    "task_code": ["item-a", "item-b", CODE],
}  # fmt: skip


def row_of(name: str) -> st.SearchStrategy[dict[str, str]]:
    fields = LISTS[name]
    made = st.fixed_dictionaries({each.name: values(each) for each in fields})
    return made.map(
        lambda row: {each.name: value for each in fields if (value := each.clean(row.get(each.name, "")))}
    )


@st.composite
def guides(draw: Any) -> Guide:
    """A random guide in canonical writing, whose rows can be told apart."""
    names = draw(st.lists(st.sampled_from(sorted(BY_NAME)), unique=True, max_size=8))
    elements = {name: BY_NAME[name].clean(draw(values(BY_NAME[name]))) for name in names}
    lists = {}
    for name in draw(st.lists(st.sampled_from(sorted(LISTS)), unique=True, max_size=3)):
        rows = draw(
            st.lists(
                row_of(name),
                max_size=4,
                unique_by=lambda row, name=name: " ".join(filter(None, (row.get(c, "") for c in KEYS[name]))),
            )
        )
        if kept := tuple(row for row in rows if row):
            lists[name] = kept
    return Guide({name: value for name, value in elements.items() if value}, lists)
