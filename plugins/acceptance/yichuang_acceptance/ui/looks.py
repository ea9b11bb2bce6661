"""Looking at papers of a case: a row of it is left behind the reading, and who has no task with the case says for what first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

from yichuang.api import AWAY, HALL_ZONE, UserError, in_language
from yichuang.api.ui import Column, FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.list_dialog import ListDialog
from yichuang_acceptance.ui.listing import Listing, newest_first
from yichuang_acceptance.words import words

_ = words.text
BEHIND_MS = 120
"""What is looked at is painted first; who walks on quickly does not wait for the row either."""
Look = tuple[tuple[str, Any], ...]


@dataclass
class Session:
    """What one person has looked at since they signed in, and said about it.

    Attributes:
        noted: What has a row already, by day.
        purposes: What papers of a case are needed for, by case.
    """

    account: str
    noted: set[tuple[Any, Look]] = field(default_factory=set)
    purposes: dict[int, str] = field(default_factory=dict)


_SESSIONS: WeakKeyDictionary[Any, Session] = WeakKeyDictionary()


def _session(context: PageContext) -> Session:
    """The session at this desk, the same for all its pages."""
    account = context.actor.account
    found = _SESSIONS.get(context.services)
    if found is None or found.account != account:
        found = _SESSIONS[context.services] = Session(account)
    return found


class Looks(QObject):
    """Leaves the rows of what a page shows, each once a day for every person, case and material."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._waiting: dict[tuple[Any, Look], dict[str, Any]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BEHIND_MS)
        self._timer.timeout.connect(self._leave)
        context.hidden.connect(self._leave)
        context.online_changed.connect(lambda online: self._leave() if online else None)

    def seen(self, request: dict[str, Any]) -> None:
        """This is being looked at (a request of `acceptance.look`)."""
        session = _session(self._context)
        key = (self._context.now().astimezone(HALL_ZONE).date(), tuple(sorted(request.items())))
        if key not in session.noted:
            session.noted.add(key)
            self._waiting[key] = request
            self._timer.start()

    def _leave(self) -> None:
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        for key, request in waiting.items():
            self._context.run(
                "acceptance.look", request, done=lambda _done: None,
                failed=lambda error, key=key, request=request: self._not_left(key, request, error),
            )  # fmt: skip

    def _not_left(self, key: tuple[Any, Look], request: dict[str, Any], error: UserError) -> None:
        """Where the database was away the row is left as soon as it is back; else with the next look."""
        if error.code in AWAY:
            self._waiting[key] = request
        else:
            _session(self._context).noted.discard(key)


def looks_of(context: PageContext) -> Looks:
    """The one of a page."""
    found: Looks | None = context.findChild(Looks)
    return Looks(context) if found is None else found


def purpose(context: PageContext, case_id: int | None) -> dict[str, str]:
    """What the person has said about a case, as a part of requests."""
    said = _session(context).purposes.get(case_id or 0, "")
    return {"purpose": said} if said else {}


def ask_purpose(owner: QWidget, context: PageContext, case_id: int, then: Callable[[], None]) -> ActDialog:
    """Let the person say what the papers of a case are needed for, then go on."""
    fields = [FormField("purpose", _("What the papers are needed for"), required=True, span=2)]

    def act(values: dict[str, Any], _refused: Any, finished: Any) -> None:
        _session(context).purposes[case_id] = str(values["purpose"])
        finished(None)

    return ActDialog(
        _("Look at the papers of this case?"),
        _("You have no task with it at present. Purpose, time and your name are recorded."),
        primary=_("Look at them"), fields=fields, act=act, done=lambda _said: then(),
    ).over(owner)  # fmt: skip


def see(
    owner: QWidget, context: PageContext, name: str, request: dict[str, Any], look: dict[str, Any],
    done: Callable[[Any], None],
) -> None:  # fmt: skip
    """Ask a query for something of a case that is shown at once; who has no task with the case is asked first."""
    case_id = look["case_id"]

    def came(answer: Any) -> None:
        looks_of(context).seen({**look, **purpose(context, case_id)})
        done(answer)

    def failed(error: UserError) -> None:
        if error.code == "PURPOSE_MISSING":
            ask_purpose(owner, context, case_id, ask)
        else:
            context.notify(in_language(error.sentence), kind="warning")

    def ask() -> None:
        asked = {**request, **purpose(context, case_id), "ahead": True}
        context.query(name, asked, done=came, failed=failed)

    ask()


# ---- who looked ----


def _moment(at: datetime) -> str:
    return f"{at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"


def _what(row: Any) -> str:
    return {"archive": _("the whole archived file"), "number": _("the whole identity number")}.get(
        row.what, row.name
    )


def _for_what(row: Any) -> str:
    return "：".join(part for part in (row.purpose, row.said) if part)


def _heads() -> list[str]:
    return [_("Time"), _("Who"), _("Their agency"), _("Window"), _("What"), _("For what")]


def _sheet_row(row: Any) -> list[str]:
    return [_moment(row.at), row.person, row.agency, row.desk, _what(row), _for_what(row)]


LOOKS = Listing("acceptance.looks", lambda found: found, newest_first, _heads, _sheet_row)


def _cells(row: Any) -> dict[str, Any]:
    return {
        "id": row.id, "at": _moment(row.at), "who": row.person, "agency": row.agency, "desk": row.desk, "what": _what(row),
        "purpose": _for_what(row),
    }  # fmt: skip


def show_looks(owner: QWidget, context: PageContext, case: Any, _done: Callable[[Any], None]) -> ListDialog:
    """Who looked at the papers of a case, the newest first, over the window."""
    columns = (
        Column("at", _("Time"), 150),
        Column("who", _("Who"), 110, kind="strong"),
        Column("agency", _("Their agency"), stretch=1),
        Column("desk", _("Window"), 64),
        Column("what", _("What"), stretch=1),
        Column("purpose", _("For what"), stretch=1),
    )
    dialog = ListDialog(
        context, _("Who looked"), _("{number} {item}", number=case.row.short_no, item=case.row.item_name), columns,
        ("eye", _("Nobody has looked yet"), _("Whoever opens a material or a paper appears here.")), _cells,
        f"{_('Who looked')}-{case.row.case_no}",
    )  # fmt: skip
    dialog.load(LOOKS, {"case_id": case.row.id})
    dialog.open_in(owner.window())
    return dialog
