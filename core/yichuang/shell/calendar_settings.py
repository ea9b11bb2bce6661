"""The working days in the settings: how far they are known, and a field for the next year; the notice when a year is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.calendar_year import read_days, read_rests
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.shell.navigation import SETTINGS
from yichuang.shell.services import Notice
from yichuang.widgets import Button, Field, LineEdit, Text, TextArea

if TYPE_CHECKING:
    from yichuang.operations.working_days import CalendarReach
    from yichuang.shell.workspace import Workspace

_ = words.text
MANAGE = "hall.manage"
SECTION = "calendar"
YEAR_WIDTH = 120


class CalendarEditor(QWidget):
    """Type the holidays off the State Council's notice; the rest of the year follows from its weekdays."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.known = Text("", 13, "t1", wrap=True)
        self.year, self.source = LineEdit(), LineEdit(_("Number of the notice"))
        self.year.setFixedWidth(YEAR_WIDTH)
        self.rests, self.workdays = TextArea(lines=8), TextArea(lines=2)
        self.fields = {
            "year": Field(_("Year"), self.year, required=True),
            "rests": Field(
                _("Holidays"), self.rests, required=True,
                hint=_("One a line, with the weekends that belong to it: 02-05~02-11 Spring Festival"),
            ),
            "workdays": Field(
                _("Weekend days worked instead"), self.workdays, hint=_("Apart by commas: 02-14, 02-28"),
            ),
            "source": Field(_("Where it stands"), self.source),
        }  # fmt: skip
        self.enter = Button(_("Enter the year"), kind="primary")
        self.enter.clicked.connect(self._enter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.known)
        for field in self.fields.values():
            column.addWidget(field)
        row = QHBoxLayout()
        row.addWidget(self.enter)
        row.addStretch(1)
        column.addLayout(row)
        self._ask()

    def _ask(self) -> None:
        self._context.query("hall.calendar", done=self._show)

    def _show(self, reach: CalendarReach) -> None:
        self.known.setText(_said(reach) or _("Entered until {day}.", day=reach.last))
        self.year.setText(str(reach.last.year + 1 if reach.last else self._context.now().year))

    def _enter(self, _checked: bool = False) -> None:
        for field in self.fields.values():
            field.set_error("")
        request = self._request()
        if request is None:
            return
        self.enter.set_busy(True)
        self._context.run("hall.set_year", request, done=self._entered, failed=self._refused)

    def _request(self) -> dict[str, Any] | None:
        """What was typed, as the operation takes it; None where a field says what is wrong with it."""
        text = self.year.text().strip()
        if not (text.isdecimal() and len(text) == 4):
            self.fields["year"].set_error(_("Type a number."))
            return None
        year, place = int(text), "rests"
        try:
            rests = read_rests(year, self.rests.value())
            place = "workdays"
            workdays = read_days(year, self.workdays.value())
        except UserError as error:
            self.fields[place].set_error(f"{error.sentence} {error.do}")
            return None
        if not rests:
            self.fields["rests"].set_error(_("Type the holidays of the year."))
            return None
        return {
            "year": year, "source": self.source.text().strip(), "workdays": [day.isoformat() for day in workdays],
            "rests": [{"first": r.first.isoformat(), "last": r.last.isoformat(), "name": r.name} for r in rests],
        }  # fmt: skip

    def _entered(self, worked: int) -> None:
        self.enter.set_busy(False)
        self._context.notify(
            _("{year} has {n} working days now.", year=self.year.text(), n=worked), "success"
        )
        self.rests.set_value("")
        self.workdays.set_value("")
        self._ask()

    def _refused(self, error: UserError) -> None:
        self.enter.set_busy(False)
        place = "rests" if error.code == "BAD_DAYS" else "year"
        self.fields[place].set_error(f"{error.sentence} {error.do}")


def look_ahead(workspace: Workspace) -> None:
    """Tell whoever keeps the hall, at sign-in, that a year is missing; limits that end in it are provisional meanwhile."""
    if not workspace.actor.may(MANAGE):
        return

    def came(reach: CalendarReach) -> None:
        title = _said(reach)
        if title and all(notice.title != title for notice in workspace.book.items):
            detail = _("Enter it in the settings as soon as the notice on holidays is out.")
            args, now = {"section": SECTION}, workspace.services.now()
            workspace.book.add(Notice(title, detail, "calendar-clock", "warning", SETTINGS, args, now))

    workspace.backend.query(
        workspace.actor, "hall.calendar", done=came, failed=lambda _error: None, owner=workspace
    )


def _said(reach: CalendarReach) -> str:
    """That a year is missing; empty where none is."""
    if reach.enough:
        return ""
    if reach.last is None:
        return _("No working days are entered; no limit can be counted.")
    return _(
        "The calendar of {year} is not entered; limits beyond {last} are provisional.",
        year=reach.last.year + 1, last=reach.last,
    )  # fmt: skip
