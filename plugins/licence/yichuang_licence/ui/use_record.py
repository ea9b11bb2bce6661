"""The record of uses: who looked at what, for what purpose and on what authority; nothing in it can be changed."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Column, DataTable, PageContext, SearchBox, Text
from yichuang_licence.rules import ACT_NAMES, BASIS_NAMES
from yichuang_licence.ui.texts import day_time, result_text
from yichuang_licence.words import words

_ = words.text
PAGE = 100


class UsesView(QWidget):
    """All uses within one's reach, newest first."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._text, self._last = "", 0
        self.search = SearchBox(_("Purpose, person, licence or number"))
        self.search.searched.connect(self._search)
        self.table = DataTable(
            (
                Column("at", _("Time"), 140),
                Column("act", _("Act"), 108),
                Column("licence", _("Licence"), stretch=3, kind="two"),
                Column("purpose", _("Purpose"), stretch=3, kind="two"),
                Column("who", _("Person"), 112, kind="two"),
                Column("result", _("Result"), 120),
            ),
            50,
        )
        self.table.set_empty(
            "eye", _("No use was recorded yet"), _("Every look is entered here with its purpose.")
        )
        self.table.set_keys([(("Up", "Down"), _("Select"))])
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        self.search.setMinimumWidth(320)
        line.addWidget(self.search)
        line.addStretch(1)
        wide = self._context.actor.hall_wide
        reach = _("Uses of everybody in the hall.") if wide else _("Your own uses.")
        line.addWidget(Text(reach + _("Entries can be neither changed nor removed."), 12, "t3"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 0)
        column.setSpacing(10)
        column.addLayout(line)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Ask for the newest uses."""
        self.table.set_loading(True)
        request = {"text": self._text, "limit": PAGE}
        self._context.query("licence.uses", request, done=self._show, failed=self._failed)

    def _search(self, text: str) -> None:
        self._text = text[:100]
        self.load()

    def _show(self, uses: list[Any]) -> None:
        self.table.set_error(None)
        self.table.set_loading(False)
        self.table.set_fetch_more(self._more if len(uses) == PAGE else None)
        self._last = uses[-1].id if uses else 0
        self.table.set_rows([_row(use) for use in uses])

    def _more(self) -> None:
        request = {"text": self._text, "limit": PAGE, "before": self._last}
        self._context.query("licence.uses", request, done=self._add)

    def _add(self, uses: list[Any]) -> None:
        self._last = uses[-1].id if uses else self._last
        self.table.append_rows([_row(use) for use in uses], more=len(uses) == PAGE)

    def _failed(self, error: UserError) -> None:
        self.table.set_loading(False)
        self.table.set_error(error, self.load)


def _row(use: Any) -> dict[str, Any]:
    basis = str(BASIS_NAMES[use.basis]) if use.basis in BASIS_NAMES else ""
    return {
        "id": use.id,
        "use": use,
        "at": day_time(use.at),
        "act": str(ACT_NAMES.get(use.act, use.act)),
        "licence": (use.name or "—", "　".join(filter(None, (use.number, use.holder)))),
        "purpose": (use.purpose, "　".join(filter(None, (use.case, basis)))),
        "who": (use.staff, use.desk),
        "result": result_text(use),
    }
