"""What the boards say besides calls: the notices that stand, with the way to take one off or put up another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6 import sip
from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Column, DataTable, Dialog, PageContext
from yichuang_queue.ui.console import asks, texts
from yichuang_queue.words import words

_ = words.text
TABLE_HEIGHT = 260


class NoticeDialog(Dialog):
    """The standing notices and today's broadcasts."""

    def __init__(self, context: PageContext, console: Any, zones: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            _("On the boards"), _("A notice stays until it is taken off or its time is over."),
            primary=_("Put up a notice"), cancel=_("Close"), wide=True,
        )  # fmt: skip
        self._context, self._zones = context, zones
        self._owner: QWidget | None = None
        self.table = DataTable(
            [
                Column("time", _("Time"), width=60),
                Column("kind", _("Kind"), width=64),
                Column("text", _("Text"), stretch=1),
                Column("zone", _("Zone"), width=96),
                Column("act", "", width=64, kind="action"),
            ],
            row_height=32,
            footer=False,
        )
        self.table.set_empty("monitor", _("No notice stands on the boards"))
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.acted.connect(self._take_off)
        self.body.addWidget(self.table)
        self._show(console.messages, console.now)

    def over(self, owner: QWidget) -> NoticeDialog:
        """Open over the window of `owner`."""
        self._owner = owner
        self.open_in(owner.window())
        return self

    def accept(self) -> None:
        """Go on to a new notice."""
        super().accept()
        if self._owner is not None:
            asks.ask_broadcast(self._context, self._owner, self._zones)

    def _show(self, messages: Sequence[Any], now: Any) -> None:
        names = {"": _("Whole hall"), **dict(self._zones)}
        rows = []
        for each in messages:
            if each.kind == "emergency":
                continue
            stands = each.kind == "notice" and (each.until is None or each.until > now)
            if each.kind == "notice" and not stands:
                continue
            rows.append(
                {
                    "id": each.id,
                    "time": texts.at(each.at),
                    "kind": _("Notice") if stands else _("Spoken"),
                    "text": each.text,
                    "zone": names.get(each.zone, each.zone),
                    "act": _("Take off") if stands else "",
                }
            )
        self.table.set_rows(rows)

    def _take_off(self, _column: str, row: Any) -> None:
        self._context.run(
            "queue.answer", {"message_id": row["id"]}, done=self._taken_off, failed=self._refused
        )

    def _taken_off(self, message: Any) -> None:
        if not sip.isdeleted(self):
            self.table.remove_row(message.id)

    def _refused(self, error: UserError) -> None:
        if not sip.isdeleted(self):
            self.set_error(in_language(error.sentence))
