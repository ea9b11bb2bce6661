"""Reads a log of visits from CSV: `line,priority,arrived,started,finished,desk`, ISO times. All of it or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from yichuang.api import LazyText, UserError
from yichuang_queue.words import words

L = words.lazy
COLUMNS = ("line", "priority", "arrived", "started", "finished", "desk")
MOST_ROWS = 1_000_000
# Cells of `priority` that give no credit. Numbers follow the bank logs of the literature, where 2 and more is priority.
ORDINARY = frozenset({"", "0", "1", "none", "normal", "ordinary"})
_HALL_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Visit:
    """One ticket of a log. Times are in the hall's zone, without a zone.

    Attributes:
        line: The line's code.
        priority: Whether it has a time credit.
        arrived: When it was issued.
        started: When it was called; None where the person left.
        finished: When the service ended, or, of a person who left, when that was; None where unknown.
        desk: The desk; empty where the person left.
    """

    line: str
    priority: bool
    arrived: datetime
    started: datetime | None
    finished: datetime | None
    desk: str


def read_log(data: bytes) -> list[Visit]:
    """The visits of a CSV file in UTF-8 or GB 18030, in the order of the file.

    Raises:
        UserError: LOG_UNREADABLE, LOG_COLUMNS, LOG_ROW (names the row), LOG_EMPTY, LOG_TOO_LONG.
    """
    reader = csv.DictReader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise UserError(
                "LOG_COLUMNS",
                L("The log lacks the columns {columns}.", columns=", ".join(missing)),
                do=L("The first row must name: {columns}.", columns=", ".join(COLUMNS)),
            )
        return _visits((reader.line_num, row) for row in reader)
    except csv.Error as error:
        raise _bad_row(reader.line_num + 1, L("It is not CSV: {problem}.", problem=str(error))) from error


def read_rows(rows: Iterable[Mapping[str | None, str | None]]) -> list[Visit]:
    """The visits of rows with the keys `COLUMNS`; the first row is row 2, as it stands behind the head of a file.

    Raises:
        UserError: LOG_ROW, LOG_EMPTY, LOG_TOO_LONG.
    """
    return _visits(enumerate(rows, start=2))


def _visits(numbered: Iterable[tuple[int, Mapping[str | None, str | None]]]) -> list[Visit]:
    visits: list[Visit] = []
    for number, row in numbered:
        if len(visits) == MOST_ROWS:
            raise UserError("LOG_TOO_LONG", L("The log has more than {count} rows.", count=MOST_ROWS))
        if not any(value for value in row.values()):
            continue
        visits.append(_visit(number, row))
    if not visits:
        raise UserError("LOG_EMPTY", L("The log has no rows."))
    return visits


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UserError(
        "LOG_UNREADABLE", L("The log is no text in UTF-8 or GB 18030."), do=L("Save it as CSV (UTF-8).")
    )


def _visit(number: int, row: Mapping[str | None, str | None]) -> Visit:
    if None in row or any(row.get(column) is None for column in COLUMNS):
        raise _bad_row(number, L("It has too few or too many cells."))
    line, priority, desk = ((row[column] or "").strip() for column in ("line", "priority", "desk"))
    if not line:
        raise _bad_row(number, L("It names no line."))
    arrived, started, finished = (_moment(number, column, row[column] or "") for column in COLUMNS[2:5])
    if arrived is None:
        raise _bad_row(number, L("It has no time of arrival."))
    if started is not None and not desk:
        raise _bad_row(number, L("It was called but names no desk."))
    if started is not None and started < arrived:
        raise _bad_row(number, L("It was called before it arrived."))
    if finished is not None and finished < (started or arrived):
        raise _bad_row(number, L("It ended before it began."))
    return Visit(line, priority.lower() not in ORDINARY, arrived, started, finished, desk)


def _moment(number: int, column: str, text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo is None else moment.astimezone(_HALL_ZONE).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise _bad_row(
            number, L("{column} is no ISO time: {text}.", column=column, text=text.strip()[:40])
        ) from None


def _bad_row(number: int, reason: LazyText) -> UserError:
    return UserError(
        "LOG_ROW",
        L("Row {row} of the log cannot be used. {reason}", row=number, reason=reason),
        do=L("Correct the row or leave it out, then evaluate again."),
        detail={"row": number},
    )
