"""The supervisor's page: bad ratings to put right with their days, and refusals at the window to look into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import identifiers, in_language
from yichuang.api.ui import (
    Column,
    DataTable,
    FormField,
    PageContext,
    PageHeader,
    Segmented,
    Tab,
    Text,
)
from yichuang_acceptance.rules.rating import FAULTS, LEVEL_NAMES, PRAISE, Level
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.listing import Listing, newest_first
from yichuang_acceptance.ui.table_pages import TablePages
from yichuang_acceptance.ui.ticking import keep_ticking
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


def _behind_fix(rows: Sequence[Any], limit: int) -> dict[str, Any] | None:
    if len(rows) < limit:
        return None
    last = rows[-1]
    return {"after_id": last.id, "after_due": last.due_at, "after_closed": last.closed_at is not None}


class FixesView(QWidget):
    """Bad ratings, the nearest due first: call back, then close; never those that concern oneself."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.which = Segmented([("open", _("Not settled")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("number", _("Case number"), 124, sort=True),
                Column("item", _("Item"), stretch=3, kind="strong", sort=True),
                Column("level", _("Rating"), 124, sort=lambda cells: cells["grade"]),
                Column("said", _("What was said"), stretch=4),
                Column("due", _("Due"), 104, sort=lambda cells: cells["due_at"]),
                Column("done", _("Follow-up"), stretch=2, tone="t2"),
                Column("extend", "", 92, kind="action"),
                Column("act", "", 84, kind="action"),
            )
        )
        self.table.set_empty(
            "smile", _("No bad rating is open"), _("Bad ratings are listed here until they are put right.")
        )
        self.table.set_keys(
            [(("J", "K"), _("Choose")), ("Enter", _("Call back or close")), ("Ctrl+E", _("Export list"))]
        )
        self.table.activated.connect(lambda row: self.act(row["id"]))
        self.table.acted.connect(
            lambda column, row: self.extend(row["id"]) if column == "extend" else self.act(row["id"])
        )
        self.pages = TablePages(context, self.table, _fix_row)
        self._listing = _listing("acceptance.fixes", _behind_fix, self.table, _fix_row)
        column = _lay_out(
            self, self.which, _("Call back within 1 working day, put right within 5."), self.table
        )
        self.pages.save_by(column, _("Bad ratings"))

    def load(self) -> None:
        """Ask for the list."""
        self.pages.load(self._listing, {"open_only": self.which.current() == "open"})

    def _row(self, fix_id: int) -> Any:
        return next(row for row in self.pages.rows if row.id == fix_id)

    # ---- acts ----

    def act(self, fix_id: int) -> None:
        """The next step: enter the call-back, or close."""
        row = self._row(fix_id)
        if row.closed_at is not None:
            return
        if row.contacted_at is None:
            self._ask(
                _("Enter the call-back"), row, _("Enter"), "acceptance.contact_fix",
                [FormField("text", _("What the applicant said"), kind="area", required=True, span=2)],
            )  # fmt: skip
        else:
            self._ask(_("Close the bad rating?"), row, _("Settle"), "acceptance.close_fix", _closing())

    def extend(self, fix_id: int) -> None:
        """Once, to fifteen working days."""
        row = self._row(fix_id)
        if row.closed_at is None and not row.extended:
            self._ask(
                _("Extend to 15 working days?"), row, _("Give more time"), "acceptance.extend_fix",
                [FormField("reason", _("Why five days are not enough"), kind="area", required=True, span=2)],
            )  # fmt: skip

    def _ask(self, title: str, row: Any, primary: str, name: str, fields: list[FormField]) -> None:
        facts = [
            (_("Case number"), row.case_no), (_("Applicant"), f"{row.applicant}　{row.phone}"),
            (_("Rating"), in_language(LEVEL_NAMES[Level(row.level)])), (_("What was said"), _said(row)),
        ]  # fmt: skip

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(name, {"fix_id": row.id, **values}, done=finished, failed=refused)

        ActDialog(
            title, row.item_name, primary=primary, fields=fields, facts=[f for f in facts if f[1].strip()], act=act,
            done=lambda _done: self.load(),
        ).over(self)  # fmt: skip


