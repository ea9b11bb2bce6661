"""The page: what is being kept, with a button to record and one to hand back."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.api import UserError
from yichuang.api.ui import Button, Column, DataTable, Dialog, FormField, PageContext, PageHeader
from yichuang_lostfound.words import words

_ = words.text


def build(context: PageContext) -> QWidget:
    """Called once, when the page is first opened."""
    return ListPage(context)


class ListPage(QWidget):
    """The list of things. It never touches a table: it runs operations and repaints from what they changed."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.table = DataTable(
            [
                Column("what", _("Thing"), stretch=2, kind="strong"),
                Column("place", _("Found at"), stretch=1),
                Column("found_on", _("Found on"), width=120),
                Column("leaves_on", _("To the police on"), width=140),
                Column("act", width=100, kind="action"),
            ]
        )
        self.table.set_empty(
            "package-search", _("Nothing is being kept"), _("Record what people bring to the desk.")
        )
        self.table.set_keys([("Enter", _("Hand back"))])
        self.table.acted.connect(lambda _column, row: self.hand_back(row))
        self.table.activated.connect(self.hand_back)
        new = Button(_("Record a thing"), kind="primary", icon="plus", key="Ctrl+R")
        new.clicked.connect(self.record)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PageHeader(_("Lost and found"), actions=[new]))
        layout.addWidget(self.table, 1)
        context.watch({"thing"}, self.load)  # now, and whenever a thing has changed, here or at another desk

    def load(self) -> None:
        """Ask off the UI thread; the answer comes back on it."""
        self.context.query("lostfound.kept", done=self.show_things, failed=self.show_error)

    def show_error(self, error: UserError) -> None:
        """Say in the place of the list what failed, with a button to try again."""
        self.table.set_error(error, self.load)

    def show_things(self, things: list[Any]) -> None:
        """Fill the table."""
        self.table.set_rows(
            [
                {
                    "id": each.id,
                    "what": each.what,
                    "place": each.place,
                    "found_on": each.found_on.isoformat(),
                    "leaves_on": each.leaves_on.isoformat(),
                    "act": _("Hand back"),
                }
                for each in things
            ]
        )

    def record(self) -> None:
        """Ask what was found, then keep it."""
        fields = [
            FormField("what", _("Thing"), required=True, span=4),
            FormField("place", _("Found at"), required=True, span=4),
        ]

        def answered(values: Any) -> None:
            if values:
                self.context.run(
                    "lostfound.record",
                    values,
                    done=lambda _key: self.context.notify(_("Recorded."), "success"),
                )

        Dialog.ask(self, _("What was found?"), primary=_("Record"), fields=fields, done=answered)

    def hand_back(self, row: Any) -> None:
        """Ask for whom, then hand the thing back."""
        fields = [FormField("to", _("Name of the owner"), required=True, span=4)]

        def answered(values: Any) -> None:
            if values:
                request = {"id": row["id"], "to": values["to"]}
                self.context.run(
                    "lostfound.hand_back",
                    request,
                    done=lambda _none: self.context.notify(_("Handed back."), "success"),
                )

        Dialog.ask(
            self,
            _("Hand back {what}?", what=row["what"]),
            primary=_("Hand back"),
            fields=fields,
            done=answered,
        )
