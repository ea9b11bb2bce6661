"""The list of sign-ins while the database was away, for whoever keeps the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from yichuang.api.ui import PageContext
from yichuang.hall.words import core as words
from yichuang.operations.work import HALL_ZONE
from yichuang.widgets import Column, DataTable

if TYPE_CHECKING:
    from datetime import datetime

    from yichuang.operations.away import AwayRow

_ = words.text
PAGE = 200
HEIGHT = 360


class AwayList(DataTable):
    """What became known last stands first; it goes on as one walks it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            (
                Column("at", _("Became known"), 104),
                Column("name", _("Who"), stretch=2, kind="strong"),
                Column("desk", _("Desk"), 72),
                Column("unlocked", _("Signed in or unlocked"), stretch=3),
                Column("wrong", _("Wrong passwords"), 92, kind="number"),
                Column("state", _("Account"), 112, kind="status"),
            )
        )
        self._context = context
        self._last: int | None = None
        self.setMinimumHeight(HEIGHT)
        self.set_empty(
            "shield-check",
            _("Nobody signed in without the hall"),
            _("It appears here when a desk has its connection back."),
        )
        self.set_keys([(("J", "K"), _("Choose")), ("Ctrl+E", _("Export list"))])
        self.set_loading(True)
        self.load()

    def load(self) -> None:
        """Ask for the first page."""
        self._ask({}, self._show)

    def _ask(self, behind: dict[str, Any], done: Any) -> None:
        self._context.query(
            "identity.away_sign_ins", {"limit": PAGE, **behind}, done=done,
            failed=lambda error: self.set_error(error, self.load),
        )  # fmt: skip

    def _more(self) -> None:
        self._ask({"before_id": self._last}, self._append)

    def _show(self, rows: Sequence[AwayRow]) -> None:
        self.set_loading(False)
        self.set_rows([_row(row) for row in rows])
        self._note_end(rows)
        self.set_fetch_more(self._more if len(rows) == PAGE else None)

    def _append(self, rows: Sequence[AwayRow]) -> None:
        self._note_end(rows)
        self.append_rows([_row(row) for row in rows], more=len(rows) == PAGE)
        self.set_total(f"{len(self.rows()):,}+" if len(rows) == PAGE else None)

    def _note_end(self, rows: Sequence[AwayRow]) -> None:
        self._last = rows[-1].id if rows else None
        self.set_total(f"{len(self.rows()):,}+" if len(rows) == PAGE else None)


def _row(row: AwayRow) -> dict[str, Any]:
    state = ("done", _("in use")) if row.allowed else ("overdue", _("closed meanwhile"))
    name = row.name if row.name == row.account else f"{row.name}（{row.account}）"
    unlocked = "、".join(_stamp(moment) for moment in row.unlocked)
    return {
        "id": row.id, "at": _stamp(row.at), "name": name, "desk": row.desk, "unlocked": unlocked,
        "wrong": str(row.wrong) if row.wrong else "", "state": state,
    }  # fmt: skip


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(HALL_ZONE):%m-%d %H:%M}"
