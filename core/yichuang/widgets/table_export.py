"""Writes the list on the screen to a spreadsheet. Runs on a worker, not on the UI thread; imports no Qt."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

# Spreadsheet programs run a cell that begins so; names and remarks come from the public.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_list(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write headers and rows as .xlsx or .csv, by the file's ending.

    Everything is written as text: case numbers and identity numbers keep every digit, and nothing is run as a formula.

    Raises:
        ValueError: The ending is neither .xlsx nor .csv.
        OSError: The file cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        # The mark at the beginning tells spreadsheet programs that it is UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headers)
            writer.writerows([_plain(cell) for cell in row] for row in rows)
        return path
    if kind != ".xlsx":
        raise ValueError(f"cannot write a list as {path.suffix!r}, only .xlsx and .csv")
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (headers, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=str(value))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
    return path


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
