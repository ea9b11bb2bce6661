"""What the visitors of the simulated day write into application forms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from yichuang.demo.people import TODAY

if TYPE_CHECKING:
    from yichuang.demo.people import Visitor
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

ADDRESS = "阿鲁科尔沁旗天山镇"
USUAL = 200.0  # numbers are drawn up to this much over the smallest
TEXTS = {
    "店名": "罕山餐馆",
    "农牧场名称": "罕山家庭农牧场",
    "企业名称": "罕山农牧科技有限公司",
    "项目名称": "天山镇便民市场",
}
OFTEN_PEOPLE = ("idcard.name", "人", "户主", "姓名", "经理", "工程师", "管理员", "联络员")


def filled_form(suite: Suite, clerk: Actor, visitor: Visitor, item: Any) -> dict[str, Any]:
    """What must be filled in for an item; an address where it has no form of its own."""
    fields = suite.query(clerk, "acceptance.form", {"item": item.code, "version": item.version}).fields
    if not fields:
        return {"联系地址": ADDRESS}
    return {field.key: _answer(field, visitor) for field in fields if field.required}


def _answer(field: Any, visitor: Visitor) -> Any:
    draw = visitor.draw(f"form:{field.key}")
    if field.kind == "choice":
        return draw.choice(field.choices)
    if field.kind == "many":
        return draw.sample(field.choices, 2)
    if field.kind == "flag":
        return draw.random() < 0.5
    if field.kind in ("number", "whole"):
        least = float(field.least or 0)
        number = draw.uniform(least, min(float(field.most or USUAL), least + USUAL))
        return max(int(number), 1)
    if field.kind == "date":
        return _day(field, visitor, draw.randrange(300))
    if field.kind == "phone":
        return visitor.phone
    asks_name = any(
        word in (field.source, field.label) or field.label.endswith(word) for word in OFTEN_PEOPLE
    )
    return visitor.name if asks_name else TEXTS.get(field.shared_key, ADDRESS)


def _day(field: Any, visitor: Visitor, days: int) -> str:
    """A birth lies behind, everything else lies ahead."""
    if field.source == "idcard.birth" and visitor.code_kind == "111":
        return f"{visitor.code[6:10]}-{visitor.code[10:12]}-{visitor.code[12:14]}"
    return (TODAY + timedelta(days=30 + days)).isoformat()
