"""The service guide (办事指南) of an item as a PDF, for printing and for putting up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from yichuang.api import Read, identifiers, in_language, query
from yichuang_acceptance.operations import guide_rows as rows
from yichuang_acceptance.operations.guide_reads import AskGuide, GuideDetail
from yichuang_acceptance.operations.guide_reads import guide as read_guide
from yichuang_acceptance.operations.paper_parts import asked_of, office
from yichuang_acceptance.operations.situations import situation_notes
from yichuang_acceptance.rules.form_fields import of_rows
from yichuang_acceptance.rules.guide import Row
from yichuang_acceptance.rules.guide_fields import BY_NAME, LISTS, Field

if TYPE_CHECKING:
    from yichuang.api.documents import Block, Paper

SHOWN = (
    "promise_day", "anticipate_day", "project_type", "server_type", "handle_type", "limit_scene_num", "transact_addr",
    "transact_time", "link_way", "supervise_way", "result_name", "result_validity", "is_fee", "handle_area",
)  # fmt: skip
MATERIAL_COLUMNS = (
    ("material_name", 62), ("is_need", 20), ("page_num", 14), ("page_copynum", 16), ("situation_expr", 40),
)  # fmt: skip
TABLES: dict[str, tuple[str, tuple[tuple[str, float], ...]]] = {
    "materials": ("申请材料", MATERIAL_COLUMNS),
    "steps": (
        "办理流程与审查要点",
        (("step", 24), ("transactor", 30), ("limit", 22), ("check_standard", 76)),
    ),
    "fees": ("收费项目", (("name", 42), ("standard", 40), ("basis", 40), ("reduce", 30))),
    "towns": ("可受理的苏木乡镇", (("town_name", 60), ("issue_place", 92))),
}
"""Lists of a guide as tables: their heading, and columns with widths in millimetres."""
LANGUAGE = "zh_CN"  # papers are Chinese, whatever the desk speaks
UNITS = {"W": "个工作日", "D": "日", "H": "小时"}


@query("acceptance.guide_paper", permission="acceptance.view_items", title="Service guide as a PDF")
def guide_paper(read: Read, request: AskGuide) -> bytes:
    """The guide of an item as a printable PDF; one that is not published is marked as a draft.

    Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, UNKNOWN_VERSION.
    """
    from yichuang.api.documents import render

    detail = read_guide(read, request)
    return render(_paper(read, detail), draft=detail.state != "published")


def _paper(read: Read, detail: GuideDetail) -> Paper:
    from yichuang.api.documents import Heading, KeyValues, Paper, Paragraph, asked_table

    situations = situation_notes(read, detail.item, detail.version)
    body: list[Block] = [KeyValues(tuple(_facts(detail)))]
    number = 0

    def part(title: str, blocks: Sequence[Block]) -> None:
        nonlocal number
        if blocks:
            number += 1
            body.extend((Heading(f"{'一二三四五六七八九'[number - 1]}、{title}"), *blocks))

    laws = detail.lists.get("laws", [])
    condition = detail.elements.get("accept_condition", "")
    part("设定依据", [Paragraph(f"{rows.law_text(row)}　{row.get('content', '')}".strip()) for row in laws])
    part("受理条件", [Paragraph(line) for line in condition.splitlines() if line.strip()])
    for name, (title, columns) in TABLES.items():
        found = detail.lists.get(name, [])
        part(title, [_table(name, columns, found, situations)] if found else [])
        if name == "materials":
            asked = asked_of(of_rows(detail.lists.get("form", [])))
            part("申请表需填写的内容", [asked_table(asked)] if asked else [])
    often = detail.lists.get("questions", [])
    part("常见问题", [Paragraph(f"问：{row['question']}　答：{row.get('answer', '')}") for row in often])
    return Paper(
        kind="guide", title="办事指南", office=office(read, SimpleNamespace(agency=detail.agency, desk="")), date=read.today,
        body=body, sealed=False, text_size=12, note=f"实施编码 {detail.item}　第{detail.version}版",
    )  # fmt: skip


def _facts(detail: GuideDetail) -> list[tuple[str, str]]:
    facts = [
        ("事项名称", detail.name),
        ("实施机关", detail.agency_name),
        ("实施编码", detail.item),
        ("事项类型", identifiers.ITEM_TYPES.get(detail.type, detail.type)),
    ]
    for name in SHOWN:
        value = detail.elements.get(name, "")
        if value:
            each = BY_NAME[name]
            unit = detail.elements.get(name.replace("_day", "_type"), "") if each.kind == "days" else ""
            facts.append((in_language(each.label, LANGUAGE), f"{_meaning(each, value)}{UNITS.get(unit, '')}"))
    return facts


def _meaning(each: Field, value: str) -> str:
    options = each.meanings()
    return "、".join(
        in_language(options[part], LANGUAGE) if part in options else part for part in value.split(";")
    )


def _table(
    name: str, columns: Sequence[tuple[str, float]], found: Sequence[Row], situations: Mapping[int, str]
) -> Block:
    from yichuang.api.documents import Table

    fields = {each.name: each for each in LISTS[name]}
    head = ("序号", *(in_language(fields[column].label, LANGUAGE) for column, _width in columns))
    lines = []
    for number, row in enumerate(found, 1):
        said = {column: _meaning(fields[column], row.get(column, "")) for column, _width in columns}
        if name == "materials":
            said["situation_expr"] = situations.get(number, "")
        lines.append((str(number), *(said[column] or "—" for column, _width in columns)))
    return Table(head, tuple(lines), (11, *(width for _column, width in columns)))
