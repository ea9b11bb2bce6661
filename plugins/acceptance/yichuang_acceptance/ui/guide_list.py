"""One list of a guide (materials, steps, fees, ...): its rows, and their editing in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api.ui import (
    Button,
    Column,
    DataTable,
    Dialog,
    ListItem,
    ListPane,
    PageContext,
    Panel,
    Scroller,
)
from yichuang_acceptance.rules.guide_fields import LIST_TITLES, LISTS
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.guide_fields import form_field, texts
from yichuang_acceptance.words import words

_ = words.text
MOST_COLUMNS = 5
FEW_FIELDS = 6
DIALOG_WIDTH = 640
FORM_HEIGHT = 420
ROOM_FOR_REST = 220
MOST_FOUND = 100
WIDE = frozenset(
    {
        "material_name",
        "question",
        "check_standard",
        "content",
        "issue_place",
        "answer",
        "name",
        "standard",
        "basis",
    }
)
SHOWN = {
    "materials": ("material_name", "is_need", "page_num", "page_copynum", "situation_expr"),
    "steps": ("step", "node", "transactor", "limit", "check_standard"),
    "laws": ("name", "article", "number"),
    "form": ("label", "field", "kind", "needed", "source", "shared_key"),
}
Row = dict[str, str]


class GuideList(Panel):
    """The rows of a list.

    Args:
        name: Which list of the guide.

    Signals:
        changed: The person changed the rows.
    """

    changed = pyqtSignal()

    def __init__(self, context: PageContext, name: str) -> None:
        super().__init__(str(LIST_TITLES[name]))
        self._context, self.name = context, name
        self._fields = {each.name: each for each in LISTS[name]}
        self._rows: list[Row] = []
        self._problems: dict[int, str] = {}
        shown = SHOWN.get(name, tuple(self._fields)[:MOST_COLUMNS])
        columns = [Column("n", _("No."), 52, kind="caption")]
        columns += [
            Column(each, str(self._fields[each].label), stretch=3 if each in WIDE else 1, tip=_tip(each))
            for each in shown
        ]
        columns.append(Column("problem", _("To correct"), stretch=2, tone="red", tip=_tip("problem")))
        self.table = DataTable(columns, footer=False)
        self.table.setMinimumHeight(150)
        self.table.set_empty("list", _("Nothing is listed"))
        self.table.activated.connect(lambda row: self.edit(int(row["id"])))
        self.add(self.table, 1)
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(8)
        self.acts = {
            "add": Button(_("Add"), icon="plus", size="compact"),
            "edit": Button(_("Change"), icon="pencil", size="compact"),
            "up": Button(_("Up"), icon="arrow-up", size="compact"),
            "down": Button(_("Down"), icon="arrow-down", size="compact"),
            "remove": Button(_("Take out"), icon="trash-2", size="compact"),
        }
        for act, button in self.acts.items():
            bar.addWidget(button)
            button.clicked.connect(lambda _on=False, act=act: self._act(act))
        bar.addStretch(1)
        self.add(self._bar)
        self._editable = False

    def rows(self) -> list[Row]:
        """The rows as they are now."""
        return [dict(row) for row in self._rows]

    def show_rows(self, rows: Sequence[Mapping[str, str]], *, editable: bool) -> None:
        """Show a list, to be changed or only to be read."""
        self._rows, self._editable = [dict(row) for row in rows], editable
        self._problems = {}
        self._bar.setVisible(editable)
        self._fill()

    def show_problems(self, problems: Mapping[int, str]) -> None:
        """Tell what is wrong with which row, from 1; 0 for the whole list."""
        if problems != self._problems:
            self._problems = dict(problems)
            self._fill()

    def _fill(self) -> None:
        self.table.set_rows([self._shown(n, row) for n, row in enumerate(self._rows)])
        self.set_aside(self._problems.get(0, "") or (str(len(self._rows)) if self._rows else ""))

    def _shown(self, place: int, row: Row) -> dict[str, Any]:
        said = {
            name: each.meaning(row.get(name, "")).replace("\n", " ") for name, each in self._fields.items()
        }
        return {"id": place, "n": str(place + 1), **said, "problem": self._problems.get(place + 1, "")}

    # ---- changing ----

    def _act(self, act: str) -> None:
        row = self.table.current_row()
        place = int(row["id"]) if row is not None else -1
        if act == "add":
            self.add_row()
        elif place < 0:
            self._context.status(_("Choose a row first"))
        elif act == "edit":
            self.edit(place)
        elif act == "remove":
            self._take_out(place)
        else:
            self._swap(place, place + (1 if act == "down" else -1))

    def add_row(self) -> None:
        """Ask for a new row; a material is taken from the dictionary first."""
        if self.name == "materials":
            DictionaryDialog(self._context, lambda row: self._ask(None, row)).open_in(self.window())
        else:
            self._ask(None, {})

    def edit(self, place: int) -> None:
        """Ask for another content of a row."""
        if self._editable:
            self._ask(place, self._rows[place])

    def _take_out(self, place: int) -> None:
        row = self._rows.pop(place)

        def undo() -> None:
            self._rows.insert(place, row)
            self._changed()

        self._changed()
        self._context.notify(_("Row {n} was taken out", n=place + 1), undo=undo)

    def _swap(self, one: int, two: int) -> None:
        if 0 <= two < len(self._rows):
            self._rows[one], self._rows[two] = self._rows[two], self._rows[one]
            self._changed()
            self.table.select(two)

    def _changed(self) -> None:
        self._problems = {}
        self._fill()
        self.changed.emit()

    def _ask(self, place: int | None, row: Mapping[str, str]) -> None:
        fields = [form_field(each, row.get(each.name, ""), 2) for each in LISTS[self.name]]

        def act(values: dict[str, Any], _refused: Any, finished: Any) -> None:
            kept = {name: self._fields[name].clean(text) for name, text in texts(values).items()}
            finished({name: text for name, text in kept.items() if text})

        def done(kept: Row) -> None:
            if place is None:
                self._rows.append(kept)
            else:
                self._rows[place] = kept
            self._changed()
            self.table.select(len(self._rows) - 1 if place is None else place)

        RowDialog(
            str(LIST_TITLES[self.name]), primary=_("Take it"), fields=fields, act=act, done=done,
        ).over(self)  # fmt: skip


class RowDialog(ActDialog):
    """The fields of one row; where there are many, they scroll."""

    def __init__(self, title: str, **more: Any) -> None:
        super().__init__(title, **more)
        self.setFixedWidth(DIALOG_WIDTH)
        self._scroller: Scroller | None = None
        if self.form is not None and len(self.form.keys()) > FEW_FIELDS:
            self._scroller = Scroller(self.form)
            self.body.addWidget(self._scroller)

    def open_in(self, window: QWidget) -> None:
        """As high as the window allows."""
        if self._scroller is not None:
            self._scroller.setFixedHeight(max(200, min(FORM_HEIGHT, window.height() - ROOM_FOR_REST)))
        super().open_in(window)


class DictionaryDialog(Dialog):
    """The hall's material dictionary, searched; so that one scan can serve several cases.

    Args:
        chosen: Called with the first fields of the row for the material that was taken.
    """

    def __init__(self, context: PageContext, chosen: Callable[[Row], None]) -> None:
        super().__init__(_("Which material?"), primary=_("Take it"), wide=True)
        self._context, self._chosen = context, chosen
        self._found: dict[str, Any] = {}
        self._asked = 0
        self.accepted.connect(self._forget)
        self.rejected.connect(self._forget)
        self.list = ListPane(_("Name or code"), row_height=42)
        self.list.setFixedHeight(300)
        self.list.set_empty(
            "search-x", _("Nothing fits"), _("The administrator enters materials into the dictionary.")
        )
        self.list.searched.connect(self._search)
        self.list.activated.connect(lambda _code: self.accept())
        self.body.addWidget(self.list)
        self._search("")

    def open_in(self, window: QWidget) -> None:
        """Over a window, ready to type."""
        super().open_in(window)
        if self.list.search is not None:
            self.list.search.setFocus()

    def accept(self) -> None:
        """Take the marked material."""
        row = self._found.get(self.list.current())
        if row is None:
            self.set_error(_("Choose a material."))
            return
        super().accept()
        made = {
            "material_code": row.code,
            "material_name": row.name,
            "licence_type": ";".join(row.licence_types),
        }
        self._chosen({name: value for name, value in (made | {"is_need": "1"}).items() if value})

    def _search(self, text: str) -> None:
        self._asked += 1
        asked = self._asked

        def came(rows: list[Any]) -> None:
            if asked == self._asked:  # not of an older word, not after the dialog was left
                self._show(rows)

        self._context.query(
            "acceptance.find_materials", {"words": text.strip(), "limit": MOST_FOUND}, done=came
        )

    def _show(self, rows: list[Any]) -> None:
        self._found = {row.code: row for row in rows}
        self.list.set_items([ListItem(row.code, row.name, right=row.code) for row in rows])
        self.list.select_first()

    def _forget(self) -> None:
        self._asked += 1


def _tip(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row.get(name, ""))
