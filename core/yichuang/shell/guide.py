"""The item guide: limits, materials and result of one service item, in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.shell.search import KIND_TAGS

if TYPE_CHECKING:
    from yichuang.operations.hall_data import ItemDetail
    from yichuang.shell.workspace import Workspace

_ = words.text
L = words.lazy

UNITS: dict[str, LazyText] = {
    "W": L("{count} working days"),
    "D": L("{count} days"),
    "H": L("{count} hours"),
}
NEEDS: dict[str, LazyText] = {
    "required": L("Required"),
    "optional": L("Optional"),
    "tolerant": L("May follow"),
}


def limit_text(amount: object, unit: str) -> str:
    """Such as 5 个工作日; a dash where no limit is entered."""
    if amount is None:
        return "—"
    number = f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"
    pattern = UNITS.get(unit)
    return words.text(pattern.msgid, count=number) if pattern is not None else number


def open_guide(workspace: Workspace, code: str) -> None:
    """Ask for the item and show its guide when it comes."""
    workspace.backend.query(
        workspace.actor,
        "hall.item",
        {"code": code},
        done=lambda item: guide_dialog(workspace, item),
        failed=workspace.show_error,
        owner=workspace,
    )


def guide_dialog(workspace: Workspace, item: ItemDetail) -> QWidget:
    """The guide over the window; its act begins a case where a plugin can."""
    from yichuang.widgets import Dialog, Scroller, Text

    start = workspace.finding.finder.open_item
    kind = KIND_TAGS.get(item.kind)
    facts = [
        (_("Agency"), item.agency_name),
        (_("Kind"), str(kind[0]) if kind is not None else "—"),
        (_("Statutory limit"), limit_text(item.legal_amount, item.legal_unit)),
        (_("Committed limit"), limit_text(item.promise_amount, item.promise_unit)),
        (_("Result"), item.result or "—"),
        (_("Code"), item.code),
    ]
    catalogue = workspace.finding.finder.catalogue
    matter = catalogue.matter_of(item.code) if catalogue is not None else None
    if matter is not None:
        facts.insert(1, (_("One matter at once"), matter.name))
    dialog = Dialog(
        item.name,
        primary=start[0] if start is not None else _("OK"),
        cancel=_("Close"),
        facts=facts,
        wide=True,
    )
    if start is None:
        dialog.primary_button.hide()
    else:
        dialog.accepted.connect(lambda: start[2](item.code))
    dialog.body.addWidget(Text(_("Materials {count}", count=len(item.materials)), 13, "t1", strong=True))
    dialog.body.addWidget(
        _materials(item) if len(item.materials) <= 8 else _scrolled(Scroller(_materials(item)))
    )
    dialog.open_in(workspace.window())
    return dialog


def _scrolled(view: QWidget) -> QWidget:
    view.setFixedHeight(220)
    return view


def _materials(item: ItemDetail) -> QWidget:
    from PyQt6.QtWidgets import QHBoxLayout

    from yichuang.widgets import Tag, Text

    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    if not item.materials:
        column.addWidget(Text(_("No materials are listed for this item."), 12, "t3"))
    for number, material in enumerate(item.materials, 1):
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Text(f"{number}", 12, "t3"))
        row.addWidget(Text(material.name, 13, "t1", wrap=True), 1)
        if material.licence_types:
            row.addWidget(Tag(_("No need to submit"), "green", small=True))
        tone = "amber" if material.need == "tolerant" else "grey"
        row.addWidget(Tag(str(NEEDS.get(material.need, material.need)), tone, small=True))
        column.addLayout(row)
    return box
