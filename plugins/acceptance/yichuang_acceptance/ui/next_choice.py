"""下一步: what opens when a task is passed, and to whom of the own agency it is given."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QWidget

from yichuang.api.ui import ComboBox, Text
from yichuang_acceptance.ui.case_texts import clock
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 250


class NextChoice(QWidget):
    """The next node with whoever shall do it; nobody in particular by default."""

    def __init__(self) -> None:
        super().__init__()
        self.people = ComboBox()
        self.people.setFixedWidth(WIDTH)
        self.people.setAccessibleName(_("Who goes on"))
        self._label = Text("", 12, "t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self.people)
        self.hide()

    def show_nodes(self, nodes: Any) -> None:
        """Show what comes next; None while it is not known. Who was chosen stays chosen."""
        chosen = self.people.value()
        self.setVisible(nodes is not None and bool(nodes.names or nodes.waits_for))
        if nodes is None:
            self.people.set_items([])
            return
        names = "、".join(nodes.names)
        self._label.setText(_("Next") if nodes.node else _("Next: {nodes}", nodes=names))
        if not nodes.names:
            self._label.setText(_("Then waits for {nodes}", nodes="、".join(nodes.waits_for)))
        anybody = (None, _("{node}: whoever takes it", node=nodes.node))
        self.people.set_items(
            [anybody, *((each.staff_id, _described(nodes.node, each)) for each in nodes.people)]
        )
        self.people.setVisible(bool(nodes.node))
        self.people.set_value(chosen if chosen in {each.staff_id for each in nodes.people} else None)

    def request(self) -> dict[str, Any]:
        """Whoever was chosen, as an opinion says it."""
        chosen = self.people.value() if not self.people.isHidden() else None
        return {"next_id": chosen} if chosen is not None else {}


def _described(node: str, person: Any) -> str:
    if person.deputy:
        state = _("absent, {deputy} stands in", deputy=person.deputy)
    elif person.present_at is not None:
        state = _("at work, signed in {when}", when=clock(person.present_at))
    else:
        state = _("not signed in today")
    return f"{node} · {person.name}　{state}"
