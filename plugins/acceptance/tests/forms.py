"""A form as the tests of application forms use it, and a hall in which the food licence asks for it."""

from __future__ import annotations

from typing import Any

from yichuang.api import Actor

from .conftest import COMMITTED

ROWS: list[dict[str, str]] = [
    {
        "label": "店名",
        "field": "shop",
        "kind": "text",
        "needed": "1",
        "shared_key": "店名",
        "span": "2",
        "most": "20",
    },
    {
        "label": "经营面积（平方米）",
        "field": "area",
        "kind": "number",
        "needed": "1",
        "least": "1",
        "most": "20000",
    },
    {
        "label": "经营场所",
        "field": "place",
        "kind": "text",
        "needed": "1",
        "source": "licence",
        "licence_content": "住所",
        "span": "2",
    },
    {"label": "主体业态", "field": "trade", "kind": "choice", "needed": "1", "options": "餐饮服务;食品销售"},
    {"label": "经营项目", "field": "goods", "kind": "many", "needed": "0", "options": "热食;冷食;糕点"},
    {"label": "负责人", "field": "boss", "kind": "text", "needed": "0", "source": "idcard.name"},
    {"label": "负责人电话", "field": "tel", "kind": "phone", "needed": "0", "source": "applicant.phone"},
    {"label": "从业人数", "field": "staff", "kind": "whole", "needed": "0", "source": "earlier"},
    {"label": "开业日期", "field": "opens", "kind": "date", "needed": "0"},
    {"label": "有无油烟净化", "field": "clean", "kind": "flag", "needed": "0"},
    {"label": "备注", "field": "more", "kind": "area", "needed": "0", "span": "4", "hint": "需要说明的情况"},
]
GOOD: dict[str, Any] = {"shop": "罕山饭馆", "area": "80.5", "place": "天山镇罕山路1号", "trade": "餐饮服务"}


def load(suite: Any, rows: list[dict[str, str]] | None = None, item: str = COMMITTED) -> Any:
    """Give an item of the small hall its form."""
    from yichuang_acceptance.rules.form_fields import of_rows
    from yichuang_acceptance.rules.form_schema import schema_of

    schema = schema_of(of_rows(ROWS if rows is None else rows))
    return suite.run(Actor.system(), "acceptance.load_forms", {"forms": {item: schema}})
