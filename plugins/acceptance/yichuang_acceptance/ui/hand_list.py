"""A short list to tick: which materials were brought, and how many sheets of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtWidgets import QGridLayout, QWidget

from yichuang.api.ui import CheckBox, LineEdit, Text
from yichuang_acceptance.words import words

_ = words.text
NAME_LENGTH = 26


class HandList(QWidget):
    """Materials to tick off.

    Args:
        materials: Rows with `position` and `name`.
        ticked: Whether all are ticked at the start.
    """

    def __init__(self, materials: Sequence[Any], *, ticked: bool) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Text(_("Material"), 12, "t3"), 0, 0)
        grid.addWidget(Text(_("Originals"), 12, "t3"), 0, 1)
        grid.addWidget(Text(_("Copies"), 12, "t3"), 0, 2)
        self.boxes: dict[int, CheckBox] = {}
        self._sheets: dict[int, tuple[LineEdit, LineEdit]] = {}
        for row, material in enumerate(materials, 1):
            name = material.name
            box = CheckBox(name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…", ticked)
            box.setToolTip(name)
            originals, copies = LineEdit(text="1"), LineEdit(text="0")
            for column, (edit, label) in enumerate(((originals, _("Originals")), (copies, _("Copies"))), 1):
                edit.setFixedWidth(64)
                edit.setAccessibleName(f"{name} {label}")
                grid.addWidget(edit, row, column)
            grid.addWidget(box, row, 0)
            self.boxes[material.position] = box
            self._sheets[material.position] = (originals, copies)

    def hands(self) -> list[dict[str, Any]]:
        """What was ticked, as the operations take it.

        Raises:
            ValueError: Something else than a number stands there.
        """
        found = []
        for position, box in self.boxes.items():
            if box.isChecked():
                originals, copies = (int(edit.value() or 0) for edit in self._sheets[position])
                found.append({"position": position, "originals": originals, "copies": copies})
        return found
