"""The statistics page of cases: agencies, states, durations, promises kept and trips of a span of days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
    Text,
    export_list,
    save_file,
)
from yichuang_acceptance.operations.statistics import open_states
from yichuang_acceptance.rules.machine import State, state_name
from yichuang_acceptance.ui.agency_names import AgencyNames
from yichuang_acceptance.ui.list_export import Export
from yichuang_acceptance.ui.listing import Listing
from yichuang_acceptance.words import words

_ = words.text
COLORS = ("c1", "c2", "c3", "c4", "c5", "ambd", "grnd", "c6")
SHOWN_STATES = (State.RECEIVED, State.CORRECTING, State.REVIEW, State.SUSPENDED, State.READY)
MOST_LABELS = 16
YEAR_DIGITS = 4


class StatisticsPage(QWidget):
    """Choose days and an agency; the rest follows."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._found: Any = None
        self._names = AgencyNames(context, self._show_agencies)
        self._asked = 0  # the newest request; figures that come for an older one are dropped
        self.print = Button(_("Save report"), icon="printer", key="Ctrl+P", binds=False)
        self.print.clicked.connect(self.save_report)
        self.export = Button(_("Export list"), kind="primary", icon="download", key="Ctrl+E", binds=False)
        self.export.clicked.connect(lambda: self.table.export_requested.emit("xlsx"))
        context.shortcut("Ctrl+P", words.lazy("Save report"), self.save_report)
        self.publish = Button(_("Grants to publish"), icon="globe", key="Ctrl+G", binds=False)
        self.publish.clicked.connect(self.save_grants)
        context.shortcut("Ctrl+G", words.lazy("Grants to publish"), self.save_grants)
        self._grants = Export(context)
        self.header = PageHeader(_("Case statistics"), actions=(self.publish, self.print, self.export))
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(12)
        body.addLayout(self._choices())
        self.repairs = Text("", 12, "t2", elide=True)
        self.repairs.hide()
        body.addWidget(self.repairs)
        self._note = NotePlace()
        body.addLayout(self._note)
        self.shown = (
            QWidget()
        )  # taken away where there are no figures at all: an empty chart says that nothing was done
        above = QVBoxLayout(self.shown)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(12)
        above.addWidget(self._figures())
        above.addLayout(self._charts())
        body.addWidget(self.shown)
        body.addWidget(self._table(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._grants)
        column.addLayout(body, 1)
        context.shown.connect(self._came_to_front)
        context.refresh.connect(self.load)

    # ---- parts ----

    def _choices(self) -> QHBoxLayout:
        self.days = DaySpan(("week", "month", "year"), "month", self._today)
        self.days.changed.connect(self.load)
        self.agency = ComboBox([("", _("All agencies"))])
        self.agency.changed.connect(lambda _code: self.load())
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.days)
        row.addWidget(self.agency)
        row.addStretch(1)
        self.ratings = Text("", 12, "t2")
        row.addWidget(self.ratings)
        return row

    def _figures(self) -> QWidget:
        days = _("working days")
        self.kpis = {
            "received": Kpi(_("Received"), "—", _("cases")),
            "decided": Kpi(_("Decided"), "—", _("cases")),
            "open": Kpi(_("Open now"), "—", _("cases")),
            "mean": Kpi(_("Mean duration"), "—", days),
            "median": Kpi(_("Median"), "—", days),
            "p90": Kpi(_("9 of 10 at most"), "—", days),
            "kept": Kpi(_("Promise kept"), "—", "%"),
            "trips": Kpi(_("Trips of an applicant"), "—", _("trips")),
        }
        panel = Panel()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for kpi in self.kpis.values():
            row.addWidget(kpi, 1)
        panel.body.addLayout(row)
        return panel

    def _charts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.received, self.decided = Bars(BarsData(())), Bars(BarsData(()))
        for chart, title in ((self.received, _("Received")), (self.decided, _("Decided"))):
            chart.setMinimumHeight(120)
            panel = Panel(title)
            panel.body.addWidget(chart)
            row.addWidget(panel, 1)
        self.states = Donut(DonutData(()))
        self.states.setFixedSize(120, 120)
        self.legend = Legend(_("Nothing is open."))
        panel = Panel(_("Open now"))
        panel.setFixedWidth(300)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.states)
        line.addWidget(self.legend, 1)
        panel.body.addLayout(line)
        row.addWidget(panel)
        return row

    def _table(self) -> DataTable:
        number = {"kind": "number", "sort": True}
        open_columns = [Column(f"state-{s}", in_language(state_name(s)), 80, **number) for s in SHOWN_STATES]
        self.table = DataTable(
            (
                Column("name", _("Agency"), stretch=2, kind="strong", sort=True),
                Column("received", _("Received"), 72, **number),
                Column("decided", _("Decided"), 72, **number),
                *open_columns,
                Column("mean", _("Mean duration"), 92, **number),
                Column("median", _("Median"), 72, **number),
                Column("p90", _("9 of 10"), 80, **number),
                Column("kept", _("Promise kept"), 92, **number),
                Column("trips", _("Trips"), 64, **number),
            ),
            32,
        )
        self.table.set_empty(
            "chart-column", _("No cases in these days"), _("Figures come with the first case.")
        )
        self.table.set_keys([("Ctrl+E", _("Export list")), ("Ctrl+P", _("Save report"))])
        export_list(self._context, self.table, _("Case statistics"))
        return self.table

    # ---- what is asked ----

    def _came_to_front(self, _args: dict[str, Any]) -> None:
        self._names.load()
        self._context.query("acceptance.search_choices", done=self._show_choices, failed=lambda _error: None)
        self.load()

    def _show_choices(self, choices: Any) -> None:
        chosen = self.agency.value()
        self.agency.set_items([("", _("All agencies")), *choices.agencies])
        self.agency.set_value(chosen)
        self.agency.setVisible(choices.whole_hall)

    def _today(self) -> date:
        return self._context.now().astimezone(HALL_ZONE).date()

    def _request(self) -> dict[str, Any] | None:
        days = self.days.value()
        if days is None:
            self._note.say(self.days.wrong())
            return None
        first, last = days
        return {"first": first.isoformat(), "last": last.isoformat(), "agency": self.agency.value() or ""}

    def load(self) -> None:
        """Ask for the figures of the chosen days."""
        request = self._request()
        if request is not None:
            self.table.set_loading(self._found is None)
            self._asked += 1
            asked = self._asked
            self._context.query(
                "acceptance.statistics",
                request,
                done=lambda found: self._came(asked, found),
                failed=self._failed,
            )
            self._context.query(
                "acceptance.rating_figures", request, failed=lambda _error: None,
                done=lambda found: self._show_ratings(asked, found),
            )  # fmt: skip

    def save_grants(self) -> None:
        """Save the grants of these days as an agency publishes them (art. 40)."""
        request = self._request()
        if request is not None:
            name = f"{_('Grants to publish')}-{self.days.first.text()}.xlsx"
            self._grants.start(GRANTS, request, 0, name)

    def save_report(self) -> None:
        """Make the printable report and save it where the person likes."""
        request = self._request()
        if request is not None:
            self.print.set_busy(True)
            self._context.query(
                "acceptance.statistics_report", request, done=self._report_came, failed=self._report_failed
            )

    def _report_came(self, pdf: bytes) -> None:
        self.print.set_busy(False)
        name = f"{_('Case statistics')}-{self.days.first.text()}.pdf"

        def write(path: Path) -> None:
            path.write_bytes(pdf)

        save_file(self._context, self, name, write)

    # ---- what it shows ----

    def _came(self, asked: int, found: Any) -> None:
        if asked == self._asked:
            self.show_found(found)

    def _show_ratings(self, asked: int, found: Any) -> None:
        """Good ratings of what people rated by themselves; defaults are named, not counted."""
        if asked != self._asked:
            return
        text = _("Good ratings {good} of {n}, rated by themselves {active}",
                 good=_percent(found.good, " %"), n=found.rated, active=_percent(found.active, " %"))  # fmt: skip
        if found.defaults:
            text += _("; {n} by default, not counted", n=found.defaults)
        self.ratings.setText(text if found.asked else _("Nothing was rated in these days"))
        self.repairs.setText(_of_bad(found))
        self.repairs.setVisible(found.bad > 0)

    def show_found(self, found: Any) -> None:
        """Show the figures that came."""
        self._found = found
        self.shown.show()
        self._note.say("")
        self.table.set_loading(False)
        total = found.total
        still = open_states(total.states)
        shown = {
            "received": f"{total.received:,}", "decided": f"{total.decided.count:,}", "open": f"{sum(still.values()):,}",
            "mean": _number(total.decided.mean), "median": _number(total.decided.median), "p90": _number(total.decided.p90),
            "kept": _percent(total.kept), "trips": _number(total.trips),
        }  # fmt: skip
        for key, value in shown.items():
            self.kpis[key].set_value(value)
        self._show_agencies()
        for chart, place in ((self.received, 1), (self.decided, 2)):
            chart.set_data(_bars(found.course, place))
        parts = [
            Part(float(n), COLORS[i % len(COLORS)], in_language(state_name(State(state))))
            for i, (state, n) in enumerate(still.items())
        ]
        self.states.set_data(DonutData(parts, f"{sum(still.values()):,}", _("cases")))
        self.legend.set_parts(parts)

    def _show_agencies(self) -> None:
        if self._found is not None:
            rows = [{**_row(each), "name": self._names.short(each.name)} for each in self._found.agencies]
            self.table.set_rows(rows)

    def _report_failed(self, error: UserError) -> None:
        self.print.set_busy(False)
        self._note.say(error, self.save_report)

    def _failed(self, error: UserError) -> None:
        self.shown.setVisible(self._found is not None)
        self.table.set_error(error, self.load)


