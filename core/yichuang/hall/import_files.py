"""Rows out of an administrator's files: TSV, XLSX or JSON bytes become named text cells with their place.

Nothing is evaluated: a formula is refused, and so is a number too long for a spreadsheet to hold exactly.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import PurePath
from typing import Any, TypeAlias

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

_Cell: TypeAlias = tuple[object, str]  # value and openpyxl's data type

__all__ = ["MOST_BYTES", "MOST_ROWS", "BadRow", "Row", "read_rows"]

L = words.lazy

MOST_BYTES = 20_000_000  # a province's catalogue is under 5 MB
MOST_ROWS = 100_000
_MOST_UNPACKED = 200_000_000
_EXACT_DIGITS = 15  # what a spreadsheet's floating point number holds


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing that is wrong in a file.

    Attributes:
        file: Name of the file; for a workbook with its sheet, `hall.xlsx/items`.
        row: Line or row from 1; 0 where it concerns the whole file.
        column: Heading, or empty.
        reason: What is wrong.
    """

    file: str
    row: int
    column: str
    reason: LazyText | str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        table: Name of its table.
        file: Where it stands.
        number: Line or row there, from 1.
        cells: Column name to text.
        written: Column name to the heading as the file writes it, for reports.
    """

    table: str
    file: str
    number: int
    cells: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Reader:
    """Collects rows and what is wrong while the files are read.

    Attributes:
        headings: For every table, heading as people may write it to column name.
        required: For every table, the columns that may not be missing.
    """

    headings: Mapping[str, Mapping[str, str]]
    required: Mapping[str, Sequence[str]]
    rows: list[Row] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    def read(self, name: str, content: bytes) -> None:
        path = PurePath(name)
        if len(content) > MOST_BYTES:
            self.refuse(name, L("The file is larger than {limit} MB.", limit=MOST_BYTES // 1_000_000))
            return
        kinds: dict[str, Callable[[str, str, bytes], None]] = {
            ".tsv": self._tsv,
            ".xlsx": self._xlsx,
            ".json": self._json,
        }
        read = kinds.get(path.suffix.lower())
        if read is None:
            self.refuse(name, L("The file is neither TSV nor XLSX nor JSON."))
            return
        read(path.stem.lower(), name, content)

    def refuse(self, file: str, reason: LazyText, row: int = 0, column: str = "") -> None:
        self.bad.append(BadRow(file, row, column, reason))

    def _tsv(self, table: str, file: str, content: bytes) -> None:
        try:
            text = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.refuse(file, L("The text is not UTF-8; save the file as Unicode text."), line)
            return
        if "\0" in text:
            self.refuse(file, L("The text is not UTF-8; save the file as Unicode text."))
            return
        lines = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
        numbered = ((lines.line_num, list(cells)) for cells in lines)
        try:
            self._table(table, file, numbered)
        except csv.Error:
            self.refuse(
                file,
                L("The row cannot be split into cells; look for a stray quotation mark."),
                lines.line_num,
            )

    def _xlsx(self, table: str, file: str, content: bytes) -> None:
        sheets = _sheets(content)
        if isinstance(sheets, LazyText):
            self.refuse(file, sheets)
            return
        for title, cells in sheets:
            named = table if len(sheets) == 1 and table in self.headings else title.lower()
            place = file if named == table else f"{file}/{title}"
            self._table(named, place, ((number, self._texts(place, number, row)) for number, row in cells))

    def _texts(self, place: str, number: int, row: Sequence[_Cell]) -> list[str]:
        texts = []
        for column, (value, data_type) in enumerate(row):
            text = _cell_text(value, data_type)
            if isinstance(text, LazyText):
                self.refuse(place, text, number, _letter(column))
                text = ""
            texts.append(text)
        return texts

    def _json(self, table: str, file: str, content: bytes) -> None:
        if table != "themes":
            self.refuse(file, L("Only themes can be given as JSON."))
            return
        try:
            themes = json.loads(content.decode("utf-8-sig"))
            for number, theme in enumerate(themes, 1):
                for name, cells in _theme_rows(theme):
                    self.rows.append(Row(name, file, number, cells, {column: column for column in cells}))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.refuse(file, L("The file does not hold themes in the expected form."))

    def _table(self, table: str, file: str, numbered: Iterable[tuple[int, list[str]]]) -> None:
        headings = self.headings.get(table)
        if headings is None:
            known = ", ".join(self.headings)
            self.refuse(file, L("There is no table of this name; the tables are {known}.", known=known))
            return
        columns: list[str] | None = None
        written: dict[str, str] = {}
        for count, (number, texts) in enumerate(numbered):
            if count > MOST_ROWS:
                self.refuse(file, L("The table has more than {limit} rows.", limit=MOST_ROWS), number)
                return
            if not any(text.strip() for text in texts):
                continue
            if columns is None:
                columns = self._columns(file, number, headings, texts)
                for name in self.required[table]:
                    if name not in columns:
                        self.refuse(file, L("The table lacks this column."), number, name)
                written = {name: _heading(text) for name, text in zip(columns, texts, strict=False) if name}
                continue
            extra = [text for text in texts[len(columns) :] if text.strip()]
            if extra:
                self.refuse(file, L("The row has more cells than there are headings."), number)
            cells = {name: text.strip(" ") for name, text in zip(columns, texts, strict=False) if name}
            self.rows.append(Row(table, file, number, cells, written))
        if columns is None:
            self.refuse(file, L("The table has no headings."))

    def _columns(self, file: str, number: int, headings: Mapping[str, str], texts: list[str]) -> list[str]:
        columns: list[str] = []
        for text in texts:
            written = _heading(text)
            name = headings.get(written, "") if written else ""
            if written and not name:
                self.refuse(file, L("There is no column of this name."), number, written)
            if name and name in columns:
                self.refuse(file, L("The column occurs twice."), number, written)
            columns.append(name)
        while columns and not columns[-1]:
            columns.pop()
        return columns


def read_rows(
    files: Mapping[str, bytes],
    headings: Mapping[str, Mapping[str, str]],
    required: Mapping[str, Sequence[str]],
) -> tuple[list[Row], list[BadRow]]:
    """Every row of every file, and everything that cannot be read.

    Args:
        files: Name to content. A TSV (UTF-8, or UTF-16 as spreadsheets write it) is named after its table; a workbook
            holds one sheet for each table, or a single one and is named after it.
        headings: For every table, heading to column name.
        required: For every table, the columns that may not be missing.
    """
    reader = _Reader(headings, required)
    for name, content in sorted(files.items()):
        reader.read(name, content)
    return reader.rows, reader.bad


def _sheets(content: bytes) -> list[tuple[str, list[tuple[int, list[_Cell]]]]] | LazyText:
    """Titles of a workbook's sheets with their numbered rows of values and data types, or why it cannot be read."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            return L("The workbook unpacks to more than {limit} MB.", limit=_MOST_UNPACKED // 1_000_000)
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        sheets = []
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # else a false dimension pads every row to 16,384 cells
            rows = enumerate(islice(sheet.iter_rows(), MOST_ROWS + 2), 1)
            sheets.append((sheet.title, [(n, [(c.value, c.data_type) for c in row]) for n, row in rows]))
        workbook.close()
    except Exception:  # noqa: BLE001 - a broken workbook makes the library raise nearly anything
        return L("The workbook cannot be read; save it again as XLSX.")
    return sheets


