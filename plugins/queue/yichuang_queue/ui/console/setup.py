"""Which desk and person serves which lines, what the lines are, and the kiosk's tree with its quotas; changed in dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, Cell, Column, DataTable, PageContext, Segmented
from yichuang_queue.rules.floor import DeskNow
from yichuang_queue.ui.console import forms, texts, tree
from yichuang_queue.words import words

_ = words.text
INDENT = "\u3000"
DESKS, PEOPLE, LINES, TREE = "desks", "people", "lines", "tree"


class SetupView(QWidget):
    """The third tab: four lists. Who may not set up the queue sees them and can still assign desks.

    Signals:
        asked_lines: Code of the desk whose lines are to be changed.
    """

    asked_lines = pyqtSignal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._may = context.can("queue.manage")
        self.line_rows: list[Any] = []
        self.business_rows: list[Any] = []
        self._names: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 14)
        column.setSpacing(10)
        column.addLayout(self._bar())
        self._stack = QStackedWidget()
        self.desks, self.people, self.lines, self.businesses = (
            DataTable(columns)
            for columns in (_desk_columns(), _people_columns(), _line_columns(), _tree_columns())
        )
        for table in (self.desks, self.people, self.lines, self.businesses):
            self._stack.addWidget(table)
        column.addWidget(self._stack, 1)
        self._tell_empty()
        self._connect()

    def _bar(self) -> QHBoxLayout:
        items = [
            (DESKS, _("Desks now")), (PEOPLE, _("People and skills")), (LINES, _("Lines")), (TREE, _("Businesses at the kiosk")),
        ]  # fmt: skip
        self.part = Segmented(items, compact=True)
        self.up = Button(_("Up"), icon="arrow-up", size="compact")
        self.down = Button(_("Down"), icon="arrow-down", size="compact")
        self.add = Button(_("Add"), icon="plus", size="compact")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.part)
        row.addStretch(1)
        for button in (self.up, self.down, self.add):
            row.addWidget(button)
            button.hide()
        return row

    def _tell_empty(self) -> None:
        self.desks.set_empty("layout-grid", _("No desk is laid out"))
        self.people.set_empty("users", _("Nobody has a desk"), _("People get desks in the settings."))
        self.lines.set_empty("list", _("No line is set up yet"), _("Add the first line."))
        self.businesses.set_empty(
            "list-tree", _("The kiosk has no businesses yet"), _("Add a line, then a business.")
        )

    def _connect(self) -> None:
        self.part.changed.connect(self._show_part)
        self.add.clicked.connect(self._add)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.desks.acted.connect(lambda _column, row: self.asked_lines.emit(row["id"]))
        self.people.acted.connect(lambda _column, row: self._edit_person(row))
        self.people.activated.connect(self._edit_person)
        self.lines.acted.connect(self._line_act)
        self.lines.activated.connect(lambda row: self._line_act("edit", row))
        self.businesses.acted.connect(self._business_act)
        self.businesses.activated.connect(lambda row: self._business_act("edit", row))

    # ---- what it shows ----

    def load(self) -> None:
        """Ask for what the list in front shows; the lines are needed by all."""
        part = self.part.current()
        self._ask("queue.lines", self.lines, self._lines_came)
        if part == PEOPLE:
            self._ask("queue.staff_lines", self.people, self._people_came)
        elif part == TREE:
            self._ask("queue.businesses", self.businesses, self._tree_came)

    def console_came(self, console: Any) -> None:
        """The desks come with the page's own question."""
        self._names = {line.code: line.name for line in console.lines}
        self.desks.set_rows([self._desk_row(desk, console) for desk in console.desks])

    def _show_part(self, part: str) -> None:
        self._stack.setCurrentIndex((DESKS, PEOPLE, LINES, TREE).index(part))
        self.add.setVisible(self._may and part in (LINES, TREE))
        for button in (self.up, self.down):
            button.setVisible(self._may and part in (LINES, TREE))
        self.load()

    def _ask(self, name: str, table: DataTable, came: Callable[[Any], None]) -> None:
        table.set_loading(True)

        def shown(rows: Any) -> None:
            table.set_error(None)
            table.set_loading(False)
            came(rows)

        def failed(error: UserError) -> None:
            table.set_error(error, self.load)

        self._context.query(name, done=shown, failed=failed)

    def _named(self, codes: Sequence[str]) -> str:
        return "、".join(self._names.get(code, code) for code in codes)

    def _desk_row(self, desk: DeskNow, console: Any) -> dict[str, Any]:
        kind = desk.kind(console.now, console.away_minutes)
        open_ = desk.state != "closed"
        tone = {"amber": "amb", "red": "red", "teal": "acct", "green": "grn"}.get(texts.TONES[kind], "t3")
        return {
            "id": desk.code, "desk": desk.code, "group": desk.group, "zone": console.zones.get(desk.zone, desk.zone),
            "state": Cell(texts.kind_name(kind), tone), "person": desk.staff_name, "lines": self._named(desk.lines),
            "edit": _("Assign") if open_ else "",
        }  # fmt: skip

    def _people_came(self, rows: Sequence[Any]) -> None:
        self.people.set_rows(
            [
                {
                    "id": row.staff_id, "name": row.name, "agency": row.agency, "desk": row.desk, "codes": row.lines,
                    "lines": self._named(row.lines) if row.lines else Cell(_("Every line"), "t3"),
                    "edit": _("Edit") if self._may else "",
                }
                for row in rows
            ]
        )  # fmt: skip

    def _lines_came(self, rows: Sequence[Any]) -> None:
        self.line_rows = list(rows)
        self._names = {row.code: row.name for row in rows}
        self.lines.set_rows(
            [
                {
                    "id": row.code, "code": row.code, "name": row.name, "zone": row.zone, "target": row.target_minutes,
                    "numbers": f"{row.prefix}{row.first:03d} – {row.prefix}{row.last:03d}",
                    "calls": _("{n} × every {gap} s", n=row.calls, gap=row.gap_seconds),
                    "reentry": forms.reentry_text(row), "edit": _("Edit") if self._may else "",
                    "remove": _("Remove") if self._may else "",
                }
                for row in rows
            ]
        )  # fmt: skip

    def _tree_came(self, rows: Sequence[Any]) -> None:
        self.business_rows = list(rows)
        groups = {row.parent for row in rows}
        self.businesses.set_rows(
            [
                {
                    "id": row.code, "name": Cell(INDENT * tree.depth(rows, row.code) + row.name, strong=row.code in groups),
                    "line": self._names.get(row.line, row.line), "day": _limit(row.quota_day),
                    "half": _limit(row.quota_half_day), "slot": _limit(row.quota_slot), "seats": row.seats or "",
                    "open": Cell(_("Open"), "grn") if row.open else Cell(_("Stopped"), "amb"),
                    "edit": _("Edit") if self._may else "", "remove": _("Remove") if self._may else "",
                }
                for row in rows
            ]
        )  # fmt: skip

    # ---- what it does ----

    def _add(self) -> None:
        if self.part.current() == LINES:
            forms.ask_line(self._context, self, self.line_rows, None, self.load)
        else:
            forms.ask_business(self._context, self, self.business_rows, None, self._line_choices(), self.load)

    def _line_choices(self) -> list[tuple[str, str]]:
        return [(row.code, row.name) for row in self.line_rows]

    def _edit_person(self, row: Any) -> None:
        if self._may:
            forms.ask_skills(self._context, self, row, self._line_choices(), self.load)

    def _line_act(self, column: str, row: Any) -> None:
        found = next(each for each in self.line_rows if each.code == row["id"])
        if not self._may:
            return
        if column == "remove":
            kept = [each for each in self.line_rows if each.code != found.code]
            forms.ask_remove(
                self._context, self, found.name, ("queue.set_lines", {"lines": kept}), self.load,
                _("Its desks then serve their other lines."),
            )  # fmt: skip
        else:
            forms.ask_line(self._context, self, self.line_rows, found, self.load)

    def _business_act(self, column: str, row: Any) -> None:
        found = next(each for each in self.business_rows if each.code == row["id"])
        if not self._may:
            return
        if column == "remove":
            inside = len(tree.within(self.business_rows, found.code)) - 1
            kept = tree.without(self.business_rows, found.code)
            body = _("{n} businesses in it go too.", n=inside) if inside else _("Tickets already taken stay.")
            request = ("queue.set_businesses", {"businesses": kept})
            forms.ask_remove(self._context, self, found.name, request, self.load, body)
        else:
            forms.ask_business(
                self._context, self, self.business_rows, found, self._line_choices(), self.load
            )

    def _move(self, step: int) -> None:
        """The chosen row one place up or down, in the order of the kiosk."""
        if self.part.current() == TREE:
            row = self.businesses.current_row()
            if row is not None:
                moved = tree.moved(self.business_rows, row["id"], step)
                self._context.run("queue.set_businesses", {"businesses": moved}, done=lambda _n: self.load())
            return
        row = self.lines.current_row()
        if row is None:
            return
        at = next(at for at, each in enumerate(self.line_rows) if each.code == row["id"])
        if 0 <= at + step < len(self.line_rows):
            rows = list(self.line_rows)
            rows[at], rows[at + step] = rows[at + step], rows[at]
            self._context.run("queue.set_lines", {"lines": rows}, done=lambda _n: self.load())


