"""Finding a service item by pinyin, words or code, and what its applicant must know: the one-time notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout

from yichuang.api import pinyin
from yichuang.api.ui import (
    Button,
    KeyValue,
    ListItem,
    ListPane,
    PageContext,
    Scroller,
    SidePane,
    TagSpec,
    Text,
)
from yichuang_acceptance.words import words

_ = words.text
PAGE = 1000
MOST_HITS = 30


def kind_text(kind: str) -> str:
    """即办件, 承诺件, or nothing where it was not entered."""
    return {"instant": _("immediate item"), "committed": _("committed item")}.get(kind, "")


class ItemFinder(SidePane):
    """The left pane of the intake.

    Args:
        chosen: Called with the `ItemDetail` of the chosen item.
    """

    def __init__(self, context: PageContext, chosen: Callable[[Any], None]) -> None:
        super().__init__("left", 300)
        self._context, self._chosen = context, chosen
        self._entries: list[Any] = []
        self._rows: dict[str, Any] = {}
        self._index: Any = None
        self.list = ListPane(_("Item: initials, name or code"), key="Ctrl+F", row_height=50)
        self.list.searched.connect(self._search)
        self.list.selected.connect(self.choose)
        self.facts = KeyValue(label_width=64)
        self.print = Button(_("Print the notice slip"), icon="printer")
        self.print.clicked.connect(self._notice)
        self.print.hide()
        self._item: Any = None
        column = self.body
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 3)
        below = QVBoxLayout()
        below.setContentsMargins(16, 12, 16, 12)
        below.setSpacing(8)
        below.addWidget(Text(_("One-time notice"), 14, strong=True))
        below.addWidget(Scroller(self.facts), 1)
        below.addWidget(self.print)
        column.addLayout(below, 2)
        self._more("")

    def _more(self, after: str) -> None:
        self._context.query("hall.items", {"after": after, "limit": PAGE}, done=self._came)

    def _came(self, rows: list[Any]) -> None:
        for row in rows:
            self._rows[row.code] = row
            self._entries.append(
                pinyin.SearchEntry(
                    key=row.code, name=row.name, code=row.code, group=row.agency_name, initials=row.initials,
                    pinyin=row.pinyin, aliases=tuple(row.aliases),
                )
            )  # fmt: skip
        if len(rows) == PAGE:
            self._more(rows[-1].code)
            return
        self._index = pinyin.SearchIndex(self._entries)
        self._search(self.list.search.text() if self.list.search else "")

    def _search(self, text: str) -> None:
        if self._index is None:
            return
        found = [hit.entry.key for hit in self._index.search(text.strip(), MOST_HITS)] if text.strip() else []
        codes = found or ([] if text.strip() else list(self._rows)[:MOST_HITS])
        self.list.set_items([self._list_item(self._rows[code]) for code in codes])

    def _list_item(self, row: Any) -> ListItem:
        tag = TagSpec(kind_text(row.kind), "green" if row.kind == "instant" else "grey") if row.kind else None
        return ListItem(row.code, row.name, row.agency_name, tag=tag)

    def choose(self, code: object) -> None:
        """Take an item; its details are asked for."""
        self._context.query("hall.item", {"code": str(code)}, done=self._show)

    def _show(self, item: Any) -> None:
        self._item = item
        units = {"W": _("working days"), "D": _("days"), "H": _("hours")}

        def limit(amount: Any, unit: str) -> str:
            return _("not entered") if amount is None else f"{amount:g} {units[unit]}"

        promise = (
            _("on the spot") if item.kind == "instant" else limit(item.promise_amount, item.promise_unit)
        )
        self.facts.set_pairs(
            [
                (_("Agency"), item.agency_name),
                (_("Statutory"), limit(item.legal_amount, item.legal_unit)),
                (_("Committed"), promise),
                (_("Result"), item.result or _("not entered")),
                (_("Procedures"), "、".join(item.special) or _("none")),
                (_("Materials"), _("{n} in all", n=len(item.materials))),
                (_("Basis"), item.basis or _("not entered")),
            ]
        )
        self.print.show()
        self._chosen(item)

    def _notice(self) -> None:
        def came(pdf: bytes) -> None:
            self._context.ask_device(
                "paper_printer", "print", pdf=pdf, title=self._item.name, done=self._printed
            )

        self._context.query("acceptance.notice", {"item": self._item.code}, done=came)

    def _printed(self, _answer: Any) -> None:
        self._context.notify(_("The notice slip was sent to the printer"), kind="success")
