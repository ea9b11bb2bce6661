"""A whole hall out of an administrator's files: every bad row is reported with its reason, or all of it is taken.

Pure: bytes in, values out. Writing them into the database is the operation `hall.load`.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from yichuang.hall.errors import UserError
from yichuang.hall.import_files import BadRow, Row, read_rows
from yichuang.hall.import_tables import TABLES, Column, headings
from yichuang.hall.model import (
    Agency,
    Desk,
    HallData,
    Item,
    ItemMaterial,
    ItemVersion,
    LicenceType,
    Limit,
    Material,
    Role,
    Staff,
    Theme,
    ThemeItem,
    Zone,
)
from yichuang.hall.pinyin import with_pinyin
from yichuang.hall.words import LazyText, current_language, in_language
from yichuang.hall.words import core as words

__all__ = [
    "BadRow",
    "HallFilesError",
    "Known",
    "export_templates",
    "folder_files",
    "model_hall",
    "parse_hall",
]

L = words.lazy

_SUFFIXES = (".tsv", ".xlsx", ".json")


class HallFilesError(UserError):
    """Some rows of a hall's files are wrong; `rows` names every one of them."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        first = rows[0]
        place = L("{file}, row {row}", file=first.file, row=first.row) if first.row else first.file
        super().__init__(
            "HALL_FILES_BAD",
            L(
                "{n} entries of the files are wrong. The first: {place}: {reason}",
                n=len(rows),
                place=place,
                reason=first.reason,
            ),
            safe=L("Nothing was imported."),
            do=L("Correct the rows of the list and import the files again."),
        )
        self.rows = tuple(rows)

    def as_dict(self, language: str | None = None) -> dict[str, object]:
        """The error with its rows, reasons in the current or the given language."""
        rows = [
            {
                "file": bad.file,
                "row": bad.row,
                "column": bad.column,
                "reason": in_language(bad.reason, language),
            }
            for bad in self.rows
        ]
        return {**super().as_dict(language), "detail": {"rows": rows}}


@dataclass(frozen=True, slots=True)
class Known:
    """What is in the database already, so that files may refer to it.

    Attributes:
        codes: Table name (agencies, zones, desks, roles, licence_types, materials, items, themes) to codes.
        materials: The material dictionary by code, for the licence types of material rows in the files.
    """

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)


def parse_hall(files: Mapping[str, bytes], known: Known | None = None) -> HallData:
    """Read, check and cross-check the files of a hall.

    Args:
        files: File name to content; see `import_files.read_rows` for how they are named. Any table may be missing.
        known: What may be referred to besides the files' own rows.

    Returns:
        The hall, with search strings computed (this imports pypinyin: about a second for a thousand items).

    Raises:
        HallFilesError: HALL_FILES_BAD with every bad row.
    """
    required = {name: [c.name for c in spec.columns if c.required] for name, spec in TABLES.items()}
    rows, bad = read_rows(files, {name: headings(spec) for name, spec in TABLES.items()}, required)
    parser = _Parser(known or Known(), bad)
    for row in rows:
        parser.parse(row)
    parser.cross_check()
    if parser.bad:
        raise HallFilesError(sorted(parser.bad, key=lambda bad: (bad.file, bad.row)))
    return _assemble(parser)


