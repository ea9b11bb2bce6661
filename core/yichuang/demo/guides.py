"""Guides of the demo: one that changes, and one that lets a township accept an item."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from yichuang.demo.model_hall import people
from yichuang.demo.people import TODAY

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.identity.actor import Actor

GUIDE = {
    "server_type": "1;2", "project_type": "2", "anticipate_day": "20", "anticipate_type": "W", "promise_day": "5",
    "promise_type": "W", "is_fee": "0", "accept_condition": "有固定的经营场所。\n申请材料齐全，符合法定形式。",
}  # fmt: skip
GUIDE_LISTS = {
    "laws": [{"name": "中华人民共和国行政许可法", "article": "第三十四条"}],
    "situations": [{"code": "Q1", "question": "是否委托他人办理？", "options": "是;否"}],
    "steps": [{"step": "decide", "check_standard": "材料齐全，符合法定形式。"}],
    "questions": [{"question": "要本人来吗？", "answer": "不用，可以委托他人办理。"}],
}  # fmt: skip


def guide_in_work(day: Day) -> None:
    """An agency's guide: one version that holds from tomorrow, and a draft with a shorter promise."""
    item = next(item for item in day.items if len(item.materials) > 2)
    keeper, chief = people(day.suite, "catalogue_keeper")[:2]
    first = {"plan_effective_date": (TODAY + timedelta(days=1)).isoformat()}
    made = _written(day, keeper, item, "beside:guide:0", first, {}, "首次发布")
    _published(day, keeper, chief, item, "beside:guide:0", made)
    _written(day, keeper, item, "beside:guide:1", {"promise_day": "3"}, {}, "承诺时限压减")


def delegate(day: Day, item: Any, towns: list[dict[str, str]]) -> None:
    """A guide from today on that names the townships which may accept the item."""
    keeper, chief = people(day.suite, "catalogue_keeper")[:2]
    made = _written(day, keeper, item, "town:guide", {}, {"towns": towns, "situations": []}, "委托乡镇受理")
    _published(day, keeper, chief, item, "town:guide", made)


def _written(
    day: Day, keeper: Actor, item: Any, step: str, elements: dict[str, str], lists: dict[str, Any], note: str
) -> Any:
    """A draft with everything that must stand in a guide."""
    made = day.do(keeper, "acceptance.draft_guide", step, {"item": item.code})
    rows = [
        {"material_code": m.code, "material_name": m.name, "is_need": "1", "page_num": "1"}
        for m in item.materials
    ]
    request = {
        "item": item.code, "row_version": made.row_version, "note": note,
        "elements": {**GUIDE, "task_name": item.name, "use_level": "4", **elements},
        "lists": {**GUIDE_LISTS, "materials": rows, **lists},
    }  # fmt: skip
    return day.do(keeper, "acceptance.change_guide", f"{step}:change", request)


def _published(day: Day, keeper: Actor, chief: Actor, item: Any, step: str, made: Any) -> None:
    about = {"item": item.code}
    request = {**about, "row_version": made.row_version}
    made = day.do(keeper, "acceptance.submit_guide", f"{step}:submit", request)
    request = {**about, "row_version": made.row_version}
    day.do(chief, "acceptance.publish_guide", f"{step}:publish", request)
