"""The catalogue as files: TSV and XLSX for people, upload tables for the national platform; both can be read back. Pure."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from yichuang.api import LazyText, UserError, in_language, read_rows
from yichuang_acceptance.rules import guide as guides
from yichuang_acceptance.rules.exchange import row_guid
from yichuang_acceptance.rules.exchange_codes import NATIONAL, Codes, ours, theirs
from yichuang_acceptance.rules.guide import Guide, Problem
from yichuang_acceptance.rules.guide_fields import BY_NAME, LISTS, Field
from yichuang_acceptance.words import words

L = words.lazy
Form = Literal["tsv", "xlsx"]
Tables = Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]
ITEMS, UPLOAD = "guide_items", "up_task"
LIST_FILES = {name: f"guide_{name}" for name in LISTS}
UPLOAD_FILES = {name: f"up_task_{name}" for name in LISTS}
WORKBOOK = "guides.xlsx"
IDENTITY = (
    Field("task_code", L("Implementation code"), required=True),
    Field("task_type", L("Item type"), required=True),
    Field("dept_code", L("Agency code"), required=True),
)
COMPUTED = (
    "catalog_code", "task_version", "task_state", "dept_name", "by_law", "special_procedure", "review_points",
    "row_guid", "cd_operation", "cd_time",
)  # fmt: skip
"""Columns of the upload that say again, or add, what the guide's own elements and lists say."""
ROW_COMPUTED = ("order_num", "row_guid", "cd_operation", "cd_time")
LINE = "\n"


@dataclass(frozen=True)
class Entry:
    """An item with one version of its guide.

    Attributes:
        code: Implementation code.
        type: Item type, code set A.1.
        agency: Code of the agency that decides.
        guide: What the version says.
        extra: Columns of the upload that the guide does not hold: version, state, names.
    """

    code: str
    type: str
    agency: str
    guide: Guide
    extra: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Bad:
    """One thing that is wrong in a file; row 0 where it concerns the whole file."""

    file: str
    row: int
    column: str
    reason: LazyText | str


def tables_of(entries: Sequence[Entry]) -> Tables:
    """The catalogue as tables for people: items with their elements, and a table for each list."""
    names = [each.name for each in (*IDENTITY, *BY_NAME.values())]
    items = [
        [each.code, each.type, each.agency, *(each.guide.get(name) for name in BY_NAME)] for each in entries
    ]
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {ITEMS: (names, items)}
    for name, fields in LISTS.items():
        columns = [each.name for each in fields]
        rows = [
            [each.code, *(row.get(column, "") for column in columns)]
            for each in entries
            for row in each.guide.rows(name)
        ]
        tables[LIST_FILES[name]] = (_list_heads(columns), rows)
    return tables


def _list_heads(columns: Sequence[str]) -> list[str]:
    """The item's code first; a list that has a column of this name keeps its own."""
    return ["of_task", *columns] if "task_code" in columns else ["task_code", *columns]


def upload_of(entries: Sequence[Entry], moment: str, codes: Codes = NATIONAL) -> Tables:
    """The catalogue as the national platform takes it: columns by their names there, each row with its key and time.

    Args:
        entries: The items.
        moment: Of the upload, as the exchange writes it.
        codes: Of the exchange partner, where they are not the national ones.
    """
    plain = tables_of(entries)
    heads, items = plain[ITEMS]
    items = [[theirs(codes, name, text) for name, text in zip(heads, row, strict=True)] for row in items]
    more = [
        [*row, *_computed(each), row_guid(UPLOAD, each.code), "I", moment]
        for row, each in zip(items, entries, strict=True)
    ]
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {UPLOAD: ([*heads, *COMPUTED], more)}
    for name, file in UPLOAD_FILES.items():
        columns, rows = plain[LIST_FILES[name]]
        numbers: dict[str, int] = defaultdict(int)
        numbered = []
        for row in rows:
            numbers[row[0]] += 1
            order = str(numbers[row[0]])
            numbered.append([*row, order, row_guid(file, row[0], order), "I", moment])
        tables[file] = ([*columns, *ROW_COMPUTED], numbered)
    return tables


def _computed(entry: Entry) -> list[str]:
    laws = LINE.join(f"{row.get('name', '')}{row.get('article', '')}" for row in entry.guide.rows("laws"))
    special = LINE.join(row.get("name", "") for row in entry.guide.rows("special"))
    points = LINE.join(filter(None, (row.get("check_standard", "") for row in entry.guide.rows("steps"))))
    told = [entry.extra.get(name, "") for name in ("catalog_code", "task_version", "task_state", "dept_name")]
    return [*told, laws, special, points]


def written(tables: Tables, form: Form) -> dict[str, bytes]:
    """Tables as files by name: a TSV for each, or one workbook whose cells are all text."""
    if form == "tsv":
        return {f"{name}.tsv": _tsv(heads, rows) for name, (heads, rows) in tables.items()}
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    for name, (heads, rows) in tables.items():
        sheet = workbook.create_sheet(name)
        sheet.append(list(heads))
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return {WORKBOOK: buffer.getvalue()}


