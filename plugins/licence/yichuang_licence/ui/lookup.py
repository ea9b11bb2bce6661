"""The licence page: look up for a stated purpose, read the face, see what was checked and who looked before."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import (
    Button,
    Column,
    ComboBox,
    DataTable,
    EmptyState,
    ErrorNote,
    GoodNote,
    LineEdit,
    ListItem,
    ListPane,
    PageContext,
    PageHeader,
    PdfViewer,
    Scroller,
    SearchBox,
    Segmented,
    SidePane,
    Splitter,
    Step,
    Tab,
    TagSpec,
    Text,
    Timeline,
    WarnNote,
)
from yichuang_licence.rules import VALIDITY_NAMES, Validity
from yichuang_licence.words import words

_ = words.text
L = words.lazy
TONES = {"valid": "green", "expiring": "amber", "not_yet": "amber"}
LIGHTS = {"ok": "done", "warn": "warning", "fail": "overdue"}
ACTS = {"search": L("Looked up"), "view": L("Opened"), "stand_in": L("Used instead of a paper")}


class LookupPage(QWidget):
    """Three views: look-up, catalogue, record of uses."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.header = PageHeader(
            _("Licences"),
            (Tab("lookup", _("Look up")), Tab("types", _("Catalogue")), Tab("uses", _("Record of uses"))),
        )
        self.header.tab_changed.connect(self.show_tab)
        self.lookup = LookupView(context)
        self.types = TypesView(context)
        self.uses = UsesView(context)
        self._stack = QStackedWidget()
        for view in (self.lookup, self.types, self.uses):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        context.shown.connect(self._came)

    def show_tab(self, tab: str) -> None:
        """Bring a view to the front."""
        self.header.set_current(tab)
        view: Any = {"lookup": self.lookup, "types": self.types, "uses": self.uses}[tab]
        self._stack.setCurrentWidget(view)
        if view is not self.lookup:
            view.load()

    def _came(self, args: dict[str, Any]) -> None:
        if args.get("number"):
            self.show_tab("lookup")
            self.lookup.ask_for("number", str(args["number"]))


