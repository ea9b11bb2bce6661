"""The tables of a hall's files: their columns, what each cell must be, and the values made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from yichuang.hall.errors import UserError
from yichuang.hall.identifiers import ITEM_TYPES, check_item_code, check_licence_type, check_uscc
from yichuang.hall.model import ThemeQuestion
from yichuang.hall.text import check_phone, clean_text
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

__all__ = ["TABLES", "Column", "TableSpec", "headings"]

L = words.lazy

Parse = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Heading in English, and the key of the value.
        label: Heading in Chinese; part of the file format, not of the screens, hence no msgid.
        parse: Text to value; raises UserError with the reason.
        required: Whether it may be empty.
        default: The value of an empty cell.
        refers: Table whose codes the value (or each of its values) must be among.
    """

    name: str
    label: str
    parse: Parse
    required: bool = True
    default: Any = ""
    refers: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: its columns and which of them tell its rows apart."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def _text(limit: int = 200) -> Parse:
    return partial(clean_text, limit=limit)


def _question(text: str) -> ThemeQuestion:
    """A question of a theme, written `T1=question=answer|answer`."""
    code, question, options = ([part.strip() for part in text.split("=")] + [""] * 3)[:3]
    answers = tuple(filter(None, (answer.strip() for answer in options.split("|"))))
    if not code or not question or len(set(answers)) < 2:
        raise UserError("BAD_VALUE", L("A question is written like: T1=question=answer|answer"))
    return ThemeQuestion(code, question, answers)


def _pattern(pattern: str, reason: LazyText) -> Parse:
    compiled = re.compile(pattern)

    def parse(text: str) -> str:
        if not compiled.fullmatch(text):
            raise UserError("BAD_CELL", reason)
        return text

    return parse


def _choice(**options: str) -> Parse:
    """One of several English words, or its Chinese name as people write it in a spreadsheet."""
    by_name = {**{name: name for name in options}, **{chinese: name for name, chinese in options.items()}}

    def parse(text: str) -> str:
        if text not in by_name:
            allowed = ", ".join(f"{name} {chinese}" for name, chinese in options.items())
            raise UserError("BAD_CELL", L("This must be one of: {allowed}.", allowed=allowed))
        return by_name[text]

    return parse


def _many(parse_one: Parse) -> Parse:
    """Several values in one cell, separated by semicolons, each once."""

    def parse(text: str) -> tuple[Any, ...]:
        parts = [part.strip() for part in re.split("[;；]", text)]
        return tuple(dict.fromkeys(parse_one(part) for part in parts if part))

    return parse


def _flag(text: str) -> bool:
    if text in {"1", "是", "yes", "TRUE", "true"}:
        return True
    if text in {"0", "否", "no", "FALSE", "false"}:
        return False
    raise UserError("BAD_CELL", L("This must be 1 or 0."))


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise UserError("BAD_CELL", L("This must be a whole number."))
    return int(text)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= 3650 or amount * 2 != (amount * 2).to_integral_value():
        raise UserError("BAD_CELL", L("A limit is a number of days or half days up to 3650."))
    return Decimal(int(amount)) if amount == int(amount) else amount.quantize(Decimal("0.1"))


def _unit(text: str) -> str:
    return str(_choice(W="工作日", D="自然日", H="小时")(text))


def _item_type(text: str) -> str:
    codes = {**{code: code for code in ITEM_TYPES}, **{name: code for code, name in ITEM_TYPES.items()}}
    if text.zfill(2) not in codes and text not in codes:
        raise UserError("BAD_CELL", L("This item type does not exist."))
    return codes.get(text) or codes[text.zfill(2)]


