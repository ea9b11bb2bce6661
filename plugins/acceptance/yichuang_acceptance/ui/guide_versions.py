"""The versions of an item: when each held and who made it, and how one differs from another, old beside new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import HALL_ZONE, UserError
from yichuang.api.ui import (
    Cell,
    Column,
    ComboBox,
    DataTable,
    NotePlace,
    PageContext,
    Panel,
    Splitter,
    TagSpec,
    Text,
)
from yichuang_acceptance.rules.guide_diff import Change
from yichuang_acceptance.rules.guide_fields import BY_NAME, LIST_TITLES, LISTS
from yichuang_acceptance.words import words

_ = words.text
TONES = {"added": "green", "removed": "red", "changed": "amber", "order": "teal"}


def what_text(what: str) -> str:
    """A kind of difference in a word."""
    return {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "order": _("order")}[what]


def state_text(state: str) -> str:
    """A version's state in a word."""
    return {"draft": _("being written"), "submitted": _("submitted"), "published": _("published")}[state]


def item_state_text(state: str) -> str:
    """An item's state in a word."""
    return {"1": _("in use"), "2": _("suspended"), "3": _("cancelled")}[state]


class GuideVersions(QWidget):
    """Versions above, differences below."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._item = ""
        self._versions: list[Any] = []
        self._asked = 0
        self.table = DataTable(
            [
                Column("version", _("Version"), 72),
                Column("state", _("State"), 116, kind="tags"),
                Column("term", _("Holds"), 176),
                Column("made", _("Written by"), 176),
                Column("published", _("Published by"), 176),
                Column("note", _("What was changed"), stretch=1, tip=lambda row: row["note"]),
            ],
            footer=False,
        )
        self.table.set_empty("history", _("No version yet"))
        self.table.selected.connect(lambda _row: self._compare())
        self.against = ComboBox()
        self.against.changed.connect(lambda _value: self._load())
        self.changes = DataTable(
            [
                Column("what", "", 76, kind="tags"),
                Column("place", _("Part"), 150),
                Column("field", _("Element"), 190, tip=lambda row: row["field"]),
                Column("old", _("Before"), stretch=1, tone="red", tip=lambda row: _full(row["old"])),
                Column("new", _("After"), stretch=1, tone="green", tip=lambda row: _full(row["new"])),
            ],
            footer=False,
        )
        self.changes.set_empty("equal", _("The versions say the same"))
        self.note = NotePlace()
        self.states = Text("", 13, "t2", wrap=True)
        above = Panel(_("Versions"))
        above.add(self.table, 1)
        above.add(self.states)
        below = Panel(_("Differences"))
        below.add_row(Text(_("Compared with"), 13, "t2"), self.against)
        below.body.addLayout(self.note)
        below.add(self.changes, 1)
        split = Splitter("v", "catalogue-versions")
        split.addWidget(above)
        split.addWidget(below)
        split.setSizes([230, 320])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)

    def show_item(self, item: str) -> None:
        """Ask for the versions of an item; its newest is compared with the one before."""
        self._item = item
        self._context.query(
            "acceptance.guide_history",
            {"item": item},
            done=self._came,
            failed=self.note.say,
        )

    def _came(self, history: Any) -> None:
        self._versions = history.versions
        self.table.set_rows([_version_row(each) for each in history.versions])
        lines = [_state_line(each) for each in history.states]
        self.states.setText("\n".join(lines))
        self.states.setVisible(bool(lines))
        if self.table.current_row() is None:
            self.table.select_first()
        self._compare()

    def _compare(self) -> None:
        row = self.table.current_row()
        if row is None:
            return
        chosen = int(row["id"])
        others = [each.version for each in self._versions if each.version != chosen]
        before = max((n for n in others if n < chosen), default=0)
        self.against.set_items([(0, _("nothing")), *((n, _("version {n}", n=n)) for n in others)])
        self.against.set_value(before)
        self._load()

    def _load(self) -> None:
        row = self.table.current_row()
        if row is None:
            return
        self._asked += 1
        asked = self._asked
        request = {"item": self._item, "old": int(str(self.against.value() or 0)), "new": int(row["id"])}

        def came(changes: list[Change]) -> None:
            if asked == self._asked:
                self.note.say("")
                self.changes.set_rows([_change_row(n, each) for n, each in enumerate(changes)])

        def failed(error: UserError) -> None:
            self.note.say(error, self._load)

        self._context.query("acceptance.guide_diff", request, done=came, failed=failed)


def _version_row(each: Any) -> dict[str, Any]:
    tone = "green" if each.holds else "grey" if each.state == "published" else "amber"
    tags = [TagSpec(_("holds") if each.holds else state_text(each.state), tone)]
    first = (
        each.first_day.isoformat()
        if each.first_day
        else _("since ever")
        if each.state == "published"
        else "—"
    )
    last = each.last_day.isoformat() if each.last_day else ""
    return {
        "id": each.version, "version": f"V{each.version}", "state": tags, "term": f"{first} → {last}" if last else first,
        "made": _by(each.author_name, each.changed_at), "published": _by(each.published_name, each.published_at),
        "note": each.note,
    }  # fmt: skip


def _state_line(each: Any) -> str:
    said = {
        "day": each.first_day,
        "state": item_state_text(each.state),
        "reason": each.reason,
        "name": each.staff_name,
    }
    return _("From {day}: {state}. {reason} ({name})", **said)


def _by(name: str, moment: Any) -> str:
    return f"{name} {moment.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}" if name and moment else name or "—"


def _change_row(number: int, change: Change) -> dict[str, Any]:
    is_element = change.place == "elements"
    fields = {each.name: each for each in (() if is_element else LISTS[change.place])} or BY_NAME
    label = str(fields[change.column].label) if change.column else ""
    name = change.key if not is_element and change.place != "" else ""
    return {
        "id": number, "what": [TagSpec(what_text(change.what), TONES[change.what])],
        "place": _("Elements") if is_element else str(LIST_TITLES[change.place]),
        "field": " · ".join(filter(None, (name, label))) or _("Order of the rows"),
        "old": _said(change, change.old, fields), "new": _said(change, change.new, fields),
    }  # fmt: skip


def _said(change: Change, value: Any, fields: Mapping[str, Any]) -> Cell:
    if value is None:
        return Cell("—", "t3")
    if isinstance(value, str):
        text = fields[change.column].meaning(value)
    elif isinstance(value, Mapping):
        text = "；".join(
            f"{fields[name].label}：{fields[name].meaning(said)}" for name, said in value.items()
        )
    else:
        text = _order(value)
    return Cell(text.replace("\n", " "))


def _order(keys: Sequence[str]) -> str:
    return " → ".join(keys)


def _full(value: Any) -> str:
    return str(value.text if isinstance(value, Cell) else value)
