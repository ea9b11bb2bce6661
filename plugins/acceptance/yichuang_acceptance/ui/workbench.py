"""The approver's workbench: list, evidence and decision on one screen, next case by one key."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Button,
    Dialog,
    Dock,
    EmptyState,
    ErrorNote,
    FormField,
    ListItem,
    ListPane,
    PageContext,
    PageHeader,
    SidePane,
    Splitter,
    Step,
    Tab,
    Tag,
    Text,
    TextArea,
    Timeline,
)
from yichuang_acceptance.rules.machine import EVENT_NAMES, Event
from yichuang_acceptance.ui.evidence import Evidence
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
LIGHTS = {"normal": "on_time", "pending": "not_yet"}
TONES = {"warning": "amber", "overdue": "red"}
TEMPLATES = (
    "申请材料齐全，符合法定形式，同意办理。",
    "符合法定条件和标准，同意许可。",
    "经现场查验，与申报内容一致，同意办理。",
)


def case_item(row: Any) -> ListItem:
    """A case as the two-line lists show it."""
    return ListItem(
        row.id, row.item_name, row.applicant, right=row.time_left, right_second=row.short_no,
        state=LIGHTS.get(row.light, row.light), tone=TONES.get(row.light, ""),
    )  # fmt: skip


def steps_of(case: Any) -> list[Step]:
    """The events of a case as a timeline."""
    return [
        Step(in_language(EVENT_NAMES[Event(e.event)]), f"{e.staff} {e.desk}".strip(),
             e.at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M"), state="done")
        for e in case.events
    ]  # fmt: skip


class Workbench(QWidget):
    """Cases of the own agency by time left."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.opinion = TextArea(_("What was examined and found"), 2)
        self._tab = "review"
        self._rows: list[Any] = []
        self._case: Any = None
        self._wanted: int | None = None
        self.header = PageHeader(
            _("Approval"),
            (
                Tab("review", _("To decide"), 0),
                Tab("ready", _("To hand out")),
                Tab("decided", _("Decided by me")),
            ),
        )
        self.header.tab_changed.connect(self._show_tab)
        self.list = ListPane(_("Number, applicant, item"), key="/")
        self.list.searched.connect(lambda _text: self.load())
        self.list.selected.connect(self._select)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState("clipboard-check", _("Nothing to decide"), _("New cases appear here by themselves."))
        )
        self._stack.addWidget(self._detail())
        splitter = Splitter("h", "acceptance.workbench")
        splitter.addWidget(self.list)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([308, 900])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(splitter, 1)
        for number, text in enumerate(TEMPLATES, start=1):
            context.shortcut(
                f"Alt+{number}",
                L("Opinion {n}", n=number),
                lambda t=text: self.opinion.setPlainText(t),
                bar=False,
            )
        context.watch({"case", "paper", "acceptance"}, self.load)
        context.shown.connect(self._came)

    def _detail(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title = Text("", 18, strong=True)
        self.facts = Text("", 12, "t2")
        self.tag = Tag("", "grey")
        self.left = Text("", 13, strong=True)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, 20, 10)
        first = QHBoxLayout()
        first.setSpacing(8)
        for part in (self.title, self.tag):
            first.addWidget(part)
        first.addStretch(1)
        first.addWidget(self.left)
        head.addLayout(first)
        head.addWidget(self.facts)
        column.addLayout(head)
        self.evidence = Evidence(self._context)
        self.timeline = Timeline([])
        side = SidePane("right", 240)
        inner = side.body
        inner.addWidget(Text(_("Progress"), 14, strong=True))
        inner.addWidget(self.timeline)
        inner.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.evidence, 1)
        row.addWidget(side)
        column.addLayout(row, 1)
        column.addWidget(self._decision())
        return page

    def _decision(self) -> QWidget:
        self.box = QWidget()
        column = QVBoxLayout(self.box)
        column.setContentsMargins(20, 10, 20, 0)
        column.setSpacing(8)
        line = QHBoxLayout()
        line.addWidget(Text(_("Opinion"), 14, strong=True))
        for number, text in enumerate(TEMPLATES, start=1):
            button = Button(_("Opinion {n}", n=number), key=f"Alt+{number}", size="compact", binds=False)
            button.setToolTip(text)
            button.clicked.connect(lambda _checked=False, t=text: self.opinion.setPlainText(t))
            line.addWidget(button)
        line.addStretch(1)
        self.note = QVBoxLayout()
        self.refuse = Button(_("Refuse"), kind="danger", size="decision")
        self.refuse.clicked.connect(self._ask_refusal)
        self.grant = Button(
            _("Grant and submit"), kind="primary", icon="check", key="Ctrl+Enter", size="decision"
        )
        self.grant.clicked.connect(self._grant)
        dock = Dock()
        dock.right.addWidget(self.refuse)
        dock.right.addWidget(self.grant)
        for part in (line, self.note):
            column.addLayout(part)
        column.insertWidget(1, self.opinion)
        column.addWidget(dock)
        return self.box

    # ---- what it shows ----

    def load(self) -> None:
        """Ask for the list in front and for the counts."""
        request = {
            "tab": self._tab,
            "text": self.list.search.text().strip() if self.list.search else "",
            "limit": 500,
        }
        self._context.query("acceptance.cases", request, done=self._show)
        self._context.query("acceptance.counts", done=lambda c: self.header.set_count("review", c.review))

    def _show_tab(self, tab: str) -> None:
        self._tab = tab
        self._case = None
        self.load()

    def _came(self, args: dict[str, Any]) -> None:
        if args.get("case_id"):
            self._wanted = int(args["case_id"])
            self._open(self._wanted)

    def _show(self, rows: list[Any]) -> None:
        self._rows = rows
        self.list.set_items([case_item(row) for row in rows])
        self.list.set_footer(_("{n} cases", n=len(rows)), _("by time left"))
        if not rows:
            self._case = None
            self._stack.setCurrentIndex(0)
            return
        ids = [row.id for row in rows]
        now = self._case.row.id if self._case is not None and self._case.row.id in ids else ids[0]
        self.list.select(now)
        if self._case is None or self._case.row.id != now or self._changed(now):
            self._open(now)

    def _changed(self, case_id: int) -> bool:
        row = next(row for row in self._rows if row.id == case_id)
        return bool(row.row_version != self._case.row.row_version)

    def _select(self, case_id: object) -> None:
        self._open(int(str(case_id)))

    def _open(self, case_id: int) -> None:
        self._context.query("acceptance.case", {"case_id": case_id}, done=self._show_case, failed=self._say)

    def _show_case(self, case: Any) -> None:
        fresh = self._case is None or self._case.row.id != case.row.id
        self._case = case
        row = case.row
        self.title.setText(row.item_name)
        self.tag.set_spec(row.state_name)
        self.left.setText(row.time_left)
        self.left.set_color({"warning": "amb", "overdue": "red"}.get(row.light, "t2"))
        accepted = case.accepted_at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M") if case.accepted_at else ""
        parts = [
            row.short_no,
            row.applicant,
            case.applicant_masked,
            _("accepted {when} {who}", when=accepted, who=row.acceptor),
        ]
        self.facts.setText("　".join(part for part in parts if part))
        self.timeline.set_steps(steps_of(case))
        self.evidence.show_case(case)
        if fresh:
            self.opinion.setPlainText("")
            self._say(None)
        reason = "" if case.may_decide else self._why_not(case)
        self.grant.set_reason(reason)
        self.refuse.set_reason(reason)
        self.box.setVisible(row.state == "review")
        self._stack.setCurrentIndex(1)

    def _why_not(self, case: Any) -> str:
        if case.row.state != "review":
            return _("The case is {state}.", state=case.row.state_name)
        return _("Whoever accepted an application may not decide on it.")

    # ---- what it does ----

    def _grant(self) -> None:
        opinion = self.opinion.toPlainText().strip()
        if not opinion:
            self.opinion.setFocus()
            self._say(_("Write the opinion first."))
            return
        row = self._case.row
        request = {"case_id": row.id, "row_version": row.row_version, "opinion": opinion}
        self.grant.set_busy(True)
        self._context.run("acceptance.grant", request, done=self._decided, failed=self._refused)

    def _ask_refusal(self) -> None:
        fields = [
            FormField("reason", _("Reason"), kind="area", required=True, span=4),
            FormField("law", _("Legal basis"), required=True, span=4),
        ]

        def answered(values: Any) -> None:
            if values is None:
                return
            row = self._case.row
            request = {
                "case_id": row.id,
                "row_version": row.row_version,
                "reason": values["reason"],
                "law": values["law"],
            }
            self._context.run("acceptance.refuse", request, done=self._decided, failed=self._refused)

        Dialog.ask(
            self, _("Refuse this application?"),
            _("{number} {item}: the applicant gets a written decision with reasons and remedies.",
              number=self._case.row.short_no, item=self._case.row.item_name),
            primary=_("Refuse"), kind="danger", fields=fields, done=answered,
        )  # fmt: skip

    def _decided(self, decided: Any) -> None:
        self.grant.set_busy(False)
        self._context.notify(_("{number} was decided", number=decided.case_no[6:]), kind="success")
        self._context.run("acceptance.render", {"case_id": decided.case_id}, done=lambda _papers: None)
        self._case = None
        self.load()

    def _refused(self, error: UserError) -> None:
        self.grant.set_busy(False)
        self._say(error)
        if error.code == "CHANGED_MEANWHILE" and self._case is not None:
            self._open(self._case.row.id)

    def _say(self, what: UserError | str | None) -> None:
        while self.note.count():
            widget = self.note.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        if isinstance(what, UserError):
            self.note.addWidget(ErrorNote.from_error(what))
        elif what:
            self.note.addWidget(Text(what, 12, "red"))


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return Workbench(context)