@dataclass(frozen=True, slots=True)
class _Parsed:
    row: Row
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class _Parser:
    """Rows as values, and what is wrong with them."""

    def __init__(self, known: Known, bad: list[BadRow]) -> None:
        self.known = known
        self.bad = bad
        self.tables: dict[str, list[_Parsed]] = {name: [] for name in TABLES}
        self._failed: dict[str, set[str]] = defaultdict(set)
        self._seen: dict[tuple[object, ...], Row] = {}

    def refuse(self, row: Row, column: str, reason: LazyText | str) -> None:
        """Note that something in a row is wrong."""
        self.bad.append(BadRow(row.file, row.number, row.written.get(column, column), reason))

    def parse(self, row: Row) -> None:
        """One row: every bad cell is reported, a row with any is left out."""
        spec = TABLES[row.table]
        values: dict[str, Any] = {}
        for column in spec.columns:
            text = row.cells.get(column.name, "")
            if column.required and column.name not in row.written:
                continue  # the heading is missing: reported once, with the headings
            if text or column.required:
                self._parse_cell(row, column, text, values)
            else:
                values[column.name] = column.default
        if len(values) < len(spec.columns):
            # What a broken row defines still counts as defined, or each row that refers to it would be reported too.
            self._failed[row.table].add(row.cells.get(spec.key[0], ""))
            return
        key = (row.table, *(values[name] for name in spec.key))
        if key in self._seen:
            first = self._seen[key]
            self.refuse(
                row, spec.key[0], L("The row repeats row {row} of {file}.", row=first.number, file=first.file)
            )
            return
        self._seen[key] = row
        self.tables[row.table].append(_Parsed(row, values))

    def _parse_cell(self, row: Row, column: Column, text: str, values: dict[str, Any]) -> None:
        if not text:
            self.refuse(row, column.name, L("The cell must not be empty."))
            return
        try:
            values[column.name] = column.parse(text)
        except UserError as error:
            self.refuse(row, column.name, error.sentence)

    def cross_check(self) -> None:
        """What no row shows alone: unknown codes, limits without units, promises beyond the law, circles."""
        codes = {
            name: {parsed[spec.key[0]] for parsed in self.tables[name]} | self._failed[name]
            for name, spec in TABLES.items()
        }
        for name, spec in TABLES.items():
            for column in spec.columns:
                if column.refers:
                    defined = codes[column.refers] | self.known.codes.get(column.refers, frozenset())
                    self._check_references(name, column, defined)
        for parsed in self.tables["desks"]:
            if parsed["kind"] == "dedicated" and not parsed["agency"]:
                self.refuse(parsed.row, "agency", L("A dedicated desk needs its agency."))
        for parsed in self.tables["items"]:
            self._check_limits(parsed)
        self._check_themes()

    def _check_references(self, table: str, column: Column, defined: frozenset[str] | set[str]) -> None:
        for parsed in self.tables[table]:
            value = parsed[column.name]
            for code in value if isinstance(value, tuple) else (value,):
                if code and code not in defined:
                    self.refuse(
                        parsed.row,
                        column.name,
                        L("{code} is not in {table}.", code=code, table=column.refers),
                    )

    def _check_limits(self, parsed: _Parsed) -> None:
        for name in ("legal", "promise"):
            if (parsed[f"{name}_limit"] is None) != (parsed[f"{name}_unit"] == ""):
                self.refuse(parsed.row, f"{name}_unit", L("A limit needs both a number and a unit."))
        legal, promise = parsed["legal_limit"], parsed["promise_limit"]
        same_unit = parsed["legal_unit"] == parsed["promise_unit"]
        if legal is not None and promise is not None and same_unit and promise > legal:
            self.refuse(
                parsed.row, "promise_limit", L("The promised limit is longer than the statutory one.")
            )

    def _check_themes(self) -> None:
        themes: dict[str, dict[str, _Parsed]] = defaultdict(dict)
        for parsed in self.tables["theme_items"]:
            themes[parsed["theme"]][parsed["name"]] = parsed
        for items in themes.values():
            for parsed in items.values():
                for name in parsed["after"]:
                    if name not in items:
                        self.refuse(parsed.row, "after", L("{name} is not an item of the theme.", name=name))
            try:
                TopologicalSorter({name: parsed["after"] for name, parsed in items.items()}).prepare()
            except CycleError as error:
                first = items[error.args[1][0]] if error.args[1][0] in items else next(iter(items.values()))
                self.refuse(first.row, "after", L("The items of the theme wait for one another in a circle."))
        self._check_situations()

    def _check_situations(self) -> None:
        """An item of a theme depends only on questions and answers that the theme has."""
        asked = {
            (parsed["code"], question.code): question.options
            for parsed in self.tables["themes"]
            for question in parsed["situations"]
        }
        for parsed in self.tables["theme_items"]:
            for part in filter(None, parsed["situation_expr"].split("&")):
                code, _equals, wanted = part.partition("=")
                known = asked.get((parsed["theme"], code.strip()), ())
                if not {answer.strip() for answer in wanted.split("|")} <= set(known):
                    reason = L("The theme has no question with such an answer: {part}", part=part)
                    self.refuse(parsed.row, "situation_expr", reason)


def _assemble(parser: _Parser) -> HallData:
    def make(table: str, kind: Callable[..., Any]) -> tuple[Any, ...]:
        return tuple(kind(**parsed.values) for parsed in parser.tables[table])

    materials = make("materials", Material)
    newest: dict[str, _Parsed] = {}
    for parsed in parser.tables["items"]:
        if parsed["code"] not in newest or parsed["version"] > newest[parsed["code"]]["version"]:
            newest[parsed["code"]] = parsed
    return HallData(
        agencies=make("agencies", Agency),
        zones=make("zones", Zone),
        desks=make("desks", Desk),
        roles=make("roles", Role),
        staff=make("staff", Staff),
        licence_types=make("licence_types", LicenceType),
        materials=materials,
        items=tuple(_item(parsed) for parsed in newest.values()),
        versions=_versions(parser, {**parser.known.materials, **{m.code: m for m in materials}}),
        themes=_themes(parser),
    )