class RefusalsView(QWidget):
    """What could not be done at the window, newest first; looked into by somebody else than the clerk."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.which = Segmented([("open", _("To look into")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.table = DataTable(
            (
                Column("at", _("Time"), 104, sort=lambda cells: cells["moment"]),
                Column("item", _("Item"), stretch=3, kind="strong", sort=True),
                Column("person", _("Applicant"), 88),
                Column("reason", _("Why"), 152, sort=True),
                Column("said", _("What was said"), stretch=4),
                Column("place", _("Where to go instead"), 136),
                Column("staff", _("Clerk"), 96, tone="t2", sort=True),
                Column("review", _("Finding"), stretch=2, tone="t2"),
                Column("act", "", 84, kind="action"),
            )
        )
        self.table.set_empty(
            "message-square-off",
            _("Nothing to look into"),
            _("What clerks put on record with Shift+F11 appears here."),
        )
        self.table.set_keys(
            [(("J", "K"), _("Choose")), ("Enter", _("Look into")), ("Ctrl+E", _("Export list"))]
        )
        self.table.activated.connect(self.act)
        self.table.acted.connect(lambda _column, row: self.act(row))
        self.pages = TablePages(context, self.table, _refusal_row)
        self._listing = _listing("acceptance.refusals", newest_first, self.table, _refusal_row)
        column = _lay_out(
            self, self.which, _("A “no” at the window is on record with what was said."), self.table
        )
        self.pages.save_by(column, _("Refusals"))

    def load(self) -> None:
        """Ask for the list."""
        self.pages.load(self._listing, {"open_only": self.which.current() == "open"})

    def act(self, row: dict[str, Any]) -> None:
        """Enter what came of it."""
        if not row["act"]:
            return

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(
                "acceptance.review_refusal",
                {
                    "refusal_id": row["id"],
                    "text": values["text"],
                    "unjustified": values["was"] == "unjustified",
                },
                done=finished,
                failed=refused,
            )

        facts = [
            (_("Why"), row["reason"]),
            (_("What was said"), row["said"]),
            (_("Where to go instead"), row["place"]),
        ]
        ActDialog(
            _("What came of this refusal?"), row["item"], primary=_("Enter"), facts=[f for f in facts if f[1]],
            fields=_review_fields(), act=act,
            done=lambda _done: self.load(),
        ).over(self)  # fmt: skip


class VoicesPage(QWidget):
    """Both lists."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        tabs = (Tab("fixes", _("Bad ratings")), Tab("refusals", _("Refusals")))
        self.header = PageHeader(_("Ratings and refusals"), tabs)
        self.header.tab_changed.connect(self.show_tab)
        self.fixes, self.refusals = FixesView(context), RefusalsView(context)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.fixes)
        self._stack.addWidget(self.refusals)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.watch({"rating", "refusal", "acceptance"}, self.load)
        keep_ticking(context)

    def show_tab(self, tab: str) -> None:
        """Bring a list to the front."""
        self.header.set_current(tab)
        self._stack.setCurrentIndex(0 if tab == "fixes" else 1)
        self.load()

    def load(self) -> None:
        """Ask for the list in front."""
        (self.fixes if self._stack.currentIndex() == 0 else self.refusals).load()


def _listing(
    query: str,
    behind: Callable[[Any, int], dict[str, Any] | None],
    table: DataTable,
    cells: Callable[[Any], dict[str, Any]],
) -> Listing:
    return Listing(query, list, behind, table.exported_heads, lambda row: table.exported_row(cells(row)))


def _lay_out(view: QWidget, which: Segmented, text: str, table: DataTable) -> QVBoxLayout:
    line = QHBoxLayout()
    line.addWidget(which)
    line.addStretch(1)
    line.addWidget(Text(text, 12, "t3"))
    column = QVBoxLayout(view)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(12)
    column.addLayout(line)
    column.addWidget(table, 1)
    return column


def _closing() -> list[FormField]:
    outcomes = [
        ("fixed", _("put right")), ("explained", _("explained: no ground in law")),
        ("not_counted", _("malicious or by mistake: does not count")),
    ]  # fmt: skip
    return [
        FormField("outcome", _("Outcome"), kind="choice", choices=outcomes, required=True, span=2),
        FormField("result", _("What was done"), kind="area", required=True, span=2),
        FormField("call_back", _("What the applicant says to it"), kind="area", required=True, span=2),
    ]


def _review_fields() -> list[FormField]:
    was = [("justified", _("the “no” was right")), ("unjustified", _("it should have been accepted (V01)"))]
    return [
        FormField(
            "was", _("Conclusion"), kind="segmented", choices=was, value="justified", required=True, span=2
        ),
        FormField("text", _("Finding"), kind="area", required=True, span=2),
    ]


def _said(row: Any) -> str:
    names = PRAISE | FAULTS
    tags = "、".join(in_language(names[tag]) for tag in row.tags if tag in names)
    return "　".join(filter(None, (tags, row.comment, *row.added)))


def _fix_row(row: Any) -> dict[str, Any]:
    closed = row.closed_at is not None
    light = "done" if closed else "overdue" if row.overdue else "warning"
    due = row.contact_due_at if row.contacted_at is None else row.due_at
    done = f"{row.closed_by} {stamp(row.closed_at)}　{row.result}" if closed else row.contact
    return {
        "id": row.id, "light": light, "number": identifiers.short_case_number(row.case_no),
        "item": row.item_name, "level": in_language(LEVEL_NAMES[Level(row.level)]), "grade": row.level, "said": _said(row),
        "due": "" if closed else stamp(due), "due_at": None if closed else due, "done": done,
        "extend": "" if closed or row.extended else _("More time"),
        "act": "" if closed else _("Settle") if row.contacted_at else _("Call back"),
    }  # fmt: skip


def _refusal_row(row: Any) -> dict[str, Any]:
    found = f"{row.reviewed_by}　{row.review}" if row.reviewed_at else ""
    return {
        "id": row.id, "at": stamp(row.at), "moment": row.at, "item": row.item_name, "person": row.person,
        "reason": row.reason_text, "said": row.said, "place": row.proper_place,
        "staff": f"{row.staff} {row.desk}".strip(), "review": found,
        "act": "" if row.reviewed_at else _("Look into"),
    }  # fmt: skip


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return VoicesPage(context)