def _tsv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows([heads, *rows])
    return text.getvalue().encode()


def _headings() -> dict[str, dict[str, str]]:
    """For every table, its headings as people write them, national or Chinese, to the column."""
    found: dict[str, dict[str, str]] = {}
    items = (*IDENTITY, *BY_NAME.values())
    for name, computed in ((ITEMS, ()), (UPLOAD, COMPUTED)):
        found[name] = _written_heads(items) | {column: column for column in computed}
    for each, fields in LISTS.items():
        key = _list_heads([one.name for one in fields])[0]
        heads = _written_heads(fields) | {key: key}
        found[LIST_FILES[each]] = heads
        found[UPLOAD_FILES[each]] = heads | {column: column for column in ROW_COMPUTED}
    return found


def _written_heads(fields: Sequence[Field]) -> dict[str, str]:
    chinese = {in_language(each.label, "zh_CN").lower(): each.name for each in fields}
    return chinese | {each.name: each.name for each in fields}


def read(files: Mapping[str, bytes], codes: Codes = NATIONAL) -> tuple[list[Entry], list[Bad]]:
    """The catalogue in files of either layout, and every row that cannot be taken, with its reason.

    Args:
        files: By name.
        codes: Of the exchange partner: in these the upload tables are written.
    """
    headings = _headings()
    required = {name: ["task_code"] if "task_code" in heads else [] for name, heads in headings.items()}
    rows, unread = read_rows(files, headings, required)
    bad = [Bad(each.file, each.row, each.column, each.reason) for each in unread]
    reader = _Reader(bad, codes)
    for row in rows:
        reader.take(row)
    return reader.entries(), reader.bad


class _Reader:
    """Collects the rows of each item, and where they stand."""

    def __init__(self, bad: list[Bad], codes: Codes) -> None:
        self.bad, self._codes = bad, codes
        self._items: dict[str, Any] = {}
        self._rows: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def take(self, row: Any) -> None:
        """Sort a row to its item."""
        if row.table in (ITEMS, UPLOAD):
            code = row.cells.get("task_code", "")
            missing = [each for each in IDENTITY if not row.cells.get(each.name)]
            for each in missing:
                self._refuse(row, each.name, L("The cell must not be empty."))
            if code in self._items:
                self._refuse(row, "task_code", L("The row repeats {key}.", key=code))
            elif not missing:
                self._items[code] = row
            return
        name = next(n for n in LISTS if row.table in (LIST_FILES[n], UPLOAD_FILES[n]))
        code = row.cells.get(_list_heads([each.name for each in LISTS[name]])[0], "")
        self._rows[code][name].append(row)

    def entries(self) -> list[Entry]:
        """Every item with its guide; rows of lists whose item is in no file are refused."""
        for code, lists in self._rows.items():
            if code not in self._items:
                for row in (row for rows in lists.values() for row in rows):
                    self._refuse(
                        row, "task_code", L("The item {code} is not in these files.", code=code or "?")
                    )
        return [self._entry(code, row) for code, row in self._items.items()]

    def _entry(self, code: str, row: Any) -> Entry:
        cells = row.cells
        if row.table == UPLOAD:
            cells = {name: ours(self._codes, name, text) for name, text in cells.items()}
        elements = {name: text for name, text in cells.items() if name in BY_NAME}
        found = self._rows[code]
        lists = {
            name: [
                {each.name: one.cells[each.name] for each in LISTS[name] if one.cells.get(each.name)}
                for one in found[name]
            ]
            for name in found
        }
        guide, problems = guides.read(elements, lists)
        for problem in problems:
            self._refuse(_place(problem, row, found), problem.column, problem.reason)
        return Entry(code, cells["task_type"], cells["dept_code"], guide)

    def _refuse(self, row: Any, column: str, reason: LazyText | str) -> None:
        self.bad.append(Bad(row.file, row.number, row.written.get(column, column), reason))


def _place(problem: Problem, item: Any, lists: Mapping[str, Sequence[Any]]) -> Any:
    """The row of a file that a problem is about."""
    return lists[problem.place][problem.row - 1] if problem.row and problem.place in lists else item


def refuse(bad: Sequence[Bad]) -> None:
    """Let only files without a bad row on.

    Raises:
        UserError: GUIDE_FILES_BAD with every bad row in `detail`.
    """
    if not bad:
        return
    first = bad[0]
    place = L("{file}, row {row}", file=first.file, row=first.row) if first.row else first.file
    raise UserError(
        "GUIDE_FILES_BAD",
        L(
            "{n} entries of the files are wrong. The first: {place}: {reason}",
            n=len(bad),
            place=place,
            reason=first.reason,
        ),
        safe=L("Nothing was imported."),
        do=L("Correct the rows of the list and import the files again."),
        detail={
            "rows": [{"file": b.file, "row": b.row, "column": b.column, "reason": str(b.reason)} for b in bad]
        },
    )
