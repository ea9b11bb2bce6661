"""The page of the national exchange: what the last batch sent, and each row that it held back, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import UserError, identifiers, in_language
from yichuang.api.ui import Button, CheckBox, Column, PageContext, PageHeader, TagSpec, Text
from yichuang_acceptance.ui.case_texts import stamp
from yichuang_acceptance.ui.exchange_export import ExchangeExport
from yichuang_acceptance.ui.ledger import Act, Ledger, Shown, by
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy


class ExchangePage(QWidget):
    """The last batch, and what it held back."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.export = Button(_("Export list"), icon="download", key="Ctrl+E", binds=False)
        self.export.clicked.connect(self.ask_export)
        self.make = Button(_("Export a batch"), kind="primary", icon="upload", key="F8", binds=False)
        self.make.clicked.connect(self.ask_batch)
        self.cancel = Button(_("Cancel"))
        self.codes = CheckBox(_("Identity numbers in full"))
        self.codes.setVisible(context.can("people.reveal"))
        self.batch = ExchangeExport(context, self)
        self.cancel.clicked.connect(self.batch.stopping.set)
        self.cancel.hide()
        self.batch.ended.connect(self._ended)
        self.header = PageHeader(_("National exchange"), (), (self.export, self.make))
        self.last = Text("", 13, "t2", wrap=True)
        self.view = self._ledger()
        self.view.bar.addWidget(self.last, 1)
        self.view.bar.addWidget(self.codes)
        self.view.bar.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        context.shortcut("Ctrl+Enter", L("Open the case"), self.view.act, bar=True)
        context.shortcut("F8", L("Export a batch"), self.ask_batch, bar=True)
        context.watch({"exchange"}, self.load)
        context.shown.connect(lambda _args: self.load())

    def _ledger(self) -> Ledger:
        columns = (
            Column("number", _("Case number"), 124, sort=by("case_no")),
            Column("item", _("Item"), stretch=3, kind="strong", sort=True),
            Column("table", _("Kind of row"), 96, sort=True), Column("column", _("Column"), stretch=2, sort=True),
            Column("found", _("Characters"), 84, kind="number", sort=by("found")),
            Column("most", _("Allowed"), 84, kind="number", sort=by("most")),
        )  # fmt: skip
        empty = (
            "upload", _("Nothing is held back"),
            _("Rows of the last batch that the platform would not take stand here."),
        )  # fmt: skip
        may = self._context.can("acceptance.view")
        act = Act(_("Open the case"), "search", self.open_case, lambda _row: may, primary=True)
        return Ledger(
            self._context, "acceptance.exchange", columns, empty, self._cells, self._beside, [act],
            _("Rows that the national exchange held back"), (_heads, _sheet_row),
        )  # fmt: skip

    def load(self) -> None:
        """Ask for the last batch and what it held back."""
        self._context.query("acceptance.exchanges", {"limit": 1}, done=self._came, failed=self._failed)
        self.view.ask("acceptance.exchange_faults", {})

    def ask_batch(self) -> None:
        """Choose a folder, and export what the platform has not yet, or not so."""
        if not self.batch.busy:
            self.batch.choose(self._begin, with_codes=self.codes.isChecked())

    def _begin(self) -> None:
        self.make.set_busy(True)
        self.cancel.show()
        self.last.setText(_("A batch is being made…"))

    def _ended(self, told: Any) -> None:
        self.make.set_busy(False)
        self.cancel.hide()
        if isinstance(told, UserError):
            self._context.notify(
                "".join(in_language(part) for part in (told.sentence, told.safe, told.do)), "warning"
            )
        else:
            back = sum(told["reported"].values())
            said = _("Batch {n} was exported; {back} rows were held back.", n=told["batch"], back=back)
            self._context.notify(said, "warning" if back else "success")
        self.load()

    def _came(self, batches: Sequence[Any]) -> None:
        if self.batch.busy:
            return
        if not batches:
            self.last.setText(_("No batch has been made yet."))
            return
        batch = batches[0]
        sent, back = sum(batch.counts.values()), sum(batch.reported.values())
        self.last.setText(
            _(
                "Batch {n}, {at}: {due} rows were due, {sent} were sent, {back} were held back.",
                n=batch.id, at=stamp(batch.ended_at), due=sent + back, sent=sent, back=back,
            )
        )  # fmt: skip

    def _failed(self, error: UserError) -> None:
        self.last.setText("".join(in_language(part) for part in (error.sentence, error.do)))

    def ask_export(self) -> None:
        """Save the list as a spreadsheet."""
        self.view.table.export_requested.emit("xlsx")

    def open_case(self, row: Any) -> None:
        """Show the case where it can be looked into."""
        self._context.navigate("acceptance.search", case_id=row.case_id, text=row.case_no)

    @staticmethod
    def _cells(row: Any) -> dict[str, Any]:
        return {
            "number": identifiers.short_case_number(row.case_no), "item": row.item_name, "table": row.table_name,
            "column": f"{row.label} {row.column}", "found": str(row.found), "most": str(row.most or ""),
        }  # fmt: skip

    @staticmethod
    def _beside(row: Any) -> Shown:
        tag = TagSpec(_("missing"), "red") if not row.found else TagSpec(_("too long"), "amber")
        there = _("nothing of this row") if row.absent else _("the row as it was sent before")
        pairs = [
            (_("Case"), row.case_no), (_("Agency"), row.agency_name), (_("National table"), row.table),
            (_("Column"), row.column), (_("Platform has"), there),
        ]  # fmt: skip
        said = row.why + "\n" + _("Correct it where it is kept; the row goes out with the next batch.")
        return Shown(row.item_name, tag, pairs, said)


def _heads() -> list[str]:
    return [
        _("Case number"), _("Item"), _("Agency"), _("National table"), _("Column"), _("Characters"), _("Allowed"), _("Reason"),
    ]  # fmt: skip


def _sheet_row(r: Any) -> list[str]:
    return [r.case_no, r.item_name, r.agency_name, r.table, r.column, str(r.found), str(r.most or ""), r.why]


def build(context: PageContext) -> QWidget:
    """Make the page."""
    return ExchangePage(context)
