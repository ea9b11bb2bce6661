"""The scene of a board: where its parts are, and what each of them shows of the hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PyQt6.QtCore import QDate, QLocale, QRectF
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QGraphicsScene

from yichuang.api import HALL_ZONE, current_language
from yichuang_queue.rules.announcing import ROWS, Announcing, blinks, wait_minutes
from yichuang_queue.ui.board import parts
from yichuang_queue.ui.board.desk import DeskValue, draw_desk
from yichuang_queue.words import words

_ = words.text
CELLS = 6
CELLS_SECONDS = 10
NOTICE_SECONDS = 8
NOTICE_LENGTH = 58
"""So many characters of a notice fit on one page of the ticker."""
LEFT_EDGE = 196.0
RIGHT_EDGE = 1872.0


@dataclass(frozen=True)
class Drafts:
    """Mongolian words around a number and a desk; drafts that a translator of the bureau has to confirm."""

    number: str = ""
    desk: str = ""


class BoardScene(QGraphicsScene):
    """A hall's or a zone's board, or a desk's.

    Args:
        desk: Code of the desk whose board this is; empty for a hall or a zone.
        drafts: Mongolian words.
    """

    def __init__(self, desk: str, drafts: Drafts) -> None:
        super().__init__(0, 0, parts.WIDTH, parts.HEIGHT)
        self.setBackgroundBrush(QColor(parts.BACK))
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._desk = desk
        self._drafts = drafts
        self.strip = self._part(0, 0, 148, parts.HEIGHT, parts.draw_strip)
        self.head = self._part(LEFT_EDGE, 14, 1180, 100, parts.draw_head)
        self.clock = self._part(1400, 14, RIGHT_EDGE - 1400, 100, parts.draw_clock)
        self.panel = self._part(LEFT_EDGE, 120, 1000, 716, parts.draw_panel)
        self.rows: list[parts.Part] = []
        self.cells: list[parts.Part] = []
        self.desk_panel = self._part(LEFT_EDGE, 120, RIGHT_EDGE - LEFT_EDGE, 860, draw_desk)
        if desk:
            self.panel.hide()
        else:
            self._make_lists()
        self.ticker = self._part(148, 1004, parts.WIDTH - 148, 76, parts.draw_ticker)
        self.stale = self._part(1000, 24, 440, 54, parts.draw_stale)

    def _part(self, x: float, y: float, width: float, height: float, draw: Any) -> parts.Part:
        part = parts.Part(QRectF(x, y, width, height), draw)
        self.addItem(part)
        return part

    def _make_lists(self) -> None:
        heads = self._part(1220, 126, RIGHT_EDGE - 1220, 46, parts.draw_row_heads)
        heads.show_value((_("Number"), _("Business"), _("Window")))
        pitch = (836 - 176) / ROWS
        self.rows = [
            self._part(1220, 176 + index * pitch, RIGHT_EDGE - 1220, pitch, parts.draw_row)
            for index in range(ROWS)
        ]
        width = (RIGHT_EDGE - LEFT_EDGE) / CELLS
        self.cells = [
            self._part(LEFT_EDGE + i * width, 876, width, 124, parts.draw_cell) for i in range(CELLS)
        ]
        self._part(LEFT_EDGE, 870, RIGHT_EDGE - LEFT_EDGE, 134, _draw_grid).show_value(True)

    # --- what they show -----------------------------------------------------------------------------------------

    def show_clock(self, now: datetime) -> None:
        """Show the date and the time of the hall."""
        local = now.astimezone(HALL_ZONE)
        locale = QLocale(current_language())
        day = QDate(local.year, local.month, local.day)
        date = locale.toString(day, _("MMMM d dddd"))
        self.clock.show_value((date, f"{local:%H:%M}"))

    def show_stale(self, seconds: int | None) -> None:
        """Say that nothing has been heard for so long; None takes that off."""
        said = None if seconds is None else _("No connection for {n} s; this may be old", n=seconds)
        self.stale.show_value(said)

    def show_hall(self, board: Any, zone: str) -> None:
        """What does not depend on a call: names of the hall, the lines."""
        self.head.show_value((board.hall, board.zone or (zone and _("There is no zone {zone}", zone=zone))))
        self.strip.show_value((board.hall_mn, board.zone_mn))

    def show_lines(self, board: Any, seconds: float) -> None:
        """The lines with their waits; pages of six where there are more."""
        pages = max(1, -(-len(board.lines) // CELLS))
        first = int(seconds / CELLS_SECONDS) % pages * CELLS
        shown = board.lines[first : first + CELLS]
        for index, cell in enumerate(self.cells):
            cell.show_value(_cell(shown[index]) if index < len(shown) else None)

    def show_ticker(self, board: Any, seconds: float) -> None:
        """The notices and the passed numbers in turn."""
        pages = [page for notice in board.notices for page in pages_of(notice)]
        if board.passed:
            shown = "  ".join(board.passed[:12])
            pages.append(_("Passed: {numbers}. Please ask at the information desk.", numbers=shown))
        self.ticker.show_value(pages[int(seconds / NOTICE_SECONDS) % len(pages)] if pages else "")

    def show_calls(self, memory: Announcing, board: Any, now: float) -> None:
        """The panel and the list of calls."""
        lines = {line.code: line for line in board.lines}
        if self._desk:
            self.desk_panel.show_value(self._desk_value(memory, board, now))
            return
        self.panel.show_value(self._panel_value(memory, board, lines, now))
        fresh = memory.fresh(now)
        recent = memory.recent(ROWS)
        for index, row in enumerate(self.rows):
            call = recent[index] if index < len(recent) else None
            row.show_value(
                None
                if call is None
                else parts.RowValue(call.number, _business(call, lines), call.desk, call.number in fresh)
            )

    def _panel_value(
        self, memory: Announcing, board: Any, lines: dict[str, Any], now: float
    ) -> parts.PanelValue | str:
        call: Any = memory.shown
        if call is None:
            return _("Please watch for your number")
        line = lines.get(call.line)
        drafts = (self._drafts.number, self._drafts.desk, line.name_mn if line is not None else "")
        columns = tuple(
            (draft.replace("{number}", call.number).replace("{desk}", call.desk), 52 if index < 2 else 36)
            for index, draft in enumerate(drafts)
            if draft
        )
        place = board.zones.get(call.zone, "") if not board.zone and len(board.zones) > 1 else ""
        return parts.PanelValue(
            call.number, call.desk, _business(call, lines), place, columns, blinks(now - memory.since)
        )

    def _desk_value(self, memory: Announcing, board: Any, now: float) -> DeskValue:
        """The desk's newest call, unless a newer snapshot says that nobody is there any more."""
        recent: list[Any] = list(memory.recent(1))
        call = recent[0] if recent else None
        return DeskValue(
            self._desk,
            board.desk.state if board.desk else "",
            board.desk.reason if board.desk else "",
            call.number if call else "",
            bool(call and call.coming),
            self._drafts.desk.replace("{desk}", self._desk),
            call is not None and call.number in memory.fresh(now) and blinks(now - memory.since),
        )


