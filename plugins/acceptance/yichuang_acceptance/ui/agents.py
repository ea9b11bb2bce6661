"""The page of helped and delegated applications (帮办代办): the ledger, what came of each mandate, a list to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, identifiers, in_language
from yichuang.api.ui import Button, Column, FormField, PageContext, PageHeader, SearchBox, Step, Tab, TagSpec
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.documents import DocumentDialog, print_pdf
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
LEVELS = (
    (1, L("very satisfied")), (2, L("satisfied")), (3, L("fairly satisfied")), (4, L("dissatisfied")),
    (5, L("very dissatisfied")),
)  # fmt: skip


class AgentsPage(QWidget):
    """Mandates by tabs."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        tabs = (Tab("open", _("Under way")), Tab("all", _("All")))
        self.print = Button(_("Print the ledger"), icon="printer", key="Ctrl+P", binds=False)
        self.print.clicked.connect(self.print_ledger)
        self.header = PageHeader(_("Helped applications"), tabs, (self.print,))
        self.header.tab_changed.connect(self.show_tab)
        self.searches: dict[str, SearchBox] = {}
        self.lists = {kind: self._ledger(kind) for kind in ("open", "all")}
        self._stack = QStackedWidget()
        for view in self.lists.values():
            self._stack.addWidget(view)
        self.tab = "open"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+P", L("Print the ledger"), self.print_ledger, bar=True)
        context.shortcut("Ctrl+Enter", L("Enter what happened"), self._act, bar=True)
        context.watch({"case", "acceptance"}, self.load)
        context.shown.connect(lambda _args: self.load())

    def _ledger(self, kind: str) -> Ledger:
        columns = (
            Column("light", "", 40, kind="light"),
            Column("number", _("Case number"), 124, sort=by("case_no")),
            Column("item", _("Item"), stretch=3, kind="strong", sort=True),
            Column("principal", _("Applicant"), stretch=2, sort=True),
            Column("helper", _("Helper"), stretch=1, sort=True),
            Column("at", _("Entrusted"), 104, sort=by("entrusted_at")),
            Column("until", _("Until"), 96, sort=True),
        )
        empty = ("users", _("No mandates"), _("Enter one at a case: More, then Mandate."))
        act = Act(
            _("Enter what happened"), "file-pen-line", self.ask_progress, lambda _row: True, primary=True
        )
        ledger = Ledger(
            self._context, "acceptance.agents", columns, empty, self._cells, self._beside, [act], _("Helped applications")
        )  # fmt: skip
        self.searches[kind] = ledger.search_by(_("Case number, item, applicant, helper"), self.load)
        return ledger

    @property
    def view(self) -> Ledger:
        """The list in front."""
        return self.lists[self.tab]

    def _act(self) -> None:
        self.view.act()

    def show_tab(self, tab: str) -> None:
        """Bring a list to the front."""
        self.tab = tab
        self.header.set_current(tab)
        self._stack.setCurrentWidget(self.view)
        self.load()

    def load(self) -> None:
        """Ask for the list in front."""
        self.view.ask("acceptance.mandates", {"kind": self.tab, "text": self.searches[self.tab].value()[:60]})

    @staticmethod
    def _cells(row: Any) -> dict[str, Any]:
        return {
            "light": "overdue" if row.late else "current" if row.open else "done",
            "number": identifiers.short_case_number(row.case_no),
            "item": row.item_name,
            "principal": row.principal, "helper": row.helper, "at": stamp(row.entrusted_at), "until": f"{row.valid_to}",
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        name = _("mandate has run out") if row.late else _("under way") if row.open else _("ended")
        satisfied = next((str(text) for level, text in LEVELS if level == row.satisfaction), "")
        days = (
            (_("Entrusted"), row.entrusted_at), (_("Accepted"), row.accepted_at), (_("Decided"), row.decided_at),
            (_("Handed out"), row.delivered_at), (_("Archived"), row.archived_at), (_("Reported"), row.reported_at),
            (_("Asked afterwards"), row.visited_at),
        )  # fmt: skip
        return Shown(
            row.item_name, TagSpec(name, "red" if row.late else "teal" if row.open else "grey"),
            [
                (_("Case"), row.case_no), (_("Applicant"), f"{row.principal}　{row.principal_masked}"),
                (_("Helper"), f"{row.helper}　{row.helper_masked}"), (_("Telephone"), row.helper_phone), (_("Scope"), row.scope),
                (_("Until"), f"{row.valid_to}"), (_("Papers received"), row.received), (_("Papers returned"), row.returned),
                (_("Fees advanced"), f"{row.fees:.2f}" if row.fees else ""), (_("Result"), row.result),
                (_("Satisfaction"), satisfied),
            ],
            "", [Step(text, "", stamp(at), state="done") for text, at in days if at is not None],
        )  # fmt: skip

    def ask_progress(self, row: Any) -> ActDialog:
        """What came of a mandate."""
        levels = [("", "—"), *((str(level), str(text)) for level, text in LEVELS)]
        fields = [
            FormField("returned", _("Papers returned"), value=row.returned, span=2),
            FormField("fees", _("Fees advanced"), kind="number", value=float(row.fees) or None),
            FormField("satisfaction", _("Satisfaction"), kind="choice", choices=levels, value=str(row.satisfaction or "")),
            FormField("result", _("Result"), kind="area", value=row.result, span=2),
            FormField("reported", _("Report"), kind="check", value=row.reported_at is not None, span=2,
                      placeholder=_("Reported to the township")),
        ]  # fmt: skip

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            level = values["satisfaction"]
            request = {**values, "mandate_id": row.id, "fees": str(values["fees"] or 0),
                       "satisfaction": int(level) if level else None}  # fmt: skip
            self._context.run("acceptance.follow_mandate", request, done=finished, failed=refused)

        body = _("{number} {item}", number=identifiers.short_case_number(row.case_no), item=row.item_name)
        return ActDialog(
            _("Enter what came of the mandate?"), body, primary=_("Enter it"), fields=fields, act=act,
            done=lambda _row: self.load(),
        ).over(self)  # fmt: skip

    def print_ledger(self) -> None:
        """Show the ledger as pages, to print."""

        def came(pdf: bytes) -> None:
            title = _("Helped applications")
            DocumentDialog(title, pdf, lambda: print_pdf(self._context, title, pdf)).open_in(self.window())

        self._context.query("acceptance.mandates_file", {"kind": self.tab}, done=came, failed=self._tell)

    def _tell(self, error: UserError) -> None:
        self._context.notify(
            "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
        )


def ask_mandate(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> ActDialog:
    """Whom the applicant entrusts with the case."""
    fields = [
        FormField("helper", _("Helper"), required=True),
        FormField("helper_code", _("Identity number of the helper"), required=True),
        FormField("helper_phone", _("Telephone")),
        FormField("valid_to", _("Until"), kind="date", required=True),
        FormField(
            "scope", _("Scope"), required=True, span=2, value=_("Hand in papers and collect the result")
        ),
        FormField("received", _("Papers received"), required=True, span=2),
        FormField("fees", _("Fees advanced"), kind="number", value=0),
        FormField(
            "signed",
            _("Letter of authority"),
            kind="check",
            required=True,
            placeholder=_("Signed by the applicant"),
        ),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {
            **values,
            "case_id": case.row.id,
            "valid_to": values["valid_to"].isoformat(),
            "fees": str(values["fees"] or 0),
        }
        context.run("acceptance.entrust", request, done=finished, failed=refused)

    body = _("{number} {item}", number=case.row.short_no, item=case.row.item_name)
    return ActDialog(
        _("Enter a mandate?"), body, primary=_("Enter it"), fields=fields, act=act, done=done
    ).over(owner)


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return AgentsPage(context)
