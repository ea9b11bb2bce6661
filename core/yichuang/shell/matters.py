"""One matter at once (一件事) in a dialog: its items in their order, each with its guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.hall.words import core as words
from yichuang.shell.guide import limit_text, open_guide
from yichuang.widgets import Button, Dialog, Scroller, Tag, Text

if TYPE_CHECKING:
    from yichuang.operations.matters import Matter, MatterStep
    from yichuang.shell.workspace import Workspace

_ = words.text
LIST_HEIGHT = 300
FEW = 7
NUMBER_WIDTH = 16


def matter_title(matter: Matter) -> str:
    """As the palette lists it."""
    return _("One matter at once: {name}", name=matter.name)


def matter_dialog(workspace: Workspace, matter: Matter) -> Dialog:
    """The matter over the window."""
    facts = [
        (_("Leading agency"), matter.lead or "—"),
        (_("Committed limit"), limit_text(matter.promise_amount, matter.promise_unit)),
        (_("Handed in once for all"), "、".join(matter.shared) or "—"),
    ]
    dialog = Dialog(matter_title(matter), cancel=_("Close"), facts=facts, wide=True)
    dialog.primary_button.hide()
    dialog.body.addWidget(Text(_("Items {count}", count=len(matter.steps)), 13, "t1", strong=True))
    steps = QWidget()
    column = QVBoxLayout(steps)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for number, step in enumerate(matter.steps, 1):
        column.addWidget(_row(workspace, dialog, number, step))
    if len(matter.steps) > FEW:
        scroller = Scroller(steps)
        scroller.setFixedHeight(LIST_HEIGHT)
        dialog.body.addWidget(scroller)
    else:
        dialog.body.addWidget(steps)
    dialog.open_in(workspace.window())
    return dialog


def _row(workspace: Workspace, dialog: Dialog, number: int, step: MatterStep) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    place = Text(f"{number}", 12, "t3")
    place.setFixedWidth(NUMBER_WIDTH)
    line.addWidget(place)
    name = Text(step.name, 13, "t1", wrap=True)
    if step.after:
        name.setToolTip(_("After {items}", items="、".join(step.after)))
    line.addWidget(name, 1)
    if step.optional:
        line.addWidget(Tag(_("Where needed"), "grey", small=True))
    line.addWidget(Text(step.agency or _("another body"), 12, "t3"))
    if step.item:
        guide = Button(_("Guide"), kind="link")
        guide.clicked.connect(lambda _checked=False: _open(workspace, dialog, step.item))
        line.addWidget(guide)
    return row


def _open(workspace: Workspace, dialog: Dialog, code: str) -> None:
    dialog.reject()
    open_guide(workspace, code)