_agency_kind = _choice(
    bureau="主管部门", agency="行政机关", institution="事业单位", organisation="群团组织", company="企业"
)
_desk_kind = _choice(
    integrated="综合窗口",
    dedicated="专窗",
    issuing="统一出件",
    enquiry="咨询导办",
    help="帮办",
    back_office="后台审批",
)
_counterpart = _choice(
    person="自然人",
    enterprise="企业法人",
    institution="事业法人",
    association="社会组织法人",
    authority="行政机关",
    other="其他组织",
)
_code = _pattern(r"[A-Za-z0-9_-]{1,32}", L("A code has up to 32 letters, digits, hyphens and underscores."))
_desk_number = _pattern(r"[A-Z]{1,2}[0-9]{1,4}", L("A desk number is letters and digits such as A06."))
_account = _pattern(r"[a-z][a-z0-9._-]{1,31}", L("An account is 2 to 32 small letters and digits."))
_permission = _pattern(r"[a-z_]+\.[a-z_]+", L("A permission is two words with a point such as queue.call."))

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            "agencies",
            (
                Column("code", "统一社会信用代码", check_uscc),
                Column("name", "名称", _text()),
                Column("short_name", "简称", _text(40)),
                Column("kind", "类别", _agency_kind),
                Column("name_mn", "蒙古文名称", _text(), required=False),
            ),
            ("code",),
        ),
        TableSpec(
            "zones",
            (
                Column("code", "编码", _code),
                Column("name", "名称", _text()),
                Column("name_mn", "蒙古文名称", _text(), required=False),
            ),
            ("code",),
        ),
        TableSpec(
            "desks",
            (
                Column("number", "窗口号", _desk_number),
                Column("zone", "区域", _code, refers="zones"),
                Column("kind", "类别", _desk_kind),
                Column("business", "业务", _text(40)),
                Column("agency", "部门代码", check_uscc, required=False, refers="agencies"),
            ),
            ("number",),
        ),
        TableSpec(
            "roles",
            (
                Column("code", "编码", _code),
                Column("title", "名称", _text(40)),
                Column("scope", "范围", _choice(hall="全大厅", agency="本部门")),
                Column("permissions", "权限", _many(_permission), required=False, default=()),
            ),
            ("code",),
        ),
        TableSpec(
            "staff",
            (
                Column("account", "账号", _account),
                Column("name", "姓名", _text(40)),
                Column("agency", "部门代码", check_uscc, refers="agencies"),
                Column("post", "岗位", _text(40)),
                Column("roles", "角色", _many(_code), refers="roles"),
                Column("desk", "窗口号", _desk_number, required=False, refers="desks"),
                Column("phone", "电话", check_phone, required=False),
            ),
            ("account",),
        ),
        TableSpec(
            "licence_types",
            (
                Column("code", "证照类型编码", check_licence_type),
                Column("name", "名称", _text()),
                Column("issuer", "颁发部门代码", check_uscc, required=False, refers="agencies"),
                Column("issuer_name", "颁发机构", _text()),
                Column("holder", "持证主体", _choice(person="自然人", organisation="法人", both="均可")),
                Column("validity_months", "有效期（月）", _whole, required=False, default=None),
            ),
            ("code",),
        ),
        TableSpec(
            "materials",
            (
                Column("code", "编码", _code),
                Column("name", "名称", _text()),
                Column(
                    "licence_types",
                    "可替代的证照类型",
                    _many(check_licence_type),
                    required=False,
                    default=(),
                    refers="licence_types",
                ),
            ),
            ("code",),
        ),
        TableSpec(
            "items",
            (
                Column("code", "实施编码", check_item_code),
                Column("name", "名称", _text(500)),
                Column("type", "事项类型", _item_type),
                Column("agency", "部门代码", check_uscc, refers="agencies"),
                Column("aliases", "别名", _many(_text(500)), required=False, default=()),
                Column(
                    "kind",
                    "办件类型",
                    _choice(instant="即办件", committed="承诺件"),
                    required=False,
                ),
                Column("legal_limit", "法定时限", _amount, required=False, default=None),
                Column("legal_unit", "法定时限单位", _unit, required=False),
                Column("promise_limit", "承诺时限", _amount, required=False, default=None),
                Column("promise_unit", "承诺时限单位", _unit, required=False),
                Column("counterparts", "服务对象", _many(_counterpart), required=False, default=()),
                Column("result", "结果名称", _text(), required=False),
                Column(
                    "result_licence",
                    "结果证照类型",
                    check_licence_type,
                    required=False,
                    refers="licence_types",
                ),
                Column("special", "特别程序", _many(_text()), required=False, default=()),
                Column("basis", "设定依据", _text(2000), required=False),
                Column("version", "版本", _whole, required=False, default=1),
                Column("name_mn", "蒙古文名称", _text(500), required=False),
            ),
            ("code", "version"),
        ),
        TableSpec(
            "item_materials",
            (
                Column("item", "实施编码", check_item_code, refers="items"),
                Column("position", "序号", _whole),
                Column("material", "材料编码", _code, refers="materials"),
                Column("name", "材料名称", _text(), required=False),
                Column(
                    "need",
                    "必要性",
                    _choice(required="必要", optional="非必要", tolerant="容缺后补"),
                    required=False,
                    default="required",
                ),
                Column("original", "原件", _flag, required=False, default=False),
                Column("replaceable", "可免提交", _flag, required=False, default=False),
                Column("version", "版本", _whole, required=False, default=1),
            ),
            ("item", "version", "position"),
        ),
        TableSpec(
            "themes",
            (
                Column("code", "编码", _code),
                Column("name", "名称", _text()),
                Column("lead", "牵头部门代码", check_uscc, refers="agencies"),
                Column("promise_limit", "承诺时限", _amount),
                Column("promise_unit", "承诺时限单位", _unit),
                Column("mode", "办理方式", _text(), required=False),
                Column("shared", "共享材料", _many(_text()), required=False, default=()),
                Column("fields", "共享字段", _many(_text()), required=False, default=()),
                Column("situations", "情形", _many(_question), required=False, default=()),
            ),
            ("code",),
        ),
        TableSpec(
            "theme_items",
            (
                Column("theme", "主题编码", _code, refers="themes"),
                Column("name", "名称", _text(500)),
                Column("item", "实施编码", check_item_code, required=False, refers="items"),
                Column("optional", "可选", _flag, required=False, default=False),
                Column("after", "前置事项", _many(_text(500)), required=False, default=()),
                Column("situation_expr", "适用情形", _text(), required=False),
            ),
            ("theme", "name"),
        ),
    )
}


def headings(spec: TableSpec) -> Mapping[str, str]:
    """Both ways to write a table's headings, English and Chinese, to the column they mean."""
    return {written: column.name for column in spec.columns for written in (column.name, column.label)}
