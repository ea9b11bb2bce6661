"""The clerk's line about the applicant's screen: push, and what the applicant has answered."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import Button, Dot, NotePlace, WarnNote
from yichuang_acceptance.words import words

_ = words.text
MOST_LINES = 4


class ScreenStrip(QWidget):
    """Says what stands on the applicant's screen.

    Attributes:
        push: Pushes the application.
    """

    def __init__(self) -> None:
        super().__init__()
        self.push = Button(_("Push to the applicant"), icon="monitor-up", key="F10", binds=False)
        self.state = Dot("grey", _("not shown to the applicant"))
        self._note = NotePlace()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.state, 1)
        row.addWidget(self.push)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._note)
        column.addLayout(row)

    def show_showing(self, showing: Any) -> None:
        """What is shown and how it was answered; None where nothing is."""
        states = {
            "waiting": ("amber", _("the applicant is checking")),
            "confirmed": ("amber", _("checked, not signed yet")),
            "wrong": ("red", _("the applicant says: wrong")),
            "signed": ("green", _("signed by the applicant")),
        }
        state = showing.state if showing is not None else ""
        self.state.set_state(*states.get(state, ("grey", _("not shown to the applicant"))))
        self.push.setText(_("Push again") if state in states else _("Push to the applicant"))
        self._note.put(self._wrong(showing) if state == "wrong" else None)

    def text(self) -> str:
        """What the line says."""
        return str(self.state.accessibleName())

    def notes(self) -> list[str]:
        """What the note says."""
        return self._note.notes()

    @staticmethod
    def _wrong(showing: Any) -> WarnNote:
        labels = {line.key: line.label for line in showing.content.lines}
        named = [labels.get(key, key) for key in showing.wrong]
        text = "、".join(named[:MOST_LINES])
        if len(named) > MOST_LINES:
            text = _("{names} and {n} more", names=text, n=len(named) - MOST_LINES)
        return WarnNote(_("The applicant finds this wrong"), "\n".join(filter(None, (text, showing.remark))))