class LookupView(QWidget):
    """Purpose first, then the search, the found licences, the face and the checks."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._rows: list[Any] = []
        self._detail: Any = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._search_bar())
        self.note = QVBoxLayout()
        self.note.setContentsMargins(20, 0, 20, 0)
        column.addLayout(self.note)
        self.found = ListPane(search=False, row_height=64)
        self.found.selected.connect(self._open)
        self.viewer = PdfViewer()
        self._middle = QStackedWidget()
        self._middle.addWidget(
            EmptyState(
                "id-card",
                _("No licence is open"),
                _("State the purpose, then search; every look is recorded."),
            )
        )
        self._middle.addWidget(self.viewer)
        self.side = SidePane("right", 316)
        self._side_body = self.side.body
        self._side_body.setContentsMargins(0, 0, 0, 0)
        splitter = Splitter("h", "licence.lookup")
        for part, stretch in ((self.found, 0), (self._middle, 1), (self.side, 0)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes([300, 620, 316])
        column.addWidget(splitter, 1)

    def _search_bar(self) -> QHBoxLayout:
        self.by = Segmented(
            [("holder", _("Holder")), ("number", _("Licence number")), ("code", _("Identifier"))]
            + ([("name", _("Name"))] if self._context.can("licence.search_names") else []),
            "holder",
        )
        self.text = SearchBox(_("Identity number, credit code, number or identifier"))
        self.purpose = LineEdit(_("Purpose of use (required)"))
        self.basis = ComboBox(
            [
                ("present", _("Holder is present")),
                ("written", _("Written consent")),
                ("statutory", _("Required by law")),
            ]
        )
        self.button = Button(_("Search"), kind="primary", icon="search", key="Ctrl+Enter")
        self.button.clicked.connect(self.search)
        for editor in (self.text, self.purpose):
            editor.returnPressed.connect(self.search)
        self.purpose.textChanged.connect(self._gate)
        bar = QHBoxLayout()
        bar.setContentsMargins(20, 12, 20, 12)
        bar.setSpacing(8)
        bar.addWidget(self.by)
        bar.addWidget(self.text, 3)
        bar.addWidget(Text(_("Purpose"), 13, "t2"))
        bar.addWidget(self.purpose, 2)
        bar.addWidget(Text(_("Basis"), 13, "t2"))
        bar.addWidget(self.basis)
        bar.addWidget(self.button)
        self._gate()
        return bar

    def _gate(self) -> None:
        self.button.set_reason("" if self.purpose.text().strip() else _("State the purpose first."))

    def ask_for(self, by: str, text: str) -> None:
        """Another page wants a licence found; the person still states the purpose."""
        self.by.set_current(by)
        self.text.setText(text)
        self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self) -> None:
        """Look up; the search is recorded with its purpose."""
        if not self.purpose.text().strip():
            self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        text = self.text.text().strip()
        kind = "111" if text[:17].isdigit() and not text.startswith(("91", "92", "93")) else "001"
        self.button.set_busy(True)
        request = {
            "by": self.by.current(), "text": text, "code_kind": kind, "purpose": self.purpose.text().strip(),
            "basis": self.basis.value(),
        }  # fmt: skip
        self._context.run("licence.search", request, done=self._show, failed=self._failed)

    def _show(self, rows: list[Any]) -> None:
        self.button.set_busy(False)
        self._say(None)
        self._rows = rows
        self.found.set_items([_item(row) for row in rows])
        self.found.set_footer(_("{n} licences", n=len(rows)))
        self._detail = None
        self._middle.setCurrentIndex(0)
        _clear(self._side_body)
        if rows:
            self.found.select(rows[0].code)
            self._open(rows[0].code)
        else:
            self._say(WarnNote(_("No licence was found"), _("The search was recorded with its purpose.")))

    def _failed(self, error: UserError) -> None:
        self.button.set_busy(False)
        self._say(ErrorNote.from_error(error))

    def _say(self, note: QWidget | None) -> None:
        _clear(self.note)
        if note is not None:
            self.note.addWidget(note)

    def _open(self, code: object) -> None:
        request = {"code": str(code), "purpose": self.purpose.text().strip(), "basis": self.basis.value()}
        self._context.run("licence.view", request, done=self._detail_came, failed=self._failed)
        asked = {"code": str(code), "purpose": self.purpose.text().strip()}
        self._context.query("licence.face", asked, done=self._face_came, failed=self._failed)

    def _face_came(self, pdf: bytes) -> None:
        self.viewer.load(pdf)
        self._middle.setCurrentIndex(1)

    def _detail_came(self, detail: Any) -> None:
        self._detail = detail
        _clear(self._side_body)
        bad = [check for check in detail.checks if check.state == "fail"]
        note = (
            ErrorNote(_("The licence may not be used"), "；".join(f"{c.name}：{c.detail}" for c in bad))
            if bad
            else GoodNote(_("All checks passed"), _("{n} checks", n=len(detail.checks)))
        )
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(note)
        column.addWidget(Timeline([Step(c.name, c.detail, state=LIGHTS[c.state]) for c in detail.checks]))
        column.addWidget(Text(_("Record of uses"), 14, strong=True))
        column.addWidget(Timeline([_use_step(use) for use in detail.uses]))
        column.addStretch(1)
        self._side_body.addWidget(Scroller(body))


def _item(row: Any) -> ListItem:
    name = in_language(VALIDITY_NAMES[Validity(row.validity)])
    return ListItem(
        row.code, row.name, f"{row.holder} · {row.number}", tag=TagSpec(name, TONES.get(row.validity, "red"))
    )


def _use_step(use: Any) -> Step:
    when = use.at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M")
    return Step(
        in_language(ACTS.get(use.act, use.act)), f"{use.staff} {use.desk} {use.purpose}", when, state="done"
    )


def _clear(layout: Any) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.deleteLater()


class TypesView(QWidget):
    """The catalogue of licence types with how many were issued."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.table = DataTable(
            (
                Column("name", _("Licence"), stretch=2, kind="strong"),
                Column("issuer", _("Issuing authority"), stretch=2),
                Column("code", _("Type code"), 220, kind="mono"),
                Column("issued", _("Issued"), 80, kind="number"),
            )
        )
        self.table.set_empty("id-card", _("No licence types"), _("They come with the hall's data."))
        _fill(self, self.table)

    def load(self) -> None:
        """Ask for the catalogue."""
        self._context.query("licence.types", done=self._show, failed=self.table.set_error)

    def _show(self, rows: list[Any]) -> None:
        self.table.set_rows(
            [
                {"id": r.code, "name": r.name, "issuer": r.issuer_name, "code": r.code, "issued": r.issued}
                for r in rows
            ]
        )


class UsesView(QWidget):
    """Who looked at what, and why."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.table = DataTable(
            (
                Column("at", _("Time"), 140),
                Column("act", _("Act"), 120),
                Column("staff", _("Person"), 120),
                Column("desk", _("Desk"), 80),
                Column("purpose", _("Purpose"), stretch=1),
            )
        )
        self.table.set_empty(
            "eye", _("Nothing was looked up yet"), _("Every look is entered here with its purpose.")
        )
        _fill(self, self.table)

    def load(self) -> None:
        """Ask for the newest uses."""
        self._context.query("licence.uses", {"limit": 200}, done=self._show, failed=self.table.set_error)

    def _show(self, rows: list[Any]) -> None:
        self.table.set_rows(
            [
                {"id": i, "at": r.at.astimezone(HALL_ZONE).strftime("%Y-%m-%d %H:%M"), "act": in_language(ACTS.get(r.act, r.act)),
                 "staff": r.staff, "desk": r.desk, "purpose": r.purpose}
                for i, r in enumerate(rows)
            ]
        )  # fmt: skip


def _fill(view: QWidget, table: QWidget) -> None:
    column = QVBoxLayout(view)
    column.setContentsMargins(20, 16, 20, 16)
    column.addWidget(table)


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return LookupPage(context)
