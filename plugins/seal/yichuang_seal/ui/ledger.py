"""The ledger: every use of a seal, searched and read; nothing in it can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    KeyValue,
    PageContext,
    SearchBox,
    SidePane,
    Splitter,
    Text,
)
from yichuang_seal.ui.recent_uses import grouped_digest, short_digest
from yichuang_seal.ui.times import day_time
from yichuang_seal.words import _

_PAGE = 100


class LedgerView(QWidget):
    """All uses of seals, newest first.

    Args:
        verify: Called with the digest of a sealed document that is to be verified.
    """

    def __init__(self, context: PageContext, verify: Callable[[str], None]) -> None:
        super().__init__()
        self._context, self._verify = context, verify
        self._text = ""
        self._last = 0
        self.search = SearchBox(_("Paper, document number, addressee or keeper"))
        self.search.searched.connect(self._search)
        self.table = DataTable(
            (
                Column("at", _("Time"), 132),
                Column("paper", _("Paper"), stretch=3, kind="two"),
                Column("seal", _("Seal"), stretch=2, kind="two"),
                Column("keeper", _("Keeper"), 88),
                Column("digest", _("Digest"), 104, kind="mono"),
            ),
            50,
        )
        self.table.set_empty(
            "stamp", _("No seal was used yet"), _("Each use of a seal is entered here by itself.")
        )
        self.table.set_keys([(("Up", "Down"), _("Select")), ("Enter", _("Verify the document"))])
        self.table.selected.connect(self._show)
        self.table.activated.connect(lambda _row: self._verify_shown())
        self._facts = KeyValue(label_width=64)
        self._verify_button = Button(_("Verify the document"), icon="shield-check")
        self._verify_button.clicked.connect(self._verify_shown)
        self._shown: Any = None
        self._build()
        self._show(None)

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 12, 20, 0)
        column.setSpacing(10)
        line = QHBoxLayout()
        self.search.setMinimumWidth(360)
        line.addWidget(self.search)
        line.addStretch(1)
        line.addWidget(
            Text(_("Entries are added by each use and can be neither changed nor removed."), 12, "t3")
        )
        column.addLayout(line)
        column.addWidget(self.table, 1)
        right = SidePane("right", 340)
        self._title = Text("", 16, strong=True, wrap=True)
        right.add(self._title)
        right.add(self._facts)
        right.add(self._verify_button)
        right.body.addStretch(1)
        split = Splitter("h", "seal.ledger")
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setSizes([900, 340])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)

    def load(self) -> None:
        """Ask for the newest entries."""
        self.table.set_loading(True)
        self._context.query(
            "seal.ledger", {"text": self._text, "limit": _PAGE}, done=self._show_entries, failed=self._failed
        )

    def _search(self, text: str) -> None:
        self._text = text[:100]
        self.load()

    def _show_entries(self, entries: list[Any]) -> None:
        self.table.set_error(None)
        self.table.set_loading(False)
        self.table.set_fetch_more(self._more if len(entries) == _PAGE else None)
        self._last = entries[-1].id if entries else 0
        self.table.set_rows([_row(entry) for entry in entries])

    def _more(self) -> None:
        request = {"text": self._text, "limit": _PAGE, "before": self._last}
        self._context.query("seal.ledger", request, done=self._add_entries)

    def _add_entries(self, entries: list[Any]) -> None:
        self._last = entries[-1].id if entries else self._last
        self.table.append_rows([_row(entry) for entry in entries], more=len(entries) == _PAGE)

    def _failed(self, error: UserError) -> None:
        self.table.set_loading(False)
        self.table.set_error(error, self.load)

    def _show(self, row: Any) -> None:
        entry = row["entry"] if row else None
        self._shown = entry
        self._title.setText(entry.title if entry else _("Choose an entry"))
        self._verify_button.setVisible(entry is not None and self._context.can("seal.verify"))
        self._facts.set_pairs(_facts(entry) if entry else [])

    def _verify_shown(self) -> None:
        if self._shown is not None:
            self._verify(self._shown.after)


def _row(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "entry": entry,
        "at": day_time(entry.at),
        "paper": (entry.title, " ".join(filter(None, (entry.number, entry.addressee)))),
        "seal": (entry.seal_name, entry.es_id),
        "keeper": entry.keeper,
        "digest": short_digest(entry.after),
    }


def _facts(entry: Any) -> list[tuple[str, str]]:
    place = _(
        "page {page}, left {x} mm, top {y} mm", page=entry.page + 1, x=f"{entry.x:.1f}", y=f"{entry.y:.1f}"
    )
    return [
        (_("Document number"), entry.number),
        (_("Addressee"), entry.addressee),
        (_("Ground"), entry.reason),
        (_("Asked by"), entry.requester),
        (_("Keeper"), entry.keeper),
        (_("Time"), day_time(entry.at)),
        (_("Seal"), f"{entry.seal_name} {entry.es_id}"),
        (_("Place"), place),
        (_("Digest before"), grouped_digest(entry.before)),
        (_("Digest after"), grouped_digest(entry.after)),
        (_("Verified"), _("Valid, at once after sealing") if entry.verdict == "valid" else entry.verdict),
    ]
