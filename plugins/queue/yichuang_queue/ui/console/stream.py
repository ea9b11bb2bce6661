"""The day's tickets: found by number, state or line, restored after passing, exported as they stand in the list."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Button,
    Cell,
    Column,
    ComboBox,
    DataTable,
    DateEdit,
    PageContext,
    SearchBox,
    Segmented,
    write_list,
)
from yichuang_queue.rules.tickets import PRIORITY_NAMES, STATE_NAMES, Priority, State
from yichuang_queue.ui.console import texts
from yichuang_queue.words import words

_ = words.text
PAGE = 200
EXPORT_PAGE = 1000
_TONES = {State.CALLED: "acct", State.SERVING: "grn", State.HELD: "amb", State.PASSED: "amb"}
_FILTERS = (State.WAITING, State.CALLED, State.SERVING, State.HELD, State.PASSED, State.DONE)


class StreamView(QWidget):
    """The second tab. It asks only while it is in front.

    Signals:
        written: A list was written to this path; or, where it could not be, the reason follows.
    """

    written = pyqtSignal(str, str)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._asked: dict[str, Any] = {}
        self._lines: dict[str, str] = {}
        self._oldest: int | None = None
        self._writer: Thread | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(self._bar())
        self.table = DataTable(_columns())
        self.table.set_empty("ticket", _("No ticket fits"), _("Choose another day, state or line."))
        self.table.set_keys([(("Up", "Down"), _("Select")), ("Ctrl+E", _("Export"))])
        self.table.acted.connect(self._restore)
        self.table.export_requested.connect(self.export)
        column.addWidget(self.table, 1)
        self.written.connect(self._said_written)

    def _bar(self) -> QHBoxLayout:
        self.search = SearchBox(_("Number or business"), "Ctrl+F")
        self.search.setFixedWidth(220)
        self.day = DateEdit(today=self._context.now().astimezone(HALL_ZONE).date())
        self.day.setFixedWidth(116)
        self.day.setAccessibleName(_("Day"))
        self.day.set_value(self._context.now().astimezone(HALL_ZONE).date())
        items = [("", _("All")), *((state.value, in_language(STATE_NAMES[state])) for state in _FILTERS)]
        self.state = Segmented(items, compact=True)
        self.line = ComboBox([("", _("Every line"))])
        self.line.setAccessibleName(_("Line"))
        self.export_button = Button(_("Export"), icon="download", size="compact")
        self.search.searched.connect(lambda _text: self.load())
        self.day.editingFinished.connect(self.load)
        self.state.changed.connect(lambda _state: self.load())
        self.line.changed.connect(lambda _line: self.load())
        self.export_button.clicked.connect(lambda: self.export("xlsx"))
        row = QHBoxLayout()
        row.setSpacing(10)
        for part in (self.search, self.day, self.state, self.line):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.export_button)
        return row

    def request(self) -> dict[str, Any]:
        """What the filters ask for."""
        return {
            "day": self.day.value(), "state": self.state.current() or None, "line": str(self.line.value() or ""),
            "text": self.search.text().strip()[:60],
        }  # fmt: skip

    def load(self) -> None:
        """Ask for the first page."""
        self.table.set_loading(True)
        self._asked = self.request()
        asked = self._asked
        self._context.query(
            "queue.stream",
            {**asked, "count": PAGE},
            done=lambda page: self._came(page, asked),
            failed=self._failed,
        )

    def console_came(self, _console: Any) -> None:
        """The hall has moved on: the first page again, unless the user reads further down."""
        if self._asked and self.table.view.verticalScrollBar().value() == 0 and self._oldest is None:
            self.load()

    def _came(self, page: Any, asked: dict[str, Any]) -> None:
        if asked != self._asked:
            return
        self._show_lines(page.lines)
        self.table.set_error(None)
        self.table.set_loading(False)
        self.table.set_rows([self._row(each) for each in page.rows], total=page.total)
        self._oldest = None
        self._last = page.rows[-1].id if page.rows else None
        more = len(page.rows) < page.total
        self.table.set_fetch_more(self._more if more else None)

    def _more(self) -> None:
        asked = self._asked
        self._oldest = self._last
        self._context.query(
            "queue.stream", {**asked, "count": PAGE, "before": self._last},
            done=lambda page: self._more_came(page, asked), failed=self._failed,
        )  # fmt: skip

    def _more_came(self, page: Any, asked: dict[str, Any]) -> None:
        if asked == self._asked:
            self._last = page.rows[-1].id if page.rows else self._last
            self.table.append_rows([self._row(each) for each in page.rows], more=len(page.rows) == PAGE)

    def _failed(self, error: UserError) -> None:
        self.table.set_error(error, self.load)

    def _show_lines(self, lines: dict[str, str]) -> None:
        if lines != self._lines:
            chosen = self.line.value()
            self._lines = lines
            self.line.set_items([("", _("Every line")), *lines.items()])
            self.line.set_value(chosen or "")

    def _row(self, row: Any) -> dict[str, Any]:
        state = State(row.state)
        may_restore = state is State.PASSED and self._context.can("queue.issue")
        priority = Priority(row.priority)
        return {
            "id": row.id,
            "number": row.number,
            "business": row.business,
            "line": self._lines.get(row.line, row.line),
            "state": Cell(in_language(STATE_NAMES[state]), _TONES.get(state, "t2")),
            "priority": "" if priority is Priority.NONE else in_language(PRIORITY_NAMES[priority]),
            "desk": " ".join(filter(None, (row.desk, row.staff_name))),
            "issued": texts.at(row.issued_at),
            "called": texts.at(row.called_at),
            "ended": texts.at(row.ended_at),
            "waited": _span(row.issued_at, row.called_at),
            "served": _span(row.arrived_at, row.ended_at) if state is State.DONE else "",
            "calls": row.calls or "",
            "act": _("Restore number") if may_restore else "",
        }

    def _restore(self, _column: str, row: Any) -> None:
        self._context.run("queue.restore", {"ticket_id": row["id"]}, done=self._restored)

    def _restored(self, ticket: Any) -> None:
        self._context.notify(_("Ticket {number} is back in its line", number=ticket.number), "success")
        self.load()

    # ---- export ----

    def export(self, kind: str) -> None:
        """Ask where to, then write every ticket that the filters let through."""
        day = self.day.value()
        chooser = QFileDialog(self, _("Export tickets"))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
        chooser.setNameFilters(["XLSX (*.xlsx)", "CSV (*.csv)"])
        chooser.setDefaultSuffix(kind)
        chooser.selectFile(f"{_('Ticket stream')} {day}.{kind}" if day else f"{_('Ticket stream')}.{kind}")
        chooser.fileSelected.connect(lambda path: self.write(Path(path)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def write(self, path: Path) -> None:
        """Ask for all pages one after the other, then write them on a thread."""
        self.export_button.set_busy(True)
        self._collect(path, self.request(), [], None)

    def _collect(self, path: Path, asked: dict[str, Any], rows: list[Any], before: int | None) -> None:
        def came(page: Any) -> None:
            rows.extend(page.rows)
            self._show_lines(page.lines)
            if len(rows) < page.total and page.rows:
                self._collect(path, asked, rows, page.rows[-1].id)
            else:
                self._write(path, [self._row(each) for each in rows])

        def failed(error: UserError) -> None:
            self._said_written(str(path), in_language(error.sentence))

        request = {**asked, "count": EXPORT_PAGE, "before": before}
        self._context.query("queue.stream", request, done=came, failed=failed)

    def _write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        columns = [column for column in _columns() if column.kind != "action"]
        heads = [column.title for column in columns]
        cells = [[_plain(row[column.key]) for column in columns] for row in rows]

        def work() -> None:
            try:
                path.open("ab").close()  # a list that cannot be written is not begun
                write_list(path, heads, cells)
                problem = ""
            except OSError as error:
                problem = _("The file cannot be written: {reason}", reason=error.strerror or str(error))
            self.written.emit(str(path), problem)

        self._writer = Thread(target=work, name="queue-export")
        self._writer.start()

    def _said_written(self, path: str, problem: str) -> None:
        if self._writer is not None:
            self._writer.join()
            self._writer = None
        self.export_button.set_busy(False)
        if problem:
            self._context.notify(problem, "error")
        else:
            self._context.notify(_("Written to {file}", file=Path(path).name), "success")


def _columns() -> list[Column]:
    return [
        Column("number", _("Ticket"), width=84, kind="strong", sort=True),
        Column("business", _("Business"), stretch=3),
        Column("line", _("Line"), stretch=2),
        Column("state", _("State"), width=84),
        Column("priority", _("Priority"), width=64),
        Column("desk", _("Desk"), width=118),
        Column("issued", _("Taken"), width=64, align="right"),
        Column("called", _("Called"), width=64, align="right"),
        Column("ended", _("Ended"), width=64, align="right"),
        Column("waited", _("Wait"), width=76, align="right"),
        Column("served", _("Service"), width=76, align="right"),
        Column("calls", _("Calls"), width=56, align="right"),
        Column("act", "", width=64, kind="action"),
    ]


def _span(begin: Any, end: Any) -> str:
    return texts.clock(int((end - begin).total_seconds())) if begin and end else ""


def _plain(value: Any) -> str:
    return value.text if isinstance(value, Cell) else str(value)