def _letter(column: int) -> str:
    """The letters over a spreadsheet's column, 0 is A."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _heading(text: str) -> str:
    """A heading without the star that templates put before required ones."""
    return text.strip().lstrip("*").strip().lower()


def _cell_text(value: object, data_type: str) -> str | LazyText:
    """The text of a spreadsheet cell, or why it cannot be taken."""
    if value is None:
        return ""
    if data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        return L("The cell holds a formula; enter its value.")
    if data_type == "e":
        return L("The cell holds an error value.")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        if not abs(value) < 10**_EXACT_DIGITS:  # so that "not a number" is refused too
            return L(
                "The number is too long for a spreadsheet; format the column as text and enter it again."
            )
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    return value if isinstance(value, str) else L("The cell holds something that is not text.")


def _theme_rows(theme: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """A theme of a JSON file as rows of the tables `themes` and `theme_items`."""
    yield (
        "themes",
        {
            "code": str(theme["code"]),
            "name": str(theme["name"]),
            "lead": str(theme["lead"]),
            "promise_limit": str(theme["promise"]),
            "promise_unit": str(theme["unit"]),
            "mode": str(theme.get("mode", "")),
            "shared": ";".join(map(str, theme.get("shared", ()))),
            "fields": ";".join(map(str, theme.get("fields", ()))),
            "situations": ";".join(
                f"{q['code']}={q['question']}={'|'.join(q['options'])}" for q in theme.get("situations", ())
            ),
        },
    )
    for item in theme["items"]:
        yield (
            "theme_items",
            {
                "theme": str(theme["code"]),
                "name": str(item["name"]),
                "item": str(item.get("item", "")),
                "optional": str(int(bool(item.get("optional", False)))),
                "after": ";".join(map(str, item.get("after", ()))),
                "situation_expr": str(item.get("situation_expr", "")),
            },
        )
