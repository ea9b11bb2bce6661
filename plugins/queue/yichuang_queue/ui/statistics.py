"""The statistics page: waits, service times, no-shows and ratings of a span of days, by what one likes, on screen and paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Bars,
    BarsData,
    Button,
    Column,
    ComboBox,
    DataTable,
    DaySpan,
    Donut,
    DonutData,
    Kpi,
    Legend,
    NotePlace,
    PageContext,
    PageHeader,
    Panel,
    Part,
    Tab,
    Text,
    export_list,
    save_file,
)
from yichuang_queue.rules.rating import GRADE_NAMES, Grade
from yichuang_queue.rules.statistics import BY_NAMES, By
from yichuang_queue.ui.ratings import RatingsView
from yichuang_queue.words import words

_ = words.text
GRADE_COLORS = {5: "c1", 4: "c2", 3: "c3", 2: "ambd", 1: "redd", 0: "c6"}
MINUTE = 60


class StatisticsPage(QWidget):
    """Choose days and a grouping; the rest follows."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._found: Any = None
        self._asked = 0  # the newest request; figures that come for an older one are dropped
        tabs = [Tab("figures", _("Figures"))]
        if context.can("queue.manage"):
            tabs.append(Tab("ratings", _("Ratings")))
        self.header = PageHeader(_("Queue statistics"), tabs)
        self.header.tab_changed.connect(self.show_tab)
        self.print = Button(_("Save report"), icon="printer", key="Ctrl+P")
        self.print.clicked.connect(self.save_report)
        self.export = Button(_("Export list"), kind="primary", icon="download", key="Ctrl+E", binds=False)
        self.export.clicked.connect(lambda: self.table.export_requested.emit("xlsx"))
        for button in (self.print, self.export):
            self.header.add_action(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(12)
        body.addLayout(self._choices())
        self._note = NotePlace()
        body.addLayout(self._note)
        body.addWidget(self._figures())
        body.addLayout(self._charts())
        body.addWidget(self._table(), 1)
        self._stack = QStackedWidget()
        figures = QWidget()
        figures.setLayout(body)
        self.ratings = RatingsView(context)
        self._stack.addWidget(figures)
        self._stack.addWidget(self.ratings)
        column.addWidget(self._stack, 1)
        context.shown.connect(lambda _args: self.load())
        context.refresh.connect(self.load)

    def show_tab(self, tab: str) -> None:
        """Bring the figures or the ratings to the front."""
        self.header.set_current(tab)
        self._stack.setCurrentIndex(int(tab == "ratings"))
        for button in (self.print, self.export):
            button.setVisible(tab == "figures")
        if tab == "ratings":
            self.ratings.load()

    # ---- parts ----

    def _choices(self) -> QHBoxLayout:
        self.days = DaySpan(("today", "yesterday", "week", "month"), "today", self._today)
        self.days.changed.connect(self.load)
        self.by = ComboBox([(str(by), str(BY_NAMES[by])) for by in By])
        self.by.currentIndexChanged.connect(lambda _index: self.load())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.days)
        row.addSpacing(16)
        row.addWidget(Text(_("By"), 13, "t2"))
        row.addWidget(self.by)
        row.addStretch(1)
        return row

    def _figures(self) -> QWidget:
        self.kpis = {
            "issued": Kpi(_("Tickets"), "—", _("tickets")),
            "served": Kpi(_("Finished"), "—", _("services")),
            "passed": Kpi(_("Not come"), "—", "%"),
            "wait": Kpi(_("Mean wait"), "—", _("min")),
            "p90": Kpi(_("9 of 10 wait at most"), "—", _("min")),
            "service": Kpi(_("Mean service"), "—", _("min")),
            "promise": Kpi(_("Called in the promised time"), "—", "%"),
        }
        panel = Panel()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for kpi in self.kpis.values():
            row.addWidget(kpi, 1)
        panel.body.addLayout(row)
        return panel

    def _charts(self) -> QHBoxLayout:
        self.hours = Bars(BarsData(()))
        self.hours.setMinimumHeight(130)
        left = Panel(_("Tickets each half hour"))
        left.body.addWidget(self.hours)
        self.grades = Donut(DonutData(()))
        self.grades.setFixedSize(120, 120)
        self.legend = Legend(_("Nothing was rated."))
        right = Panel(_("Ratings"))
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.grades)
        line.addWidget(self.legend, 1)
        right.body.addLayout(line)
        right.setFixedWidth(320)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left, 1)
        row.addWidget(right)
        return row

    def _table(self) -> DataTable:
        number = {"kind": "number"}
        self.table = DataTable(
            (
                Column("name", _("Group"), stretch=2, kind="strong"),
                Column("issued", _("Tickets"), 84, **number),
                Column("called", _("Calls"), 84, **number),
                Column("served", _("Finished"), 84, **number),
                Column("passed", _("Not come"), 92, **number),
                Column("wait", _("Mean wait"), 100, **number),
                Column("p90", _("9 of 10"), 100, **number),
                Column("longest", _("Longest"), 100, **number),
                Column("walk", _("Walk"), 88, **number),
                Column("service", _("Mean service"), 108, **number),
                Column("promise", _("In time"), 92, **number),
            ),
            32,
        )
        self.table.set_empty(
            "chart-column", _("No calls in these days"), _("Figures come with the first ticket.")
        )
        self.table.set_keys([("Ctrl+E", _("Export list")), ("Ctrl+P", _("Save report"))])
        export_list(self._context, self.table, _("Queue statistics"))
        return self.table

    # ---- what is asked ----

    def _today(self) -> date:
        return self._context.now().astimezone(HALL_ZONE).date()

    def _request(self) -> dict[str, Any] | None:
        days = self.days.value()
        if days is None:
            self._note.say(self.days.wrong())
            return None
        first, last = days
        return {"first": first.isoformat(), "last": last.isoformat(), "by": self.by.value()}

    def load(self) -> None:
        """Ask for the figures of the chosen days."""
        request = self._request()
        if request is not None:
            self.table.set_loading(self._found is None)
            self._asked += 1
            asked = self._asked
            self._context.query(
                "queue.statistics", request, done=lambda found: self._came(asked, found), failed=self._failed
            )

    def save_report(self) -> None:
        """Make the printable report and save it where the person likes."""
        request = self._request()
        if request is not None:
            self.print.set_busy(True)
            self._context.query(
                "queue.statistics_report", request, done=self._report_came, failed=self._failed
            )

    def _report_came(self, pdf: bytes) -> None:
        self.print.set_busy(False)
        name = f"{_('Queue statistics')}-{self.days.first.text()}.pdf"

        def write(path: Path) -> None:
            path.write_bytes(pdf)

        save_file(self._context, self, name, write)

    # ---- what it shows ----

    def _came(self, asked: int, found: Any) -> None:
        if asked == self._asked:
            self.show_found(found)

    def show_found(self, found: Any) -> None:
        """Show the figures that came."""
        self._found = found
        self._note.say("")
        self.table.set_loading(False)
        total = found.total
        shown = {
            "issued": total.issued,
            "served": total.served,
            "passed": _percent(total.pass_rate),
            "wait": _minutes(total.wait_mean),
            "p90": _minutes(total.wait_p90),
            "service": _minutes(total.service_mean),
            "promise": _percent(total.within_promise),
        }
        for key, value in shown.items():
            self.kpis[key].set_value(value)
        self.table.set_rows([_row(each) for each in found.groups])
        hours = found.half_hours
        self.hours.set_data(BarsData([float(n) for _h, n, _c in hours], [h for h, _n, _c in hours], None))
        self._show_grades(found.grades)

    def _show_grades(self, grades: dict[int, int]) -> None:
        rated = sum(n for grade, n in grades.items() if grade)
        good = sum(n for grade, n in grades.items() if grade >= Grade.FAIR)
        parts = [
            Part(float(grades[g]), GRADE_COLORS[g], _grade_name(g)) for g in sorted(grades, reverse=True)
        ]
        share = f"{good / rated * 100:.0f} %" if rated else "—"
        self.grades.set_data(DonutData(parts, share, _("satisfied")))
        self.legend.set_parts(parts)

    def _failed(self, error: UserError) -> None:
        self.print.set_busy(False)
        self.table.set_loading(False)
        self._note.say(error)


def _grade_name(grade: int) -> str:
    return in_language(GRADE_NAMES[Grade(grade)]) if grade else _("not rated")


def _row(each: Any) -> dict[str, Any]:
    f, unit = each.figures, " " + _("min")
    return {
        "id": f.key, "name": each.name, "issued": f.issued or "—", "called": f.called, "served": f.served,
        "passed": _percent(f.pass_rate, " %"), "wait": _minutes(f.wait_mean, unit), "p90": _minutes(f.wait_p90, unit),
        "longest": _minutes(f.wait_longest, unit), "walk": _minutes(f.walk_mean, unit), "service": _minutes(f.service_mean, unit),
        "promise": _percent(f.within_promise, " %"),
    }  # fmt: skip


def _minutes(seconds: float | None, unit: str = "") -> str:
    return "—" if seconds is None else f"{seconds / MINUTE:.1f}{unit}"


def _percent(share: float | None, unit: str = "") -> str:
    return "—" if share is None else f"{share * 100:.1f}{unit}"


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return StatisticsPage(context)
