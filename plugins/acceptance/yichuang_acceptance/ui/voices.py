"""The supervisor's page: bad ratings to put right with their days, and what could not be done at the window to look into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, identifiers, in_language
from yichuang.api.ui import (
    Column,
    DataTable,
    Dialog,
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
MOST_LIKE, LONGEST_TOLD = 20, 40
"""Earlier records of the item that are offered as like ones, and how much of what was said is shown."""


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
    """What could not be done at the window, newest first: looked into by somebody else than the clerk, then called back."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.which = Segmented([("open", _("To look into")), ("all", _("All"))], "open")
        self.which.changed.connect(lambda _which: self.load())
        self.table = DataTable(
            (
                Column("light", "", 40, kind="light"),
                Column("at", _("Time"), 96, sort=lambda cells: cells["moment"]),
                Column("item", _("Item"), stretch=3, kind="strong", sort=True),
                Column("person", _("Applicant"), 80),
                Column("reason", _("Why"), 136, sort=True),
                Column("agency", _("Responsible organ"), 104, sort=True),
                Column("said", _("What was said"), stretch=3),
                Column("place", _("Where to go instead"), 112),
                Column("staff", _("Clerk"), 88, tone="t2", sort=True),
                Column("due", _("Due"), 96, sort=lambda cells: cells["due_at"]),
                Column("review", _("Finding"), stretch=2, tone="t2"),
                Column("call", _("Call-back"), stretch=2, tone="t2"),
                Column("act", "", 84, kind="action"),
            )
        )
        self.table.set_empty(
            "message-square-off",
            _("Nothing to look into"),
            _("What clerks put on record with Shift+F11 appears here."),
        )
        self.table.set_keys(
            [(("J", "K"), _("Choose")), ("Enter", _("Look into or call back")), ("Ctrl+E", _("Export list"))]
        )
        self.table.activated.connect(self.act)
        self.table.acted.connect(lambda _column, row: self.act(row))
        self.pages = TablePages(context, self.table, _refusal_row)
        self._listing = _listing("acceptance.refusals", newest_first, self.table, _refusal_row)
        column = _lay_out(
            self,
            self.which,
            _("Looked into within the limit; whoever reported it is called back."),
            self.table,
        )
        self.pages.save_by(column, _("Refusals"))

    def load(self) -> None:
        """Ask for the list."""
        self.pages.load(self._listing, {"open_only": self.which.current() == "open"})

    def act(self, row: dict[str, Any]) -> None:
        """The next step: enter what came of it, or the call-back; what is settled is only shown."""
        found = next(each for each in self.pages.rows if each.id == row["id"])
        if not row["act"]:
            Dialog(found.item_name, primary=_("Close"), facts=_facts(found), wide=True).open_in(self.window())
            return
        if found.stage == "review":
            like = {"item": found.item, "open_only": False, "before_id": found.id, "limit": MOST_LIKE}
            self._context.query(
                "acceptance.refusals",
                like,
                done=lambda rows: self._ask_review(found, rows),
                failed=self._tell,
            )
        else:
            self._ask(
                found, _("Enter the call-back"), "acceptance.call_back_refusal", _call_fields(),
                lambda values: {"text": values["text"], "satisfied": values["satisfied"] == "yes"},
            )  # fmt: skip

    def _ask_review(self, found: Any, earlier: Sequence[Any]) -> None:
        def request(values: dict[str, Any]) -> dict[str, Any]:
            return {
                "text": values["text"], "unjustified": values["was"] == "unjustified", "root_cause": values["root_cause"],
                "like_id": int(values["like"]) if values["like"] else None,
            }  # fmt: skip

        self._ask(
            found,
            _("What came of this refusal?"),
            "acceptance.review_refusal",
            _review_fields(found, earlier),
            request,
        )

    def _ask(
        self, found: Any, title: str, name: str, fields: list[FormField], request: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> None:  # fmt: skip
        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            self._context.run(
                name, {"refusal_id": found.id, **request(values)}, done=finished, failed=refused
            )

        ActDialog(
            title, found.item_name, primary=_("Enter"), facts=_facts(found), fields=fields, act=act,
            done=lambda _done: self.load(),
        ).over(self)  # fmt: skip

    def _tell(self, error: UserError) -> None:
        self._context.notify(in_language(error.sentence), kind="warning")


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


def _review_fields(row: Any, earlier: Sequence[Any]) -> list[FormField]:
    right = _("settled, or explained") if row.reported else _("the “no” was right")
    was = [("justified", right), ("unjustified", _("it should have been accepted (V01)"))]
    like = [("", _("none")), *((str(each.id), _told(each)) for each in earlier)]
    return [
        FormField(
            "was", _("Conclusion"), kind="segmented", choices=was, value="justified", required=True, span=2
        ),
        FormField("text", _("Finding"), kind="area", required=True, span=2),
        FormField("root_cause", _("Root cause"), kind="area", required=row.reported, span=2),
        FormField("like", _("Same problem as"), kind="choice", choices=like, value="", span=2),
    ]


def _call_fields() -> list[FormField]:
    answers = [("yes", _("satisfied")), ("no", _("not satisfied"))]
    return [
        FormField(
            "satisfied", _("What the applicant says to it"), kind="segmented", choices=answers, value="yes", span=2
        ),
        FormField("text", _("What was said"), kind="area", required=True, span=2),
    ]  # fmt: skip


def _told(row: Any) -> str:
    """An earlier record in one line."""
    text = row.said if len(row.said) <= LONGEST_TOLD else f"{row.said[:LONGEST_TOLD]}…"
    return f"{stamp(row.at)}　{row.person}　{text}"


def _facts(row: Any) -> list[tuple[str, str]]:
    """What is known of a record, for whoever looks into it."""
    facts = [
        (_("Applicant"), f"{row.person}　{row.phone}".strip()),
        (_("How it came up"), _("reported by the applicant") if row.reported else _("said at this window")),
        (_("Why"), row.reason_text),
        (_("What was said"), row.said),
        (_("What was tried before"), row.attempts),
        (_("Case number"), row.case_no),
        (_("Where to go instead"), "　".join(filter(None, (row.proper_place, row.receiver)))),
        (_("Same problem"), _("{n} more", n=row.like) if row.like else ""),
        (_("Finding"), row.review),
        (_("Root cause"), row.root_cause),
        (_("Call-back"), _called(row)),
    ]
    return [fact for fact in facts if fact[1]]


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


def _called(row: Any) -> str:
    """What whoever was called back said, when, and to whom."""
    if row.called_at is None:
        return ""
    answer = _("satisfied") if row.satisfied else _("not satisfied")
    return f"{answer}　{row.call_back}　{row.called_by} {stamp(row.called_at)}"


def _refusal_row(row: Any) -> dict[str, Any]:
    found = f"{row.reviewed_by}　{row.review}" if row.reviewed_at else ""
    act = {"review": _("Look into"), "call": _("Call back")}.get(row.stage, "")
    open_light = "overdue" if row.overdue and row.stage == "review" else "warning"
    return {
        "id": row.id, "light": open_light if row.stage else "overdue" if row.satisfied is False else "done",
        "at": stamp(row.at), "moment": row.at, "item": row.item_name, "person": row.person, "reason": row.reason_text,
        "agency": row.agency_name, "said": row.said,
        "place": "　".join(filter(None, (row.proper_place, row.receiver))), "staff": f"{row.staff} {row.desk}".strip(),
        "due": stamp(row.due_at) if row.due_at else "", "due_at": row.due_at, "review": found, "call": _called(row),
        "act": _("Call back") if row.satisfied is False else act,
    }  # fmt: skip


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return VoicesPage(context)