def _business(call: Any, lines: dict[str, Any]) -> str:
    line = lines.get(call.line)
    return call.business or (line.name if line is not None else "")


def _cell(line: Any) -> parts.CellValue:
    return parts.CellValue(f"{line.code} {line.name}", line.waiting, wait_text(line))


def wait_text(line: Any) -> str:
    """The predicted wait of a line as the public reads it."""
    minutes = wait_minutes(line.predicted_seconds, line.predicted_low, line.predicted_high)
    if minutes is None:
        return _("no window open")
    low, high = minutes
    return _("about {n} min", n=low) if low == high else _("about {low}–{high} min", low=low, high=high)


def pages_of(notice: str) -> list[str]:
    """A notice cut into pages that fit the ticker, at punctuation where that is possible."""
    rest, pages = notice.strip(), []
    while len(rest) > NOTICE_LENGTH:
        cut = max(rest.rfind(mark, NOTICE_LENGTH // 2, NOTICE_LENGTH) for mark in "。；，、 ") + 1
        cut = cut or NOTICE_LENGTH
        pages.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pages, rest] if rest else pages


def _draw_grid(painter: Any, area: QRectF, _value: Any) -> None:
    parts.hairline(painter, 0, 2, area.width(), 2)
    for index in range(1, CELLS):
        x = area.width() * index / CELLS
        parts.hairline(painter, x, 2, x, area.height())
