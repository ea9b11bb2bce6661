"""The page of hand-overs: lists that come here, lists sent from here; packing, printing, receiving by the bar code."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Button, Column, FormField, PageContext, PageHeader, SearchBox, Step, Tab, TagSpec
from yichuang_acceptance.operations.handovers import MOST_LINES
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.documents import DocumentDialog, print_pdf
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
KINDS = ("coming", "sent", "all")
WHATS = {"materials": L("Materials"), "result": L("Results")}
EMPTY = {
    "coming": (L("Nothing is on the way here"), L("Lists that other points send here appear here.")),
    "sent": (L("Nothing sent yet"), L("Pack a list, print it and send it with the papers.")),
    "all": (L("No lists"), L("Lists that were sent or received here appear here.")),
}


class HandoverPage(QWidget):
    """The lists by tabs."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        tabs = (Tab("coming", _("To receive")), Tab("sent", _("Sent")), Tab("all", _("All")))
        pack = Button(_("Pack a list"), kind="primary", icon="package", key="Ctrl+N", binds=False)
        pack.clicked.connect(self.ask_packing)
        points = Button(_("Points"), icon="map-pin")
        points.clicked.connect(self.ask_point)
        points.setVisible(context.can("acceptance.points"))
        self.header = PageHeader(_("Hand-overs"), tabs, (points, pack))
        self.header.tab_changed.connect(self.show_tab)
        self.lists = {kind: self._ledger(kind) for kind in KINDS}
        self.scan = SearchBox(_("Scan or type the number of a list"), key="/")
        self.scan.setMaximumWidth(360)
        self.scan.searched.connect(self._scanned)
        self.lists["coming"].bar.addWidget(self.scan, 1)
        self.lists["coming"].bar.addStretch(1)
        self._stack = QStackedWidget()
        for view in self.lists.values():
            self._stack.addWidget(view)
        self.tab = "coming"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        for number, tab in enumerate(tabs, 1):
            context.shortcut(
                f"Alt+{number}", L("Go to the tab {n}", n=number), lambda tab=tab: self.show_tab(tab.id)
            )
        context.shortcut("Ctrl+N", L("Pack a list"), self.ask_packing, bar=True)
        context.shortcut("Ctrl+Enter", L("Receive"), self._act, bar=True)
        context.watch({"handover", "case", "acceptance"}, self.load)
        context.shown.connect(lambda _args: self.load())

    def _ledger(self, kind: str) -> Ledger:
        columns = (
            Column("light", "", 40, kind="light"),
            Column("number", _("Number of the list"), 140, kind="strong", sort=True),
            Column("source", _("Handed over by"), stretch=2, sort=True),
            Column("target", _("Received by"), stretch=2, sort=True),
            Column("lines", _("Envelopes"), 80, kind="number", sort=True),
            Column("sent", _("Handed on"), 104, sort=by("sent_at")),
            Column("received", _("Taken over"), 104, sort=by("received_at")),
        )
        title, why = EMPTY[kind]
        acts = [
            Act(
                _("Receive"),
                "package-check",
                self.ask_receipt,
                lambda row: row.here and row.state == "sent",
                primary=True,
            ),
            Act(_("Print"), "printer", self.print_list, lambda _row: True, enter=True),
        ]
        ledger = Ledger(
            self._context, "acceptance.handover", columns, ("truck", str(title), str(why)), self._cells, self._beside, acts,
            _("Hand-overs"),
        )  # fmt: skip
        if kind != "coming":
            ledger.bar.setContentsMargins(0, 0, 0, 0)
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
        self.view.ask("acceptance.handovers", {"kind": self.tab})

    @staticmethod
    def _cells(row: Any) -> dict[str, Any]:
        wrong = any(line.arrived is False for line in row.lines)
        light = "overdue" if wrong else "done" if row.state == "received" else "warning"
        return {
            "light": light, "number": row.number, "source": row.source_name, "target": row.target_name,
            "lines": len(row.lines), "sent": stamp(row.sent_at), "received": stamp(row.received_at),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        wrong = [line for line in row.lines if line.arrived is False]
        name = (
            _("received with differences")
            if wrong
            else _("taken over")
            if row.state == "received"
            else _("on the way")
        )
        said = [f"{line.position}. {line.case_no} {line.item_name}：{line.contents}" for line in row.lines]
        said += [
            _("Line {n} did not arrive: {text}", n=line.position, text=line.difference) for line in wrong
        ]
        steps = [Step(_("Sent"), row.sent_by, stamp(row.sent_at), state="done")]
        if row.received_at:
            steps.append(Step(_("Taken over"), row.received_by, stamp(row.received_at), state="done"))
        return Shown(
            row.number, TagSpec(name, "red" if wrong else "green" if row.state == "received" else "amber"),
            [(_("Handed over by"), row.source_name), (_("Received by"), row.target_name)], "\n".join(said), steps,
        )  # fmt: skip

    # ---- what it does ----

    def _scanned(self, number: str) -> None:
        """A bar code was read: the list is shown, ready to be received."""
        if not number.strip():
            self.load()
            return

        def came(rows: list[Any]) -> None:
            if rows:
                self.view.show_found(rows)
            else:
                self._context.notify(_("There is no list {number}.", number=number.strip()), kind="warning")

        self._context.query(
            "acceptance.handovers", {"kind": "all", "number": number}, done=came, failed=self._tell
        )

    def ask_receipt(self, row: Any) -> ActDialog:
        """Tick what arrived; say what is wrong with the rest."""
        fields = []
        for line in row.lines:
            fields.append(FormField(f"a{line.position}", f"{line.position}. {line.case_no} {line.item_name}", kind="check",
                                    value=True, span=2, placeholder=line.contents))  # fmt: skip
            fields.append(FormField(f"d{line.position}", _("What is wrong with line {n}", n=line.position), span=2,
                                    placeholder=_("Only where it did not arrive as written")))  # fmt: skip

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            missing = {n.position: values[f"d{n.position}"] for n in row.lines
                       if not values[f"a{n.position}"] or values[f"d{n.position}"]}  # fmt: skip
            request = {"number": row.number, "missing": missing}
            self._context.run("acceptance.receive_list", request, done=finished, failed=refused)

        body = _(
            "{number} from {point}. Count the papers, and untick what is not there.",
            number=row.number,
            point=row.source_name,
        )
        return ActDialog(
            _("Receive this list?"), body, primary=_("Receive"), fields=fields, act=act, done=self._done
        ).over(self)

    def print_list(self, row: Any) -> None:
        """Show the list as a page, to print."""

        def came(pdf: bytes) -> None:
            DocumentDialog(row.number, pdf, lambda: print_pdf(self._context, row.number, pdf)).open_in(
                self.window()
            )

        self._context.query("acceptance.handover_file", {"number": row.number}, done=came, failed=self._tell)

    def ask_packing(self) -> None:
        """Choose what goes into a list: results where some wait, else materials."""

        def results(found: list[Any]) -> None:
            if found:
                self._ask_points("result", found)
            else:
                self._context.query(
                    "acceptance.packable", {"what": "materials"}, done=materials, failed=self._tell
                )

        def materials(found: list[Any]) -> None:
            if found:
                self._ask_points("materials", found)
            else:
                self._context.notify(_("Nothing here belongs to another point."))

        self._context.query("acceptance.packable", {"what": "result"}, done=results, failed=self._tell)

    def _ask_points(self, what: str, found: list[Any]) -> None:
        def came(points: list[Any]) -> None:
            self._open_packing(what, found, [(p.code, p.name) for p in points if not p.here])

        self._context.query("acceptance.points", done=came, failed=self._tell)

    def _open_packing(self, what: str, found: list[Any], points: list[tuple[str, str]]) -> None:
        first = found[0].target
        fields = [FormField("target", _("Received by"), kind="choice", choices=points, value=first, span=2)]
        fields += [
            FormField(
                f"c{row.case_id}",
                row.case_no,
                kind="check",
                value=row.target == first,
                span=2,
                placeholder=row.item_name,
            )
            for row in found
        ]

        def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
            chosen = [row.case_id for row in found if values[f"c{row.case_id}"]]
            if not chosen:
                return _("Choose at least one case.")
            request = {"target": values["target"] or "", "what": what, "case_ids": chosen}
            self._context.run("acceptance.pack", request, done=finished, failed=refused)
            return None

        def packed(row: Any) -> None:
            self.show_tab("sent")
            self.print_list(row)

        body = _("{what}: put the papers into envelopes in this order.", what=str(WHATS[what]))
        if len(found) >= MOST_LINES:
            body += _("A list holds {n}; the rest goes on another one.", n=MOST_LINES)
        ActDialog(
            _("Pack a list"), body, primary=_("Pack and print"), fields=fields, act=act, done=packed
        ).over(self)

    def ask_point(self) -> ActDialog:
        """Enter or change a point of intake."""
        kinds = [("town", _("Township")), ("village", _("Village"))]
        fields = [
            FormField("code", _("Code of the point"), required=True, placeholder="TS01"),
            FormField("name", _("Name of the point"), required=True),
            FormField("kind", _("Kind"), kind="segmented", choices=kinds, value="town", required=True),
            FormField(
                "area",
                _("Area code"),
                placeholder="150421100",
                hint=_("Items whose guides name it may be accepted here"),
            ),
            FormField("desks", _("Desks that stand there"), placeholder=_("Separated by commas")),
        ]

        def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
            desks = [d.strip().upper() for d in values["desks"].replace("，", ",").split(",") if d.strip()]
            request = {
                **values,
                "code": values["code"].strip().upper(),
                "area": values["area"].strip(),
                "desks": desks,
            }
            self._context.run("acceptance.set_point", request, done=finished, failed=refused)

        return ActDialog(
            _("Enter a point of intake"), _("Cases taken in at its desks are handed out there, unless said otherwise."),
            primary=_("Enter it"), fields=fields, act=act, done=lambda _none: self._context.status(_("The point was entered")),
        ).over(self)  # fmt: skip

    def _done(self, row: Any) -> None:
        self._context.status(_("{number} is done", number=row.number))
        self.load()

    def _tell(self, error: UserError) -> None:
        self._context.notify(
            "".join(in_language(part) for part in (error.sentence, error.do)), kind="warning"
        )


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return HandoverPage(context)