def _of_bad(found: Any) -> str:
    """What became of bad ratings, and whom several of them concern."""
    text = _("Bad ratings {n}: put right {right}, called back {called}",
             n=found.bad, right=_percent(found.put_right, " %"), called=_percent(found.called_back, " %"))  # fmt: skip
    names = "、".join(f"{each.staff} {each.number}" for each in found.repeated)
    return text + (_("; more than once: {names}", names=names) if names else "")


def _bars(course: list[tuple[str, int, int]], place: int) -> BarsData:
    """The bars of a course: days carry their day, months their month; where there are many, not all of them do."""
    step = -(-len(course) // MOST_LABELS)
    labels = [_short(each[0]) if i % step == 0 else "" for i, each in enumerate(course)]
    return BarsData(
        [float(each[place]) for each in course], labels, None, show_values=len(course) <= MOST_LABELS
    )


def _short(label: str) -> str:
    """03-17 as 17, 2026-03 as 3/26."""
    year, _dash, last = label.rpartition("-")
    return f"{int(last)}/{year[2:]}" if len(year) == YEAR_DIGITS else str(int(last))


def _row(each: Any) -> dict[str, Any]:
    f = each.figures
    return {
        "id": each.code, "received": f.received, "decided": f.decided.count,
        **{f"state-{state}": f.states.get(state, 0) for state in SHOWN_STATES},
        "mean": _number(f.decided.mean), "median": _number(f.decided.median), "p90": _number(f.decided.p90),
        "kept": _percent(f.kept, " %"), "trips": _number(f.trips),
    }  # fmt: skip


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _percent(share: float | None, unit: str = "") -> str:
    return "—" if share is None else f"{share * 100:.1f}{unit}"


def _heads_of_grants() -> list[str]:
    return [
        _("Agency"), _("Item"), _("Number of the decision"), _("Holder"), _("Unified code"), _("Certificate number"),
        _("What is granted"), _("Conditions of the grant"), _("Decided on"), _("Valid until"), _("Where it is published"),
        _("State"),
        _("Case number"),
    ]  # fmt: skip


def _cells_of_grant(row: Any) -> list[str]:
    return [
        row.agency_name, row.item_name, row.decision_no, row.holder, row.code, row.certificate, row.content,
        "；".join(row.conditions), row.decided_on.isoformat(), row.valid_to.isoformat() if row.valid_to else _("without end"),
        row.place, _("ended since") if row.withdrawn else _("in force"), row.case_no,
    ]  # fmt: skip


GRANTS = Listing(
    "acceptance.published_grants",
    lambda found: found.rows,
    lambda found, _limit: {"after": found.next} if found.next else None,
    _heads_of_grants,
    _cells_of_grant,
)


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return StatisticsPage(context)