def _item(parsed: _Parsed) -> Item:
    return with_pinyin(
        Item(
            code=parsed["code"],
            basic_code=parsed["code"][19:31],
            name=parsed["name"],
            type=parsed["type"],
            agency=parsed["agency"],
            aliases=parsed["aliases"],
            name_mn=parsed["name_mn"],
        )
    )


def _versions(parser: _Parser, dictionary: Mapping[str, Material]) -> tuple[ItemVersion, ...]:
    lists: dict[tuple[str, int], list[ItemMaterial]] = defaultdict(list)
    for parsed in parser.tables["item_materials"]:
        material = dictionary.get(parsed["material"])
        lists[parsed["item"], parsed["version"]].append(
            ItemMaterial(
                item=parsed["item"],
                position=parsed["position"],
                material=parsed["material"],
                name=parsed["name"] or (material.name if material else parsed["material"]),
                need=parsed["need"],
                original=parsed["original"],
                replaceable=parsed["replaceable"],
                licence_types=material.licence_types if material and parsed["replaceable"] else (),
            )
        )
    return tuple(
        ItemVersion(
            item=parsed["code"],
            version=parsed["version"],
            kind=parsed["kind"],
            legal=_limit(parsed, "legal"),
            promise=_limit(parsed, "promise"),
            counterparts=parsed["counterparts"],
            result=parsed["result"],
            result_licence=parsed["result_licence"],
            special=parsed["special"],
            basis=parsed["basis"],
            materials=tuple(
                sorted(lists[parsed["code"], parsed["version"]], key=lambda entry: entry.position)
            ),
        )
        for parsed in parser.tables["items"]
    )


def _limit(parsed: _Parsed, name: str) -> Limit | None:
    amount = parsed[f"{name}_limit"]
    return None if amount is None else Limit(amount, parsed[f"{name}_unit"])


def _themes(parser: _Parser) -> tuple[Theme, ...]:
    items: dict[str, list[ThemeItem]] = defaultdict(list)
    for parsed in parser.tables["theme_items"]:
        items[parsed["theme"]].append(
            ThemeItem(
                parsed["name"], parsed["item"], parsed["optional"], parsed["after"], parsed["situation_expr"]
            )
        )
    return tuple(
        Theme(
            code=parsed["code"],
            name=parsed["name"],
            lead=parsed["lead"],
            promise=Limit(parsed["promise_limit"], parsed["promise_unit"]),
            mode=parsed["mode"],
            items=tuple(items[parsed["code"]]),
            shared=parsed["shared"],
            fields=parsed["fields"],
            situations=parsed["situations"],
        )
        for parsed in parser.tables["themes"]
    )


def folder_files(folder: Traversable) -> dict[str, bytes]:
    """The importable files of a folder (a `pathlib.Path` will do), by name."""
    return {
        entry.name: entry.read_bytes()
        for entry in folder.iterdir()
        if entry.is_file() and entry.name.lower().endswith(_SUFFIXES)
    }


def model_hall() -> HallData:
    """The model hall that the distribution yichuang-resources brings."""
    return parse_hall(folder_files(package_files("yichuang_resources") / "hall"))


def export_templates(form: Literal["tsv", "xlsx"]) -> dict[str, bytes]:
    """Empty files with headings for an administrator, by file name: a TSV for each table or one workbook.

    The workbook's headings are Chinese where the current language is, required ones starred; its cells are text, so
    that long codes keep all their digits.
    """
    if form == "tsv":
        return {
            f"{name}.tsv": "\t".join(column.name for column in spec.columns).encode() + b"\n"
            for name, spec in TABLES.items()
        }
    import openpyxl

    is_chinese = current_language() == "zh_CN"
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, spec in TABLES.items():
        sheet = workbook.create_sheet(name)
        titles = [column.label if is_chinese else column.name for column in spec.columns]
        starred = zip(spec.columns, titles, strict=True)
        sheet.append([f"* {title}" if column.required else title for column, title in starred])
        for number in range(1, len(spec.columns) + 1):
            dimension = sheet.column_dimensions[openpyxl.utils.get_column_letter(number)]
            dimension.number_format = "@"
            dimension.width = 22
        sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return {"hall.xlsx": buffer.getvalue()}


def bad_rows_tsv(rows: Sequence[BadRow]) -> bytes:
    """The list of bad rows as a TSV that an administrator can keep beside the files, in the current language."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    for bad in rows:
        writer.writerow([bad.file, bad.row, bad.column, str(bad.reason)])
    return buffer.getvalue().encode("utf-8-sig")
