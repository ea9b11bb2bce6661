"""The catalogue of licence types: who issues what for whom and for how long, and how many were issued here."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Column, DataTable, PageContext, SearchBox, Text
from yichuang_licence.ui.questions import ask_issue
from yichuang_licence.ui.texts import months_text, today_of
from yichuang_licence.words import words

_ = words.text
L = words.lazy
HOLDERS = {"person": L("persons"), "organisation": L("organisations"), "both": L("persons and organisations")}


class CatalogueView(QWidget):
    """Licence types, and the way to enter a licence of one by hand.

    Signals:
        counted: How many types there are.
        issued: What `licence.issue` gave back.
    """

    counted = pyqtSignal(int)
    issued = pyqtSignal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._types: list[Any] = []
        self.search = SearchBox(_("Licence, authority or code"))
        self.search.searched.connect(lambda _text: self._fill())
        enters = context.can("licence.issue")
        self.table = DataTable(
            (
                Column("name", _("Licence"), stretch=3, kind="strong", sort=True),
                Column("issuer", _("Issuing authority"), stretch=2, sort=True),
                Column("holder", _("Issued to"), 120, sort=True),
                Column("term", _("Term"), 88, sort=lambda row: row["type"].validity_months or 10**6),
                Column("code", _("Type code"), 210, kind="mono", elide="middle", sort=True),
                Column("issued", _("Issued"), 88, kind="number", sort=True),
                *((Column("enter", "", 88, kind="action"),) if enters else ()),
            )
        )
        self.table.set_empty("id-card", _("No licence types"), _("They come with the hall's data."))
        self.table.set_keys(
            [(("Up", "Down"), _("Select")), *([("Enter", _("Enter a licence"))] if enters else [])]
        )
        self.table.acted.connect(lambda _column, row: self.ask_issue(row["type"]))
        self.table.activated.connect(lambda row: self.ask_issue(row["type"]))
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        self.search.setMinimumWidth(320)
        line.addWidget(self.search)
        line.addStretch(1)
        line.addWidget(Text(_("Licences of granted cases enter by themselves."), 12, "t3"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 0)
        column.setSpacing(10)
        column.addLayout(line)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Ask for the catalogue."""
        self.table.set_loading(True)
        self._context.query("licence.types", done=self._show, failed=self._failed)

    def ask_issue(self, kind: Any) -> None:
        """Enter a licence of a type by hand, if one may."""
        if self._may_issue(kind):
            ask_issue(self, self._context, kind, today_of(self._context), self._entered)

    def _may_issue(self, kind: Any) -> bool:
        actor = self._context.actor
        own = actor.hall_wide or actor.agency == kind.issuer
        return bool(kind.issuer) and own and self._context.can("licence.issue")

    def _entered(self, issued: Any) -> None:
        self._context.notify(
            _("{name} {number} was entered", name=issued.name, number=issued.number), "success"
        )
        self.load()
        self.issued.emit(issued)

    def _show(self, rows: list[Any]) -> None:
        self._types = rows
        self.table.set_error(None)
        self.table.set_loading(False)
        self.counted.emit(len(rows))
        self._fill()

    def _failed(self, error: UserError) -> None:
        self.table.set_loading(False)
        self.table.set_error(error, self.load)

    def _fill(self) -> None:
        wanted = self.search.value().casefold()
        shown = [r for r in self._types if wanted in f"{r.name} {r.issuer_name} {r.code}".casefold()]
        self.table.set_rows([self._row(kind) for kind in shown], total=len(self._types))

    def _row(self, kind: Any) -> dict[str, Any]:
        return {
            "id": kind.code, "type": kind, "name": kind.name, "issuer": kind.issuer_name,
            "holder": str(HOLDERS.get(kind.holder, kind.holder)), "term": months_text(kind.validity_months),
            "code": kind.code, "issued": kind.issued, "enter": _("Enter one") if self._may_issue(kind) else "",
        }  # fmt: skip
