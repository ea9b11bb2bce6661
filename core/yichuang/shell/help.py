"""F1: the keys of the screen that is in front, and those that work everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.shell.services import Shortcut

if TYPE_CHECKING:
    from yichuang.widgets import Dialog

_ = words.text
L = words.lazy

Row = tuple[str, str]

EVERYWHERE: Sequence[tuple[str, LazyText]] = (
    ("Ctrl+K", L("Search and commands")),
    ("Ctrl+1…9", L("Go to a page of the navigation")),
    ("Ctrl+0", L("Home")),
    ("Ctrl+\\", L("Wide or narrow navigation")),
    ("Ctrl+,", L("Settings")),
    ("Ctrl+L", L("Lock the screen")),
    ("F5", L("Refresh")),
    ("F1", L("Shortcuts")),
)


def keys_of_page(page: QWidget | None, claimed: Iterable[Shortcut], page_id: str) -> list[Row]:
    """Keys of a page: those it claimed, and those of its visible buttons."""
    from yichuang.widgets import Button

    rows: dict[str, str] = {}
    for shortcut in claimed:
        if shortcut.context.page_id == page_id or shortcut.everywhere:
            rows.setdefault(shortcut.key, str(shortcut.title))
    for button in page.findChildren(Button) if page is not None else ():
        key = button.key()
        if key and not button.isHidden():
            rows.setdefault(key, button.text())
    return list(rows.items())


def help_dialog(
    page_title: str, page_rows: Sequence[Row], everywhere: Sequence[tuple[str, LazyText]] = EVERYWHERE
) -> Dialog:
    """The list of keys as a dialog."""
    from yichuang.widgets import Dialog

    dialog = Dialog(_("Shortcuts"), cancel=_("Close"), wide=bool(page_rows))
    dialog.primary_button.hide()
    columns = QHBoxLayout()
    columns.setSpacing(40)
    if page_rows:
        columns.addLayout(_column(page_title, page_rows))
    columns.addLayout(_column(_("Everywhere"), [(key, str(title)) for key, title in everywhere]))
    dialog.body.addLayout(columns)
    return dialog


def _column(title: str, rows: Sequence[Row]) -> QGridLayout:
    from yichuang.widgets import KeyCap, Text

    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.addWidget(Text(title, 12, "t3"), 0, 0, 1, 2)
    for number, (key, text) in enumerate(rows, 1):
        grid.addWidget(Text(text, 13, "t1"), number, 0)
        grid.addWidget(KeyCap(key), number, 1, Qt.AlignmentFlag.AlignRight)
    grid.setRowStretch(len(rows) + 1, 1)
    grid.setColumnStretch(0, 1)
    return grid