def _limit(value: int | None) -> Any:
    return "" if value is None else value


def _desk_columns() -> list[Column]:
    return [
        Column("desk", _("Desk"), width=72, kind="strong", sort=True), Column("group", _("Plan"), stretch=1, sort=True),
        Column("zone", _("Zone"), stretch=1), Column("state", _("State"), width=84),
        Column("person", _("Person"), width=96), Column("lines", _("Lines"), stretch=2),
        Column("edit", "", width=76, kind="action"),
    ]  # fmt: skip


def _people_columns() -> list[Column]:
    return [
        Column("name", _("Person"), width=110, kind="strong"), Column("agency", _("Agency"), stretch=1),
        Column("desk", _("Desk"), width=72), Column("lines", _("Can serve"), stretch=2),
        Column("edit", "", width=64, kind="action"),
    ]  # fmt: skip


def _line_columns() -> list[Column]:
    return [
        Column("code", _("Short code"), width=64, kind="strong"), Column("name", _("Line"), stretch=2),
        Column("zone", _("Zone"), width=96), Column("numbers", _("Numbers"), width=124),
        Column("target", _("Promised (min)"), width=104, kind="number"), Column("calls", _("Calls"), width=112),
        Column("reentry", _("Back after passing"), stretch=1), Column("edit", "", width=60, kind="action"),
        Column("remove", "", width=60, kind="action"),
    ]  # fmt: skip


def _tree_columns() -> list[Column]:
    return [
        Column("name", _("Business"), stretch=3), Column("line", _("Line"), stretch=2),
        Column("day", _("Per day"), width=80, kind="number"), Column("half", _("Per half day"), width=88, kind="number"),
        Column("slot", _("Per slot"), width=80, kind="number"), Column("seats", _("Bookable"), width=80, kind="number"),
        Column("open", _("Taking tickets"), width=80), Column("edit", "", width=60, kind="action"),
        Column("remove", "", width=60, kind="action"),
    ]  # fmt: skip
